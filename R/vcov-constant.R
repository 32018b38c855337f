# The constant beside fixed effects, as one more direction.

# The constant as one more direction, orthogonal to the demeaned regressors: its squared length (`value`), the
# column that its scores are made of (NULL: all one), and the means of the regressors by which it moves with the
# slopes (`loadings`). NULL where no constant is reported.
constant_part <- function(object, call) {
  if (object$constant == "none") return(NULL)
  k <- length(object$design$columns) - 1L
  total <- if (is.null(object$design$weights)) object$nobs else sum(object$design$weights)
  if (object$constant %in% c("intercept", "mean")) {
    return(list(value = 1 / total, column = NULL, loadings = object$means[object$kept], outcome = object$means[k + 1L]))
  }
  refuse_disconnected(object, call)
  base <- rep(0L, length(object$design$codes))
  functional <- core(cpp_effect_functional, object$design, base, object$options, call = call)
  weighted <- functional$weights * (if (is.null(object$design$weights)) 1 else object$design$weights)
  columns <- object$design$columns
  # The weights sum to one: columns go less their means, which keeps the digits of one with a large level.
  project <- function(j) object$means[[j]] + sum(weighted * (columns[[j]] - object$means[[j]]))
  list(
    value = functional$value, column = functional$weights / functional$value,
    loadings = vapply(object$kept, project, numeric(1)), outcome = project(k + 1L)
  )
}

# A base unit and a base period that no chain of rows joins have no common constant.
refuse_disconnected <- function(object, call) {
  if (length(object$design$codes) < 2L || count_redundant(object, "reghdfe") == length(object$design$codes) - 1L) {
    return(invisible())
  }
  abort_input(
    "constant", "`constant = \"dummy\"` must have effects whose levels are all connected.",
    found = "The effects fall into separate components.", todo = "Use `constant = \"mean\"`.", arg = "constant",
    call = call
  )
}

constant_estimate <- function(object) {
  constant <- object$constant_part
  if (is.null(constant)) return(NULL)
  c("(Intercept)" = constant$outcome - sum(constant$loadings * object$slopes))
}
