# Fields and methods that base R's default methods read --------------------------------------------

test_that("terms and model frame hold the effects as factors, so that they are lm's on dummies", {
  m <- shared_fit(weights = w)
  l <- dummies(weights = w)
  expect_identical(attr(terms(m), "term.labels"), attr(terms(l), "term.labels"))
  expect_identical(labels(m), attr(terms(l), "term.labels"))
  expect_identical(formula(terms(m)), formula(l), ignore_formula_env = TRUE)
  frame <- model.frame(m)
  theirs <- model.frame(l)
  expect_identical(names(frame), names(theirs))
  expect_identical(rownames(frame), rownames(theirs))
  expect_identical(unname(as.list(frame)), unname(as.list(theirs)), ignore_attr = TRUE)
  expect_identical(model.response(frame), model.response(theirs), ignore_attr = TRUE)
  expect_identical(model.weights(frame), model.weights(theirs))
  x <- model.matrix(terms(m), frame)
  expect_identical(dimnames(x), dimnames(model.matrix(l)))
  expect_within(x, model.matrix(l), 0)
})

test_that("terms of lags, factors, transformations and interacted effects evaluate to the columns of the fit", {
  d <- shared_panel()
  formulas <- list(
    y ~ l(x, 1:2) + z | id + year, log(y + 9) ~ poly(z, 2) + group * x | id + year, y ~ x + z:group | id^group,
    y ~ x + group, y ~ x - 1, y ~ x + factor(region) | year
  )
  for (f in formulas) {
    m <- quietly(fe_model(f, d, unit = id, time = year))
    x <- model.matrix(terms(m), model.frame(m))
    fit <- lm.fit(x, model.response(model.frame(m)))
    expect_within(fit$coefficients[names(coef(m))], coef(m), 1e-10)
    expect_within(fit$residuals, residuals(m), 1e-10)
  }
})

test_that("terms and model frame are refused above 1000 levels, and regressors without effects are not asked for one", {
  d <- data.frame(id = rep(1:1001, each = 2), x = sin(1:2002), y = cos((1:2002)^2))
  m <- fe_model(y ~ x | id, d)
  expect_refused(terms(m), "unsupported")
  expect_refused(model.frame(m), "unsupported")
  expect_identical(labels(m), c("x", "factor(id)"))
  expect_snapshot(error = TRUE, {
    terms(m)
    model.frame(m)
  })
  none <- fe_model(y ~ x, d)
  expect_identical(names(model.frame(none)), c("y", "x"))
})

test_that("na.action gives the rows lost for missing values, numbered within the subset", {
  expect_identical(unclass(na.action(shared_fit())), unclass(na.action(dummies())))
  m <- shared_fit(subset = year > 2002)
  l <- dummies(subset = year > 2002)
  expect_identical(as.vector(na.action(m)), as.vector(na.action(model.frame(l))))
  expect_identical(names(na.action(m)), names(na.action(l)))
  expect_null(na.action(shared_fit(data = shared_panel(FALSE))))
})

test_that("names of rows and coefficients, extractAIC and residual types are lm's", {
  m <- shared_fit(weights = w)
  l <- dummies(weights = w)
  expect_identical(case.names(m), case.names(l))
  expect_identical(variable.names(m), slopes_of)
  expect_relative(extractAIC(m), extractAIC(l))
  expect_within(residuals(m, "pearson"), residuals(l, "pearson"), 1e-12)
  expect_within(weighted.residuals(m), weighted.residuals(l), 1e-12)
  expect_within(residuals(m, "response"), residuals(l), 1e-12)
})

test_that("residuals and fitted values fill the data where all rows are asked for", {
  d <- shared_panel()
  m <- shared_fit(subset = year > 2002)
  theirs <- lm(y ~ x + z + factor(id) + factor(year), d, subset = year > 2002)
  full <- residuals(m, full = TRUE)
  expect_length(full, nrow(d))
  expect_identical(names(full)[!is.na(full)], names(residuals(theirs)))
  expect_within(full[!is.na(full)], residuals(theirs), 1e-12)
  expect_within(fitted(m, full = TRUE)[names(fitted(theirs))], fitted(theirs), 1e-12)
  expect_identical(is.na(fitted(m, full = TRUE)), is.na(full))
})

test_that("leverage and what follows from it are those of lm on dummies", {
  d <- shared_panel()
  effects <- list("", "| id", "| id + year", "| year + group", "| id + year + group")
  for (e in effects) {
    m <- quietly(fe_model(as.formula(paste("y ~ x + z", e)), d, weights = w, correction = "dummies"))
    with_dummies <- paste("y ~ x + z", gsub("year", "factor(year)", sub("|", "+", e, fixed = TRUE)))
    l <- lm(as.formula(with_dummies), d, weights = w)
    for (f in list(hatvalues, rstandard, rstudent, cooks.distance)) expect_within(f(m), f(l), 1e-11)
    expect_within(dfbeta(m)[, slopes_of], dfbeta(l)[, slopes_of], 1e-12)
  }
})

test_that("leverage of a disconnected panel is that of lm, which drops what is not identified", {
  d <- transform(shared_panel(), year = year + ifelse(region %in% c("a", "b"), 0, 100))
  m <- shared_fit(data = d)
  expect_within(hatvalues(m), hatvalues(lm(y ~ x + z + id + factor(year), d)), 1e-11)
})

test_that("leverage beside more levels than are computed is refused", {
  d <- data.frame(a = rep(1:1100, 3), b = rep(1:1100, each = 3), x = sin(1:3300), y = cos((1:3300)^2))
  m <- fe_model(y ~ x | a + b, d)
  expect_refused(hatvalues(m), "unsupported")
  expect_snapshot(error = TRUE, hatvalues(m))
  one <- fe_model(y ~ x | a, d)
  expect_relative(sum(hatvalues(one)), 1101)
})

# Refused --------------------------------------------------------------------------------------------

test_that("generics that would leave the effects out are refused with what to use instead", {
  m <- shared_fit()
  calls <- alist(
    add1(m, ~ . + w), drop1(m), anova(m), alias(m), dummy.coef(m), effects(m), influence(m), dfbetas(m), kappa(m),
    qr(m), proj(m), simulate(m), profile(m), plot(m), step(m, trace = 0)
  )
  for (call in calls) expect_refused(eval(call), "unsupported")
  expect_snapshot(error = TRUE, {
    add1(m, ~ . + w)
    drop1(m)
    anova(m)
    alias(m)
    dummy.coef(m)
    effects(m)
    influence(m)
    dfbetas(m)
    kappa(m)
    qr(m)
    proj(m)
    simulate(m)
    profile(m)
    plot(m)
  })
})
