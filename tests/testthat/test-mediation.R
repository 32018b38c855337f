# A panel with two mediators.
mediated <- function(kind = "unbalanced") {
  d <- fe_panel(kind)
  i <- as.integer(substr(d$unit, 2, 3))
  t <- d$year - 2000
  d$m1 <- 0.6 * d$x1 + cos(2.2 * i * t) + sin(1.9 * t)
  d$m2 <- 5 - 0.4 * d$x1 + 0.2 * d$x2 + sin(0.3 * i * t + t)
  d
}

d <- mediated()

change <- function(...) {
  changes <- list(...)
  out <- d
  out[names(changes)] <- changes
  out
}

expect_same_fit <- function(object, expected) {
  expect_identical(coef(object), coef(expected))
  expect_identical(vcov(object), vcov(expected))
  expect_identical(nobs(object), nobs(expected))
  expect_identical(df.residual(object), df.residual(expected))
  expect_identical(residuals(object), residuals(expected))
  expect_identical(object$effects$n_levels, expected$effects$n_levels)
}

# The equations ----------------------------------------------------------------------------------

test_that("each equation equals fe_model() on the same rows", {
  m <- fe_mediation(y ~ x1 + x2 | unit + year, d, mediators = c(m1, m2), vcov = ~region, correction = "plm")
  expect_s3_class(m, "fe_mediation", exact = TRUE)
  expect_named(m$models, c("total", "m1", "m2"))
  expect_same_fit(m$models$total, fe_model(y ~ x1 + x2 | unit + year, d, vcov = ~region, correction = "plm"))
  expect_same_fit(m$models$m1, fe_model(m1 ~ x1 + x2 | unit + year, d, vcov = ~region, correction = "plm"))
  expect_same_fit(m$models$m2, fe_model(m2 ~ x1 + x2 | unit + year, d, vcov = ~region, correction = "plm"))
  expect_identical(m$treatment, "x1")
  expect_identical(m$outcome, "y")
  expect_identical(m$mediators, c("m1", "m2"))
  expect_equal(formula(m$models$m2), m2 ~ x1 + x2 | unit + year, ignore_formula_env = TRUE)
})

test_that("each equation equals lm() with dummies, and its clustered errors sandwich's", {
  skip_if_not_installed("sandwich")
  m <- fe_mediation(y ~ x1 + x2 | unit + year, d, mediators = c(m1, m2), vcov = ~unit, correction = "dummies")
  for (outcome in c("y", "m1", "m2")) {
    f <- reformulate(c("x1", "x2", "factor(unit)", "factor(year)"), outcome)
    reference <- lm(f, d)
    ours <- m$models[[if (outcome == "y") "total" else outcome]]
    expect_relative(coef(ours), coef(reference)[c("x1", "x2")])
    V <- sandwich::vcovCL(reference, cluster = d$unit, type = "HC1")
    expect_relative(sqrt(diag(vcov(ours))), sqrt(diag(V))[c("x1", "x2")])
  }
})

test_that("weights, subset, constant and lags go to all equations", {
  m <- quietly(fe_mediation(y ~ l(x1, 1) + x2 | unit + year, d, mediators = m1, weights = w, subset = year > 2003,
                            constant = "mean"))
  for (outcome in c("y", "m1")) {
    f <- as.formula(paste(outcome, "~ l(x1, 1) + x2 | unit + year"))
    expect_same_fit(
      m$models[[c(y = "total", m1 = "m1")[[outcome]]]],
      quietly(fe_model(f, d, weights = w, subset = year > 2003, constant = "mean"))
    )
  }
  expect_identical(m$treatment, "l(x1, 1)")
  expect_identical(m$sample$dropped[["subset"]], sum(d$year <= 2003))
  given <- quietly(fe_mediation(y ~ l(x1, 1) + x2 | region, d, mediators = m1, unit = "unit", time = year))
  expect_same_fit(given$models$m1, quietly(fe_model(m1 ~ l(x1, 1) + x2 | region, d, unit = unit, time = year)))
})

test_that("UCLA's example: paths of science on math through read, to the printed digits", {
  hsb <- read_oracle("hsb200.csv")
  t <- tidy(fe_mediation(science ~ math, hsb, mediators = read))
  expect_within(t$estimate[1], .66658, tolerance_printed(5))
  expect_within(t$std.error[1], .0582822, tolerance_printed(7))
  expect_within(t$estimate[2], .724807, tolerance_printed(6))
  expect_within(t$std.error[2], .0582745, tolerance_printed(7))
  t <- tidy(fe_mediation(science ~ math + write, hsb, mediators = read))
  expect_within(t$estimate, c(.4757015, .5196538), tolerance_printed(7))
})

