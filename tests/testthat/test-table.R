# Four rows whose regression is done by hand: slope b (standard error sqrt(2)), constant 20 (sqrt(2)), 2 degrees
# of freedom; residual squares 16.
by_hand <- function(b, scale = 1) {
  x <- c(-1, -1, 1, 1)
  data.frame(x = x, y = scale * (20 + b * x + c(-2, 2, -2, 2)), z = c(1, -1, 0, 2), g = c("a", "b", "a", "b"))
}

fit <- function(b, scale = 1, ...) fe_model(y ~ x, by_hand(b, scale), ...)

cells <- function(table, column = 2) table$body[[column]]

d <- fe_panel("balanced")
m1 <- fe_model(y ~ x1 | unit + year, d)
m2 <- fe_model(y ~ x1 + x2 | unit + year, d)
m3 <- fe_model(w ~ x2, d)

# Cells ------------------------------------------------------------------------------------------

test_that("numbers have three decimals, or as many as wanted, and no invented digits", {
  expect_identical(cells(fe_table(fit(10))), c("10.000**", "(1.414)", "20.000***", "(1.414)", "4", "0.962"))
  expect_identical(cells(fe_table(fit(10, 0.01)))[1:4], c("0.100**", "(0.014)", "0.200***", "(0.014)"))
  expect_identical(cells(fe_table(fit(-12345.6789, 10)))[1:2], c("-123456.789***", "(14.142)"))
  expect_identical(
    cells(fe_table(fit(10), digits = 0)), c("10**", "(1)", "20***", "(1)", "4", "1")
  )
  expect_identical(cells(fe_table(fit(-12.3456789), digits = 6))[1:2], c("-12.345679**", "(1.414214)"))
  expect_identical(cells(fe_table(fit(999.9996)))[1], "1000.000***")
})

test_that("what is below the last decimal is zero, without a sign; from 1e15 on there are no decimals", {
  expect_identical(cells(fe_table(fit(-10, 1e-5)))[1:2], c("0.000**", "(0.000)"))
  expect_identical(cells(fe_table(fit(-10, 1e-5), digits = 7))[1:2], c("-0.0001000**", "(0.0000141)"))
  expect_identical(cells(fe_table(fit(0)))[1], "0.000")
  expect_identical(cells(fe_table(fit(-0.04), digits = 1))[1], "0.0")
  expect_identical(cells(fe_table(fit(10, 1e12)))[1], "10000000000000.000**")
  expect_identical(cells(fe_table(fit(12.34567, 1e19)))[1:2], c("1.235e+20**", "(1.414e+19)"))
})

test_that("stars stand at 10, 5 and 1 percent of the t distribution", {
  # t is b / sqrt(2); the bounds with 2 degrees of freedom are 2.920, 4.303 and 9.925
  first <- function(b, ...) sub("[-0-9.]*", "", cells(fe_table(fit(b), ...))[1])
  expect_identical(first(4.12), "")
  expect_identical(first(4.14), "*")
  expect_identical(first(6.08), "*")
  expect_identical(first(6.09), "**")
  expect_identical(first(14.03), "**")
  expect_identical(first(14.04), "***")
  expect_identical(first(-14.04), "***")
})

test_that("a variance that is not known is NA, without stars", {
  m <- fit(10)
  m$vcov[] <- NA
  expect_identical(cells(fe_table(m))[1:2], c("10.000", "(NA)"))
})

test_that("a table with effects has no constant row unless a model has one", {
  expect_false("Constant" %in% cells(fe_table(m1, m2), 1))
  with <- fe_model(y ~ x1 | unit + year, d, constant = "mean")
  table <- fe_table(m1, with)$body
  at <- match("Constant", table$Variable)
  expect_identical(table[["(1)"]][at], "")
  expect_match(table[["(2)"]][at], "^[-0-9.]+\\*+$")
  expect_identical(fe_table(m1, with)$body$Variable, c("x1", "", "Constant", "", "N", "R2", "unit FE", "year FE"))
})

