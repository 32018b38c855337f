# cluster_diagnostics(): definitions on written-out dummies, refits, and the advice.

slopes <- c("x1", "x2")

test_that("leverage and partial leverage are those of demeaned regressors, with weights", {
  d <- fe_panel("unbalanced")
  cases <- list(
    list(y ~ x1 + x2 | unit + year, ~ factor(unit) + factor(year), slopes),
    list(y ~ x1 + x2 | year, ~ factor(year), slopes),
    list(y ~ x1 + x2, ~ 1, c("(Intercept)", slopes))
  )
  for (case in cases) {
    for (weighted in c(FALSE, TRUE)) {
      given <- if (weighted) d$w else rep(1, nrow(d))
      m <- fe_model(case[[1L]], d, weights = given)
      found <- cluster_diagnostics(m, ~region)
      D <- stats::model.matrix(case[[2L]], d)
      X <- as.matrix(d[slopes])
      X <- if (length(case[[3L]]) == 3L) cbind(1, X) else stats::lm.wfit(D, X, given)$residuals
      M <- solve(crossprod(X * sqrt(given)))
      groups <- split(seq_len(nrow(d)), d$region)
      frame <- as.data.frame(found)
      expect_identical(frame$cluster, names(groups))
      expect_identical(frame$n, unname(lengths(groups)))
      expect_relative(frame$leverage, vapply(groups, function(g) {
        sum(diag(crossprod(X[g, ] * sqrt(given[g])) %*% M))
      }, 1), 1e-9)
      z <- X %*% M
      q <- rowsum(given * z^2, d$region)
      q <- q / rep(colSums(q), each = nrow(q))
      expect_relative(found$partial_leverage, q, 1e-9)
      expect_identical(dimnames(found$partial_leverage), list(names(groups), case[[3L]]))
      tidied <- tidy(found)
      expect_identical(tidied$term, case[[3L]])
      relative <- q / rep(colMeans(q), each = nrow(q)) - 1
      expect_relative(tidied$effective_clusters, 3 / (1 + colMeans(relative^2)), 1e-9)
      expect_relative(tidied$partial_leverage_max, apply(q, 2L, max), 1e-9)
    }
  }
})

test_that("the jackknife is made of refits; one slope and the model's own cluster do", {
  d <- fe_panel()
  m <- fe_model(y ~ x1 | unit + year, d, vcov = ~unit)
  found <- cluster_diagnostics(m)
  without <- refits_without(y ~ x1 + factor(unit) + factor(year), d, d$unit, "x1")
  expect_relative(found$jackknife, t(without), 1e-9)
  expect_identical(dimnames(found$jackknife), list(sort(unique(d$unit)), "x1"))
  expect_relative(tidy(found)$jackknife_max, max(without), 1e-9)
  expect_identical(generics::glance(found),
                   data.frame(n_clusters = 12L, size_min = 8L, size_median = 8, size_max = 8L))
  expect_identical(cluster_diagnostics(fe_model(y ~ x1 | unit + year, d, vcov = vcov_cr(~unit))), found)
  held <- list(by = ~unit)
  expect_identical(cluster_diagnostics(m, held$by), found)
  mean <- cluster_diagnostics(fe_model(y ~ x1 | unit + year, d, constant = "mean"), ~unit)
  expect_identical(colnames(mean$jackknife), "x1")
  expect_relative(mean$partial_leverage, found$partial_leverage, 1e-9)
})

test_that("print ends in advice that changes with the clusters", {
  set.seed(3)
  n <- 100
  many <- data.frame(g = rep(1:n, each = 5), t = rep(1:5, n), x = stats::rnorm(5 * n))
  many$y <- many$x + stats::rnorm(5 * n)
  one <- many
  one$x[one$g == 7] <- 30 * one$x[one$g == 7]
  few <- many[many$g <= 12, ]
  expect_snapshot({
    cluster_diagnostics(fe_model(y ~ x | g + t, many), ~g)
    cluster_diagnostics(fe_model(y ~ x | g + t, one), ~g)
    cluster_diagnostics(fe_model(y ~ x | g + t, few), ~g)
  })
  sentences <- vapply(list(many, one, few), function(data) {
    found <- cluster_diagnostics(fe_model(y ~ x | g + t, data), ~g)
    table <- tidy(found)
    table$n_clusters <- NULL
    sub("^[^:,]*[:,]", "", flowresil:::advise_clusters(table, 12, "7"))
  }, "")
  expect_length(unique(sentences), 3L)
})

test_that("a picture shows every cluster", {
  skip_if_not_installed("ggplot2")
  d <- fe_panel()
  found <- cluster_diagnostics(fe_model(y ~ x1 + x2 | unit + year, d), ~unit)
  p <- ggplot2::autoplot(found)
  expect_s3_class(p, "ggplot")
  expect_identical(nrow(p$data), 24L)
  expect_identical(nrow(ggplot2::autoplot(found, terms = "x2")$data), 12L)
  expect_refused(ggplot2::autoplot(found, terms = "nope"), "term")
})

test_that("bad requests are refused", {
  d <- fe_panel()
  d$one <- 1
  d$hole <- replace(d$region, 2, NA)
  m <- fe_model(y ~ x1 | unit + year, d)
  expect_refused(cluster_diagnostics(m), "vcov")
  expect_refused(cluster_diagnostics(m, ~unit + year), "vcov")
  expect_refused(cluster_diagnostics(m, "unit"), "vcov")
  expect_refused(cluster_diagnostics(m, ~one), "one_cluster")
  expect_refused(cluster_diagnostics(m, ~hole), "missing_value")
  expect_refused(cluster_diagnostics(lm(y ~ x1, d), ~unit), "type")
  expect_snapshot(error = TRUE, cluster_diagnostics(m))
  expect_snapshot(error = TRUE, cluster_diagnostics(m, ~unit + year))
  expect_snapshot(error = TRUE, cluster_diagnostics(m, "unit"))
  expect_snapshot(error = TRUE, cluster_diagnostics(lm(y ~ x1, d), ~unit))
  expect_snapshot(error = TRUE, ggplot2::autoplot(cluster_diagnostics(m, ~unit), terms = "nope"))
})
