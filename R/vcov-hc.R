# The classical variance, and those robust to unequal variances of the rows.

# `form` tells what the variance of a sum of regressors and effects is made of: "classical" the inverse alone,
# "scores" the scores by row or group; without it there is none. `words` are the label in the table of words.
vcov_iid <- function() {
  new_choice(
    "variance", "iid", label = "classical (iid)", form = "classical", words = "variance_iid",
    written = function() "iid",
    estimate = function(view, correction) {
      small <- small_sample(view, "iid", correction)
      list(vcov = tcrossprod(view$bread) * (view$residual_squares * small$factor), factor = small$factor, df = small$df)
    },
    stack = stack_classical
  )
}

# Between equations: products of residuals in place of squares.
stack_classical <- function(stacked, correction) {
  e <- vapply(stacked$views, function(view) view$residuals(), numeric(stacked$counts$n_rows))
  weights <- fitted_design(stacked$models[[1L]], stacked$call)$weights
  products <- crossprod(if (is.null(weights)) e else e * sqrt(weights))
  factors <- vapply(stacked$views, function(view) small_sample(view, "iid", correction)$factor, 1)
  k <- vapply(stacked$views, function(view) nrow(view$bread), 0L)
  sigma <- products * sqrt(tcrossprod(factors))
  directions <- direction_products(stacked$models, stacked$call)
  of <- rep(seq_along(k), k)
  stacked$bread %*% (directions * sigma[of, of]) %*% t(stacked$bread)
}

# `type` is "HC0" or "HC1".
vcov_hc <- function(type) {
  force(type)
  new_choice(
    "variance", type, label = paste("heteroskedasticity-robust", type), form = "scores",
    words = c("variance_HC", type), written = function() type,
    estimate = function(view, correction) sandwich_of(view, small_sample(view, type, correction))
  )
}

# HC2 and HC3: squared residuals over 1 - h, or its square, with the leverage h of all columns, effects among them. No
# factor, whatever the correction; t with n - K.
vcov_hc_leverage <- function(type) {
  force(type)
  power <- c(HC2 = 1, HC3 = 2)[[type]]
  new_choice(
    "variance", type, label = paste0("heteroskedasticity-robust ", type, " (no factor)"),
    words = c("variance_HC_plain", type), written = function() type,
    estimate = function(view, correction) {
      found <- view$leverage_squares(type, power)
      if (found$n_whole > 0) warn_leverage(view$levels(found$whole), found$n_whole)
      list(vcov = view$bread %*% found$meat %*% t(view$bread), factor = 1)
    }
  )
}

warn_leverage <- function(levels, n) {
  warn_data(
    "leverage", "Rows that have a coefficient to themselves say nothing of the variance: they count zero.",
    found = paste0(count_of(n, "row"), ": ", enumerate(unique(levels)), "."),
    todo = "Leave them out by `subset`; no estimate but those of their own levels changes."
  )
}

# factor F M F' with M the products of the scores, by row or summed by group.
sandwich_of <- function(view, small, groups = NULL) {
  list(
    vcov = small$factor * (view$bread %*% view$score_products(groups) %*% t(view$bread)), factor = small$factor,
    df = small$df, clusters = groups$n
  )
}
