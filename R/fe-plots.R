# Pictures of models: coefficients with their intervals.

#' Plots of models
#'
#' Coefficients as points with confidence intervals: of one model, of the treatment over the models of a
#' comparison, of the treatment on the outcome and each mediator.
#'
#' Coefficients of different variables or outcomes have different units. Where the widest of their intervals
#' reaches more than ten times as far from zero as the narrowest, each gets a panel with a scale of its own,
#' and the subtitle says so; a mediation always has such panels. The same coefficient in different sub-samples
#' or lags always shares one scale.
#'
#' @param object A [fe_model()], [fe_compare()] or [fe_mediation()].
#' @param conf.level Level of the intervals, one number in (0, 1), default .95.
#' @param vcov,correction Another variance, as in [vcov.fe_model()]; `NULL` for that of the fit.
#' @param terms Terms to draw, as strings, in this order from the top, with or without backticks. `NULL`
#'   (default): all but the constant for a model, the treatment for a comparison or mediation.
#' @param ... Must be empty.
#' @return A ggplot.
#' @section Errors: `flowresil_error_term` where `terms` names a term of no model; `flowresil_error_empty` where
#'   no coefficient is left to draw; `flowresil_error_number` (`conf.level`), `flowresil_error_argument`; those
#'   of [vcov.fe_model()].
#' @name autoplot.fe_model
#' @examplesIf requireNamespace("ggplot2", quietly = TRUE)
#' library(ggplot2)
#' m <- fe_model(ExpRes ~ open + gov + edu | province + year, province_panel)
#' autoplot(m, vcov = ~province)
#' autoplot(m, terms = c("open", "gov"))
NULL

#' @rdname autoplot.fe_model
#' @exportS3Method ggplot2::autoplot
autoplot.fe_model <- function(object, conf.level = 0.95, vcov = NULL, correction = NULL, terms = NULL, ...) {
  here <- environment()
  need_ggplot2()
  check_dots(..., call = here)
  table <- tidy.fe_model(object, conf.int = TRUE, conf.level = conf.level, vcov = vcov, correction = correction)
  wanted <- if (is.null(terms)) setdiff(table$term, "(Intercept)") else
    choose_terms(terms, list(object), "terms", here)
  table <- table[match(wanted, table$term), , drop = FALSE]
  refuse_nothing_to_draw(table, here)
  table$label <- table$panel <- show_labels(table$term, object$labels)
  variance <- requested_variance(object, vcov, correction)$variance
  title <- paste("Coefficients in the model of", show_labels(object$outcome, object$labels))
  plot_intervals(table, title, variance, conf.level)
}

#' @rdname autoplot.fe_model
#' @exportS3Method ggplot2::autoplot
autoplot.fe_compare <- function(object, conf.level = 0.95, vcov = NULL, correction = NULL, terms = NULL, ...) {
  here <- environment()
  need_ggplot2()
  check_dots(..., call = here)
  wanted <- if (!is.null(terms)) choose_terms(terms, object, "terms", here)
  rows <- lapply(names(object), function(name) {
    model <- object[[name]]
    table <- tidy.fe_model(model, TRUE, conf.level, vcov, correction)
    own <- if (is.null(wanted)) model$treatment else wanted
    table <- table[match(intersect(own, table$term), table$term), , drop = FALSE]
    if (nrow(table)) cbind(model = name, outcome = model$outcome, table)
  })
  table <- do.call(rbind, rows)
  refuse_nothing_to_draw(table, here)
  if (!is.null(wanted)) table <- table[order(match(table$term, wanted)), , drop = FALSE]
  labels <- labels_of_models(object)
  variable <- show_labels(vapply(table$term, without_lag, character(1), USE.NAMES = FALSE), labels)
  variables <- unique(variable)
  table$outcome <- show_labels(table$outcome, labels)
  table$term <- show_labels(table$term, labels)
  outcomes <- unique(table$outcome)
  table$label <- if (length(wanted) > 1L) paste0(table$model, ": ", table$term) else table$model
  table$panel <- paste(table$outcome, variable, sep = ": ")
  if (length(outcomes) == 1L) table$panel <- sub("^.*?: ", "", table$panel, perl = TRUE)
  what <- if (length(variables) == 1L) paste("Coefficient of", variables) else "Coefficients"
  title <- paste0(what, if (length(outcomes) == 1L) paste(" in models of", outcomes) else " by outcome")
  variance <- requested_variance(object[[1L]], vcov, correction)$variance
  plot_intervals(table, title, variance, conf.level)
}

# x for l(x, 1): lags of a variable have its unit.
without_lag <- function(term) {
  expr <- tryCatch(str2lang(term), error = function(e) NULL)
  if (rlang::is_call(expr, c("l", "f"), 2)) rlang::expr_deparse(expr[[2L]], width = 500L) else term
}

# Stops where the table of coefficients has no row.
refuse_nothing_to_draw <- function(table, call) {
  if (NROW(table)) return(invisible())
  abort_input("empty", "There must be a coefficient to draw.", found = "There is none.", arg = "object", call = call)
}

# One row a label, top to bottom in the order given. `table` has label, panel, estimate and the limits; panels of
# very different reach, or all (`apart`), get a scale each.
plot_intervals <- function(table, title, variance, conf.level, apart = FALSE) {
  data <- plot_data(
    label = factor(table$label, levels = rev(unique(table$label))), estimate = table$estimate,
    low = table$conf.low, high = table$conf.high, panel = factor(table$panel, levels = unique(table$panel))
  )
  several <- nlevels(data$panel) > 1L
  apart <- several && (apart || reach_differs(data))
  # a panel whose only row has its name needs no label at the side
  named <- apart && all(table$label == table$panel)
  ggplot2::ggplot(data, ggplot2::aes(.data$estimate, .data$label)) +
    ggplot2::geom_vline(xintercept = 0, colour = "grey60") +
    ggplot2::geom_linerange(ggplot2::aes(xmin = .data$low, xmax = .data$high), colour = plot_colours[1L],
                            na.rm = TRUE) +
    ggplot2::geom_point(size = 2, colour = plot_colours[1L], na.rm = TRUE) +
    (if (apart) ggplot2::facet_wrap(ggplot2::vars(.data$panel), ncol = 1L, scales = "free")) +
    ggplot2::scale_x_continuous(labels = axis_numbers) +
    ggplot2::labs(
      x = "Estimate", y = NULL, title = title,
      subtitle = wrap_lines(paste0(label_values(100 * conf.level), " % intervals, standard errors ",
                                   describe_convention(variance)),
                            if (apart) "Each panel has a scale of its own; the grey line is zero")
    ) +
    theme_flowresil() +
    (if (apart) ggplot2::theme(strip.text = ggplot2::element_text(hjust = 0))) +
    (if (named) ggplot2::theme(axis.text.y = ggplot2::element_blank()))
}

# Would a common scale hide some panel's interval?
reach_differs <- function(data) {
  reach <- tapply(pmax(abs(data$low), abs(data$high), abs(data$estimate), na.rm = TRUE), data$panel, max)
  reach <- reach[is.finite(reach) & reach > 0]
  length(reach) > 1L && max(reach) > 10 * min(reach)
}
