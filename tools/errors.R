# Called by tools/document with the package installed: completes the section Errors of every page in man/ by the
# classes that the page's functions can raise and that its author did not name. The classes are read from the code
# (tests/testthat/helper-conditions.R), and tests/testthat/test-base-conditions.R compares both.
# Argument: the top of the checkout.

root <- commandArgs(trailingOnly = TRUE)[[1L]]
reading <- new.env()
sys.source(file.path(root, "tests", "testthat", "helper-conditions.R"), reading)
begin <- "% classes read from the code by tools/document: begin"
end <- "% classes read from the code by tools/document: end"

without_addition <- function(lines) {
  from <- match(begin, lines)
  if (is.na(from)) lines else lines[-(from:match(end, lines))]
}

# Lines for one page: the classes by kind, as Rd.
spell <- function(classes, beside) {
  quoted <- function(kind) paste0("\\code{", grep(paste0("^flowresil_", kind), classes, value = TRUE), "}")
  phrases <- lapply(c(Errors = "error", Warnings = "warning", Messages = "message"), quoted)
  phrases <- phrases[vapply(phrases, function(words) !identical(words, "\\code{}"), NA)]
  text <- paste0(names(phrases), ": ", vapply(phrases, paste, "", collapse = ", "), ".", collapse = " ")
  opening <- if (beside) "Further classes, each explained in \\link{flowresil-conditions}. " else
    "Classes, each explained in \\link{flowresil-conditions}. "
  strwrap(paste0(opening, text), 100L)
}

# Puts the lines before the brace that closes the section, or a section of its own at the end of the page.
complete_page <- function(file, reach, methods) {
  lines <- without_addition(readLines(file, encoding = "UTF-8"))
  text <- tempfile(fileext = ".Rd")
  writeLines(lines, text, useBytes = TRUE)
  page <- tools::parse_Rd(text, encoding = "UTF-8")
  known <- reading$read_help(list(page))[[1L]]
  classes <- setdiff(reading$classes_of_page(known, reach, methods), reading$never_raised[[basename(file)]])
  classes <- classes[!reading$named_in(classes, known$errors)]
  if (length(classes)) {
    section <- Filter(reading$is_errors_section, page)
    if (length(section)) {
      last <- attr(section[[1L]], "srcref")[[3L]]
      added <- c(begin, "", spell(classes, TRUE), end)
      lines <- append(lines, added, last - 1L)
    } else {
      lines <- c(lines, begin, "\\section{Errors}{", spell(classes, FALSE), "}", end)
    }
  }
  writeLines(lines, file, useBytes = TRUE)
  length(classes)
}

namespace <- asNamespace("flowresil")
reach <- reading$reachable_classes(reading$read_conditions(namespace), namespace)
pages <- list.files(file.path(root, "man"), "[.]Rd$", full.names = TRUE)
added <- vapply(pages, complete_page, 1L, reach = reach, methods = reading$s3_methods(namespace))
cat("sections Errors: ", sum(added), " classes added on ", sum(added > 0L), " of ", length(pages), " pages\n", sep = "")