test_that("rows follow the models' terms; a term that a model has not is left empty", {
  body <- fe_table(m1, m2, m3)$body
  expect_named(body, c("Variable", "(1)", "(2)", "(3)"))
  expect_identical(body$Variable, c("x1", "", "x2", "", "Constant", "", "N", "R2", "unit FE", "year FE"))
  expect_identical(body[["(1)"]][3:6], rep("", 4))
  expect_identical(body[["(3)"]][1:2], rep("", 2))
  expect_identical(unlist(body[7, -1], use.names = FALSE), rep("96", 3))
  expect_identical(unlist(body[9, -1], use.names = FALSE), c("Yes", "Yes", "No"))
  r2 <- sprintf("%.3f", c(glance(m1)$r.squared, glance(m2)$r.squared, glance(m3)$r.squared))
  expect_identical(unlist(body[8, -1], use.names = FALSE), r2)
  expect_identical(fe_table(m1, m2, m3)$header, c("y", "y", "w"))
})

test_that("show keeps its terms in its order and says the controls", {
  body <- fe_table(m1, m2, show = "x1")$body
  expect_identical(body$Variable, c("x1", "", "N", "R2", "Control Variables", "unit FE", "year FE"))
  expect_identical(unlist(body[5, -1], use.names = FALSE), c("No", "Yes"))
  body <- fe_table(m2, show = c("x2", "x1"))$body
  expect_identical(body$Variable[c(1, 3)], c("x2", "x1"))
  expect_identical(body[["(1)"]][body$Variable == "Control Variables"], "No")
  expect_identical(fe_table(m3, m1, show = "x1")$body[["(1)"]][1:2], c("", ""))
})

test_that("show may name a term that was dropped", {
  dropped <- suppressWarnings(fe_model(y ~ x1 + I(2 * x1) | unit, d))
  expect_identical(fe_table(dropped, show = c("x1", "I(2 * x1)"))$body$Variable[c(1, 3)], c("x1", "N"))
})

test_that("each effect of any model has a row, which says which models have it", {
  one <- fe_model(y ~ x1 | unit, d)
  crossed <- fe_model(y ~ x1 | unit + region^year, d)
  turned <- fe_model(y ~ x1 | year^region, d)
  effects <- function(...) {
    body <- fe_table(...)$body
    body[endsWith(body$Variable, " FE"), ]
  }
  expect_identical(effects(one, m1)$Variable, c("unit FE", "year FE"))
  expect_identical(effects(one, m1)[["(1)"]], c("Yes", "No"))
  expect_identical(effects(one, m1)[["(2)"]], c("Yes", "Yes"))
  expect_identical(effects(crossed, turned)$Variable, c("unit FE", "region^year FE"))
  expect_identical(effects(crossed, turned)[["(2)"]], c("No", "Yes"))
  expect_identical(nrow(effects(m3)), 0L)
  expect_identical(effects(m3, m1)[["(1)"]], c("No", "No"))
})

test_that("labels rename terms, outcomes, effects and fixed rows; names of arguments columns", {
  labels <- c(x1 = "Openness", y = "Resilience", unit = "Firm", "year FE" = "Years", N = "Rows", Constant = "One")
  table <- fe_table(base = m1, m2, m3, labels = labels)
  expect_identical(
    cells(table, 1), c("Openness", "", "x2", "", "One", "", "Rows", "R2", "Firm FE", "Years")
  )
  expect_identical(table$header, c("Resilience", "Resilience", "w"))
  expect_named(as.data.frame(table), c("Variable", "(1) base", "(2)", "(3)"))
})

test_that("effects with names in another script are found, marked or not", {
  d[["\u7701"]] <- d$region
  d[["\u5e74"]] <- d$year
  one <- fe_model(as.formula("y ~ x1 | \u7701^\u5e74"), d)
  two <- fe_model(as.formula("y ~ x1 | \u5e74 + \u7701"), d)
  expect_identical(
    utils::tail(cells(fe_table(one, two, labels = c("\u7701" = "Region")), 1), 3),
    enc2utf8(c("Region^\u5e74 FE", "\u5e74 FE", "Region FE"))
  )
})

test_that("an interacted effect takes a label of its own, or those of its columns", {
  crossed <- fe_model(y ~ x1 | region^year, d)
  last <- function(...) utils::tail(cells(fe_table(crossed, labels = c(...)), 1), 1)
  expect_identical(last("region^year" = "Region x year"), "Region x year FE")
  expect_identical(last(region = "Region"), "Region^year FE")
})

test_that("terms and labels are found with and without backticks", {
  d[["GDP per head"]] <- d$x1
  one <- fe_model(y ~ `GDP per head` + x2 | unit, d)
  for (name in c("GDP per head", "`GDP per head`")) {
    table <- fe_table(one, show = name, labels = stats::setNames("GDP", name))
    expect_identical(cells(table, 1)[1:3], c("GDP", "", "N"))
    expect_true(all(nzchar(unlist(table$body[1, -1]))))
  }
})

