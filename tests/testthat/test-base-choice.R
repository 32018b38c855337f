# Choices as objects, on a kind of two that only this file knows.

plain <- function() flowresil:::new_choice("dish", "plain", "nothing added", serve = function(x) x)
salted <- function(grains = 3) {
  serve <- function(x) x + grains
  flowresil:::new_choice("dish", "salted", "with salt", serve = serve, settings = list(grains = grains))
}
dishes <- list(plain = plain, salted = salted)
choose <- function(dish = c("plain", "salted")) flowresil:::as_choice(dish, dishes, "dish")

test_that("a name is the constructor with its defaults, an object is taken as it is", {
  expect_identical(choose("salted")$serve(1), 4)
  expect_identical(choose(salted(grains = 5))$serve(1), 6)
  expect_identical(choose()$name, "plain")
})

test_that("the default argument means its first name, also when the table has grown", {
  longer <- c(dishes, list(sweet = plain))
  expect_identical(flowresil:::as_choice(c("plain", "salted"), longer, "dish")$name, "plain")
})

test_that("a choice prints its label and the settings that were made", {
  expect_output(print(salted(5)), "<dish \"salted\": with salt, grains 5>", fixed = TRUE)
  expect_output(print(plain()), "<dish \"plain\": nothing added>", fixed = TRUE)
})

test_that("other names and objects of another kind are refused with the names that there are", {
  drink <- flowresil:::new_choice("drink", "water", "water")
  expect_refused(choose("salty"), "choice")
  expect_snapshot(choose("salty"), error = TRUE)
  expect_snapshot(choose(drink), error = TRUE)
  expect_snapshot(choose(1), error = TRUE)
})
