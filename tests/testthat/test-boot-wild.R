# wild_bootstrap(): every draw by its definition, sets against their own p values, identities.

variants <- c("WCR11", "WCR31", "WCR13", "WCR33", "WCU11", "WCU31", "WCU13", "WCU33")

# Twelve units in pairs, five periods, holes, unequal clusters.
wild_panel <- function() {
  d <- fe_panel("balanced", 12, 6)
  i <- as.integer(sub("u", "", d$unit))
  d <- d[(i * 5 + d$year) %% 7 != 0, ]
  i <- as.integer(sub("u", "", d$unit))
  d$pair <- c(1, 1, 1, 2, 2, 3, 3, 4, 4, 5, 6, 6)[i]
  d$mixed <- (i + d$year * 3) %% 6
  d$y <- d$y - d$x1 + .3 * d$x1
  d
}

# Draws, statistic and p by refits, for effects of which `nested` lies inside the clusters.
by_definition <- function(d, cluster, dummies, nested, weights, null, variant, term = "x1") {
  X <- stats::model.matrix(dummies, d)
  y <- d$y
  if (!is.null(nested)) {
    all <- without_means(cbind(X, y), d[[nested]], weights)
    y <- all[, ncol(all)]
    X <- all[, -ncol(all)]
    X <- X[, colSums(abs(X)) > 1e-9]
  }
  wild_by_refits(X, y, weights, d[[cluster]], match(term, colnames(X)), null, variant,
                 all_signs(length(unique(d[[cluster]]))))
}

test_that("all variants are their definitions, draw by draw: nested and crossing effects, none, weights", {
  d <- wild_panel()
  cases <- list(
    list(y ~ x1 + x2 | unit + year, "pair", ~ x1 + x2 + factor(unit) + factor(year), "unit"),
    list(y ~ x1 + x2 | unit + year, "mixed", ~ x1 + x2 + factor(unit) + factor(year), NULL),
    list(y ~ x1 + x2 | year, "year", ~ x1 + x2 + factor(year), "year"),
    list(y ~ x1 + x2, "pair", ~ x1 + x2, NULL)
  )
  for (case in cases) {
    for (weighted in c(FALSE, TRUE)) {
      given <- if (weighted) d$w else rep(1, nrow(d))
      m <- fe_model(case[[1L]], d, weights = given)
      for (variant in variants) {
        expected <- by_definition(d, case[[2L]], case[[3L]], case[[4L]], given, .2, variant)
        found <- wild_bootstrap(m, "x1", null = .2, cluster = stats::reformulate(case[[2L]]), variant = variant,
                                conf.level = NULL)
        expect_true(found$enumerated)
        # without the correction's factor, which the definition does not have
        factor <- if (substr(variant, 5L, 5L) == "1") found$statistic / expected$t else 1
        expect_within(found$draws / factor, expected$draws, 1e-8)
        beyond <- mean(abs(expected$draws) >= abs(expected$t) * (1 - 1e-10))
        expect_identical(unname(found$p.value), beyond)
      }
    }
  }
})

test_that("a slope without a cluster has the same least norm in the bootstrap as in CR3", {
  d <- wild_panel()
  d$only <- ifelse(d$pair == 3, d$x2, 0)
  m <- fe_model(y ~ x1 + only | unit + year, d)
  for (variant in c("WCR31", "WCR13", "WCU33")) {
    for (term in c("x1", "only")) {
      expect_warning(found <- wild_bootstrap(m, term, null = .1, cluster = ~pair, variant = variant, conf.level = NULL),
                     class = "flowresil_warning_jackknife")
      expected <- by_definition(d, "pair", ~ x1 + only + factor(unit) + factor(year), "unit", rep(1, nrow(d)), .1,
                                variant, term)
      factor <- if (substr(variant, 5L, 5L) == "1") found$statistic / expected$t else 1
      expect_within(found$draws / factor, expected$draws, 1e-7)
    }
  }
})

test_that("the statistic is the model's: its correction, CR1 or CR3", {
  d <- wild_panel()
  m <- fe_model(y ~ x1 + x2 | unit + year, d, correction = "reghdfe")
  t <- tidy(m, vcov = ~pair)
  expect_relative(wild_bootstrap(m, "x1", cluster = ~pair)$statistic, t$statistic[1L], 1e-12)
  t <- tidy(m, vcov = vcov_cr(~pair, "CR3"))
  expect_relative(wild_bootstrap(m, "x1", cluster = ~pair, variant = "WCR33")$statistic, t$statistic[1L], 1e-12)
  own <- fe_model(y ~ x1 + x2 | unit + year, d, vcov = ~pair)
  expect_identical(wild_bootstrap(own, "x1"), wild_bootstrap(own, "x1", cluster = ~pair))
})

