# Files of many shapes, written here and read exactly, or refused with the reason. What each should give is written out
# by hand.

folder <- withr::local_tempdir(.local_envir = testthat::teardown_env())

# A file of the given lines, in an encoding; its path.
file_of <- function(name, ..., encoding = "UTF-8") {
  text <- enc2utf8(paste0(paste(c(...), collapse = "\n"), "\n"))
  bytes <- if (encoding == "UTF-8") charToRaw(text) else iconv(text, "UTF-8", encoding, toRaw = TRUE)[[1L]]
  path <- file.path(folder, name)
  dir.create(dirname(path), showWarnings = FALSE)
  writeBin(bytes, path)
  path
}

read <- function(...) read_panel(..., quiet = TRUE)

# The data alone, without what is told.
plain <- function(x) {
  attr(x, "panel") <- NULL
  attr(x, "reading") <- NULL
  x[] <- lapply(x, function(column) `attr<-`(`attr<-`(column, "label", NULL), "labels", NULL))
  x
}

expect_panel <- function(found, ...) expect_identical(plain(found), data.frame(..., check.names = FALSE))

why <- function(x) attr(x, "reading")$why

two <- list(unit = c("A", "A", "B", "B"), year = rep(2009:2010, 2), x = c(1, 2, 3, 4))
wide <- c("region,2009,2010", "A,1,2", "B,3,4")
beijing <- "北京"
tianjin <- "天津"
region <- "地区"

test_that("a long table is read by its own heads", {
  a <- read(file_of("long.csv", "prov,year,gdp", "A,2009,1", "A,2010,2", "B,2009,3", "B,2010,4"))
  expect_panel(a, prov = two$unit, year = two$year, gdp = two$x)
  expect_identical(attr(a, "panel"), list(unit = "prov", time = "year"))
})

test_that("a wide table has one row a unit and period, and the file's name for the indicator", {
  expect_panel(read(file_of("pop.csv", wide)), region = two$unit, year = two$year, pop = two$x)
  expect_panel(read(file_of("pop.tsv", gsub(",", "\t", wide))), region = two$unit, year = two$year, pop = two$x)
  expect_panel(read(file_of("pop.txt", gsub(",", ";", wide))), region = two$unit, year = two$year, pop = two$x)
  expect_panel(read(file_of("pop.csv", wide), unit = "u", time = "t", values = "people"), u = two$unit, t = two$year,
               people = two$x)
})

test_that("heads of periods are read in every spelling", {
  years <- list(c("2009年", "2010年"), c("[YR2009]", "[YR2010]"), c("2009 [YR2009]", "2010 [YR2010]"),
                c("X2009", "X2010"))
  for (heads in years) {
    expect_panel(read(file_of("y.csv", paste(c("region", heads), collapse = ","), wide[-1])), region = two$unit,
                 year = two$year,
                 y = two$x)
  }
  day <- function(...) as.Date(c(...))
  finer <- list(
    list(c("2009Q1", "2009Q2"), day("2009-01-01", "2009-04-01")),
      list(c("2020M03", "2020M04"), day("2020-03-01", "2020-04-01")),
    list(c("2020-03", "2020-05"), day("2020-03-01", "2020-05-01")),
      list(c("2020/3", "2020/12"), day("2020-03-01", "2020-12-01")),
    list(c("2009年3月", "2009年4月"), day("2009-03-01", "2009-04-01")),
    list(c("2022年第一季度", "2022年第二季度"), day("2022-01-01", "2022-04-01")),
    list(c("2022年一季度", "2022年四季度"), day("2022-01-01", "2022-10-01")),
    list(c("2009-12-31", "2010-12-31"), day("2009-12-31", "2010-12-31"))
  )
  for (one in finer) {
    found <- read(file_of("q.csv", paste(c("region", one[[1L]]), collapse = ","), wide[-1]))
    expect_panel(found, region = two$unit, date = rep(one[[2L]], 2), q = two$x)
  }
})

