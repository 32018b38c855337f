# Unit and time of lags. What is meant is always the reference lag by unit along year.

panel <- function(kind = "balanced") {
  d <- fe_panel(kind)
  d$id <- as.integer(factor(d$unit))
  d$t <- d$year - 2000
  d$lag <- reference_lag(d$x1, d$unit, d$year, 1)
  d
}

roles_of <- function(model) unlist(model$blueprint$panel[c("unit_name", "time_name")], use.names = FALSE)
said_roles <- function(code) {
  said <- character()
  withCallingHandlers(code, flowresil_message_roles = function(m) said <<- c(said, conditionMessage(m)),
                      message = function(m) invokeRestart("muffleMessage"))
  said
}

test_that("lags go by unit along time in whatever order the effects are written", {
  d <- panel("unbalanced")
  expected <- coef(quietly(fe_model(y ~ lag | unit + year, d)))[[1]]
  year <- "\u5e74"
  forms <- list(
    year = d$year, double = as.double(d$year), factor = factor(d$year), text = as.character(d$year),
    sign = paste0(d$year, year), sign_factor = factor(paste0(d$year, year)), date = as.Date(paste0(d$year, "-12-31")),
    yearqtr = structure(2010 + d$t / 4, class = "yearqtr"), yearmon = structure(2010 + d$t / 12, class = "yearmon"),
    posix = as.POSIXct(paste0(d$year, "-01-01"), tz = "UTC"), labelled = structure(d$year, label = "y")
  )
  if (requireNamespace("bit64", quietly = TRUE)) forms$integer64 <- bit64::as.integer64(d$year)
  if (requireNamespace("haven", quietly = TRUE)) forms$haven <- haven::labelled(d$year, c(first = 2001))
  for (name in names(forms)) {
    d$when <- forms[[name]]
    for (unit in c("unit", "id")) {
      for (order in list(c(unit, "when"), c("when", unit))) {
        m <- quietly(fe_model(reformulate(paste("l(x1, 1) |", paste(order, collapse = "+")), "y"), d))
        expect_identical(roles_of(m), c(unit, "when"), label = paste(name, paste(order, collapse = "+")))
        expect_relative(coef(m)[[1]], expected, tolerance_exact)
      }
    }
  }
})

test_that("the only effect that can be a time is the time, else the second", {
  d <- panel()
  d$fid <- factor(d$unit)
  d$ft <- factor(d$t)
  roles <- function(right) roles_of(quietly(fe_model(as.formula(paste("y ~ l(x1, 1) |", right)), d)))
  expect_identical(roles("t + unit"), c("unit", "t"))
  expect_identical(roles("t + fid"), c("fid", "t"))
  expect_identical(roles("unit + t"), c("unit", "t"))
  expect_identical(roles("id + t"), c("id", "t"))
  expect_identical(roles("id + ft"), c("id", "ft"))
  expect_identical(roles("ft + unit"), c("unit", "ft"))
  expect_identical(roles("t + id"), c("t", "id")) # nothing tells them apart
  d$z <- d$id + .5
  expect_identical(roles("t + z"), c("z", "t"))
})

test_that("the unit is the first other effect in which no unit and time stands twice", {
  d <- panel("unbalanced")
  roles <- function(right) roles_of(quietly(fe_model(as.formula(paste("y ~ l(x1, 1) |", right)), d)))
  expect_identical(roles("region + unit + year"), c("unit", "year"))
  expect_identical(roles("year + region + unit"), c("unit", "year"))
  expect_identical(roles("region + year + id"), c("id", "year"))
  expect_identical(roles("region^group + year + unit"), c("unit", "year"))
  d <- panel("balanced")
  expect_identical(roles("region^year + id + year"), c("id", "year"))
  # two calendars
  d$founded <- 1990 + d$id %/% 2
  expect_identical(roles("founded + unit + year"), c("unit", "year"))
  expect_error(fe_model(y ~ l(x1, 1) | region + year, d), class = "flowresil_error_duplicate_rows")
  expect_error(fe_model(y ~ l(x1, 1) | region + group + year, d), class = "flowresil_error_duplicate_rows")
  expect_snapshot(error = TRUE, {
    fe_model(y ~ l(x1, 1) | year + region, d)
    fe_model(y ~ l(x1, 1) | year, d)
    fe_model(y ~ l(x1, 1) | unit^year + region, d)
    fe_model(y ~ l(x1, 1), d, time = year)
  })
})

