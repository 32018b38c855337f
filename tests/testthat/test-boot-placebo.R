# placebo_test(): refits with swapped series.

test_that("draws are refits with whole series swapped; few units are enumerated", {
  d <- fe_panel()
  d <- d[d$unit %in% sprintf("u%02d", 1:4), ]
  m <- fe_model(y ~ x1 + x2 | unit + year, d, weights = w)
  found <- placebo_test(m, "x1", unit = unit)
  expect_true(found$enumerated)
  expect_identical(found$R, 24L)
  units <- sort(unique(d$unit))
  orders <- flowresil:::all_orders(4)
  expect_identical(nrow(unique(orders)), 24L)
  draws <- apply(orders, 1L, function(order) {
    donor <- units[order][match(d$unit, units)]
    s <- transform(d, x1 = d$x1[match(paste(donor, year), paste(d$unit, d$year))])
    coef(fe_model(y ~ x1 + x2 | unit + year, s, weights = w))[["x1"]]
  })
  expect_relative(found$draws, draws, 1e-9)
  expect_identical(found$p.value, mean(abs(draws) >= abs(coef(m)[["x1"]]) * (1 - 1e-10)))
  expect_identical(tidy(found), data.frame(term = "x1", estimate = coef(m)[["x1"]], p.value = found$p.value))
  expect_true(is.na(found$seed))
})

test_that("drawn orders repeat by seed, and count the sample", {
  d <- fe_panel()
  m <- fe_model(y ~ x1 + x2 | unit + year, d)
  one <- placebo_test(m, "x1", unit = "unit", R = 99, seed = 5)
  expect_identical(placebo_test(m, "x1", unit = unit, R = 99, seed = 5), one)
  expect_identical(one$p.value, (1 + sum(abs(one$draws) >= abs(one$estimate) * (1 - 1e-10))) / 100)
  set.seed(2)
  a <- placebo_test(m, "x1", unit = unit, R = 9)
  set.seed(2)
  expect_identical(placebo_test(m, "x1", unit = unit, R = 9), a)
  expect_snapshot({
    print(one)
    print(placebo_test(fe_model(y ~ x1 | unit + year, d[d$unit < "u04", ]), "x1", unit = unit))
  })
})

test_that("a series that is no longer identified does not count", {
  d <- fe_panel()
  d <- d[d$unit %in% sprintf("u%02d", 1:4), ]
  d$flag <- as.numeric(d$unit == "u01" & d$year > 2004)
  d$mark <- as.numeric(d$unit == "u02" & d$year > 2004)
  m <- fe_model(y ~ flag + mark | unit + year, d)
  found <- placebo_test(m, "flag", unit = unit)
  expect_identical(sum(is.na(found$draws)), 6L)
  expect_identical(found$p.value, mean(abs(found$draws) >= abs(coef(m)[["flag"]]) * (1 - 1e-10), na.rm = TRUE))
  expect_output(print(found), "6 draws not identified")
})

test_that("a picture shows the draws and the estimate", {
  skip_if_not_installed("ggplot2")
  p <- ggplot2::autoplot(placebo_test(fe_model(y ~ x1 | unit + year, fe_panel()), "x1", unit = unit, R = 49, seed = 1))
  expect_s3_class(p, "ggplot")
  expect_identical(nrow(p$data), 49L)
})

test_that("bad requests are refused", {
  d <- fe_panel()
  m <- fe_model(y ~ x1 + x2 | unit + year, d)
  holes <- fe_model(y ~ x1 | unit + year, d[-3, ])
  expect_refused(placebo_test(m, unit = unit), "term")
  expect_refused(placebo_test(m, "nope", unit = unit), "term")
  expect_refused(placebo_test(m, "x1"), "missing_argument")
  expect_refused(placebo_test(holes, "x1", unit = unit), "gap")
  expect_refused(placebo_test(m, "x1", unit = unit, R = 0), "number")
  expect_snapshot(error = TRUE, placebo_test(m, unit = unit))
  expect_snapshot(error = TRUE, placebo_test(m, "nope", unit = unit))
  expect_snapshot(error = TRUE, placebo_test(m, "x1"))
  expect_snapshot(error = TRUE, placebo_test(holes, "x1", unit = unit))
  expect_snapshot(error = TRUE, placebo_test(fe_model(y ~ x1 | unit + year, d[-c(3, 4), ]), "x1", unit = unit))
})
