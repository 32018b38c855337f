# mediation_sensitivity(): how much an unseen confounder of mediator and outcome would change.

#' Sensitivity of a mediation analysis to what is not controlled for
#'
#' The indirect effect reads as one only if nothing unseen moves mediator and outcome together. This tells how it would
#' change if something did: by the correlation of the two equations' errors (Imai, Keele and Yamamoto 2010), and by the
#' strength that an omitted variable must have (Cinelli and Hazlett 2020).
#'
#' @param x A [fe_mediation()] with the equation of the outcome, mediators in parallel, nothing moderated.
#' @param rho Correlations to tell the indirect effect at, inside (-1, 1).
#' @param benchmark Names of controls to compare an omitted variable with; `NULL` for none.
#' @param kd How many times as strong as the benchmark, positive numbers.
#' @param mediator Which mediator, by default the first. Residuals are then also net of the other mediators.
#' @section Rho: \eqn{ab(\rho) = a (s_1 / s_2) (r - \rho \sqrt{(1 - r^2) / (1 - \rho^2)})}, with \eqn{s_1}, \eqn{s_2}
#'   and r the deviations and the correlation of the residuals of the total and the mediator's equation. It is ab at 0
#'   and 0 at \eqn{\rho = r}. Intervals are 95 % percentiles over the draws of clusters, where the fit has them.
#' @section Robustness: of each path's coefficient, with classical t and the residual degrees of freedom: its partial
#'   R2, the robustness value (an omitted variable that explains so much of the rest of both sides makes it zero) and
#'   the one that makes it insignificant at 5 %. Bounds: what an omitted variable `kd` times as strong as the benchmark
#'   explains of treatment and outcome of the path, and estimate and error adjusted for it. Where a bound passes one
#'   they are NA, with a warning.
#' @section Errors: `flowresil_error_component` (two steps alone, a series, a moderator, an interaction),
#'   `flowresil_error_rho`, `flowresil_error_benchmark` (no control), `flowresil_error_choice` (no mediator),
#'   `flowresil_error_number` (`kd`), `flowresil_error_type`. Warning `flowresil_warning_bound`.
#' @return An object of class `mediation_sensitivity`, a list of data frames: `rho` (rho, estimate, conf.low,
#'   conf.high), `zero` (rho at which the indirect effect is zero, r2_residual = rho squared, r2_total: the same of the
#'   whole variances of mediator and outcome), `robustness` (path: a, b, direct, total; partial_r2, rv, rv_alpha),
#'   `bounds` (path, benchmark, kd, r2dz.x, r2yz.dx, adjusted_estimate, adjusted_se); of several treatments with a
#'   column `treatment`.
#' @references Cinelli, C. and Hazlett, C. (2020). Making sense of sensitivity: extending omitted variable bias.
#'   *Journal of the Royal Statistical Society B*, 82, 39-67.
#'
#' Imai, K., Keele, L. and Yamamoto, T. (2010). Identification, inference and sensitivity analysis for causal mediation
#' effects. *Statistical Science*, 25, 51-71.
#' @export
#' @examples
#' m <- fe_mediation(ExpRes ~ open + gov | province + year, province_panel, mediators = TED, vcov = ~province,
#'   method = "sobel"
#' )
#' mediation_sensitivity(m, benchmark = "gov")
mediation_sensitivity <- function(x, rho = seq(-0.9, 0.9, 0.1), benchmark = NULL, kd = 1, mediator = NULL) {
  here <- environment()
  refuse_no_sensitivity(x, here)
  check_sensitivity(x, rho, benchmark, kd, here)
  mediator <- if (is.null(mediator)) x$mediators[1L] else check_choice(mediator, x$mediators, "mediator", here)
  several <- length(x$treatment) > 1L
  parts <- lapply(x$treatment, function(treatment) {
    found <- list(
      rho = effects_by_rho(x, treatment, mediator, rho), zero = rho_of_zero(x, mediator),
      robustness = robustness_of_paths(x, treatment, mediator, here),
      bounds = bounds_of_paths(x, treatment, mediator, benchmark, kd, here)
    )
    if (several) found <- lapply(found, function(t) cbind(treatment = rep(treatment, nrow(t)), t))
    found
  })
  joined <- lapply(stats::setNames(names(parts[[1L]]), names(parts[[1L]])), function(name) {
    do.call(rbind, lapply(parts, `[[`, name))
  })
  structure(c(joined, list(mediator = mediator, treatment = x$treatment, outcome = x$outcome)),
            class = "mediation_sensitivity")
}

