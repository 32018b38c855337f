# CR0 to CR3 of one cluster: clubSandwich's CR2, and definitions on written-out dummies.

slopes <- c("x1", "x2")
with_pairs <- function(kind) {
  d <- fe_panel(kind)
  d$pair <- ceiling(as.integer(sub("u", "", d$unit)) / 2)
  d
}

test_that("CR2 and its degrees of freedom equal clubSandwich's", {
  oracle <- read_oracle("clubsandwich_cr2.csv")
  oracle <- oracle[oracle$type == "CR2", ]
  for (case in split(oracle, oracle[c("kind", "cluster", "weights")], drop = TRUE)) {
    d <- with_pairs(case$kind[1L])
    m <- if (case$weights[1L] == "w") fe_model(y ~ x1 + x2 | unit + year, d, weights = "w") else
      fe_model(y ~ x1 + x2 | unit + year, d)
    t <- tidy(m, vcov = vcov_cr(stats::reformulate(case$cluster[1L])))
    expect_relative(t$std.error, case$std.error, 1e-7)
    expect_relative(t$df, case$df, 1e-6)
  }
})

test_that("CR2 is its definition: effects inside clusters and across them, none, weights", {
  d <- with_pairs("unbalanced")
  d$pair[1:5] <- 2 # no effect lies inside
  cases <- list(
    list(y ~ x1 + x2 | unit + year, ~ x1 + x2 + factor(unit) + factor(year), "unit", "unit", slopes),
    list(y ~ x1 + x2 | unit + year, ~ x1 + x2 + factor(unit) + factor(year), "year", "year", slopes),
    list(y ~ x1 + x2 | unit + year, ~ x1 + x2 + factor(unit) + factor(year), "pair", NULL, slopes),
    list(y ~ x1 + x2 | unit, ~ x1 + x2 + factor(unit), "unit", "unit", slopes),
    list(y ~ x1 + x2 | unit, ~ x1 + x2 + factor(unit), "year", NULL, slopes),
    list(y ~ x1 + x2, ~ x1 + x2, "pair", NULL, c("(Intercept)", slopes)),
    list(y ~ 0 + x1 + x2, ~ 0 + x1 + x2, "pair", NULL, slopes)
  )
  for (case in cases) {
    for (weighted in c(FALSE, TRUE)) {
      w <- if (weighted) d$w else rep(1, nrow(d))
      m <- if (weighted) fe_model(case[[1L]], d, weights = "w") else fe_model(case[[1L]], d)
      X <- stats::model.matrix(case[[2L]], d)
      e <- stats::lm.wfit(X, d$y, w)$residuals
      if (!is.null(case[[4L]])) {
        X <- without_means(X, d[[case[[4L]]]], w)
        X <- X[, colSums(abs(X)) > 1e-9]
      }
      by_hand <- dense_cr2(X, e, w, d[[case[[3L]]]], match(case[[5L]], colnames(X)))
      V <- vcov(m, vcov = vcov_cr(stats::reformulate(case[[3L]])))
      expect_relative(V, by_hand$vcov, 1e-7)
      expect_relative(tidy(m, vcov = vcov_cr(stats::reformulate(case[[3L]])))$df, by_hand$df, 1e-6)
    }
  }
})

test_that("CR3 and CR3J are refits without each cluster", {
  d <- with_pairs("unbalanced")
  d <- d[!d$unit %in% names(which(table(d$unit) == 1L)), ]
  cases <- list(
    list(y ~ x1 + x2 | unit + year, y ~ x1 + x2 + factor(unit) + factor(year), slopes),
    list(y ~ x1 + x2 | unit + year + group, y ~ x1 + x2 + factor(unit) + factor(year) + factor(group), slopes),
    list(y ~ x1 + x2 | year, y ~ x1 + x2 + factor(year), slopes),
    list(y ~ x1 + x2, y ~ x1 + x2, c("(Intercept)", slopes)),
    list(y ~ 0 + x1 + x2, y ~ 0 + x1 + x2, slopes)
  )
  for (case in cases) {
    for (cluster in c("unit", "pair", "group", "year")) {
      for (given in list(rep(1, nrow(d)), d$w)) {
        m <- fe_model(case[[1L]], d, weights = given)
        without <- refits_without(case[[2L]], d, d[[cluster]], case[[3L]], given)
        G <- nrow(without)
        from <- without - rep(coef(m), each = G)
        formula <- stats::reformulate(cluster)
        expect_relative(vcov(m, vcov = vcov_cr(formula, "CR3")), (G - 1) / G * crossprod(from), 1e-8)
        about <- without - rep(colMeans(without), each = G)
        expect_relative(vcov(m, vcov = vcov_cr(formula, "CR3J")), (G - 1) / G * crossprod(about), 1e-8)
      }
    }
  }
})

