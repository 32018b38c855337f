# Tables in databases as sources: what the user gives, opened; the one place where statements run.

#' A panel in a database
#'
#' Says how a table in a database is read: [fe_model()] takes it in place of a data frame. A lazy table
#' (`dplyr::tbl(con, "t")`, with any verbs of dplyr on it) or a list of them needs no `panel_source()`.
#'
#' @param x A lazy table, a connection of DBI with `table` beside it (no dbplyr is needed then), or a list of such, the
#'   *parts* of a panel: tables or connections whose units do not overlap.
#' @param table For a connection: the table, a name, `DBI::Id()` or `dbplyr::in_schema()`.
#' @param engine `NULL` (default) for what the connection tells, or `"sqlite"` or `"postgres"`.
#' @param route `"auto"` (default) or `"pieces"`: rows come sorted by the large effect, in pieces of whole units, and go
#'   through the same computation as a data frame's.
#' @param piece_rows Rows of a piece, one whole number of 1 or more; a unit is never cut.
#' @param scratch Taken for engines without temporary tables; no route uses it yet.
#' @section Which models:
#' No, one or several effects, of which all but one are small: their distinct combinations may be up to
#' `options(flowresil.small_levels)`, 5000. The first effect is taken for the large one, then the last, then the others.
#' Unit and time of lags are whole numbers of time that step by one, and a unit and time stand once in the whole table;
#' where they are not given they are guessed from its first 1000 rows. Functions are those that dbplyr translates or the
#' engine has, of one row each (`mean(x)` is refused); `I()`, `:`, `l()`, `f()` and `d()` are the package's own. Numbers
#' are computed in 64 bits: whole numbers do not divide as such. A column of TRUE and FALSE is called `flagTRUE` where
#' the engine has that type (SQLite has not: there it is the number `flag`). Variances are classical, HC0, HC1,
#' clustered in one dimension, or given. What needs the rows once more (residuals, predictions, the bootstrap) is
#' refused; the way out is `dplyr::collect()`.
#' @section Errors: `flowresil_error_type`, `flowresil_error_missing_column`, `flowresil_error_database` (a
#'   connection that is closed, an engine that is not known, a table that changed between two reads, a function that the
#'   engine does not have, two large effects, what only rows can do), and those of [fe_model()].
#' @return An object of class `panel_source`.
#' @seealso [fe_model()].
#' @export
#' @examplesIf rlang::is_installed("RSQLite")
#' con <- DBI::dbConnect(RSQLite::SQLite(), ":memory:")
#' DBI::dbWriteTable(con, "panel", as.data.frame(province_panel))
#' fe_model(ExpRes ~ open + gov | province + year, panel_source(con, "panel"), vcov = ~province)
#' DBI::dbDisconnect(con)
panel_source <- function(x, table = NULL, engine = NULL, route = c("auto", "pieces"), piece_rows = 1e6,
                         scratch = NULL) {
  here <- environment()
  route <- check_choice(route, c("auto", "pieces"), "route", here)
  piece_rows <- check_number(piece_rows, "piece_rows", 1, 1e9, TRUE, here)
  given <- if (inherits(x, c("tbl_lazy", "DBIConnection"))) list(x) else x
  if (!is.list(given) || is.data.frame(given) || length(given) == 0L) refuse_source(x, here)
  parts <- unlist(recursive = FALSE, lapply(given, function(one) {
    if (inherits(one, "panel_source")) one$parts else list(open_part(one, table, engine, here))
  }))
  first <- parts[[1L]]
  for (part in parts[-1L]) {
    absent <- setdiff(first$columns$name, part$columns$name)
    if (length(absent)) {
      abort_input("missing_column", "Every part must have the columns of the first.", found = say_no_columns(absent),
                  arg = "x", columns = absent, call = here)
    }
  }
  structure(list(parts = parts, route = if (route == "auto") "pieces" else route, piece_rows = piece_rows,
                 scratch = scratch), class = "panel_source")
}

refuse_source <- function(x, call) {
  abort_input("type", "`x` must be a lazy table, a connection with `table`, or a list of them.",
              found = paste0("It is ", describe_type(x), "."), arg = "x", call = call)
}

# Tables opened, anything else as it is.
as_source <- function(data, call) {
  if (!is_table(data) || inherits(data, "panel_source")) return(data)
  in_function(panel_source(data), call)
}

