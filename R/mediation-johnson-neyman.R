# johnson_neyman(): the values of a moderator between which an effect is significant.

#' Where a moderated effect is significant
#'
#' The values of the moderator at which an effect changes between significant and not (Johnson and Neyman 1936): both
#' roots of \eqn{estimate^2 = t^2 variance}, in the moderator's units.
#'
#' @param x A [fe_moderation()], or a [fe_mediation()] moderated in one of its paths.
#' @param conf.level The level, default .95: t is its quantile with the effect's degrees of freedom.
#' @param object What `johnson_neyman()` gives.
#' @param ... Must be empty.
#' @return A data frame of class `johnson_neyman`: treatment, mediator (NA for a slope), lower, upper (NA where there is
#'   no root; they may lie beyond the data), region (where the effect is significant: `"between"`, `"outside"`, `"all"`,
#'   `"none"`). `autoplot()` draws the effect with its band.
#' @section Errors: `flowresil_error_component` (nothing is moderated, or both paths are: the effect is then no line);
#'   `flowresil_error_number`.
#' @references Johnson, P. O. and Neyman, J. (1936). Tests of certain linear hypotheses and their application to some
#'   educational problems. *Statistical Research Memoirs*, 1, 57-93.
#' @export
#' @examples
#' m <- fe_moderation(ExpRes ~ open + gov | province + year, province_panel, moderator = edu, vcov = ~province)
#' johnson_neyman(m)
johnson_neyman <- function(x, conf.level = 0.95) {
  here <- environment()
  check_level(conf.level, here, "conf.level")
  lines <- moderated_lines(x, here)
  rows <- lapply(lines, function(one) {
    found <- significant_region(one$line, conf.level)
    data.frame(treatment = one$treatment, mediator = one$mediator, lower = found$ends[1L], upper = found$ends[2L],
               region = found$region)
  })
  structure(do.call(rbind, rows), class = c("johnson_neyman", "data.frame"), lines = lines, conf.level = conf.level,
            moderator = if (inherits(x, "fe_moderation")) x$moderator else x$moderation$name,
            range = if (inherits(x, "fe_moderation")) x$range else x$moderation$range)
}

# Effects that are lines of the moderator: list(treatment, mediator, line).
moderated_lines <- function(x, call) {
  if (inherits(x, "fe_moderation")) {
    estimate <- list(coefficients = x$model$coefficients, vcov = x$model$vcov, variance = x$model$variance)
    return(list(list(treatment = x$treatment, mediator = NA_character_, line = slope_lines(x, estimate))))
  }
  if (!inherits(x, "fe_mediation")) {
    abort_input("type", "`x` must be what `fe_moderation()` or `fe_mediation()` gives.",
                found = paste0("It is ", describe_type(x), "."), arg = "x", call = call)
  }
  paths <- intersect(c("a", "b"), x$moderation$moderated)
  if (length(paths) != 1L) {
    abort_input("component", "One path of the indirect effect must be moderated.",
                found = if (length(paths)) "Both are: the effect is no line of the moderator." else "None is.",
                arg = "x", call = call)
  }
  fit <- mediation_fit(x, call)
  unlist(lapply(x$treatment, function(treatment) {
    lapply(x$mediators, function(m) {
      list(treatment = treatment, mediator = m, line = indirect_line(x, fit, treatment, m))
    })
  }), recursive = FALSE)
}

# The conditional indirect effect as a line of the moderator, its variance a quadratic.
indirect_line <- function(x, fit, treatment, m) {
  at <- function(w) {
    terms <- x$moderation$terms[[treatment]]
    sum <- conditional_sum(coefficient_of(m, treatment), coefficient_of("outcome", m), terms$a[m][[1L]],
                           terms$b[m][[1L]], w)
    new_effect("conditional_indirect", sum, m, w)
  }
  g0 <- effect_gradient(at(0), fit$coefficients)
  g1 <- effect_gradient(at(1), fit$coefficients) - g0
  e0 <- effect_value(at(0), fit$coefficients)
  list(estimate = c(e0, effect_value(at(1), fit$coefficients) - e0),
       variance = c(sum(g0 * (fit$vcov %*% g0)), sum(g0 * (fit$vcov %*% g1)), sum(g1 * (fit$vcov %*% g1))),
       df = effect_df(at(1), fit))
}

significant_region <- function(line, level) {
  t2 <- stats::qt((1 + level) / 2, line$df)^2
  e <- line$estimate
  v <- line$variance
  A <- e[2L]^2 - t2 * v[3L]
  B <- 2 * (e[1L] * e[2L] - t2 * v[2L])
  C <- e[1L]^2 - t2 * v[1L]
  roots <- quadratic_roots(A, B, C)
  if (length(roots) < 2L) return(list(ends = c(NA_real_, NA_real_), region = if (C > 0) "all" else "none"))
  list(ends = roots, region = if (A > 0) "outside" else "between")
}

#' @rdname johnson_neyman
#' @param digits Significant digits to print.
#' @export
print.johnson_neyman <- function(x, digits = 4, ...) {
  digits <- check_digits(digits, environment())
  range <- attr(x, "range")
  for (i in seq_len(nrow(x))) {
    cat(if (is.na(x$mediator[i])) paste0("Slope of ", x$treatment[i]) else
      paste0("Indirect effect of ", x$treatment[i], " through ", x$mediator[i]), ": ",
      switch(x$region[i], all = "significant everywhere", none = "significant nowhere",
             paste0("significant ", x$region[i], " ", format(x$lower[i], digits = digits), " and ",
                    format(x$upper[i], digits = digits))), "\n", sep = "")
  }
  cat("by ", attr(x, "moderator"), ", which goes from ", format(range[1L], digits = digits), " to ",
      format(range[2L], digits = digits), "; level ", format(attr(x, "conf.level")), "\n", sep = "")
  invisible(x)
}
