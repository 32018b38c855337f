# The base of resilience: which period of the panel it names.

# list(when, label, value): the number of the period among the panel's `when`, as the user calls it, and a
# function that gives what the object keeps from the rows in it.
find_base <- function(base, panel, call) {
  if (panel$step$unit == "number") {
    if (is_dated(base)) refuse_base(base, panel, call)
    when <- check_number(base, "base", whole = TRUE, call = call)
    return(list(when = when, label = time_labels(when), value = function(in_base) when))
  }
  named <- name_day(base)
  # From the finest to the coarsest: a base coarser than a step would name several.
  grains <- c("day", "week", "month", "quarter", "year")
  if (is.null(named) || match(named$grain, grains) > match(panel$step$unit, grains)) refuse_base(base, panel, call)
  list(
    when = count_steps(named$day, panel$step), label = time_labels(base),
    value = function(in_base) pick(panel$time, which(in_base)[1L])
  )
}

# A day in the period that `base` names, and how long that period is; NULL where it names none.
name_day <- function(base) {
  if (length(base) != 1L || !is.atomic(base) || is.na(base)) return(NULL)
  if (is.character(base)) return(name_day_of_text(base))
  if (is_dated(base)) {
    day <- if (inherits(base, "POSIXct")) local_day(base) else as_days(base)
    return(if (is.finite(day)) list(day = day, grain = grain_of(base)))
  }
  if (is.numeric(base) && base %in% 0:9999) list(day = first_days(12 * as.double(base)), grain = "year")
}

name_day_of_text <- function(base) {
  read <- read_time_labels(base)
  if (is.null(read) || read$grain == "number") return(name_day(read$values))
  list(day = as_days(read$values), grain = read$grain)
}

refuse_base <- function(base, panel, call) {
  dated <- is_dated(base) && length(base) == 1L
  found <- if (dated) paste0("It is ", time_labels(base), ".") else describe_value(base)
  if (panel$step$unit == "number") {
    abort_input(
      "number", paste0("`base` must be one whole number, as the times in `", panel$time_name, "` are."),
      found = found, arg = "base", call = call
    )
  }
  first <- pick(panel$time, panel_ends(panel)[1L])
  example <- if (panel$step$unit == "year") panel$when[panel_ends(panel)[1L]] else
    paste0("\"", format(structure(as_days(dates_of(first)), class = "Date")), "\"")
  abort_input(
    "number",
    paste0("`base` must name one period of `", panel$time_name, "`, in which ", describe_step(panel$step), "."),
    found = found, todo = paste0("Give it as, for example, `base = ", example, "`."), arg = "base", call = call
  )
}

# Dates of what the levels of a factor say; anything else as it is.
dates_of <- function(x) if (is.factor(x)) read_time_labels(as.character(x))$values else x

# "year" for whole numbers, which are years as a rule.
base_noun <- function(step) if (step$unit == "number") "year" else step$unit
