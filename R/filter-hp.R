# The Hodrick-Prescott filter of one series, a matrix of series, or the units of a panel.

#' Hodrick-Prescott filter
#'
#' @description
#' Splits a series into a smooth trend and a cycle: one series, each column of a matrix, or each unit of a
#' panel.
#'
#' @details
#' The trend minimises
#' \deqn{\sum_t (y_t - \tau_t)^2 + \lambda \sum_t (\tau_{t+1} - 2\tau_t + \tau_{t-1})^2}
#' With \eqn{K} the matrix of second differences the cycle is
#' \eqn{c = \lambda K'(I + \lambda KK')^{-1} K y} and \eqn{\tau = y - c}. Solving for the cycle by a
#' pentadiagonal \eqn{LDL'} takes time in proportion to the length, keeps the digits of a small cycle on a
#' high level, and gives a constant the cycle 0 exactly. A series of one or two values, and `lambda = 0`,
#' have cycle 0. Cycles of a series sum to 0. Results do not depend on the number of threads.
#'
#' The filter is two-sided: the trend of a year uses later years too. Usual values of `lambda` are 6.25 for
#' annual, 1600 for quarterly and 129600 for monthly figures (Ravn and Uhlig 2002); defaults of other programs
#' for annual figures are 6.25 (Stata), 100 (EViews) and 1600 (statsmodels), which is why there is none here.
#' Beyond 10 000 the solve runs in extended precision where the machine has it; the relative error stays
#' below about 1e-19 x `lambda` there.
#'
#' @section Errors:
#' `flowresil_error_missing_argument` (no `lambda`), `flowresil_error_number` (`lambda` negative, `NA`,
#' infinite, or not one number), `flowresil_error_type`, `flowresil_error_empty`,
#' `flowresil_error_missing_value`, `flowresil_error_infinite`, `flowresil_error_argument`,
#' `flowresil_error_option` (the option `flowresil.threads`), `flowresil_error_gap` (a unit's periods must follow
#' each other without a gap; the units are named; the index of a zoo or xts series must go in equal steps); for a
#' data frame also `flowresil_error_missing_column`, `flowresil_error_ambiguous_column`,
#' `flowresil_error_encoding` (units or names that are no text in their encoding),
#' `flowresil_error_duplicate_rows` and `flowresil_error_time`. Message: `flowresil_message_name_taken` (a column
#' of `x` is called trend or cycle).
#' Warning: `flowresil_warning_calendar_code` (times such as 201912, see [panel_time]).
#' Message: `flowresil_message_blanks` (two units that differ by a blank only).
#'
#' @param x A numeric vector, a `ts`, a zoo or xts series, a numeric matrix of any of these kinds (columns are
#'   series) or a data frame. No missing or infinite value. The index of zoo and xts is kept; where it counts
#'   (numbers, and dates of years, quarters, months or weeks: see [panel_time]) its steps must be equal; days are
#'   taken as they follow each other.
#' @param lambda One number, 0 or more: the smoothing parameter. No default.
#' @param ... For a data frame the arguments below; else must be empty.
#' @param column For a data frame: the column to filter, bare or quoted, always by name (`column = gdp`), since
#'   `lambda` comes first. Not called trend or cycle.
#' @param unit,time For a data frame: columns that say who and when, bare or quoted; rows in any order. `time`
#'   holds whole numbers, or dates, which count by the longest step that fits them: see [panel_time]. A data frame
#'   of one series needs no `unit`.
#' @return An object of class `hp_filter`, a list of
#'   \describe{
#'     \item{trend, cycle}{double, never `NA`, trend + cycle = x; with the shape and attributes of `x` (time
#'       series, zoo and xts stay what they are, dimnames and names are kept). For a data frame a vector in its
#'       row order.}
#'     \item{lambda}{double}
#'     \item{n_series}{number of series}
#'     \item{data}{for a data frame: unit, time and the filtered column as they came; else `NULL`}
#'     \item{step}{for a data frame: what one step of time is, a list with `unit` (see [panel_time]); else `NULL`}
#'   }
#'   Methods: `print`, `as.data.frame` (unit and time, or the index or row number, value, `trend`, `cycle`), `tidy` (the
#'   same), `glance`, `fitted` (trend), `residuals` (cycle), `autoplot`.
#' @references
#' Hodrick, R. J. and Prescott, E. C. (1997). Postwar U.S. business cycles: an empirical investigation.
#' *Journal of Money, Credit and Banking* 29(1), 1-16.
#'
#' Ravn, M. O. and Uhlig, H. (2002). On adjusting the Hodrick-Prescott filter for the frequency of
#' observations. *Review of Economics and Statistics* 84(2), 371-376.
#' @seealso [export_resilience()]
#' @examples
#' # By hand, three values: cycle = lambda * (y1 - 2 y2 + y3) / (1 + 6 lambda) * (1, -2, 1)
#' hp_filter(c(1, 5, 3), lambda = 2)$cycle # -12/13 * (1, -2, 1)
#'
#' # A straight line has no cycle
#' hp_filter(1:10, 6.25)$cycle
#'
#' # The exports of each province
#' panel <- province_panel[province_panel$year <= 2022, ]
#' hp_filter(panel, 6.25, column = exports, unit = province, time = year)
#' @export
hp_filter <- function(x, lambda, ...) {
  if (missing(x)) {
    abort_input("missing_argument", "`x` must be given.", arg = "x", call = rlang::current_env())
  }
  UseMethod("hp_filter")
}

