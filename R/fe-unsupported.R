# Generics whose default methods would answer for the wrong model, or from fields that mean something else: refused,
# with what to use instead. Those that are right stand beside the computation that they need.

# Stops a generic that has no meaning here: `why`, and what to call `instead`.
refuse_unsupported <- function(what, why, instead, call) {
  abort_input(
    "unsupported", paste0("`", what, "` is not available for this model."), found = paste0(capital(why), "."),
    todo = instead, arg = "object", call = call
  )
}

#' @importFrom stats add1
#' @export
add1.fe_model <- function(object, scope, ...) {
  refuse_unsupported("add1()", "it fits by the matrix of regressors, which leaves the effects out",
                     "Compare models: `update()` and `lmtest::waldtest()`.", environment())
}

#' @importFrom stats drop1
#' @export
drop1.fe_model <- function(object, scope, ...) {
  refuse_unsupported("drop1()", "it fits by the matrix of regressors, which leaves the effects out",
                     "Compare models: `update()` and `lmtest::waldtest()`.", environment())
}

#' @importFrom stats anova
#' @export
anova.fe_model <- function(object, ...) {
  refuse_unsupported("anova()", "its sums of squares would leave the effects out",
                     "Compare models with `lmtest::waldtest()`, test coefficients with `car::linearHypothesis()`.",
                     environment())
}

#' @importFrom stats alias
#' @export
alias.fe_model <- function(object, ...) {
  refuse_unsupported("alias()", "it reads the decomposition of `lm()`",
                     "Regressors that were dropped stand in `$dropped`.", environment())
}

#' @importFrom stats dummy.coef
#' @export
dummy.coef.fe_model <- function(object, ...) {
  refuse_unsupported("dummy.coef()", "it reads the coefficients of `lm()`",
                     "`fixed_effects()` gives the effects, `coef()` the slopes.", environment())
}

#' @importFrom stats effects
#' @export
effects.fe_model <- function(object, ...) {
  refuse_unsupported("effects()", "it reads the decomposition of `lm()`",
                     "`fixed_effects()` gives the fixed effects.", environment())
}

#' @importFrom stats influence
#' @export
influence.fe_model <- function(model, ...) {
  refuse_unsupported("influence()", "it reads the decomposition of `lm()`",
                     "Take `hatvalues()`, `rstudent()`, `cooks.distance()` or `dfbeta()`.", environment())
}

#' @importFrom stats dfbetas
#' @export
dfbetas.fe_model <- function(model, ...) {
  refuse_unsupported("dfbetas()", "it reads the decomposition of `lm()`",
                     "Take `dfbeta()`.", environment())
}

#' @export
kappa.fe_model <- function(z, ...) {
  refuse_unsupported("kappa()", "it reads the decomposition of `lm()`",
                     "Take `kappa(model.matrix(m, type = \"within\"))`.", environment())
}

#' @export
qr.fe_model <- function(x, ...) {
  refuse_unsupported("qr()", "the model holds no matrix of regressors and dummies",
                     "Take `qr(model.matrix(m, type = \"within\"))`.", environment())
}

#' @importFrom stats proj
#' @export
proj.fe_model <- function(object, ...) {
  refuse_unsupported("proj()", "it reads the decomposition of `lm()`",
                     "`fitted()` and `fixed_effects()` give the parts of the fit.", environment())
}

#' @importFrom stats simulate
#' @export
simulate.fe_model <- function(object, nsim = 1, seed = NULL, ...) {
  refuse_unsupported("simulate()", "the distribution of the errors is not part of the model",
                     "Draw errors and add them to `fitted()`.", environment())
}

#' @importFrom stats profile
#' @export
profile.fe_model <- function(fitted, ...) {
  refuse_unsupported("profile()", "least squares need no profile",
                     "`confint()` gives intervals.", environment())
}

#' @export
plot.fe_model <- function(x, ...) {
  refuse_unsupported("plot()", "base graphics of a model rest on `lm()`",
                     "`ggplot2::autoplot()` shows the coefficients; plot `residuals()` against `fitted()`.",
                     environment())
}

#' @exportS3Method sandwich::vcovBS
vcovBS.fe_model <- function(x, ...) {
  refuse_unsupported("vcovBS()", "a bootstrap draws rows twice, which the effects and `subset` do not know",
                     "Take clustered errors, `vcov(m, vcov = ~unit)`; with few clusters `vcov_cr(~unit)`.",
                     environment())
}