test_that("a label for nothing is said, one for a term that is not shown is not", {
  expect_message(fe_table(m1, labels = c(x9 = "unused", x1 = "a")), class = "flowresil_message_labels")
  expect_no_message(fe_table(m2, show = "x1", labels = c(x2 = "hidden", x1 = "a")))
  expect_no_message(fe_table(m1, labels = c(R2 = "Fit", "Control Variables" = "Controls")))
  expect_snapshot({
    invisible(fe_table(m1, labels = c(x9 = "unused", other = "unused")))
    invisible(fe_table(m1, m3, labels = c(yeer = "Year")))
  })
})

test_that("labels without names, or twice the same, are refused", {
  expect_refused(fe_table(m1, labels = "Openness"), "labels")
  expect_refused(fe_table(m1, labels = list(x1 = "Openness")), "labels")
  expect_refused(fe_table(m1, labels = c(x1 = NA)), "labels")
  expect_refused(fe_table(m1, labels = c(x1 = "a", x1 = "b")), "labels")
  expect_refused(fe_table(m1, digits = 2.5), "digits")
  expect_refused(fe_table(m1, digits = "3"), "digits")
  expect_snapshot(error = TRUE, {
    fe_table(m1, labels = "Openness")
    fe_table(m1, labels = list(x1 = "Openness"))
    fe_table(m1, labels = c(x1 = NA_character_))
    fe_table(m1, labels = c(x1 = "a", x1 = "b"))
    fe_table(m1, digits = -1)
  })
})

test_that("columns that the user numbers are not numbered again", {
  labels <- function(...) names(as.data.frame(fe_table(...)))[-1]
  own <- c("(1) \u57fa\u51c6", "\uff082\uff09 b", "3. c", "(iv)", "[5]", "6", "(7a) g", "Model 8", "\u6a21\u578b9",
           "\u2469 j", "\uff08\u5341\u4e00\uff09")
  models <- stats::setNames(rep(list(m1), length(own)), own)
  expect_identical(labels(models), own)
  expect_identical(labels(list("2020 on" = m1, ivory = m1, "(a)" = m1)), c("(1) 2020 on", "(2) ivory", "(3) (a)"))
})

test_that("as a data frame, and in a file, the table keeps its outcomes, note and column names", {
  table <- fe_table(base = m1, m3)
  plain <- as.data.frame(table)
  expect_identical(class(plain), "data.frame")
  expect_identical(unlist(plain[1, ], use.names = FALSE), c("Outcome", "y", "w"))
  expect_identical(unlist(plain[nrow(plain), ], use.names = FALSE), c(table$note, "", ""))
  expect_identical(plain[-c(1, nrow(plain)), ], table$body, ignore_attr = "row.names")
  for (what in list(table, plain)) {
    file <- withr::local_tempfile(fileext = ".csv")
    utils::write.csv(what, file, row.names = FALSE)
    read <- utils::read.csv(file, check.names = FALSE, colClasses = "character")
    expect_identical(read, plain, ignore_attr = "row.names")
  }
  expect_identical(class(table[1:2, ]), "data.frame")
  expect_identical(table[["Variable"]], plain$Variable)
})

test_that("a table whose cells or rows were changed prints what it holds", {
  table <- fe_table(m1, m2)
  changed <- table
  changed[2, 2] <- "own"
  expect_s3_class(changed, "fe_table")
  expect_identical(changed$body[1, 2], "own")
  expect_true(any(grepl("own$|own ", capture.output(print(changed)))))
  longer <- rbind(as.data.frame(table)[1:9, ], c("Own row", "a", "b"), as.data.frame(table)[10, ])
  class(longer) <- class(table)
  expect_true(any(grepl("^Own row +a +b$", capture.output(print(longer)))))
  # not the table that it was before
  rest <- structure(as.data.frame(table)[3:4, ], class = class(table))
  expect_identical(capture.output(print(rest)), capture.output(print(as.data.frame(rest))))
  skip_if_not_installed("dplyr")
  expect_identical(nrow(dplyr::filter(table, .data$Variable == "x2")), 1L)
  expect_length(capture.output(print(dplyr::filter(table, .data$Variable == "x2"))), 2)
})

# Models -----------------------------------------------------------------------------------------

