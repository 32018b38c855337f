effect_sets <- list(none = character(), unit = "unit", two = c("unit", "year"), three = c("unit", "year", "group"))

formula_for <- function(effects, right = "y ~ x1 + x2") {
  as.formula(paste(right, if (length(effects)) paste("|", paste(effects, collapse = " + "))))
}

fit_panel <- function(data, effects, weighted = FALSE, ...) {
  formula <- formula_for(effects)
  quietly(if (weighted) fe_model(formula, data, weights = w, ...) else fe_model(formula, data, ...))
}

standard_errors <- function(model, ...) sqrt(diag(vcov(model, ...)))

# By hand ----------------------------------------------------------------------------------------

test_that("two units in two years: the slope is the difference in differences", {
  d <- data.frame(unit = c("a", "a", "b", "b"), year = c(1, 2, 1, 2), x = c(0, 1, 0, 3), y = c(1, 4, 2, 9))
  m <- fe_model(y ~ x | unit, d)
  # demeaned x (-.5, .5, -1.5, 1.5), y (-1.5, 1.5, -3.5, 3.5): xy 12, xx 5, yy 29
  expect_within(coef(m), 12 / 5, 1e-14)
  expect_within(m$residual_squares, 29 - 144 / 5, 1e-13)
  expect_within(vcov(m), (29 - 144 / 5) / (4 - 3) / 5, 1e-14)
  expect_identical(names(coef(m)), "x")
  expect_identical(df.residual(m), 1)
})

test_that("a line through three points without effects has lm's intercept", {
  m <- fe_model(y ~ x, data.frame(x = 0:2, y = c(1, 2, 4)))
  expect_within(coef(m), c(5 / 6, 3 / 2), 1e-14)
  expect_identical(names(coef(m)), c("(Intercept)", "x"))
  # residual squares 1/6 on one degree of freedom; (1/n + xbar^2/xx) and 1/xx
  expect_within(standard_errors(m), sqrt(c(1 / 3 + 1 / 2, 1 / 2) / 6), 1e-14)
})

test_that("clusters by hand: one regressor, no effects, no intercept", {
  d <- data.frame(x = c(1, 1, 2, 2), y = c(1, 3, 4, 5), g = c("a", "b", "a", "b"))
  m <- fe_model(y ~ x - 1, d, vcov = ~g, correction = "none")
  # slope 22/10; residuals -1.2 .8 -.4 .6; scores by cluster -1.2 - .8 and .8 + 1.2
  expect_within(coef(m), 2.2, 1e-14)
  expect_within(vcov(m), (4 + 4) / 100, 1e-14)
  expect_within(vcov(m, correction = "fixest"), 2 / 1 * 3 / 3 * 8 / 100, 1e-14)
})

# The slow reference -----------------------------------------------------------------------------

test_that("coefficients and every variance equal those of dummies, written out", {
  for (kind in fe_panel_kinds) {
    d <- fe_panel(kind)
    for (effects in effect_sets) {
      for (weighted in c(FALSE, TRUE)) {
        m <- fit_panel(d, effects, weighted)
        r <- reference_fe(d, "y", c("x1", "x2"), effects, if (weighted) d$w)
        slopes <- c("x1", "x2")
        expect_relative(coef(m)[slopes], r$coefficients)
        expect_relative(residuals(m), r$residuals / r$root)
        J <- length(effects)
        K <- if (J) 2 + sum(r$n_levels) - (J - 1) else 3
        rank <- 2 + r$rank
        V <- function(...) vcov(m, ...)[slopes, slopes]
        expect_relative(V("iid", "fixest"), reference_vcov(r, "iid", K))
        expect_relative(V("iid", "dummies"), reference_vcov(r, "iid", rank))
        expect_relative(V("iid", "plm"), reference_vcov(r, "iid", K))
        expect_relative(V("iid", "none"), reference_vcov(r, "iid", 0))
        expect_relative(V("HC0", "fixest"), reference_vcov(r, "HC0"))
        expect_relative(V("HC1", "fixest"), reference_vcov(r, "HC1", K))
        expect_relative(V("HC1", "dummies"), reference_vcov(r, "HC1", rank))
        expect_relative(V("HC1", "plm"), reference_vcov(r, "HC1", 2))
        expect_relative(V("HC1", "none"), reference_vcov(r, "HC0"))
        for (cluster in c("unit", "region", "group")) {
          by <- as.formula(paste0("~", cluster))
          g <- d[[cluster]]
          expect_relative(V(by, "dummies"), reference_vcov(r, "cluster", rank, g))
          expect_relative(V(by, "plm"), reference_vcov(r, "cluster", 2, g))
          G <- length(unique(g))
          n <- nrow(d)
          expect_relative(V(by, "none"), reference_vcov(r, "cluster", 1, g) / (G / (G - 1)))
          nested <- vapply(effects, function(e) all(rowSums(table(d[[e]], g) > 0) == 1), NA)
          inside <- sum((r$n_levels - 1)[nested])
          expect_relative(V(by, "fixest"), reference_vcov(r, "cluster", K - inside, g))
          if (J < 3) {
            # reghdfe by its formula: the rank that connected components give, less what is nested
            expect_relative(V(by, "reghdfe"), reference_vcov(r, "cluster", rank - inside, g))
            expect_relative(V("iid", "reghdfe"), reference_vcov(r, "iid", rank))
          }
        }
      }
    }
  }
})

