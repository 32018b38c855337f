# fe_compare(): one model over sub-samples, outcomes, treatments and lags.

#' The same model over sub-samples, variables and lags
#'
#' Fits a base model over the given sub-samples, outcomes, treatments and lags of the treatment: the columns of
#' a robustness or heterogeneity table in one call. What is not given stays as in the base model. The treatment
#' is the first regressor.
#'
#' With `vary = "cross"` every combination is fitted: two outcomes, two treatments and three lags are twelve
#' models. With `"each"` one thing is changed at a time, as most robustness tables do: the base model first,
#' then each outcome, each treatment, each lag and each sub-sample by itself. What is the base model again
#' (its outcome among `outcomes`, lag 0, the sub-sample `TRUE`) is not fitted twice.
#'
#' @param formula The base model, see [fe_model()].
#' @param data A data frame, see [fe_model()].
#' @param subsets `list(name = condition, ...)`: conditions are evaluated in `data`, then where they were
#'   written, like `subset` of [fe_model()]; the single value `TRUE` means all rows. Default: one sample, all
#'   rows (or those of `subset`).
#' @param outcomes Columns to explain in turn, bare or as strings; names become labels. Default: the base
#'   model's outcome.
#' @param treatments Columns that take the place of the first regressor in turn, bare or as strings; names
#'   become labels. A message says what they replace. Default: the base model's.
#' @param lags Whole numbers of periods by which the treatment is lagged in turn; 0 is the treatment itself.
#'   Default 0.
#' @param vary `"cross"` (default): every combination; `"each"`: the base model, and one change at a time.
#' @param vcov,correction,constant,tolerance,max_iterations As in [fe_model()].
#' @param weights,subset,unit,time As in [fe_model()]; `subset` restricts every model.
#' @param differences Show p values of differences from the first model in its table? See [fe_table()] and
#'   [compare_groups()].
#' @param ... Not used; anything given here is an error.
#'
#' @section Errors: Those of [fe_model()], with the model's name in the message: `flowresil_error_model`, its
#'   parent the original; `flowresil_error_subset` for sub-samples without names or that are no conditions;
#'   `flowresil_error_ambiguous_column` for labels that stand twice; `flowresil_error_choice` (`vary`).
#'   Message: `flowresil_message_treatments`.
#' @return A named list of [fe_model()] objects of class `fe_compare`. Names join what varies: sub-sample,
#'   outcome, treatment, `lag k`; with `vary = "each"` the first is `base`, the others are named by what they
#'   change. `tidy()` gives one data frame with a column `model` first, `glance()` one row
#'   a model; it prints as one table (see [fe_table()]), with the treatments as rows.
#' @source Wang and Lu (2025), Tables 3 and 4.
#' @seealso [fe_table()].
#' @export
#' @examples
#' regions <- fe_compare(ExpRes ~ open + gov | province + year, province_panel,
#'   subsets = list(all = TRUE, east = region == "east", inland = location == "inland")
#' )
#' regions
#' fe_compare(ExpRes ~ open + gov | province + year, province_panel, lags = 0:2)
#'
#' # A robustness table: the base model, another outcome, another treatment, a lag, a sub-sample
#' fe_compare(ExpRes ~ open + gov | province + year, province_panel, vary = "each",
#'   outcomes = ISU, treatments = edu, lags = 1, subsets = list("from 2012" = year >= 2012)
#' )
fe_compare <- function(formula, data, subsets = NULL, outcomes = NULL, treatments = NULL, lags = 0,
                       vcov = "iid", correction = c("fixest", "reghdfe", "dummies", "plm", "none"),
                       weights = NULL, subset = NULL, unit = NULL, time = NULL,
                       constant = c("none", "mean", "dummy"), vary = c("cross", "each"), differences = FALSE, ...,
                       tolerance = 1e-10, max_iterations = 10000) {
  here <- environment()
  check_dots(..., hints = argument_hints, call = here)
  check_data(data, call = here)
  vary <- check_choice(vary, c("cross", "each"), "vary", here)
  check_flag(differences, "differences", here)
  settings <- fit_settings(vcov, correction, constant, tolerance, max_iterations, here, source_names(data))
  base <- parse_formula(formula, here)
  conditions <- named_conditions(rlang::enquo(subsets), data, here)
  outcomes <- variants(rlang::enquo(outcomes), data, "outcomes", here)
  treatments <- variants(rlang::enquo(treatments), data, "treatments", here)
  lags <- check_lags(lags, here)
  first <- first_regressor(base)
  report_treatments(treatments, first)
  if (vary == "each") {
    plans <- single_plans(conditions, outcomes, treatments, lags, base, first, here)
    # number 1 is the base model's
    conditions <- c(list(NULL), conditions)
    outcomes <- c(list(NULL), outcomes)
    treatments <- c(list(NULL), treatments)
  } else {
    plans <- cross_plans(conditions, outcomes, treatments, lags)
  }
  names <- plans$name
  shared <- list(
    weights = rlang::enquo(weights), unit = rlang::enquo(unit), time = rlang::enquo(time),
    rows = subset_rows(rlang::enquo(subset), data, here), call = match.call(), said = new.env(),
    print = fingerprint_data(data, here)
  )
  models <- lapply(cli::cli_progress_along(names, name = "Fitting models"), function(i) {
    plan <- plans[i, ]
    changed <- vary_formula(base, outcomes[[plan$outcome]], treatments[[plan$treatment]], plan$lag)
    fit_plan(names[i], changed, data, conditions[[plan$subset]], shared, settings, here)
  })
  for (panel in distinct_roles(models)) report_lags(panel)
  call <- match.call()
  if (inherits(call$formula, "formula")) environment(call$formula) <- environment(models[[1L]]$formula)
  structure(stats::setNames(models, names), class = "fe_compare", call = call,
            differences = if (differences) TRUE)
}

