# Leverage, and the variance of sums of effects.

# The effects' part of the inverse: the effect with most levels is eliminated, a generalised inverse of what is left
# for the others is kept. Gives list(largest, n (its levels' weights), shares (levels by other levels), others
# (their effects), first (where each of these begins), inverse, null (what the others do not determine)).
effects_inverse <- function(object, what, call) {
  codes <- object$design$codes
  n_levels <- object$effects$n_levels
  weights <- weights_or_ones(object)
  largest <- which.max(n_levels)
  others <- seq_along(codes)[-largest]
  columns <- sum(n_levels[others])
  if (columns > most_dummies || columns * n_levels[[largest]] > 2e7) {
    refuse_unsupported(
      what, paste0("beside the largest effect there are ", format_counts(columns), " levels, more than its variance ",
                   "is computed for"), NULL, call
    )
  }
  n <- sum_by(weights, codes[[largest]], n_levels[[largest]])
  first <- cumsum(c(0L, n_levels[others]))[seq_along(others)]
  cross <- matrix(0, n_levels[[largest]], columns)
  gram <- matrix(0, columns, columns)
  for (a in seq_along(others)) {
    here <- first[a] + seq_len(n_levels[[others[a]]])
    cross[, here] <- cross_table(weights, codes[[largest]], codes[[others[a]]], n_levels[c(largest, others[a])])
    for (b in seq_len(a)) {
      there <- first[b] + seq_len(n_levels[[others[b]]])
      gram[here, there] <- cross_table(weights, codes[[others[a]]], codes[[others[b]]], n_levels[others[c(a, b)]])
      gram[there, here] <- t(gram[here, there])
    }
  }
  shares <- cross / n
  inverse <- generalised_inverse(gram - crossprod(shares, cross), diag(gram))
  c(list(largest = largest, n = n, shares = shares, others = others, first = first), inverse)
}

# Sums of values by code, 0 for a code that does not occur.
sum_by <- function(values, code, n) {
  found <- rowsum(values, code, reorder = FALSE)
  out <- numeric(n)
  out[as.double(rownames(found)) + 1] <- found
  out
}

cross_table <- function(values, a, b, n_levels) {
  matrix(sum_by(values, a + as.double(n_levels[[1L]]) * b, prod(n_levels)), n_levels[[1L]])
}

# An inverse on the space that S spans, and a basis of what it does not; `scale` are sizes of its diagonal.
generalised_inverse <- function(S, scale) {
  if (ncol(S) == 0L) return(list(inverse = S, null = S))
  root <- sqrt(scale)
  parts <- eigen(S / tcrossprod(root), symmetric = TRUE)
  kept <- parts$values > 1e-10
  vectors <- parts$vectors / root
  list(
    inverse = tcrossprod(vectors[, kept, drop = FALSE] %*% diag(1 / sqrt(parts$values[kept]), sum(kept))),
    null = vectors[, !kept, drop = FALSE]
  )
}

# d'(D'WD)^- d for rows with the given levels, d the row's dummies; NA where d lies outside what is identified.
effects_form <- function(inverse, codes) {
  distinct <- unique_rows(codes)
  some <- lapply(codes, `[`, distinct$first)
  value <- numeric(length(distinct$first))
  for (block in blocks_of(length(value), 1e6 / (1 + ncol(inverse$inverse)))) {
    u <- effects_remainder(inverse, lapply(some, `[`, block))
    value[block] <- 1 / inverse$n[some[[inverse$largest]][block] + 1L] + rowSums((u %*% inverse$inverse) * u)
  }
  value[distinct$of]
}

# The other effects' dummies less their means in the level of the largest effect.
effects_remainder <- function(inverse, codes) {
  u <- -inverse$shares[codes[[inverse$largest]] + 1L, , drop = FALSE]
  for (a in seq_along(inverse$others)) {
    at <- cbind(seq_len(nrow(u)), inverse$first[a] + codes[[inverse$others[a]]] + 1L)
    u[at] <- u[at] + 1
  }
  u
}

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

unique_rows <- function(codes) {
  key <- rep(0, length(codes[[1L]]))
  for (code in codes) {
    key <- key * (max(code) + 1) + code
    key <- match(key, unique(key)) - 1 # small again, however many effects there are
  }
  first <- which(!duplicated(key))
  list(first = first, of = match(key, key[first]))
}

blocks_of <- function(n, size) split(seq_len(n), (seq_len(n) - 1L) %/% max(1, floor(size)))

weights_or_ones <- function(object) {
  weights <- fitted_design(object)$weights
  if (is.null(weights)) rep(1, object$nobs) else weights
}

# B with B B' = (x'Wx)^-1 of the demeaned regressors: a form of x is the squared length of x B.
slope_basis <- function(object) object$basis %*% object$polish

#' @importFrom stats hatvalues
#' @export
hatvalues.fe_model <- function(model, ...) leverage(model, "hatvalues()", environment())

# The diagonal of the hat matrix of all columns, effects among them, one value a row used; `what` names the asker.
leverage <- function(object, what, call) {
  x <- demeaned_regressors(object)
  value <- rowSums((x %*% slope_basis(object))^2)
  weights <- weights_or_ones(object)
  if (length(object$design$codes)) {
    value <- value + effects_form(effects_inverse(object, what, call), object$design$codes)
  } else if (object$intercept) {
    value <- value + 1 / sum(weights)
  }
  stats::setNames(value * weights, used_rows(object))
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