test_that("heads that could be two things are refused", {
  expect_refused(read(file_of("f.csv", "region,2010-11,2011-12", "A,1,2")), "time")
  expect_refused(read(file_of("f.csv", "region,2016.1,2016.11", "A,1,2")), "time")
  expect_refused(read(file_of("f.csv", "region,2009,2010Q1", "A,1,2")), "time")
  expect_refused(read(c(file_of("a.csv", wide), file_of("b.csv", "region,2009Q1,2009Q2", "A,1,2"))), "time")
  expect_snapshot(read(file_of("one.csv", "year,gdp", "2009,5", "2010,6")), error = TRUE)
})

test_that("periods down and units across, with heads of words, or of words and years", {
  expect_panel(read(file_of("t.csv", "year,A,B", "2009,1,3", "2010,2,4")), unit = two$unit, year = two$year, t = two$x)
  expect_panel(read(file_of("c.csv", "prov,gdp2009,gdp2010,pop2009", "A,1,2,5", "B,3,4,6")), prov = two$unit,
               year = two$year,
               gdp = two$x, pop = c(5, NA, 6, NA))
  heads <- paste0(c(beijing, tianjin), rep(2013:2014, each = 2))
  found <- read(file_of("i.csv", paste(c("Indicator", heads), collapse = ","), "gdp,1,3,2,4", "pop,5,6,7,8"))
  expect_panel(found, unit = rep(c(beijing, tianjin), each = 2), year = rep(2013:2014, 2), gdp = two$x,
               pop = c(5, 7, 6, 8))
})

test_that("an indicator column beside the units, and one in a long table", {
  found <- read(file_of("s.csv", "region,Indicator,2009,2010", "A,gdp,1,2", ",pop,5,6", "B,gdp,3,4", ",pop,7,8"))
  expect_panel(found, region = two$unit, year = two$year, gdp = two$x, pop = c(5, 6, 7, 8))
  expect_true("blank unit: that of the row above" %in% why(found))
  found <- read(file_of("l.csv", "region,year,Indicator,Value", "A,2009,gdp,1", "A,2009,pop,2", "B,2009,gdp,3",
                        "B,2009,pop,4"))
  expect_panel(found, region = c("A", "B"), year = c(2009L, 2009L), gdp = c(1, 3), pop = c(2, 4))
})

test_that("indicators down need a unit: in a line before the head, or a refusal", {
  lines <- c("Indicator,2009,2010", "gdp,1,2", "pop,3,4")
  expect_panel(read(file_of("r.csv", paste0(region, "：", beijing), lines)), unit = rep(beijing, 2), year = 2009:2010,
               gdp = c(1, 2),
               pop = c(3, 4))
  expect_refused(read(file_of("r.csv", lines)), "shape")
})

test_that("lines around a table are no part of it", {
  found <- read(file_of(
    "nbs.csv", "数据库：分省年度数据", "指标：GDP", "时间：最近2年", paste0(region, ",2010年,2009年"), "北\u3000京,2,1",
    "", paste0(region, ",2010年,2009年"), paste0(tianjin, ",4,3"), "全\u3000国,6,4", "注：按当年价格", "数据来源：X", "续"
  ))
  expect_panel(found, "地区" = rep(c(beijing, tianjin), each = 2), year = two$year, GDP = two$x)
  told <- summary(attr(found, "reading"))
  expect_identical(told$n[match(c("note at the foot", "head repeated in the body", "total: left out"), told$why)],
                   c(3L, 1L, 1L))
})

