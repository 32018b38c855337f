# Leverage and what is made of it, and the variance of sums of effects by a sandwich.

# The variance of x'b and effects by a sandwich: each row's or cluster's share of the estimate, squared.
robust_form <- function(object, inverse, codes, x, variance, call) {
  n <- object$nobs
  if (as.double(n) * nrow(x) > 2e8) {
    refuse_unsupported("predict()", paste0("a robust variance of ", count_of(nrow(x), "row"), " from ",
                                           count_of(n, "row"), " is too large a computation"),
                       "Ask for fewer rows, or for `vcov = \"iid\"`.", call)
  }
  scores <- residuals.fe_model(object) * weights_or_ones(object)
  basis <- slope_basis(object)
  loadings <- t(x %*% basis) # a column a new row
  demeaned <- demeaned_regressors(object) %*% basis
  clusters <- if (!is.null(variance$cluster)) groups_of_rows(object, variance$cluster, call)$code
  value <- numeric(nrow(x))
  for (block in blocks_of(nrow(x), 4e6 / n)) {
    some <- lapply(codes, `[`, block)
    second <- tcrossprod(inverse$inverse, effects_remainder(inverse, some))
    first <- -inverse$shares %*% second
    at <- cbind(some[[inverse$largest]] + 1L, seq_along(block))
    first[at] <- first[at] + 1 / inverse$n[at[, 1L]]
    share <- first[object$design$codes[[inverse$largest]] + 1L, , drop = FALSE]
    for (a in seq_along(inverse$others)) {
      share <- share + second[inverse$first[a] + object$design$codes[[inverse$others[a]]] + 1L, , drop = FALSE]
    }
    share <- (share + demeaned %*% loadings[, block, drop = FALSE]) * scores
    if (!is.null(clusters)) share <- rowsum(share, clusters, reorder = FALSE)
    value[block] <- colSums(share^2)
  }
  value * variance$factor
}

#' @importFrom stats hatvalues
#' @export
hatvalues.fe_model <- function(model, ...) leverage(model, "hatvalues()", environment())

# The diagonal of the hat matrix, one value a row used; `what` names the asker.
leverage <- function(object, what, call) {
  stats::setNames(row_leverage(object, refuse_levels(what, call)), used_rows(object))
}

# Stops where effects have more levels than their inverse is made for.
refuse_levels <- function(what, call) {
  function(columns) {
    refuse_unsupported(
      what, paste0("beside the largest effect there are ", format_counts(columns), " levels, more than its variance ",
                   "is computed for"), NULL, call
    )
  }
}

#' @importFrom stats rstandard
#' @export
rstandard.fe_model <- function(model, ...) {
  h <- leverage(model, "rstandard()", environment())
  residuals.fe_model(model, "pearson") / (stats::sigma(model) * sqrt(1 - h))
}

#' @importFrom stats rstudent
#' @export
rstudent.fe_model <- function(model, ...) {
  h <- leverage(model, "rstudent()", environment())
  e <- residuals.fe_model(model, "pearson")
  left_out <- (model$residual_squares - e^2 / (1 - h)) / (model$df.residual - 1)
  e / sqrt(left_out * (1 - h))
}

#' @importFrom stats cooks.distance
#' @export
cooks.distance.fe_model <- function(model, ...) {
  h <- leverage(model, "cooks.distance()", environment())
  e <- residuals.fe_model(model, "pearson")
  (e / (stats::sigma(model) * (1 - h)))^2 * h / (model$nobs - model$df.residual)
}

# What each row moves the slopes by: b less b without the row.
#' @importFrom stats dfbeta
#' @export
dfbeta.fe_model <- function(model, ...) {
  here <- environment()
  h <- leverage(model, "dfbeta()", here)
  if (!is.null(model$constant_part) && !model$intercept) {
    refuse_unsupported("dfbeta()", "a row moves the constant beside effects through the effects as well",
                       "Fit with `constant = \"none\"`.", here)
  }
  estfun.fe_model(model) %*% bread.fe_model(model) / model$nobs / (1 - h)
}
