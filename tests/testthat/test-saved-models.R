d <- fe_panel("balanced")
size_of <- function(object) length(serialize(object, NULL))
reread <- function(object) {
  file <- withr::local_tempfile()
  saveRDS(object, file)
  readRDS(file)
}

test_that("a model does not carry what the function that made it held", {
  plain <- size_of(fe_model(y ~ log(w) | unit, d))
  held <- function() {
    ballast <- rnorm(1e6)
    half <- 2
    twice <- function(x) x * half
    list(
      simple = fe_model(y ~ x1 | unit, d), calls = fe_model(y ~ log(w) + I(x1^half) | unit, d),
      own = fe_model(y ~ twice(x1) + x2 | unit, d), lags = quietly(fe_model(y ~ l(x1) | unit + year, d)),
      cluster = fe_model(y ~ x1 | unit, d, vcov = ~region),
      compare = fe_compare(y ~ log(w) | unit, d, outcomes = c(y, x1)),
      mediation = fe_mediation(y ~ log(w) | unit, d, mediators = x2), by_name = {
        g <- y ~ log(w) | unit
        do.call(fe_model, list(g, quote(d)))
      }
    )
  }
  for (model in held()) expect_lt(size_of(model), 3 * plain)
})

test_that("constants and functions that the formula names still work, before and after saving", {
  make <- function() {
    ballast <- rnorm(1e5)
    power <- 3
    steps <- c(2, 5)
    inner <- function(x) x + steps[1]
    shaped <- function(x, by = power) inner(x)^by
    fe_model(y ~ shaped(x1) + I(x2 * power) | unit, d)
  }
  m <- make()
  by_hand <- fe_model(y ~ I((x1 + 2)^3) + I(x2 * 3) | unit, d)
  expect_relative(coef(m), coef(by_hand), tolerance_exact)
  for (model in list(m, reread(m))) {
    expect_identical(predict(model, d[5:20, ]), predict(m, d[5:20, ]))
    expect_relative(predict(model, d[5:20, ]), predict(by_hand, d[5:20, ]))
    expect_relative(coef(update(model, . ~ . + w)), coef(fe_model(y ~ I((x1 + 2)^3) + I(x2 * 3) + w | unit, d)),
                    tolerance_exact)
  }
})

test_that("a function that looks for names by itself keeps its environment", {
  make <- function() {
    hidden <- 4
    looks <- function(x) x * get("hidden")
    fe_model(y ~ looks(x1) + x2 | unit, d)
  }
  m <- reread(make())
  expect_relative(predict(m, d), fitted(m))
})

test_that("a function that names itself or its neighbour is kept whole", {
  make <- function() {
    down <- function(x, n = 3) if (n == 0) x else up(x + 1, n - 1)
    up <- function(x, n) if (n == 0) x else down(x * 2, n - 1)
    fe_model(y ~ down(x1) + x2 | unit, d)
  }
  m <- reread(make())
  expect_relative(predict(m, d), fitted(m))
})

test_that("a formula changed later sees what its own function holds, beside what the model kept", {
  make <- function() {
    two <- 2
    fe_model(y ~ I(x1 * two) | unit, d)
  }
  m <- make()
  change <- function() {
    three <- 3
    update(m, . ~ . + I(x2 * three))
  }
  expect_relative(coef(change()), coef(fe_model(y ~ I(x1 * 2) + I(x2 * 3) | unit, d)), tolerance_exact)
})

test_that("a formula written outside functions keeps its environment", {
  f <- as.formula("y ~ I(x1 * 2) | unit", globalenv())
  expect_identical(environment(formula(fe_model(f, d))), globalenv())
})
