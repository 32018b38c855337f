# What a table that was found says of itself: its columns, the lines before its head, its units.

# What is said of a place.
place_of_table <- function(table) {
  paste0("`", table$file, "`", if (!is.na(table$sheet)) paste0(", sheet `", table$sheet, "`,") else "")
}

# Columns whose cells are periods only, those headed as times first.
time_columns <- function(table) {
  found <- which(vapply(seq_along(table$heads), function(j) {
    seen <- !is.na(table$body[, j])
    any(seen) && all(table$period[seen, j])
  }, NA))
  headed <- is_head_word(table$heads[found], "time")
  c(found[headed], found[!headed])
}

# Columns without any number, or with leading zeros, that hold something.
text_columns <- function(table) {
  which(vapply(seq_along(table$heads), function(j) {
    leading <- any(grepl("^0[0-9]+$", table$body[, j]))
    any(table$text[, j]) && (leading || !any(table$number[, j]))
  }, NA))
}

# The unit that a line before the head names.
line_unit <- function(table) {
  line_before(table$before, c("\u5730\u533a", "\u7701\u4efd", "\u57ce\u5e02", "region", "province", "unit", "country"))
}

# The indicator that a line before the head, the sheet or the file names: list(name, named).
outer_name <- function(table) {
  line <- line_before(table$before, c("\u6307\u6807", "\u6307\u6807\u540d\u79f0", "indicator", "series"))
  if (!is.na(line)) return(list(name = line, named = "line"))
  if (!is.na(table$sheet) && table$n_sheets > 1L) return(list(name = clean_text(table$sheet), named = "sheet"))
  list(name = clean_text(sub("[.][^.]*$", "", table$file)), named = "file")
}

# The unit of measure that a line before the head gives, or NA.
measure_before <- function(table) line_before(table$before, c("\u5355\u4f4d", "units?"))

# A column of codes that says which rows are aggregates.
code_column <- function(table, columns) {
  at <- columns[tolower(table$heads[columns]) %in% c("country code", "geo", "geo\\time")]
  if (length(at)) table$body[, at[1L]]
}

# Stops where no unit is there: indicators down, or numbers only.
refuse_no_unit <- function(table, columns, call) {
  first <- table$heads[1L]
  if (isTRUE(is_head_word(first, "indicator"))) {
    abort_input(
      "shape", "A table must have units.",
      found = paste0(place_of_table(table),
                     " has indicators down, and neither a column of units nor a line that names one."),
      todo = "Add a column of units, or a line before the head such as `Region: Beijing`.", arg = "path", call = call
    )
  }
  abort_input(
    "unit", "A table must have a column of units.",
    found = paste0(place_of_table(table), " has none that is text; its heads are ",
                   enumerate(table$heads[!is.na(table$heads)], "`"), "."),
    todo = "Name it: `unit = \"id\"`.", arg = "unit", call = call
  )
}

# Of name and code the name where the two stand one to one, else the code: names change.
name_or_code <- function(table, unit, candidates) {
  codes <- candidates[is_head_word(table$heads[candidates], "code")]
  if (length(codes) == 0L || unit %in% codes) return(unit)
  code <- table$body[, codes[1L]]
  name <- table$body[, unit]
  seen <- !is.na(code) & !is.na(name)
  pairs <- unique(data.frame(code = code[seen], name = name[seen]))
  if (anyDuplicated(pairs$code) || anyDuplicated(pairs$name)) {
    if (any(table$number[, codes[1L]] | table$text[, codes[1L]])) return(codes[1L])
  }
  unit
}

# The units of a column, a blank one that of the row above, which is told.
fill_units <- function(table, column) {
  unit <- fill_down(table$body[, column])
  taken <- which(is.na(table$body[, column]) & !is.na(unit))
  list(unit = unit, dropped = reading_rows(table$file, table$sheet, table$lines[taken], table$heads[column], "",
                                           unit[taken],
                                           "blank unit: that of the row above"))
}

# Columns that are left out, as rows of the attribute `reading`, each with its first cell.
left_out <- function(table, columns, why) {
  if (length(columns) == 0L) return(NULL)
  example <- vapply(columns, function(j) c(table$body[!is.na(table$body[, j]), j], "")[1L], "")
  reading_rows(table$file, table$sheet, NA_integer_, ifelse(is.na(table$heads[columns]), "", table$heads[columns]),
               example, "",
               paste0(why, ": left out"))
}

# All periods must be of one kind.
one_kind <- function(kinds, where, call) {
  kinds <- unique(kinds[!is.na(kinds)])
  if (length(kinds) < 2L) return(invisible())
  abort_input("time", "All periods must be of one kind: years, quarters, months or days.",
              found = paste0(where, " has ", enumerate(paste0(kinds, "s")), "."), arg = "path", call = call)
}

# Stops where an indicator cannot be told from another.
refuse_ambiguous <- function(found, call, todo = NULL) {
  abort_input("ambiguous_column", "An indicator must be named once.", found = found, todo = todo, arg = "values",
              call = call)
}
