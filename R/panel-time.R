# What a column of times is: whole numbers that count as they are, or dates that count by their longest step.

#' What may be a time, and what one step of it is
#'
#' Lags, gaps, interpolation, the Hodrick-Prescott filter and the base of resilience go by the time column, not
#' by the order of rows: one lag is one step of time. This page says what counts as a time and how long a step is,
#' for every function with an argument `time`.
#'
#' @section Whole numbers:
#' Numbers (integer, double, integer64, labelled) count as they are: one step is 1. They may be years, waves or
#' any numbering without fractions. A factor counts by what its levels say.
#'
#' @section Dates:
#' A column of class `Date`, `POSIXct`, or zoo's `yearmon` and `yearqtr` counts by the longest of year, quarter,
#' month, week and day that fits all of its values, also where there is only one. A year, quarter or month fits
#' when all dates have one place in it: the same day, or all its last day (31 December of each year, the ends of
#' months, the end of February in leap years and others); a week fits when all are the same weekday. Print and
#' messages say "one step is one year". Results keep the column as it is.
#'
#' `POSIXct` is read in the time zone that it carries and must be midnight there. Times within a day are refused:
#' convert them (`as.Date(t, tz = "Asia/Shanghai")`) or number the periods.
#'
#' `newdata` of `predict()` counts by the step of the fit; a date between its steps is refused where the distance
#' matters.
#'
#' @section Text:
#' Text is refused as `time`, with the conversion that works for it, such as `as.integer(year)`, or
#' `as.Date(paste0(month, "-01"))`; the Chinese sign for year is taken off by `sub()`. In a regression with
#' lags, where the time may also be an effect, text counts by what it says, like the levels of a factor: whole
#' numbers, with or without that sign, `"2010-03-31"`, `"2010-03"`, `"2010 Q1"`, `"Mar 2010"`.
#'
#' @section Numbers that are codes of dates:
#' Whole numbers that all look like YYYYMM, YYYYQ or YYYYMMDD (years 1500-2200 in front) are no counts: from
#' 201912 to 202001 are 89 steps. Where steps matter (lags, interpolation, the filter) a warning of class
#' `flowresil_warning_calendar_code` names the conversion, `as.Date(paste0(m, "01"), "%Y%m%d")` for months.
#'
#' @section Base of resilience:
#' `base` of [export_resilience()] is compared with the periods: a number for whole numbers (and factors of them)
#' and for dates that count years; for other dates a date inside the period, of any of the classes above or as
#' text, such as `as.Date("2010-01-01")`, `"2010-01"` or `"2010 Q1"`, not coarser than a step.
#'
#' @section Roles of lags:
#' [fe_model()], [fe_compare()] and [fe_mediation()] take unit and time of lags, leads and differences from the
#' first of these that tells:
#' 1. the arguments `unit` and `time`;
#' 2. the index of a `pdata.frame`;
#' 3. the effects. The time is the only effect that looks like a calendar (dates, or whole numbers within
#'    1500-2200, also as levels of a factor or as text, with or without the Chinese sign for year); else the only
#'    one that can be a time (whole numbers, levels of a factor that are, dates); else, by the order of effects,
#'    the second. Where several look alike, the second comes before the others and the first last.
#'    The unit is the first other effect in which no unit and time stands twice; where there is none, class
#'    `duplicate_rows`. Interacted effects are never a role.
#'
#' Guessed roles are said in a message of class `flowresil_message_roles` ("lags by `id` along `year`"), and print
#' says by what lags went, given or guessed.
#' @name panel_time
NULL

