# fe_model(): reading the formula's columns, fitting, the object.

#' Fixed-effects regression (within estimator)
#'
#' Ordinary or weighted least squares with no, one, two or more fixed effects. One effect is taken out by
#' exact means; two by eliminating the larger and solving the rest directly, without iteration or tolerance,
#' as long as the smaller has up to 2000 levels; beyond that, and for three and more, by conjugate-gradient
#' accelerated alternating projections with a tolerance on the solution.
#'
#' @param formula A formula `y ~ x1 + x2 | unit + time`. Left of the bar stand functions of columns, factors,
#'   interactions, [I()], and the words `l(x, 1:2)` (lags), `f(x, 1)` (leads) and `d(x)` (differences), by
#'   unit and time; right of it the fixed effects, columns joined by `+`, or by `^` where they are
#'   interacted. Without a bar there are no effects and an intercept. Every name must be a column of `data`;
#'   inside a function it may be a constant of length one known where the formula was written. An effect that
#'   stands twice, or groups the rows used exactly as another does, is used once, with a message. [fe_formula] tells
#'   what else it takes, and what to write instead of what it does not.
#' @param data A data frame of any kind (data.table, tibble, grouped, `pdata.frame`), one row an
#'   observation, in any order; or a table in a database: a lazy table of dbplyr, a list of them, or a [panel_source()].
#' @param vcov The variance: `"iid"` (classical), `"HC0"` to `"HC3"`, or a one-sided formula such as
#'   `~unit` for clusters, `~unit + time` for clusters in two dimensions. It can be changed afterwards without
#'   fitting again: see [vcov.fe_model()].
#' @param correction Whose small-sample convention, see *Small-sample corrections*.
#' @param weights Analytic weights, as in [lm()]: an expression evaluated in `data`, then where it was
#'   written (one number a row, positive and finite in the rows used), or the name of a column as a string.
#' @param subset Rows to use: an expression evaluated in `data`, then where it was written, giving TRUE or
#'   FALSE a row (NA counts as FALSE, and is counted) or distinct row numbers. Lags look at all rows of `data`.
#' @param unit,time Columns (bare or quoted) by which lags, leads and differences go. By default the index of a
#'   `pdata.frame`, else guessed from the effects, which print and a message say: the time is the one that looks
#'   like a calendar, the unit the first other one in which no unit and time stands twice. See [panel_time] for
#'   the rules, and for what one step of time is.
#' @param constant The constant to report beside fixed effects: `"none"`; `"mean"`, the mean of the outcome
#'   less the means of the regressors times their coefficients, with its standard error (Stata's `reghdfe`);
#'   `"dummy"`, that of a regression on dummies whose base is the first level of each effect.
#' @param ... Not used; anything given here is an error.
#' @param tolerance Iterative solver only: the error of each demeaned column relative to its norm at which it
#'   ends. One number in (0, 1).
#' @param max_iterations Iterative solver only: the most steps a column may take; when they do not suffice,
#'   there is a warning and `$solver$converged` is `FALSE`.
#'
#' @section Small-sample corrections:
#' \eqn{n} rows, \eqn{k} kept slopes, \eqn{L_j} levels of effect \eqn{j} of \eqn{J}, \eqn{C} connected
#' components of the effects, \eqn{G} clusters. \eqn{K = k + \sum L_j - (J - 1)} for `"fixest"`, `"plm"` and
#' `"none"`; \eqn{K = k + \sum L_j - C} for `"reghdfe"` and `"dummies"` (the rank that `lm()` finds);
#' \eqn{K = k + 1} without effects.
#' * iid: \eqn{RSS/(n - K)}; HC1: \eqn{n/(n - K)}; HC0: no factor.
#' * clusters: \eqn{G/(G-1) \cdot (n-1)/(n-K_c)}, where \eqn{K_c} is \eqn{K} less \eqn{L_j - 1} for each
#'   effect nested in the cluster (`"fixest"`, `"reghdfe"`), \eqn{K} (`"dummies"`, sandwich's HC1 on
#'   dummies) or \eqn{k} (`"plm"`, its `"sss"`; its HC1 is \eqn{n/(n-k)}).
#' * `"none"`: no factor, and iid divides by \eqn{n}.
#'
#' iid and HC use the t distribution with \eqn{n - K} degrees of freedom, clusters with \eqn{G - 1}.
#' Levels with one row are kept and counted; `reghdfe` drops them, so `"reghdfe"` warns when there are any
#' (fixest drops them too from version 0.13 on; with its `fixef.rm = "none"` it keeps them as here).
#' With three or more effects \eqn{C} is the number of levels that the others determine: for `"dummies"`
#' by the exact rank, for `"reghdfe"` by connected components of pairs of effects.
#'
#' @section Which rows and regressors:
#' Rows with a missing value in the outcome, a regressor or a lag are dropped, counted by variable in
#' `$sample` and said in a message. Effects, weights and infinite values are judged on the rows used only: what
#' stands in a row outside `subset`, or lost for a missing value, does not matter. With lags unit and time must be
#' there in every row that nothing but its lag may lose, and a unit and time that stand twice are refused where
#' such a row stands there or a row used looks there. A factor with one level in the rows used is constant.
#' A regressor is dropped with a warning that gives the reason when it is constant
#' (its spread is that of rounding: \eqn{n} units in the last place of its largest value, 100 at most), when what the
#' effects leave of it is below 1e-11 of its spread or no more than rounding (absorbed), or when no more than 1e-11 of
#' that is left of it after the regressors before it (collinear). Levels are no obstacle: \eqn{10^{12}} and a spread
#' of .3 are fitted.
#'
#' @section Errors:
#' Classed `flowresil_error_*`: `missing_column`, `ambiguous_column`, `type`, `encoding` (text, a level or a name
#' that is no text in its encoding), `formula`, `duplicate_rows`
#' (lags only), `missing_value` (effects, clusters), `infinite`, `weights`, `subset`, `one_cluster`,
#' `outcome_constant`, `outcome_absorbed`, `outcome_twice`, `no_regressor`, `no_degrees_of_freedom`, `scale`, `empty`,
#' `time`, `choice`, `number`, `vcov`, `constant`, `evaluation`, `argument`, `option`, `missing_argument` (lags without
#' unit and time), `data_changed`, `memory`.
#' Warnings: `flowresil_warning_collinear`, `flowresil_warning_singletons`,
#' `flowresil_warning_not_converged`, `flowresil_warning_variance` (a variance that rounding leaves negative, or not
#' finite: `NA`), `flowresil_warning_perfect_fit` (from `print()` and `summary()`: residuals at rounding level, as
#' [summary.lm()] warns), `flowresil_warning_calendar_code` (lags by times such as 201912). Messages:
#' `flowresil_message_dropped_rows`, `flowresil_message_roles` (unit and time of lags were guessed),
#' `flowresil_message_doubled_effect`, `flowresil_message_no_effects` (many dummies and no effects: was the bar
#' forgotten?).
#'
#' @return An object of class `fe_model`, a list with
#' * `coefficients`: named numeric, the kept regressors (first `(Intercept)` where there is a constant); `slopes`
#'   without it; `constant`: which constant.
#' * `vcov`: matrix, the variance asked for; `variance`: how it was made (`type`, `cluster`, `correction`, `factor`,
#'   `df`, one a coefficient, `n_clusters`, one a dimension, `repaired`).
#' * `nobs`, `df.residual` (\eqn{n - K}), `n_parameters` (\eqn{K} of the correction), `intercept` (has it one of its
#'   own?), `outcome` (its name).
#' * `residual_squares`, `within_squares`, `total_squares`: sums of (weighted) squares.
#' * `dropped`: data frame of regressors left out (term, reason, detail); `kept_terms`, `kept`: names and places of the
#'   others.
#' * `effects`: names and numbers of levels, singletons, effects that stood twice (`doubled`); `solver`: method,
#'   converged, iterations, relative_error; `options` of the estimation.
#' * `sample`: rows in the data, rows used, and rows dropped by reason; `na.action`: the rows lost for missing values,
#'   numbered within the subset (not there where none is).
#' * `engine` (of a table): `name`, `version`, `route`, `scans`, `rows` and `statements` of its reads.
#' * `formula`, `call`, `data` (the formula's environment holds what the formula names and nothing else).
#' * Internal, from which the rest is computed when asked for, and which may change: `design`, `solution`, `means`,
#'   `basis`, `polish`, `polished`, `along`, `offset`, `fitted_coefficients`, `constant_part`, `blueprint`, `labels`,
#'   `fingerprint`, `table`.
#'
#' @source The paper's equation: two-way fixed effects of export resilience on the index (Wang and Lu 2025,
#'   section 3.1).
#' @references Gaure, S. (2013). OLS with multiple high dimensional category variables. *Computational
#'   Statistics & Data Analysis*, 66, 8-18.
#'
#' Correia, S. (2017). Linear models with high-dimensional fixed effects: an efficient and feasible
#' estimator. Working paper.
#' @seealso [fe_formula], [fe_data], [panel_source()] for tables in databases; [fe_compare()], [fe_table()],
#'   [fe_mediation()], [vcov.fe_model()], [fixed_effects()].
#' @export
#' @examples
#' # By hand: two units, two years; the slope is the difference in differences.
#' d <- data.frame(unit = c("a", "a", "b", "b"), year = c(1, 2, 1, 2), x = c(0, 1, 0, 3), y = c(1, 4, 2, 9))
#' m <- fe_model(y ~ x | unit, d)
#' coef(m) # ((4 - 1) * 1 + (9 - 2) * 3) / (1^2 + 3^2) = 2.4
#'
#' # Exports' resilience on openness, clustered by province
#' m <- fe_model(ExpRes ~ open + gov | province + year, province_panel, vcov = ~province)
#' m
#' summary(m, vcov = "iid")
fe_model <- function(formula, data, vcov = "iid",
                     correction = c("fixest", "reghdfe", "dummies", "plm", "none"),
                     weights = NULL, subset = NULL, unit = NULL, time = NULL,
                     constant = c("none", "mean", "dummy"), ...,
                     tolerance = 1e-10, max_iterations = 10000) {
  here <- environment()
  check_dots(..., hints = argument_hints, call = here)
  check_data(data, call = here, tables = TRUE)
  data <- as_source(data, here)
  settings <- fit_settings(vcov, correction, constant, tolerance, max_iterations, here, source_names(data))
  spec <- parse_formula(formula, here)
  frame <- read_frame(
    spec, data, rlang::enquo(weights), rlang::enquo(subset), rlang::enquo(unit), rlang::enquo(time), here
  )
  report_lags(frame$panel)
  report_dropped_rows(frame)
  report_doubled_effects(frame$doubled)
  report_forgotten_bar(frame)
  fit_frame(frame, data, settings, named_call(match.call(), here), here)
}

