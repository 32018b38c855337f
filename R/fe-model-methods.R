# Methods of fe_model.

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
#' @name fe_model-methods
NULL

#' @rdname fe_model-methods
#' @export
print.fe_model <- function(x, digits = 4, ...) {
  check_digits(digits)
  print_fe_header(x)
  table <- coefficient_table(x, requested_variance(x))
  warn_perfect_fit(x)
  print_coefficients(table, digits, 6L)
  cat("Standard errors: ", describe_variance(x$variance), "\n", sep = "")
  fit <- r_squared(x)
  cat("R2 ", format_number(fit$r.squared), ", within R2 ", format_number(fit$within.r.squared), "\n", sep = "")
  invisible(x)
}

lost_rows_words <- c(subset = "outside the subset", missing = "with missing values")

print_fe_header <- function(x) {
  cat("Fixed-effects model: ", paste(deparse(x$formula, width.cutoff = 200L), collapse = " "), "\n", sep = "")
  lost <- x$sample$dropped
  cat(
    count_of(x$nobs, "row"), " used of ", format_counts(x$sample$n_input),
    if (length(lost)) {
      paste0(" (", paste0(format_counts(lost), " ", lost_rows_words[names(lost)], collapse = ", "), ")")
    },
    "; effects: ", describe_effects(x), "\n", sep = ""
  )
  if (x$blueprint$spec$has_lags) cat("Roles: ", describe_roles(x$blueprint$panel), "\n", sep = "")
  if (length(x$effects$doubled)) cat(paste0(describe_doubled(x$effects$doubled), "\n"), sep = "")
  if (nrow(x$dropped)) {
    cat("Dropped: ", paste0(x$dropped$term, " (", x$dropped$detail, ")", collapse = "; "), "\n", sep = "")
  }
}

describe_effects <- function(x) {
  n <- x$effects$n_levels
  if (length(n) == 0L) return(if (x$intercept) "none" else "none, no intercept")
  how <- switch(x$solver$method,
    iterative = paste0("iterative, ", format_counts(x$solver$iterations), " steps, ",
                       if (x$solver$converged) "converged" else "NOT converged"),
    "exact"
  )
  paste0(count_by_name(n), ", ", how)
}

# "a (3), b (12)".
count_by_name <- function(n) paste0(names(n), " (", format_counts(n), ")", collapse = ", ")

print_coefficients <- function(table, digits, most) {
  if (nrow(table) == 0L) {
    cat("No coefficients\n")
    return(invisible())
  }
  shown <- utils::head(table, most)
  stats::printCoefmat(shown, digits = digits, signif.stars = FALSE, P.values = TRUE, has.Pvalue = TRUE)
  if (nrow(table) > most) cat("... and ", nrow(table) - most, " more: see summary()\n", sep = "")
}

# Matrix of estimate, standard error, t and p.
coefficient_table <- function(object, estimate) {
  value <- object$coefficients
  error <- sqrt(diag(estimate$vcov))
  t <- value / error
  table <- cbind(value, error, t, 2 * stats::pt(abs(t), estimate$variance$df, lower.tail = FALSE))
  dimnames(table) <- list(names(value), c("Estimate", "Std. Error", "t value", "Pr(>|t|)"))
  table
}

format_number <- function(x, digits = 4) formatC(x, digits = digits, format = "f")

#' @rdname fe_model-methods
#' @export
summary.fe_model <- function(object, vcov = NULL, correction = NULL, df = NULL, ...) {
  here <- environment()
  check_dots(..., call = here)
  estimate <- requested_variance(object, vcov, correction, here, df)
  warn_perfect_fit(object)
  structure(
    list(
      model = object, coefficients = coefficient_table(object, estimate), vcov = estimate$vcov,
      variance = estimate$variance, fit = r_squared(object), sigma = stats::sigma(object),
      wald = wald_test(object, estimate)
    ),
    class = "summary.fe_model"
  )
}

