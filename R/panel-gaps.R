# Series must have no holes and no gaps where they are filtered.

# A panel's column without NA and Inf, units named.
refuse_holes <- function(y, column, arg, panel, call) {
  refuse_infinite(y, paste0("Column `", column, "`"), arg, call, column = column)
  bad <- which(is.na(y))
  if (length(bad) == 0L) return(invisible())
  inside <- holes_inside(y, panel)
  abort_input(
    "missing_value",
    paste0("Column `", column, "` must not have missing cells: the filter needs every period."),
    found = c(
      paste0(count_of(length(bad), "missing cell"), of_units(panel, unique(sort(panel$code[bad]))), "."),
      if (any(inside)) {
        paste0(count_of(sum(inside), "of them lies", "of them lie"), " between known values",
               of_units(panel, unique(sort(panel$code[inside]))), ".")
      }
    ),
    todo = if (any(inside)) {
      paste("Fill what lies between known values with `interpolate_panel()`, then leave out the rows that are still",
            "missing: each unit is filtered over its own span.")
    } else {
      paste0("All lie before the first or after the last known value of a unit: leave these rows out, as in ",
             "`subset(d, !is.na(", column, "))`, and each unit is filtered over its own span.")
    },
    arg = arg, columns = column, rows = bad, call = call
  )
}

# Missing cells with known ones before and after in the same unit, by row.
holes_inside <- function(y, panel) {
  o <- panel$order
  known <- !is.na(y[o])
  unit <- panel$code[o] + 1L
  n_before <- cumsum(known)
  n_known <- tabulate(unit[known], panel$n_units)
  before <- n_before - (cumsum(n_known) - n_known)[unit]
  inside <- logical(length(y))
  inside[o] <- !known & before > 0L & before < n_known[unit]
  inside
}

# The filter takes neighbours in time, so that the periods of a unit must follow each other.
refuse_gaps <- function(panel, call) {
  o <- panel$order
  n <- length(o)
  if (n < 2L) return(invisible())
  same <- panel$code[o][-1L] == panel$code[o][-n]
  jump <- which(same & panel$when[o][-1L] - panel$when[o][-n] != 1)
  if (length(jump) == 0L) return(invisible())
  coded <- calendar_code(panel)
  codes <- unique(panel$code[o[jump]])
  abort_input(
    "gap", paste0("The periods in `", panel$time_name, "` must follow each other inside each unit: ",
                  "the filter weighs neighbours in time."),
    found = paste0("There is a gap", of_units(panel, codes, " in "), ", first after ",
                   time_labels(pick(panel$time, o[jump[1L]])), "."),
    todo = c(
      say_step(panel$time_name, panel$step),
      if (!is.null(coded)) advise_code(coded, panel$time_name) else
        paste("Add the missing periods (and fill them with `interpolate_panel()`),",
              "or number the periods 1, 2, 3 ... if they are in fact neighbours.")
    ),
    arg = "time", rows = o[jump + 1L], units = pick(panel$units, codes + 1L), call = call
  )
}
