# Scores of a fit: the directions they stand in, and what the core makes them of.

# The coefficients as combinations of orthonormal directions: those of the triangle's basis and, where there is a
# constant, its own, last. Their classical variance is sigma^2 F F', any other F M F' with M the products of the
# scores in these directions: the condition of the regressors stands outside M and is not squared.
coefficient_basis <- function(object) {
  slopes <- object$basis %*% object$polish
  constant <- object$constant_part
  if (is.null(constant)) return(slopes)
  rbind(c(-drop(constant$loadings %*% slopes), sqrt(constant$value)), cbind(slopes, rep(0, nrow(slopes))))
}

# What the core makes scores and residuals of: see ScoreColumns there. A basis that had to be polished belongs into
# the rows; any other is applied to their sums.
score_columns <- function(object) {
  n_columns <- length(object$means)
  k <- length(object$kept)
  at <- kept_columns(object)
  combination <- numeric(n_columns * k)
  dim(combination) <- c(n_columns, k)
  if (object$polished) combination[at, ] <- object$basis else combination[at + n_columns * (seq_len(k) - 1L)] <- 1
  constant <- object$constant_part
  turn <- if (object$polished) object$polish else object$basis
  if (!is.null(constant)) turn <- rbind(cbind(turn, rep(0, k)), c(rep(0, k), sqrt(constant$value)))
  list(
    combination = combination, residual = replace(numeric(n_columns), outcome_place(object), 1),
    along = if (object$polished) object$along else object$fitted_coefficients[object$kept],
    offset = object$offset, turn = turn,
    constant = !is.null(constant), constant_column = constant$column
  )
}

# Sums of products of the scores in the directions of coefficient_basis(), by row or by cluster.
score_products <- function(object, groups, call) {
  codes <- if (is.null(groups)) integer() else groups$code
  core(cpp_score_squares, fitted_design(object, call), object$solution, score_columns(object), codes,
       if (is.null(groups)) 0L else groups$n, n_threads(object$nobs), call = call)
}

# The same by several groupings in one pass over the rows, each a list of groups taken together.
score_products_by <- function(object, parts, call) {
  core(cpp_score_squares_by, fitted_design(object, call), object$solution, score_columns(object),
       lapply(parts, lapply, `[[`, "code"), lapply(parts, vapply, `[[`, 1L, "n"), n_threads(object$nobs), call = call)
}