# Residuals that are rounding alone make errors that mean nothing: a few units in the last place of the outcome, as
# summary.lm() has it. The fit's own sums tell, without another look at the data.
warn_perfect_fit <- function(object) {
  size <- object$total_squares + object$nobs * object$means[[length(object$means)]]^2
  if (object$residual_squares > (8 * .Machine$double.eps)^2 * size) return(invisible())
  warn_data("perfect_fit", paste0("The fit of `", object$outcome, "` is essentially perfect."),
            found = "Its residuals are rounding: standard errors and tests mean nothing.")
}

#' @rdname fe_model-methods
#' @export
print.summary.fe_model <- function(x, digits = 4, ...) {
  check_digits(digits)
  print_fe_header(x$model)
  cat("\n")
  print_coefficients(x$coefficients, digits, Inf)
  cat("\nStandard errors: ", describe_variance(x$variance), "\n", sep = "")
  cat("Residual standard error ", format(x$sigma, digits = digits), " on ",
      format_degrees(x$model$df.residual), " degrees of freedom\n", sep = "")
  cat("R2 ", format_number(x$fit$r.squared), " (adjusted ", format_number(x$fit$adj.r.squared), "), within R2 ",
      format_number(x$fit$within.r.squared), " (adjusted ", format_number(x$fit$adj.within.r.squared), ")\n", sep = "")
  cat("F of all slopes ", format(x$wald$statistic, digits = digits), " on ", format_degrees(x$wald$df), " and ",
      format_degrees(x$variance$df), " degrees of freedom, p ", format.pval(x$wald$p.value, digits = 3), "\n", sep = "")
  missing <- x$model$sample$missing
  if (length(missing)) cat("Missing: ", count_by_name(missing), "\n", sep = "")
  singles <- lengths(x$model$effects$singletons)
  if (any(singles > 0L)) {
    cat("Levels with one row: ", count_by_name(singles[singles > 0L]), "\n", sep = "")
  }
  invisible(x)
}

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

# Wald test that all slopes are zero, as an F statistic.
wald_test <- function(object, estimate) {
  slopes <- object$slopes
  if (length(slopes) == 0L) return(list(statistic = NA_real_, df = 0L, p.value = NA_real_))
  V <- estimate$vcov[names(slopes), names(slopes), drop = FALSE]
  if (anyNA(V)) return(list(statistic = NA_real_, df = length(slopes), p.value = NA_real_))
  scale <- sqrt(diag(V))
  statistic <- tryCatch(
    sum((slopes / scale) * solve(V / tcrossprod(scale), slopes / scale)) / length(slopes),
    error = function(e) NA_real_ # fewer clusters than slopes
  )
  list(statistic = statistic, df = length(slopes),
       p.value = stats::pf(statistic, length(slopes), estimate$variance$df, lower.tail = FALSE))
}

