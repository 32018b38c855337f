# Statistics of a model: tests, intervals, fit, tables.

#' What a fixed-effects model tells
#'
#' Methods for [fe_model()]. Those that depend on the variance take `vcov` and `correction` like
#' [vcov.fe_model()], so that a table can be made under another convention without fitting again.
#'
#' * `print()`, `summary()`: coefficients with standard errors, t values and p values (t distribution, degrees
#'   of freedom as the variance says), and every convention used.
#' * `coef()`, `confint()`, `nobs()`, `df.residual()` (rows less parameters \eqn{K}), `formula()`, `sigma()`,
#'   `deviance()`, `weights()`.
#' * `fitted()`, `residuals()`: numeric, one a row used, named by the row's number in the data; with `full = TRUE`
#'   one a row of the data, `NA` where a row was not used, so that `d$r <- residuals(m, full = TRUE)` fits.
#' * `predict()`: without `newdata` the fitted values; with it, a numeric vector, one a row of `newdata`. `NA`,
#'   with a warning that counts the rows, where the level of an effect or of a factor was not in the fit, an
#'   effect is missing, or no chain of rows joins the levels of two effects; `NA` without a word where a regressor
#'   is missing. Lags in `newdata` go by its own unit and time, one step of which is that of the fit (see
#'   [panel_time]). `se.fit = TRUE` gives a list (`fit`, `se.fit`, `df`, `residual.scale`), `interval` a matrix (`fit`,
#'   `lwr`, `upr`), as for `lm()` on dummies: the effects' errors are counted, by the variance asked for. That is
#'   computed with up to 1000 levels beside those of the largest effect. A prediction interval is given for
#'   classical errors only.
#' * `augment()`: a data frame with `.fitted` and `.resid` (and `.se.fit`, `.lower`, `.upper` where asked for)
#'   beside the data: the rows used of the data of the fit; `data`, `NA` in rows that were not used; or
#'   `newdata`, with `.resid` where it holds the outcome.
#' * `hatvalues()`, `rstandard()`, `rstudent()`, `cooks.distance()`, `dfbeta()`: as for `lm()` on dummies.
#' * `terms()`, `model.frame()`: with the effects as factors, as `lm()` on dummies has them; refused above 1000
#'   levels. `na.action()`: the rows lost for missing values, numbered within the subset.
#' * `model.matrix()`: rows used by kept regressors (and the intercept where there are no effects); `type =
#'   "within"` gives them demeaned (and times the square root of the weight).
#' * `logLik()`, and with it `AIC()` and `BIC()`: Gaussian, as for `lm()` on dummies; the number of parameters
#'   is \eqn{K + 1}, sigma counted.
#' * `estfun()` and `bread()` for sandwich, so that its estimators, lmtest and car work on the model.
#' * `update()`: each part of the formula, `. ~ . + z | .`, and any argument. The data are those of the fit, unless
#'   `data` is given: where the call's name for them means something else by now, a message says so. Arguments
#'   that cannot be read again (a variable of a function that has ended) keep their values.
#' * Other packages' functions: see [fe_model-interop].
#'
#' `tidy()`, `glance()` and `augment()` ignore arguments that they do not know, as their generics ask; what other
#' default methods would get wrong is refused (`flowresil_error_unsupported`).
#'
#' @param x,object A [fe_model()].
#' @param vcov,correction See [vcov.fe_model()]; `NULL` (default) for those of the fit.
#' @param df Degrees of freedom of t and F: one positive number, `Inf` for the normal distribution; `NULL` (default)
#'   for those of the variance.
#' @param se.fit Give standard errors with the predictions?
#' @param interval `"none"`, `"confidence"` (of the mean) or `"prediction"` (of a new outcome).
#' @param full Give a value for each row of the data, `NA` for rows that were not used?
#' @param parm Names or numbers of coefficients; all by default.
#' @param level Confidence level, one number in (0, 1), default .95.
#' @param digits Significant digits to print.
#' @param newdata A data frame with the columns of the model, or `NULL`.
#' @param type For `model.matrix()`: `"rhs"` (as they are) or `"within"` (demeaned). For `residuals()`: `"working"` and
#'   `"response"` as they are; `"deviance"` and `"pearson"` times the square root of the weight.
#' @param ... Further arguments. Unknown ones are an error, but for `tidy()`, `glance()` and `augment()`.
#' @section Errors: Classed `flowresil_error_*`: `argument`, `vcov`, `choice`, `number`, `flag`, `term` (`parm`),
#'   `type`, `empty`, `missing_column`, `ambiguous_column`, `formula`, `rows` (`data` of `augment()`), `unsupported`.
#'   Warnings: `flowresil_warning_unseen_level`, `flowresil_warning_perfect_fit` (`print()`, `summary()`). Message:
#'   `flowresil_message_own_data`.
#' @return See each item above.
#' @order 1
#' @name fe_model-methods
NULL

