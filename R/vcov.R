# Variances: which one, by the table of types; the estimate by its view of the fit; what is asked for after the fit.

# The variances that have a name. Clusters are asked for by a formula.
variance_types <- function() {
  list(iid = vcov_iid, HC0 = function() vcov_hc("HC0"), HC1 = function() vcov_hc("HC1"),
       HC2 = function() vcov_hc_leverage("HC2"), HC3 = function() vcov_hc_leverage("HC3"))
}

# The variance that `vcov` asks for, as a choice: a name of the table, a one-sided formula (clusters), or an object that
# a constructor made. `columns` are those of the data, for the words of a refusal.
as_variance <- function(vcov, call = rlang::caller_env(), columns = NULL) {
  if (is_choice(vcov)) {
    choice <- as_choice(vcov, variance_types(), "vcov", call)
    return(if (is.function(choice$resolve)) choice$resolve(columns, call) else choice)
  }
  if (inherits(vcov, "formula")) return(vcov_cluster(vcov, call))
  if (inherits(vcov, "fixest_vcov_request")) {
    abort_input("vcov", variance_rule(), found = "It is a request of fixest's.", todo = hint_of_fixest(vcov),
                arg = "vcov", call = call)
  }
  if (is.character(vcov)) vcov <- utf8_names(vcov, "vcov", call)
  types <- variance_types()
  if (is.character(vcov) && length(vcov) == 1L && vcov %in% names(types)) return(types[[vcov]]())
  abort_input(
    "vcov", variance_rule(), found = describe_value(vcov),
    todo = cluster_hint(vcov, columns, written_vcov(call)), arg = "vcov", call = call
  )
}

# The value of `vcov`, or a refusal that tells how a cluster is written: a bare name is no variance.
evaluated_vcov <- function(vcov, columns, call) {
  withCallingHandlers(vcov, error = function(e) {
    if (inherits(e, "flowresil_error")) return()
    written <- written_vcov(call)
    is_column <- is.symbol(written) && as.character(written) %in% columns
    abort_input(
      "vcov", variance_rule(),
      found = if (is_column) paste0("`", as.character(written), "` is a column of `data`.") else conditionMessage(e),
      todo = cluster_hint(written, columns), arg = "vcov", parent = if (!is_column) e, call = call
    )
  })
}

# What `vcov` must be, with the names that there are.
variance_rule <- function() {
  names <- paste0("\"", names(variance_types()), "\"", collapse = ", ")
  paste0("`vcov` must be ", names, ", a one-sided formula that names clusters, or what `vcov_cr()`, `vcov_nw()`, ",
         "`vcov_dk()` or `vcov_conley()` gives.")
}

# The variance of the coefficients and how it was made: list(vcov, variance). `choice` estimates from the view; degrees
# of freedom are one number, or one a coefficient; where only the fit told what was meant, it gives the choice that was
# made.
estimate_variance <- function(object, choice, correction, call = rlang::caller_env(), view = new_view(object, call)) {
  n_parameters <- count_parameters(view, correction)
  refuse_no_degrees(view, n_parameters, correction, call)
  found <- choice$estimate(view, correction)
  V <- found$vcov
  terms <- names(object$coefficients)
  if (is.null(found$df)) found$df <- object$nobs - n_parameters
  refuse_no_variance(found, choice, terms, call)
  V <- without_impossible(matrix((V + t(V)) / 2, length(terms), dimnames = list(terms, terms)))
  list(vcov = V, variance = list(
    type = choice$name, cluster = choice$cluster, correction = correction$name,
    factor = if (is.null(found$factor)) NA_real_ else found$factor, n_parameters = n_parameters,
    df = degrees_by_term(found$df, terms), n_clusters = found$clusters, repaired = isTRUE(found$repaired),
    choice = if (is.null(found$choice)) choice else found$choice
  ))
}

# What every variance promises, whoever wrote it.
refuse_no_variance <- function(found, choice, terms, call) {
  k <- length(terms)
  fault <- if (!is.numeric(found$vcov) || !identical(dim(found$vcov), c(k, k))) {
    paste0("Its `vcov` is no numeric matrix of ", k, " by ", k, ".")
  } else if (!is.numeric(found$df) || !length(found$df) %in% c(1L, k) || anyNA(found$df) || any(found$df <= 0)) {
    "Its `df` are not positive numbers, one or one a coefficient."
  }
  if (!is.null(fault)) refuse_broken_choice(choice, "a symmetric matrix and degrees of freedom", fault, "vcov", call)
}

