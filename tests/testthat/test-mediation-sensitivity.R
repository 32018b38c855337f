# Sensitivity against its formulas written out with residuals, and power.

d <- product_panel()
fit <- function(..., formula = y ~ x + z | unit + year, data = d, mediators = "m", vcov = ~unit, method = "sobel") {
  fe_mediation(formula, data, mediators = mediators, vcov = vcov, method = method, ...)
}
residuals_of <- function(right, outcome, data = d, weights = NULL) {
  stats::residuals(stats::lm(stats::as.formula(paste(outcome, "~", right, "+ unit + factor(year)")), data))
}

test_that("the effect by rho is Imai's, zero at the errors' correlation", {
  m <- fit()
  e1 <- residuals_of("x + z", "y")
  e2 <- residuals_of("x + z", "m")
  r <- sum(e1 * e2) / sqrt(sum(e1^2) * sum(e2^2))
  rho <- c(-.5, 0, .3)
  s <- mediation_sensitivity(m, rho = rho)
  a <- coef(m)[["m:x"]]
  expected <- a * sqrt(sum(e1^2) / sum(e2^2)) * (r - rho * sqrt((1 - r^2) / (1 - rho^2)))
  expect_relative(s$rho$estimate, expected, 1e-9)
  expect_equal(s$rho$estimate[2], effect_of(m, "indirect", "sobel")$estimate, tolerance = 1e-10)
  expect_relative(s$zero$rho, r, 1e-9)
  expect_relative(s$zero$r2_residual, r^2, 1e-9)
  r2 <- function(right, outcome) {
    summary(stats::lm(stats::as.formula(paste(outcome, "~", right, "+ unit + factor(year)")), d))$r.squared
  }
  expect_relative(s$zero$r2_total, r^2 * (1 - r2("x + z", "m")) * (1 - r2("x + m + z", "y")), 1e-9)
  # the share that the mediator explains of what is left is the correlation squared
  expect_equal(s$zero$r2_residual, s$robustness$partial_r2[s$robustness$path == "b"], tolerance = 1e-10)
  expect_true(all(is.na(s$rho$conf.low)))
  expect_equal(mediation_sensitivity(m, rho = s$zero$rho)$rho$estimate, 0, tolerance = 1e-10)
})

test_that("of several mediators residuals are net of the others", {
  m <- fit(mediators = c("m", "n"))
  s <- mediation_sensitivity(m, rho = .2, mediator = "n")
  e1 <- residuals_of("x + z + m", "y")
  e2 <- residuals_of("x + z + m", "n")
  r <- sum(e1 * e2) / sqrt(sum(e1^2) * sum(e2^2))
  expected <- coef(m)[["n:x"]] * sqrt(sum(e1^2) / sum(e2^2)) * (r - .2 * sqrt((1 - r^2) / (1 - .04)))
  expect_relative(s$rho$estimate, expected, 1e-9)
  expect_identical(mediation_sensitivity(m, rho = .2)$mediator, "m")
})

test_that("intervals by rho are those of the draws", {
  units <- sort(unique(d$unit))
  counts <- matrix(1, 40, 12, dimnames = list(NULL, units))
  counts[1:20, ] <- rep(c(2, 0, 1, 1, 3, 0, 1, 0, 1, 1, 1, 1), each = 20)
  m <- fit(method = "percentile", resamples = counts)
  s <- mediation_sensitivity(m, rho = c(0, .4))
  drawn <- d[rep(seq_len(nrow(d)), counts[1, d$unit]), ]
  e1 <- residuals_of("x + z", "y", drawn)
  e2 <- residuals_of("x + z", "m", drawn)
  a <- stats::coef(stats::lm(m ~ x + z + unit + factor(year), drawn))[["x"]]
  r <- sum(e1 * e2) / sqrt(sum(e1^2) * sum(e2^2))
  value <- function(rho) a * sqrt(sum(e1^2) / sum(e2^2)) * (r - rho * sqrt((1 - r^2) / (1 - rho^2)))
  whole <- mediation_sensitivity(fit(), rho = .4)$rho$estimate
  expected <- stats::quantile(rep(c(value(.4), whole), each = 20), c(.025, .975), type = 6, names = FALSE)
  expect_relative(c(s$rho$conf.low[2], s$rho$conf.high[2]), expected, 1e-8)
  row <- effect_of(m, "indirect", "percentile")
  expect_relative(s$rho$conf.low[1], row$conf.low, 1e-10)
})