test_that("a disconnected panel counts its components", {
  d <- fe_panel("disconnected")
  m <- fit_panel(d, c("unit", "year"))
  levels <- length(unique(d$unit)) + length(unique(d$year))
  expect_identical(m$n_parameters, 2 + levels - 1)
  for (correction in c("reghdfe", "dummies")) {
    expect_identical(fit_panel(d, c("unit", "year"), correction = correction)$n_parameters, 2 + levels - 2)
  }
})

# Values from outside ----------------------------------------------------------------------------

test_that("stored values of fixest: every effect, weight and variance, to 1e-10", {
  oracle <- read_oracle("fixest_coefficients.csv")
  expect_identical(nrow(oracle), 240L)
  for (case in split(oracle, oracle[c("panel", "weighted", "effects", "vcov")], drop = TRUE)) {
    d <- fe_panel(case$panel[1])
    vcov <- switch(case$vcov[1],
      iid = "iid", hetero = "HC1", as.formula(paste0("~", case$vcov[1]))
    )
    m <- fit_panel(d, effect_sets[[case$effects[1]]], case$weighted[1], vcov = vcov)
    expect_relative(coef(m)[case$term], case$estimate, tolerance_oracle)
    expect_relative(standard_errors(m)[case$term], case$std.error, tolerance_oracle)
  }
})

test_that("stored values of fixest: measures of fit", {
  oracle <- read_oracle("fixest_fit.csv")
  for (i in seq_len(nrow(oracle))) {
    o <- oracle[i, ]
    g <- glance(fit_panel(fe_panel(o$panel), effect_sets[[o$effects]], o$weighted))
    expect_identical(g$nobs, o$nobs)
    expect_relative(c(g$r.squared, g$adj.r.squared, g$sigma), c(o$r2, o$ar2, o$sigma))
    if (o$effects != "none") {
      expect_relative(c(g$within.r.squared, g$adj.within.r.squared), c(o$wr2, o$war2))
    }
    if (!o$weighted) expect_relative(g$logLik, o$loglik)
  }
})

