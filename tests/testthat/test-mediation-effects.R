# Effects by closed formulas, and the covariance between equations.

d <- product_panel()
closed <- c("sobel", "aroian", "goodman", "distribution", "joint")
fit <- function(..., formula = y ~ x + z | unit + year, data = d, mediators = "m", vcov = ~unit) {
  fe_mediation(formula, data, mediators = mediators, vcov = vcov, ...)
}

# What is published -------------------------------------------------------------------------------

test_that("UCLA's example to the printed digits: products, errors, share", {
  hsb <- read_oracle("hsb200.csv")
  m <- fit(formula = science ~ math, data = hsb, mediators = "read", vcov = "iid", method = closed,
           covariance = "independent", reference = "normal")
  expect_equal(effect_of(m, "total", "model")$estimate, .66658, tolerance = 1e-5)
  expect_equal(effect_of(m, "direct", "model")$std.error, .0725922, tolerance = 1e-6)
  expect_equal(effect_of(m, "indirect", "sobel")$estimate, .26485934, tolerance = 1e-7)
  printed <- list(sobel = c(.05258136, 5.037134), aroian = c(.05272324, 5.023579), goodman = c(.05243909, 5.050800))
  for (name in names(printed)) {
    row <- effect_of(m, "indirect", name)
    expect_equal(row$std.error, printed[[name]][1L], tolerance = 1e-6)
    expect_equal(row$statistic, printed[[name]][2L], tolerance = 1e-6)
    expect_identical(row$df, Inf)
  }
  expect_equal(effect_of(m, "proportion", "delta")$estimate, .39734065, tolerance = 1e-7)
  with_write <- fit(formula = science ~ math + write, data = hsb, mediators = "read", vcov = "iid", method = "sobel",
                    covariance = "independent")
  expect_equal(effect_of(with_write, "indirect", "sobel")$estimate, .15669211, tolerance = 1e-7)
  expect_equal(effect_of(with_write, "indirect", "sobel")$std.error, .04152593, tolerance = 1e-6)
})

test_that("the product of two normals has its exact limits", {
  law <- flowresil:::product_law(.2, .4, 1, 1, 0)
  expect_equal(law$quantile(.025), -2.1881785, tolerance = 3e-8)
  expect_equal(law$quantile(.975), 2.5872223, tolerance = 3e-8)
  expect_equal(law$sd, 1.095445, tolerance = 1e-6)
  # one is a line of the other: the square of a normal, and its negative
  square <- flowresil:::product_law(1, 1, 1, 1, 1)
  expect_equal(square$cdf(4), stats::pchisq(4, 1, 1), tolerance = 1e-12)
  expect_equal(square$quantile(.5), stats::qchisq(.5, 1, 1), tolerance = 1e-9)
  nearly <- flowresil:::product_law(1, 1, 1, 1, 1 - 1e-12)
  expect_equal(nearly$quantile(.5), square$quantile(.5), tolerance = 1e-5)
  # scale and sign
  scaled <- flowresil:::product_law(-.4, .8, 2, 2, 0)
  expect_equal(scaled$quantile(.025), -4 * law$quantile(.975), tolerance = 1e-9)
  expect_equal(flowresil:::product_law(2, 3, 0, 1, 0)$quantile(.975), 6 + 2 * stats::qnorm(.975), tolerance = 1e-12)
  expect_identical(flowresil:::product_law(2, 3, 0, 0, 0)$cdf(5), 0)
  # either may be conditioned on
  for (r in c(-.95, -.3, .6)) {
    a <- flowresil:::product_law(.7, -1.3, .4, .9, r)
    b <- flowresil:::product_law(-1.3, .7, .9, .4, r)
    expect_equal(a$quantile(c(.025)), b$quantile(.025), tolerance = 1e-9)
    expect_equal(a$cdf(-.5), b$cdf(-.5), tolerance = 1e-10)
  }
})

# Identities --------------------------------------------------------------------------------------

test_that("total less direct is the sum of the indirect effects, and so is its error without correction", {
  for (structure in c("parallel", "serial")) {
    for (weights in list(NULL, "w")) {
      m <- fit(mediators = c("m", "n"), structure = structure, method = "sobel", correction = "none", weights = weights)
      t <- effects_table(m)
      gap <- t$estimate[t$effect == "total"] - t$estimate[t$effect == "direct"]
      expect_equal(gap, sum(t$estimate[t$effect == "indirect"]), tolerance = 1e-11)
      expect_equal(gap, t$estimate[t$effect == "total_indirect"], tolerance = 1e-11)
      V <- vcov(m)
      g <- numeric(nrow(V))
      g[match(c("total:x", "outcome:x"), rownames(V))] <- c(1, -1)
      expect_relative(sqrt(drop(g %*% V %*% g)), t$std.error[t$effect == "total_indirect"], 1e-9)
    }
  }
})

