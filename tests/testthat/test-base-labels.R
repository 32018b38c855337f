# Values as labels: names of results, print, messages.

label_of <- flowresil:::label_values

test_that("whole numbers are labels with all their digits, whatever their type and the session's options", {
  for (options in list(list(), list(scipen = -10), list(scipen = 99), list(digits = 3), list(OutDec = ","))) {
    withr::with_options(options, {
      expect_identical(label_of(c(500000, 1e5, 201000000, 0, -0)), c("500000", "100000", "201000000", "0", "0"))
      expect_identical(label_of(c(100000L, NA)), c("100000", "NA"))
      expect_identical(label_of(2^53), "9007199254740992")
      expect_identical(label_of(1e18), "1000000000000000000")
      expect_identical(label_of(c(0.1 + 0.2, 2010.25, 123456.5, 1 / 3)),
                       c("0.3", "2010.25", "123456.5", "0.333333333333333"))
      expect_identical(label_of(c(NA, Inf, -Inf, NaN)), c("NA", "Inf", "-Inf", "NaN"))
    })
  }
  expect_identical(label_of(c(TRUE, NA)), c("TRUE", "NA"))
  expect_identical(label_of(factor(c("b", "a"))), c("b", "a"))
})

test_that("dates, moments, months and quarters are labels as R prints them", {
  expect_identical(label_of(as.Date(c("2010-01-01", NA))), c("2010-01-01", "NA"))
  expect_identical(label_of(as.POSIXct("2010-01-01 12:30:00", tz = "UTC")), "2010-01-01 12:30:00")
  skip_if_not_installed("zoo")
  expect_identical(label_of(zoo::as.yearqtr(2010.25)), "2010 Q2")
  expect_identical(label_of(zoo::as.yearmon(2010)), format(zoo::as.yearmon(2010)))
})

test_that("effects, singletons and units of whole numbers are named without exponent", {
  d <- fe_panel()
  d$code <- match(d$unit, sort(unique(d$unit))) * 100000
  for (type in c("double", "integer")) {
    storage.mode(d$code) <- type
    m <- fe_model(y ~ x1 | code, d)
    expect_identical(names(fixed_effects(m)$code), sprintf("%d00000", 1:12))
    expect_identical(nrow(merge(d, data.frame(code = as.numeric(names(fixed_effects(m)$code))))), nrow(d))
    expect_identical(fe_model(y ~ x1 | code, d[c(1, which(d$code != d$code[1])), ])$effects$singletons$code,
                     sprintf("%d", as.integer(d$code[1])))
    expect_identical(names(fixed_effects(fe_model(y ~ x1 | code^region, d))[[1]])[1],
                     paste0("100000_", d$region[d$code == 1e5][1]))
    index <- data_flow_index(transform(d, x1 = x1 + 5), "x1", code, year)
    expect_setequal(summary(index)$units$unit, sprintf("%d00000", 1:12))
    gap <- d[!(d$code == 5e5 & d$year == 2003), ]
    expect_error(hp_filter(gap, 6.25, column = x1, unit = code, time = year), "unit 500000, first after 2002")
    far <- transform(d, year = year * 100000)
    expect_error(hp_filter(far, 6.25, column = x1, unit = code, time = year), "first after 200100000.")
    expect_error(hp_filter(d[c(1, 1), ], 6.25, column = x1, unit = code, time = year),
                 paste0("has ", d$code[1] / 1e5, "00000 ", d$year[1], "."), fixed = TRUE)
  }
  skip_if_not_installed("ggplot2")
  shown <- ggplot2::autoplot(hp_filter(d, 6.25, column = x1, unit = code, time = year))$data
  expect_length(setdiff(shown$series, sprintf("%d00000", 1:12)), 0L)
})

test_that("levels of factor(code) in a formula are named without exponent, in the fit and in what follows", {
  d <- fe_panel()
  d$code <- match(d$region, sort(unique(d$region))) * 100000
  m <- fe_model(y ~ x1 + factor(code) | year, d)
  expect_identical(names(coef(m))[2:3], c("factor(code)200000", "factor(code)300000"))
  expect_relative(coef(m)[1], coef(lm(y ~ x1 + factor(region) + factor(year), d))["x1"])
  expect_relative(withr::with_options(list(scipen = -9), predict(m, d)), fitted(m))
})

test_that("months and quarters as effects are named as they print", {
  skip_if_not_installed("zoo")
  d <- fe_panel()
  d$quarter <- zoo::as.yearqtr(2010 + (d$year - 2001) / 4)
  m <- fe_model(y ~ x1 | quarter + unit, d)
  expect_identical(names(fixed_effects(m)$quarter), as.character(sort(unique(d$quarter))))
  expect_relative(coef(m), reference_fe(d, "y", "x1", c("year", "unit"))$coefficients)
  expect_relative(expect_no_condition_of(predict(m, d)), fitted(m))
})

test_that("counts, periods and values in messages have no exponent", {
  n <- 1e5
  d <- data.frame(u = rep(1:(n / 2), each = 2), t = rep(1:2, n / 2), x = sin(seq_len(n)), y = cos(seq_len(n)))
  expect_snapshot(error = TRUE, {
    fe_model(y ~ x, d, subset = c(TRUE, FALSE))
    fe_model(y ~ x, d, weights = 1:3)
    fe_model(y ~ x, d, weights = c(-1e5, rep(1, n - 1)))
    fe_model(y ~ x, transform(d, y = 1e5))
    hp_filter(1:3, lambda = -1e5)
    data_flow_index(d, "x", u, t, weights = c(x = -1e5))
    export_resilience(d, x, u, t, base = 1e5)
  })
  m <- fe_model(y ~ x, rbind(d, d[1:2, ]))
  expect_match(paste(capture.output(print(summary(m))), collapse = "\n"), "on 100000 degrees of freedom")
  withr::with_options(list(scipen = -10), {
    expect_match(paste(capture.output(print(m)), collapse = " "), "t(100000)", fixed = TRUE)
  })
  dates <- data.frame(u = rep(1:3, each = 3), t = as.Date("2010-01-01") + 0:2, x = c(1, 2, 4, 2, 5, 6, 3, 3, 9))
  expect_identical(summary(data_flow_index(dates, "x", u, t))$periods$period, paste0("2010-01-0", 1:3))
})

test_that("printed keys have all their digits beside rounded values", {
  d <- fe_panel()
  d$code <- match(d$unit, sort(unique(d$unit))) * 100000
  printed <- capture.output(print(data_flow_index(d, "x2", code, year, method = "equal")))
  hp <- capture.output(print(hp_filter(d, 6.25, column = x2, unit = code, time = year)))
  expect_match(hp[4], sprintf("^ *%d %d ", as.integer(d$code[1]), d$year[1]))
  expect_false(any(grepl("e+05", c(printed, hp), fixed = TRUE)))
})