test_that("up to three lines of heads: the first names, the others label; merged heads name indicators", {
  found <- read(file_of("h.csv", "prov,year,gdp", ",,product", "A,2009,1", "A,2010,2"))
  expect_panel(found, prov = c("A", "A"), year = 2009:2010, gdp = c(1, 2))
  found <- read(file_of("h.csv", "prov,year,gdp", "Province,Year,product", "A,2009,1", "A,2010,2"))
  expect_identical(attr(found$gdp, "label"), "product")
  found <- read(file_of("m.csv", ",gdp,,pop,", "region,2009,2010,2009,2010", "A,1,2,5,6", "B,3,4,7,8"))
  expect_panel(found, region = two$unit, year = two$year, gdp = two$x, pop = c(5, 6, 7, 8))
})

test_that("cells: separators, percent signs, notes, flags, marks, full width, exponents", {
  cells <- c("1,200" = 1200, "1，234，567.5" = 1234567.5, "1'234" = 1234, "１２" = 12, "12.3①" = 12.3, "12.3*" = 12.3,
             "12.3(r)" = 12.3,
             "13.2 e" = 13.2, ": z" = NA, "3.5E11" = 3.5e11, "-7" = -7, "+.5" = .5, "..." = NA, "…" = NA, ".." = NA,
               ":" = NA, "-" = NA,
             "—" = NA, "–" = NA, "NA" = NA, "N/A" = NA, "#N/A" = NA, "无" = NA, "缺失" = NA, "5" = 5)
  lines <- sprintf("u%d,2009,\"%s\"", seq_along(cells), names(cells))
  found <- read(file_of("cells.csv", "region,year,x", lines))
  expect_identical(found$x, unname(cells))
  told <- attr(found, "reading")
  expect_setequal(told$found[told$row %in% 2:99], names(cells)[!names(cells) %in% c("3.5E11", "-7", "+.5", "5")])
  expect_identical(told$row[told$found == "1'234"], 4L)
  expect_identical(read(file_of("p.csv", "region,2009", "A,5%", "B,7.5 %"))$p, c(.05, .075))
  expect_identical(read(file_of("d.csv", "Land;2020;2021", "A;1,5;2,25", "B;3,75;4"))$d, c(1.5, 2.25, 3.75, 4))
  expect_identical(read(file_of("na.csv", "region,2009,2010", "A,5,n.v."), na = "n.v.")$na, c(5, NA))
})

test_that("a cell that is no number is refused with its place, a column of such is left out", {
  for (cell in c("13 m", "12 万", "abc", "1.2.3", "1,23,4")) {
    e <- expect_refused(read(file_of("odd.csv", "prov,year,gdp", "A,2009,1", sprintf("A,2010,\"%s\"", cell))), "cell")
    expect_identical(e[c("file", "rows", "column", "cell")],
                     list(file = "odd.csv", rows = 3L, column = "gdp", cell = cell))
  }
  expect_refused(read(file_of("odd.csv", "region,2009,2010", "A,5%,7")), "cell")
  expect_snapshot(read(file_of("odd.csv", "prov,year,gdp", "A,2009,1", "A,2010,abc")), error = TRUE)
  found <- read(file_of("euro.csv", "name,year,price,x", "A,2009,€12,1", "A,2010,€13,2"))
  expect_panel(found, name = c("A", "A"), year = 2009:2010, x = c(1, 2))
  expect_true(any(attr(found, "reading")$column == "price"))
})

