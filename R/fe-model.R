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
#'   stands twice, or groups the rows used exactly as another does, is used once, with a message. What the formula
#'   may not hold, and what to write instead, is said in *Formulas*.
#' @param data A data frame of any kind (data.table, tibble, grouped, `pdata.frame`), one row an
#'   observation, in any order.
#' @param vcov The variance: `"iid"` (classical), `"HC0"`, `"HC1"`, or a one-sided formula such as
#'   `~unit` for clusters. It can be changed afterwards without fitting again: see [vcov.fe_model()].
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
#' @section Formulas:
#' `l()`, `f()` and `d()` go by unit and time; `lag()`, `lead()`, `diff()`, `shift()`, `L()`, `F()` and `D()`, which
#' shift rows, are refused, as are Stata's `L.x`, `i()`, offsets, `csw()`, two outcomes and a third part. The
#' outcome must not stand among the regressors (`l(y, 1)` may). Effects are columns: the trend of each unit,
#' `unit[t]` elsewhere, is the regressor `unit:t`.
#'
#' Text is a category: one dummy a value but the first, or a slope each in `x:code`. Where a number is meant
#' (arithmetic, `log()`, the outcome) it is refused. Text made of digits is a category inside a call that takes
#' text (`factor(code)`, `interaction()`, `code == "02"`, `nchar()`) and in `x:code`; alone it is refused, since it
#' may be numbers read as text. Text counts as digits when more than half of its distinct values, missing marks
#' such as `".."` and `"-"` aside, are numbers once separators, blanks, percent and currency signs and the sign of
#' the year are taken off; the error shows the conversion.
#'
#' A term is called by the plain name of its column, without backticks, alone and in interactions (`GDP per
#' head:region`); a call keeps R's text, as in ``log(`GDP per head`)``. Where a term is given as a string both
#' spellings are taken.
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
#' @section Data written in place:
#' A model keeps what it needs. The columns of a data.table that the fit reads are copied, since its users write in
#' place (`:=`, `set()`, `setorder()`, `.SD` of groups); a data frame's are not, but some rows of each are compared
#' before they are used again. Other columns (a cluster named later, [augment()][fe_model-methods]) are compared with
#' what they were. Where data changed, the error `data_changed` asks for a new fit; columns added or dropped do not
#' matter.
#'
#' @section Text and numbers as keys:
#' Text of any encoding is compared as UTF-8, and its levels stand in the order of their code points, the same in
#' every session (so does the base level of a text regressor; `factor()` in a formula goes by the session's order).
#' Text that is not valid in its encoding is refused: read such a file with its own, `fileEncoding = "GB18030"`.
#' Keys of class integer64 are compared by all 64 bits. Whole numbers become names without exponent ("500000").
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
#' * `coefficients`: named numeric, the kept regressors (first `(Intercept)` where there is a constant).
#' * `vcov`: matrix, the variance asked for; `variance`: how it was made (type, cluster, correction, factor,
#'   degrees of freedom, number of clusters).
#' * `nobs`, `df.residual` (\eqn{n - K}), `n_parameters` (\eqn{K} of the correction).
#' * `residual_squares`, `within_squares`, `total_squares`: sums of (weighted) squares.
#' * `dropped`: data frame of regressors left out (term, reason, detail).
#' * `effects`: names and numbers of levels, singletons, effects that stood twice (`doubled`);
#'   `solver`: method, converged, iterations,
#'   relative_error.
#' * `sample`: rows in the data, rows used, and rows dropped by reason.
#' * `na.action`: the rows lost for missing values, numbered within the subset; not there where none is.
#' * `formula`, `call`, `data` (the formula's environment holds what the formula names and nothing else);
#'   `design` and `solution`, from which residuals and other variances are computed
#'   when asked for.
#'
#' @source The paper's equation: two-way fixed effects of export resilience on the index (Wang and Lu 2025,
#'   section 3.1).
#' @references Gaure, S. (2013). OLS with multiple high dimensional category variables. *Computational
#'   Statistics & Data Analysis*, 66, 8-18.
#'
#' Correia, S. (2017). Linear models with high-dimensional fixed effects: an efficient and feasible
#' estimator. Working paper.
#' @seealso [fe_compare()], [fe_table()], [fe_mediation()], [vcov.fe_model()], [fixed_effects()].
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
  check_data(data, call = here)
  settings <- fit_settings(vcov, correction, constant, tolerance, max_iterations, here, names(data))
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
named_call <- function(call, here) {
  if (is.function(call[[1L]])) call[[1L]] <- quote(fe_model)
  from_dots <- function(x) is.symbol(x) && startsWith(as.character(x), "..") && grepl("^[.][.]([.]|[0-9]+)$", x)
  for (name in names(call)[nzchar(names(call))]) {
    if (from_dots(call[[name]])) {
      call[[name]] <- rlang::quo_get_expr(eval(rlang::call2(rlang::enquo, as.name(name)), here))
    }
  }
  data <- call$data
  if (!is.call(data) && !is.symbol(data)) call$data <- quote(data)
  call
}

