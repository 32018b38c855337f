# Text as files bring it: encodings of columns, levels and names.

# Chinese names by code points, so that this file is ASCII: Beijing, Chongqing, Tianjin, Shanghai.
cities <- vapply(
  list(c(0x5317, 0x4eac), c(0x91cd, 0x5e86), c(0x5929, 0x6d25), c(0x4e0a, 0x6d77)), intToUtf8, ""
)
prov <- intToUtf8(c(0x7701, 0x4efd)) # "province"
open <- intToUtf8(c(0x5f00, 0x653e)) # "openness"

unmarked <- function(x) {
  Encoding(x) <- "unknown"
  x
}

city_panel <- function() {
  d <- data.frame(p = rep(cities, each = 6), t = rep(2010:2015, 4))
  i <- seq_len(nrow(d))
  d$x <- sin(1.3 * i) + i / 10
  d$y <- cos(i^2) + d$x
  d$r <- rep(cities[1:2], each = 12)
  d
}

# The same panel as a file of bytes in `encoding`.
write_panel <- function(d, encoding) {
  lines <- c(paste(names(d), collapse = ","), do.call(paste, c(lapply(d, as.character), sep = ",")))
  file <- tempfile(fileext = ".csv")
  bytes <- iconv(lines, "UTF-8", encoding, toRaw = TRUE)
  writeBin(unlist(lapply(bytes, c, as.raw(10))), file)
  file
}

# lm() with dummies, the slope of x.
dummy_slope <- function(d) unname(coef(lm(y ~ x + factor(p), d))["x"])

test_that("text read from a file of the session's encoding is taken by every function, marked or not", {
  d <- city_panel()
  f <- write_panel(d, "UTF-8")
  files <- list(read.csv(f))
  if (requireNamespace("data.table", quietly = TRUE)) files$table <- data.table::fread(f, data.table = FALSE)
  for (read in files) {
    m <- fe_model(y ~ x | p, read, vcov = ~r)
    expect_relative(coef(m), dummy_slope(d))
    expect_identical(names(fixed_effects(m)$p), sort(cities, method = "radix"))
    expect_identical(Encoding(names(fixed_effects(m)$p)), rep("UTF-8", 4))
    expect_relative(vcov(m), vcov(fe_model(y ~ x | p, d, vcov = ~r)))
    expect_relative(expect_no_condition_of(predict(m, d)), predict(fe_model(y ~ x | p, d), d))
    expect_relative(expect_no_condition_of(predict(fe_model(y ~ x | p, d), read)), predict(m, d))
    holed <- put(read$x, c(2, 9), NA)
    expect_equal(
      quietly(interpolate_panel(transform(read, x = holed), x, p, t))$x[c(2, 9)],
      (d$x[c(1, 8)] + d$x[c(3, 10)]) / 2
    )
    expect_identical(data_flow_index(read, "x", p, t)$index$p, d$p)
    hp <- hp_filter(read, 6.25, column = x, unit = p, time = t)
    expect_relative(hp$trend[1:6], reference_hp_trend(d$x[1:6], 6.25))
    expect_identical(quietly(export_resilience(read, x, p, t, base = 2010))$n_units, 4L)
    expect_relative(coef(fe_model(y ~ x + p, read))["x"], dummy_slope(d))
  }
})

