# fe_moderation(): a slope that moves with another variable, and where it is significant.

#' Moderation with fixed effects
#'
#' A regression in which the slope of the treatment moves with a moderator, slopes at values of it, and the values
#' between which they are significant.
#'
#' @param formula `y ~ x + controls | unit + time`, as in [fe_model()]. The first regressor, one numeric term, is the
#'   treatment.
#' @param data A data frame, see [fe_model()].
#' @param moderator A numeric column, bare or as a string.
#' @param center `"mean"` (default): the product is of treatment and moderator less their means in the rows used, so
#'   that the coefficient of the treatment is its slope at the moderator's mean; `"none"`: of both as they are.
#' @param within `FALSE` (default); `TRUE`: the product of both less their means by unit (Giesselmann and
#'   Schmidt-Catran 2020), which holds no comparison between units.
#' @param at Values of the moderator to tell slopes at; `NULL` (default) for the mean and one standard deviation on
#'   either side, or the two values of a moderator that has two. With `within` they mean the unit's own mean moved by
#'   the value less the overall mean.
#' @param vcov,unit As in [fe_model()]; `unit` is also whose means `within` takes, by default the first effect.
#' @param ... Passed on to [fe_model()]: `correction`, `weights`, `subset`, `time`, `constant`.
#' @details The slope at w is \eqn{b_x + (w - \bar w) b_{xw}}, with `center = "none"` \eqn{b_x + w b_{xw}}. A moderator
#'   that the effects absorb is dropped with a warning; its product stays.
#' @section Errors: Those of [fe_model()]; `flowresil_error_moderator` (it is the treatment or the outcome, or the
#'   product is not identified), `flowresil_error_treatment` (the first regressor is no single number),
#'   `flowresil_error_argument` (`center = "none"` with `within`), `flowresil_error_choice`, `flowresil_error_number`.
#' @return An object of class `fe_moderation`, a list with `model` (a [fe_model()] whose data hold the product as a
#'   column named `x:w`), `treatment`, `moderator`, `product`, `center`, `within`, `at`, `mean`. `tidy()` gives
#'   `component = "coefficients"` (default): term, estimate, std.error, statistic, p.value, df, conf.low, conf.high of
#'   treatment, moderator and product; or `"slopes"`: at, estimate, std.error, statistic, p.value, df, conf.low,
#'   conf.high.
#' @references Giesselmann, M. and Schmidt-Catran, A. W. (2020). Interactions in fixed effects regression models.
#'   *Sociological Methods & Research*, 51, 1100-1127.
#' @seealso [johnson_neyman()], [fe_mediation()] for moderated mediation.
#' @export
#' @examples
#' m <- fe_moderation(ExpRes ~ open + gov | province + year, province_panel, moderator = edu, vcov = ~province)
#' m
#' generics::tidy(m, component = "slopes")
#' johnson_neyman(m)
fe_moderation <- function(formula, data, moderator, center = c("mean", "none"), within = FALSE, at = NULL, vcov = "iid",
                          unit = NULL, ...) {
  here <- environment()
  check_data(data, call = here)
  center <- check_choice(center, c("mean", "none"), "center", here)
  check_flag(within, "within", here)
  if (within && center == "none") {
    abort_input("argument", "`within` takes the units' means off: `center` must be \"mean\".",
                found = "It is \"none\".", arg = "center", call = here)
  }
  spec <- write_out_dot(parse_formula(formula, here), source_names(data))
  if (rlang::quo_is_missing(rlang::enquo(moderator))) {
    abort_input("missing_argument", "`moderator` must be given.", arg = "moderator", call = here)
  }
  name <- read_moderator(rlang::enquo(moderator), "a", data, spec, list(), here)$name
  treatment <- spell_term(first_term(spec$right))
  unit <- if (!rlang::quo_is_null(rlang::enquo(unit))) {
    resolve_columns(rlang::enquo(unit), data, "unit", single = TRUE, call = here)
  }
  wide <- equation_spec(spec, list(outcome = spec$outcome, added = list(as.name(name))), here)$formula
  first <- in_function(quiet_conditions(rlang::inject(fe_model(wide, data, unit = !!unit, ...))), here)
  used <- product_of(first, treatment, name, center, within, unit, here)
  product <- paste0(treatment, ":", name)
  own <- add_column(data, product, used$column)
  formula <- equation_spec(spec, list(outcome = spec$outcome, added = list(as.name(name), as.name(product))),
                           here)$formula
  model <- in_function(rlang::inject(fe_model(formula, own, vcov = vcov, unit = !!unit, ...)), here)
  lost <- setdiff(c(treatment, product), names(model$coefficients))
  if (length(lost)) {
    abort_input(
      if (lost[1L] == treatment) "treatment" else "moderator", "Treatment and product must be identified.",
      found = paste0("`", lost[1L], "` is ", model$dropped$detail[match(lost[1L], model$dropped$term)], "."),
      arg = "moderator", call = here
    )
  }
  at <- moderator_values(at, used$moderator, here)
  structure(list(model = model, treatment = treatment, moderator = name, product = product, center = center,
                 within = within, at = at, mean = if (center == "mean") used$means[[2L]] else 0,
                 range = range(used$moderator), call = match.call()), class = "fe_moderation")
}