# Matrix of estimate, standard error, t and p.
coefficient_table <- function(object, estimate) {
  value <- object$coefficients
  error <- sqrt(diag(estimate$vcov))
  t <- value / errors_to_test(estimate)
  table <- cbind(value, error, t, 2 * stats::pt(abs(t), estimate$variance$df, lower.tail = FALSE))
  dimnames(table) <- list(names(value), c("Estimate", "Std. Error", "t value", "Pr(>|t|)"))
  table
}

# Standard errors for tests and intervals: NA where a repaired variance has nothing left of a coefficient's.
errors_to_test <- function(estimate) {
  error <- sqrt(diag(estimate$vcov))
  if (isTRUE(estimate$variance$repaired)) error[error == 0] <- NA
  error
}

# Degrees of freedom for functions that take one number: that of all coefficients where they agree.
shared_degrees <- function(variance) if (length(unique(variance$df)) == 1L) variance$df[[1L]] else variance$df

# The four measures of fit.
r_squared <- function(object) {
  n <- object$nobs
  k <- length(object$kept)
  df <- object$df.residual
  effects <- n - df - k  # parameters of the effects (or the intercept)
  r2 <- 1 - object$residual_squares / object$total_squares
  within <- 1 - object$residual_squares / object$within_squares
  total_df <- if (object$design$centre) n - 1 else n
  list(
    r.squared = r2, adj.r.squared = 1 - (1 - r2) * total_df / df, within.r.squared = within,
    adj.within.r.squared = 1 - (1 - within) * (n - effects) / df
  )
}

# Wald over the number of coefficients; NA where the variance cannot be inverted, as with fewer clusters than these.
wald_statistic <- function(distance, V) {
  scale <- sqrt(diag(V))
  tryCatch(sum((distance / scale) * solve(V / tcrossprod(scale), distance / scale)) / length(distance),
           error = function(e) NA_real_)
}

# Wald test that all slopes are zero, as an F statistic.
joint_test <- function(object, estimate) {
  slopes <- object$slopes
  if (length(slopes) == 0L) return(list(statistic = NA_real_, df = 0L, p.value = NA_real_))
  V <- estimate$vcov[names(slopes), names(slopes), drop = FALSE]
  if (anyNA(V)) return(list(statistic = NA_real_, df = length(slopes), p.value = NA_real_))
  statistic <- wald_statistic(slopes, V)
  list(statistic = statistic, df = length(slopes),
       p.value = stats::pf(statistic, length(slopes), joint_degrees(estimate$variance), lower.tail = FALSE))
}

# Degrees of freedom of a test of several coefficients: the fewest, where they differ.
joint_degrees <- function(variance) min(variance$df)

#' @rdname fe_model-methods
#' @export
confint.fe_model <- function(object, parm, level = 0.95, vcov = NULL, correction = NULL, df = NULL, ...) {
  here <- environment()
  check_dots(..., call = here)
  check_level(level, here)
  chosen <- if (missing(parm) || is.null(parm)) names(object$coefficients) else check_terms(parm, object, here)
  estimate <- requested_variance(object, vcov, correction, here, df)
  coefficient_limits(object, estimate, level)[chosen, , drop = FALSE]
}

# Both limits of every coefficient, in columns named by their percent.
coefficient_limits <- function(object, estimate, level) {
  limits <- confidence_limits(object$coefficients, errors_to_test(estimate), estimate$variance$df, level)
  dimnames(limits) <- list(
    names(object$coefficients), paste(format(100 * c((1 - level) / 2, (1 + level) / 2), trim = TRUE, digits = 3), "%")
  )
  limits
}