# The call with names for the function and the data where it holds these themselves, as do.call() makes it, and with
# what a wrapper's dots stand for in place of ..1, ..2.
named_call <- function(user_call, call) {
  if (is.function(user_call[[1L]])) user_call[[1L]] <- quote(fe_model)
  from_dots <- function(x) is.symbol(x) && startsWith(as.character(x), "..") && grepl("^[.][.]([.]|[0-9]+)$", x)
  for (name in names(user_call)[nzchar(names(user_call))]) {
    if (from_dots(user_call[[name]])) {
      user_call[[name]] <- rlang::quo_get_expr(eval(rlang::call2(rlang::enquo, as.name(name)), call))
    }
  }
  data <- user_call$data
  if (!is.call(data) && !is.symbol(data)) user_call$data <- quote(data)
  user_call
}

# The arguments of the estimation, checked once: what every function that fits takes.
fit_settings <- function(vcov, correction, constant = "none", tolerance = 1e-10, max_iterations = 10000,
                         call = rlang::caller_env(), columns = NULL) {
  tolerance <- check_number(tolerance, "tolerance", call = call)
  if (tolerance <= 0 || tolerance >= 1) {
    abort_input("number", "`tolerance` must lie between 0 and 1.", found = describe_value(tolerance),
                arg = "tolerance", call = call)
  }
  list(
    variance = as_variance(evaluated_vcov(vcov, columns, call), call, columns),
    correction = as_choice(correction, corrections(), "correction", call),
    constant = as_choice(constant, constants(), "constant", call),
    options = list(
      threads = n_threads(), direct_limit = most_solved_levels, tolerance = tolerance,
      max_iterations = as.integer(check_number(max_iterations, "max_iterations", 1, 1e9, TRUE, call))
    )
  )
}

