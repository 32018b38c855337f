# Tables in databases: the same numbers as in memory, read in pieces that are far smaller than the table.

local_quiet <- function(frame = parent.frame()) withr::local_options(flowresil.quiet = TRUE, .local_envir = frame)

formulas <- list(
  y ~ x1 + x2 | unit + time, y ~ x1 + x2 | time + unit, y ~ x1 | unit, y ~ x1 + x2 | time, y ~ x1 + m, y ~ x1 + m - 1,
  y ~ x1 + x2 | unit + time + sector, y ~ x1 + m | sector + unit^flag, y ~ x1 + I(x1^2) + x1:m | unit + time,
  y ~ l(x1, 1) + d(m) | unit + time, y ~ f(x2, 2) + l(I(m + 1), 1) | unit + time, y ~ log(w) + sqrt(w) | unit + time,
  y ~ l(ifelse(x1 > 1, 1, 0), 1) + I(ifelse(whole / 4 > 1.2, 1, 0)) | unit + time,
  y ~ base::abs(x1) + I(ifelse(x2 > 200.3, 1, 0)) | unit + time, I(y / w) ~ x1 + flag | unit + time,
  y ~ x1 + exp(x2 / 100) | g + time
)
variances <- list("iid", "HC0", "HC1", ~unit, ~g, ~time, ~sector, ~unit^time)

expect_engine_agrees <- function(engine, d) {
  d$whole <- as.integer((3 * d$unit + d$time) %% 11)
  source <- source_of(engine, d)
  for (formula in formulas) {
    table <- fe_model(formula, source)
    memory <- fe_model(formula, d)
    expect_same_fit(table, memory, if (length(memory$effects$n_levels) > 2L) 1e-8 else 1e-11)
    for (v in variances) {
      for (correction in c("fixest", "reghdfe")) {
        a <- suppressWarnings(vcov(table, vcov = v, correction = correction))
        b <- suppressWarnings(vcov(memory, vcov = v, correction = correction))
        expect_lt(max(abs(a - b)) / max(abs(b)), 1e-8)
      }
    }
  }
}

test_that("every formula and variance agrees with memory on SQLite", {
  local_quiet()
  expect_engine_agrees(sqlite_engine(), transform(some_panel(), flag = as.integer(flag))) # it has no type for TRUE
})

test_that("every formula and variance agrees with memory on PostgreSQL", {
  local_quiet()
  expect_engine_agrees(postgres_engine(), some_panel())
})

test_that("weights, subset, constant, corrections, doubled rows and disconnected panels agree", {
  local_quiet()
  for (engine in list(sqlite_engine(), postgres_engine())) {
    for (seed in 1:3) {
      d <- some_panel(seed)
      d <- rbind(d, d[1:9, ]) # units and times that stand twice
      d$time <- d$time + 100 * (d$unit > 15) # two components
      d$whole <- as.integer((3 * d$unit + d$time) %% 11)
      engine$write("p", d)
      source <- panel_source(engine$con, "p", piece_rows = 11)
      f <- y ~ x1 + x2 | unit + time
      expect_same_fit(fe_model(f, source, weights = w, vcov = "HC1"), fe_model(f, d, weights = w, vcov = "HC1"))
      expect_same_fit(fe_model(f, source, weights = "w", subset = g > 1 & sector != "steel", vcov = ~unit),
                      fe_model(f, d, weights = "w", subset = g > 1 & sector != "steel", vcov = ~unit))
      expect_same_fit(fe_model(f, source, subset = whole / 4 > 1.2 & w + 1 < 2.9),
                      fe_model(f, d, subset = whole / 4 > 1.2 & w + 1 < 2.9))
      expect_same_fit(fe_model(f, source, subset = sector %in% c("steel", "food's")),
                      fe_model(f, d, subset = sector %in% c("steel", "food's")))
      expect_same_fit(fe_model(f, source, constant = "mean", vcov = ~unit),
                      fe_model(f, d, constant = "mean", vcov = ~unit))
      for (correction in c("fixest", "dummies", "plm", "none")) {
        expect_same_fit(fe_model(f, source, vcov = ~unit, correction = correction),
                        fe_model(f, d, vcov = ~unit, correction = correction))
      }
    }
  }
})

