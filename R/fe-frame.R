# What base R's default methods and other packages ask of a model: terms, frame, formula, lost rows.

# Rows lost for missing values, numbered within the subset, as lm() has them.
na_action <- function(frame) {
  lost <- frame$lost
  if (length(lost) == 0L) return(NULL)
  if (!is.null(frame$reasons$subset)) lost <- match(lost, sort(c(frame$rows, lost)))
  structure(lost, class = "omit")
}

#' @importFrom stats na.action
#' @export
na.action.fe_model <- function(object, ...) {
  action <- object$na.action
  if (!is.null(action)) names(action) <- object$sample$lost
  action
}

#' @importFrom stats terms
#' @export
terms.fe_model <- function(x, ...) {
  refuse_many_dummies(x, "terms()", environment())
  dummy_terms(x)
}

#' @importFrom stats model.frame
#' @export
model.frame.fe_model <- function(formula, ...) {
  here <- environment()
  check_dots(..., call = here)
  object <- formula
  refuse_many_dummies(object, "model.frame()", here)
  terms <- dummy_terms(object)
  wanted <- vapply(attr(terms, "variables"), deparse_term, "")[-1L]
  known <- c(
    stats::setNames(list(outcome_column(object)), wanted[1L]), regressor_variables(object, here),
    effect_factors(object)
  )
  frame <- known[wanted]
  if (!is.null(object$design$weights)) frame[["(weights)"]] <- fitted_design(object, here)$weights
  attr(terms, "dataClasses") <- vapply(frame, stats::.MFclass, "") # nolint: object_name_linter.
  structure(frame, class = "data.frame", row.names = used_rows(object), terms = terms, na.action = na.action(object))
}

refuse_many_dummies <- function(object, what, call) {
  n <- sum(object$effects$n_levels)
  if (n <= most_dummies) return(invisible())
  abort_input(
    "unsupported", paste0("`", what, "` holds the effects as factors: there must be at most ",
                          most_dummies, " levels."),
    found = paste0("There are ", format_counts(n), "."),
    todo = "`model.matrix(type = \"within\")` gives the regressors with the effects taken out.", arg = "object",
    call = call
  )
}

deparse_term <- function(expr) paste(deparse(expr, width.cutoff = 500L), collapse = " ")

# y ~ regressors + factor(unit) + factor(time): what lm() would be told. Terms of which no column was kept, and
# effects of one level, are left out.
dummy_terms <- function(object) {
  right <- c(regressor_labels(object), effect_labels(object))
  formula <- stats::reformulate(
    if (length(right)) right else "1", object$blueprint$spec$outcome, intercept = has_intercept(object)
  )
  environment(formula) <- environment(object$formula)
  stats::terms(formula, keep.order = TRUE)
}

# Has the model a constant, its own or that of its effects?
has_intercept <- function(object) object$intercept || length(object$effects$n_levels) > 0L

# The labels of the regressors' terms, in the order of the formula.
regressor_labels <- function(object) {
  terms <- object$blueprint$terms
  if (is.null(terms)) return(vapply(lapply(object$kept_terms, as.name), deparse_backtick, ""))
  attr(terms, "term.labels")[sort(unique(object$blueprint$assign[object$kept]))]
}

# Code as one line of text, names that are no words in backticks.
deparse_backtick <- function(expr) paste(deparse(expr, width.cutoff = 500L, backtick = TRUE), collapse = " ")

# Which of the terms each kept regressor belongs to (the place among regressor_labels()).
regressor_assign <- function(object) {
  if (is.null(object$blueprint$terms)) return(seq_along(object$kept))
  assign <- object$blueprint$assign[object$kept]
  match(assign, sort(unique(assign)))
}

effect_calls <- function(object) {
  columns <- object$effects$columns[object$effects$n_levels > 1L]
  lapply(columns, function(names) {
    as.call(c(list(if (length(names) == 1L) quote(factor) else quote(interaction)), unname(lapply(names, as.name))))
  })
}

effect_labels <- function(object) vapply(effect_calls(object), deparse_backtick, "", USE.NAMES = FALSE)

