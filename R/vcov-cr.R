# Variances for few clusters: residuals corrected by cluster (CR2), and the jackknife over clusters (CR3, CR3J).

#' Variances as specifications
#'
#' What `vcov =` takes beside names, formulas and matrices: a small object that says which variance is meant, made
#' before there is a model. [vcov.fe_model()] and every function with an argument `vcov` evaluate it.
#'
#' @param cluster A one-sided formula that names one cluster, `~unit` or `~a^b`, or an expression that gives one.
#' @param type One of `"CR2"` (default), `"CR3"`, `"CR3J"`, `"CR1"`, `"CR0"`, see *Clusters*.
#' @section Clusters:
#' e residuals, X the regressors with all effects as dummies (which are never formed), W the weights, \eqn{M =
#' (X'WX)^{-1}}. Only CR1 is changed by `correction`.
#' * CR0: the products of the scores' sums by cluster, no factor, t with \eqn{G - 1}.
#' * CR1: the same times the correction's factor, as `vcov = ~unit`.
#' * CR2 (Bell and McCaffrey 2002): residuals of cluster g are multiplied by \eqn{A_g}, the Moore-Penrose inverse of the
#'   symmetric root of \eqn{R_g R_g'} (eigenvalues under 1e-9 count as zero), R the residual maker; effects inside the
#'   clusters are taken out of X first, which makes a difference only under weights. Working errors have unit variance,
#'   also under weights. No factor. Each coefficient has its own degrees of freedom: those that give the variance its
#'   first two moments under the working errors (Pustejovsky and Tipton 2018). Not where effects are solved by
#'   iteration, nor where more than 2000 of their levels cross the clusters (class `vcov`).
#' * CR3: \eqn{(G-1)/G} times the sum of squares of \eqn{b_{(g)} - b}, \eqn{b_{(g)}} the coefficients without cluster g,
#'   effects estimated anew; CR3J: about the mean of \eqn{b_{(g)}}. t with \eqn{G - 1}. Slopes that are not identified
#'   without a cluster take the values of least norm, in units in which each column that is left has length one, with a
#'   warning (`flowresil_warning_jackknife`). clubSandwich's CR3 is \eqn{G/(G-1)} times this.
#' @section Errors: `flowresil_error_vcov`, `flowresil_error_choice`, `flowresil_error_missing_argument`.
#' @return An object of class `flowresil_variance`, which prints as one line.
#' @references Bell, R. M. and McCaffrey, D. F. (2002). Bias reduction in standard errors for linear regression with
#'   multi-stage samples. *Survey Methodology*, 28, 169-181.
#'
#' MacKinnon, J. G., Nielsen, M. O. and Webb, M. D. (2023). Fast and reliable jackknife and bootstrap methods for
#' cluster-robust inference. *Journal of Applied Econometrics*, 38, 671-694.
#'
#' Pustejovsky, J. E. and Tipton, E. (2018). Small-sample methods for cluster-robust variance estimation and hypothesis
#' testing in fixed effects models. *Journal of Business & Economic Statistics*, 36, 672-683.
#' @name variances
#' @export
#' @examples
#' m <- fe_model(ExpRes ~ open + gov | province + year, province_panel)
#' summary(m, vcov = vcov_cr(~province))
#' generics::tidy(m, vcov = vcov_cr(~province, type = "CR3"))
vcov_cr <- function(cluster, type = c("CR2", "CR3", "CR3J", "CR1", "CR0")) {
  here <- environment()
  columns <- read_one_cluster(cluster, here)
  cluster_types()[[check_choice(type, names(cluster_types()), "type", here)]](columns)
}

# The variances of one cluster by type, the default first: each is given the cluster's columns.
cluster_types <- function() {
  list(CR2 = vcov_cr2, CR3 = function(columns) vcov_cr3(columns, "CR3"),
       CR3J = function(columns) vcov_cr3(columns, "CR3J"), CR1 = cluster_variance, CR0 = vcov_cr0)
}

# Columns of the one cluster that a formula names.
read_one_cluster <- function(cluster, call) {
  if (missing(cluster)) {
    abort_input("missing_argument", "`cluster` must be given.", todo = "Write `vcov_cr(~unit)`.", arg = "cluster",
                call = call)
  }
  cluster <- tryCatch(cluster, error = function(e) {
    abort_input("vcov", "`cluster` must be a one-sided formula, such as `~unit`.", found = conditionMessage(e),
                arg = "cluster", call = call)
  })
  if (!inherits(cluster, "formula")) {
    abort_input("vcov", "`cluster` must be a one-sided formula, such as `~unit`.", found = describe_value(cluster),
                arg = "cluster", call = call)
  }
  dimensions <- read_clusters(cluster, call)
  if (length(dimensions) > 1L) {
    abort_input(
      "vcov", "`cluster` must name one cluster.",
      found = paste0("It names ", length(dimensions), ": ",
                     enumerate(vapply(dimensions, paste, "", collapse = "^"), "`"), "."),
      todo = "For clusters in several dimensions write `vcov = ~a + b`.", arg = "cluster", call = call
    )
  }
  dimensions[[1L]]
}

# A variance of one cluster. `key` is its row in the table of words.
new_cluster_variance <- function(name, columns, key, estimate, ...) {
  force(columns)
  label <- paste(columns, collapse = "^")
  new_choice(
    "variance", name, label = word(key, "en", name, label), words = c(key, name, label), cluster = columns,
    written = function() call("vcov_cr", cluster_formula(columns), type = name), ...,
    estimate = function(view, correction) {
      groups <- view$groups(columns)
      refuse_one_cluster(groups, view$call)
      c(estimate(view, groups), list(clusters = groups$n))
    }
  )
}

vcov_cr0 <- function(columns) {
  new_cluster_variance("CR0", columns, "variance_cr", function(view, groups) {
    list(vcov = view$bread %*% view$score_products(groups) %*% t(view$bread), factor = 1, df = groups$n - 1)
  }, form = "scores")
}

# Degrees of freedom of a coefficient: (tr P)^2 / sum P^2.
vcov_cr2 <- function(columns) {
  new_cluster_variance("CR2", columns, "variance_cr", function(view, groups) {
    found <- view$bias_reduced(groups, t(view$bread))
    df <- diag(found$expected)^2 / diag(found$straight)
    df[!is.finite(df)] <- groups$n - 1 # no cluster says anything of the coefficient
    list(vcov = view$bread %*% found$meat %*% t(view$bread), factor = 1, df = df)
  }, joint_degrees = function(view, combinations) htz_degrees(view, view$groups(columns), combinations))
}

# eta of a test of several combinations of the coefficients (rows): q(q + 1) over the sum of the variances of the
# variance's elements, once it is scaled to have the identity as expectation.
htz_degrees <- function(view, groups, combinations) {
  directions <- t(combinations %*% view$bread)
  parts <- eigen(view$bias_reduced(groups, directions, TRUE)$expected, symmetric = TRUE)
  whitened <- directions %*% parts$vectors %*% diag(1 / sqrt(parts$values), length(parts$values))
  found <- view$bias_reduced(groups, whitened, TRUE)
  q <- nrow(combinations)
  q * (q + 1) / sum(found$straight + found$crossed)
}

vcov_cr3 <- function(columns, type) {
  new_cluster_variance(type, columns, "variance_jackknife", function(view, groups) {
    without <- view$jackknife(groups)
    centre <- if (type == "CR3J") colMeans(without) else view$coefficients
    factor <- (groups$n - 1) / groups$n
    list(vcov = factor * crossprod(without - rep(centre, each = groups$n)), factor = factor, df = groups$n - 1)
  })
}