correction_choices <- c("fixest", "reghdfe", "dummies", "plm", "none")

# The arguments of the estimation, checked once: what every function that fits takes.
fit_settings <- function(vcov, correction, constant = "none", tolerance = 1e-10, max_iterations = 10000,
                         call = rlang::caller_env(), columns = NULL) {
  tolerance <- check_number(tolerance, "tolerance", call = call)
  if (tolerance <= 0 || tolerance >= 1) {
    abort_input("number", "`tolerance` must lie between 0 and 1.", found = describe_value(tolerance),
                arg = "tolerance", call = call)
  }
  list(
    variance = parse_vcov(evaluated_vcov(vcov, columns, call), call, columns),
    correction = check_choice(correction, correction_choices, "correction", call),
    constant = check_choice(constant, c("none", "mean", "dummy"), "constant", call),
    options = list(
      threads = n_threads(), direct_limit = 2000L, tolerance = tolerance,
      max_iterations = as.integer(check_number(max_iterations, "max_iterations", 1, 1e9, TRUE, call))
    )
  )
}

# The columns, codes and weights of one regression, with what was dropped. `rows` restricts to given rows
# (a common sample), `beside` names further columns that must be complete in the rows used; lags still look at
# all of the data. Gives a list of class "fe_frame" (internal).
read_frame <- function(spec, data, weights = rlang::quo(NULL), subset = rlang::quo(NULL), unit = rlang::quo(NULL),
                       time = rlang::quo(NULL), call = rlang::caller_env(), rows = NULL, beside = list()) {
  spec <- write_out_dot(spec, names(data))
  check_formula_names(spec, data, call)
  refuse_outcome_twice(spec, call)
  n <- nrow_of(data)
  reasons <- list()
  lost <- NULL
  kept <- subset_rows(subset, data, call)
  if (!is.null(kept)) {
    if (n - length(kept)) reasons$subset <- n - length(kept)
    rows <- if (is.null(rows)) kept else intersect(rows, kept)
  }
  weights <- read_weights(weights, data, call)
  words <- spec$env
  panel <- NULL
  if (spec$has_lags) {
    panel <- lag_panel(spec, data, unit, time, rows, call)
    words <- lag_words(function() panel, spec$env)
  }
  if (!is.null(rows)) beside <- lapply(beside, function(v) v[rows])
  columns <- read_columns(spec, data, words, rows, beside, say_lags(panel), call)
  if (spec$has_lags) {
    standing <- if (is.null(rows)) which(!columns$lost) else rows[!columns$lost]
    refuse_unknown_places(panel, standing, call)
  }
  if (!is.null(columns$complete)) {
    reasons$missing <- columns$missing
    reasons$incomplete <- sum(!columns$complete)
    if (is.null(rows)) rows <- seq_len(n)
    lost <- rows[!columns$complete]
    rows <- rows[columns$complete]
  }
  if (!is.null(rows) && length(rows) == n && identical(rows, seq_len(n))) rows <- NULL
  if (spec$has_lags) refuse_doubtful_lags(panel, spec, rows, standing, call)
  values <- columns$values
  means <- finite_means(values, columns$summary, call, rows)
  coded <- code_effects(spec, data, rows, call)
  k <- length(values) - 1L
  if (k == 0L && (length(coded$effects) || !columns$intercept)) refuse_no_regressor(call)
  list(
    spec = spec, outcome = names(values)[k + 1L], terms = columns$terms, xlevels = columns$xlevels,
    contrasts = columns$contrasts, assign = columns$assign, values = values, means = means, effects = coded$effects,
    effect_columns = coded$columns, doubled = coded$doubled, weights = weights_used(weights, rows, call),
    rows = rows, lost = lost, n_input = n, n_used = length(values[[1L]]), reasons = reasons,
    intercept = length(coded$effects) == 0L && columns$intercept,
    panel = panel[c("unit_name", "time_name", "guessed", "step", "calendar_code")], categories = columns$categories,
    calendars = columns$calendars
  )
}

