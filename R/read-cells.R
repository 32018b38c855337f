# Cells as numbers: what is taken off, what stands for a missing value, and what is refused.

wide_cells <- paste0(
  "\uff10\uff11\uff12\uff13\uff14\uff15\uff16\uff17\uff18\uff19",
  "\uff0e\uff0c\uff05\uff08\uff09\uff0d\uff0b\uff1a\u2019\uff0f"
)

# Signs and digits of full width as plain ones, every kind of blank as a blank, none at the ends.
plain_cells <- function(x) {
  x <- chartr(wide_cells, "0123456789.,%()-+:'/", x)
  gsub("^ +| +$", "", gsub("[\u00a0\u2007\u2009\u202f\u3000\ufeff\t\r\n]", " ", x))
}

# Marks of a missing value, in indicators.
cell_marks <- c("", "-", "\u2014", "\u2013", "...", "\u2026", "..", ":", "NA", "N/A", "\u65e0", "\u7f3a\u5931", "#N/A")

# Signs behind a number that lead to a note: circled numbers, stars, daggers, letters or numbers in brackets.
footnote <- "(?: ?[\u2460-\u2473*\u2020\u2021\u00b9\u00b2\u00b3]+| ?[(\\[][a-z0-9]{1,2}[)\\]])$"

# The numbers that texts stand for: list(value = NA where there is none, why = what was taken off ("" for nothing), bad
# = which are no number). `na` are further marks of a missing value; `comma`: is a comma the decimal sign?
read_numbers <- function(x, na = NULL, comma = FALSE) {
  texts <- unique(x)
  value <- rep(NA_real_, length(texts))
  why <- character(length(texts))
  bad <- logical(length(texts))
  ready <- is_written_number(texts)
  value[ready] <- as.numeric(texts[ready])
  rest <- which(!ready & !is.na(texts))
  if (length(rest)) {
    plain <- plain_cells(texts[rest])
    found <- read_marked_numbers(plain, texts[rest] %in% na, comma)
    found$why[!nzchar(found$why) & !is.na(found$value) & plain != texts[rest]] <- "full width or blanks"
    value[rest] <- found$value
    why[rest] <- found$why
    bad[rest] <- found$bad
  }
  place <- match(x, texts)
  list(value = value[place], why = why[place], bad = bad[place])
}

# Is a text a number as computers write it?
is_written_number <- function(x) {
  grepl("^[-+]?(?:[0-9]+[.]?[0-9]*|[.][0-9]+)(?:[eE][-+]?[0-9]+)?$", x, perl = TRUE, useBytes = TRUE)
}

# The same for texts that are not numbers as they stand.
read_marked_numbers <- function(plain, named_missing, comma) {
  why <- rep("", length(plain))
  say <- function(at, what) why[at] <<- ifelse(nzchar(why[at]), paste0(why[at], ", ", what), what)
  flagged <- grepl("^(.*[0-9:.\u2026-]) +[bcdefinprsuz]{1,2}$", plain, perl = TRUE)
  plain[flagged] <- sub(" +[a-z]{1,2}$", "", plain[flagged])
  say(flagged, "flag taken off")
  missing <- named_missing | plain %in% cell_marks
  say(missing & nzchar(plain), "mark of a missing value")
  noted <- !missing & grepl(paste0("[0-9%)]", footnote), plain, perl = TRUE)
  plain[noted] <- trimws(sub(footnote, "", plain[noted], perl = TRUE))
  say(noted, "footnote mark taken off")
  percent <- !missing & grepl("^[-+]?[0-9., ']+ ?%$", plain)
  plain[percent] <- trimws(sub("%", "", plain[percent], fixed = TRUE))
  say(percent, "percent: divided by 100")
  thousands <- "^[-+]?[0-9]{1,3}(?:([,' ])[0-9]{3})(?:\\1[0-9]{3})*(?:[.][0-9]*)?(?:[eE][-+]?[0-9]+)?$"
  if (comma) {
    decimal <- grepl("^[-+]?[0-9]{1,3}(?:[. '][0-9]{3})*,[0-9]+$|^[-+]?[0-9]+,[0-9]+$", plain, perl = TRUE)
    plain[decimal] <- sub(",", ".", gsub("[. ']", "", plain[decimal]), fixed = TRUE)
    say(decimal, "decimal comma")
    thousands <- "^[-+]?[0-9]{1,3}(?:([.' ])[0-9]{3})(?:\\1[0-9]{3})*$"
  }
  grouped <- !missing & grepl(thousands, plain, perl = TRUE)
  if (comma) grouped <- grouped & !decimal
  plain[grouped] <- gsub(if (comma) "[.' ]" else "[,' ]", "", plain[grouped])
  say(grouped, "thousands separators taken out")
  number <- !missing & is_written_number(plain)
  value <- rep(NA_real_, length(plain))
  value[number] <- as.numeric(plain[number])
  value[percent] <- value[percent] / 100
  list(value = value, why = why, bad = !missing & !number)
}

# Is the comma the decimal sign of a file? Only if every cell with a comma can be read so, one can be read no other
# way, and no cell has a decimal point.
speaks_for_comma <- function(x) {
  x <- unique(x)
  candidates <- x[grepl(",", x, fixed = TRUE) | grepl("\uff0c", x, fixed = TRUE)]
  plain <- unique(plain_cells(candidates[grepl("[0-9](,|\uff0c)[0-9]", candidates, perl = TRUE)]))
  if (length(plain) == 0L) return(FALSE)
  plain <- sub("[ ]?%$", "", sub(" +[a-z]{1,2}$", "", sub(footnote, "", plain, perl = TRUE)))
  plain <- plain[grepl("^[-+0-9.,' ]+$", plain)]
  if (length(plain) == 0L) return(FALSE)
  readable <- grepl("^[-+]?[0-9]{1,3}(?:[. '][0-9]{3})*,[0-9]+$|^[-+]?[0-9]+,[0-9]+$", plain, perl = TRUE)
  only <- readable & !grepl("^[-+]?[0-9]{1,3},[0-9]{3}$", plain)
  points <- grepl("^[-+]?[0-9]+[.][0-9]+$", plain_cells(x)) & !grepl("^[-+]?[0-9]{1,3}[.][0-9]{3}$", plain_cells(x))
  all(readable) && any(only) && !any(points)
}

# Which texts are numbers and which are words, by what read_numbers() found? Marks of a missing value are neither.
cell_types <- function(x, found) {
  number <- !is.na(found$value)
  # A code with a leading zero is no number.
  number[grepl("^0[0-9]+$", x)] <- FALSE
  list(number = number, text = !is.na(x) & (found$bad | grepl("^0[0-9]+$", x)))
}
