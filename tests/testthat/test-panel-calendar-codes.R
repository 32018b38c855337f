# Whole numbers that are codes of dates.

fill <- function(m, x = replace(seq_along(m), 2, NA)) interpolate_panel(data.frame(u = 1, m = m, x = x), x, u, m)
fill_units <- function(m) {
  x <- replace(as.double(seq_along(m)), length(m), NA)
  interpolate_panel(data.frame(u = cumsum(duplicated(m)), m = m, x = x), x, u, m)
}
expect_code_warning <- function(code) expect_warning(quietly(code), class = "flowresil_warning_calendar_code")

codes <- list(
  month = c(201911, 201912, 202001), quarter = c(20193, 20194, 20201), day = c(20191230, 20191231, 20200101),
  december = c(201012, 201112, 201212), leap = c(20200228, 20200229, 20200301),
  one_year = c(202003, 202004, 202005), quarters = c(20191, 20192, 20193), days = c(20200101, 20200102, 20200103)
)

test_that("codes of months, quarters and days warn where steps matter, and the conversion counts right", {
  for (m in codes) {
    warning <- rlang::catch_cnd(quietly(fill(m)), "flowresil_warning_calendar_code")
    advice <- sub("^.*Convert [^`]*`([^\n]*)`\\..*$", "\\1", conditionMessage(warning))
    dates <- eval(parse(text = advice), list(m = m))
    expect_identical(quietly(fill(dates))$x, c(1, 2, 3))
    expect_identical(eval(parse(text = advice), list(m = as.integer(m))), dates)
    expect_identical(eval(parse(text = advice), list(m = factor(m))), dates)
  }
  expect_code_warning(fill(factor(codes$month)))
  expect_code_warning(fill(as.integer(codes$month)))
  if (requireNamespace("bit64", quietly = TRUE)) expect_code_warning(fill(bit64::as.integer64(codes$month)))
  expect_snapshot({
    f <- fill(codes$month)
    f <- fill(codes$quarter)
    f <- fill(codes$day)
    f <- fill(codes$quarters)
  })
})

test_that("lags, comparison, mediation and filter warn, once a call", {
  d <- fe_panel("balanced")
  d$m <- c(201909:201912, 202001:202004)[d$year - 2000]
  count <- function(code) {
    n <- 0
    withCallingHandlers(quietly(code), flowresil_warning_calendar_code = function(w) {
      n <<- n + 1
      invokeRestart("muffleWarning")
    })
    n
  }
  expect_equal(count(m <- fe_model(y ~ l(x1, 1) | unit + m, d)), 1)
  expect_equal(count(suppressWarnings(predict(m, d), classes = "flowresil_warning_unseen_level")), 0)
  expect_equal(count(fe_compare(y ~ x1 | unit + m, d, lags = 0:2)), 1)
  expect_equal(count(fe_mediation(y ~ l(x1, 1) | unit + m, d, mediators = x2)), 1)
  d$e <- exp(d$x1)
  expect_equal(count(try(hp_filter(d, 1, column = e, unit = unit, time = m), silent = TRUE)), 1)
  expect_equal(count(try(export_resilience(d, e, unit, m, "hp"), silent = TRUE)), 1)
  # nothing goes by steps
  expect_equal(count(fe_model(y ~ x1 | unit + m, d)), 0)
  expect_equal(count(export_resilience(d, e, unit, m, base = 201912)), 0)
  expect_equal(count(data_flow_index(d, c("x1", "x2"), unit, m, scope = "period")), 0)
  expect_equal(count(interpolate_panel(d, e, unit, m)), 0)
  expect_snapshot(error = TRUE, suppressWarnings(hp_filter(d, 1, column = e, unit = unit, time = m)))
})

test_that("other numbers do not warn", {
  for (m in list(
    2010:2012, 1:3, c(201911, 201912, 201913), c(201900, 201901, 202001), c(149911, 149912, 150001),
    c(20193, 20195, 20201), c(15001, 15002, 15005), c(20190230, 20190301, 20190302), c(100, 200, 300),
    -codes$month, c(202001, 202001), c(20193, 20193), 20200101,
    c(14610, 14611, 14612), 201911, as.Date("2010-01-01") + 0:2,
    as.Date(c(18264, 18271, 18273), origin = "1970-01-01")
  )) {
    expect_no_condition_of(quietly(fill_units(m)))
  }
})
