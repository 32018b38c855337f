# Draws against refits with written-out dummies.

d <- product_panel()
fit <- function(..., formula = y ~ x + z | unit + year, data = d, mediators = "m", vcov = ~unit) {
  fe_mediation(formula, data, mediators = mediators, vcov = vcov, ...)
}
dummies <- "+ unit + factor(year)"

# Paths of a refit with row weights.
refit <- function(data, weights, mediators = "m", serial = FALSE) {
  data$.w <- weights
  data <- data[weights > 0, ]
  lm_of <- function(outcome, right) {
    stats::coef(stats::lm(stats::as.formula(paste(outcome, "~", right, "+ z", dummies)), data, weights = .w))
  }
  total <- lm_of("y", "x")[["x"]]
  outcome <- lm_of("y", paste(c("x", mediators), collapse = " + "))
  a <- vapply(seq_along(mediators), function(j) {
    lm_of(mediators[j], paste(c("x", if (serial) mediators[seq_len(j - 1)]), collapse = " + "))[["x"]]
  }, 1)
  c(total = total, direct = outcome[["x"]], stats::setNames(a, paste0("a[", mediators, "]")),
    stats::setNames(outcome[mediators], paste0("b[", mediators, "]")))
}

units <- sort(unique(d$unit))

test_that("resampled clusters are refits with the clusters' counts as weights, fractions too", {
  counts <- t(vapply(1:45, function(r) {
    if (r <= 40) tabulate((r * seq_along(units)^2 + 3 * seq_along(units)) %% 12 + 1, 12) else
      1 + 0.9 * sin(r * seq_along(units))
  }, numeric(12)))
  counts <- counts[rowSums(counts > 0) > 3, ]
  colnames(counts) <- units
  for (mediators in list("m", c("m", "n"))) {
    m <- fit(mediators = mediators, method = "percentile", resamples = counts, weights = w)
    for (r in c(1, 7, nrow(counts))) {
      expected <- refit(d, d$w * counts[r, d$unit], mediators)
      expect_relative(m$draws$pairs[r, names(expected)], expected, 1e-9)
    }
    expect_identical(nrow(m$draws$pairs), nrow(counts))
    again <- fit(mediators = mediators, method = "percentile", resamples = counts[, 12:1], weights = w)
    expect_identical(again$draws, m$draws)
  }
  serial <- fit(mediators = c("m", "n"), structure = "serial", method = "percentile", resamples = counts)
  expected <- refit(d, counts[3, d$unit], c("m", "n"), TRUE)
  expect_relative(serial$draws$pairs[3, names(expected)], expected, 1e-9)
  expect_true(all(c("indirect[m]", "indirect[n]", "indirect[m -> n]", "total_indirect", "contrast[m - n]") %in%
                    colnames(serial$draws$pairs)))
})

test_that("clusters that no effect nests in, and fits without effects, are drawn the same", {
  d$part <- paste0("p", (seq_len(nrow(d)) * 5) %% 9)
  counts <- t(vapply(1:40, function(r) tabulate((r + seq_len(9)^2) %% 9 + 1, 9), numeric(9)))
  colnames(counts) <- sort(unique(d$part))
  m <- fit(data = d, vcov = ~part, method = "percentile", resamples = counts)
  expected <- refit(d, counts[2, d$part])
  expect_relative(m$draws$pairs[2, names(expected)], expected, 1e-8)
  plain <- fit(formula = y ~ x + z, vcov = "HC1", method = "percentile", R = 99, seed = 2)
  expect_identical(nrow(plain$draws$pairs), 99L)
  rows <- matrix(1, 40, nrow(d), dimnames = list(NULL, seq_len(nrow(d))))
  rows[, 1:7] <- 3
  plain <- fit(formula = y ~ x + z, vcov = "HC1", method = "percentile", resamples = rows)
  reference <- stats::lm(y ~ x + m + z, d, weights = rows[1, ])
  expect_relative(plain$draws$pairs[1, c("direct", "b[m]")], stats::coef(reference)[c("x", "m")], 1e-9)
})

