# Called by tools/coverage: covr on the R code of a copy of the package.
# Arguments: the copy. Prints percent by file, the total, and lines not reached of files below the goal.

goal <- 95
arguments <- commandArgs(trailingOnly = TRUE)

# Only R is traced: flags for gcov would slow the core down and say nothing that tests/core does not.
options(covr.flags = character(), covr.gcov = "")
tests <- "testthat::test_dir(file.path(Sys.getenv('FLOWRESIL_COPY'), 'tests', 'testthat'),
  package = 'flowresil', load_package = 'installed', reporter = 'silent', stop_on_failure = FALSE)"
Sys.setenv(FLOWRESIL_COPY = normalizePath(arguments[[1L]]))
coverage <- covr::package_coverage(arguments[[1L]], type = "none", code = tests, quiet = TRUE,
                                   line_exclusions = list("R/RcppExports.R"))

lines <- covr::tally_coverage(coverage, by = "line")
lines <- lines[grepl("^R/", lines$filename), ]
reached <- tapply(lines$value > 0, lines$filename, mean)
counted <- tapply(lines$value, lines$filename, length)
total <- 100 * mean(lines$value > 0)
for (file in names(reached)) {
  cat(sprintf("%6.1f %%  %4d lines  %s\n", 100 * reached[[file]], counted[[file]], file))
}
cat(sprintf("%6.1f %%  %4d lines  total\n", total, nrow(lines)))

for (file in names(reached)[100 * reached < goal]) {
  missed <- lines$line[lines$filename == file & lines$value == 0]
  cat("below ", goal, " %: ", file, ", lines ", paste(missed, collapse = ", "), "\n", sep = "")
}
quit(save = "no", status = as.integer(total < goal))
