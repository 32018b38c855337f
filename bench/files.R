# Times reading of files and writing of tables against limits of seconds, in one process. Prints lines of CSV as
# blocks.R does.
library(flowresil)
options(flowresil.quiet = TRUE)
report <- function(what, call, limit) {
  seconds <- median(vapply(1:5, function(i) system.time(call())[["elapsed"]], numeric(1)))
  cat(what, seconds, limit, paste("limit of", limit, "s"), sep = ",", fill = TRUE)
}
set.seed(1)
folder <- tempfile("files-")
dir.create(file.path(folder, "fifty"), recursive = TRUE)

table_of <- function(n_units, years) {
  values <- matrix(round(rexp(n_units * length(years)), 4), n_units, dimnames = list(NULL, years))
  data.frame(region = sprintf("unit %03d", seq_len(n_units)), values, check.names = FALSE)
}
for (i in 1:50) {
  write.csv(table_of(31, 2001:2020), file.path(folder, "fifty", sprintf("indicator%02d.csv", i)), row.names = FALSE)
}
report("read_panel 50 csv of 31 x 20", function() read_panel(file.path(folder, "fifty")), 2)

long <- expand.grid(year = 2001:2010, unit = sprintf("u%05d", 1:5000))
for (j in 1:6) long[[paste0("x", j)]] <- rnorm(5e4)
write.csv(long[c("unit", "year", paste0("x", 1:6))], file.path(folder, "long.csv"), row.names = FALSE)
report("read_panel csv of 50000 x 8", function() read_panel(file.path(folder, "long.csv")), 2)

if (requireNamespace("openxlsx", quietly = TRUE) && requireNamespace("readxl", quietly = TRUE)) {
  sheets <- lapply(1:20, function(i) table_of(31, 2001:2020))
  openxlsx::write.xlsx(setNames(sheets, paste0("indicator", 1:20)), file.path(folder, "twenty.xlsx"))
  report("read_panel xlsx of 20 sheets", function() read_panel(file.path(folder, "twenty.xlsx")), 2)
}

models <- lapply(1:8, function(i) {
  fe_model(ExpRes ~ open + gov + edu + health + tec | province + year, province_panel, vcov = ~province)
})
report("fe_table of 8 models", function() fe_table(models), .2)
if (requireNamespace("flextable", quietly = TRUE) && requireNamespace("officer", quietly = TRUE)) {
  tables <- rep(list(fe_table(models)), 6)
  word <- file.path(folder, "tables.docx")
  report("save_table docx of 6 tables of 8 models", function() save_table(tables, word, overwrite = TRUE), 3)
}
unlink(folder, recursive = TRUE)
