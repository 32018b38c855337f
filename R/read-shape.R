# From a table to pieces: one indicator of one sheet, by unit and period. A piece is list(indicator, named = by what
# ("head", "line", "sheet", "file"), unit, when, kind, value, file, sheet, row, column, label, unit_name, time_name).

# The pieces of a table, in the shape that it has or that is asked for: list(pieces, dropped).
read_shape <- function(table, asked, call) {
  shape <- find_shape(table, asked, call)
  switch(shape,
    wide = read_wide(table, asked, call), compound = read_compound(table, asked, call),
    transposed = read_transposed(table, asked, call), long = read_long(table, asked, call)
  )
}

find_shape <- function(table, asked, call) {
  if (table$wide) {
    if (asked$shape %in% c("long", "transposed")) refuse_shape(table, asked$shape, "periods stand in its heads", call)
    return("wide")
  }
  time <- time_columns(table)
  if (asked$shape == "long") return("long")
  if (asked$shape == "transposed") {
    if (length(time)) return("transposed")
    refuse_shape(table, "transposed", "no column holds periods only", call)
  }
  if (length(time) == 0L && any(!is.na(split_heads(table$heads)$word))) return("compound")
  if (asked$shape == "wide") refuse_shape(table, "wide", "no period stands in its heads", call)
  if (!has_periods_down(table, time, asked)) return("long")
  if (length(table$heads) == 2L && !is_head_word(table$heads[2L], "unit") && is.na(line_unit(table))) {
    abort_input(
      "shape", "A table must have units.",
      found = paste0(place_of_table(table), " has periods down and the one head `", table$heads[2L],
                     "`: a unit, or an indicator?"),
      todo = c("If it is a unit: `shape = \"transposed\"`.", "If it is an indicator, add a column of units."),
      arg = "shape", call = call
    )
  }
  "transposed"
}

# Are the periods the first column, each once, and everything else numbers, so that the heads are the units?
has_periods_down <- function(table, time, asked) {
  named <- !is.null(asked$unit) && asked$unit %in% table$heads
  length(time) > 0L && time[1L] == 1L && !named && length(text_columns(table)) == 0L &&
    !anyDuplicated(table$body[, 1L]) && length(table$heads) > 1L
}

refuse_shape <- function(table, shape, why, call) {
  abort_input("shape", paste0("`shape` must be one that the file has."),
              found = paste0(place_of_table(table), " is not ", shape, ": ", why, "."), arg = "shape", call = call)
}

# --- wide ------------------------------------------------------------------------------------------------

read_wide <- function(table, asked, call) {
  heads <- read_periods(table$heads)
  columns <- which(!is.na(heads$kind))
  refuse_odd_periods(table$heads[columns], place_of_table(table), call)
  one_kind(heads$kind[columns], place_of_table(table), call)
  beside <- setdiff(seq_along(table$heads), columns)
  found <- wide_keys(table, beside, asked, call)
  dropped <- found$dropped
  empty <- columns[colSums(!is.na(table$body[, columns, drop = FALSE])) == 0L]
  if (length(empty)) {
    dropped <- rbind(dropped, reading_rows(table$file, table$sheet, NA_integer_, table$heads[empty], "", "",
                                           "a period without any number"))
    columns <- setdiff(columns, empty)
  }
  outer <- outer_name(table)
  rows <- seq_along(table$lines)
  indicator <- if (!is.null(found$indicator)) found$indicator else rep(NA_character_, length(rows))
  over <- table$over[columns]
  pieces <- list()
  for (name in unique(over)) {
    at <- columns[if (is.na(name)) is.na(over) else !is.na(over) & over == name]
    twice <- heads$value[at][duplicated(heads$value[at])]
    if (length(twice)) refuse_ambiguous(paste0(place_of_table(table), " has the head `",
                                               table$heads[at[duplicated(heads$value[at])]][1L], "` twice."), call)
    for (row_name in unique(indicator)) {
      which_rows <- rows[if (is.na(row_name)) is.na(indicator) else !is.na(indicator) & indicator == row_name]
      inner <- c(name, row_name)
      inner <- inner[!is.na(inner)]
      pieces[[length(pieces) + 1L]] <- list(
        indicator = if (length(inner)) paste(rev(inner), collapse = " ") else outer$name,
        named = if (length(inner)) "head" else outer$named, rows = rep(which_rows, times = length(at)),
        columns = rep(at, each = length(which_rows)), unit = rep(found$unit[which_rows], times = length(at)),
        when = rep(heads$value[at], each = length(which_rows)), kind = heads$kind[at[1L]],
          code = rep(found$country_code[which_rows], times = length(at)),
        label = measure_before(table), unit_name = found$unit_name, time_name = NA_character_
      )
    }
  }
  list(pieces = pieces, dropped = dropped)
}