test_that("what is dropped is dropped for the same reasons, and an effect that stands twice is used once", {
  local_quiet()
  engine <- sqlite_engine()
  d <- some_panel()
  d$unit_too <- paste0("u", d$unit)
  d$z <- 3 * d$x1
  d$fixed <- d$unit * 2
  d$one <- 7
  source <- source_of(engine, d)
  for (f in list(y ~ x1 + z + fixed + one | unit + time, y ~ x1 + time + fixed | unit + time, y ~ x1 + z + one,
                 y ~ fixed + x1 | g + unit)) {
    memory <- suppressWarnings(fe_model(f, d))
    expect_warning(table <- fe_model(f, source), class = "flowresil_warning_collinear")
    expect_same_fit(table, memory)
  }
  for (f in list(y ~ x1 | unit + unit_too + time, y ~ x1 | time + unit_too + unit, y ~ x1 | unit + unit_too)) {
    expect_identical(fe_model(f, source)$effects$doubled, fe_model(f, d)$effects$doubled)
    expect_same_fit(fe_model(f, source), fe_model(f, d))
  }
})

test_that("levels, trends and near twins keep their digits, against copies that are exact", {
  local_quiet()
  engine <- sqlite_engine()
  d <- some_panel(share = 1)
  d <- d[stats::complete.cases(d), ]
  near <- function(table, tolerance) {
    error <- sqrt(diag(vcov(truth)))
    expect_lt(max(abs(coef(table) - coef(truth)) / error), tolerance)
    expect_lt(max(abs(sqrt(diag(vcov(table))) / error - 1)), tolerance)
  }
  fit <- function(data) {
    fe_model(y ~ x1 + x2 | unit + time, source_of(engine, data), vcov = ~unit)
  }
  # Whole multiples of 2^-20, so that adding a level rounds nothing.
  exact <- function(x) round(x * 2^10) / 2^10
  d[c("x1", "x2", "y")] <- lapply(d[c("x1", "x2", "y")], exact)
  truth <- fe_model(y ~ x1 + x2 | unit + time, d, vcov = ~unit)
  near(fit(transform(d, x1 = x1 + 2^33, y = y - 2^34)), 1e-11)
  near(fit(transform(d, x1 = x1 + 2^20 * (time - 2000), y = y + 2^21 * (time - 2000))), 1e-9)
  near(fit(transform(d, x1 = x1 + 2^20 * ((unit * 7) %% 11), y = y + 2^20 * ((unit * 5) %% 13))), 1e-9)
  # x3 = x1 + x2 / 2^20: the coefficient of x2 is 2^20 times that of the copy less x1's share.
  twins <- transform(d, x2 = x1 + x2 / 2^20)
  table <- fit(twins)
  expect_lt(abs(coef(table)[["x2"]] / 2^20 - coef(truth)[["x2"]]) / abs(coef(truth)[["x2"]]), 1e-8)
  expect_lt(abs(sqrt(vcov(table)["x2", "x2"]) / 2^20 / sqrt(vcov(truth)["x2", "x2"]) - 1), 1e-8)
})

test_that("scans are as few as they are said to be", {
  local_quiet()
  d <- some_panel()
  source <- source_of(sqlite_engine(), d)
  scans <- function(...) {
    model <- fe_model(..., data = source)
    expect_length(model$engine$statements, model$engine$scans)
    model$engine$scans
  }
  expect_identical(scans(y ~ x1 + x2 | unit + time), 2L)
  expect_identical(scans(y ~ x1 + x2 | unit + time, vcov = "HC1"), 3L)
  expect_identical(scans(y ~ x1 + x2 | unit + time, vcov = ~g), 3L)
  expect_identical(scans(y ~ x1 + x2 | unit + time, vcov = ~unit, correction = "reghdfe"), 3L)
  expect_identical(scans(y ~ l(x1, 1) | unit + time), 3L)
  expect_identical(scans(y ~ x1 | time + unit), 3L)
  withr::local_options(flowresil.show_sql = TRUE)
  expect_match(capture.output(m <- fe_model(y ~ x1 | unit, source))[1L], "ORDER BY u1")
})

test_that("names of any kind, keys of any type, whole numbers and times as text", {
  local_quiet()
  for (engine in list(sqlite_engine(), postgres_engine())) {
    d <- some_panel()
    d <- d[stats::complete.cases(d), ]
    d$whole <- as.integer(round(d$x1 * 100))
    d$day <- as.Date("2000-01-01") + d$time
    hostile <- stats::setNames(d, names(d))
    names(hostile)[match(c("y", "x1", "unit", "time"), names(hostile))] <- c("select", "a \"b\" c", "\u5355\u4f4d",
                                                                             "group")
    engine$write("hostile table", hostile)
    source <- panel_source(engine$con, "hostile table", piece_rows = 13)
    f <- stats::as.formula("select ~ `a \"b\" c` + x2 | \u5355\u4f4d + group")
    expect_same_fit(fe_model(f, source, vcov = ~sector), fe_model(f, hostile, vcov = ~sector))
    engine$write("p", d)
    source <- panel_source(engine$con, "p", piece_rows = 13)
    # A whole number over a whole number is a fraction, as in R.
    expect_same_fit(fe_model(y ~ I(whole / 7) + x2 | sector + time, source),
                    fe_model(y ~ I(whole / 7) + x2 | sector + time, d))
    expect_same_fit(fe_model(y ~ x1 | unit + day, source, vcov = ~day), fe_model(y ~ x1 | unit + day, d, vcov = ~day))
  }
})