test_that("the wild bootstrap draws outcomes with one sign a cluster: all of them where they are few", {
  d$part <- c("p1", "p2", "p3", "p4", "p5", "p6")[1 + (match(d$unit, units) - 1) %/% 2]
  for (mediators in list("m", c("m", "n"))) {
    serial <- length(mediators) > 1
    m <- suppressWarnings(fit(data = d, mediators = mediators, structure = if (serial) "serial" else "parallel",
                              vcov = ~part, method = "wild", R = 99, seed = 1))
    expect_identical(nrow(m$draws$wild), 64L)
    parts <- sort(unique(d$part))
    for (r in c(1, 6, 37)) {
      sign <- ifelse(bitwAnd(r - 1, 2^(0:5)) > 0, -1, 1)[match(d$part, parts)]
      drawn <- d
      for (j in seq_along(mediators)) {
        right <- paste(c("x", if (serial) mediators[seq_len(j - 1)]), collapse = " + ")
        own <- stats::lm(stats::as.formula(paste(mediators[j], "~", right, "+ z", dummies)), d)
        drawn[[mediators[j]]] <- stats::predict(own, drawn) + sign * stats::residuals(own)
      }
      own <- stats::lm(stats::as.formula(paste("y ~", paste(c("x", mediators), collapse = " + "), "+ z", dummies)), d)
      drawn$y <- stats::predict(own, drawn) + sign * stats::residuals(own)
      expected <- refit(drawn, rep(1, nrow(d)), mediators, serial)
      expect_relative(m$draws$wild[r, names(expected)], expected, 1e-8)
    }
  }
})

test_that("limits are those of their definitions", {
  m <- fit(method = c("percentile", "bc", "bca", "studentised"), R = 199, seed = 4)
  ab <- m$draws$pairs[, "indirect[m]"]
  estimate <- prod(coef(m)[c("m:x", "outcome:m")])
  quantile6 <- function(p) unname(stats::quantile(ab, p, type = 6))
  row <- effect_of(m, "indirect", "percentile")
  expect_identical(c(row$conf.low, row$conf.high), quantile6(c(.025, .975)))
  expect_identical(row$std.error, stats::sd(ab))
  expect_identical(row$p.value, min(1, 2 * (min(sum(ab <= 0), sum(ab >= 0)) + 1) / 200))
  z0 <- stats::qnorm(mean(ab < estimate))
  row <- effect_of(m, "indirect", "bc")
  expect_equal(c(row$conf.low, row$conf.high), quantile6(stats::pnorm(2 * z0 + stats::qnorm(c(.025, .975)))))
  left <- vapply(units, function(u) {
    b <- refit(d, as.double(d$unit != u))
    b[["a[m]"]] * b[["b[m]"]]
  }, 1)
  deviations <- mean(left) - left
  acceleration <- sum(deviations^3) / (6 * sum(deviations^2)^1.5)
  expect_relative(m$acceleration[["indirect[m]"]], acceleration, 1e-7)
  z <- z0 + stats::qnorm(c(.025, .975))
  row <- effect_of(m, "indirect", "bca")
  expect_equal(c(row$conf.low, row$conf.high), quantile6(stats::pnorm(z0 + z / (1 - acceleration * z))),
               tolerance = 1e-8)
  # studentised: a draw's own Sobel error, a cluster drawn twice counting as two
  counts <- matrix(1, 40, 12, dimnames = list(NULL, units))
  for (r in 1:3) counts[r, ] <- list(c(2, 0, 1, 1, 3, 0, 1, 0, 1, 1, 1, 1), c(0, 2, 1, 2, 0, 1, 1, 2, 0, 1, 1, 1),
                                     c(1, 1, 0, 1, 1, 1, 4, 0, 1, 0, 1, 1))[[r]]
  counts <- counts[rep(1:3, 14), ]
  s <- fit(method = "studentised", resamples = counts)
  t_of <- function(weights) {
    f <- list(stats::as.formula(paste("m ~ x + z", dummies)), stats::as.formula(paste("y ~ x + m + z", dummies)))
    kept <- weights > 0
    a <- dense_influences(f[[1]], d[kept, ], "x", weights[kept])
    b <- dense_influences(f[[2]], d[kept, ], "m", weights[kept])
    value <- function(one, y) {
      drop(one$inverse %*% crossprod(one$X * weights[kept], y[kept]))[match(one$keep, colnames(one$X))]
    }
    ab <- c(value(a, d$m), value(b, d$y))
    # each copy of a cluster is one: its scores without the count
    psi <- cbind(a$psi, b$psi) / weights[kept]
    sums <- rowsum(psi, d$unit[kept])
    V <- crossprod(sums * sqrt(as.vector(tapply(weights[kept], d$unit[kept], max))))
    g <- rev(ab)
    c(prod(ab), sqrt(drop(g %*% V %*% g)))
  }
  own <- t_of(rep(1, nrow(d)))
  t <- vapply(1:3, function(r) {
    drawn <- t_of(counts[r, d$unit])
    (drawn[1] - own[1]) / drawn[2]
  }, 1)[rep(1:3, 14)]
  row <- effect_of(s, "indirect", "studentised")
  limits <- own[1] - rev(unname(stats::quantile(t, c(.025, .975), type = 6))) * own[2]
  expect_relative(c(row$conf.low, row$conf.high), limits, 1e-7)
})

