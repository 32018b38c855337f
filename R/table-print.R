# A table of models in the console and on the page.

#' @rdname fe_table
#' @order 2
#' @param x A `fe_table`.
#' @param width Columns of the console that a line may take.
#' @export
print.fe_table <- function(x, width = getOption("width"), ...) {
  parts <- table_parts(x)
  if (is.null(parts)) return(invisible(print(as.data.frame(x))))
  cells <- rbind(names(x), c("", parts$header), as.matrix(parts$body))
  blocks <- lapply(column_blocks(cells, width), function(columns) text_lines(cells[, c(1L, columns), drop = FALSE]))
  lines <- unlist(lapply(blocks, c, ""))
  cat(lines[-length(lines)], sep = "\n") # a blank line between blocks, none after the last
  note <- strsplit(parts$note, " (?=\\* p < )", perl = TRUE)[[1L]] # the stars on a line of their own
  cat(strwrap(note, width = min(width, max(60L, nchar(lines, "width")))), sep = "\n")
  invisible(x)
}

column_gap <- 2L

# The models' columns in blocks that fit a line beside the first column, one column at least.
column_blocks <- function(cells, width) {
  wide <- apply(nchar(cells, "width"), 2L, max)
  room <- width - wide[1L]
  blocks <- list()
  for (column in seq_len(ncol(cells))[-1L]) {
    last <- length(blocks)
    if (last && sum(wide[c(blocks[[last]], column)] + column_gap) <= room) {
      blocks[[last]] <- c(blocks[[last]], column)
    } else {
      blocks[[last + 1L]] <- column
    }
  }
  blocks
}

# Two rows of head and the body between rules: the first column to the left, the others to the right.
text_lines <- function(cells, n_head = 2L) {
  width <- apply(nchar(cells, "width"), 2L, max)
  space <- strrep(" ", rep(width, each = nrow(cells)) - nchar(cells, "width"))
  cells[] <- ifelse(col(cells) == 1L, paste0(cells, space), paste0(space, cells))
  lines <- apply(cells, 1L, paste, collapse = strrep(" ", column_gap))
  rule <- strrep("-", sum(width) + column_gap * (ncol(cells) - 1L))
  head <- seq_len(n_head)
  c(rule, lines[head], rule, lines[-head], rule)
}

#' @rdname fe_table
#' @order 2
#' @export
as.data.frame.fe_table <- function(x, ...) {
  class(x) <- "data.frame"
  x
}

#' @export
`$.fe_table` <- function(x, name) {
  if (name %in% c("body", "header", "note")) table_parts(x)[[name]] else NextMethod()
}

# Rows and columns taken out of it are a plain data frame.
#' @export
`[.fe_table` <- function(x, ...) as.data.frame(x)[...]

#' @exportS3Method knitr::knit_print
knit_print.fe_table <- function(x, ...) {
  parts <- table_parts(x)
  if (is.null(parts)) return(knitr::knit_print(as.data.frame(x), ...))
  knitr::asis_output(document_table(parts, knitr::pandoc_to()))
}

#' @rdname fe_compare-methods
#' @export
print.fe_compare <- function(x, show = compared_terms(x), width = getOption("width"), ...) {
  if (length(x) == 0L) {
    cat("No models\n")
    return(invisible(x))
  }
  print(fe_table(x, show = show, ...), width = width)
  print_roles(x)
  invisible(x)
}

#' @exportS3Method knitr::knit_print
knit_print.fe_compare <- function(x, ...) {
  knit_print.fe_table(fe_table(x, show = compared_terms(x)))
}
