# Where rows come from. Everything above this floor asks a source by the verbs of this file and never reaches into the
# data itself: a data frame answers from memory (source-frame.R), anything else that has rows can be given methods.

# Number of rows.
source_size <- function(source) UseMethod("source_size")

# Names of the columns, in order.
source_names <- function(source) UseMethod("source_names")

# A named list of columns, each a vector with the class it has, of all rows or of `rows` (numbers). `names` are columns.
source_columns <- function(source, names, rows = NULL) UseMethod("source_columns")

# One column of it.
source_column <- function(source, name, rows = NULL) source_columns(source, name, rows)[[1L]]

# The groups that columns, interacted, put rows in: list(code = group of each row, from 0; values = one a group; n =
# their number; counts = rows of each, where asked for; parts = values by column where there are several). `arg` and
# `call` are for what is refused: missing values, text that is none.
source_groups <- function(source, columns, rows = NULL, arg = "data", call = rlang::caller_env(),
                          counts = FALSE) {
  UseMethod("source_groups")
}

# Weighted sums of columns less `shift` by the levels of groups, and of the weights: list(by, weight, sums), one row a
# combination of `by` (a list of column names, each one effect) that occurs, in the order of the first, the second, ...:
# `by` a matrix of codes from 0, `weight` and the matrix `sums` beside it. What effects are solved from without rows.
source_sums <- function(source, by, columns, shift = NULL, weights = NULL, rows = NULL, call = rlang::caller_env()) {
  UseMethod("source_sums")
}

# Calls visit(columns, first) for batches of at most `size` rows in order; `columns` as source_columns() gives them,
# `first` the number of the batch's first row among those visited.
source_batches <- function(source, columns, size, visit, rows = NULL) UseMethod("source_batches")

# Is it a table in a database, opened or not?
is_table <- function(data) inherits(data, c("panel_source", "tbl_lazy")) || is_parts(data)

is_parts <- function(data) {
  is.list(data) && !is.data.frame(data) && !is.object(data) && length(data) > 0L &&
    all(vapply(data, inherits, NA, c("tbl_lazy", "panel_source")))
}

# What only rows in memory can do.
refuse_table <- function(what, call = rlang::caller_env(), why = "It needs the rows, which stay in the database.") {
  abort_input("database", paste0(what, " must be computed from data in memory."), found = why,
              todo = "`collect()` the columns (package dplyr), and fit the model to that data frame.", arg = "data",
              call = call)
}
