# What a model tells does not change when the data are written in place: data.table's users do so.

panel_table <- function() data.table::as.data.table(fe_panel("unbalanced"))
fit_panel <- function(data, ...) fe_model(y ~ x1 + x2 | unit + year, data, weights = w, ...)

# Everything that comes from another pass over the columns of the fit.
told_by <- function(m) {
  list(residuals(m), fitted(m), predict(m), weights(m), vcov(m, "HC1"), vcov(m, ~unit), model.matrix(m),
       model.matrix(m, type = "within"), logLik(m), fixed_effects(m), summary(m)$coefficients)
}

test_that("a data.table written in place after the fit changes nothing that the fit read", {
  skip_if_not_installed("data.table")
  truth <- told_by(fit_panel(fe_panel("unbalanced")))
  ways <- list(
    function(d) data.table::setkeyv(d, c("year", "unit")),
    function(d) data.table::setorderv(d, "x1", -1L),
    function(d) data.table::set(d, 3L, "x1", 100),
    function(d) data.table::set(d, 1:5, "unit", "u02"),
    function(d) data.table::set(d, j = "w", value = 1),
    function(d) data.table::set(d, j = "y", value = NULL),
    function(d) data.table::setnames(d, c("x1", "unit"), c("unit", "x1"))
  )
  for (write in ways) {
    d <- panel_table()
    m <- fit_panel(d)
    write(d)
    expect_identical(told_by(m), truth)
  }
})

test_that("a cluster named later is refused where any of its rows was written, and found where none was", {
  skip_if_not_installed("data.table")
  plain <- fe_panel("unbalanced")
  truth <- vcov(fit_panel(plain), ~region)
  d <- panel_table()
  m <- fit_panel(d)
  expect_identical(vcov(m, ~region), truth)
  data.table::set(d, j = "another", value = 1)
  data.table::set(d, j = "x1", value = NULL)
  data.table::setnames(d, "region", "part")
  expect_identical(vcov(m, ~region), truth)
  data.table::set(d, nrow(d), "part", "nowhere")
  expect_refused(vcov(m, ~region), "data_changed")
  expect_identical(vcov(m, "HC1"), vcov(fit_panel(plain), "HC1"))

  d <- panel_table()
  m <- fit_panel(d)
  data.table::setorderv(d, "x2")
  expect_refused(vcov(m, ~region), "data_changed")
  expect_refused(augment(m), "data_changed")
  expect_snapshot(error = TRUE, summary(m, ~region))
  expect_snapshot(error = TRUE, augment(m))
})

test_that("every type of column is compared, to the last row and level", {
  skip_if_not_installed("data.table")
  d <- panel_table()
  n <- nrow(d)
  later <- list(
    text = rep(c("a", "b", NA), length.out = n), number = rep(1:3 / 10, length.out = n),
    whole = rep(1:4, length.out = n), flag = rep(c(TRUE, FALSE), length.out = n),
    kind = factor(rep(c("a", "b"), length.out = n)), day = as.Date("2020-01-01") + rep(0:4, length.out = n)
  )
  for (name in names(later)) data.table::set(d, j = name, value = later[[name]])
  other <- list(text = "c", number = 0.7, whole = 9L, flag = NA, kind = "b", day = as.Date("2021-01-01"))
  for (name in names(later)) {
    here <- data.table::copy(d)
    m <- fit_panel(here)
    expect_no_error(refuse_changed_data(m))
    row <- if (name == "kind") n - n %% 2L - 1L else n
    data.table::set(here, row, name, other[[name]])
    expect_error(refuse_changed_data(m), name, class = "flowresil_error_data_changed")
  }
  m <- fit_panel(d)
  data.table::setattr(d$kind, "levels", c("a", "c"))
  expect_error(refuse_changed_data(m), "kind", class = "flowresil_error_data_changed")
})

test_that("a data frame is not copied, and one that setDT() and setkey() reorder is refused", {
  skip_if_not_installed("data.table")
  d <- fe_panel("unbalanced")
  m <- fit_panel(d)
  address <- function(x) rlang::obj_address(x)
  expect_identical(address(m$design$columns[[1L]]), address(d$x1))
  expect_identical(told_by(m), told_by(fit_panel(fe_panel("unbalanced"))))
  data.table::setDT(d)
  expect_identical(vcov(m, ~region), vcov(fit_panel(fe_panel("unbalanced")), ~region))
  data.table::setkeyv(d, c("year", "unit"))
  expect_refused(residuals(m), "data_changed")
  expect_refused(fitted(m), "data_changed")
  expect_refused(predict(m), "data_changed")
  expect_refused(weights(m), "data_changed")
  expect_refused(model.matrix(m), "data_changed")
  expect_refused(vcov(m, "HC1"), "data_changed")
  expect_refused(vcov(m, ~region), "data_changed")
  expect_refused(augment(m), "data_changed")
  # what was computed at the fit stands
  expect_identical(vcov(m), vcov(fit_panel(fe_panel("unbalanced"))))
})

