# Where in a sheet the table stands: lines before its head, the head, the body, notes at its foot.

# Words at the head of columns, compared in lower case and without blanks.
head_words <- list(
  indicator = c("\u6307\u6807", "\u6307\u6807\u540d\u79f0", "indicator", "indicatorname", "series", "seriesname",
                "variable", "\u53d8\u91cf"),
  time = c("year", "time", "date", "\u5e74\u4efd", "\u5e74", "\u5e74\u5ea6", "\u65f6\u95f4", "\u65e5\u671f", "period",
           "quarter",
           "month", "\u5b63\u5ea6", "\u6708\u4efd", "\u6708", "timeperiod", "time_period"),
  unit = c("province", "prov", "region", "country", "countryname", "name", "city", "firm", "company", "unit", "state",
           "geo",
           "\u5730\u533a", "\u7701\u4efd", "\u7701", "\u7701\u5e02", "\u57ce\u5e02", "\u540d\u79f0", "\u4f01\u4e1a",
             "\u4f01\u4e1a\u540d\u79f0", "\u56fd\u5bb6",
           "\u516c\u53f8", "\u5355\u4f4d\u540d\u79f0", "\u7701\u4efd\u540d\u79f0"),
  code = c("\u5e8f\u53f7", "\u7f16\u53f7", "no.", "no", "\u4ee3\u7801", "code", "id", "countrycode", "indicatorcode",
           "seriescode",
           "\u5730\u533a\u4ee3\u7801", "\u884c\u653f\u533a\u5212\u4ee3\u7801", "#")
)

# Which heads are words of that kind?
is_head_word <- function(heads, kind) {
  tolower(gsub("[ _\u3000]", "", heads)) %in% gsub("_", "", head_words[[kind]], fixed = TRUE)
}

# Names and heads without the blanks inside Chinese words; blank cells are NA.
clean_text <- function(x) {
  # Nearly every cell is of printed ASCII without a blank: nothing to do.
  odd <- which(!is.na(x) & (!nzchar(x) | grepl("[^!-~]", x, perl = TRUE, useBytes = TRUE)))
  if (length(odd)) {
    texts <- unique(x[odd])
    x[odd] <- clean_odd_text(texts)[match(x[odd], texts)]
  }
  x
}

clean_odd_text <- function(x) {
  x <- trimws(gsub("[\u00a0\u2007\u202f\u3000\t\r\n]+", " ", x))
  chinese <- !is.na(x) & grepl(" ", x, fixed = TRUE) & grepl("[\u4e00-\u9fff]", x)
  x[chinese] <- gsub("(?<=[\u4e00-\u9fff])\\s+(?=[\u4e00-\u9fff])", "", x[chinese], perl = TRUE)
  x[!is.na(x) & !nzchar(x)] <- NA
  x
}

