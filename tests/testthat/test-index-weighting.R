# Weightings as choices: those of the package, and one that nobody but this file knows.

panel <- data.frame(
  city = rep(c("A", "B", "C"), each = 3), year = rep(1:3, 3), a = c(1, 3, 2, 5, 4, 8, 2, 7, 9),
  b = c(9, 1, 4, 4, 2, 6, 5, 5, 3), k = 1
)
index <- function(..., indicators = c("a", "b")) data_flow_index(panel, indicators, city, year, ...)

test_that("weightings, normalisations and aggregations say what they are", {
  tables <- list(flowresil:::weightings(), flowresil:::normalisations(), flowresil:::aggregations())
  expect_snapshot(for (table in tables) for (make in table) print(make()))
  expect_snapshot(print(weighting_pca(components = 2)))
})

test_that("given weights say whether they were rescaled", {
  expect_snapshot(print(index(weights = c(a = 3, b = 1))))
  expect_snapshot(print(index(weights = c(a = 3, b = 1), rescale = TRUE)))
})

test_that("a short form is the object of its option", {
  without_call <- function(i) i[setdiff(names(i), c("call", "weighting"))]
  expect_identical(without_call(index(method = "pca", components = 1)),
                   without_call(index(method = weighting_pca(components = 1))))
  expect_identical(without_call(index(offset = 0.1)), without_call(index(method = weighting_entropy(offset = 0.1))))
  expect_identical(index(method = weighting_entropy(offset = 0.1))$offset, 0.1)
})

test_that("an option beside an object is refused, its own and another's", {
  expect_snapshot(index(method = weighting_pca(), components = 1), error = TRUE)
  expect_snapshot(index(method = weighting_equal(), offset = 1), error = TRUE)
  expect_refused(index(method = weighting_pca(), components = 1), "argument")
  expect_refused(index(method = weighting_pca(), normalise = "share"), "argument")
  expect_refused(weighting_pca(components = -1), "components")
  expect_refused(weighting_entropy(offset = -1), "number")
})

weighting_toy <- function(power = 1) {
  force(power)
  flowresil:::new_choice(
    "weighting", "toy", label = "spread of the values", settings = list(power = power), takes = "non_negative",
    weigh = function(y, at) {
      spread <- apply(y, 2L, stats::sd)^power
      list(weight = spread / sum(spread), by_indicator = list(spread = spread))
    }
  )
}

with_toy <- local({
  own <- flowresil:::weightings()
  function(code) with_binding("weightings", function() c(own, list(toy = weighting_toy)), code)
})

test_that("a weighting is added by a constructor and a row of the table", {
  with_toy({
    i <- index(method = "toy", indicators = c("a", "b", "k")) |> suppressWarnings()
    spread <- c(stats::sd((panel$a - 1) / 8), stats::sd((panel$b - 1) / 8), 0)
    expect_equal(i$weights$spread, spread, tolerance = 1e-12)
    expect_equal(i$weights$weight, spread / sum(spread), tolerance = 1e-12)
    expect_equal(as.data.frame(i)$index, drop(i$normalised %*% i$weights$weight), tolerance = 1e-12)
    expect_output(print(i), "Weights: spread of the values, power 1", fixed = TRUE)
    expect_output(print(i), "spread weight")
    expect_equal(generics::tidy(i)$spread, spread, tolerance = 1e-12)
    expect_identical(generics::glance(i)$method, "toy")
    expect_output(print(summary(i)), "power 1")
    expect_equal(predict(i, panel[2:3, ]), as.data.frame(i)$index[2:3], tolerance = 1e-12)
    expect_equal(rowSums(contributions(i)[c("a", "b", "k")]), as.data.frame(i)$index, tolerance = 1e-12,
                 ignore_attr = TRUE)
    expect_snapshot(index(method = "tay"), error = TRUE)
    expect_refused(index(method = "toy", normalise = "zscore"), "normalise")
    expect_refused(index(method = "toy", offset = 1), "argument")
  })
  expect_output(print(index(method = weighting_toy(power = 2))), "power 2")
})

test_that("a weighting that breaks its promise is refused with its name", {
  broken <- function(found) {
    flowresil:::new_choice("weighting", "broken", "broken", weigh = function(y, at) found)
  }
  expect_snapshot(index(method = broken(list(weight = 1))), error = TRUE)
  expect_snapshot(index(method = broken(list(weight = 1:2, by_indicator = list(z = 1)))), error = TRUE)
  expect_refused(index(method = broken(list(weight = c(1, NA)))), "choice_promise")
})