check_sensitivity <- function(x, rho, benchmark, kd, call) {
  if (!is.numeric(rho) || length(rho) == 0L || anyNA(rho) || any(abs(rho) >= 1)) {
    abort_input("rho", "`rho` must be numbers inside -1 and 1.", found = describe_value(rho), arg = "rho", call = call)
  }
  if (!is.numeric(kd) || length(kd) == 0L || any(!is.finite(kd)) || any(kd <= 0)) {
    abort_input("number", "`kd` must be positive numbers.", found = describe_value(kd), arg = "kd", call = call)
  }
  controls <- setdiff(names(x$models$outcome$slopes), c(x$treatment, x$mediators))
  strange <- setdiff(benchmark, controls)
  if (length(strange)) {
    abort_input("benchmark", "`benchmark` must name controls of every equation.",
                found = paste0(enumerate(strange, "`"), if (length(strange) > 1L) " are none." else " is none."),
                todo = if (length(controls)) paste0("The controls are ", enumerate(controls, "`", 10L), "."),
                arg = "benchmark", call = call)
  }
}

refuse_no_sensitivity <- function(x, call) {
  if (!inherits(x, "fe_mediation")) {
    abort_input("type", "`x` must be what `fe_mediation()` gives.", found = paste0("It is ", describe_type(x), "."),
                arg = "x", call = call)
  }
  found <- if (identical(x$method, "two_step")) "It has two steps alone, without the outcome's equation." else
    if (x$structure == "serial") "Its mediators are in series." else
      if (!is.null(x$moderation)) "It has a moderator." else if (!is.null(x$interaction)) "It has an interaction."
  if (is.null(found)) return(invisible())
  abort_input("component", "Sensitivity is of products of plain coefficients, mediators in parallel.", found = found,
              todo = "Fit with `method = \"sobel\"`, say.", arg = "x", call = call)
}

# Residual squares of mediator and outcome, net of all other columns, from the outcome's equation: that of the mediator
# is one over its place in the inverse, that of the outcome the residual's and what the mediator explains.
net_squares <- function(b, inverse, residual_squares) list(m = 1 / inverse, y = residual_squares + b^2 / inverse)

# ab(rho): b is the regression of residuals, r s1 / s2.
effect_by_rho <- function(a, b, squares, rho) {
  ratio <- sqrt(squares$y / squares$m)
  r <- b / ratio
  a * ratio * (r - rho * sqrt((1 - r^2) / (1 - rho^2)))
}

effects_by_rho <- function(x, treatment, mediator, rho) {
  b <- stacked_coefficients(x$models)
  place_a <- coefficient_of(mediator, treatment)
  place_b <- coefficient_of("outcome", mediator)
  model <- x$models$outcome
  own <- net_squares(b[[place_b]], inverse_of(model)[mediator, mediator], model$residual_squares)
  drawn <- x$drawn$pairs
  rows <- lapply(rho, function(one) {
    limits <- c(NA_real_, NA_real_)
    if (!is.null(drawn)) {
      D <- drawn$coefficients
      squares <- net_squares(D[, place_b], drawn$inverses[, place_b], drawn$residual_squares[, "outcome"])
      values <- effect_by_rho(D[, place_a], D[, place_b], squares, one)
      limits <- stats::quantile(values[!is.na(values)], c(.025, .975), type = 6, names = FALSE)
    }
    data.frame(rho = one, estimate = effect_by_rho(b[[place_a]], b[[place_b]], own, one), conf.low = limits[1L],
               conf.high = limits[2L])
  })
  do.call(rbind, rows)
}

# Inverse of the cross-products of all coefficients.
inverse_of <- function(model) {
  names <- names(model$coefficients)
  matrix(tcrossprod(coefficient_basis(model)), length(names), dimnames = list(names, names))
}

rho_of_zero <- function(x, mediator) {
  model <- x$models$outcome
  b <- model$coefficients[[mediator]]
  squares <- net_squares(b, inverse_of(model)[mediator, mediator], model$residual_squares)
  rho <- b / sqrt(squares$y / squares$m)
  whole <- function(m) r_squared(m)$r.squared
  data.frame(rho = rho, r2_residual = rho^2, r2_total = rho^2 * (1 - whole(x$models[[mediator]])) * (1 - whole(model)))
}

# Each path: its model and coefficient.
paths_of <- function(x, treatment, mediator) {
  list(a = list(model = x$models[[mediator]], term = treatment),
       b = list(model = x$models$outcome, term = mediator),
       direct = list(model = x$models$outcome, term = treatment),
       total = list(model = x$models$total, term = treatment))
}

# Classical t of all coefficients with n less the rank of everything: list(estimate, se, t, df).
classical_tests <- function(model, call) {
  df <- model$nobs - count_parameters(new_view(model, call), corrections()$dummies())
  inverse <- inverse_of(model)
  se <- sqrt(diag(inverse) * model$residual_squares / df)
  list(estimate = model$coefficients, se = se, t = model$coefficients / se, df = df, inverse = inverse)
}

