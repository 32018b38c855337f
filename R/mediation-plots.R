# Pictures of a mediation analysis.

#' @rdname autoplot.fe_model
#' @param type Of a mediation: `"equations"` (the treatment in each equation; the default of two steps), `"path"`
#'   (arrows with coefficients and standard errors; the default where the outcome's equation is there), `"effects"`
#'   (every effect by every method) or `"draws"` (densities of the effects drawn). Several treatments: the first.
#' @exportS3Method ggplot2::autoplot
autoplot.fe_mediation <- function(object, conf.level = 0.95, vcov = NULL, correction = NULL, terms = NULL,
                                  type = NULL, ...) {
  here <- environment()
  need_ggplot2()
  check_dots(..., call = here)
  products <- !identical(object$method, "two_step")
  types <- c("equations", if (products) c("path", "effects"), if (length(object$draws)) "draws")
  type <- if (is.null(type)) if (products && is.null(terms)) "path" else "equations" else
    check_choice(type, types, "type", here)
  if (type == "path") return(plot_paths(object, here, vcov, correction))
  if (type == "effects") return(plot_effects(object, conf.level, here, vcov, correction))
  if (type == "draws") return(plot_draws(object))
  wanted <- if (is.null(terms)) object$treatment else choose_terms(terms, object$models, "terms", here)
  table <- tidy.fe_mediation(object, if (is.null(terms)) "treatment" else "all", conf.level, vcov, correction)
  table <- table[table$term %in% wanted, , drop = FALSE]
  refuse_nothing_to_draw(table, here)
  labels <- labels_of_models(object$models)
  table$outcome <- show_labels(table$outcome, labels)
  treatment <- show_labels(wanted, labels)
  table$panel <- paste0(table$equation, ": ", table$outcome, if (length(wanted) > 1L) paste(",", table$term))
  table <- table[order(match(table$term, wanted)), , drop = FALSE]
  table$label <- table$panel
  title <- if (length(wanted) == 1L) paste("Effect of", treatment, "on outcome and mediators") else
    "Effects on outcome and mediators"
  variance <- requested_variance(object$models$total, vcov, correction)$variance
  plot_intervals(table, title, variance, conf.level, apart = TRUE)
}

# Treatment, mediators and outcome as boxes, coefficients on the arrows between.
plot_paths <- function(object, call, vcov, correction) {
  fit <- mediation_fit(object, call, vcov, correction)
  treatment <- object$treatment[1L]
  labels <- labels_of_models(object$models)
  M <- object$mediators
  n <- length(M)
  nodes <- plot_data(
    name = show_labels(c(treatment, M, object$outcome), labels), x = c(0, seq(0.5, by = 0, length.out = n), 1),
    y = c(0, seq(1, by = -0.45, length.out = n), 0)
  )
  serial <- object$structure == "serial" && n > 1L
  if (n > 1L) nodes$y[1L + seq_len(n)] <- seq(1, -1, length.out = n + (n %% 2L))[seq_len(n)]
  if (serial) {
    nodes$x[1L + seq_len(n)] <- seq(0.3, 0.7, length.out = n)
    nodes$y[1L + seq_len(n)] <- 1
  }
  number <- function(name) {
    paste0(format(fit$coefficients[[name]], digits = 3), "\n(", format(sqrt(fit$vcov[name, name]), digits = 2), ")")
  }
  arrow_of <- function(from, to, name) {
    plot_data(x = nodes$x[from], y = nodes$y[from], xend = nodes$x[to], yend = nodes$y[to], label = number(name))
  }
  last <- n + 2L
  arrows <- c(
    lapply(seq_len(n), function(j) arrow_of(1L, 1L + j, coefficient_of(M[j], treatment))),
    lapply(seq_len(n), function(j) arrow_of(1L + j, last, coefficient_of("outcome", M[j]))),
    list(arrow_of(1L, last, coefficient_of("outcome", treatment))),
    if (serial) unlist(lapply(seq_len(n)[-1L], function(j) {
      lapply(seq_len(j - 1L), function(i) arrow_of(1L + i, 1L + j, coefficient_of(M[j], M[i])))
    }), recursive = FALSE)
  )
  arrows <- do.call(rbind, arrows)
  short <- function(from, to, share) from + (to - from) * share
  arrows <- transform(arrows, x = short(x, xend, .12), y = short(y, yend, .12), xend = short(x, xend, .88),
                      yend = short(y, yend, .88))
  arrows$at_x <- short(arrows$x, arrows$xend, 0.5)
  arrows$at_y <- short(arrows$y, arrows$yend, 0.5)
  total <- coefficient_of("total", treatment)
  ggplot2::ggplot(nodes) +
    ggplot2::geom_segment(
      ggplot2::aes(x = .data$x, y = .data$y, xend = .data$xend, yend = .data$yend), arrows, colour = plot_colours[1L],
      arrow = ggplot2::arrow(length = ggplot2::unit(2.5, "mm"), type = "closed")
    ) +
    ggplot2::geom_label(ggplot2::aes(.data$at_x, .data$at_y, label = .data$label), arrows, size = 3, label.size = 0,
                        lineheight = 0.9) +
    ggplot2::geom_label(ggplot2::aes(.data$x, .data$y, label = .data$name), size = 3.6,
                        label.padding = ggplot2::unit(2, "mm")) +
    ggplot2::scale_x_continuous(expand = ggplot2::expansion(0.15)) +
    ggplot2::scale_y_continuous(expand = ggplot2::expansion(0.15)) +
    ggplot2::labs(
      x = NULL, y = NULL,
      title = paste("Paths from", show_labels(treatment, labels), "to", show_labels(object$outcome, labels)),
      subtitle = wrap_lines(paste0("Total effect ", sub("\n", " ", number(total))),
                            paste0("standard errors in brackets, ", describe_convention(fit$variance)))
    ) +
    theme_flowresil() +
    ggplot2::theme(axis.text = ggplot2::element_blank(), axis.ticks = ggplot2::element_blank(),
                   panel.grid = ggplot2::element_blank(), axis.line = ggplot2::element_blank())
}

