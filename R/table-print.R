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
  if (length(parts$title)) cat(strwrap(parts$title, width = width), "", sep = "\n")
  blocks <- lapply(column_blocks(cells, width), function(columns) {
    text_lines(cells[, c(1L, columns), drop = FALSE], 2L, parts$groups, parts$spans[columns - 1L])
  })
  lines <- unlist(lapply(blocks, c, ""))
  cat(lines[-length(lines)], sep = "\n") # a blank line between blocks, none after the last
  cat(strwrap(note_lines(parts), width = min(width, max(60L, nchar(lines, "width")))), sep = "\n")
  invisible(x)
}

# The note, its stars on a line of their own.
note_lines <- function(parts) {
  if (length(parts$stars) == 0L) return(parts$note)
  at <- regexpr(paste0(" ", names(parts$stars)[1L], " p < "), parts$note, fixed = TRUE)
  if (at < 0L) parts$note else c(substr(parts$note, 1L, at - 1L), substring(parts$note, at + 1L))
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

# Rows of head and the body between rules: the first column to the left, the others to the right. `spans` says which
# of `groups` each column but the first stands under; their names stand in the middle, above a rule.
text_lines <- function(cells, n_head = 2L, groups = NULL, spans = NULL) {
  width <- apply(nchar(cells, "width"), 2L, max)
  runs <- if (length(spans)) rle(spans)
  last <- cumsum(runs$lengths) + 1L
  for (i in seq_along(last)) {
    columns <- seq.int(last[i] - runs$lengths[i] + 1L, last[i])
    room <- sum(width[columns]) + column_gap * (length(columns) - 1L)
    width[last[i]] <- width[last[i]] + max(0L, nchar(groups[runs$values[i]], "width") - room)
  }
  space <- strrep(" ", rep(width, each = nrow(cells)) - nchar(cells, "width"))
  cells[] <- ifelse(col(cells) == 1L, paste0(cells, space), paste0(space, cells))
  lines <- apply(cells, 1L, paste, collapse = strrep(" ", column_gap))
  rule <- strrep("-", sum(width) + column_gap * (ncol(cells) - 1L))
  head <- seq_len(n_head)
  c(rule, if (length(spans)) span_lines(runs, last, groups, width), lines[head], rule, lines[-head], rule)
}

# The names of spans and the rules below them.
span_lines <- function(runs, last, groups, width) {
  names <- rules <- strrep(" ", width[1L])
  for (i in seq_along(last)) {
    columns <- seq.int(last[i] - runs$lengths[i] + 1L, last[i])
    room <- sum(width[columns]) + column_gap * (length(columns) - 1L)
    name <- groups[runs$values[i]]
    free <- room - nchar(name, "width")
    gap <- strrep(" ", column_gap)
    names <- paste0(names, gap, strrep(" ", free %/% 2L), name, strrep(" ", free - free %/% 2L))
    rules <- paste0(rules, gap, strrep(if (nzchar(name)) "-" else " ", room))
  }
  c(names, rules)
}

#' @rdname fe_table
#' @order 2
#' @export
as.data.frame.fe_table <- function(x, ...) {
  class(x) <- "data.frame"
  for (name in c("groups", "stars", "title", "language")) attr(x, name) <- NULL
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
