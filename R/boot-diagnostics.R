# cluster_diagnostics(): how much a model's coefficients hang on few of its clusters.

#' What a model's clusters are worth
#'
#' Clustered errors trust in many clusters of like weight. This tells how many there are, how unequal, how many equal
#' ones they are worth for each coefficient, and what becomes of it without each of them.
#'
#' @param model A [fe_model()].
#' @param cluster A one-sided formula that names one cluster, `~unit` or `~a^b`, or an expression that gives one; `NULL`
#'   (default) for the model's.
#' @details For cluster g of G, W the weights, X the regressors with all effects taken out (and an intercept where there
#' are no effects), \eqn{M = (X'WX)^{-1}}:
#' * leverage: the trace of \eqn{X_g'WX_gM}; over all clusters it sums to the number of coefficients.
#' * partial leverage of a coefficient: the share of g in the sum of \eqn{Wz^2}, z the regressor with the effects and
#'   the other regressors taken out, with the weights.
#' * effective clusters: \eqn{G/(1 + mean((q/\bar q - 1)^2))} of the partial leverages q (Carter, Schnepel and
#'   Steigerwald
#'   2017, at correlation 0).
#' * jackknife: the coefficient without g, effects estimated anew; see CR3 of [vcov_cr()].
#' @return An object of class `cluster_diagnostics`, a list with `clusters` (what `as.data.frame()` gives: cluster, n,
#'   leverage), `partial_leverage` and `jackknife` (numeric matrices, clusters by terms, named), `estimate` (the model's
#'   coefficients) and `cluster` (the name). `tidy()`: a data frame with term, n_clusters, effective_clusters,
#'   partial_leverage_max, jackknife_min, jackknife_max. `glance()`: one row with n_clusters and the smallest, median
#'   and
#'   largest size. `print()` ends in a sentence of advice; `ggplot2::autoplot()` shows the coefficients without each
#'   cluster.
#' @section Errors: `flowresil_error_vcov`, `flowresil_error_one_cluster`, `flowresil_error_type`,
#'   `flowresil_error_missing_value`. Warning: `flowresil_warning_jackknife`.
#' @references Carter, A. V., Schnepel, K. T. and Steigerwald, D. G. (2017). Asymptotic behavior of a t-test robust to
#'   cluster heterogeneity. *Review of Economics and Statistics*, 99, 698-709.
#'
#' MacKinnon, J. G., Nielsen, M. O. and Webb, M. D. (2023). Leverage, influence, and the jackknife in clustered
#' regression models: reliable inference using summclust. *Stata Journal*, 23, 942-982.
#' @export
#' @examples
#' m <- fe_model(ExpRes ~ open + gov | province + year, province_panel)
#' cluster_diagnostics(m, ~province)
cluster_diagnostics <- function(model, cluster = NULL) {
  here <- environment()
  check_model(model, "model", here)
  columns <- one_cluster_of(model, cluster, "cluster_diagnostics", here)
  view <- new_view(model, here)
  groups <- view$groups(columns)
  refuse_one_cluster(groups, here)
  # the constant beside effects is no regressor
  own <- setdiff(names(model$coefficients), if (!model$intercept) "(Intercept)")
  at <- match(own, names(model$coefficients))
  products <- view$cluster_products(groups)
  directions <- if (identical(own, names(model$coefficients))) at else seq_along(own)
  parts <- view$bread[at, directions, drop = FALSE]
  partial <- t(vapply(products, function(product) {
    rowSums((parts %*% product[directions, directions, drop = FALSE]) * parts) / rowSums(parts^2)
  }, numeric(length(own))))
  names <- as.character(label_values(groups$values))
  shape <- function(values) matrix(values, groups$n, length(own), dimnames = list(names, own))
  structure(list(
    clusters = data.frame(
      cluster = groups$values, n = tabulate(groups$code + 1L, groups$n),
      leverage = vapply(products, function(product) sum(diag(product)[directions]), 1)
    ),
    partial_leverage = shape(if (length(own) == 1L) drop(partial) else partial),
    jackknife = shape(view$jackknife(groups, model$intercept)[, own]), estimate = model$coefficients[own],
    cluster = groups$name
  ), class = "cluster_diagnostics")
}

#' @rdname cluster_diagnostics
#' @param x,object What `cluster_diagnostics()` gives.
#' @param ... Not used.
#' @export
as.data.frame.cluster_diagnostics <- function(x, ...) x$clusters

#' @rdname cluster_diagnostics
#' @export
tidy.cluster_diagnostics <- function(x, ...) {
  G <- nrow(x$partial_leverage)
  data.frame(
    term = names(x$estimate), n_clusters = G,
    effective_clusters = G / (1 + colMeans((x$partial_leverage * G - 1)^2)),
    partial_leverage_max = apply(x$partial_leverage, 2L, max),
    jackknife_min = apply(x$jackknife, 2L, min), jackknife_max = apply(x$jackknife, 2L, max), row.names = NULL
  )
}

#' @rdname cluster_diagnostics
#' @export
glance.cluster_diagnostics <- function(x, ...) {
  sizes <- x$clusters$n
  data.frame(n_clusters = length(sizes), size_min = min(sizes), size_median = stats::median(sizes),
             size_max = max(sizes))
}

#' @rdname cluster_diagnostics
#' @param digits Significant digits to print.
#' @export
print.cluster_diagnostics <- function(x, digits = 4, ...) {
  digits <- check_digits(digits, environment())
  sizes <- generics::glance(x)
  cat("Clusters by ", x$cluster, ": ", count_of(sizes$n_clusters, "cluster"), " of ",
      if (sizes$size_min == sizes$size_max) sizes$size_min else
        paste0(sizes$size_min, " to ", sizes$size_max, " (median ", format(sizes$size_median), ")"), " rows\n",
      sep = "")
  table <- generics::tidy(x)
  table$n_clusters <- NULL
  largest <- apply(x$partial_leverage, 2L, which.max)
  print_rows(cbind(table[1:3], largest = rownames(x$partial_leverage)[largest],
                   estimate = unname(x$estimate), table[4:5]), digits, Inf)
  cat(paste0(strwrap(advise_clusters(table, sizes$n_clusters, rownames(x$partial_leverage)[largest]), 80), "\n"),
      sep = "")
  invisible(x)
}

# One sentence for the coefficient that hangs most on few clusters: `largest` names its largest one.
advise_clusters <- function(table, n_clusters, largest) {
  worst <- which.min(table$effective_clusters)
  effective <- table$effective_clusters[worst]
  share <- table$partial_leverage_max[worst]
  worth <- paste0("For `", table$term[worst], "` they are worth ", format(effective, digits = 2), " equal clusters")
  if (share >= 0.25) {
    return(paste0(
      worth, ", and ", largest[worst], " alone holds ", round(100 * share), " % of what identifies it: show the ",
      "estimate without it, and test by the wild bootstrap or by CR2 with its own degrees of freedom."
    ))
  }
  if (effective < 20) {
    return(paste0(
      worth, ": too few for clustered errors with t(", n_clusters - 1, "); take CR2 or CR3 (`vcov_cr()`), or the wild ",
      "bootstrap."
    ))
  }
  if (effective < 50) {
    return(paste0(worth, ": clustered errors should do, and CR2 or CR3 (`vcov_cr()`) tell by how much they may err."))
  }
  paste0(worth, ": clustered errors with t(", n_clusters - 1, ") do.")
}
