# Methods for the generics of sandwich, lmtest and car.

#' Other packages' functions on a fixed-effects model
#'
#' What sandwich, lmtest, car, clubSandwich and emmeans do with a [fe_model()], and where they are refused.
#'
#' * sandwich: `vcovCL()`, `vcovPL()`, `vcovHAC()`, `NeweyWest()`, `sandwich()`, `meat()`, `bread()` and `estfun()`
#'   work on the scores of the demeaned regressors; a cluster may be a formula, a column of any type, or a vector
#'   with a value for each row of the data. `vcovHC()` takes `"const"`, `"HC0"` to `"HC3"` (the default of
#'   sandwich), the leverage being that of the regression on dummies. Their small-sample factors count the slopes
#'   only. Clustered `"HC2"` and `"HC3"` and `vcovBS()` are refused.
#' * lmtest: `coeftest()` and `coefci()` use the degrees of freedom of the model's own variance (clusters:
#'   \eqn{G - 1}), and \eqn{n - K} where `vcov.` gives another, unless `df` is given. `waldtest()` and `lrtest()`
#'   compare models; `bptest()`, `dwtest()`, `bgtest()`, `resettest()` and the other tests that fit again see `terms()`
#'   and `model.frame()`, which hold the effects as factors, so that they are those of `lm()` on dummies; above 1000
#'   levels they are refused.
#' * car: `linearHypothesis()` gives F with the same degrees of freedom, `deltaMethod()` intervals by t. `vif()` is
#'   that of the demeaned regressors: what collinearity with the *other regressors*, effects taken out, costs.
#' * clubSandwich: `vcovCR()`, and with it `coef_test()` and `conf_int()`, is refused.
#' * emmeans: means of the outcome at given regressors, at the mean of the effects over the rows of the fit, and
#'   their contrasts and trends, which do not depend on it. Refused where the model has lags.
#' * insight, parameters, performance and modelsummary: `model_parameters()`, `r2()`,
#'   `check_heteroscedasticity()`, `check_collinearity()` (by
#'   `vif()` above) and tables, with the variance of the fit and its degrees of freedom.
#'
#' @param x,model,object,mod A [fe_model()].
#' @param vcov.,vcov Another variance: a matrix, a function of the model, or what [vcov.fe_model()] takes; `NULL` for
#'   that of the fit.
#' @param df,error.df Degrees of freedom in place of those of the variance.
#' @param type `"const"`, `"HC0"`, `"HC1"`, `"HC2"` or `"HC3"`.
#' @param complete,estimate As in the generics.
#' @param parm,level Coefficients and level of the intervals.
#' @param hypothesis.matrix,test,g. See the generics in car.
#' @param ... Passed on to the default methods; more models for `waldtest()`.
#' @return What the generics return.
#' @section Errors: `flowresil_error_unsupported` where a function cannot be right, with what to use instead;
#'   `flowresil_error_vcov`, `flowresil_error_term`, `flowresil_error_number` for arguments.
#' @name fe_model-interop
NULL

# The arguments that a variance handed to another package's function stands for.
handed_variance <- function(object, vcov., df, call) { # nolint: object_name_linter.
  # an empty vcov. means the model's own, whose degrees of freedom are known
  requested_variance(object, vcov., NULL, call, df)
}

default_of <- function(generic, package) utils::getS3method(generic, "default", envir = asNamespace(package))

#' @rdname fe_model-interop
#' @exportS3Method lmtest::coeftest
coeftest.fe_model <- function(x, vcov. = NULL, df = NULL, ...) {
  estimate <- handed_variance(x, vcov., df, environment())
  default_of("coeftest", "lmtest")(x, vcov. = estimate$vcov, df = shared_degrees(estimate$variance), ...)
}

#' @rdname fe_model-interop
#' @exportS3Method lmtest::coefci
coefci.fe_model <- function(x, parm = NULL, level = 0.95, vcov. = NULL, df = NULL, ...) {
  here <- environment()
  check_level(level, here)
  estimate <- handed_variance(x, vcov., df, here)
  if (!is.null(parm)) parm <- check_terms(parm, x, here)
  default_of("coefci", "lmtest")(x, parm = parm, level = level, vcov. = estimate$vcov,
                                 df = shared_degrees(estimate$variance), ...)
}

