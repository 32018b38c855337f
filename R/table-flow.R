# The one table that leaves R: lines of head, lines of body, a note, a title. Whoever makes results gives it one method.

#' A result as a table of text
#'
#' What [save_table()] writes: any result becomes it by its method.
#'
#' @param x A [fe_table()], a model, a [fe_compare()] or [fe_mediation()], a [describe_panel()], a
#' [correlation_table()], an
#'   index, or a data frame.
#' @param title One string, or `NULL` (default).
#' @param digits Decimals of numbers (default 3).
#' @param ... Passed on to [fe_table()] by models.
#' @return An object of class `flow_table`: a list with `head` and `body`, character matrices of as many columns,
#' `note`,
#'   `title`.
#' @section Errors: `flowresil_error_type` where there is no method; those of [fe_table()].
#' @export
#' @examples
#' as_table(describe_panel(province_panel, c(open, gov), province, year))
as_table <- function(x, ...) UseMethod("as_table")

new_flow_table <- function(head, body, note = "", title = NULL) {
  promise(is.matrix(head) && is.matrix(body) && ncol(head) == ncol(body), "head and body have the same columns")
  structure(list(head = unname(head), body = unname(body), note = note, title = title), class = "flow_table")
}

#' @rdname as_table
#' @export
as_table.default <- function(x, ...) {
  abort_input("type", "`x` must be a result that has a table.", found = paste0("It is ", describe_type(x), "."),
              todo = "A data frame can be one: `as_table(as.data.frame(x))`.", arg = "x", call = rlang::current_env())
}

#' @rdname as_table
#' @export
as_table.flow_table <- function(x, ...) x

#' @rdname as_table
#' @export
as_table.fe_table <- function(x, title = NULL, ...) {
  parts <- table_parts(x)
  if (is.null(parts)) return(as_table(as.data.frame(x), title = title))
  new_flow_table(rbind(c("", names(parts$body)[-1L]), c("", parts$header)), as.matrix(parts$body), parts$note, title)
}

#' @rdname as_table
#' @export
as_table.fe_model <- function(x, title = NULL, ...) as_table(fe_table(x, ...), title = title)

#' @rdname as_table
#' @export
as_table.fe_compare <- function(x, title = NULL, ...) as_table(fe_table(x, ...), title = title)

#' @rdname as_table
#' @export
as_table.fe_mediation <- function(x, title = NULL, ...) as_table(fe_table(x, ...), title = title)

#' @rdname as_table
#' @export
as_table.data.frame <- function(x, title = NULL, digits = 3, ...) {
  cells <- vapply(x, function(column) {
    if (is.double(column) && !is_dated(column)) column_text(column, digits) else label_values(column)
  }, character(nrow(x)))
  body <- matrix(cells, nrow(x))
  body[is.na(body) | body == "NA"] <- ""
  new_flow_table(matrix(names(x), 1L), body, title = title)
}

# Whole numbers as they are, others with fixed decimals.
column_text <- function(x, digits) {
  known <- x[is.finite(x)]
  if (all(known == round(known))) label_values(x) else vapply(x, fixed_decimals, "", digits = digits)
}

#' @rdname as_table
#' @export
as_table.describe_panel <- function(x, title = NULL, digits = 3, ...) {
  keys <- attr(x, "panel")
  table <- as_table(as.data.frame(x), title, digits)
  if (length(keys)) table$note <- "Between: standard deviation of the units' means; within: around them; both n - 1."
  table
}

#' @rdname as_table
#' @export
as_table.correlation_table <- function(x, title = NULL, digits = 3, ...) {
  text <- correlation_text(x, digits)
  new_flow_table(matrix(c("", colnames(text)), 1L), cbind(rownames(text), text), correlation_note(x), title)
}

#' @rdname as_table
#' @export
as_table.flow_index <- function(x, title = NULL, digits = 4, ...) as_table(x$weights, title, digits)

#' @export
print.flow_table <- function(x, ...) {
  if (!is.null(x$title)) cat(x$title, "\n\n", sep = "")
  cat(text_lines(rbind(x$head, x$body), nrow(x$head)), sep = "\n")
  if (nzchar(x$note)) cat(strwrap(x$note, width = getOption("width")), sep = "\n")
  invisible(x)
}
