quietly <- function(...) suppressMessages(export_resilience(...))

test_that("base by hand: 120 after 100 is .2, 80 after 100 is -.2; base rows are dropped and said", {
  d <- data.frame(city = "A", year = c(2010, 2008, 2009), sales = c(80, 100, 120))
  expect_message(r <- export_resilience(d, sales, city, year), class = "flowresil_message_base_rows")
  expect_within(r$resilience$resilience, c(-.2, .2), tolerance_exact)
  expect_identical(as.data.frame(r)[c("city", "year")], data.frame(city = "A", year = c(2010, 2009)))
  expect_identical(r$rows, c(1L, 3L))
  expect_identical(r$counts[["base_rows"]], 1L)
  expect_snapshot(r <- export_resilience(d, sales, city, year))
})

test_that("the shipped ExpRes is the base measure", {
  r <- quietly(province_panel, exports, province, year)
  later <- province_panel[province_panel$year != 2008, ]
  expect_identical(r$resilience$province, later$province)
  known <- !is.na(later$ExpRes)
  expect_within(r$resilience$resilience[known], later$ExpRes[known], tolerance_exact)
  expect_identical(is.na(r$resilience$resilience), !known)
  expect_identical(r$counts[["missing"]], sum(!known))
})

test_that("a base that is missing, zero, negative or absent gives NA and a warning that names the unit", {
  d <- data.frame(u = rep(c("ok", "na", "zero", "neg", "gone"), each = 2), t = rep(2008:2009, 5),
                  x = c(10, 20, NA, 5, 0, 5, -3, 5, 1, 5))
  d <- d[!(d$u == "gone" & d$t == 2008), ]
  expect_warning(r <- quietly(d, x, u, t), class = "flowresil_warning_base")
  expect_identical(r$resilience$resilience, c(1, NA, NA, NA, NA))
  expect_setequal(r$unusable, c("na", "zero", "neg", "gone"))
  expect_identical(r$counts[["no_base"]], 4L)
  expect_snapshot(r <- quietly(d, x, u, t))
})

test_that("hp by hand: ratio of trend and cycle of the log, as hp_filter() gives them", {
  d <- small_panel()
  r <- quietly(d, ex, prov, yr, method = "hp")
  for (p in unique(d$prov)) {
    o <- which(d$prov == p)
    o <- o[order(d$yr[o])]
    trend <- reference_hp_trend(log(d$ex[o]), 6.25)
    cycle <- log(d$ex[o]) - trend
    expect_within(r$resilience$trend[o], trend, 1e-11)
    expect_within(r$resilience$resilience[o] / (trend / cycle), rep(1, 10), 1e-9)
  }
  expect_identical(r$resilience$prov, d$prov)
  expect_identical(r$counts[["negative"]], sum(r$resilience$resilience < 0))
  expect_within(tapply(r$resilience$cycle, d$prov, sum), rep(0, 5), 1e-11)
})

test_that("the official figures: 189 of 420 ratios are negative", {
  sample <- province_panel[province_panel$year %in% 2009:2022, ]
  r <- quietly(sample, exports, province, year, method = "hp")
  expect_identical(r$counts[["negative"]], 189L)
  expect_identical(r$counts[["rows"]], 420L)
  expect_identical(r$counts[["undefined"]], 0L)
})

test_that("each transform is what its formula says, and scale enters it", {
  d <- small_panel()
  run <- function(transform, scale = 100) {
    quietly(d, ex, prov, yr, method = "hp", transform = transform, scale = scale)$resilience$resilience
  }
  ratio <- run("none")
  expect_identical(run("none", scale = 7), ratio)
  expect_within(run("log_abs"), log(100 * abs(ratio)), tolerance_exact)
  expect_within(run("log_abs", 10), log(10 * abs(ratio)), tolerance_exact)
  positive <- run("log_positive")
  expect_identical(is.na(positive), ratio <= 0)
  expect_within(positive[ratio > 0], log(100 * ratio[ratio > 0]), tolerance_exact)
  expect_within(run("signed_log"), sign(ratio) * log(1 + 100 * abs(ratio)), tolerance_exact)
  expect_within(run("asinh"), asinh(100 * ratio), tolerance_exact)
  expect_message(export_resilience(d, ex, prov, yr, method = "hp", transform = "log_positive"),
                 class = "flowresil_message_undefined")
})

test_that("a cycle of zero, exact or by rounding, has no ratio", {
  d <- data.frame(u = rep(c("flat", "growth", "short", "moves"), c(5, 5, 2, 5)),
                  t = c(1:5, 1:5, 1:2, 1:5),
                  x = c(rep(7, 5), 3 * 1.1^(1:5), 2, 9, 1, 3, 2, 5, 4))
  expect_warning(r <- quietly(d, x, u, t, method = "hp"), class = "flowresil_warning_zero_cycle")
  expect_identical(is.na(r$resilience$resilience), d$u != "moves")
  expect_setequal(r$unusable, c("flat", "growth", "short"))
  expect_identical(r$counts[["zero_cycle"]], 12L)
  expect_warning(r <- quietly(d[d$u == "moves", ], x, u, t, method = "hp", lambda = 0),
                 class = "flowresil_warning_zero_cycle")
  expect_true(all(is.na(r$resilience$resilience)))
})

test_that("near-zero cycles are counted at .001", {
  d <- data.frame(u = 1, t = 1:9, x = exp(c(1, 1.02, .99, 1.01, 1, 1, 1, 1.0005, 1)))
  r <- quietly(d, x, u, t, method = "hp")
  expect_identical(r$counts[["near_zero"]], sum(abs(r$resilience$cycle) < 1e-3))
  expect_gt(r$counts[["near_zero"]], 0L)
})

