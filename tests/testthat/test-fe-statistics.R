example_panel <- function() {
  d <- fe_panel("unbalanced")
  d$x1[4] <- NA
  d
}

example_fit <- function(...) quietly(fe_model(y ~ x1 + x2 | unit + year, example_panel(), ...))

# Print ------------------------------------------------------------------------------------------

test_that("print and summary say every convention used", {
  expect_snapshot(print(example_fit()))
  expect_snapshot(print(example_fit(vcov = ~region, correction = "dummies", weights = w, constant = "mean",
                                    subset = year > 2003)))
  expect_snapshot(print(summary(example_fit(), vcov = "HC1", correction = "plm")))
  expect_snapshot(print(fe_model(y ~ x1, fe_panel())))
  expect_snapshot(print(fe_model(y ~ x1 | unit + year + group, fe_panel("balanced"))))
  many <- suppressWarnings(
    fe_model(y ~ poly(x1, 5) + poly(x2, 4) + factor(region) | unit, fe_panel()), "flowresil_warning_collinear"
  )
  expect_snapshot(print(many))
})

test_that("print fits 15 lines and gives its argument back", {
  m <- example_fit(vcov = ~region, constant = "mean")
  expect_lte(length(capture.output(print(m))), 15)
  capture.output(back <- withVisible(print(m)))
  expect_false(back$visible)
  expect_identical(back$value, m)
  s <- summary(m)
  expect_s3_class(s, "summary.fe_model")
  capture.output(back <- withVisible(print(s)))
  expect_identical(back$value, s)
})

# Rows and values --------------------------------------------------------------------------------

test_that("fitted and residuals have a value for each row used, named by its number, and add up to the outcome", {
  d <- example_panel()
  m <- example_fit(weights = w)
  rows <- setdiff(seq_len(nrow(d)), 4)
  expect_identical(names(fitted(m)), as.character(rows))
  expect_identical(names(residuals(m)), as.character(rows))
  expect_within(fitted(m) + residuals(m), d$y[rows], 1e-14)
  expect_relative(sum(d$w[rows] * residuals(m)^2), deviance(m), tolerance_exact)
  expect_identical(weights(m), d$w[rows])
  expect_identical(nobs(m), length(rows))
  expect_null(weights(example_fit()))
})

test_that("augment gives the used rows with fitted values and residuals", {
  d <- example_panel()
  a <- augment(example_fit())
  expect_s3_class(a, "data.frame", exact = TRUE)
  expect_identical(names(a), c(names(d), ".fitted", ".resid"))
  expect_identical(a$unit, d$unit[-4])
  expect_identical(a$.resid, unname(residuals(example_fit())))
})

test_that("predict without new data is fitted, with the data of the fit the same values", {
  d <- example_panel()
  m <- example_fit()
  expect_identical(predict(m), fitted(m))
  p <- predict(m, d)
  expect_identical(names(p), as.character(seq_len(nrow(d))))
  expect_within(p[-4], fitted(m), 1e-13)
  expect_true(is.na(p[[4]]))
  three <- fe_model(y ~ x1 | unit + year + group, fe_panel())
  expect_within(predict(three, fe_panel()), fitted(three), 1e-9)
  none <- fe_model(y ~ x1 * x2, fe_panel())
  expect_within(predict(none, fe_panel()), fitted(none), 1e-13)
  no_intercept <- fe_model(y ~ x1 - 1, fe_panel())
  expect_within(predict(no_intercept, fe_panel()), fitted(no_intercept), 1e-13)
  constants <- example_fit(constant = "dummy")
  expect_within(predict(constants, d)[-4], fitted(constants), 1e-13)
})

test_that("predict takes new rows in any order and type, and says which levels it does not know", {
  d <- fe_panel("unbalanced")
  m <- fe_model(y ~ x1 + factor(group) + log(w + 2) | unit + year, d)
  new <- d[c(9, 3, 9), ]
  new$x1 <- new$x1 + 1
  expect_within(predict(m, new), fitted(m)[c(9, 3, 9)] + coef(m)[["x1"]], 1e-12)
  new$unit[2] <- "elsewhere"
  expect_warning(p <- predict(m, new), class = "flowresil_warning_unseen_level")
  expect_identical(is.na(unname(p)), c(FALSE, TRUE, FALSE))
  expect_snapshot(invisible(predict(m, new)))
  # numbers match as numbers: 1e5 as integer, double and text of either
  d$id <- as.integer(factor(d$unit)) + 99998L
  by_number <- fe_model(y ~ x1 | id, d)
  expect_within(predict(by_number, transform(d, id = as.double(id))), fitted(by_number), 1e-13)
  d$unit <- factor(d$unit)
  expect_within(predict(m, d), fitted(m), 1e-12)
})

test_that("predict tells interacted levels apart where their joined names are the same", {
  d <- data.frame(
    a = rep(c("p_q", "p", "z"), each = 6), b = rep(c("r", "q_r", "r"), each = 6), x = sin(1:18), y = cos((1:18)^2)
  )
  m <- fe_model(y ~ x | a^b, d)
  expect_identical(m$effects$n_levels[["a^b"]], 3L)
  expect_within(predict(m, d), fitted(m), 1e-14)
  three <- fe_model(y ~ x | a^b^g, transform(d, g = rep(1:2, 9)))
  expect_within(predict(three, transform(d, g = rep(1:2, 9))), fitted(three), 1e-14)
})

