skip_if_not_installed("ggplot2")

d <- fe_panel("unbalanced")
d$m1 <- d$x1 + d$w

expect_builds <- function(plot) {
  expect_s3_class(plot, "ggplot")
  built <- ggplot2::ggplot_build(plot)
  expect_true(all(vapply(built$data, nrow, 1L) > 0))
  invisible(built)
}

expect_intervals <- function(plot, label, table) {
  expect_builds(plot)
  expect_identical(as.character(plot$data$label), label)
  expect_identical(plot$data$estimate, table$estimate)
  expect_identical(plot$data$low, table$conf.low)
  expect_identical(plot$data$high, table$conf.high)
}

test_that("a model's plot shows what tidy() says, without the constant", {
  m <- fe_model(y ~ x1 + x2 | unit + year, d, constant = "mean")
  t <- tidy(m, conf.int = TRUE)
  plot <- ggplot2::autoplot(m)
  expect_intervals(plot, c("x1", "x2"), t[-1, ])
  expect_identical(levels(plot$data$label), c("x2", "x1")) # the first on top
  expect_identical(plot$labels$title, "Coefficients in the model of y")
  expect_identical(plot$labels$x, "Estimate")
  expect_match(plot$labels$subtitle, "95 % intervals, standard errors classical (iid), correction fixest", fixed = TRUE)
  plot <- ggplot2::autoplot(m, conf.level = 0.8, vcov = ~unit, correction = "plm")
  t <- tidy(m, conf.int = TRUE, conf.level = 0.8, vcov = ~unit, correction = "plm")
  expect_intervals(plot, c("x1", "x2"), t[-1, ])
  expect_match(plot$labels$subtitle, "80 % intervals, standard errors clustered by unit, correction plm", fixed = TRUE)
})

test_that("a comparison's plot shows the treatment of each model", {
  m <- quietly(fe_compare(y ~ x1 + x2 | unit + year, d, subsets = list(all = TRUE, early = year < 2006), lags = 0:1))
  t <- tidy(m, conf.int = TRUE)
  t <- t[t$term != "x2", ]
  expect_intervals(ggplot2::autoplot(m), names(m), t)
  t <- tidy(m, conf.int = TRUE, conf.level = 0.9, vcov = "HC1")
  expect_intervals(ggplot2::autoplot(m, conf.level = 0.9, vcov = "HC1"), names(m), t[t$term != "x2", ])
})

test_that("a model of a comparison that dropped its treatment is left out of the plot", {
  d$x4 <- ifelse(d$region == "east", 1, d$x1)
  m <- suppressWarnings(
    fe_compare(y ~ x4 + x2 | unit + year, d, subsets = list(all = TRUE, east = region == "east"))
  )
  expect_intervals(ggplot2::autoplot(m), "all", tidy(m$all, conf.int = TRUE)[1, ])
})

test_that("a mediation's plot shows the treatment in each equation", {
  m <- fe_mediation(y ~ x1 + x2 | unit + year, d, c(m1, w))
  plot <- ggplot2::autoplot(m)
  expect_intervals(plot, c("total: y", "mediator: m1", "mediator: w"), tidy(m))
  expect_identical(nrow(ggplot2::ggplot_build(plot)$layout$layout), 3L)
  expect_identical(as.character(ggplot2::ggplot_build(plot)$layout$layout[[4]]),
                   c("total: y", "mediator: m1", "mediator: w"))
  expect_identical(plot$labels$title, "Effect of x1 on outcome and mediators")
  expect_intervals(ggplot2::autoplot(m, conf.level = 0.5, vcov = ~unit),
                   c("total: y", "mediator: m1", "mediator: w"), tidy(m, conf.level = 0.5, vcov = ~unit))
})

