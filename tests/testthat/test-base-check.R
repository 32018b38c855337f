# Columns, panels, options and conditions, through the functions that take them.

d <- data.frame(
  u = rep(c("A", "B"), each = 4), t = rep(1:4, 2), x = c(1, NA, 4, 5, 3, 5, 9, 11), z = c(2, 2, NA, 5, 1, 8, 9, 7)
)

change <- function(...) {
  changes <- list(...)
  out <- d
  out[names(changes)] <- changes
  out
}

fill <- function(...) quietly(interpolate_panel(...))
is_filled <- function(result) c(x = !anyNA(result$x), z = !anyNA(result$z))

# Names of columns -------------------------------------------------------------------------------

test_that("columns may be bare, strings, c() of both, or an expression that gives strings", {
  both <- c(x = TRUE, z = TRUE)
  expect_identical(is_filled(fill(d, c(x, z), u, t)), both)
  expect_identical(is_filled(fill(d, c("x", "z"), "u", "t")), both)
  expect_identical(is_filled(fill(d, c(x, "z"), u, t)), both)
  expect_identical(is_filled(fill(d, paste0(c("x", "z")), u, t)), both)
  wanted <- c(first = "x", second = "z")
  expect_identical(is_filled(fill(d, wanted, u, t)), both)
  expect_identical(is_filled(fill(d, x, u, t)), c(x = TRUE, z = FALSE))
  inside <- function(data, columns, who) fill(data, columns, who, "t")
  expect_identical(is_filled(inside(d, "z", "u")), c(x = FALSE, z = TRUE))
})

test_that("a bare name that is a column means that column, not a variable of that name", {
  x <- "z"
  u <- "t"
  expect_identical(is_filled(fill(d, x, u, t)), c(x = TRUE, z = FALSE))
  expect_identical(is_filled(fill(d, c(x), u, t)), c(x = TRUE, z = FALSE))
})

test_that("what names no column is refused, with a hint", {
  expect_refused(fill(d, , u, t), "missing_argument")
  expect_refused(fill(d, x, u), "missing_argument")
  expect_refused(fill(d, nowhere, u, t), "missing_column")
  expect_refused(fill(d, c(x, nowhere), u, t), "missing_column")
  expect_refused(fill(d, c("x", "xx", "yy"), u, t), "missing_column")
  expect_refused(fill(d, 3, u, t), "missing_column")
  expect_refused(fill(d, NULL, u, t), "missing_column")
  expect_refused(fill(d, NA_character_, u, t), "missing_column")
  expect_refused(fill(d, character(), u, t), "missing_column")
  expect_refused(fill(d, x, 1, t), "missing_column")
  expect_refused(fill(data.frame(row.names = 1:3), "x", "u", "t"), "missing_column")
  error <- rlang::catch_cnd(fill(d, c("x", "xx", "yy"), u, t), "flowresil_error")
  expect_identical(error$columns, c("xx", "yy"))
  expect_identical(error$arg, "columns")
  expect_s3_class(rlang::catch_cnd(fill(d, paste0(nowhere), u, t), "flowresil_error")$parent, "error")
  expect_snapshot(error = TRUE, {
    interpolate_panel(d, , u, t)
    interpolate_panel(d, nowhere, u, t)
    interpolate_panel(d, c("x", "xx", "yy"), u, t)
    interpolate_panel(d, "quantity", u, t)
    interpolate_panel(d, 3, u, t)
    interpolate_panel(d, NA_character_, u, t)
    interpolate_panel(d, character(), u, t)
    interpolate_panel(d, x, 1, t)
    interpolate_panel(data.frame(row.names = 1:3), "x", "u", "t")
  })
})

test_that("one column means one, that stands once", {
  expect_refused(fill(d, x, c("u", "t"), t), "ambiguous_column")
  expect_refused(fill(d, x, character(), t), "ambiguous_column")
  expect_refused(fill(d, z, u, u), "ambiguous_column")
  expect_refused(fill(cbind(d, d["x"]), x, u, t), "ambiguous_column")
  expect_identical(fill(cbind(d, d["z"]), x, u, t)$x, fill(d, x, u, t)$x)
  expect_snapshot(error = TRUE, {
    interpolate_panel(d, x, c("u", "t"), t)
    interpolate_panel(d, x, character(), t)
    interpolate_panel(d, z, u, u)
    interpolate_panel(cbind(d, d["x"]), x, u, t)
  })
})

# Single arguments -------------------------------------------------------------------------------