test_that("one name in two encodings is one unit, level and cluster", {
  d <- data.frame(p = rep(c("\u00c9vora", "Braga"), each = 6), t = rep(1:6, 2), x = sin(1:12), y = cos((1:12)^2))
  mixed <- d
  late <- d$t > 3
  mixed$p[late] <- iconv(d$p[late], "UTF-8", "latin1")
  expect_true(all(mixed$p == d$p))
  expect_gt(length(unique(Encoding(mixed$p[mixed$p != "Braga"]))), 1)
  as_factor <- mixed
  # factor() itself merges the two: levels set apart by hand, as files bound by rows may leave them
  as_factor$p <- structure(
    c(rep(1L, 3), rep(3L, 3), rep(2L, 6)), levels = c("\u00c9vora", "Braga", iconv("\u00c9vora", "UTF-8", "latin1")),
    class = "factor"
  )
  for (e in list(mixed, as_factor)) {
    m <- fe_model(y ~ x | p, e)
    expect_identical(m$effects$n_levels, c(p = 2L))
    expect_relative(coef(m), dummy_slope(d))
    expect_relative(coef(fe_model(y ~ x + p, e))["x"], dummy_slope(d))
    expect_identical(fe_model(y ~ x | t, e, vcov = ~p)$variance$n_clusters, 2L)
    lagged <- quietly(fe_model(y ~ l(x, 1) | p + t, e))
    expect_identical(lagged$nobs, 10L)
    expect_relative(expect_no_condition_of(predict(m, e)), fitted(m))
    again <- rbind(e, transform(e, x = cos(seq_along(x)), y = sin(x * y)))
    expect_identical(fe_model(y ~ x | p^t, again)$effects$n_levels[["p^t"]], 12L)
    holed <- transform(e, x = put(x, 4, NA))
    expect_equal(quietly(interpolate_panel(holed, x, p, t))$x[4], (d$x[3] + d$x[5]) / 2)
    expect_relative(hp_filter(e, 6.25, column = x, unit = p, time = t)$trend[1:6], reference_hp_trend(d$x[1:6], 6.25))
    twice <- rbind(e, transform(e[4, ], p = factor("\u00c9vora")))
    expect_refused(hp_filter(twice, 6.25, column = x, unit = p, time = t), "duplicate_rows")
    expect_identical(data_flow_index(e, "x", p, t)$sample$n_units, 2L)
    expect_identical(nrow(summary(data_flow_index(e, "x", p, t))$units), 2L)
  }
  expect_identical(levels(fe_model(y ~ x | p, as_factor)$effects$values$p), c("\u00c9vora", "Braga"))
})

test_that("`newdata`, column names and names of arguments match in any encoding", {
  d <- city_panel()
  d$p <- rep(c("\u00c9vora", "Braga", "Faro", "\u00cflhavo"), each = 6)
  names(d)[3] <- "ma\u00e7\u00e3"
  old <- d
  names(old) <- iconv(names(d), "UTF-8", "latin1")
  old$p <- iconv(d$p, "UTF-8", "latin1")
  formula <- stats::as.formula("y ~ ma\u00e7\u00e3 | p")
  m <- fe_model(formula, d)
  expect_identical(coef(fe_model(formula, old)), coef(m))
  expect_identical(Encoding(names(coef(fe_model(formula, old)))), "UTF-8")
  expect_identical(expect_no_condition_of(predict(m, old)), predict(m, d))
  given <- stats::setNames(1, names(old)[3])
  index <- data_flow_index(d, names(old)[3], p, t, weights = given)
  expect_identical(index$index$index, data_flow_index(old, given, p, t, method = "equal")$index$index)
  filled <- quietly(interpolate_panel(old, "ma\u00e7\u00e3", p, t))
  expect_identical(ncol(filled), ncol(d))
  holed <- old
  holed[[3]][2] <- NA
  expect_equal(quietly(interpolate_panel(holed, "ma\u00e7\u00e3", p, t))[[3]][2], mean(d[c(1, 3), 3]))
  expect_identical(ncol(quietly(interpolate_panel(holed, "ma\u00e7\u00e3", p, t))), ncol(d))
  compared <- fe_compare(y ~ t | p, d, treatments = names(old)[3])
  expect_identical(names(coef(compared[[1]])), names(d)[3])
  mediated <- fe_mediation(y ~ t | p, d, mediators = names(old)[3])
  expect_identical(names(mediated$models)[2], names(d)[3])
})