#' @exportS3Method clubSandwich::vcovCR
vcovCR.fe_model <- function(obj, cluster, type, target = NULL, inverse_var = FALSE, form = "sandwich", ...) {
  refuse_unsupported("vcovCR()", "it would pair residuals with regressors whose effects are not taken out",
                     "Write `vcov(m, vcov = vcov_cr(~unit))`; its `type` takes CR0 to CR3.",
                     environment())
}

#' @exportS3Method car::Anova
Anova.fe_model <- function(mod, ...) {
  refuse_unsupported("Anova()", "it reads the terms of a matrix of regressors and dummies",
                     "Test terms with `car::linearHypothesis()` or `lmtest::waldtest()`.", environment())
}

#' @exportS3Method car::avPlots
avPlots.fe_model <- function(model, ...) {
  refuse_unsupported("avPlots()", "it fits by the matrix of regressors, which leaves the effects out",
                     "Plot the columns of `model.matrix(m, type = \"within\")`.", environment())
}

#' @exportS3Method car::crPlots
crPlots.fe_model <- function(model, ...) {
  refuse_unsupported("crPlots()", "it fits by the matrix of regressors, which leaves the effects out",
                     "Plot the columns of `model.matrix(m, type = \"within\")`.", environment())
}

#' @exportS3Method car::ceresPlots
ceresPlots.fe_model <- function(model, ...) {
  refuse_unsupported("ceresPlots()", "it fits by the matrix of regressors, which leaves the effects out",
                     "Plot the columns of `model.matrix(m, type = \"within\")`.", environment())
}

#' @exportS3Method car::mcPlots
mcPlots.fe_model <- function(model, ...) {
  refuse_unsupported("mcPlots()", "it fits by the matrix of regressors, which leaves the effects out",
                     "Plot the columns of `model.matrix(m, type = \"within\")`.", environment())
}

#' @exportS3Method car::mmp
mmp.fe_model <- function(model, ...) {
  refuse_unsupported("mmp()", "it smooths over the regressors without the effects",
                     "Plot `residuals()` against `fitted()`.", environment())
}

#' @exportS3Method car::residualPlot
residualPlot.fe_model <- function(model, ...) {
  refuse_unsupported("residualPlot()", "it reads the fields of `lm()`",
                     "Plot `residuals()` against `fitted()`.", environment())
}

#' @exportS3Method car::spreadLevelPlot
spreadLevelPlot.fe_model <- function(x, ...) {
  refuse_unsupported("spreadLevelPlot()", "it reads the fields of `lm()`",
                     "Plot `residuals()` against `fitted()`.", environment())
}

#' @exportS3Method car::durbinWatsonTest
durbinWatsonTest.fe_model <- function(model, ...) {
  refuse_unsupported("durbinWatsonTest()", "rows of a panel are no series",
                     "`lmtest::dwtest()` takes the rows as one series; clusters by unit allow for autocorrelation.",
                     environment())
}

#' @exportS3Method car::hccm
hccm.fe_model <- function(model, ...) {
  refuse_unsupported("hccm()", "it reads the fields of `lm()`",
                     "Take `sandwich::vcovHC()` or `vcov(m, vcov = \"HC1\")`.", environment())
}

#' @exportS3Method car::Boot
Boot.fe_model <- function(object, ...) {
  refuse_unsupported("Boot()", "a bootstrap draws rows twice, which the effects and `subset` do not know",
                     "Take clustered errors, `vcov(m, vcov = ~unit)`; with few clusters `vcov_cr(~unit)`.",
                     environment())
}

#' @exportS3Method car::S
S.fe_model <- function(object, ...) {
  refuse_unsupported("S()", "it reads the fields of `lm()`",
                     "Take `summary()`.", environment())
}

#' @exportS3Method car::powerTransform
powerTransform.fe_model <- function(object, ...) {
  refuse_unsupported("powerTransform()", "it fits by the matrix of regressors, which leaves the effects out",
                     "Transform the outcome in the formula.", environment())
}

#' @exportS3Method car::boxCox
boxCox.fe_model <- function(object, ...) {
  refuse_unsupported("boxCox()", "it fits by the matrix of regressors, which leaves the effects out",
                     "Transform the outcome in the formula.", environment())
}
