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
#'   inside a function it may be a constant of length one known where the formula was written.
#' @param data A data frame of any kind (data.table, tibble, grouped, `pdata.frame`), one row an
#'   observation, in any order.
#' @param vcov The variance: `"iid"` (classical), `"HC0"`, `"HC1"`, or a one-sided formula such as
#'   `~unit` for clusters. It can be changed afterwards without fitting again: see [vcov.fe_model()].
#' @param correction Whose small-sample convention, see *Small-sample corrections*.
#' @param weights Analytic weights, as in [lm()]: an expression evaluated in `data`, then where it was
#'   written (one positive finite number a row), or the name of a column as a string.
#' @param subset Rows to use: an expression evaluated in `data`, then where it was written, giving TRUE or
#'   FALSE a row (NA counts as FALSE, and is counted) or row numbers. Lags look at all rows of `data`.
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
#' `$sample` and said in a message. A regressor is dropped with a warning that gives the reason when its norm
#' after the effects are out is below 1e-11 of that before (absorbed), or when no more than that is left of it
#' after the regressors before it (collinear).
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
#' `outcome_constant`, `outcome_absorbed`, `no_regressor`, `no_degrees_of_freedom`, `scale`, `empty`, `time`,
#' `choice`, `missing_argument` (lags without unit and time).
#' Warnings: `flowresil_warning_collinear`, `flowresil_warning_singletons`,
#' `flowresil_warning_not_converged`, `flowresil_warning_calendar_code` (lags by times such as 201912). Messages:
#' `flowresil_message_dropped_rows`, `flowresil_message_roles` (unit and time of lags were guessed),
#' `flowresil_message_blanks` (two levels of an effect or cluster that differ by a blank only).
#'
#' @return An object of class `fe_model`, a list with
#' * `coefficients`: named numeric, the kept regressors (first `(Intercept)` where there is a constant).
#' * `vcov`: matrix, the variance asked for; `variance`: how it was made (type, cluster, correction, factor,
#'   degrees of freedom, number of clusters).
#' * `nobs`, `df.residual` (\eqn{n - K}), `n_parameters` (\eqn{K} of the correction).
#' * `residual_squares`, `within_squares`, `total_squares`: sums of (weighted) squares.
#' * `dropped`: data frame of regressors left out (term, reason, detail).
#' * `effects`: names and numbers of levels, singletons; `solver`: method, converged, iterations,
#'   relative_error.
#' * `sample`: rows in the data, rows used, and rows dropped by reason.
#' * `formula`, `call`, `data`; `design` and `solution`, from which residuals and other variances are computed
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
  check_dots(..., call = here)
  check_data(data, call = here)
  settings <- fit_settings(vcov, correction, constant, tolerance, max_iterations, here)
  spec <- parse_formula(formula, here)
  frame <- read_frame(
    spec, data, rlang::enquo(weights), rlang::enquo(subset), rlang::enquo(unit), rlang::enquo(time), here
  )
  report_lags(frame$panel)
  report_dropped_rows(frame)
  fit_frame(frame, data, settings, match.call(), here)
}

correction_choices <- c("fixest", "reghdfe", "dummies", "plm", "none")

# The arguments of the estimation, checked once: what every function that fits takes.
fit_settings <- function(vcov, correction, constant = "none", tolerance = 1e-10, max_iterations = 10000,
                         call = rlang::caller_env()) {
  tolerance <- check_number(tolerance, "tolerance", call = call)
  if (tolerance <= 0 || tolerance >= 1) {
    abort_input("number", "`tolerance` must lie between 0 and 1.", found = describe_value(tolerance),
                arg = "tolerance", call = call)
  }
  list(
    variance = parse_vcov(vcov, call),
    correction = check_choice(correction, correction_choices, "correction", call),
    constant = check_choice(constant, c("none", "mean", "dummy"), "constant", call),
    options = list(
      threads = n_threads(), direct_limit = 2000L, tolerance = tolerance,
      max_iterations = as.integer(check_number(max_iterations, "max_iterations", 1, 1e9, TRUE, call))
    )
  )
}

