slopes_of <- function(formula, data, ...) quietly(coef(fe_model(formula, data, ...)))

# Lags -------------------------------------------------------------------------------------------

test_that("lags, leads and differences by hand: gaps, row order, ends", {
  d <- data.frame(
    u = c("a", "b", "a", "a", "b", "b", "a"), t = c(2, 5, 1, 4, 6, 3, 5),
    x = c(20, 55, 10, 40, 60, 33, 50)
  )
  words <- flowresil:::lag_words(function() flowresil:::code_panel(d, "u", "t"), environment())
  # a: 1 2 4 5, b: 3 5 6
  expect_identical(words$l(d$x), c(10, NA, NA, NA, 55, NA, 40))
  expect_identical(words$l(d$x, 2), c(NA, 33, NA, 20, NA, NA, NA))
  expect_identical(words$l(d$x, 3), c(NA, NA, NA, 10, 33, NA, 20))
  expect_identical(words$f(d$x), c(NA, 60, 20, 50, NA, NA, NA))
  expect_identical(words$l(d$x, -1), words$f(d$x, 1))
  expect_identical(words$d(d$x), c(10, NA, NA, NA, 5, NA, 10))
  expect_identical(words$d(d$x, 2), c(NA, 22, NA, 20, NA, NA, NA))
  expect_identical(words$l(d$x, 0), d$x)
  expect_identical(words$l(d$x, 100), rep(NA_real_, 7))
})

test_that("one lag is one period and not one row, wherever the rows stand", {
  for (kind in fe_panel_kinds) {
    d <- fe_panel(kind)
    for (k in c(1, 2, 3)) {
      d$back <- reference_lag(d$x1, d$unit, d$year, k)
      d$ahead <- reference_lag(d$x1, d$unit, d$year, -k)
      if (sum(!is.na(d$back)) < 25) next
      expect_relative(
        slopes_of(as.formula(sprintf("y ~ l(x1, %d) | unit + year", k)), d),
        slopes_of(y ~ back | unit + year, d), tolerance_exact
      )
      expect_relative(
        slopes_of(as.formula(sprintf("y ~ f(x1, %d) | unit + year", k)), d),
        slopes_of(y ~ ahead | unit + year, d), tolerance_exact
      )
    }
  }
})

test_that("several lags are several terms, named as they are written", {
  d <- fe_panel("balanced")
  for (k in 1:3) d[[paste0("l", k)]] <- reference_lag(d$x1, d$unit, d$year, k)
  b <- slopes_of(y ~ l(x1, 1:3) + x2 | unit + year, d)
  expect_identical(names(b), c("l(x1, 1)", "l(x1, 2)", "l(x1, 3)", "x2"))
  expect_relative(b, slopes_of(y ~ l1 + l2 + l3 + x2 | unit + year, d), tolerance_exact)
  zero <- slopes_of(y ~ l(x1, 0:1) | unit + year, d)
  expect_identical(names(zero), c("x1", "l(x1, 1)"))
  expect_relative(zero, slopes_of(y ~ x1 + l1 | unit + year, d), tolerance_exact)
  p <- 2
  expect_identical(names(slopes_of(y ~ l(x1, 1:p) | unit + year, d)), c("l(x1, 1)", "l(x1, 2)"))
  expect_identical(names(slopes_of(y ~ l(x1) | unit + year, d)), "l(x1, 1)")
})

test_that("lags stand inside functions and interactions, and around them", {
  d <- fe_panel("balanced")
  d$lag <- reference_lag(d$w, d$unit, d$year, 1)
  d$lag2 <- reference_lag(d$w, d$unit, d$year, 2)
  same <- function(formula, by_hand) {
    expect_relative(slopes_of(formula, d), slopes_of(by_hand, d), tolerance_exact)
  }
  same(y ~ log(l(w, 1)) | unit + year, y ~ log(lag) | unit + year)
  same(y ~ l(log(w), 1) | unit + year, y ~ log(lag) | unit + year)
  same(y ~ x1:l(w, 1) | unit + year, y ~ x1:lag | unit + year)
  same(y ~ x1 * l(w, 1:2) | unit + year, y ~ x1 * (lag + lag2) | unit + year)
  same(y ~ I(l(w, 1)^2) | unit + year, y ~ I(lag^2) | unit + year)
  same(y ~ l(l(w, 1), 1) | unit + year, y ~ lag2 | unit + year)
  same(y ~ x1 + d(w) | unit + year, y ~ x1 + I(w - lag) | unit + year)
  same(d(w) ~ x1 | unit + year, I(w - lag) ~ x1 | unit + year)
  same(l(w, 1) ~ x1 | unit + year, lag ~ x1 | unit + year)
  expect_identical(quietly(fe_model(d(w) ~ x1 | unit + year, d))$outcome, "d(w, 1)")
})