test_that("terms chooses what is drawn, in its order, with or without backticks", {
  d[["GDP per head"]] <- d$x2
  m <- fe_model(y ~ x1 + `GDP per head` + w | unit + year, d, constant = "mean")
  t <- tidy(m, conf.int = TRUE)
  drawn <- function(terms) as.character(ggplot2::autoplot(m, terms = terms)$data$label)
  expect_identical(ggplot2::autoplot(m, terms = c("w", "x1"))$data$estimate, t$estimate[c(4, 2)])
  expect_identical(drawn(c("w", "x1")), c("w", "x1"))
  expect_length(drawn("GDP per head"), 1)
  expect_identical(drawn("`GDP per head`"), drawn("GDP per head"))
  expect_identical(drawn(c("(Intercept)", "w")), c("(Intercept)", "w"))
  compared <- quietly(fe_compare(y ~ x1 + x2 | unit + year, d, outcomes = c(y, m1), subsets = list(a = TRUE, b = 1:35)))
  plot <- ggplot2::autoplot(compared, terms = c("x2", "x1"))
  expect_identical(as.character(plot$data$label), paste0(rep(names(compared), 2), ": ", rep(c("x2", "x1"), each = 4)))
  t <- tidy(compared)
  expect_identical(plot$data$estimate, c(t$estimate[t$term == "x2"], t$estimate[t$term == "x1"]))
  plot <- ggplot2::autoplot(fe_mediation(y ~ x1 + x2 | unit + year, d, m1), terms = c("x2", "x1"))
  expect_identical(as.character(plot$data$panel),
                   c("total: y, x2", "mediator: m1, x2", "total: y, x1", "mediator: m1, x1"))
})

test_that("terms of no model are refused, and nothing to draw is said", {
  m <- fe_model(y ~ x1 + x2 | unit + year, d)
  compared <- fe_compare(y ~ x1 + x2 | unit + year, d)
  dropped <- suppressWarnings(fe_model(y ~ x1 + I(2 * x1) | unit, d))
  expect_refused(ggplot2::autoplot(m, terms = "x9"), "term")
  expect_refused(ggplot2::autoplot(compared, terms = "x9"), "term")
  expect_refused(ggplot2::autoplot(fe_mediation(y ~ x1 | unit, d, m1), terms = "x9"), "term")
  expect_refused(ggplot2::autoplot(dropped, terms = "I(2 * x1)"), "empty")
  expect_refused(ggplot2::autoplot(fe_model(y ~ 1, d)), "empty")
  expect_snapshot(error = TRUE, {
    ggplot2::autoplot(m, terms = c("x1", "x9"))
    ggplot2::autoplot(dropped, terms = "I(2 * x1)")
  })
})

test_that("coefficients of very different reach get a scale each, those of one size share one", {
  panels <- function(plot) nrow(ggplot2::ggplot_build(plot)$layout$layout)
  m <- fe_model(y ~ x1 + x2 | unit + year, d)
  expect_identical(panels(ggplot2::autoplot(m)), 1L)
  d$persons <- 1e6 * d$x2
  wide <- ggplot2::autoplot(fe_model(y ~ x1 + persons | unit + year, d))
  expect_identical(panels(wide), 2L)
  expect_match(wide$labels$subtitle, "Each panel has a scale of its own", fixed = TRUE)
  expect_builds(wide)
  d$far <- 1e6 * d$y
  expect_identical(panels(ggplot2::autoplot(fe_compare(y ~ x1 + x2 | unit + year, d, outcomes = c(y, far)))), 2L)
  # one coefficient in parts of the sample and lags shares a scale, whatever its errors
  parts <- quietly(fe_compare(y ~ x1 + x2 | unit + year, d, subsets = list(a = TRUE, b = year < 2006), lags = 0:1))
  plot <- ggplot2::autoplot(parts)
  expect_identical(panels(plot), 1L)
  expect_identical(plot$labels$title, "Coefficient of x1 in models of y")
})

test_that("an axis has no exponents between 1e-4 and 1e15", {
  expect_identical(axis_numbers(c(0, 5e5, 1e6, NA, -2e7)), c("0", "500 000", "1 000 000", NA, "-20 000 000"))
  expect_identical(axis_numbers(c(-0.25, 0, 0.5)), c("-0.25", "0", "0.5"))
  expect_identical(axis_numbers(c(0, 1e-7)), c("0e+00", "1e-07"))
})

test_that("a misspelt argument of a plot is not ignored", {
  m <- fe_model(y ~ x1 | unit, d)
  expect_refused(ggplot2::autoplot(m, level = 0.9), "argument")
  expect_refused(ggplot2::autoplot(fe_compare(y ~ x1 | unit, d), level = 0.9), "argument")
  expect_refused(ggplot2::autoplot(fe_mediation(y ~ x1 | unit, d, m1), level = 0.9), "argument")
  expect_refused(ggplot2::autoplot(m, conf.level = 2), "number")
})