# The columns, codes and weights of one regression, with what was dropped. `rows` restricts to given rows
# (a common sample); lags still look at all of the data. Gives a list of class "fe_frame" (internal).
read_frame <- function(spec, data, weights = rlang::quo(NULL), subset = rlang::quo(NULL),
                       unit = rlang::quo(NULL), time = rlang::quo(NULL), call = rlang::caller_env(), rows = NULL) {
  check_formula_names(spec, data, call)
  n <- nrow_of(data)
  reasons <- list()
  kept <- subset_rows(subset, data, call)
  if (!is.null(kept)) {
    if (n - length(kept)) reasons$subset <- n - length(kept)
    rows <- if (is.null(rows)) kept else intersect(rows, kept)
  }
  weights <- read_weights(weights, data, call)
  words <- spec$env
  panel <- NULL
  if (spec$has_lags) {
    panel <- lag_panel(spec, data, unit, time, call)
    words <- lag_words(function() panel, spec$env)
  }
  columns <- read_columns(spec, data, words, rows, call)
  values <- c(columns$x, list(columns$y))
  outcome <- enc2utf8(rlang::as_label(spec$outcome))
  names(values)[length(values)] <- outcome
  summary <- summarise_values(values, call, rows)
  if (any(summary$n_not_a_number > 0)) {
    refuse_missing_effects(spec, data, rows, call)
    complete <- Reduce(`&`, lapply(values[summary$n_not_a_number > 0], function(v) !is.nan(v) & !is.na(v)))
    reasons$missing <- count_missing(values, summary$n_not_a_number, columns$missing)
    if (!any(complete)) {
      abort_input(
        "empty", "At least one row must be complete in all variables of the model.",
        found = paste0("Every row misses ", if (length(reasons$missing) > 1L) "one of ",
                       enumerate(names(reasons$missing), "`"), "."),
        todo = say_lags(panel), arg = "data", call = call
      )
    }
    rows <- if (is.null(rows)) which(complete) else rows[complete]
    values <- lapply(values, function(v) v[complete])
    reasons$incomplete <- sum(!complete)
    summary <- summarise_values(values, call, rows)
  }
  if (!is.null(rows) && length(rows) == n && identical(rows, seq_len(n))) rows <- NULL
  effects <- lapply(spec$effects, function(columns) code_effect(data, columns, rows, call))
  names(effects) <- vapply(spec$effects, paste, character(1), collapse = "^")
  k <- length(values) - 1L
  if (k == 0L && (length(effects) || !columns$intercept)) refuse_no_regressor(call)
  list(
    spec = spec, outcome = outcome, terms = columns$terms, xlevels = columns$xlevels,
    contrasts = columns$contrasts, values = values, means = summary$means, effects = effects,
    weights = if (is.null(rows) || is.null(weights)) weights else weights[rows], rows = rows, n_input = n,
    n_used = length(values[[1L]]), reasons = reasons, intercept = length(effects) == 0L && columns$intercept,
    panel = panel[c("unit_name", "time_name", "guessed", "step", "calendar_code")]
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
read_columns <- function(spec, data, words, rows, call) {
  if (!is.null(spec$simple) && is.symbol(spec$outcome)) {
    columns <- lapply(c(spec$simple, as.character(spec$outcome)), function(name) .subset2(data, name))
    if (all(vapply(columns, is_plain_number, logical(1)))) {
      columns <- lapply(columns, as.double)
      if (!is.null(rows)) columns <- lapply(columns, function(v) v[rows])
      x <- columns[seq_along(spec$simple)]
      names(x) <- spec$simple
      return(list(x = x, y = columns[[length(columns)]], intercept = TRUE))
    }
  }
  model_columns(spec, data, words, rows, call)
}

is_plain_number <- function(x) (is.double(x) || is.integer(x)) && is.null(attributes(x))

# Means and counts of what is not finite; infinite values are refused by name.
summarise_values <- function(values, call, rows = NULL) {
  n <- length(values[[1L]])
  if (n == 0L) {
    abort_input("empty", "At least one row must be left.", found = "`subset` keeps none.", arg = "subset", call = call)
  }
  summary <- core(cpp_summarise_columns, bare_design(values, n), n_threads(), call = call)
  infinite <- which(summary$n_infinite > 0)
  if (length(infinite)) {
    name <- names(values)[infinite[1L]]
    refuse_infinite(values[[infinite[1L]]], paste0("`", name, "`"), "formula", call, name, rows)
  }
  if (!all(is.finite(summary$means[summary$n_not_a_number == 0]))) {
    name <- names(values)[which(!is.finite(summary$means) & summary$n_not_a_number == 0)[1L]]
    abort_input("infinite", paste0("`", name, "` must have a finite mean."), found = "Its sum overflows.",
                todo = "Rescale it.", arg = "formula", columns = name, call = call)
  }
  summary
}

bare_design <- function(values, n) {
  list(n_rows = n, columns = unname(values), codes = list(), n_levels = integer(), weights = NULL, centre = TRUE)
}

# Counts of missing values by variable, for the message and for $sample; those of the formula's variables
# where its columns are made of them (a factor has several).
count_missing <- function(values, counts, by_variable) {
  if (length(by_variable)) return(by_variable)
  missing <- counts > 0
  stats::setNames(counts[missing], names(values)[missing])
}

# NA in an effect is an error even where the row would be lost for another reason.
refuse_missing_effects <- function(spec, data, rows, call) {
  for (name in unlist(spec$effects)) {
    column <- .subset2(data, name)
    group_column(if (is.null(rows)) column else pick(column, rows), name, "formula", call, rows)
  }
}

# Row numbers that `subset` keeps; NULL where it is not given.
subset_rows <- function(quo, data, call) {
  if (rlang::quo_is_null(quo)) return(NULL)
  kept <- eval_in_data(quo, data, "subset", call)
  if (is.null(kept)) return(NULL)
  rows_of_condition(kept, nrow_of(data), "subset", call)
}

# TRUE or FALSE a row, or row numbers, to row numbers in increasing order. NA counts as FALSE.
rows_of_condition <- function(kept, n, arg, call) {
  if (is.logical(kept) && length(kept) == n) {
    rows <- which(kept)
  } else if (is.numeric(kept) && !anyNA(kept) && all(kept == round(kept)) &&
             (all(kept >= 1 & kept <= n) || all(kept <= -1 & kept >= -n)) && !anyDuplicated(kept)) {
    rows <- sort(seq_len(n)[kept])
  } else {
    abort_input(
      "subset", paste0("`", arg, "` must be TRUE or FALSE for each of the ", format_counts(n),
                       " rows, or distinct row numbers."),
      found = if (is.logical(kept)) paste0("It has ", format_counts(length(kept)), " values.") else
        paste0("It is ", describe_type(kept), if (is.numeric(kept)) " out of range", "."),
      arg = arg, call = call
    )
  }
  if (length(rows) == 0L) {
    abort_input("empty", paste0("`", arg, "` must keep at least one row."), found = "It keeps none.", arg = arg,
                call = call)
  }
  rows
}

# An expression of the user's, in the data and then where it was written; an error in it is kept as parent.
eval_in_data <- function(quo, data, arg, call) {
  mask <- unclass(data)
  attributes(mask) <- list(names = names(data))
  tryCatch(
    rlang::eval_tidy(quo, mask[!duplicated(names(mask))]),
    error = function(e) {
      abort_input(
        "evaluation", paste0("`", arg, "` must evaluate in `data`."), found = conditionMessage(e), arg = arg,
        parent = e, call = call
      )
    }
  )
}

# Analytic weights as doubles, one a row of the data; NULL where there are none.
read_weights <- function(quo, data, call) {
  if (rlang::quo_is_null(quo)) return(NULL)
  weights <- eval_in_data(quo, data, "weights", call)
  if (is.null(weights)) return(NULL)
  if (is.character(weights)) {
    weights <- .subset2(data, check_column_names(weights, data, "weights", TRUE, call))
  }
  weights <- as_numbers(weights, "`weights`", "weights", call)
  n <- nrow_of(data)
  if (length(weights) != n) {
    abort_input(
      "weights", paste0("`weights` must have one value for each of the ", format_counts(n), " rows."),
      found = paste0("It has ", format_counts(length(weights)), "."), arg = "weights", call = call
    )
  }
  bad <- which(!is.finite(weights) | weights <= 0)
  if (length(bad)) {
    abort_input(
      "weights", "`weights` must be positive and finite.",
      found = paste0("It is ", label_values(weights[bad[1L]]), " in ", name_rows(bad), "."),
      todo = "Leave rows out by `subset`, not by a weight of zero.", arg = "weights", rows = bad, call = call
    )
  }
  weights
}

# Codes of one effect (one column, or several interacted) for the rows used.
code_effect <- function(data, columns, rows, call, arg = "formula") {
  parts <- lapply(columns, function(name) {
    column <- .subset2(data, name)
    group_column(if (is.null(rows)) column else pick(column, rows), name, arg, call, rows)
  })
  Reduce(interact_codes, parts)
}

interact_codes <- function(a, b) {
  pairs <- core(cpp_group_pairs, a$code, b$code, length(b$values))
  list(
    code = pairs$code,
    values = paste(label_values(a$values)[pairs$first], label_values(b$values)[pairs$second], sep = "_"),
    # a level's value in each column: the pasted names of two levels may be the same
    parts = c(
      lapply(if (is.null(a$parts)) list(a$values) else a$parts, pick, pairs$first), list(pick(b$values, pairs$second))
    )
  )
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

# Fits a frame and makes the object. `data` is kept by reference, for clusters named later.
fit_frame <- function(frame, data, settings, call, here) {
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
  object <- list(
    call = call, formula = frame$spec$formula, outcome = frame$outcome, kept_terms = terms[kept],
    nobs = frame$n_used, kept = kept, slopes = stats::setNames(fit$coefficients[kept], terms[kept]),
    residual_squares = fit$residual_squares, within_squares = fit$within_squares,
    total_squares = if (design$centre) fit$total_squares else fit$within_squares,
    means = fit$means, bread = fit$bread, dropped = dropped,
    effects = list(
      n_levels = stats::setNames(n_levels, names(frame$effects)), values = lapply(frame$effects, `[[`, "values"),
      parts = lapply(frame$effects, `[[`, "parts"), columns = stats::setNames(frame$spec$effects, names(frame$effects)),
      singletons = name_singletons(frame$effects)
    ),
    solver = fit$solution[c("method", "converged", "iterations", "relative_error")],
    sample = list(
      n_input = frame$n_input, n_used = frame$n_used, rows = frame$rows,
      dropped = c(subset = frame$reasons$subset, missing = frame$reasons$incomplete), missing = frame$reasons$missing
    ),
    intercept = frame$intercept, constant = if (frame$intercept) "intercept" else settings$constant,
    blueprint = frame[c("spec", "terms", "xlevels", "contrasts", "panel")], options = settings$options,
    design = design, solution = fit$solution[c("shift", "levels", "method")], fitted_coefficients = fit$coefficients,
    data = data
  )
  class(object) <- "fe_model"
  if (!object$solver$converged) report_not_converged(object)
  object$constant_part <- constant_part(object, here)
  object$coefficients <- c(constant_estimate(object), object$slopes)
  estimate <- estimate_variance(object, settings$variance, settings$correction, here)
  object$vcov <- estimate$vcov
  object$variance <- estimate$variance
  object$n_parameters <- estimate$variance$n_parameters
  object$df.residual <- frame$n_used - estimate$variance$n_parameters
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
  ok <- all(is.finite(object$coefficients)) && all(is.finite(object$vcov)) &&
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
  if (sqrt(fit$centred_squares[k + 1L]) <= 1e-11 * scale || scale == 0) {
    abort_input(
      "outcome_constant", paste0("The outcome `", frame$outcome, "` must vary."),
      found = paste0("It is ", label_values(signif(frame$means[k + 1L], 7)), " in all ", format_counts(frame$n_used),
                     " rows used."),
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

why_absorbed <- function(fit, frame, design, j) {
  if (sqrt(fit$centred_squares[j]) <= 1e-11 * fit$norms[j] || fit$norms[j] == 0) return("constant")
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
