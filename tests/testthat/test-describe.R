# Descriptions against base R, written-out means and car.

panel <- data.frame(
  id = rep(c("a", "b", "c"), c(4, 3, 4)), year = c(1:4, 1:3, 1:4),
    group = c("x", "y")[c(1, 2, 1, 2, 2, 1, 1, 2, 1, 2, 1)],
  x = c(1, 5, NA, 2, 8, 3, 4, 9, 9, 1, 2), z = c(2, 4, 4, 4, 5, 5, 7, 9, 1, 0, 3)
)

test_that("a description has base R's moments and quantiles, and xtsum's two spreads", {
  d <- as.data.frame(describe_panel(panel, c(x, z), id, year))
  expect_identical(names(d), c("variable", "n", "n_missing", "mean", "sd", "sd_between", "sd_within", "min", "p25",
                               "median", "p75",
                               "max", "n_units", "n_times"))
  x <- panel$x[!is.na(panel$x)]
  id <- panel$id[!is.na(panel$x)]
  means <- tapply(x, id, mean)
  expect_within(unlist(d[1L, c("mean", "sd", "sd_between", "sd_within")]),
                c(mean(x), sd(x), sd(means), sd(x - means[id] + mean(x))), tolerance_exact)
  expect_within(unlist(d[1L, c("min", "p25", "median", "p75", "max")]), quantile(x), tolerance_exact)
  expect_identical(unlist(d[1L, c("n", "n_missing", "n_units", "n_times")]),
                   c(n = 10L, n_missing = 1L, n_units = 3L, n_times = 4L))
  # By hand: means 4, 5, 3, so that the spread between is 1; deviations -1, 1, 0, 2, -2, 0 have squares 10.
  hand <- data.frame(u = rep(c("p", "q", "r"), each = 2), t = rep(1:2, 3), v = c(3, 5, 5, 7, 1, 5) -
                     c(0, 0, 0, 2, 0, 0))
  d <- as.data.frame(describe_panel(hand, v, u, t))
  expect_within(d$sd_between, 1, tolerance_exact)
  expect_within(d$sd_within, sqrt(10 / 5), tolerance_exact)
})

test_that("the default is all numeric columns but the keys, which the data may name themselves", {
  d <- describe_panel(structure(panel, panel = list(unit = "id", time = "year")))
  expect_identical(d$variable, c("x", "z"))
  expect_identical(d$n_units, c(3L, 3L))
  d <- describe_panel(panel)
  expect_identical(d$variable, c("year", "x", "z"))
  expect_true(all(is.na(d$sd_between)))
  by <- as.data.frame(describe_panel(panel, x, id, year, by = group))
  expect_identical(by$group, c("x", "y"))
  expect_within(by$mean, tapply(panel$x, panel$group, mean, na.rm = TRUE), tolerance_exact)
})

test_that("of a model its sample and variables", {
  m <- fe_model(z ~ x | id + year, panel)
  d <- as.data.frame(describe_panel(m))
  expect_identical(d$variable, c("z", "x"))
  expect_identical(d$n, c(10L, 10L))
  expect_within(d$mean[1L], mean(panel$z[!is.na(panel$x)]), tolerance_exact)
  expect_identical(d$n_units, c(3L, 3L))
})

test_that("descriptions print, and what cannot be described is refused", {
  expect_snapshot(describe_panel(panel, c(x, z), id, year))
  expect_snapshot(print(describe_panel(panel, x, by = group)))
  expect_refused(describe_panel(panel, nowhere), "missing_column")
  expect_snapshot(describe_panel(data.frame(a = "x")), error = TRUE)
  expect_refused(describe_panel(1), "type")
  skip_if_not_installed("ggplot2")
  d <- describe_panel(panel, c(x, z), id, year)
  picture <- ggplot2::autoplot(d)
  expect_s3_class(picture, "ggplot")
  expect_identical(picture$data$missing[3L], .5)
  expect_snapshot(ggplot2::autoplot(describe_panel(panel)), error = TRUE)
})

