# The house holds: floors, circles, sizes. Read from the sources; where only the installed package is, skipped by name.

floors <- list(
  base = "base", data = c("data", "source", "datasets", "read"), panel = "panel", filter = c("filter", "index"),
  resilience = c("resilience", "regression"), vcov = "vcov", fe = c("fe", "boot"),
    analyses = c("compare", "mediation"), describe = "describe",
  table = "table", plots = "plots"
)

# By the last word of a file's name for plots, by the first for the rest. The package's own file stands on no floor.
floor_of <- function(file) {
  words <- strsplit(sub("[.]R$", "", file), "-")[[1L]]
  word <- if (words[length(words)] == "plots") "plots" else words[1L]
  found <- which(vapply(floors, function(names) word %in% names, NA))
  if (length(found)) found[[1L]] else NA_integer_
}

source_files <- function() {
  root <- source_root()
  skip_if(is.null(root), "the sources are not here")
  files <- sort(list.files(file.path(root, "R"), "[.]R$", full.names = TRUE))
  files[!basename(files) %in% c("RcppExports.R", "flowresil-package.R")]
}

# Every use of a name that another file assigns: function `by` in `from` uses `name` of `to`.
arrows <- function(files) {
  owner <- character()
  uses <- list()
  for (file in files) {
    for (expr in as.list(parse(file, keep.source = FALSE))) {
      if (!rlang::is_call(expr, "<-") || !is.symbol(expr[[2L]])) next
      name <- as.character(expr[[2L]])
      owner[[name]] <- basename(file)
      value <- if (rlang::is_call(expr[[3L]], "function")) eval(expr[[3L]], baseenv())
      uses[[name]] <- if (is.null(value)) all.names(expr[[3L]]) else codetools::findGlobals(value)
    }
  }
  found <- lapply(names(uses), function(by) {
    name <- intersect(uses[[by]], names(owner))
    name <- name[owner[name] != owner[[by]]]
    data.frame(from = rep(owner[[by]], length(name)), to = unname(owner[name]), by = rep(by, length(name)), name = name)
  })
  do.call(rbind, found)
}

test_that("every file stands on a floor, and no function uses one of a higher floor", {
  skip_if_not_installed("codetools")
  files <- source_files()
  floor <- vapply(basename(files), floor_of, 0L)
  expect_identical(names(floor)[is.na(floor)], character())
  found <- arrows(files)
  climbing <- found[floor[found$to] > floor[found$from], ]
  expect_identical(
    sprintf("%s() in %s uses %s of %s", climbing$by, climbing$from, climbing$name, climbing$to), character()
  )
})

test_that("no name is assigned in two files", {
  names <- unlist(lapply(source_files(), function(file) {
    exprs <- Filter(function(expr) rlang::is_call(expr, "<-") && is.symbol(expr[[2L]]), as.list(parse(file)))
    unique(vapply(exprs, function(expr) as.character(expr[[2L]]), ""))
  }))
  expect_identical(names[duplicated(names)], character())
})

test_that("no file takes part in a circle", {
  skip_if_not_installed("codetools")
  found <- arrows(source_files())
  edges <- unique(found[c("from", "to")])
  # What nothing points at, and what points at nothing, is in no circle.
  repeat {
    inside <- edges$from %in% edges$to & edges$to %in% edges$from
    if (all(inside)) break
    edges <- edges[inside, ]
  }
  expect_identical(sprintf("%s -> %s", edges$from, edges$to), character())
})

test_that("above the data floor nobody reaches into the data: a source is asked", {
  between <- which(names(floors) %in% c("data", "plots"))
  above <- Filter(function(file) {
    floor <- floor_of(basename(file))
    floor > between[1L] && floor < between[2L]
  }, source_files())
  reach <- paste0("\\b(names|nrow|nrow_of|NROW|dim|unclass)\\((new)?data\\)|[.]subset2\\((new)?data\\b|",
                  "\\b(new)?data(\\[\\[|[$])|attr\\((new)?data\\b")
  found <- lapply(above, function(file) {
    lines <- readLines(file, warn = FALSE)
    # `.data$unit` is ggplot2's pronoun, `call$data` an element of another list.
    lines <- sub("#.*$", "", gsub("[.]data[$]|(call|object|spec|shared|[.])[$]data", "", lines))
    at <- grep(reach, lines, perl = TRUE)
    sprintf("%s:%d: %s", basename(file), at, trimws(lines[at]))
  })
  expect_identical(unlist(found), character())
})

test_that("no file has more than 400 lines", {
  lines <- vapply(source_files(), function(file) length(readLines(file, warn = FALSE)), 0L)
  expect_identical(basename(names(lines))[lines > 400L], character())
})