test_that("coef() and vcov() are of all equations, and their blocks the equations' own", {
  for (vcov in list("iid", "HC1", ~unit, ~unit + year, "HC3", vcov_cr(~unit), vcov_cr(~unit, "CR3"),
                    vcov_nw(1, unit, year), vcov_dk(1, year))) {
    m <- suppressWarnings(fit(mediators = c("m", "n"), vcov = vcov, method = "sobel"))
    expect_named(coef(m), c("total:x", "total:z", "m:x", "m:z", "n:x", "n:z", "outcome:x", "outcome:m", "outcome:n",
                            "outcome:z"))
    V <- vcov(m)
    for (name in names(m$models)) {
      own <- paste0(name, ":", names(coef(m$models[[name]])))
      expect_identical(unname(V[own, own]), unname(vcov(m$models[[name]])))
    }
    # nought between equations where they are taken as independent
    apart <- suppressWarnings(fit(mediators = c("m", "n"), vcov = vcov, method = "sobel", covariance = "independent"))
    expect_identical(unique(vcov(apart)["m:x", c("total:x", "n:z", "outcome:m")]), 0)
  }
})

test_that("the covariance between equations is that of influence functions, with both factors", {
  f <- list(total = y ~ x + z + unit + factor(year), m = m ~ x + z + unit + factor(year),
            outcome = y ~ x + m + z + unit + factor(year))
  keep <- list(total = c("x", "z"), m = c("x", "z"), outcome = c("x", "m", "z"))
  for (weights in list(rep(1, nrow(d)), d$w)) {
    weighted <- transform(d, wt = weights)
    dense <- Map(dense_influences, f, list(d), keep, list(weights))
    psi <- do.call(cbind, lapply(dense, `[[`, "psi"))
    k <- lengths(keep)
    K <- k + 12 + 6 - 1
    n <- nrow(d)
    roots <- function(factors) tcrossprod(rep(sqrt(factors), k))
    expected <- list(
      HC1 = crossprod(psi) * roots(n / (n - K)),
      cluster = crossprod(rowsum(psi, d$unit)) * roots(12 / 11 * (n - 1) / (n - (K - 11))),
      iid = NULL
    )
    own <- function(...) fit(data = weighted, method = "sobel", weights = "wt", ...)
    expect_relative(unname(vcov(own(vcov = "HC1"))), unname(expected$HC1), 1e-9)
    expect_relative(unname(vcov(own())), unname(expected$cluster), 1e-9)
    two_way <- crossprod(rowsum(psi, d$unit)) + crossprod(rowsum(psi, d$year)) - crossprod(psi)
    found <- suppressWarnings(own(vcov = ~ unit + year, correction = "none"))
    expect_relative(vcov(found)["m:x", c("outcome:x", "outcome:m", "total:x")], two_way[3, c(5, 6, 1)], 1e-8)
    # classical: products of residuals
    e <- vapply(dense, `[[`, d$x, "residuals")
    sigma <- crossprod(e * sqrt(weights)) / sqrt(tcrossprod(n - K))
    block <- function(a, b) {
      A <- dense[[a]]
      B <- dense[[b]]
      cross <- A$inverse %*% crossprod(A$X * weights, B$X) %*% B$inverse
      sigma[a, b] * cross[match(A$keep, colnames(A$X)), match(B$keep, colnames(B$X))]
    }
    classical <- vcov(own(vcov = "iid"))
    expect_equal(unname(classical[3:4, 5:7]), unname(block(2, 3)), tolerance = 1e-12) # nought
    expect_equal(unname(classical[1:2, 5:7]), unname(block(1, 3)), tolerance = 1e-10)
    expect_equal(unname(classical[1:2, 3:4]), unname(block(1, 2)), tolerance = 1e-10)
  }
})

