# fe_mediation(): Jiang's two steps on one common sample.

#' Two-step mediation analysis with fixed effects
#'
#' The two steps of Jiang (2022): the total effect of a treatment on the outcome, and its effect on each
#' mediator, all with the same controls, effects, clusters and rows as the baseline. There is no third
#' regression of the outcome on treatment and mediator, and no product of coefficients: with the mediator
#' chosen by the units themselves that regression does not identify the mediator's effect.
#'
#' Step one: \eqn{y_{it} = \beta x_{it} + \gamma' z_{it} + \mu_i + \delta_t + e_{it}} (equation `"total"`).
#' Step two, for each mediator: \eqn{m_{it} = a x_{it} + \gamma' z_{it} + \mu_i + \delta_t + e_{it}} (equation
#' `"mediator"`). What two steps show is that the treatment moves the mediator; that the mediator moves the
#' outcome has to come from theory or from other evidence, and how much of the total effect runs through it
#' stays open.
#'
#' @param formula `y ~ x + controls | unit + time`, as in [fe_model()]. The first regressor is the treatment.
#' @param data A data frame, see [fe_model()].
#' @param mediators Numeric columns of `data`, bare (`c(a, b)`) or as strings.
#' @param vcov,correction,weights,subset,unit,time,constant,tolerance,max_iterations As in [fe_model()], the
#'   same for all equations.
#' @param treatment The term whose effects are wanted, as a string; by default the first regressor.
#' @param ... Not used; anything given here is an error.
#'
#' @section Common sample: A row that misses a value in any equation's variables is dropped from all, counted
#'   by variable and said in a message.
#' @section Errors: Those of [fe_model()]; `flowresil_error_mediator` where a mediator is the outcome, the
#'   treatment, a control or given twice, does not vary, or is absorbed by the effects;
#'   `flowresil_error_treatment` where the treatment is not a term, or not identified.
#' @return An object of class `fe_mediation`, a list with `models` (named list of [fe_model()]: `total`, then
#'   one by mediator), `treatment`, `outcome`, `mediators`, `sample`, `variance` and `call`. `tidy()` gives a
#'   data frame: equation (`"total"`, `"mediator"`), outcome, term, estimate, std.error, statistic, p.value,
#'   conf.low, conf.high; one row an equation, or with `terms = "all"` one for each coefficient.
#' @source Wang and Lu (2025), Table 4, columns 1 and 2.
#' @references Jiang, T. (2022). Mediating effects and moderating effects in causal inference. *China
#'   Industrial Economics*, 5, 100-120.
#' @seealso [fe_model()], [fe_table()].
#' @export
#' @examples
#' m <- fe_mediation(ExpRes ~ open + gov + edu | province + year, province_panel,
#'   mediators = c(ISU, TED), vcov = ~province
#' )
#' m
#' generics::tidy(m)
fe_mediation <- function(formula, data, mediators, vcov = "iid",
                         correction = c("fixest", "reghdfe", "dummies", "plm", "none"), treatment = NULL,
                         weights = NULL, subset = NULL, unit = NULL, time = NULL,
                         constant = c("none", "mean", "dummy"), ..., tolerance = 1e-10, max_iterations = 10000) {
  here <- environment()
  check_dots(..., hints = argument_hints, call = here)
  check_data(data, call = here)
  settings <- fit_settings(vcov, correction, constant, tolerance, max_iterations, here, source_names(data))
  spec <- parse_formula(formula, here)
  mediators <- resolve_columns(rlang::enquo(mediators), data, "mediators", call = here)
  refuse_mediators(mediators, spec, source_names(data), here)
  columns <- lapply(mediators, read_mediator, data = data, call = here)
  names(columns) <- mediators

  frame <- read_frame(
    spec, data, rlang::enquo(weights), rlang::enquo(subset), rlang::enquo(unit), rlang::enquo(time), here,
    beside = columns
  )
  report_lags(frame$panel)
  frame$lost <- NULL # each model's call names the common rows as its subset: within that none is lost
  report_dropped_rows(frame)
  report_doubled_effects(frame$doubled)
  treatment <- choose_treatment(treatment, frame, here)
  user_call <- match.call()
  print <- fingerprint_data(data, here)
  fit <- function(frame, formula) {
    fit_frame(frame, data, settings, single_call(user_call, formula, frame$rows), here, print)
  }
  models <- list(total = fit(frame, formula))
  for (name in mediators) models[[name]] <- fit_mediator(frame, name, columns[[name]], fit, here)
  for (model in models) refuse_lost_treatment(model, treatment, here)
  if (inherits(user_call$formula, "formula")) user_call$formula <- models$total$formula
  structure(
    list(
      models = models, treatment = treatment, outcome = frame$outcome, mediators = mediators,
      sample = models$total$sample, variance = models$total$variance, formula = models$total$formula, call = user_call
    ),
    class = "fe_mediation"
  )
}

