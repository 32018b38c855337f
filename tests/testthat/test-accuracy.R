# Standard errors of nearly collinear regressors: the same model in columns that are nothing of the kind is the
# reference, its variance turned back exactly.

largest_error <- function(model, reference, turn, vcov) {
  truth <- turn %*% vcov(reference, vcov) %*% t(turn)
  max(abs(sqrt(diag(vcov(model, vcov)) / diag(truth)) - 1))
}

# x2 = x1 + 10^-p z and z2 = x2 - x1, which is exact: b1 x1 + b2 x2 = (b1 + b2) x1 + b2 z2.
near_copy <- function(kind, p) {
  d <- fe_panel(kind)
  d$x2 <- d$x1 + 10^-p * cos(1.1 * seq_len(nrow(d))^1.5)
  d$z2 <- d$x2 - d$x1
  d
}
turn_copy <- rbind(c(1, -1), c(0, 1))

allowed_at <- function(p) if (p <= 7) 1e-8 else if (p == 8) 1e-7 else 1e-6

test_that("errors of columns that differ by 10^-p keep the digits that the data hold", {
  for (kind in c("balanced", "unbalanced")) {
    for (p in 3:9) {
      d <- near_copy(kind, p)
      for (weighted in c(FALSE, TRUE)) {
        d$size <- if (weighted) d$w else rep(1, nrow(d))
        for (effects in list("unit", c("unit", "year"))) {
          right <- paste("|", paste(effects, collapse = "+"))
          near <- fe_model(as.formula(paste("y ~ x1 + x2", right)), d, weights = size)
          r <- reference_fe(d, "y", c("x1", "z2"), effects, d$size)
          for (type in c("iid", "HC0", "HC1", "cluster")) {
            counted <- r$n - near$df.residual
            truth <- turn_copy %*% reference_vcov(r, type, counted, d$unit) %*% t(turn_copy)
            found <- vcov(near, if (type == "cluster") ~unit else type, "dummies")
            expect_relative(sqrt(diag(found)), sqrt(diag(truth)), allowed_at(p))
          }
        }
        near <- fe_model(y ~ x1 + x2, d, weights = size)
        apart <- fe_model(y ~ x1 + z2, d, weights = size)
        turn <- rbind(c(1, 0, 0), cbind(0, turn_copy))
        for (v in list("iid", "HC0", "HC1", ~unit)) expect_lte(largest_error(near, apart, turn, v), allowed_at(p))
      }
    }
  }
})

test_that("the constant's error keeps them too", {
  turn <- rbind(c(1, 0, 0), cbind(0, turn_copy))
  for (p in 3:9) {
    d <- near_copy("unbalanced", p)
    for (constant in c("mean", "dummy")) {
      for (right in c("| unit", "| unit + year")) {
        near <- fe_model(as.formula(paste("y ~ x1 + x2", right)), d, constant = constant)
        apart <- fe_model(as.formula(paste("y ~ x1 + z2", right)), d, constant = constant)
        for (v in list("iid", "HC0", "HC1", ~unit)) expect_lte(largest_error(near, apart, turn, v), allowed_at(p))
      }
    }
  }
})

# Powers of years as they are (or less their middle), and the orthogonal polynomials in their place. `turn` gives the
# coefficients of 1, t, t^2 ... out of those of the polynomials (the constant's too, its first column apart).
trend_of <- function(d, degree, middle) {
  t <- (d$year - middle) / max(abs(d$year - middle))
  powers <- outer(t, 0:degree, `^`)
  made <- qr(powers)
  basis <- qr.Q(made)
  scale <- max(abs(d$year - middle))
  for (k in seq_len(degree)) {
    d[[paste0("centred", k)]] <- (d$year - middle)^k
    d[[paste0("raw", k)]] <- d$year^k
    d[[paste0("q", k)]] <- basis[, k + 1]
  }
  spread <- function(shift) {
    A <- matrix(0, degree + 1, degree + 1)
    for (k in 0:degree) for (j in 0:k) A[j + 1, k + 1] <- choose(k, j) * (-shift)^(k - j) / scale^k
    A %*% solve(qr.R(made))[, -1, drop = FALSE]
  }
  list(data = d, centred = spread(0), raw = spread(middle))
}

trend_formula <- function(prefix, degree, right = "| province") {
  as.formula(paste("ExpRes ~ open +", paste0(prefix, seq_len(degree), collapse = " + "), right))
}