test_that("lm on dummies with sandwich: coefficients, classical, HC0, HC1, clusters", {
  skip_if_not_installed("sandwich")
  for (kind in fe_panel_kinds) {
    d <- fe_panel(kind)
    for (effects in effect_sets) {
      right <- paste(c("y ~ x1 + x2", if (length(effects)) paste0("factor(", effects, ")")), collapse = " + ")
      for (weighted in c(FALSE, TRUE)) {
        lm_fit <- if (weighted) lm(as.formula(right), d, weights = w) else lm(as.formula(right), d)
        m <- fit_panel(d, effects, weighted, correction = "dummies")
        slopes <- c("x1", "x2")
        same <- function(ours, theirs) expect_relative(ours[slopes, slopes], theirs[slopes, slopes])
        expect_relative(coef(m)[slopes], coef(lm_fit)[slopes])
        same(vcov(m), vcov(lm_fit))
        same(vcov(m, "HC0"), sandwich::vcovHC(lm_fit, "HC0"))
        # vcovHC() counts the dropped dummies of a rank-deficient fit, vcovCL() does not
        n <- nrow(d)
        same(vcov(m, "HC1"), sandwich::vcovHC(lm_fit, "HC0") * n / (n - lm_fit$rank))
        for (cluster in c("unit", "region")) {
          theirs <- sandwich::vcovCL(lm_fit, d[[cluster]], type = "HC0", cadjust = FALSE)
          G <- length(unique(d[[cluster]]))
          same(vcov(m, as.formula(paste0("~", cluster))), theirs * G / (G - 1) * (n - 1) / (n - lm_fit$rank))
        }
        if (!anyNA(coef(lm_fit))) {
          same(vcov(m, "HC1"), sandwich::vcovHC(lm_fit, "HC1"))
          same(vcov(m, ~unit), sandwich::vcovCL(lm_fit, d$unit, type = "HC1"))
        }
        expect_within(df.residual(m), df.residual(lm_fit), 0)
        expect_relative(sigma(m), sigma(lm_fit))
        expect_relative(logLik(m), logLik(lm_fit))
        expect_relative(c(AIC(m), BIC(m)), c(AIC(lm_fit), BIC(lm_fit)))
        expect_relative(glance(m)$r.squared, summary(lm_fit)$r.squared)
        expect_relative(glance(m)$adj.r.squared, summary(lm_fit)$adj.r.squared)
        expect_relative(fitted(m), fitted(lm_fit))
      }
    }
  }
})

test_that("plm: classical, arellano HC1 and sss by unit, one and two effects", {
  skip_if_not_installed("plm")
  for (kind in c("balanced", "unbalanced")) {
    d <- fe_panel(kind)
    for (effect in c("individual", "twoways")) {
      theirs <- plm::plm(y ~ x1 + x2, d, index = c("unit", "year"), model = "within", effect = effect)
      m <- fit_panel(d, if (effect == "twoways") c("unit", "year") else "unit", correction = "plm")
      expect_relative(coef(m), coef(theirs))
      expect_relative(vcov(m), vcov(theirs))
      expect_within(df.residual(m), df.residual(theirs), 0)
      expect_relative(vcov(m, ~unit), plm::vcovHC(theirs, method = "arellano", type = "sss", cluster = "group"))
      expect_relative(vcov(m, ~unit, "none"), plm::vcovHC(theirs, method = "arellano", type = "HC0", cluster = "group"))
      expect_relative(vcov(m, "HC1"), plm::vcovHC(theirs, method = "white1", type = "HC1"))
      expect_relative(vcov(m, "HC0"), plm::vcovHC(theirs, method = "white1", type = "HC0"))
      expect_relative(glance(m)$within.r.squared, summary(theirs)$r.squared[["rsq"]])
    }
  }
})

test_that("Stata's published output on Grunfeld's investments, to its printed digits", {
  skip_if_not_installed("plm")
  # webuse grunfeld; xtreg invest mvalue kstock, fe: the convention of reghdfe with one effect. Stata's file
  # holds floats, so that the last printed digit of what is not of the size of the slopes may differ.
  grunfeld <- new.env()
  utils::data("Grunfeld", package = "plm", envir = grunfeld)
  m <- fe_model(inv ~ value + capital | firm, grunfeld$Grunfeld, correction = "reghdfe", constant = "mean")
  expect_within(coef(m)[["value"]], .1101238, tolerance_printed(7))
  expect_within(coef(m)[["capital"]], .3100653, tolerance_printed(7))
  expect_within(coef(m)[["(Intercept)"]], -58.74393, tolerance_printed(4))
  expect_within(standard_errors(m)[["value"]], .0118567, tolerance_printed(7))
  expect_within(standard_errors(m)[["capital"]], .0173545, tolerance_printed(7))
  expect_within(standard_errors(m)[["(Intercept)"]], 12.45369, tolerance_printed(5))
  expect_within(confint(m)["value", ], c(.0867345, .1335131), tolerance_printed(7))
  expect_within(confint(m)["(Intercept)", ], c(-83.31086, -34.177), tolerance_printed(4))
  expect_within(sigma(m), 52.767964, tolerance_printed(5))
  expect_within(glance(m)$statistic, 309.01, tolerance_printed(2))
})

# Constants --------------------------------------------------------------------------------------

