# update(): the same fit with something changed, on the data that the model holds.

#' @rdname fe_model-methods
#' @param formula. Changes to the formula: `. ~ . + z | .`.
#' @param evaluate Fit the changed call (default), or return it?
#' @export
update.fe_model <- function(object, formula., ..., evaluate = TRUE) {
  here <- environment()
  caller <- parent.frame()
  call <- object$call
  call$formula <- if (missing(formula.)) object$formula else update_parts(object$formula, formula.)
  given <- match.call(expand.dots = FALSE)$...
  if (!all(nzchar(names(given))) || length(given) && is.null(names(given))) {
    abort_input("argument", "Every argument after `formula.` must be named.",
                found = "There are unnamed arguments too many.", arg = "...", call = here)
  }
  if (!"data" %in% names(given)) {
    kept <- setdiff(intersect(names(call), names(fit_values(object))), names(given))
    for (name in kept) call[[name]] <- portable_argument(object, name, caller)
  }
  for (name in names(given)) call[name] <- list(given[[name]])
  if (!evaluate) return(call)
  place <- new.env(parent = caller)
  assign("fe_model", fe_model, place)
  if (!"data" %in% names(given)) call$data <- bind_own_data(object, call$data, place, caller, here)
  eval(call, place)
}

# The data of the fit, under the call's name for them in `place`, unless that name still means them (or them with
# further columns) for the caller. Gives the name.
bind_own_data <- function(object, expr, place, caller, call) {
  refuse_changed_data(object, columns_named(object), call)
  found <- tryCatch(eval(expr, caller), error = function(e) NULL)
  if (holds_data(found, object$data)) return(expr)
  if (is.data.frame(found)) {
    inform_user(
      "own_data", paste0("The model is updated on the data of its fit: `", rlang::as_label(expr),
                         "` is another data frame now."),
      details = paste0("To fit to that one, give `data = ", rlang::as_label(expr), "`.")
    )
  }
  name <- if (is.symbol(expr)) as.character(expr) else "data"
  assign(name, object$data, place)
  as.name(name)
}

# Is `found` the same data, at most with columns added?
holds_data <- function(found, data) {
  is.data.frame(found) && source_size(found) == source_size(data) && all(source_names(data) %in% source_names(found)) &&
    all(vapply(source_names(data), function(name) {
      identical(source_column(found, name), source_column(data, name))
    }, logical(1)))
}

# What the arguments of the fit came to, as the object keeps them.
fit_values <- function(object) {
  variance <- object$variance
  panel <- object$blueprint$panel
  list(
    vcov = if (is.null(variance$choice$written)) variance$choice else variance$choice$written(),
    correction = variance$correction,
    weights = if (!is.null(object$design$weights)) function() by_row(fitted_design(object)$weights, object, TRUE),
    subset = function() sort(c(used_rows(object), object$sample$lost)), unit = panel$unit_name, time = panel$time_name,
    constant = if (object$constant == "intercept") "none" else object$constant,
    tolerance = object$options$tolerance, max_iterations = object$options$max_iterations
  )
}

# An argument of the call as it was written where that means the same anywhere (a constant, or columns of the data
# and functions of base R); else its value.
portable_argument <- function(object, name, caller) {
  written <- object$call[[name]]
  columns <- source_names(object$data)
  if (!is.language(written) || all(all.vars(written) %in% columns) &&
        all(vapply(setdiff(all.names(written), all.vars(written)), exists, logical(1), envir = baseenv(),
                   mode = "function"))) {
    return(written)
  }
  value <- fit_values(object)[[name]]
  if (is.function(value)) value() else value
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
  stats::as.formula(call("~", main[[2L]], right), joined_environment(environment(old), environment(new)))
}
