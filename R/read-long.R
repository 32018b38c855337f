# Long tables: which column is the unit, which the time, which are indicators, which dimensions, and which are left
# out.

# The pieces of a long table: list(pieces, dropped).
read_long <- function(table, asked, call) {
  all <- seq_along(table$heads)
  time <- long_time(table, asked, call)
  texts <- setdiff(text_columns(table), time$column)
  indicator <- texts[is_head_word(table$heads[texts], "indicator")]
  if (length(indicator) && length(unique(table$body[, indicator[1L]])) < 2L) indicator <- integer()
  indicator <- utils::head(indicator, 1L)
  if (!is.null(asked$unit) && asked$unit %in% table$heads) {
    unit <- match(asked$unit, table$heads)
    indicator <- setdiff(indicator, unit)
  } else {
    unit <- long_unit(table, setdiff(texts, indicator), time)
  }
  values <- if (length(unit)) fill_units(table, unit) else list(unit = rep(line_unit(table), length(table$lines)),
                                                                dropped = NULL)
  if (all(is.na(values$unit))) refuse_no_unit(table, all, call)
  merged <- fill_times(table, time, unit)
  time$when <- merged$when
  rest <- setdiff(all, c(time$column, unit, indicator))
  numeric <- rest[vapply(rest, function(j) is_indicator(table, j), NA)]
  other <- setdiff(rest, numeric)
  if (length(numeric) == 0L) {
    abort_input("file", "A file must hold a column of numbers beside units and periods.",
                found = paste0(place_of_table(table), " holds none."), arg = "path", call = call)
  }
  entries <- if (length(indicator)) fill_down(table$body[, indicator]) else rep(NA_character_, length(table$lines))
  refuse_dimensions(table, values$unit, time, entries, setdiff(other, code_like(table, other)), call)
  pieces <- list()
  for (entry in unique(entries)) {
    rows <- if (is.na(entry)) which(is.na(entries)) else which(!is.na(entries) & entries == entry)
    for (j in numeric) {
      name <- if (is.na(entry)) table$heads[j] else if (length(numeric) == 1L) entry else paste(entry, table$heads[j])
      pieces[[length(pieces) + 1L]] <- list(
        indicator = name, named = "head", rows = rows, columns = rep(j, length(rows)), unit = values$unit[rows],
        when = time$when[rows], kind = time$kind, label = table$labels[j],
        unit_name = if (length(unit)) table$heads[unit] else NA_character_, time_name = time$name,
          code = code_column(table, all)[rows]
      )
    }
  }
  told <- if (!is.null(time$told)) {
    reading_rows(table$file, table$sheet, NA_integer_, "", time$told, "", "the one year of its sheet or title")
  }
  list(pieces = pieces,
       dropped = rbind(told, merged$told, values$dropped, left_out(table, other, "not a column of numbers")))
}

# Merged cells of a time that stands before the units are that of the row above, which is told; elsewhere a blank period
# is none.
fill_times <- function(table, time, unit) {
  blank <- which(is.na(time$when))
  if (length(blank) == 0L || length(unit) == 0L || !isTRUE(time$column < unit)) return(list(when = time$when))
  when <- fill_down(time$when)
  list(when = when, told = reading_rows(table$file, table$sheet, table$lines[blank], time$name, "",
                                        label_values(when[blank]), "blank period: that of the row above"))
}

# The time of each row of a long table: the column that is named or holds periods, else the one year of its sheet or
# title.
long_time <- function(table, asked, call) {
  columns <- time_columns(table)
  if (!is.null(asked$time) && asked$time %in% table$heads) {
    column <- match(asked$time, table$heads)
    if (!column %in% columns) {
      odd <- table$body[!table$period[, column], column]
      abort_input("time", "The column of times must hold periods.",
                  found = paste0(place_of_table(table), " has \"", odd[1L], "\" in `", asked$time, "`."), arg = "time",
                    call = call)
    }
  } else {
    headed <- columns[is_head_word(table$heads[columns], "time")]
    column <- if (length(headed)) headed[1L] else if (length(columns)) columns[1L]
    if (length(headed) != 1L && length(columns) > 1L && length(headed) == 0L) {
      abort_input("time", "One column must hold the times.",
                  found = paste0(place_of_table(table), " has ", enumerate(table$heads[columns], "`"),
                                 ", which all look like years."),
                  todo = "Name it: `time = \"year\"`.", arg = "time", call = call)
    }
  }
  if (is.null(column)) return(sheet_time(table, call))
  found <- read_periods(table$body[, column])
  refuse_odd_periods(unique(table$body[, column]), place_of_table(table), call)
  one_kind(found$kind, place_of_table(table), call)
  list(column = column, when = found$value, kind = found$kind[!is.na(found$kind)][1L], name = table$heads[column])
}