resilience <- function(...) quietly(export_resilience(...))

# Index, filter, resilience ----------------------------------------------------------------------

test_that("an index is plotted by weights, over time, and by what makes it up", {
  p <- small_panel()
  i <- data_flow_index(p, data.frame(indicator = c("a", "b", "ex"), group = c("one", "one", "two")), prov, yr)
  plot <- ggplot2::autoplot(i)
  expect_builds(plot)
  expect_identical(plot$data$weight, tidy(i)$estimate)
  expect_identical(as.character(plot$data$name), tidy(i)$term)
  expect_identical(plot$data$group, tidy(i)$group)
  plot <- ggplot2::autoplot(i, "index")
  expect_builds(plot)
  expect_identical(plot$data$value, i$index$index)
  expect_identical(plot$data$time, as.double(i$index$yr))
  for (by in c("indicator", "group")) {
    plot <- ggplot2::autoplot(i, type = "contributions", by = by)
    expect_builds(plot)
    sums <- tapply(plot$data$mean, plot$data$time, sum)
    expect_within(sums, tapply(i$index$index, i$index$yr, mean), tolerance_exact)
  }
  expect_refused(ggplot2::autoplot(i, "map"), "choice")
  expect_refused(ggplot2::autoplot(i, kind = "index"), "argument")
})

test_that("labels of the indicators stand in the plots, print and tidy(), their names in the rest", {
  p <- small_panel()
  wanted <- data.frame(indicator = c("a", "b", "ex"), label = c("First", NA, "Third"))
  i <- data_flow_index(p, wanted, prov, yr)
  expect_identical(i$weights$label, wanted$label)
  expect_identical(tidy(i)$label, wanted$label)
  expect_identical(as.character(ggplot2::autoplot(i)$data$name), c("First", "b", "Third"))
  plot <- ggplot2::autoplot(i, "contributions")
  expect_identical(levels(plot$data$name), c("First", "b", "Third"))
  expect_within(tapply(plot$data$mean, plot$data$name, sum)[["Third"]],
                sum(tapply(contributions(i)$ex, contributions(i)$yr, mean)), tolerance_exact)
  expect_named(weights(i), c("a", "b", "ex"))
  expect_named(contributions(i), c("prov", "yr", "a", "b", "ex"))
  expect_true(any(grepl("First", capture.output(print(i)), fixed = TRUE)))
  # without labels there is no such column
  expect_false("label" %in% names(data_flow_index(p, c("a", "b"), prov, yr)$weights))
  # two that are the same are told apart
  wanted$label <- c("One", "One", "Two")
  same <- data_flow_index(p, wanted, prov, yr)
  expect_identical(as.character(ggplot2::autoplot(same)$data$name), c("One (a)", "One (b)", "Two"))
  expect_builds(ggplot2::autoplot(same, "contributions"))
})

test_that("a long label is cut in its middle", {
  label <- "Number of Internet Broadband Access Ports"
  expect_identical(cut_text(c("short", label), 23), c("short", "Number of ...cess Ports"))
  cut <- cut_text(strrep("\u6307\u6807", 20), 21)
  expect_lte(nchar(cut, "width"), 21)
})

test_that("an index without groups, and with dates or factors as time, is plotted", {
  p <- small_panel()
  plain <- data_flow_index(p, c("a", "b"), prov, yr)
  expect_builds(ggplot2::autoplot(plain))
  p$day <- as.Date("2020-01-01") + p$yr
  p$year <- factor(p$yr)
  dates <- data_flow_index(p, c("a", "b"), prov, day)
  for (type in c("index", "contributions")) {
    plot <- ggplot2::autoplot(dates, type)
    expect_builds(plot)
    expect_s3_class(plot$data$time, "Date")
    plot <- ggplot2::autoplot(data_flow_index(p, c("a", "b"), prov, year), type)
    expect_builds(plot)
    expect_type(plot$data$time, "double")
    expect_setequal(plot$data$time, 2007:2016)
  }
})

test_that("many indicators keep a colour each", {
  p <- small_panel()
  names <- paste0("z", 1:10)
  for (j in 1:10) p[[names[j]]] <- cos(j * seq_len(nrow(p)))
  built <- expect_builds(ggplot2::autoplot(data_flow_index(p, names, prov, yr), "contributions"))
  expect_length(unique(built$data[[1]]$fill), 10)
})