test_that("models kept out of the groups of a data.table are those of the groups", {
  skip_if_not_installed("data.table")
  d <- data.table::as.data.table(fe_panel("unbalanced"))
  `[.data.table` <- data.table:::`[.data.table`
  models <- list()
  fit_group <- function(g, sd) {
    models[[g]] <<- fe_model(y ~ x1, sd)
    NULL
  }
  eval(quote(d[, fit_group(.BY[[1L]], .SD), by = "region"]), list(d = d, fit_group = fit_group),
       asNamespace("data.table"))
  for (g in names(models)) {
    alone <- fe_model(y ~ x1, fe_panel("unbalanced")[fe_panel("unbalanced")$region == g, ])
    expect_relative(vcov(models[[g]], "HC1"), vcov(alone, "HC1"), tolerance_exact)
    expect_relative(residuals(models[[g]]), residuals(alone), tolerance_exact)
  }
  expect_refused(vcov(models[[1L]], ~group), "data_changed")
})

test_that("comparisons, mediations and saved models keep what they read", {
  skip_if_not_installed("data.table")
  d <- panel_table()
  compared <- fe_compare(y ~ x1 + x2 | unit + year, d, subsets = list(all = TRUE, east = region == "east"))
  mediated <- fe_mediation(y ~ x1 | unit + year, d, mediators = x2)
  saved <- withr::local_tempfile()
  saveRDS(fit_panel(d), saved)
  before <- list(tidy(compared, vcov = ~year), tidy(mediated, vcov = "HC1"))
  data.table::setkeyv(d, c("x1"))
  data.table::set(d, j = "x2", value = 0)
  expect_identical(tidy(compared, vcov = ~year), before[[1L]])
  expect_identical(tidy(mediated, vcov = "HC1"), before[[2L]])
  expect_refused(tidy(compared, vcov = ~group), "data_changed")
  expect_refused(tidy(mediated, vcov = ~group), "data_changed")
  again <- readRDS(saved)
  expect_identical(vcov(again, ~region), vcov(fit_panel(panel_table()), ~region))
  expect_identical(told_by(again), told_by(fit_panel(panel_table())))
})

test_that("no other result shares a column with a data.table", {
  skip_if_not_installed("data.table")
  set.seed(4)
  make <- function() {
    data.table::data.table(u = rep(c("a", "b"), each = 5), t = rep(as.numeric(1:5), 2), x = rnorm(10) + 5,
                           z = rnorm(10))
  }
  table <- function() data.table::data.table(indicator = c("x", "z"), direction = c(1, -1), group = c("g", "h"))
  results <- function(d, i) {
    list(
      hp = hp_filter(d, 6.25, column = x, unit = u, time = t),
      full = interpolate_panel(d, c("x", "z"), u, t),
      index = data_flow_index(d, i, u, t, method = "equal"),
      resilience = export_resilience(d, x, u, t, base = 1), hp_resilience = export_resilience(d, x, u, t, "hp"),
      weights = entropy_weights(as.matrix(as.data.frame(d)[c("t", "x")]))
    )
  }
  d <- make()
  i <- table()
  found <- quietly(results(d, i))
  before <- unserialize(serialize(found, NULL))
  for (name in names(d)) data.table::set(d, j = name, value = rep(d[[name]][1L], 10L)[1L])
  for (name in names(i)) data.table::set(i, j = name, value = i[[name]][2L])
  data.table::set(d, 2L, "x", 100)
  expect_equal(lapply(found[-2L], unclass), lapply(before[-2L], unclass))
  expect_equal(as.list(found$full), as.list(before$full))
})

test_that("an update, sandwich's clusters and the model frame refuse data that were written in place", {
  skip_if_not_installed("data.table")
  skip_if_not_installed("sandwich")
  d <- panel_table()
  m <- fe_model(y ~ x1 + x2 | unit + year, d)
  expect_relative(sandwich::vcovCL(m, ~region), sandwich::vcovCL(fe_model(y ~ x1 + x2 | unit + year,
                                                                          fe_panel("unbalanced")), ~region))
  data.table::set(d, 1L, "group", 9)
  expect_relative(coef(update(m, . ~ . - x2)), coef(fe_model(y ~ x1 | unit + year, fe_panel("unbalanced"))))
  data.table::set(d, 2L, "x1", 9)
  expect_refused(update(m, . ~ . - x2), "data_changed")
  expect_relative(coef(update(m, data = d)), coef(fe_model(y ~ x1 + x2 | unit + year, d)), tolerance_exact)
  data.table::setorderv(d, "x2")
  expect_refused(sandwich::vcovCL(m, ~region), "data_changed")
})

test_that("forms of nearly collinear regressors keep their digits: leverage and errors of predictions", {
  d <- fe_panel("unbalanced")
  d$z2 <- d$x1 + 1e-7 * cos(1.1 * seq_len(nrow(d))^1.5)
  d$z <- d$z2 - d$x1
  near <- fe_model(y ~ x1 + z2 | unit, d)
  apart <- fe_model(y ~ x1 + z | unit, d)
  expect_relative(hatvalues(near), hatvalues(apart), 1e-8)
  for (v in list("iid", "HC1", ~unit)) {
    expect_relative(predict(near, se.fit = TRUE, vcov = v)$se.fit, predict(apart, se.fit = TRUE, vcov = v)$se.fit, 1e-7)
  }
})
