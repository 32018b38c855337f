d <- fe_panel("balanced")
refused <- function(formula, fault = "formula", ...) expect_refused(fe_model(formula, d, ...), fault)

test_that("functions that shift rows are refused with the words for lags, wherever they are called", {
  for (term in c(
    "lag(x1)", "lag(x1, 2)", "lead(x1)", "diff(x1)", "shift(x1, 1)", "L(x1)", "L(x1, 1:2)", "F(x1)", "D(x1)",
    "dplyr::lag(x1)", "dplyr::lead(x1, 2)", "stats::lag(x1)", "plm::lag(x1)", "data.table::shift(x1)", "log(lag(w))",
    "x2:lag(x1)", "I(x1 - lag(x1))", "I(dplyr::lag(x1)^2)"
  )) {
    refused(as.formula(paste("y ~ x2 +", term, "| unit + year")))
    refused(as.formula(paste(term, "~ x2 | unit + year")))
  }
  lag <- function(x) x
  refused(y ~ lag(x1) | unit)
  expect_snapshot(error = TRUE, {
    fe_model(y ~ lag(x1) + x2 | unit + year, d)
    fe_model(y ~ dplyr::lead(log(w), 2) | unit + year, d)
    fe_model(diff(y) ~ x1 | unit + year, d)
    fe_model(y ~ L(x1, 1:2) | unit + year, d)
  })
})

test_that("a pdata.frame's own lag() is refused too", {
  skip_if_not_installed("plm")
  p <- plm::pdata.frame(d, c("unit", "year"))
  expect_refused(fe_model(y ~ lag(x1) | unit + year, p), "formula")
})

test_that("columns may have these names, and l(), f() and d() of them", {
  named <- d
  for (name in c("lag", "lead", "diff", "shift", "L", "F", "D")) named[[name]] <- d$x1
  for (name in c("lag", "lead", "diff", "shift", "L", "F", "D")) {
    m <- fe_model(as.formula(paste("y ~", name, "| unit")), named)
    expect_identical(unname(coef(m)), unname(coef(fe_model(y ~ x1 | unit, d))))
    m <- quietly(fe_model(as.formula(paste0("y ~ l(", name, ") | unit + year")), named))
    expect_identical(unname(coef(m)), unname(coef(quietly(fe_model(y ~ l(x1) | unit + year, d)))))
  }
})

test_that("Stata's L.x, F2.x and D.x are told what to write, unless a column is called so", {
  for (term in c("L.x1", "L2.x1", "F.x1", "F3.x1", "D.x1", "l.x1")) {
    refused(as.formula(paste("y ~", term, "| unit + year")))
  }
  named <- transform(d, L.x1 = x2)
  expect_identical(unname(coef(fe_model(y ~ L.x1 | unit, named))), unname(coef(fe_model(y ~ x2 | unit, d))))
  refused(y ~ L.nosuch | unit, "missing_column")
  expect_snapshot(error = TRUE, fe_model(y ~ L2.x1 + D.x2 | unit + year, d))
})

test_that("the outcome is no regressor of its own", {
  for (formula in list(
    y ~ y + x1 | unit, y ~ x1 + y, y ~ x1 * y | unit, y ~ x1:y | unit, log(w) ~ log(w) + x1 | unit,
    y ~ I(y) + x1 | unit, y ~ (x1 + y) | unit, y ~ l(y, 0:1) | unit + year, y ~ . + y | unit,
    y ~ x1 + (y) | unit, y ~ y | unit
  )) {
    refused(formula, "outcome_twice")
  }
  d[["net y"]] <- d$y
  expect_refused(fe_model(`net y` ~ `net y` + x1 | unit, d), "outcome_twice")
  expect_refused(fe_compare(y ~ x1 | unit, d, outcomes = c(y, x1)), "model")
  for (formula in list(
    y ~ l(y, 1) | unit + year, y ~ log(exp(y)) + x1 | unit, log(w) ~ w + x1 | unit, y ~ x1 + y - y | unit,
    y ~ d(y) + x1 | unit + year
  )) {
    expect_s3_class(quietly(suppressWarnings(fe_model(formula, d[setdiff(names(d), "net y")]))), "fe_model")
  }
  expect_false("y" %in% names(coef(quietly(suppressWarnings(fe_model(y ~ . | unit, d[c("y", "x1", "w", "unit")]))))))
  expect_snapshot(error = TRUE, {
    fe_model(y ~ x1 + y | unit, d)
    fe_model(log(w) ~ x1 + log(w) | unit, d)
    fe_model(`net y` ~ `net y` + x1 | unit, d)
  })
})

