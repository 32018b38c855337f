# Pictures of export resilience.

#' Plot export resilience
#'
#' A ratio of trend to cycle explodes where the cycle is near zero, and takes both signs. With `method = "hp"`
#' and `transform = "none"` the axis is therefore logarithmic in both directions from zero (and linear between
#' -1 and 1): nothing is cut off, and the subtitle counts the rows that lie beyond ten times the median size.
#'
#' @param object An object of class [`export_resilience`][export_resilience()].
#' @param highlight Units to draw in colour, with their names at the end of the line, as strings. Default:
#'   none.
#' @param ... Must be empty.
#' @return A ggplot: one grey line a unit over time, and the median of each period in blue. Rows with `NA` are
#'   left out. Needs the package ggplot2.
#' @section Errors: `flowresil_error_empty` where resilience is `NA` in every row;
#'   `flowresil_error_unknown_unit` (`highlight`); `flowresil_error_argument`.
#' @examplesIf requireNamespace("ggplot2", quietly = TRUE)
#' resilience <- export_resilience(province_panel, exports, province, year, base = 2008)
#' ggplot2::autoplot(resilience, highlight = c("Guangdong", "Guizhou"))
#' @exportS3Method ggplot2::autoplot
autoplot.export_resilience <- function(object, highlight = NULL, ...) {
  here <- environment()
  need_ggplot2()
  check_dots(..., call = here)
  table <- object$resilience
  time <- axis_time(table[[object$time]])
  shown <- plot_data(unit = label_values(table[[object$unit]]), time = time, value = resilience_values(object))
  highlight <- choose_units(highlight, unique(shown$unit), "highlight", here)
  shown <- shown[!is.na(shown$value), ]
  if (nrow(shown) == 0L) {
    abort_input("empty", "There must be a row to draw.", found = "Resilience is NA in every row.",
                arg = "object", call = here)
  }
  middle <- stats::aggregate(value ~ time, shown, stats::median)
  ratio <- isTRUE(object$measure$wide)
  # the same curve as scales::pseudo_log_trans(sigma = 1)
  bend <- if (ratio) function(x) asinh(x / 2) else identity
  unbend <- if (ratio) function(x) 2 * sinh(x) else identity
  ggplot2::ggplot(shown, ggplot2::aes(x = .data$time, y = .data$value)) +
    (if (min(shown$value) < 0) ggplot2::geom_hline(yintercept = 0, colour = "grey40", linewidth = .3)) +
    unit_lines(shown, middle, highlight, bend, unbend) +
    scale_time(table[[object$time]]) +
    (if (ratio) scale_both_ways(shown$value) else ggplot2::scale_y_continuous(labels = axis_numbers)) +
    ggplot2::labs(x = object$time, y = if (ratio) "Trend / cycle, logarithmic both ways" else "Resilience",
                  title = "Export resilience",
                  subtitle = wrap_lines(
                    sub("^Method: ", "", describe_resilience(object)[2L]), "Grey: one line a unit; blue: median",
                    if (ratio) count_outliers(shown$value)
                  )) +
    theme_flowresil() +
    room_for_names(highlight)
}

# An axis that is logarithmic in both directions from zero, with powers of ten as breaks.
scale_both_ways <- function(value) {
  largest <- ceiling(log10(max(10, abs(value))))
  powers <- 10^seq(if (largest %% 2) 1 else 2, largest, by = if (largest > 3) 2 else 1)
  arguments <- list(breaks = c(-rev(powers), 0, powers), labels = axis_numbers)
  # called `trans` before ggplot2 3.5
  named <- if ("transform" %in% names(formals(ggplot2::scale_y_continuous))) "transform" else "trans"
  arguments[[named]] <- "pseudo_log"
  do.call(ggplot2::scale_y_continuous, arguments)
}

# Two lines: how many, and the largest.
count_outliers <- function(value) {
  bound <- 10 * stats::median(abs(value))
  n <- sum(abs(value) > bound)
  counted <- paste0(count_of(n, "row"), " of ", format_counts(length(value)), if (n == 1L) " lies" else " lie",
                    " beyond ", axis_numbers(signif(bound, 3)), " in size, ten times the median")
  c(counted, if (n) paste0("(the largest: ", axis_numbers(signif(value[which.max(abs(value))], 3)), ")"))
}
