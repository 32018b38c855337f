d <- fe_panel("unbalanced")

# Each call stops with the class, and its text is looked at in the snapshot.
change <- function(...) {
  changes <- list(...)
  out <- d
  out[names(changes)] <- changes
  out
}

# Columns ----------------------------------------------------------------------------------------

test_that("data must be a data frame with rows", {
  expect_refused(fe_model(y ~ x1 | unit, as.list(d)), "type")
  expect_refused(fe_model(y ~ x1 | unit, as.matrix(d[c("y", "x1")])), "type")
  expect_refused(fe_model(y ~ x1 | unit, NULL), "type")
  expect_refused(fe_model(y ~ x1 | unit, d[0, ]), "empty")
  expect_snapshot(error = TRUE, {
    fe_model(y ~ x1 | unit, as.list(d))
    fe_model(y ~ x1 | unit, NULL)
    fe_model(y ~ x1 | unit, d[0, ])
  })
})

test_that("a column that is not there is named, with a near one", {
  expect_refused(fe_model(y ~ x1 + x3 | unit, d), "missing_column")
  expect_refused(fe_model(z ~ x1 | unit, d), "missing_column")
  expect_refused(fe_model(y ~ x1 | units, d), "missing_column")
  expect_refused(fe_model(y ~ x1 | unit^yr, d), "missing_column")
  expect_refused(fe_model(y ~ x1 | unit, d, vcov = ~province), "missing_column")
  expect_refused(fe_model(y ~ l(x9, 1) | unit + year, d), "missing_column")
  expect_refused(fe_model(y ~ l(x1, 1) | unit, d, unit = unit, time = when), "missing_column")
  expect_refused(fe_model(y ~ x1 | unit, d, weights = "weight"), "missing_column")
  expect_snapshot(error = TRUE, {
    fe_model(y ~ x1 + x3 | unit, d)
    fe_model(y ~ x1 | units, d)
    fe_model(y ~ x1 | unit, d, vcov = ~province)
    fe_model(y ~ x1 | unit, d, weights = "weight")
  })
})

test_that("a column that stands twice is refused where it is used", {
  twice <- cbind(d, d["x1"])
  expect_refused(fe_model(y ~ x1 | unit, twice), "ambiguous_column")
  expect_relative(coef(fe_model(y ~ x2 | unit, twice)), coef(fe_model(y ~ x2 | unit, d)), tolerance_exact)
  expect_refused(fe_model(y ~ l(x2) | region, d, unit = c("unit", "region"), time = year), "ambiguous_column")
  expect_refused(fe_model(y ~ l(x2) | region, d, unit = year, time = year), "ambiguous_column")
  expect_snapshot(error = TRUE, {
    fe_model(y ~ x1 | unit, twice)
    fe_model(y ~ l(x2) | region, d, unit = year, time = year)
  })
})

test_that("numbers stored as text, lists, dates and complex numbers are no regressors", {
  expect_refused(fe_model(y ~ x1 | unit, change(x1 = as.character(d$x1))), "type")
  expect_refused(fe_model(y ~ x1 | unit, change(y = as.character(d$y))), "type")
  expect_refused(fe_model(y ~ x1 | unit, change(y = factor(d$group))), "type")
  expect_refused(fe_model(y ~ x1 | unit, change(x1 = as.list(d$x1))), "type")
  expect_refused(fe_model(y ~ x1 | unit, change(unit = as.list(d$unit))), "type")
  expect_refused(fe_model(y ~ x1 | unit, change(unit = complex(real = d$x1))), "type")
  expect_refused(fe_model(y ~ x1 | unit, d, vcov = ~g), "missing_column")
  expect_refused(fe_model(y ~ x1 | unit, change(g = as.list(d$unit)), vcov = ~g), "type")
  expect_snapshot(error = TRUE, {
    fe_model(y ~ x1 | unit, change(x1 = as.character(d$x1)))
    fe_model(y ~ x1 | unit, change(y = factor(d$group)))
    fe_model(y ~ x1 | unit, change(x1 = as.list(d$x1)))
    fe_model(y ~ x1 | unit, change(unit = as.list(d$unit)))
  })
})

