# Called by tools/replicate: knits the page and prints the four tables that its last chunk saves.
# Arguments: the Rmd, the page, a file of the reader's own or "", the Word file of the tables or "". Also
# by itself, where there is no bash and the package is installed: Rscript tools/replicate.R [FILE].

arguments <- commandArgs(trailingOnly = TRUE)
if (length(arguments) < 2L) {
  script <- sub("^--file=", "", grep("^--file=", commandArgs(), value = TRUE))
  root <- dirname(dirname(normalizePath(script)))
  panel <- if (length(arguments)) normalizePath(arguments, mustWork = FALSE) else ""
  arguments <- c(file.path(root, "vignettes", "replication.Rmd"), file.path(root, "replication.html"), panel, "")
}
source_file <- arguments[[1L]]
page <- arguments[[2L]]
panel <- arguments[[3L]]
word <- arguments[[4L]]
options(width = 120L)

say <- function(...) cat("replicate: ", ..., "\n", sep = "")
die <- function(...) {
  cat("replicate: ", ..., "\n", sep = "", file = stderr())
  quit(save = "no", status = 1L)
}

for (package in c("knitr", "rmarkdown")) {
  if (!requireNamespace(package, quietly = TRUE)) die("the page needs the R package ", package)
}
if (!rmarkdown::pandoc_available("1.12.3")) die("the page needs pandoc: please install it and run this again")
if (!file.exists(source_file)) die("there is no page to knit: ", source_file)
if (!requireNamespace("flowresil", quietly = TRUE)) die("please install flowresil first (see README.md)")
if (nzchar(panel) && !file.exists(panel)) die("there is no file ", panel)

# Every chunk says its name as it starts. A chunk option with a hook of its own name does that in all versions
# of knitr, and leaves rmarkdown quiet about the rest.
chunk <- "?"
knitr::opts_chunk$set(announce = TRUE)
knitr::knit_hooks$set(announce = function(before, options) {
  if (!before) return(invisible())
  labels <- knitr::all_labels()
  chunk <<- options$label
  cat(sprintf("  [%d/%d] %s\n", match(chunk, labels), length(labels), chunk), file = stderr())
})

# Everything is made in a temporary folder, so that the checkout gets the finished page and nothing else.
work <- tempfile("replication-")
dir.create(work)
tables_file <- file.path(work, "tables.rds")
say("knitting ", basename(source_file))
started <- Sys.time()
made <- tryCatch(
  rmarkdown::render(
    source_file,
    output_file = "replication.html",
    output_dir = work,
    intermediates_dir = file.path(work, "intermediates"),
    output_options = list(self_contained = TRUE),
    params = list(panel = panel, tables = tables_file, word = word),
    envir = new.env(parent = globalenv()),
    quiet = TRUE
  ),
  error = function(e) die("the page could not be made (chunk ", chunk, "): ", conditionMessage(e))
)
if (!file.copy(made, page, overwrite = TRUE)) die("cannot write ", page)
say(sprintf("knitted in %.0f seconds", as.numeric(difftime(Sys.time(), started, units = "secs"))))

if (!file.exists(tables_file)) die("the page is in ", page, ", but it saved no tables")
tables <- readRDS(tables_file)
for (name in names(tables)) {
  table <- tables[[name]]
  title <- attr(table, "title")
  heading <- sub("^table *", "Table ", name)
  if (!is.null(title)) heading <- paste0(heading, ". ", title)
  cat("\n", heading, "\n", strrep("-", nchar(heading)), "\n", sep = "")
  print(format(as.data.frame(table)), row.names = FALSE)
}
cat("\n")
say("the page is ", page)
if (nzchar(word)) say("the tables are in ", word)
