# Methods for emmeans: means of the outcome at given regressors, at the effects' mean over the rows of the fit.

# ~ regressors, with what is needed to evaluate it. Lags cannot be.
regressor_terms <- function(object, call) {
  spec <- object$blueprint$spec
  terms <- object$blueprint$terms
  if (is.null(terms)) {
    labels <- vapply(lapply(spec$simple, as.name), deparse_backtick, "")
    terms <- stats::terms(stats::reformulate(labels, env = environment(object$formula)))
  }
  if (spec$has_lags) {
    refuse <- function(...) {
      refuse_unsupported("emmeans()", "a grid of values has no unit and time by which lags could go",
                         "Make the lag a column of the data.", call)
    }
    environment(terms) <- list2env(list(l = refuse, f = refuse, d = refuse), parent = spec$env)
  }
  terms
}

#' @exportS3Method emmeans::recover_data
recover_data.fe_model <- function(object, data = NULL, ...) {
  if (is.null(data)) data <- plain_rows(fitted_data(object), used_rows(object))
  emmeans::recover_data(object$call, regressor_terms(object, environment()), NULL, data = data, ...)
}

# The constant is that of the mean outcome, so that its error is known whatever the effects are. A regressor that was
# dropped enters by its distance from its mean: there it does not matter, elsewhere nothing is estimable.
#' @exportS3Method emmeans::emm_basis
emm_basis.fe_model <- function(object, trms, xlev, grid, vcov. = NULL, df = NULL, ...) {
  here <- environment()
  frame <- stats::model.frame(trms, grid, na.action = stats::na.pass, xlev = object$blueprint$xlevels)
  x <- stats::model.matrix(trms, frame, contrasts.arg = object$blueprint$contrasts)
  x <- x[, colnames(x) != "(Intercept)", drop = FALSE]
  dropped <- setdiff(seq_len(ncol(x)), object$kept)
  centred <- with_mean(object, here)
  estimate <- if (length(object$effects$n_levels)) {
    if (is_given(vcov.)) {
      refuse_unsupported("emmeans()", "a variance given as a matrix says nothing of the effects",
                         "Give `vcov.` as \"iid\", \"HC0\", \"HC1\" or a cluster.", here)
    }
    requested_variance(centred, if (is.null(vcov.)) object$variance$choice else vcov., NULL, here, df)
  } else {
    requested_variance(object, vcov., NULL, here, df)
  }
  value <- rep(NA_real_, ncol(x))
  value[object$kept] <- object$slopes
  for (j in dropped) x[, j] <- x[, j] - object$means[j]
  null <- matrix(NA_real_)
  if (has_intercept(object)) {
    x <- cbind("(Intercept)" = 1, x)
    value <- c(centred$coefficients[["(Intercept)"]], value)
  }
  if (length(dropped)) {
    null <- diag(ncol(x))[, dropped + has_intercept(object), drop = FALSE]
  }
  list(X = x, bhat = value, nbasis = null, V = unname(estimate$vcov), dffun = function(k, dfargs) dfargs$df,
       dfargs = list(df = joint_degrees(estimate$variance)), misc = list())
}

# The model with the constant of the mean.
with_mean <- function(object, call) {
  if (object$intercept || length(object$effects$n_levels) == 0L) return(object)
  with_constant(object, constants()$mean(), call)
}
