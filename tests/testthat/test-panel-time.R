# What a time column counts: numbers as they are, dates by the longest step that fits. Expected values come from
# whole numbers written by hand, from approx() and from the reference lag.

step_of <- function(x) flowresil:::read_time(x, "t", "time")$step$unit
count_of_time <- function(x) flowresil:::read_time(x, "t", "time")$when
days <- function(...) as.Date(c(...))

# A year of periods 0 .. 7 in the row order of fe_panel(), as times of many classes.
times_of <- function(k) {
  month_end <- function(m) as.Date(sprintf("%d-%02d-01", 2010 + (m + 1) %/% 12, (m + 1) %% 12 + 1)) - 1
  times <- list(
    year_first = as.Date(paste0(2010 + k, "-01-01")), year_last = as.Date(paste0(2010 + k, "-12-31")),
    year_inside = as.Date(paste0(2010 + k, "-07-15")), year_february = month_end(12 * k + 1),
    quarter_last = month_end(3 * k + 2),
    quarter_inside = as.Date(sprintf("%d-%02d-15", 2010 + k %/% 4, k %% 4 * 3 + 2)),
    month_first = as.Date(sprintf("%d-%02d-01", 2010 + (k + 9) %/% 12, (k + 9) %% 12 + 1)),
    month_last = month_end(k + 9),
    week = as.Date("2009-12-18") + 7 * k, day = as.Date("2012-02-26") + k,
    posix = as.POSIXct(paste0(2010 + k, "-03-01"), tz = "Asia/Shanghai"),
    posix_daily = as.POSIXct(format(as.Date("2012-03-08") + k), tz = "America/New_York"),
    factor = factor(paste0(2010 + k, "-12-31")), factor_quarter = factor(paste0(2010 + k %/% 4, " Q", k %% 4 + 1))
  )
  # without zoo no row of its classes can be taken
  if (requireNamespace("zoo", quietly = TRUE)) {
    times$yearqtr <- zoo::as.yearqtr(2010 + k / 4)
    times$yearmon <- zoo::as.yearmon(2010 + (k + 9) / 12)
  }
  times
}

# The code that a condition advises, between backticks after "Convert".
advised <- function(condition) sub("^.*Convert [^`]*`([^\n]*)`\\..*$", "\\1", conditionMessage(condition))

test_that("dates count by the longest of year, quarter, month, week and day that fits all", {
  expected <- c(
    year_first = "year", year_last = "year", year_inside = "year", year_february = "year", quarter_last = "quarter",
    quarter_inside = "quarter", month_first = "month", month_last = "month", week = "week", day = "day",
    yearqtr = "quarter", yearmon = "month", posix = "year", posix_daily = "day", factor = "year",
    factor_quarter = "quarter"
  )
  k <- c(3, 0:7, 5)
  for (name in names(times_of(0))) {
    x <- times_of(k)[[name]]
    expect_identical(step_of(x), expected[[name]], label = name)
    expect_identical(count_of_time(x) - count_of_time(x)[2], k, label = name)
  }
})

test_that("a step fits where all dates have one place in it, no other", {
  expect_identical(step_of(days("2010-01-31", "2010-02-28", "2012-02-29")), "month")
  expect_identical(step_of(days("2012-02-29", "2013-02-28", "2014-02-28")), "year")
  expect_identical(step_of(days("2012-02-29", "2016-02-29")), "year")
  expect_identical(step_of(days("2012-02-29", "2013-03-01")), "day")
  expect_identical(step_of(days("2010-01-30", "2010-02-28", "2010-03-30")), "day")
  expect_identical(step_of(days("2010-03-31", "2010-06-30", "2011-03-31")), "quarter")
  expect_identical(step_of(days("2010-03-31", "2010-06-29")), "day")
  expect_identical(step_of(days("2010-01-01", "2010-04-01", "2010-05-01")), "month")
  expect_identical(step_of(days("2010-01-01", "2010-01-15")), "week")
  expect_identical(step_of(days("2010-01-01", "2010-01-16")), "day")
  expect_identical(step_of(days("1969-12-26", "1969-12-19", "1970-01-02")), "week")
  # one date: everything fits, the longest is the year
  expect_identical(step_of(days("2010-06-15", "2010-06-15")), "year")
  # quarters and months of one season only
  expect_identical(step_of(structure(2010:2013 + .25, class = "yearqtr")), "year")
  expect_identical(step_of(structure(2010 + c(0, 3, 6) / 12, class = "yearmon")), "quarter")
  expect_identical(step_of(structure(14610L + 0:3, class = c("IDate", "Date"))), "day")
})