test_that("levels of text stand in the order of their code points", {
  d <- fe_panel()
  d$region <- c(east = "b", middle = "C", west = "a")[d$region]
  m <- fe_model(y ~ x1 + region, d)
  expect_identical(names(coef(m))[3:4], c("regiona", "regionb"))
  expect_identical(names(fixed_effects(fe_model(y ~ x1 | region, d))$region), c("C", "a", "b"))
})

test_that("text that is no text in its encoding is refused with its bytes and the way out", {
  d <- city_panel()
  gb <- iconv(d$p, "UTF-8", "GB18030", toRaw = TRUE)
  d$p[3:5] <- vapply(gb[3:5], rawToChar, "")
  d$q <- factor(d$p)
  d$b <- d$p
  Encoding(d$b) <- "bytes"
  d$u <- d$p
  Encoding(d$u) <- "UTF-8"
  expect_refused(fe_model(y ~ x | p, d), "encoding")
  expect_refused(fe_model(y ~ x + q, d), "encoding")
  expect_refused(fe_model(y ~ x | t, d, vcov = ~b), "encoding")
  expect_refused(fe_model(y ~ l(x, 1) | u + t, d), "encoding")
  expect_refused(predict(fe_model(y ~ x | p, city_panel()), d), "encoding")
  expect_refused(data_flow_index(d, "x", p, t), "encoding")
  expect_refused(interpolate_panel(d, "x", q, t), "encoding")
  expect_refused(hp_filter(d, 6.25, column = x, unit = u, time = t), "encoding")
  expect_refused(export_resilience(d, x, b, t, base = 2010), "encoding")
  error <- expect_refused(fe_model(y ~ x | p, d, subset = t > 2012), "encoding")
  expect_identical(error$rows, 4:5)
  expect_identical(error$columns, "p")
  # rows that are not used, and levels that no row has, may hold anything
  expect_relative(coef(fe_model(y ~ x | q, d, subset = -(3:5))), dummy_slope(city_panel()[-(3:5), ]))
  expect_snapshot(error = TRUE, {
    fe_model(y ~ x | p, d)
    fe_model(y ~ x | t, d, vcov = ~b)
    interpolate_panel(d[3, ], "x", u, t)
  })
})

test_that("a column name that is no text is refused where it is wanted or hides what is", {
  d <- city_panel()
  names(d)[3] <- "\xbf\xaa\xb7\xc5"
  expect_refused(fe_model(y ~ open | p, d), "encoding")
  expect_refused(fe_model(y ~ ., d), "encoding")
  expect_refused(data_flow_index(d, names(d)[3], p, t), "encoding")
  expect_refused(interpolate_panel(d, "open", p, t), "encoding")
  expect_refused(export_resilience(d, open, p, t), "encoding")
  expect_refused(entropy_weights(as.matrix(d[3:4])), "encoding")
  expect_refused(predict(fe_model(y ~ x | p, city_panel()), d), "encoding")
  expect_refused(
    data_flow_index(d, "y", p, t, weights = stats::setNames(1, "\xbf\xaa")), "encoding"
  )
  expect_refused(
    data_flow_index(d, data.frame(indicator = "y", group = "\xbf\xaa"), p, t), "encoding"
  )
  expect_refused(fe_model(y ~ t, d, vcov = eval(call("~", as.name("w\xb1")))), "encoding")
  expect_refused(fe_model(y ~ t, d, vcov = "\xbf\xaa"), "encoding")
  expect_refused(data_flow_index(d, "y", p, t, name = "\xbf\xaa"), "encoding")
  m <- fe_model(y ~ t | p, d)
  expect_identical(m$nobs, 24L)
  expect_refused(fe_table(m, show = "\xbf\xaa"), "encoding")
  expect_refused(fe_table(m, labels = c(y = "\xbf\xaa")), "encoding")
  expect_refused(fe_table(stats::setNames(list(m), "\xbf\xaa")), "encoding")
  expect_refused(fe_compare(y ~ t | p, d, subsets = stats::setNames(list(TRUE), "\xbf\xaa")), "encoding")
  expect_snapshot(error = TRUE, {
    fe_model(y ~ open | p, d)
    data_flow_index(d, names(d)[3], p, t)
    data_flow_index(d, data.frame(indicator = "y", group = "\xbf\xaa"), p, t)
    data_flow_index(d, data.frame(indicator = "y", label = "\xbf\xaa"), p, t)
    data_flow_index(d, stats::setNames(data.frame("y", 1), c("indicator", "\xbf\xaa")), p, t)
    fe_table(m, labels = c(y = "\xbf\xaa"))
    fe_table(stats::setNames(list(m), "\xbf\xaa"))
  })
})

