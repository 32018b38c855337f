# Three files as the statistics bureau's page gives them, from the panel's own figures: inst/extdata/downloads.
# Run from the root of the sources: Rscript data-raw/downloads.R

panel <- utils::read.csv("inst/extdata/province_panel.csv", comment.char = "#", encoding = "UTF-8")
provinces <- utils::read.csv("inst/extdata/provinces.csv", comment.char = "#", encoding = "UTF-8")
folder <- file.path("inst", "extdata", "downloads")
dir.create(folder, showWarnings = FALSE)

series <- list(
  exports = c("\u51fa\u53e3\u603b\u989d", "\u4e07\u7f8e\u5143"),
  broadband_ports = c("\u4e92\u8054\u7f51\u5bbd\u5e26\u63a5\u5165\u7aef\u53e3", "\u4e07\u4e2a"),
  patents_granted = c("\u4e13\u5229\u6388\u6743\u6570", "\u9879")
)
years <- 2022:2008
for (name in names(series)) {
  column <- panel[[name]]
  cell <- function(place, year) column[match(paste(place, year), paste(panel$province, panel$year))]
  rows <- vapply(provinces$province, function(place) {
    values <- cell(place, years)
    paste(c(provinces$province_zh[provinces$province == place], ifelse(is.na(values), "", values)), collapse = ",")
  }, "")
  lines <- c(
    "\u6570\u636e\u5e93\uff1a\u5206\u7701\u5e74\u5ea6\u6570\u636e", paste0("\u6307\u6807\uff1a", series[[name]][1L],
    "(", series[[name]][2L], ")"), paste(c("\u5730\u533a", paste0(years, "\u5e74")), collapse = ","), rows,
    "\u6570\u636e\u6765\u6e90\uff1a\u56fd\u5bb6\u7edf\u8ba1\u5c40"
  )
  file <- base::file(file.path(folder, paste0(name, ".csv")), "wb")
  writeLines(enc2utf8(lines), file, useBytes = TRUE)
  close(file)
}
