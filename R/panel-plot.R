# The look that all plots share. ggplot2 is only suggested: plots ask for it, and their methods register
# when it loads.

#' @importFrom rlang .data
NULL

# Stops, or offers to install, where ggplot2 is not there.
need_ggplot2 <- function() rlang::check_installed("ggplot2", "to draw plots.")

# Colours that stay apart in print and for colour-blind readers (Okabe and Ito), darkest first.
plot_colours <- c("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#000000", "#F0E442")

# The look of every plot.
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

# Time for an axis: dates of any class (and factors of them) are dates, anything else numbers.
axis_time <- function(times) {
  dates <- dates_of(times)
  if (is_dated(dates)) return(structure(as_days(dates), class = "Date"))
  read_time(times, "time", "time")$when
}

# Breaks at whole periods only.
whole_breaks <- function(limits) {
  breaks <- pretty(limits, 6)
  breaks[breaks == round(breaks)]
}

# The axis of a time column as it stands in the data. Quarters and months are named as such, up to six of them.
scale_time <- function(times) {
  axis <- axis_time(times)
  if (!inherits(axis, "Date")) return(ggplot2::scale_x_continuous(breaks = whole_breaks))
  if (inherits(times, c("Date", "POSIXct"))) return(ggplot2::scale_x_date())
  days <- sort(unique(axis))
  days <- days[unique(round(seq(1, length(days), length.out = min(6, length(days)))))]
  ggplot2::scale_x_date(breaks = days, labels = time_labels(times[match(days, axis)]))
}

# The width of a bar on a time axis: four fifths of the shortest step.
bar_width <- function(axis) {
  places <- sort(unique(as.double(axis)))
  if (length(places) < 2L) .8 else .8 * min(diff(places))
}

# Numbers for an axis: no 1e+06 between 1e-4 and 1e15, thousands apart.
axis_numbers <- function(x) {
  size <- abs(x[is.finite(x) & x != 0])
  if (length(size) && (min(size) < 1e-4 || max(size) >= 1e15)) return(ifelse(is.na(x), NA, format(x, trim = TRUE)))
  text <- format(x, big.mark = " ", scientific = FALSE, trim = TRUE, drop0trailing = TRUE)
  ifelse(is.na(x), NA, text)
}

# --- lines of many units ---------------------------------------------------------------------------------

# The units that the user names, as they are spelt in the object.
choose_units <- function(given, known, arg, call) {
  if (is.null(given)) return(NULL)
  given <- label_values(given)
  unknown <- setdiff(given, known)
  if (length(unknown)) {
    near <- near_name(unknown[1L], known)
    abort_input(
      "unknown_unit", paste0("`", arg, "` must name units of the object."),
      found = paste0(enumerate(unknown, "`"), if (length(unknown) == 1L) " is none." else " are none."),
      todo = if (length(near)) paste0("Did you mean `", near, "`?") else
        if (length(known)) paste0("The units are ", enumerate(known, "`", 10L), ".") else
          "It holds one series, without a name.",
      arg = arg, units = unknown, call = call
    )
  }
  unique(given)
}

# A grey line a unit, those in `chosen` coloured with their name at the end, and the middle of each period: layers
# for data with unit, time and value. `bend` is the scale of the axis, by which names are kept apart.
unit_lines <- function(shown, middle, chosen, bend = identity, unbend = identity) {
  picked <- shown[shown$unit %in% chosen, , drop = FALSE]
  picked$unit <- factor(picked$unit, levels = chosen)
  ends <- picked[order(picked$time), , drop = FALSE]
  ends <- ends[!duplicated(ends$unit, fromLast = TRUE), , drop = FALSE]
  # each name where its line ends, all at the right edge
  ends$value <- unbend(keep_apart(bend(ends$value), diff(range(bend(shown$value))) / 18))
  if (nrow(ends)) ends$time <- max(shown$time)
  list(
    ggplot2::geom_line(ggplot2::aes(group = .data$unit), shown, colour = "grey75", linewidth = .4),
    ggplot2::geom_line(data = middle, colour = plot_colours[1L], linewidth = 1.1),
    ggplot2::geom_point(data = middle, colour = plot_colours[1L], size = 1.6),
    if (nrow(ends)) {
      list(
        ggplot2::geom_line(ggplot2::aes(colour = .data$unit), picked, linewidth = .8),
        ggplot2::geom_text(ggplot2::aes(label = .data$unit, colour = .data$unit), ends, hjust = -.1, size = 3.2),
        ggplot2::scale_colour_manual(values = rep_len(plot_colours[-1L], length(chosen)), guide = "none"),
        ggplot2::coord_cartesian(clip = "off")
      )
    }
  )
}

# The margin that the names at the end of lines need; to be added after the theme.
room_for_names <- function(chosen) {
  if (length(chosen)) ggplot2::theme(plot.margin = ggplot2::margin(5, 10 + 6.5 * max(nchar(chosen, "width")), 5, 5))
}

# Positions in their order, moved until neighbours are `gap` apart.
keep_apart <- function(at, gap) {
  if (length(at) < 2L) return(at)
  o <- order(at)
  y <- at[o]
  for (step in seq_len(50L)) {
    short <- pmax(0, gap - diff(y)) / 2
    if (max(short) < gap / 100) break
    y <- y - c(short, 0) + c(0, short)
  }
  at[o] <- y
  at
}

# Lines no wider than a plot.
wrap_lines <- function(...) paste(unlist(lapply(list(...), strwrap, width = 80L)), collapse = "\n")