test_that("codes, names and dimensions", {
  found <- read(file_of("z.csv", "code,name,year,x", "01,A,2009,1", "02,B,2009,2"))
  expect_panel(found, name = c("A", "B"), year = c(2009L, 2009L), x = c(1, 2))
  found <- read(file_of("z.csv", "code,name,year,x", "000001,A,2009,1", "000001,A bank,2010,2", "000002,B,2009,3"))
  expect_panel(found, code = c("000001", "000001", "000002"), year = c(2009L, 2010L, 2009L), x = c(1, 2, 3))
  expect_snapshot(read(file_of("dim.csv", "region,sex,year,x", "A,m,2009,1", "A,f,2009,2")), error = TRUE)
  expect_snapshot(read(file_of("twice.csv", "prov,year,gdp", "A,2009,1", "A,2009,2")), error = TRUE)
  expect_panel(read(file_of("twice.csv", "prov,year,gdp", "A,2009,1", "A,2009,1")), prov = "A", year = 2009L, gdp = 1)
  expect_snapshot(read(file_of("ids.csv", "id,year,x", "1,2009,5", "2,2009,6")), error = TRUE)
  expect_panel(read(file_of("ids.csv", "id,year,x", "1,2009,5", "2,2009,6"), unit = "id"), id = c("1", "2"),
               year = c(2009L, 2009L),
               x = c(5, 6))
  expect_panel(read(file_of("y.csv", "region,year,founded", "A,2009,1990", "A,2010,1990")), region = c("A", "A"),
               year = 2009:2010,
               founded = c(1990, 1990))
})

test_that("a blank period is that of the row above only where it stands before the units", {
  found <- read(file_of("b.csv", "year,region,x", "2009,A,1", ",B,3", "2010,A,2", ",B,4"))
  expect_panel(found[order(found$region), ], region = two$unit, year = two$year, x = two$x)
  expect_identical(sum(why(found) == "blank period: that of the row above"), 2L)
  found <- read(file_of("b.csv", "region,year,x", "A,2009,1", "B,,3", "A,2010,2"))
  expect_panel(found, region = c("A", "A"), year = 2009:2010, x = c(1, 2))
  expect_true("row without a unit or a period: left out" %in% why(found))
})

test_that("files of the World Bank and of Eurostat", {
  found <- read(file_of("wb.csv",
                        "\"Country Name\",\"Country Code\",\"Indicator Name\",\"Indicator Code\",\"1960\",\"1961\"",
                        "Aruba,ABW,gdp,NY,1,2", "Aruba,ABW,pop,SP,3,", "Euro area,EMU,gdp,NY,5,6"))
  expect_panel(found, "Country Name" = c("Aruba", "Aruba"), year = 1960:1961, gdp = c(1, 2), pop = c(3, NA))
  found <- read(file_of("es.tsv", "unit,geo\\time\t2020 \t2019 ", "MIO,AT\t10.5 e\t: z", "MIO,BE\t12\t11 b"))
  expect_panel(found, geo = c("AT", "AT", "BE", "BE"), year = rep(2019:2020, 2), es = c(NA, 10.5, 11, 12))
})

test_that("the one year of a title; a price base or a span of months is none", {
  found <- read(file_of("t.csv", "2009年各地区生产总值", paste0(region, ",gdp,pop"), "A,1,2", "B,3,4"))
  expect_panel(found, "地区" = c("A", "B"), year = c(2009L, 2009L), gdp = c(1, 3), pop = c(2, 4))
  expect_refused(read(file_of("t.csv", "2022年1-3月", paste0(region, ",gdp"), "A,1")), "time")
  expect_refused(read(file_of("t.csv", "2015年不变价", paste0(region, ",gdp"), "A,1")), "time")
})

test_that("encodings are found, and named where they cannot be", {
  lines <- c(paste0(region, ",2009,2010"), paste0(beijing, ",1,2"), paste0(tianjin, ",3,4"))
  for (encoding in c("UTF-8", "GB18030", "UTF-16", "UTF-16LE", "UTF-16BE")) {
    found <- read(file_of("e.csv", lines, encoding = encoding))
    expect_panel(found, "地区" = rep(c(beijing, tianjin), each = 2), year = two$year, e = two$x)
  }
  found <- read(file_of("e.csv", "região,2009,2010", "São Paulo,1,2", "Pará,3,4", encoding = "latin1"))
  expect_identical(unique(found[[1L]]), c("São Paulo", "Pará"))
  expect_identical(attr(found, "reading")$found[1L], "latin1")
  expect_refused(read(file_of("e.csv", lines, encoding = "GB18030"), encoding = "UTF-8"), "encoding")
})

