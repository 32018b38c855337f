holed <- function() {
  data.frame(
    city = c("A", "A", "A", "A", "B", "B", "B", "C", "C"),
    year = c(2000, 2002, 2003, 2005, 2000, 2001, 2002, 2000, 2001),
    x = c(NA, 10, NA, 40, NA, 5, NA, NA, NA)
  )
}

fill <- function(...) suppressMessages(interpolate_panel(...))

test_that("by hand, for the three kinds of ends, by time and not by row", {
  d <- holed()
  expect_within(fill(d, x, city, year)$x[3], 20, tolerance_exact) # a third of the way, not half
  expect_identical(which(is.na(fill(d, x, city, year)$x)), c(1L, 5L, 7L, 8L, 9L))
  expect_identical(fill(d, x, city, year, ends = "constant")$x, c(10, 10, 20, 40, 5, 5, 5, NA, NA))
  linear <- fill(d, x, city, year, ends = "linear")$x
  expect_within(linear[1], -10, tolerance_exact)
  expect_identical(is.na(linear[5:9]), c(TRUE, FALSE, TRUE, TRUE, TRUE)) # one known value is no line
})

test_that("linear ends go on from the two outermost known values", {
  d <- data.frame(id = 1, t = 1:6, x = c(NA, 1, 2, 10, 13, NA))
  expect_within(fill(d, x, id, t, ends = "linear")$x, c(0, 1, 2, 10, 13, 16), tolerance_exact)
})

test_that("nothing flows from one unit to the next", {
  d <- data.frame(id = rep(1:2, each = 3), t = rep(1:3, 2), x = c(1, 2, NA, NA, 8, 9))
  expect_identical(fill(d, x, id, t)$x, d$x)
  expect_identical(fill(d, x, id, t, ends = "linear")$x, c(1, 2, 3, 7, 8, 9))
})

test_that("a random panel in shuffled order equals approx() unit by unit", {
  set.seed(4)
  d <- expand.grid(t = c(1:5, 8:12), id = letters[1:8])
  d$x <- ifelse(runif(nrow(d)) < 0.4, NA, rnorm(nrow(d)))
  d <- d[sample(nrow(d)), ]
  expected <- d$x
  for (rule in 1:2) {
    for (id in letters[1:8]) {
      r <- which(d$id == id)
      r <- r[order(d$t[r])]
      expected[r] <- reference_fill(d$x[r], d$t[r], rule)
    }
    f <- fill(d, "x", id, t, ends = c("none", "constant")[rule])$x
    expect_identical(is.na(f), is.na(expected))
    expect_within(f[!is.na(f)], expected[!is.na(f)], tolerance_exact)
  }
})

test_that("the attribute lists each filled cell; the message counts them", {
  d <- holed()
  expect_message(f <- interpolate_panel(d, x, city, year, ends = "constant"),
                 class = "flowresil_message_filled")
  expect_identical(attr(f, "filled"),
                   data.frame(column = "x", unit = c("A", "A", "B", "B"), time = c(2000, 2003, 2000, 2002),
                              how = c("carried", "interpolated", "carried", "carried")))
  expect_snapshot(f <- interpolate_panel(d, x, city, year, ends = "constant"))
  withr::local_options(flowresil.quiet = TRUE)
  expect_silent(interpolate_panel(d, x, city, year))
})

test_that("interpolated, carried and extrapolated cells are told apart, in the message and cell by cell", {
  d <- data.frame(id = 1, t = 1:6, x = c(NA, 1, NA, 3, NA, NA), z = c(1, NA, NA, 4, 5, 6))
  how <- function(ends) {
    filled <- attr(fill(d, c(x, z), id, t, ends = ends), "filled")
    rlang::set_names(filled$how, paste0(filled$column, filled$time))
  }
  middle <- c(x3 = "interpolated", z2 = "interpolated", z3 = "interpolated")
  expect_mapequal(how("none"), middle)
  expect_mapequal(how("constant"), c(middle, x1 = "carried", x5 = "carried", x6 = "carried"))
  expect_mapequal(how("linear"), c(middle, x1 = "extrapolated", x5 = "extrapolated", x6 = "extrapolated"))
  counts <- rlang::catch_cnd(interpolate_panel(d, c(x, z), id, t, ends = "constant"), "flowresil_message")$counts
  expect_identical(counts, matrix(c(1, 2, 3, 0, 0, 0), 2, dimnames = list(
    c("x", "z"), c("interpolated", "carried", "extrapolated")
  )))
  expect_identical(attr(fill(d[4, ], x, id, t), "filled")$how, character())
  expect_snapshot({
    f <- interpolate_panel(d, c(x, z), id, t, ends = "constant")
    f <- interpolate_panel(d, c(x, z), id, t, ends = "linear")
    f <- interpolate_panel(d, c(x, z), id, t)
    f <- interpolate_panel(d[1:2, ], x, id, t)
  })
})

test_that("of many columns those with the most cells are listed, and the rest is counted", {
  d <- data.frame(id = 1, t = 1:30)
  for (j in 1:12) d[[paste0("v", j)]] <- c(1, rep(NA, j), seq(2, 30 - j))
  expect_snapshot(f <- interpolate_panel(d, paste0("v", 1:12), id, t))
})