check_lags <- function(lags, call) {
  if (!is.numeric(lags) || length(lags) == 0L || anyNA(lags) || any(!is.finite(lags) | lags != round(lags)) ||
      anyDuplicated(lags)) {
    abort_input("number", "`lags` must be distinct whole numbers.", found = describe_value(lags), arg = "lags",
                call = call)
  }
  as.double(lags)
}

# Columns that vary, as a named list; list(NULL) where the base model's stays.
variants <- function(quo, data, arg, call) {
  if (rlang::quo_is_null(quo)) return(list(NULL))
  expr <- rlang::quo_get_expr(quo)
  in_data <- is.symbol(expr) && as.character(expr) %in% source_names(data) ||
    rlang::is_call(expr, "c") && all_column_words(expr, source_names(data))
  labels <- if (in_data) {
    if (is.call(expr)) names(as.list(expr)[-1L])
  } else {
    names(tryCatch(rlang::eval_tidy(quo), error = function(e) NULL))
  }
  columns <- resolve_columns(quo, data, arg, call = call)
  if (is.null(labels)) labels <- columns
  labels[!nzchar(labels)] <- columns[!nzchar(labels)]
  twice <- unique(labels[duplicated(labels)])
  if (length(twice)) {
    abort_input(
      "ambiguous_column", paste0("Each of `", arg, "` must have a label of its own."),
      found = paste0(enumerate(twice, "`"), if (length(twice) == 1L) " stands" else " stand", " more than once."),
      arg = arg, columns = twice, call = call
    )
  }
  stats::setNames(as.list(columns), labels)
}

# list(name = condition) to row numbers by name; NULL means all rows.
named_conditions <- function(quo, data, call) {
  if (rlang::quo_is_null(quo)) return(list(NULL))
  expr <- rlang::quo_get_expr(quo)
  if (rlang::is_call(expr, "list")) {
    env <- rlang::quo_get_env(quo)
    parts <- lapply(as.list(expr)[-1L], function(condition) {
      eval_in_data(rlang::new_quosure(condition, env), data, "subsets", call)
    })
  } else {
    parts <- eval_in_data(quo, data, "subsets", call)
  }
  if (is.list(parts)) names(parts) <- utf8_names(names(parts), "subsets", call)
  if (!is.list(parts) || length(parts) == 0L || !rlang::is_named(parts) || anyDuplicated(names(parts))) {
    abort_input(
      "subset", "`subsets` must be a list of conditions, each with a name of its own.",
      found = if (!is.list(parts)) paste0("It is ", describe_type(parts), ".") else
        if (length(parts)) "Names are missing or stand twice." else "It is empty.",
      todo = "Write `subsets = list(early = year < 2015, late = year >= 2015)`.", arg = "subsets", call = call
    )
  }
  lapply(stats::setNames(names(parts), names(parts)), function(name) {
    if (isTRUE(parts[[name]])) return(NULL)
    rows_of_condition(parts[[name]], source_size(data), paste0("subsets$", name), call)
  })
}

