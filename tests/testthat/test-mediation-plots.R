# Pictures of mediation: each shows the columns that it names.

skip_if_not_installed("ggplot2")
d <- product_panel()
fit <- function(...) fe_mediation(y ~ x + z | unit + year, d, vcov = ~unit, ...)
layer <- function(p, i) ggplot2::ggplot_build(p)$data[[i]]

test_that("paths carry the coefficients of their equations", {
  m <- fit(mediators = c("m", "n"), method = "sobel")
  p <- ggplot2::autoplot(m)
  labels <- layer(p, 2)$label
  b <- coef(m)[c("m:x", "n:x", "outcome:m", "outcome:n", "outcome:x")]
  expect_identical(sub("\n.*", "", labels), unname(vapply(b, format, "", digits = 3)))
  expect_identical(layer(p, 3)$label, c("x", "m", "n", "y"))
  serial <- ggplot2::autoplot(fit(mediators = c("m", "n"), method = "sobel", structure = "serial"), type = "path")
  expect_length(layer(serial, 2)$label, 6L)
})

test_that("effects and draws are drawn by method and kind", {
  m <- fit(mediators = "m", method = c("sobel", "percentile", "monte_carlo"), R = 99, seed = 1)
  p <- ggplot2::autoplot(m, type = "effects")
  t <- effects_table(m)
  expect_identical(nrow(layer(p, 3)), nrow(t))
  expect_setequal(layer(p, 3)$x, t$estimate)
  draws <- ggplot2::autoplot(m, type = "draws")
  expect_identical(nlevels(factor(draws$data$kind)), 2L)
  expect_equal(unique(draws$data$estimate), effect_of(m, "indirect", "sobel")$estimate)
  expect_s3_class(ggplot2::autoplot(m, type = "equations"), "ggplot")
  expect_refused(ggplot2::autoplot(fit(mediators = "m", method = "sobel"), type = "draws"), "choice")
  expect_refused(ggplot2::autoplot(fit(mediators = "m"), type = "path"), "choice")
})

test_that("moderated effects and sensitivity are lines with bands", {
  m <- fe_moderation(y ~ x + z | unit + year, d, moderator = "v", vcov = ~unit)
  p <- ggplot2::autoplot(m)
  line <- layer(p, 3)
  at <- generics::tidy(fe_moderation(y ~ x + z | unit + year, d, "v", vcov = ~unit, at = line$x[c(1, 101)]),
                       component = "slopes")
  expect_equal(line$y[c(1, 101)], at$estimate)
  expect_equal(layer(p, 2)$ymax[101], at$conf.high[2])
  expect_s3_class(ggplot2::autoplot(johnson_neyman(m, .5)), "ggplot")
  moderated <- fit(mediators = "m", method = "sobel", moderator = "v")
  expect_match(ggplot2::autoplot(johnson_neyman(moderated))$labels$title, "through m")
  s <- mediation_sensitivity(fit(mediators = "m", method = "percentile", R = 99, seed = 1), rho = c(-.5, 0, .5))
  p <- ggplot2::autoplot(s)
  expect_identical(layer(p, 3)$y, s$rho$estimate)
  expect_identical(layer(p, 2)$ymin, s$rho$conf.low)
})