test_that("midnight is that of the column's own time zone, also where the clock jumps over it", {
  here <- ISOdatetime(2017, 10, 14:16, c(0, 1, 0), 0, 0, tz = "America/Sao_Paulo")
  expect_identical(count_of_time(here), as.double(as.Date("2017-10-14") + 0:2))
  expect_identical(step_of(as.POSIXct(c("2010-01-01", "2011-01-01"), tz = "Asia/Shanghai")), "year")
  withr::local_timezone("Asia/Shanghai")
  expect_identical(step_of(as.POSIXct(c("2010-01-01", "2011-01-01"))), "year")
  utc <- as.POSIXct(c("2010-01-01", "2011-01-01"), tz = "UTC")
  attr(utc, "tzone") <- "Asia/Shanghai"
  expect_refused(count_of_time(utc), "time")
})

test_that("lags, gaps, interpolation and base of every class of time are those of numbered periods", {
  d <- fe_panel("unbalanced")
  k <- d$year - min(d$year)
  d$lag <- reference_lag(d$x1, d$unit, k, 1)
  slope <- coef(quietly(fe_model(y ~ lag | unit + year, d)))[[1]]
  long <- data.frame(u = rep(1:2, each = 8), k = 0:7, x = exp(sin(1:16)))
  long$x[c(3, 4, 12)] <- NA
  filled <- unsplit(lapply(split(long, long$u), function(part) reference_fill(part$x, part$k)), long$u)
  full <- transform(long, x = exp(cos(1:16)))
  cycles <- unlist(lapply(split(full$x, full$u), function(v) v - reference_hp_trend(v, 6.25)))
  for (name in names(times_of(0))) {
    d$when <- times_of(k)[[name]]
    expect_relative(coef(quietly(fe_model(y ~ l(x1, 1) | unit + when, d)))[[1]], slope, tolerance_exact)
    expect_relative(coef(quietly(fe_model(y ~ l(x1, 1) | region + year, d, unit = unit, time = when)))[[1]],
                    coef(quietly(fe_model(y ~ lag | region + year, d)))[[1]], tolerance_exact)
    long$when <- full$when <- times_of(long$k)[[name]]
    told <- quietly(interpolate_panel(long, x, u, when))
    expect_relative(told$x, filled, tolerance_exact)
    expect_identical(told$when, long$when)
    expect_identical(attr(told, "filled")$time, long$when[is.na(long$x)])
    h <- hp_filter(full, 6.25, column = x, unit = u, time = when)
    expect_relative(h$cycle, unname(cycles), 1e-9)
    expect_identical(as.data.frame(h)$when, full$when)
    expect_refused(hp_filter(full[full$k != 3, ], 6.25, column = x, unit = u, time = when), "gap")
    base <- full$when[2]
    r <- quietly(export_resilience(full, x, u, when, base = if (is.factor(base)) as.character(base) else base))
    expect_relative(r$resilience$resilience, (full$x / full$x[full$k == 1][full$u] - 1)[full$k != 1], tolerance_exact)
    expect_identical(r$resilience$when, full$when[full$k != 1])
    expect_identical(r$base, base)
    expect_refused(data_flow_index(full[c(1, 1:16), ], "x", u, when), "duplicate_rows")
  }
})

test_that("interpolated yearly dates count years, not days", {
  d <- data.frame(u = 1, t = days("2011-01-01", "2012-01-01", "2013-01-01"), v = c(0, NA, 2))
  expect_identical(quietly(interpolate_panel(d, v, u, t))$v, c(0, 1, 2))
})