test_that("Monte Carlo draws have the coefficients' moments, t by equation or normal", {
  m <- fit(method = "monte_carlo", R = 20000, seed = 3, reference = "normal")
  drawn <- m$draws$normal
  V <- vcov(m)[c("m:x", "outcome:m"), c("m:x", "outcome:m")]
  expect_equal(stats::cov(drawn[, c("a[m]", "b[m]")]), V, tolerance = .03, ignore_attr = TRUE)
  expect_equal(mean(drawn[, "a[m]"]), coef(m)[["m:x"]], tolerance = .01)
  t <- fit(method = "monte_carlo", R = 20000, seed = 3)
  ratio <- stats::var(t$draws$normal[, "a[m]"]) / V[1, 1]
  expect_equal(ratio, 11 / 9, tolerance = .05)
  law <- effect_of(fit(method = "distribution"), "indirect", "distribution")
  expect_equal(effect_of(m, "indirect", "monte_carlo")$conf.high, law$conf.high, tolerance = .02)
})

test_that("joint_wild takes both paths' restricted wild p values", {
  m <- fit(method = "joint_wild", R = 499, seed = 7)
  a <- wild_bootstrap(m$models$m, "x", cluster = ~unit, R = 499, seed = 7, conf.level = NULL)$p.value
  b <- wild_bootstrap(m$models$outcome, "m", cluster = ~unit, R = 499, seed = 7, conf.level = NULL)$p.value
  expect_identical(m$wild_p$p.value, unname(c(a, b)))
  expect_identical(effect_of(m, "indirect", "joint_wild")$p.value, max(a, b))
})

test_that("stepwise decides as Wen and Ye do", {
  loud <- d
  loud$y <- d$y - coef(fe_model(y ~ x + m + z | unit + year, d))[["x"]] * d$x
  expect_identical(fit(data = loud, method = "stepwise", R = 199, seed = 1)$decisions$verdict, "complete")
  loud$y <- d$y + 3 * d$x
  expect_identical(fit(data = loud, method = "stepwise", R = 199, seed = 1)$decisions$verdict, "partial")
  loud$y <- d$y - 3 * d$x
  expect_identical(fit(data = loud, method = "stepwise", R = 199, seed = 1)$decisions$verdict, "suppression")
  loud$m <- cos(23 * seq_len(nrow(d)))
  expect_identical(fit(data = loud, method = "stepwise", R = 199, seed = 1)$decisions$verdict, "none")
  # without clusters by Monte Carlo
  expect_identical(fit(method = "stepwise", vcov = "iid", seed = 1)$decisions$mediator, "m")
})

test_that("seeds repeat, R's stream stays where it is, and threads change no bit", {
  one <- fit(method = c("percentile", "monte_carlo", "wild"), R = 99, seed = 9)
  withr::with_seed(1, {
    before <- .Random.seed
    withr::with_options(list(flowresil.threads = 2), {
      two <- fit(method = c("percentile", "monte_carlo", "wild"), R = 99, seed = 9)
    })
    expect_identical(.Random.seed, before)
  })
  expect_identical(two$draws, one$draws)
  withr::with_seed(5, a <- fit(method = "percentile", R = 99))
  withr::with_seed(5, b <- fit(method = "percentile", R = 99))
  expect_identical(a$draws, b$draws)
  expect_false(identical(a$draws, fit(method = "percentile", R = 99, seed = 1)$draws))
})

