# Variances: reading `vcov =`, small-sample counts, the sandwich.

# "iid", "HC0", "HC1" or ~cluster to list(type, cluster = column names). `columns` are those of the data, for the
# words of a refusal.
parse_vcov <- function(vcov, call = rlang::caller_env(), columns = NULL) {
  if (inherits(vcov, "formula")) {
    if (length(vcov) != 2L) {
      abort_input("vcov", "`vcov` must be a one-sided formula, such as `~unit`.", found = "It has two sides.",
                  arg = "vcov", call = call)
    }
    cluster <- vcov[[2L]]
    names <- interacted_names(cluster)
    if (is.null(names)) {
      abort_input(
        "vcov", "`vcov` must name one cluster: a column, or columns joined by `^`.",
        found = paste0("`", rlang::as_label(cluster), "` ", if (rlang::is_call(cluster, "+")) {
          "asks for two-way clusters, which are not supported yet."
        } else {
          "is neither."
        }),
        arg = "vcov", call = call
      )
    }
    return(list(type = "cluster", cluster = names))
  }
  if (is.character(vcov)) vcov <- utf8_names(vcov, "vcov", call)
  if (is.character(vcov) && length(vcov) == 1L && vcov %in% c("iid", "HC0", "HC1")) {
    return(list(type = vcov, cluster = NULL))
  }
  abort_input(
    "vcov", "`vcov` must be \"iid\", \"HC0\", \"HC1\" or a one-sided formula that names the cluster.",
    found = describe_value(vcov), todo = cluster_hint(vcov, columns, written_vcov(call)), arg = "vcov", call = call
  )
}

# Codes of the cluster for the rows used. A column that is one of the effects has its codes already.
cluster_codes <- function(object, columns, call) {
  label <- paste(columns, collapse = "^")
  same <- match(label, names(object$effects$columns))
  if (!is.na(same)) {
    groups <- list(code = object$design$codes[[same]], values = object$effects$values[[same]])
  } else {
    check_column_names(columns, object$data, "vcov", call = call)
    refuse_changed_data(object, columns, call)
    groups <- code_effect(object$data, columns, object$sample$rows, call, "vcov")
  }
  if (length(groups$values) < 2L) {
    abort_input(
      "one_cluster", "There must be two clusters or more.",
      found = paste0("`", label, "` has one level in the rows used."), arg = "vcov", columns = columns, call = call
    )
  }
  groups
}

# The variance matrix and how it was made: list(vcov, variance).
estimate_variance <- function(object, variance, correction, call = rlang::caller_env()) {
  counts <- list(
    n_rows = object$nobs, n_slopes = length(object$kept), n_levels = as.double(object$effects$n_levels),
    n_redundant = if (counts_rank(correction)) count_redundant(object, correction) else 0,
    constant = object$intercept
  )
  refuse_no_degrees(object, counts, correction, call)
  clusters <- if (variance$type == "cluster") cluster_codes(object, variance$cluster, call)
  counts$nested <- nested_effects(object, clusters)
  counts$n_clusters <- length(clusters$values)
  small <- core(cpp_small_sample, variance$type, correction, counts, call = call)
  basis <- coefficient_basis(object)
  V <- if (variance$type == "iid") {
    tcrossprod(basis) * (object$residual_squares * small$factor)
  } else {
    small$factor * (basis %*% score_products(object, clusters, call) %*% t(basis))
  }
  names <- names(object$coefficients)
  dimnames(V) <- list(names, names)
  list(
    vcov = without_impossible((V + t(V)) / 2),
    variance = list(
      type = variance$type, cluster = variance$cluster, correction = correction, factor = small$factor,
      n_parameters = small$n_parameters, df = small$degrees_of_freedom,
      n_clusters = if (!is.null(clusters)) length(clusters$values)
    )
  )
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
  combination <- matrix(0, n_columns, k)
  combination[object$kept, ] <- if (object$polished) object$basis else diag(1, k)
  constant <- object$constant_part
  turn <- if (object$polished) object$polish else object$basis
  if (!is.null(constant)) turn <- rbind(cbind(turn, rep(0, k)), c(rep(0, k), sqrt(constant$value)))
  list(
    combination = combination, residual = replace(numeric(n_columns), n_columns, 1),
    along = if (object$polished) object$along else object$fitted_coefficients[object$kept],
    offset = object$offset, turn = turn,
    constant = !is.null(constant), constant_column = constant$column
  )
}

# Sums of products of the scores in the directions of coefficient_basis(), by row or by cluster.
score_products <- function(object, clusters, call) {
  codes <- if (is.null(clusters)) integer() else clusters$code
  core(cpp_score_squares, fitted_design(object, call), object$solution, score_columns(object), codes,
       length(clusters$values), n_threads(), call = call)
}