test_that("predict makes lags by the new data's own unit and time", {
  d <- fe_panel("balanced")
  m <- quietly(fe_model(y ~ l(x1, 1) + x2 | unit + year, d))
  new <- d[d$unit %in% c("u01", "u02"), ]
  p <- suppressWarnings(predict(m, new), "flowresil_warning_unseen_level") # the first year has no lag
  both <- new$year > 2001
  expect_within(p[both], fitted(m)[as.character(which(d$unit %in% c("u01", "u02") & d$year > 2001))], 1e-13)
  expect_true(all(is.na(p[!both])))
})

test_that("model.matrix: regressors as they stand, and demeaned", {
  d <- example_panel()
  m <- example_fit(weights = w)
  x <- model.matrix(m)
  expect_identical(dimnames(x), list(as.character(setdiff(seq_len(nrow(d)), 4)), c("x1", "x2")))
  expect_identical(unname(x[, "x2"]), d$x2[-4])
  z <- model.matrix(m, "within")
  r <- reference_fe(d[-4, ], "y", c("x1", "x2"), c("unit", "year"), d$w[-4])
  expect_within(z, r$x, 1e-12)
  expect_identical(colnames(model.matrix(fe_model(y ~ x1, fe_panel()))), c("(Intercept)", "x1"))
})

# Effects ----------------------------------------------------------------------------------------

test_that("fixed effects are lm's dummies with the first level of later effects at zero", {
  for (kind in c("balanced", "unbalanced")) {
    d <- fe_panel(kind)
    m <- fe_model(y ~ x1 + x2 | unit + year, d)
    effects <- fixed_effects(m)
    theirs <- coef(lm(y ~ 0 + unit + x1 + x2 + factor(year), d))
    expect_identical(names(effects), c("unit", "year"))
    expect_within(effects$unit, theirs[paste0("unit", names(effects$unit))], 1e-11)
    expect_within(effects$year, c(0, theirs[paste0("factor(year)", names(effects$year)[-1])]), 1e-11)
    expect_identical(names(effects$year), as.character(sort(unique(d$year))))
  }
})

test_that("fixed effects and slopes add up to fitted values, connected or not, weighted or not", {
  for (kind in fe_panel_kinds) {
    d <- fe_panel(kind)
    for (effects in list("unit", c("unit", "year"), c("unit", "year", "group"))) {
      m <- fe_model(as.formula(paste("y ~ x1 + x2 |", paste(effects, collapse = "+"))), d, weights = w)
      values <- fixed_effects(m)
      sum <- as.matrix(d[c("x1", "x2")]) %*% coef(m)
      for (e in effects) sum <- sum + values[[e]][as.character(d[[e]])]
      expect_within(sum, fitted(m), 1e-9)
    }
  }
  expect_length(fixed_effects(fe_model(y ~ x1, fe_panel())), 0)
})

# Measures and tables ----------------------------------------------------------------------------

test_that("tidy and glance use broom's names", {
  m <- example_fit(vcov = ~region)
  t <- tidy(m, conf.int = TRUE, conf.level = .9)
  expect_identical(names(t), c("term", "estimate", "std.error", "statistic", "p.value", "df", "conf.low", "conf.high"))
  expect_identical(t$term, c("x1", "x2"))
  expect_identical(t$df, unname(m$variance$df))
  expect_relative(t$estimate, coef(m), tolerance_exact)
  expect_relative(t$std.error, sqrt(diag(vcov(m))), tolerance_exact)
  expect_relative(t$statistic, t$estimate / t$std.error, tolerance_exact)
  expect_relative(cbind(t$conf.low, t$conf.high), confint(m, level = .9), tolerance_exact)
  expect_identical(names(tidy(m)), names(t)[1:6])
  g <- glance(m)
  expect_identical(nrow(g), 1L)
  expect_identical(names(g), c(
    "r.squared", "adj.r.squared", "within.r.squared", "adj.within.r.squared", "sigma", "statistic", "p.value", "df",
    "df.residual", "logLik", "AIC", "BIC", "nobs"
  ))
})

test_that("the F statistic is the Wald test of all slopes by the variance asked for", {
  m <- example_fit()
  for (v in list("iid", "HC1", ~unit)) {
    g <- glance(m, vcov = v)
    wald <- drop(coef(m) %*% solve(vcov(m, v), coef(m))) / 2
    expect_relative(g$statistic, wald, tolerance_oracle)
    df <- summary(m, v)$variance$df[[1L]]
    expect_relative(g$p.value, pf(wald, 2, df, lower.tail = FALSE), tolerance_oracle)
  }
  lm_fit <- lm(y ~ x1 + x2, fe_panel())
  expect_relative(glance(fe_model(y ~ x1 + x2, fe_panel()))$statistic, summary(lm_fit)$fstatistic[["value"]])
})

