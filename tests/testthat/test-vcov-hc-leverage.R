# HC2 and HC3: sandwich's vcovHC() of lm() with dummies.

d <- fe_panel()
slopes <- c("x1", "x2")

test_that("HC2 and HC3 equal sandwich, with one effect, two, none and weights", {
  skip_if_not_installed("sandwich")
  cases <- list(
    list(y ~ x1 + x2 | unit + year, y ~ x1 + x2 + factor(unit) + factor(year)),
    list(y ~ x1 + x2 | unit, y ~ x1 + x2 + factor(unit)),
    list(y ~ x1 + x2, y ~ x1 + x2)
  )
  for (case in cases) {
    for (type in c("HC2", "HC3")) {
      own <- fe_model(case[[1L]], d, vcov = type)
      theirs <- sandwich::vcovHC(lm(case[[2L]], d), type)
      expect_relative(vcov(own)[slopes, slopes], theirs[slopes, slopes], 1e-8)
      weighted <- fe_model(case[[1L]], d, vcov = type, weights = w)
      theirs <- sandwich::vcovHC(lm(case[[2L]], d, weights = w), type)
      expect_relative(vcov(weighted)[slopes, slopes], theirs[slopes, slopes], 1e-8)
    }
  }
})

test_that("no correction changes the matrix; t has n - K degrees of freedom; print, tidy and tables say it", {
  m <- fe_model(y ~ x1 + x2 | unit + year, d, vcov = "HC3")
  for (correction in c("reghdfe", "dummies", "plm", "none")) {
    expect_identical(vcov(m, correction = correction), vcov(m))
  }
  expect_identical(m$variance$df, c(x1 = m$df.residual, x2 = m$df.residual))
  expect_identical(m$variance$factor, 1)
  expect_output(print(m), "heteroskedasticity-robust HC3 (no factor)", fixed = TRUE)
  expect_match(as_table(fe_table(m))$note, "HC3 (no factor)", fixed = TRUE)
  expect_identical(vcov(update(m, . ~ . - x2)), vcov(fe_model(y ~ x1 | unit + year, d, vcov = "HC3")))
  expect_identical(tidy(fe_compare(y ~ x1 | unit + year, d, vcov = "HC2"))$df,
                   unname(fe_model(y ~ x1 | unit + year, d, vcov = "HC2")$variance$df))
})

test_that("a row of leverage one counts zero and is named", {
  alone <- rbind(d, transform(d[1L, ], unit = "alone"))
  plain <- fe_model(y ~ x1 + x2 | unit + year, d)
  for (type in c("HC2", "HC3")) {
    expect_warning(m <- fe_model(y ~ x1 + x2 | unit + year, alone, vcov = type), "`unit` alone",
                   class = "flowresil_warning_leverage")
    expect_relative(vcov(m), vcov(plain, vcov = type), 1e-9)
  }
  expect_snapshot(invisible(fe_model(y ~ x1 | unit + year, alone, vcov = "HC3")))
})

test_that("effects that are solved by iteration are refused, with the reason", {
  m <- fe_model(y ~ x1 | unit + year + region, transform(d, region = (seq_len(nrow(d)) * 7L) %% 5L))
  expect_refused(vcov(m, vcov = "HC2"), "vcov")
  expect_snapshot(vcov(m, vcov = "HC2"), error = TRUE)
  many <- data.frame(a = rep(seq_len(2100), 3), b = rep(seq_len(2100), each = 3), x = sin(1:6300), y = cos(1:6300))
  expect_snapshot(vcov(fe_model(y ~ x | a + b, many), vcov = "HC3"), error = TRUE)
})

test_that("many levels of both effects have the leverage of lm()", {
  many <- data.frame(a = rep(seq_len(90), 6), b = (seq_len(540) * 7L) %% 80L, x = sin(1:540), w = 1 + (1:540) %% 3)
  many$y <- many$x + cos(1:540)
  m <- fe_model(y ~ x | a + b, many, weights = w)
  l <- lm(y ~ x + factor(a) + factor(b), many, weights = w)
  h <- stats::hatvalues(l)
  z <- stats::lm.wfit(stats::model.matrix(~ factor(a) + factor(b), many), many$x, many$w)$residuals
  s <- many$w * z * stats::residuals(l) / sum(many$w * z^2)
  expect_relative(vcov(m, vcov = "HC3"), sum((s / (1 - h))^2), 1e-9)
  expect_relative(vcov(m, vcov = "HC2"), sum(s^2 / (1 - h)), 1e-9)
})
