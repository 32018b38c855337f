fitted_panel <- function(kind = "unbalanced", ...) fe_model(y ~ x1 + x2 | unit + year, fe_panel(kind), ...)

test_that("a variance asked for afterwards is the one of a new fit", {
  m <- fitted_panel()
  for (correction in c("fixest", "dummies", "plm", "none")) {
    for (v in list("iid", "HC0", "HC1", ~unit, ~region, ~unit^group)) {
      again <- fitted_panel(vcov = v, correction = correction)
      expect_identical(vcov(m, v, correction), vcov(again))
      expect_identical(confint(m, vcov = v, correction = correction), confint(again))
      expect_identical(tidy(m, vcov = v, correction = correction), tidy(again))
      expect_identical(summary(m, v, correction)$coefficients, summary(again)$coefficients)
    }
  }
})

test_that("t distributions: rows less parameters, or clusters less one", {
  d <- fe_panel("unbalanced")
  m <- fitted_panel()
  K <- 2 + length(unique(d$unit)) + length(unique(d$year)) - 1
  expect_identical(m$variance$df, stats::setNames(rep(nrow(d) - K, length(coef(m))), names(coef(m))))
  table <- summary(m, "HC1")$coefficients
  expect_relative(table[, 4], 2 * pt(-abs(coef(m) / sqrt(diag(vcov(m, "HC1")))), nrow(d) - K), tolerance_exact)
  table <- summary(m, ~region)$coefficients
  expect_relative(table[, 4], 2 * pt(-abs(coef(m) / sqrt(diag(vcov(m, ~region)))), 2), tolerance_exact)
  width <- qt(.95, 2) * sqrt(diag(vcov(m, ~region)))
  expect_relative(confint(m, vcov = ~region, level = .9), cbind(coef(m) - width, coef(m) + width), tolerance_exact)
})

test_that("a cluster need not stand in the model, and may be made of two columns", {
  d <- fe_panel("unbalanced")
  d$pair <- paste(d$unit, d$group, sep = "/")
  m <- fe_model(y ~ x1 | unit + year, d)
  expect_relative(vcov(m, ~unit^group), vcov(m, ~pair), tolerance_exact)
  expect_identical(summary(m, ~unit^group)$variance$n_clusters, length(unique(d$pair)))
  r <- reference_fe(d, "y", "x1", c("unit", "year"))
  expect_relative(vcov(m, ~pair, "plm"), reference_vcov(r, "cluster", 1, d$pair))
})

test_that("clusters use the rows of the fit and no others", {
  d <- fe_panel("unbalanced")
  d$x1[c(2, 9)] <- NA
  d$region[2] <- NA # a row that is not used
  m <- quietly(fe_model(y ~ x1 + x2 | unit + year, d, vcov = ~region, subset = year > 2003))
  used <- d[!is.na(d$x1) & d$year > 2003, ]
  clean <- fe_model(y ~ x1 + x2 | unit + year, used, vcov = ~region)
  expect_relative(vcov(m), vcov(clean), tolerance_exact)
})

test_that("each row its own cluster is HC without its factor", {
  d <- fe_panel("unbalanced")
  d$row <- seq_len(nrow(d))
  m <- fe_model(y ~ x1 + x2 | unit + year, d)
  expect_relative(vcov(m, ~row, "none"), vcov(m, "HC0"), tolerance_exact)
  n <- nrow(d)
  # nothing is nested in rows but everything that has one row a level: here no effect
  K <- n - m$df.residual
  expect_relative(vcov(m, ~row), vcov(m, "HC0") * n / (n - 1) * (n - 1) / (n - K), tolerance_exact)
})

test_that("effects nested in the cluster are not counted by fixest and reghdfe, and are by dummies", {
  d <- fe_panel("balanced") # units lie in regions, years do not
  n <- nrow(d)
  m <- fe_model(y ~ x1 + x2 | unit + year, d)
  K <- 2 + 12 + 8 - 1
  base <- vcov(m, ~region, "none") * 3 / 2 * (n - 1)
  expect_relative(vcov(m, ~region, "fixest"), base / (n - (K - 11)), tolerance_exact)
  expect_relative(vcov(m, ~region, "reghdfe"), base / (n - (K - 11)), tolerance_exact)
  expect_relative(vcov(m, ~region, "dummies"), base / (n - K), tolerance_exact)
  expect_relative(vcov(m, ~region, "plm"), base / (n - 2), tolerance_exact)
  by_year <- vcov(m, ~year, "none") * 8 / 7 * (n - 1)
  expect_relative(vcov(m, ~year, "fixest"), by_year / (n - (K - 7)), tolerance_exact)
})

