# Heavy studies, run with FLOWRESIL_EXTENDED_TESTS=true.

skip_unless_extended <- function() {
  skip_if_not(identical(Sys.getenv("FLOWRESIL_EXTENDED_TESTS"), "true"), "FLOWRESIL_EXTENDED_TESTS is not true")
}

test_that("a million rows give the same bits for one and several threads, in any layout", {
  skip_unless_extended()
  set.seed(5)
  unit <- rep(seq_len(1e5), each = 12)
  d <- data.frame(unit, time = rep(1:12, 1e5), x = rnorm(12e5) + unit / 1e4, z = rnorm(12e5))
  d <- d[runif(nrow(d)) < 0.8, ]
  d$y <- d$x + 0.5 * d$z + sin(d$unit) + rnorm(nrow(d))
  for (layout in list(d, d[sample(nrow(d)), ])) {
    withr::local_options(flowresil.threads = 1)
    one <- fe_model(y ~ x + z | unit + time, layout, vcov = ~unit)
    withr::local_options(flowresil.threads = 4)
    many <- fe_model(y ~ x + z | unit + time, layout, vcov = ~unit)
    expect_identical(coef(one), coef(many))
    expect_identical(vcov(one), vcov(many))
  }
})

test_that("the iteration agrees with the direct solution on a large, poorly joined panel", {
  skip_unless_extended()
  # Level i of the first effect meets levels i, i + 1 and i + 2 of the second: a long chain.
  fit <- function(n_levels) {
    set.seed(6)
    unit <- rep(seq_len(n_levels), each = 3)
    d <- data.frame(unit, other = unit + rep(0:2, n_levels), x = rnorm(3 * n_levels))
    d$y <- d$x + cumsum(rnorm(nrow(d))) / 10
    d$third <- 1L # one level: nothing changes but the method
    list(
      two = fe_model(y ~ x | unit + other, d), three = fe_model(y ~ x | unit + other + third, d, max_iterations = 1e5)
    )
  }
  models <- fit(1900)
  expect_identical(models$two$solver$method, "direct")
  expect_identical(models$three$solver$method, "iterative")
  expect_true(models$three$solver$converged)
  expect_equal(coef(models$two), coef(models$three), tolerance = 1e-9)
})

test_that("Monte Carlo intervals of indirect effects cover, and the joint wild test keeps its size", {
  skip_unless_extended()
  power <- function(a, b, method, N = 30) {
    mediation_power(N, 8, a, b, direct = .2, ar = .7, method = method, replications = 1000, seed = 1, R = 399)
  }
  expect_gte(power(.5, .5, "monte_carlo")$coverage, .925)
  for (N in c(12, 30)) {
    expect_lte(power(.5, 0, "joint_wild", N)$rejection, .065)
    expect_lte(power(0, .5, "joint_wild", N)$rejection, .065)
  }
})
