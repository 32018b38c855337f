# Series of zoo and xts: their values filtered, their index kept. Read by their attributes, without the packages.

# Is it a series of zoo or xts, with an index by row?
is_indexed <- function(x) inherits(x, "zoo") && !is.null(attr(x, "index"))

# The values of x as doubles with dimensions and names only.
indexed_values <- function(x, call) {
  if (!is.double(x) && !is.integer(x)) abort_not_series(x, call)
  values <- as.double(x)
  attributes(values) <- attributes(x)[intersect(names(attributes(x)), c("dim", "dimnames", "names"))]
  values
}

# `values` with the class and the index of x.
as_indexed <- function(values, x) {
  attributes(values) <- attributes(x)
  values
}

# The index of x. xts keeps seconds since 1970 and says by attributes what they were.
series_index <- function(x) {
  index <- attr(x, "index")
  kind <- attr(index, "tclass")
  if (is.null(kind)) return(index)
  moment <- .POSIXct(as.vector(index), tz = if (is.null(attr(index, "tzone"))) "UTC" else attr(index, "tzone")[1L])
  if ("Date" %in% kind) return(as.Date(moment, tz = "UTC"))
  calendar <- as.POSIXlt(moment, tz = "UTC")
  year <- calendar$year + 1900
  if ("yearmon" %in% kind) return(structure(year + calendar$mon / 12, class = "yearmon"))
  if ("yearqtr" %in% kind) return(structure(year + calendar$mon %/% 3 / 4, class = "yearqtr"))
  moment
}

# Places along the calendar, as far as an index tells them without a doubt: numbers as they are, dates by their
# longest step. NULL for days and times of day, whose weekends, holidays and nights are no gaps.
index_places <- function(index) {
  if (is_dated(index)) {
    days <- as_days(index)
    step <- longest_step(days)
    return(if (!anyNA(days) && step$unit != "day") count_steps(days, step))
  }
  if (is.numeric(index) && !is.object(index)) as.double(index)
}

# The filter weighs neighbours: steps must be equal.
refuse_uneven_index <- function(x, call) {
  index <- series_index(x)
  places <- index_places(index)
  steps <- diff(places)
  if (length(steps) < 2L) return(invisible())
  step <- min(steps)
  wide <- which(abs(steps - step) > 1e-6 * abs(step))
  if (length(wide) == 0L) return(invisible())
  abort_input(
    "gap", "The index of `x` must go in equal steps: the filter weighs neighbours in time.",
    found = paste0("After ", enumerate(time_labels(index[wide])), " the step is longer than elsewhere."),
    todo = "Add the missing periods and fill them, or filter `zoo::coredata(x)` if they are in fact neighbours.",
    arg = "x", positions = wide + 1L, call = call
  )
}

# Stops at what is no series of numbers.
abort_not_series <- function(x, call) {
  abort_input(
    "type", "`x` must be a numeric vector, a time series, a numeric matrix or a data frame.",
    found = paste0("It is ", describe_type(x), "."), arg = "x", call = call
  )
}