refuse_no_regressor <- function(call, dropped = nothing_dropped) {
  abort_input(
    "no_regressor", "At least one regressor must be left beside the effects.",
    found = if (nrow(dropped)) paste0("`", dropped$term, "`: ", dropped$detail, ".") else "There is none.",
    arg = "formula", columns = dropped$term, call = call
  )
}

# Plain numeric columns are taken as they stand; anything else goes through model.frame().
read_columns <- function(spec, data, words, rows, beside, lags, call) {
  if (!is.null(spec$simple) && is.symbol(spec$outcome)) {
    names <- c(spec$simple, symbol_name(spec$outcome))
    columns <- stats::setNames(lapply(names, function(name) .subset2(data, name)), names)
    if (all(vapply(columns, is_plain_number, logical(1)))) return(plain_columns(columns, rows, beside, call))
  }
  model_columns(spec, data, words, rows, beside, lags, call)
}

is_plain_number <- function(x) (is.double(x) || is.integer(x)) && is.null(attributes(x))

# What model_columns() gives, of plain numbers. Where no row is lost the summary is that of the rows used.
plain_columns <- function(columns, rows, beside, call) {
  columns <- lapply(columns, as.double)
  if (!is.null(rows)) columns <- lapply(columns, function(v) v[rows])
  all <- c(columns, beside)
  summary <- summarise_values(all, call)
  lacking <- summary$n_not_a_number > 0
  if (!any(lacking)) return(list(values = columns, summary = summary, intercept = TRUE))
  found <- complete_rows(lapply(columns[lacking[seq_along(columns)]], is.na), beside, call)
  list(values = lapply(columns, function(v) v[found$complete]), complete = found$complete, missing = found$missing,
       intercept = TRUE)
}

# Means and counts of what is not finite, by column.
summarise_values <- function(values, call) {
  core(cpp_summarise_columns, bare_design(values, length(values[[1L]])), n_threads(), call = call)
}

# Means of the rows used; infinite values are refused by name. `summary` where it is there already.
finite_means <- function(values, summary, call, rows = NULL) {
  if (is.null(summary)) summary <- summarise_values(values, call)
  own <- seq_along(values)
  infinite <- which(summary$n_infinite[own] > 0)
  if (length(infinite)) {
    name <- names(values)[infinite[1L]]
    refuse_infinite(values[[infinite[1L]]], paste0("`", name, "`"), "formula", call, name, rows)
  }
  overflow <- which(!is.finite(summary$means[own]))
  if (length(overflow)) {
    name <- names(values)[overflow[1L]]
    abort_input("infinite", paste0("`", name, "` must have a finite mean."), found = "Its sum overflows.",
                todo = "Rescale it.", arg = "formula", columns = name, call = call)
  }
  summary$means[own]
}

bare_design <- function(values, n) {
  list(n_rows = n, columns = unname(values), codes = list(), n_levels = integer(), weights = NULL, centre = TRUE)
}

# Says which rows were lost, once, in the words of the user's columns.
report_dropped_rows <- function(frame, model = NULL) {
  n <- frame$reasons$incomplete
  if (is.null(n)) return(invisible())
  missing <- frame$reasons$missing
  inform_user(
    "dropped_rows",
    paste0(if (!is.null(model)) paste0("Model `", model, "`: "), count_of(n, "row"), " of ",
           format_counts(frame$n_input), " dropped for missing values."),
    details = paste0(
      "Missing: ", paste0("`", names(missing), "` (", format_counts(missing), ")",
                          collapse = ", "), "."
    ),
    n = n, missing = missing
  )
}