# The common sample ------------------------------------------------------------------------------

test_that("a row that misses a mediator is dropped from all equations, counted by variable and said", {
  bad <- change(x1 = put(d$x1, c(8, 11), NA), m1 = put(d$m1, c(3, 8), NA), m2 = put(d$m2, c(3, 20), NaN))
  said <- rlang::catch_cnd(fe_mediation(y ~ x1 + x2 | unit, bad, c(m1, m2)), "flowresil_message")
  expect_s3_class(said, "flowresil_message_dropped_rows")
  expect_equal(said$n, 4)
  expect_equal(said$missing, c(x1 = 2, m1 = 1, m2 = 2))
  expect_snapshot(m <- fe_mediation(y ~ x1 + x2 | unit, bad, c(m1, m2)))
  keep <- setdiff(seq_len(nrow(d)), c(3, 8, 11, 20))
  expect_same_fit(m$models$total, fe_model(y ~ x1 + x2 | unit, d, subset = keep))
  expect_same_fit(m$models$m1, fe_model(m1 ~ x1 + x2 | unit, d, subset = keep))
  expect_same_fit(m$models$m2, fe_model(m2 ~ x1 + x2 | unit, d, subset = keep))
  expect_identical(nobs(m), length(keep))
  expect_identical(m$sample$n_input, nrow(d))
  expect_identical(m$sample$dropped[["missing"]], 4L)
  expect_identical(m$sample$rows, keep)
})

test_that("with complete data nothing is said", {
  expect_no_condition_of(fe_mediation(y ~ x1 + x2 | unit + year, d, c(m1, m2)))
})

test_that("levels that the common sample loses count no longer", {
  bad <- change(m1 = put(d$m1, which(d$unit == "u02"), NA))
  m <- quietly(fe_mediation(y ~ x1 | unit + year, bad, m1, vcov = ~unit))
  expect_same_fit(m$models$total, fe_model(y ~ x1 | unit + year, d, subset = unit != "u02", vcov = ~unit))
  expect_false("u02" %in% m$models$m1$effects$values$unit)
})

test_that("lags look at rows that miss a mediator, and at those outside the subset", {
  d <- mediated("balanced")
  d$m1[d$year == 2003] <- NA
  m <- quietly(fe_mediation(y ~ l(x1, 1) + x2 | unit + year, d, m1, subset = year >= 2003))
  expect_same_fit(m$models$m1, fe_model(m1 ~ l(x1, 1) + x2 | unit + year, d, subset = year >= 2004))
  expect_identical(nobs(m), 60L)
})

test_that("a common sample without rows is refused", {
  expect_refused(fe_mediation(y ~ x1 | unit, change(m1 = NA_real_), m1), "empty")
  halves <- change(m1 = put(d$m1, 1:20, NA), m2 = put(d$m2, 21:nrow(d), NA))
  expect_refused(fe_mediation(y ~ x1 | unit, halves, c(m1, m2)), "empty")
  expect_snapshot(error = TRUE, fe_mediation(y ~ x1 | unit, halves, c(m1, m2)))
})

# Arguments --------------------------------------------------------------------------------------

test_that("mediators may be bare, strings, or a variable, also inside a function", {
  expected <- coef(fe_mediation(y ~ x1 | unit, d, c(m1, m2))$models$m2)
  slopes <- function(m) coef(m$models$m2)
  expect_identical(slopes(fe_mediation(y ~ x1 | unit, d, c("m1", "m2"))), expected)
  expect_identical(slopes(fe_mediation(y ~ x1 | unit, d, c(m1, "m2"))), expected)
  expect_identical(slopes(fe_mediation(y ~ x1 | unit, d, m2)), expected)
  expect_identical(slopes(fe_mediation(y ~ x1 | unit, d, "m2")), expected)
  inside <- function(data, columns, limit) {
    kept <- rep(TRUE, nrow(data))
    fe_mediation(y ~ x1 | unit, data, columns, subset = kept & year > limit)
  }
  expect_identical(slopes(inside(d, c("m1", "m2"), 1900)), expected)
  expect_identical(names(inside(d, "m1", 1900)$models), c("total", "m1"))
})

test_that("integer, integer64 and labelled mediators are numbers", {
  skip_if_not_installed("bit64")
  skip_if_not_installed("haven")
  whole <- as.integer(round(100 * d$m1))
  expected <- coef(fe_mediation(y ~ x1 | unit, change(m1 = as.double(whole)), m1)$models$m1)
  for (column in list(whole, bit64::as.integer64(whole), haven::labelled(whole, label = "in hundredths"))) {
    expect_identical(coef(fe_mediation(y ~ x1 | unit, change(m1 = column), m1)$models$m1), expected)
  }
})