test_that("jackknife, leverage and time kernels stack too", {
  formulas <- list(total = y ~ x + z + unit + factor(year), m = m ~ x + z + unit + factor(year),
                   outcome = y ~ x + m + z + unit + factor(year))
  keep <- list(c("x", "z"), c("x", "z"), c("x", "m", "z"))
  b <- coef(fit(method = "sobel"))
  left <- do.call(cbind, Map(function(f, terms) refits_without(f, d, d$unit, terms), formulas, keep))
  expected <- 11 / 12 * crossprod(left - rep(b, each = 12))
  expect_relative(unname(vcov(fit(method = "sobel", vcov = vcov_cr(~unit, "CR3")))), unname(expected), 1e-7)
  dense <- Map(dense_influences, formulas, list(d), keep)
  hc3 <- do.call(cbind, lapply(dense, function(one) {
    h <- rowSums((one$X %*% one$inverse) * one$X)
    one$psi / (1 - h)
  }))
  expect_relative(unname(vcov(fit(method = "sobel", vcov = "HC3"))), unname(crossprod(hc3)), 1e-8)
  psi <- do.call(cbind, lapply(dense, `[[`, "psi"))
  by_year <- rowsum(psi, d$year)
  meat <- crossprod(by_year)
  for (lag in 1:2) {
    shifted <- crossprod(by_year[seq_len(6 - lag), ], by_year[lag + seq_len(6 - lag), ])
    meat <- meat + (1 - lag / 3) * (shifted + t(shifted))
  }
  found <- vcov(suppressWarnings(fit(method = "sobel", vcov = vcov_dk(2, year), correction = "none")))
  expect_relative(unname(found[3:4, 5:7]), unname(meat[3:4, 5:7]), 1e-8)
  d$lat <- 10 * sin(as.integer(factor(d$unit)))
  d$lon <- 10 * cos(as.integer(factor(d$unit)))
  found <- vcov(suppressWarnings(fit(data = d, method = "sobel", vcov = vcov_conley(lat, lon, 400),
                                     correction = "none")))
  at <- as.matrix(d[c("lat", "lon")]) * pi / 180
  near <- outer(seq_len(nrow(d)), seq_len(nrow(d)), function(i, j) {
    h <- sin((at[j, 1] - at[i, 1]) / 2)^2 + cos(at[i, 1]) * cos(at[j, 1]) * sin((at[j, 2] - at[i, 2]) / 2)^2
    2 * 6371 * asin(sqrt(h)) <= 400
  })
  expected <- t(psi) %*% near %*% psi
  expect_relative(unname(found[3:4, 5:7]), unname(expected[3:4, 5:7]), 1e-8)
})

# Single formulas ---------------------------------------------------------------------------------

test_that("Sobel, Aroian and Goodman take the covariance of a and b, and the least degrees of freedom", {
  m <- fit(method = closed)
  V <- vcov(m)[c("m:x", "outcome:m"), c("m:x", "outcome:m")]
  b <- coef(m)[c("m:x", "outcome:m")]
  delta <- b[[1]]^2 * V[2, 2] + b[[2]]^2 * V[1, 1] + 2 * b[[1]] * b[[2]] * V[1, 2]
  more <- V[1, 1] * V[2, 2] + V[1, 2]^2
  errors <- sqrt(c(sobel = delta, aroian = delta + more, goodman = delta - more))
  for (name in names(errors)) {
    row <- effect_of(m, "indirect", name, conf.level = .9)
    expect_relative(row$std.error, errors[[name]], 1e-12)
    expect_identical(row$df, 11)
    expect_relative(row$conf.high, prod(b) + qt(.95, 11) * errors[[name]], 1e-12)
    expect_relative(row$p.value, 2 * pt(-abs(prod(b) / errors[[name]]), 11), 1e-10)
  }
  p <- generics::tidy(m)$p.value[2]
  p_b <- generics::tidy(m$models$outcome)$p.value[2]
  expect_identical(effect_of(m, "indirect", "joint")$p.value, max(p, p_b))
  iid <- fit(method = "sobel", vcov = "iid")
  expect_identical(effect_of(iid, "indirect", "sobel")$df, as.double(df.residual(iid$models$outcome)))
  expect_identical(effect_of(iid, "total", "model")$df, as.double(df.residual(iid$models$total)))
  cr2 <- fit(method = "sobel", vcov = vcov_cr(~unit))
  dfs <- c(cr2$models$m$variance$df[["x"]], cr2$models$outcome$variance$df[["m"]])
  expect_identical(effect_of(cr2, "indirect", "sobel")$df, min(dfs))
})

test_that("Goodman's variance may be negative: NA, and said", {
  weak <- d
  weak$y <- weak$z + sin(17 * seq_len(nrow(d)))
  weak$m <- cos(23 * seq_len(nrow(d)))
  m <- fit(data = weak, method = "goodman")
  expect_warning(row <- effect_of(m, "indirect", "goodman"), class = "flowresil_warning_goodman")
  expect_identical(row$std.error, NA_real_)
  expect_snapshot(invisible(effects_table(m)))
})

