# Pictures of filtered series.

#' Plot a filtered series
#'
#' @param object An object of class [`hp_filter`][hp_filter()].
#' @param units Which series to draw where there are several: units of the panel, or columns of the matrix
#'   (by name, or number where they have none), as strings. Default: the first nine.
#' @param ... Must be empty.
#' @return A ggplot. One series: series (grey) and trend (blue) above, cycle below. Several: series and trend
#'   of each, each panel with a scale of its own. Needs the package ggplot2.
#' @section Errors: `flowresil_error_unknown_unit` (`units`), `flowresil_error_argument`.
#' @examplesIf requireNamespace("ggplot2", quietly = TRUE)
#' ggplot2::autoplot(hp_filter(log(datasets::AirPassengers), 129600))
#' @exportS3Method ggplot2::autoplot
autoplot.hp_filter <- function(object, units = NULL, ...) {
  here <- environment()
  need_ggplot2()
  check_dots(..., call = here)
  table <- as.data.frame(object)
  if (!is.null(object$data)) {
    keys <- length(object$data) - 1L
    table <- plot_data(series = if (keys == 2L) label_values(table[[1L]]) else "", time = axis_time(table[[keys]]),
                       value = table[[keys + 1L]], trend = object$trend, cycle = object$cycle)
  }
  if (is.null(table$series)) table$series <- ""
  known <- unique(table$series)
  chosen <- choose_units(units, setdiff(known, ""), "units", here)
  if (is.null(chosen)) chosen <- sort(utils::head(known, 9L))
  table <- table[table$series %in% chosen, ]
  table$series <- factor(table$series, levels = chosen)
  table <- table[order(table$series, table$time), ]
  long <- rbind(
    plot_data(series = table$series, time = table$time, what = "series and trend", line = "series",
              value = table$value),
    plot_data(series = table$series, time = table$time, what = "series and trend", line = "trend",
              value = table$trend),
    plot_data(series = table$series, time = table$time, what = "cycle", line = "cycle", value = table$cycle)
  )
  times <- if (!is.null(object$data)) object$data[[2L]]
  long$what <- factor(long$what, levels = c("series and trend", "cycle"))
  several <- length(chosen) > 1L
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
    ggplot2::scale_y_continuous(labels = axis_numbers) +
    (if (!is.null(times)) scale_time(times)) +
    ggplot2::labs(x = NULL, y = NULL, colour = NULL,
                  title = paste0("Hodrick-Prescott filter, lambda ", label_values(object$lambda)),
                  subtitle = say_chosen(chosen, length(known), is.null(units))) +
    theme_flowresil()
}

# Which of the series are drawn.
say_chosen <- function(chosen, n_series, first) {
  if (length(chosen) == n_series) return(if (n_series == 1L && nzchar(chosen)) chosen)
  if (length(chosen) == 1L) return(paste(chosen, "of", n_series, "series"))
  if (first) return(paste0("The first nine of ", n_series, " series; `units =` chooses others"))
  paste(length(chosen), "of", n_series, "series")
}