test_that("one series is plotted with trend and cycle, several with trend only, at most nine", {
  p <- small_panel()
  one <- hp_filter(p$a, 6.25)
  plot <- ggplot2::autoplot(one)
  expect_builds(plot)
  t <- tidy(one)
  expect_identical(plot$data$value[plot$data$line == "trend"], t$trend)
  expect_identical(plot$data$value[plot$data$line == "cycle"], t$cycle)
  expect_identical(plot$data$value[plot$data$line == "series"], t$value)
  several <- hp_filter(p, 6.25, column = ex, unit = prov, time = yr)
  plot <- ggplot2::autoplot(several)
  expect_builds(plot)
  t <- tidy(several)
  t <- t[order(t$prov, t$yr), ]
  expect_identical(plot$data$value[plot$data$line == "trend"], t$trend)
  expect_identical(plot$data$value[plot$data$line == "series"], t$ex)
  expect_false("cycle" %in% plot$data$line)
  many <- hp_filter(matrix(cos(1:120), 10, 12), 6.25)
  plot <- ggplot2::autoplot(many)
  expect_builds(plot)
  expect_length(unique(plot$data$series), 9)
  expect_identical(plot$labels$subtitle, "The first nine of 12 series; `units =` chooses others")
  expect_builds(ggplot2::autoplot(hp_filter(ts(p$a, start = 1990), 6.25)))
  expect_refused(ggplot2::autoplot(one, series = 1), "argument")
})

test_that("units chooses the series of a filter, and the subtitle says how many there are", {
  p <- small_panel()
  several <- hp_filter(p, 6.25, column = ex, unit = prov, time = yr)
  plot <- ggplot2::autoplot(several, units = c("C", "A"))
  expect_builds(plot)
  expect_identical(levels(plot$data$series), c("C", "A"))
  expect_identical(plot$labels$subtitle, paste("2 of", length(unique(p$prov)), "series"))
  t <- tidy(several)
  expect_identical(sort(plot$data$value[plot$data$line == "series"]), sort(t$ex[t$prov %in% c("A", "C")]))
  alone <- ggplot2::autoplot(several, units = "A")
  expect_setequal(alone$data$line, c("series", "trend", "cycle"))
  expect_match(alone$labels$subtitle, "^A of")
  expect_length(unique(ggplot2::autoplot(hp_filter(matrix(cos(1:120), 10, 12), 6.25), units = 12)$data$series), 1)
  expect_refused(ggplot2::autoplot(several, units = "Z"), "unknown_unit")
  expect_refused(ggplot2::autoplot(hp_filter(p$a, 6.25), units = "A"), "unknown_unit")
  expect_snapshot(error = TRUE, {
    ggplot2::autoplot(several, units = c("A", "Z"))
    ggplot2::autoplot(hp_filter(cbind(north = p$a, south = p$b), 6.25), units = "noth")
    ggplot2::autoplot(hp_filter(p$a, 6.25), units = "A")
  })
})

test_that("units that are highlighted are coloured lines with their names at the end", {
  p <- small_panel()
  index <- data_flow_index(p, c("a", "b"), prov, yr)
  plots <- list(
    ggplot2::autoplot(index, "index", highlight = c("B", "A")),
    ggplot2::autoplot(resilience(p, ex, prov, yr, base = 2007), highlight = c("B", "A")),
    ggplot2::autoplot(resilience(p, ex, prov, yr, method = "hp"), highlight = c("B", "A"))
  )
  for (plot in plots) {
    built <- expect_builds(plot)
    texts <- Filter(function(layer) "label" %in% names(layer), built$data)
    expect_length(texts, 1)
    expect_setequal(as.character(texts[[1]]$label), c("A", "B"))
    expect_length(unique(texts[[1]]$x), 1)
    expect_identical(texts[[1]]$x[1], max(plot$data$time))
    expect_length(unique(texts[[1]]$colour), 2)
  }
  expect_refused(ggplot2::autoplot(index, "index", highlight = "Z"), "unknown_unit")
  expect_refused(ggplot2::autoplot(resilience(p, ex, prov, yr, base = 2007), highlight = "Z"), "unknown_unit")
  expect_refused(ggplot2::autoplot(index, highlight = "A"), "argument")
  expect_snapshot(error = TRUE, {
    ggplot2::autoplot(index, "index", highlight = "Z")
    ggplot2::autoplot(index, highlight = "A")
  })
})