test_that("data must be a data frame with rows, and what was found is named", {
  things <- list(NULL, mean, factor("a"), Sys.Date(), matrix(1, 2, 2), 1L, 1, TRUE, "a", list(1), 1i, as.raw(1))
  for (thing in things) expect_refused(interpolate_panel(thing, x, u, t), "type")
  expect_refused(interpolate_panel(), "missing_argument")
  expect_refused(interpolate_panel(d[0, ], x, u, t), "empty")
  expect_snapshot(error = TRUE, {
    interpolate_panel()
    interpolate_panel(NULL, x, u, t)
    interpolate_panel(mean, x, u, t)
    interpolate_panel(factor("a"), x, u, t)
    interpolate_panel(as.Date("2020-01-01"), x, u, t)
    interpolate_panel(matrix(1, 2, 2), x, u, t)
    interpolate_panel(1L, x, u, t)
    interpolate_panel(TRUE, x, u, t)
    interpolate_panel("a", x, u, t)
    interpolate_panel(list(1), x, u, t)
    interpolate_panel(1i, x, u, t)
    interpolate_panel(d[0, ], x, u, t)
  })
})

test_that("choices, flags and numbers are checked", {
  i <- function(...) data_flow_index(fill(d, c(x, z), u, t), c("x", "z"), u, t, ...)
  expect_refused(fill(d, x, u, t, ends = "nearest"), "choice")
  expect_refused(fill(d, x, u, t, ends = NA_character_), "choice")
  expect_refused(fill(d, x, u, t, ends = c("linear", "none")), "choice")
  expect_refused(fill(d, x, u, t, ends = 1), "choice")
  expect_refused(i(weights = c(x = 1, z = 1), rescale = NA), "flag")
  expect_refused(i(weights = c(x = 1, z = 1), rescale = "yes"), "flag")
  expect_refused(i(weights = c(x = 1, z = 1), rescale = c(TRUE, FALSE)), "flag")
  expect_refused(i(offset = -1), "number")
  expect_refused(i(offset = c(0, 1)), "number")
  expect_refused(i(offset = "0"), "number")
  expect_refused(i(offset = NULL), "number")
  expect_refused(i(offset = Inf), "number")
  expect_snapshot(error = TRUE, {
    interpolate_panel(d, x, u, t, ends = "nearest")
    interpolate_panel(d, x, u, t, ends = c("linear", "none"))
    i(weights = c(x = 1, z = 1), rescale = NA)
    i(offset = -1)
    i(offset = c(0, 1))
    i(offset = "0")
    i(offset = mean)
  })
})

test_that("an unknown argument is refused unseen, also where it names a column", {
  expect_refused(interpolate_panel(d, x, u, t, "none", weight = z), "argument")
  expect_refused(fe_model(z ~ t | u, d, wts = stop("seen")), "argument")
})

test_that("arguments too many are refused, named or not", {
  expect_refused(interpolate_panel(d, x, u, t, end = "linear", "none", 5), "argument")
  expect_refused(interpolate_panel(d, x, u, t, "none", 5), "argument")
  expect_refused(interpolate_panel(d, x, u, t, "none", quiet = TRUE), "argument")
  expect_snapshot(error = TRUE, {
    interpolate_panel(d, x, u, t, "none", 5)
    interpolate_panel(d, x, u, t, "none", quiet = TRUE, verbose = FALSE)
  })
})

# Columns of numbers -----------------------------------------------------------------------------

test_that("what is no number is refused by column", {
  for (column in list(as.character(d$x), factor(d$x), d$x > 2, as.list(d$x), as.Date("2020-01-01") + d$x,
                      as.POSIXct("2020-01-01", tz = "UTC") + d$x, complex(real = d$x))) {
    expect_refused(fill(change(x = column), x, u, t), "type")
  }
  empty <- rlang::catch_cnd(fill(change(x = rep(NA_character_, 8)), x, u, t), "flowresil_error_type")
  expect_no_match(conditionMessage(empty), "such as", fixed = TRUE)
  wide <- d
  wide$x <- matrix(1, 8, 2)
  expect_refused(fill(wide, x, u, t), "type")
  wide$x <- d["x"]
  expect_refused(fill(wide, x, u, t), "type")
  expect_refused(fill(change(x = as.difftime(d$x, units = "days")), x, u, t), "type")
  expect_identical(rlang::catch_cnd(fill(change(x = factor(d$x)), x, u, t), "flowresil_error")$columns, "x")
  expect_snapshot(error = TRUE, {
    interpolate_panel(change(x = as.character(d$x)), x, u, t)
    interpolate_panel(change(x = factor(d$x)), x, u, t)
    interpolate_panel(change(x = as.list(d$x)), x, u, t)
    interpolate_panel(wide, x, u, t)
  })
})

test_that("infinite values are refused with their rows, five of them named", {
  bad <- change(x = put(d$x, c(1, 3:8), Inf))
  expect_identical(rlang::catch_cnd(fill(bad, x, u, t), "flowresil_error_infinite")$rows, c(1L, 3:8))
  expect_snapshot(error = TRUE, interpolate_panel(bad, x, u, t))
})

