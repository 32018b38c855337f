# Newey-West, Driscoll-Kraay, Conley: fixest, plm, and definitions on all pairs of rows.

slopes <- c("x1", "x2")
placed <- function(kind = "balanced") {
  d <- fe_panel(if (kind == "holes") "balanced" else kind)
  i <- as.integer(sub("u", "", d$unit))
  if (kind == "holes") {
    kept <- (3 * i + d$year) %% 7 != 0
    d <- d[kept, ]
    i <- i[kept]
  }
  d$lat <- 20 + (7 * i) %% 17
  d$lon <- 170 + (5 * i) %% 23
  d
}
fit_placed <- function(d, weighted = FALSE) {
  suppressWarnings(if (weighted) fe_model(y ~ x1 + x2 | unit + year, d, weights = "w") else
    fe_model(y ~ x1 + x2 | unit + year, d))
}
# The sandwich of the scores' products times weights of pairs of rows.
by_pairs <- function(m, weights) {
  bread <- sandwich::bread(m) / nobs(m)
  s <- sandwich::estfun(m)
  bread %*% t(s) %*% weights %*% s %*% bread
}

# A year without any row fixest does not count: that is tested by the definition below.
test_that("standard errors equal fixest's, by kernel, correction, holes and weights", {
  oracle <- read_oracle("fixest_kernels.csv")
  for (case in split(oracle, oracle[c("panel", "weighted", "vcov", "argument", "correction")], drop = TRUE)) {
    m <- fit_placed(placed(case$panel[1L]), case$weighted[1L])
    spec <- switch(case$vcov[1L], nw = vcov_nw(case$argument[1L]), dk = vcov_dk(case$argument[1L]),
                   conley = vcov_conley(lat, lon, case$argument[1L]))
    expect_relative(suppressWarnings(sqrt(diag(vcov(m, vcov = spec, correction = case$correction[1L])))),
                    case$std.error, 1e-8)
  }
})

test_that("Newey-West and Driscoll-Kraay equal plm without a factor", {
  skip_if_not_installed("plm")
  d <- placed()
  m <- fit_placed(d)
  p <- plm::plm(y ~ x1 + x2, d, index = c("unit", "year"), effect = "twoways")
  for (lag in 0:3) {
    expect_relative(vcov(m, vcov = vcov_nw(lag), correction = "none"), plm::vcovNW(p, maxlag = lag, type = "HC0"), 1e-8)
    expect_relative(vcov(m, vcov = vcov_dk(lag), correction = "none"),
                    plm::vcovSCC(p, maxlag = lag, type = "HC0"), 1e-8)
  }
})

test_that("kernels over time count periods and not rows", {
  d <- placed("unbalanced")
  d <- d[d$year != 2004, ]
  m <- fit_placed(d, TRUE)
  near <- pmax(1 - abs(outer(d$year, d$year, `-`)) / 3, 0)
  same <- outer(d$unit, d$unit, `==`)
  expect_relative(vcov(m, vcov = vcov_nw(2), correction = "none"), by_pairs(m, near * same), 1e-10)
  expect_relative(vcov(m, vcov = vcov_dk(2), correction = "none"), by_pairs(m, near), 1e-10)
})

test_that("identities with clusters and HC0; the default lag; factors and degrees of freedom", {
  d <- placed("unbalanced")
  m <- fit_placed(d)
  expect_relative(vcov(m, vcov = vcov_dk(0), correction = "none"), vcov(m, vcov = ~year, correction = "none"), 1e-12)
  expect_relative(vcov(m, vcov = vcov_nw(0), correction = "none"), vcov(m, vcov = "HC0"), 1e-12)
  n_times <- length(unique(d$year))
  expect_relative(vcov(m, vcov = vcov_nw()), vcov(m, vcov = vcov_nw(floor(n_times^.25))), tolerance_exact)
  n <- nobs(m)
  for (correction in c("fixest", "reghdfe", "dummies", "plm")) {
    K <- n - suppressWarnings(df.residual(fe_model(y ~ x1 + x2 | unit + year, d, correction = correction)))
    factor <- n_times / (n_times - 1) * (n - 1) / (n - K)
    for (spec in list(vcov_nw(1), vcov_dk(1))) {
      expect_relative(vcov(m, vcov = spec, correction = correction),
                      factor * vcov(m, vcov = spec, correction = "none"), tolerance_exact)
      expect_identical(tidy(m, vcov = spec)$df, rep(n_times - 1, 2))
    }
    space <- vcov_conley(lat, lon, 500)
    expect_relative(vcov(m, vcov = space, correction = correction),
                    n / (n - K) * vcov(m, vcov = space, correction = "none"), tolerance_exact)
  }
  expect_identical(tidy(m, vcov = vcov_conley(lat, lon, 500))$df, rep(df.residual(m), 2))
})