test_that("several periods inside a function, or left of the tilde, are refused and never added up", {
  d <- fe_panel("balanced")
  refused <- function(formula) expect_error(fe_model(formula, d), class = "flowresil_error_formula")
  refused(y ~ log(l(w, 1:2)) | unit + year)
  refused(y ~ l(l(x1, 1:2), 1) | unit + year)
  refused(y ~ I(l(x1, 1:2)^2) | unit + year)
  refused(l(y, 1:2) ~ x1 | unit + year)
  refused(log(l(w, 1:2)) ~ x1 | unit + year)
  expect_snapshot(error = TRUE, {
    fe_model(y ~ log(l(w, 1:2)) | unit + year, d)
  })
})

test_that("unit and time of lags are the effects in their order, or what is given", {
  d <- fe_panel("unbalanced")
  d$lag <- reference_lag(d$x1, d$unit, d$year, 1)
  by_hand <- slopes_of(y ~ lag | region, d)
  expect_relative(slopes_of(y ~ l(x1, 1) | region, d, unit = unit, time = "year"), by_hand, tolerance_exact)
  expect_relative(slopes_of(y ~ l(x1, 1), d, unit = unit, time = year)[2], slopes_of(y ~ lag, d)[2], tolerance_exact)
  # interacted effects are no unit
  d$by_unit <- slopes_of(y ~ lag | region^group + unit, d)
  expect_relative(slopes_of(y ~ l(x1) | region^group + unit, d, unit = unit, time = year), d$by_unit[1],
                  tolerance_exact)
  d$when <- as.Date("2020-01-01") + d$year
  expect_relative(slopes_of(y ~ l(x1) | unit + when, d), slopes_of(y ~ l(x1) | unit + year, d), tolerance_exact)
  d$text <- factor(d$year)
  expect_relative(slopes_of(y ~ l(x1) | unit + text, d), slopes_of(y ~ l(x1) | unit + year, d), tolerance_exact)
})

test_that("a lagged factor keeps its levels", {
  d <- fe_panel("balanced")
  d$f <- factor(letters[d$group + 1])
  d$lag <- factor(reference_lag(as.character(d$f), d$unit, d$year, 1))
  expect_relative(slopes_of(y ~ l(f, 1) | unit + year, d), slopes_of(y ~ lag | unit + year, d), tolerance_exact)
})

test_that("a column called l, f or d is a column", {
  d <- fe_panel("unbalanced")
  d$l <- d$x1
  d$d <- d$x2
  expect_relative(slopes_of(y ~ l + d | unit + year, d), slopes_of(y ~ x1 + x2 | unit + year, d), tolerance_exact)
})

# Terms ------------------------------------------------------------------------------------------

test_that("functions, factors, interactions and the dot are lm's", {
  d <- fe_panel("balanced")
  d$f <- factor(c("low", "mid", "high", "top")[d$group + 1], levels = c("low", "mid", "high", "top"))
  d$b <- d$x1 > 0
  for (right in c(
    "log(w)", "I(x1^2) + x2", "poly(x1, 2)", "x1 * x2", "x1:x2", "f", "f * x1", "f:x1", "b + x2", "b:x1",
    "scale(x1)", "x1 + I(x1 > 0)", "(x1 + x2)^2", "group:f", "region", "region:x1", "x1 %in% x2", "pmin(x1, x2)",
    "log(w, base = 2)"
  )) {
    theirs <- coef(lm(as.formula(paste("y ~", right)), d))
    ours <- suppressWarnings(slopes_of(as.formula(paste("y ~", right)), d), "flowresil_warning_collinear")
    expect_identical(names(ours), names(theirs)[!is.na(theirs)])
    expect_relative(ours, theirs[!is.na(theirs)], 1e-9)
    if (right == "region") next # absorbed by units
    within <- lm(as.formula(paste("y ~ unit + factor(year) +", right)), d)
    ours <- suppressWarnings(
      slopes_of(as.formula(paste("y ~", right, "| unit + year")), d), "flowresil_warning_collinear"
    )
    theirs <- coef(within)[names(ours)]
    if (anyNA(theirs)) next # lm keeps another of collinear columns
    expect_relative(ours, theirs, 1e-9)
  }
})

