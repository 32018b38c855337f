# wald_test(): clubSandwich's HTZ, definitions, car's F, and what is refused.

slopes <- c("x1", "x2")

test_that("after CR2 the test is clubSandwich's HTZ, effects inside clusters taken out first", {
  oracle <- read_oracle("clubsandwich_cr2.csv")
  oracle <- oracle[oracle$type == "HTZ", ]
  for (i in seq_len(nrow(oracle))) {
    d <- fe_panel(oracle$kind[i])
    d$pair <- ceiling(as.integer(sub("u", "", d$unit)) / 2)
    m <- suppressWarnings(if (oracle$weights[i] == "w") fe_model(y ~ x1 + x2 | unit + year, d, weights = "w") else
      fe_model(y ~ x1 + x2 | unit + year, d))
    t <- tidy(wald_test(m, slopes, vcov = vcov_cr(stats::reformulate(oracle$cluster[i]))))
    expect_relative(t$statistic, oracle$std.error[i], 1e-7)
    expect_relative(t$df2, oracle$df[i], 1e-6)
    expect_relative(t$p.value, stats::pf(t$statistic, 2, t$df2, lower.tail = FALSE), 1e-12)
  }
})

test_that("HTZ is its definition, also under weights and for other combinations", {
  d <- fe_panel("unbalanced")
  d$pair <- ceiling(as.integer(sub("u", "", d$unit)) / 2)
  X <- without_means(stats::model.matrix(~ x1 + x2 + factor(unit) + factor(year), d), d$unit, d$w)
  X <- X[, colSums(abs(X)) > 1e-9]
  e <- stats::lm.wfit(X, without_means(cbind(d$y), d$unit, d$w), d$w)$residuals
  by_hand <- dense_cr2(X, drop(e), d$w, d$pair, 1:2)
  C <- rbind(c(1, 1), c(0, 2))
  expected <- outer(1:2, 1:2, Vectorize(function(s, t) sum(diag(by_hand$P(C[s, ], C[t, ])))))
  parts <- eigen(expected, symmetric = TRUE)
  W <- t(C) %*% parts$vectors %*% diag(1 / sqrt(parts$values))
  spread <- sum(outer(1:2, 1:2, Vectorize(function(s, t) {
    sum(by_hand$P(W[, s], W[, s]) * by_hand$P(W[, t], W[, t])) +
      sum(by_hand$P(W[, s], W[, t]) * by_hand$P(W[, t], W[, s]))
  })))
  eta <- 6 / spread
  m <- suppressWarnings(fe_model(y ~ x1 + x2 | unit + year, d, weights = w))
  found <- wald_test(m, rbind(c(1, 1), c(0, 2)), vcov = vcov_cr(~pair), null = c(.5, 0))
  expect_relative(found$df2, eta - 1, 1e-6)
  away <- drop(C %*% coef(m)) - c(.5, 0)
  wald <- sum(away * solve(C %*% by_hand$vcov %*% t(C), away)) / 2
  expect_relative(found$statistic, (eta - 1) / eta * wald, 1e-7)
  # one hypothesis is the t test
  t <- tidy(m, vcov = vcov_cr(~pair))
  one <- wald_test(m, "x2", vcov = vcov_cr(~pair))
  expect_relative(one$statistic, t$statistic[2L]^2, 1e-9)
  expect_relative(one$df2, t$df[2L], 1e-9)
  expect_relative(one$p.value, t$p.value[2L], 1e-9)
})