test_that("ends of sets are where p crosses, and nothing between them was missed", {
  d <- wild_panel()
  m <- fe_model(y ~ x1 + x2 | unit + year, d)
  error <- function(w) unname((w$estimate - w$null) / w$statistic)
  for (variant in c("WCR11", "WCR31", "WCR33", "WCU11")) {
    for (cluster in list(~pair, ~mixed)) {
      w <- wild_bootstrap(m, "x1", cluster = cluster, variant = variant, conf.level = .8)
      p <- function(null) {
        unname(wild_bootstrap(m, "x1", null = null, cluster = cluster, variant = variant, conf.level = NULL)$p.value)
      }
      step <- 1e-6 * error(w)
      for (i in seq_len(nrow(w$set))) {
        low <- w$set[i, "low"]
        high <- w$set[i, "high"]
        if (is.finite(low)) expect_true(p(low - step) <= .2 && p(low + step) > .2)
        if (is.finite(high)) expect_true(p(high - step) > .2 && p(high + step) <= .2)
      }
      ends <- range(w$set[is.finite(w$set)])
      for (null in seq(ends[1L] - error(w), ends[2L] + error(w), length.out = 61)) {
        expect_identical(p(null) > .2, any(w$set[, "low"] < null & null < w$set[, "high"]))
      }
    }
  }
})

test_that("one-sided and equal-tailed p values and sets follow the same draws", {
  d <- wild_panel()
  m <- fe_model(y ~ x1 + x2 | unit + year, d)
  w <- function(alternative, ...) wild_bootstrap(m, "x1", cluster = ~pair, alternative = alternative, ...)
  draws <- w("two.sided")$draws
  t <- w("two.sided")$statistic
  less <- mean(draws <= t + 1e-10 * abs(t))
  greater <- mean(draws >= t - 1e-10 * abs(t))
  expect_identical(unname(w("less")$p.value), less)
  expect_identical(unname(w("greater")$p.value), greater)
  expect_identical(unname(w("equal_tail")$p.value), min(1, 2 * min(less, greater)))
  expect_identical(unname(w("greater", conf.level = .8)$set[1L, "high"]), Inf * sign(1))
  for (alternative in c("less", "greater", "equal_tail")) {
    set <- w(alternative, conf.level = .8)$set
    ends <- set[is.finite(set)]
    for (end in ends) {
      p <- vapply(end + c(-1e-6, 1e-6), function(null) {
        unname(w(alternative, null = null, conf.level = NULL)$p.value)
      }, 1)
      expect_true(xor(p[1L] > .2, p[2L] > .2))
    }
  }
})

test_that("the sample is one of the draws: p is at least 2^(1 - G), and a small G leaves the set open", {
  d <- wild_panel()
  d$five <- pmin(d$pair, 5)
  d$y <- d$y + 40 * d$x1
  m <- fe_model(y ~ x1 + x2 | unit + year, d)
  w <- wild_bootstrap(m, "x1", cluster = ~five)
  expect_identical(w$R, 32)
  expect_identical(unname(w$p.value), 2^-4)
  expect_identical(unname(w$set), matrix(c(-Inf, Inf), 1L))
  drop <- wild_bootstrap(m, "x1", cluster = ~five, ties = "drop")
  expect_identical(unname(drop$p.value), 0)
  expect_true(all(is.finite(drop$set)))
})