# Values -----------------------------------------------------------------------------------------

test_that("missing values in effects and clusters are refused with the rows of the data", {
  expect_refused(fe_model(y ~ x1 | unit, change(unit = put(d$unit, c(3, 8), NA))), "missing_value")
  expect_refused(fe_model(y ~ x1 | year, change(year = put(d$year, 8, NaN))), "missing_value")
  expect_refused(fe_model(y ~ x1 | unit^year, change(year = put(d$year, 8, NA))), "missing_value")
  expect_refused(fe_model(y ~ x1 | unit, change(region = put(d$region, 8, NA)), vcov = ~region), "missing_value")
  # a row that is lost for another reason is not used, and its unit not looked at
  both <- change(unit = put(d$unit, 8, NA), x1 = put(d$x1, 8, NA))
  expect_relative(quietly(coef(fe_model(y ~ x1 | unit, both))), coef(fe_model(y ~ x1 | unit, d[-8, ])), tolerance_exact)
  rows_of <- function(code) rlang::catch_cnd(code, "flowresil_error")$rows
  expect_identical(rows_of(fe_model(y ~ x1 | unit, change(unit = put(d$unit, c(3, 8), NA)))), c(3L, 8L))
  expect_identical(
    rows_of(fe_model(y ~ x1 | unit, change(unit = put(d$unit, c(3, 8), NA)), subset = -(1:5))), 8L
  )
  expect_identical(
    rows_of(fe_model(y ~ x1 | unit, change(region = put(d$region, 8, NA)), vcov = ~region, subset = -(1:5))), 8L
  )
  expect_snapshot(error = TRUE, {
    fe_model(y ~ x1 | unit, change(unit = put(d$unit, c(3, 8), NA)))
    fe_model(y ~ x1 | unit, change(region = put(d$region, 8, NA)), vcov = ~region, subset = -(1:5))
  })
})

test_that("infinite values are refused with the rows of the data", {
  rows_of <- function(code) rlang::catch_cnd(code, "flowresil_error_infinite")$rows
  bad <- change(x1 = put(d$x1, 8, Inf))
  expect_refused(fe_model(y ~ x1 | unit, bad), "infinite")
  expect_refused(fe_model(x1 ~ x2 | unit, bad), "infinite")
  expect_refused(fe_model(y ~ log(w0) | unit, change(w0 = put(d$w, 8, 0))), "infinite")
  expect_identical(rows_of(fe_model(y ~ x1 | unit, bad)), 8L)
  expect_identical(rows_of(fe_model(y ~ x1 | unit, bad, subset = -(1:5))), 8L)
  bad$x2[1:3] <- NA
  expect_identical(rows_of(fe_model(y ~ x1 + x2 | unit, bad)), 8L)
  bad$x1[8:9] <- c(1e308, 1e308)
  expect_refused(fe_model(y ~ x1 | unit, bad), "infinite")
  expect_snapshot(error = TRUE, {
    fe_model(y ~ x1 | unit, change(x1 = put(d$x1, 8, Inf)), subset = -(1:5))
    fe_model(y ~ log(w0) | unit, change(w0 = put(d$w, 8, 0)))
    fe_model(y ~ x1 | unit, change(x1 = d$x1 * 0 + 1.7e308))
  })
})

test_that("no complete row, no row", {
  expect_refused(fe_model(y ~ x1 | unit, change(x1 = NA_real_)), "empty")
  expect_refused(fe_model(y ~ l(x1, 50) | unit + year, d), "empty")
  expect_refused(fe_model(y ~ x1 | unit, d, subset = year > 3000), "empty")
  expect_refused(fe_model(y ~ x1 | unit, d, subset = rep(NA, 43)), "empty")
  expect_snapshot(error = TRUE, {
    fe_model(y ~ x1 | unit, change(x1 = NA_real_))
    fe_model(y ~ x1 + x2 | unit, change(x1 = put(d$x1, 1:20, NA), x2 = put(d$x2, 21:43, NA)))
    fe_model(y ~ x1 | unit, d, subset = year > 3000)
  })
})

