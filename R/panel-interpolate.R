# Missing cells of a panel filled along time, inside a unit only.

#' Interpolate missing cells inside each unit
#'
#' @description
#' Fills missing cells of a panel on the straight line between the known neighbours in time of the same unit;
#' never across units, and by the time column, not by the order of rows.
#'
#' @details
#' A missing cell at time \eqn{t} between the known values \eqn{x_a} at \eqn{a} and \eqn{x_b} at \eqn{b} of
#' its unit becomes
#' \deqn{x_t = x_a + (x_b - x_a) \frac{t - a}{b - a}}
#' so that a gap in the years counts by its length. Cells before the first or after the last known value
#' have no neighbour on one side: `ends` says what becomes of them.
#'
#' | `ends` | before the first, after the last known value | needs |
#' |---|---|---|
#' | `"none"` | stay `NA` | |
#' | `"constant"` | take the nearest known value | one known value |
#' | `"linear"` | the line through the two outermost known values goes on | two known values |
#'
#' A unit with fewer known values than that keeps its `NA`, and so does a unit with none; the message counts
#' the cells that stay missing. Extrapolated lines may leave the range of the data (a share below 0).
#' `NaN` counts as missing. No row is added: a year that has no row is not filled.
#'
#' @section Errors:
#' `flowresil_error_missing_column`, `flowresil_error_ambiguous_column`, `flowresil_error_type`,
#' `flowresil_error_infinite`, `flowresil_error_duplicate_rows`, `flowresil_error_missing_value` (in unit or
#' time), `flowresil_error_time`, `flowresil_error_choice`, `flowresil_error_missing_argument`,
#' `flowresil_error_encoding` (units or names that are no text in their encoding),
#' `flowresil_error_empty`, `flowresil_error_argument`.
#' Messages: `flowresil_message_filled`, which counts interpolated, carried and extrapolated cells apart;
#' `flowresil_message_blanks` (two units that differ by a blank only); silent under
#' `options(flowresil.quiet = TRUE)`.
#' Warning: `flowresil_warning_calendar_code` (times such as 201912, see [panel_time]).
#'
#' @param data A data frame of any kind, one row a unit and time, in any order.
#' @param columns Numeric columns to fill, bare (`gdp` or `c(gdp, exports)`) or quoted.
#' @param unit,time Columns that say who and when, bare or quoted. `time` holds whole numbers, or dates, which
#'   count by the longest step that fits them: see [panel_time].
#' @param ends `"none"` (default), `"constant"` or `"linear"`: see the table.
#' @param ... Must be empty.
#' @return `data` with its class, rows and columns in their order, nothing else changed, and an attribute
#'   `filled`: a data frame `column` (character), `unit` and `time` (types of the user's columns) and `how`
#'   (`"interpolated"` between two known values, `"carried"` by `ends = "constant"`, `"extrapolated"` by
#'   `ends = "linear"`), one row a filled cell. A column in which a cell was filled is double; its label and
#'   value labels stay. The attribute tells of the data as returned: functions that drop rows later may leave it as
#'   it was, so that it is matched by unit and time, not by row.
#' @seealso [data_flow_index()], which refuses missing cells
#' @examples
#' # By hand: 2 years of 3 on the way from 10 to 40 is 30; B has one known value, and an end
#' d <- data.frame(city = c("A", "A", "A", "B", "B"), year = c(2001, 2003, 2004, 2001, 2002),
#'                 x = c(10, NA, 40, 5, NA))
#' f <- interpolate_panel(d, x, unit = city, time = year)
#' f$x
#' attr(f, "filled")
#' interpolate_panel(d, x, city, year, ends = "constant")$x
#'
#' # Optical cable was published from 2013 on
#' panel <- interpolate_panel(province_panel, cable_length, province, year, ends = "constant")
#' head(attr(panel, "filled"), 3)
#' @export
interpolate_panel <- function(data, columns, unit, time, ends = c("none", "constant", "linear"), ...) {
  call <- rlang::current_env()
  check_dots(...)
  check_data(data)
  columns <- unique(resolve_columns(rlang::enquo(columns), data, "columns"))
  panel <- code_panel(
    data, resolve_columns(rlang::enquo(unit), data, "unit", single = TRUE),
    resolve_columns(rlang::enquo(time), data, "time", single = TRUE)
  )
  ends <- check_choice(ends, c("none", "constant", "linear"), "ends")
  refuse_filling_keys(columns, panel, call)
  values <- lapply(columns, function(name) {
    x <- numeric_column(data, name, "columns", call)
    refuse_infinite(x, paste0("Column `", name, "`"), "columns", call, column = name)
    x
  })
  if (any(vapply(values, anyNA, logical(1)))) warn_calendar_code(calendar_code(panel), panel$time_name)
  filled <- lapply(values, interpolate_column, panel = panel, ends = ends)
  cells <- lapply(filled, `[[`, "cells")
  result <- own_data(data)
  for (j in which(lengths(cells) > 0L)) {
    result <- replace_column(result, columns[j], filled[[j]]$x)
  }
  how <- lapply(filled, `[[`, "how")
  left <- vapply(filled, function(f) sum(is.na(f$x)), 0)
  inform_filled(columns, how, left, say_step(panel$time_name, panel$step))
  attr(result, "filled") <- list_filled(columns, cells, how, panel)
  result
}

