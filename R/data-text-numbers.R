# Numbers stored as text: which value is none, and the conversion that works for the column. Only the messages
# speak of it; no text is ever made a number unasked.

# Signs by which tables mark a cell without a value. as.numeric() makes NA of each.
missing_marks <- c("", ".", "..", "...", "-", "--", "\u2014", "\u2014\u2014", "\u2013", "\u2026", "\u2026\u2026",
                   "/", "NA", "N/A", "n/a", "na", "NaN", "NULL", "null", "None", "*", "#N/A", "\uff0d", "\u65e0")

wide_signs <- "\uff10\uff11\uff12\uff13\uff14\uff15\uff16\uff17\uff18\uff19\uff0e\uff0c\uff05\uff0d\u2212"

plain_signs <- "0123456789.,%--"

is_number_text <- function(x) !is.na(suppressWarnings(as.numeric(x))) | trimws(x) == "NaN"

# Does text stand for numbers? More than half of its distinct values that are no marks of missing cells are
# numbers once separators, blanks, percent, currency signs and the year's sign are taken off; a unit of
# measurement makes no number of a text, since such text is as often a category ("4G", "3rd").
holds_numbers <- function(x) {
  values <- distinct_text(x)
  values <- values[!is_missing_mark(values)]
  if (length(values) == 0L) return(FALSE)
  2L * sum(is_number_text(repair_text(values, units = FALSE)$values)) > length(values)
}

distinct_text <- function(x) {
  values <- unique(x)
  readable_text(values[!is.na(values)])
}

# UTF-8; bytes that are no text of the session become "?", since these values are only shown.
readable_text <- function(x) {
  x <- enc2utf8(x)
  bad <- !validUTF8(x)
  if (any(bad)) x[bad] <- iconv(x[bad], "UTF-8", "UTF-8", sub = "?")
  x
}

is_missing_mark <- function(values) trimws(values, whitespace = "[ \t\r\n\u00a0\u3000]") %in% missing_marks

# The steps that make numbers of distinct values, each only where it changes one: list(values, code), where
# `code` is what to write, `%s` standing for the column.
repair_text <- function(values, units = TRUE) {
  code <- "%s"
  apply_step <- function(repaired, text) {
    if (!identical(repaired, values)) {
      values <<- repaired
      code <<- sub("%s", code, text, fixed = TRUE)
    }
  }
  apply_step(chartr(wide_signs, plain_signs, values), paste0("chartr(\"", wide_signs, "\", \"", plain_signs, "\", %s)"))
  separators <- separator_signs(values)
  removed <- c(separators$removed, inner_blanks(values), currency_signs(values))
  if (length(removed)) {
    class <- paste0("[", paste(removed, collapse = ""), "]")
    one <- length(removed) == 1L && !removed %in% c(".", "$")
    written <- paste(as_escapes(removed), collapse = "")
    if (!one) written <- paste0("[", written, "]")
    apply_step(gsub(class, "", values), paste0("gsub(\"", written, "\", \"\", %s)"))
  }
  if (separators$decimal) apply_step(sub(",", ".", values, fixed = TRUE), "sub(\",\", \".\", %s)")
  apply_step(sub("^\\((.*)\\)$", "-\\1", values), "sub(\"^\\\\((.*)\\\\)$\", \"-\\\\1\", %s)")
  apply_step(sub("\u5e74$", "", values), "sub(\"\u5e74\", \"\", %s)")
  if (units) {
    unit <- common_unit(values)
    if (!is.null(unit)) {
      apply_step(sub(unit, "", values, fixed = TRUE), paste0("sub(\"", unit, "\", \"\", %s, fixed = TRUE)"))
    }
  }
  finish_percent(values, code)
}

# Percent and per mille last: the number has to be divided, in all rows or in those that have the sign.
finish_percent <- function(values, code) {
  for (sign in c("%", "\u2030")) {
    has <- grepl(paste0(sign, "$"), values)
    if (!any(has)) next
    share <- if (sign == "%") "100" else "1000"
    bare <- sub(paste0(sign, "$"), "", values)
    all_have <- all(has | !is_number_text(bare))
    scale <- if (all_have) paste0(" / ", share) else
      paste0(" / ifelse(grepl(\"", sign, "\", %s), ", share, ", 1)")
    return(list(values = bare, code = paste0("as.numeric(sub(\"", sign, "\", \"\", ", code, "))", scale)))
  }
  list(values = values, code = paste0("as.numeric(", code, ")"))
}

