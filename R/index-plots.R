# Pictures of an index: weights, the index over time, what it is made of.

#' Plot an index
#'
#' @param object An object of class [`flow_index`][data_flow_index()].
#' @param type `"weights"` (default): a bar for each indicator; `"index"`: the index over time, one line a
#'   unit and the mean; `"contributions"`: the mean contribution of each indicator (or group) by period.
#' @param by For contributions: `"indicator"` or `"group"`.
#' @param highlight For `type = "index"`: units to draw in colour, with their names at the end of the line, as
#'   strings. Default: none.
#' @param ... Must be empty.
#' @return A ggplot. Indicators have their labels where the table of indicators has a column `label`. Needs the
#'   package ggplot2.
#' @section Errors: `flowresil_error_choice` (`type`, `by`); `flowresil_error_unknown_unit` (`highlight`);
#'   `flowresil_error_argument`, also where `highlight` is given for another type.
#' @examplesIf requireNamespace("ggplot2", quietly = TRUE)
#' d <- data.frame(city = rep(c("A", "B", "C"), 2), year = rep(1:2, each = 3), a = 1:6,
#'                 b = c(2, 1, 4, 3, 6, 9))
#' i <- data_flow_index(d, c("a", "b"), city, year)
#' ggplot2::autoplot(i, "index", highlight = "B")
#' @exportS3Method ggplot2::autoplot
autoplot.flow_index <- function(object, type = c("weights", "index", "contributions"),
                                by = c("indicator", "group"), highlight = NULL, ...) {
  here <- environment()
  need_ggplot2()
  check_dots(..., call = here)
  type <- check_choice(type, c("weights", "index", "contributions"), "type")
  by <- check_choice(by, c("indicator", "group"), "by")
  if (!is.null(highlight) && type != "index") {
    abort_input("argument", "`highlight` must go with `type = \"index\"`, where units are lines.",
                found = paste0("`type` is \"", type, "\"."), arg = "highlight", call = here)
  }
  switch(type,
    weights = plot_weights(object), index = plot_index(object, highlight, here),
    contributions = plot_contributions(object, by)
  )
}

plot_weights <- function(object) {
  table <- object$weights
  labels <- indicator_labels(table)
  shown <- plot_data(
    name = factor(labels, levels = labels[order(table$weight)]), weight = table$weight, group = table$group
  )
  grouped <- !all(is.na(shown$group))
  ggplot2::ggplot(shown, ggplot2::aes(x = .data$weight, y = .data$name)) +
    (if (grouped) ggplot2::geom_col(ggplot2::aes(fill = .data$group), width = .7) else
      ggplot2::geom_col(fill = plot_colours[1L], width = .7)) +
    ggplot2::scale_fill_manual(values = rep_len(plot_colours, max(1L, length(unique(shown$group)))),
                               na.value = "grey60") +
    ggplot2::labs(x = "Weight", y = NULL, fill = NULL, title = "Weights of the indicators",
                  subtitle = wrap_lines(describe_index(object)[2L])) +
    theme_flowresil()
}

plot_index <- function(object, highlight, call) {
  time <- axis_time(object$index[[object$time]])
  shown <- plot_data(unit = label_values(object$index[[object$unit]]), time = time,
                     value = index_values(object))
  highlight <- choose_units(highlight, unique(shown$unit), "highlight", call)
  means <- stats::aggregate(value ~ time, shown, mean)
  ggplot2::ggplot(shown, ggplot2::aes(x = .data$time, y = .data$value)) +
    unit_lines(shown, means, highlight) +
    scale_time(object$index[[object$time]]) +
    ggplot2::scale_y_continuous(labels = axis_numbers) +
    ggplot2::labs(x = object$time, y = "Index", title = "Index over time",
                  subtitle = paste0("Grey: one line a unit (", object$sample$n_units, "); blue: mean")) +
    theme_flowresil() +
    room_for_names(highlight)
}

plot_contributions <- function(object, by) {
  parts <- contributions(object, by)
  time <- axis_time(parts[[2L]])
  periods <- code_values(as.double(time))
  names <- if (by == "indicator") indicator_labels(object$weights) else names(parts)[-(1:2)]
  means <- lapply(seq_along(names), function(j) {
    plot_data(name = names[j], time = periods$values, mean = as.vector(tapply(parts[[j + 2L]], periods$code, mean)))
  })
  shown <- do.call(rbind, means)
  shown$name <- factor(shown$name, levels = names)
  if (inherits(time, "Date")) shown$time <- as.Date(shown$time, origin = "1970-01-01")
  colours <- if (length(names) <= length(plot_colours)) plot_colours[seq_along(names)] else
    grDevices::hcl.colors(length(names), "Viridis")
  ggplot2::ggplot(shown, ggplot2::aes(x = .data$time, y = .data$mean, fill = .data$name)) +
    ggplot2::geom_col(width = bar_width(time)) +
    ggplot2::scale_fill_manual(values = colours) +
    scale_time(parts[[2L]]) +
    ggplot2::scale_y_continuous(labels = axis_numbers) +
    ggplot2::labs(x = object$time, y = "Mean contribution", fill = NULL, title = "What makes up the index") +
    theme_flowresil() +
    (if (length(names) > 5L) ggplot2::theme(legend.position = "right"))
}