test_that("parts add up, and must not share a unit", {
  local_quiet()
  skip_if_not_installed("dbplyr")
  skip_if_not_installed("dplyr")
  engine <- sqlite_engine()
  other <- sqlite_engine()
  d <- some_panel()
  engine$write("p", d[d$unit < 12, ])
  other$write("q", d[d$unit >= 12, ])
  parts <- list(dplyr::tbl(engine$con, "p"), dplyr::tbl(other$con, "q"))
  f <- y ~ x1 + x2 | unit + time
  expect_same_fit(fe_model(f, parts, vcov = ~g), fe_model(f, d, vcov = ~g))
  expect_same_fit(fe_model(f, parts, vcov = ~unit), fe_model(f, d, vcov = ~unit))
  expect_identical(fe_model(f, parts)$engine$scans, 5L) # two reads of both, one look-up
  other$write("q", d[d$unit >= 11, ])
  expect_error(fe_model(f, parts), class = "flowresil_error_database")
  # Verbs of dplyr stand before.
  lazy <- dplyr::mutate(dplyr::filter(dplyr::tbl(engine$con, "p"), unit > 3), z = x1 * 2)
  own <- transform(d[d$unit < 12 & d$unit > 3, ], z = x1 * 2)
  expect_same_fit(fe_model(y ~ z + x2 | unit + time, lazy), fe_model(y ~ z + x2 | unit + time, own))
})

test_that("mediation in two steps agrees, on the rows that all equations have", {
  local_quiet()
  engine <- sqlite_engine()
  d <- some_panel()
  d$m[20:22] <- NA
  source <- source_of(engine, d)
  table <- fe_mediation(y ~ x1 + x2 | unit + time, source, mediators = m, vcov = ~unit)
  memory <- fe_mediation(y ~ x1 + x2 | unit + time, d, mediators = m, vcov = ~unit)
  expect_equal(generics::tidy(table), generics::tidy(memory), tolerance = 1e-10)
  expect_equal(table$sample$dropped, memory$sample$dropped)
  expect_error(fe_mediation(y ~ x1 + x2 | unit + time, source, mediators = m, method = "sobel"),
               class = "flowresil_error_database")
})

test_that("what is wrong in a table is refused as in memory, by class and name", {
  local_quiet()
  d <- some_panel()
  f <- y ~ x1 + x2 | unit + time
  for (engine in list(sqlite_engine(), postgres_engine())) {
    refused <- function(data, class, about, ...) {
      engine$write("p", data)
      e <- expect_error(fe_model(..., data = panel_source(engine$con, "p", piece_rows = 13)),
                        class = paste0("flowresil_error_", class))
      expect_match(conditionMessage(e), about)
    }
    with_value <- function(column, value) {
      d[[column]][6] <- value
      d
    }
    refused(d, "missing_column", "nope", y ~ nope | unit)
    refused(d, "type", "sector", y ~ sector | unit)
    refused(with_value("unit", NA), "missing_value", "unit", f)
    refused(with_value("g", NA), "missing_value", "`g`", f, vcov = ~g)
    refused(with_value("x1", Inf), "infinite", "x1", f)
    refused(with_value("w", -1), "weights", "weights", f, weights = w)
    refused(with_value("w", NA), "weights", "weights", f, weights = w)
    refused(d[0, ], "empty", "row", f)
    refused(transform(d, x1 = NA_real_), "empty", "x1", f)
    refused(d, "empty", "subset", f, subset = g > 100)
    refused(transform(d, one = 1), "one_cluster", "one", f, vcov = ~one)
    refused(transform(d, y = unit * 1.5), "outcome_absorbed", "`y`", f)
    refused(transform(d, y = 2), "outcome_constant", "`y`", f)
    refused(d, "no_regressor", "regressor", y ~ 1 | unit)
    refused(rbind(d, d[5, ]), "duplicate_rows", "unit", y ~ l(x1, 1) | unit + time)
    refused(transform(d, time = time + 0.5), "database", "whole", y ~ l(x1, 1) | unit + time, time = time, unit = unit)
    refused(transform(d, x1 = x1 * 1e200), "scale", "x1", f)
    refused(transform(d, x1 = x1 * 1e200), "database", "x1", f)
    refused(d, "vcov", "one dimension", f, vcov = ~unit + time)
    refused(d, "vcov", "one dimension", f, vcov = "HC3")
    refused(d, "database", "collect", f, constant = "dummy")
    refused(d, "database", "nosuch", y ~ nosuch(x1) | unit)
    refused(d, "subset", "numbers", f, subset = 1:20)
    withr::with_options(list(flowresil.small_levels = 3), refused(d, "database", "unit.*time", f))
  }
})

