test_that("three and four values by hand", {
  expect_within(hp_filter(c(1, 5, 3), 2)$cycle, -12 / 13 * c(1, -2, 1), tolerance_exact)
  expect_within(hp_filter(c(1, 0, 0, 0), 1)$cycle, c(7, -10, -1, 4) / 33, tolerance_exact)
  expect_identical(hp_filter(c(1, 9), 6.25)$cycle, c(0, 0))
  expect_identical(hp_filter(3, 6.25)$trend, 3)
})

test_that("the dense definition gives the same", {
  set.seed(1)
  for (n in c(3, 4, 5, 15, 60)) {
    y <- cumsum(rnorm(n)) + 10
    for (lambda in c(0, 0.1, 6.25, 100, 1600)) {
      h <- hp_filter(y, lambda)
      expect_within(h$trend, reference_hp_trend(y, lambda), 1e-11)
      expect_within(h$trend + h$cycle, y, tolerance_exact)
    }
  }
})

test_that("Stata's cycle and trend of US real GDP come out to six decimals", {
  gdp <- read_oracle("hp_stata_realgdp.csv")
  expect_identical(nrow(gdp), 203L)
  h <- hp_filter(gdp$realgdp, 1600)
  expect_within(h$cycle, gdp$cycle_stata, tolerance_stata)
  expect_within(h$trend, gdp$trend_stata, tolerance_stata)
})

test_that("bHP's trend of Ireland comes out", {
  ire <- read_oracle("hp_bhp_ireland.csv")
  expect_within(hp_filter(ire$ire, 100)$trend, ire$hp_trend, tolerance_oracle)
})

test_that("limits: lambda 0 is the series, lambda to infinity the straight line; constants and lines", {
  set.seed(2)
  y <- cumsum(rnorm(40))
  expect_identical(hp_filter(y, 0)$trend, y)
  expect_within(hp_filter(y, 1e12)$trend, fitted(lm(y ~ seq_along(y))), 1e-6)
  expect_identical(hp_filter(rep(0.1, 30), 1600)$cycle, numeric(30))
  expect_identical(hp_filter(1:30, 6.25)$cycle, numeric(30))
})

test_that("identities: sums, scale, line, reversed time", {
  set.seed(3)
  y <- rnorm(50)
  c <- hp_filter(y, 100)$cycle
  expect_within(sum(c), 0, 1e-11)
  expect_within(sum(c * seq_along(c)), 0, 1e-9)
  expect_within(hp_filter(3 * y + 7 + 2 * seq_along(y), 100)$cycle, 3 * c, 1e-11)
  expect_within(rev(hp_filter(rev(y), 100)$cycle), c, tolerance_exact)
})

test_that("a large lambda on a long series keeps its digits", {
  set.seed(4)
  y <- cumsum(rnorm(12000))
  c <- hp_filter(y, 1e8)$cycle
  # c = lambda K'K trend, checked where it does not cancel: twice integrated
  d2 <- diff(y - c, differences = 2)
  expect_within(cumsum(cumsum(c))[seq_len(11998)] / 1e8, d2, 1e-9)
})

test_that("columns of a matrix are series, each as alone; attributes stay", {
  set.seed(5)
  m <- matrix(rnorm(15 * 21), 15, dimnames = list(NULL, paste0("s", 1:21)))
  h <- hp_filter(m, 6.25)
  expect_identical(h$n_series, 21L)
  expect_identical(dimnames(h$cycle), dimnames(m))
  for (j in c(1, 8, 17, 21)) expect_within(h$cycle[, j], hp_filter(m[, j], 6.25)$cycle, tolerance_exact)
  t <- ts(m[, 1], start = c(2000, 1), frequency = 4)
  expect_identical(tsp(hp_filter(t, 1600)$trend), tsp(t))
  expect_s3_class(hp_filter(t, 1600)$cycle, "ts")
  expect_identical(names(hp_filter(c(a = 1, b = 4, c = 2), 1)$trend), c("a", "b", "c"))
  expect_s3_class(hp_filter(ts(m), 6.25)$trend, "mts")
  one <- withr::with_options(list(flowresil.threads = 1), hp_filter(m, 6.25))
  expect_identical(withr::with_options(list(flowresil.threads = 2), hp_filter(m, 6.25)), one)
})

