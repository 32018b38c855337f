# The core's house holds: its floors, its lists of objects, its tests, its sizes. Read from the sources; where only the
# installed package is, skipped by name.

core_floors <- c("base", "panel", "index", "filter", "within", "regression", "variance", "bootstrap")
# What each folder may include beside itself: index and filter stand beside the regression's folders, not below them.
may_include <- list(
  base = character(), panel = "base", index = c("base", "panel"), filter = c("base", "panel"),
  within = c("base", "panel"), regression = c("base", "panel", "within"),
  variance = c("base", "panel", "within", "regression"),
  bootstrap = c("base", "panel", "within", "regression", "variance")
)

core_root <- function() {
  root <- source_root()
  skip_if(is.null(root), "the sources are not here")
  file.path(root, "src", "core")
}

core_files <- function(pattern = "[.][ch]pp$") list.files(core_root(), pattern, recursive = TRUE)

test_that("the core has the folders of its floors, and every include is written from src/core and runs down", {
  files <- core_files()
  expect_setequal(unique(dirname(files)), core_floors)
  for (file in files) {
    lines <- readLines(file.path(core_root(), file), warn = FALSE)
    included <- sub('^#include "(.*)".*', "\\1", grep('^#include "', lines, value = TRUE))
    expect_identical(setdiff(included, files), character(), info = file)
    folder <- dirname(file)
    climbing <- included[!dirname(included) %in% c(folder, may_include[[folder]])]
    expect_identical(climbing, character(), info = file)
  }
})

test_that("the core includes neither R nor Rcpp", {
  for (file in core_files()) {
    lines <- readLines(file.path(core_root(), file), warn = FALSE)
    found <- grep("#include *[<\"](R|Rcpp|Rinternals|RcppEigen)([.]h|/|[>\"])", lines, value = TRUE)
    expect_identical(found, character(), info = file)
  }
})

test_that("Makevars lists every source once, and Makevars.win is the same", {
  source <- dirname(core_root())
  text <- paste(gsub("\\\\$", "", readLines(file.path(source, "Makevars"), warn = FALSE)), collapse = "\n")
  listed <- regmatches(text, gregexpr("[A-Za-z_/]+[.]o\\b", text))[[1L]]
  files <- list.files(source, "[.]cpp$", recursive = TRUE)
  expect_identical(sort(listed), sort(sub("[.]cpp$", ".o", files)))
  expect_identical(readLines(file.path(source, "Makevars.win")), readLines(file.path(source, "Makevars")))
})

test_that("every file of the core has a file of tests in the folder of the same name", {
  tests <- list.files(file.path(dirname(dirname(core_root())), "tests", "core"), "^test_.*[.]cpp$", recursive = TRUE)
  wanted <- core_files("[.]cpp$")
  wanted <- file.path(dirname(wanted), paste0("test_", basename(wanted)))
  expect_identical(setdiff(wanted, tests), character())
})

test_that("no file of the core has more than 250 lines", {
  files <- core_files()
  lines <- vapply(file.path(core_root(), files), function(file) length(readLines(file, warn = FALSE)), 0L)
  expect_identical(files[lines > 250L], character())
})