# Fits a frame and makes the object. `data` is kept by reference, for clusters named later; `print` tells then
# whether it changed.
fit_frame <- function(frame, data, settings, call, here, print = fingerprint_data(data, here)) {
  frame$values <- own_columns(frame$values, data)
  if (!is.null(frame$weights)) frame$weights <- own_columns(list(frame$weights), data)[[1L]]
  k <- length(frame$values) - 1L
  n_levels <- vapply(frame$effects, function(e) length(e$values), integer(1), USE.NAMES = FALSE)
  design <- list(
    n_rows = frame$n_used, columns = unname(frame$values),
    codes = lapply(unname(frame$effects), `[[`, "code"), n_levels = n_levels, weights = frame$weights,
    centre = length(n_levels) > 0L || frame$intercept
  )
  rank_tolerance <- 1e-11
  fit <- core(cpp_fit_within, design, frame$means, settings$options, rank_tolerance, call = here)
  refuse_extreme_scale(fit, frame, here)
  refuse_unusable_outcome(fit, frame, here)
  kept <- which(fit$fate == 0L)
  terms <- names(frame$values)[seq_len(k)]
  dropped <- describe_dropped(fit, frame, design, terms, kept)
  if (length(kept) == 0L && !frame$intercept) refuse_no_regressor(here, dropped)
  report_dropped_regressors(dropped)
  frame <- without_environment(frame, names(data))
  if (is.function(call[[1L]])) call[[1L]] <- quote(fe_model) # do.call() puts the function itself there
  if (inherits(call$formula, "formula")) environment(call$formula) <- environment(frame$spec$formula)
  object <- list(
    call = call, formula = frame$spec$formula, outcome = frame$outcome, kept_terms = terms[kept],
    nobs = frame$n_used, kept = kept, slopes = stats::setNames(fit$coefficients[kept], terms[kept]),
    residual_squares = fit$residual_squares, within_squares = fit$within_squares,
    total_squares = if (design$centre) fit$total_squares else fit$within_squares,
    means = fit$means, basis = fit$basis, polish = fit$polish, along = fit$along, offset = fit$offset,
    polished = fit$polished, dropped = dropped,
    effects = list(
      n_levels = stats::setNames(n_levels, names(frame$effects)), values = lapply(frame$effects, `[[`, "values"),
      parts = lapply(frame$effects, `[[`, "parts"),
      columns = stats::setNames(frame$effect_columns, names(frame$effects)),
      doubled = frame$doubled, singletons = name_singletons(frame$effects)
    ),
    solver = fit$solution[c("method", "converged", "iterations", "relative_error")],
    sample = list(
      n_input = frame$n_input, n_used = frame$n_used, rows = frame$rows, lost = frame$lost,
      dropped = c(subset = frame$reasons$subset, missing = frame$reasons$incomplete), missing = frame$reasons$missing
    ),
    intercept = frame$intercept, constant = if (frame$intercept) "intercept" else settings$constant,
    blueprint = frame[c("spec", "terms", "xlevels", "contrasts", "assign", "panel")], options = settings$options,
    design = design, solution = fit$solution[c("shift", "rest", "levels", "method")],
    fitted_coefficients = fit$coefficients,
    data = keep_data(data)
  )
  object$na.action <- na_action(frame)
  class(object) <- "fe_model"
  if (!object$solver$converged) report_not_converged(object)
  object$constant_part <- constant_part(object, here)
  object$coefficients <- c(constant_estimate(object), object$slopes)
  estimate <- estimate_variance(object, settings$variance, settings$correction, here)
  object$vcov <- estimate$vcov
  object$variance <- estimate$variance
  object$n_parameters <- estimate$variance$n_parameters
  object$df.residual <- frame$n_used - estimate$variance$n_parameters
  object$fingerprint <- print
  if (settings$correction == "reghdfe") warn_singletons(object)
  validate_fe_model(object)
}

