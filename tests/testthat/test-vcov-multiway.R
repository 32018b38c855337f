# Clusters of several dimensions: sandwich's vcovCL() of lm() with dummies, and by hand.

d <- fe_panel()
set.seed(7)
d$region <- substr(as.character(d$unit), nchar(as.character(d$unit)), nchar(as.character(d$unit)))
d$group <- (seq_len(nrow(d)) * 7L) %% 5L
m <- fe_model(y ~ x1 + x2 | unit + year, d)
dummies <- lm(y ~ x1 + x2 + factor(unit) + factor(year), d)
slopes <- c("x1", "x2")

test_that("two and three dimensions equal sandwich", {
  skip_if_not_installed("sandwich")
  for (cluster in list(~unit + year, ~unit + group, ~unit + year + group)) {
    none <- sandwich::vcovCL(dummies, cluster, type = "HC0", cadjust = FALSE)[slopes, slopes]
    expect_relative(vcov(m, vcov = cluster, correction = "none"), none, 1e-8)
    own <- sandwich::vcovCL(dummies, cluster, type = "HC1", cadjust = TRUE)[slopes, slopes]
    expect_relative(vcov(m, vcov = cluster, correction = "dummies"), own, 1e-8)
    expect_identical(vcov(m, vcov = cluster, correction = "plm"), vcov(m, vcov = cluster, correction = "none"))
  }
})

test_that("fixest's correction takes the fewest clusters, and counts no effect nested in any of them", {
  plain <- vcov(m, vcov = ~unit + year, correction = "none")
  n <- nobs(m)
  G <- min(length(unique(d$unit)), length(unique(d$year)))
  # both effects are nested: the slopes and one constant are left
  expected <- plain * G / (G - 1) * (n - 1) / (n - 3)
  expect_relative(vcov(m, vcov = ~unit + year, correction = "fixest"), expected, tolerance_exact)
  only <- vcov(m, vcov = ~unit + group, correction = "none")
  G <- 5
  K <- 2 + length(unique(d$year))
  expect_relative(vcov(m, vcov = ~unit + group, correction = "fixest"), only * G / (G - 1) * (n - 1) / (n - K),
                  tolerance_exact)
})

test_that("a dimension that stands twice counts once; nested ones and order do not matter", {
  expect_identical(vcov(m, vcov = ~unit + unit), vcov(m, vcov = ~unit))
  expect_identical(vcov(m, vcov = ~unit + year^group + group^year), vcov(m, vcov = ~unit + year^group))
  expect_relative(vcov(m, vcov = ~year + unit, correction = "none"), vcov(m, vcov = ~unit + year, correction = "none"),
                  tolerance_exact)
  expect_relative(vcov(m, vcov = ~unit + unit^year, correction = "none"), vcov(m, vcov = ~unit, correction = "none"),
                  tolerance_exact)
})

test_that("degrees of freedom, print, tidy and the table say what it is", {
  two <- fe_model(y ~ x1 + x2 | unit + year, d, vcov = ~unit + year)
  G <- c(unit = length(unique(d$unit)), year = length(unique(d$year)))
  expect_identical(two$variance$df, c(x1 = min(G) - 1, x2 = min(G) - 1))
  expect_identical(tidy(two)$df, rep(min(G) - 1, 2))
  expect_equal(two$variance$n_clusters, G)
  expect_output(print(two), "clustered by unit \\+ year, correction fixest, [0-9]+ and [0-9]+ clusters")
  expect_match(as_table(fe_table(two))$note, "clustered by unit + year", fixed = TRUE)
  expect_match(as_table(fe_table(two, language = "zh"))$note, "unit + year", fixed = TRUE)
  expect_relative(vcov(update(two, . ~ . - x2)), vcov(fe_model(y ~ x1 | unit + year, d, vcov = ~unit + year)),
                  tolerance_exact)
  weighted <- fe_model(y ~ x1 | unit, d, vcov = ~year + group, weights = x2^2 + 1)
  expect_true(all(is.finite(vcov(weighted))))
})