test_that("a GB18030 file read without its encoding is refused, with it taken", {
  d <- city_panel()
  f <- write_panel(d, "GB18030")
  read <- read.csv(f, fileEncoding = "GB18030")
  expect_relative(coef(fe_model(y ~ x | p, read)), dummy_slope(d))
  skip_if_not_installed("data.table")
  raw <- data.table::fread(f)
  expect_refused(fe_model(y ~ x | p, raw), "encoding")
  raw$p <- iconv(raw$p, "GB18030", "UTF-8")
  expect_relative(coef(fe_model(y ~ x | p, raw)), dummy_slope(d))
})

test_that("a latin1 file read by its encoding is one with the same text in UTF-8", {
  d <- city_panel()
  d$p <- rep(c("\u00c9vora", "Braga", "Faro", "\u00cflhavo"), each = 6)
  d$r <- NULL # Chinese has no latin1
  f <- write_panel(d, "latin1")
  read <- list(read.csv(f, fileEncoding = "latin1"))
  if (requireNamespace("data.table", quietly = TRUE)) {
    expect_refused(fe_model(y ~ x | p, data.table::fread(f)), "encoding")
    read$table <- data.table::fread(f, encoding = "Latin-1", data.table = FALSE)
  }
  for (e in read) {
    expect_identical(names(fixed_effects(fe_model(y ~ x | p, e))$p), c("Braga", "Faro", "\u00c9vora", "\u00cflhavo"))
    expect_identical(fe_model(y ~ x | p, rbind(d, e))$effects$n_levels, c(p = 4L))
  }
})

