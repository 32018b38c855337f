# The verbs of a source, on a data frame, against plain R.

d <- data.frame(
  unit = c("b", "a", "b", "c", "a", "b"), time = c(2, 1, 1, 2, 2, 2), x = c(1, 2, 4, 8, 16, 32),
  y = c(3, 1, 4, 1, 5, 9), w = c(1, 2, 1, 1, 3, 2)
)
ns <- asNamespace("flowresil")

test_that("names, size and columns are those of the data, of all rows or of some", {
  expect_identical(ns$source_names(d), names(d))
  expect_identical(ns$source_size(d), 6L)
  expect_identical(ns$source_columns(d, c("y", "unit")), list(y = d$y, unit = d$unit))
  expect_identical(ns$source_columns(d, "y", c(6, 1))$y, c(9, 3))
  f <- data.frame(day = as.Date("2020-01-01") + 0:2, kind = factor(c("u", "v", "u")))
  expect_identical(ns$source_columns(f, c("day", "kind"), 2:3), as.list(f[2:3, ]))
  expect_identical(ns$source_columns(as.list(d), "x"), list(x = d$x))
})

test_that("groups have codes in the order of values, counts, and a value by column where several are interacted", {
  one <- ns$source_groups(d, "unit", counts = TRUE)
  expect_identical(one[c("code", "values", "n", "counts")],
                   list(code = c(1L, 0L, 1L, 2L, 0L, 1L), values = c("a", "b", "c"), n = 3L, counts = c(2L, 3L, 1L)))
  two <- ns$source_groups(d, c("unit", "time"), rows = 2:6, counts = TRUE)
  expect_identical(two$values, c("a_1", "a_2", "b_1", "b_2", "c_2"))
  expect_identical(two$code, c(0L, 2L, 4L, 1L, 3L))
  expect_identical(two$counts, rep(1L, 5))
  expect_identical(two$parts[[1]], c("a", "a", "b", "b", "c"))
  expect_refused(ns$source_groups(put_cell(d, "unit", 2, NA), "unit"), "missing_value")
})

test_that("sums by group are those of tapply(), weighted, less a shift, in some rows", {
  rows <- c(1, 2, 3, 5, 6)
  found <- ns$source_sums(d, list("unit", "time"), c("x", "y"), shift = c(1, 2), weights = "w", rows = rows)
  key <- paste(d$unit, d$time)[rows]
  expect_identical(found$by, cbind(c(0L, 0L, 1L, 1L), c(0L, 1L, 0L, 1L)))
  expect_identical(found$weight, as.vector(tapply(d$w[rows], key, sum)))
  expect_identical(found$sums[, 1], as.vector(tapply(((d$x - 1) * d$w)[rows], key, sum)))
  expect_identical(found$sums[, 2], as.vector(tapply(((d$y - 2) * d$w)[rows], key, sum)))
  plain <- ns$source_sums(d, list("time"), "x")
  expect_identical(list(plain$weight, plain$sums[, 1]), list(c(2, 4), c(6, 57)))
})

test_that("batches are visited in order, every row once", {
  seen <- list()
  visit <- function(columns, first) seen[[length(seen) + 1L]] <<- c(first, columns$x)
  expect_identical(ns$source_batches(d, "x", 4, visit), 6L)
  expect_identical(seen, list(c(1, 1, 2, 4, 8), c(5, 16, 32)))
  seen <- list()
  ns$source_batches(d, "x", 2, visit, rows = c(6, 4, 2))
  expect_identical(seen, list(c(1, 32, 8), c(3, 2)))
})