test_that("a base names one period of dates, from above, from inside, or as text", {
  skip_if_not_installed("zoo")
  d <- data.frame(u = 1, k = 0:7, x = 2^(0:7))
  times <- times_of(0:7)
  from <- function(when, base) {
    quietly(export_resilience(cbind(d, when = when), x, u, when, base = base))$resilience$resilience[1]
  }
  expect_identical(from(times$year_last, 2011), -.5)
  expect_identical(from(times$year_last, "2011"), -.5)
  expect_identical(from(times$year_last, as.Date("2011-01-01")), -.5)
  expect_identical(from(times$year_first, structure(2011.25, class = "yearqtr")), -.5)
  expect_identical(from(times$posix, 2011L), -.5)
  expect_identical(from(times$yearqtr, structure(2010.25, class = "yearqtr")), -.5)
  expect_identical(from(times$quarter_last, structure(2010.25, class = "yearqtr")), -.5)
  expect_identical(from(times$quarter_last, "2010 Q2"), -.5)
  expect_identical(from(times$quarter_last, "2010-05"), -.5)
  expect_identical(from(times$month_first, "2010-11"), -.5)
  expect_identical(from(times$yearmon, "Nov 2010"), -.5)
  expect_identical(from(times$week, times$week[2]), -.5)
  expect_identical(from(times$day, as.POSIXct("2012-02-27", tz = "UTC")), -.5)
  expect_identical(from(factor(2010:2017), 2011), -.5)
  for (bad in list(2010, "2010", NA, as.Date(NA), "spring", 2010.5, times$yearqtr[1:2], NULL, TRUE)) {
    expect_refused(from(times$yearqtr, bad), "number")
  }
  expect_refused(from(times$month_first, structure(2010.75, class = "yearqtr")), "number")
  expect_refused(from(times$week, structure(2010, class = "yearmon")), "number")
  expect_refused(from(2010:2017, structure(2011, class = "yearqtr")), "number")
  expect_refused(from(2010:2017, as.Date("2011-01-01")), "number")
  expect_refused(from(times$year_last, 2009), "base_absent")
  expect_refused(from(times$yearqtr, "2009 Q4"), "base_absent")
  both <- cbind(d, quarter = times$yearqtr, year = 2010:2017, day = times$year_last)
  expect_snapshot(error = TRUE, {
    export_resilience(both, x, u, quarter)
    export_resilience(both, x, u, quarter, base = "2009 Q4")
    export_resilience(both, x, u, day, base = "spring")
    export_resilience(both, x, u, day, base = 2009)
    export_resilience(both, x, u, year, base = as.Date("2010-12-31"))
  })
})

test_that("print, summary and messages say the step and show the user's own values", {
  skip_if_not_installed("zoo")
  d <- data.frame(u = rep(1:2, each = 8), q = times_of(rep(0:7, 2))$yearqtr, a = c(1:8, 3:10), b = (1:16)^2, e = 1:16)
  d$day <- times_of(rep(0:7, 2))$year_last
  expect_snapshot({
    i <- data_flow_index(d, c("a", "b"), u, q, scope = "period")
    print(i)
    summary(i)
    r <- export_resilience(d, e, u, day, base = 2011)
    print(r)
    summary(r)
    print(hp_filter(d, 1600, column = b, unit = u, time = q))
    f <- interpolate_panel(transform(d, e = replace(e, 3, NA)), e, u, day)
    m <- fe_model(e ~ l(b, 1), transform(d, e = e^1.5), unit = u, time = q)
    print(m)
  })
  expect_identical(i$step$unit, "quarter")
  expect_identical(r$step$unit, "year")
  expect_identical(summary(i)$periods$period, paste0(2010 + 0:7 %/% 4, " Q", 0:7 %% 4 + 1))
  flat <- transform(d, a = replace(a, q == q[1], 1))
  expect_snapshot({
    i <- data_flow_index(flat, c("a", "b"), u, q, scope = "period")
  })
})

test_that("errors name the time as the user wrote it, and the step", {
  skip_if_not_installed("zoo")
  d <- data.frame(u = rep(1:2, each = 8), q = times_of(rep(0:7, 2))$yearqtr, e = c(3, 1, 4, 1, 5, 9, 2, 6), b = 1:16)
  d$day <- as.Date("2010-01-01") + 365 * 0:7
  expect_snapshot(error = TRUE, {
    hp_filter(d[-3, ], 1600, column = e, unit = u, time = q)
    data_flow_index(d[c(1:16, 4), ], c("e", "b"), u, q)
    fe_model(b ~ l(e, 1), d, unit = u, time = day)
  })
})