#' @export
hp_filter.default <- function(x, lambda, ...) {
  call <- rlang::current_env()
  of_tables <- paste0("`column`, `unit` and `time` are for a data frame; `x` is ", describe_type(x), ".")
  check_dots(..., hints = c(column = of_tables, unit = of_tables, time = of_tables))
  lambda <- read_lambda(rlang::enquo(lambda), NULL, call)
  if (!is.atomic(x) || is.null(x) || is.factor(x) || length(dim(x)) > 2L) abort_not_series(x, call)
  if (length(x) == 0L) {
    abort_input("empty", "`x` must have at least one value.", found = "It has none.", arg = "x", call = call)
  }
  indexed <- is_indexed(x)
  y <- if (indexed) indexed_values(x, call) else series_numbers(x, call)
  rows <- if (is.null(dim(y))) length(y) else nrow(y)
  n_series <- length(y) / rows
  refuse_broken_series(y, rows, call)
  if (indexed) refuse_uneven_index(x, call)
  found <- core(cpp_hp_filter_columns, y, rows, n_series, lambda, n_threads(), call = call)
  if (indexed) found <- lapply(found, as_indexed, x)
  validate_hp_filter(new_hp_filter(found$trend, found$cycle, lambda, as.integer(n_series)), length(y))
}

#' @rdname hp_filter
#' @export
hp_filter.data.frame <- function(x, lambda, column, unit, time, ...) { # nolint
  call <- rlang::current_env()
  check_dots(...)
  lambda <- read_lambda(rlang::enquo(lambda), names(x), call)
  check_data(x, "x", call)
  column <- resolve_columns(rlang::enquo(column), x, "column", single = TRUE, call = call)
  time <- resolve_columns(rlang::enquo(time), x, "time", single = TRUE, call = call)
  panel <- if (missing(unit)) {
    read_one_series(x, time, call)
  } else {
    code_panel(x, resolve_columns(rlang::enquo(unit), x, "unit", single = TRUE, call = call), time, call = call)
  }
  refuse_key_names(panel, c("trend", "cycle"), call, kept = column, name_arg = FALSE)
  y <- numeric_column(x, column, "column", call)
  refuse_holes(y, column, "column", panel, call)
  found <- filter_units(y, panel, lambda, call)
  inform_name_taken(c("trend", "cycle"), x, panel, "x", name_arg = FALSE)
  series <- series_keys(panel)
  series[[column]] <- own_vector(y)
  validate_hp_filter(new_hp_filter(found$trend, found$cycle, lambda, panel$n_units, series, panel$step), length(y))
}

# A data frame of one series, without a unit, as a panel of one.
read_one_series <- function(x, time, call) {
  counted <- read_time(source_column(x, time), time, "time", call)
  when <- counted$when
  panel <- list(
    unit_name = NULL, time_name = time, unit = NULL, time = source_column(x, time), code = integer(length(when)),
    units = "", when = when, step = counted$step, order = order(when), n_units = 1L, n_rows = length(when)
  )
  twice <- which(duplicated(when))
  if (length(twice)) {
    abort_input(
      "duplicate_rows", paste0("Each `", time, "` must stand in one row of one series."),
      found = paste0("More than one row has ", enumerate(unique(time_labels(panel$time[twice]))), "."),
      todo = "Where `x` holds several series, say by `unit` whose they are.", arg = "unit", rows = twice, call = call
    )
  }
  panel
}