test_that("the treatment is the first regressor, or the one named", {
  expect_identical(fe_mediation(y ~ x2 + x1 | unit, d, m1)$treatment, "x2")
  m <- fe_mediation(y ~ x1 + x2 | unit, d, m1, treatment = "x2")
  expect_identical(m$treatment, "x2")
  expect_identical(tidy(m)$term, c("x2", "x2"))
  m <- fe_mediation(y ~ x1 + factor(group) | unit, d, m1, treatment = "factor(group)2")
  expect_identical(tidy(m)$estimate[1], coef(m$models$total)[["factor(group)2"]])
  for (bad in list("x3", 1, c("x1", "x2"), NA_character_, TRUE, "unit", "(Intercept)")) {
    expect_refused(fe_mediation(y ~ x1 + x2 | unit, d, m1, treatment = bad), "treatment")
  }
  expect_snapshot(error = TRUE, {
    fe_mediation(y ~ x1 + x2 | unit, d, m1, treatment = "x3")
    fe_mediation(y ~ x1 + x2 | unit, d, m1, treatment = 1)
  })
})

test_that("a treatment that the effects absorb is refused", {
  fixed <- change(x1 = as.double(factor(d$unit)))
  expect_refused(suppressWarnings(fe_mediation(y ~ x1 + x2 | unit, fixed, m1)), "treatment")
  expect_refused(suppressWarnings(fe_mediation(y ~ x2 + x1 | unit, fixed, m1, treatment = "x1")), "treatment")
  expect_refused(suppressWarnings(fe_mediation(y ~ x1 | unit, fixed, m1)), "no_regressor")
  expect_snapshot(error = TRUE, suppressWarnings(fe_mediation(y ~ x1 + x2 | unit, fixed, m1)))
})

test_that("a mediator must be a variable of its own", {
  expect_refused(fe_mediation(y ~ x1 + x2 | unit, d, x1), "mediator")
  expect_refused(fe_mediation(y ~ x1 + x2 | unit, d, c(m1, x2)), "mediator")
  expect_refused(fe_mediation(y ~ x1 + log(w) | unit, d, w), "mediator")
  expect_refused(fe_mediation(y ~ x1 | unit, d, y), "mediator")
  expect_refused(fe_mediation(log(w) ~ x1 | unit, d, w), "mediator")
  expect_refused(fe_mediation(y ~ x1 | unit + year, d, year), "mediator")
  expect_refused(fe_mediation(y ~ x1 | unit^group, d, group), "mediator")
  expect_refused(fe_mediation(y ~ x1 | unit, d, c(m1, m1)), "mediator")
  error <- rlang::catch_cnd(fe_mediation(y ~ x1 + x2 | unit, d, c(m1, x2, y)), "flowresil_error")
  expect_identical(error$columns, c("y", "x2"))
  expect_identical(error$arg, "mediators")
  expect_snapshot(error = TRUE, {
    fe_mediation(y ~ x1 + x2 | unit + year, d, c(m1, m1, x2, y, year))
  })
})

test_that("a mediator among the regressors of `.` is refused as well", {
  few <- d[c("y", "x1", "x2", "m1", "unit")]
  expect_refused(fe_mediation(y ~ . | unit, few, m1), "mediator")
})

test_that("a mediator must be a number that varies within the effects", {
  expect_refused(fe_mediation(y ~ x1 | unit, d, region), "type")
  expect_refused(fe_mediation(y ~ x1 | unit, change(m1 = factor(d$group)), m1), "type")
  expect_refused(fe_mediation(y ~ x1 | unit, change(m1 = put(d$m1, 4, Inf)), m1), "infinite")
  expect_refused(fe_mediation(y ~ x1 | unit, change(m1 = 7), m1), "mediator")
  expect_refused(fe_mediation(y ~ x1, change(m1 = 7), m1), "mediator")
  expect_refused(fe_mediation(y ~ x1 | unit, change(m1 = as.double(factor(d$unit))), m1), "mediator")
  error <- rlang::catch_cnd(
    fe_mediation(y ~ x1 | unit, change(m1 = as.double(factor(d$unit))), m1), "flowresil_error"
  )
  expect_s3_class(error$parent, "flowresil_error_outcome_absorbed")
  expect_identical(error$columns, "m1")
  expect_identical(rlang::catch_cnd(
    fe_mediation(y ~ x1 | unit, change(m1 = put(d$m1, 4, Inf)), m1), "flowresil_error"
  )$rows, 4L)
  expect_snapshot(error = TRUE, {
    fe_mediation(y ~ x1 | unit, d, region)
    fe_mediation(y ~ x1 | unit, change(m1 = put(d$m1, 4, Inf)), m1)
    fe_mediation(y ~ x1 | unit, change(m1 = 7), m1)
    fe_mediation(y ~ x1 | unit, change(m1 = as.double(factor(d$unit))), m1)
  })
})

