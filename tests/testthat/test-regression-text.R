d <- fe_panel("balanced")
d$code <- sprintf("%02d", d$group)
d$price <- format(round(1234.5 * d$w, 2), big.mark = ",", trim = TRUE)
slopes_of <- function(formula, data = d) quietly(suppressWarnings(coef(fe_model(formula, data))))

test_that("text made of digits is a category inside a call that takes text, as in lm()", {
  for (right in c(
    "x1 + factor(code)", "x1 + as.factor(code)", "x1 + interaction(code, region)", "x1 + relevel(factor(code), '02')",
    "x1:code", "x1 + code:region", "x1 + region/code", "x1 + I(code == '02')", "x1 + I(code %in% c('01', '03'))",
    "x1 + nchar(code)", "x1 + ifelse(code == '02', 1, 0)", "x1 + I(as.numeric(code) * 2)",
    "x1 + log(1 + as.numeric(code))",
    "x1 + substr(code, 2, 2)", "x1 + (code == '02')", "x1 + I(code > '01')", "x1 + cut(x2, 3)", "x1:factor(code)",
    "cut(x1, c(-5, 0, 5)):code"
  )) {
    theirs <- coef(lm(as.formula(paste("y ~", right)), d))
    theirs <- theirs[!is.na(theirs)]
    ours <- slopes_of(as.formula(paste("y ~", right)))
    expect_identical(names(ours), names(theirs))
    expect_relative(ours, theirs, 1e-9)
    within <- coef(lm(as.formula(paste("y ~ unit + factor(year) +", right)), d))
    ours <- slopes_of(as.formula(paste("y ~", right, "| unit + year")))
    if (!anyNA(within[names(ours)])) expect_relative(ours, within[names(ours)], 1e-9)
  }
})

test_that("new data are read in the same way", {
  m <- fe_model(y ~ x1:code + factor(code) | unit, d)
  expect_relative(predict(m, d[1:20, ]), fitted(m)[1:20])
  m <- fe_model(y ~ x1 | unit, d)
  expect_refused(predict(m, transform(d, x1 = as.character(x1))), "type")
  m <- fe_model(y ~ I(x1) | unit, d)
  expect_refused(predict(m, transform(d, x1 = as.character(x1))), "type")
  m <- fe_model(y ~ x1 + I(x2) | unit, d)
  expect_refused(predict(m, transform(d, x1 = region)), "type")
  m <- fe_model(y ~ x1 + x2:region | unit, d)
  expect_refused(predict(m, transform(d, region = group)), "type")
  expect_snapshot(error = TRUE, predict(m, transform(d, region = group)))
})

test_that("alone, and where a number is meant, text made of digits is refused", {
  for (right in c(
    "code", "x1 * code", "code * region", ". ", "(x1 + code)^2", "log(code)", "I(code * 2)", "I(code)", "l(code, 1)",
    "d(code)", "sqrt(code)", "poly(code, 2)", "cut(code, 3)", "I(code > 2)", "x1:log(code)", "I((code) + 1)",
    "base::log(code)", "exp(-code)", "scale(code)", "pmin(x1, code)"
  )) {
    expect_refused(fe_model(as.formula(paste("y ~", right, "| unit + year")), d), "type")
  }
  for (left in c("code", "log(code)", "price", "region", "l(code, 1)")) {
    expect_refused(fe_model(as.formula(paste(left, "~ x1 | unit + year")), d), "type")
  }
  # a minus takes the dot's column out again
  expect_identical(
    names(slopes_of(y ~ . - code - price | unit, d[c("y", "x1", "code", "price", "unit")])), "x1"
  )
  expect_refused(fe_model(y ~ log(region) | unit, d), "type")
  expect_refused(fe_model(y ~ I(region * 2) | unit, d), "type")
  expect_refused(fe_model(y ~ I(2 * factored) | unit, transform(d, factored = factor(group))), "type")
  expect_snapshot(error = TRUE, {
    fe_model(y ~ x1 + code | unit, d)
    fe_model(y ~ x1 * code | unit, d)
    fe_model(y ~ x1 + log(code) | unit, d)
    fe_model(y ~ x1 + log(region) | unit, d)
    fe_model(region ~ x1 | unit, d)
    fe_model(code ~ x1 | unit, d)
    fe_model(y ~ I(2 * factored) | unit, transform(d, factored = factor(group)))
  })
})

test_that("text that is no number stays a category: alone, lagged, in interactions", {
  theirs <- coef(lm(y ~ x1 * region, d))
  expect_relative(slopes_of(y ~ x1 * region, d), theirs, 1e-9)
  d$size <- c("A1", "B2", "4G", "3rd")[d$group + 1]
  expect_relative(slopes_of(y ~ x1 + size, d), coef(lm(y ~ x1 + size, d)), 1e-9)
  d$back <- reference_lag(d$size, d$unit, d$year, 1)
  expect_relative(slopes_of(y ~ l(size, 1) | unit + year, d), slopes_of(y ~ back | unit + year, d), tolerance_exact)
})

test_that("text that is mostly numbers once separators are off is refused, not made dummies", {
  d$share <- paste0(round(50 + 10 * d$x1, 1), "%")
  d$gap <- put(as.character(round(d$x1, 3)), c(2, 9), "..")
  d$when <- paste0(d$year, "\u5e74")
  for (name in c("price", "share", "gap", "when")) {
    expect_refused(fe_model(as.formula(paste("y ~ x2 +", name, "| unit")), d), "type")
  }
  expect_snapshot(error = TRUE, {
    fe_model(y ~ price | unit, d)
    fe_model(y ~ share | unit, d)
    fe_model(y ~ gap | unit, d)
    fe_model(y ~ when | unit, d)
    fe_model(price ~ x1 | unit, d)
    fe_model(y ~ log(price) | unit, d)
  })
})
