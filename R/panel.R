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
read_panel <- function(data, unit_name, time_name, unique = TRUE, call = rlang::caller_env(), step = NULL,
                       text = FALSE) {
  if (identical(unit_name, time_name)) {
    abort_input(
      "ambiguous_column", "`unit` and `time` must be two columns.",
      found = paste0("Both name `", unit_name, "`."), arg = "time", call = call
    )
  }
  unit <- .subset2(data, unit_name)
  time <- .subset2(data, time_name)
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

# Any atomic column as 0-based codes of its values in sorted order. NA is refused; unused factor levels
# are left out. Gives code (integer, by row), values (one per level, of the column's type; label_values() names
# them), changed (was text converted to UTF-8?). `row_numbers` are those of the data where `x` holds some of its rows
# only.
group_column <- function(x, name, arg, call = rlang::caller_env(), row_numbers = NULL) {
  what <- paste0("Column `", name, "`")
  if (!names_groups(x)) {
    abort_input("type", paste0(what, " must be a plain vector that names groups."),
                found = paste0("It is ", describe_type(x), "."), arg = arg, columns = name, call = call)
  }
  groups <- code_values(plain_key(x), refuse_encoding(name, arg, call, row_numbers))
  if (is.null(groups)) {
    rows <- which(is_missing(x))
    if (!is.null(row_numbers)) rows <- row_numbers[rows]
    abort_input(
      "missing_value", paste0(what, " must not hold missing values: it names the ",
                              if (arg %in% c("unit", "time")) arg else "groups", "."),
      found = paste0("NA in ", name_rows(rows), "."), arg = arg, columns = name, rows = rows, call = call
    )
  }
  if (arg != "newdata") {
    tell_blanks(groups$values, name, switch(arg, unit = "units", vcov = "clusters", "levels"), call)
  }
  groups
}

names_groups <- function(x) is.atomic(x) && !is.null(x) && !is.matrix(x) && !is.complex(x) && !is.raw(x)

# A key without a class that says nothing of how it reads, such as haven's labels.
plain_key <- function(x) if (is.object(x) && !keeps_class(x)) as.vector(unclass(x)) else x

# Codes of a vector without checks of type; NULL where a value is missing. `refuse` as for code_text(): not needed
# where there is no text, or text that has been read before.
code_values <- function(x, refuse) {
  if (is.factor(x)) {
    found <- core(cpp_group_integer, unclass_factor(x))
    if (is.null(found)) return(NULL)
    known <- utf8_levels(x, refuse)
    place <- known$place[found$values]
    if (anyDuplicated(place)) {
      left <- sort(unique(place))
      found$code <- core(cpp_recode, found$code, match(place, left) - 1L)
      place <- left
    }
    values <- factor(known$levels[place], levels = known$levels, exclude = NULL)
    return(list(code = found$code, values = values, changed = known$changed))
  }
  if (is.character(x)) return(code_text(x, refuse))
  integer64 <- inherits(x, "integer64")
  by <- if (integer64) cpp_group_integer64 else if (is.double(x)) cpp_group_real else cpp_group_integer
  found <- core(by, if (is.logical(x)) as.integer(x) else if (integer64) unclass(x) else x)
  if (is.null(found)) return(NULL)
  values <- if (is.logical(x)) as.logical(found$values) else found$values
  attributes(values) <- attributes(x)[names(attributes(x)) != "names"]
  list(code = found$code, values = values, changed = FALSE)
}

unclass_factor <- function(x) {
  attributes(x) <- NULL
  x
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
