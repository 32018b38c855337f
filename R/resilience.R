# Resilience of exports: distance from a base year, or trend over cycle of the Hodrick-Prescott filter.

#' Export resilience
#'
#' @description
#' Measures how exports of each unit stand in each period: as the relative distance from a base year, or as
#' the ratio of trend to cycle of log exports by the Hodrick-Prescott filter.
#'
#' @details
#' The [measures] have the formulas. The filter runs on the rows that are given, and another span gives other cycles. It
#' needs every period: a gap in a unit's periods, a missing export and an export of 0 or less are refused.
#'
#' @section Errors:
#' `flowresil_error_missing_column`, `flowresil_error_ambiguous_column`, `flowresil_error_type`,
#' `flowresil_error_encoding` (units or names that are no text in their encoding),
#' `flowresil_error_time`, `flowresil_error_duplicate_rows`, `flowresil_error_infinite`,
#' `flowresil_error_number` (`base`, also one that names no single period; `lambda`, `scale`),
#' `flowresil_error_base_absent` (no row has the base period), `flowresil_error_empty` (nothing but base rows),
#' `flowresil_error_choice`, `flowresil_error_missing_argument`, `flowresil_error_missing_value` (in unit or
#' time), `flowresil_error_option` (the option `flowresil.threads`), `flowresil_error_name` (`name` is no
#' string), `flowresil_error_argument` (an unknown argument, or an option that the method does not take); for hp
#' `flowresil_error_missing_value`, `flowresil_error_non_positive`, `flowresil_error_gap`.
#' Warnings: `flowresil_warning_base`, `flowresil_warning_zero_cycle`, for hp `flowresil_warning_calendar_code`
#' (times such as 201912, see [panel_time]).
#' Messages: `flowresil_message_default_base`, `flowresil_message_base_rows`, `flowresil_message_undefined`,
#' `flowresil_message_name_taken`, `flowresil_message_blanks` (two units that differ by a blank only).
#'
#' @param data A data frame of any kind, one row a unit and time, in any order.
#' @param export Column of exports, in any unit of money, bare or quoted. No infinite value; for hp also no
#'   missing one and all above 0.
#' @param unit,time Columns that say who and when, bare or quoted. `time` holds whole numbers, or dates, which
#'   count by the longest step that fits them: see [panel_time].
#' @param method `"base"` (default), `"hp"`, or what one of the [measures] gives.
#' @param base For method base: the base year, one whole number (default 2008, as in the paper; a message says so
#'   where it is not given), which also finds the year of dates that count years. For other dates a date of the
#'   base period, of any class that `time` may have or as text (`"2008-03"`, `"2008 Q1"`): see [panel_time].
#' @param lambda,transform,scale Options of method hp, as [measure_hp()] takes them. An option that the method does
#'   not take is refused unless it holds its default.
#' @param ... Must be empty.
#' @param name Name of the column that holds the resilience, one string (default `"resilience"`): give each
#'   result its own where several are merged into one table. Under another name than the default, trend and
#'   cycle are called `<name>_trend` and `<name>_cycle`. Not the name of unit or time. A message says where
#'   `data` has a column of such a name, since `merge()` without `by =` would join on it and lose the rows.
#' @return An object of class `export_resilience`, a list of
#'   \describe{
#'     \item{resilience}{data frame in the row order of `data` (base rows left out): the user's unit and time
#'       columns with names and types, the resilience (double, `NA` where undefined) in the column called
#'       `name`, for hp also `trend` and `cycle` (of log exports; see `name`)}
#'     \item{rows}{integer, which row of `data` each row is}
#'     \item{counts}{named integer vector: `rows`, `undefined` (`NA` in `resilience`), and for base
#'       `base_rows` (dropped), `missing` (missing exports), `no_base` (rows of units without a base), for hp
#'       `negative` (ratios below 0), `near_zero` (cycle below .001), `zero_cycle`}
#'     \item{measure}{the measure's object}
#'     \item{method, base, lambda, transform, scale}{its name and options as used, `NA` where the method has none;
#'       `base` as it stands in the time column where that holds dates}
#'     \item{unusable}{units without a usable base (base), or with a zero cycle (hp)}
#'     \item{unit, time, export, name}{names of the columns}
#'     \item{step}{what one step of time is, a list with `unit` (see [panel_time])}
#'     \item{call}{the call}
#'   }
#'   Methods: `print`, `summary`, `as.data.frame` (gives `resilience`), `tidy` (the same), `glance`,
#'   `autoplot`.
#' @references
#' Wang, Y. Q. and Lu, R. X. (2025). The impact of data factor flow environment on export resilience.
#' *International Journal of Multidisciplinary Research and Growth Evaluation* 6(5), 839-844.
#' \doi{10.54660/.IJMRGE.2025.6.5.839-844}
#'
#' Xu, C. K. and Liu, H. M. (2023). Evolution of international trade networks and promotion of China's export
#' resilience. *World Economy Studies* (6), 100-114.
#' @seealso [measures], [hp_filter()].
#' @examples
#' # By hand: 120 after 100 is .2, 80 after 100 is -.2
#' d <- data.frame(city = "A", year = 2008:2010, sales = c(100, 120, 80))
#' as.data.frame(export_resilience(d, sales, unit = city, time = year, base = 2008))
#'
#' # Provinces of China against 2008
#' export_resilience(province_panel, exports, province, year, base = 2008)
#'
#' # Trend over cycle, 2009-2022
#' sample <- province_panel[province_panel$year %in% 2009:2022, ]
#' export_resilience(sample, exports, province, year, method = "hp", transform = "log_abs")
#' @export
export_resilience <- function(data, export, unit, time, method = c("base", "hp"), base = 2008, lambda = 6.25,
                              transform = c("none", "log_abs", "log_positive", "signed_log", "asinh"),
                              scale = 100, ..., name = "resilience") {
  call <- rlang::current_env()
  check_dots(...)
  check_data(data)
  export <- resolve_columns(rlang::enquo(export), data, "export", single = TRUE)
  panel <- code_panel(
    data, resolve_columns(rlang::enquo(unit), data, "unit", single = TRUE),
    resolve_columns(rlang::enquo(time), data, "time", single = TRUE)
  )
  transform <- as_choice(transform, transforms(), "transform")$name
  short <- list(base = base, lambda = lambda, transform = transform, scale = scale)
  measure <- read_measure(method, short, c(if (!missing(base)) "base", "lambda", "transform", "scale"), call)
  chosen <- !missing(name)
  name <- check_result_name(name, call)
  own <- resilience_columns(name, measure)
  refuse_key_names(panel, own, call, chosen = chosen)
  x <- numeric_column(data, export, "export", call)
  refuse_infinite(x, paste0("Column `", export, "`"), "export", call, column = export)
  at <- list(export = export, call = call, checked = if (!is.null(measure$check)) measure$check(panel, call))
  found <- measure_exports(measure, x, panel, at)
  inform_name_taken(own, data, panel)
  validate_export_resilience(new_export_resilience(found, panel, export, measure, name, rlang::current_call()))
}