test_that("names, kinds of data frames and the order of rows", {
  d <- small_panel()
  r <- quietly(d, ex, prov, yr)$resilience
  expect_identical(quietly(d, "ex", "prov", "yr")$resilience, r)
  wrap <- function(data, what) quietly(data, what, "prov", "yr")$resilience
  expect_identical(wrap(d, "ex"), r)
  other <- quietly(d[order(d$prov, -d$yr), ], ex, prov, yr)$resilience
  both <- merge(r, other, by = c("prov", "yr"))
  expect_identical(nrow(both), 45L)
  expect_identical(both$resilience.x, both$resilience.y)
  skip_if_not_installed("tibble")
  skip_if_not_installed("plm")
  skip_if_not_installed("data.table")
  expect_identical(quietly(tibble::as_tibble(d), ex, prov, yr)$resilience, r)
  expect_identical(quietly(data.table::as.data.table(d), ex, prov, yr)$resilience, r)
  p <- quietly(plm::pdata.frame(d, index = c("prov", "yr")), ex, prov, yr)$resilience
  expect_s3_class(p$yr, "factor")
  expect_within(p$resilience, r$resilience[order(r$prov, r$yr)], tolerance_exact)
})

test_that("print, summary, tidy, glance and plots", {
  d <- small_panel()
  base <- quietly(d, ex, prov, yr)
  hp <- quietly(d, ex, prov, yr, method = "hp", transform = "log_abs")
  expect_snapshot(print(base))
  expect_snapshot(print(hp))
  expect_snapshot(print(summary(hp)))
  expect_lte(length(capture.output(print(hp))), 15L)
  expect_identical(tidy(hp), as.data.frame(hp))
  expect_identical(glance(base)$nobs, 45L)
  expect_identical(glance(hp)$lambda, 6.25)
  expect_identical(summary(base)$periods$n, rep(5L, 9))
  skip_if_not_installed("ggplot2")
  expect_s3_class(ggplot2::autoplot(base), "ggplot")
  expect_s3_class(ggplot2::ggplot_build(ggplot2::autoplot(hp)), "ggplot_built")
})

test_that("bad input is refused by class", {
  d <- small_panel()
  run <- function(data = d, ...) quietly(data, ex, prov, yr, ...)
  expect_error(export_resilience(), class = "flowresil_error_missing_argument")
  expect_error(run(base = 1999), class = "flowresil_error_base_absent")
  expect_error(run(base = c(2008, 2009)), class = "flowresil_error_number")
  expect_error(run(base = NA), class = "flowresil_error_number")
  expect_error(run(base = 2008.5), class = "flowresil_error_number")
  expect_error(run(d[d$yr == 2008, ]), class = "flowresil_error_empty")
  expect_error(run(d[0, ]), class = "flowresil_error_empty")
  expect_error(run(transform = "log_abs"), class = "flowresil_error_argument")
  expect_error(run(method = "bk"), class = "flowresil_error_choice")
  expect_error(run(method = "hp", transform = "log"), class = "flowresil_error_choice")
  expect_error(run(method = "hp", scale = 0), class = "flowresil_error_number")
  expect_error(run(method = "hp", lambda = -1), class = "flowresil_error_number")
  expect_error(run(method = "hp", lambda = c(1, 2)), class = "flowresil_error_number")
  expect_error(run(method = "hp", lambda = NA_real_), class = "flowresil_error_number")
  expect_error(run(method = "hp", lambda = Inf), class = "flowresil_error_number")
  expect_error(run(transform(d, ex = replace(ex, 1, 0)), method = "hp"),
               class = "flowresil_error_non_positive")
  expect_error(run(transform(d, ex = replace(ex, 1, NA)), method = "hp"),
               class = "flowresil_error_missing_value")
  expect_error(run(transform(d, ex = replace(ex, 1, Inf))), class = "flowresil_error_infinite")
  expect_error(run(d[!(d$prov == "A" & d$yr == 2010), ], method = "hp"), class = "flowresil_error_gap")
  expect_error(run(rbind(d, d[1, ])), class = "flowresil_error_duplicate_rows")
  expect_error(run(transform(d, ex = as.character(ex))), class = "flowresil_error_type")
  expect_error(run(lamda = 1), class = "flowresil_error_argument")
  expect_error(export_resilience(d, c(ex, a), prov, yr), class = "flowresil_error_ambiguous_column")
  expect_error(export_resilience(d, nope, prov, yr), class = "flowresil_error_missing_column")
  taken <- setNames(d, sub("yr", "trend", names(d)))
  expect_error(export_resilience(taken, ex, prov, trend, method = "hp"),
               class = "flowresil_error_ambiguous_column")
})

test_that("the texts of errors say what, where and what to do", {
  d <- small_panel()
  expect_snapshot(error = TRUE, export_resilience(d, ex, prov, yr, base = 1999))
  expect_snapshot(error = TRUE, export_resilience(transform(d, ex = ex - 1.2), ex, prov, yr, method = "hp"))
  expect_snapshot(error = TRUE, export_resilience(transform(d, ex = replace(ex, 1:2, NA)), ex, prov, yr,
                                                  method = "hp"))
  expect_snapshot(error = TRUE, export_resilience(d, ex, prov, yr, transform = "asinh"))
  expect_snapshot(error = TRUE, export_resilience(d, ex, prov, yr, base = "2008"))
})