test_that("units that are numbers are named by their digits", {
  p <- small_panel()
  p$code <- 1e5 * (1 + match(p$prov, unique(p$prov)))
  index <- data_flow_index(p, c("a", "b"), code, yr)
  for (highlight in list(5e5, "500000")) {
    plot <- ggplot2::autoplot(index, "index", highlight = highlight)
    texts <- unlist(lapply(ggplot2::ggplot_build(plot)$data, function(layer) as.character(layer$label)))
    expect_identical(texts, "500000")
  }
  filtered <- ggplot2::autoplot(hp_filter(p, 6.25, column = ex, unit = code, time = yr))
  expect_true("500000" %in% levels(filtered$data$series))
})

test_that("names at the ends of lines keep their order and a distance", {
  expect_identical(keep_apart(c(3, 1), 1), c(3, 1))
  moved <- keep_apart(c(0, 0.1, -0.1, 5), 1)
  expect_identical(order(moved), c(3L, 1L, 2L, 4L))
  expect_true(all(diff(sort(moved)) > 0.98))
})

test_that("a ratio of trend to cycle is drawn on an axis that is logarithmic both ways, its outliers counted", {
  p <- small_panel()
  r <- resilience(p, ex, prov, yr, method = "hp")
  value <- tidy(r)$resilience
  plot <- ggplot2::autoplot(r)
  built <- expect_builds(plot)
  # positions on the axis are asinh(x / 2), the data are not touched
  expect_identical(plot$data$value, value)
  lines <- Filter(function(layer) nrow(layer) == length(value), built$data)[[1]]
  expect_within(sort(lines$y), sort(asinh(value / 2)), 1e-10)
  beyond <- sum(abs(value) > 10 * median(abs(value)))
  expect_match(plot$labels$subtitle, paste0(beyond, " row"), fixed = TRUE)
  expect_match(plot$labels$subtitle, paste("of", length(value)), fixed = TRUE)
  expect_match(plot$labels$y, "logarithmic both ways", fixed = TRUE)
  # the transforms, and the base measure, have a plain axis
  for (plain in list(resilience(p, ex, prov, yr, method = "hp", transform = "log_abs"),
                     resilience(p, ex, prov, yr, base = 2007))) {
    plot <- ggplot2::autoplot(plain)
    expect_identical(plot$labels$y, "Resilience")
    expect_no_match(plot$labels$subtitle, "median size|ten times")
  }
  expect_identical(count_outliers(c(1, -1, 2, 1e6)), c("1 row of 4 lies beyond 15 in size, ten times the median",
                                                      "(the largest: 1 000 000)"))
  expect_identical(count_outliers(c(1, -1, 2, 3)), "0 rows of 4 lie beyond 15 in size, ten times the median")
})

test_that("resilience is plotted over time with its median, NA left out", {
  p <- small_panel()
  r <- resilience(p, ex, prov, yr, base = 2007)
  plot <- ggplot2::autoplot(r)
  built <- expect_builds(plot)
  t <- tidy(r)
  expect_identical(plot$data$value, t$resilience[!is.na(t$resilience)])
  expect_within(built$data[[length(built$data)]]$y, tapply(t$resilience, t$yr, median), tolerance_exact)
  p$ex[p$prov == "A" & p$yr == 2007] <- NA
  holes <- suppressWarnings(resilience(p, ex, prov, yr, base = 2007))
  plot <- ggplot2::autoplot(holes)
  expect_builds(plot)
  expect_identical(plot$data$value, tidy(holes)$resilience[!is.na(tidy(holes)$resilience)])
  expect_builds(ggplot2::autoplot(resilience(small_panel(), ex, prov, yr, method = "hp", transform = "log_abs")))
  p$ex[p$yr == 2007] <- NA
  nothing <- suppressWarnings(resilience(p, ex, prov, yr, base = 2007))
  expect_refused(ggplot2::autoplot(nothing), "empty")
  expect_snapshot(error = TRUE, ggplot2::autoplot(nothing))
  expect_refused(ggplot2::autoplot(r, type = "units"), "argument")
})
