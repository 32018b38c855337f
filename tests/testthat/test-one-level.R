d <- fe_panel("balanced")
east <- d[d$region == "east", ]
fit <- function(...) quietly(suppressWarnings(fe_model(...)))

test_that("a factor with one level in the rows used is dropped as constant, like a constant number", {
  kinds <- list(east$region, factor(east$region), ordered(east$region), factor(east$region, c("east", "west")))
  for (one in kinds) {
    east$r <- one
    m <- fit(y ~ x1 + x2 + r | year, east)
    expect_relative(coef(m), coef(fe_model(y ~ x1 + x2 | year, east)), tolerance_exact)
    expect_identical(m$dropped$term, "r")
    expect_identical(m$dropped$detail, "constant")
    expect_relative(coef(fit(y ~ x1 + r, east)), coef(lm(y ~ x1, east)))
  }
  constant <- suppressWarnings(fe_model(y ~ x1 + k | year, transform(east, k = 1)))
  expect_identical(fit(y ~ x1 + k | year, transform(east, k = "one"))$dropped, constant$dropped)
  warning <- rlang::catch_cnd(fe_model(y ~ x1 + region | year, east), "flowresil_warning")
  expect_s3_class(warning, "flowresil_warning_collinear")
  expect_snapshot(m <- fe_model(y ~ x1 + region | year, east))
})

test_that("a level lost by missing values or by the subset counts no longer", {
  expect_identical(fit(y ~ x1 + region | year, d, subset = region == "east")$dropped$term, "region")
  lost <- transform(d, x1 = ifelse(region == "east", x1, NA))
  expect_identical(fit(y ~ x1 + region | year, lost)$dropped$term, "region")
})

test_that("in an interaction it leaves the other variable", {
  alone <- coef(lm(y ~ x1 + factor(year), east))["x1"]
  m <- fit(y ~ x1:region | year, east)
  expect_identical(names(coef(m)), "x1:regioneast")
  expect_relative(coef(m), alone)
  m <- fit(y ~ x1 * region | year, east)
  expect_identical(names(coef(m)), "x1")
  expect_relative(coef(m), alone)
  expect_setequal(m$dropped$term, c("region", "x1:region"))
  g <- factor(east$group)
  m <- fit(y ~ x1 + region:factor(group) | unit, east)
  by_hand <- coef(lm(y ~ x1 + unit + g, east))["x1"]
  expect_relative(coef(m)["x1"], by_hand)
  m <- fit(y ~ x1 + region * factor(group) | unit, east)
  expect_relative(coef(m)["x1"], by_hand)
  expect_relative(predict(m, east), fitted(m))
  expect_relative(predict(fit(y ~ x1 * region + x2, east), east), fitted(lm(y ~ x1 + x2, east)))
})

test_that("a sub-sample of a comparison drops it and the others keep it", {
  m <- suppressWarnings(fe_compare(y ~ x1 + x2 + region | year, d,
                                   subsets = list(all = TRUE, east = region == "east")))
  expect_identical(names(coef(m$all)), c("x1", "x2", "regionmiddle", "regionwest"))
  expect_relative(coef(m$east), coef(lm(y ~ x1 + x2 + factor(year), east))[c("x1", "x2")])
})

test_that("factors without a complete row are the missing rows that they are", {
  expect_refused(fe_model(y ~ x1 + k | year, transform(d, k = NA_character_)), "empty")
})