# Commas: between thousands (or ten thousands) they are taken out; as decimal sign they become a point, and
# points between thousands are taken out. Apostrophes are separators wherever they stand between digits.
separator_signs <- function(values) {
  with_comma <- values[grepl("[0-9],", values)]
  apostrophe <- if (any(grepl("[0-9]['\u2019][0-9]", values))) "'"
  if (length(with_comma) == 0L) return(list(removed = apostrophe, decimal = FALSE))
  decimal <- grepl("^[^,0-9]*[0-9.]*,[0-9]+[^,]*$", with_comma) & !grepl(",[0-9]{3}([^0-9]|$)", with_comma)
  if (all(decimal | grepl("^[^,]*[.][0-9]{3},[0-9]", with_comma))) {
    return(list(removed = c(apostrophe, if (any(grepl("[.]", with_comma))) "."), decimal = TRUE))
  }
  list(removed = c(apostrophe, ","), decimal = FALSE)
}

# Blanks that as.numeric() does not take: between signs, or of another kind than the keyboard's.
inner_blanks <- function(values) {
  c(if (any(grepl("[^ ] +[^ ]", values))) " ",
    Filter(function(blank) any(grepl(blank, values, fixed = TRUE)), c("\u00a0", "\u3000", "\u202f")))
}

# Blanks that nobody can see are written as code.
as_escapes <- function(signs) {
  hidden <- c("\u00a0", "\u3000", "\u202f")
  known <- match(signs, hidden)
  ifelse(is.na(known), signs, c("\\u00a0", "\\u3000", "\\u202f")[known])
}

currency_signs <- function(values) {
  signs <- c("\u00a5", "\uffe5", "$", "\u20ac", "\u00a3")
  signs[vapply(signs, function(sign) any(grepl(sign, values, fixed = TRUE)), logical(1))]
}

# The one unit that stands behind the numbers, "km" or "\u4ebf\u5143"; NULL where there is none, or several.
common_unit <- function(values) {
  pattern <- "^[-+]?[0-9]*[.]?[0-9]+([eE][-+]?[0-9]+)?"
  behind <- values[grepl(pattern, values) & !is_number_text(values)]
  unit <- unique(sub(pattern, "", behind))
  unit <- unit[!grepl("^[%\u2030]$", unit)]
  if (length(unit) == 1L && !grepl("[0-9\"\\\\]", unit)) unit
}

# What to say of a text column that should be numeric: list(found, todo). `whole` asks for as.integer().
explain_text <- function(x, column = NULL) {
  name <- if (is.null(column)) "x" else spell_code(column)
  x <- readable_text(x)
  values <- distinct_text(x)
  bad <- values[!is_number_text(values)]
  say_value <- function(value) {
    rows <- which(x == value)
    paste0("\"", value, "\" in row ", rows[1L])
  }
  if (length(values) == 0L) return(list(found = "It is text, and missing in every row.", todo = NULL))
  if (length(bad) == 0L) {
    return(list(found = paste0("It is text, such as \"", values[1L], "\"."),
                todo = paste0("Numbers stored as text become numbers by `as.numeric(", name, ")`.")))
  }
  marks <- bad[is_missing_mark(bad)]
  repaired <- repair_text(setdiff(values, marks))
  words <- setdiff(values, marks)[!is_number_text(repaired$values)]
  if (2L * length(words) >= length(values) - length(marks)) {
    return(list(found = paste0("It is text, such as ", say_value(c(words, bad)[1L]), "."), todo = NULL))
  }
  count <- function(lost) count_of(sum(x %in% lost), "row")
  list(
    found = paste0("It is text, and ", say_value(bad[1L]), " is no number."),
    todo = c(
      paste0("Convert it by `", gsub("%s", name, repaired$code, fixed = TRUE), "`."),
      if (length(marks)) {
        paste0(enumerate(marks, "\""), " (", count(marks), ") ", if (length(marks) == 1L) "becomes" else "become",
               " NA by that: right where it marks a missing value.")
      },
      if (length(words)) {
        paste0(enumerate(words, "\""), " (", count(words), ") would become NA, too: look at ",
               if (length(words) == 1L) "it" else "them", " first.")
      }
    )
  )
}
