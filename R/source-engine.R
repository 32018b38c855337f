# What engines of databases say differently: one entry an engine.

# By name: label; recognise(con); double(sql), a number of 64 bits; odd(sql), the condition for a value of a numeric
# column that is no number (NULL: the engine's own types tell); text(sql), text in the order of its bytes; ln;
# infinity; version, the statement that asks for it; begin, and whether a transaction is open; cursor: must rows be
# fetched through one?
engines <- function() {
  list(
    sqlite = list(
      label = "SQLite", recognise = function(con) inherits(con, "SQLiteConnection"),
      double = function(sql) paste0("CAST(", sql, " AS REAL)"),
      odd = function(sql) paste0("typeof(", sql, ") IN ('text', 'blob')"),
      text = function(sql) paste0(sql, " COLLATE BINARY"), ln = "LOG", infinity = "9e999",
      version = "SELECT sqlite_version() AS v", begin = "BEGIN", cursor = FALSE
    ),
    postgres = list(
      label = "PostgreSQL",
      recognise = function(con) inherits(con, c("PqConnection", "PostgreSQLConnection")),
      double = function(sql) paste0("CAST(", sql, " AS DOUBLE PRECISION)"), odd = NULL,
      text = function(sql) paste0(sql, " COLLATE \"C\""), ln = "LN", infinity = "CAST('Infinity' AS DOUBLE PRECISION)",
      version = "SHOW server_version", begin = "BEGIN ISOLATION LEVEL REPEATABLE READ",
      in_transaction = "SELECT CASE WHEN now() = statement_timestamp() THEN 0 ELSE 1 END", cursor = TRUE
    )
  )
}

# The name of the engine behind a connection: given, or recognised.
engine_of <- function(con, engine, call) {
  known <- engines()
  if (!is.null(engine)) return(check_choice(engine, names(known), "engine", call))
  found <- Filter(function(name) known[[name]]$recognise(con), names(known))
  if (length(found)) return(found[[1L]])
  abort_input(
    "database", "The engine must be one that is known.", found = paste0("The connection is ", describe_type(con), "."),
    todo = paste0("Say which it is like: `panel_source(engine = ", enumerate(names(known), "\"", last = "or"), ")`."),
    arg = "engine", call = call
  )
}

# A number as every engine reads it: with an exponent, so that none takes it for a decimal.
sql_number <- function(x) if (is.na(x)) "NULL" else sprintf("%.17e", x)

# Names of columns of a part as it takes them.
sql_columns <- function(names, part) as.character(DBI::dbQuoteIdentifier(part$con, names))

# A column as a number of 64 bits; TRUE is 1.
sql_double <- function(name, part) {
  column <- sql_columns(name, part)
  if (is_flag_column(name, part)) {
    return(paste0("(CASE WHEN ", column, " THEN 1E0 WHEN NOT ", column, " THEN 0E0 END)"))
  }
  engines()[[part$engine]]$double(column)
}

# Has a column the type of TRUE and FALSE? Where types belong to values, none has.
is_flag_column <- function(names, part) {
  part$columns$class[match(names, part$columns$name)] %in% "logical"
}