test_that("winsorised values are base R's, by group too, and counted", {
  withr::local_options(flowresil.quiet = TRUE)
  x <- c(panel$x, 100)
  ends <- quantile(x, c(.1, .9), na.rm = TRUE)
  w <- winsorise(x, c(.1, .9))
  expect_identical(as.vector(w), pmin(pmax(x, ends[[1L]]), ends[[2L]]))
  beyond <- c(below = sum(x < ends[[1L]], na.rm = TRUE), above = sum(x > ends[[2L]], na.rm = TRUE))
  expect_identical(attr(w, "changed"), beyond)
  by <- winsorise(panel$z, c(.2, .8), by = panel$group)
  expect_identical(as.vector(by), ave(panel$z, panel$group, FUN = function(v) {
    ends <- quantile(v, c(.2, .8))
    pmin(pmax(v, ends[[1L]]), ends[[2L]])
  }))
  d <- winsorise(panel, c(.2, .8), by = group, columns = z)
  expect_identical(d$z, as.vector(by))
  expect_identical(d[c("id", "year", "x")], panel[c("id", "year", "x")])
  d <- winsorise(structure(panel, panel = list(unit = "id", time = "year")), c(.2, .8))
  expect_identical(d$year, panel$year)
  expect_identical(attr(d, "changed")$column, c("x", "z"))
})

test_that("winsorise says what it did and refuses what it cannot do", {
  expect_snapshot(invisible(winsorise(panel$z, c(.2, .8))))
  expect_snapshot({
    winsorise(panel$z, c(.9, .1))
    winsorise(panel$z, by = 1:2)
    winsorise(panel$z, columns = z)
  }, error = TRUE)
  expect_refused(winsorise("a"), "type")
})

test_that("correlations are cor.test()'s on the rows where both are seen", {
  for (method in c("pearson", "spearman")) {
    found <- as.data.frame(correlation_table(panel, c(x, z, year), method))
    both <- !is.na(panel$x)
    ranks <- if (method == "spearman") rank else identity
    truth <- stats::cor.test(ranks(panel$x[both]), ranks(panel$z[both]))
    expect_within(found$estimate[1L], truth$estimate, tolerance_exact)
    expect_within(found$p.value[1L], truth$p.value, 1e-12)
    expect_identical(found$n, c(10L, 10L, 11L))
    expect_identical(found$term2, c("z", "year", "year"))
  }
  expect_snapshot(print(correlation_table(panel, c(x, z, year))))
  expect_snapshot(print(correlation_table(transform(panel, k = 1), c(x, k))))
})

test_that("collinearity is car's of the columns, and of the columns with the effects out", {
  m <- fe_model(ExpRes ~ open + gov + edu | province + year, province_panel)
  d <- as.data.frame(collinearity(m))
  expect_identical(names(d), c("term", "vif", "vif_within", "tolerance"))
  used <- province_panel[stats::complete.cases(province_panel[c("ExpRes", "open", "gov", "edu")]), ]
  factors <- function(x) vapply(seq_along(x), function(j) 1 / (1 - summary(lm(x[[j]] ~ ., x[-j]))$r.squared), 0)
  expect_within(d$vif, factors(used[c("open", "gov", "edu")]), 1e-8)
  within <- as.data.frame(lapply(used[c("open", "gov", "edu")], function(v) {
    residuals(lm(v ~ factor(province) + factor(year), used))
  }))
  expect_within(d$vif_within, factors(within), 1e-8)
  expect_within(d$tolerance, 1 / d$vif_within, tolerance_exact)
  weighted <- fe_model(ExpRes ~ open + gov | province, used, weights = gdp)
  x <- used[c("open", "gov")]
  r2 <- summary(lm(open ~ gov, x, weights = used$gdp))$r.squared
  expect_within(collinearity(weighted)$vif, rep(1 / (1 - r2), 2), 1e-8)
  expect_within(unlist(collinearity(fe_model(ExpRes ~ open | province, used))[1L, -1L]), c(1, 1, 1), tolerance_exact)
  expect_snapshot(collinearity(1), error = TRUE)
  skip_if_not_installed("car")
  expect_within(d$vif_within, unname(car::vif(m)), 1e-12)
})