# Reads a column of times. Gives list(when, step):
#   when   number of each row's period, whole doubles in row order; neighbours differ by one
#   step   list(unit, ...): unit "number" for whole numbers, else "year", "quarter", "month", "week" or "day"
#          with the place of the dates in it
# `step` is that of a fit, for new data. `text = TRUE` reads text like the levels of a factor. With
# `between = NA` a date between the steps of the fit is NA, else refused.
read_time <- function(x, name, arg, call = rlang::caller_env(), step = NULL, text = FALSE, between = NULL) {
  column <- list(name = name, arg = arg, call = call)
  if (is.character(x) && !text) refuse_text_time(x, column)
  distinct <- distinct_times(x, column)
  dated <- !is.null(distinct) && distinct$dated
  if (!is.null(step) && dated != (step$unit != "number")) refuse_other_kind(x, step, column)
  if (dated) return(count_dates(distinct, step, between, column))
  if (!is.null(distinct)) x <- distinct$values[distinct$code]
  list(when = plain_count(x, column), step = list(unit = "number"))
}

count_dates <- function(distinct, step, between, column) {
  days <- whole_days(distinct, column)
  found <- if (is.null(step)) longest_step(days) else step
  when <- count_steps(days, found)
  if (!is.null(step)) {
    off <- !on_step(days, step)
    if (is.null(between)) refuse_between_steps(off, distinct, step, column)
    when[off] <- NA
  }
  list(when = when[distinct$code], step = found)
}

refuse_other_kind <- function(x, step, column) {
  refuse_time(
    column, paste0("It is ", describe_type(x), ", and the fit counted ",
                   if (step$unit == "number") "whole numbers." else paste0(step$unit, "s of dates.")),
    todo = "Give the times of `newdata` as those of the fit."
  )
}

refuse_missing_times <- function(missing, column) {
  rows <- which(missing)
  if (length(rows) == 0L) return(invisible())
  abort_input(
    "missing_value", paste0("Column `", column$name, "` must not hold missing values: it names the time."),
    found = paste0("NA in ", name_rows(rows), "."),
    arg = column$arg, columns = column$name, rows = rows, call = column$call
  )
}

# The distinct times of a factor, text or dates: list(code (1-based, by row), values (numbers, or of a dated
# class), labels, dated). NULL for anything else, which counts as it stands.
distinct_times <- function(x, column) {
  if (is.factor(x) || is.character(x)) return(distinct_labels(x, column))
  if (!is_dated(x)) return(NULL)
  number <- as.double(unclass(x))
  coded <- code_values(number)
  if (is.null(coded)) refuse_missing_times(is.na(number), column)
  values <- coded$values
  attributes(values) <- attributes(x)[c("class", "tzone")]
  list(code = coded$code + 1L, values = values, labels = NULL, dated = TRUE)
}

distinct_labels <- function(x, column) {
  labels <- if (is.factor(x)) levels(x) else unique(as.vector(x))
  code <- if (is.factor(x)) as.integer(x) else match(x, labels)
  refuse_missing_times(is.na(labels[code]), column)
  used <- tabulate(code, length(labels)) > 0L
  read <- read_time_labels(labels[used])
  if (is.null(read)) refuse_labels(labels[used], is.factor(x), column)
  values <- rep(read$values[NA_integer_], length(labels))
  values[used] <- read$values
  list(code = code, values = values, labels = labels, dated = read$grain != "number", used = used)
}

# Whole numbers as doubles.
plain_count <- function(x, column) {
  if (inherits(x, "integer64")) x <- as_numbers(x, paste0("Column `", column$name, "`"), column$arg, column$call)
  if (!is_number(x)) refuse_time(column, paste0("It is ", describe_type(x), "."))
  when <- as.double(unclass(x))
  if (anyNA(when)) refuse_missing_times(is.na(when), column)
  whole <- is.integer(x) || length(when) == 0L ||
    min(when) >= -2^52 && max(when) <= 2^52 && all(when == round(when))
  if (whole) return(when)
  odd <- which(!is.finite(when) | when != round(when) | abs(when) > 2^52)
  refuse_time(column, paste0("It is ", label_values(when[odd[1L]]), " in ", name_rows(odd), "."), odd)
}

# --- days and steps --------------------------------------------------------------------------------------