test_that("lags need whole periods, one row each, and to know unit and time", {
  expect_refused(fe_model(y ~ l(x1) | unit + year, rbind(d, d[5, ])), "duplicate_rows")
  expect_refused(fe_model(y ~ l(x1) | unit + year, change(year = d$year + .5)), "time")
  expect_refused(fe_model(y ~ l(x1) | unit + year, change(year = paste("year", d$year))), "time")
  expect_refused(fe_model(y ~ l(x1) | unit + year, change(year = Sys.time() + d$year)), "time")
  expect_refused(fe_model(y ~ l(x1) | unit + year, change(year = put(d$year, 3, NA))), "missing_value")
  expect_refused(fe_model(y ~ l(x1) | unit, d), "missing_argument")
  expect_refused(fe_model(y ~ l(x1, .5) | unit + year, d), "formula")
  expect_refused(fe_model(y ~ l(x1, x2) | unit + year, d), "formula")
  expect_refused(fe_model(y ~ l(x1, 1, 2) | unit + year, d), "formula")
  expect_refused(fe_model(y ~ l() | unit + year, d), "formula")
  # without lags the same rows are fine
  expect_s3_class(fe_model(y ~ x1 | unit + year, rbind(d, d[5, ])), "fe_model")
  expect_s3_class(fe_model(y ~ x1 | unit + year, change(year = d$year + .5)), "fe_model")
  expect_snapshot(error = TRUE, {
    fe_model(y ~ l(x1) | unit + year, rbind(d, d[5, ]))
    fe_model(y ~ l(x1) | unit + year, change(year = d$year + .5))
    fe_model(y ~ l(x1) | unit + year, change(year = paste("year", d$year)))
    fe_model(y ~ l(x1) | unit, d)
    fe_model(y ~ l(x1, .5) | unit + year, d)
  })
})

# The model --------------------------------------------------------------------------------------

test_that("an outcome that is constant, or that the effects explain, is refused", {
  expect_refused(fe_model(y ~ x1 | unit, change(y = 3)), "outcome_constant")
  expect_refused(fe_model(y ~ x1 | unit, change(y = 0)), "outcome_constant")
  expect_refused(fe_model(y ~ x1, change(y = 1e9)), "outcome_constant")
  expect_refused(fe_model(y ~ x1 | unit + year, change(y = d$year + .1)), "outcome_absorbed")
  expect_refused(fe_model(y ~ x1 | unit^year, d), "outcome_absorbed") # an effect with one level a row
  expect_snapshot(error = TRUE, {
    fe_model(y ~ x1 | unit, change(y = 3))
    fe_model(y ~ x1 | unit + year, change(y = d$year + .1))
    fe_model(y ~ x1 | unit^year, d)
  })
})

test_that("no regressor left is refused", {
  constant <- change(x1 = 2)
  expect_refused(fe_model(y ~ 1 | unit, d), "no_regressor")
  expect_refused(suppressWarnings(fe_model(y ~ x1 | unit, constant)), "no_regressor")
  expect_refused(suppressWarnings(fe_model(y ~ factor(region) | unit, d)), "no_regressor")
  expect_refused(fe_model(y ~ 0, d), "no_regressor")
  expect_snapshot(error = TRUE, {
    fe_model(y ~ 1 | unit, d)
    fe_model(y ~ x1 | unit, constant)
  })
})

test_that("more parameters than rows are refused", {
  few <- d[1:4, ]
  expect_refused(suppressWarnings(fe_model(y ~ x1 + x2 + w + x1:x2, few)), "no_degrees_of_freedom")
  expect_refused(fe_model(y ~ x1, d[1:2, ]), "no_degrees_of_freedom")
  expect_snapshot(error = TRUE, {
    fe_model(y ~ x1, d[1:2, ])
  })
})

