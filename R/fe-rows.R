# Rows of the fit and of the data: which were used, and values put back to their places.

# Values of the rows used, named by row number; `full`: of all rows of the data, NA where a row was not used.
by_row <- function(values, object, full) {
  if (!full) return(stats::setNames(values, used_rows(object)))
  all <- rep(NA_real_, object$sample$n_input)
  all[used_rows(object)] <- values
  stats::setNames(all, seq_along(all))
}

# Row numbers of the data that the fit uses.
used_rows <- function(object) {
  if (is.null(object$sample$rows)) seq_len(object$nobs) else object$sample$rows
}

# The outcome of the rows used, as it was fitted.
outcome_column <- function(object) {
  columns <- fitted_design(object)$columns
  columns[[outcome_place(object)]]
}
