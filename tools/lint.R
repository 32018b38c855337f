# Called by tools/lint from the top of the checkout: lints every R file that is written by hand.

folders <- c("R", "tests", "data-raw", "vignettes", "bench", "tools", "inst")
folders <- folders[dir.exists(folders)]
files <- list.files(folders, "[.](R|r|Rmd)$", recursive = TRUE, full.names = TRUE)
files <- setdiff(files, "R/RcppExports.R")

# lintr knows a method by its dot only where the generic is imported; NAMESPACE names the others too.
methods <- if (file.exists("NAMESPACE")) {
  parseNamespaceFile(basename(getwd()), dirname(getwd()))$S3methods
} else {
  matrix(character(), 0L, 2L)
}
methods <- paste(methods[, 1L], methods[, 2L], sep = ".")
is_method <- function(remark) {
  remark$linter == "object_name_linter" && sub("^[` ]*([^` ]+)[` ]*<-.*", "\\1", remark$line) %in% methods
}
lint_file <- function(file) {
  remarks <- lintr::lint(file)
  remarks[!vapply(remarks, is_method, logical(1L))]
}

found <- lapply(files, lint_file)
for (one in found) if (length(one)) print(one)
count <- sum(lengths(found))
cat(length(files), " files, ", count, " remarks\n", sep = "")
quit(save = "no", status = as.integer(count > 0L))