# Names of coefficients from names or numbers.
check_terms <- function(parm, object, call) {
  terms <- names(object$coefficients)
  unknown <- if (is.character(parm)) !parm %in% terms else
    if (is.numeric(parm)) is.na(parm) | !abs(parm) %in% seq_along(terms) | parm * parm[1L] < 0 else TRUE
  if (any(unknown)) {
    abort_input(
      "term", "`parm` must give names or numbers of the coefficients.",
      found = if (is.atomic(parm) && length(parm)) {
        paste0(enumerate(unique(parm[unknown]), if (is.character(parm)) "`" else ""),
               if (sum(unknown) == 1L) " is none." else " are none.")
      } else {
        describe_value(parm)
      },
      todo = paste0("The coefficients are ", enumerate(terms, "`", 10L), "."), arg = "parm", call = call
    )
  }
  if (is.character(parm)) parm else terms[parm]
}

# Two columns, lower and upper limit by t; `df` is one number, or one a value.
confidence_limits <- function(value, error, df, level) {
  width <- stats::qt((1 + level) / 2, df) * error
  cbind(value - width, value + width)
}

#' @rdname fe_model-methods
#' @export
nobs.fe_model <- function(object, ...) object$nobs

#' @rdname fe_model-methods
#' @export
df.residual.fe_model <- function(object, ...) object$df.residual

#' @rdname fe_model-methods
#' @export
sigma.fe_model <- function(object, ...) sqrt(object$residual_squares / object$df.residual)

#' @rdname fe_model-methods
#' @export
deviance.fe_model <- function(object, ...) object$residual_squares

#' @rdname fe_model-methods
#' @export
logLik.fe_model <- function(object, ...) {
  n <- object$nobs
  value <- -n / 2 * (log(2 * pi) + 1 + log(object$residual_squares / n))
  value <- value + log_weights(object) / 2
  structure(value, df = object$nobs - object$df.residual + 1, nobs = n, class = "logLik")
}

# Sum of the logarithms of the weights; 0 without.
log_weights <- function(object) {
  if (!is.null(object$table)) return(object$table$log_weights)
  weights <- fitted_design(object)$weights
  if (is.null(weights)) 0 else sum(log(weights))
}

#' @rdname fe_model-methods
#' @param conf.int Add `conf.low` and `conf.high`?
#' @param conf.level Their level, default .95.
#' @export
tidy.fe_model <- function(x, conf.int = FALSE, conf.level = 0.95, vcov = NULL, correction = NULL, df = NULL, ...) {
  here <- environment()
  estimate <- requested_variance(x, vcov, correction, here, df)
  tidy_estimates(x, estimate, conf.int, conf.level, here)
}

# The table of tidy(): term, estimate, std.error, statistic, df, p.value and, if asked for, limits.
tidy_estimates <- function(x, estimate, conf.int, conf.level, call) {
  check_flag(conf.int, "conf.int", call)
  check_level(conf.level, call, "conf.level")
  table <- coefficient_table(x, estimate)
  column <- function(j) as.vector(table[, j])
  out <- list2DF(list( # data.frame() takes as long as a variance of few rows
    term = if (nrow(table)) rownames(table) else character(), estimate = column(1L), std.error = column(2L),
    statistic = column(3L), p.value = column(4L), df = rep_len(unname(estimate$variance$df), nrow(table))
  ))
  if (conf.int) {
    limits <- confidence_limits(out$estimate, unname(errors_to_test(estimate)), estimate$variance$df, conf.level)
    out$conf.low <- limits[, 1L]
    out$conf.high <- limits[, 2L]
  }
  out
}

#' @rdname fe_model-methods
#' @export
glance.fe_model <- function(x, vcov = NULL, correction = NULL, df = NULL, ...) {
  here <- environment()
  estimate <- requested_variance(x, vcov, correction, here, df)
  fit <- r_squared(x)
  wald <- joint_test(x, estimate)
  data.frame(
    r.squared = fit$r.squared, adj.r.squared = fit$adj.r.squared, within.r.squared = fit$within.r.squared,
    adj.within.r.squared = fit$adj.within.r.squared, sigma = stats::sigma(x), statistic = wald$statistic,
    p.value = wald$p.value, df = wald$df, df.residual = x$df.residual, logLik = as.numeric(stats::logLik(x)),
    AIC = stats::AIC(x), BIC = stats::BIC(x), nobs = x$nobs
  )
}