# The panel --------------------------------------------------------------------------------------

test_that("units may be text, numbers, factors, dates, logical, integer64 or labelled", {
  expected <- fill(d, x, u, t)$x
  codes <- rep(c(10, 20), each = 4)
  kinds <- list(
    codes, as.integer(codes), factor(d$u, levels = c("Z", "B", "A")), as.Date("2020-01-01") + codes,
    as.POSIXct("2020-01-01", tz = "UTC") + codes, codes == 10, structure(codes, class = "own"), I(d$u)
  )
  if (requireNamespace("bit64", quietly = TRUE)) kinds <- c(kinds, list(bit64::as.integer64(codes)))
  if (requireNamespace("haven", quietly = TRUE)) kinds <- c(kinds, list(haven::labelled(codes, c(A = 10))))
  for (kind in kinds) {
    filled <- fill(change(u = kind), x, u, t)
    expect_identical(filled$x, expected)
    expect_identical(filled$u, change(u = kind)$u)
  }
})

test_that("time may be whole numbers of any kind, dates, or a factor of years", {
  expected <- fill(d, x, u, t)$x
  kinds <- list(
    as.double(d$t), d$t + 2000L, factor(d$t + 2000L), as.Date("2020-01-01") + d$t, d$t - 10, structure(d$t, label = "t")
  )
  if (requireNamespace("bit64", quietly = TRUE)) kinds <- c(kinds, list(bit64::as.integer64(d$t)))
  if (requireNamespace("haven", quietly = TRUE)) kinds <- c(kinds, list(haven::labelled(d$t, label = "wave")))
  for (kind in kinds) {
    filled <- fill(change(t = kind), x, u, t)
    expect_identical(filled$x, expected)
    expect_identical(filled$t, change(t = kind)$t)
  }
})

test_that("a time that cannot count periods is refused", {
  for (kind in list(
    as.character(d$t), factor(letters[d$t]), d$t + 0.5, put(as.double(d$t), 2, Inf), put(as.double(d$t), 2, 2^53),
    as.POSIXct("2020-01-01", tz = "UTC") + d$t, as.difftime(d$t, units = "days"), d$t > 2, complex(real = d$t)
  )) {
    expect_refused(fill(change(t = kind), x, u, t), "time")
  }
  wide <- d
  wide$t <- matrix(1, 8, 2)
  expect_refused(fill(wide, x, u, t), "time")
  expect_identical(rlang::catch_cnd(fill(change(t = put(d$t, 2, 1.5)), x, u, t), "flowresil_error")$rows, 2L)
  expect_snapshot(error = TRUE, {
    interpolate_panel(change(t = factor(letters[d$t])), x, u, t)
    interpolate_panel(change(t = as.character(d$t)), x, u, t)
    interpolate_panel(change(t = d$t + 0.5), x, u, t)
    interpolate_panel(change(t = put(as.double(d$t), 2, Inf)), x, u, t)
  })
})

test_that("missing units and times are refused with their rows", {
  rows_of <- function(code) rlang::catch_cnd(code, "flowresil_error_missing_value")$rows
  codes <- rep(c(10, 20), each = 4)
  for (kind in list(d$u, factor(d$u), codes, as.integer(codes), codes == 10, as.Date("2020-01-01") + codes)) {
    expect_identical(rows_of(fill(change(u = put(kind, c(2, 5), NA)), x, u, t)), c(2L, 5L))
  }
  expect_identical(rows_of(fill(change(u = put(codes, 2, NaN)), x, u, t)), 2L)
  for (kind in list(d$t, as.double(d$t), factor(d$t), as.Date("2020-01-01") + d$t)) {
    expect_identical(rows_of(fill(change(t = put(kind, c(2, 5), NA)), x, u, t)), c(2L, 5L))
  }
  skip_if_not_installed("bit64")
  expect_identical(rows_of(fill(change(u = bit64::as.integer64(put(codes, 2, NA))), x, u, t)), 2L)
  expect_identical(rows_of(fill(change(t = bit64::as.integer64(put(d$t, 2, NA))), x, u, t)), 2L)
  expect_snapshot(error = TRUE, {
    interpolate_panel(change(u = put(d$u, c(2, 5), NA)), x, u, t)
    interpolate_panel(change(t = put(d$t, 2, NA)), x, u, t)
  })
})

