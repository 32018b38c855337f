# The map of the house is true: it names every file, and its code runs and compiles.

page_lines <- function() {
  root <- source_root()
  skip_if(is.null(root), "the sources are not here")
  readLines(file.path(root, "vignettes", "developing.Rmd"), encoding = "UTF-8")
}

# The blocks of the page: list(head = what stands behind the backticks, code = lines).
page_blocks <- function() {
  lines <- page_lines()
  fences <- grep("^```", lines)
  starts <- fences[c(TRUE, FALSE)]
  ends <- fences[c(FALSE, TRUE)]
  Map(function(from, to) list(head = lines[from], code = lines[seq_len(to - from - 1L) + from]), starts, ends)
}

blocks_headed <- function(pattern) {
  lapply(Filter(function(block) grepl(pattern, block$head, perl = TRUE), page_blocks()), `[[`, "code")
}

test_that("the map names every file of R/ and of the core", {
  text <- paste(page_lines(), collapse = "\n")
  stands <- function(names) names[!vapply(paste0("`", names, "`"), grepl, NA, x = text, fixed = TRUE)]
  files <- list.files(file.path(source_root(), "R"), "[.]R$")
  expect_identical(stands(setdiff(files, "RcppExports.R")), character())
  core <- list.files(file.path(source_root(), "src", "core"), "[.]hpp$", recursive = TRUE)
  expect_identical(stands(sub("[.]hpp$", "", basename(core))), character())
  expect_identical(stands(paste0(unique(dirname(core)), "/")), character())
})

test_that("the map names no file that is not there", {
  text <- paste(page_lines(), collapse = "\n")
  table <- regmatches(text, regexpr("(?s)### R/, from the ground up.*?### src/core/", text, perl = TRUE))
  named <- regmatches(table, gregexpr("(?<=`)[A-Za-z-]+[.]R(?=`)", table, perl = TRUE))[[1L]]
  expect_identical(setdiff(named, list.files(file.path(source_root(), "R"))), character())
  expect_identical(named[duplicated(named)], character())
})

test_that("the chunks of R run, in the order of the page", {
  chunks <- blocks_headed("^```\\{r (?!setup|.*eval = FALSE)")
  expect_gt(length(chunks), 10L)
  room <- new.env(parent = environment())
  withr::local_options(flowresil.quiet = TRUE)
  for (code in chunks) {
    for (expr in parse(text = code, keep.source = FALSE)) expect_error(utils::capture.output(eval(expr, room)), NA)
  }
})

test_that("the blocks of C++ compile, and their tests pass", {
  skip_on_cran()
  compiler <- Sys.which("g++")
  skip_if(!nzchar(compiler), "no g++")
  root <- source_root()
  blocks <- blocks_headed("^```cpp")
  files <- sub("^// ", "", vapply(blocks, `[[`, "", 1L))
  expect_length(files, 6L)
  folder <- withr::local_tempdir()
  for (i in seq_along(files)) {
    path <- file.path(folder, files[i])
    dir.create(dirname(path), recursive = TRUE, showWarnings = FALSE)
    writeLines(blocks[[i]], path)
  }
  own <- list.files(folder, "[.]cpp$", recursive = TRUE, full.names = TRUE)
  own <- own[!grepl("export_", own)]
  below <- c("panel/sample.cpp", "panel/graph.cpp", "within/level_sums.cpp", "within/demean.cpp")
  below <- file.path(root, "src/core", below)
  eigen <- system.file("include", package = "RcppEigen")
  skip_if(!nzchar(eigen), "no Eigen")
  includes <- paste0("-I", shQuote(c(file.path(folder, "src/core"), file.path(root, "src/core"),
                                     file.path(root, "tests/core"))))
  runner <- file.path(folder, "runner")
  status <- system2(compiler, c(
    "-std=c++17", "-O0", "-Wall", "-Wextra", "-Werror", includes, "-isystem", shQuote(eigen),
    shQuote(c(own, below, file.path(root, "tests/core/main.cpp"))), "-o", shQuote(runner)
  ))
  expect_identical(status, 0L)
  said <- system2(runner, stdout = TRUE)
  expect_identical(said[length(said)], "3 passed, 0 failed")

  # The export and the R function around it.
  skip_if_not_installed("Rcpp")
  header <- blocks[[match("src/core/index/variation.hpp", files)]]
  routine <- blocks[[match("src/core/index/variation.cpp", files)]]
  export <- blocks[[match("src/export_index.cpp", files)]]
  room <- new.env(parent = environment())
  whole <- c("// [[Rcpp::depends(RcppEigen)]]", "#include <RcppEigen.h>", setdiff(header, "#pragma once"),
             routine[!grepl("index/variation.hpp", routine)], export)
  withr::local_envvar(PKG_CPPFLAGS = paste0("-I", shQuote(file.path(root, "src/core"))), PKG_CXXFLAGS = "-w")
  utils::capture.output(Rcpp::sourceCpp(code = paste(whole, collapse = "\n"), env = room))
  for (code in blocks_headed("^```\\{r variation")) eval(parse(text = code, keep.source = FALSE), room)
})
