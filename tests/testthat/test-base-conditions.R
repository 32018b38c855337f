# The code is read, not run: every text of a condition stands in a snapshot, every class in the help.

# Read once for all tests here.
code <- new.env()
conditions_of_code <- function() {
  if (is.null(code$conditions)) code$conditions <- read_conditions(asNamespace("flowresil"))
  code$conditions
}
reach_of_code <- function() {
  if (is.null(code$reach)) code$reach <- reachable_classes(conditions_of_code(), asNamespace("flowresil"))
  code$reach
}

# Pages of the checkout where there is one, else of the installed package.
pages_of_help <- function() {
  files <- list.files(test_path("../../man"), "[.]Rd$", full.names = TRUE)
  if (length(files)) {
    pages <- lapply(files, tools::parse_Rd, encoding = "UTF-8")
    return(read_help(stats::setNames(pages, basename(files))))
  }
  pages <- tryCatch(tools::Rd_db("flowresil"), error = function(e) list())
  skip_if(length(pages) == 0L, "The package is installed without its help")
  read_help(pages)
}

expect_nothing_in <- function(found, claim, todo) {
  expect(length(found) == 0L, paste0(claim, "\n", paste0("* ", found, collapse = "\n"), "\n", todo))
}

test_that("every text of an error, warning or message stands in a snapshot", {
  skip_on_covr()
  files <- list.files(test_path("_snaps"), "[.]md$", recursive = TRUE, full.names = TRUE)
  skip_if(length(files) == 0L, "Snapshots are not here")
  lines <- unlist(lapply(files, readLines, encoding = "UTF-8", warn = FALSE))
  # In a snapshot text is indented and, in code, escaped.
  snapshots <- squash(gsub("\\", "", paste(lines, collapse = " "), fixed = TRUE))
  raised <- conditions_of_code()$raised
  raised <- raised[raised$what == "text", ]
  # What is said to a database is no text for people.
  said_to_engines <- "SELECT|CAST\\(|GROUP BY|COLLATE|BEGIN|SHOW |IS NULL|AS (REAL|DOUBLE|fr_)|\\) AS fr_|IN \\('text'"
  raised <- raised[!grepl(said_to_engines, raised$value), ]
  # A sentence may get its capital letter later.
  absent <- !vapply(tolower(gsub("\\", "", raised$value, fixed = TRUE)), grepl, NA, tolower(snapshots), fixed = TRUE)
  expect_nothing_in(
    paste0(raised$by, "(): ", raised$value)[absent], "These texts stand in no snapshot:",
    "Each needs a test with expect_snapshot(error = TRUE, ...), or expect_snapshot() for a warning or message."
  )
})

test_that("every class of a condition stands in the help of what can raise it", {
  skip_on_covr()
  reach <- reach_of_code()
  methods <- s3_methods(asNamespace("flowresil"))
  pages <- pages_of_help()
  absent <- unlist(lapply(names(pages), function(name) {
    classes <- setdiff(classes_of_page(pages[[name]], reach, methods), never_raised[[name]])
    classes <- classes[!named_in(classes, pages[[name]]$errors)]
    if (length(classes)) paste0(name, ": ", classes)
  }))
  expect_nothing_in(absent, "These classes stand in no section Errors of the page:", "Run tools/document.")
})

test_that("no page names a class that its functions cannot raise", {
  skip_on_covr()
  reach <- reach_of_code()
  methods <- s3_methods(asNamespace("flowresil"))
  pages <- pages_of_help()
  idle <- unlist(lapply(names(pages), function(name) {
    words <- strsplit(pages[[name]]$errors, "[^[:alnum:]_]+")[[1L]]
    told <- grep("^flowresil_(error|warning|message)_[a-z]", words, value = TRUE)
    classes <- setdiff(told, classes_of_page(pages[[name]], reach, methods))
    if (length(classes)) paste0(name, ": ", classes)
  }))
  expect_nothing_in(idle, "These classes stand in a section Errors in vain:", "Delete them there.")
})

test_that("everything that can raise has a help page", {
  skip_on_covr()
  namespace <- asNamespace("flowresil")
  reach <- reach_of_code()
  methods <- s3_methods(namespace)
  methods <- methods[methods$method %in% names(reach), ]
  told <- unique(unlist(lapply(pages_of_help(), functions_of_page, methods)))
  by_generic <- methods$method[methods$generic %in% intersect(told, names(reach))]
  public <- intersect(c(getNamespaceExports(namespace), methods$method), names(reach)[lengths(reach) > 0L])
  silent <- setdiff(public, c(told, by_generic, needs_no_page(methods, reach)))
  expect_nothing_in(
    silent, "These functions raise and are in no help page:",
    "Give them one by @rdname, or speak of `generic()` on a page of their class."
  )
})

test_that("the page of classes has a line for each class that is raised, and for no other", {
  skip_on_covr()
  raised <- conditions_of_code()$raised
  raised <- sort(unique(raised$value[raised$what == "class"]))
  page <- Filter(function(page) "flowresil-conditions" %in% page$aliases, pages_of_help())[[1L]]
  words <- unlist(strsplit(page$all, "[^[:alnum:]_]+"))
  told <- grep("^flowresil_(error|warning|message)_[a-z]", words, value = TRUE)
  expect_nothing_in(setdiff(raised, told), "These classes have no line in R/base-conditions-help.R:",
                    "Add one for each.")
  expect_nothing_in(setdiff(told, raised), "Nothing raises these classes of R/base-conditions-help.R:",
                    "Delete the lines.")
})

# --- the reading itself, on functions made for it ---

test_that("classes and texts are found through helpers, closures and variables", {
  code <- quote({
    abort_input <- function(fault, must, found = NULL, todo = NULL, ...) NULL
    warn_data <- function(fault, must, found = NULL, todo = NULL) NULL
    inform_user <- function(what, text, details = NULL) NULL
    hint <- function(x) {
      if (length(x)) return(paste0("Did you mean ", x))
      "There is nothing near."
    }
    refuse <- function(fault, found) abort_input(fault, "A thing must be so.", found)
    by_closure <- function(x) {
      stop_here <- function(must, row) abort_input("closed", must, sprintf("It is %s in row %d of them.", x, row))
      if (x == "not a text") stop_here("The closure must hold.", 1)
    }
    by_helper <- function(x) {
      shown <- switch(x, a = "It is the first.", b = "It is the second.")
      refuse("helped", c(shown, hint(x)))
    }
    by_variable <- function(x, y) {
      fault <- if (y) "one" else "two"
      warn_data(fault, "Only warned of.")
      by_helper(x)
    }
    quiet <- function(x) paste("no condition at all", x)
  })
  namespace <- new.env()
  eval(code, namespace)
  conditions <- read_conditions(namespace)
  raised <- conditions$raised
  of <- function(by, what) sort(raised$value[raised$by == by & raised$what == what], method = "radix")
  expect_equal(of("by_closure", "class"), "flowresil_error_closed")
  expect_equal(of("by_closure", "text"), c("It is", "The closure must hold.", "in row", "of them."))
  expect_equal(of("by_helper", "class"), "flowresil_error_helped")
  expect_equal(
    of("by_helper", "text"),
    c("Did you mean", "It is the first.", "It is the second.", "There is nothing near.")
  )
  expect_equal(of("refuse", "text"), "A thing must be so.")
  expect_equal(of("by_variable", "class"), c("flowresil_warning_one", "flowresil_warning_two"))
  expect_false("quiet" %in% raised$by)
})