test_that("one cluster is refused", {
  expect_refused(fe_model(y ~ x1 | unit, change(g = 1), vcov = ~g), "one_cluster")
  expect_refused(fe_model(y ~ x1 | unit, d, vcov = ~region, subset = region == "east"), "one_cluster")
  expect_snapshot(error = TRUE, {
    fe_model(y ~ x1 | unit, d, vcov = ~region, subset = region == "east")
  })
})

# Arguments --------------------------------------------------------------------------------------

test_that("weights must be positive, finite and one a row", {
  for (bad in c(0, -1, NA, Inf)) {
    expect_refused(fe_model(y ~ x1 | unit, change(w = put(d$w, 8, bad)), weights = w), "weights")
  }
  expect_refused(fe_model(y ~ x1 | unit, d, weights = 1:3), "weights")
  expect_refused(fe_model(y ~ x1 | unit, d, weights = 1), "weights")
  expect_refused(fe_model(y ~ x1 | unit, d, weights = factor(group)), "type")
  expect_refused(fe_model(y ~ x1 | unit, d, weights = nowhere), "evaluation")
  expect_snapshot(error = TRUE, {
    fe_model(y ~ x1 | unit, change(w = put(d$w, c(3, 8), -1)), weights = w)
    fe_model(y ~ x1 | unit, d, weights = 1:3)
    fe_model(y ~ x1 | unit, d, weights = nowhere)
  })
})

test_that("subset must be a condition or row numbers", {
  expect_refused(fe_model(y ~ x1 | unit, d, subset = c(TRUE, FALSE)), "subset")
  expect_refused(fe_model(y ~ x1 | unit, d, subset = 0:3), "subset")
  expect_refused(fe_model(y ~ x1 | unit, d, subset = c(1, 44)), "subset")
  expect_refused(fe_model(y ~ x1 | unit, d, subset = c(1, 1, 2)), "subset")
  expect_refused(fe_model(y ~ x1 | unit, d, subset = c(-1, 2)), "subset")
  expect_refused(fe_model(y ~ x1 | unit, d, subset = "east"), "subset")
  expect_refused(fe_model(y ~ x1 | unit, d, subset = stop("no")), "evaluation")
  expect_snapshot(error = TRUE, {
    fe_model(y ~ x1 | unit, d, subset = c(TRUE, FALSE))
    fe_model(y ~ x1 | unit, d, subset = c(1, 44))
    fe_model(y ~ x1 | unit, d, subset = "east")
    fe_model(y ~ x1 | unit, d, subset = stop("no"))
  })
})

test_that("choices and numbers are checked, and a misspelt argument is not ignored", {
  expect_refused(fe_model(y ~ x1 | unit, d, vcov = "robust"), "vcov")
  expect_refused(fe_model(y ~ x1 | unit, d, vcov = NULL), "vcov")
  expect_refused(fe_model(y ~ x1 | unit, d, vcov = y ~ unit), "vcov")
  expect_refused(fe_model(y ~ x1 | unit, d, vcov = ~unit + log(year)), "vcov")
  expect_refused(fe_model(y ~ x1 | unit, d, vcov = ~factor(unit)), "vcov")
  expect_refused(fe_model(y ~ x1 | unit, d, correction = "stata"), "choice")
  expect_refused(fe_model(y ~ x1 | unit, d, correction = c("plm", "none")), "choice")
  expect_refused(fe_model(y ~ x1 | unit, d, constant = TRUE), "choice")
  expect_refused(fe_model(y ~ x1 | unit, d, cluster = ~unit), "argument")
  expect_refused(fe_model(y ~ x1 | unit, d, tolerance = 0), "number")
  expect_refused(fe_model(y ~ x1 | unit, d, tolerance = NA), "number")
  expect_refused(fe_model(y ~ x1 | unit, d, max_iterations = .5), "number")
  expect_refused(fe_model("y ~ x1", d), "formula")
  withr::with_options(list(flowresil.threads = "two"), {
    expect_refused(fe_model(y ~ x1 | unit, d), "option")
  })
  expect_snapshot(error = TRUE, {
    fe_model(y ~ x1 | unit, d, vcov = "robust")
    fe_model(y ~ x1 | unit, d, vcov = ~unit + log(year))
    fe_model(y ~ x1 | unit, d, correction = "stata")
    fe_model(y ~ x1 | unit, d, cluster = ~unit)
    fe_model(y ~ x1 | unit, d, tolerance = 0)
    fe_model("y ~ x1", d)
  })
})