# A mediator must be a variable of its own, and stand nowhere else in the model.
refuse_mediators <- function(mediators, spec, columns, call) {
  regressors <- all.vars(spec$right)
  if ("." %in% regressors) regressors <- c(regressors, setdiff(columns, unlist(spec$effects)))
  in_right <- intersect(mediators, regressors)
  in_outcome <- intersect(mediators, all.vars(spec$outcome))
  in_effects <- intersect(mediators, unlist(spec$effects))
  twice <- unique(mediators[duplicated(mediators)])
  found <- c(
    if (length(in_outcome)) paste0(enumerate(in_outcome, "`"), " is the outcome."),
    if (length(in_right)) paste0(enumerate(in_right, "`"), " stands among the regressors."),
    if (length(in_effects)) paste0(enumerate(in_effects, "`"), " is an effect."),
    if (length(twice)) paste0(enumerate(twice, "`"), " is named twice.")
  )
  if (length(found)) {
    abort_input(
      "mediator", "Each of `mediators` must be a variable of its own, neither treatment, outcome nor control.",
      found = found, arg = "mediators", columns = unique(c(in_outcome, in_right, in_effects, twice)), call = call
    )
  }
}

read_mediator <- function(name, data, call) {
  numeric_column(data, name, "mediators", call)
}

# The treatment's term.
choose_treatment <- function(treatment, frame, call) {
  terms <- regressor_names(frame)
  if (is.null(treatment)) return(terms[1L])
  place <- if (is.character(treatment) && length(treatment) == 1L) match_terms(treatment, terms) else NA
  if (is.na(place)) {
    abort_input(
      "treatment", "`treatment` must be one term of the model, as a string.", found = describe_value(treatment),
      todo = paste0("The terms are ", enumerate(terms, "`", 10L), "."), arg = "treatment", call = call
    )
  }
  terms[place]
}

# The equation of a mediator: the treatment's frame with the mediator as outcome, fitted by `fit`.
fit_mediator <- function(frame, name, column, fit, call) {
  if (!is.null(frame$rows)) column <- column[frame$rows]
  refuse_infinite(column, paste0("The mediator `", name, "`"), "mediators", call, name, frame$rows)
  frame <- with_outcome(frame, name, column, call)
  tryCatch(
    fit(frame, frame$spec$formula),
    flowresil_error_outcome_constant = function(e) refuse_constant_mediator(name, "does not vary", e, call),
    flowresil_error_outcome_absorbed = function(e) refuse_constant_mediator(name, "is absorbed by the effects", e, call)
  )
}

refuse_constant_mediator <- function(name, what, parent, call) {
  abort_input(
    "mediator", paste0("The mediator `", name, "` must vary within the effects."),
    found = paste0("It ", what, "."), arg = "mediators", columns = name, parent = parent, call = call
  )
}

refuse_lost_treatment <- function(model, treatment, call) {
  if (treatment %in% names(model$coefficients)) return(invisible())
  detail <- model$dropped$detail[match(treatment, model$dropped$term)]
  abort_input(
    "treatment", paste0("The treatment `", treatment, "` must be identified in every equation."),
    found = paste0("With outcome `", model$outcome, "` it is ", detail, "."), arg = "treatment", call = call
  )
}