# Distinct dates as whole days since 1970; a time within a day is refused. Unused levels are NA.
whole_days <- function(distinct, column) {
  days <- as_days(distinct$values)
  broken <- !is.finite(days)
  if (!is.null(distinct$used)) broken <- broken & distinct$used
  if (!any(broken)) return(days)
  rows <- which(broken[distinct$code])
  first <- distinct$values[distinct$code[rows[1L]]]
  if (!is.finite(as.double(first))) {
    refuse_time(column, paste0("It is infinite in ", name_rows(rows), "."), rows)
  }
  moment <- inherits(first, "POSIXct")
  shown <- if (moment) format(first, "%Y-%m-%d %H:%M:%S") else paste(format(as.double(first), digits = 15), "days")
  day <- if (moment) paste0(code_name(column$name), ", tz = \"", time_zone(first), "\"") else
    paste0("format(", code_name(column$name), ")")
  refuse_time(
    column, paste0("It is ", shown, " in ", name_rows(rows), ", a time within a day."), rows,
    paste0("Count days by `as.Date(", day, ")`, or number the periods 1, 2, 3 ...")
  )
}

# The longest step in which all days have one place.
longest_step <- function(days) {
  days <- days[!is.na(days)]
  parts <- date_parts(days)
  one <- function(x) length(unique(x)) == 1L
  same_day <- one(parts$day)
  place <- list(day = if (same_day) parts$day[1L] else NA_integer_, last = all(parts$last))
  if (same_day || place$last) {
    if (one(parts$month)) return(c(list(unit = "year", month = parts$month[1L]), place))
    if (one(parts$month %% 3L)) return(c(list(unit = "quarter", month = parts$month[1L] %% 3L), place))
    return(c(list(unit = "month"), place))
  }
  if (one(days %% 7)) return(list(unit = "week", weekday = days[1L] %% 7))
  list(unit = "day")
}

# The number of the step that each day lies in.
count_steps <- function(days, step) {
  if (step$unit == "day") return(days)
  if (step$unit == "week") return((days - step$weekday) %/% 7)
  parts <- date_parts(days)
  switch(step$unit,
    year = parts$year,
    quarter = 4 * parts$year + parts$month %/% 3,
    month = 12 * parts$year + parts$month
  )
}

# Does each day have the step's place?
on_step <- function(days, step) {
  if (step$unit == "day") return(!is.na(days))
  if (step$unit == "week") return(days %% 7 == step$weekday)
  parts <- date_parts(days)
  here <- parts$day %in% step$day | (step$last & parts$last)
  switch(step$unit,
    year = here & parts$month == step$month,
    quarter = here & parts$month %% 3L == step$month,
    month = here
  )
}

refuse_between_steps <- function(between, distinct, step, column) {
  rows <- which(between[distinct$code])
  if (length(rows) == 0L) return(invisible())
  first <- distinct$code[rows[1L]]
  shown <- if (is.null(distinct$labels)) time_labels(distinct$values[first]) else distinct$labels[first]
  refuse_time(
    column, paste0("It is ", shown, " in ", name_rows(rows), ", between the steps of the fit, in which ",
                   describe_step(step), "."),
    rows, "Give the times of `newdata` as those of the fit."
  )
}

# "one step is one year"; NULL for whole numbers, which count as they are.
describe_step <- function(step) {
  if (is.null(step) || step$unit == "number") return(NULL)
  paste("one step is one", step$unit)
}

# "Time: `day`, one step is one year" for print; NULL for whole numbers.
describe_time <- function(name, step) {
  if (is.null(describe_step(step))) return(NULL)
  paste0("Time: `", name, "`, ", describe_step(step))
}

# The same for a message; NULL for whole numbers.
say_step <- function(name, step) {
  if (is.null(describe_step(step))) return(NULL)
  paste0("`", name, "` counts ", step$unit, "s: ", describe_step(step), ".")
}
