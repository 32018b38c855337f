# Several equations of the same rows: how their orthonormal directions lie to each other.

# Products of the equations' orthonormal directions with each other: what the classical variance between them is made
# of. The constant's direction is the same in all, and at right angles to the others.
direction_products <- function(models, call) {
  parts <- lapply(models, function(model) {
    x <- demeaned_regressors(model, call) %*% slope_basis(model)
    weights <- fitted_design(model, call)$weights
    if (is.null(weights)) x else x * sqrt(weights)
  })
  slopes <- crossprod(do.call(cbind, parts))
  k <- vapply(parts, ncol, 0L)
  constant <- vapply(models, function(model) !is.null(model$constant_part), NA)
  at <- rep(seq_along(parts), k + constant)
  is_constant <- unlist(Map(function(k, has) c(rep(FALSE, k), if (has) TRUE), k, constant))
  whole <- matrix(0, length(at), length(at))
  whole[!is_constant, !is_constant] <- slopes
  whole[is_constant, is_constant] <- 1
  whole
}