# Every effect by every method that gives an interval, shares apart.
plot_effects <- function(object, conf.level, call, vcov, correction) {
  fit <- mediation_fit(object, call, vcov, correction)
  table <- tidy_effects(object, fit, conf.level)
  table <- table[table$treatment == object$treatment[1L] & !is.na(table$conf.low) & is.finite(table$conf.low) &
                   !table$note %in% "complement", , drop = FALSE]
  refuse_nothing_to_draw(table, call)
  table$panel <- paste0(gsub("_", " ", table$effect), ifelse(is.na(table$mediator), "", paste0(" ", table$mediator)),
                        ifelse(is.na(table$at), "", paste0(" at ", signif(table$at, 3))))
  data <- plot_data(label = factor(table$method, levels = rev(unique(table$method))), estimate = table$estimate,
                    low = table$conf.low, high = table$conf.high, panel = factor(table$panel, unique(table$panel)))
  ggplot2::ggplot(data, ggplot2::aes(.data$estimate, .data$label)) +
    ggplot2::geom_vline(xintercept = 0, colour = "grey60") +
    ggplot2::geom_linerange(ggplot2::aes(xmin = .data$low, xmax = .data$high), colour = plot_colours[1L]) +
    ggplot2::geom_point(size = 2, colour = plot_colours[1L]) +
    ggplot2::facet_wrap(ggplot2::vars(.data$panel), scales = "free") +
    ggplot2::scale_x_continuous(labels = axis_numbers) +
    ggplot2::labs(x = "Estimate", y = NULL, title = paste("Effects of", object$treatment[1L], "by method"),
                  subtitle = wrap_lines(paste0(label_values(100 * conf.level), " % intervals"),
                                        "each panel has a scale of its own; the grey line is zero")) +
    theme_flowresil()
}

# Densities of the effects drawn, by kind of draw, with the estimates.
plot_draws <- function(object) {
  effects <- Filter(function(e) {
    e$treatment == object$treatment[1L] && !e$effect %in% c("total", "direct", "proportion", "contrast")
  }, effects_of(object))
  b <- stacked_coefficients(object$models)
  names <- c(normal = "Monte Carlo", pairs = "clusters resampled", wild = "wild")
  parts <- lapply(names(object$drawn), function(kind) {
    lapply(effects, function(effect) {
      values <- effect_value(effect, object$drawn[[kind]]$coefficients)
      values <- values[!is.na(values)]
      middle <- stats::quantile(values, c(.005, .995), names = FALSE)
      plot_data(value = values[values >= middle[1L] & values <= middle[2L]], kind = names[[kind]],
                panel = paste0(gsub("_", " ", effect$effect), " ", if (is.na(effect$mediator)) "" else effect$mediator,
                               if (!is.na(effect$at)) paste0(" at ", signif(effect$at, 3))),
                estimate = effect_value(effect, b))
    })
  })
  data <- do.call(rbind, unlist(parts, recursive = FALSE))
  ggplot2::ggplot(data, ggplot2::aes(.data$value, colour = .data$kind, linetype = .data$kind)) +
    ggplot2::geom_vline(xintercept = 0, colour = "grey60") +
    ggplot2::geom_density(key_glyph = "path") +
    ggplot2::geom_vline(ggplot2::aes(xintercept = .data$estimate), colour = "grey30", linetype = "dotted") +
    ggplot2::facet_wrap(ggplot2::vars(.data$panel), scales = "free") +
    ggplot2::scale_colour_manual(values = plot_colours, name = NULL) +
    ggplot2::scale_linetype(name = NULL) +
    ggplot2::scale_x_continuous(labels = axis_numbers) +
    ggplot2::labs(x = "Effect", y = "Density", title = paste("Draws of the effects of", object$treatment[1L]),
                  subtitle = "The dotted line is the estimate; the middle 99 % of the draws") +
    theme_flowresil()
}

