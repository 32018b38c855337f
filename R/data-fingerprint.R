# Data that are written in place after the fit. data.table's users do so by reference (`:=`, set(), setorder()), and
# setDT() makes a data.table of any data frame: what a result keeps must not change with it, unnoticed.

# Are these data written in place by those who use them?
written_in_place <- function(data) inherits(data, "data.table")

# A vector that nobody else can write to. `[` makes one, as.double() of doubles does not.
own_vector <- function(x) rlang::duplicate(x, shallow = TRUE)

# The columns of `values` as the result keeps them: a data.table's are copied, a data frame's are not.
own_columns <- function(values, data) if (written_in_place(data)) lapply(values, own_vector) else values

# The data without a column in common with what the user has.
own_data <- function(data) {
  if (!written_in_place(data)) return(data)
  if (rlang::is_installed("data.table")) return(data.table::copy(data))
  keep_data(rlang::duplicate(data))
}

# The data as a model keeps them: the user's columns by reference, but in a list and under names of its own, so that
# columns added, dropped or renamed in place, or a class given by setDT(), change nothing here.
keep_data <- function(data) {
  if (is_table(data)) return(data)
  data <- rlang::duplicate(data, shallow = TRUE)
  attr(data, ".internal.selfref") <- NULL
  attr(data, "names") <- own_vector(attr(data, "names"))
  data
}

# Which rows of a data frame are compared, enough to notice that rows were reordered or a column overwritten: all of
# a small one, else some hundred (fewer where there are many columns), eight side by side, which cost no more than one.
probed_rows <- function(n, n_columns) {
  wanted <- max(100, min(500, 5000 %/% n_columns))
  if (n <= wanted) return(as.double(seq_len(n)))
  starts <- floor(seq.int(1, n - 7, length.out = wanted %/% 8))
  rep(starts, each = 8L) + 0:7
}

# What tells later whether the data are still those of the fit: a number for each column in order, of all its rows
# for a data.table, of some rows for another data frame, whose columns are not written in place as a rule.
fingerprint_data <- function(data, call = rlang::caller_env()) {
  if (is_table(data)) return(NULL)
  n <- source_size(data)
  rows <- numeric()
  if (!written_in_place(data)) rows <- probed_rows(n, length(data))
  list(columns = column_prints(data, names(data), n, rows, call), rows = rows, n = n)
}

column_prints <- function(data, names, n, rows, call) {
  columns <- unclass(data)[match(names, names(data))]
  core(cpp_fingerprint, columns, n, rows, if (n < 1e5) 1L else n_threads(n), call = call)
}

# Stops unless the given columns of the model's data are those of the fit.
refuse_changed_data <- function(object, columns = names(object$data), call = rlang::caller_env()) {
  print <- object$fingerprint
  if (is.null(print)) return(invisible()) # while it is fitted
  at <- match(columns, names(object$data))
  now <- column_prints(object$data, columns, print$n, print$rows, call)
  changed <- columns[now != print$columns[at]]
  if (length(changed) == 0L) return(invisible())
  abort_input(
    "data_changed", "`data` must hold what it held when the model was fitted.",
    found = paste0(enumerate(changed, "`"), if (length(changed) == 1L) " was" else " were",
                   " written in place since (as `:=`, `set()`, `setorder()` and `.SD` do)."),
    todo = "Fit the model again, or give the fit a copy of the data (`data.table::copy()`).",
    arg = "data", columns = changed, call = call
  )
}

# The data of the fit, of which the given columns are read again.
fitted_data <- function(object, columns = names(object$data), call = rlang::caller_env()) {
  if (!is.null(object$table)) refuse_table("What is asked for", call)
  refuse_changed_data(object, columns, call)
  object$data
}

# The columns that the call of a fit names: those that another fit will read.
columns_named <- function(object) {
  named <- c(all.vars(object$formula), all.vars(object$call))
  columns <- names(object$data)
  if ("." %in% named) columns else intersect(columns, named)
}

# The columns that the fit used, for another pass over them. Those of a data.table are the model's own.
fitted_design <- function(object, call = rlang::caller_env()) {
  if (!is.null(object$table)) refuse_table("What is asked for", call)
  if (length(object$fingerprint$rows)) refuse_changed_data(object, call = call)
  object$design
}