test_that("the mean constant is reghdfe's, with the variance of a regression on columns put back at their means", {
  for (kind in fe_panel_kinds) {
    for (weighted in c(FALSE, TRUE)) {
      d <- fe_panel(kind)
      w <- if (weighted) d$w else rep(1, nrow(d))
      r <- reference_fe(d, "y", c("x1", "x2"), c("unit", "year"), w)
      mean_of <- function(x) sum(w * x) / sum(w)
      X <- cbind(1, r$x / r$root + rep(c(mean_of(d$x1), mean_of(d$x2)), each = nrow(d)))
      bread <- solve(crossprod(X * r$root))
      m <- fit_panel(d, c("unit", "year"), weighted, constant = "mean", correction = "none")
      constant <- mean_of(d$y) - sum(c(mean_of(d$x1), mean_of(d$x2)) * r$coefficients)
      expect_relative(coef(m), c(constant, r$coefficients))
      expect_relative(vcov(m), bread * sum(r$residuals^2) / nrow(d))
      scores <- X * r$root * r$residuals
      expect_relative(vcov(m, "HC0"), bread %*% crossprod(scores) %*% bread)
      expect_relative(vcov(m, ~region), bread %*% crossprod(rowsum(scores, d$region)) %*% bread)
    }
  }
})

test_that("the dummy constant is lm's intercept of the first unit and year, with its variances", {
  skip_if_not_installed("sandwich")
  for (kind in c("balanced", "unbalanced")) {
    d <- fe_panel(kind)
    for (weighted in c(FALSE, TRUE)) {
      lm_fit <- if (weighted) {
        lm(y ~ x1 + x2 + unit + factor(year), d, weights = w)
      } else {
        lm(y ~ x1 + x2 + unit + factor(year), d)
      }
      m <- fit_panel(d, c("unit", "year"), weighted, constant = "dummy", correction = "dummies")
      terms <- c("(Intercept)", "x1", "x2")
      expect_identical(names(coef(m)), terms)
      expect_relative(coef(m), coef(lm_fit)[terms])
      expect_relative(vcov(m), vcov(lm_fit)[terms, terms])
      expect_relative(vcov(m, "HC1"), sandwich::vcovHC(lm_fit, "HC1")[terms, terms])
      expect_relative(vcov(m, ~region), sandwich::vcovCL(lm_fit, d$region, type = "HC1")[terms, terms])
    }
  }
})

# Invariances ------------------------------------------------------------------------------------

test_that("the order of rows, the names of units and the threads change nothing", {
  d <- fe_panel("unbalanced")
  m <- fit_panel(d, c("unit", "year"), TRUE, vcov = ~region)
  o <- order(sin(seq_len(nrow(d))))
  shuffled <- fit_panel(d[o, ], c("unit", "year"), TRUE, vcov = ~region)
  expect_relative(coef(shuffled), coef(m), tolerance_exact)
  expect_relative(vcov(shuffled), vcov(m), tolerance_exact)
  expect_within(residuals(shuffled), residuals(m)[o], 1e-12)
  renamed <- d
  renamed$unit <- chartr("u0123456789", "zefghijabcd", d$unit)
  again <- fit_panel(renamed, c("unit", "year"), TRUE, vcov = ~region)
  expect_relative(coef(again), coef(m), tolerance_exact)
  expect_relative(vcov(again), vcov(m), tolerance_exact)
  swapped <- fit_panel(d, c("year", "unit"), TRUE, vcov = ~region)
  expect_relative(coef(swapped), coef(m), tolerance_exact)
})

test_that("results have the same bits for any number of threads", {
  d <- fe_panel("unbalanced", 400, 120)
  expect_gt(nrow(d), 20000)
  fit <- function(threads, effects) {
    withr::with_options(list(flowresil.threads = threads), {
      m <- fit_panel(d, effects, vcov = ~region)
      list(coef(m), vcov(m), vcov(m, "HC1"), residuals(m))
    })
  }
  for (effects in effect_sets[-1]) {
    alone <- fit(1, effects)
    expect_identical(fit(2, effects), alone)
    expect_identical(fit(3, effects), alone)
  }
})