test_that("units of a panel, ragged and in any order, are filtered one by one", {
  d <- small_panel()
  d <- d[!(d$prov == "B" & d$yr > 2012) & !(d$prov == "D" & d$yr < 2015), ]
  h <- hp_filter(d, 6.25, column = ex, unit = prov, time = yr)
  for (p in unique(d$prov)) {
    r <- which(d$prov == p)
    r <- r[order(d$yr[r])]
    expect_within(h$cycle[r], hp_filter(d$ex[r], 6.25)$cycle, tolerance_exact)
  }
  table <- as.data.frame(h)
  expect_named(table, c("prov", "yr", "ex", "trend", "cycle"))
  expect_identical(table$prov, d$prov)
  expect_identical(h, hp_filter(d, 6.25, "ex", "prov", "yr"))
})

test_that("print, tidy, glance, fitted, residuals and plots", {
  h <- hp_filter(c(1, 5, 3, 8), 6.25)
  expect_snapshot(print(h))
  expect_named(tidy(h), c("time", "value", "trend", "cycle"))
  expect_identical(glance(h)$nobs, 4L)
  expect_identical(fitted(h), h$trend)
  expect_identical(residuals(h), h$cycle)
  d <- small_panel()
  p <- hp_filter(d, 6.25, column = ex, unit = prov, time = yr)
  expect_lte(length(capture.output(print(p))), 15L)
  m <- hp_filter(matrix(rnorm(40), 10), 6.25)
  expect_named(tidy(m), c("series", "time", "value", "trend", "cycle"))
  skip_if_not_installed("ggplot2")
  for (x in list(h, p, m)) expect_s3_class(ggplot2::autoplot(x), "ggplot")
})

test_that("bad input is refused by class", {
  y <- c(1, 4, 2, 7)
  expect_error(hp_filter(y), class = "flowresil_error_missing_argument")
  expect_error(hp_filter(lambda = 1), class = "flowresil_error_missing_argument")
  expect_error(hp_filter(y, -1), class = "flowresil_error_number")
  expect_error(hp_filter(y, NA), class = "flowresil_error_number")
  expect_error(hp_filter(y, Inf), class = "flowresil_error_number")
  expect_error(hp_filter(y, c(1, 2)), class = "flowresil_error_number")
  expect_error(hp_filter(y, "6.25"), class = "flowresil_error_number")
  expect_error(hp_filter(y, NULL), class = "flowresil_error_number")
  expect_error(hp_filter(letters, 1), class = "flowresil_error_type")
  expect_error(hp_filter(factor(y), 1), class = "flowresil_error_type")
  expect_error(hp_filter(list(1, 2), 1), class = "flowresil_error_type")
  expect_error(hp_filter(NULL, 1), class = "flowresil_error_type")
  expect_error(hp_filter(matrix("a", 2, 2), 1), class = "flowresil_error_type")
  expect_error(hp_filter(numeric(), 1), class = "flowresil_error_empty")
  expect_error(hp_filter(replace(y, 2, NA), 1), class = "flowresil_error_missing_value")
  expect_error(hp_filter(replace(y, 2, NaN), 1), class = "flowresil_error_missing_value")
  expect_error(hp_filter(replace(y, 2, -Inf), 1), class = "flowresil_error_infinite")
  expect_error(hp_filter(y, 1, freq = 4), class = "flowresil_error_argument")
  d <- small_panel()
  panel <- function(data, ...) hp_filter(data, 6.25, column = ex, unit = prov, time = yr, ...)
  expect_error(panel(d[!(d$prov %in% c("A", "C") & d$yr == 2010), ]), class = "flowresil_error_gap")
  expect_error(panel(transform(d, ex = replace(ex, 3, NA))), class = "flowresil_error_missing_value")
  expect_error(panel(transform(d, ex = replace(ex, 3, Inf))), class = "flowresil_error_infinite")
  expect_error(panel(rbind(d, d[1, ])), class = "flowresil_error_duplicate_rows")
  expect_error(panel(d, freq = 1), class = "flowresil_error_argument")
  expect_error(hp_filter(d, 6.25), class = "flowresil_error_missing_argument")
})

test_that("the texts of errors say what, where and what to do", {
  y <- c(1, 4, 2, 7)
  expect_snapshot(error = TRUE, hp_filter(y))
  expect_snapshot(error = TRUE, hp_filter(y, -1))
  expect_snapshot(error = TRUE, hp_filter(y, c(1, 2)))
  expect_snapshot(error = TRUE, hp_filter(replace(y, 2, NA), 1))
  expect_snapshot(error = TRUE, hp_filter(cbind(y, replace(y, 2, NA)), 1))
  d <- small_panel()
  gap <- d[!(d$prov %in% c("A", "C") & d$yr == 2010), ]
  expect_snapshot(error = TRUE, hp_filter(gap, 6.25, column = ex, unit = prov, time = yr))
})