test_that("new data count by the step of the fit", {
  d <- fe_panel("balanced")
  d$q <- times_of(d$year - min(d$year))$quarter_last
  d$x3 <- sin(seq_len(nrow(d)))
  m <- quietly(fe_model(y ~ l(x1, 2) + x3 | unit + q, d))
  # first quarters only: by themselves they would count years
  first <- d[format(d$q, "%m") == "03", ]
  predicted <- function(newdata) suppressWarnings(predict(m, newdata), classes = "flowresil_warning_unseen_level")
  expect_true(all(is.na(predicted(first))))
  both <- d[format(d$q, "%m") %in% c("03", "09"), ]
  expect_equal(predicted(both)[format(both$q, "%m") == "09"], predicted(d)[format(d$q, "%m") == "09"],
               ignore_attr = TRUE)
  expect_refused(predict(m, transform(both, q = q + 1)), "time")
  expect_refused(predict(m, transform(both, q = year)), "time")
  i <- data_flow_index(d, c("x1", "x2"), unit, q, scope = "period")
  expect_identical(predict(i, first), i$index$index[format(d$q, "%m") == "03"])
  expect_identical(predict(i, first[first$unit == "u01" & first$q == max(first$q), ]),
                   i$index$index[d$unit == "u01" & d$q == max(first$q)])
  expect_refused(predict(i, transform(first, q = q + 1)), "unknown_period")
  expect_refused(predict(i, transform(first, q = year)), "time")
  number <- data_flow_index(d, c("x1", "x2"), unit, year, scope = "period")
  expect_refused(predict(number, transform(d, year = q)), "time")
  expect_snapshot(error = TRUE, {
    predict(m, transform(both, q = q + 1))
    predict(m, transform(both, q = year))
    predict(i, transform(first, q = q + 1))
    predict(number, transform(d, year = q))
  })
})

test_that("zoo's own classes count and are shown", {
  skip_if_not_installed("zoo")
  q <- zoo::as.yearqtr("2010 Q1") + 0:7 / 4
  m <- zoo::as.yearmon("2010-11") + 0:7 / 12
  expect_identical(diff(count_of_time(q)), rep(1, 7))
  expect_identical(diff(count_of_time(m)), rep(1, 7))
  expect_identical(flowresil:::time_labels(q), as.character(q))
  withr::local_locale(LC_TIME = "C")
  expect_identical(flowresil:::time_labels(m), as.character(m))
  expect_identical(flowresil:::time_labels(201001), "201001")
  expect_identical(flowresil:::time_labels(c(1e5, -2, .5, NA)), c("100000", "-2", "0.5", NA))
})

test_that("times within a day are refused with the conversion", {
  d <- data.frame(u = 1, x = 1:2)
  d$t <- as.POSIXct(c("2010-01-01 00:00:00", "2010-01-01 06:00:00"), tz = "Asia/Shanghai")
  d$z <- as.Date(c(14610, 14610.5), origin = "1970-01-01")
  d$i <- as.Date(c(14610, Inf), origin = "1970-01-01")
  for (name in c("t", "z", "i")) expect_refused(interpolate_panel(d, "x", "u", name), "time")
  expect_identical(rlang::catch_cnd(interpolate_panel(d, x, u, t), "flowresil_error")$rows, 2L)
  expect_snapshot(error = TRUE, {
    interpolate_panel(d, x, u, t)
    interpolate_panel(d, x, u, z)
    interpolate_panel(d, x, u, i)
  })
  d$t <- d$t + 0:1 * 18 * 3600
  expect_identical(eval(quote(as.Date(t, tz = "Asia/Shanghai")), d), as.Date("2010-01-01") + 0:1)
})

test_that("missing dates are refused with their rows", {
  for (x in times_of(0:7)) {
    x[c(2, 5)] <- NA
    error <- rlang::catch_cnd(flowresil:::read_time(x, "t", "time"), "flowresil_error_missing_value")
    expect_identical(error$rows, c(2L, 5L))
  }
})

