# Pictures of export resilience.

#' Plot export resilience
#'
#' @param object An object of class [`export_resilience`][export_resilience()].
#' @param ... Must be empty.
#' @return A ggplot: one grey line a unit over time, and the median of each period in blue. Rows with `NA` are
#'   left out. Needs the package ggplot2.
#' @examplesIf requireNamespace("ggplot2", quietly = TRUE)
#' ggplot2::autoplot(export_resilience(province_panel, exports, province, year))
#' @exportS3Method ggplot2::autoplot
autoplot.export_resilience <- function(object, ...) {
  need_ggplot2()
  check_dots(...)
  table <- object$resilience
  time <- axis_time(table[[object$time]])
  shown <- plot_data(unit = as.character(table[[object$unit]]), time = time, value = table$resilience)
  shown <- shown[!is.na(shown$value), ]
  if (nrow(shown) == 0L) {
    abort_input("empty", "There must be a row to draw.", found = "Resilience is NA in every row.",
                arg = "object")
  }
  middle <- stats::aggregate(value ~ time, shown, stats::median)
  ggplot2::ggplot(shown, ggplot2::aes(x = .data$time, y = .data$value)) +
    (if (min(shown$value) < 0) ggplot2::geom_hline(yintercept = 0, colour = "grey40", linewidth = .3)) +
    ggplot2::geom_line(ggplot2::aes(group = .data$unit), colour = "grey70", linewidth = .4) +
    ggplot2::geom_line(data = middle, colour = plot_colours[1L], linewidth = 1.1) +
    ggplot2::geom_point(data = middle, colour = plot_colours[1L], size = 1.6) +
    scale_time(time) +
    ggplot2::labs(x = object$time, y = "Resilience", title = "Export resilience",
                  subtitle = wrap_lines(sub("^Method: ", "", describe_resilience(object)[2L]),
                                        "Grey: one line a unit; blue: median")) +
    theme_flowresil()
}
