# Tables as files: written, opened again by the program's own package, and compared cell by cell.

folder <- withr::local_tempdir(.local_envir = testthat::teardown_env())
at <- function(name) file.path(folder, name)

models <- function() {
  list(
    clustered = fe_model(ExpRes ~ open + gov | province + year, province_panel, vcov = ~province),
    plain = fe_model(ExpRes ~ open | province, province_panel)
  )
}
table <- withr::with_options(list(flowresil.quiet = TRUE), fe_table(models(), labels = c(open = "Open <&%_>")))

test_that("a table becomes lines of head and body, whatever it was", {
  parts <- as_table(table, title = "A")
  expect_identical(parts$body, unname(as.matrix(table$body)))
  expect_identical(parts$head[1L, -1L], names(table)[-1L])
  expect_identical(parts[c("note", "title")], list(note = table$note, title = "A"))
  withr::local_options(flowresil.quiet = TRUE)
  m <- models()
  expect_identical(as_table(m$plain)$body, as_table(fe_table(m$plain))$body)
  expect_identical(as_table(data.frame(a = c(1, 2.5), b = c("x", NA), n = c(1, 2)))$body,
                   matrix(c("1.000", "2.500", "x", "", "1", "2"), 2L))
  d <- describe_panel(province_panel, c(open, gov), province, year)
  expect_identical(as_table(d)$body[, 1L], c("open", "gov"))
  r <- as_table(correlation_table(province_panel, c(open, gov)))
  expect_match(r$body[2L, 2L], "^-0[.][0-9]{3}\\*{3}$")
  expect_snapshot(print(as_table(d, title = "Variables")))
  expect_snapshot(as_table(1), error = TRUE)
})

test_that("csv and markdown hold every cell, HTML and LaTeX every sign", {
  csv <- save_table(table, at("t.csv"))
  expect_identical(csv, at("t.csv"))
  back <- utils::read.csv(csv, header = FALSE, colClasses = "character", encoding = "UTF-8", fileEncoding = "UTF-8-BOM")
  expect_identical(unname(as.matrix(back)[3:(nrow(back) - 1L), ]), unname(as.matrix(table$body)))
  md <- readLines(save_table(table, at("t.md")))
  expect_true(any(grepl("Open \\<\\&%\\_\\>", md, fixed = TRUE)) || any(grepl("Open \\\\<\\\\&", md)))
  html <- paste(readLines(save_table(table, at("t.html"))), collapse = "")
  expect_match(html, "Open &lt;&amp;%_&gt;", fixed = TRUE)
  tex <- readLines(save_table(list("R&D" = table), at("t.tex")))
  expect_true(any(grepl("Open \\textless{}\\&\\%\\_\\textgreater{}", tex, fixed = TRUE)))
  expect_true(any(grepl("\\caption{R\\&D}", tex, fixed = TRUE)))
})

test_that("Excel has numbers for estimates and errors, with stars and brackets as formats", {
  skip_if_not_installed("openxlsx")
  path <- save_table(list("A/B: [x]" = table, "A/B: [x]" = table), at("t.xlsx"))
  sheets <- openxlsx::getSheetNames(path)
  expect_length(unique(sheets), 2L)
  back <- openxlsx::read.xlsx(path, 1L, colNames = FALSE, skipEmptyRows = FALSE)
  first <- match("Open <&%_>", back$X1)
  m <- models()
  open <- c(coef(m$clustered)[["open"]], sqrt(vcov(m$clustered)[1L, 1L]))
  expect_within(as.numeric(back$X2[first + 0:1]), round(open, 3), tolerance_exact)
  expect_identical(flowresil:::excel_format(c("1.234***", "(1.234)", "420", "-0.5", "Yes", "", "p < 1")),
                   c("0.000\"***\"", "\"(\"0.000\")\"", "0", "0.0", NA, NA, NA))
})

test_that("Word has tables with every cell, and their titles and notes", {
  skip_if_not_installed("flextable")
  skip_if_not_installed("officer")
  wide <- describe_panel(province_panel, c(open, gov), province, year)
  path <- save_table(list("Table 1" = table, "Table 2" = wide), at("t.docx"))
  back <- officer::docx_summary(officer::read_docx(path))
  cells <- back[back$content_type == "table cell", ]
  cells <- cells[cells$doc_index == min(cells$doc_index), ]
  found <- matrix("", max(cells$row_id), max(cells$cell_id))
  found[cbind(cells$row_id, cells$cell_id)] <- cells$text
  expect_identical(found[-(1:2), ], unname(as.matrix(table$body)))
  said <- back$text[back$content_type == "paragraph"]
  expect_true(all(c("Table 1", "Table 2", table$note) %in% said))
})

test_that("an existing file stays unless it may be replaced, and a failure leaves it", {
  path <- at("old.csv")
  writeLines("old", path)
  expect_snapshot(save_table(table, path), error = TRUE)
  expect_identical(readLines(path), "old")
  expect_error(save_table(list(table, 1), path, overwrite = TRUE), class = "flowresil_error_type")
  expect_identical(readLines(path), "old")
  save_table(table, path, overwrite = TRUE)
  expect_gt(length(readLines(path)), 5L)
  expect_snapshot({
    save_table(table, "t.abc")
    save_table(table, c("a.csv", "b.csv"))
  }, error = TRUE)
  here <- withr::local_dir(folder)
  expect_snapshot(save_table(table, "nowhere/t.csv"), error = TRUE)
  expect_refused(save_table(table, path, overwrite = NA), "flag")
})
