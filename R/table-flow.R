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
#' @param language `"en"` or `"zh"`, the language of the words that are not the data's; a [fe_table()] has its own.
#'   Default `getOption("flowresil.language", "en")`.
#' @param ... Passed on to [fe_table()] by models.
#' @return An object of class `flow_table`: a list with `head` and `body`, character matrices of as many columns,
#' `note`,
#'   `title`.
#' @section Errors: `flowresil_error_type` where there is no method; `flowresil_error_language`; those of [fe_table()].
#' @export
#' @examples
#' as_table(describe_panel(province_panel, c(open, gov), province, year))
as_table <- function(x, ...) UseMethod("as_table")

# `spans` says which span each column but the first stands under: then the first line of the head holds their names.
# `stars` are the signs that may follow a number.
new_flow_table <- function(head, body, note = "", title = NULL, spans = NULL, stars = names(default_stars)) {
  promise(is.matrix(head) && is.matrix(body) && ncol(head) == ncol(body), "head and body have the same columns")
  promise(length(spans) %in% c(0L, ncol(body) - 1L), "each column stands under one span")
  structure(list(head = unname(head), body = unname(body), note = note, title = title, spans = spans, stars = stars),
            class = "flow_table")
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
  new_flow_table(table_head(parts), as.matrix(parts$body), parts$note, if (is.null(title)) parts$title else title,
                 parts$spans, names(parts$stars))
}

#' @rdname as_table
#' @export
as_table.fe_model <- function(x, title = NULL, ...) as_table(fe_table(x, title = title, ...))

#' @rdname as_table
#' @export
as_table.fe_compare <- function(x, title = NULL, ...) as_table(fe_table(x, title = title, ...))

#' @rdname as_table
#' @export
as_table.fe_mediation <- function(x, title = NULL, ...) as_table(fe_table(x, title = title, ...))

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

#' @rdname as_table
#' @export
as_table.describe_panel <- function(x, title = NULL, digits = 3, language = getOption("flowresil.language", "en"),
                                    ...) {
  language <- check_language(language)
  keys <- attr(x, "panel")
  table <- as_table(as.data.frame(x), title, digits)
  table$head[] <- words_of(table$head, language, "statistic_")
  if (length(keys)) table$note <- word("spread", language)
  table
}

#' @rdname as_table
#' @export
as_table.correlation_table <- function(x, title = NULL, digits = 3, language = getOption("flowresil.language", "en"),
                                       ...) {
  language <- check_language(language)
  text <- correlation_text(x, digits)
  new_flow_table(matrix(c("", colnames(text)), 1L), cbind(rownames(text), text), correlation_note(x, language), title)
}

#' @rdname as_table
#' @export
as_table.flow_index <- function(x, title = NULL, digits = 4, language = getOption("flowresil.language", "en"), ...) {
  table <- as_table(x$weights, title, digits)
  table$head[] <- words_of(table$head, check_language(language))
  table
}

#' @export
print.flow_table <- function(x, ...) {
  if (!is.null(x$title)) cat(x$title, "\n\n", sep = "")
  spans <- x$spans
  head <- if (length(spans)) x$head[-1L, , drop = FALSE] else x$head
  groups <- if (length(spans)) x$head[1L, -1L][match(seq_len(max(spans)), spans)]
  cat(text_lines(rbind(head, x$body), nrow(head), groups, spans), sep = "\n")
  if (nzchar(x$note)) cat(strwrap(x$note, width = getOption("width")), sep = "\n")
  invisible(x)
}
