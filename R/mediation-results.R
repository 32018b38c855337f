# What people ask of a mediation analysis: effects, tables, coefficients.

# All coefficients with their covariance, as the methods take them: list(coefficients, vcov, df (one a coefficient),
# equation (of each), reference, drawn, wild_p, plain_vcov, call). Another variance or correction where it is asked for.
mediation_fit <- function(object, call = rlang::caller_env(), vcov = NULL, correction = NULL) {
  model <- object$models$total
  choice <- if (is.null(vcov)) model$variance$choice else
    as_variance(evaluated_vcov(vcov, source_names(model$data), call), call, source_names(model$data))
  correction <- as_choice(if (is.null(correction)) model$variance$correction else correction, corrections(),
                          "correction", call)
  joint <- object$covariance == "stacked"
  stacked <- stacked_covariance(object$models, choice, correction, joint, call)
  plain <- if ("studentised" %in% object$method) {
    stacked_covariance(object$models, choice, corrections()$none(), TRUE, call)$vcov
  }
  coefficients <- stacked_coefficients(object$models)
  equations <- rep(names(object$models), vapply(object$models, function(m) length(m$coefficients), 0L))
  list(
    coefficients = coefficients, vcov = stacked$vcov, df = stacked$df,
    equation = stats::setNames(equations, names(coefficients)), reference = object$reference, drawn = object$drawn,
    wild_p = object$wild_p, plain_vcov = plain, call = call, variance = stacked$variance
  )
}

# The columns of draws that people look at.
named_draws <- function(object, D, effects) {
  several <- length(object$treatment) > 1L
  parts <- lapply(object$treatment, function(treatment) {
    own <- Filter(function(e) e$treatment == treatment, effects)
    part <- draw_columns(D, own, object$mediators, treatment)
    if (several) colnames(part) <- paste0(colnames(part), " {", treatment, "}")
    part
  })
  do.call(cbind, parts)
}

accelerations <- function(object, effects) {
  drawn <- object$drawn$pairs
  if (is.null(drawn$leave_out)) return(NULL)
  columns <- named_draws(object, drawn$leave_out, effects)
  apply(columns, 2L, acceleration_from)
}

# The table of effects.
tidy_effects <- function(object, fit, level) {
  if (identical(object$method, "two_step")) {
    abort_input("component", "Effects are of methods beside \"two_step\", which claims no product.",
                found = "`method` was \"two_step\" alone.", todo = "Fit with `method = \"monte_carlo\"`, say.",
                arg = "component", call = fit$call)
  }
  methods <- lapply(object$method, function(name) mediation_methods()[[name]]())
  rows <- list()
  add <- function(effect, method, row) {
    rows[[length(rows) + 1L]] <<- c(list(treatment = effect$treatment, effect = effect$effect,
                                         mediator = effect$mediator, at = effect$at, method = method), row)
  }
  for (effect in effects_of(object)) {
    if (is_coefficient(effect)) add(effect, "model", delta_row(effect, fit, level))
    for (method in methods) {
      if (!is.null(method$applies) && method$applies(effect)) add(effect, method$name, method$row(effect, fit, level))
    }
    if (effect$effect == "proportion") {
      add(effect, "delta", delta_row(effect, fit, level))
      add(effect, "fieller", fieller_row(effect, fit, level))
    }
  }
  columns <- lapply(stats::setNames(names(rows[[1L]]), names(rows[[1L]])), function(name) {
    unlist(lapply(rows, `[[`, name))
  })
  list2DF(columns)
}

#' Methods of a mediation analysis
#'
#' @param x,object A [fe_mediation()].
#' @param terms `"treatment"` (default) or `"all"` coefficients (of `component = "equations"`).
#' @param component `"equations"` (default): a row an equation; `"effects"`: a row an effect and method.
#' @param conf.level Level of the intervals, default .95.
#' @param vcov,correction Another variance, as in [vcov.fe_model()]; `NULL` for that of the fit. Draws stay as they are.
#' @param df Degrees of freedom of t and F in place of those of the variance, see [tidy.fe_model()].
#' @param digits Significant digits.
#' @param ... Ignored.
#' @return `tidy()` a data frame as [fe_mediation()] says; `coef()` and `vcov()` all equations' coefficients, named
#'   `equation:term`, and their covariance; `glance()` one row an equation; `nobs()` the common number of rows;
#'   `print()` its argument; `summary()` an object with the same table and its own print.
#' @name fe_mediation-methods
NULL

#' @rdname fe_mediation-methods
#' @export
tidy.fe_mediation <- function(x, terms = c("treatment", "all"), conf.level = 0.95, vcov = NULL,
                              correction = NULL, df = NULL, component = c("equations", "effects"), ...) {
  here <- environment()
  terms <- check_choice(terms, c("treatment", "all"), "terms", here)
  component <- check_choice(component, c("equations", "effects"), "component", here)
  if (component == "effects") {
    check_level(conf.level, here, "conf.level")
    fit <- mediation_fit(x, here, vcov, correction)
    if (!is.null(df)) fit$df[] <- check_number(df, "df", 1e-8, call = here)
    return(tidy_effects(x, fit, conf.level))
  }
  rows <- Map(function(model, equation) {
    estimate <- requested_variance(model, vcov, correction, here, df)
    table <- tidy_estimates(model, estimate, TRUE, conf.level, here)
    if (terms == "treatment") table <- table[table$term %in% x$treatment, , drop = FALSE]
    cbind(equation = if (equation %in% c("total", "outcome")) equation else "mediator", outcome = model$outcome, table)
  }, x$models, names(x$models))
  out <- do.call(rbind, unname(rows))
  rownames(out) <- NULL
  out
}

#' @rdname fe_mediation-methods
#' @export
glance.fe_mediation <- function(x, ...) {
  rows <- lapply(x$models, function(model) cbind(outcome = model$outcome, glance(model, ...)))
  out <- do.call(rbind, unname(rows))
  names <- names(x$models)
  cbind(equation = ifelse(names %in% c("total", "outcome"), names, "mediator"), out, row.names = NULL)
}

#' @rdname fe_mediation-methods
#' @export
coef.fe_mediation <- function(object, ...) stacked_coefficients(object$models)

#' @rdname fe_mediation-methods
#' @export
vcov.fe_mediation <- function(object, vcov = NULL, correction = NULL, ...) {
  mediation_fit(object, environment(), vcov, correction)$vcov
}

#' @rdname fe_mediation-methods
#' @export
nobs.fe_mediation <- function(object, ...) object$models$total$nobs

#' @rdname fe_mediation-methods
#' @export
formula.fe_mediation <- function(x, ...) x$formula