test_that("F tests are those of glance() and by hand, with the variance's degrees of freedom", {
  d <- fe_panel()
  m <- fe_model(y ~ x1 + x2 | unit + year, d, vcov = ~unit)
  all <- wald_test(m, slopes)
  g <- generics::glance(m)
  expect_relative(c(all$statistic, all$p.value), c(g$statistic, g$p.value), 1e-12)
  expect_identical(c(all$df1, all$df2), c(2, 11) + 0)
  C <- rbind(c(1, 2))
  expect_relative(wald_test(m, "x1 + 2 * x2 = 1", vcov = "iid")$statistic,
                  (sum(C * coef(m)) - 1)^2 / drop(C %*% vcov(m, vcov = "iid") %*% t(C)), 1e-12)
  expect_identical(wald_test(m, "x1 + 2 * x2 = 1", vcov = "iid")$df2, df.residual(m) + 0)
  named <- matrix(c(2, 1), 1L, dimnames = list(NULL, c("x2", "x1")))
  expect_identical(tidy(wald_test(m, named, null = 1)), tidy(wald_test(m, "x1 + 2*x2 = 1")))
  expect_relative(wald_test(m, "x1 = x2")$statistic, wald_test(m, "2*(x1 - x2) = 0")$statistic, 1e-12)
  expect_identical(tidy(wald_test(m, c("x1 = 0", "x2")))$statistic, tidy(wald_test(m, slopes))$statistic)
  lags <- fe_model(y ~ l(x1, 0:1) | unit + year, d, unit = unit, time = year)
  expect_relative(wald_test(lags, paste(names(coef(lags))[1L], "+", names(coef(lags))[2L], "= 1"))$statistic,
                  wald_test(lags, rbind(c(1, 1)), null = 1)$statistic, 1e-12)
  level <- fe_model(y ~ x1, d)
  expect_relative(wald_test(level, "(Intercept) = 2")$statistic, (coef(level)[1L] - 2)^2 / vcov(level)[1L], 1e-12)
})

test_that("print says what was tested; a test without degrees of freedom has no p", {
  d <- fe_panel()
  d$half <- as.integer(sub("u", "", d$unit)) %% 3
  m <- fe_model(y ~ x1 + x2 | unit + year, d, vcov = ~unit)
  expect_snapshot({
    print(wald_test(m, slopes))
    print(wald_test(m, c("x1 = x2", "x1 + 2*x2 = 1"), vcov = vcov_cr(~unit)))
    print(wald_test(m, rbind(c(1, -1)), null = .5, vcov = "HC1"))
  })
  # one cluster holds nearly all
  d$x3 <- sin(3 * d$year * as.integer(sub("u", "", d$unit)))
  d$quarter <- as.integer(sub("u", "", d$unit)) %% 4
  weak <- d
  weak[c("x1", "x2", "x3")] <- ifelse(d$quarter == 0, 1, .1) * d[c("x1", "x2", "x3")]
  weak <- fe_model(y ~ x1 + x2 + x3 | year, weak)
  expect_snapshot(found <- wald_test(weak, c("x1", "x2", "x3"), vcov = vcov_cr(~quarter)))
  expect_true(is.na(found$p.value))
})

test_that("hypotheses that cannot be tested are refused", {
  d <- fe_panel()
  d$half <- as.integer(sub("u", "", d$unit)) %% 2
  m <- fe_model(y ~ x1 + x2 | unit + year, d)
  expect_refused(wald_test(m), "missing_argument")
  expect_refused(wald_test(m, "nope"), "term")
  expect_refused(wald_test(m, 1), "hypothesis")
  expect_refused(wald_test(m, "x1 * x2 = 1"), "hypothesis")
  expect_refused(wald_test(m, "x1 = 1 = 2"), "hypothesis")
  expect_refused(wald_test(m, "1 = 2"), "hypothesis")
  expect_refused(wald_test(m, "x9 = 1"), "hypothesis")
  expect_refused(wald_test(m, c("x1 = 0", "x1 = 1")), "hypothesis")
  expect_refused(wald_test(m, c("x1 = 1", "2 * x1 = 2")), "hypothesis")
  expect_refused(wald_test(m, diag(3)), "hypothesis")
  expect_refused(wald_test(m, slopes, null = 1:3), "number")
  expect_refused(wald_test(m, "x1 = 1", null = 1), "number")
  expect_refused(wald_test(m, slopes, vcov = ~half), "hypothesis")
  expect_refused(wald_test(lm(y ~ x1, d), "x1"), "type")
  for (bad in list(list(), list("nope"), list(1), list("x1 * x2 = 1"), list("x1 = 1 = 2"), list("1 = 2"),
                   list("x1 = c(1, 2)"), list("x1 = ("), list("x1 = 'a'"), list(c("x1 = 0", "x1 = 1")),
                   list(c("x1 = 1", "2 * x1 = 2")),
                   list(diag(3)),
                   list(matrix(1, 1, 1, dimnames = list(NULL, "z"))), list(matrix(NA_real_, 1, 2)),
                   list(matrix(1, 0, 2)), list(slopes, null = 1:3), list("x1 = 1", null = 1),
                   list(slopes, vcov = ~half))) {
    expect_snapshot(error = TRUE, do.call(wald_test, c(list(m), bad)))
  }
})