test_that("enumerated p values do not hang on scale, names, order or threads; drawn ones on no order of rows", {
  d <- wild_panel()
  m <- fe_model(y ~ x1 + x2 | unit + year, d, weights = w)
  other <- d[order(d$x2), ]
  other$y <- 1e5 * other$y
  other$x1 <- 1e-3 * other$x1
  other$pair <- paste0("c", other$pair)
  n <- fe_model(y ~ x1 + x2 | unit + year, other, weights = w)
  for (variant in c("WCR11", "WCR33")) {
    one <- wild_bootstrap(m, "x1", cluster = ~pair, variant = variant)
    two <- wild_bootstrap(n, "x1", cluster = ~pair, variant = variant)
    expect_identical(one$p.value, two$p.value)
    expect_relative(two$set / 1e8, one$set, 1e-7)
    drawn <- lapply(list(m, n), wild_bootstrap, terms = "x1", cluster = ~pair, variant = variant, weights = "webb",
                    R = 499, seed = 5, conf.level = NULL)
    expect_identical(drawn[[1L]]$p.value, drawn[[2L]]$p.value)
  }
  bits <- lapply(1:2, function(threads) {
    old <- options(flowresil.threads = threads)
    on.exit(options(old))
    wild_bootstrap(m, c("x1", "x2"), cluster = ~pair, weights = "normal", R = 999, seed = 9)
  })
  expect_identical(bits[[1L]], bits[[2L]])
})

test_that("joint tests are Wald over their number, draw by draw", {
  d <- wild_panel()
  m <- fe_model(y ~ x1 + x2 | unit + year, d)
  null <- c(x2 = .1, x1 = .2)
  w <- wild_bootstrap(m, c("x1", "x2"), null = null, cluster = ~pair, joint = TRUE)
  V <- vcov(m, vcov = ~pair)
  away <- coef(m) - null[names(coef(m))]
  expect_relative(w$statistic, sum(away * solve(V, away)) / 2, 1e-10)
  expect_null(w$set)
  # the sample and its reflection are draws
  expect_within(w$draws[1L], w$statistic, 1e-8)
  expect_within(w$draws[w$R], w$statistic, 1e-8)
  # one draw by hand
  X <- stats::model.matrix(~ factor(unit) + factor(year), d)
  e <- stats::lm.fit(X, d$y - .2 * d$x1 - .1 * d$x2)$residuals
  signs <- all_signs(6)[, 12L]
  d2 <- d
  d2$y <- d$y - e + signs[d$pair] * e
  refit <- fe_model(y ~ x1 + x2 | unit + year, d2)
  away <- coef(refit) - c(.2, .1)
  expect_within(w$draws[12L], sum(away * solve(vcov(refit, vcov = ~pair), away)) / 2, 1e-8)
  single <- wild_bootstrap(m, "x1", cluster = ~pair, joint = TRUE)
  expect_relative(single$statistic, wild_bootstrap(m, "x1", cluster = ~pair)$statistic^2, 1e-10)
  expect_identical(unname(single$p.value), unname(wild_bootstrap(m, "x1", cluster = ~pair)$p.value))
})

test_that("several terms are tested one by one; tidy and print tell all", {
  d <- wild_panel()
  m <- fe_model(y ~ x1 + x2 | unit + year, d)
  both <- wild_bootstrap(m, c("x1", "x2"), null = c(x2 = 1, x1 = 0), cluster = ~pair)
  one <- wild_bootstrap(m, "x2", null = 1, cluster = ~pair)
  expect_identical(both$p.value[["x2"]], one$p.value[["x2"]])
  expect_identical(tidy(both)[2L, ], structure(tidy(one), row.names = 2L))
  expect_identical(tidy(one)$conf.low, min(one$set))
  expect_snapshot({
    print(both)
    print(wild_bootstrap(m, c("x1", "x2"), cluster = ~pair, joint = TRUE))
    print(wild_bootstrap(m, "x1", cluster = ~pair, variant = "WCU13", weights = "webb", R = 99, seed = 4,
                         ties = "drop"))
    print(wild_bootstrap(m, "x1", cluster = ~pair + year))
    print(wild_bootstrap(m, "x1", cluster = ~mixed, variant = "WCR31", conf.level = .5, alternative = "equal_tail"))
  })
  level <- fe_model(y ~ x1 + x2, d)
  expect_true(is.finite(wild_bootstrap(level, "(Intercept)", cluster = ~pair)$p.value))
})