# The call of fe_model() that fits one model of a comparison or mediation by itself, so that update() works.
# `rows` are the rows that the model is restricted to, NULL for all.
single_call <- function(call, formula, rows) {
  shared <- c("data", "vcov", "correction", "weights", "unit", "time", "constant", "tolerance", "max_iterations")
  arguments <- as.list(call)[intersect(shared, names(call))]
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

# Squares must neither overflow nor vanish: beyond 1e140 or below 1e-140 a column has to be rescaled.
refuse_extreme_scale <- function(fit, frame, call) {
  extreme <- which(!is.finite(fit$norms) | fit$norms < 1e-140)
  extreme <- extreme[vapply(frame$values[extreme], function(v) any(v != 0), logical(1))]
  if (length(extreme) == 0L && fit$representable) return(invisible())
  abort_input(
    "scale", "Every variable must have values whose squares a double can hold.",
    found = paste0(enumerate(names(frame$values)[extreme], "`"), " is of size ",
                   format(max(abs(frame$values[[extreme[1L]]])), digits = 3), "."),
    todo = "Rescale it.", arg = "formula", columns = names(frame$values)[extreme], call = call
  )
}

refuse_unusable_outcome <- function(fit, frame, call) {
  k <- length(frame$values) - 1L
  scale <- fit$norms[k + 1L]
  y <- frame$values[[k + 1L]]
  doubtful <- sqrt(fit$centred_squares[k + 1L]) <= 1e-11 * scale || scale == 0
  if (doubtful && is_constant(y) || fit$outcome_absorbed && length(frame$effects) == 0L) {
    ends <- format(range(y), digits = 17L)
    abort_input(
      "outcome_constant", paste0("The outcome `", frame$outcome, "` must vary."),
      found = if (min(y) == max(y)) {
        paste0("It is ", label_values(y[[1L]]), " in all ", format_counts(frame$n_used), " rows used.")
      } else {
        paste0("It goes from ", ends[1L], " to ", ends[2L], " in the ", format_counts(frame$n_used),
               " rows used: that is rounding.")
      },
      arg = "formula", columns = frame$outcome, call = call
    )
  }
  if (fit$outcome_absorbed) {
    abort_input(
      "outcome_absorbed", paste0("The outcome `", frame$outcome, "` must vary within the effects."),
      found = paste0(enumerate(names(frame$effects), "`"), if (length(frame$effects) == 1L) " explains" else " explain",
                     " all of it."), arg = "formula",
      columns = frame$outcome, call = call
    )
  }
}

nothing_dropped <- data.frame(term = character(), reason = character(), detail = character())

# Why each regressor was left out: constant, absorbed by which effect, collinear with which regressors.
describe_dropped <- function(fit, frame, design, terms, kept) {
  out <- which(fit$fate != 0L)
  if (length(out) == 0L) return(nothing_dropped)
  detail <- character(length(out))
  collinear <- 0L
  for (i in seq_along(out)) {
    j <- out[i]
    if (fit$fate[j] == 1L) {
      detail[i] <- why_absorbed(fit, frame, design, j)
    } else {
      collinear <- collinear + 1L
      shares <- abs(fit$combination[, collinear])
      detail[i] <- paste0("collinear with ", enumerate(terms[kept][shares > 1e-7 * max(shares)], "`"))
    }
  }
  data.frame(term = terms[out], reason = c("absorbed", "collinear")[fit$fate[out]], detail = detail)
}

# Constant up to rounding, as in entropy_weights(): a spread of at most n units in the last place of the largest
# value; of a hundred in long columns, since the values' own rounding does not grow with their number.
is_constant <- function(x) {
  max(x) - min(x) <= min(length(x), 100) * .Machine$double.eps * max(abs(x))
}

why_absorbed <- function(fit, frame, design, j) {
  if (length(frame$effects) == 0L || is_constant(frame$values[[j]])) return("constant")
  single <- vapply(seq_along(frame$effects), function(e) {
    alone <- design
    alone$columns <- design$columns[c(j, j)]
    alone$codes <- design$codes[e]
    alone$n_levels <- design$n_levels[e]
    options <- list(threads = 1L, direct_limit = 2000L, tolerance = 1e-10, max_iterations = 100L)
    core(cpp_fit_within, alone, frame$means[c(j, j)], options, 1e-11)$fate == 1L
  }, logical(1))
  by <- names(frame$effects)[single]
  if (length(by) == 0L) by <- names(frame$effects)
  paste0("absorbed by ", enumerate(by, "`"))
}

report_dropped_regressors <- function(dropped) {
  if (nrow(dropped) == 0L) return(invisible())
  warn_data(
    "collinear", paste0(count_of(nrow(dropped), "regressor"), " dropped, not identified."),
    found = paste0("`", dropped$term, "`: ", dropped$detail, "."), terms = dropped$term, reasons = dropped$reason
  )
}

report_not_converged <- function(object) {
  warn_data(
    "not_converged", "The effects did not converge.",
    found = paste0("After ", label_values(object$solver$iterations),
                   " iterations the relative error of a demeaned column is about ",
                   format(object$solver$relative_error, digits = 2), "."),
    todo = "Raise `max_iterations` or `tolerance`.", solver = object$solver
  )
}

name_singletons <- function(effects) {
  lapply(effects, function(effect) {
    label_values(pick(effect$values, core(cpp_singletons, effect$code, length(effect$values))))
  })
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
