# Variances by their definitions, on written-out dummies: slow, dense, sharing nothing with the package.

# CR2 of the columns `keep` of X: list(vcov, df, P(c1, c2)) with P the products of the clusters' weights.
dense_cr2 <- function(X, residuals, weights, cluster, keep) {
  root <- X * sqrt(weights)
  parts <- svd(root)
  kept <- parts$d > 1e-9 * parts$d[1L]
  M <- parts$v[, kept] %*% (t(parts$v[, kept]) / parts$d[kept]^2)
  R <- diag(nrow(X)) - X %*% M %*% t(X * weights)
  adjusted <- lapply(split(seq_len(nrow(X)), cluster), function(g) {
    eig <- eigen(tcrossprod(R[g, , drop = FALSE]), symmetric = TRUE)
    ok <- eig$values > 1e-9
    A <- eig$vectors[, ok, drop = FALSE] %*% (t(eig$vectors[, ok, drop = FALSE]) / sqrt(eig$values[ok]))
    weight <- A %*% (X[g, , drop = FALSE] * weights[g]) %*% M[, keep, drop = FALSE]
    list(score = crossprod(weight, residuals[g]), u = crossprod(R[g, , drop = FALSE], weight))
  })
  P <- function(a, b) {
    crossprod(vapply(adjusted, function(x) drop(x$u %*% a), residuals), vapply(adjusted, function(x) drop(x$u %*% b),
                                                                               residuals))
  }
  unit <- diag(length(keep))
  list(
    vcov = Reduce(`+`, lapply(adjusted, function(x) tcrossprod(x$score))), P = P,
    df = vapply(seq_along(keep), function(j) {
      p <- P(unit[, j], unit[, j])
      sum(diag(p))^2 / sum(p^2)
    }, 1)
  )
}

# X without the columns' means by the levels of `nested`, by the weights.
without_means <- function(X, nested, weights) {
  D <- outer(nested, unique(nested), `==`) + 0
  X - D %*% (crossprod(D, X * weights) / colSums(D * weights))
}

# Coefficients of lm() without each cluster in turn, clusters x terms.
refits_without <- function(formula, data, cluster, terms, weights = rep(1, nrow(data))) {
  data$weights_of_refit <- weights
  t(vapply(sort(unique(cluster)), function(g) {
    environment(formula) <- environment()
    stats::coef(stats::lm(formula, data[cluster != g, ], weights = weights_of_refit))[terms]
  }, numeric(length(terms))))
}

# Great circles in km by the haversine, n x n.
distances <- function(lat, lon) {
  rad <- pi / 180
  h <- outer(lat, lat, function(a, b) sin((a - b) * rad / 2)^2) +
    outer(cos(lat * rad), cos(lat * rad)) * outer(lon, lon, function(a, b) sin((a - b) * rad / 2)^2)
  2 * 6371 * asin(sqrt(pmin(h, 1)))
}

# The wild cluster bootstrap by its definition: every draw made and fitted, clusters left out one by one for CR3.
# `X` and `y` have the effects inside clusters taken out; column `at` is tested against `null`. Gives the draws' t in
# the order of the signs' bits, and the sample's t.
wild_by_refits <- function(X, y, weights, cluster, at, null, variant, signs) {
  root <- sqrt(weights)
  fit <- function(X, y, rows = seq_along(y)) {
    parts <- svd(X[rows, , drop = FALSE] * root[rows])
    kept <- parts$d > 1e-9 * parts$d[1L]
    drop(parts$v[, kept, drop = FALSE] %*% (crossprod(parts$u[, kept, drop = FALSE], y[rows] * root[rows]) /
                                              parts$d[kept]))
  }
  restricted <- function(y, rows = seq_along(y)) {
    b <- numeric(ncol(X))
    b[at] <- null
    b[-at] <- fit(X[, -at, drop = FALSE], y - X[, at] * null, rows)
    b
  }
  impose <- substr(variant, 3L, 3L) == "R"
  estimate <- if (impose) restricted else function(y, rows = seq_along(y)) fit(X, y, rows)
  groups <- split(seq_along(y), cluster)
  G <- length(groups)
  M <- solve_generalised(crossprod(X * root))
  t_of <- function(y, null) {
    b <- fit(X, y)
    V <- if (substr(variant, 5L, 5L) == "1") {
      e <- y - drop(X %*% b)
      sum(vapply(groups, function(g) sum(M[at, ] * colSums(X[g, , drop = FALSE] * weights[g] * e[g])), 1)^2)
    } else {
      (G - 1) / G * sum((vapply(groups, function(g) fit(X, y, setdiff(seq_along(y), g))[at], 1) - b[at])^2)
    }
    (b[at] - null) / sqrt(V)
  }
  start <- estimate(y)
  fitted <- drop(X %*% start)
  residual <- y - fitted
  if (substr(variant, 4L, 4L) == "3") {
    for (g in groups) residual[g] <- y[g] - drop(X[g, , drop = FALSE] %*% estimate(y, setdiff(seq_along(y), g)))
  }
  of <- match(cluster, names(groups))
  list(t = t_of(y, null), draws = apply(signs, 2L, function(v) t_of(fitted + v[of] * residual, start[at])))
}

solve_generalised <- function(A) {
  parts <- eigen(A, symmetric = TRUE)
  kept <- parts$values > 1e-10 * parts$values[1L]
  parts$vectors[, kept] %*% (t(parts$vectors[, kept]) / parts$values[kept])
}

# All sign vectors of G clusters, one a column, in the order of the bits: 0 is plus.
all_signs <- function(G) 1 - 2 * t(as.matrix(expand.grid(rep(list(0:1), G))))
