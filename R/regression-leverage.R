# Leverage: the diagonal of the hat matrix of all columns, effects among them, and the inverse of the effects that it
# takes.

# Above so many levels a table of dummies is no longer a reasonable thing to make in passing.
most_dummies <- 1000

# One value a row used, weights in it; 1 for a row that its own coefficients fit whatever it holds.
row_leverage <- function(object, too_large) {
  x <- demeaned_regressors(object)
  value <- rowSums((x %*% slope_basis(object))^2)
  weights <- weights_or_ones(object)
  if (length(object$design$codes)) {
    value <- value + effects_form(effects_inverse(object, too_large), object$design$codes)
  } else if (object$intercept) {
    value <- value + 1 / sum(weights)
  }
  value * weights
}

# The effects' part of the inverse: the effect with most levels is eliminated, a generalised inverse of what is left
# for the others is kept. Gives list(largest, n (its levels' weights), shares (levels by other levels), others
# (their effects), first (where each of these begins), inverse, null (what the others do not determine)). `too_large`
# stops: it is given the number of levels beside the largest effect.
effects_inverse <- function(object, too_large) {
  codes <- object$design$codes
  n_levels <- object$effects$n_levels
  weights <- weights_or_ones(object)
  largest <- which.max(n_levels)
  others <- seq_along(codes)[-largest]
  columns <- sum(n_levels[others])
  if (columns > most_dummies || columns * n_levels[[largest]] > 2e7) too_large(columns)
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

# The kept regressors with the effects taken out, n x k, before weights.
demeaned_regressors <- function(object, call = rlang::caller_env()) {
  core(cpp_demean, fitted_design(object, call), object$solution)[, kept_columns(object), drop = FALSE]
}