#' @rdname fe_model-methods
#' @export
confint.fe_model <- function(object, parm, level = 0.95, vcov = NULL, correction = NULL, df = NULL, ...) {
  here <- environment()
  check_dots(..., call = here)
  check_level(level, here)
  chosen <- if (missing(parm) || is.null(parm)) names(object$coefficients) else check_terms(parm, object, here)
  estimate <- requested_variance(object, vcov, correction, here, df)
  interval <- confidence_limits(object$coefficients, sqrt(diag(estimate$vcov)), estimate$variance$df, level)
  dimnames(interval) <- list(
    names(object$coefficients), paste(format(100 * c((1 - level) / 2, (1 + level) / 2), trim = TRUE, digits = 3), "%")
  )
  interval[chosen, , drop = FALSE]
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

check_level <- function(level, call, arg = "level") {
  level <- check_number(level, arg, 0, 1, call = call)
  if (level <= 0 || level >= 1) {
    abort_input("number", paste0("`", arg, "` must lie between 0 and 1."), found = describe_value(level), arg = arg,
                call = call)
  }
}

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
weights.fe_model <- function(object, ...) fitted_design(object)$weights

#' @rdname fe_model-methods
#' @export
logLik.fe_model <- function(object, ...) {
  n <- object$nobs
  weights <- fitted_design(object)$weights
  value <- -n / 2 * (log(2 * pi) + 1 + log(object$residual_squares / n))
  if (!is.null(weights)) value <- value + sum(log(weights)) / 2
  structure(value, df = object$nobs - object$df.residual + 1, nobs = n, class = "logLik")
}

#' @rdname fe_model-methods
#' @export
residuals.fe_model <- function(object, type = c("working", "response", "deviance", "pearson"), full = FALSE, ...) {
  here <- environment()
  check_dots(..., call = here)
  check_flag(full, "full", here)
  type <- check_choice(type, c("working", "response", "deviance", "pearson"), "type", here)
  values <- core(cpp_within_residuals, fitted_design(object, here), object$solution, score_columns(object), n_threads())
  weights <- fitted_design(object)$weights
  if (type %in% c("deviance", "pearson") && !is.null(weights)) values <- values * sqrt(weights)
  by_row(values, object, full)
}

#' @rdname fe_model-methods
#' @export
fitted.fe_model <- function(object, full = FALSE, ...) {
  here <- environment()
  check_dots(..., call = here)
  check_flag(full, "full", here)
  by_row(outcome_column(object) - unname(residuals.fe_model(object)), object, full)
}

# Values of the rows used, named by row number; `full`: of all rows of the data, NA where a row was not used.
by_row <- function(values, object, full) {
  if (!full) return(stats::setNames(values, used_rows(object)))
  all <- rep(NA_real_, object$sample$n_input)
  all[used_rows(object)] <- values
  stats::setNames(all, seq_along(all))
}

# Row numbers of the data that the fit uses.
used_rows <- function(object) {
  if (is.null(object$sample$rows)) seq_len(object$nobs) else object$sample$rows
}

#' @rdname fe_model-methods
#' @export
model.matrix.fe_model <- function(object, type = c("rhs", "within"), ...) {
  here <- environment()
  if (missing(type)) type <- matrix_for(sys.function(sys.parent()), object, here)
  type <- check_choice(type, c("rhs", "within"), "type")
  if (type == "within") {
    x <- core(cpp_demean, fitted_design(object), object$solution)[, object$kept, drop = FALSE]
    if (!is.null(object$design$weights)) x <- x * sqrt(fitted_design(object)$weights)
  } else {
    x <- do.call(cbind, c(list(matrix(numeric(), object$nobs, 0L)), fitted_design(object)$columns[object$kept]))
  }
  dimnames(x) <- list(used_rows(object), object$kept_terms)
  if (type == "rhs" && object$intercept) x <- cbind("(Intercept)" = 1, x)
  x
}

# sandwich pairs model.matrix() with scores and bread, which are those of the demeaned regressors; its clustered
# leverage needs the dummies too.
matrix_for <- function(caller, object, call) {
  own <- length(object$effects$n_levels) == 0L || !identical(environmentName(environment(caller)), "sandwich")
  if (own) return("rhs")
  if (identical(caller, getExportedValue("sandwich", "meatCL"))) {
    refuse_unsupported("vcovCL()", "clustered HC2 and HC3 need the leverage of whole clusters, effects included",
                       "Take `type = \"HC1\"`.", call)
  }
  "within"
}

#' @rdname fe_model-methods
#' @exportS3Method sandwich::estfun
estfun.fe_model <- function(x, ...) {
  demeaned <- core(cpp_demean, fitted_design(x), x$solution)
  k <- ncol(demeaned) - 1L
  residual <- demeaned[, k + 1L] - drop(demeaned[, seq_len(k), drop = FALSE] %*% x$fitted_coefficients)
  weighted <- residual * (if (is.null(x$design$weights)) 1 else fitted_design(x)$weights)
  columns <- demeaned[, x$kept, drop = FALSE]
  constant <- x$constant_part
  if (!is.null(constant)) {
    one <- if (is.null(constant$column)) rep(1, x$nobs) else constant$column
    columns <- cbind(one, columns + tcrossprod(one, constant$loadings))
  }
  scores <- columns * weighted
  dimnames(scores) <- list(used_rows(x), names(x$coefficients))
  scores
}

#' @rdname fe_model-methods
#' @exportS3Method sandwich::bread
bread.fe_model <- function(x, ...) {
  B <- tcrossprod(coefficient_basis(x)) * x$nobs
  dimnames(B) <- list(names(x$coefficients), names(x$coefficients))
  B
}

#' Values of the fixed effects
#'
#' The effects' coefficients, solved with the regression. They are identified up to constants: here each
#' effect after the first has its first level (in each connected component, for two effects) at zero, as
#' dummies would, and the first effect carries the rest.
#'
#' @param object A [fe_model()].
#' @param ... Not used.
#' @return A named list, one numeric vector an effect, named by level. Empty without effects.
#' @export
#' @examples
#' m <- fe_model(ExpRes ~ open | province + year, province_panel)
#' head(fixed_effects(m)$province)
fixed_effects <- function(object, ...) UseMethod("fixed_effects")

#' @rdname fixed_effects
#' @export
fixed_effects.default <- function(object, ...) {
  abort_input("type", "`object` must be a model of `fe_model()`.", found = paste0("It is ", describe_type(object), "."),
              arg = "object")
}

#' @rdname fixed_effects
#' @export
fixed_effects.fe_model <- function(object, ...) {
  effects <- raw_effects(object)
  if (length(effects) == 0L) return(effects)
  codes <- object$design$codes
  n_levels <- object$effects$n_levels
  for (j in seq_along(effects)[-1L]) {
    parts <- if (length(effects) == 2L) {
      core(cpp_components, codes[[1L]], n_levels[[1L]], codes[[2L]], n_levels[[2L]])
    } else {
      list(first = integer(n_levels[[1L]]), second = integer(n_levels[[j]]))
    }
    base <- effects[[j]][match(seq_len(max(parts$second) + 1L) - 1L, parts$second)]
    effects[[j]] <- effects[[j]] - base[parts$second + 1L]
    effects[[1L]] <- effects[[1L]] + base[parts$first + 1L]
  }
  for (j in seq_along(effects)) names(effects[[j]]) <- label_values(object$effects$values[[j]])
  effects
}

# What is taken off every row of each column: its shift and, without effects, the rest of its mean.
shifts_of <- function(object) {
  rest <- object$solution$rest
  object$solution$shift + if (length(rest)) rest else 0
}

# Effects of y - x'b as the solver left them; the columns' shifts go to the first effect.
raw_effects <- function(object) {
  direction <- c(-object$fitted_coefficients, 1)
  effects <- lapply(object$solution$levels, function(levels) drop(direction %*% levels))
  if (length(effects)) effects[[1L]] <- effects[[1L]] + sum(direction * shifts_of(object))
  stats::setNames(effects, names(object$effects$n_levels))
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

tidy_estimates <- function(x, estimate, conf.int, conf.level, call) {
  check_flag(conf.int, "conf.int", call)
  check_level(conf.level, call, "conf.level")
  table <- coefficient_table(x, estimate)
  out <- data.frame(
    term = rownames(table), estimate = table[, 1L], std.error = table[, 2L], statistic = table[, 3L],
    p.value = table[, 4L], row.names = NULL
  )
  if (conf.int) {
    limits <- confidence_limits(out$estimate, out$std.error, estimate$variance$df, conf.level)
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
  wald <- wald_test(x, estimate)
  data.frame(
    r.squared = fit$r.squared, adj.r.squared = fit$adj.r.squared, within.r.squared = fit$within.r.squared,
    adj.within.r.squared = fit$adj.within.r.squared, sigma = stats::sigma(x), statistic = wald$statistic,
    p.value = wald$p.value, df = wald$df, df.residual = x$df.residual, logLik = as.numeric(stats::logLik(x)),
    AIC = stats::AIC(x), BIC = stats::BIC(x), nobs = x$nobs
  )
}