test_that("a constant of means is estimated anew without each cluster; one of base levels is refused", {
  d <- fe_panel()
  m <- fe_model(y ~ x1 | unit, d, constant = "mean")
  without <- t(vapply(sort(unique(d$year)), function(t) {
    coef(fe_model(y ~ x1 | unit, d[d$year != t, ], constant = "mean"))
  }, numeric(2)))
  G <- nrow(without)
  expect_relative(vcov(m, vcov = vcov_cr(~year, "CR3")), (G - 1) / G * crossprod(without - rep(coef(m), each = G)),
                  1e-8)
  expect_true(all(is.finite(vcov(m, vcov = vcov_cr(~year)))))
  expect_refused(vcov(fe_model(y ~ x1 | unit, d, constant = "dummy"), vcov = vcov_cr(~year, "CR3")), "vcov")
})

test_that("identities: one-row clusters, CR0, CR1, no factor under any correction", {
  d <- with_pairs("unbalanced")
  d$row <- seq_len(nrow(d))
  m <- suppressWarnings(fe_model(y ~ x1 + x2 | unit + year, d))
  n <- nobs(m)
  expect_relative(suppressWarnings(vcov(m, vcov = vcov_cr(~row))), suppressWarnings(vcov(m, vcov = "HC2")), 1e-10)
  d <- fe_panel()
  d$row <- seq_len(nrow(d))
  m <- fe_model(y ~ x1 + x2 | unit + year, d)
  expect_relative(vcov(m, vcov = vcov_cr(~row, "CR3")), (nobs(m) - 1) / nobs(m) * vcov(m, vcov = "HC3"), 1e-10)
  expect_relative(vcov(m, vcov = vcov_cr(~unit, "CR0")), vcov(m, vcov = ~unit, correction = "none"), tolerance_exact)
  expect_identical(vcov(m, vcov = vcov_cr(~unit, "CR1")), vcov(m, vcov = ~unit))
  for (type in c("CR0", "CR2", "CR3", "CR3J")) {
    for (correction in c("reghdfe", "dummies", "plm", "none")) {
      expect_identical(vcov(m, vcov = vcov_cr(~unit, type), correction = correction),
                       vcov(m, vcov = vcov_cr(~unit, type)))
    }
  }
})

test_that("units and order of rows, unit names and threads do not matter", {
  d <- with_pairs("unbalanced")
  m <- suppressWarnings(fe_model(y ~ x1 + x2 | unit + year, d, weights = w))
  scaled <- d[rev(seq_len(nrow(d))), ]
  scaled$x1 <- 1e6 * scaled$x1
  scaled$pair <- paste("cluster", 9 - scaled$pair)
  other <- fe_model(y ~ x1 + x2 | unit + year, scaled, weights = w)
  for (type in c("CR2", "CR3")) {
    one <- tidy(m, vcov = vcov_cr(~pair, type))
    two <- tidy(other, vcov = vcov_cr(~pair, type))
    expect_relative(two$statistic, one$statistic, 1e-9)
    expect_relative(two$df, one$df, 1e-9)
  }
  n <- 40000
  big <- data.frame(u = rep(seq_len(n / 8), each = 8), t = rep(1:8, n / 8), x = sin(seq_len(n) * 1.7))
  big$y <- big$x + cos(seq_len(n) * 3.1)
  big <- fe_model(y ~ x | u + t, big)
  for (type in c("CR2", "CR3")) {
    bits <- lapply(1:2, function(threads) {
      old <- options(flowresil.threads = threads)
      on.exit(options(old))
      vcov(big, vcov = vcov_cr(~u, type))
    })
    expect_identical(bits[[1L]], bits[[2L]])
  }
})

test_that("a slope that hangs on one cluster takes the value of least norm, with a warning", {
  d <- fe_panel()
  d$only <- ifelse(d$unit == "u03", d$x2, 0)
  m <- fe_model(y ~ x1 + only | unit + year, d)
  caught <- NULL
  V <- withCallingHandlers(vcov(m, vcov = vcov_cr(~unit, "CR3")), flowresil_warning_jackknife = function(w) {
    caught <<- w
    tryInvokeRestart("muffleWarning")
  })
  expect_identical(caught$clusters, "u03")
  without <- refits_without(y ~ x1 + only + factor(unit) + factor(year), d, d$unit, c("x1", "only"))
  without[is.na(without)] <- 0 # nothing is left of the column: norm zero
  G <- nrow(without)
  expect_relative(V, (G - 1) / G * crossprod(without - rep(coef(m), each = G)), 1e-8)

  # two columns that are one without the cluster: equal shares in units of length
  d$twin <- 3 * d$x1 + ifelse(d$unit == "u03", sin(7 * d$year), 0)
  m <- fe_model(y ~ x1 + twin | unit + year, d)
  V <- suppressWarnings(vcov(m, vcov = vcov_cr(~unit, "CR3")))
  left <- d[d$unit != "u03", ]
  alone <- coef(lm(y ~ x1 + factor(unit) + factor(year), left))["x1"]
  without <- refits_without(y ~ x1 + twin + factor(unit) + factor(year), d, d$unit, c("x1", "twin"))
  without[sort(unique(d$unit)) == "u03", ] <- c(alone / 2, alone / 6)
  expect_relative(V, (G - 1) / G * crossprod(without - rep(coef(m), each = G)), 1e-8)
})