quiet_conditions <- function(code) {
  suppressMessages(suppressWarnings(code, classes = "flowresil_warning"), classes = "flowresil_message")
}

# The product in all rows of the data, NA where the model does not use one: list(column, moderator (rows used), means).
product_of <- function(model, treatment, moderator, center, within, unit, call) {
  rows <- used_rows(model)
  labels <- all_regressors(model)
  at <- match(treatment, labels)
  if (is.na(at)) {
    abort_input("treatment", "The first regressor must be one numeric term.",
                found = paste0("It is `", treatment, "`."), arg = "formula", call = call)
  }
  x <- fitted_design(model, call)$columns[[at]]
  w <- fitted_design(model, call)$columns[[match(moderator, labels)]]
  weights <- weights_or_ones(model)
  means <- c(stats::weighted.mean(x, weights), stats::weighted.mean(w, weights))
  if (within) {
    if (is.null(unit)) unit <- model$effects$columns[lengths(model$effects$columns) == 1L][[1L]]
    groups <- groups_of_rows(model, unit, call)
    total <- sum_by(weights, groups$code, groups$n)
    off <- function(v) v - (sum_by(v * weights, groups$code, groups$n) / total)[groups$code + 1L]
    product <- off(x) * off(w)
  } else if (center == "mean") {
    product <- (x - means[1L]) * (w - means[2L])
  } else {
    product <- x * w
  }
  column <- rep(NA_real_, model$sample$n_input)
  column[rows] <- product
  list(column = column, moderator = w, means = means)
}

# The slope at values of the moderator: list(estimate, variance, df), and the same as lines of it.
slope_lines <- function(x, estimate) {
  b <- estimate$coefficients[c(x$treatment, x$product)]
  V <- estimate$vcov[c(x$treatment, x$product), c(x$treatment, x$product)]
  # estimate e0 + e1 w; variance v0 + 2 v01 w + v1 w^2
  list(estimate = c(b[[1L]] - x$mean * b[[2L]], b[[2L]]),
       variance = c(V[1L, 1L] - 2 * x$mean * V[1L, 2L] + x$mean^2 * V[2L, 2L], V[1L, 2L] - x$mean * V[2L, 2L],
                    V[2L, 2L]),
       df = min(estimate$variance$df[c(x$treatment, x$product)]))
}

line_at <- function(line, w) {
  list(estimate = line$estimate[1L] + line$estimate[2L] * w,
       variance = line$variance[1L] + 2 * line$variance[2L] * w + line$variance[3L] * w^2)
}

#' @rdname fe_moderation
#' @param x,object What `fe_moderation()` gives.
#' @param component `"coefficients"` (default) or `"slopes"`.
#' @param conf.level Level of the intervals, default .95.
#' @param digits Significant digits to print.
#' @export
tidy.fe_moderation <- function(x, component = c("coefficients", "slopes"), conf.level = 0.95, vcov = NULL, ...) {
  here <- environment()
  component <- check_choice(component, c("coefficients", "slopes"), "component", here)
  check_level(conf.level, here, "conf.level")
  estimate <- requested_variance(x$model, vcov, NULL, here)
  if (component == "coefficients") {
    table <- tidy_estimates(x$model, estimate, TRUE, conf.level, here)
    table <- table[match(intersect(c(x$treatment, x$moderator, x$product), table$term), table$term), , drop = FALSE]
    rownames(table) <- NULL
    return(table)
  }
  estimate$coefficients <- x$model$coefficients
  line <- slope_lines(x, estimate)
  rows <- lapply(x$at, function(w) {
    here <- line_at(line, w)
    c(list(at = w), tested_row(here$estimate, here$variance, line$df, conf.level))
  })
  columns <- c("at", "estimate", "std.error", "statistic", "p.value", "df", "conf.low", "conf.high")
  list2DF(lapply(stats::setNames(columns, columns), function(name) vapply(rows, `[[`, 1, name)))
}

#' @rdname fe_moderation
#' @export
glance.fe_moderation <- function(x, ...) glance(x$model, ...)

#' @rdname fe_moderation
#' @export
coef.fe_moderation <- function(object, ...) object$model$coefficients

#' @rdname fe_moderation
#' @export
vcov.fe_moderation <- function(object, ...) stats::vcov(object$model, ...)

#' @rdname fe_moderation
#' @export
nobs.fe_moderation <- function(object, ...) object$model$nobs

#' @rdname fe_moderation
#' @export
print.fe_moderation <- function(x, digits = 4, ...) {
  digits <- check_digits(digits, environment())
  print(x$model, digits = digits)
  cat("\nProduct ", x$product, ": ", if (x$within) "both less their means by unit" else
    if (x$center == "mean") "both less their means" else "as they are", "\nSlope of ", x$treatment, " by ", x$moderator,
    if (x$within) " (the unit's own mean moved by the value less the overall mean)", ":\n", sep = "")
  slopes <- tidy.fe_moderation(x, "slopes")
  print(format(slopes[c("at", "estimate", "std.error", "p.value", "conf.low", "conf.high")], digits = digits),
        row.names = FALSE)
  invisible(x)
}