# The result's own columns. Further ones of a result that the user named bear its name, so that two filters can
# stand in one table.
resilience_columns <- function(name, measure) {
  further <- measure$columns
  c(name, if (name == "resilience" || length(further) == 0L) further else paste0(name, "_", further))
}

# --- constructing ----------------------------------------------------------------------------------------

new_export_resilience <- function(found, panel, export, measure, name, call) {
  table <- panel_keys(panel, found$rows)
  table[resilience_columns(name, measure)] <- c(list(found$value), found$columns)
  counts <- found$counts
  storage.mode(counts) <- "integer"
  fact <- function(which, none = NA_real_) {
    value <- found$facts[[which]]
    if (is.null(value)) value <- measure$settings[[which]]
    if (is.null(value)) none else value
  }
  structure(
    list(
      resilience = table, rows = found$rows, counts = counts, method = measure$name, base = fact("base"),
      lambda = fact("lambda"), transform = fact("transform", NA_character_), scale = fact("scale"),
      unusable = found$unusable, n_units = panel$n_units, unit = panel$unit_name, time = panel$time_name,
      step = panel$step, export = export, name = name, measure = measure, call = call
    ),
    class = "export_resilience"
  )
}

# Resilience itself, whatever its column is called.
resilience_values <- function(x) x$resilience[[result_name(x, "resilience")]]

validate_export_resilience <- function(x) {
  value <- resilience_values(x)
  promise(nrow(x$resilience) == length(x$rows), "there is a row number a row")
  promise(!any(is.nan(value)) && !any(is.infinite(value)), "resilience is finite or NA")
  promise(sum(is.na(value)) == x$counts[["undefined"]], "undefined cells are counted")
  x
}

# --- telling ---------------------------------------------------------------------------------------------

#' @export
as.data.frame.export_resilience <- function(x, row.names = NULL, optional = FALSE, ...) x$resilience # nolint

# The lines that name every convention of a result, for print and plots.
describe_resilience <- function(x) {
  measure <- x$measure
  c(
    paste0("Export resilience of `", x$export, "`: ", count_of(x$counts[["rows"]], "row"), ", ",
           count_of(x$n_units, "unit")),
    if (is.null(measure$describe)) {
      c(paste0("Method: ", describe_choice(measure)), paste0("NA: ", x$counts[["undefined"]]))
    } else {
      measure$describe(x)
    },
    describe_time(x$time, x$step)
  )
}

#' @export
print.export_resilience <- function(x, digits = 4, ...) {
  check_digits(digits)
  cat(describe_resilience(x), sep = "\n")
  print_rows(x$resilience, digits)
  invisible(x)
}

#' @export
summary.export_resilience <- function(object, ...) {
  by_period <- split_by_time(resilience_values(object), object$resilience[[object$time]])
  periods <- data.frame(
    period = names(by_period), n = vapply(by_period, function(v) sum(!is.na(v)), 0L),
    mean = vapply(by_period, mean_known, 0), median = vapply(by_period, stats::median, 0, na.rm = TRUE),
    min = vapply(by_period, function(v) -mean_known_max(-v), 0), max = vapply(by_period, mean_known_max, 0),
    row.names = NULL
  )
  structure(
    list(conventions = describe_resilience(object), periods = periods, counts = object$counts,
         unusable = object$unusable, time = object$time),
    class = "summary.export_resilience"
  )
}

mean_known <- function(v) if (all(is.na(v))) NA_real_ else mean(v, na.rm = TRUE)

mean_known_max <- function(v) if (all(is.na(v))) NA_real_ else max(v, na.rm = TRUE)

#' @export
print.summary.export_resilience <- function(x, digits = 4, ...) {
  check_digits(digits)
  cat(x$conventions, sep = "\n")
  if (length(x$unusable)) cat("Units with NA: ", enumerate(x$unusable), "\n", sep = "")
  cat("\nResilience by ", x$time, "\n", sep = "")
  print_rows(x$periods, digits, limit = 30L)
  invisible(x)
}

#' @export
tidy.export_resilience <- function(x, ...) x$resilience

#' @export
glance.export_resilience <- function(x, ...) {
  value <- resilience_values(x)
  data.frame(
    method = x$method, base = x$base, lambda = x$lambda, transform = x$transform, scale = x$scale,
    nobs = sum(!is.na(value)), n_units = x$n_units, n_undefined = x$counts[["undefined"]],
    mean = mean_known(value)
  )
}
