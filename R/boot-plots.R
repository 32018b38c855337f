# Pictures of what clusters are worth, and of placebos.

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

#' @rdname placebo_test
#' @exportS3Method ggplot2::autoplot
autoplot.placebo_test <- function(object, ...) {
  here <- environment()
  need_ggplot2()
  check_dots(..., call = here)
  draws <- plot_data(value = object$draws[!is.na(object$draws)])
  ggplot2::ggplot(draws, ggplot2::aes(.data$value)) +
    ggplot2::geom_density(colour = plot_colours[1L], fill = plot_colours[1L], alpha = 0.15) +
    ggplot2::geom_rug(colour = plot_colours[1L], alpha = 0.3) +
    ggplot2::geom_vline(xintercept = object$estimate, colour = plot_colours[2L], linewidth = 0.8) +
    ggplot2::scale_x_continuous(labels = axis_numbers) +
    ggplot2::labs(
      x = "Coefficient", y = "Density", title = paste("Placebo test of", object$term),
      subtitle = wrap_lines(paste0("Series swapped between units by ", object$unit, ", ", count_of(object$R, "draw")),
                            paste0("the line is the estimate, p ", format(object$p.value, digits = 2)))
    ) +
    theme_flowresil()
}
