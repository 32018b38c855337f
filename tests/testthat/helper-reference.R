# Independent slow references in plain R. Nothing here calls the package.

reference_minmax <- function(x, direction = 1) {
  y <- (x - min(x)) / (max(x) - min(x))
  if (direction < 0) 1 - y else y
}

# The textbook: shares, 0 ln 0 = 0, base n.
reference_entropy <- function(y) {
  p <- y / sum(y)
  p <- p[p > 0]
  -sum(p * log(p)) / log(length(y))
}

reference_entropy_weights <- function(y) {
  d <- 1 - apply(y, 2, reference_entropy)
  d / sum(d)
}

# The definition of the filter, dense.
reference_hp_trend <- function(y, lambda) {
  n <- length(y)
  if (n < 3) return(y)
  k <- diff(diag(n), differences = 2)
  solve(diag(n) + lambda * crossprod(k), y)
}

# Components of the correlation matrix by prcomp, turned to rise with the mean of the columns.
reference_components <- function(x) {
  p <- prcomp(x, scale. = TRUE)
  turn <- sign(colSums(p$rotation))
  list(eigenvalues = p$sdev^2, loadings = sweep(p$rotation, 2, turn, `*`), scores = sweep(p$x, 2, turn, `*`))
}

# One unit's series filled by approx().
reference_fill <- function(x, t, rule = 1) {
  known <- !is.na(x)
  if (sum(known) == 0) return(x)
  if (sum(known) == 1) return(if (rule == 2) rep(x[known], length(x)) else x)
  approx(t[known], x[known], t, rule = rule)$y
}

# A small panel in shuffled order.
small_panel <- function(seed = 1, units = c("A", "B", "C", "D", "E"), times = 2007:2016) {
  set.seed(seed)
  d <- expand.grid(yr = times, prov = units, stringsAsFactors = FALSE)
  n <- nrow(d)
  d$a <- rexp(n)
  d$b <- rexp(n) * 10
  d$c <- rnorm(n)
  d$ex <- rexp(n) + 1
  d[sample(n), ]
}
