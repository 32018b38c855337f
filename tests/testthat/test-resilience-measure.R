# Measures as choices: those of the package, and one that nobody but this file knows.

panel <- data.frame(city = rep(c("A", "B", "C"), each = 4), year = rep(2008:2011, 3),
                    sales = c(10, 12, 9, 15, 20, 22, 25, 19, 5, 7, 6, 9))
resilience <- function(...) suppressMessages(export_resilience(panel, sales, city, year, ...))

test_that("measures and transforms say what they are", {
  tables <- list(flowresil:::measures(), flowresil:::transforms())
  expect_snapshot(for (table in tables) for (make in table) print(make()))
  expect_snapshot(print(measure_hp(lambda = 100, transform = "asinh", scale = 10)))
})

test_that("a short form is the object of its options", {
  plain <- function(r) r[setdiff(names(r), c("call", "measure"))]
  expect_identical(plain(resilience(method = "hp", lambda = 100, transform = "asinh")),
                   plain(resilience(method = measure_hp(lambda = 100, transform = "asinh"))))
  expect_identical(plain(resilience(base = 2009)), plain(resilience(method = measure_base(2009))))
  expect_message(export_resilience(panel, sales, city, year, method = measure_base()), "default",
                 class = "flowresil_message_default_base")
})

test_that("an option beside an object is refused, its own and another's, and bad options with the caller's name", {
  expect_snapshot(resilience(method = measure_hp(), lambda = 100), error = TRUE)
  expect_refused(resilience(method = measure_hp(), base = 2009), "argument")
  expect_refused(resilience(method = measure_base(2009), lambda = 100), "argument")
  expect_snapshot(export_resilience(panel, sales, city, year, method = "hp", lambda = -1), error = TRUE)
  expect_snapshot(measure_hp(scale = 0), error = TRUE)
})

# The distance from the unit's best year so far, which must not be a loss.
measure_toy <- function(least = 0) {
  force(least)
  flowresil:::new_choice(
    "measure", "toy", label = "x / best so far", settings = list(least = least), columns = "best",
    measure = function(x, panel, at) {
      if (any(x < least)) {
        flowresil:::abort_input("non_positive", "Exports must not be below `least`.", found = "Some are.",
                                arg = "export", call = at$call)
      }
      best <- x
      for (code in unique(panel$code)) {
        own <- which(panel$code == code)
        own <- own[order(panel$when[own])]
        best[own] <- cummax(x[own])
      }
      list(value = x / best, columns = list(best = best), counts = c(best = sum(x == best)))
    }
  )
}

with_toy <- local({
  own <- flowresil:::measures()
  function(code) with_binding("measures", function() c(own, list(toy = measure_toy)), code)
})

test_that("a measure is added by a constructor and a row of the table", {
  with_toy({
    r <- resilience(method = "toy")
    expect_identical(as.data.frame(r)$resilience[1:4], c(1, 1, .75, 1))
    expect_identical(as.data.frame(r)$best[1:4], c(10, 12, 12, 15))
    expect_identical(r$counts[c("rows", "undefined", "best")], c(rows = 12L, undefined = 0L, best = 9L))
    expect_output(print(r), "Method: x / best so far, least 0", fixed = TRUE)
    expect_output(print(summary(r)), "least 0")
    expect_identical(generics::tidy(r)$best, as.data.frame(r)$best)
    expect_identical(generics::glance(r)[c("method", "base", "transform")],
                     data.frame(method = "toy", base = NA_real_, transform = NA_character_))
    expect_identical(names(as.data.frame(resilience(method = "toy", name = "own"))),
                     c("city", "year", "own", "own_best"))
    expect_snapshot(resilience(method = "tay"), error = TRUE)
    expect_refused(resilience(method = "toy", lambda = 100), "argument")
    skip_if_not_installed("ggplot2")
    expect_s3_class(ggplot2::autoplot(r), "ggplot")
  })
  expect_refused(resilience(method = measure_toy(least = 8)), "non_positive")
})

test_that("a measure that breaks its promise is refused with its name", {
  broken <- function(found, ...) {
    flowresil:::new_choice("measure", "broken", "broken", measure = function(x, panel, at) found, ...)
  }
  expect_snapshot(resilience(method = broken(list(value = 1:3))), error = TRUE)
  expect_snapshot(resilience(method = broken(list(value = rep(NaN, 12)))), error = TRUE)
  expect_snapshot(resilience(method = broken(list(value = rep(1, 12)), columns = "more")), error = TRUE)
  expect_refused(resilience(method = broken(list(value = "a"))), "choice_promise")
})
