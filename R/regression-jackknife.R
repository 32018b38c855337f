# The coefficients without one group of rows at a time, effects estimated anew.

# list(coefficients (groups x coefficients, the constant only if asked for), unidentified (which groups leave slopes
# that are not identified)). What is
# not identified has the least norm, in units in which what is left of each regressor has length one.
jackknife <- function(object, groups, with_constant, call) {
  if (with_constant) refuse_base_constant(object, call)
  n_levels <- object$effects$n_levels
  by_refits <- length(n_levels) > 1L && sum(n_levels) - max(n_levels) > most_solved_levels
  found <- if (by_refits) jackknife_by_refits(object, groups, call) else jackknife_slopes(object, groups, call)
  slopes <- found$slopes
  colnames(slopes) <- names(object$slopes)
  constant <- if (with_constant) jackknife_constant(object, groups, slopes)
  list(coefficients = if (is.null(constant)) slopes else cbind("(Intercept)" = constant, slopes),
       unidentified = found$unidentified)
}

refuse_base_constant <- function(object, call) {
  if (!identical(object$constant, "dummy")) return(invisible())
  abort_input(
    "vcov", "The constant of the base levels is not there without the cluster that holds them.",
    found = "The model has `constant = \"dummy\"`.", todo = "Use `constant = \"mean\"`.", arg = "vcov", call = call
  )
}

jackknife_slopes <- function(object, groups, call) {
  if (length(object$slopes) == 0L) return(list(slopes = matrix(0, groups$n, 0L), unidentified = integer()))
  found <- core(cpp_jackknife, fitted_design(object, call), object$solution, score_columns(object), groups$code,
                groups$n, most_solved_levels, n_threads(object$nobs), call = call)
  basis <- slope_basis(object)
  slopes <- rep(object$slopes, each = groups$n) + t(basis %*% found$changes)
  if (length(found$unidentified)) {
    back <- solve(basis)
    directions <- drop(back %*% object$slopes)
    for (i in seq_along(found$unidentified)) {
      cross <- found$cross_products[[i]]
      slopes[found$unidentified[i], ] <- core(
        cpp_least_norm, t(back) %*% cross %*% back, drop(t(back) %*% (cross %*% directions + found$products[[i]])),
        colSums(back^2), call = call
      )
    }
  }
  list(slopes = slopes, unidentified = found$unidentified)
}

# Where more levels stand beside the largest effect than a system is solved for: one fit a group.
jackknife_by_refits <- function(object, groups, call) {
  design <- fitted_design(object, call)
  at <- c(kept_columns(object), outcome_place(object))
  k <- length(at) - 1L
  lengths <- diag(solve(tcrossprod(slope_basis(object))))
  slopes <- matrix(0, groups$n, k)
  unidentified <- integer()
  for (g in seq_len(groups$n)) {
    without <- design_of_rows(design, at, which(groups$code != g - 1L))
    fit <- core(cpp_fit_equation, without, object$means[at], object$options, rank_tolerance, call = call)
    if (!fit$solution$converged) report_not_converged(fit$solution)
    if (all(fit$fate == 0L)) {
      slopes[g, ] <- fit$coefficients
      next
    }
    unidentified <- c(unidentified, g)
    left <- core(cpp_demean, without, fit$solution, call = call) * sqrt(if (is.null(without$weights)) 1 else
      without$weights)
    cross <- crossprod(left)
    slopes[g, ] <- core(cpp_least_norm, cross[seq_len(k), seq_len(k), drop = FALSE], cross[seq_len(k), k + 1L], lengths,
                        call = call)
  }
  list(slopes = slopes, unidentified = unidentified)
}

# Some columns (the outcome last) and rows of a design, levels without a row left out.
design_of_rows <- function(design, columns, rows) {
  codes <- lapply(design$codes, function(code) code_values(code[rows]))
  list(
    n_rows = length(rows), columns = lapply(design$columns[columns], `[`, rows),
    roles = formula_roles(length(columns)), codes = lapply(codes, `[[`, "code"),
    n_levels = vapply(codes, function(code) length(code$values), 0L),
    weights = if (!is.null(design$weights)) design$weights[rows], centre = design$centre
  )
}

# The mean of the outcome less the regressors' times their slopes, of the rows that are left; NULL where no constant is
# reported.
jackknife_constant <- function(object, groups, slopes) {
  if (is.null(object$constant_part)) return(NULL)
  design <- fitted_design(object)
  at <- c(outcome_place(object), kept_columns(object))
  weights <- weights_or_ones(object)
  left <- function(values) sum(values) - sum_by(values, groups$code, groups$n)
  means <- vapply(at, function(j) {
    object$means[[j]] + left(weights * (design$columns[[j]] - object$means[[j]])) / left(weights)
  }, numeric(groups$n))
  means[, 1L] - rowSums(means[, -1L, drop = FALSE] * slopes)
}

warn_jackknife <- function(groups, which) {
  clusters <- label_values(pick(groups$values, which))
  warn_data(
    "jackknife", "Without some clusters not all slopes are identified: those take the values of least norm.",
    found = paste0("Without ", enumerate(clusters), "."),
    todo = "Leave these clusters or the regressor out, or use `vcov_cr(type = \"CR2\")`.", clusters = clusters
  )
}