test_that("what other programs write is refused by name, with what to write here", {
  for (formula in list(
    y ~ x1 | unit[year], y ~ x1 | unit[[year]], y ~ x1 | factor(year), y ~ x1 | 0, y ~ x1 | 1, y ~ x1 | unit:year,
    y ~ x1 | unit * year, y ~ x1 | interaction(unit, year), y ~ x1 | floor(year / 2), y ~ csw(x1, x2) | unit,
    y ~ sw0(x1, x2) | unit, y ~ .[x1] | unit, y ~ x1 | csw0(unit, year), y ~ i(group, x1) | unit,
    y ~ fixest::i(group) | unit,
    y ~ x1 || unit, y ~ x1 + (1 | unit), y | x1 ~ unit, y ~ x1 | "unit", y ~ x1 | c(unit, year), y ~ x1 | unit - year,
    list(y, w) ~ x1, y ~ x1 + offset(x2) | unit, c(y, w) ~ x1 | unit, cbind(y, w) ~ x1
  )) {
    refused(formula)
  }
  expect_snapshot(error = TRUE, {
    fe_model(y ~ x1 | unit[year], d)
    fe_model(y ~ x1 | factor(year), d)
    fe_model(y ~ x1 | 0, d)
    fe_model(y ~ x1 | unit:year, d)
    fe_model(y ~ x1 | floor(year / 2), d)
    fe_model(y ~ x1 | csw0(unit, year), d)
    fe_model(y ~ x1 | "unit", d)
    fe_model(y ~ x1 | c(unit, year), d)
    fe_model(y ~ x1 | unit - year, d)
    fe_model(y ~ x1 + (1 | unit), d)
    fe_model(y ~ csw(x1, x2) | unit, d)
    fe_model(y ~ .[c("x1", "x2")] | unit, d)
    fe_model(y ~ i(group, x1) | unit, d)
    fe_model(y ~ offset(x2) | unit, d)
    fe_model(cbind(y, w) ~ x1 | unit, d)
  })
})

test_that("a bar inside a call is R's or", {
  d$either <- as.numeric(d$x1 > 0 | d$x2 > 0)
  m <- fe_model(y ~ I(x1 > 0 | x2 > 0) | unit, d)
  expect_relative(coef(m), coef(fe_model(y ~ either | unit, d)), tolerance_exact)
})

test_that("what is told instead of own trends, i() and offset() is lm()'s", {
  m <- fe_model(y ~ x1 + unit:year | unit, d) |> suppressWarnings()
  expect_relative(coef(m)["x1"], coef(lm(y ~ x1 + unit + unit:year, d))["x1"], 1e-8)
  m <- fe_model(y ~ relevel(factor(group), "2") + x1 | unit, d)
  expect_relative(coef(m), coef(lm(y ~ unit + relevel(factor(group), "2") + x1, d))[names(coef(m))])
  m <- fe_model(I(y - x2) ~ x1 | unit, d)
  expect_relative(coef(m), coef(lm(y ~ x1 + unit + offset(x2), d))["x1"])
})

