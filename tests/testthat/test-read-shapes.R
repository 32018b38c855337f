# Thirty shapes of files, one line each: all hold the same panel, read exactly, or are refused with the reason.

zh <- list(beijing = "\u5317\u4eac\u5e02", tianjin = "\u5929\u6d25\u5e02", region = "\u5730\u533a", year = "\u5e74",
           all = "\u5168\u56fd")

# Lines of text in a file of some encoding, read; `...` goes to read_panel().
shape <- function(lines, ..., ending = "csv", from = "UTF-8", bom = FALSE) {
  path <- file.path(withr::local_tempdir(), paste0("gdp.", ending))
  text <- paste0(paste(gsub("{b}", zh$beijing, gsub("{t}", zh$tianjin, lines, fixed = TRUE), fixed = TRUE),
                       collapse = "\n"), "\n")
  bytes <- iconv(enc2utf8(text), "UTF-8", from, toRaw = TRUE)[[1L]]
  writeBin(c(if (bom) as.raw(if (from == "UTF-16LE") c(0xFF, 0xFE) else c(0xEF, 0xBB, 0xBF)), bytes), path)
  read_panel(path, ..., quiet = TRUE)
}

# Beijing 1.5, 2, Tianjin 3, missing; 2019 and 2020.
expect_panel <- function(read) {
  values <- unlist(read[vapply(read, is.double, NA)], use.names = FALSE)
  expect_identical(standardise_units(read[[1L]], "name_en"), rep(c("Beijing", "Tianjin"), each = 2L))
  expect_identical(read[[2L]], c(2019L, 2020L, 2019L, 2020L))
  expect_identical(values, c(1.5, 2, 3, NA))
}

wide <- c("{b},1.5,2", "{t},3,")
long <- c("{b},2019,1.5", "{b},2020,2", "{t},2019,3", "{t},2020,")
years <- "region,2019,2020"

read_shapes <- list(
  "long" = function() shape(c("province,year,gdp", long)),
  "long, Chinese heads" = function() shape(c(paste(zh$region, "\u5e74\u4efd", "gdp", sep = ","), long)),
  "long, time first" = function() {
    shape(c("year,province,gdp", "2019,{b},1.5", "2020,{b},2", "2019,{t},3", "2020,{t},"), unit = "province")
  },
  "long, indicator column" = function() {
    shape(c("province,year,indicator,value", sub("(20..),", "\\1,gdp,", long), "{b},2019,pop,7"))[1:3]
  },
  "wide" = function() shape(c(years, wide)),
  "wide, UTF-8 with a mark" = function() shape(c(years, wide), bom = TRUE),
  "wide, GB18030" = function() shape(c(years, wide), from = "GB18030"),
  "wide, UTF-16" = function() shape(c(years, wide), from = "UTF-16LE", bom = TRUE),
  "wide, tabs" = function() shape(gsub(",", "\t", c(years, wide)), ending = "tsv"),
  "wide, semicolons" = function() shape(gsub(",", ";", c(years, wide)), ending = "txt"),
  "wide, decimal commas" = function() shape(c("region;2019;2020", "{b};1,5;2", "{t};3;")),
  "wide, heads with the sign of years" = function() shape(c(paste0("region,2019", zh$year, ",2020", zh$year), wide)),
  "wide, heads of R" = function() shape(c("region,X2019,X2020", wide)),
  "wide, heads of a database" = function() shape(c("region,2019 [YR2019],2020 [YR2020]", wide)),
  "wide, years from the last" = function() shape(c("region,2020,2019", "{b},2,1.5", "{t},,3")),
  "wide, lines before" = function() shape(c("Database: annual", "Unit: 100 million yuan", "", years, wide)),
  "wide, a note at the foot" = function() shape(c(years, wide, "Source: yearbook")),
  "wide, blank rows" = function() shape(c(years, wide[1L], ",,", wide[2L])),
  "wide, a total" = function() shape(c(years, wide, paste0(zh$all, ",4.5,2"))),
  "wide, a repeated head" = function() shape(c(years, wide[1L], years, wide[2L])),
  "wide, white space in names" = function() shape(c(years, "\u5317\u3000\u4eac,1.5,2", "\u5929 \u6d25,3,")),
  "wide, marks of missing values" = function() shape(c(years, wide[1L], "{t},3,\u2026")),
  "wide, notes in cells" = function() shape(c(years, "{b},1.5\u2460,2*", wide[2L])),
  "wide, full-width digits" = function() shape(c(years, "{b},\uff11.\uff15,2", wide[2L])),
  "wide, running numbers" = function() shape(c("No.,region,2019,2020", paste0(1:2, ",", wide))),
  "wide, an indicator column" = function() shape(c("region,indicator,2019,2020", "{b},gdp,1.5,2", "{t},gdp,3,"))[1:3],
  "transposed" = function() shape(c("year,{b},{t}", "2019,1.5,3", "2020,2,"), values = "gdp"),
  "heads of words and years" = function() shape(c(paste0("region,gdp2019,gdp2020"), wide)),
  "xls" = function() {
    skip_if_not_installed("readxl")
    path <- file.path(withr::local_tempdir(), "gdp.xls")
    write_xls(rbind(c("region", "2019\u5e74", "2020\u5e74"), c(zh$beijing, "1.5", "2"), c(zh$tianjin, "3", NA)), path)
    expect_lte(file.size(path), 2048)
    read_panel(path, quiet = TRUE)
  },
  "xlsx, a sheet a year" = function() {
    skip_if_not_installed("openxlsx")
    skip_if_not_installed("readxl")
    path <- file.path(withr::local_tempdir(), "gdp.xlsx")
    sheets <- list("2019" = data.frame(region = c(zh$beijing, zh$tianjin), gdp = c(1.5, 3)),
                   "2020" = data.frame(region = c(zh$beijing, zh$tianjin), gdp = c(2, NA)))
    openxlsx::write.xlsx(sheets, path)
    read_panel(path, quiet = TRUE)
  }
)

test_that("there are thirty shapes", {
  expect_gte(length(read_shapes), 30L)
})

for (name in names(read_shapes)) {
  test_that(paste("the panel is read exactly:", name), {
    expect_panel(read_shapes[[name]]())
  })
}

test_that("shapes that could be two things are refused with the reason", {
  refused <- function(lines, class, ...) expect_error(shape(lines, ...), class = paste0("flowresil_error_", class))
  refused(c("region,2016.1,2016.11", wide), "time")
  refused(c("region,2010-11,2011-12", wide), "time")
  refused(c("region,2019,2020Q1", wide), "time")
  refused(c("region,gdp,pop", wide), "time")
  refused(c(years, "{b},1.5,2 m", wide[2L]), "cell")
  refused(c(years, wide, "{b},9,9"), "duplicate_rows")
  refused("region", "file")
  refused(c(years, wide), "file", ending = "pdf")
  refused(c("province,year,gdp", long, "{b},2019,7"), "duplicate_rows")
})
