test_that("two indicators by hand: shares 1/4, 3/4 and all in one row", {
  w <- entropy_weights(cbind(a = c(1, 3), b = c(0, 1)), normalise = "share")
  e <- (0.25 * log(4) + 0.75 * log(4 / 3)) / log(2)
  expect_within(w$entropy, c(e, 0), tolerance_exact)
  expect_within(w$divergence, c(1 - e, 1), tolerance_exact)
  expect_within(w$weight, c(1 - e, 1) / (2 - e), tolerance_exact)
  expect_identical(w$indicator, c("a", "b"))
  expect_identical(w$direction, c(1, 1))
  expect_s3_class(w, c("entropy_weights", "data.frame"), exact = TRUE)
})

test_that("weights equal the textbook formula in plain R", {
  set.seed(2)
  x <- cbind(a = rexp(200), b = rnorm(200), c = runif(200, 5, 6))
  y <- cbind(reference_minmax(x[, 1]), reference_minmax(x[, 2], -1), reference_minmax(x[, 3]))
  w <- entropy_weights(x, direction = c(1, -1, 1))
  expect_within(w$entropy, apply(y, 2, reference_entropy), tolerance_exact)
  expect_within(w$weight, reference_entropy_weights(y), tolerance_exact)
  shares <- entropy_weights(x[, c(1, 3)], normalise = "share")
  expect_within(shares$weight, reference_entropy_weights(x[, c(1, 3)]), tolerance_exact)
  offset <- entropy_weights(x, direction = c(1, -1, 1), offset = 0.01)
  expect_within(offset$weight, reference_entropy_weights(y + 0.01), tolerance_exact)
})

test_that("published weights come out to their printed digits", {
  published <- read_oracle("published_entropy_weights.csv")
  for (case in unique(published$case)) {
    rows <- published[published$case == case, ]
    x <- vapply(strsplit(rows$values, " "), as.numeric, numeric(lengths(strsplit(rows$values[1], " "))))
    w <- entropy_weights(x, normalise = "share")
    # Xu prints the fourth weight as 0 and rounds the first to three figures.
    expect_within(w$weight, rows$weight, tolerance_printed(if (case == "xu_2004") 3 else rows$digits[1]))
  }
})

test_that("invariants: order of rows, rescaling, sum 1, range of the entropy", {
  set.seed(3)
  x <- matrix(rexp(300), 100, 3)
  w <- entropy_weights(x)
  expect_within(sum(w$weight), 1, tolerance_exact)
  expect_true(all(w$entropy >= 0 & w$entropy <= 1))
  expect_within(entropy_weights(x[sample(100), ])$weight, w$weight, tolerance_exact)
  expect_within(entropy_weights(sweep(x, 2, c(1e6, 1e-6, 3), `*`))$weight, w$weight, tolerance_exact)
  # A whole number of levels can be added without rounding.
  k <- matrix(c(1, 5, 2, 9, 3, 3, 8, 1), 4, 2)
  expect_within(entropy_weights(k + 1000)$weight, entropy_weights(k)$weight, tolerance_exact)
  one <- withr::with_options(list(flowresil.threads = 1), entropy_weights(x))
  two <- withr::with_options(list(flowresil.threads = 2), entropy_weights(x))
  expect_identical(one, two)
})

test_that("a small spread keeps its digits: d is CV^2 / (2 ln n)", {
  x <- cbind(a = rep(c(1 - 1e-7, 1 + 1e-7), 50), b = rep(c(1 - 2e-7, 1 + 2e-7), 50))
  w <- entropy_weights(x, normalise = "share")
  expect_within(w$weight, c(0.2, 0.8), 1e-8)
  expect_within(w$divergence[1] / (1e-14 / (2 * log(100))), 1, 1e-7)
})

test_that("the copied script that divides by ln(periods) ranks the other way round; ours does not", {
  d <- small_panel()
  y <- vapply(d[c("a", "b")], reference_minmax, numeric(nrow(d)))
  y <- cbind(y, flat = reference_minmax(seq_len(nrow(d))))
  copied <- apply(y, 2, function(v) 1 - reference_entropy(v) * log(length(v)) / log(10))
  expect_true(all(copied < 0)) # "divergences" below 0: the invariant broken
  ours <- entropy_weights(y)
  expect_true(all(ours$divergence >= 0))
  expect_equal(cor(copied / sum(copied), ours$weight, method = "spearman"), -1)
})

test_that("other wrong code in the wild gives other weights", {
  set.seed(5)
  y <- cbind(reference_minmax(rexp(40)), reference_minmax(rexp(40)))
  ours <- entropy_weights(y)$weight
  epsilon_after <- apply(y, 2, function(v) {
    p <- v / sum(v) + 0.01
    1 + sum(p * log(p)) / log(length(v))
  })
  expect_gt(max(abs(epsilon_after / sum(epsilon_after) - ours)), 1e-3)
  counted_missing <- apply(y, 2, function(v) 1 - reference_entropy(v) * log(40) / log(400))
  expect_gt(max(abs(counted_missing / sum(counted_missing) - ours)), 1e-4)
  other_base <- apply(y, 2, function(v) 1 - reference_entropy(v) * log(40) / log(2))
  expect_true(any(other_base < 0)) # log to the base 2 without dividing by log2(n)
  signed <- cbind(rnorm(40), rnorm(40))
  expect_gt(max(abs(reference_entropy_weights(abs(signed)) - entropy_weights(signed)$weight)), 1e-3)
})

