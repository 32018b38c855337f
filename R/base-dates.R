# What a dated value is: the days of a Date, a date-time, a month or a quarter, whose package need not be loaded.

# Classes that say a date. tsibble's months, quarters and weeks are days inside.
dated_classes <- c("Date", "POSIXct", "yearmon", "yearqtr", "yearmonth", "yearquarter", "yearweek")

# Is it a plain vector of one of the classes of dates and times?
is_dated <- function(x) (is.double(x) || is.integer(x)) && is.null(dim(x)) && inherits(x, dated_classes)

# The time zone of a time, "" for that of the session.
time_zone <- function(x) {
  zone <- attr(x, "tzone")
  if (is.null(zone)) "" else zone[1L]
}

# Days since 1970 of a vector of a dated class, NA where a time lies within a day. Months and quarters are
# their first day.
as_days <- function(x) {
  if (inherits(x, "yearmon")) return(first_days(floor(12 * as.double(unclass(x)) + .001)))
  if (inherits(x, "yearqtr")) return(first_days(3 * floor(4 * as.double(unclass(x)) + .001)))
  number <- as.double(unclass(x))
  if (!inherits(x, "POSIXct")) return(ifelse(number == round(number), number, NA))
  day <- local_day(x)
  # The clock may jump over midnight: what counts is that a second before it was another day.
  ifelse(number == round(number) & local_day(x - 1) < day, day, NA)
}

# The day of a time in its own time zone, as days since 1970.
local_day <- function(x) as.double(as.Date(as.POSIXlt(x, tz = time_zone(x))))

# The first day of months counted from year 0.
first_days <- function(months) {
  known <- is.finite(months)
  days <- rep(NA_real_, length(months))
  text <- sprintf("%04.0f-%02.0f-01", months[known] %/% 12, months[known] %% 12 + 1)
  days[known] <- as.double(as.Date(text, "%Y-%m-%d"))
  days
}

# Day of the month, whether it is the last, and month (0-11) and year of days since 1970.
date_parts <- function(days) {
  date <- as.POSIXlt(structure(days, class = "Date"))
  next_day <- as.POSIXlt(structure(days + 1, class = "Date"))
  list(day = date$mday, last = next_day$mday == 1L, month = date$mon, year = date$year + 1900)
}

# Numbers that may count: no factor, no moment, no span of time.
is_number <- function(x) {
  (is.double(x) || is.integer(x)) && !is.matrix(x) && !inherits(x, c("factor", "POSIXt", "difftime"))
}
