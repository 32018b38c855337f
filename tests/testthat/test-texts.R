# The texts of conditions, one after another: what test-conditions.R finds in the code must be read here or beside the
# tests of its subject. Classes are tested there; here it is the words that a user reads.

matrix_of <- function(...) cbind(...)

test_that("the texts about the matrix of entropy weights", {
  x <- matrix_of(a = c(1, 2, 4), b = c(3, 1, 2))
  expect_snapshot(error = TRUE, {
    entropy_weights()
    entropy_weights("a")
    entropy_weights(x[0, ])
    entropy_weights(x[, 0])
    entropy_weights(data.frame(a = 1:3)[0])
    entropy_weights(x[1, , drop = FALSE])
    entropy_weights(matrix_of(a = 1:3, a = 3:1))
    entropy_weights(matrix_of(a = c(1, Inf, 2), b = c(Inf, 1, 2)))
    entropy_weights(matrix_of(a = c(1, -1, 2), b = c(-1, 1, 2)), normalise = "share")
    entropy_weights(matrix_of(a = c(1, 1, 1)))
  })
})

test_that("the texts about directions", {
  x <- matrix_of(a = c(1, 2, 4), b = c(3, 1, 2))
  expect_snapshot(error = TRUE, {
    entropy_weights(x, direction = c(1, 1, -1))
    entropy_weights(x, direction = c(a = 1, k = -1))
    entropy_weights(x, direction = c(a = 1, b = 2))
  })
})

index_data <- function() {
  data.frame(city = c("A", "B", "C"), year = 2020, a = c(0, 5, 10), b = c(4, 3, 2), index = 1:3, gone = NA_real_)
}

test_that("the texts about the indicators of an index", {
  d <- index_data()
  index <- function(indicators, ...) data_flow_index(d, indicators, city, year, ...)
  expect_snapshot(error = TRUE, {
    data_flow_index(d, unit = city, time = year)
    index(no_such_object)
    index(data.frame(name = "a"))
    index(data.frame(indicator = character()))
    index(TRUE)
    index(1)
    index(c("a", NA, ""))
    index(c("a", "b", "a"))
    index(data.frame(indicator = "a", direction = TRUE))
    index(c("a", "year"))
    data_flow_index(d, "a", index, year)
  })
})

test_that("the texts about weights and components", {
  d <- index_data()
  index <- function(...) data_flow_index(d, c("a", "b"), city, year, ...)
  expect_snapshot(error = TRUE, {
    index(weights = TRUE)
    index(weights = 1)
    index(weights = c(a = 1, b = 1, a = 1))
    index(weights = c(a = 1, k = 1))
    index(weights = c(a = -1, b = NA))
    index(weights = c(a = 0, b = 0))
    index(method = "equal", weights = c(a = 1, b = 1))
    index(method = "pca", components = 1.5)
    index(method = "pca", components = 3)
    data_flow_index(d, "a", city, year, method = "pca", components = 2)
  })
})

test_that("the texts about an index made of a constant", {
  d <- rbind(index_data(), transform(index_data(), year = 2021, a = 1:3, b = 7))
  d$k <- 1
  expect_snapshot({
    invisible(data_flow_index(d, c("a", "k"), city, year, weights = c(a = 1, k = 1)))
    invisible(data_flow_index(d, c("a", "b"), city, year, scope = "period"))
  })
})

test_that("the texts about what is asked of an index afterwards", {
  d <- index_data()
  by_period <- data_flow_index(d, c("a", "b"), city, year, scope = "period")
  expect_snapshot(error = TRUE, {
    contributions(1:3)
    predict(by_period, transform(d, year = c(2020, 2021, 2022)))
    predict(by_period, d["city"])
  })
})

test_that("the texts about series to filter", {
  expect_snapshot(error = TRUE, {
    hp_filter()
    hp_filter(mean, 100)
    hp_filter(numeric(), 100)
  })
})

exports_data <- function() data.frame(city = rep(c("A", "B"), each = 3), year = rep(2008:2010, 2), sales = 1:6 + 0.5)

test_that("the texts about resilience", {
  d <- exports_data()
  resilience <- function(data, ...) export_resilience(data, sales, unit = city, time = year, ...)
  expect_snapshot(error = TRUE, {
    resilience(d, method = "hp", scale = 0)
    resilience(d[d$year == 2008, ])
    resilience(d, base = 1999)
  })
  expect_snapshot({
    invisible(resilience(d, method = "hp", lambda = 0))
    invisible(resilience(transform(d, sales = c(3, 2, 5, 8, 7, 9)), method = "hp", transform = "log_positive"))
  })
})

test_that("a picture of resilience that is NA everywhere is refused", {
  skip_if_not_installed("ggplot2")
  d <- transform(exports_data(), sales = 0)
  nothing <- suppressWarnings(export_resilience(d, sales, unit = city, time = year))
  expect_snapshot(error = TRUE, ggplot2::autoplot(nothing))
})

test_that("units that a picture does not know are named", {
  skip_if_not_installed("ggplot2")
  index <- data_flow_index(index_data(), c("a", "b"), city, year)
  expect_snapshot(error = TRUE, ggplot2::autoplot(index, type = "index", highlight = c("D", "E")))
})

test_that("the texts about a regression's variance, rows and new data", {
  d <- exports_data()
  d$x <- c(1, 3, 2, 5, 4, 1)
  m <- fe_model(sales ~ I(x / x[[4]]) | city, d)
  expect_snapshot(error = TRUE, {
    fe_model(sales ~ x, d, vcov = sales ~ city)
    predict(m, d[1:2, ])
    fe_model(sales ~ x, d, subset = x > 100)
  })
})

test_that("a solver that stops too early says how far it is", {
  p <- fe_panel("unbalanced", 12, 8)
  expect_snapshot(invisible(fe_model(y ~ x1 | unit + year + group, p, max_iterations = 2)))
})

test_that("the texts about terms that are in no model, and about variances too large to compute", {
  m <- fe_model(y ~ x1 | unit, fe_panel())
  expect_snapshot(error = TRUE, {
    robust_form(list(nobs = 3e8), x = matrix(0, 1), call = rlang::current_env())
  })
  skip_if_not_installed("lmtest")
  expect_snapshot(error = TRUE, lmtest::waldtest(m, c("a", "b")))
})