test_that("a unit that names no groups is refused", {
  wide <- d
  wide$u <- matrix(1, 8, 2)
  expect_refused(fill(wide, x, u, t), "type")
  expect_refused(fill(change(u = as.list(d$u)), x, u, t), "type")
  expect_refused(fill(change(u = complex(real = d$t)), x, u, t), "type")
  expect_refused(fill(change(u = as.raw(d$t)), x, u, t), "type")
  expect_snapshot(error = TRUE, interpolate_panel(change(u = as.list(d$u)), x, u, t))
})

test_that("a unit and time that stand twice are refused, each pair once", {
  twice <- rbind(d, d[c(2, 2, 7), ])
  error <- rlang::catch_cnd(fill(twice, x, u, t), "flowresil_error")
  expect_s3_class(error, "flowresil_error_duplicate_rows")
  expect_identical(error$pairs, c("A 2", "B 3"))
  expect_identical(error$rows, c(2L, 7L, 9L, 10L, 11L))
  expect_snapshot(error = TRUE, interpolate_panel(twice, x, u, t))
})

test_that("one row is a panel", {
  expect_identical(fill(d[1, ], x, u, t)$x, 1)
})

# Options and conditions -------------------------------------------------------------------------

test_that("the number of threads must be one number", {
  for (bad in list("two", 0, -1, NA, NA_real_, c(1, 2), list(1), TRUE)) {
    withr::with_options(list(flowresil.threads = bad), {
      expect_refused(entropy_weights(cbind(a = 1:3, b = c(2, 1, 5))), "option")
    })
  }
  for (good in list(1, 1L, 2, 1e9)) {
    withr::with_options(list(flowresil.threads = good), {
      expect_s3_class(entropy_weights(cbind(a = 1:3, b = c(2, 1, 5))), "entropy_weights")
    })
  }
  withr::with_envvar(c("_R_CHECK_LIMIT_CORES_" = "TRUE"), expect_lte(flowresil:::n_threads(), 2))
  withr::local_options(flowresil.threads = "two")
  expect_snapshot(error = TRUE, entropy_weights(cbind(a = 1:3, b = c(2, 1, 5))))
})

test_that("flowresil.quiet silences messages, not warnings", {
  expect_message(interpolate_panel(d, x, u, t), class = "flowresil_message")
  withr::local_options(flowresil.quiet = TRUE)
  expect_no_condition_of(interpolate_panel(d, x, u, t))
  flat <- change(x = 1, z = 1:8)
  expect_warning(data_flow_index(flat, c("x", "z"), u, t), class = "flowresil_warning")
  withr::local_options(flowresil.quiet = NA)
  expect_message(interpolate_panel(d, x, u, t), class = "flowresil_message")
})

test_that("every condition carries its argument, the user's call and the package's class", {
  error <- rlang::catch_cnd(interpolate_panel(d, x, u, t, ends = "nearest"), "error")
  expect_s3_class(error, c("flowresil_error_choice", "flowresil_error", "rlang_error"))
  expect_identical(error$arg, "ends")
  expect_identical(as.character(error$call[[1]]), "interpolate_panel")
  wrapper <- function() interpolate_panel(d, c("x", "q"), u, t)
  expect_identical(as.character(rlang::catch_cnd(wrapper(), "error")$call[[1]]), "interpolate_panel")
})

test_that("braces in names and data do not break a message", {
  odd <- d
  names(odd)[3] <- "{x}"
  expect_refused(fill(odd, "{y}", u, t), "missing_column")
  expect_snapshot(error = TRUE, interpolate_panel(odd, "{quantity}", u, t))
})

test_that("an exception of the core is a fault of the package, with the original as parent", {
  fails <- function() flowresil:::core(flowresil:::cpp_recode, 3L, 0L)
  error <- rlang::catch_cnd(fails(), "error")
  expect_s3_class(error, c("flowresil_error_internal", "flowresil_error", "rlang_error"))
  expect_match(conditionMessage(error$parent), "codes must lie in")
  expect_identical(flowresil:::core(sum, 1, 2), 3)
  expect_snapshot(error = TRUE, fails())
})

test_that("another error inside the call of the core passes as it is", {
  error <- rlang::catch_cnd(flowresil:::core(function() stop("x is empty")), "error")
  expect_identical(class(error), c("simpleError", "error", "condition"))
  expect_identical(conditionMessage(error), "x is empty")
})

test_that("running out of memory is told with the size, and is no fault of the package", {
  skip_on_os("windows")
  fails <- function() flowresil:::core(function(x) numeric(2^50), numeric(1000))
  expect_refused(fails(), "memory")
  expect_snapshot(error = TRUE, fails())
  exhausted <- structure(class = c("std::bad_alloc", "C++Error", "error", "condition"),
                         list(message = "std::bad_alloc", call = NULL))
  fails <- function() flowresil:::core(function(x) stop(exhausted), numeric(1000))
  expect_refused(fails(), "memory")
  expect_snapshot(error = TRUE, fails())
})
