# Methods for insight, on which parameters, performance and modelsummary build, and for performance itself.

#' @exportS3Method insight::model_info
model_info.fe_model <- function(x, ...) insight::model_info(stats::lm(c(0, 1, 3) ~ 1)) # a linear model, like any

#' @exportS3Method insight::find_statistic
find_statistic.fe_model <- function(x, ...) "t-statistic"

#' @exportS3Method insight::get_statistic
get_statistic.fe_model <- function(x, ...) {
  table <- coefficient_table(x, requested_variance(x))
  structure(data.frame(Parameter = rownames(table), Statistic = unname(table[, 3L])), statistic = "t-statistic")
}

# "residual" is n - K, "model" the parameters with sigma, anything else what tests use.
#' @exportS3Method insight::get_df
get_df.fe_model <- function(x, type = "residual", ...) {
  switch(tolower(type[1L]), residual = x$df.residual, model = attr(stats::logLik(x), "df"), normal = Inf,
         joint_degrees(x$variance))
}

#' @exportS3Method insight::get_data
get_data.fe_model <- function(x, ...) {
  data <- plain_rows(fitted_data(x), used_rows(x))
  names <- unique(c(all.vars(x$blueprint$spec$outcome), model_names(x), unlist(x$effects$columns)))
  data[intersect(names, source_names(data))]
}

# The columns that the regressors name, a dot written out.
model_names <- function(object) {
  terms <- object$blueprint$terms
  if (is.null(terms)) object$blueprint$spec$simple else all.vars(terms)
}

# What is paired with residuals must hold the effects.
#' @exportS3Method insight::get_modelmatrix
get_modelmatrix.fe_model <- function(x, ...) stats::model.matrix(terms.fe_model(x), model.frame.fe_model(x))

#' @exportS3Method performance::r2
r2.fe_model <- function(model, ...) {
  fit <- r_squared(model)
  structure(
    list(
      R2 = c(R2 = fit$r.squared), R2_adjusted = c("adjusted R2" = fit$adj.r.squared),
      R2_within = c("within R2" = fit$within.r.squared),
      R2_within_adjusted = c("adjusted within R2" = fit$adj.within.r.squared)
    ),
    model_type = "Fixed Effects", class = "r2_generic"
  )
}

#' @exportS3Method performance::check_collinearity
check_collinearity.fe_model <- function(x, ...) {
  factors <- vif.fe_model(x)
  if (is.matrix(factors)) {
    labels <- rownames(factors)
    factors <- factors[, 1L]
  } else {
    labels <- names(factors)
  }
  out <- data.frame(Term = labels, VIF = unname(factors), SE_factor = sqrt(unname(factors)),
                    Tolerance = 1 / unname(factors))
  structure(out, class = c("check_collinearity", "see_check_collinearity", "data.frame"))
}

# performance's default would count the slopes only in sigma.
#' @exportS3Method performance::check_heteroscedasticity
check_heteroscedasticity.fe_model <- function(x, ...) {
  squares <- residuals.fe_model(x, "pearson")^2 / (x$residual_squares / x$nobs)
  explained <- sum((stats::fitted(stats::lm(squares ~ fitted.fe_model(x))) - mean(squares))^2)
  structure(
    stats::pchisq(explained / 2, 1, lower.tail = FALSE), data = x, object_name = deparse(substitute(x))[1L],
    class = c("check_heteroscedasticity", "see_check_heteroscedasticity", "numeric")
  )
}