test_that("what is given stands, and the other is told or guessed", {
  d <- panel("unbalanced")
  expected <- coef(quietly(fe_model(y ~ lag | year + id, d)))[[1]]
  slope <- function(...) coef(quietly(fe_model(y ~ l(x1, 1) | year + id, d, ...)))[[1]]
  expect_relative(slope(unit = unit), expected, tolerance_exact)
  expect_relative(slope(time = year), expected, tolerance_exact)
  expect_relative(slope(unit = "unit", time = t), expected, tolerance_exact)
  expect_relative(slope(unit = id, time = year), expected, tolerance_exact)
  d$reverse <- reference_lag(d$x1, d$year, d$id, 1)
  expect_relative(slope(unit = year, time = id), coef(quietly(fe_model(y ~ reverse | year + id, d))), tolerance_exact)
  one <- quietly(fe_model(y ~ l(x1, 1) | year, d, unit = unit))
  expect_identical(roles_of(one), c("unit", "year"))
  expect_identical(roles_of(quietly(fe_model(y ~ l(x1, 1) | id, d, time = t))), c("id", "t"))
  expect_refused(fe_model(y ~ l(x1, 1) | region, d, unit = unit), "missing_argument")
})

test_that("a pdata.frame's index tells", {
  skip_if_not_installed("plm")
  d <- panel("unbalanced")
  p <- plm::pdata.frame(d, index = c("id", "t"))
  expected <- coef(quietly(fe_model(y ~ lag | year + unit, d)))
  for (formula in list(y ~ l(x1, 1) | year + unit, y ~ l(x1, 1) | unit + year)) {
    m <- quietly(fe_model(formula, p))
    expect_identical(roles_of(m), c("id", "t"))
    expect_relative(coef(m), expected, tolerance_exact)
    expect_length(said_roles(fe_model(formula, p)), 0)
  }
  expect_relative(coef(quietly(fe_model(y ~ l(x1, 1), p)))[2], coef(quietly(fe_model(y ~ lag, d)))[2], tolerance_exact)
  bare <- plm::pdata.frame(d, index = c("id", "t"), drop.index = TRUE)
  expect_relative(coef(quietly(fe_model(y ~ l(x1, 1) | year + unit, bare))), expected, tolerance_exact)
  expect_identical(roles_of(quietly(fe_model(y ~ l(x1, 1) | year + unit, p, unit = unit))), c("unit", "t"))
  d$date <- as.Date(paste0(d$year, "-12-31"))
  dated <- plm::pdata.frame(d, index = c("id", "date"))
  expect_relative(coef(quietly(fe_model(y ~ l(x1, 1) | year + unit, dated))), expected, tolerance_exact)
})

test_that("guessed roles are said once a call and in print, given ones in print", {
  d <- panel()
  d$day <- as.Date(paste0(d$year, "-12-31"))
  expect_match(said_roles(fe_model(y ~ l(x1, 1) | year + id, d)), "lags by `id` along `year`", fixed = TRUE)
  expect_length(said_roles(fe_model(y ~ x1 | year + id, d)), 0)
  expect_length(said_roles(fe_model(y ~ l(x1, 1) | year + id, d, unit = id, time = year)), 0)
  expect_length(said_roles(m <- fe_compare(y ~ x1 | year + id, d, lags = 0:2)), 1)
  expect_output(print(m), "lags by `id` along `year`", fixed = TRUE)
  expect_length(said_roles(m <- fe_mediation(y ~ l(x1, 1) | year + id, d, mediators = x2)), 1)
  expect_output(print(m), "lags by `id` along `year`", fixed = TRUE)
  expect_output(print(quietly(fe_model(y ~ l(x1, 1) | year, d, unit = id, time = year))), "lags by `id` along `year`",
                fixed = TRUE)
  expect_output(print(summary(quietly(fe_model(y ~ l(x1, 1) | year + id, d)))), "lags by `id` along `year`",
                fixed = TRUE)
  expect_snapshot({
    m <- fe_model(y ~ l(x1, 1) | day + id, d)
    print(m)
    m <- fe_compare(y ~ x1 | year + id, d, lags = 1)
  })
})