# What varies in each model, by number, and its name: every combination, lags fastest.
cross_plans <- function(conditions, outcomes, treatments, lags) {
  plans <- expand.grid(
    lag = lags, treatment = seq_along(treatments), outcome = seq_along(outcomes), subset = seq_along(conditions)
  )
  plans$name <- plan_names(plans, conditions, outcomes, treatments)
  plans
}

# The same for the base model, number 1 of each, and one change at a time. A change that gives the base model
# again is left out.
single_plans <- function(conditions, outcomes, treatments, lags, base, first, call) {
  new <- function(variants, same) which(!vapply(variants, function(v) is.null(v) || same(v), logical(1)))
  changed <- list(
    outcome = new(outcomes, function(name) identical(as.name(name), base$formula[[2L]])),
    treatment = new(treatments, function(name) identical(as.name(name), first)),
    lag = setdiff(lags, 0), subset = new(conditions, function(rows) FALSE)
  )
  labels <- c(
    "base", names(outcomes)[changed$outcome], names(treatments)[changed$treatment],
    paste("lag", changed$lag, recycle0 = TRUE), names(conditions)[changed$subset]
  )
  refuse_repeated_labels(labels, call)
  plans <- data.frame(lag = 0, treatment = 1L, outcome = 1L, subset = 1L, name = labels)
  row <- 2L
  for (what in names(changed)) {
    rows <- row - 1L + seq_along(changed[[what]])
    plans[rows, what] <- changed[[what]] + (what != "lag")
    row <- row + length(rows)
  }
  plans
}

refuse_repeated_labels <- function(labels, call) {
  twice <- unique(labels[duplicated(labels)])
  if (length(twice) == 0L) return(invisible())
  abort_input(
    "ambiguous_column",
    "With `vary = \"each\"` every change must have a label of its own, and none may be \"base\".",
    found = paste0(enumerate(twice, "`"), if (length(twice) == 1L) " stands" else " stand", " more than once."),
    todo = "Name them: `outcomes = c(label = column)`.", arg = "vary", columns = twice, call = call
  )
}

# Names from what varies; "base" where nothing does.
plan_names <- function(plans, conditions, outcomes, treatments) {
  parts <- list(
    if (!is.null(names(conditions))) names(conditions)[plans$subset],
    if (!is.null(names(outcomes))) names(outcomes)[plans$outcome],
    if (!is.null(names(treatments))) names(treatments)[plans$treatment],
    if (length(unique(plans$lag)) > 1L || any(plans$lag != 0)) paste("lag", label_values(plans$lag))
  )
  parts <- Filter(Negate(is.null), parts)
  if (length(parts) == 0L) return(rep("base", nrow(plans)))
  do.call(paste, c(parts, sep = ", "))
}

# The formula without the parentheses that update() puts round a bar.
without_parentheses <- function(formula) {
  right <- formula[[3L]]
  if (rlang::is_call(right, "(", 1) && rlang::is_call(right[[2L]], "|")) formula[[3L]] <- right[[2L]]
  formula
}

# The regressors.
right_side <- function(formula) {
  if (rlang::is_call(formula[[3L]], "|")) formula[[3L]][[2L]] else formula[[3L]]
}

# What a treatment takes the place of.
first_regressor <- function(base) {
  first <- NULL
  replace_first(right_side(without_parentheses(base$formula)), function(expr) first <<- expr)
  first
}

# Says what the treatments take the place of.
report_treatments <- function(treatments, first) {
  replacing <- Filter(function(name) !is.null(name) && !identical(as.name(name), first), treatments)
  if (length(replacing) == 0L) return(invisible())
  names <- unlist(replacing, use.names = FALSE)
  inform_user(
    "treatments",
    paste0(enumerate(names, "`"), if (length(names) > 1L) " take" else " takes", " the place of `",
           gsub("`", "", rlang::expr_deparse(first, width = 500L), fixed = TRUE), "`, the first regressor",
           if (length(names) > 1L) ", in turn", "; the others stay."),
    treatments = names
  )
}

