# A data frame as a source: of any class, without a method of that class in between, which may drop attributes, group,
# or ask for a package that is not loaded.

# Methods are found by R for lists and data frames alike: the columns of a model are kept in either.
#' @exportS3Method NULL
source_size.list <- function(source) nrow_of(source)
#' @exportS3Method NULL
source_size.data.frame <- source_size.list

#' @exportS3Method NULL
source_names.list <- function(source) names(source)
#' @exportS3Method NULL
source_names.data.frame <- source_names.list

#' @exportS3Method NULL
source_columns.list <- function(source, names, rows = NULL) {
  columns <- lapply(names, function(name) {
    column <- .subset2(source, name)
    if (is.null(rows)) column else pick(column, rows)
  })
  names(columns) <- names
  columns
}
#' @exportS3Method NULL
source_columns.data.frame <- source_columns.list

#' @exportS3Method NULL
source_groups.list <- function(source, columns, rows = NULL, arg = "data", call = rlang::caller_env(),
                               counts = FALSE) {
  groups <- NULL
  for (name in columns) {
    part <- group_column(source_column(source, name, rows), name, arg, call, rows)
    groups <- if (is.null(groups)) part else interact_codes(groups, part)
  }
  groups$n <- length(groups$values)
  if (counts) groups$counts <- tabulate(groups$code + 1L, groups$n)
  groups
}
#' @exportS3Method NULL
source_groups.data.frame <- source_groups.list

#' @exportS3Method NULL
source_sums.list <- function(source, by, columns, shift = NULL, weights = NULL, rows = NULL,
                             call = rlang::caller_env()) {
  codes <- lapply(by, function(names) source_groups(source, names, rows, call = call)$code)
  values <- do.call(cbind, source_columns(source, columns, rows))
  if (!is.null(shift)) values <- sweep(values, 2L, shift)
  weight <- if (is.null(weights)) rep(1, length(codes[[1L]])) else as.double(source_column(source, weights, rows))
  cell <- Reduce(function(a, b) core(cpp_group_pairs, a, b, max(b) + 1L)$code, codes)
  first <- which(!duplicated(cell))
  first <- first[order(cell[first])]
  sums <- rowsum(cbind(weight, values * weight), cell, reorder = TRUE)
  list(by = do.call(cbind, lapply(codes, `[`, first)), weight = unname(sums[, 1L]),
       sums = unname(sums[, -1L, drop = FALSE]))
}
#' @exportS3Method NULL
source_sums.data.frame <- source_sums.list

#' @exportS3Method NULL
source_batches.list <- function(source, columns, size, visit, rows = NULL) {
  n <- if (is.null(rows)) source_size(source) else length(rows)
  for (first in seq.int(1, n, by = size)) {
    places <- first:min(first + size - 1, n)
    visit(source_columns(source, columns, if (is.null(rows)) places else rows[places]), first)
  }
  invisible(n)
}
#' @exportS3Method NULL
source_batches.data.frame <- source_batches.list

# Number of rows without a method of the data's class in between.
nrow_of <- function(data) {
  if (is.data.frame(data)) .row_names_info(data, 2L) else NROW(data[[1L]])
}

# A plain data frame of the given rows, without a method of the data's class in between.
plain_rows <- function(data, rows = NULL) {
  columns <- unclass(data)
  attributes(columns) <- list(names = names(data))
  if (!is.null(rows)) {
    columns <- lapply(columns, function(v) {
      if (inherits(v, "integer64")) pick(v, rows) else if (is.null(dim(v))) v[rows] else v[rows, , drop = FALSE]
    })
  }
  n <- if (is.null(rows)) nrow_of(data) else length(rows)
  structure(columns, class = "data.frame", row.names = .set_row_names(n))
}

# Names of unit and time of a pdata.frame whose index still belongs to its rows; NULL for any other data.
index_names <- function(data) {
  index <- attr(data, "index", exact = TRUE)
  if (!inherits(data, "pdata.frame") || !is.data.frame(index) || nrow_of(index) != nrow_of(data)) return(NULL)
  if (length(index) < 2L) return(NULL)
  names(index)[1:2]
}

# The data, or the index of a pdata.frame where that holds the columns and the data do not: plm can keep it out of them.
source_holding <- function(data, columns) {
  index <- attr(data, "index", exact = TRUE)
  if (is.data.frame(index) && !all(columns %in% names(data))) index else data
}

# One column replaced with the class and the attributes of the data kept. data.table is written to a copy of
# its own, so that the user's table does not change by reference.
replace_column <- function(data, name, value) {
  at <- match(name, names(data)) # the name may stand in another encoding there
  attributes(value) <- double_attributes(.subset2(data, at))
  if (inherits(data, "data.table") && rlang::is_installed("data.table")) {
    data.table::set(data, j = at, value = value)
    return(data)
  }
  data[[at]] <- value
  data
}

# Labels and the rest of a column that becomes double: haven's classes name the type, and its value labels are of it.
double_attributes <- function(old) {
  kept <- attributes(old)
  if (inherits(old, "integer64")) kept$class <- setdiff(kept$class, "integer64")
  if (is.integer(old) && inherits(old, "haven_labelled")) {
    kept$class <- sub("^integer$", "double", kept$class)
    if (is.integer(kept$labels)) storage.mode(kept$labels) <- "double"
    if (is.integer(kept$na_values)) kept$na_values <- as.double(kept$na_values)
    if (is.integer(kept$na_range)) kept$na_range <- as.double(kept$na_range)
  }
  if (length(kept$class) == 0L) kept$class <- NULL
  kept
}

# The data with one more column, whatever their class and attributes.
add_column <- function(data, name, column) {
  kept <- attributes(data)
  kept$.internal.selfref <- NULL
  columns <- unclass(data)
  attributes(columns) <- NULL
  columns <- stats::setNames(columns, kept$names)
  columns[[name]] <- column
  kept$names <- names(columns)
  attributes(columns) <- kept
  columns
}
