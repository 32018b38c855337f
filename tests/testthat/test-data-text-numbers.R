read <- function(v) numeric_column <- flowresil:::numeric_column(list(v = v), "v", "data", environment())
refusal <- function(v) rlang::catch_cnd(read(v), "flowresil_error")
# The conversion that the message tells, done.
told <- function(v) {
  text <- conditionMessage(refusal(v))
  code <- regmatches(text, regexpr("(?<= by `)as.numeric.*(?=`[.](\n|$))", text, perl = TRUE))
  suppressWarnings(eval(parse(text = code)))
}

test_that("the conversion that the message tells gives the numbers", {
  expect_identical(told(c("1", "02", "3e2")), c(1, 2, 300))
  expect_identical(told(c("1,234.5", "12", "7,765.4")), c(1234.5, 12, 7765.4))
  expect_identical(told(c("12,345,678", "9")), c(12345678, 9))
  expect_identical(told(c("0.65", "..", "1.2")), c(.65, NA, 1.2))
  expect_identical(told(c("1,000", "-", "", "\u2014", NA)), c(1000, NA, NA, NA, NA))
  expect_equal(told(c("12%", "3.5%")), c(.12, .035))
  expect_equal(told(c("12%", "3.5")), c(.12, 3.5))
  expect_equal(told(c("5\u2030", "..")), c(.005, NA))
  expect_identical(told(c("2009\u5e74", "2010\u5e74")), c(2009, 2010))
  expect_identical(told(c("\uff11\uff12\uff0e\uff15", "3")), c(12.5, 3))
  expect_identical(told(c("\uff11\uff0c234", "3")), c(1234, 3))
  expect_identical(told(c("0,65", "1,2")), c(.65, 1.2))
  expect_identical(told(c("1.234,56", "2,1")), c(1234.56, 2.1))
  expect_identical(told(c("1 234", "5 000 000")), c(1234, 5e6))
  expect_identical(told(c("1\u00a0234", "5")), c(1234, 5))
  expect_identical(told(c("1'234", "5")), c(1234, 5))
  expect_identical(told(c("\u00a51,200", "3")), c(1200, 3))
  expect_identical(told(c("$1,200", "$3")), c(1200, 3))
  expect_identical(told(c("(1,200)", "3")), c(-1200, 3))
  expect_identical(told(c("7.2 \u4ebf\u5143", "8 \u4ebf\u5143")), c(7.2, 8))
  expect_identical(told(c("12 km", "3 km")), c(12, 3))
  expect_identical(told(c("1", "2", "3", "abc")), c(1, 2, 3, NA))
  expect_identical(told(factor(c("10", "20"))), c(10, 20))
  expect_identical(told(factor(c("1,000", "20"))), c(1000, 20))
})

test_that("the first value that is no number is shown with its row; words get no conversion", {
  expect_snapshot(error = TRUE, {
    read(c("0.65", "..", "1.2"))
    read(c("5", "1,234.5", "-", "-"))
    read(c("12%", "3"))
    read(c("2009\u5e74", "2010\u5e74"))
    read(c("1", "2", "3", "abc"))
    read(c("north", "south", "5"))
    read(c("", NA, ".."))
    read(NA_character_)
    read(factor(c("1,000", "20")))
    read(factor(c("a", "b")))
    flowresil:::numeric_column(list(`a b` = "1,5"), "a b", "data", environment())
  })
})

test_that("every function that reads a column of numbers tells it", {
  p <- data.frame(u = rep(c("a", "b"), each = 4), t = rep(1:4, 2), v = c("1,234.5", "2", "3", "4", "5", "6", "7", "8"),
                  z = as.numeric(1:8))
  said <- "as.numeric(gsub(\",\", \"\", v))"
  expect_error(export_resilience(p, v, u, t, base = 1), said, fixed = TRUE, class = "flowresil_error_type")
  expect_error(interpolate_panel(p, v, u, t), said, fixed = TRUE, class = "flowresil_error_type")
  expect_error(hp_filter(p, column = v, unit = u, time = t, lambda = 100), said, fixed = TRUE,
               class = "flowresil_error_type")
  expect_error(entropy_weights(p[c("v", "z")]), said, fixed = TRUE, class = "flowresil_error_type")
  expect_error(fe_model(z ~ log(v) | u, p), said, fixed = TRUE, class = "flowresil_error_type")
  expect_error(fe_model(z ~ t | u, p, weights = v), "v", class = "flowresil_error_type")
})
