# A panel for products: 12 units of unequal length, 6 years, weights; x, z, mediators m and n, outcome y.
product_panel <- function() {
  d <- expand.grid(year = 1:6, unit = paste0("u", 10:21), stringsAsFactors = FALSE)
  i <- as.integer(substr(d$unit, 2, 3)) - 9
  d <- d[(i * d$year) %% 7 != 3, ]
  i <- as.integer(substr(d$unit, 2, 3)) - 9
  t <- d$year
  d$x <- sin(1.7 * i * t) + cos(3.1 * i + t)
  d$z <- cos(0.9 * i * t + 1)
  d$m <- 0.7 * d$x - 0.3 * d$z + sin(2.3 * i * t + i) + 0.4 * sin(5 * i)
  d$n <- -0.4 * d$x + 0.5 * d$m + cos(2.9 * i * t) + 0.3 * cos(4 * i)
  d$y <- 0.3 * d$x + 0.8 * d$m - 0.5 * d$n + 0.2 * d$z + cos(1.3 * i * t + 2) + sin(7 * i)
  d$w <- 1 + 0.5 * sin(3 * i + 2 * t)
  d$v <- 2 + sin(1.1 * i * t)
  d$region <- ifelse(i %% 3 == 0, "a", ifelse(i %% 3 == 1, "b", "c"))
  d
}

effects_table <- function(object, ...) generics::tidy(object, component = "effects", ...)

# One row of the effects.
effect_of <- function(object, effect, method, mediator = NULL, ...) {
  t <- effects_table(object, ...)
  t <- t[t$effect == effect & t$method == method & (is.null(mediator) | t$mediator %in% mediator), ]
  testthat::expect_identical(nrow(t), 1L)
  t
}

# Influence functions, rows x coefficients, of a regression with written-out dummies, and its coefficients `keep`.
dense_influences <- function(formula, data, keep, weights = rep(1, nrow(data))) {
  X <- stats::model.matrix(formula, data)
  y <- stats::model.response(stats::model.frame(formula, data))
  parts <- svd(X * sqrt(weights))
  kept <- parts$d > 1e-9 * parts$d[1L]
  inverse <- parts$v[, kept] %*% (t(parts$v[, kept]) / parts$d[kept]^2)
  e <- drop(y - X %*% (inverse %*% crossprod(X * weights, y)))
  list(psi = (X * weights * e) %*% inverse[, match(keep, colnames(X)), drop = FALSE], residuals = e, X = X,
       inverse = inverse, keep = keep, rank = sum(kept))
}
