# Draws of the coefficients that effects are made of, and what methods read off them.

# A method that reads its interval off draws of the given kind.
method_of_draws <- function(name, label, kind) {
  force(kind)
  new_method(name, label, draws = kind, applies = function(effect) effect$effect != "total",
             row = function(effect, fit, level) row_of_draws(effect, fit, level, kind, draw_limits()[[name]]))
}

row_of_draws <- function(effect, fit, level, kind, limits) {
  drawn <- fit$drawn[[kind]]
  estimate <- effect_value(effect, fit$coefficients)
  values <- effect_value(effect, drawn$coefficients)
  known <- !is.na(values)
  refuse_few_draws(length(values), level, fit$call)
  found <- limits(list(effect = effect, fit = fit, drawn = drawn, estimate = estimate, values = values[known],
                       known = known), (1 + c(-1, 1) * level) / 2)
  effect_row(estimate, stats::sd(values[known]), p.value = draw_p(values[known]), conf.low = found[1L],
             conf.high = found[2L])
}

# Twice the smaller share of draws on a side of nought, one draw more counted on it.
draw_p <- function(values) {
  min(1, 2 * (min(sum(values <= 0), sum(values >= 0)) + 1) / (length(values) + 1))
}

# Limits by method: each is given what is known of an effect and two probabilities.
draw_limits <- function() {
  percentile <- function(of, p) stats::quantile(of$values, p, type = 6, names = FALSE)
  list(
    monte_carlo = percentile, percentile = percentile, wild = percentile,
    bc = function(of, p) moved_limits(of, p, 0),
    bca = function(of, p) moved_limits(of, p, acceleration_of(of$effect, of$drawn)),
    studentised = studentised_limits
  )
}

# Quantiles moved by the share of draws below the estimate, ties half, and by an acceleration.
moved_limits <- function(of, p, acceleration) {
  tied <- abs(of$values - of$estimate) <= 1e-10 * abs(of$estimate)
  share <- (sum(of$values < of$estimate & !tied) + sum(tied) / 2) / length(of$values)
  z0 <- stats::qnorm(share)
  if (!is.finite(z0)) {
    warn_data("interval", "Bias-corrected limits need draws on both sides of the estimate; here they are NA.",
              found = paste0("Every draw of the ", label_of_effect(of$effect), " lies on one side."),
              todo = "Take \"percentile\" or \"monte_carlo\".")
    return(c(NA_real_, NA_real_))
  }
  z <- stats::qnorm(p)
  stats::quantile(of$values, stats::pnorm(z0 + (z0 + z) / (1 - acceleration * (z0 + z))), type = 6, names = FALSE)
}

# From the effect without one cluster at a time.
acceleration_of <- function(effect, drawn) {
  acceleration_from(effect_value(effect, drawn$leave_out))
}

acceleration_from <- function(values) {
  values <- values[!is.na(values)]
  d <- mean(values) - values
  if (all(d == 0)) return(0)
  sum(d^3) / (6 * sum(d^2)^1.5)
}

studentised_limits <- function(of, p) {
  drawn <- of$drawn
  kept <- which(of$known)
  D <- drawn$coefficients[kept, , drop = FALSE]
  gradient <- gradient_of_draws(of$effect, D)
  names <- colnames(D)
  q <- length(names)
  variance <- 0
  for (i in seq_len(q)) {
    for (j in seq_len(q)) variance <- variance + gradient[, i] * gradient[, j] * drawn$vcov[kept, (j - 1L) * q + i]
  }
  own <- effect_gradient(of$effect, of$fit$coefficients)
  error <- sqrt(sum(own * (of$fit$plain_vcov %*% own)))
  t <- (of$values - of$estimate) / sqrt(variance)
  of$estimate - rev(stats::quantile(t[is.finite(t)], p, type = 6, names = FALSE)) * error
}

# Gradients by the coefficients drawn, one row a draw.
gradient_of_draws <- function(effect, D) {
  by_sum <- function(sum) {
    gradient <- D * 0
    for (term in sum) {
      for (i in seq_along(term$names)) {
        others <- Reduce(`*`, lapply(term$names[-i], function(name) D[, name]), term$factor)
        gradient[, term$names[i]] <- gradient[, term$names[i]] + others
      }
    }
    gradient
  }
  top <- by_sum(effect$top)
  if (is.null(effect$over)) return(top)
  (top - effect_value(effect, D) * by_sum(effect$over)) / value_of_sum(effect$over, D)
}

label_of_effect <- function(effect) {
  paste0(gsub("_", " ", effect$effect), " effect", if (!is.na(effect$mediator)) paste0(" of `", effect$mediator, "`"))
}

# Normal draws of the coefficients named, each equation's deviations over its own root of chi-squared by degrees of
# freedom, so that each coefficient is t around its estimate.
normal_draws <- function(fit, names, R, seed) {
  V <- fit$vcov[names, names, drop = FALSE]
  parts <- eigen((V + t(V)) / 2, symmetric = TRUE)
  root <- parts$vectors %*% diag(sqrt(pmax(parts$values, 0)), length(names))
  uniform <- function(stream, columns) matrix(core(cpp_uniform_draws, seed, stream, R * columns), R, byrow = TRUE)
  deviations <- stats::qnorm(uniform(0, length(names))) %*% t(root)
  if (fit$reference == "t") {
    of <- fit$equation[names]
    df <- vapply(unique(of), function(equation) min(fit$df[names[of == equation]]), 1)
    u <- uniform(1, length(df))
    for (i in seq_along(df)) {
      if (is.finite(df[i])) deviations[, of == unique(of)[i]] <-
        deviations[, of == unique(of)[i]] / sqrt(stats::qchisq(u[, i], df[i]) / df[i])
    }
  }
  drawn <- deviations + rep(fit$coefficients[names], each = R)
  colnames(drawn) <- names
  list(coefficients = drawn)
}

# The columns that people look at: every effect, and each mediator's two paths.
draw_columns <- function(D, effects, mediators, treatment) {
  paths <- rbind(a = coefficient_of(mediators, treatment), b = coefficient_of("outcome", mediators))
  named <- c(
    lapply(effects, effect_value, at = D),
    lapply(seq_along(paths), function(i) if (paths[i] %in% colnames(D)) D[, paths[i]])
  )
  names(named) <- c(vapply(effects, draw_name, ""), paste0(rownames(paths), "[", rep(mediators, each = 2L), "]"))
  do.call(cbind, named[!vapply(named, is.null, NA)])
}
