# The one table that leaves R: lines of head, lines of body, a note, a title. Whoever makes results gives it one method.

#' A result as a table of text
#'
#' What [save_table()] writes: any result becomes it by its method.
#'
#' @param x A [fe_table()], a model, a [fe_compare()] or [fe_mediation()], a [describe_panel()], a
#' [correlation_table()], an
#'   index, or a data frame.
#' @param title One string, or `NULL` (default).
#' @param notes Sentences that follow the table's own note (strings), or `NULL` (default).
#' @param digits Decimals of numbers (default 3).
#' @param language `"en"` or `"zh"`, the language of the words that are not the data's; a [fe_table()] has its own.
#'   Default `getOption("flowresil.language", "en")`.
#' @param ... Passed on to [fe_table()] by models, a [fe_compare()] and a [fe_mediation()]; else it must be empty.
#' @return An object of class `flow_table`: a list with `head` and `body`, character matrices of as many columns,
#' `note`,
#'   `title`.
#' @section Errors: `flowresil_error_type` where there is no method; `flowresil_error_language`,
#'   `flowresil_error_digits`, `flowresil_error_argument`; those of [fe_table()].
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
as_table.flow_table <- function(x, title = NULL, notes = NULL, ...) {
  given <- check_table_arguments(title, 3, notes, ..., call = rlang::current_env())
  if (!is.null(title)) x$title <- given$title
  x$note <- join_notes(x$note, given$notes)
  x
}

#' @rdname as_table
#' @export
as_table.fe_table <- function(x, title = NULL, notes = NULL, ...) {
  given <- check_table_arguments(title, 3, notes, ..., call = rlang::current_env())
  parts <- table_parts(x)
  if (is.null(parts)) return(as_table(as.data.frame(x), title = title, notes = notes))
  note <- join_notes(parts$note, given$notes, attr(x, "language"))
  new_flow_table(table_head(parts), as.matrix(parts$body), note, if (is.null(title)) parts$title else given$title,
                 parts$spans, names(parts$stars))
}

#' @rdname as_table
#' @export
as_table.fe_model <- function(x, title = NULL, notes = NULL, ...) {
  as_table(fe_table(x, title = title, notes = notes, ...))
}

#' @rdname as_table
#' @export
as_table.fe_compare <- as_table.fe_model

#' @rdname as_table
#' @export
as_table.fe_mediation <- as_table.fe_model

#' @rdname as_table
#' @export
as_table.data.frame <- function(x, title = NULL, digits = 3, notes = NULL, ...) {
  given <- check_table_arguments(title, digits, notes, ..., call = rlang::current_env())
  cells <- vapply(x, function(column) {
    if (is.double(column) && !is_dated(column)) column_text(column, digits) else label_values(column)
  }, character(nrow(x)))
  body <- matrix(cells, nrow(x))
  body[is.na(body) | body == "NA"] <- ""
  new_flow_table(matrix(names(x), 1L), body, join_notes("", given$notes), given$title)
}

#' @rdname as_table
#' @export
as_table.describe_panel <- function(x, title = NULL, digits = 3, notes = NULL,
                                    language = getOption("flowresil.language", "en"), ...) {
  given <- check_table_arguments(title, digits, notes, language, ..., call = rlang::current_env())
  keys <- attr(x, "panel")
  shown <- as.data.frame(x)
  shown$variable <- show_labels(shown$variable, attr(x, "labels"))
  table <- as_table(shown, title, digits)
  table$head[] <- words_of(table$head, language, "statistic_")
  table$note <- join_notes(if (length(keys)) word("spread", language), given$notes, language)
  table
}

#' @rdname as_table
#' @export
as_table.correlation_table <- function(x, title = NULL, digits = 3, notes = NULL,
                                       language = getOption("flowresil.language", "en"), ...) {
  given <- check_table_arguments(title, digits, notes, language, ..., call = rlang::current_env())
  text <- correlation_text(x, digits)
  names <- show_labels(rownames(text), x$labels)
  note <- join_notes(paste0(correlation_note(x, language), word("end", language)), given$notes, language)
  new_flow_table(matrix(c("", names), 1L), cbind(names, text), note, given$title)
}

#' @rdname as_table
#' @export
as_table.flow_index <- function(x, title = NULL, digits = 4, notes = NULL,
                                language = getOption("flowresil.language", "en"), ...) {
  check_table_arguments(title, digits, notes, language, ..., call = rlang::current_env())
  weights <- x$weights
  weights$indicator <- indicator_labels(weights)
  weights$label <- NULL
  table <- as_table(weights, title, digits, notes)
  table$head[] <- words_of(table$head, language)
  table
}

# What the methods share: list(title, notes), both text or NULL.
check_table_arguments <- function(title, digits, notes, language = "en", ..., call) {
  check_dots(..., call = call)
  check_decimals(digits, call)
  check_language(language, call)
  list(title = check_lines(title, "title", call, single = TRUE), notes = check_lines(notes, "notes", call))
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
