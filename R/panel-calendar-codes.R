# Whole numbers that are codes of dates (201912, 20194, 20191231): no counts, though they look like numbers.

# The kind of code that all times of a panel look like, and two neighbours that are further apart as numbers than
# as dates: list(kind, from, to, steps, right). NULL where they look like none, or steps cannot matter.
calendar_code <- function(panel) {
  when <- panel$when
  if (length(when) == 0L || panel$step$unit != "number") return(NULL)
  range <- range(when)
  fits <- vapply(code_ranges, function(limits) range[1L] >= limits[1L] && range[2L] <= limits[2L], logical(1))
  if (!any(fits)) return(NULL)
  kind <- names(code_ranges)[fits]
  times <- code_values(when)$values
  if (length(times) < 2L || anyNA(count_codes(times, kind))) return(NULL)
  at <- which(diff(times) != diff(count_codes(times, kind)))
  # Within one year numbers and dates agree: the next year will not.
  pair <- if (length(at)) times[at[1L] + 0:1] else turn_of_year(times[length(times)], kind)
  list(kind = kind, from = pair[1L], to = pair[2L], steps = diff(pair), right = diff(count_codes(pair, kind)))
}

# The last code of a year and the first of the next.
turn_of_year <- function(time, kind) {
  size <- c(YYYYQ = 10, YYYYMM = 100, YYYYMMDD = 1e4)[[kind]]
  year <- time %/% size
  c(year * size + c(YYYYQ = 4, YYYYMM = 12, YYYYMMDD = 1231)[[kind]],
    (year + 1) * size + c(YYYYQ = 1, YYYYMM = 1, YYYYMMDD = 101)[[kind]])
}

# Years 1500-2200 in front: no two kinds overlap.
code_ranges <- list(YYYYQ = c(15001, 22004), YYYYMM = c(150001, 220012), YYYYMMDD = c(15000101, 22001231))

# What the codes count; NA where one is none.
count_codes <- function(times, kind) {
  switch(kind,
    YYYYQ = ifelse(times %% 10 >= 1 & times %% 10 <= 4, 4 * (times %/% 10) + times %% 10, NA),
    YYYYMM = ifelse(times %% 100 >= 1 & times %% 100 <= 12, 12 * (times %/% 100) + times %% 100, NA),
    YYYYMMDD = as.double(as.Date(sprintf("%.0f", times), "%Y%m%d"))
  )
}

# How the column is converted.
code_conversion <- function(kind, name) {
  column <- code_name(name)
  switch(kind,
    YYYYQ = quarter_conversion(column, paste0("substr(", column, ", 5, 5)")),
    YYYYMM = paste0("as.Date(paste0(", column, ", \"01\"), \"%Y%m%d\")"),
    YYYYMMDD = paste0("as.Date(as.character(", column, "), \"%Y%m%d\")")
  )
}

# The sentence that tells how to convert a calendar code.
advise_code <- function(found, name) paste0("Convert them to dates: `", code_conversion(found$kind, name), "`.")

# Warns where steps between times matter. `found` is calendar_code(), NULL for nothing to say.
warn_calendar_code <- function(found, name) {
  if (is.null(found)) return(invisible())
  what <- c(YYYYQ = "quarter", YYYYMM = "month", YYYYMMDD = "day")[[found$kind]]
  warn_data(
    "calendar_code",
    paste0("Times in `", name, "` look like ", what, "s written as ", found$kind, ", and count as plain numbers."),
    found = paste0("From ", time_labels(found$from), " to ", time_labels(found$to), " are ", time_labels(found$steps),
                   " steps, where ", count_of(found$right, what), if (found$right == 1) " is" else " are", " meant."),
    todo = advise_code(found, name), arg = "time", columns = name
  )
}