test_that("units of measurement go through coefficients and errors", {
  d <- fe_panel("unbalanced")
  m <- fit_panel(d, c("unit", "year"))
  scaled <- transform(d, x1 = x1 * 1e6, x2 = x2 * 1e-6, y = y * 1e3)
  s <- fit_panel(scaled, c("unit", "year"))
  expect_relative(coef(s) / coef(m), c(1e-3, 1e9), tolerance_exact)
  expect_relative(coef(s)[1], coef(m)[1] * 1e-3, tolerance_exact)
  expect_relative(standard_errors(s)[1], standard_errors(m)[1] * 1e-3, 1e-11)
  expect_relative(standard_errors(s)[2], standard_errors(m)[2] * 1e9, 1e-11)
  expect_relative(glance(s)$r.squared, glance(m)$r.squared, tolerance_exact)
})

test_that("a constant added to the outcome or to a regressor changes no slope", {
  d <- fe_panel("unbalanced")
  for (effects in effect_sets) {
    m <- fit_panel(d, effects)
    moved <- fit_panel(transform(d, y = y + 100, x1 = x1 - 10), effects)
    expect_relative(coef(moved)[c("x1", "x2")], coef(m)[c("x1", "x2")], tolerance_exact)
    expect_relative(vcov(moved)[c("x1", "x2"), c("x1", "x2")], vcov(m)[c("x1", "x2"), c("x1", "x2")], 1e-11)
  }
})

test_that("a regressor at 1e7 with a spread of .1 has the coefficient of the same regressor at 0", {
  d <- fe_panel("unbalanced")
  d$x1 <- round(d$x1 * 2^20) / 2^24 # so that adding 1e7 loses nothing
  far <- transform(d, x1 = x1 + 1e7)
  for (effects in effect_sets) {
    m <- fit_panel(d, effects)
    expect_relative(coef(fit_panel(far, effects))["x1"], coef(m)["x1"], 1e-11)
  }
})

test_that("weights act as in lm: all equal is none, doubling changes no coefficient", {
  d <- fe_panel("unbalanced")
  plain <- fit_panel(d, c("unit", "year"))
  d$one <- 2
  equal <- fe_model(y ~ x1 + x2 | unit + year, d, weights = one)
  expect_relative(coef(equal), coef(plain), tolerance_exact)
  expect_relative(vcov(equal), vcov(plain), 1e-11)
  heavy <- fe_model(y ~ x1 + x2 | unit + year, d, weights = 7 * w)
  expect_relative(coef(heavy), coef(fit_panel(d, c("unit", "year"), TRUE)), tolerance_exact)
})

test_that("effects in any spelling of the same groups give the same model", {
  d <- fe_panel("unbalanced")
  m <- coef(fit_panel(d, c("unit", "year")))
  d$factor <- factor(d$unit, levels = c(rev(unique(d$unit)), "never"))
  d$number <- as.integer(factor(d$unit)) * 1000L
  d$real <- d$number / 7
  d$date <- as.Date("2020-01-01") + d$number
  for (name in c("factor", "number", "real", "date")) {
    expect_relative(coef(fit_panel(d, c(name, "year"))), m, tolerance_exact)
  }
  d$pair <- paste(d$unit, d$group)
  expect_relative(
    coef(fe_model(y ~ x1 + x2 | unit^group + year, d)), coef(fit_panel(d, c("pair", "year"))), tolerance_exact
  )
  three <- fe_model(y ~ x1 + x2 | region^group^year, d)
  expect_identical(three$effects$n_levels[["region^group^year"]], nrow(unique(d[c("region", "group", "year")])))
})

# Regressors that are not identified -------------------------------------------------------------

test_that("absorbed and collinear regressors are dropped, named with the reason, and change nothing else", {
  d <- fe_panel("unbalanced")
  m <- fit_panel(d, c("unit", "year"))
  d$by_unit <- as.integer(factor(d$unit)) * 1.7
  d$by_both <- d$by_unit + sin(d$year)
  d$copy <- 3 * d$x1 - 2 * d$x2 + d$by_unit
  d$flat <- 4
  expect_warning(
    more <- fe_model(y ~ flat + x1 + by_unit + x2 + copy + by_both | unit + year, d),
    class = "flowresil_warning_collinear"
  )
  expect_snapshot(invisible(fe_model(y ~ flat + x1 + by_unit + x2 + copy + by_both | unit + year, d)))
  expect_relative(coef(more), coef(m), tolerance_exact)
  expect_relative(vcov(more), vcov(m), 1e-11)
  expect_identical(more$dropped$term, c("flat", "by_unit", "copy", "by_both"))
  expect_identical(more$dropped$reason, c("absorbed", "absorbed", "collinear", "absorbed"))
  expect_identical(more$dropped$detail[1:3], c("constant", "absorbed by `unit`", "collinear with `x1` and `x2`"))
  expect_identical(more$dropped$detail[4], "absorbed by `unit` and `year`")
  expect_identical(df.residual(more), df.residual(m))
  expect_identical(names(coef(more)), c("x1", "x2"))
})

