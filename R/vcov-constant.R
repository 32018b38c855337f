# The constant beside fixed effects, as one more direction.

# `part(object, call)` gives the direction, orthogonal to the demeaned regressors: its squared length (`value`), the
# column that its scores are made of (NULL: all one), the means of the regressors by which it moves with the slopes
# (`loadings`), and the outcome's (`outcome`); NULL where no constant is reported.
constants <- function() {
  list(
    none = function() new_choice("constant", "none", "no constant", part = function(object, call) NULL),
    mean = function() new_choice("constant", "mean", "the constant at the means", part = constant_of_means),
    dummy = function() new_choice("constant", "dummy", "the constant of the base levels", part = constant_of_base)
  )
}

# Without effects the constant is the regression's own, whatever is asked for.
constant_intercept <- function() new_choice("constant", "intercept", "the intercept", part = constant_of_means)

constant_of_means <- function(object, call) {
  weights <- object$design$weights
  total <- if (!is.null(object$table)) object$table$weight else if (is.null(weights)) object$nobs else sum(weights)
  list(
    value = 1 / total, column = NULL,
    loadings = object$means[kept_columns(object)], outcome = object$means[outcome_place(object)]
  )
}

constant_of_base <- function(object, call) {
  if (!is.null(object$table)) refuse_table("`constant = \"dummy\"`", call)
  refuse_disconnected(object, call)
  base <- rep(0L, length(object$design$codes))
  functional <- core(cpp_effect_functional, object$design, base, object$options, call = call)
  weighted <- functional$weights * (if (is.null(object$design$weights)) 1 else object$design$weights)
  columns <- object$design$columns
  # The weights sum to one: columns go less their means, which keeps the digits of one with a large level.
  project <- function(j) object$means[[j]] + sum(weighted * (columns[[j]] - object$means[[j]]))
  list(
    value = functional$value, column = functional$weights / functional$value,
    loadings = vapply(kept_columns(object), project, numeric(1)), outcome = project(outcome_place(object))
  )
}

# A base unit and a base period that no chain of rows joins have no common constant.
refuse_disconnected <- function(object, call) {
  if (length(object$design$codes) < 2L || count_redundant(object, FALSE) == length(object$design$codes) - 1L) {
    return(invisible())
  }
  abort_input(
    "constant", "`constant = \"dummy\"` must have effects whose levels are all connected.",
    found = "The effects fall into separate components.", todo = "Use `constant = \"mean\"`.", arg = "constant",
    call = call
  )
}

# The constant, named "(Intercept)", NULL where none is reported.
constant_estimate <- function(object) {
  constant <- object$constant_part
  if (is.null(constant)) return(NULL)
  c("(Intercept)" = constant$outcome - sum(constant$loadings * object$slopes))
}
