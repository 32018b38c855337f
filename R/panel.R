# A panel: who (unit), when (time), checked. Everything that knows of units and years starts here.

# Reads and checks unit and time of `data`. Gives a list:
#   unit_name, time_name   the user's column names
#   unit, time             the user's columns as they are, in row order
#   code, units            0-based unit code by row (units in sorted order), one value per unit
#   when                   number of each row's period (whole doubles; neighbours differ by one), in row order
#   step                   what one step of `when` is, see read_time()
#   order                  rows by unit, then time
#   n_units, n_rows
# `unique = FALSE` lets a unit-time stand more than once; `step` and `text` are those of read_time().
code_panel <- function(data, unit_name, time_name, unique = TRUE, call = rlang::caller_env(), step = NULL,
                       text = FALSE) {
  if (identical(unit_name, time_name)) {
    abort_input(
      "ambiguous_column", "`unit` and `time` must be two columns.",
      found = paste0("Both name `", unit_name, "`."), arg = "time", call = call
    )
  }
  unit <- source_column(data, unit_name)
  time <- source_column(data, time_name)
  groups <- group_column(unit, unit_name, "unit", call)
  if (groups$changed) unit <- utf8_column(unit, unit_name, "unit", call)
  time <- utf8_column(time, time_name, "time", call)
  counted <- read_time(time, time_name, "time", call, step, text)
  when <- counted$when
  order <- order(groups$code, when)
  panel <- list(
    unit_name = unit_name, time_name = time_name, unit = unit, time = time,
    code = groups$code, units = groups$values, when = when, step = counted$step, order = order,
    n_units = length(groups$values), n_rows = length(when)
  )
  if (unique) refuse_duplicates(panel, call)
  panel
}

# Places in the panel's order whose unit-time stands in the next place too.
repeated_pairs <- function(panel) {
  o <- panel$order
  n <- length(o)
  if (n < 2L) return(integer())
  which(panel$code[o][-1L] == panel$code[o][-n] & panel$when[o][-1L] == panel$when[o][-n])
}

# Stops where a unit-time stands more than once. `hint` says more on where unit and time come from.
refuse_duplicates <- function(panel, call = rlang::caller_env(), hint = NULL) {
  same <- repeated_pairs(panel)
  if (length(same) == 0L) return(invisible())
  o <- panel$order
  rows <- o[same + 1L]
  pairs <- unique(paste0(label_values(pick(panel$unit, rows)), " ", time_labels(pick(panel$time, rows))))
  abort_input(
    "duplicate_rows",
    paste0("Each pair of `", panel$unit_name, "` and `", panel$time_name, "` must stand in one row."),
    found = paste0("More than one row has ", enumerate(pairs), "."),
    todo = c(hint, "Aggregate the rows or add the identifier that tells them apart."),
    arg = "data", rows = sort(unique(c(o[same], rows))), pairs = pairs, call = call
  )
}

# The two key columns of a result, with the user's names and types, for the given rows.
panel_keys <- function(panel, rows = seq_len(panel$n_rows)) {
  keys <- list(pick(panel$unit, rows), pick(panel$time, rows))
  names(keys) <- c(panel$unit_name, panel$time_name)
  structure(keys, class = "data.frame", row.names = .set_row_names(length(rows)))
}

# "Beijing, Shanghai and 3 more" for unit codes.
name_units <- function(panel, codes) {
  paste(if (length(codes) == 1L) "unit" else "units", enumerate(pick(panel$units, codes + 1L)))
}

# ", of units A and B" for unit codes; nothing where there is one series without a unit.
of_units <- function(panel, codes, word = ", of ") {
  if (is.null(panel$unit_name)) "" else paste0(word, name_units(panel, codes))
}

# Rows of the first and the last period.
panel_ends <- function(panel) c(which.min(panel$when), which.max(panel$when))

# Values by time, in its order, named by the time's label.
split_by_time <- function(values, time) {
  counted <- read_time(time, "time", "time")
  coded <- code_values(counted$when)
  parts <- split(values, factor(coded$code, levels = seq_along(coded$values) - 1L))
  names(parts) <- time_labels(pick(time, match(coded$values, counted$when)))
  parts
}
