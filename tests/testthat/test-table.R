# Four rows whose regression is done by hand: slope b (standard error sqrt(2)), constant 20 (sqrt(2)), 2 degrees
# of freedom; residual squares 16.
by_hand <- function(b, scale = 1) {
  x <- c(-1, -1, 1, 1)
  data.frame(x = x, y = scale * (20 + b * x + c(-2, 2, -2, 2)), z = c(1, -1, 0, 2), g = c("a", "b", "a", "b"))
}

fit <- function(b, scale = 1, ...) fe_model(y ~ x, by_hand(b, scale), ...)

cells <- function(table, column = 2) as.data.frame(table)[[column]]

d <- fe_panel("balanced")
m1 <- fe_model(y ~ x1 | unit + year, d)
m2 <- fe_model(y ~ x1 + x2 | unit + year, d)
m3 <- fe_model(w ~ x2, d)

# Cells ------------------------------------------------------------------------------------------

test_that("numbers have four significant digits from one on, three below", {
  expect_identical(
    cells(fe_table(fit(10))), c("10.00**", "(1.414)", "20.00***", "(1.414)", "4", "0.962", "No")
  )
  expect_identical(
    cells(fe_table(fit(10, 0.01)))[1:4], c("0.100**", "(0.0141)", "0.200***", "(0.0141)")
  )
  expect_identical(cells(fe_table(fit(10, 1000)))[1:4], c("10000**", "(1414)", "20000***", "(1414)"))
  expect_identical(cells(fe_table(fit(-12.3456)))[1], "-12.35**")
  expect_identical(cells(fe_table(fit(10, 1e-5)))[1:2], c("0.000100**", "(0.0000141)"))
  expect_identical(cells(fe_table(fit(12345.678)))[1], "12350***")
  # what rounds to one is written as one
  expect_identical(cells(fe_table(fit(9.9996, 0.1)))[1], "1.00**")
  expect_identical(cells(fe_table(fit(999.96)))[1], "1000***")
  expect_identical(cells(fe_table(fit(0)))[1], "0")
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

test_that("a table with effects has no constant row unless a model has one", {
  expect_false("Constant" %in% cells(fe_table(m1, m2), 1))
  with <- fe_model(y ~ x1 | unit + year, d, constant = "mean")
  table <- as.data.frame(fe_table(m1, with))
  at <- match("Constant", table$Variable)
  expect_identical(table[["(1)"]][at], "")
  expect_match(table[["(2)"]][at], "^[-0-9.]+\\*+$")
  expect_identical(fe_table(m1, with)$body$Variable, c("x1", "", "Constant", "", "N", "R2", "FE"))
})

test_that("rows follow the models' terms; a term that a model has not is left empty", {
  body <- as.data.frame(fe_table(m1, m2, m3))
  expect_named(body, c("Variable", "(1)", "(2)", "(3)"))
  expect_identical(body$Variable, c("x1", "", "x2", "", "Constant", "", "N", "R2", "FE"))
  expect_identical(body[["(1)"]][3:6], rep("", 4))
  expect_identical(body[["(3)"]][1:2], rep("", 2))
  expect_identical(unlist(body[7, -1], use.names = FALSE), rep("96", 3))
  expect_identical(unlist(body[9, -1], use.names = FALSE), c("Yes", "Yes", "No"))
  r2 <- sprintf("%.3f", c(glance(m1)$r.squared, glance(m2)$r.squared, glance(m3)$r.squared))
  expect_identical(unlist(body[8, -1], use.names = FALSE), r2)
  expect_identical(fe_table(m1, m2, m3)$header, c("y", "y", "w"))
})

test_that("show keeps its terms in its order and says the controls", {
  body <- as.data.frame(fe_table(m1, m2, show = "x1"))
  expect_identical(body$Variable, c("x1", "", "N", "R2", "Control Variables", "FE"))
  expect_identical(unlist(body[5, -1], use.names = FALSE), c("No", "Yes"))
  body <- as.data.frame(fe_table(m2, show = c("x2", "x1")))
  expect_identical(body$Variable[c(1, 3)], c("x2", "x1"))
  expect_identical(body[["(1)"]][body$Variable == "Control Variables"], "No")
  expect_identical(as.data.frame(fe_table(m3, m1, show = "x1"))[["(1)"]][1:2], c("", ""))
})

test_that("show may name a term that was dropped", {
  dropped <- suppressWarnings(fe_model(y ~ x1 + I(2 * x1) | unit, d))
  expect_identical(as.data.frame(fe_table(dropped, show = c("x1", "I(2 * x1)")))$Variable[c(1, 3)], c("x1", "N"))
})

test_that("labels rename terms, names of arguments columns", {
  table <- fe_table(base = m1, m2, labels = c(x1 = "Openness", x9 = "unused"))
  expect_identical(cells(table, 1)[c(1, 3)], c("Openness", "x2"))
  expect_named(as.data.frame(table), c("Variable", "(1) base", "(2)"))
})

# Models -----------------------------------------------------------------------------------------

test_that("lists, comparisons and mediations are taken apart", {
  direct <- fe_table(m1, m2)
  expect_identical(fe_table(list(m1, m2)), direct)
  expect_named(as.data.frame(fe_table(list(a = m1), m2, b = m3)), c("Variable", "(1) a", "(2)", "(3) b"))
  compared <- fe_compare(y ~ x1 | unit + year, d, subsets = list(all = TRUE, early = year < 2005))
  table <- fe_table(compared, m2)
  expect_named(as.data.frame(table), c("Variable", "(1) all", "(2) early", "(3)"))
  expect_identical(as.data.frame(table)[[2]][1:2], as.data.frame(direct)[[2]][1:2])
  mediation <- fe_mediation(y ~ x1 + x2 | unit + year, d, w)
  table <- fe_table(mediation)
  expect_named(as.data.frame(table), c("Variable", "(1) total", "(2) w"))
  expect_identical(table$header, c("y", "w"))
  expect_identical(as.data.frame(table)[[2]], as.data.frame(fe_table(m2))[[2]])
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
  expect_refused(fe_table(m1, shown = "x1"), "type")
  expect_refused(fe_table(m1, show = "x2"), "term")
  expect_refused(fe_table(m1, vcov = "robust"), "vcov")
  expect_refused(fe_table(m1, correction = "stata"), "choice")
  expect_snapshot(error = TRUE, {
    fe_table()
    fe_table(m1, lm(y ~ x1, d))
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

test_that("in a document it is a kable with an escaped note", {
  skip_if_not_installed("knitr")
  text <- knitr::knit_print(fe_table(one = m1, m3, show = "x1"))
  expect_s3_class(text, "knit_asis")
  expect_match(text, "| *\\(1\\) one *\\|")
  expect_match(text, "\\* p < 0.1", fixed = TRUE)
  expect_snapshot(cat(text))
})