test_that("arguments of other programs are told what is meant", {
  for (call in list(
    quote(fe_model(y ~ x1, d, cluster = ~unit)), quote(fe_model(y ~ x1, d, se = "hetero")),
    quote(fe_model(y ~ x1, d, absorb = "unit")),
    quote(fe_model(y ~ x1, d, index = c("unit", "year"))), quote(fe_model(y ~ x1, d, model = "within")),
    quote(fe_model(y ~ x1, d, effect = "twoways")), quote(fe_model(y ~ x1, d, na.action = na.omit)),
    quote(fe_compare(y ~ x1 | unit, d, cluster = "unit")), quote(fe_mediation(y ~ x1 | unit, d, x2, cluster = unit))
  )) {
    error <- rlang::catch_cnd(eval(call), "flowresil_error_argument")
    expect_match(conditionMessage(error), "\ni ")
  }
  expect_snapshot(error = TRUE, {
    fe_model(y ~ x1, d, cluster = ~unit)
    fe_model(y ~ x1, d, cluster = "region", se = "cluster")
    fe_model(y ~ x1, d, absorb = unit + year)
    fe_model(y ~ x1, d, index = c("unit", "year"), model = "within", effect = "twoways")
    fe_model(y ~ x1, d, na.action = na.omit)
    fe_model(y ~ x1, d, offset = x2)
    fe_model(y ~ x1, d, ssc = 1, split = ~region, nthreads = 2)
    fe_compare(y ~ x1, d, cluster = unit)
    fe_mediation(y ~ x1 | unit, d, x2, cluster = unit^year)
  })
})

test_that("a variance that is a bare or quoted name is told the tilde", {
  d$time <- d$year
  for (call in list(
    quote(fe_model(y ~ x1, d, vcov = region)), quote(fe_model(y ~ x1, d, vcov = "region")),
    quote(fe_model(y ~ x1, d, vcov = d$region)),
    quote(fe_model(y ~ x1, d, region)), quote(fe_compare(y ~ x1, d, vcov = region)),
    quote(fe_mediation(y ~ x1, d, x2, vcov = region)), quote(vcov(fe_model(y ~ x1, d), vcov = region)),
    quote(summary(fe_model(y ~ x1, d), vcov = region)), quote(tidy(fe_model(y ~ x1, d), vcov = "region"))
  )) {
    error <- rlang::catch_cnd(eval(call), "flowresil_error_vcov")
    expect_match(conditionMessage(error), "vcov = ~region", fixed = TRUE)
  }
  how <- "HC1"
  expect_identical(fe_model(y ~ x1, d, vcov = how)$variance$type, "HC1")
  expect_snapshot(error = TRUE, {
    fe_model(y ~ x1 | unit, d, vcov = region)
    fe_model(y ~ x1 | unit, d, vcov = "region")
    fe_model(y ~ x1 | unit, d, vcov = nosuch)
    fe_model(y ~ x1, d, unit + year)
    fe_model(y ~ x1 | unit, d, vcov = "hetero")
    fe_model(y ~ x1 | unit, d, vcov = "HC4")
    fe_model(y ~ x1 | unit, d, vcov = "hc3")
    fe_model(y ~ x1 | unit, d, vcov = "cluster")
    fe_model(y ~ x1 | unit, d, vcov = 1)
  })
})

test_that("a comma in place of the bar is told", {
  expect_refused(fe_model(y ~ x1, unit + year, d), "evaluation")
  expect_snapshot(error = TRUE, fe_model(y ~ x1, unit + year, d))
})

test_that("many dummies without an effect ask whether the bar was forgotten", {
  said <- function(...) rlang::catch_cnd(fe_model(...), "flowresil_message_no_effects")
  expect_identical(said(y ~ x1 + unit, d)$columns, "unit")
  expect_identical(said(y ~ x1 + factor(unit) + year, d)$columns, c("unit", "year"))
  expect_identical(said(y ~ x1 + unit + factor(year), d)$columns, c("unit", "year"))
  expect_null(said(y ~ x1 + region, d))
  expect_null(said(y ~ x1 + unit | year, d))
  expect_null(said(y ~ x1 | unit, d))
  expect_snapshot(m <- fe_model(y ~ x1 + unit + year, d))
})