effect_factors <- function(object) {
  which <- which(object$effects$n_levels > 1L)
  factors <- lapply(which, function(j) {
    structure(object$design$codes[[j]] + 1L, levels = make.unique(label_values(object$effects$values[[j]])),
              class = "factor")
  })
  stats::setNames(factors, vapply(effect_calls(object), deparse_term, ""))
}

# The variables of the regressors' terms in the rows used, by their text in the terms.
regressor_variables <- function(object, call) {
  if (is.null(object$blueprint$terms)) {
    columns <- fitted_design(object, call)$columns[kept_columns(object)]
    return(stats::setNames(columns, vapply(lapply(object$kept_terms, as.name), deparse_term, "")))
  }
  rows <- used_rows(object)
  lapply(unclass(evaluate_terms(object, fitted_data(object, call = call), call)$frame), function(v) {
    if (is.matrix(v)) v[rows, , drop = FALSE] else v[rows]
  })
}

#' @export
labels.fe_model <- function(object, ...) c(regressor_labels(object), effect_labels(object))

#' @importFrom stats case.names
#' @export
case.names.fe_model <- function(object, ...) as.character(used_rows(object))

# As for lm(): the number of parameters, and n log(RSS/n) with the penalty.
#' @importFrom stats extractAIC
#' @export
extractAIC.fe_model <- function(fit, scale = 0, k = 2, ...) {
  edf <- fit$nobs - fit$df.residual
  c(edf, fit$nobs * log(fit$residual_squares / fit$nobs) + k * edf)
}

#' @importFrom stats variable.names
#' @export
variable.names.fe_model <- function(object, ...) names(object$coefficients)

# The formula as it was written; but expand.model.frame(), with which sandwich looks up a cluster, would evaluate
# `x | unit + time` (or lags) as arithmetic, and the name of the data where it may mean something else. It gets a
# formula of placeholders, in an environment where call$data, evaluated, leads to the data of the fit.
#' @rdname fe_model-methods
#' @export
formula.fe_model <- function(x, ...) {
  if (!in_expanded_frame()) return(x$formula)
  within <- environment(x$formula)
  if (is.null(within)) within <- globalenv()
  env <- new.env(parent = within)
  bind_stand_in(x$call$data, function() expansion(x, within), env, within)
  stats::as.formula(quote(.row ~ .row), env)
}

in_expanded_frame <- function() {
  any(vapply(seq_len(sys.nframe()), function(i) identical(sys.function(i), stats::expand.model.frame), logical(1)))
}

# The columns of the data, with the subset as the rows that the fit looked at (NA left out). Missing values stay: who
# asks leaves out `na.action` by itself.
expansion <- function(object, within) {
  env <- new.env(parent = within)
  used <- used_rows(object)
  column <- function(name) cluster_column(.subset2(fitted_data(object, name), name), used)
  bind <- function(name) delayedAssign(name, column(name), assign.env = env)
  for (name in unique(source_names(object$data))) bind(name)
  n <- object$sample$n_input
  assign(".row", seq_len(n), env)
  rows <- c(used, object$sample$lost)
  bind_stand_in(object$call$subset, function() replace(rep(FALSE, n), rows, TRUE), env, within)
  attr(env, "na.action") <- "na.pass"
  env
}

# sandwich counts the levels of a factor, also those that no row used has.
cluster_column <- function(x, used) {
  if (inherits(x, "pseries")) {
    attr(x, "index") <- NULL
    class(x) <- setdiff(class(x), "pseries")
  }
  if (inherits(x, "integer64")) x <- label_values(x)
  if (is.factor(x)) x <- factor(x, levels(x)[tabulate(as.integer(x)[used], nlevels(x)) > 0L])
  x
}

# Lets an expression evaluate in `env` to what `value()` gives. A name is bound. For a call the function at its head
# is: it knows the call, and passes any other on to the function that it hides.
bind_stand_in <- function(expr, value, env, within) {
  if (is.symbol(expr)) return(assign(as.character(expr), value(), env))
  if (!is.call(expr)) return(invisible())
  head <- expr[[1L]]
  hidden <- eval(head, within)
  stand_in <- function(...) {
    this <- sys.call()
    if (identical(this, expr)) return(value())
    this[[1L]] <- hidden
    eval(this, parent.frame())
  }
  if (is.symbol(head)) assign(as.character(head), stand_in, env) else
    bind_stand_in(head, function() stand_in, env, within) # package::name
}