test_that("several files are joined, parts stacked, and nothing lands under another's name", {
  a <- file_of("gdp.csv", wide)
  b <- file_of("pop.csv", "region,2009,2010", "A,5,6", "C,7,8")
  found <- read(c(a, b))
  expect_panel(found, region = rep(c("A", "B", "C"), each = 2), year = rep(2009:2010, 3), gdp = c(1, 2, 3, 4, NA, NA),
               pop = c(5, 6, NA, NA, 7, 8))
  expect_setequal(attr(found, "reading")$found[why(found) == "unit that this file has not"], c("B", "C"))
  first <- file_of("g1.csv", "Indicator: gdp", wide)
  later <- file_of("g2.csv", "Indicator: gdp", "region,2010,2011", "A,2,9", "B,,8")
  expect_panel(read(c(first, later)), region = rep(c("A", "B"), each = 3), year = rep(2009:2011, 2),
               gdp = c(1, 2, 9, 3, 4, 8))
  expect_refused(read(c(first, file_of("g3.csv", "Indicator: gdp", "region,2010,2011", "A,7,9"))), "ambiguous_column")
  same <- c(file_of("x/data.csv", wide), file_of("y/data.csv", "region,2009,2010", "A,5,6", "B,7,8"))
  expect_snapshot(read(same), error = TRUE)
  expect_panel(read(same, values = c("gdp", "pop")), region = two$unit, year = two$year, gdp = two$x,
               pop = c(5, 6, 7, 8))
  expect_refused(read(same, values = c("a", "b", "c")), "ambiguous_column")
  expect_panel(read(a, values = c(product = "gdp")), region = two$unit, year = two$year, product = two$x)
  expect_refused(read(a, values = c(product = "gnp")), "missing_column")
})

test_that("units are standardised before files are joined; without it near names are told", {
  a <- file_of("gdp.csv", "u,2009,2010", paste0(beijing, ",1,2"))
  b <- file_of("pop.csv", "u,2009,2010", paste0(beijing, "市,5,6"))
  expect_panel(read(c(a, b), standardise = "name_en"), u = c("Beijing", "Beijing"), year = 2009:2010, gdp = c(1, 2),
               pop = c(5, 6))
  expect_message(read_panel(c(a, b), quiet = FALSE), "suffix", class = "flowresil_message_reading")
  expect_refused(read(file_of("gdp.csv", wide), standardise = "code"), "unit")
})

test_that("a folder is read in the order of C; other files are passed over and told", {
  file_of("many/b.csv", wide)
  file_of("many/A.csv", wide)
  file_of("many/readme.md", "x")
  file_of("many/~$A.csv", "x")
  found <- read(file.path(folder, "many"))
  expect_identical(names(found), c("region", "year", "A", "b"))
  expect_setequal(attr(found, "reading")$file[grepl("passed over", why(found))], c("readme.md", "~$A.csv"))
})

test_that("totals are dropped, others by name, none where all would go", {
  lines <- c("region,2009", "A,1", "Total,3", "B,2")
  expect_identical(read(file_of("t.csv", lines))$region, c("A", "B"))
  expect_identical(read(file_of("t.csv", lines), drop = "B")$region, "A")
  expect_identical(read(file_of("t.csv", lines), drop = FALSE)$region, c("A", "Total", "B"))
  expect_identical(read(file_of("t.csv", "region,2009", "Total,3"))$region, "Total")
})