#' @rdname fe_model-interop
#' @exportS3Method car::linearHypothesis
linearHypothesis.fe_model <- function(model, hypothesis.matrix, ..., test = c("F", "Chisq"), vcov. = NULL, df = NULL,
                                      error.df = df) {
  here <- environment()
  test <- check_choice(test, c("F", "Chisq"), "test", here)
  estimate <- handed_variance(model, vcov., error.df, here)
  default_of("linearHypothesis", "car")(
    model, hypothesis.matrix, ..., test = test, vcov. = estimate$vcov, error.df = joint_degrees(estimate$variance),
    suppress.vcov.msg = is.null(vcov.)
  )
}

# car's default uses the normal distribution.
#' @rdname fe_model-interop
#' @exportS3Method car::deltaMethod
deltaMethod.fe_model <- function(object, g., vcov. = NULL, level = 0.95, df = NULL, ...) {
  here <- environment()
  check_level(level, here)
  estimate <- handed_variance(object, vcov., df, here)
  out <- default_of("deltaMethod", "car")(object, g., vcov. = estimate$vcov, level = level, ...)
  df <- joint_degrees(estimate$variance)
  out[3:4] <- confidence_limits(out$Estimate, out$SE, df, level)
  if (!is.null(out[["z value"]])) {
    names(out)[names(out) == "z value"] <- "t value"
    names(out)[names(out) == "Pr(>|z|)"] <- "Pr(>|t|)"
    out[["Pr(>|t|)"]] <- 2 * stats::pt(abs(out[["t value"]]), df, lower.tail = FALSE)
  }
  out
}

# car's default uses the normal distribution where a variance is given.
#' @rdname fe_model-interop
#' @exportS3Method car::Confint
Confint.fe_model <- function(object, estimate = TRUE, level = 0.95, vcov. = NULL, df = NULL, ...) {
  here <- environment()
  check_flag(estimate, "estimate", here)
  variance <- handed_variance(object, vcov., df, here)
  check_level(level, here)
  interval <- coefficient_limits(object, variance, level)
  if (estimate) cbind(Estimate = object$coefficients, interval) else interval
}

# Later models may be changes to the one before: a formula, or the terms to leave out.
#' @rdname fe_model-interop
#' @exportS3Method lmtest::waldtest
waldtest.fe_model <- function(object, ..., vcov = NULL, test = c("F", "Chisq")) {
  here <- environment()
  test <- check_choice(test, c("F", "Chisq"), "test", here)
  models <- nested_models(object, list(...), here)
  out <- do.call(default_of("waldtest", "lmtest"), c(models, list(
    vcov = if (is.null(vcov) || is_given(vcov)) vcov else function(m) stats::vcov(m, vcov), test = test,
    name = function(m) paste(deparse(m$formula), collapse = "\n")
  )))
  if (test == "F" && is.null(vcov)) {
    for (i in seq_along(models)[-1L]) { # F by the degrees of freedom of the larger model's own variance
      larger <- models[[if (out$Df[i] > 0) i else i - 1L]]
      out[["Pr(>F)"]][i] <- stats::pf(out$F[i], abs(out$Df[i]), joint_degrees(larger$variance), lower.tail = FALSE)
    }
  }
  out
}

