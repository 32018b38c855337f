# What constructors promise, and how rows and numbers are printed.

# What a constructor promises: a fault of ours if broken.
promise <- function(holds, what) {
  if (!isTRUE(holds)) abort_internal(simpleError(paste("a result does not keep its promise:", what)))
}

# Whole numbers, such as keys, with all their digits; other numbers rounded.
format_cells <- function(column, digits) {
  if (inherits(column, "integer64")) return(label_values(column))
  if (!is.double(column)) return(column)
  whole <- !is.object(column) && !any(is.infinite(column) | column != round(column), na.rm = TRUE)
  if (whole) label_values(column) else format(column, digits = digits)
}

# Prints a data frame with numbers rounded, at most `limit` rows.
print_rows <- function(x, digits = 4L, limit = 6L) {
  rows <- seq_len(min(nrow(x), limit))
  shown <- lapply(x, function(column) format_cells(pick(column, rows), digits))
  shown <- structure(shown, class = "data.frame", row.names = .set_row_names(length(rows)))
  print.data.frame(shown, row.names = FALSE, right = TRUE)
  if (nrow(x) > limit) cat("... ", count_of(nrow(x) - limit, "more row"), "\n", sep = "")
}

# Numbers as text with `digits` decimals.
format_number <- function(x, digits = 4) formatC(x, digits = digits, format = "f")

# A number with that many decimals: no minus before a zero, and no digits that a double has not got.
fixed_decimals <- function(x, digits) {
  if (!is.finite(x)) return(format(x))
  text <- formatC(x, digits = digits, format = if (abs(x) < 1e15) "f" else "e")
  sub("^-(0(\\.0*)?)$", "\\1", text)
}

default_stars <- c("*" = 0.1, "**" = 0.05, "***" = 0.01)

# The sign of the strictest level that p is below; none where p is NA. `stars` are levels, named by their signs.
significance_stars <- function(p, stars = default_stars) {
  signs <- rep("", length(p))
  for (i in order(stars, decreasing = TRUE)) signs[!is.na(p) & p < stars[[i]]] <- names(stars)[i]
  signs
}

# "* p < 0.1, ** p < 0.05, *** p < 0.01".
explain_stars <- function(stars = default_stars) {
  levels <- vapply(stars, function(level) format(level, digits = 15, scientific = FALSE), "")
  paste0(names(stars), " p < ", levels, collapse = ", ")
}
