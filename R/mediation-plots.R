# Pictures of a mediation analysis.

#' @rdname autoplot.fe_model
#' @exportS3Method ggplot2::autoplot
autoplot.fe_mediation <- function(object, conf.level = 0.95, vcov = NULL, correction = NULL, terms = NULL, ...) {
  here <- environment()
  need_ggplot2()
  check_dots(..., call = here)
  wanted <- if (is.null(terms)) object$treatment else choose_terms(terms, object$models, "terms", here)
  table <- tidy.fe_mediation(object, if (is.null(terms)) "treatment" else "all", conf.level, vcov, correction)
  table <- table[table$term %in% wanted, , drop = FALSE]
  refuse_nothing_to_draw(table, here)
  labels <- labels_of_models(object$models)
  table$outcome <- show_labels(table$outcome, labels)
  treatment <- show_labels(wanted, labels)
  table$panel <- paste0(table$equation, ": ", table$outcome, if (length(wanted) > 1L) paste(",", table$term))
  table <- table[order(match(table$term, wanted)), , drop = FALSE]
  table$label <- table$panel
  title <- if (length(wanted) == 1L) paste("Effect of", treatment, "on outcome and mediators") else
    "Effects on outcome and mediators"
  variance <- requested_variance(object$models$total, vcov, correction)$variance
  plot_intervals(table, title, variance, conf.level, apart = TRUE)
}
