d <- fe_panel("balanced")
d[["GDP per head"]] <- d$x2
d[["growth in %"]] <- d$w
d[["a type"]] <- d$region
plain <- c("GDP per head", "growth in %")
fit <- function(...) quietly(suppressWarnings(fe_model(...)))

test_that("a column is called by its plain name, whatever stands beside it or left of the tilde", {
  for (formula in list(
    y ~ `GDP per head` + `growth in %` | unit, exp(y) ~ `GDP per head` + `growth in %` | unit,
    y ~ `GDP per head` + `growth in %` + log(w) | unit, y ~ `GDP per head` + `growth in %` + d(x1) | unit + year
  )) {
    m <- fit(formula, d)
    expect_identical(names(coef(m))[1:2], plain)
    expect_identical(rownames(vcov(m))[1:2], plain)
    expect_identical(colnames(model.matrix(m))[1:2], plain)
    expect_identical(colnames(sandwich::estfun(m))[1:2], plain)
  }
  m <- fit(y ~ x1 + `GDP per head` + I(2 * x1) + `a type` | unit, d)
  expect_identical(m$dropped$term, c("I(2 * x1)", "a typemiddle", "a typewest"))
  expect_identical(fit(`GDP per head` ~ x1 | unit, d)$outcome, "GDP per head")
  expect_identical(fit(`GDP per head` ~ log(w) | unit, d)$outcome, "GDP per head")
})

test_that("interactions join plain names, calls keep R's text", {
  m <- fit(y ~ `GDP per head`:`a type` + log(`growth in %`) + x1:`GDP per head`, d)
  expect_identical(names(coef(m)), c(
    "(Intercept)", "log(`growth in %`)", "GDP per head:a typeeast", "GDP per head:a typemiddle",
    "GDP per head:a typewest", "GDP per head:x1"
  ))
  theirs <- coef(lm(y ~ `GDP per head`:`a type` + log(`growth in %`) + x1:`GDP per head`, d))
  expect_relative(coef(m), theirs, 1e-9)
  expect_relative(predict(m, d), fitted(m))
})

test_that("a term is found with and without backticks, and with other blanks", {
  match <- flowresil:::match_terms
  terms <- c("x1", "GDP per head", "log(`a b`)", "a b:x1", "l(x1, 1)")
  expect_identical(match(c("x1", "`GDP per head`", "GDP per head"), terms), c(1L, 2L, 2L))
  expect_identical(match(c("log(a b)", "`a b`:x1", "l(x1,1)", "nosuch"), terms), c(3L, 4L, 5L, NA))
  expect_identical(match("a b", c("`a` b", "a `b`")), NA_integer_) # which one?
})

test_that("tables and comparisons have one row a variable, however the term is given", {
  m1 <- fit(y ~ `GDP per head` | unit, d)
  m2 <- fit(exp(y) ~ `GDP per head` + x1 | unit, d)
  for (show in c("GDP per head", "`GDP per head`")) {
    body <- as.data.frame(fe_table(m1, m2, show = show))
    expect_identical(sum(grepl("GDP per head", body[[1]])), 1L)
  }
  compared <- fe_compare(y ~ x1 + log(w) | unit, d, treatments = "GDP per head")
  expect_no_error(fe_table(compared, show = "GDP per head"))
  for (treatment in c("GDP per head", "`GDP per head`")) {
    m <- fe_mediation(y ~ x1 + log(w) + `GDP per head` | unit, d, mediators = group, treatment = treatment)
    expect_identical(m$treatment, "GDP per head")
  }
})
