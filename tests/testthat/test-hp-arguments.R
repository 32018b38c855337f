# The filter's arguments: lambda's place, one series in a data frame, series with an index, incomplete spans.

d <- data.frame(name = rep(c("A", "B"), each = 6), year = rep(2001:2006, 2), y = c(3, 1, 4, 1, 5, 9, 2, 6, 5, 3, 5, 8))
one <- d[1:6, ]
put_cell <- function(data, rows) {
  data$y[rows] <- NA
  data
}

test_that("a column in lambda's place is told `column =`", {
  expect_refused(hp_filter(d, y, unit = name, time = year), "number")
  expect_refused(hp_filter(d, "y", unit = "name", time = "year"), "number")
  expect_refused(hp_filter(d, log(y), unit = name, time = year), "number")
  expect_refused(hp_filter(d, y, name, year), "number")
  expect_identical(rlang::catch_cnd(hp_filter(d, y, unit = name, time = year), "flowresil_error")$columns, "y")
  expect_snapshot(error = TRUE, {
    hp_filter(d, y, unit = name, time = year)
    hp_filter(d, "y", unit = "name", time = "year")
    hp_filter(d, log(y), unit = name, time = year)
  })
})

test_that("lambda that cannot be evaluated, or is no number, is refused by class", {
  expect_refused(hp_filter(1:9, nowhere), "number")
  expect_refused(hp_filter(1:9, stop("not today")), "number")
  expect_refused(hp_filter(1:9, mean), "number")
  expect_refused(hp_filter(1:9, "annual"), "number")
  expect_s3_class(rlang::catch_cnd(hp_filter(1:9, stop("not today")), "flowresil_error")$parent, "simpleError")
  expect_snapshot(error = TRUE, {
    hp_filter(1:9, nowhere)
    hp_filter(1:9, stop("not today"))
    hp_filter(1:9, "annual")
    hp_filter(d, nowhere, column = y, unit = name, time = year)
  })
})

test_that("lambda may be an object that is called as a column is", {
  y <- 6.25
  expect_identical(hp_filter(d, y, column = y, unit = name, time = year),
                   hp_filter(d, 6.25, column = y, unit = name, time = year))
})

test_that("arguments of a data frame are told to be so where x is a vector", {
  expect_refused(hp_filter(1:9, 6.25, column = y), "argument")
  expect_snapshot(error = TRUE, hp_filter(1:9, 6.25, column = y, unit = name))
})

test_that("a data frame of one series needs no unit", {
  mixed <- one[c(3, 1, 6, 2, 5, 4), ]
  alone <- hp_filter(mixed, 6.25, column = y, time = year)
  expect_identical(alone$cycle, hp_filter(one$y, 6.25)$cycle[c(3, 1, 6, 2, 5, 4)])
  expect_named(as.data.frame(alone), c("year", "y", "trend", "cycle"))
  expect_identical(as.data.frame(alone)$year, mixed$year)
  expect_snapshot(print(alone))
  dated <- hp_filter(transform(one, year = as.Date(paste0(year, "-06-30"))), 6.25, column = y, time = year)
  expect_identical(dated$cycle, hp_filter(one$y, 6.25)$cycle)
  expect_snapshot(print(dated))
  expect_refused(hp_filter(d, 6.25, column = y, time = year), "duplicate_rows")
  expect_refused(hp_filter(one[-3, ], 6.25, column = y, time = year), "gap")
  expect_refused(hp_filter(put_cell(one, 3), 6.25, column = y, time = year), "missing_value")
  expect_refused(hp_filter(one, 6.25, column = y), "missing_argument")
  named <- rlang::set_names(one, c("name", "trend", "y"))
  expect_refused(hp_filter(named, 6.25, column = y, time = trend), "ambiguous_column")
  expect_snapshot(error = TRUE, {
    hp_filter(d, 6.25, column = y, time = year)
    hp_filter(one[-3, ], 6.25, column = y, time = year)
    hp_filter(put_cell(one, 3), 6.25, column = y, time = year)
  })
  skip_if_not_installed("ggplot2")
  expect_s3_class(ggplot2::ggplot_build(ggplot2::autoplot(alone)), "ggplot_built")
})