# The base formula with another outcome, another first regressor, or its lag.
vary_formula <- function(base, outcome, treatment, lag) {
  formula <- without_parentheses(base$formula)
  if (!is.null(outcome)) formula[[2L]] <- as.name(outcome)
  right <- replace_first(right_side(formula), function(first) {
    if (!is.null(treatment)) first <- as.name(treatment)
    if (lag == 0) first else call("l", first, lag)
  })
  if (rlang::is_call(formula[[3L]], "|")) formula[[3L]][[2L]] <- right else formula[[3L]] <- right
  formula
}

replace_first <- function(expr, change) {
  if (rlang::is_call(expr, "+", 2) || rlang::is_call(expr, "-", 2)) {
    at <- if (stands_for_intercept(expr[[2L]])) 3L else 2L
    expr[[at]] <- replace_first(expr[[at]], change)
    return(expr)
  }
  change(expr)
}

# 0 + x, 1 + x, -1 + x: the number is no regressor.
stands_for_intercept <- function(expr) {
  is.numeric(expr) || rlang::is_call(expr, "-", 1) && is.numeric(expr[[2L]])
}

# One model of the plan. What goes wrong is told with the model's name.
fit_plan <- function(name, formula, data, rows, shared, settings, call) {
  if (!is.null(shared$rows)) rows <- if (is.null(rows)) shared$rows else intersect(rows, shared$rows)
  if (!is.null(rows) && length(rows) == 0L) {
    abort_input("empty", paste0("Sub-sample `", name, "` must keep at least one row."), found = "It keeps none.",
                arg = "subsets", call = call)
  }
  tryCatch(
    {
      spec <- parse_formula(formula, call)
      frame <- read_frame(spec, data, shared$weights, rlang::quo(NULL), shared$unit, shared$time, call, rows = rows)
      if (!is.null(rows) && length(rows) < source_size(data)) frame$reasons$subset <- source_size(data) - length(rows)
      report_dropped_rows(frame, name)
      if (!identical(frame$doubled, shared$said$doubled)) report_doubled_effects(frame$doubled, name)
      shared$said$doubled <- frame$doubled
      model <- fit_frame(frame, data, settings, single_call(shared$call, formula, rows), call, shared$print)
      model$treatment <- regressor_names(frame)[1L]
      model
    },
    flowresil_error = function(e) {
      abort_input("model", paste0("Model `", name, "` must be estimable."), found = rlang::cnd_message(e),
                  arg = "formula", model = name, parent = e, call = call)
    }
  )
}

#' Methods of a comparison of models
#'
#' @param x A [fe_compare()].
#' @param conf.int,conf.level Add intervals, of which level?
#' @param vcov,correction Another variance, as in [vcov.fe_model()]; `NULL` for that of the fit.
#' @param show Terms to print; by default the treatments.
#' @param width Columns of the console that a line may take.
#' @param df Degrees of freedom of t and F in place of those of the variance, see [tidy.fe_model()].
#' @param ... Passed to [fe_table()] (print); ignored by `tidy()` and `glance()`.
#' @return `tidy()`: data frame with model, outcome, term, estimate, std.error, statistic, p.value (and
#'   conf.low, conf.high); `glance()`: one row a model; `print()` its argument.
#' @name fe_compare-methods
NULL

#' @rdname fe_compare-methods
#' @export
tidy.fe_compare <- function(x, conf.int = FALSE, conf.level = 0.95, vcov = NULL, correction = NULL, df = NULL, ...) {
  rows <- lapply(names(x), function(name) {
    table <- tidy.fe_model(x[[name]], conf.int, conf.level, vcov, correction, df)
    if (nrow(table)) cbind(model = name, outcome = x[[name]]$outcome, table)
  })
  do.call(rbind, rows)
}

#' @rdname fe_compare-methods
#' @export
glance.fe_compare <- function(x, vcov = NULL, correction = NULL, df = NULL, ...) {
  rows <- lapply(names(x), function(name) {
    cbind(model = name, outcome = x[[name]]$outcome, glance.fe_model(x[[name]], vcov, correction, df))
  })
  do.call(rbind, rows)
}

# The treatments, which are what a comparison shows.
compared_terms <- function(x) unique(vapply(unclass(x), `[[`, character(1), "treatment"))

#' @export
`[.fe_compare` <- function(x, i) structure(unclass(x)[i], class = "fe_compare")
