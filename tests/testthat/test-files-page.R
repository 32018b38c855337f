# The page "From files to tables": at most twelve lines, the same in the README, and a Word file at their end.

test_that("the page's lines are twelve, stand in the README, run, and leave the table in Word", {
  root <- source_root()
  skip_if(is.null(root), "the sources are not here")
  skip_if_not_installed("flextable")
  skip_if_not_installed("officer")
  page <- readLines(file.path(root, "vignettes", "files.Rmd"), encoding = "UTF-8")
  fences <- grep("^```", page)
  expect_length(fences, 2L)
  code <- page[seq.int(fences[1L] + 1L, fences[2L] - 1L)]
  expect_lte(length(code), 12L)
  expect_lte(length(parse(text = code)), 12L)
  readme <- readLines(file.path(root, "README.md"), encoding = "UTF-8")
  expect_match(paste(readme, collapse = "\n"), paste(code, collapse = "\n"), fixed = TRUE)

  withr::local_options(flowresil.quiet = TRUE)
  room <- new.env(parent = globalenv())
  path <- eval(parse(text = code), room)
  withr::defer(unlink(path))
  back <- officer::docx_summary(officer::read_docx(path))
  expect_true(all(c("Table 1 Baseline", "Table 2 Variables") %in% back$text))
  b <- sprintf("%.3f", coef(room$baseline)[["index"]])
  expect_true(any(startsWith(back$text[back$content_type == "table cell"], b), na.rm = TRUE))
  # the figures are the panel's
  figures <- room$figures
  at <- match(paste(figures$province, figures$year), paste(province_panel$province, province_panel$year))
  expect_identical(nrow(figures), 450L)
  expect_identical(as.vector(figures$ports), province_panel$broadband_ports[at])
  expect_identical(as.vector(figures$exports), province_panel$exports[at])
  expect_identical(as.vector(figures$patents), as.double(province_panel$patents_granted[at]))
})
