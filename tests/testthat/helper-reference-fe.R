# Panels without random numbers, and a slow reference for fixed-effects regressions: dummies, qr(), written-out
# sandwiches. Nothing here calls the package.

fe_panel_kinds <- c("balanced", "unbalanced", "disconnected")

# Units of three regions in periods, rows in no order. Sines stand in for random numbers: the same everywhere.
fe_panel <- function(kind = "balanced", n_units = 12, n_periods = 8) {
  d <- expand.grid(year = 2000 + seq_len(n_periods), unit = seq_len(n_units))
  i <- d$unit
  t <- d$year - 2000
  keep <- switch(kind,
    balanced = rep(TRUE, nrow(d)),
    # holes, and the last unit in one year only
    unbalanced = (3 * i + 5 * t + i * t) %% 4 != 1 & (i < n_units | t == 3),
    # odd units in odd years, even ones in even years
    disconnected = (i + t) %% 2 == 0 & (i * t) %% 7 != 3
  )
  d <- d[keep, ]
  d <- d[order((seq_len(nrow(d)) * 37) %% 101, seq_len(nrow(d))), ]
  i <- d$unit
  t <- d$year - 2000
  effects <- cos(1.7 * i) + sin(2.3 * t)
  d$x1 <- sin(1.3 * i * t) + 0.5 * effects + 0.1 * cos(7 * i + t)
  d$x2 <- cos(0.7 * i * t + i) - 0.3 * effects
  d$y <- 2 + d$x1 - 0.5 * d$x2 + effects + 0.4 * sin(5.1 * i + 3.7 * t * i)
  d$w <- 1.5 + sin(2.1 * i + 0.9 * t)
  d$region <- c("east", "middle", "west")[1 + (i %% 3)]
  d$group <- (2 * i + 3 * t + (i * t) %% 5) %% 4
  d$unit <- sprintf("u%02d", i)
  rownames(d) <- NULL
  d
}

# Dummies of all levels of all effects, or an intercept.
reference_dummies <- function(data, effects) {
  if (length(effects) == 0) return(matrix(1, nrow(data), 1))
  do.call(cbind, lapply(effects, function(name) outer(data[[name]], sort(unique(data[[name]])), `==`) + 0))
}

# Slopes of `outcome` on `regressors` beside dummies of `effects`, by QR on what the dummies leave.
reference_fe <- function(data, outcome, regressors, effects = character(), weights = NULL) {
  w <- if (is.null(weights)) rep(1, nrow(data)) else weights
  root <- sqrt(w)
  dummies <- qr(reference_dummies(data, effects) * root, tol = 1e-10)
  x <- qr.resid(dummies, as.matrix(data[regressors]) * root)
  y <- qr.resid(dummies, data[[outcome]] * root)
  x <- qr.resid(dummies, x)
  fit <- qr(x, tol = 1e-10)
  list(
    coefficients = setNames(qr.coef(fit, y), regressors), bread = chol2inv(qr.R(fit)), x = x,
    residuals = drop(qr.resid(fit, y)), root = root, n = nrow(data), k = length(regressors),
    n_levels = vapply(effects, function(name) length(unique(data[[name]])), 0), rank = dummies$rank
  )
}

# The variance by its formula. `counted` is the number of parameters that it counts, `factor` what is put before.
reference_vcov <- function(fit, type, counted = 0, cluster = NULL) {
  n <- fit$n
  if (type == "iid") return(fit$bread * sum(fit$residuals^2) / (n - counted))
  scores <- fit$x * fit$residuals
  if (type == "cluster") {
    scores <- rowsum(scores, cluster)
    G <- nrow(scores)
    factor <- G / (G - 1) * (n - 1) / (n - counted)
  } else {
    factor <- if (type == "HC1") n / (n - counted) else 1
  }
  factor * fit$bread %*% crossprod(scores) %*% fit$bread
}

# Lag by looking for the row of `k` periods before, one row at a time.
reference_lag <- function(x, unit, time, k) {
  vapply(seq_along(x), function(i) {
    there <- which(unit == unit[i] & time == time[i] - k)
    if (length(there)) x[there] else x[NA_integer_]
  }, x[1])
}

relative_difference <- function(object, expected) {
  max(abs(as.vector(object) - as.vector(expected))) / max(abs(as.vector(expected)))
}

# Largest difference over the largest value expected.
expect_relative <- function(object, expected, tolerance = tolerance_oracle) {
  difference <- relative_difference(object, expected)
  testthat::expect(
    length(object) == length(expected) && is.finite(difference) && difference <= tolerance,
    sprintf("Largest relative difference %g, allowed %g (lengths %d and %d).", difference, tolerance,
            length(object), length(expected))
  )
  invisible(object)
}

quietly <- function(code) withr::with_options(list(flowresil.quiet = TRUE), code)

# The call gives its value without a warning or message.
expect_no_condition_of <- function(code) {
  said <- NULL
  value <- withCallingHandlers(code, warning = function(w) said <<- w, message = function(m) said <<- m)
  testthat::expect(is.null(said), paste0("It said: ", if (!is.null(said)) conditionMessage(said)))
  value
}