test_that("a constant has weight 0, entropy 1 and a warning, up to rounding", {
  x <- cbind(a = c(1, 2, 4), k = 7, noise = 7 * (1 + c(0, 1, -1) * .Machine$double.eps))
  expect_warning(w <- entropy_weights(x), class = "flowresil_warning_constant_indicator")
  expect_identical(w$weight, c(1, 0, 0))
  expect_identical(w$entropy[2:3], c(1, 1))
  # 31 equal rows: the naive formula gives -2.2e-16
  expect_warning(
    w <- entropy_weights(cbind(a = seq_len(31), k = 1), normalise = "share"),
    class = "flowresil_warning_constant_indicator"
  )
  expect_identical(w$divergence[2], 0)
  expect_warning(
    w <- entropy_weights(cbind(a = c(1, 2, 3), zero = 0), normalise = "share"),
    class = "flowresil_warning_constant_indicator"
  )
  expect_identical(w$weight, c(1, 0))
  expect_snapshot(w <- entropy_weights(x))
})

test_that("one indicator, data frames, integers, integer64 and labelled columns are taken", {
  expect_identical(entropy_weights(c(1, 2, 5))$weight, 1)
  d <- data.frame(i = 1:4, x = c(2.5, 1, 3, 9))
  w <- entropy_weights(d)
  expect_within(w$weight, entropy_weights(as.matrix(d))$weight, tolerance_exact)
  skip_if_not_installed("bit64")
  skip_if_not_installed("haven")
  d$i <- bit64::as.integer64(d$i)
  d$x <- haven::labelled(d$x, label = "a label")
  expect_within(entropy_weights(d)$weight, w$weight, tolerance_exact)
})

test_that("directions are taken by position and by name", {
  x <- cbind(a = c(1, 2, 5), b = c(3, 1, 9))
  w <- entropy_weights(x, direction = c(b = -1, a = 1))
  expect_identical(w$direction, c(1, -1))
  expect_within(w$weight, entropy_weights(x, direction = c(1, -1))$weight, tolerance_exact)
  expect_identical(entropy_weights(x, direction = -1)$direction, c(-1, -1))
})

test_that("print names every convention; tidy and glance have broom's names", {
  w <- entropy_weights(cbind(a = c(1, 2, 5), b = c(3, 1, 9)), offset = 0.5)
  expect_snapshot(print(w))
  expect_named(tidy(w), c("term", "direction", "entropy", "divergence", "estimate"))
  expect_identical(glance(w)$nobs, 3L)
  expect_identical(names(weights(w)), c("a", "b"))
})

test_that("bad input is refused by class", {
  x <- cbind(a = c(1, 2, 5), b = c(3, 1, 9))
  expect_error(entropy_weights(), class = "flowresil_error_missing_argument")
  expect_error(entropy_weights(letters), class = "flowresil_error_type")
  expect_error(entropy_weights(data.frame(a = c("1", "2"))), class = "flowresil_error_type")
  expect_error(entropy_weights(replace(x, 2, NA)), class = "flowresil_error_missing_value")
  expect_error(entropy_weights(replace(x, 2, NaN)), class = "flowresil_error_missing_value")
  expect_error(entropy_weights(replace(x, 2, Inf)), class = "flowresil_error_infinite")
  expect_error(entropy_weights(x[1, , drop = FALSE]), class = "flowresil_error_too_few_rows")
  expect_error(entropy_weights(x[0, ]), class = "flowresil_error_empty")
  expect_error(entropy_weights(x[, 0]), class = "flowresil_error_missing_column")
  expect_error(entropy_weights(cbind(a = 1:2, a = 2:3)), class = "flowresil_error_ambiguous_column")
  expect_error(entropy_weights(x * 0 + 1), class = "flowresil_error_all_constant")
  expect_error(entropy_weights(x, normalise = "zscore"), class = "flowresil_error_normalise")
  expect_error(entropy_weights(x, normalise = "range"), class = "flowresil_error_choice")
  expect_error(entropy_weights(-x, normalise = "share"), class = "flowresil_error_negative")
  expect_error(entropy_weights(-x, normalise = "none"), class = "flowresil_error_negative")
  expect_error(entropy_weights(x, direction = -1, normalise = "share"), class = "flowresil_error_direction")
  expect_error(entropy_weights(x, direction = 2), class = "flowresil_error_direction")
  expect_error(entropy_weights(x, direction = c(1, NA)), class = "flowresil_error_direction")
  expect_error(entropy_weights(x, direction = c(1, 1, 1)), class = "flowresil_error_direction")
  expect_error(entropy_weights(x, direction = c(a = 1, z = 1)), class = "flowresil_error_direction")
  expect_error(entropy_weights(x, offset = -1), class = "flowresil_error_number")
  expect_error(entropy_weights(x, ofset = 1), class = "flowresil_error_argument")
  expect_error(entropy_weights(data.frame(a = I(list(1, 2)))), class = "flowresil_error_type")
})

test_that("the texts of errors say what, where and what to do", {
  x <- cbind(a = c(1, 2, 5), b = c(3, 1, 9))
  expect_snapshot(error = TRUE, entropy_weights(replace(x, c(2, 4, 5), NA)))
  expect_snapshot(error = TRUE, entropy_weights(replace(x, 2, Inf)))
  expect_snapshot(error = TRUE, entropy_weights(replace(x, 2, -3), normalise = "share"))
  expect_snapshot(error = TRUE, entropy_weights(x, direction = c(1, -1), normalise = "none"))
  expect_snapshot(error = TRUE, entropy_weights(x, normalise = "zscore"))
  expect_snapshot(error = TRUE, entropy_weights(x, direction = c(1, 2)))
  expect_snapshot(error = TRUE, entropy_weights(x * 0))
})