test_that("zoo and xts keep their index, as vectors and as matrices", {
  skip_if_not_installed("zoo")
  v <- c(3, 1, 4, 1, 5, 9, 2, 6)
  plain <- hp_filter(v, 6.25)
  pair <- cbind(a = v, b = rev(v))
  indexes <- list(
    2001:2008, zoo::as.yearmon(2001 + 0:7 / 12), zoo::as.yearqtr(2001 + 0:7 / 4), as.Date(paste0(2001:2008, "-12-31")),
    seq(as.Date("2020-01-31"), by = "day", length.out = 8), as.Date("2020-02-03") + c(0:4, 7:9)
  )
  for (index in indexes) {
    z <- hp_filter(zoo::zoo(v, index), 6.25)
    expect_identical(z$cycle, zoo::zoo(plain$cycle, index))
    expect_identical(z$trend, zoo::zoo(plain$trend, index))
    expect_identical(as.data.frame(z)$time, index)
    expect_within(as.data.frame(z)$value, v, tolerance_exact)
    m <- hp_filter(zoo::zoo(pair, index), 6.25)
    expect_identical(zoo::index(m$trend), index)
    expect_identical(zoo::coredata(m$trend[, "a"]), plain$trend)
    expect_identical(as.data.frame(m)$time, rep(index, 2))
    expect_identical(hp_filter(zoo::zoo(as.integer(v), index), 6.25)$cycle, z$cycle)
  }
  expect_snapshot(print(hp_filter(zoo::zoo(v, 2001:2008), 6.25)))
  skip_if_not_installed("xts")
  times <- list(
    as.Date(paste0(2001:2008, "-06-30")), zoo::as.yearmon(2001 + 0:7 / 12), zoo::as.yearqtr(2001 + 0:7 / 4),
    as.POSIXct("2020-01-01 10:00:00", tz = "Asia/Shanghai") + 3600 * 0:7
  )
  for (index in times) {
    x <- hp_filter(xts::xts(pair, index), 6.25)
    expect_s3_class(x$trend, "xts")
    expect_identical(zoo::index(x$trend), zoo::index(xts::xts(pair, index)))
    expect_equal(as.data.frame(x)$time, rep(index, 2))
    expect_identical(unname(zoo::coredata(x$cycle)[, 1]), plain$cycle)
  }
  skip_if_not_installed("ggplot2")
  expect_s3_class(ggplot2::ggplot_build(ggplot2::autoplot(hp_filter(zoo::zoo(v, 2001:2008), 6.25))), "ggplot_built")
})

test_that("an index that leaves periods out is a gap", {
  skip_if_not_installed("zoo")
  v <- c(3, 1, 4, 1, 5)
  for (index in list(c(2001:2003, 2005:2006), zoo::as.yearqtr(2001 + c(0:2, 4, 5) / 4),
                     zoo::as.yearmon(2001 + c(0, 2:5) / 12), as.Date(paste0(c(2001:2003, 2005:2006), "-12-31")),
                     as.Date(c("2001-03-31", "2001-06-30", "2001-09-30", "2002-03-31", "2002-06-30")))) {
    expect_refused(hp_filter(zoo::zoo(v, index), 6.25), "gap")
  }
  expect_identical(hp_filter(zoo::zoo(v, seq(2000, 2020, 5)), 6.25)$n_series, 1L) # every five years
  expect_refused(hp_filter(zoo::zoo(letters[1:5], 1:5), 6.25), "type")
  expect_refused(hp_filter(zoo::zoo(c(1, NA, 3), 1:3), 6.25), "missing_value")
  expect_snapshot(error = TRUE, {
    hp_filter(zoo::zoo(v, c(2001:2003, 2005:2006)), 6.25)
    hp_filter(zoo::zoo(letters[1:5], 1:5), 6.25)
  })
})

test_that("missing cells are told apart by the way out: inside a span filled, at its ends left out", {
  ends <- put_cell(d, c(1, 7, 12))
  expect_refused(hp_filter(ends, 6.25, column = y, unit = name, time = year), "missing_value")
  span <- hp_filter(subset(ends, !is.na(y)), 6.25, column = y, unit = name, time = year)
  expect_identical(span$cycle[1:5], hp_filter(d$y[2:6], 6.25)$cycle)
  both <- put_cell(d[c(12:1), ], c(1, 3, 9))
  expect_snapshot(error = TRUE, {
    hp_filter(ends, 6.25, column = y, unit = name, time = year)
    hp_filter(both, 6.25, column = y, unit = name, time = year)
    export_resilience(both, y, name, year, method = "hp")
    hp_filter(put_cell(d, 1:6), 6.25, column = y, unit = name, time = year)
  })
})
