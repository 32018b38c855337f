# The look that all plots share. ggplot2 is only suggested: plots ask for it, and their methods register
# when it loads.

#' @importFrom rlang .data
NULL

need_ggplot2 <- function() rlang::check_installed("ggplot2", "to draw plots.")

# Colours that stay apart in print and for colour-blind readers (Okabe and Ito), darkest first.
plot_colours <- c("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#000000", "#F0E442")

theme_flowresil <- function() {
  ggplot2::theme_minimal(base_size = 11) +
    ggplot2::theme(
      plot.background = ggplot2::element_rect(fill = "white", colour = NA),
      panel.grid.minor = ggplot2::element_blank(),
      plot.title.position = "plot",
      plot.title = ggplot2::element_text(face = "bold"),
      plot.subtitle = ggplot2::element_text(colour = "grey30"),
      legend.position = "bottom"
    )
}

# Data of a plot as a plain data frame with columns x, y and more: names of the user's columns, whatever
# they are, never meet ggplot2's evaluation.
plot_data <- function(...) data.frame(..., stringsAsFactors = FALSE)

# Time for an axis: factors whose levels are years become numbers, dates stay dates.
axis_time <- function(panel_time) {
  if (inherits(panel_time, "Date")) return(panel_time)
  whole_time(panel_time, "time", "time")
}

# Breaks at whole periods only.
whole_breaks <- function(limits) {
  breaks <- pretty(limits, 6)
  breaks[breaks == round(breaks)]
}

scale_time <- function(time) {
  if (inherits(time, "Date")) return(ggplot2::scale_x_date())
  ggplot2::scale_x_continuous(breaks = whole_breaks)
}

# Lines no wider than a plot.
wrap_lines <- function(...) paste(unlist(lapply(list(...), strwrap, width = 80L)), collapse = "\n")
