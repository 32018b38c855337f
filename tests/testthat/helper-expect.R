# Expectations and small steps that several files share.

# The call stops with class flowresil_error_<fault> itself, not only somewhere among its causes.
expect_refused <- function(code, fault) {
  testthat::expect_error(code, class = paste0("flowresil_error_", fault), inherit = FALSE)
}

# x with some of its values replaced.
put <- function(x, rows, value) {
  x[rows] <- value
  x
}

# A data frame with cells of one column replaced.
put_cell <- function(data, name, rows, value) {
  data[[name]][rows] <- value
  data
}
