# HC2 and HC3: sandwich's vcovHC() of lm() with dummies.

d <- fe_panel()
slopes <- c("x1", "x2")

test_that("HC2 and HC3 equal sandwich, with one effect, two, three, none and weights", {
  skip_if_not_installed("sandwich")
  d$group <- (seq_len(nrow(d)) * 7L) %% 5L
  cases <- list(
    list(y ~ x1 + x2 | unit + year, y ~ x1 + x2 + factor(unit) + factor(year)),
    list(y ~ x1 + x2 | unit, y ~ x1 + x2 + factor(unit)),
    list(y ~ x1 + x2 | unit + year + group, y ~ x1 + x2 + factor(unit) + factor(year) + factor(group)),
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

test_that("more levels than the leverage is computed for are refused", {
  many <- data.frame(a = rep(seq_len(1500), 3), b = rep(seq_len(1500), each = 3), x = sin(1:4500))
  many$y <- many$x + cos(1:4500)
  expect_error(fe_model(y ~ x | a + b, many, vcov = "HC3"), class = "flowresil_error_vcov")
  expect_snapshot(fe_model(y ~ x | a + b, many, vcov = "HC2"), error = TRUE)
})