# A variance that rounding leaves negative, or that is not finite, is no number to print: NA, and said.
without_impossible <- function(V) {
  found <- diag(V)
  lost <- !is.finite(found) | found < 0
  if (!any(lost)) return(V)
  terms <- rownames(V)[lost]
  warn_data(
    "variance", "Every variance must be a finite number of 0 or more; where it is not, the standard error is NA.",
    found = paste0("The variance of `", terms, "` is ", ifelse(is.finite(found[lost]), "negative", "not finite"), "."),
    todo = "The regressors are nearly collinear or their scores vanish: centre or rescale them, or leave one out.",
    terms = terms
  )
  V[lost, ] <- NA_real_
  V[, lost] <- NA_real_
  V
}

# The variance to use for a request made after the fit: the stored one where nothing else is asked for, a matrix
# or a function's as it is given. `df` overrides the degrees of freedom.
requested_variance <- function(object, vcov = NULL, correction = NULL, call = rlang::caller_env(), df = NULL) {
  vcov <- evaluated_vcov(vcov, names(object$data), call)
  if (is_given(vcov)) {
    estimate <- given_variance(object, vcov, correction, call)
  } else if (is.null(vcov) && is.null(correction)) {
    estimate <- list(vcov = object$vcov, variance = object$variance)
  } else {
    variance <- if (is.null(vcov)) object$variance[c("type", "cluster")] else parse_vcov(vcov, call, names(object$data))
    correction <- if (is.null(correction)) object$variance$correction else
      check_choice(correction, correction_choices, "correction", call)
    estimate <- estimate_variance(object, variance, correction, call)
  }
  with_degrees(estimate, df, call)
}

#' Variance of a fixed-effects model
#'
#' The covariance matrix of the coefficients, as fitted or by another variance and small-sample correction,
#' without fitting again: the scores are computed anew from the model's columns.
#'
#' @param object A [fe_model()].
#' @param vcov `NULL` (default) for the variance of the fit; or `"iid"`, `"HC0"`, `"HC1"`, or a one-sided
#'   formula that names a column of the data as the cluster, such as `~unit` (also `~a^b`). The column need
#'   not stand in the model. Or a variance computed elsewhere: a matrix whose rows and columns bear the
#'   coefficients' names (in any order), or a function that takes the model and gives such a matrix, as those of
#'   sandwich do. Tests then use the t distribution with \eqn{n - K} degrees of freedom unless `df` is given.
#' @param correction `NULL` (default) for that of the fit; or one of `"fixest"`, `"reghdfe"`, `"dummies"`,
#'   `"plm"`, `"none"`: see [fe_model()].
#' @param complete Taken because callers of [stats::vcov()] give it, and without effect: regressors that were
#'   dropped are not among the coefficients.
#' @param ... Not used; anything given here is an error.
#' @section Errors: `flowresil_error_vcov` (also for a matrix of another size, without names, not symmetric, or
#'   with values that are no variances), `flowresil_error_argument` (`correction` beside a matrix),
#'   `flowresil_error_missing_column`, `flowresil_error_missing_value`, `flowresil_error_one_cluster`,
#'   `flowresil_error_choice`, `flowresil_error_no_degrees_of_freedom`, `flowresil_error_data_changed` (the data were
#'   written in place since the fit, as data.table's users do),
#'   `flowresil_error_encoding` (a cluster that is no text in its encoding). Message: `flowresil_message_blanks`.
#' @section Warning: `flowresil_warning_variance` where rounding leaves a variance negative, or it is not finite: its
#'   row and column are `NA`.
#' @details A variance is formed in an orthonormal basis of the regressors, and the way from there to the coefficients
#' is taken last: errors of nearly collinear regressors (polynomial trends) have as many digits as the regressors
#' leave, not half of them.
#' @return A symmetric numeric matrix with the coefficients' names.
#' @export
#' @examples
#' m <- fe_model(ExpRes ~ open | province + year, province_panel)
#' vcov(m)
#' vcov(m, vcov = ~province, correction = "dummies")
vcov.fe_model <- function(object, vcov = NULL, correction = NULL, complete = TRUE, ...) {
  here <- environment()
  check_dots(..., call = here)
  requested_variance(object, vcov, correction, here)$vcov
}

# "clustered by province, correction fixest".
describe_convention <- function(variance) {
  if (variance$type == "given") return("given matrix")
  name <- switch(variance$type,
    iid = "classical (iid)",
    HC0 = "heteroskedasticity-robust HC0",
    HC1 = "heteroskedasticity-robust HC1",
    cluster = paste0("clustered by ", paste(variance$cluster, collapse = "^"))
  )
  paste0(name, ", correction ", variance$correction)
}

# The same with the number of clusters and the t distribution.
describe_variance <- function(variance) {
  clusters <- if (variance$type == "cluster") paste0(", ", variance$n_clusters, " clusters")
  paste0(describe_convention(variance), clusters, ", t(", format_degrees(variance$df), ")")
}
