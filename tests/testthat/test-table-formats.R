# Tables in documents: what pandoc makes of them, read back by pandoc.

skip_if_not_installed("knitr")

d <- fe_panel("balanced")
d[["x|y"]] <- d$x1
d[["a_b*c[1]$d"]] <- d$x2
m1 <- fe_model(y ~ I(x1^2):I(x2^2) | unit, d)
m2 <- fe_model(y ~ `x|y` + `a_b*c[1]$d` | unit + year, d)
labels <- c("x|y" = "<b>a ~b~ ^c^ `d` \\\\(e\\\\) -- \"f\"...", y = "y_1 | *y*")
table <- fe_table(m1, "second" = m2, labels = labels)

# All cells of the table, as pandoc reads them out of the document.
cells_of <- function(file) {
  ast <- system2(rmarkdown::pandoc_exec(), c("-t", "plain", "--columns=400", shQuote(file)), stdout = TRUE)
  paste(ast, collapse = "\n")
}

test_that("HTML has three rules, the outcomes above the middle one", {
  html <- document_table(table_parts(table), "html")
  expect_match(html, "```{=html}", fixed = TRUE)
  lines <- strsplit(html, "\n")[[1]]
  expect_identical(lengths(regmatches(html, gregexpr("border-top: 2px", html))), 1L)
  expect_identical(lengths(regmatches(html, gregexpr("border-bottom: 2px", html))), 1L)
  # the middle rule stands in the last row of the head, which holds the outcomes
  ruled <- grep("border-bottom: 1px", lines)
  expect_length(ruled, 1)
  expect_match(lines[ruled], "y_1 | *y*", fixed = TRUE)
  expect_identical(grep("</thead>", lines), ruled + 1L)
  expect_match(html, "I(x1^2):I(x2^2)", fixed = TRUE)
  expect_match(html, "&lt;b&gt;a ~b~ ^c^", fixed = TRUE)
})

test_that("Word has three rules, and a head that is repeated", {
  word <- document_table(table_parts(table), "docx")
  expect_match(word, "```{=openxml}", fixed = TRUE)
  lines <- strsplit(word, "\n")[[1]]
  rows <- grep("<w:tr>", lines, fixed = TRUE, value = TRUE)
  expect_identical(grepl("<w:bottom", rows), seq_along(rows) == 2L)
  expect_identical(grepl("<w:tblHeader/>", rows), seq_along(rows) <= 2L)
  expect_match(word, "<w:top w:val=\"single\"", fixed = TRUE)
  expect_match(word, "<w:insideH w:val=\"nil\"/>", fixed = TRUE)
})

test_that("signs that pandoc reads come out as they are, in HTML, Word, LaTeX and from plain markdown", {
  skip_if_not_installed("rmarkdown")
  skip_if_not(rmarkdown::pandoc_available("2.10"))
  from <- paste0("markdown", "+autolink_bare_uris+tex_math_single_backslash")
  for (to in c("html", "docx", "markdown")) {
    source <- withr::local_tempfile(fileext = ".md")
    made <- withr::local_tempfile(fileext = paste0(".", if (to == "markdown") "html" else to))
    writeLines(enc2utf8(document_table(table_parts(table), if (to != "markdown") to)), source, useBytes = TRUE)
    system2(rmarkdown::pandoc_exec(), c("-f", from, "-o", shQuote(made), shQuote(source)))
    text <- cells_of(made)
    expect_match(text, "I(x1^2):I(x2^2)", fixed = TRUE, info = to)
    expect_match(text, labels[[1]], fixed = TRUE, info = to)
    expect_match(text, "a_b*c[1]$d", fixed = TRUE, info = to)
    expect_match(text, "y_1 | *y*", fixed = TRUE, info = to)
    expect_match(text, "* p < 0.1, ** p < 0.05, *** p < 0.01.", fixed = TRUE, info = to)
    expect_match(text, "(1)", fixed = TRUE, info = to)
    expect_match(text, "unit FE", fixed = TRUE, info = to)
  }
  tex <- withr::local_tempfile(fileext = ".tex")
  source <- withr::local_tempfile(fileext = ".md")
  writeLines(document_table(table_parts(table), "latex"), source)
  system2(rmarkdown::pandoc_exec(), c("-f", from, "-o", shQuote(tex), shQuote(source)))
  text <- paste(readLines(tex), collapse = " ")
  for (rule in c("\\toprule", "\\midrule", "\\bottomrule")) expect_match(text, rule, fixed = TRUE)
  expect_match(text, "I(x1\\^{}2):I(x2\\^{}2)", fixed = TRUE)
  expect_false(grepl("hline", text))
})

test_that("without a known format the table is one of pandoc's markdown, the outcome in the head", {
  text <- knitr::knit_print(fe_table(one = fe_model(y ~ x1 | unit, d), fe_model(w ~ x2, d), show = "x1"))
  expect_s3_class(text, "knit_asis")
  expect_match(text, "| *\\(1\\) one: y *\\|")
  expect_match(text, "\\* p < 0.1", fixed = TRUE)
  expect_snapshot(cat(text))
})

test_that("a comparison in a document is its table", {
  m <- fe_compare(y ~ x1 + x2 | unit, d, subsets = list(all = TRUE, early = year < 2005))
  expect_identical(as.character(knitr::knit_print(m)), as.character(knitr::knit_print(fe_table(m, show = "x1"))))
})