# The one year that the sheet's name or a line before the head gives; a price base or a span of months is none.
sheet_time <- function(table, call) {
  lines <- c(if (!is.na(table$sheet)) table$sheet, table$before, sub("[.][^.]*$", "", table$file))
  prices <- "\u4e0d\u53d8\u4ef7|\u4ef7\u683c|\u53ef\u6bd4\u4ef7"
  months <- "[0-9]+\\s?[-~\u2014\u81f3]\\s?[0-9]+\\s?\u6708"
  none <- paste0("(?:1[5-9]|2[01])[0-9]{2}\\s?\u5e74\\s?(?:", prices, "|", months, ")")
  lines <- gsub(none, "", lines, perl = TRUE)
  for (line in lines) {
    years <- unique(regmatches(line, gregexpr("(?<![0-9])(?:1[5-9]|2[01])[0-9]{2}(?![0-9])", line, perl = TRUE))[[1L]])
    if (length(years) == 1L) {
      return(list(column = integer(), when = rep(as.numeric(years), length(table$lines)), kind = "year",
                  name = NA_character_, told = years))
    }
  }
  abort_input(
    "time", "A table must have periods.",
    found = paste0(place_of_table(table),
                   " has none: neither heads nor a column of periods, nor one year in its sheet's name or title."),
    todo = "Name the column: `time = \"year\"`.", arg = "time", call = call
  )
}

# The column of units: the one headed so, else the first in which no unit and time stands twice, else the first.
long_unit <- function(table, texts, time) {
  if (length(texts) == 0L) return(integer())
  coded <- code_like(table, texts)
  candidates <- c(setdiff(texts, coded), coded)
  named <- candidates[is_head_word(table$heads[candidates], "unit")]
  single <- candidates[vapply(candidates, function(j) !anyDuplicated(paste(table$body[, j], time$when)), NA)]
  name_or_code(table, c(named, single, candidates)[1L], seq_along(table$heads))
}

# Columns of codes and running numbers, by their heads.
code_like <- function(table, columns) columns[is_head_word(table$heads[columns], "code")]

# Is a column of a long table an indicator: numbers, and neither codes nor a headless 1, 2, 3?
is_indicator <- function(table, j) {
  if (!any(table$number[, j])) return(FALSE)
  if (isTRUE(is_head_word(table$heads[j], "code"))) return(FALSE)
  if (any(grepl("^0[0-9]+$", table$body[, j]))) return(FALSE)
  if (is.na(table$heads[j])) return(FALSE)
  TRUE
}

# Text columns beside unit and time that leave a unit and a time twice are dimensions of the data.
refuse_dimensions <- function(table, unit, time, entries, other, call) {
  key <- paste(unit, time$when, entries, sep = "\r")
  if (!anyDuplicated(key)) return(invisible())
  whole <- apply(table$body, 1L, paste, collapse = "\r")
  if (!anyDuplicated(key[!duplicated(whole)])) return(invisible())
  texts <- other[vapply(other, function(j) any(table$text[, j]), NA)]
  parts <- texts[vapply(texts, function(j) !identical(anyDuplicated(paste(key, table$body[, j])), anyDuplicated(key)),
                        NA)]
  if (length(parts) == 0L) return(invisible())
  first <- which(duplicated(key))[1L]
  abort_input(
    "duplicate_rows", "A unit and period must stand in one row.",
    found = c(paste0(place_of_table(table), " has `", unit[first], "` twice in one period, line ", table$lines[first],
                     "."),
              paste0(enumerate(table$heads[parts], "`"), if (length(parts) == 1L) " tells" else " tell",
                     " such rows apart.")),
    todo = "Keep one entry of it, or read one file for each.", arg = "path", columns = table$heads[parts], call = call
  )
}