test_that("what fe_model() refuses is refused, and unknown arguments too", {
  expect_refused(fe_mediation(y ~ x1 | unit, d), "missing_argument")
  expect_refused(fe_mediation(y ~ x1 | unit, d, m9), "missing_column")
  expect_refused(fe_mediation(y ~ x9 | unit, d, m1), "missing_column")
  expect_refused(fe_mediation(y ~ x1 | unit, as.list(d), m1), "type")
  expect_refused(fe_mediation(y ~ x1 | unit, d, m1, vcov = "robust"), "vcov")
  expect_refused(fe_mediation(y ~ x1 | unit, d, m1, cluster = ~unit), "argument")
  expect_refused(fe_mediation(y ~ x1 | unit, change(y = 1), m1), "outcome_constant")
  m <- fe_mediation(y ~ x1 | unit, d, m1)
  expect_refused(tidy(m, terms = "controls"), "choice")
  expect_refused(tidy(m, vcov = "robust"), "vcov")
  expect_refused(tidy(m, conf.level = 1), "number")
  expect_snapshot(error = TRUE, {
    fe_mediation(y ~ x1 | unit, d)
    fe_mediation(y ~ x1 | unit, d, m9)
  })
})

# Methods ----------------------------------------------------------------------------------------

test_that("tidy() gives the treatment's effect in each equation, or all terms", {
  m <- fe_mediation(y ~ x1 + x2 | unit + year, d, c(m1, m2))
  t <- tidy(m)
  expect_named(t, c("equation", "outcome", "term", "estimate", "std.error", "statistic", "p.value", "df",
                    "conf.low", "conf.high"))
  expect_identical(t$equation, c("total", "mediator", "mediator"))
  expect_identical(t$outcome, c("y", "m1", "m2"))
  expect_identical(t$term, rep("x1", 3))
  expect_identical(rownames(t), c("1", "2", "3"))
  all <- tidy(m, terms = "all")
  expect_identical(all$term, rep(c("x1", "x2"), 3))
  expect_equal(all[all$term == "x1", ], t, ignore_attr = "row.names")
  single <- tidy(m$models$m1, conf.int = TRUE)
  expect_equal(all[all$outcome == "m1", -(1:2)], single, ignore_attr = "row.names")
})

test_that("tidy() takes another variance and level after the fit", {
  m <- fe_mediation(y ~ x1 + x2 | unit + year, d, m1)
  clustered <- fe_mediation(y ~ x1 + x2 | unit + year, d, m1, vcov = ~unit, correction = "dummies")
  expect_equal(tidy(m, vcov = ~unit, correction = "dummies"), tidy(clustered))
  narrow <- tidy(m, conf.level = 0.5)
  expect_within(narrow$conf.high, narrow$estimate + qt(0.75, m$variance$df) * narrow$std.error, tolerance_exact)
})

test_that("glance() has a row an equation; nobs() and formula() are those of the analysis", {
  f <- y ~ x1 + x2 | unit + year
  m <- fe_mediation(f, d, c(m1, m2))
  g <- glance(m)
  expect_identical(g$equation, c("total", "mediator", "mediator"))
  expect_identical(g$outcome, c("y", "m1", "m2"))
  expect_equal(g[2, -(1:2)], glance(m$models$m1), ignore_attr = "row.names")
  expect_identical(nobs(m), nrow(d))
  expect_identical(formula(m), f, ignore_formula_env = TRUE)
  expect_identical(m$variance$type, "iid")
})

test_that("print says the common rows, the effects and what two steps do not show", {
  m <- quietly(fe_mediation(y ~ x1 + x2 | unit + year, change(m1 = put(d$m1, 3, NA)), c(m1, m2), vcov = ~unit))
  expect_snapshot(print(m))
  expect_snapshot(print(m, digits = 2))
  capture.output(returned <- withVisible(print(m)))
  expect_false(returned$visible)
  expect_identical(returned$value, m)
  expect_lte(length(capture.output(print(m))), 15)
})

test_that("summary prints every equation in full, also under another variance", {
  m <- fe_mediation(y ~ x1 + x2 | unit + year, d, c(m1))
  expect_snapshot(summary(m))
  expect_snapshot(print(summary(m, vcov = ~unit), digits = 3))
})
