V <- function(scale = 1) {
  m <- shared_fit(vcov = ~region)
  scale * vcov(m)
}

test_that("a matrix is taken by the names of its rows, with t of n - K degrees of freedom", {
  m <- shared_fit(vcov = ~region)
  given <- V(4)[2:1, 2:1]
  t <- tidy(m, vcov = given)
  expect_relative(t$std.error, 2 * sqrt(diag(vcov(m))), tolerance_exact)
  expect_relative(t$p.value, 2 * pt(abs(t$statistic), df.residual(m), lower.tail = FALSE), tolerance_exact)
  expect_relative(confint(m, vcov = given)[, 2], coef(m) + qt(.975, df.residual(m)) * t$std.error, tolerance_exact)
  expect_relative(vcov(m, vcov = given), 4 * vcov(m), tolerance_exact)
  wald <- drop(coef(m) %*% solve(4 * vcov(m), coef(m))) / 2
  expect_relative(glance(m, vcov = given)$statistic, wald, tolerance_oracle)
  expect_relative(glance(m, vcov = given)$p.value, pf(wald, 2, df.residual(m), lower.tail = FALSE), tolerance_oracle)
  rows_only <- given
  colnames(rows_only) <- NULL
  expect_relative(vcov(m, vcov = rows_only), 4 * vcov(m), tolerance_exact)
})

test_that("a function of the model gives the matrix", {
  skip_if_not_installed("sandwich")
  m <- shared_fit()
  by_hand <- function(model) sandwich::vcovCL(model, ~region, type = "HC1")
  expect_relative(tidy(m, vcov = by_hand)$std.error, sqrt(diag(vcov(m, ~region, "plm"))))
  expect_relative(summary(m, vcov = sandwich::vcovHC)$coefficients[, 2],
                  sqrt(diag(sandwich::vcovHC(dummies())))[slopes_of])
})

test_that("df overrides the degrees of freedom, of a matrix and of the model's own variance", {
  m <- shared_fit(vcov = ~region)
  expect_relative(tidy(m, vcov = V(), df = 3)$p.value, tidy(m)$p.value, tolerance_exact)
  t <- tidy(m, df = Inf)
  expect_relative(t$p.value, 2 * pnorm(abs(t$statistic), lower.tail = FALSE), tolerance_exact)
  expect_relative(unname(confint(m, df = 5)[, 2] - coef(m)), qt(.975, 5) * tidy(m)$std.error, tolerance_exact)
  expect_relative(glance(m, df = 3)$p.value, glance(m)$p.value, tolerance_exact)
  expect_snapshot(print(summary(m, vcov = V(), df = 12)))
})

test_that("what is no variance of the coefficients is refused", {
  m <- shared_fit()
  unnamed <- unname(V())
  expect_refused(tidy(m, vcov = unnamed), "vcov")
  expect_refused(tidy(m, vcov = V()[1, 1, drop = FALSE]), "vcov")
  other <- V()
  dimnames(other) <- list(c("x", "q"), c("x", "q"))
  expect_refused(summary(m, vcov = other), "vcov")
  expect_refused(tidy(m, vcov = V() * c(1, 2)), "vcov")
  expect_refused(tidy(m, vcov = -V()), "vcov")
  expect_refused(tidy(m, vcov = V() * NA), "vcov")
  text <- matrix("a", 2, 2, dimnames = dimnames(other))
  expect_refused(tidy(m, vcov = text), "vcov")
  expect_refused(tidy(m, vcov = function(model) 1), "vcov")
  expect_refused(tidy(m, vcov = function(model) stop("not today")), "vcov")
  expect_refused(tidy(m, vcov = V(), correction = "plm"), "argument")
  expect_refused(tidy(m, df = 0), "number")
  expect_refused(tidy(m, df = c(3, 4)), "number")
  expect_snapshot(error = TRUE, {
    tidy(m, vcov = unnamed)
    tidy(m, vcov = V()[1, 1, drop = FALSE])
    summary(m, vcov = other)
    tidy(m, vcov = V() * c(1, 2))
    tidy(m, vcov = -V())
    tidy(m, vcov = V() * NA)
    tidy(m, vcov = text)
    tidy(m, vcov = function(model) stop("not today"))
    tidy(m, vcov = V(), correction = "plm")
    tidy(m, df = 0)
  })
})

test_that("tidy, glance and augment leave arguments that they do not know to others", {
  m <- shared_fit()
  expect_identical(tidy(m, coef_rename = FALSE, parametric = TRUE), tidy(m))
  expect_identical(glance(m, robust = TRUE), glance(m))
  expect_identical(augment(m, type.predict = "response"), augment(m))
  models <- quietly(fe_compare(y ~ x | id, shared_panel(), subsets = list(all = TRUE, early = year < 2006)))
  expect_identical(tidy(models, parametric = TRUE), tidy(models))
  expect_identical(glance(models, robust = TRUE), glance(models))
  steps <- quietly(fe_mediation(y ~ x | id, shared_panel(), mediators = z))
  expect_identical(tidy(steps, exponentiate = FALSE), tidy(steps))
  expect_identical(glance(steps, robust = TRUE), glance(steps))
})

test_that("a level is refused by the name of the argument that gave it", {
  m <- shared_fit()
  expect_refused(tidy(m, conf.int = TRUE, conf.level = 95), "number")
  expect_refused(confint(m, "nosuch"), "term")
  expect_refused(confint(m, 3), "term")
  expect_refused(confint(m, TRUE), "term")
  expect_refused(print(m, digits = "a"), "number")
  expect_refused(fixed_effects(1), "type")
  expect_snapshot(error = TRUE, {
    tidy(m, conf.int = TRUE, conf.level = 90)
    confint(m, "nosuch")
    confint(m, 3)
    confint(m, list())
    print(m, digits = "a")
    print(summary(m), digits = 0)
    fixed_effects(1)
  })
  expect_identical(confint(m, -1), confint(m)["z", , drop = FALSE])
})

test_that("a perfect fit is told, as lm does", {
  d <- transform(shared_panel(FALSE), y = 2 * x)
  perfect <- fe_model(y ~ x + z | id, d)
  expect_warning(summary(lm(y ~ x + z + id, d)), "essentially perfect fit")
  expect_warning(summary(perfect), class = "flowresil_warning_perfect_fit")
  expect_snapshot(invisible(summary(perfect)))
  expect_no_warning(summary(shared_fit()))
})

test_that("every print method checks its digits", {
  printed <- list(
    shared_fit(), summary(shared_fit()), quietly(fe_mediation(y ~ x | id, shared_panel(), mediators = z)),
    hp_filter(sin(1:9), 6.25), quietly(export_resilience(province_panel, exports, province, year, base = 2009))
  )
  for (object in printed) expect_refused(print(object, digits = "a"), "number")
})

test_that("print keeps whole numbers whole, whatever scipen says", {
  m <- shared_fit(vcov = ~region)
  withr::local_options(scipen = -10)
  expect_snapshot(print(m))
})