test_that("what is not positive is repaired in orthonormal directions, so that units do not matter", {
  # two dimensions of two clusters each: the difference of rank-one matrices
  few <- data.frame(a = rep(1:2, 8), b = rep(1:2, each = 8), x = c(3, 1, 4, 1, 5, 9, 2, 6, 5, 3, 5, 8, 9, 7, 9, 3),
                    z = c(2, 7, 1, 8, 2, 8, 1, 8, 2, 8, 4, 5, 9, 0, 4, 5))
  few$y <- few$x - few$z + c(1, -2, 2, 0, -1, 1, 3, -3, 2, -2, 0, 1, -1, 2, -2, -1)
  few$z1000 <- few$z * 1000
  repaired <- function(formula) {
    expect_warning(value <- fe_model(formula, few, vcov = ~a + b, correction = "none"),
                   class = "flowresil_warning_not_positive")
    value
  }
  one <- repaired(y ~ x + z)
  expect_true(one$variance$repaired)
  expect_gte(min(eigen(vcov(one), symmetric = TRUE)$values), -1e-12)
  expect_snapshot(invisible(vcov(fe_model(y ~ x + z, few), vcov = ~a + b, correction = "none")))
  other <- repaired(y ~ x + z1000)
  expect_relative(sqrt(diag(vcov(other)))[["x"]], sqrt(diag(vcov(one)))[["x"]], 1e-9)
  expect_relative(sqrt(diag(vcov(other)))[["z1000"]] * 1000, sqrt(diag(vcov(one)))[["z"]], 1e-9)
})

test_that("a coefficient of whose variance nothing is left has error 0 and no test", {
  view <- list(bread = diag(2), coefficients = c(p = 1, q = 2))
  expect_warning(found <- positive_sandwich(view, diag(c(1, -1))), "`q`", class = "flowresil_warning_not_positive")
  expect_identical(unname(found$vcov), diag(c(1, 0)))
  expect_snapshot(invisible(positive_sandwich(view, diag(c(1, -1)))))
  estimate <- list(vcov = found$vcov, variance = list(repaired = TRUE))
  expect_identical(errors_to_test(estimate), c(1, NA))
  expect_silent(whole <- positive_sandwich(view, diag(2)))
  expect_false(whole$repaired)
})

test_that("dimensions that cannot be are refused", {
  d$one <- 1
  d$hole <- replace(d$group, 3, NA)
  expect_snapshot(error = TRUE, {
    fe_model(y ~ x1 | unit, d, vcov = ~unit + one)
    fe_model(y ~ x1 | unit, d, vcov = ~unit + hole)
    fe_model(y ~ x1 | unit, d, vcov = ~unit + log(year))
    fe_model(y ~ x1 | unit, d, vcov = ~unit + nowhere)
  })
})

test_that("many levels in both dimensions are intersected without a product of their numbers", {
  n <- 300
  many <- data.frame(a = seq_len(n) %% 97, b = (seq_len(n) * 13) %% 89, x = sin(seq_len(n)))
  many$x <- many$x + sin(2 * many$a)
  many$y <- cos(3 * seq_len(n)) + 2 * sin(many$a) + cos(many$b) + many$x * sin(5 * many$b)
  m <- fe_model(y ~ x, many)
  by <- function(code) crossprod(rowsum(sandwich::estfun(m), code))
  bread <- sandwich::bread(m) / n
  meat <- by(many$a) + by(many$b) - by(paste(many$a, many$b))
  expect_true(all(eigen(bread %*% meat %*% bread)$values > 0))
  expect_relative(vcov(m, vcov = ~ a + b, correction = "none"), bread %*% meat %*% bread, 1e-9)
  G <- c(97, 89, length(unique(paste(many$a, many$b))))
  own <- G / (G - 1) * (n - 1) / (n - 2)
  meat <- own[1L] * by(many$a) + own[2L] * by(many$b) - own[3L] * by(paste(many$a, many$b))
  expect_relative(vcov(m, vcov = ~ a + b, correction = "dummies"), bread %*% meat %*% bread, 1e-9)
})
