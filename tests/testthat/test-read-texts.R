# What is said of files that cannot be read: one snapshot of each text.

folder <- withr::local_tempdir(.local_envir = testthat::teardown_env())
read <- function(name, ..., arguments = list()) {
  path <- file.path(folder, name)
  dir.create(dirname(path), showWarnings = FALSE)
  if (length(c(...))) writeLines(enc2utf8(c(...)), path, useBytes = TRUE)
  invisible(do.call(read_panel, c(list(path, quiet = TRUE), arguments)))
}

test_that("the texts about paths and files", {
  expect_snapshot({
    read_panel(1)
    read("folder/a.md", "x")
    read_panel(file.path(folder, "folder"))
    read("a.pdf", "x")
    read("a.csv", character(), "")
    read("none.csv")
  }, error = TRUE)
  file.create(file.path(folder, "empty.csv"))
  expect_snapshot(read("empty.csv"), error = TRUE)
  withr::local_options(flowresil.max_file_mb = 1e-6)
  expect_snapshot_error(read("b.csv", "region,2009", "A,1"), class = "flowresil_error_file")
})

test_that("the texts about encodings and arguments", {
  writeBin(as.raw(c(0xb1, 0xb1, 0x2c, 0x32, 0x0a, 0xff)), file.path(folder, "c.csv"))
  expect_snapshot({
    read("c.csv", arguments = list(encoding = "UTF-8"))
    read("d.csv", "region,2009", "A,1", arguments = list(unit = 3))
    read("d.csv", arguments = list(values = 3))
    read("d.csv", arguments = list(values = c("a", "b")))
    read("d.csv", arguments = list(values = c(a = "x")))
    read("d.csv", arguments = list(shape = "long"))
    read("d.csv", arguments = list(shape = "transposed"))
    read("e.csv", "region,year,x", "A,2009,1", arguments = list(shape = "wide"))
    read("e.csv", "region,year,x", "A,b,1", arguments = list(shape = "transposed"))
    read("e.csv", "region,when,x", "A,b,1", arguments = list(time = "when"))
    read("e.csv", "region,when,then,x", "A,2009,2010,1", "B,2009,2011,1")
  }, error = TRUE)
})

test_that("the texts about shapes, units and times", {
  expect_snapshot({
    read("f.csv", "Indicator,2009,2010", "gdp,1,2")
    read("f.csv", "region,2010-11,2011-12", "A,1,2")
    read("f.csv", "region,2016.1,2016.11", "A,1,2")
    read("f.csv", "region,2009,2010Q1", "A,1,2")
    read("f.csv", "region,gdp", "A,1")
    read("f.csv", "region,year,note", "A,2009,b", "B,2009,c")
    read("f.csv", "region,2009,2009", "A,1,2")
    read("f.csv", "region,year,year", "A,2009,1")
  }, error = TRUE)
})

test_that("the texts about cells and parts that disagree", {
  expect_snapshot({
    read("g.csv", "region,2009,2010", "A,1 x,2 x", "B,3,4")
    read("g.csv", "region,2009,2010", "A,5%,7")
  }, error = TRUE)
  writeLines(c("Indicator: x", "region,2009", "A,1"), file.path(folder, "h1.csv"))
  writeLines(c("Indicator: x", "region,2009", "A,2"), file.path(folder, "h2.csv"))
  expect_snapshot(read_panel(file.path(folder, c("h1.csv", "h2.csv"))), error = TRUE)
})

test_that("the texts about workbooks and Stata files", {
  skip_if_not_installed("haven")
  dta <- function(...) haven::write_dta(data.frame(...), file.path(folder, "s.dta"))
  dta(a = c("x", "y"), b = c("u", "v"), year = 2009, x = 1:2)
  expect_snapshot(read("s.dta"), error = TRUE)
  dta(a = c("x", "y"), x = c(1.5, 2))
  expect_snapshot(read("s.dta"), error = TRUE)
  dta(year = c(2009, 2010), x = c(1.5, 2))
  expect_snapshot(read("s.dta"), error = TRUE)
  dta(a = c("x", "y"), year = 2009)
  expect_snapshot(read("s.dta"), error = TRUE)
})

test_that("the texts about files of two kinds of periods, and about files that cannot be opened", {
  writeLines(c("region,2009", "A,1"), file.path(folder, "k1.csv"))
  writeLines(c("region,2009Q1", "A,2"), file.path(folder, "k2.csv"))
  expect_snapshot(read_panel(file.path(folder, c("k1.csv", "k2.csv"))), error = TRUE)
  skip_if_not_installed("readxl")
  skip_if_not_installed("haven")
  # The words after the colon are those of the other package.
  ours <- function(lines) sub("cannot: .*", "cannot: ...", lines[seq_len(max(grep("cannot:|password", lines)))])
  expect_snapshot(read("x.xlsx", "no workbook"), error = TRUE, transform = ours)
  expect_snapshot(read("x.dta", "no file of Stata"), error = TRUE, transform = ours)
})

test_that("the reasons in the attribute reading", {
  reasons <- function(...) {
    path <- file.path(folder, "r.csv")
    writeLines(enc2utf8(c(...)), path, useBytes = TRUE)
    print(summary(attr(read_panel(path, quiet = TRUE), "reading")), right = FALSE)
  }
  expect_snapshot({
    reasons("region,code,Indicator,2009,2010,2011", ",0,x,1,2,", "A,1,x,\"1,000\",5,", "A,1,p,5%,6%,",
            "A,1,y,1 b,12*,", ",2,z,..,１,", "Total,3,z,4,5,", "Note: a")
    reasons("region,year,x,y,z", "A,2009,1,€2,b", "B,2009,3,€4,c")
    reasons("year,A,B,", "2009,1,2,3", "2010,4,5,6")
    reasons("Land;2009", "A;1,5", "B;2,25")
    reasons("year,region,x", "2009,A,1", ",B,3")
    reasons("Regions in 2009", "region,x", "A,1", "B,2")
    reasons(",x,,y,", "region,2009,2010,2009,2010", "A,1,2,€5,€6")
  })
})

test_that("the texts about provinces", {
  expect_snapshot({
    standardise_units(c("Atlantis", "吉林市", "Hebei"))
    standardise_units(list(1))
  }, error = TRUE)
})

test_that("the message about units that differ by a suffix", {
  writeLines(enc2utf8(c("u,2009", "北京,1", "北京市,2")), file.path(folder, "n.csv"), useBytes = TRUE)
  expect_snapshot(invisible(read_panel(file.path(folder, "n.csv"), quiet = FALSE)))
})