# Fits a frame, then its variance, then makes the object. `data` is kept by reference, for clusters named later;
# `print` tells then whether it changed. `user_call` is the call to keep, `call` the environment of the user's function.
fit_frame <- function(frame, data, settings, user_call, call, print = fingerprint_data(data, call)) {
  frame$columns <- own_columns(frame$columns, data)
  if (!is.null(frame$weights)) frame$weights <- own_columns(list(frame$weights), data)[[1L]]
  fit <- fit_equation(frame, settings$options, call)
  frame <- without_environment(frame, source_names(data))
  if (is.function(user_call[[1L]])) user_call[[1L]] <- quote(fe_model) # do.call() puts the function itself there
  if (inherits(user_call$formula, "formula")) environment(user_call$formula) <- environment(frame$spec$formula)
  object <- new_fe_model(fit, frame, data, user_call)
  object <- with_constant(object, if (frame$intercept) constant_intercept() else settings$constant, call)
  view <- new_view(object, call)
  object <- with_variance(object, estimate_variance(object, settings$variance, settings$correction, call, view))
  object$engine <- add_scans(object$engine, view$tally)
  object$fingerprint <- print
  if (isTRUE(settings$correction$drops_singletons)) warn_singletons(object)
  validate_fe_model(object)
}

# A fit with what tells where it came from: call, formula, rows, the formula's blueprint for other data, the data.
new_fe_model <- function(fit, frame, data, user_call) {
  object <- c(
    list(call = user_call, formula = frame$spec$formula), fit,
    list(
      blueprint = frame[c("spec", "terms", "xlevels", "contrasts", "assign", "panel")], data = keep_data(data),
      labels = if (is_table(data)) character() else
        variable_labels(data, intersect(all.vars(frame$spec$formula), source_names(data)))
    )
  )
  object$na.action <- na_action(frame)
  structure(object, class = "fe_model")
}

