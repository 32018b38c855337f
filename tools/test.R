# Called by tools/test and tools/mutants: runs testthat on the installed package. A snapshot that is new, or that no
# test makes any more, counts as a failure: testthat itself writes the one and deletes the other with a remark at most.
# Arguments: the folder of tests, a file for the counts (passed failed skipped), a filter (optional).

arguments <- commandArgs(trailingOnly = TRUE)
folder <- arguments[[1L]]
counts_file <- arguments[[2L]]
filter <- if (length(arguments) > 2L) arguments[[3L]]

if (!dir.exists(folder) || !length(list.files(folder, "^test.*[.][rR]$"))) {
  cat("no test files in ", folder, "\n", sep = "")
  writeLines("0 1 0", counts_file)
  quit(save = "no", status = 1L)
}
if (!requireNamespace("testthat", quietly = TRUE)) {
  stop("the tests need the package testthat, which could not be installed", call. = FALSE)
}

# The reporter would otherwise give up after ten failures.
options(testthat.progress.max_fails = .Machine$integer.max, warn = 1L)
if (!nzchar(Sys.getenv("TESTTHAT_PARALLEL"))) Sys.setenv(TESTTHAT_PARALLEL = "FALSE")

# The sections of every file of snapshots: "file: test" and their text.
read_snapshots <- function() {
  files <- list.files(file.path(folder, "_snaps"), "[.]md$", recursive = TRUE, full.names = TRUE)
  files <- files[!grepl("[.]new[.]md$", files)]
  sections <- lapply(files, function(file) {
    lines <- readLines(file, encoding = "UTF-8", warn = FALSE)
    at <- cumsum(startsWith(lines, "# "))
    text <- vapply(split(lines[at > 0L], at[at > 0L]), paste, "", collapse = "\n")
    # The blank line between two sections belongs to neither.
    stats::setNames(sub("\n+$", "", text), paste0(basename(file), ": ", lines[startsWith(lines, "# ")]))
  })
  unlist(sections)
}
snapshots <- read_snapshots()

results <- testthat::test_dir(
  folder,
  filter = filter,
  package = "flowresil",
  load_package = "installed",
  reporter = testthat::ProgressReporter$new(
    show_praise = FALSE,
    # In a log, one line a file.
    update_interval = if (isatty(stdout())) 0.1 else Inf
  ),
  stop_on_failure = FALSE,
  stop_on_warning = FALSE
)
counts <- as.data.frame(results)
failed <- sum(counts$failed) + sum(counts$error)
passed <- sum(counts$passed)
skipped <- sum(counts$skipped)
if (passed + failed + skipped == 0) {
  cat("the test files hold no test\n")
  failed <- 1
}
now <- read_snapshots()
both <- intersect(names(snapshots), names(now))
changed <- list(
  "is new or longer" = c(setdiff(names(now), both), both[snapshots[both] != now[both]]),
  "is made by no test" = setdiff(names(snapshots), names(now))
)
for (what in names(changed)) for (name in changed[[what]]) {
  cat("a snapshot ", what, ": ", name, "\n", sep = "")
  failed <- failed + 1
}
if (any(lengths(changed) > 0L)) cat("look at the change of _snaps and commit it\n")
writeLines(paste(passed, failed, skipped), counts_file)
quit(save = "no", status = as.integer(failed > 0))
