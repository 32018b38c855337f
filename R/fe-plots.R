# Pictures of models: coefficients with their intervals.

#' Plots of models
#'
#' Coefficients as points with confidence intervals: of one model, of the treatment over the models of a
#' comparison, of the treatment on the outcome and each mediator.
#'
#' @param object A [fe_model()], [fe_compare()] or [fe_mediation()].
#' @param conf.level Level of the intervals, one number in (0, 1), default .95.
#' @param vcov,correction Another variance, as in [vcov.fe_model()]; `NULL` for that of the fit.
#' @param ... Must be empty.
#' @return A ggplot.
#' @name autoplot.fe_model
#' @examplesIf requireNamespace("ggplot2", quietly = TRUE)
#' library(ggplot2)
#' m <- fe_model(ExpRes ~ open + gov | province + year, province_panel)
#' autoplot(m, vcov = ~province)
NULL

#' @rdname autoplot.fe_model
#' @exportS3Method ggplot2::autoplot
autoplot.fe_model <- function(object, conf.level = 0.95, vcov = NULL, correction = NULL, ...) {
  need_ggplot2()
  check_dots(...)
  table <- tidy.fe_model(object, conf.int = TRUE, conf.level = conf.level, vcov = vcov, correction = correction)
  table <- table[table$term != "(Intercept)", , drop = FALSE]
  variance <- requested_variance(object, vcov, correction)$variance
  plot_intervals(table$term, table, object$outcome, variance, conf.level)
}

#' @rdname autoplot.fe_model
#' @exportS3Method ggplot2::autoplot
autoplot.fe_compare <- function(object, conf.level = 0.95, vcov = NULL, correction = NULL, ...) {
  need_ggplot2()
  check_dots(...)
  rows <- lapply(names(object), function(name) {
    model <- object[[name]]
    table <- tidy.fe_model(model, TRUE, conf.level, vcov, correction)
    table <- table[table$term == model$treatment, , drop = FALSE]
    if (nrow(table)) cbind(model = name, table)
  })
  table <- do.call(rbind, rows)
  outcomes <- unique(vapply(unclass(object), `[[`, character(1), "outcome"))
  variance <- requested_variance(object[[1L]], vcov, correction)$variance
  plot_intervals(table$model, table, paste(outcomes, collapse = ", "), variance, conf.level)
}

#' @rdname autoplot.fe_model
#' @exportS3Method ggplot2::autoplot
autoplot.fe_mediation <- function(object, conf.level = 0.95, vcov = NULL, correction = NULL, ...) {
  need_ggplot2()
  check_dots(...)
  table <- tidy.fe_mediation(object, conf.level = conf.level, vcov = vcov, correction = correction)
  variance <- requested_variance(object$models$total, vcov, correction)$variance
  plot_intervals(paste0(table$equation, ": ", table$outcome), table, paste("effect of", object$treatment), variance,
                 conf.level) +
    ggplot2::facet_wrap(ggplot2::vars(factor(.data$label, rev(levels(.data$label)))), ncol = 1L, scales = "free") +
    ggplot2::theme(axis.text.y = ggplot2::element_blank())
}

# One row a label, top to bottom in the order given.
plot_intervals <- function(label, table, title, variance, conf.level) {
  data <- plot_data(
    label = factor(label, levels = rev(unique(label))), estimate = table$estimate, low = table$conf.low,
    high = table$conf.high
  )
  ggplot2::ggplot(data, ggplot2::aes(.data$estimate, .data$label)) +
    ggplot2::geom_vline(xintercept = 0, colour = "grey60") +
    ggplot2::geom_linerange(ggplot2::aes(xmin = .data$low, xmax = .data$high), colour = plot_colours[1L]) +
    ggplot2::geom_point(size = 2, colour = plot_colours[1L]) +
    ggplot2::labs(
      x = NULL, y = NULL, title = title,
      subtitle = wrap_lines(paste0(format(100 * conf.level), " % intervals, standard errors ",
                                   describe_convention(variance)))
    ) +
    theme_flowresil()
}