test_that("clusters of two dimensions draw by the one with fewer, their variance by inclusion and exclusion", {
  d <- wild_panel()
  m <- fe_model(y ~ x1 + x2 | unit + year, d)
  X <- stats::model.matrix(~ x1 + x2 + factor(unit) + factor(year), d)
  M <- solve(crossprod(X))
  start <- stats::lm.fit(X[, -2L], d$y - .2 * d$x1)
  cases <- list(list(~pair + year, NULL, "pair"), list(~pair + mixed, ~pair, "pair"),
                list(~unit + year, ~year, "year"))
  for (case in cases) {
    w <- wild_bootstrap(m, "x1", null = .2, cluster = case[[1L]], boot_cluster = case[[2L]], conf.level = NULL)
    columns <- all.vars(case[[1L]])
    by <- d[[case[[3L]]]]
    expect_identical(w$boot_cluster, case[[3L]])
    signs <- all_signs(length(unique(by)))
    t_of <- function(y) {
      fit <- stats::lm.fit(X, y)
      score <- fit$residuals * drop(X %*% M[, "x1"])
      V <- sum(rowsum(score, d[[columns[1L]]])^2) + sum(rowsum(score, d[[columns[2L]]])^2) -
        sum(rowsum(score, paste(d[[columns[1L]]], d[[columns[2L]]]))^2)
      if (V > 0) (fit$coefficients[["x1"]] - .2) / sqrt(V) else NaN
    }
    some <- c(2, 7, 20, 31, 45)
    expected <- vapply(some, function(i) {
      t_of(start$fitted.values + .2 * d$x1 + signs[match(by, sort(unique(by))), i] * start$residuals)
    }, 1)
    factor <- w$statistic / t_of(d$y)
    expect_within(w$draws[some][!is.nan(expected)] / factor, expected[!is.nan(expected)], 1e-8)
    expect_identical(is.nan(w$draws[some]), is.nan(expected))
    expect_identical(w$dropped, sum(is.nan(w$draws)) + 0)
    expect_identical(unname(w$p.value),
                     mean(abs(w$draws) >= abs(w$statistic) * (1 - 1e-10), na.rm = TRUE))
  }
  set <- wild_bootstrap(m, "x1", cluster = ~pair + mixed, boot_cluster = ~pair, conf.level = .8)
  for (end in set$set[is.finite(set$set)]) {
    p <- vapply(end + c(-1e-6, 1e-6), function(null) {
      unname(wild_bootstrap(m, "x1", null = null, cluster = ~pair + mixed, boot_cluster = ~pair,
                            conf.level = NULL)$p.value)
    }, 1)
    expect_true(xor(p[1L] > .2, p[2L] > .2))
  }
  expect_identical(unname(wild_bootstrap(fe_model(y ~ x1 + x2 | unit + year, d, vcov = ~pair + year), "x1")$p.value),
                   unname(wild_bootstrap(m, "x1", cluster = ~pair + year)$p.value))
})

test_that("draws may go by smaller groups inside the clusters", {
  d <- wild_panel()
  d$lone <- d$unit
  m <- fe_model(y ~ x1 + x2 | year, d)
  w <- wild_bootstrap(m, "x1", cluster = ~pair, boot_cluster = ~unit, conf.level = NULL)
  expect_identical(w$R, 2^12)
  expect_relative(w$statistic, wild_bootstrap(m, "x1", cluster = ~pair)$statistic, 1e-12)
  X <- stats::model.matrix(~ x1 + x2 + factor(year), d)
  start <- stats::lm.fit(X[, -2L], d$y)
  signs <- all_signs(12)[, 77L]
  fit <- stats::lm.fit(X, start$fitted.values + signs[match(d$unit, sort(unique(d$unit)))] * start$residuals)
  score <- fit$residuals * drop(X %*% solve(crossprod(X))[, "x1"])
  t <- fit$coefficients[["x1"]] / sqrt(sum(rowsum(score, d$pair)^2))
  all <- stats::lm.fit(X, d$y)
  score <- all$residuals * drop(X %*% solve(crossprod(X))[, "x1"])
  own <- all$coefficients[["x1"]] / sqrt(sum(rowsum(score, d$pair)^2))
  expect_relative(w$draws[77L] / w$statistic, t / own, 1e-8)
})

test_that("seeds: NULL takes one number of R's stream, a given one leaves it alone, enumeration needs none", {
  d <- wild_panel()
  m <- fe_model(y ~ x1 + x2 | unit + year, d)
  set.seed(3)
  before <- .Random.seed
  given <- wild_bootstrap(m, "x1", cluster = ~pair, weights = "webb", R = 99, seed = 8)
  expect_true(is.na(wild_bootstrap(m, "x1", cluster = ~pair)$seed))
  expect_identical(.Random.seed, before)
  set.seed(3)
  one <- wild_bootstrap(m, "x1", cluster = ~pair, weights = "webb", R = 99)
  set.seed(3)
  two <- wild_bootstrap(m, "x1", cluster = ~pair, weights = "webb", R = 99)
  expect_identical(one, two)
  expect_identical(wild_bootstrap(m, "x1", cluster = ~pair, weights = "webb", R = 99, seed = one$seed), one)
  expect_false(identical(one$draws, given$draws))
})