test_that("a session of GB18030 or GBK gives what a session of UTF-8 gives", {
  d <- city_panel()
  names(d)[c(1, 3)] <- c(prov, open)
  formula <- stats::as.formula(paste("y ~", open, "|", prov))
  m <- fe_model(formula, d)
  files <- c(write_panel(d, "GB18030"), write_panel(d, "UTF-8"))
  for (locale in c("zh_CN.GB18030", "zh_CN.GBK", "zh_CN.UTF-8")) {
    native <- if (locale == "zh_CN.UTF-8") 2 else 1
    found <- in_locale(locale, {
      prov <- given$names[1]
      open <- given$names[2]
      typed <- eval(parse(text = enc2native(paste("y ~", open, "|", prov)), keep.source = FALSE)[[1]])
      fit <- function(d) {
        d[[3]] <- as.double(d[[3]])
        m <- fe_model(typed, d, vcov = eval(call("~", as.name(prov))))
        index <- data_flow_index(d, open, !!as.name(prov), t)
        list(
          coef = coef(m), effects = fixed_effects(m), printed = enc2utf8(capture.output(print(m))),
          predicted = predict(m, given$d), index = as.data.frame(index), units = summary(index)$units,
          printed_index = enc2utf8(capture.output(print(index), print(summary(index))))
        )
      }
      tell <- function(code) enc2utf8(tryCatch(code, error = conditionMessage, message = conditionMessage))
      d <- read.csv(given$native, check.names = FALSE)
      blank <- d
      blank[[1]][2] <- paste0(blank[[1]][2], intToUtf8(0x3000))
      far <- d
      far[[1]][2] <- "\xff\xff"
      read <- list(base = fit(d))
      if (requireNamespace("data.table", quietly = TRUE)) {
        read$table <- fit(data.table::fread(given$native, data.table = FALSE))
        read$utf8 <- fit(data.table::fread(given$utf8, encoding = "UTF-8", data.table = FALSE))
      }
      list(
        marks = Encoding(d[[1]][1]), read = read, blanks = tell(fe_model(typed, blank)),
        encoding = tell(fe_model(typed, far)), missing = tell(fe_model(y ~ no_such_column, d)),
        text_level = names(coef(fe_model(eval(call("~", quote(y), as.name(prov))), d)))
      )
    }, list(names = c(prov, open), native = files[native], utf8 = files[2], d = d))
    expect_identical(found$marks, "unknown")
    for (read in found$read) {
      expect_equal(read$coef, coef(m), tolerance = 1e-12)
      expect_identical(names(read$effects[[prov]]), sort(cities, method = "radix"))
      expect_equal(read$effects, fixed_effects(m), tolerance = 1e-12)
      expect_equal(read$predicted, predict(m, d), tolerance = 1e-12)
      expect_match(read$printed[1], paste("y ~", open, "|", prov), fixed = TRUE)
      expect_match(paste(read$printed, collapse = " "), paste("clustered by", prov), fixed = TRUE)
      expect_identical(read$index[[prov]], d[[prov]])
      expect_setequal(read$units$unit, cities)
      expect_match(paste(read$printed_index, collapse = " "), open, fixed = TRUE)
    }
    expect_match(found$blanks, paste0("`", cities[1], "` and `", cities[1], "\\u3000` differ by a blank only"),
                 fixed = TRUE)
    expect_match(found$encoding, "ff ff", fixed = TRUE)
    expect_match(found$missing, open, fixed = TRUE)
    expect_identical(found$text_level, c("(Intercept)", paste0(prov, sort(cities, method = "radix")[-1])))
  }
})

test_that("a session that knows ASCII only refuses unmarked text and takes marked text", {
  d <- city_panel()
  found <- in_locale("C", {
    d <- given$d
    marked <- coef(fe_model(y ~ x | p, d))
    Encoding(d$p) <- "unknown"
    list(marked, tryCatch(fe_model(y ~ x | p, d), error = class))
  }, list(d = d))
  expect_relative(found[[1]], dummy_slope(d))
  expect_identical(found[[2]][1], "flowresil_error_encoding")
})

test_that("a million unmarked names cost near what marked ones do", {
  skip_on_cran()
  n <- 1e6
  names <- vapply(1:400, function(i) intToUtf8(0x4e00 + c(i, i + 7)), "")
  d <- data.frame(p = rep_len(names, n), x = sin(seq_len(n)))
  d$y <- d$x + cos(seq_len(n))
  raw <- d
  raw$p <- unmarked(raw$p)
  time_of <- function(data) min(vapply(1:3, function(i) system.time(fe_model(y ~ x | p, data))[["elapsed"]], 0))
  expect_lt(time_of(raw), 1.5 * time_of(d) + 0.1)
})

test_that("the refusal says what the bytes were taken for: the session's encoding, latin1, ASCII", {
  d <- city_panel()
  latin1 <- d
  latin1$p[2] <- "caf\x81"
  Encoding(latin1$p) <- "latin1"
  expect_snapshot(error = TRUE, fe_model(y ~ x | p, latin1))
  d$p <- c("caf\xff", "plain")[1 + seq_along(d$p) %% 2]
  refusal <- function(locale) {
    in_locale(locale, {
      tryCatch(fe_model(y ~ x | p, given$d), error = function(e) enc2utf8(conditionMessage(e)))
    }, list(d = d))
  }
  expect_snapshot(cat(refusal("C")))
  expect_snapshot(cat(gsub("\u2716|\u2139", "*", refusal("zh_CN.GBK"))))
})
