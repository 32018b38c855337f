# What a variance may ask of a fit. It sees this view and nothing else, so that one equation is like another to it:
# least squares today, instruments and a mediator's equation the same. Everything is computed when it is asked for,
# by the one call into the core.
#
#   bread             F, k x k: the coefficients as combinations of orthonormal directions (see coefficient_basis())
#   call              the environment of the user's function, for what is refused
#   residual_squares  weighted sum of squared residuals
#   counts            list(n_rows, n_slopes, n_levels, constant)
#   coefficients      named, k
#   groups(columns)   groups of the rows used by columns of the data: list(name, code (from 0), values, n)
#   nested(groups)    which effects lie inside the groups; redundant(exact) how many levels the others determine
#   times(time)       periods of the rows used: list(time, period (code from 0), values); the fit's own time by default
#   place(unit, time) the same with units: list(unit, time, code (from 0), n, period, values, refuse()), the last for
#                     units and times that stand twice
#   numbers(name, read)  the numbers that a function reads in a column of the rows used
#   residuals()       n numbers
#   leverage_squares(what, power)  list(meat, whole, n_whole): products of scores over (1 - leverage)^power, effects
#                              counted, and the first rows of whole leverage, which count zero; `what` needs it
#   bias_reduced(groups, combinations, pairs)  what CR2 is made of: list(meat, expected, straight, crossed)
#   jackknife(groups, with_constant)  G x k, the coefficients without each group
#   levels(rows)      the levels of the effects in rows used, as text
#   scores()          n x k, of each row in the directions of the bread
#   score_products(groups)     k x k, the products of the scores by row (no groups) or of their sums by group
#   score_products_by(parts)   a list of them, one an element of `parts`, each a list of groups taken together
#   near_products(latitude, longitude, cutoff, kernel)  k x k, those of rows within `cutoff` km
#   score_sums(groups)         G x k, the scores summed by group
#   cluster_products(groups)   list of G matrices k x k: what each group adds to the identity, F'x'WxF
#
# The sandwich of score sums S is F S'S F', and F F' the inverse of the cross-products: the condition of the regressors
# stands in F, and is not squared.

# The view of a model. `call` is the environment of the user's function, for what is refused.
new_view <- function(object, call) {
  if (!is.null(object$table)) return(table_view(object, call))
  view <- new.env(parent = emptyenv())
  delayedAssign("bread", coefficient_basis(object), assign.env = view)
  delayedAssign("counts", sample_counts(object), assign.env = view)
  view$call <- call
  view$residual_squares <- object$residual_squares
  view$coefficients <- object$coefficients
  redundant <- list()
  view$redundant <- function(exact) {
    which <- if (exact) "exact" else "pairs"
    if (is.null(redundant[[which]])) redundant[[which]] <<- count_redundant(object, exact)
    redundant[[which]]
  }
  view$groups <- function(columns) groups_of_rows(object, columns, call)
  view$nested <- function(groups) nested_effects(object, groups)
  view$place <- function(unit = NULL, time = NULL) place_of_rows(object, unit, time, call)
  view$times <- function(time = NULL) times_of_rows(object, time, call)
  view$numbers <- function(name, read) read(columns_of_rows(object, name, call)[[1L]])
  view$residuals <- function() {
    core(cpp_within_residuals, fitted_design(object, call), object$solution, score_columns(object),
         n_threads(object$nobs), call = call)
  }
  view$score_products <- function(groups = NULL) score_products(object, groups, call)
  view$score_products_by <- function(parts) score_products_by(object, parts, call)
  view$near_products <- function(latitude, longitude, cutoff, kernel) {
    core(cpp_near_products, list(fitted_design(object, call)), list(object$solution), list(score_columns(object)),
         latitude, longitude, cutoff, kernel, n_threads(object$nobs), call = call)
  }
  view$score_sums <- function(groups) {
    t(core(cpp_cluster_sums, fitted_design(object, call), object$solution, score_columns(object), groups$code,
           groups$n, n_threads(object$nobs), call = call))
  }
  view$cluster_products <- function(groups) {
    k <- length(object$coefficients)
    found <- core(cpp_cluster_products, fitted_design(object, call), object$solution, score_columns(object),
                  groups$code, groups$n, n_threads(object$nobs), call = call)
    lapply(seq_len(groups$n), function(g) matrix(found[, g], k, k))
  }
  view$bias_reduced <- function(groups, combinations, pairs = FALSE) {
    bias_reduced(object, groups, combinations, pairs, call)
  }
  view$jackknife <- function(groups, with_constant = TRUE) {
    found <- jackknife(object, groups, with_constant, call)
    if (length(found$unidentified)) warn_jackknife(groups, found$unidentified)
    found$coefficients
  }
  view$leverage_squares <- function(what, power) {
    refuse_iterated(object, what, call)
    core(cpp_leverage_squares, fitted_design(object, call), object$solution, score_columns(object), power,
         most_solved_levels, 10L, n_threads(object$nobs), call = call)
  }
  view$levels <- function(rows) levels_of_rows(object, rows)
  view$scores <- function() {
    core(cpp_scores, fitted_design(object, call), object$solution, score_columns(object), n_threads(object$nobs),
         call = call)
  }
  structure(view, class = "fe_view")
}

#' @export
print.fe_view <- function(x, ...) {
  cat("<what a variance may ask of a fit: ", paste(sort(ls(x)), collapse = ", "), ">\n", sep = "")
  invisible(x)
}

# For each of the rows used the levels of its effects, those that stand in no other row where there are such.
levels_of_rows <- function(object, rows) {
  codes <- object$design$codes
  vapply(rows, function(i) {
    named <- vapply(codes, function(code) sum(code == code[i]) == 1L, NA)
    if (!any(named)) named[] <- TRUE
    parts <- Map(function(code, values) label_values(pick(values, code[i] + 1L)), codes[named],
                 object$effects$values[named])
    paste0("`", names(object$effects$columns)[named], "` ", unlist(parts), collapse = ", ")
  }, "")
}

# Levels that the other effects determine: connected components for two effects. Costs a pass over the rows,
# so it is counted only where a correction asks for it; `exact` counts the rank where there are three or more.
count_redundant <- function(object, exact) {
  n_levels <- object$effects$n_levels
  J <- length(n_levels)
  if (J < 2L) return(0)
  codes <- object$design$codes
  components <- function(a, b) core(cpp_components, codes[[a]], n_levels[[a]], codes[[b]], n_levels[[b]])$count
  if (J == 2L) return(components(1L, 2L))
  if (exact) return(sum(n_levels) - core(cpp_dummy_rank, object$design))
  sum(vapply(2:J, function(j) max(vapply(seq_len(j - 1L), components, numeric(1), b = j)), numeric(1)))
}
