# fe_moderation() and johnson_neyman() against lm() with dummies.

d <- product_panel()
go <- function(..., formula = y ~ x + z | unit + year, data = d, moderator = "v", vcov = ~unit) {
  fe_moderation(formula, data, moderator = moderator, vcov = vcov, ...)
}
tidy_of <- function(x, ...) generics::tidy(x, ...)

test_that("products are of both less their means, as they are, or less their means by unit", {
  off <- function(v, by) v - stats::ave(v, by)
  products <- list(
    mean = (d$x - mean(d$x)) * (d$v - mean(d$v)), none = d$x * d$v, within = off(d$x, d$unit) * off(d$v, d$unit)
  )
  fits <- list(mean = go(), none = go(center = "none"), within = go(within = TRUE))
  for (name in names(fits)) {
    d$p <- products[[name]]
    reference <- stats::coef(stats::lm(y ~ x + v + p + z + unit + factor(year), d))
    t <- tidy_of(fits[[name]])
    expect_identical(t$term, c("x", "v", "x:v"))
    expect_relative(t$estimate, reference[c("x", "v", "p")], 1e-9)
    slopes <- tidy_of(fits[[name]], component = "slopes")
    expect_equal(slopes$at, mean(d$v) + c(-1, 0, 1) * sd(d$v))
    moved <- slopes$at - if (name == "none") 0 else mean(d$v)
    expect_relative(slopes$estimate, reference[["x"]] + moved * reference[["p"]], 1e-9)
    V <- vcov(fits[[name]])
    errors <- vapply(moved, function(w) sqrt(V["x", "x"] + 2 * w * V["x", "x:v"] + w^2 * V["x:v", "x:v"]), 1)
    expect_relative(slopes$std.error, errors, 1e-9)
    expect_identical(slopes$df, rep(11, 3))
  }
  # slopes do not hang on where the product is centred
  expect_equal(tidy_of(fits$mean, component = "slopes"), tidy_of(fits$none, component = "slopes"), tolerance = 1e-9)
})

test_that("weights, subsets and lags pass; means are of the rows used, by the weights", {
  m <- quietly(go(weights = w, subset = year > 1, formula = y ~ l(x, 1) + z | unit + year))
  used <- d[m$model$sample$rows, ]
  lagged <- vapply(seq_len(nrow(used)), function(i) d$x[d$unit == used$unit[i] & d$year == used$year[i] - 1], 1)
  w <- used$w
  used$p <- (lagged - weighted.mean(lagged, w)) * (used$v - weighted.mean(used$v, w))
  used$lx <- lagged
  reference <- stats::lm(y ~ lx + v + p + z + unit + factor(year), used, weights = w)
  expect_relative(unname(coef(m)[c("l(x, 1)", "l(x, 1):v")]), unname(stats::coef(reference)[c("lx", "p")]), 1e-9)
  expect_identical(nobs(m), nrow(used))
  tibble_like <- structure(d, class = c("tbl_df", "tbl", "data.frame"))
  expect_identical(coef(go(data = tibble_like)), coef(go()))
  expect_identical(generics::glance(go())$nobs, nrow(d))
})

test_that("an absorbed moderator is told, and its product stays", {
  d$fixed <- as.integer(factor(d$unit)) %% 4
  expect_warning(m <- go(data = d, moderator = "fixed"), class = "flowresil_warning_collinear")
  expect_identical(tidy_of(m)$term, c("x", "x:fixed"))
  reference <- stats::lm(y ~ x + I((x - mean(x)) * (fixed - mean(fixed))) + z + unit + factor(year), d)
  expect_relative(unname(coef(m)[1:2]), unname(stats::coef(reference)[2:3]), 1e-9)
})

