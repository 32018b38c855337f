# Pictures of what clusters are worth.

#' @rdname cluster_diagnostics
#' @param terms Names of coefficients to show; `NULL` (default) for all slopes.
#' @exportS3Method ggplot2::autoplot
autoplot.cluster_diagnostics <- function(object, terms = NULL, ...) {
  here <- environment()
  need_ggplot2()
  check_dots(..., call = here)
  shown <- names(object$estimate)
  if (is.null(terms)) {
    terms <- if (length(shown) > 1L) setdiff(shown, "(Intercept)") else shown
  } else if (!is.character(terms) || !all(terms %in% shown)) {
    abort_input("term", "`terms` must name coefficients of the model.", found = describe_value(setdiff(terms, shown)),
                todo = paste0("The coefficients are ", enumerate(shown, "`", 10L), "."), arg = "terms", call = here)
  }
  many <- nrow(object$jackknife) > 40L
  rows <- lapply(terms, function(term) {
    plot_data(cluster = rownames(object$jackknife), value = object$jackknife[, term],
              share = object$partial_leverage[, term], all = object$estimate[[term]], term = term)
  })
  data <- do.call(rbind, rows)
  data$term <- factor(data$term, levels = terms)
  order <- names(sort(object$jackknife[, terms[1L]]))
  data$cluster <- factor(data$cluster, levels = order)
  ggplot2::ggplot(data, ggplot2::aes(.data$value, .data$cluster)) +
    ggplot2::geom_vline(ggplot2::aes(xintercept = .data$all), colour = "grey60") +
    ggplot2::geom_point(ggplot2::aes(size = .data$share), colour = plot_colours[1L]) +
    ggplot2::scale_size_area(max_size = 5, labels = function(x) paste(100 * x, "%"), name = "Partial leverage") +
    (if (length(terms) > 1L) ggplot2::facet_wrap(ggplot2::vars(.data$term), scales = "free_x")) +
    ggplot2::scale_x_continuous(labels = axis_numbers) +
    ggplot2::labs(x = "Estimate without the cluster", y = NULL,
                  title = paste("Coefficients without each cluster by", object$cluster),
                  subtitle = "The grey line is the estimate from all clusters") +
    theme_flowresil() +
    (if (many) ggplot2::theme(axis.text.y = ggplot2::element_blank()))
}