# The unit of each row of a wide table, the indicator where a column names it, and the columns left out.
wide_keys <- function(table, beside, asked, call) {
  heads <- table$heads[beside]
  texts <- intersect(beside, text_columns(table))
  indicator <- texts[is_head_word(table$heads[texts], "indicator")]
  indicator <- if (length(indicator)) indicator[1L]
  unit <- NULL
  if (!is.null(asked$unit) && asked$unit %in% heads) {
    unit <- beside[match(asked$unit, heads)]
    indicator <- setdiff(indicator, unit)
  } else {
    candidates <- setdiff(texts, indicator)
    coded <- is_head_word(table$heads[candidates], "code")
    candidates <- c(candidates[!coded], candidates[coded])
    named <- candidates[is_head_word(table$heads[candidates], "unit")]
    unit <- if (length(named)) named[1L] else if (length(candidates)) candidates[1L]
    if (!is.null(unit) && length(candidates) > 1L) unit <- name_or_code(table, unit, candidates)
  }
  values <- if (length(unit)) fill_units(table, unit) else list(unit = rep(line_unit(table), length(table$lines)),
                                                                dropped = NULL)
  if (all(is.na(values$unit))) refuse_no_unit(table, beside, call)
  other <- setdiff(beside, c(unit, indicator))
  list(
    unit = values$unit, unit_name = if (length(unit)) table$heads[unit] else NA_character_,
    indicator = if (length(indicator)) fill_down(table$body[, indicator]),
    country_code = code_column(table, beside),
    dropped = rbind(values$dropped, left_out(table, other, "a column beside the periods"))
  )
}

# --- words and years in one head -------------------------------------------------------------------------

read_compound <- function(table, asked, call) {
  words <- split_heads(table$heads)
  columns <- which(!is.na(words$word))
  beside <- setdiff(seq_along(table$heads), columns)
  rows <- seq_along(table$lines)
  outer <- outer_name(table)
  indicators_down <- length(beside) > 0L && isTRUE(is_head_word(table$heads[beside[1L]], "indicator"))
  pieces <- list()
  if (indicators_down) {
    names <- fill_down(table$body[, beside[1L]])
    for (row in rows) {
      pieces[[length(pieces) + 1L]] <- list(
        indicator = names[row], named = "head", rows = rep(row, length(columns)), columns = columns,
        unit = words$word[columns], when = words$value[columns], kind = "year", label = measure_before(table),
        unit_name = NA_character_, time_name = NA_character_
      )
    }
    return(list(pieces = pieces, dropped = left_out(table, beside[-1L], "a column beside the periods")))
  }
  found <- wide_keys(table, beside, asked, call)
  for (word in unique(words$word[columns])) {
    at <- columns[words$word[columns] == word]
    pieces[[length(pieces) + 1L]] <- list(
      indicator = word, named = "head", rows = rep(rows, times = length(at)), columns = rep(at, each = length(rows)),
      unit = rep(found$unit, times = length(at)), when = rep(words$value[at], each = length(rows)), kind = "year",
      code = rep(found$country_code, times = length(at)), label = measure_before(table), unit_name = found$unit_name,
        time_name = NA_character_
    )
  }
  list(pieces = pieces, dropped = found$dropped)
}

# --- periods down, units across --------------------------------------------------------------------------

read_transposed <- function(table, asked, call) {
  time <- time_columns(table)[1L]
  times <- read_periods(table$body[, time])
  one_kind(times$kind, place_of_table(table), call)
  columns <- setdiff(seq_along(table$heads), time)
  nameless <- columns[is.na(table$heads[columns])]
  columns <- setdiff(columns, nameless)
  rows <- seq_along(table$lines)
  outer <- outer_name(table)
  piece <- list(
    indicator = outer$name, named = outer$named, rows = rep(rows, times = length(columns)),
    columns = rep(columns, each = length(rows)), unit = rep(table$heads[columns], each = length(rows)),
    when = rep(times$value, times = length(columns)), kind = times$kind[1L], label = measure_before(table),
    unit_name = NA_character_,
      time_name = if (isTRUE(is_head_word(table$heads[time], "time"))) table$heads[time] else NA_character_
  )
  list(pieces = list(piece), dropped = left_out(table, nameless, "a column without a head"))
}