# A variance that rounding leaves negative, or that is not finite, is no number to print: NA, and said.
without_impossible <- function(V) {
  found <- V[seq.int(1L, length(V), length.out = nrow(V))]
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
  vcov <- evaluated_vcov(vcov, source_names(object$data), call)
  if (is_given(vcov)) {
    estimate <- given_variance(object, vcov, correction, call)
  } else if (is.null(vcov) && is.null(correction)) {
    estimate <- list(vcov = object$vcov, variance = object$variance)
  } else {
    choice <- if (is.null(vcov)) object$variance$choice else as_variance(vcov, call, source_names(object$data))
    correction <- as_choice(if (is.null(correction)) object$variance$correction else correction, corrections(),
                            "correction", call)
    estimate <- estimate_variance(object, choice, correction, call)
  }
  with_degrees(estimate, df, call)
}

#' Variance of a fixed-effects model
#'
#' The covariance matrix of the coefficients, as fitted or by another variance and small-sample correction,
#' without fitting again: the scores are computed anew from the model's columns.
#'
#' @param object A [fe_model()].
#' @param vcov `NULL` (default) for the variance of the fit; or `"iid"`, `"HC0"` to `"HC3"`, or a one-sided
#'   formula that names a column of the data as the cluster, such as `~unit` (also `~a^b`), or several, as in
#'   `~a + b`: see *Clusters of several dimensions*; or what [vcov_cr()], [vcov_nw()], [vcov_dk()] or [vcov_conley()]
#'   gives. The columns need not stand in the model. Or a variance computed elsewhere: a matrix whose rows and columns
#'   bear the coefficients' names (in any order), or a function that takes the model and gives such a matrix, as those
#'   of sandwich do. Tests then use the t distribution with \eqn{n - K} degrees of freedom unless `df` is given.
#' @param correction `NULL` (default) for that of the fit; or one of `"fixest"`, `"reghdfe"`, `"dummies"`,
#'   `"plm"`, `"none"`: see [fe_model()].
#' @param complete Taken because callers of [stats::vcov()] give it, and without effect: regressors that were
#'   dropped are not among the coefficients.
#' @param ... Not used; anything given here is an error.
#' @section HC2 and HC3: Squared residuals over \eqn{1-h} or its square, with the leverage h of all columns, every
#'   effect among them, as of a regression on dummies; no factor under any correction, t with \eqn{n-K}. A
#'   row of leverage one (the only one of a level, say) counts zero, with a warning (`flowresil_warning_leverage`) that
#'   names it. Where effects are solved by iteration they are refused (class `vcov`).
#' @section Clusters of several dimensions: `~a + b` sums the variances by each set of dimensions, sets of an even
#'   number with a minus (Cameron, Gelbach and Miller 2011); tests use t with the fewest clusters of a dimension less
#'   one. Corrections: `"fixest"` and `"reghdfe"` multiply by \eqn{G/(G-1)} of that dimension and
#'   \eqn{(n-1)/(n-K)} without the effects that are nested in any of the dimensions; `"dummies"` gives each term
#'   \eqn{G/(G-1)} of its own and \eqn{(n-1)/(n-K)} (HC1 of sandwich's `vcovCL()`); `"plm"` and `"none"` have no
#'   factor. The sum may have negative eigenvalues. They are set to zero in the orthonormal directions of the fit, with
#'   a warning (`flowresil_warning_not_positive`); fixest and sandwich do so in the coefficients' own units, so that
#'   standard errors there depend on these. A coefficient of whose variance nothing is left has standard error 0 and
#'   `NA` for test and interval. `$variance$repaired` tells.
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
describe_convention <- function(variance, language = "en") {
  if (is.null(variance$choice)) return(word("variance_given", language))
  word("correction", language, describe_kind(variance$choice, language), variance$correction)
}

# What a variance is; those of other people have the one label that they brought.
describe_kind <- function(choice, language) {
  if (language == "en" || is.null(choice$words)) return(describe_choice(choice))
  do.call(word, c(choice$words[1L], language, as.list(choice$words[-1L])))
}

# The same with the number of clusters and the t distribution.
describe_variance <- function(variance) {
  clusters <- if (length(variance$n_clusters)) paste0(", ", paste(variance$n_clusters, collapse = " and "), " clusters")
  paste0(describe_convention(variance), clusters, ", t(", format_degrees(variance$df), ")")
}
