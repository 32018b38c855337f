# What fe_table() may be told: errors, statistics, own rows, spans, stars, notes, language. The oracle is lm().

x <- c(-1, -1, 1, 1)
hand <- data.frame(x = x, y = 20 + 10 * x + c(-2, 2, -2, 2), z = c(1, -1, 0, 2))
m <- fe_model(y ~ x, hand)
ols <- summary(lm(y ~ x, hand))
cells <- function(table, column = 2) table$body[[column]]
fixed <- function(x, digits = 3) sprintf(paste0("%.", digits, "f"), x)

d <- fe_panel("balanced")
m1 <- fe_model(y ~ x1 | unit + year, d)
m2 <- fe_model(y ~ x2 | unit + year, d)
both <- fe_model(y ~ x1 + x2 | unit + year, d)

test_that("below an estimate stand its error, t, p or interval, as lm() has them", {
  expect_identical(cells(fe_table(m, errors = "se"))[2], paste0("(", fixed(ols$coefficients["x", 2]), ")"))
  t <- ols$coefficients["x", 3]
  expect_identical(cells(fe_table(m, errors = "t", digits = 5))[2], paste0("(", fixed(t, 5), ")"))
  expect_identical(cells(fe_table(m, errors = "p"))[2], paste0("(", fixed(ols$coefficients["x", 4]), ")"))
  for (level in c(0.9, 0.95)) {
    limits <- confint(lm(y ~ x, hand), "x", level)
    expect_identical(
      cells(fe_table(m, errors = "ci", conf.level = level))[2], paste0("[", paste(fixed(limits), collapse = ", "), "]")
    )
  }
  notes <- vapply(c("se", "t", "p", "ci"), function(errors) fe_table(m, errors = errors, conf.level = 0.9)$note, "")
  expect_snapshot(cat(notes, sep = "\n"))
})

test_that("a p value below the last decimal is said to be below it", {
  expect_identical(cells(fe_table(m, errors = "p", digits = 1))[c(2, 4)], c("(<0.1)", "(<0.1)"))
  expect_identical(cells(fe_table(m, errors = "p", digits = 2))[4], "(<0.01)")
  expect_identical(cells(fe_table(m, errors = "p", digits = 0))[2], "(<1)")
})

test_that("statistics are those of lm(), in the order asked for", {
  all <- c("rmse", "bic", "aic", "f", "within_r2", "adj_r2", "r2", "n")
  table <- fe_table(m, statistics = all, digits = 6)$body
  expect_identical(table$Variable[5:12], c("RMSE", "BIC", "AIC", "F", "Within R2", "Adj. R2", "R2", "N"))
  plain <- lm(y ~ x, hand)
  expect_identical(table[[2]][5:12], c(fixed(c(
    sqrt(mean(residuals(plain)^2)), BIC(plain), AIC(plain), ols$fstatistic[[1]], ols$r.squared, ols$adj.r.squared,
    ols$r.squared
  ), 6), "4"))
  expect_identical(cells(fe_table(m1, statistics = "within_r2"))[3], fixed(glance(m1)$within.r.squared))
  expect_identical(cells(fe_table(m1, statistics = NULL), 1), c("x1", "", "unit FE", "year FE"))
  # F follows the table's variance
  expect_identical(cells(fe_table(m1, statistics = "f", vcov = ~unit))[3], fixed(glance(m1, vcov = ~unit)$statistic))
})

test_that("rows of the user's stand below all others", {
  table <- fe_table(m1, both, rows = list(Sample = c("all", "east"), Mean = c(1.5, NA), Firms = c(8, 12),
                                          Trend = c(TRUE, FALSE)), digits = 2)
  last <- utils::tail(as.matrix(table$body), 4)
  expect_identical(unname(last), rbind(c("Sample", "all", "east"), c("Mean", "1.50", ""), c("Firms", "8", "12"),
                                       c("Trend", "Yes", "No")))
})