test_that("weights have their values and moments", {
  d <- fe_panel("balanced", 40, 4)
  m <- fe_model(y ~ x1 | unit + year, d)
  p <- vapply(c("rademacher", "webb", "mammen", "normal"), function(kind) {
    w <- wild_bootstrap(m, "x1", null = coef(m)[["x1"]] - .1, cluster = ~unit, weights = kind, R = 4999, seed = 2,
                        conf.level = NULL)
    expect_length(unique(w$draws), 4999L)
    expect_within(mean(w$draws), 0, .15)
    expect_within(stats::sd(w$draws), 1, .12)
    unname(w$p.value)
  }, 1)
  expect_lt(diff(range(p)), .06)
})

test_that("bad requests are refused", {
  d <- wild_panel()
  d$one <- 1
  d$hole <- replace(d$pair, 2, NA)
  m <- fe_model(y ~ x1 + x2 | unit + year, d)
  w <- function(...) wild_bootstrap(m, "x1", cluster = ~pair, ...)
  expect_refused(wild_bootstrap(m, cluster = ~pair), "missing_argument")
  expect_refused(wild_bootstrap(m, "nope", cluster = ~pair), "term")
  expect_refused(wild_bootstrap(m, c("x1", "x1"), cluster = ~pair), "term")
  expect_refused(wild_bootstrap(m, 1, cluster = ~pair), "term")
  expect_refused(wild_bootstrap(m, "x1"), "vcov")
  expect_refused(wild_bootstrap(m, "x1", cluster = ~one), "one_cluster")
  expect_refused(wild_bootstrap(m, "x1", cluster = ~hole), "missing_value")
  expect_refused(w(variant = "WCR21"), "choice")
  expect_refused(w(weights = "coin"), "choice")
  expect_refused(w(alternative = "both"), "choice")
  expect_refused(w(ties = "half"), "choice")
  expect_refused(w(weights = "webb", R = 38), "number")
  expect_refused(w(R = 0), "number")
  expect_refused(w(conf.level = 1), "number")
  expect_refused(w(null = NA), "number")
  expect_refused(w(joint = NA), "flag")
  expect_refused(w(weights = "webb", seed = 1.5), "seed")
  expect_refused(w(weights = "webb", seed = "a"), "seed")
  expect_refused(wild_bootstrap(m, "x1", cluster = ~pair + year, variant = "WCR31"), "choice")
  expect_refused(w(boot_cluster = ~year), "vcov")
  expect_snapshot(error = TRUE, wild_bootstrap(m, "x1", cluster = ~pair + year, variant = "WCR31"))
  expect_snapshot(error = TRUE, wild_bootstrap(fe_model(y ~ x1, d), "x1", cluster = ~pair, boot_cluster = ~unit,
                                               variant = "WCU13"))
  expect_snapshot(error = TRUE, w(boot_cluster = ~year))
  expect_snapshot(error = TRUE, wild_bootstrap(m, cluster = ~pair))
  expect_snapshot(error = TRUE, wild_bootstrap(m, "nope", cluster = ~pair))
  expect_snapshot(error = TRUE, wild_bootstrap(m, c("x1", "x2"), null = c(a = 1, b = 2), cluster = ~pair))
  expect_snapshot(error = TRUE, w(weights = "webb", R = 38))
  expect_snapshot(error = TRUE, w(weights = "webb", seed = -1))
  exact <- data.frame(y = c(-2, 2, -2, 2), x1 = c(-1, 1, -1, 1), g = c(1, 1, 2, 2))
  expect_snapshot(error = TRUE, wild_bootstrap(fe_model(y ~ x1, exact), "x1", cluster = ~g))
  wide <- data.frame(u = rep(1:2100, each = 3), t = rep(1:3, 2100), g = rep(1:7, 900), x = sin(1:6300), y = cos(1:6300))
  expect_snapshot(error = TRUE, wild_bootstrap(fe_model(y ~ x | u + t, wide), "x", cluster = ~g))
})