series_keys <- function(panel) {
  if (!is.null(panel$unit_name)) return(panel_keys(panel))
  structure(rlang::set_names(list(own_vector(panel$time)), panel$time_name), class = "data.frame",
            row.names = .set_row_names(panel$n_rows))
}

# The filter of each unit's y (row order): list of trend and cycle, row order. Gaps in time are refused.
filter_units <- function(y, panel, lambda, call) {
  warn_calendar_code(calendar_code(panel), panel$time_name)
  refuse_gaps(panel, call)
  rows <- panel$order
  lengths <- tabulate(panel$code + 1L, panel$n_units)
  found <- core(cpp_hp_filter_runs, y[rows], lengths, lambda, n_threads(), call = call)
  lapply(found, function(part) {
    part[rows] <- part
    part
  })
}

# lambda from what the user wrote. Data first and a column next is the order of the other functions: a column in
# lambda's place is told `column =`.
read_lambda <- function(quo, columns, call) {
  if (rlang::quo_is_missing(quo)) {
    abort_input(
      "missing_argument", "`lambda` must be given.",
      todo = "Usual values: 6.25 for annual, 1600 for quarterly, 129600 for monthly figures.",
      arg = "lambda", call = call
    )
  }
  lambda <- tryCatch(rlang::eval_tidy(quo), error = function(e) {
    refuse_column_as_lambda(quo, NULL, columns, call)
    unknown <- length(unknown_words(quo, columns)) > 0L
    abort_input(
      "number", "`lambda` must be one finite number, 0 or more.",
      found = paste0("`", rlang::as_label(quo), "` ",
                     if (unknown) "is no number, and no object has that name." else "cannot be evaluated."),
      arg = "lambda", parent = if (!unknown) e, call = call
    )
  })
  if (!is.numeric(lambda) || length(lambda) != 1L) refuse_column_as_lambda(quo, lambda, columns, call)
  check_lambda(lambda, call)
}

refuse_column_as_lambda <- function(quo, value, columns, call) {
  used <- intersect(c(all.vars(rlang::quo_get_expr(quo)), if (is.character(value)) value), columns)
  if (length(used) == 0L) return(invisible())
  abort_input(
    "number", "`lambda` must be one finite number, 0 or more.",
    found = paste0("`", used[1L], "` is a column of `x`."),
    todo = paste0("Name the arguments: `hp_filter(x, lambda = 6.25, column = ", used[1L], ", ...)`."),
    arg = "lambda", columns = used, call = call
  )
}

# A smoothing parameter: one finite number, 0 or more.
check_lambda <- function(lambda, call) check_number(lambda, "lambda", lower = 0, call = call)

# Doubles with the shape of x (dimensions, names, time); other attributes of integer64 and labelled go.
series_numbers <- function(x, call) {
  plain <- is.null(attr(x, "class")) || inherits(x, "ts")
  if (is.double(x) && plain) return(x)
  if (is.integer(x) && plain) {
    storage.mode(x) <- "double"
    return(x)
  }
  if (is.matrix(x)) abort_not_series(x, call)
  y <- as_numbers(x, "`x`", "x", call)
  names(y) <- names(x)
  y
}

# Values are named by position; in a matrix by row and column.
refuse_broken_series <- function(y, rows, call) {
  if (all_finite(y)) return(invisible())
  fault <- if (anyNA(y)) "missing_value" else "infinite"
  bad <- which(if (fault == "missing_value") is.na(y) else is.infinite(y))
  where <- if (length(y) > rows) {
    paste0("row ", (bad - 1L) %% rows + 1L, " of series ", (bad - 1L) %/% rows + 1L)
  } else {
    bad
  }
  abort_input(
    fault, paste0("`x` must not hold ", if (fault == "infinite") "infinite" else "missing", " values."),
    found = paste0("Found at ", enumerate(where), "."),
    todo = if (fault == "missing_value") "The filter needs every period; see `interpolate_panel()`.",
    arg = "x", positions = bad, call = call
  )
}
