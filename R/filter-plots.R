# Pictures of filtered series.

#' Plot a filtered series
#'
#' @param object An object of class [`hp_filter`][hp_filter()].
#' @param ... Must be empty.
#' @return A ggplot. One series: series (grey) and trend (blue) above, cycle below. Several: series and trend
#'   of each, at most the first nine. Needs the package ggplot2.
#' @examplesIf requireNamespace("ggplot2", quietly = TRUE)
#' ggplot2::autoplot(hp_filter(log(datasets::AirPassengers), 129600))
#' @exportS3Method ggplot2::autoplot
autoplot.hp_filter <- function(object, ...) {
  need_ggplot2()
  check_dots(...)
  table <- as.data.frame(object)
  if (!is.null(object$data)) {
    table <- plot_data(series = as.character(table[[1L]]), time = axis_time(table[[2L]]),
                       value = table[[3L]], trend = object$trend, cycle = object$cycle)
  }
  if (is.null(table$series)) table$series <- ""
  table <- table[table$series %in% utils::head(unique(table$series), 9L), ]
  table <- table[order(table$series, table$time), ]
  long <- rbind(
    plot_data(series = table$series, time = table$time, what = "series and trend", line = "series",
              value = table$value),
    plot_data(series = table$series, time = table$time, what = "series and trend", line = "trend",
              value = table$trend),
    plot_data(series = table$series, time = table$time, what = "cycle", line = "cycle", value = table$cycle)
  )
  long$what <- factor(long$what, levels = c("series and trend", "cycle"))
  several <- length(unique(table$series)) > 1L
  if (several) long <- long[long$line != "cycle", ]
  ggplot2::ggplot(long, ggplot2::aes(x = .data$time, y = .data$value, colour = .data$line,
                                     group = interaction(.data$line, .data$series))) +
    ggplot2::geom_line(linewidth = .7) +
    ggplot2::scale_colour_manual(
      values = c(series = "grey60", trend = plot_colours[1L], cycle = plot_colours[2L]),
      breaks = c("series", "trend", if (!several) "cycle")
    ) +
    (if (several) ggplot2::facet_wrap(ggplot2::vars(.data$series), scales = "free_y") else
      ggplot2::facet_wrap(ggplot2::vars(.data$what), ncol = 1L, scales = "free_y")) +
    ggplot2::labs(x = NULL, y = NULL, colour = NULL,
                  title = paste0("Hodrick-Prescott filter, lambda ", format(object$lambda, digits = 15)),
                  subtitle = if (object$n_series > 9L) {
                    paste("The first nine of", object$n_series, "series")
                  }) +
    theme_flowresil()
}