test_that("more levels than a system is solved for are refitted, to the same numbers", {
  d <- with_pairs("unbalanced")
  m <- suppressWarnings(fe_model(y ~ x1 + x2 | unit + year, d, weights = w))
  view <- flowresil:::new_view(m, environment())
  for (cluster in c("pair", "group")) {
    groups <- view$groups(cluster)
    expect_relative(flowresil:::jackknife_by_refits(m, groups, environment())$slopes,
                    flowresil:::jackknife_slopes(m, groups, environment())$slopes, 1e-9)
  }
  d$only <- ifelse(d$unit == "u03", d$x2, 0)
  m <- suppressWarnings(fe_model(y ~ x1 + only | unit + year, d))
  groups <- flowresil:::new_view(m, environment())$groups("unit")
  refits <- flowresil:::jackknife_by_refits(m, groups, environment())
  expect_identical(refits$unidentified, flowresil:::jackknife_slopes(m, groups, environment())$unidentified)
  expect_relative(refits$slopes, flowresil:::jackknife_slopes(m, groups, environment())$slopes, 1e-9)
})

test_that("print, tidy, glance, tables, update and languages say which variance it is", {
  d <- with_pairs("balanced")
  m <- fe_model(y ~ x1 + x2 | unit + year, d, vcov = vcov_cr(~pair))
  expect_snapshot({
    print(vcov_cr(~pair))
    print(vcov_cr(~unit^year, "CR3"))
    print(m)
    print(fe_model(y ~ x1 | unit, d, vcov = vcov_cr(~unit, "CR3J")))
  })
  expect_named(m$variance$df, slopes)
  expect_gt(diff(range(m$variance$df)), 0)
  expect_identical(unname(m$variance$df), tidy(m)$df)
  expect_relative(confint(m), coef(m) + outer(sqrt(diag(vcov(m))), c(-1, 1)) * stats::qt(.975, m$variance$df), 1e-12)
  expect_match(as_table(fe_table(m))$note, "CR2, clustered by pair (no factor)", fixed = TRUE)
  expect_match(as_table(fe_table(m, language = "zh"))$note, "CR2", fixed = TRUE)
  expect_identical(vcov(update(m, . ~ . - x2)),
                   vcov(fe_model(y ~ x1 | unit + year, d, vcov = vcov_cr(~pair))))
  expect_identical(tidy(fe_compare(y ~ x1 | unit + year, d, vcov = vcov_cr(~pair)))$df,
                   tidy(fe_model(y ~ x1 | unit + year, d, vcov = vcov_cr(~pair)))$df)
})

test_that("bad specifications are refused", {
  d <- with_pairs("balanced")
  d$hole <- replace(d$pair, 3, NA)
  d$one <- 1
  m <- fe_model(y ~ x1 + x2 | unit + year, d)
  expect_refused(vcov_cr(), "missing_argument")
  expect_refused(vcov_cr("pair"), "vcov")
  expect_refused(vcov_cr(pair), "vcov")
  expect_refused(vcov_cr(~pair, "CR9"), "choice")
  expect_refused(vcov_cr(~pair + year), "vcov")
  expect_refused(vcov(m, vcov = vcov_cr(~hole)), "missing_value")
  expect_refused(vcov(m, vcov = vcov_cr(~one)), "one_cluster")
  expect_refused(vcov(m, vcov = vcov_cr(~nowhere)), "missing_column")
  three <- fe_model(y ~ x1 | unit + year + group, d)
  expect_refused(vcov(three, vcov = vcov_cr(~pair)), "vcov")
  expect_refused(vcov(three, vcov = "HC3"), "vcov")
  expect_snapshot(error = TRUE, vcov_cr())
  expect_snapshot(error = TRUE, vcov_cr(pair))
  expect_snapshot(error = TRUE, vcov_cr("pair"))
  expect_snapshot(error = TRUE, vcov_cr(~pair + year))
  expect_snapshot(error = TRUE, vcov(three, vcov = "HC3"))
  expect_snapshot(error = TRUE, vcov(three, vcov = vcov_cr(~pair)))
  expect_snapshot(error = TRUE, vcov(fe_model(y ~ x1 | unit, d, constant = "dummy"), vcov = vcov_cr(~year, "CR3")))
  d$only <- ifelse(d$unit == "u03", d$x2, 0)
  expect_snapshot(invisible(vcov(fe_model(y ~ x1 + only | unit + year, d), vcov = vcov_cr(~unit, "CR3"))))
  wide <- data.frame(u = rep(1:2100, each = 3), t = rep(1:3, 2100), g = rep(1:7, 900), x = sin(1:6300), y = cos(1:6300))
  expect_snapshot(error = TRUE, vcov(fe_model(y ~ x | u + t, wide), vcov = vcov_cr(~g)))
  request <- structure(list(vcov = conley ~ lat + lon), class = "fixest_vcov_request")
  expect_refused(vcov(m, vcov = request), "vcov")
  expect_snapshot(error = TRUE, vcov(m, vcov = request))
})