test_that("Fieller's set holds the ratios that its test does not refuse", {
  m <- fit(method = "sobel")
  V <- vcov(m)
  b <- coef(m)
  refused <- function(theta) {
    g <- c("m:x" = b[["outcome:m"]], "outcome:m" = b[["m:x"]], "total:x" = -theta)
    value <- b[["m:x"]] * b[["outcome:m"]] - theta * b[["total:x"]]
    abs(value) - qt(.975, 11) * sqrt(drop(g %*% V[names(g), names(g)] %*% g))
  }
  row <- effect_of(m, "proportion", "fieller")
  expect_identical(row$note, "interval")
  expect_equal(refused(row$conf.low), 0, tolerance = 1e-9)
  expect_equal(refused(row$conf.high), 0, tolerance = 1e-9)
  expect_lt(refused(row$estimate), 0)
  # no total effect: what is left out is bounded, or nothing is
  none <- d
  none$y <- none$m - 0.72 * none$x
  wide <- fit(data = none, method = "sobel", vcov = ~year)
  expect_true(effect_of(wide, "proportion", "fieller")$note %in% c("complement", "line", "interval"))
  last <- effect_of(m, "proportion", "fieller", conf.level = 1 - 1e-12)
  expect_true(last$note %in% c("complement", "line"))
  if (last$note == "line") expect_identical(c(last$conf.low, last$conf.high), c(-Inf, Inf))
})

test_that("in series each mediator is regressed on the earlier ones, and paths are products", {
  m <- fit(mediators = c("m", "n"), structure = "serial", method = "sobel")
  expect_identical(names(coef(m$models$n)), c("x", "m", "z"))
  b <- coef(m)
  t <- effects_table(m)
  path <- t[t$effect == "indirect" & t$mediator == "m -> n", ]
  expect_identical(path$estimate, b[["m:x"]] * b[["n:m"]] * b[["outcome:n"]])
  expect_identical(t$mediator[t$effect == "contrast"], "m - n")
  expect_relative(t$estimate[t$effect == "contrast"],
                  b[["m:x"]] * b[["outcome:m"]] - b[["n:x"]] * b[["outcome:n"]], 1e-12)
  g <- c("m:x" = b[["n:m"]] * b[["outcome:n"]], "n:m" = b[["m:x"]] * b[["outcome:n"]],
         "outcome:n" = b[["m:x"]] * b[["n:m"]])
  expect_relative(path$std.error, sqrt(drop(g %*% vcov(m)[names(g), names(g)] %*% g)), 1e-12)
  expect_identical(t$mediator[t$effect == "proportion" & t$method == "delta"], c("m", "n", "m -> n", "all"))
})

test_that("mediators may be terms, with functions and lags, on one common sample", {
  m <- quietly(fit(mediators = ~ exp(m) + l(n, 1), method = "sobel", weights = w))
  expect_named(m$models, c("total", "exp(m)", "l(n, 1)", "outcome"))
  d$em <- exp(d$m)
  d$ln <- vapply(seq_len(nrow(d)), function(i) {
    v <- d$n[d$unit == d$unit[i] & d$year == d$year[i] - 1]
    if (length(v)) v else NA_real_
  }, 1)
  plain <- quietly(fit(data = d, mediators = c("em", "ln"), method = "sobel", weights = w))
  expect_relative(unname(coef(m)), unname(coef(plain)), 1e-12)
  expect_relative(unname(vcov(m)), unname(vcov(plain)), 1e-12)
  expect_identical(nobs(m), nobs(plain))
  expect_refused(fit(mediators = ~ m + x, method = "sobel"), "mediator")
  expect_refused(fit(mediators = ~ x:m, method = "sobel"), "mediator")
  expect_refused(fit(mediators = y ~ m, method = "sobel"), "mediator")
  expect_refused(fit(mediators = ~ nowhere, method = "sobel"), "missing_column")
})

test_that("a factor treatment has a set of effects a level", {
  d$k <- c("a", "b", "c")[1 + (seq_len(nrow(d)) * 7) %% 3]
  m <- fit(formula = y ~ factor(k) + z | unit + year, data = d, method = "sobel")
  expect_identical(m$treatment, c("factor(k)b", "factor(k)c"))
  t <- effects_table(m)
  expect_identical(sort(unique(t$treatment)), m$treatment)
  one <- fit(formula = y ~ factor(k) + z | unit + year, data = d, method = "sobel", treatment = "factor(k)c")
  same <- t[t$treatment == "factor(k)c", ]
  rownames(same) <- NULL
  expect_equal(effects_table(one), same)
  # two steps keep their one treatment
  expect_identical(fe_mediation(y ~ factor(k) + z | unit + year, d, "m")$treatment, "factor(k)b")
  expect_identical(fit(formula = y ~ z + factor(k) | unit + year, data = d, method = "sobel",
                       treatment = "factor(k)")$treatment, c("factor(k)b", "factor(k)c"))
})