test_that("Johnson and Neyman's values are roots of estimate^2 = t^2 variance", {
  m <- go()
  jn <- johnson_neyman(m, conf.level = .5)
  line <- attr(jn, "lines")[[1L]]$line
  gap <- function(w) {
    here <- flowresil:::line_at(line, w)
    here$estimate^2 - stats::qt(.75, 11)^2 * here$variance
  }
  expect_true(jn$region %in% c("between", "outside"))
  expect_lt(jn$lower, jn$upper)
  scale <- stats::qt(.75, 11)^2 * flowresil:::line_at(line, jn$lower)$variance
  expect_equal(gap(jn$lower) / scale, 0, tolerance = 1e-9)
  expect_equal(gap(jn$upper) / scale, 0, tolerance = 1e-7)
  expect_identical(gap(mean(c(jn$lower, jn$upper))) > 0, jn$region == "between")
  # by hand: slope w, variance one
  region <- function(e, v) flowresil:::significant_region(list(estimate = e, variance = v, df = Inf), .95)
  found <- region(c(0, 1), c(1, 0, 0))
  expect_equal(found$ends, c(-1, 1) * stats::qnorm(.975))
  expect_identical(found$region, "outside")
  expect_identical(region(c(5, 0), c(1, 0, 1))$region, "between")
  expect_equal(region(c(5, 0), c(1, 0, 1))$ends, c(-1, 1) * sqrt(25 / stats::qnorm(.975)^2 - 1))
  expect_identical(region(c(1, 0), c(1, 0, 1)), list(ends = c(NA_real_, NA_real_), region = "none"))
  expect_identical(region(c(9, 1), c(1, 0, 0.01))$region, "outside")
  expect_identical(region(c(9, 1), c(1, 0, 0))$region, "outside")
  expect_identical(region(c(3, 0), c(1, 0, 0)), list(ends = c(NA_real_, NA_real_), region = "all"))
})

test_that("Johnson and Neyman's values of a conditional indirect effect agree with its rows", {
  for (path in c("a", "b")) {
    mediation <- function(at) {
      fe_mediation(y ~ x + z | unit + year, d, "m", vcov = ~unit, method = "sobel", moderator = "v", moderated = path,
                   at = at)
    }
    jn <- johnson_neyman(mediation(1), conf.level = .9)
    expect_identical(jn$mediator, "m")
    if (is.na(jn$lower)) next
    t <- effects_table(mediation(c(jn$lower, jn$upper)), conf.level = .9)
    t <- t[t$effect == "conditional_indirect", ]
    expect_equal(pmin(abs(t$conf.low), abs(t$conf.high)) / t$std.error, c(0, 0), tolerance = 1e-6)
  }
})

test_that("print says how the product was made and what a value means", {
  expect_snapshot({
    print(go())
    print(go(within = TRUE, at = c(1, 3)))
    print(johnson_neyman(go(), conf.level = .5))
    print(johnson_neyman(fe_mediation(y ~ x + z | unit + year, d, "m", vcov = ~unit, method = "sobel",
                                      moderator = "v")))
  })
})

test_that("what cannot be moderated is refused", {
  d$k <- factor(c("a", "b")[1 + seq_len(nrow(d)) %% 2])
  d$copy <- 2
  expect_snapshot(error = TRUE, {
    go(center = "none", within = TRUE)
    go(moderator = "x")
    go(formula = y ~ k + z | unit + year, data = d)
    fe_moderation(y ~ x | unit, d)
    suppressWarnings(go(data = d, moderator = "copy"))
    johnson_neyman(1)
    johnson_neyman(fe_mediation(y ~ x + z | unit + year, d, "m", vcov = ~unit, method = "sobel"))
    johnson_neyman(fe_mediation(y ~ x + z | unit + year, d, "m", vcov = ~unit, method = "sobel", moderator = "v",
                                moderated = c("a", "b")))
  })
  expect_refused(go(moderator = "nowhere"), "missing_column")
  expect_refused(go(at = c(1, NA)), "number")
  expect_refused(go(center = "median"), "choice")
  expect_refused(johnson_neyman(go(), conf.level = 2), "number")
  expect_refused(tidy_of(go(), component = "other"), "choice")
})