test_that("variances are symmetric, named and positive", {
  m <- fitted_panel(constant = "mean")
  for (v in list("iid", "HC0", "HC1", ~unit, ~region)) {
    V <- vcov(m, v)
    expect_identical(V, t(V))
    expect_identical(dimnames(V), list(names(coef(m)), names(coef(m))))
    expect_true(all(diag(V) > 0))
    expect_gte(min(eigen(V, TRUE, TRUE)$values), -1e-12 * max(V))
  }
})

test_that("the scaling of a regressor goes through the variance", {
  d <- fe_panel("unbalanced")
  m <- fe_model(y ~ x1 + x2 | unit + year, d)
  s <- fe_model(y ~ I(x1 * 1000) + x2 | unit + year, d)
  for (v in list("iid", "HC1", ~region)) {
    expect_relative(diag(vcov(s, v)) * c(1e6, 1), diag(vcov(m, v)), 1e-11)
  }
})

test_that("what was done is kept in the object", {
  m <- fitted_panel(vcov = ~unit, correction = "plm")
  expect_identical(m$variance[c("type", "cluster", "correction", "n_clusters", "df")],
                   list(type = "cluster", cluster = "unit", correction = "plm", n_clusters = 9L,
                        df = c(x1 = 8, x2 = 8)))
  expect_identical(vcov(m), m$vcov)
  expect_identical(vcov(m, correction = "none"), vcov(m, ~unit, "none"))
})

test_that("sandwich finds scores, bread, clusters and HC variances", {
  skip_if_not_installed("sandwich")
  d <- fe_panel("unbalanced")
  for (constant in c("none", "mean", "dummy")) {
    m <- fe_model(y ~ x1 + x2 | unit + year, d, weights = w, constant = constant)
    n <- nobs(m)
    expect_relative(sandwich::sandwich(m), vcov(m, "HC0"), tolerance_oracle)
    # the bread times the variance of the residuals is the classical variance
    expect_relative(sandwich::bread(m) * m$residual_squares / m$df.residual / n, vcov(m, "iid"), tolerance_oracle)
    expect_relative(sandwich::vcovCL(m, d$region, type = "HC0", cadjust = FALSE), vcov(m, ~region, "none"))
    expect_relative(sandwich::vcovHC(m, "HC0"), vcov(m, "HC0"), tolerance_exact)
    expect_relative(sandwich::vcovHC(m, "HC1"), vcov(m, "HC1"), tolerance_exact)
    expect_relative(sandwich::vcovHC(m, "const"), vcov(m, "iid"), tolerance_exact)
    # normal equations
    expect_within(colSums(sandwich::estfun(m)), rep(0, length(coef(m))), 1e-10)
  }
  m <- fe_model(y ~ x1 + x2 | unit + year, d)
  # sandwich counts the slopes, which is plm's convention
  expect_relative(sandwich::vcovCL(m, d$region, type = "HC1"), vcov(m, ~region, "plm"))
  expect_refused(sandwich::vcovHC(m, "HC4"), "vcov")
  expect_snapshot(error = TRUE, sandwich::vcovHC(m, "HC4"))
})

test_that("lmtest and car use the model as they use lm", {
  d <- fe_panel("balanced")
  m <- fe_model(y ~ x1 + x2 | unit + year, d)
  lm_fit <- lm(y ~ x1 + x2 + unit + factor(year), d)
  if (requireNamespace("lmtest", quietly = TRUE)) {
    expect_relative(lmtest::coeftest(m), lmtest::coeftest(lm_fit)[c("x1", "x2"), ])
    V <- vcov(m, ~unit)
    table <- lmtest::coeftest(m, vcov. = V, df = 11)
    expect_relative(table, summary(m, ~unit)$coefficients, tolerance_exact)
  }
  skip_if_not_installed("car")
  ours <- car::linearHypothesis(m, "x1 + 2 * x2 = 0", test = "Chisq")
  theirs <- car::linearHypothesis(lm_fit, "x1 + 2 * x2 = 0", test = "Chisq")
  expect_relative(ours[2, "Chisq"], theirs[2, "Chisq"])
  ours <- car::linearHypothesis(m, c("x1 = 0", "x2 = 0"))
  theirs <- car::linearHypothesis(lm_fit, c("x1 = 0", "x2 = 0"), test = "F")
  expect_relative(ours[2, "F"], theirs[2, "F"])
  expect_relative(ours[2, "F"], glance(m)$statistic)
})
