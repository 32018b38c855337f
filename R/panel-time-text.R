# Times out of text: what the levels of a factor or text say.

# What labels say: list(values, grain), numbers (grain "number"), or Dates with grain "day", "month" or "quarter".
# NULL where a label says neither. Labels are not missing.
read_time_labels <- function(labels) {
  if (length(labels) == 0L || any(to_utf8(labels)$bad)) return(NULL)
  plain <- plain_time_text(labels)
  numbers <- suppressWarnings(as.numeric(plain))
  if (!anyNA(numbers)) return(list(values = numbers, grain = "number"))
  patterns <- c(
    day = "^([0-9]{4})[-/]([0-9]{1,2})[-/]([0-9]{1,2})$", month = "^([0-9]{4})[-/]([0-9]{1,2})()$",
    quarter = "^([0-9]{4})[- ]?Q([1-4])()$"
  )
  for (grain in names(patterns)) {
    if (!all(grepl(patterns[[grain]], plain))) next
    part <- function(k) as.integer(sub(patterns[[grain]], paste0("\\", k), plain))
    month <- if (grain == "quarter") 3L * part(2) - 2L else part(2)
    day <- if (grain == "day") part(3) else rep(1L, length(plain))
    return(dates_of_parts(part(1), month, day, grain))
  }
  named <- "^([A-Z][a-z]{2}) ([0-9]{4})$"
  if (!all(grepl(named, plain))) return(NULL)
  month <- match(sub(named, "\\1", plain), month.abb)
  dates_of_parts(as.integer(sub(named, "\\2", plain)), month, rep(1L, length(plain)), "month")
}

# "2009\u5e743\u670831\u65e5" to "2009-3-31", "2009\u5e74" to "2009", "2009\u5e74\u7b2c1\u5b63\u5ea6" to "2009-Q1".
plain_time_text <- function(labels) {
  plain <- trimws(enc2utf8(labels))
  signs <- grepl("[\u5e74\u6708]", plain)
  if (!any(signs)) return(plain)
  chinese <- plain[signs]
  chinese <- sub("\u7b2c?([1-4])\u5b63\u5ea6?$", "Q\\1", chinese)
  chinese <- sub("\u65e5$", "", chinese)
  chinese <- gsub("[[:space:]]*[\u5e74\u6708][[:space:]]*", "-", chinese)
  plain[signs] <- sub("-$", "", chinese)
  plain
}

dates_of_parts <- function(year, month, day, grain) {
  if (anyNA(month) || any(month < 1L | month > 12L)) return(NULL)
  date <- as.Date(sprintf("%04d-%02d-%02d", year, month, day), "%Y-%m-%d")
  if (anyNA(date)) return(NULL)
  list(values = date, grain = grain)
}

# Text as `time`: the value that shows what it is, and the conversion that works for it.
refuse_text_time <- function(x, column) {
  labels <- unique(x)
  labels <- labels[!is.na(labels)]
  first <- labels[1L]
  odd <- if (length(labels)) unreadable_label(labels)
  if (!is.null(odd)) first <- odd
  refuse_time(
    column, paste0("It is text", if (!is.na(first)) paste0(", such as \"", first, "\""), "."),
    todo = if (is.null(odd) && length(labels)) convert_text_time(labels, column$name) else
      "Convert it to whole numbers or dates, or number the periods 1, 2, 3 ..."
  )
}

# Stops at text or factor levels that are no times.
refuse_labels <- function(labels, factor, column) {
  refuse_time(column, paste0("It is ", if (factor) "a factor whose levels" else "text whose values",
                             " are neither whole numbers nor dates, such as \"", unreadable_label(labels), "\"."))
}

# The first label that says no time, or another kind of time than the first label; NULL where all are of one kind.
unreadable_label <- function(labels) {
  if (!is.null(read_time_labels(labels))) return(NULL)
  grain <- read_time_labels(labels[1L])$grain
  if (is.null(grain)) return(labels[1L])
  for (label in utils::head(labels, 1000L)) if (!identical(read_time_labels(label)$grain, grain)) return(label)
  labels[1L]
}

convert_text_time <- function(labels, name) {
  read <- read_time_labels(labels)
  column <- code_name(name)
  plain <- trimws(labels)
  code <- if (read$grain == "number") {
    if (!anyNA(suppressWarnings(as.integer(plain)))) {
      paste0("as.integer(", column, ")")
    } else if (!anyNA(suppressWarnings(as.numeric(plain)))) {
      paste0("as.numeric(", column, ")")
    } else {
      sign <- if (all(grepl("(\u5e74|[0-9])$", labels))) "\u5e74$" else "\u5e74.*"
      paste0("as.integer(sub(\"", sign, "\", \"\", ", column, "))")
    }
  } else if (read$grain == "day" && all(grepl("^[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}$", plain))) {
    paste0("as.Date(", column, ")")
  } else if (read$grain == "day" && all(grepl("/", plain))) {
    paste0("as.Date(", column, ", \"%Y/%m/%d\")")
  } else if (read$grain == "month" && all(grepl("^[0-9]{4}-[0-9]{1,2}$", plain))) {
    paste0("as.Date(paste0(", column, ", \"-01\"))")
  } else if (read$grain == "quarter" && all(grepl("^[0-9]{4}[- ]?Q", plain))) {
    quarter_conversion(column, paste0("sub(\".*Q\", \"\", ", column, ")"))
  } else {
    paste0("factor(", column, ")")
  }
  paste0("Convert it: `", code, "`.")
}

# Code that makes dates of years in front and the quarter given by `quarter`.
quarter_conversion <- function(column, quarter) {
  paste0("as.Date(paste0(substr(", column, ", 1, 4), \"-\", 3 * as.integer(", quarter, ") - 2, \"-01\"))")
}

# A column's name as it stands in code.
code_name <- function(name) paste(deparse(as.name(name), backtick = TRUE), collapse = "")

# Stops at a time column that is none: what was found, and what to do.
refuse_time <- function(column, found, rows = NULL,
                        todo = "Number the periods 1, 2, 3 ... so that one step is one period.") {
  abort_input(
    "time", paste0("Column `", column$name, "` must hold whole numbers, such as years, or dates: it is the time."),
    found = found, todo = todo, arg = column$arg, columns = column$name, rows = rows, call = column$call
  )
}
