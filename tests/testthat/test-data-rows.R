d <- fe_panel("balanced")
change <- function(...) {
  changes <- list(...)
  out <- d
  out[names(changes)] <- changes
  out
}
early <- which(d$year <= 2002)

expect_same_fit <- function(a, b) {
  expect_relative(coef(a), coef(b), tolerance_exact)
  expect_relative(vcov(a), vcov(b), tolerance_exact)
  expect_identical(nobs(a), nobs(b))
}

test_that("weights are judged on the rows used: as lm() takes them", {
  for (bad in c(NA, 0, -1, Inf)) {
    q <- change(w = put(d$w, early, bad))
    m <- fe_model(y ~ x1 + unit, q, weights = w, subset = year > 2002)
    expect_relative(coef(m), coef(lm(y ~ x1 + unit, d, weights = w, subset = year > 2002)), 1e-9)
    expect_same_fit(fe_model(y ~ x1 | unit, q, weights = w, subset = year > 2002),
                    fe_model(y ~ x1 | unit, d[-early, ], weights = w))
    lost <- change(w = put(d$w, early, bad), x1 = put(d$x1, early, NA))
    expect_same_fit(quietly(fe_model(y ~ x1 | unit, lost, weights = w)),
                    fe_model(y ~ x1 | unit, d[-early, ], weights = w))
    expect_same_fit(quietly(fe_model(y ~ log(exp(x1)) | unit, lost, weights = w)),
                    fe_model(y ~ log(exp(x1)) | unit, d[-early, ], weights = w))
  }
  expect_refused(fe_model(y ~ x1 | unit, change(w = put(d$w, 50, 0)), weights = w, subset = 40:60), "weights")
  rows <- rlang::catch_cnd(fe_model(y ~ x1 | unit, change(w = put(d$w, 50, 0)), weights = w, subset = 40:60))$rows
  expect_identical(rows, 50L)
})

test_that("units and infinite values outside the rows used do not matter", {
  q <- change(unit = put(d$unit, early, NA), x1 = put(d$x1, early, Inf), y = put(d$y, early, -Inf))
  expect_same_fit(fe_model(y ~ x1 | unit, q, subset = year > 2002), fe_model(y ~ x1 | unit, d[-early, ]))
  expect_same_fit(fe_model(y ~ I(x1) | unit, q, subset = year > 2002), fe_model(y ~ x1 | unit, d[-early, ]))
  q$x2[early] <- NA
  expect_same_fit(quietly(fe_model(y ~ x1 + x2 | unit, q)), fe_model(y ~ x1 + x2 | unit, d[-early, ]))
  expect_same_fit(quietly(fe_model(y ~ I(x1) + x2 | unit, q)), fe_model(y ~ x1 + x2 | unit, d[-early, ]))
  expect_refused(fe_model(y ~ x1 | unit, q), "infinite")
})

test_that("R says that a logarithm is undefined only where a row used has it", {
  q <- change(x1 = put(abs(d$x1) + 1, early, -1))
  expect_no_condition_of(fe_model(y ~ log(x1) | unit, q, subset = year > 2002))
  expect_warning(quietly(fe_model(y ~ log(x1) | unit, q)), "NaN")
  expect_warning(quietly(fe_model(y ~ log(x1) | unit, q, subset = year > 2001)), "NaN")
})

test_that("with lags a unit or time that is missing in a row not used does not matter", {
  d$lag <- reference_lag(d$x1, d$unit, d$year, 1)
  d$lag[d$year == 2003] <- NA
  by_hand <- quietly(fe_model(y ~ lag | unit + year, d, subset = year > 2002))
  q <- change(unit = put(d$unit, early, NA))
  expect_same_fit(quietly(fe_model(y ~ l(x1) | unit + year, q, subset = year > 2002)), by_hand)
  q <- change(year = put(d$year, early, NA))
  expect_same_fit(quietly(fe_model(y ~ l(x1) | unit + year, q, subset = year > 2002)), by_hand)
  # the row is lost for its outcome
  q <- change(unit = put(d$unit, early, NA), y = put(d$y, early, NA))
  expect_same_fit(quietly(fe_model(y ~ l(x1) | unit + year, q)), by_hand)
  # nothing but the lag would lose the row
  expect_refused(fe_model(y ~ l(x1) | unit + year, change(unit = put(d$unit, 50, NA))), "missing_value")
  expect_refused(fe_model(y ~ l(x1) | region, change(year = put(d$year, 50, NA)), unit = unit, time = year),
                 "missing_value")
  expect_identical(
    rlang::catch_cnd(fe_model(y ~ l(x1) | unit + year, change(year = put(d$year, 50, NA))), "flowresil_error")$rows, 50L
  )
  expect_snapshot(error = TRUE, fe_model(y ~ l(x1) | unit + year, change(unit = put(d$unit, 50, NA))))
})