# The table of a sheet: list(file, sheet, heads, over (a merged head above, else NA), labels (a line of the head below
# the first), body, lines, before, types, comma, dropped = what was left out, with why). NULL where the sheet holds
# none.
find_table <- function(sheet, na, call) {
  # Files repeat few texts in many cells.
  given <- unique(as.vector(sheet$cells))
  place <- match(sheet$cells, given)
  texts <- clean_text(given)
  by_cell <- function(x) matrix(x[place], nrow(sheet$cells))
  cells <- by_cell(texts)
  filled <- rowSums(!is.na(cells))
  comma <- speaks_for_comma(texts[!is.na(texts)])
  parsed <- read_numbers(texts, na, comma)
  types <- cell_types(texts, parsed)
  number <- by_cell(types$number)
  text <- by_cell(types$text)
  period <- by_cell(!is.na(read_periods(texts)$kind))
  refuse_pointed_months(cells, number, sheet, call)
  start <- find_body(cells, filled, number, text, period)
  if (is.null(start)) return(NULL)
  head <- start$head
  above <- seq_len(head[1L] - 1L)
  body <- setdiff(seq_len(nrow(cells)), seq_len(start$first - 1L))
  body <- body[filled[body] > 0L]
  foot <- find_notes(cells, body, filled, number | period, sheet$alone)
  dropped <- told_rows(sheet, foot, cells, "note at the foot")
  body <- setdiff(body, foot)
  names_row <- head[start$names]
  first <- which(!is.na(cells[names_row, ]))[1L]
  again <- body[cells[body, first] %in% cells[names_row, first] & filled[body] > 1L]
  again <- again[vapply(again, function(row) identical(cells[row, ], cells[names_row, ]), NA)]
  dropped <- rbind(dropped, told_rows(sheet, again, cells, "head repeated in the body"))
  body <- setdiff(body, again)
  used <- colSums(!is.na(cells[c(head, body), , drop = FALSE])) > 0L
  keep <- which(used)
  over <- rep(NA_character_, length(keep))
  if (start$over) over <- fill_down(cells[head[start$names - 1L], keep])
  below <- head[seq_along(head) > start$names]
  if (!start$over && start$names == 1L && length(below)) {
    labels <- apply(cells[below, keep, drop = FALSE], 2L, function(x) paste(x[!is.na(x)], collapse = ", "))
    labels[!nzchar(labels)] <- NA
  } else {
    labels <- rep(NA_character_, length(keep))
  }
  before <- apply(cells[above, , drop = FALSE], 1L, function(x) paste(x[!is.na(x)], collapse = " "))
  list(
    file = sheet$file, sheet = sheet$sheet, heads = cells[names_row, keep], over = over, labels = labels,
    body = cells[body, keep, drop = FALSE], lines = sheet$lines[body], before = before[nzchar(before)],
    wide = start$wide, number = number[body, keep, drop = FALSE], text = text[body, keep, drop = FALSE],
    period = period[body, keep, drop = FALSE], parsed = parsed,
      place = by_cell(seq_along(texts))[body, keep, drop = FALSE], dropped = dropped
  )
}

# Stops at a row of heads such as 2016.1 and 2016.11.
refuse_pointed_months <- function(cells, number, sheet, call) {
  row <- which(rowSums(number) > 1L)[1L]
  if (is.na(row)) return(invisible())
  heads <- cells[row, number[row, ]]
  if (all(grepl("^(?:1[5-9]|2[01])[0-9]{2}[.][0-9]{1,2}$", heads, perl = TRUE))) {
    refuse_odd_periods(heads, paste0("`", sheet$file, "`"), call)
  }
}

# Rows that are left out, as rows of the attribute `reading`.
told_rows <- function(sheet, rows, cells, why) {
  reading_rows(sheet$file, sheet$sheet, sheet$lines[rows], "",
               vapply(rows, function(r) paste(cells[r, !is.na(cells[r, ])], collapse = " "), ""), "", why)
}

# The head and the first row of the body: list(head = rows, names = which of them names the columns, over = does a
# merged head stand above?, first, wide = are periods heads?).
find_body <- function(cells, filled, number, text, period) {
  solid <- which(filled > 0L)
  candidates <- which((rowSums(number) > 0L | rowSums(period) > 0L) & filled > 1L)
  for (row in candidates) {
    before <- solid[solid < row]
    found <- periods_as_heads(row, before, solid[solid > row], cells, filled, number, text, period)
    if (is.null(found)) found <- words_as_heads(row, before, cells, filled, number, period)
    if (!is.null(found)) return(found)
  }
  NULL
}

# Is the row a head of periods? Every number in it is one, and what stands below them are not all periods.
periods_as_heads <- function(row, before, after, cells, filled, number, text, period) {
  columns <- which(period[row, ])
  if (length(columns) == 0L || any(number[row, ] & !period[row, ]) || length(after) == 0L) return(NULL)
  last <- utils::tail(before, 1L)
  first <- columns[1L]
  times_below <- any(period[after, first]) && all(period[after, first] | is.na(cells[after, first]))
  named_above <- length(last) && is_full_head(cells[last, ], filled[last], filled[row], text[last, ], period[last, ])
  if (named_above && times_below) return(NULL)
  beside <- any(!period[row, ] & !is.na(cells[row, ]))
  if (!beside && (length(columns) == 1L || all(period[after, columns]))) return(NULL)
  over <- length(last) > 0L && is_over(cells[last, ], columns)
  list(head = c(if (over) last, row), names = 1L + over, over = over, first = after[1L], wide = TRUE)
}