test_that("terms with one label share a row where no model holds both", {
  table <- fe_table(m1, m2, labels = c(x1 = "Openness", x2 = "Openness"))
  expect_identical(table$body$Variable, c("Openness", "", "N", "R2", "unit FE", "year FE"))
  expect_identical(table$body[[2]][1:2], cells(fe_table(m1))[1:2])
  expect_identical(table$body[[3]][1:2], cells(fe_table(m2))[1:2])
  # the label of one term may be another's name
  expect_identical(fe_table(m1, m2, labels = c(x1 = "x2"))$body$Variable[1:3], c("x2", "", "N"))
  expect_refused(fe_table(both, labels = c(x1 = "Openness", x2 = "Openness")), "term")
})

test_that("stars have the levels and signs of the user, or are none", {
  # p is .0194 and .0025
  expect_identical(cells(fe_table(m, stars = c("+" = 0.01, "o" = 0.05)))[c(1, 3)], c("10.000o", "20.000+"))
  expect_match(fe_table(m, stars = c("+" = 0.01, "o" = 0.05))$note, "freedom. o p < 0.05, + p < 0.01.", fixed = TRUE)
  none <- fe_table(m, stars = NULL)
  expect_identical(cells(none)[c(1, 3)], c("10.000", "20.000"))
  expect_match(none$note, "degrees of freedom.$")
  expect_output(print(none), "10.000", fixed = TRUE)
})

test_that("spans stand above their columns, the title above the table, notes below it", {
  table <- fe_table(m1, m2, both, groups = c("All provinces of the panel" = 2, "East" = 1), title = "Table 1",
                    notes = c("Own note.", "Another."))
  expect_snapshot(print(table))
  expect_snapshot(print(table, width = 40))
  expect_snapshot(print(as_table(table)))
  expect_match(table$note, "p < 0.01. Own note. Another.", fixed = TRUE)
  html <- document_table(flowresil:::table_parts(table), "html")
  expect_match(html, "colspan=\"2\"[^>]*>All provinces of the panel<")
  expect_match(document_table(flowresil:::table_parts(table), "docx"), "<w:gridSpan w:val=\"2\"/>", fixed = TRUE)
  expect_match(document_table(flowresil:::table_parts(table)), "All provinces of the panel: (1): y", fixed = TRUE)
  expect_null(attr(as.data.frame(table), "groups"))
  expect_output(print(fe_table(m1, m2, groups = stats::setNames(2, ""))), "(1)", fixed = TRUE)
})

test_that("spans go to the files", {
  skip_if_not_installed("flextable")
  skip_if_not_installed("officer")
  skip_if_not_installed("openxlsx")
  folder <- withr::local_tempdir()
  table <- fe_table(m1, m2, both, groups = c("All" = 2, "East" = 1), title = "Table 1")
  write <- function(ending) save_table(table, file.path(folder, paste0("t.", ending)))
  back <- officer::docx_summary(officer::read_docx(write("docx")))
  expect_identical(sum(back$text == "All", na.rm = TRUE), 1L)
  expect_true("Table 1" %in% back$text)
  sheet <- openxlsx::read.xlsx(write("xlsx"), colNames = FALSE, skipEmptyRows = FALSE)
  expect_true("East" %in% unlist(sheet))
  tex <- readLines(write("tex"))
  expect_true(any(grepl("\\multicolumn{2}{c}{All}", tex, fixed = TRUE)))
  expect_true(any(grepl("\\cmidrule(lr){2-3} \\cmidrule(lr){4-4}", tex, fixed = TRUE)))
  html <- paste(readLines(write("html")), collapse = "")
  expect_match(html, "colspan=\"2\"", fixed = TRUE)
  picture <- write("png")
  expect_identical(readBin(picture, "raw", 4L), as.raw(c(0x89, 0x50, 0x4e, 0x47)))
  expect_gt(file.size(picture), 10000)
})

test_that("Excel tells numbers with signs of the user's from text", {
  expect_identical(flowresil:::excel_format(c("1.5o", "1.5*", "007", "(<0.1)", "[1, 2]", "1.5)", "0.5"), "o"),
                   c("0.0\"o\"", NA, NA, NA, NA, NA, "0.0"))
})

# Language ---------------------------------------------------------------------------------------

test_that("the table of words is complete in both languages, with as many places in each", {
  table <- flowresil:::words()
  expect_named(table, c("key", "en", "zh"))
  expect_false(anyDuplicated(table$key) > 0L)
  expect_true(all(nzchar(unlist(table))))
  places <- function(text) lengths(regmatches(text, gregexpr("%s", text, fixed = TRUE)))
  expect_identical(places(table$en), places(table$zh))
  expect_false(any(grepl("[^ -~]", table$en)))
})