test_that("the dot is every column that is neither outcome nor effect", {
  d <- fe_panel("unbalanced")[c("y", "x1", "x2", "w", "unit", "year")]
  expect_identical(names(slopes_of(y ~ . | unit + year, d)), c("x1", "x2", "w"))
  expect_relative(slopes_of(y ~ . | unit + year, d), slopes_of(y ~ x1 + x2 + w | unit + year, d), tolerance_exact)
  expect_identical(names(slopes_of(y ~ . - w | unit + year, d)), c("x1", "x2"))
  expect_identical(names(slopes_of(log(w) ~ . | unit + year, d))[1:3], c("y", "x1", "x2"))
})

test_that("the outcome may be an expression or logical", {
  d <- fe_panel("unbalanced")
  d$logged <- log(d$w)
  expect_relative(slopes_of(log(w) ~ x1 | unit, d), slopes_of(logged ~ x1 | unit, d), tolerance_exact)
  d$yes <- d$y > 1
  expect_relative(slopes_of(yes ~ x1 | unit, d), slopes_of(as.numeric(yes) ~ x1 | unit, d), tolerance_exact)
})

test_that("without an intercept, and where effects stand for it, columns are lm's", {
  d <- fe_panel("unbalanced")
  d$f <- factor(letters[d$group + 1])
  expect_relative(slopes_of(y ~ x1 - 1, d), coef(lm(y ~ x1 - 1, d)))
  expect_relative(slopes_of(y ~ 0 + f, d), coef(lm(y ~ 0 + f, d)))
  expect_identical(names(slopes_of(y ~ 0 + f | unit, d)), c("fb", "fc", "fd"))
  m <- fe_model(y ~ x1 - 1, d)
  expect_relative(glance(m)$r.squared, summary(lm(y ~ x1 - 1, d))$r.squared)
  expect_relative(glance(m)$adj.r.squared, summary(lm(y ~ x1 - 1, d))$adj.r.squared)
})

test_that("contrasts that the user set are kept", {
  d <- fe_panel("balanced")
  d$f <- factor(letters[d$group + 1])
  contrasts(d$f) <- contr.sum(4)
  expect_relative(slopes_of(y ~ f + x1, d), coef(lm(y ~ f + x1, d)))
})

# Names ------------------------------------------------------------------------------------------

test_that("names in a formula are columns, even where an object of that name is near; constants may be near", {
  d <- fe_panel("unbalanced")
  other <- d$x1
  expect_error(fe_model(y ~ other | unit, d), class = "flowresil_error_missing_column")
  expect_error(fe_model(y ~ log(other + 3) | unit, d), class = "flowresil_error_missing_column")
  expect_error(fe_model(other ~ x1 | unit, d), class = "flowresil_error_missing_column")
  expect_error(fe_model(y ~ x1 | other, d), class = "flowresil_error_missing_column")
  number <- 2
  expect_relative(slopes_of(y ~ I(x1 * number) | unit, d), slopes_of(y ~ I(x1 * 2) | unit, d), tolerance_exact)
  # a lone constant is no term
  expect_error(fe_model(y ~ x1 + number | unit, d), class = "flowresil_error_missing_column")
  x1 <- 0 # a column wins over an object
  expect_relative(slopes_of(y ~ x1 | unit, d), slopes_of(y ~ I(x1) | unit, d), tolerance_exact)
})

test_that("effects are read as sums of columns, or of columns interacted, and nothing else", {
  d <- fe_panel("balanced")
  expect_identical(names(fe_model(y ~ x1 | (unit + year), d)$effects$n_levels), c("unit", "year"))
  expect_identical(names(fe_model(y ~ x1 | unit^region + year, d)$effects$n_levels), c("unit^region", "year"))
  for (formula in list(
    y ~ x1 | (unit + year)^region, y ~ x1 | unit * year, y ~ x1 | unit:year, y ~ x1 | factor(unit), y ~ x1 | 0,
    y ~ x1 | unit[x2], y ~ x1 | unit | year, y ~ x1 | unit | x2 ~ w, y ~ x1 + offset(x2) | unit,
    cbind(y, x2) ~ x1 | unit, c(y, x2) ~ x1 | unit, y ~ i(group) | unit, ~ x1 | unit
  )) {
    expect_error(fe_model(formula, d), class = "flowresil_error_formula")
  }
})
