d <- fe_panel("unbalanced")
d$code <- as.integer(factor(d$unit)) * 1000
d$cell <- paste(d$region, d$year)

# `doubled` gives the model of `single`: same numbers, same degrees of freedom, same methods.
expect_same_model <- function(doubled, single, ...) {
  a <- quietly(fe_model(doubled, d, ...))
  b <- quietly(fe_model(single, d, ...))
  expect_identical(coef(a), coef(b))
  for (correction in c("fixest", "reghdfe", "dummies", "plm", "none")) {
    expect_identical(vcov(a, correction = correction), vcov(b, correction = correction))
    expect_identical(vcov(a, vcov = ~region, correction = correction), vcov(b, vcov = ~region, correction = correction))
  }
  expect_identical(df.residual(a), df.residual(b))
  expect_identical(a$effects$n_levels, b$effects$n_levels)
  expect_identical(fixed_effects(a), fixed_effects(b))
  expect_identical(predict(a, d), predict(b, d))
  expect_identical(formula(a), doubled, ignore_formula_env = TRUE)
}

test_that("an effect named twice is lm()'s one effect, with its degrees of freedom", {
  m <- quietly(fe_model(y ~ x1 | unit + unit, d))
  by_hand <- lm(y ~ x1 + unit, d)
  expect_relative(sqrt(diag(vcov(m)))[["x1"]], summary(by_hand)$coefficients["x1", 2])
  expect_identical(df.residual(m), as.numeric(df.residual(by_hand)))
  m <- quietly(fe_model(y ~ x1 | unit^year + year^unit + region, transform(d, year = year %/% 3)))
  by_hand <- lm(y ~ x1 + interaction(unit, year), transform(d, year = year %/% 3))
  expect_identical(unname(m$effects$n_levels[1]), sum(!is.na(coef(by_hand))) - 1L)
})

test_that("the same columns, in any order, and columns that group the rows alike are used once", {
  expect_same_model(y ~ x1 | unit + unit, y ~ x1 | unit)
  expect_same_model(y ~ x1 | unit + year + unit, y ~ x1 | unit + year)
  expect_same_model(y ~ x1 | unit^unit + year, y ~ x1 | unit + year)
  expect_same_model(y ~ x1 | region^year + year^region, y ~ x1 | region^year)
  expect_same_model(y ~ x1 | unit + code, y ~ x1 | unit)
  expect_same_model(y ~ x1 | unit + year + code, y ~ x1 | unit + year)
  expect_same_model(y ~ x1 | unit + unit^region, y ~ x1 | unit) # each unit lies in one region
  expect_same_model(y ~ x1 | region^year + cell, y ~ x1 | region^year)
  expect_same_model(y ~ x1 | unit + code + code^region + unit, y ~ x1 | unit, weights = w)
})

test_that("what groups the rows alike is judged on the rows used", {
  d$split <- ifelse(d$year < 2006, d$unit, "later")
  expect_identical(names(quietly(fe_model(y ~ x1 | unit + split, d))$effects$n_levels), c("unit", "split"))
  one <- quietly(fe_model(y ~ x1 | unit + split, d, subset = year < 2006))
  expect_identical(names(one$effects$n_levels), "unit")
})

test_that("an effect nested in another, or with as many levels, stays", {
  m <- expect_no_condition_of(fe_model(y ~ x1 | unit + region, d))
  expect_identical(names(m$effects$n_levels), c("unit", "region"))
  square <- expand.grid(a = 1:4, b = 1:4)
  square$x <- sin(seq_len(16)^2)
  square$y <- cos(seq_len(16) * 3)
  expect_identical(names(expect_no_condition_of(fe_model(y ~ x | a + b, square))$effects$n_levels), c("a", "b"))
})

test_that("lags go by the first two effects that are left", {
  expect_identical(
    coef(quietly(fe_model(y ~ l(x1) | unit + unit + year, d))), coef(quietly(fe_model(y ~ l(x1) | unit + year, d)))
  )
})

test_that("a message says which effect is used once, and print() keeps it", {
  said <- rlang::catch_cnd(fe_model(y ~ x1 | unit + code, d), "flowresil_message")
  expect_s3_class(said, "flowresil_message_doubled_effect")
  expect_identical(said$doubled, c(code = "unit"))
  expect_snapshot({
    fe_model(y ~ x1 | unit + code + unit, d)
    m <- fe_model(y ~ x1 | unit + unit, d)
    m <- fe_compare(y ~ x1 | unit + code, d, lags = 0)
    m <- fe_mediation(y ~ x1 | unit + code, d, mediators = x2)
  })
  m <- quietly(fe_model(y ~ x1 | unit + code, d))
  expect_identical(names(update(m, . ~ . + x2)$effects$n_levels), "unit") |> quietly()
  # a comparison says it once
  said <- 0
  withCallingHandlers(
    fe_compare(y ~ x1 | unit + code, d, outcomes = c(y, w), treatments = c(x1, x2)),
    flowresil_message_doubled_effect = function(m) {
      said <<- said + 1
      rlang::cnd_muffle(m)
    }
  )
  expect_identical(said, 1)
  # a cluster may be named by the column left out
  expect_identical(unname(vcov(m, vcov = ~code)), unname(vcov(m, vcov = ~unit)))
})