# One table: its connection, engine, what stands behind FROM, and its columns with their types.
open_part <- function(x, table, engine, call) {
  rlang::check_installed("DBI", "to read a table in a database.", call = call)
  lazy <- inherits(x, "tbl_lazy")
  if (lazy) rlang::check_installed("dbplyr", "to read a lazy table.", call = call)
  if (!lazy && !inherits(x, "DBIConnection")) refuse_source(x, call)
  if (!lazy && is.null(table)) {
    abort_input("missing_argument", "`table` must name the table of the connection.", arg = "table", call = call)
  }
  con <- if (lazy) dbplyr::remote_con(x) else x
  refuse_closed(con, call)
  engine <- engine_of(con, engine, call)
  part <- list(con = con, engine = engine)
  part$from <- if (lazy) paste0("(", without_old_interface(dbplyr::sql_render(x)), ") AS fr_t") else
    table_name(con, table)
  none <- in_database(DBI::dbGetQuery(con, paste("SELECT * FROM", part$from, "WHERE 1 = 0")), call)
  names(none) <- to_utf8(names(none))$text
  # Where types belong to values, no rows have none.
  typed <- is.null(engines()[[engine]]$odd)
  part$columns <- data.frame(name = names(none), class = if (typed) vapply(none, function(v) class(v)[1L], "") else "")
  part
}

without_old_interface <- function(code) {
  withCallingHandlers(code, warning = function(w) {
    if (grepl("old dbplyr interface", conditionMessage(w), fixed = TRUE)) invokeRestart("muffleWarning")
  })
}

table_name <- function(con, table) {
  if (inherits(table, "ident_q") || inherits(table, "dbplyr_schema") || inherits(table, "dbplyr_catalog")) {
    return(as.character(dbplyr::as.sql(table, con)))
  }
  as.character(DBI::dbQuoteIdentifier(con, table))
}

# RPostgreSQL has no dbIsValid().
refuse_closed <- function(con, call) {
  open <- tryCatch(nrow(DBI::dbGetQuery(con, "SELECT 1 AS one")) == 1L, error = function(e) FALSE)
  if (isTRUE(open)) return(invisible())
  abort_input("database", "The connection of the table must be open.", found = "It is closed, or was saved and read.",
              todo = "Connect again and fit the model from the new table.", arg = "data", call = call)
}

# What an engine says when it cannot.
in_database <- function(code, call) {
  tryCatch(code, error = function(e) {
    if (inherits(e, "flowresil_error")) rlang::cnd_signal(e)
    abort_input("database", "The statement must run in the database.", found = conditionMessage(e),
                todo = "Functions that the database does not have are computed after `collect()`.", arg = "data",
                parent = e, call = call)
  })
}

#' @exportS3Method NULL
source_names.panel_source <- function(source) source$parts[[1L]]$columns$name

#' @exportS3Method NULL
source_size.panel_source <- function(source) NA_real_

#' @exportS3Method NULL
source_columns.panel_source <- function(source, names, rows = NULL) refuse_table("This")

#' @export
print.panel_source <- function(x, ...) {
  check_dots(..., call = environment())
  labels <- vapply(x$parts, function(part) engines()[[part$engine]]$label, "")
  cat("Panel in ", paste(unique(labels), collapse = " and "), if (length(labels) > 1L) paste0(", ", length(labels),
                                                                                              " parts"),
      ": ", count_of(nrow(x$parts[[1L]]$columns), "column"), ", read in pieces of ", format_counts(x$piece_rows),
      " rows\n", sep = "")
  invisible(x)
}

# Name and version of the engines of a source.
describe_engine <- function(source) {
  part <- source$parts[[1L]]
  engine <- engines()[[part$engine]]
  version <- tryCatch(as.character(DBI::dbGetQuery(part$con, engine$version)[[1L]]), error = function(e) NA_character_)
  list(name = engine$label, version = version)
}

# The few rows of a statement. `tally` counts the statements that read the table.
fetch_few <- function(part, statement, tally, call) {
  count_statement(tally, statement)
  in_database(DBI::dbGetQuery(part$con, statement), call)
}

count_statement <- function(tally, statement) {
  if (isTRUE(getOption("flowresil.show_sql"))) cat(statement, "\n", sep = "")
  tally$statements <- c(tally$statements, statement)
}

new_tally <- function() {
  tally <- new.env(parent = emptyenv())
  tally$statements <- character()
  tally
}

# Runs code with one view of each part's table: in a transaction, unless the user has one open already.
in_transactions <- function(source, code, call) {
  for (part in source$parts) refuse_closed(part$con, call)
  open <- Filter(begin_transaction, source$parts)
  on.exit(for (part in open) try(DBI::dbExecute(part$con, "ROLLBACK"), silent = TRUE))
  code
}

# FALSE where one is open. PostgreSQL would only warn.
begin_transaction <- function(part) {
  engine <- engines()[[part$engine]]
  if (!is.null(engine$in_transaction) && DBI::dbGetQuery(part$con, engine$in_transaction)[[1L]] == 1) return(FALSE)
  tryCatch({
    DBI::dbExecute(part$con, engine$begin)
    TRUE
  }, error = function(e) FALSE)
}
