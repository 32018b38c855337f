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
#   place(unit, time) unit and time of the rows used: list(unit, time, code (from 0), when); the fit's own by default
#   columns(names)    columns of the data in the rows used
#   residuals()       n numbers
#   leverage(too_large)        n numbers from 0 to 1, effects counted; too_large(n) stops at too many levels
#   levels(rows)      the levels of the effects in rows used, as text
#   scores()          n x k, of each row in the directions of the bread
#   score_products(groups)     k x k, the products of the scores by row (no groups) or of their sums by group
#   score_sums(groups)         G x k, the scores summed by group
#   cluster_products(groups)   list of G matrices k x k: what each group adds to the identity, F'x'WxF
#
# The sandwich of score sums S is F S'S F', and F F' the inverse of the cross-products: the condition of the regressors
# stands in F, and is not squared.

# The view of a model. `call` is the environment of the user's function, for what is refused.
new_view <- function(object, call) {
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
  view$columns <- function(names) columns_of_rows(object, names, call)
  view$residuals <- function() {
    core(cpp_within_residuals, fitted_design(object, call), object$solution, score_columns(object),
         n_threads(object$nobs), call = call)
  }
  view$score_products <- function(groups = NULL) score_products(object, groups, call)
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
  view$leverage <- function(too_large) row_leverage(object, too_large)
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

# What small-sample corrections count, all of the rows used.
sample_counts <- function(object) {
  list(n_rows = object$nobs, n_slopes = as.double(length(object$kept)), n_levels = as.double(object$effects$n_levels),
       constant = object$intercept)
}

# Groups of the rows used. Columns that are one of the effects have their codes already.
groups_of_rows <- function(object, columns, call) {
  label <- paste(columns, collapse = "^")
  same <- match(label, names(object$effects$columns))
  if (!is.na(same)) {
    groups <- list(code = object$design$codes[[same]], values = object$effects$values[[same]])
  } else {
    check_column_names(columns, object$data, "vcov", call = call)
    refuse_changed_data(object, columns, call)
    groups <- source_groups(object$data, columns, object$sample$rows, "vcov", call)
  }
  list(name = label, columns = columns, code = groups$code, values = groups$values, n = length(groups$values))
}

# Columns of the data in the rows used, as they are there.
columns_of_rows <- function(object, names, call) {
  check_column_names(names, object$data, "vcov", call = call)
  data <- fitted_data(object, names, call)
  source_columns(data, names, object$sample$rows)
}

# Unit and time of the rows used, which must not stand twice: those given, else those of the fit's lags, else as they
# are guessed from its effects.
place_of_rows <- function(object, unit, time, call) {
  panel <- object$blueprint$panel
  if (is.null(unit)) unit <- panel$unit_name
  if (is.null(time)) time <- panel$time_name
  if (is.null(unit) || is.null(time)) {
    none <- rlang::quo(NULL)
    guessed <- lag_panel(object$blueprint$spec, object$data, none, none, object$sample$rows, call)
    if (is.null(unit)) unit <- guessed$unit_name
    if (is.null(time)) time <- guessed$time_name
  }
  keys <- columns_of_rows(object, c(unit, time), call)
  found <- code_panel(keys, unit, time, call = call)
  list(unit = unit, time = time, code = found$code, when = found$when, step = found$step)
}

# Does every level of an effect lie inside one group? One answer an effect; no groups are no place to lie in.
nested_effects <- function(object, groups) {
  n_levels <- object$effects$n_levels
  if (is.null(groups)) return(rep(FALSE, length(n_levels)))
  codes <- object$design$codes
  nested <- logical(length(codes))
  for (j in seq_along(codes)) nested[j] <- core(cpp_is_nested, codes[[j]], n_levels[[j]], groups$code, groups$n)
  nested
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
  n_columns <- length(object$design$columns)
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