refuse_filling_keys <- function(columns, panel, call) {
  keys <- intersect(columns, c(panel$unit_name, panel$time_name))
  if (length(keys)) {
    abort_input("ambiguous_column", "`columns` must not name the unit or the time.",
                found = paste0("It names ", enumerate(keys, "`"), "."), arg = "columns", columns = keys,
                call = call)
  }
}

# Fills one column, x in row order. Gives x, cells (the rows that were filled, by unit and time) and how.
interpolate_column <- function(x, panel, ends) {
  rows <- panel$order
  v <- x[rows]
  gap <- is.na(v)
  if (!any(gap)) return(list(x = x, cells = integer(), how = character()))
  unit <- panel$code[rows]
  when <- panel$when[rows]
  known <- which(!gap)
  holes <- which(gap)
  # The known positions next to a hole on each side, and the second next; 0 or beyond the end: none.
  place <- findInterval(holes, known)
  neighbour <- function(step) {
    at <- place + step
    at[at < 1L | at > length(known)] <- NA
    position <- known[at]
    position[unit[position] != unit[holes]] <- NA
    position
  }
  left <- neighbour(0L)
  right <- neighbour(1L)
  between <- !is.na(left) & !is.na(right)
  v[holes[between]] <- on_line(v, when, left[between], right[between], holes[between])
  if (ends == "constant") {
    one <- xor(is.na(left), is.na(right))
    v[holes[one]] <- v[ifelse(is.na(left), right, left)[one]]
  } else if (ends == "linear") {
    far_left <- neighbour(-1L)
    far_right <- neighbour(2L)
    after <- is.na(right) & !is.na(left) & !is.na(far_left)
    v[holes[after]] <- on_line(v, when, far_left[after], left[after], holes[after])
    before <- is.na(left) & !is.na(right) & !is.na(far_right)
    v[holes[before]] <- on_line(v, when, right[before], far_right[before], holes[before])
  }
  x[rows] <- v
  x[is.nan(x)] <- NA
  now <- !is.na(v[holes])
  how <- ifelse(between, "interpolated", if (ends == "constant") "carried" else "extrapolated")
  list(x = x, cells = rows[holes[now]], how = how[now])
}

# The value at positions `at` of the line through positions a and b of v.
on_line <- function(v, when, a, b, at) {
  v[a] + (v[b] - v[a]) * ((when[at] - when[a]) / (when[b] - when[a]))
}

list_filled <- function(columns, cells, how, panel) {
  rows <- unlist(cells, use.names = FALSE)
  if (is.null(rows)) rows <- integer()
  structure(
    list(column = rep(columns, lengths(cells)), unit = pick(panel$unit, rows), time = pick(panel$time, rows),
         how = as.character(unlist(how, use.names = FALSE))),
    class = "data.frame", row.names = .set_row_names(length(rows))
  )
}

# Interpolated, carried and extrapolated cells are told apart: a carried value is no observation of its period.
inform_filled <- function(columns, how, left, step = NULL) {
  kinds <- c("interpolated", "carried", "extrapolated")
  counts <- vapply(kinds, function(kind) vapply(how, function(h) sum(h == kind), 0), numeric(length(columns)))
  counts <- matrix(counts, ncol = length(kinds), dimnames = list(columns, kinds))
  total <- colSums(counts)
  total <- total[total > 0]
  if (length(total) == 0L && sum(left) == 0) return(invisible())
  listed <- function(what, n) paste0(what, ": ", count_columns(rlang::set_names(n, columns)), ".")
  held <- columns[rowSums(counts) > 0]
  text <- if (length(total)) {
    paste0("Filled ", count_of(sum(total), "missing cell"), if (length(held) == 1L) paste0(" of `", held, "`"), ": ",
           enumerate(paste(format_counts(total), names(total))), ".")
  } else {
    "Filled no missing cell."
  }
  inform_user(
    "filled", text,
    c(if (length(held) > 1L) unlist(lapply(names(total), function(kind) listed(capital(kind), counts[, kind]))),
      if (any(left > 0)) listed("Still missing", left),
      if (length(total)) "`attr(, \"filled\")` lists each cell and how it was filled.", step),
    columns = columns, counts = counts, left = left
  )
}

# "`gdp` (12), `exports` (3) and 41 more columns (160)": the columns with the most cells first.
count_columns <- function(n, first = 8L) {
  n <- sort(n[n > 0], decreasing = TRUE)
  shown <- paste0("`", names(n), "` (", format_counts(n), ")")
  if (length(n) <= first + 1L) return(enumerate(shown, first = first + 1L))
  rest <- n[-seq_len(first)]
  paste0(paste(shown[seq_len(first)], collapse = ", "), " and ", length(rest), " more columns (",
         format_counts(sum(rest)), ")")
}
