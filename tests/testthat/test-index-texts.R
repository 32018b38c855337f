# Every text of the index, the entropy weights, resilience and the filter that stands in no other snapshot.

d <- small_panel()
index <- function(data = d, indicators = c("a", "b"), ...) data_flow_index(data, indicators, prov, yr, ...)

test_that("texts of entropy_weights()", {
  x <- d[c("a", "b")]
  twice <- cbind(a = 1:3, a = c(2, 5, 1))
  low <- data.frame(a = c(-1, 2, 3), b = c(1, -2, 3))
  expect_snapshot(error = TRUE, {
    entropy_weights()
    entropy_weights(letters)
    entropy_weights(matrix(1, 0, 2))
    entropy_weights(twice)
    entropy_weights(matrix(1, 2, 0))
    entropy_weights(data.frame(a = c(1, Inf), b = c(-Inf, 2)))
    entropy_weights(low, normalise = "share")
    entropy_weights(x[1, ])
    entropy_weights(data.frame(a = c(1, 1)))
    entropy_weights(data.frame(a = c(1, 1), b = 2))
    entropy_weights(x, normalise = "zscore")
    entropy_weights(x, direction = -1, normalise = "none")
  })
})

test_that("texts of data_flow_index()", {
  expect_snapshot(error = TRUE, {
    data_flow_index(d, unit = prov, time = yr)
    index(indicators = c(1, 1))
    index(indicators = list("a"))
    index(indicators = c("a", ""))
    index(indicators = c("a", "b", "a"))
    index(weights = c(a = 1, b = 1), method = "equal")
    index(method = "pca", components = 1.5)
    index(method = "pca", components = 3)
    index(indicators = "a", method = "pca", components = 2)
    index(normalise = "zscore")
    index(d[1, ])
    contributions(1)
    predict(index(scope = "period"), transform(d[1:3, ], yr = 2050:2052))
    predict(index(), transform(d[1:3, ], a = Inf))
  })
  expect_snapshot({
    i <- index(transform(d, b = ifelse(yr == 2009, 1, b)), scope = "period")
    i <- index(transform(d, b = 1))
    i <- index(transform(d, b = 1), weights = c(a = .5, b = .5))
  })
})

test_that("texts of export_resilience()", {
  line <- data.frame(u = rep(c("A", "B"), each = 4), t = rep(1:4, 2), x = c(exp(1:4), 2, 3, 5, 4))
  expect_snapshot(error = TRUE, {
    export_resilience(d, ex, prov, yr, method = "hp", scale = 0)
    export_resilience(d[d$yr == 2008, ], ex, prov, yr)
    export_resilience(transform(d, ex = -ex), ex, prov, yr, method = "hp")
  })
  expect_snapshot({
    r <- export_resilience(line, x, u, t, method = "hp")
    r <- export_resilience(line, x, u, t, method = "hp", transform = "log_positive")
    r <- export_resilience(transform(line, x = put(x, c(1, 5), c(0, NA))), x, u, t, base = 1)
  })
  skip_if_not_installed("ggplot2")
  nothing <- quietly(suppressWarnings(export_resilience(transform(line, x = -x), x, u, t, base = 1)))
  expect_refused(ggplot2::autoplot(nothing), "empty")
  expect_snapshot(error = TRUE, ggplot2::autoplot(nothing))
})

test_that("texts of hp_filter()", {
  expect_snapshot(error = TRUE, {
    hp_filter()
    hp_filter(numeric(), 1)
    hp_filter(1:3)
    hp_filter(1:3, -1)
    hp_filter(c(1, NA, 3), 1)
    hp_filter(cbind(1:3, c(1, Inf, 2)), 1)
    hp_filter(letters, 1)
    hp_filter(list(1), 1)
  })
})