# The scans of a table with those of its variance.
add_scans <- function(engine, tally) {
  if (is.null(engine)) return(NULL)
  engine$statements <- c(engine$statements, tally$statements)
  engine$scans <- length(engine$statements)
  engine
}

# The constant and what it is made of; the coefficients with it.
with_constant <- function(object, choice, call) {
  object$constant <- choice$name
  object$constant_part <- choice$part(object, call)
  object$coefficients <- c(constant_estimate(object), object$slopes)
  object
}

with_variance <- function(object, estimate) {
  object$vcov <- estimate$vcov
  object$variance <- estimate$variance
  object$n_parameters <- estimate$variance$n_parameters
  object$df.residual <- object$nobs - object$n_parameters
  object
}

# The call of fe_model() that fits one model of a comparison or mediation by itself, so that update() works.
# `rows` are the rows that the model is restricted to, NULL for all.
single_call <- function(user_call, formula, rows) {
  shared <- c("data", "vcov", "correction", "weights", "unit", "time", "constant", "tolerance", "max_iterations")
  arguments <- as.list(user_call)[intersect(shared, names(user_call))]
  if (!is.null(rows)) arguments$subset <- rows
  rlang::call2("fe_model", formula = formula, !!!arguments)
}

# Every promise of the object, checked where it is made.
validate_fe_model <- function(object) {
  ok <- all(is.finite(object$coefficients)) && all(is.finite(object$vcov) | is.na(object$vcov)) &&
    identical(dim(object$vcov), rep(length(object$coefficients), 2L)) && object$df.residual > 0
  if (!isTRUE(ok)) {
    abort_internal(simpleError("a fitted model must have finite coefficients and variances of equal size"))
  }
  object
}

warn_singletons <- function(object) {
  singles <- object$effects$singletons
  n <- lengths(singles)
  if (!any(n > 0L)) return(invisible())
  warn_data(
    "singletons", "reghdfe drops levels that stand in one row; here they are kept and counted.",
    found = paste0("`", names(singles)[n > 0L], "`: ", vapply(singles[n > 0L], enumerate, character(1)), "."),
    todo = "Drop those rows by `subset` to get reghdfe's numbers.", singletons = singles
  )
}