nested_models <- function(object, others, call) {
  models <- list(object)
  if (length(others) == 0L) {
    refuse_unsupported("waldtest()", "beside effects there is no model of a constant alone",
                       "Name the terms to leave out, or take `glance()`, which tests all slopes.", call)
  }
  for (other in others) {
    last <- models[[length(models)]]
    if (!inherits(other, "fe_model")) {
      if (is.numeric(other) || is.character(other)) {
        labels <- regressor_labels(last)
        wrong <- if (is.numeric(other)) !other %in% seq_along(labels) else !other %in% labels
        if (any(wrong)) {
          abort_input("term", "A term to leave out must stand in the model.",
                      found = paste0(enumerate(other[wrong], "`"), if (sum(wrong) == 1L) " does not." else " do not."),
                      todo = paste0("The terms are ", enumerate(labels, "`", 10L), "."), arg = "...", call = call)
        }
        drop <- if (is.numeric(other)) labels[other] else other
        other <- stats::as.formula(paste(". ~ . -", paste(drop, collapse = " - ")))
      }
      if (!inherits(other, "formula")) {
        abort_input("type", "What is compared must be a model, a formula, or terms to leave out.",
                    found = paste0("It is ", describe_type(other), "."), arg = "...", call = call)
      }
      # the same rows, though fewer variables may miss fewer values
      other <- update.fe_model(last, other, subset = used_rows(last))
    }
    models <- c(models, list(other))
  }
  models
}

# What is compared with its mirror image in the demeaned regressors: the determinants of their correlations.
#' @rdname fe_model-interop
#' @exportS3Method car::vif
vif.fe_model <- function(mod, ...) {
  here <- environment()
  assign <- regressor_assign(mod)
  labels <- regressor_labels(mod)
  if (length(labels) < 2L) {
    abort_input("no_regressor", "`vif()` needs two terms or more.",
                found = paste0("The model has ", if (length(labels)) paste0("`", labels, "` only.") else "none."),
                arg = "mod", call = here)
  }
  R <- stats::cov2cor(tcrossprod(slope_basis(mod)))
  size <- tabulate(assign)
  value <- vapply(seq_along(labels), function(term) {
    here <- assign == term
    det(R[here, here, drop = FALSE]) * det(R[!here, !here, drop = FALSE]) / det(R)
  }, numeric(1))
  if (all(size == 1L)) return(stats::setNames(value, labels))
  matrix(c(value, size, value^(1 / (2 * size))), ncol = 3L,
         dimnames = list(labels, c("GVIF", "Df", "GVIF^(1/(2*Df))")))
}

# sandwich's own method would pair the scores of demeaned regressors with regressors as they stand.
#' @rdname fe_model-interop
#' @exportS3Method sandwich::vcovHC
vcovHC.fe_model <- function(x, type = c("HC3", "const", "HC", "HC0", "HC1", "HC2"), complete = TRUE, ...) {
  here <- environment()
  check_dots(..., call = here)
  choices <- c("HC3", "const", "HC", "HC0", "HC1", "HC2")
  if (identical(type, choices)) type <- "HC3"
  if (!is.character(type) || length(type) != 1L || !type %in% choices) {
    abort_input(
      "vcov", "`type` must be \"const\", \"HC0\", \"HC1\", \"HC2\" or \"HC3\" for a fixed-effects model.",
      found = describe_value(type), arg = "type", call = here
    )
  }
  if (type %in% c("HC2", "HC3")) return(leverage_sandwich(x, if (type == "HC2") 0.5 else 1, here))
  requested_variance(x, switch(type, const = "iid", HC = "HC0", type), NULL, here)$vcov
}

# Scores over (1 - h)^power. A row that the effects fit alone has neither score nor residual.
leverage_sandwich <- function(x, power, call) {
  h <- leverage(x, "vcovHC()", call)
  scores <- estfun.fe_model(x)
  alone <- h > 1 - 1e-10
  if (!is.null(x$constant_part) && !x$intercept) {
    refuse_unsupported("vcovHC()", "the constant beside effects has no leverage of its own",
                       "Fit with `constant = \"none\"`.", call)
  }
  demeaned <- demeaned_regressors(x)[alone, , drop = FALSE]
  if (any(abs(demeaned) > 1e-8 * rep(apply(abs(scores), 2L, max), each = nrow(demeaned)) & abs(demeaned) > 1e-8)) {
    refuse_unsupported("vcovHC()", paste0("a row has leverage one (", name_rows(used_rows(x)[alone]), ")"),
                       "Write `vcov(m, vcov = \"HC3\")`, where such rows count zero.", call)
  }
  scores <- scores / (1 - h)^power
  scores[alone, ] <- 0
  B <- bread.fe_model(x) / x$nobs
  V <- B %*% crossprod(scores) %*% B
  (V + t(V)) / 2
}