test_that("a column whose spread is 1e-8 of its level survives", {
  d <- fe_panel("balanced")
  d$x1 <- 1 + 1e-8 * sin(seq_len(nrow(d)))
  m <- fit_panel(d, c("unit", "year"))
  expect_identical(names(coef(m)), c("x1", "x2"))
  r <- reference_fe(transform(d, x1 = (x1 - 1) * 1e8), "y", c("x1", "x2"), c("unit", "year"))
  expect_relative(coef(m) * c(1e-8, 1), r$coefficients, 1e-7)
})

# Samples ----------------------------------------------------------------------------------------

test_that("rows with missing values are dropped, counted by variable and said", {
  d <- fe_panel("balanced")
  d$x1[c(3, 7)] <- NA
  d$y[c(7, 20)] <- NaN
  expect_message(m <- fe_model(y ~ x1 + x2 | unit + year, d), class = "flowresil_message_dropped_rows")
  expect_snapshot(invisible(fe_model(y ~ x1 + x2 | unit + year, d)))
  quietly(expect_no_condition_of(fe_model(y ~ x1 + x2 | unit + year, d)))
  kept <- fit_panel(d[-c(3, 7, 20), ], c("unit", "year"))
  expect_relative(coef(m), coef(kept), tolerance_exact)
  expect_identical(m$sample$dropped, c(missing = 3L))
  expect_identical(m$sample$missing, c(x1 = 2, y = 2))
  expect_identical(names(residuals(m)), as.character(setdiff(seq_len(nrow(d)), c(3, 7, 20))))
  expect_identical(nobs(m), nrow(d) - 3L)
})

test_that("subset takes conditions and row numbers, and lags look beyond it", {
  d <- fe_panel("balanced")
  m <- fit_panel(d[d$year > 2002, ], c("unit", "year"))
  expect_relative(coef(fe_model(y ~ x1 + x2 | unit + year, d, subset = year > 2002)), coef(m), tolerance_exact)
  rows <- which(d$year > 2002)
  expect_relative(coef(fe_model(y ~ x1 + x2 | unit + year, d, subset = rows)), coef(m), tolerance_exact)
  expect_relative(coef(fe_model(y ~ x1 + x2 | unit + year, d, subset = -which(year <= 2002))), coef(m),
                  tolerance_exact)
  d$lag <- reference_lag(d$x1, d$unit, d$year, 1)
  expect_relative(
    coef(fe_model(y ~ l(x1, 1) | unit + year, d, subset = year > 2002)),
    coef(fe_model(y ~ lag | unit + year, d[d$year > 2002, ])), tolerance_exact
  )
  d$keep <- ifelse(d$year == 2003, NA, d$year > 2003)
  with_na <- fe_model(y ~ x1 + x2 | unit + year, d, subset = keep)
  expect_identical(with_na$sample$dropped, c(subset = sum(d$year <= 2003)))
})

test_that("singletons are kept and counted, and reghdfe's correction warns of them", {
  d <- fe_panel("unbalanced")
  m <- fit_panel(d, c("unit", "year"))
  expect_identical(m$effects$singletons$unit, "u12")
  expect_warning(fe_model(y ~ x1 + x2 | unit + year, d, correction = "reghdfe"),
                 class = "flowresil_warning_singletons")
  expect_snapshot(invisible(fe_model(y ~ x1 + x2 | unit + year, d, correction = "reghdfe")))
  # the row alone in its unit has no residual and moves no coefficient
  expect_within(residuals(m)[d$unit == "u12"], 0, 1e-13)
  expect_relative(coef(fit_panel(d[d$unit != "u12", ], c("unit", "year"))), coef(m), tolerance_exact)
})