test_that("text among numbers of SQLite, a closed connection, a table that changes", {
  local_quiet()
  skip_if_not_installed("RSQLite")
  file <- withr::local_tempfile(fileext = ".sqlite")
  con <- DBI::dbConnect(RSQLite::SQLite(), file)
  DBI::dbWriteTable(con, "p", some_panel())
  f <- y ~ x1 + x2 | unit + time
  m <- fe_model(f, panel_source(con, "p"))
  DBI::dbExecute(con, "DELETE FROM p WHERE rowid = 30")
  expect_error(vcov(m, vcov = ~unit), class = "flowresil_error_database", regexp = "changed")
  DBI::dbExecute(con, "UPDATE p SET x1 = 'abc' WHERE rowid = 4")
  expect_error(fe_model(f, panel_source(con, "p")), class = "flowresil_error_type", regexp = "x1")
  expect_error(DBI::dbExecute(con, "ROLLBACK")) # no transaction is left open
  saved <- withr::local_tempfile()
  saveRDS(m, saved)
  DBI::dbDisconnect(con)
  expect_error(vcov(m, vcov = "HC1"), class = "flowresil_error_database", regexp = "closed")
  expect_error(panel_source(con, "p"), class = "flowresil_error_database")
  again <- readRDS(saved)
  expect_identical(vcov(again), vcov(m))
  expect_error(vcov(again, vcov = "HC1"), class = "flowresil_error_database", regexp = "closed")
  # A file that may only be read.
  Sys.chmod(file, "0444")
  con <- DBI::dbConnect(RSQLite::SQLite(), file, flags = RSQLite::SQLITE_RO)
  withr::defer(DBI::dbDisconnect(con))
  expect_s3_class(fe_model(y ~ x2 | unit + time, panel_source(con, "p")), "fe_model")
  # A transaction of the user's stays open.
  DBI::dbBegin(con)
  fe_model(y ~ x2 | unit, panel_source(con, "p"), vcov = "HC1")
  expect_no_error(DBI::dbRollback(con))
})

test_that("what needs the rows is refused in one way", {
  local_quiet()
  engine <- sqlite_engine()
  engine$write("p", some_panel())
  m <- fe_model(y ~ x1 + x2 | unit + time, panel_source(engine$con, "p"))
  for (f in list(residuals, fitted, predict, fixed_effects, model.matrix, weights, hatvalues,
                 function(m) cluster_diagnostics(m, ~unit),
                 function(m) wild_bootstrap(m, "x1", cluster = ~unit), function(m) generics::augment(m))) {
    expect_error(f(m), class = "flowresil_error_database", regexp = "collect")
  }
  expect_snapshot(print(panel_source(engine$con, "p")))
  expect_error(panel_source(3), class = "flowresil_error_type")
  expect_error(panel_source(engine$con), class = "flowresil_error_missing_argument")
  expect_error(panel_source(engine$con, "nope"), class = "flowresil_error_database")
  expect_error(panel_source(engine$con, "p", engine = "oracle"), class = "flowresil_error_choice")
  odd <- structure(list(), class = c("OddConnection", "DBIConnection"))
  expect_error(panel_source(odd, "p"), class = "flowresil_error_database")
})

test_that("interval, table, update and tests of a table's model are those of memory", {
  local_quiet()
  d <- some_panel()
  source <- source_of(sqlite_engine(), d)
  table <- fe_model(y ~ x1 + x2 | unit + time, source, vcov = ~unit)
  memory <- fe_model(y ~ x1 + x2 | unit + time, d, vcov = ~unit)
  expect_equal(confint(table), confint(memory), tolerance = 1e-10)
  expect_identical(format(fe_table(table)), format(fe_table(memory)))
  expect_equal(coef(update(table, . ~ . - x2)), coef(update(memory, . ~ . - x2)), tolerance = 1e-11)
  expect_match(capture.output(print(table)), "^Table: SQLite .*, 3 scans in pieces$", all = FALSE)
  expect_equal(vcov(table, vcov = diag(2) |> `dimnames<-`(list(c("x1", "x2"), c("x1", "x2")))), diag(2),
               ignore_attr = TRUE)
})