test_that("with lags a unit-time that stands twice matters where a row used stands there or looks there", {
  first <- which(d$year == 2001 & d$unit == "u01")
  twice <- rbind(d, transform(d[first, ], x1 = 5))
  m <- function(...) quietly(fe_model(y ~ l(x1) | unit + year, ...))
  expect_same_fit(m(twice, subset = year > 2002), m(d, subset = year > 2002))
  expect_refused(m(twice, subset = year > 2001), "duplicate_rows") # 2002 looks at 2001
  expect_refused(m(twice), "duplicate_rows")
  expect_same_fit(quietly(fe_model(y ~ f(x1) | unit + year, twice, subset = year > 2001)),
                  quietly(fe_model(y ~ f(x1) | unit + year, d, subset = year > 2001)))
  # two steps back, by one step twice
  expect_refused(quietly(fe_model(y ~ l(l(x1)) | unit + year, twice, subset = year > 2002)), "duplicate_rows")
  expect_refused(quietly(fe_model(y ~ l(d(x1), 2) | unit + year, twice, subset = year > 2003)), "duplicate_rows")
  expect_same_fit(quietly(fe_model(y ~ l(l(x1)) | unit + year, twice, subset = year > 2003)),
                  quietly(fe_model(y ~ l(l(x1)) | unit + year, d, subset = year > 2003)))
  # a copy without outcome is used by no one, but looked at
  silent <- twice
  silent$y[nrow(silent)] <- NA
  expect_refused(m(silent), "duplicate_rows")
  expect_same_fit(m(silent, subset = year > 2002), m(d, subset = year > 2002))
  rows <- rlang::catch_cnd(m(twice), "flowresil_error")$rows
  expect_setequal(rows, c(first, nrow(twice)))
})

test_that("rows that miss a mediator are not used by any equation", {
  q <- change(unit = put(d$unit, 7, NA), w = put(d$w, 7, 0), x1 = put(d$x1, 7, Inf), x2 = put(d$x2, 7, NA))
  m <- quietly(fe_mediation(y ~ x1 | unit, q, mediators = x2, weights = w))
  expect_same_fit(m$models$total, fe_model(y ~ x1 | unit, d[-7, ], weights = w))
  q <- change(x1 = put(d$x1, 7, NA), x2 = put(d$x2, 7, Inf))
  m <- quietly(fe_mediation(y ~ x1 | unit, q, mediators = x2))
  expect_same_fit(m$models$x2, fe_model(x2 ~ x1 | unit, d[-7, ]))
})

test_that("a subset is refused by what is wrong with it", {
  expect_refused(fe_model(y ~ x1 | unit, d, subset = c(1:40, 3, 3, 7)), "subset")
  expect_snapshot(error = TRUE, {
    fe_model(y ~ x1 | unit, d, subset = c(1:40, 3, 3, 7))
    fe_model(y ~ x1 | unit, d, subset = c(1:40, 40))
    fe_model(y ~ x1 | unit, d, subset = c(0, 1, 97, 98))
    fe_model(y ~ x1 | unit, d, subset = c(-1, 2))
    fe_model(y ~ x1 | unit, d, subset = c(1, NA))
    fe_model(y ~ x1 | unit, d, subset = c(1, 2.5))
    fe_model(y ~ x1 | unit, d, subset = TRUE)
  })
})

test_that("guessed roles stand where a unit-time stands twice outside the rows used, years first or last", {
  first <- which(d$year == 2001 & d$unit == "u01")
  twice <- rbind(d, transform(d[first, ], x1 = 5))
  by_hand <- quietly(fe_model(y ~ l(x1) | unit + year, d, subset = year > 2002))
  expect_same_fit(quietly(fe_model(y ~ l(x1) | year + unit, twice, subset = year > 2002)), by_hand)
  silent <- rbind(d, transform(d[first, ], y = NA, year = 1990))
  silent <- rbind(silent, silent[nrow(silent), ])
  expect_same_fit(quietly(fe_model(y ~ l(x1) | year + unit, silent)), quietly(fe_model(y ~ l(x1) | unit + year, d)))
})