test_that("one unit, one period and effects of one level work where they are defined", {
  d <- fe_panel("balanced")
  one_unit <- d[d$unit == "u01", ]
  expect_relative(coef(fe_model(y ~ x1 | unit, one_unit)), coef(lm(y ~ x1, one_unit))["x1"], tolerance_oracle)
  one_year <- d[d$year == 2001, ]
  expect_relative(coef(fe_model(y ~ x1 | year + region, one_year)),
                  coef(lm(y ~ x1 + region, one_year))["x1"], tolerance_oracle)
})

test_that("an outcome may depend on nothing but the intercept", {
  d <- fe_panel("unbalanced")
  m <- expect_no_condition_of(fe_model(y ~ 1, d))
  expect_relative(coef(m), mean(d$y), tolerance_exact)
  expect_relative(vcov(m), var(d$y) / nrow(d), tolerance_exact)
})

test_that("three effects by iteration: convergence is reported, and too few steps warned of", {
  d <- fe_panel("unbalanced", 40, 20)
  m <- fit_panel(d, c("unit", "year", "group"))
  expect_identical(m$solver$method, "iterative")
  expect_true(m$solver$converged)
  expect_gt(m$solver$iterations, 0)
  expect_lte(m$solver$relative_error, 1e-10)
  expect_warning(
    hasty <- fe_model(y ~ x1 + x2 | unit + year + group, d, max_iterations = 1),
    class = "flowresil_warning_not_converged"
  )
  expect_false(hasty$solver$converged)
  expect_identical(fit_panel(d, c("unit", "year"))$solver$method, "direct")
})

test_that("objects survive saveRDS", {
  d <- fe_panel("unbalanced")
  withr::local_options(flowresil.quiet = TRUE)
  m <- fe_model(y ~ x1 + l(x2, 1) | unit + year, d, vcov = ~region)
  file <- withr::local_tempfile(fileext = ".rds")
  saveRDS(m, file)
  back <- readRDS(file)
  expect_identical(coef(back), coef(m))
  expect_identical(vcov(back, ~group, "dummies"), vcov(m, ~group, "dummies"))
  expect_identical(residuals(back), residuals(m))
  expect_identical(suppressWarnings(predict(back, d), "flowresil_warning_unseen_level"),
                   suppressWarnings(predict(m, d), "flowresil_warning_unseen_level"))
  expect_identical(coef(update(back, . ~ . + w)), coef(update(m, . ~ . + w)))
})

test_that("the model can be fitted inside a function, with arguments passed on", {
  d <- fe_panel("unbalanced")
  fit <- function(data, outcome, effect, weights, cluster, keep) {
    formula <- as.formula(paste(outcome, "~ x1 + I(x2 * scale) |", effect))
    environment(formula) <- environment()
    scale <- 10
    fe_model(formula, data, vcov = as.formula(paste0("~", cluster)), weights = weights, subset = keep)
  }
  m <- fit(d, "y", "unit", d$w, "region", d$year > 2003)
  direct <- fe_model(y ~ x1 + I(x2 * 10) | unit, d, vcov = ~region, weights = w, subset = year > 2003)
  expect_relative(coef(m), coef(direct), tolerance_exact)
  expect_relative(vcov(m), vcov(direct), tolerance_exact)
  by_name <- function(data, weights) fe_model(y ~ x1 | unit, data, weights = weights)
  expect_relative(coef(by_name(d, "w")), coef(fe_model(y ~ x1 | unit, d, weights = w)), tolerance_exact)
  embraced <- function(data, weights) fe_model(y ~ x1 | unit, data, weights = {{ weights }})
  expect_relative(coef(embraced(d, w * 2)), coef(fe_model(y ~ x1 | unit, d, weights = w)), tolerance_exact)
})

test_that("columns and units may have Chinese names, or names that need backticks", {
  d <- fe_panel("unbalanced")
  m <- fe_model(y ~ x1 | unit + year, d, vcov = ~unit)
  names(d)[match(c("unit", "year", "y", "x1"), names(d))] <- c("\u7701\u4efd", "\u5e74\u4efd", "\u97e7\u6027", "my x")
  d[["\u7701\u4efd"]] <- paste0("\u7701", d[["\u7701\u4efd"]])
  f <- as.formula("`\u97e7\u6027` ~ `my x` | `\u7701\u4efd` + `\u5e74\u4efd`")
  chinese <- fe_model(f, d, vcov = as.formula("~`\u7701\u4efd`"))
  expect_identical(unname(coef(chinese)), unname(coef(m)))
  expect_relative(vcov(chinese), vcov(m), tolerance_exact)
  expect_identical(names(chinese$effects$n_levels), c("\u7701\u4efd", "\u5e74\u4efd"))
  expect_identical(unname(predict(chinese, d)), unname(predict(m, fe_panel("unbalanced"))))
})

