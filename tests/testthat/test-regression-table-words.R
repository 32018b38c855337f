# What is said of tables that cannot be used, on SQLite.

test_that("sources that are none", {
  engine <- sqlite_engine()
  engine$write("p", some_panel())
  engine$write("narrow", some_panel()["y"])
  con <- engine$con
  odd <- structure(list(), class = c("OddConnection", "DBIConnection"))
  shut <- DBI::dbConnect(RSQLite::SQLite(), ":memory:")
  DBI::dbDisconnect(shut)
  withr::local_options(flowresil.quiet = TRUE)
  expect_snapshot(error = TRUE, panel_source(3))
  expect_snapshot(error = TRUE, panel_source(con))
  expect_snapshot(error = TRUE, panel_source(con, "nope"))
  expect_snapshot(error = TRUE, panel_source(shut, "p"))
  expect_snapshot(error = TRUE, panel_source(con, "p", engine = "oracle"))
  expect_snapshot(error = TRUE, panel_source(list(panel_source(con, "p"), panel_source(con, "narrow"))))
  assigned <- engine_of
  expect_snapshot(error = TRUE, assigned(odd, NULL, NULL))
})

test_that("tables that hold what a regression cannot use", {
  engine <- sqlite_engine()
  d <- some_panel()
  withr::local_options(flowresil.quiet = TRUE)
  put <- function(column, value, rows = 6) {
    d[[column]][rows] <- value
    engine$write("p", d)
    panel_source(engine$con, "p")
  }
  as_is <- put("x1", d$x1[6])
  f <- y ~ x1 + x2 | unit + time
  expect_snapshot(error = TRUE, fe_model(f, put("unit", NA)))
  expect_snapshot(error = TRUE, fe_model(f, put("g", NA), vcov = ~g))
  expect_snapshot(error = TRUE, fe_model(f, put("x1", Inf)))
  expect_snapshot(error = TRUE, fe_model(f, put("w", -1), weights = w))
  expect_snapshot(error = TRUE, fe_model(f, put("w", 2), weights = not_there))
  expect_snapshot(error = TRUE, fe_model(f, put("w", 2), subset = 1:5))
  expect_snapshot(error = TRUE, fe_model(f, put("w", 2), subset = g > 99))
  expect_snapshot(error = TRUE, fe_model(y ~ sector | unit, put("w", 2)))
  expect_snapshot(error = TRUE, fe_model(f, put("x1", NA, TRUE)))
  expect_snapshot(error = TRUE, fe_model(y ~ x1^x2 | unit, put("w", 2)))
  expect_snapshot(error = TRUE, fe_model(y ~ factor(g) | unit, put("w", 2)))
  expect_snapshot(error = TRUE, fe_model(y ~ nosuch(x1) | unit, put("w", 2)))
  expect_snapshot(error = TRUE, fe_model(y ~ x1[1] | unit, put("w", 2)))
  expect_snapshot(error = TRUE, fe_model(y ~ I(x1 - mean(x1)) | unit, put("w", 2)))
  expect_snapshot(error = TRUE, fe_model(y ~ l(x1, 1) | unit + time, put("time", NA)))
  expect_snapshot(error = TRUE, fe_model(y ~ l(x1, 1) | unit + time, put("unit", NA)))
  expect_snapshot(error = TRUE, fe_model(y ~ l(x1, 1), put("time", 2000.5), unit = unit, time = time))
  d <- rbind(d, d[8, ])
  expect_snapshot(error = TRUE, fe_model(y ~ l(x1, 1) | unit + time, put("w", 2)))
  d <- transform(d, x1 = x1 * 1e200)
  expect_snapshot(error = TRUE, fe_model(f, put("w", 2)))
  d <- d[0, ]
  expect_snapshot(error = TRUE, fe_model(f, put("w", numeric(), integer())))
})

test_that("what only rows in memory can do", {
  engine <- sqlite_engine()
  d <- some_panel()
  engine$write("p", d)
  source <- panel_source(engine$con, "p")
  withr::local_options(flowresil.quiet = TRUE)
  f <- y ~ x1 + x2 | unit + time
  m <- fe_model(f, source)
  expect_snapshot(error = TRUE, residuals(m))
  expect_snapshot(error = TRUE, fixed_effects(m))
  expect_snapshot(error = TRUE, vcov(m, vcov = "HC3"))
  expect_snapshot(error = TRUE, fe_model(f, source, constant = "dummy"))
  expect_snapshot(error = TRUE, fe_mediation(f, source, mediators = m, method = "sobel"))
  expect_snapshot(error = TRUE, fe_model(f, list(source, source)))
  withr::with_options(list(flowresil.small_levels = 3), expect_snapshot(error = TRUE, fe_model(f, source)))
  DBI::dbExecute(engine$con, "DELETE FROM p WHERE rowid < 9")
  expect_snapshot(error = TRUE, vcov(m, vcov = ~unit))
})

test_that("indicators that are no numbers", {
  engine <- sqlite_engine()
  weigh <- function(x) {
    engine$write("p", data.frame(a = x))
    entropy_weights(panel_source(engine$con, "p"))
  }
  expect_snapshot(error = TRUE, weigh(c("x", "y")))
  expect_snapshot(error = TRUE, weigh(c(1, NA)))
  expect_snapshot(error = TRUE, weigh(c(1, Inf)))
  expect_snapshot(error = TRUE, weigh(numeric()))
})