# The same trend in powers and in orthogonal polynomials: the largest error of a standard error by any variance.
trend_error <- function(trend, prefix, degree, right) {
  apart <- fe_model(trend_formula("q", degree, right), trend$data, constant = "mean", weights = size)
  model <- fe_model(trend_formula(prefix, degree, right), trend$data, constant = "mean", weights = size)
  spread <- trend[[prefix]]
  turn <- rbind(c(1, 0, spread[1, ]), c(0, 1, rep(0, degree)), cbind(0, 0, spread[-1, ]))
  max(vapply(list("iid", "HC0", "HC1", ~province, ~region), largest_error, 0,
             model = model, reference = apart, turn = turn))
}

test_that("errors of polynomial trends are those of orthogonal polynomials", {
  p <- province_panel[!is.na(province_panel$ExpRes) & !is.na(province_panel$open), ]
  for (weights in list(rep(1, nrow(p)), 1 + p$gov)) {
    p$size <- weights
    for (right in c("| province", "")) {
      for (degree in 2:5) expect_lte(trend_error(trend_of(p, degree, 2015), "centred", degree, right), 1e-8)
      for (degree in 2:3) expect_lte(trend_error(trend_of(p, degree, 2015), "raw", degree, right), 1e-8)
      expect_lte(trend_error(trend_of(p, 4, 2015), "raw", 4, right), 1e-6)
    }
  }
})

test_that("a trend of degree four in raw years has the error that 260-bit arithmetic gives", {
  m <- fe_model(ExpRes ~ open + year + I(year^2) + I(year^3) + I(year^4) | province, province_panel,
                vcov = ~province, correction = "none")
  expect_within(sqrt(vcov(m)["open", "open"]), 2.032638, 1e-6)
})

test_that("a variance that rounding leaves negative is NA and said, and everything that reads it lives with it", {
  names <- c("a", "b", "c")
  V <- matrix(c(1, 0.5, 0.1, 0.5, -1e-20, 0.2, 0.1, 0.2, 2), 3, dimnames = list(names, names))
  expect_warning(found <- without_impossible(V), class = "flowresil_warning_variance")
  expect_identical(found["a", c("a", "c")], V["a", c("a", "c")])
  expect_true(all(is.na(found["b", ])) && all(is.na(found[, "b"])))
  V["c", "c"] <- Inf
  expect_snapshot(. <- without_impossible(V))

  d <- fe_panel("unbalanced")
  m <- fe_model(y ~ x1 + x2 | unit + year, d)
  m$vcov["x2", ] <- m$vcov[, "x2"] <- NA_real_
  expect_identical(validate_fe_model(m), m)
  expect_output(print(m), "x2 .* NA")
  expect_output(print(summary(m)), "NA")
  expect_identical(is.na(tidy(m, conf.int = TRUE)$std.error), c(FALSE, TRUE))
  expect_true(all(is.na(confint(m)["x2", ])) && !anyNA(confint(m)["x1", ]))
  expect_true(is.na(glance(m)$statistic))
  expect_output(print(fe_table(m)), "(NA)", fixed = TRUE)
  skip_if_not_installed("ggplot2")
  expect_s3_class(ggplot2::autoplot(m), "ggplot")
})

test_that("the dummy constant of three effects hangs on rows of small weight and has their digits", {
  # lm() agrees with 400-bit arithmetic to 1e-11 on these
  for (seed in c(2, 4, 5, 10)) {
    set.seed(seed)
    n <- 10
    repeat {
      d <- data.frame(a = sample(4, n, TRUE), b = sample(3, n, TRUE), c = sample(3, n, TRUE))
      seen <- vapply(d, function(v) length(unique(v)), 0L)
      if (all(seen == c(4, 3, 3)) && qr(model.matrix(~ factor(a) + factor(b) + factor(c), d))$rank == 8) break
    }
    d$x <- rnorm(n)
    d$y <- rnorm(n)
    d$size <- 10^runif(n, -4, 4)
    truth <- lm(y ~ x + factor(a) + factor(b) + factor(c), d, weights = size)
    m <- fe_model(y ~ x | a + b + c, d, weights = size, constant = "dummy", correction = "dummies")
    expect_relative(coef(m)[["(Intercept)"]], coef(truth)[["(Intercept)"]], 1e-7)
    expect_relative(coef(m)[["x"]], coef(truth)[["x"]], 1e-10)
    expect_relative(tidy(m)$std.error, summary(truth)$coefficients[c("(Intercept)", "x"), 2], 1e-7)
  }
})