# Does a body of numbers begin here, below one to three lines of words, the first full one of which names the columns?
words_as_heads <- function(row, before, cells, filled, number, period) {
  above <- rev(utils::tail(before, 3L))
  words <- vapply(above, function(one) is_words(cells[one, ], number[one, ], period[one, ]), NA)
  head <- rev(above[cumsum(!words) == 0L])
  full <- which(filled[head] >= max(2, max(filled[c(head, row)]) / 2))
  if (length(full) == 0L) return(NULL)
  list(head = head[seq.int(full[1L], length(head))], names = 1L, over = FALSE, first = row, wide = FALSE)
}

# Is a row a head that names every column of the row below?
is_full_head <- function(row, filled, wanted, text, period) {
  filled >= wanted && !any(period) && !anyDuplicated(row[!is.na(row)]) && all(text[!is.na(row)])
}

# Words only: no number, no period, none of the lines that stand before a head.
is_words <- function(row, number, period) {
  !any(number) && !any(period) && !any(grepl("^(\u5355\u4f4d|unit|units) ?[:\uff1a]", row, ignore.case = TRUE))
}

# Is a row a merged head over the given columns: words there, and blank behind them?
is_over <- function(row, columns) {
  words <- !is.na(row[columns])
  any(words) && words[1L] && !all(words) && !any(grepl("[:\uff1a]", row))
}

# Rows at the foot that belong to no unit: the first that begins as a note does, or stands alone in its line, and all
# that follow it.
find_notes <- function(cells, body, filled, value, alone) {
  words <- c("\u6ce8", "\u5907\u6ce8", "\u8bf4\u660e", "\u6570\u636e\u6765\u6e90", "\u8d44\u6599\u6765\u6e90",
             "\u6765\u6e90", "source", "note", "data\\s", "last updated", "\\*", "\u2460")
  begins <- paste0("^(", paste(words, collapse = "|"), ")")
  single <- filled[body] == 1L & !rowSums(value[body, , drop = FALSE])
  first <- cells[cbind(body, max.col(!is.na(cells[body, , drop = FALSE]), "first"))]
  note <- grepl(begins, first, ignore.case = TRUE) & rowSums(value[body, , drop = FALSE]) == 0L | single & alone[body]
  # Only what no unit with values follows.
  last <- suppressWarnings(max(which(!single & !note), 0L))
  from <- which(note & seq_along(body) > last)
  if (length(from)) body[seq.int(from[1L], length(body))] else integer()
}

# What a line before the head says: "\u6307\u6807\uff1aGDP" gives "GDP" for the word indicator.
line_before <- function(before, words) {
  pattern <- paste0("^(?:", paste(words, collapse = "|"), ") ?[:\uff1a] *(.+)$")
  found <- grep(pattern, before, value = TRUE, ignore.case = TRUE, perl = TRUE)
  if (length(found)) trimws(sub(pattern, "\\1", found[1L], ignore.case = TRUE, perl = TRUE)) else NA_character_
}

# Each blank cell as the last one before it that is none: merged heads, and units that stand once.
fill_down <- function(x) {
  known <- which(!is.na(x))
  if (length(known) == 0L) return(x)
  at <- findInterval(seq_along(x), known)
  x[ifelse(at == 0L, NA, known[pmax(at, 1L)])]
}

# Rows of the attribute `reading`.
reading_rows <- function(file, sheet, row, column, found, became, why) {
  n <- if (length(row)) max(length(file), length(row), length(found), length(column)) else 0L
  data.frame(file = rep_len(file, n), sheet = rep_len(sheet, n), row = as.integer(rep_len(row, n)),
             column = rep_len(column, n),
             found = rep_len(found, n), became = rep_len(became, n), why = rep_len(why, n), stringsAsFactors = FALSE)
}