robustness_of_paths <- function(x, treatment, mediator, call) {
  rows <- lapply(paths_of(x, treatment, mediator), function(path) {
    test <- classical_tests(path$model, call)
    t <- test$t[[path$term]]
    data.frame(partial_r2 = t^2 / (t^2 + test$df), rv = robustness_value(t, test$df, 1),
               rv_alpha = robustness_value(t, test$df, 0.05))
  })
  cbind(path = names(rows), do.call(rbind, unname(rows)))
}

# Share of both sides that an omitted variable must explain to bring the estimate to zero (alpha 1), or its t to the
# critical value.
robustness_value <- function(t, df, alpha) {
  f <- abs(t) / sqrt(df)
  critical <- if (alpha < 1) stats::qt(1 - alpha / 2, df - 1) / sqrt(df - 1) else 0
  left <- f - critical
  if (left < 0) return(0)
  if (critical > 0 && f > 1 / critical) return((f^2 - critical^2) / (1 + f^2))
  (sqrt(left^4 + 4 * left^2) - left^2) / 2
}

bounds_of_paths <- function(x, treatment, mediator, benchmark, kd, call) {
  paths <- paths_of(x, treatment, mediator)
  grid <- expand.grid(kd = kd, benchmark = if (is.null(benchmark)) character() else benchmark, path = names(paths),
                      stringsAsFactors = FALSE)
  passed <- character()
  tests <- if (nrow(grid)) lapply(paths, function(path) classical_tests(path$model, call))
  rows <- lapply(seq_len(nrow(grid)), function(i) {
    found <- bound_of(tests[[grid$path[i]]], paths[[grid$path[i]]]$term, grid$benchmark[i], grid$kd[i])
    if (anyNA(found)) {
      passed <<- c(passed, paste0(grid$path[i], " (", format(grid$kd[i]), " times ", grid$benchmark[i], ")"))
    }
    data.frame(path = grid$path[i], benchmark = grid$benchmark[i], kd = grid$kd[i], t(found))
  })
  if (length(passed)) {
    warn_data("bound", "An omitted variable cannot explain more than everything: bounds that say so are NA.",
              found = paste0("Of ", enumerate(passed), "."), todo = "Take a smaller `kd`.")
  }
  if (length(rows)) return(do.call(rbind, rows))
  data.frame(path = character(), benchmark = character(), kd = numeric(), r2dz.x = numeric(), r2yz.dx = numeric(),
             adjusted_estimate = numeric(), adjusted_se = numeric())
}

# Bounds of Cinelli and Hazlett (2020), equal strength on both sides.
bound_of <- function(test, term, benchmark, kd) {
  inverse <- test$inverse
  r2dx <- inverse[term, benchmark]^2 / (inverse[term, term] * inverse[benchmark, benchmark])
  r2yx <- test$t[[benchmark]]^2 / (test$t[[benchmark]]^2 + test$df)
  r2dz <- kd * r2dx / (1 - r2dx)
  r2zx <- kd * r2dx^2 / ((1 - kd * r2dx) * (1 - r2dx))
  missing <- c(r2dz.x = NA_real_, r2yz.dx = NA_real_, adjusted_estimate = NA_real_, adjusted_se = NA_real_)
  if (r2dz >= 1 || r2zx >= 1 || r2zx < 0) return(missing)
  r2yz <- ((sqrt(kd) + sqrt(r2zx)) / sqrt(1 - r2zx))^2 * r2yx / (1 - r2yx)
  if (r2yz > 1) return(missing)
  estimate <- test$estimate[[term]]
  se <- test$se[[term]]
  bias <- sqrt(r2yz * r2dz / (1 - r2dz)) * se * sqrt(test$df)
  c(r2dz.x = r2dz, r2yz.dx = r2yz, adjusted_estimate = sign(estimate) * (abs(estimate) - bias),
    adjusted_se = se * sqrt((1 - r2yz) / (1 - r2dz)) * sqrt(test$df / (test$df - 1)))
}

#' @rdname mediation_sensitivity
#' @param digits Significant digits to print.
#' @param object What `mediation_sensitivity()` gives.
#' @param ... Must be empty.
#' @export
print.mediation_sensitivity <- function(x, digits = 3, ...) {
  digits <- check_digits(digits, environment())
  cat("Sensitivity of the indirect effect through ", x$mediator, " on ", x$outcome, "\n", sep = "")
  cat("It is zero where the errors of mediator and outcome correlate at ",
      enumerate(vapply(x$zero$rho, format, "", digits = digits)), " (", enumerate(vapply(
        100 * x$zero$r2_residual, format, "", digits = digits)), " % of what is unexplained in each).\n\n", sep = "")
  print(format(x$rho, digits = digits), row.names = FALSE)
  cat("\nStrength that an omitted variable must have (classical t)\n")
  print(format(x$robustness, digits = digits), row.names = FALSE)
  if (nrow(x$bounds)) {
    cat("\nOmitted variables kd times as strong as a control\n")
    print(format(x$bounds, digits = digits), row.names = FALSE)
  }
  invisible(x)
}
