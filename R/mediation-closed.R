# Methods of closed form, and the lines of tidy() that all methods give.

new_method <- function(name, label, ..., products = TRUE, draws = NULL) {
  new_choice("method", name, label, products = products, draws = draws, ...)
}

# One line of tidy(): what is not given is NA.
effect_row <- function(estimate, std.error = NA_real_, statistic = NA_real_, p.value = NA_real_, conf.low = NA_real_,
                       conf.high = NA_real_, df = NA_real_, note = NA_character_) {
  list(estimate = estimate, std.error = std.error, statistic = statistic, p.value = p.value, conf.low = conf.low,
       conf.high = conf.high, df = df, note = note)
}

# Estimate and error with t (or z, where df is infinite).
tested_row <- function(estimate, variance, df, level) {
  error <- if (is.finite(variance) && variance >= 0) sqrt(variance) else NA_real_
  statistic <- if (is.na(error) || error > 0) estimate / error else NA_real_
  reach <- stats::qt((1 + level) / 2, df) * error
  effect_row(estimate, error, statistic, 2 * stats::pt(-abs(statistic), df), estimate - reach, estimate + reach, df)
}

# The least degrees of freedom of the coefficients that an effect is made of.
effect_df <- function(effect, fit) {
  if (fit$reference == "normal") Inf else min(fit$df[effect_names(effect)])
}

# The variance of an effect by the delta method.
delta_variance <- function(effect, fit) {
  gradient <- effect_gradient(effect, fit$coefficients)
  sum(gradient * (fit$vcov %*% gradient))
}

is_sum <- function(effect) is.null(effect$over) && !is_coefficient(effect)

method_sobel <- function() {
  new_method("sobel", "Sobel", applies = is_sum, row = function(effect, fit, level) {
    tested_row(effect_value(effect, fit$coefficients), delta_variance(effect, fit), effect_df(effect, fit), level)
  })
}

is_pair <- function(effect) !is.null(effect_pair(effect))

# Both coefficients of a product with their variances and covariance.
pair_moments <- function(effect, fit) {
  pair <- effect_pair(effect)
  b <- fit$coefficients[pair]
  V <- fit$vcov[pair, pair]
  list(a = b[[1L]], b = b[[2L]], va = V[1L, 1L], vb = V[2L, 2L], vab = V[1L, 2L])
}

method_aroian <- function() {
  new_method("aroian", "Aroian", applies = is_pair, row = function(effect, fit, level) {
    m <- pair_moments(effect, fit)
    tested_row(m$a * m$b, delta_variance(effect, fit) + m$va * m$vb + m$vab^2, effect_df(effect, fit), level)
  })
}

method_goodman <- function() {
  new_method("goodman", "Goodman", applies = is_pair, row = function(effect, fit, level) {
    m <- pair_moments(effect, fit)
    variance <- delta_variance(effect, fit) - m$va * m$vb - m$vab^2
    if (variance < 0) {
      warn_data("goodman", "Goodman's variance must not be negative; where it is, the error is NA.",
                found = paste0("That of `", effect$mediator, "` is ", format(variance, digits = 3), "."),
                todo = "Both coefficients are small beside their errors: take \"monte_carlo\" or \"distribution\".",
                mediator = effect$mediator)
    }
    tested_row(m$a * m$b, variance, effect_df(effect, fit), level)
  })
}

# p of one coefficient, with its own degrees of freedom.
coefficient_p <- function(name, fit) {
  df <- if (fit$reference == "normal") Inf else fit$df[[name]]
  tested_row(fit$coefficients[[name]], fit$vcov[name, name], df, 0.95)$p.value
}

method_joint <- function() {
  new_method("joint", "joint significance", applies = is_pair, row = function(effect, fit, level) {
    p <- vapply(effect_pair(effect), coefficient_p, 1, fit = fit)
    effect_row(effect_value(effect, fit$coefficients), p.value = max(p))
  })
}

method_joint_wild <- function() {
  new_method("joint_wild", "joint significance, wild bootstrap", applies = is_pair, wild_tests = TRUE,
             row = function(effect, fit, level) {
               p <- fit$wild_p$p.value[match(effect_pair(effect), fit$wild_p$name)]
               effect_row(effect_value(effect, fit$coefficients), p.value = max(p))
             })
}

method_distribution <- function() {
  new_method("distribution", "distribution of the product", applies = is_pair, row = function(effect, fit, level) {
    m <- pair_moments(effect, fit)
    law <- product_law(m$a, m$b, sqrt(m$va), sqrt(m$vb), m$vab / sqrt(m$va * m$vb))
    below <- law$cdf(0)
    effect_row(m$a * m$b, law$sd, p.value = 2 * min(below, 1 - below), conf.low = law$quantile((1 - level) / 2),
               conf.high = law$quantile((1 + level) / 2))
  })
}

# Fieller's set for a ratio: where (top - over theta)^2 <= t^2 its variance.
fieller_row <- function(effect, fit, level) {
  at <- fit$coefficients
  top <- value_of_sum(effect$top, at)
  over <- value_of_sum(effect$over, at)
  by_top <- gradient_of_sum(effect$top, at)
  by_over <- gradient_of_sum(effect$over, at)
  V <- fit$vcov
  moments <- c(sum(by_top * (V %*% by_top)), sum(by_top * (V %*% by_over)), sum(by_over * (V %*% by_over)))
  df <- effect_df(effect, fit)
  t <- stats::qt((1 + level) / 2, df)
  statistic <- top / sqrt(moments[1L]) # of a ratio of nought
  row <- effect_row(top / over, statistic = statistic, p.value = 2 * stats::pt(-abs(statistic), df), df = df)
  square <- over^2 - t^2 * moments[3L]
  middle <- top * over - t^2 * moments[2L]
  spread <- middle^2 - square * (top^2 - t^2 * moments[1L])
  if (spread < 0) {
    row$note <- "line"
    row$conf.low <- -Inf
    row$conf.high <- Inf
    return(row)
  }
  ends <- sort((middle + c(-1, 1) * sqrt(spread)) / square)
  row$conf.low <- ends[1L]
  row$conf.high <- ends[2L]
  row$note <- if (square > 0) "interval" else "complement"
  row
}

delta_row <- function(effect, fit, level) {
  tested_row(effect_value(effect, fit$coefficients), delta_variance(effect, fit), effect_df(effect, fit), level)
}