test_that("labels stay where a filled column of whole numbers becomes double", {
  skip_if_not_installed("haven")
  d <- data.frame(id = 1, t = 1:3)
  d$code <- haven::labelled(c(1L, NA, 4L), labels = c(low = 1L, high = 4L), label = "a code")
  d$user <- haven::labelled_spss(c(1L, NA, 4L), labels = c(low = 1L), na_values = 9L, label = "a survey's code")
  d$plain <- structure(c(1L, NA, 4L), label = "a count")
  f <- fill(d, c(code, user, plain), id, t)
  expect_identical(f$code, haven::labelled(c(1, 2.5, 4), labels = c(low = 1, high = 4), label = "a code"))
  expect_identical(f$user, haven::labelled_spss(c(1, 2.5, 4), labels = c(low = 1), na_values = 9,
                                                label = "a survey's code"))
  expect_identical(f$plain, structure(c(1, 2.5, 4), label = "a count"))
  skip_if_not_installed("bit64")
  d$big <- structure(bit64::as.integer64(c(1, NA, 4)), label = "a big count")
  expect_identical(fill(d, big, id, t)$big, structure(c(1, 2.5, 4), label = "a big count"))
})

test_that("nothing missing: the data come back unchanged with an empty list", {
  d <- transform(holed(), x = 1L)
  expect_silent(f <- interpolate_panel(d, x, city, year))
  expect_identical(nrow(attr(f, "filled")), 0L)
  attr(f, "filled") <- NULL
  expect_identical(f, d)
})

test_that("several columns, bare or quoted, and nothing else changes", {
  d <- transform(holed(), y = x * 2, z = letters[1:9], k = c(1L, 2L, NA, 4L, 5L, 6L, 7L, 8L, 9L))
  f <- fill(d, c(x, y), city, year, ends = "constant")
  expect_identical(f, fill(d, c("x", "y"), "city", "year", ends = "constant"))
  expect_identical(f[c("city", "year", "z", "k")], d[c("city", "year", "z", "k")])
  expect_identical(f$y, f$x * 2)
  expect_within(fill(d, k, city, year)$k[3], 2 + 2 / 3, tolerance_exact)
})

test_that("the class of the data is kept", {
  skip_if_not_installed("tibble")
  skip_if_not_installed("data.table")
  skip_if_not_installed("dplyr")
  skip_if_not_installed("plm")
  d <- holed()
  plain <- fill(d, x, city, year, ends = "constant")$x
  t <- fill(tibble::as_tibble(d), x, city, year, ends = "constant")
  expect_s3_class(t, class(tibble::tibble()), exact = TRUE)
  expect_identical(t$x, plain)
  g <- fill(dplyr::group_by(tibble::as_tibble(d), city), x, city, year, ends = "constant")
  expect_identical(dplyr::group_vars(g), "city")
  expect_identical(g$x, plain)
  dt <- data.table::as.data.table(d)
  f <- fill(dt, x, city, year, ends = "constant")
  expect_s3_class(f, class(dt), exact = TRUE)
  expect_identical(f$x, plain)
  expect_true(is.na(dt$x[1])) # the user's table is not changed by reference
  expect_silent(data.table::set(f, j = "new", value = 1))
  p <- plm::pdata.frame(d, index = c("city", "year"))
  fp <- fill(p, x, city, year, ends = "constant")
  expect_s3_class(fp, "pdata.frame")
  expect_identical(as.vector(fp$x), plain)
  expect_s3_class(attr(fp, "filled")$time, "factor")
})

test_that("integer64, labelled and NaN cells are taken", {
  skip_if_not_installed("bit64")
  skip_if_not_installed("haven")
  d <- holed()
  d$big <- bit64::as.integer64(d$x)
  d$lab <- haven::labelled(d$x, label = "a label")
  d$x[is.na(d$x)] <- NaN
  f <- fill(d, c(x, big, lab), city, year, ends = "constant")
  expect_identical(f$big, f$x)
  expect_identical(attr(f$lab, "label"), "a label")
  expect_false(any(is.nan(f$x)))
})

test_that("bad input is refused by class", {
  d <- holed()
  expect_error(interpolate_panel(), class = "flowresil_error_missing_argument")
  expect_error(fill(d, nope, city, year), class = "flowresil_error_missing_column")
  expect_error(fill(d, city, city, year), class = "flowresil_error_ambiguous_column")
  expect_error(fill(transform(d, x = "a"), x, city, year), class = "flowresil_error_type")
  expect_error(fill(transform(d, x = replace(x, 2, Inf)), x, city, year), class = "flowresil_error_infinite")
  expect_error(fill(rbind(d, d[1, ]), x, city, year), class = "flowresil_error_duplicate_rows")
  expect_error(fill(d, x, city, year, ends = "spline"), class = "flowresil_error_choice")
  expect_error(fill(d, x, city, year, end = "none", how = 1), class = "flowresil_error_argument")
  expect_error(fill(d[0, ], x, city, year), class = "flowresil_error_empty")
  expect_error(fill(transform(d, year = year / 3), x, city, year), class = "flowresil_error_time")
  expect_snapshot(error = TRUE, interpolate_panel(d, year, city, year))
  expect_snapshot(error = TRUE, interpolate_panel(transform(d, x = replace(x, 2, Inf)), x, city, year))
})
