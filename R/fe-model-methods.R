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
#' * `fitted()`, `residuals()`: numeric, one a row used, named by the row's number in the data.
#' * `predict()`: without `newdata` the fitted values; with it, a numeric vector, one a row of `newdata`, `NA`
#'   (with a warning that counts them) where an effect's level was not in the fit. Lags in `newdata` go by its
#'   own unit and time, one step of which is that of the fit (see [panel_time]).
#' * `model.matrix()`: rows used by kept regressors (and the intercept where there are no effects); `type =
#'   "within"` gives them demeaned (and times the square root of the weight).
#' * `logLik()`, and with it `AIC()` and `BIC()`: Gaussian, as for `lm()` on dummies; the number of parameters
#'   is \eqn{K + 1}, sigma counted.
#' * `estfun()` and `bread()` for sandwich, so that its estimators, lmtest and car work on the model.
#' * `update()`: each part of the formula, `. ~ . + z | .`, and any argument.
#'
#' @param x,object A [fe_model()].
#' @param vcov,correction See [vcov.fe_model()]; `NULL` (default) for those of the fit.
#' @param parm Names or numbers of coefficients; all by default.
#' @param level Confidence level, one number in (0, 1), default .95.
#' @param digits Significant digits to print.
#' @param newdata A data frame with the columns of the model, or `NULL`.
#' @param type `"rhs"` (as they are) or `"within"` (demeaned).
#' @param ... Further arguments; unknown ones are an error where the method uses none.
#' @return See each item above.
#' @name fe_model-methods
NULL

#' @rdname fe_model-methods
#' @export
print.fe_model <- function(x, digits = 4, ...) {
  print_fe_header(x)
  table <- coefficient_table(x, requested_variance(x))
  print_coefficients(table, digits, 6L)
  cat("Standard errors: ", describe_variance(x$variance), "\n", sep = "")
  fit <- r_squared(x)
  cat("R2 ", format_number(fit$r.squared), ", within R2 ", format_number(fit$within.r.squared), "\n", sep = "")
  invisible(x)
}

print_fe_header <- function(x) {
  cat("Fixed-effects model: ", paste(deparse(x$formula, width.cutoff = 200L), collapse = " "), "\n", sep = "")
  lost <- x$sample$dropped
  cat(
    count_of(x$nobs, "row"), " used of ", format_counts(x$sample$n_input),
    if (length(lost)) paste0(" (", paste0(
      format_counts(lost), " ", c(subset = "outside the subset", missing = "with missing values")[names(lost)],
      collapse = ", "
    ), ")"),
    "; effects: ", describe_effects(x), "\n", sep = ""
  )
  if (x$blueprint$spec$has_lags) cat("Roles: ", describe_roles(x$blueprint$panel), "\n", sep = "")
  if (nrow(x$dropped)) {
    cat("Dropped: ", paste0(x$dropped$term, " (", x$dropped$detail, ")", collapse = "; "), "\n", sep = "")
  }
}

describe_effects <- function(x) {
  n <- x$effects$n_levels
  if (length(n) == 0L) return(if (x$intercept) "none" else "none, no intercept")
  how <- switch(x$solver$method,
    iterative = paste0("iterative, ", x$solver$iterations, " steps, ",
                       if (x$solver$converged) "converged" else "NOT converged"),
    "exact"
  )
  paste0(paste0(names(n), " (", format_counts(n), ")", collapse = ", "), ", ", how)
}

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
summary.fe_model <- function(object, vcov = NULL, correction = NULL, ...) {
  here <- environment()
  check_dots(..., call = here)
  estimate <- requested_variance(object, vcov, correction, here)
  structure(
    list(
      model = object, coefficients = coefficient_table(object, estimate), vcov = estimate$vcov,
      variance = estimate$variance, fit = r_squared(object), sigma = stats::sigma(object),
      wald = wald_test(object, estimate)
    ),
    class = "summary.fe_model"
  )
}