test_that("data frames of every kind give the same model", {
  withr::local_options(flowresil.quiet = TRUE)
  d <- fe_panel("unbalanced")
  formula <- y ~ x1 + log(w + 2) | unit + year
  m <- fe_model(formula, d, vcov = ~region)
  same <- function(data) {
    other <- fe_model(formula, data, vcov = ~region)
    expect_relative(coef(other), coef(m), tolerance_exact)
    expect_relative(vcov(other), vcov(m), tolerance_exact)
    expect_relative(predict(other, data), predict(m, d), tolerance_exact)
    expect_identical(dim(augment(other)), dim(augment(m)))
  }
  if (requireNamespace("tibble", quietly = TRUE)) same(tibble::as_tibble(d))
  if (requireNamespace("data.table", quietly = TRUE)) same(data.table::as.data.table(d))
  if (requireNamespace("dplyr", quietly = TRUE)) same(dplyr::group_by(d, unit))
  skip_if_not_installed("plm")
  p <- plm::pdata.frame(d, index = c("unit", "year"))
  other <- fe_model(formula, p)
  expect_relative(coef(other), coef(m), tolerance_exact)
  expect_relative(
    coef(fe_model(y ~ l(x1, 1) | unit + year, p)), coef(fe_model(y ~ l(x1, 1) | unit + year, d)), tolerance_exact
  )
})

test_that("integer64 and labelled columns are numbers", {
  withr::local_options(flowresil.quiet = TRUE)
  d <- fe_panel("unbalanced")
  d$x1 <- round(d$x1 * 1000)
  m <- fe_model(y ~ x1 + x2 | unit + year, d)
  if (requireNamespace("bit64", quietly = TRUE)) {
    e <- d
    e$x1 <- bit64::as.integer64(d$x1)
    e$year <- bit64::as.integer64(d$year)
    big <- fe_model(y ~ x1 + x2 | unit + year, e)
    expect_relative(coef(big), coef(m), tolerance_exact)
    expect_relative(coef(fe_model(y ~ l(x1) | unit + year, e)), coef(fe_model(y ~ l(x1) | unit + year, d)),
                    tolerance_exact)
  }
  skip_if_not_installed("haven")
  e <- d
  e$x1 <- haven::labelled(d$x1, c(low = 1), label = "a regressor")
  e$unit <- haven::labelled(as.double(factor(d$unit)), c(first = 1))
  e$w <- haven::labelled(d$w)
  labelled <- fe_model(y ~ x1 + x2 | unit + year, e, weights = w)
  expect_relative(coef(labelled), coef(fe_model(y ~ x1 + x2 | unit + year, d, weights = w)), tolerance_exact)
})

test_that("factor regressors with levels that no row uses drop these levels silently", {
  d <- fe_panel("unbalanced")
  d$f <- factor(letters[d$group + 2], levels = letters[1:7])
  plain <- transform(d, f = droplevels(f))
  m <- expect_no_condition_of(fe_model(y ~ x1 + f | unit, d))
  expect_relative(coef(m), coef(fe_model(y ~ x1 + f | unit, plain)), tolerance_exact)
  # also where a level stands in rows that miss something else: first the base level, then another
  for (level in c("b", "d")) {
    e <- d
    e$y[e$f == level] <- NA
    m <- quietly(expect_no_condition_of(fe_model(y ~ x1 + f | unit, e)))
    by_hand <- d[d$f != level, ]
    by_hand$f <- droplevels(by_hand$f)
    expect_relative(coef(m), coef(fe_model(y ~ x1 + f | unit, by_hand)), tolerance_exact)
    expect_identical(m$sample$missing, c(y = as.double(sum(d$f == level))))
    e$f <- as.character(e$f)
    text <- quietly(expect_no_condition_of(fe_model(y ~ x1 + f | unit, e)))
    expect_identical(coef(text), coef(m))
  }
})