test_that("lost draws stay as NA, are counted and told; too many are refused", {
  few <- d
  few$x[!few$unit %in% c("u10", "u11", "u12")] <- 0
  expect_warning(m <- fit(data = few, formula = y ~ x | unit, method = "percentile", R = 199, seed = 1),
                 class = "flowresil_warning_replicates")
  lost <- is.na(m$draws$pairs[, "indirect[m]"])
  expect_identical(sum(lost), m$failed[["pairs"]])
  expect_gt(sum(lost), 0)
  expect_snapshot(invisible(fit(data = few, formula = y ~ x | unit, method = "percentile", R = 199, seed = 1)))
  few$x[!few$unit == "u10"] <- 0
  expect_refused(fit(data = few, formula = y ~ x | unit, method = "percentile", R = 199, seed = 1), "replicates")
  expect_snapshot(error = TRUE, {
    fit(data = few, formula = y ~ x | unit, method = "percentile", R = 199, seed = 1)
  })
})

test_that("draws that cannot be are refused", {
  counts <- function(v, n) matrix(v, 99, length(n), dimnames = list(NULL, n))
  expect_snapshot(error = TRUE, {
    fit(method = "percentile", vcov = "iid")
    fit(method = "wild", vcov = ~ unit + year)
    fit(method = "percentile", R = 9)
    fit(method = "percentile", resamples = counts(1, c(units, "other")))
    fit(method = "percentile", resamples = counts(1, units[-1]))
    fit(method = "percentile", resamples = counts(-1, units))
    fit(method = "percentile", resamples = counts(0, units))
    fit(method = "percentile", resamples = unname(counts(1, units)))
    fit(method = "percentile", resamples = counts(1, units[c(1, seq_along(units))]))
    fit(method = "percentile", resamples = 1)
    fit(formula = y ~ x + z, method = "joint_wild", vcov = "HC1")
  })
  expect_refused(fit(method = "percentile", R = 0), "number")
  expect_refused(fit(method = "percentile", R = 99.5), "number")
  expect_refused(fit(method = "percentile", seed = "a"), "seed")
  m <- fit(method = "percentile", R = 99, seed = 1)
  expect_refused(effects_table(m, conf.level = .999), "number")
})

test_that("acceleration of many clusters is refused", {
  long <- data.frame(x = sin(seq_len(5000)), m = cos(1.7 * seq_len(5000)))
  long$y <- long$m + sin(3.1 * seq_len(5000))
  expect_null(fe_mediation(y ~ x, long, "m", vcov = "HC1", method = "percentile", R = 39, seed = 1)$acceleration)
  expect_snapshot(error = TRUE, fe_mediation(y ~ x, long, "m", vcov = "HC1", method = "bca", R = 39))
})

test_that("few clusters are warned of", {
  expect_warning(fit(vcov = ~region, formula = y ~ x + z | unit, method = "percentile", R = 99, seed = 1),
                 class = "flowresil_warning_few_clusters")
  expect_snapshot(invisible(fit(vcov = ~region, formula = y ~ x + z | unit, method = "wild", R = 99, seed = 1)))
})

test_that("bias-corrected limits of draws on one side are NA, and said", {
  m <- fit(method = "bc", R = 99, seed = 1)
  m$drawn$pairs$coefficients[, "m:x"] <- m$drawn$pairs$coefficients[, "m:x"] + 100
  expect_warning(row <- effect_of(m, "indirect", "bc"), class = "flowresil_warning_interval")
  expect_identical(c(row$conf.low, row$conf.high), c(NA_real_, NA_real_))
  expect_snapshot(invisible(effects_table(m)))
})

test_that("crossing levels that are too many are refused", {
  big <- data.frame(unit = rep(1:2500, 2), firm = c(1:2500, 2500:1), part = rep(1:10, each = 500))
  big$x <- sin(seq_len(5000))
  big$m <- cos(1.7 * seq_len(5000)) + big$x
  big$y <- big$m + sin(3.1 * seq_len(5000))
  expect_refused(fe_mediation(y ~ x | unit, big, "m", vcov = ~part, method = "percentile", R = 99), "bootstrap")
  expect_snapshot(error = TRUE, fe_mediation(y ~ x | unit, big, "m", vcov = ~part, method = "percentile", R = 99))
})
