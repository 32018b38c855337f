# Rows in no order, text effects, lost rows, weights: what other packages' functions have to get through.
shared_panel <- function(lost = TRUE) {
  d <- expand.grid(year = 2001:2008, id = sprintf("u%02d", 1:12), stringsAsFactors = FALSE)
  n <- nrow(d)
  d$region <- c("a", "b", "c", "d")[as.integer(substr(d$id, 2, 3)) %% 4 + 1]
  d$group <- factor(letters[(seq_len(n) * 7) %% 11 %% 3 + 1])
  d$w <- 1 + abs(sin(seq_len(n) * 3))
  d$x <- sin(seq_len(n)^2)
  d$z <- cos(seq_len(n)^1.7) + d$x / 2
  d$y <- d$x - d$z / 2 + sin(seq_len(n)^3) + as.integer(factor(d$id)) / 5
  if (lost) {
    d$x[c(3, 50)] <- NA
    d$y[7] <- NA
  }
  d <- d[order(cos(seq_len(n) * 5)), ]
  rownames(d) <- NULL
  d
}

shared_fit <- function(..., data = shared_panel()) {
  quietly(fe_model(y ~ x + z | id + year, data, ...))
}

# lm() on dummies.
dummies <- function(...) {
  eval(rlang::call2("lm", y ~ x + z + factor(id) + factor(year), quote(shared_panel()), !!!rlang::enexprs(...)))
}

slopes_of <- c("x", "z")
