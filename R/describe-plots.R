# Pictures of a panel's data.

#' Plot a description of a panel
#'
#' @param object A [describe_panel()] of data whose unit and time are known.
#' @param ... Must be empty.
#' @return A ggplot: units by periods, each cell the share of the described variables that is missing there. Needs the
#'   package ggplot2.
#' @section Errors: `flowresil_error_empty` where unit and time are not known.
#' @examplesIf requireNamespace("ggplot2", quietly = TRUE)
#' ggplot2::autoplot(describe_panel(province_panel, c(exports, cable_length, internet_users), province, year))
#' @exportS3Method ggplot2::autoplot
autoplot.describe_panel <- function(object, ...) {
  call <- rlang::current_env()
  need_ggplot2()
  check_dots(..., call = call)
  cells <- attr(object, "missing")
  if (is.null(cells)) {
    abort_input("empty", "A picture of a description must have units and periods.", found = "Neither is known.",
                todo = "Give them: `describe_panel(x, unit = id, time = year)`.", arg = "object", call = call)
  }
  cells$unit <- factor(cells$unit, rev(sort(unique(cells$unit), method = "radix")))
  ggplot2::ggplot(cells, ggplot2::aes(.data$time, .data$unit, fill = .data$missing)) +
    ggplot2::geom_tile(colour = "white", linewidth = .3) +
    ggplot2::scale_fill_gradient(low = "grey90", high = plot_colours[2L], limits = c(0, 1)) +
    ggplot2::labs(x = NULL, y = NULL, fill = "Missing", title = "Share of the variables that is missing") +
    theme_flowresil() + ggplot2::theme(panel.grid.major = ggplot2::element_blank())
}