# A line of the moderator with its band, where it is significant and where the data end.
plot_moderated_line <- function(line, moderator, range, level, ends, title) {
  w <- seq(range[1L], range[2L], length.out = 101L)
  here <- line_at(line, w)
  reach <- stats::qt((1 + level) / 2, line$df) * sqrt(pmax(here$variance, 0))
  data <- plot_data(w = w, estimate = here$estimate, low = here$estimate - reach, high = here$estimate + reach)
  inside <- ends[!is.na(ends) & ends > range[1L] & ends < range[2L]]
  ggplot2::ggplot(data, ggplot2::aes(.data$w, .data$estimate)) +
    ggplot2::geom_hline(yintercept = 0, colour = "grey60") +
    ggplot2::geom_ribbon(ggplot2::aes(ymin = .data$low, ymax = .data$high), fill = plot_colours[1L], alpha = 0.2) +
    ggplot2::geom_line(colour = plot_colours[1L]) +
    (if (length(inside)) ggplot2::geom_vline(xintercept = inside, linetype = "dashed", colour = plot_colours[2L])) +
    ggplot2::scale_x_continuous(labels = axis_numbers) +
    ggplot2::scale_y_continuous(labels = axis_numbers) +
    ggplot2::labs(x = moderator, y = "Effect", title = title,
                  subtitle = wrap_lines(paste0(label_values(100 * level), " % band over the range of the data"),
                                        if (length(inside)) "dashed: significance changes (Johnson and Neyman)")) +
    theme_flowresil()
}

#' @rdname fe_moderation
#' @exportS3Method ggplot2::autoplot
autoplot.fe_moderation <- function(object, conf.level = 0.95, ...) {
  here <- environment()
  need_ggplot2()
  check_dots(..., call = here)
  found <- johnson_neyman(object, conf.level)
  plot_moderated_line(attr(found, "lines")[[1L]]$line, object$moderator, object$range, conf.level,
                      c(found$lower, found$upper), paste("Slope of", object$treatment, "by", object$moderator))
}

#' @rdname johnson_neyman
#' @exportS3Method ggplot2::autoplot
autoplot.johnson_neyman <- function(object, ...) {
  here <- environment()
  need_ggplot2()
  check_dots(..., call = here)
  first <- attr(object, "lines")[[1L]]
  title <- if (is.na(first$mediator)) paste("Slope of", first$treatment) else
    paste("Indirect effect of", first$treatment, "through", first$mediator)
  plot_moderated_line(first$line, attr(object, "moderator"), attr(object, "range"), attr(object, "conf.level"),
                      c(object$lower[1L], object$upper[1L]), title)
}

#' @rdname mediation_sensitivity
#' @exportS3Method ggplot2::autoplot
autoplot.mediation_sensitivity <- function(object, ...) {
  here <- environment()
  need_ggplot2()
  check_dots(..., call = here)
  table <- object$rho
  if (!is.null(table$treatment)) table <- table[table$treatment == object$treatment[1L], , drop = FALSE]
  data <- plot_data(rho = table$rho, estimate = table$estimate, low = table$conf.low, high = table$conf.high)
  banded <- !all(is.na(data$low))
  ggplot2::ggplot(data, ggplot2::aes(.data$rho, .data$estimate)) +
    ggplot2::geom_hline(yintercept = 0, colour = "grey60") +
    (if (banded) ggplot2::geom_ribbon(ggplot2::aes(ymin = .data$low, ymax = .data$high), fill = plot_colours[1L],
                                      alpha = 0.2)) +
    ggplot2::geom_line(colour = plot_colours[1L]) +
    ggplot2::geom_vline(xintercept = object$zero$rho[1L], linetype = "dashed", colour = plot_colours[2L]) +
    ggplot2::scale_y_continuous(labels = axis_numbers) +
    ggplot2::labs(x = "Correlation of the errors of mediator and outcome", y = "Indirect effect",
                  title = paste("Indirect effect through", object$mediator, "under confounding"),
                  subtitle = wrap_lines(if (banded) "95 % of the draws of clusters", "dashed: where it is zero")) +
    theme_flowresil()
}