test_that("in Chinese no English word is left but those of the data", {
  mean <- fe_model(y ~ x1 + x2 | unit + year, d, constant = "mean")
  for (vcov in list("iid", "HC1", ~unit)) {
    for (errors in c("se", "t", "p", "ci")) {
      table <- fe_table(mean, show = "x1", errors = errors, vcov = vcov, language = "zh",
                        statistics = names(flowresil:::table_statistics()), rows = list(u = TRUE))
      text <- c(names(table), unlist(table))
      for (known in c("unit", "year", "x1", "iid", "HC1", "fixest", "correction")) text <- gsub(known, "", text)
      text <- gsub("AIC|BIC|RMSE|R2|\\bF\\b|\\bp < |^[yu]$|t\u7edf\u8ba1\u91cf|t\u5206\u5e03|p\u503c", "", text)
      expect_false(any(grepl("[A-Za-z]", text)), info = paste(text[grepl("[A-Za-z]", text)], collapse = " | "))
    }
  }
  expect_s3_class(table, "fe_table")
  expect_output(print(table), "\u63a7\u5236\u53d8\u91cf")
  expect_match(as_table(describe_panel(d, c(x1, x2), unit, year), language = "zh")$note, "\u7ec4\u95f4")
  expect_false(any(grepl("[a-z]{2}", as_table(describe_panel(d, x1, unit, year), language = "zh")$head)))
  expect_match(as_table(correlation_table(d, c(x1, x2)), language = "zh")$note, "\u76f8\u5173\u7cfb\u6570")
  index <- suppressMessages(data_flow_index(cbind(abs(d[c("x1", "x2")]), d[c("unit", "year")]), c(x1, x2),
                                            unit = unit, time = year))
  expect_false(any(grepl("[a-z]{2}", as_table(index, language = "zh")$head)))
})

test_that("the option sets the language; labels are found by names in either", {
  withr::local_options(flowresil.language = "zh")
  table <- fe_table(m1, labels = c(N = "Rows", "unit FE" = "Firms", year = "\u5e74\u4efd"))
  expect_identical(table$body[[1]][3:6], c("Rows", "R2", "Firms", "\u5e74\u4efd\u56fa\u5b9a\u6548\u5e94"))
  expect_identical(fe_table(m1, labels = c("\u6837\u672c\u91cf" = "Rows"))$body[[1]][3], "Rows")
  expect_identical(table$body, fe_table(list(m1), labels = c(N = "Rows", "unit FE" = "Firms",
                                                             year = "\u5e74\u4efd"))$body)
})

test_that("what does not fit the table is refused", {
  expect_snapshot(error = TRUE, {
    fe_table(m1, language = "fr")
    as_table(describe_panel(d, x1, unit, year), language = NA)
    as_table(correlation_table(d, c(x1, x2)), language = "de")
    fe_table(m1, errors = "sd")
    fe_table(m1, statistics = c("n", "ajd_r2"))
    fe_table(m1, statistics = 1)
    fe_table(m1, rows = c(a = "b"))
    fe_table(m1, rows = list("b"))
    fe_table(m1, m2, rows = list(Sample = "all"))
    fe_table(m1, m2, groups = c("All" = 3))
    fe_table(m1, m2, groups = 2)
    fe_table(m1, m2, groups = c("All" = 1.5, "East" = 0.5))
    fe_table(m1, stars = 0.05)
    fe_table(m1, stars = c("*" = 5))
    fe_table(m1, stars = c("*" = 0.05, "**" = 0.05))
    fe_table(m1, stars = c("2" = 0.05))
    fe_table(m1, title = c("a", "b"))
    fe_table(m1, notes = 1)
    fe_table(both, labels = c(x1 = "a", x2 = "a"))
    fe_table(m1, conf.level = 95)
  })
  expect_refused(fe_table(m1, language = c("en", "zh")), "language")
  expect_refused(fe_table(m1, rows = list(a = 1:2)), "argument")
  expect_refused(fe_table(m1, errors = "none"), "choice")
})