# Bad input ---------------------------------------------------------------------------------------

test_that("what cannot be is refused with what to do", {
  d$m2 <- 3 * d$x - 1
  d$m3 <- 2 * d$m + d$z
  expect_refused(fit(data = d, mediators = "m2", method = "sobel"), "mediator")
  expect_snapshot(error = TRUE, {
    fit(method = "sobell")
    fit(data = d, mediators = "m2", method = "sobel")
    fit(data = d, mediators = c("m", "m3"), method = "sobel")
    fit(method = "sobel", structure = "serial")
    effects_table(fit())
    fit(mediators = ~ x:m, method = "sobel")
    fit(mediators = y ~ m, method = "sobel")
    fit(mediators = ~ log(m, "a"), method = "sobel")
    fit(mediators = ~ poly(m, 2), method = "sobel")
    fit(data = transform(d, total = m), mediators = "total")
  })
  expect_refused(effects_table(fit(method = "sobel"), conf.level = 95), "number")
  expect_refused(fit(method = "sobel", covariance = "other"), "choice")
})

test_that("a binary mediator is said to be a linear probability model", {
  d$bin <- as.integer(d$m > 0)
  expect_message(fit(data = d, mediators = "bin", method = "sobel"), class = "flowresil_message_binary_mediator")
  expect_snapshot(invisible(fit(data = d, mediators = "bin", method = "sobel")))
  expect_no_message(fit(data = d, mediators = "bin"))
})

test_that("collinear columns that lose the split of the total effect are said", {
  m <- fit(method = "sobel")
  m$models$total$coefficients[["x"]] <- m$models$total$coefficients[["x"]] * (1 + 1e-6)
  expect_warning(flowresil:::check_identity(m), class = "flowresil_warning_identity")
  expect_snapshot(flowresil:::check_identity(m))
})

test_that("print and summary say effects, conventions and the assumption", {
  expect_snapshot({
    print(fit(mediators = c("m", "n"), method = c("sobel", "joint")))
    summary(fit(method = "sobel", vcov = "HC1"))
  })
})

# Other packages, live -------------------------------------------------------------------------------

test_that("limits of the product are RMediation's to its four digits", {
  skip_if_not_installed("RMediation")
  for (one in list(c(.2, .4, 1, 1, 0), c(.5, .3, .2, .1, .4))) {
    theirs <- RMediation::medci(one[1], one[2], one[3], one[4], one[5], alpha = .05, type = "dop")
    law <- flowresil:::product_law(one[1], one[2], one[3], one[4], one[5])
    expect_equal(unname(unlist(theirs[[1L]])), c(law$quantile(.025), law$quantile(.975)), tolerance = 1e-4)
  }
})

test_that("Sobel's error without correction is lavaan's of the same paths, kept and live", {
  hsb <- read_oracle("hsb200.csv")
  m <- fit(formula = science ~ math, data = hsb, mediators = "read", vcov = "iid", method = "sobel",
           correction = "none", reference = "normal")
  row <- effect_of(m, "indirect", "sobel")
  kept <- read_oracle("lavaan_hsb.csv")
  for (column in names(kept)) expect_equal(row[[column]], kept[[column]], tolerance = 1e-5)
  skip_if_not_installed("lavaan")
  live <- lavaan::parameterEstimates(lavaan::sem("read ~ a*math\n science ~ b*read + math\n ab := a*b", hsb))
  expect_equal(row$std.error, live$se[live$lhs == "ab"], tolerance = 1e-5)
})

test_that("the indirect effect is mediation's average, up to its simulation", {
  skip_if_not_installed("mediation")
  hsb <- read_oracle("hsb200.csv")
  withr::local_seed(1)
  theirs <- mediation::mediate(stats::lm(read ~ math, hsb), stats::lm(science ~ math + read, hsb), treat = "math",
                               mediator = "read", sims = 2000)
  m <- fit(formula = science ~ math, data = hsb, mediators = "read", vcov = "iid", method = "monte_carlo",
           covariance = "independent", reference = "normal", R = 4999, seed = 1)
  row <- effect_of(m, "indirect", "monte_carlo")
  expect_equal(row$estimate, theirs$d0, tolerance = .02)
  expect_equal(c(row$conf.low, row$conf.high), unname(theirs$d0.ci), tolerance = .04)
})