test_that("text as time is refused with a conversion that works", {
  year <- "\u5e74"
  kinds <- list(
    c("2009", "2010"), c(" 2009", "2010 "), paste0(2009:2010, year), c(paste0("2009", year), "2010"),
    c("2009-12-31", "2010-12-31"), c("2009/12/31", "2010/12/31"),
    c("2009-11", "2009-12"), c("2009Q1", "2009 Q2"), c("2009-Q1", "2009-Q2"), c("Jan 2009", "Feb 2009"),
    paste0("2009", year, 1:2, "\u6708"), paste0("2009", year, "3\u6708", 1:2, "\u65e5"),
    paste0("2009", year, "\u7b2c", 1:2, "\u5b63\u5ea6")
  )
  for (t in kinds) {
    error <- rlang::catch_cnd(interpolate_panel(data.frame(u = 1, t = t, x = 1:2), x, u, t), "flowresil_error_time")
    converted <- eval(parse(text = advised(error), encoding = "UTF-8"), list(t = t))
    expect_identical(diff(count_of_time(converted)), 1, label = t[1])
  }
  expect_snapshot(error = TRUE, {
    data_flow_index(data.frame(u = 1, year = c("2009", "2010"), x = 1:2), "x", u, year)
    data_flow_index(data.frame(u = 1, year = c("2009-01", "2010-01"), x = 1:2), "x", u, year)
    data_flow_index(data.frame(u = 1, year = c("2009", "2010*"), x = 1:2), "x", u, year)
    data_flow_index(data.frame(u = 1, year = NA_character_, x = 1:2), "x", u, year)
    data_flow_index(data.frame(u = 1, year = factor(c("2009", "2010*")), x = 1:2), "x", u, year)
  })
  sign <- data.frame(u = 1, x = 1:2)
  sign$year <- paste0(2009:2010, year)
  message <- conditionMessage(rlang::catch_cnd(data_flow_index(sign, "x", u, year), "flowresil_error_time"))
  expect_match(message, paste0("as.integer(sub(\"", year, "$\", \"\", year))"), fixed = TRUE)
})

test_that("levels of a factor count by what they say, unused ones left out", {
  expect_identical(count_of_time(factor(paste0(2009:2011, "\u5e74"))), c(2009, 2010, 2011))
  expect_identical(count_of_time(factor(c("2009", "2010"), levels = c("total", "2010", "2009"))), c(2009, 2010))
  expect_identical(count_of_time(factor(c("2010-01-31", "2010-02-28"))), c(24120, 24121))
  expect_identical(count_of_time(factor(c("2", "10"))), c(2, 10))
  expect_refused(count_of_time(factor(c("2010-13", "2010-12"))), "time")
  expect_refused(count_of_time(factor(c("2010-02-30", "2010-02-28"))), "time")
  expect_refused(count_of_time(factor(c("Abc 2010", "Feb 2010"))), "time")
  expect_refused(count_of_time(factor(c("2009", "2009.5"))), "time")
  expect_refused(count_of_time(factor(c("2009", "2009-12-31"))), "time")
})

test_that("plots have an axis in the user's own times", {
  skip_if_not_installed("zoo")
  skip_if_not_installed("ggplot2")
  d <- data.frame(u = rep(1:2, each = 8), e = c(1:8, 2, 5, 3, 6, 4, 8, 9, 7), b = (1:16)^2)
  for (name in setdiff(names(times_of(0)), c("factor", "factor_quarter"))) {
    d$t <- times_of(rep(0:7, 2))[[name]]
    i <- data_flow_index(d, c("e", "b"), u, t)
    axis <- ggplot2::autoplot(i, "index")$data$time
    expect_s3_class(axis, "Date")
    expect_identical(order(axis), order(rep(0:7, 2)))
    bars <- ggplot2::ggplot_build(ggplot2::autoplot(i, "contributions"))$data[[1]]
    expect_lte(max(bars$xmax[bars$x == min(bars$x)]), min(bars$xmin[bars$x > min(bars$x)]))
    expect_gt(max(bars$xmax - bars$xmin), .5 * min(diff(sort(unique(bars$x)))))
    ggplot2::ggplot_build(ggplot2::autoplot(quietly(export_resilience(d, e, u, t, base = d$t[1]))))
    ggplot2::ggplot_build(ggplot2::autoplot(hp_filter(d, 100, column = e, unit = u, time = t)))
  }
  d$t <- times_of(rep(0:7, 2))$yearqtr
  built <- ggplot2::ggplot_build(ggplot2::autoplot(data_flow_index(d, c("e", "b"), u, t), "index"))
  labels <- built$layout$panel_params[[1]]$x$get_labels()
  expect_true(all(labels %in% paste0(2010 + 0:7 %/% 4, " Q", 0:7 %% 4 + 1)))
  expect_identical(labels[1], "2010 Q1")
})
