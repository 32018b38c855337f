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
  expect_identical(plot$labels$title, "y")
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
  expect_identical(plot$labels$title, "effect of x1")
  expect_intervals(ggplot2::autoplot(m, conf.level = 0.5, vcov = ~unit),
                   c("total: y", "mediator: m1", "mediator: w"), tidy(m, conf.level = 0.5, vcov = ~unit))
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
  expect_identical(plot$data$index, i$index$index)
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
  expect_identical(plot$labels$subtitle, "The first nine of 12 series")
  expect_builds(ggplot2::autoplot(hp_filter(ts(p$a, start = 1990), 6.25)))
  expect_refused(ggplot2::autoplot(one, series = 1), "argument")
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
  expect_refused(ggplot2::autoplot(r, type = "units"), "argument")
})