test_that("lists, comparisons and mediations are taken apart", {
  direct <- fe_table(m1, m2)
  expect_identical(fe_table(list(m1, m2)), direct)
  expect_named(as.data.frame(fe_table(list(a = m1), m2, b = m3)), c("Variable", "(1) a", "(2)", "(3) b"))
  compared <- fe_compare(y ~ x1 | unit + year, d, subsets = list(all = TRUE, early = year < 2005))
  table <- fe_table(compared, m2)
  expect_named(as.data.frame(table), c("Variable", "(1) all", "(2) early", "(3)"))
  expect_identical(table$body[[2]][1:2], direct$body[[2]][1:2])
  mediation <- fe_mediation(y ~ x1 + x2 | unit + year, d, w)
  table <- fe_table(mediation)
  expect_named(as.data.frame(table), c("Variable", "(1) total", "(2) w"))
  expect_identical(table$header, c("y", "w"))
  expect_identical(table$body[[2]], fe_table(m2)$body[[2]])
})

test_that("another variance holds for all columns", {
  clustered <- fe_table(fe_model(y ~ x1 | unit + year, d, vcov = ~unit, correction = "plm"))
  later <- fe_table(m1, vcov = ~unit, correction = "plm")
  expect_identical(later, clustered)
  expect_match(later$note, "clustered by unit, correction plm; t distribution with 11 degrees", fixed = TRUE)
})

test_that("columns with different variances are told apart in the note", {
  clustered <- fe_model(y ~ x1 | unit + year, d, vcov = ~unit)
  expect_snapshot(fe_table(m1, clustered))
  expect_match(fe_table(m1, m2)$note, "parentheses: classical (iid), correction fixest; t distribution with 76, 75",
               fixed = TRUE)
})

test_that("no model, and what is none, is refused", {
  expect_refused(fe_table(), "missing_argument")
  expect_refused(fe_table(m1, lm(y ~ x1, d)), "type")
  expect_refused(fe_table(m1, list(m2, 3)), "type")
  expect_refused(fe_table(list()), "type")
  expect_refused(fe_table(NULL), "type")
  expect_refused(fe_table(d), "type")
  expect_refused(fe_table(m1, base = lm(y ~ x1, d)), "type")
  expect_refused(fe_table(m1, shown = "x1"), "argument")
  expect_refused(fe_table(m1, label = list(x1 = "a")), "argument")
  expect_refused(fe_table(m1, file = "a.docx"), "argument")
  expect_refused(fe_table(m1, titel = NULL), "argument")
  expect_refused(fe_table(m1, show = "x2"), "term")
  expect_refused(fe_table(m1, vcov = "robust"), "vcov")
  expect_refused(fe_table(m1, correction = "stata"), "choice")
  expect_snapshot(error = TRUE, {
    fe_table()
    fe_table(m1, lm(y ~ x1, d))
    fe_table(m1, base = lm(y ~ x1, d))
    fe_table(m1, list(m2, 3))
    fe_table(list())
    fe_table(m1, label = c(x1 = "a"))
    fe_table(m1, file = "a.docx")
    fe_table(m1, show = c("x1", "x8", "x9"))
  })
})

# Printing ---------------------------------------------------------------------------------------

test_that("print is plain ASCII", {
  table <- fe_table(short = m1, m2, "a longer name" = m3, show = c("x1", "x2"), labels = c(x1 = "First"), vcov = ~unit)
  expect_snapshot(print(table))
  expect_snapshot(fe_table(fit(10)))
  expect_true(all(utf8ToInt(paste(capture.output(print(table)), collapse = "\n")) < 128))
  capture.output(returned <- withVisible(print(table)))
  expect_false(returned$visible)
  expect_identical(returned$value, table)
})

test_that("columns stay in line with wide characters in names", {
  lines <- capture.output(print(fe_table(fit(10), labels = c(x = "\u5f00\u653e\u5ea6"))))
  expect_length(unique(nchar(lines[1:10], "width")), 1)
})

test_that("a table wider than the console goes on in blocks of columns", {
  table <- fe_table(m1, m2, "a long name of a model" = m3, m1, show = c("x1", "x2"))
  expect_snapshot(print(table, width = 46))
  lines <- capture.output(print(table, width = 46))
  expect_lte(max(nchar(lines, "width")), 46)
  # each column stands in one block, and a column wider than the console alone
  expect_identical(sum(grepl("a long name", lines)), 1L)
  expect_identical(sum(grepl("a long name", capture.output(print(table, width = 10)))), 1L)
})