#' @rdname fe_model-methods
#' @export
print.summary.fe_model <- function(x, digits = 4, ...) {
  print_fe_header(x$model)
  cat("\n")
  print_coefficients(x$coefficients, digits, Inf)
  cat("\nStandard errors: ", describe_variance(x$variance), "\n", sep = "")
  cat("Residual standard error ", format(x$sigma, digits = digits), " on ", label_values(x$model$df.residual),
      " degrees of freedom\n", sep = "")
  cat("R2 ", format_number(x$fit$r.squared), " (adjusted ", format_number(x$fit$adj.r.squared), "), within R2 ",
      format_number(x$fit$within.r.squared), " (adjusted ", format_number(x$fit$adj.within.r.squared), ")\n", sep = "")
  cat("F of all slopes ", format(x$wald$statistic, digits = digits), " on ", x$wald$df, " and ",
      label_values(x$variance$df), " degrees of freedom, p ", format.pval(x$wald$p.value, digits = 3), "\n", sep = "")
  missing <- x$model$sample$missing
  if (length(missing)) {
    cat("Missing: ", paste0(names(missing), " (", format_counts(missing), ")", collapse = ", "), "\n", sep = "")
  }
  singles <- lengths(x$model$effects$singletons)
  if (any(singles > 0L)) {
    singles <- singles[singles > 0L]
    cat("Levels with one row: ", paste0(names(singles), " (", singles, ")", collapse = ", "), "\n", sep = "")
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
confint.fe_model <- function(object, parm, level = 0.95, vcov = NULL, correction = NULL, ...) {
  here <- environment()
  check_dots(..., call = here)
  check_level(level, here)
  estimate <- requested_variance(object, vcov, correction, here)
  interval <- confidence_limits(object$coefficients, sqrt(diag(estimate$vcov)), estimate$variance$df, level)
  dimnames(interval) <- list(
    names(object$coefficients), paste(format(100 * c((1 - level) / 2, (1 + level) / 2), trim = TRUE, digits = 3), "%")
  )
  if (missing(parm)) interval else interval[parm, , drop = FALSE]
}

check_level <- function(level, call) {
  level <- check_number(level, "level", 0, 1, call = call)
  if (level <= 0 || level >= 1) {
    abort_input("number", "`level` must lie between 0 and 1.", found = describe_value(level), arg = "level",
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
formula.fe_model <- function(x, ...) x$formula

#' @rdname fe_model-methods
#' @export
sigma.fe_model <- function(object, ...) sqrt(object$residual_squares / object$df.residual)

#' @rdname fe_model-methods
#' @export
deviance.fe_model <- function(object, ...) object$residual_squares

#' @rdname fe_model-methods
#' @export
weights.fe_model <- function(object, ...) object$design$weights

#' @rdname fe_model-methods
#' @export
logLik.fe_model <- function(object, ...) {
  n <- object$nobs
  weights <- object$design$weights
  value <- -n / 2 * (log(2 * pi) + 1 + log(object$residual_squares / n))
  if (!is.null(weights)) value <- value + sum(log(weights)) / 2
  structure(value, df = object$nobs - object$df.residual + 1, nobs = n, class = "logLik")
}

#' @rdname fe_model-methods
#' @export
residuals.fe_model <- function(object, ...) {
  values <- core(cpp_within_residuals, object$design, object$solution, object$fitted_coefficients, n_threads())
  stats::setNames(values, used_rows(object))
}

#' @rdname fe_model-methods
#' @export
fitted.fe_model <- function(object, ...) {
  outcome <- object$design$columns[[length(object$design$columns)]]
  stats::setNames(outcome - unname(residuals.fe_model(object)), used_rows(object))
}

# Row numbers of the data that the fit uses.
used_rows <- function(object) {
  if (is.null(object$sample$rows)) seq_len(object$nobs) else object$sample$rows
}

#' @rdname fe_model-methods
#' @export
model.matrix.fe_model <- function(object, type = c("rhs", "within"), ...) {
  type <- check_choice(type, c("rhs", "within"), "type")
  if (type == "within") {
    x <- core(cpp_demean, object$design, object$solution)[, object$kept, drop = FALSE]
    if (!is.null(object$design$weights)) x <- x * sqrt(object$design$weights)
  } else {
    x <- do.call(cbind, c(list(matrix(numeric(), object$nobs, 0L)), object$design$columns[object$kept]))
  }
  dimnames(x) <- list(used_rows(object), object$kept_terms)
  if (type == "rhs" && object$intercept) x <- cbind("(Intercept)" = 1, x)
  x
}

#' @rdname fe_model-methods
#' @exportS3Method sandwich::estfun
estfun.fe_model <- function(x, ...) {
  demeaned <- core(cpp_demean, x$design, x$solution)
  k <- ncol(demeaned) - 1L
  residual <- demeaned[, k + 1L] - drop(demeaned[, seq_len(k), drop = FALSE] %*% x$fitted_coefficients)
  weighted <- residual * (if (is.null(x$design$weights)) 1 else x$design$weights)
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
  constant <- x$constant_part
  B <- x$bread
  if (!is.null(constant)) B <- with_constant(B, constant)
  B <- restore_constant(B, constant) * x$nobs
  dimnames(B) <- list(names(x$coefficients), names(x$coefficients))
  B
}

# sandwich's own method would pair the scores of demeaned regressors with regressors as they stand.
#' @exportS3Method sandwich::vcovHC
vcovHC.fe_model <- function(x, type = "HC3", ...) {
  here <- environment()
  check_dots(..., call = here)
  if (!is.character(type) || length(type) != 1L || !type %in% c("const", "HC", "HC0", "HC1")) {
    abort_input(
      "vcov", "`type` must be \"const\", \"HC0\" or \"HC1\" for a fixed-effects model.", found = describe_value(type),
      arg = "type", call = here
    )
  }
  requested_variance(x, switch(type, const = "iid", HC = "HC0", type), NULL, here)$vcov
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

# Effects of y - x'b as the solver left them; the columns' shifts go to the first effect.
raw_effects <- function(object) {
  direction <- c(-object$fitted_coefficients, 1)
  effects <- lapply(object$solution$levels, function(levels) drop(direction %*% levels))
  if (length(effects)) effects[[1L]] <- effects[[1L]] + sum(direction * object$solution$shift)
  stats::setNames(effects, names(object$effects$n_levels))
}

#' @rdname fe_model-methods
#' @export
predict.fe_model <- function(object, newdata = NULL, ...) {
  here <- environment()
  check_dots(..., call = here)
  if (is.null(newdata)) return(fitted.fe_model(object))
  check_data(newdata, "newdata", here)
  x <- new_columns(object, newdata, here)
  value <- rep(0, nrow_of(newdata))
  for (j in seq_along(object$kept)) value <- value + x[[object$kept_terms[j]]] * object$slopes[[j]]
  effects <- raw_effects(object)
  if (length(effects) == 0L) {
    direction <- c(-object$fitted_coefficients, 1)
    return(stats::setNames(value + sum(direction * object$solution$shift), seq_along(value)))
  }
  unseen <- rep(FALSE, length(value))
  strange <- character()
  for (j in seq_along(effects)) {
    parts <- object$effects$parts[[j]]
    known <- if (is.null(parts)) list(object$effects$values[[j]]) else parts
    level <- match_levels(newdata, object$effects$columns[[j]], known, here)
    if (anyNA(level)) strange <- c(strange, names(effects)[j])
    unseen <- unseen | is.na(level)
    value <- value + effects[[j]][level]
  }
  if (any(unseen)) {
    warn_data(
      "unseen_level", paste0(count_of(sum(unseen), "row"), " predicted as NA."),
      found = paste0("A level of ", paste0("`", strange, "`", collapse = " or "), " was not in the fit in ",
                     name_rows(which(unseen)), "."),
      rows = which(unseen)
    )
  }
  stats::setNames(value, seq_along(value))
}

# Place of each row's level among the fitted ones, NA where it is not there. `known` gives the fitted levels'
# values in each of the columns.
match_levels <- function(newdata, columns, known, call) {
  check_model_columns(columns, newdata, call)
  n_known <- length(known[[1L]])
  joint <- NULL # codes of the fitted levels, then of the rows, one column after the other
  unseen <- FALSE
  for (c in seq_along(columns)) {
    column <- group_column(.subset2(newdata, columns[c]), columns[c], "newdata", call)
    place <- match_values(column$values, known[[c]])[column$code + 1L]
    unseen <- unseen | is.na(place)
    part <- c(match_values(known[[c]], known[[c]]), place) - 1L
    part[is.na(part)] <- n_known
    joint <- if (is.null(joint)) part else core(cpp_group_pairs, joint, part, n_known + 1L)$code
  }
  level <- match(joint[-seq_len(n_known)], joint[seq_len(n_known)])
  level[unseen] <- NA
  level
}

# match() of keys: numbers as numbers, whatever their type, moments as moments, anything else by its label.
match_values <- function(x, table) {
  number <- function(v) is.logical(v) || is.numeric(v) && !is.object(v)
  if (number(x) && number(table) || inherits(x, "POSIXct") && inherits(table, "POSIXct")) {
    return(match(as.double(x), as.double(table)))
  }
  match(label_values(x), label_values(table))
}

# Every column that the model needs must be in `newdata`, once.
check_model_columns <- function(names, newdata, call) {
  absent <- setdiff(names, names(newdata))
  if (length(absent)) {
    refuse_unreadable_names(newdata, "newdata", call)
    abort_input(
      "missing_column", "`newdata` must hold every column of the model.",
      found = paste0(enumerate(absent, "`"), if (length(absent) == 1L) " is not a column." else " are not columns."),
      todo = hint_columns(names(newdata), absent), arg = "newdata", columns = absent, call = call
    )
  }
  check_unambiguous(names, newdata, "newdata", call)
}

# The regressors' columns of new data, by the terms of the fit.
new_columns <- function(object, newdata, call) {
  spec <- object$blueprint$spec
  if (is.null(object$blueprint$terms)) {
    check_model_columns(spec$simple, newdata, call)
    columns <- lapply(spec$simple, function(name) numeric_column(newdata, name, "newdata", call))
    return(stats::setNames(columns, spec$simple))
  }
  wanted <- intersect(all.vars(object$blueprint$terms), names(object$data))
  if (length(wanted)) check_model_columns(wanted, newdata, call)
  words <- spec$env
  if (spec$has_lags) {
    names <- object$blueprint$panel
    check_model_columns(c(names$unit_name, names$time_name), newdata, call)
    panel <- read_panel(newdata, names$unit_name, names$time_name, call = call, step = names$step, text = TRUE)
    words <- lag_words(function() panel, spec$env)
  }
  terms <- object$blueprint$terms
  environment(terms) <- words
  variables <- formula_data(spec[setdiff(names(spec), "outcome")], newdata, call)
  with_plain_numbers(tryCatch(
    {
      frame <- stats::model.frame(terms, variables, na.action = stats::na.pass, xlev = object$blueprint$xlevels)
      x <- stats::model.matrix(terms, frame, contrasts.arg = object$blueprint$contrasts)
      stats::setNames(lapply(seq_len(ncol(x)), function(j) x[, j]), enc2utf8(as.character(colnames(x))))
    },
    error = function(e) {
      abort_input("formula", "Every term of the model must evaluate in `newdata`.", found = conditionMessage(e),
                  arg = "newdata", parent = e, call = call)
    }
  ))
}

#' @rdname fe_model-methods
#' @param formula. Changes to the formula: `. ~ . + z | .`.
#' @param evaluate Fit the changed call (default), or return it?
#' @export
update.fe_model <- function(object, formula., ..., evaluate = TRUE) {
  call <- object$call
  if (!missing(formula.)) call$formula <- update_parts(object$formula, formula.)
  extras <- match.call(expand.dots = FALSE)$...
  for (name in names(extras)) call[[name]] <- extras[[name]]
  if (!evaluate) return(call)
  eval(call, parent.frame())
}

# Left side and regressors as update.formula() does, effects by replacing the dot.
update_parts <- function(old, new) {
  parts <- function(formula) {
    right <- formula[[length(formula)]]
    bar <- rlang::is_call(right, "|")
    list(outcome = if (length(formula) == 3L) formula[[2L]], right = if (bar) right[[2L]] else right,
         effects = if (bar) right[[3L]])
  }
  before <- parts(old)
  after <- parts(new)
  main <- stats::update.formula(
    stats::as.formula(call("~", before$outcome, before$right)),
    if (is.null(after$outcome)) call("~", quote(.), after$right) else call("~", after$outcome, after$right)
  )
  effects <- if (is.null(after$effects)) before$effects else
    do.call(substitute, list(after$effects, list(. = before$effects)))
  right <- if (is.null(effects) || identical(effects, 0)) main[[3L]] else call("|", main[[3L]], effects)
  stats::as.formula(call("~", main[[2L]], right), environment(old))
}

#' @rdname fe_model-methods
#' @param conf.int Add `conf.low` and `conf.high`?
#' @param conf.level Their level, default .95.
#' @export
tidy.fe_model <- function(x, conf.int = FALSE, conf.level = 0.95, vcov = NULL, correction = NULL, ...) {
  here <- environment()
  check_dots(..., call = here)
  estimate <- requested_variance(x, vcov, correction, here)
  tidy_estimates(x, estimate, conf.int, conf.level, here)
}

tidy_estimates <- function(x, estimate, conf.int, conf.level, call) {
  check_flag(conf.int, "conf.int", call)
  table <- coefficient_table(x, estimate)
  out <- data.frame(
    term = rownames(table), estimate = table[, 1L], std.error = table[, 2L], statistic = table[, 3L],
    p.value = table[, 4L], row.names = NULL
  )
  if (conf.int) {
    check_level(conf.level, call)
    limits <- confidence_limits(out$estimate, out$std.error, estimate$variance$df, conf.level)
    out$conf.low <- limits[, 1L]
    out$conf.high <- limits[, 2L]
  }
  out
}

#' @rdname fe_model-methods
#' @export
glance.fe_model <- function(x, vcov = NULL, correction = NULL, ...) {
  here <- environment()
  check_dots(..., call = here)
  estimate <- requested_variance(x, vcov, correction, here)
  fit <- r_squared(x)
  wald <- wald_test(x, estimate)
  data.frame(
    r.squared = fit$r.squared, adj.r.squared = fit$adj.r.squared, within.r.squared = fit$within.r.squared,
    adj.within.r.squared = fit$adj.within.r.squared, sigma = stats::sigma(x), statistic = wald$statistic,
    p.value = wald$p.value, df = wald$df, df.residual = x$df.residual, logLik = as.numeric(stats::logLik(x)),
    AIC = stats::AIC(x), BIC = stats::BIC(x), nobs = x$nobs
  )
}

#' @rdname fe_model-methods
#' @export
augment.fe_model <- function(x, ...) {
  here <- environment()
  check_dots(..., call = here)
  rows <- used_rows(x)
  columns <- unclass(x$data)
  attributes(columns) <- list(names = names(x$data))
  out <- lapply(columns, function(column) {
    if (inherits(column, "integer64")) pick(column, rows) else
      if (is.null(dim(column))) column[rows] else column[rows, , drop = FALSE]
  })
  out$.fitted <- unname(fitted.fe_model(x))
  out$.resid <- unname(residuals.fe_model(x))
  structure(out, class = "data.frame", row.names = .set_row_names(length(rows)))
}
