# Columns of a Stata file: which is the unit, which the time, and what their labels say.

# The pieces of a sheet that has columns of their own types: list(pieces, dropped).
stata_pieces <- function(sheet, asked, call) {
  data <- sheet$data
  heads <- names(data)
  where <- paste0("`", sheet$file, "`")
  time <- stata_time(data, asked, where, call)
  unit <- stata_unit(data, asked, setdiff(heads, time$name), where, call)
  rest <- setdiff(heads, c(time$name, unit$name))
  numeric <- rest[vapply(data[rest], function(x) is.numeric(x) && !inherits(x, c("Date", "POSIXt")) && any(!is.na(x)),
                         NA)]
  numeric <- numeric[!is_head_word(numeric, "code")]
  if (length(numeric) == 0L) {
    abort_input("file", "A file must hold a column of numbers beside units and periods.",
                found = paste0(where, " holds none."),
                arg = "path", call = call)
  }
  rows <- seq_len(nrow(data))
  pieces <- lapply(numeric, function(name) {
    column <- data[[name]]
    label <- attr(column, "label", exact = TRUE)
    value <- as.double(unclass(column))
    value[is.na(value)] <- NA # Stata's .a to .z
    list(indicator = name, named = "head", unit = unit$value, when = time$when, kind = time$kind, value = value,
         file = sheet$file, sheet = NA_character_, row = rows, from = rep(name, length(rows)),
         label = if (is.null(label)) NA_character_ else label, labels = attr(column, "labels", exact = TRUE),
         unit_name = unit$name, time_name = time$name)
  })
  other <- setdiff(rest, numeric)
  list(pieces = pieces, dropped = if (length(other)) {
    reading_rows(sheet$file, NA_character_, NA_integer_, other, "", "", "not a column of numbers: left out")
  })
}

stata_time <- function(data, asked, where, call) {
  format <- vapply(data, function(x) {
    format <- attr(x, "format.stata", exact = TRUE)
    if (is.null(format)) "" else substr(format, 1L, 3L)
  }, "")
  dated <- names(data)[format %in% c("%ty", "%tq", "%tm", "%td") | vapply(data, inherits, NA, "Date")]
  years <- names(data)[vapply(data, function(x) {
    is.numeric(x) && any(!is.na(x)) && all(is.na(x) | (x == round(x) & x >= 1500 & x < 2200))
  }, NA)]
  name <- asked$time
  if (is.null(name) || !name %in% names(data)) {
    headed <- intersect(years, names(data)[is_head_word(names(data), "time")])
    candidates <- if (length(dated)) dated else if (length(headed)) headed else years
    if (length(candidates) != 1L) {
      abort_input("time", "One column must hold the times.",
                  found = paste0(where, " has ", if (length(candidates)) enumerate(candidates, "`") else "none", "."),
                  todo = "Name it: `time = \"year\"`.", arg = "time", call = call)
    }
    name <- candidates
  }
  x <- data[[name]]
  number <- as.double(unclass(x))
  months <- function(n, step) {
    as.numeric(as.Date(sprintf("%04d-%02d-01", 1960 + (n * step) %/% 12, (n * step) %% 12 + 1), optional = TRUE))
  }
  switch(if (inherits(x, "Date")) "%td" else format[[name]],
    "%tq" = list(name = name, when = months(number, 3), kind = "quarter"),
    "%tm" = list(name = name, when = months(number, 1), kind = "month"),
    "%td" = list(name = name, when = number, kind = "day"),
    list(name = name, when = number, kind = "year")
  )
}

stata_unit <- function(data, asked, heads, where, call) {
  name <- asked$unit
  if (is.null(name) || !name %in% names(data)) {
    text <- heads[vapply(data[heads], is.character, NA)]
    text <- c(text[!is_head_word(text, "code")], text[is_head_word(text, "code")])
    labelled <- heads[vapply(data[heads], inherits, NA, "haven_labelled") & is_head_word(heads, "unit")]
    named <- text[is_head_word(text, "unit")]
    candidates <- if (length(named)) named else if (length(labelled)) labelled else text
    if (length(candidates) != 1L) {
      abort_input("unit", "One column must hold the units.",
                  found = paste0(where, " has ",
                                 if (length(candidates)) enumerate(candidates, "`") else "no column of text", "."),
                  todo = "Name it: `unit = \"id\"`.", arg = "unit", call = call)
    }
    name <- candidates
  }
  x <- data[[name]]
  labels <- attr(x, "labels", exact = TRUE)
  value <- if (is.character(x)) clean_text(as.character(x)) else label_values(as.double(unclass(x)))
  if (!is.null(labels) && !is.character(x)) {
    place <- match(as.double(unclass(x)), as.double(labels))
    value <- ifelse(is.na(place), value, names(labels)[place])
  }
  list(name = name, value = value)
}
