# Outcomes and regressors at a high level: what varies is fitted, and a refusal says what is true.

# The levels of NIST's SmLs07 to 09: 1e12 and tenths, in nine groups. What a double holds of them is exact after the
# level is taken off, so that the same model there is the truth.
high_panel <- function(n_rows) {
  d <- data.frame(g = rep(1:9, length.out = n_rows), t = seq_len(n_rows))
  d$x <- sin(d$t)
  d$low <- (1e12 + 0.3 + 0.1 * d$g + c(0.1, -0.1)[1 + d$t %% 2]) - 1e12
  d$y <- 1e12 + d$low
  stopifnot(identical(d$y - 1e12, d$low))
  d
}

test_that("an outcome at 1e12 that varies by tenths is fitted to the digits that it has", {
  for (n in c(189, 1809, 18009)) {
    d <- high_panel(n)
    for (right in c("", "| g")) {
      high <- fe_model(as.formula(paste("y ~ x", right)), d)
      low <- fe_model(as.formula(paste("low ~ x", right)), d)
      expect_relative(high$slopes, low$slopes, 1e-10)
      expect_relative(vcov(high, "HC1")["x", "x"], vcov(low, "HC1")["x", "x"], 1e-10)
      expect_relative(1 - glance(high)$r.squared, 1 - glance(low)$r.squared, 1e-10)
    }
  }
  d <- data.frame(y = 1e12 + rep(c(.2, .3, .1, .4), 5), x = sin(1:20), g = rep(1:4, 5))
  d$low <- d$y - 1e12
  truth <- coef(lm(low ~ x + factor(g), d))[["x"]]
  expect_within(coef(fe_model(y ~ x | t, transform(d, t = rep(1:5, each = 4)))),
                coef(lm(low ~ x + factor(rep(1:5, each = 4)), d))[["x"]], 1e-9)
  expect_within(coef(fe_model(low ~ x | g, transform(d, low = low + cos(t(x))[1, ]))),
                coef(lm(I(low + cos(x)) ~ x + factor(g), d))[["x"]], 1e-9)
  expect_true(abs(truth) < 1e-12)
})

test_that("a regressor at 1e12 that varies by tenths is kept, and one within its last digits is constant", {
  d <- high_panel(189)
  d$z <- cos(3 * d$t)
  expect_relative(coef(fe_model(z ~ y | g, d)), coef(fe_model(z ~ low | g, d)), 1e-10)
  d$still <- 1e12 + rep(c(0, 2^-13), length.out = 189)
  expect_warning(m <- fe_model(z ~ x + still | g, d), class = "flowresil_warning_collinear")
  expect_identical(m$dropped$detail, "constant")
})

test_that("an outcome that the effects explain, and one that is constant up to rounding, are refused in true words", {
  d <- high_panel(40)
  d$own <- 1e12 + d$g / 10
  expect_refused(fe_model(own ~ x | g, d), "outcome_absorbed")
  expect_snapshot(error = TRUE, fe_model(own ~ x | g, d))
  d$still <- 1e12
  expect_snapshot(error = TRUE, fe_model(still ~ x | g, d))
  d$still <- 1e12 + rep(c(0, 2^-13), 20)
  expect_snapshot(error = TRUE, fe_model(still ~ x, d))
})

test_that("constant at any level is constant, absorbed at any level absorbed", {
  for (level in c(0, 0.1, 1 / 3, 1e-9, 1e9, 123456.789)) {
    d <- fe_panel("unbalanced")
    d$still <- level
    d$own <- level + cos(as.integer(factor(d$unit)))
    d$both <- d$own + sin(d$year)
    said <- fe_model(y ~ x1 + still + own + both | unit + year, d) |>
      withr::with_options(new = list(warn = -1))
    expect_identical(said$dropped$reason, rep("absorbed", 3))
    expect_identical(said$dropped$detail, c("constant", "absorbed by `unit`", "absorbed by `unit` and `year`"))
  }
})

test_that("a disconnected panel without degrees of freedom is told of the correction that fits", {
  # two blocks of two units and two years: rank 6 of the dummies, 7 by counting levels less one
  d <- data.frame(unit = c(1, 1, 2, 2, 3, 3, 4, 4), year = c(1, 2, 1, 2, 3, 4, 3, 4), x = sin(1:8), y = cos((1:8)^2))
  expect_refused(fe_model(y ~ x | unit + year, d), "no_degrees_of_freedom")
  expect_snapshot(error = TRUE, fe_model(y ~ x | unit + year, d))
  truth <- summary(lm(y ~ x + factor(unit) + factor(year), d))$coefficients["x", 1:2]
  found <- tidy(fe_model(y ~ x | unit + year, d, correction = "reghdfe"))
  expect_relative(c(found$estimate, found$std.error), truth)
  connected <- data.frame(unit = c(1, 1, 2, 2), year = c(1, 2, 1, 2), x = sin(1:4), y = cos((1:4)^2))
  expect_snapshot(error = TRUE, fe_model(y ~ x | unit + year, connected))
})

test_that("a perfect fit is told where errors and t values are printed", {
  d <- fe_panel("unbalanced")
  d$y <- 2 * d$x1 - d$x2
  m <- fe_model(y ~ x1 + x2, d)
  expect_warning(summary(m), class = "flowresil_warning_perfect_fit")
  expect_warning(capture.output(print(m)), class = "flowresil_warning_perfect_fit")
  expect_warning(summary(fe_model(y ~ x1 + x2 | unit + year, d)), class = "flowresil_warning_perfect_fit")
  d$y <- d$y + 1e-11 * sin(7 * seq_len(nrow(d)))
  expect_no_warning(summary(fe_model(y ~ x1 + x2, d)))
  m$residual_squares <- 1e-30
  expect_snapshot(. <- summary(m))
})