test_that("squared residuals and squares about the mean make the R2, with the effects and within them", {
  d <- fe_panel("unbalanced")
  m <- fe_model(y ~ x1 + x2 | unit + year, d)
  g <- glance(m)
  n <- nrow(d)
  K <- n - df.residual(m)
  rss <- sum(residuals(m)^2)
  within <- sum(resid(lm(y ~ unit + factor(year), d))^2)
  expect_relative(g$r.squared, 1 - rss / sum((d$y - mean(d$y))^2))
  expect_relative(g$within.r.squared, 1 - rss / within)
  expect_relative(g$adj.r.squared, 1 - rss / (n - K) / (sum((d$y - mean(d$y))^2) / (n - 1)))
  expect_relative(g$adj.within.r.squared, 1 - rss / (n - K) / (within / (n - K + 2)))
  expect_relative(g$sigma, sqrt(rss / (n - K)))
})

test_that("confint names its columns by level and takes names and numbers", {
  m <- example_fit()
  expect_identical(dimnames(confint(m)), list(c("x1", "x2"), c("2.5 %", "97.5 %")))
  expect_identical(confint(m, "x2"), confint(m)["x2", , drop = FALSE])
  expect_identical(confint(m, 2), confint(m)["x2", , drop = FALSE])
  expect_identical(colnames(confint(m, level = .9)), c("5 %", "95 %"))
})

test_that("update changes each part of the formula and any argument", {
  d <- fe_panel("unbalanced")
  m <- fe_model(y ~ x1 | unit + year, d)
  same <- function(changed, wanted) {
    expect_identical(coef(changed), coef(wanted))
    expect_identical(vcov(changed), vcov(wanted))
  }
  same(update(m, . ~ . + x2), fe_model(y ~ x1 + x2 | unit + year, d))
  same(update(m, . ~ . + x2 | .), fe_model(y ~ x1 + x2 | unit + year, d))
  same(update(m, . ~ . | unit), fe_model(y ~ x1 | unit, d))
  same(update(m, . ~ . | . + group), fe_model(y ~ x1 | unit + year + group, d))
  same(update(m, x2 ~ .), fe_model(x2 ~ x1 | unit + year, d))
  same(update(m, . ~ x2 - x1 | .), fe_model(y ~ x2 | unit + year, d))
  same(update(m, . ~ . | 0), fe_model(y ~ x1, d))
  same(update(m, vcov = ~region), fe_model(y ~ x1 | unit + year, d, vcov = ~region))
  same(update(m, weights = w, correction = "plm"), fe_model(y ~ x1 | unit + year, d, weights = w, correction = "plm"))
  expect_identical(deparse(update(m, . ~ . + x2, evaluate = FALSE)),
                   "fe_model(formula = y ~ x1 + x2 | unit + year, data = d)")
  lagged <- quietly(fe_model(y ~ l(x1, 1:2) | unit + year, d))
  expect_identical(names(coef(quietly(update(lagged, . ~ . + x2)))), c("l(x1, 1)", "l(x1, 2)", "x2"))
})

test_that("the formula comes back as it was written", {
  f <- y ~ x1 + l(x2, 1:2) | unit + year
  m <- quietly(fe_model(f, fe_panel()))
  expect_identical(formula(m), f, ignore_formula_env = TRUE)
})

# Bad requests -----------------------------------------------------------------------------------

test_that("methods refuse what they do not know", {
  m <- example_fit()
  expect_error(vcov(m, "HC4"), class = "flowresil_error_vcov")
  expect_error(vcov(m, vcv = "iid"), class = "flowresil_error_argument")
  expect_error(vcov(m, correction = "stata"), class = "flowresil_error_choice")
  expect_error(vcov(m, ~nowhere), class = "flowresil_error_missing_column")
  expect_error(summary(m, ~unit + log(year)), class = "flowresil_error_vcov")
  expect_error(confint(m, level = 1), class = "flowresil_error_number")
  expect_error(confint(m, level = "95"), class = "flowresil_error_number")
  expect_error(tidy(m, conf.int = "yes"), class = "flowresil_error_flag")
  expect_error(tidy(m, conf.int = TRUE, conf.level = 95), class = "flowresil_error_number")
  expect_error(augment(m, data = 1), class = "flowresil_error_type")
  expect_error(predict(m, 1:3), class = "flowresil_error_type")
  expect_error(predict(m, data.frame(x1 = 1, x2 = 1)), class = "flowresil_error_missing_column")
  expect_error(predict(m, data.frame(x1 = 1, unit = "u01", year = 2001)), class = "flowresil_error_missing_column")
  expect_error(predict(m, newdata = example_panel()[0, ]), class = "flowresil_error_empty")
  expect_error(model.matrix(m, "demeaned"), class = "flowresil_error_choice")
  expect_snapshot(error = TRUE, {
    vcov(m, "HC4")
    vcov(m, vcv = "iid")
    vcov(m, ~nowhere)
    summary(m, ~unit + log(year))
    confint(m, level = 1)
    predict(m, data.frame(x1 = 1, x2 = 1))
    predict(m, 1:3)
  })
})