test_that("workbooks: sheets that hold a panel, years as their names, dates and numbers as they are", {
  skip_if_not_installed("readxl")
  skip_if_not_installed("openxlsx")
  path <- file.path(folder, "w.xlsx")
  book <- openxlsx::createWorkbook()
  for (year in c("2009", "2010")) {
    openxlsx::addWorksheet(book, year)
    openxlsx::writeData(book, year, data.frame(region = c("A", "B"), gdp = c(.1, 2) + (year == "2010"), pop = c(3, 4)))
  }
  openxlsx::addWorksheet(book, "notes")
  openxlsx::writeData(book, "notes", "read me")
  openxlsx::saveWorkbook(book, path)
  expect_panel(read(path), region = two$unit, year = two$year, gdp = c(.1, .1 + 1, 2, 3), pop = c(3, 3, 4, 4))
  expect_identical(nrow(read(path, sheet = "2010")), 2L)
  expect_identical(nrow(read(path, sheet = 2)), 2L)
  expect_snapshot(read(path, sheet = "x"), error = TRUE)
  book <- openxlsx::createWorkbook()
  for (name in c("gdp", "pop")) {
    openxlsx::addWorksheet(book, name)
    openxlsx::writeData(book, name, data.frame(region = c("A", "B"), "2009" = c(1, 3), "2010" = c(2, 4),
                                               check.names = FALSE))
  }
  openxlsx::saveWorkbook(book, path, overwrite = TRUE)
  expect_panel(read(path), region = two$unit, year = two$year, gdp = two$x, pop = two$x)
  writeLines("no workbook", path)
  expect_refused(read(path), "file")
})

test_that("Stata files: labels, times and missing values", {
  skip_if_not_installed("haven")
  path <- file.path(folder, "s.dta")
  labelled <- haven::labelled(c(1, 1, 2), c(North = 1, South = 2), label = "Region")
  data <- data.frame(region = labelled, year = c(2009, 2010, 2009), d = haven::labelled(c(0, 1, 1), c(no = 0, yes = 1)),
                     x = c(1.5, haven::tagged_na("a"), 3))
  attr(data$x, "label") <- "Product"
  haven::write_dta(data, path)
  found <- read(path)
  expect_panel(found, region = c("North", "North", "South"), year = c(2009L, 2010L, 2009L), d = c(0, 1, 1),
               x = c(1.5, NA, 3))
  expect_identical(attr(found$x, "label"), "Product")
  expect_identical(attr(found$d, "labels"), c(no = 0, yes = 1))
  quarterly <- data.frame(id = c("a", "a"), when = structure(c(200, 201), format.stata = "%tq"), x = 1:2)
  haven::write_dta(quarterly, path)
  expect_identical(read(path)$when, as.Date(c("2010-01-01", "2010-04-01")))
  haven::write_dta(data.frame(a = c("x", "y"), b = c("u", "v"), year = 2009, x = 1:2), path)
  expect_refused(read(path), "unit")
  expect_identical(read(path, unit = "b")$b, c("u", "v"))
})

test_that("files that cannot be read are refused by class", {
  expect_refused(read(file.path(folder, "none.csv")), "file")
  expect_refused(read(file_of("empty.csv", "")), "file")
  expect_refused(read(file_of("x.pdf", "a")), "file")
  expect_refused(read(file_of("text.csv", "only words", "here")), "file")
  expect_refused(read(1), "file")
  withr::with_options(list(flowresil.max_file_mb = 1e-6), expect_refused(read(file_of("gdp.csv", wide)), "file"))
  expect_refused(read(file_of("gdp.csv", wide), shape = "long"), "shape")
  expect_refused(read(file_of("long.csv", "prov,year,gdp", "A,2009,1"), shape = "wide"), "shape")
  expect_refused(read(file_of("gdp.csv", wide), unit = 1), "missing_column")
  expect_snapshot(read(file.path(folder, "none.csv")), error = TRUE)
  expect_snapshot(read(file_of("empty.csv", "region,2009", "A,")), error = TRUE)
})

test_that("the message tells what was read", {
  expect_snapshot(invisible(read_panel(file_of("pop.csv", "prov,2009,2010", "A,\"1,200\",2", "B,3,..", "Total,4,5"),
                                       quiet = FALSE)))
})