test_that("what a formula cannot say yet is refused by name", {
  expect_snapshot(error = TRUE, {
    fe_model(~x1 | unit, d)
    fe_model(c(y, x2) ~ x1 | unit, d)
    fe_model(y ~ x1 | unit[x2], d)
    fe_model(y ~ x1 | (unit + year)^region, d)
    fe_model(y ~ x1 | unit | x2, d)
    fe_model(y ~ x1 | unit | x2 ~ w, d)
    fe_model(y ~ x1 + offset(x2) | unit, d)
    fe_model(y ~ i(group) | unit, d)
  })
})

test_that("an error inside a term keeps its own words and its condition", {
  fails <- function(x) stop("the reason")
  error <- rlang::catch_cnd(fe_model(y ~ fails(x1) | unit, d), "flowresil_error")
  expect_s3_class(error, "flowresil_error_formula")
  expect_match(conditionMessage(error$parent), "the reason")
  expect_identical(error$arg, "formula")
  expect_snapshot(error = TRUE, {
    fe_model(y ~ fails(x1) | unit, d)
  })
})

test_that("the dummy constant needs connected effects", {
  apart <- fe_panel("disconnected")
  expect_refused(fe_model(y ~ x1 | unit + year, apart, constant = "dummy"), "constant")
  expect_s3_class(fe_model(y ~ x1 | unit + year, apart, constant = "mean"), "fe_model")
  expect_snapshot(error = TRUE, {
    fe_model(y ~ x1 | unit + year, apart, constant = "dummy")
  })
})

test_that("conditions carry the argument and the columns", {
  error <- rlang::catch_cnd(fe_model(y ~ x1 + x3 | unit, d), "flowresil_error")
  expect_identical(error$arg, "formula")
  expect_identical(error$columns, "x3")
  expect_s3_class(error, "flowresil_error_missing_column")
  warning <- rlang::catch_cnd(fe_model(y ~ x1 + w + I(2 * w) | unit, d), "flowresil_warning")
  expect_identical(warning$terms, "I(2 * w)")
  expect_s3_class(warning, "flowresil_warning_collinear")
  message <- rlang::catch_cnd(fe_model(y ~ x1 | unit, change(x1 = put(d$x1, 3, NA))), "flowresil_message")
  expect_identical(message$missing, c(x1 = 1))
})

test_that("columns whose squares no double can hold are refused", {
  for (size in c(1e-160, 1e160)) {
    expect_refused(fe_model(y ~ x1 | unit, change(x1 = d$x1 * size)), "scale")
    expect_refused(fe_model(y ~ x1 | unit, change(y = d$y * size)), "scale")
  }
  expect_snapshot(error = TRUE, {
    fe_model(y ~ x1 | unit, change(x1 = d$x1 * 1e160))
    fe_model(y ~ x1 | unit, change(y = d$y * 1e-160))
  })
})

test_that("no number that is promised finite is not, whatever the size of the columns", {
  for (size in c(1e-120, 1e-30, 1e30, 1e120)) {
    m <- fe_model(y ~ x1 + x2 | unit + year, change(x1 = d$x1 * size), vcov = ~region)
    expect_true(all(is.finite(coef(m))))
    expect_relative(coef(m)[["x1"]] * size, coef(fe_model(y ~ x1 + x2 | unit + year, d))[["x1"]], 1e-10)
  }
})
