#' @keywords internal
#' @useDynLib flowresil, .registration = TRUE
#' @importFrom Rcpp evalCpp
#' @importFrom generics tidy glance augment
#' @importFrom stats confint deviance df.residual fitted formula logLik model.matrix nobs predict residuals
#' @importFrom stats sigma update vcov weights
"_PACKAGE"

# autoplot() belongs to ggplot2, which is only suggested: methods are registered when it loads.

#' @export
generics::tidy

#' @export
generics::glance

#' @export
generics::augment