#' Methods of a mediation analysis
#'
#' @param x,object A [fe_mediation()].
#' @param terms `"treatment"` (default) or `"all"` coefficients.
#' @param conf.level Level of the intervals, default .95.
#' @param vcov,correction Another variance, as in [vcov.fe_model()]; `NULL` for that of the fit.
#' @param df Degrees of freedom of t and F in place of those of the variance, see [tidy.fe_model()].
#' @param digits Significant digits.
#' @param ... Ignored.
#' @return `tidy()` a data frame as [fe_mediation()] says; `glance()` one row an equation; `nobs()` the common
#'   number of rows; `print()` its argument; `summary()` an object with the same table and its own print.
#' @name fe_mediation-methods
NULL

#' @rdname fe_mediation-methods
#' @export
tidy.fe_mediation <- function(x, terms = c("treatment", "all"), conf.level = 0.95, vcov = NULL,
                              correction = NULL, df = NULL, ...) {
  here <- environment()
  terms <- check_choice(terms, c("treatment", "all"), "terms", here)
  rows <- lapply(x$models, function(model) {
    estimate <- requested_variance(model, vcov, correction, here, df)
    table <- tidy_estimates(model, estimate, TRUE, conf.level, here)
    if (terms == "treatment") table <- table[table$term == x$treatment, , drop = FALSE]
    cbind(
      equation = if (identical(model, x$models$total)) "total" else "mediator", outcome = model$outcome, table
    )
  })
  out <- do.call(rbind, rows)
  rownames(out) <- NULL
  out
}

#' @rdname fe_mediation-methods
#' @export
glance.fe_mediation <- function(x, ...) {
  rows <- lapply(x$models, function(model) cbind(outcome = model$outcome, glance(model, ...)))
  out <- do.call(rbind, rows)
  cbind(equation = c("total", rep("mediator", length(x$mediators))), out, row.names = NULL)
}

#' @rdname fe_mediation-methods
#' @export
nobs.fe_mediation <- function(object, ...) object$models$total$nobs

#' @rdname fe_mediation-methods
#' @export
formula.fe_mediation <- function(x, ...) x$formula

#' @rdname fe_mediation-methods
#' @export
print.fe_mediation <- function(x, digits = 4, ...) {
  check_digits(digits)
  formula <- paste(deparse(x$formula, width.cutoff = 200L), collapse = " ")
  cat("Two-step mediation (Jiang 2022): ", formula, "\n", sep = "")
  cat("Treatment ", x$treatment, "; ", count_of(nobs.fe_mediation(x), "row"), " common to all equations of ",
      format_counts(x$sample$n_input), "\n", sep = "")
  print_mediation_table(x, digits)
  print_roles(x$models["total"])
  cat("Standard errors: ", describe_variance(x$variance), "\n", sep = "")
  cat(strwrap(paste(
    "Two steps show whether the treatment moves the mediator. They do not show that the mediator moves the",
    "outcome, nor how much of the total effect runs through it."
  ), width = getOption("width")), sep = "\n")
  invisible(x)
}

print_mediation_table <- function(x, digits) {
  table <- tidy.fe_mediation(x)
  values <- as.matrix(table[c("estimate", "std.error", "statistic", "p.value")])
  dimnames(values) <- list(
    paste0(table$equation, ": ", x$treatment, " -> ", table$outcome),
    c("Estimate", "Std. Error", "t value", "Pr(>|t|)")
  )
  print_coefficients(values, digits, 6L)
}

#' @rdname fe_mediation-methods
#' @export
summary.fe_mediation <- function(object, ...) {
  structure(list(mediation = object, models = lapply(object$models, summary, ...)), class = "summary.fe_mediation")
}

#' @rdname fe_mediation-methods
#' @export
print.summary.fe_mediation <- function(x, digits = 4, ...) {
  check_digits(digits)
  for (name in names(x$models)) {
    cat(if (name == "total") "Step 1, total effect" else paste0("Step 2, mediator ", name), "\n", sep = "")
    print(x$models[[name]], digits = digits)
    cat("\n")
  }
  invisible(x)
}