test_that("robustness values and bounds are sensemakr's", {
  skip_if_not_installed("sensemakr")
  m <- fit()
  s <- mediation_sensitivity(m, benchmark = "z", kd = c(.25, .5))
  f <- list(a = m ~ x + z + unit + factor(year), b = y ~ x + m + z + unit + factor(year),
            direct = y ~ x + m + z + unit + factor(year), total = y ~ x + z + unit + factor(year))
  treatment <- c(a = "x", b = "m", direct = "x", total = "x")
  for (path in names(f)) {
    model <- stats::lm(f[[path]], d)
    found <- s$robustness[s$robustness$path == path, ]
    expect_relative(found$partial_r2, unname(sensemakr::partial_r2(model, treatment[[path]])), 1e-9)
    expect_relative(found$rv, as.numeric(sensemakr::robustness_value(model, treatment[[path]], alpha = 1)), 1e-9)
    expect_equal(found$rv_alpha, as.numeric(sensemakr::robustness_value(model, treatment[[path]], alpha = .05)),
                 tolerance = 1e-9)
    bounds <- sensemakr::ovb_bounds(model, treatment[[path]], benchmark_covariates = "z", kd = c(.25, .5))
    own <- s$bounds[s$bounds$path == path, ]
    for (column in c("r2dz.x", "r2yz.dx", "adjusted_estimate", "adjusted_se")) {
      expect_relative(own[[column]], bounds[[column]], 1e-9)
    }
  }
})

test_that("robustness values and bounds are those of sensemakr, kept", {
  hsb <- read_oracle("hsb200.csv")
  m <- fit(formula = science ~ math + write, data = hsb, mediators = "read", vcov = "iid")
  s <- mediation_sensitivity(m, benchmark = "write", kd = 1)
  kept <- read_oracle("sensemakr_hsb.csv")
  expect_identical(s$robustness$path, kept$path)
  for (column in c("partial_r2", "rv", "rv_alpha")) expect_relative(s$robustness[[column]], kept[[column]], 1e-9)
  for (column in c("r2dz.x", "r2yz.dx", "adjusted_estimate", "adjusted_se")) {
    expect_relative(s$bounds[[column]], kept[[column]], 1e-9)
  }
})

test_that("factor treatments have a set each, and bounds above one are NA", {
  d$k <- c("a", "b", "c")[1 + (seq_len(nrow(d)) * 7) %% 3]
  m <- fit(formula = y ~ factor(k) + z | unit + year, data = d)
  s <- mediation_sensitivity(m, rho = 0)
  expect_identical(s$rho$treatment, c("factor(k)b", "factor(k)c"))
  expect_identical(nrow(s$robustness), 8L)
  expect_warning(big <- mediation_sensitivity(fit(), benchmark = "z", kd = 1e6), class = "flowresil_warning_bound")
  expect_true(all(is.na(big$bounds$adjusted_estimate)))
  expect_snapshot(invisible(mediation_sensitivity(fit(), benchmark = "z", kd = 1e6)))
})

test_that("sensitivity prints, and refuses what it is not of", {
  expect_snapshot(print(mediation_sensitivity(fit(), rho = c(-.5, 0, .5), benchmark = "z")))
  expect_snapshot(error = TRUE, {
    mediation_sensitivity(1)
    mediation_sensitivity(fit(method = "two_step"))
    mediation_sensitivity(fit(mediators = c("m", "n"), structure = "serial"))
    mediation_sensitivity(fit(moderator = "v"))
    mediation_sensitivity(fit(interaction = TRUE))
    mediation_sensitivity(fit(), rho = 1)
    mediation_sensitivity(fit(), benchmark = "m")
    mediation_sensitivity(fit(), kd = -1)
  })
  expect_refused(mediation_sensitivity(fit(), mediator = "n"), "choice")
})

test_that("power counts rejections and coverage, the same for a seed", {
  skip_on_cran()
  p <- mediation_power(10, 5, a = 1, b = 1, direct = .2, method = c("sobel", "joint", "percentile"), replications = 12,
                       seed = 4, R = 99)
  expect_identical(p$method, c("sobel", "joint", "percentile"))
  expect_true(all(p$rejection > .8))
  expect_identical(is.na(p$coverage), c(FALSE, TRUE, FALSE))
  expect_equal(p$mc.error, sqrt(p$rejection * (1 - p$rejection) / 12))
  again <- mediation_power(10, 5, a = 1, b = 1, direct = .2, method = c("sobel", "joint", "percentile"),
                           replications = 12, seed = 4, R = 99)
  expect_identical(again, p)
  none <- mediation_power(10, 5, a = 0, b = 0, direct = 0, method = "joint", replications = 40, seed = 1)
  expect_lt(none$rejection, .2)
  expect_refused(mediation_power(10, 5, 1, 1, 0, icc = 1), "number")
  expect_refused(mediation_power(10, 5, 1, 1, 0, ar = 1), "number")
  expect_refused(mediation_power(10, 5, 1, 1, 0, method = "none"), "choice")
  expect_refused(mediation_power(10, 5, 1, 1, 0, seed = -1), "seed")
})

test_that("noise has variance one, the share that is the unit's and the autocorrelation asked for", {
  v <- matrix(flowresil:::panel_noise(1, 1, 4000, 5, .3, .6), 5)
  expect_equal(stats::var(as.vector(v)), 1, tolerance = .05)
  expect_equal(stats::cor(v[1, ], v[2, ]), .3 + .7 * .6, tolerance = .05)
  expect_equal(stats::cor(v[1, ], v[5, ]), .3 + .7 * .6^4, tolerance = .1)
})