test_that("Conley is the sum over all pairs of rows, anywhere on the globe", {
  set.seed(5)
  n <- 300
  d <- data.frame(
    lat = c(stats::runif(n - 7, -90, 90), 90, 90, -90, 89.9, -89.95, 0, 0),
    lon = c(stats::runif(n - 7, -180, 180), 10, 200, -170, 100, -80, 180, -180), x = stats::rnorm(n),
    y = stats::rnorm(n)
  )
  m <- fe_model(y ~ x, d)
  east <- fe_model(y ~ x, transform(d, lon = ifelse(lon < 0, lon + 360, lon)))
  apart <- distances(d$lat, d$lon)
  for (cutoff in c(40, 700, 4000, 9000, 15000)) {
    for (kernel in c("uniform", "bartlett")) {
      weights <- (apart <= cutoff) * if (kernel == "uniform") 1 else 1 - apart / cutoff
      expected <- by_pairs(m, weights)
      skip_repaired <- min(eigen(expected, symmetric = TRUE)$values) < 0
      if (skip_repaired) next
      for (one in list(m, east)) {
        expect_relative(vcov(one, vcov = vcov_conley(lat, lon, cutoff, kernel), correction = "none"), expected, 1e-9)
      }
    }
  }
  near <- data.frame(lat = 0, lon = rep(c(181, -179), 20), x = sin(1:40), y = cos(1:40))
  V <- vcov(fe_model(y ~ x, near), vcov = vcov_conley(lat, lon, 1), correction = "none")
  expect_lt(max(abs(V)), 1e-20) # one place: the scores' sum is zero
})

test_that("a kernel that is not positive is repaired and said", {
  set.seed(1)
  d <- data.frame(lat = 0, lon = 1:30, x = stats::rnorm(30), y = (-1)^(1:30))
  d$x <- d$x + (-1)^(1:30)
  m <- fe_model(y ~ x, d)
  expect_warning(V <- vcov(m, vcov = vcov_conley(lat, lon, 120)), class = "flowresil_warning_not_positive")
  expect_true(all(diag(V) >= 0))
})

test_that("columns may be bare, strings, expressions or the model's own", {
  d <- placed()
  m <- fit_placed(d)
  held <- list(unit = "unit", time = "year")
  one <- vcov(m, vcov = vcov_nw(2, unit = unit, time = year))
  expect_identical(vcov(m, vcov = vcov_nw(2, unit = "unit", time = "year")), one)
  expect_identical(vcov(m, vcov = vcov_nw(2, unit = held$unit, time = held$time)), one)
  expect_identical(vcov(m, vcov = vcov_nw(2)), one)
  expect_identical(vcov(m, vcov = vcov_dk(2)), vcov(m, vcov = vcov_dk(2, time = year)))
  expect_identical(vcov(m, vcov = vcov_conley("lat", "lon", 500)), vcov(m, vcov = vcov_conley(lat, lon, 500)))
  lags <- fe_model(y ~ l(x1) | region, d, unit = unit, time = year)
  expect_true(all(is.finite(vcov(lags, vcov = vcov_nw(1)))))
  fitted <- fe_model(y ~ x1 + x2 | unit + year, d, vcov = vcov_nw(2))
  expect_identical(vcov(fitted), one)
  expect_identical(vcov(update(fitted, . ~ . - x2)), vcov(fe_model(y ~ x1 | unit + year, d, vcov = vcov_nw(2))))
  expect_identical(vcov(unserialize(serialize(fitted, NULL)), correction = "fixest"), one)
})

test_that("print and tables say it; bad input is refused", {
  d <- placed()
  d$hole <- replace(d$lat, 4, NA)
  d$far <- d$lat + 80
  d$word <- "north"
  m <- fit_placed(d)
  expect_snapshot({
    print(vcov_nw())
    print(vcov_nw(2, unit = unit))
    print(vcov_dk(1, time = "year"))
    print(vcov_conley(lat, lon, 500, "bartlett"))
    print(fe_model(y ~ x1 | unit + year, d, vcov = vcov_nw()))
    print(fe_table(fe_model(y ~ x1 | unit + year, d, vcov = vcov_dk())))
    print(fe_table(fe_model(y ~ x1 | unit + year, d, vcov = vcov_conley(lat, lon, 500)), language = "zh"))
  })
  twice <- suppressWarnings(fe_model(y ~ x1 | unit, rbind(d, d[5, ])))
  expect_refused(vcov(twice, vcov = vcov_nw(1, unit = unit, time = year)), "duplicate_rows")
  expect_refused(vcov_nw(-1), "number")
  expect_refused(vcov_dk(1.5), "number")
  expect_refused(vcov_conley(lat, lon, 0), "number")
  expect_refused(vcov_conley(lat, lon), "missing_argument")
  expect_refused(vcov_conley(lat, lon, 1, "cosine"), "choice")
  expect_refused(vcov(m, vcov = vcov_conley(far, lon, 100)), "number")
  expect_refused(vcov(m, vcov = vcov_conley(hole, lon, 100)), "missing_value")
  expect_refused(vcov(m, vcov = vcov_conley(word, lon, 100)), "type")
  expect_refused(vcov(m, vcov = vcov_conley(nowhere, lon, 100)), "missing_column")
  expect_refused(vcov(fe_model(y ~ x1, d), vcov = vcov_nw(1)), "missing_argument")
  expect_refused(vcov(fe_model(y ~ x1, d[d$year == 2003, ]), vcov = vcov_dk(1, time = year)), "one_cluster")
  expect_snapshot(error = TRUE, vcov_conley(lat, lon, 0))
  expect_snapshot(error = TRUE, vcov_conley(lat, lon))
  expect_snapshot(error = TRUE, vcov_nw(-1))
  expect_snapshot(error = TRUE, vcov(m, vcov = vcov_conley(far, lon, 100)))
  expect_snapshot(error = TRUE, vcov(m, vcov = vcov_conley(hole, lon, 100)))
  expect_snapshot(error = TRUE, vcov(fe_model(y ~ x1, d), vcov = vcov_nw(1)))
  expect_snapshot(error = TRUE, vcov(fe_model(y ~ x1, d[d$year == 2003, ]), vcov = vcov_dk(1, time = year)))
})
