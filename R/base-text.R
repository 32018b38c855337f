# Text of the user's. Whatever a file's encoding and the session's, every value, level and name is made UTF-8 before
# it is coded or compared. Only distinct values are converted: files repeat few names in many rows, and R keeps one
# copy of each.

# Distinct strings as UTF-8: list(text, bad, changed), `bad` where the bytes are no text in the encoding that they
# claim (or, unmarked, in the session's), `changed` where something had to be converted. NA stays NA. R's own
# conversions write "<b1>" for such bytes.
to_utf8 <- function(x) {
  other <- core(cpp_not_utf8, x)
  bad <- logical(length(x))
  if (length(other) == 0L) return(list(text = x, bad = bad, changed = FALSE))
  text <- x[other]
  mark <- Encoding(text)
  if (l10n_info()$`UTF-8`) mark[mark == "unknown"] <- "UTF-8" # what the session reads unmarked bytes as
  fault <- mark == "bytes"
  utf8 <- which(mark == "UTF-8")
  fault[utf8] <- !validUTF8(text[utf8])
  # Marking a part of a vector would copy it string by string.
  if (length(utf8) == length(text)) Encoding(text) <- "UTF-8" else Encoding(text[utf8]) <- "UTF-8"
  latin1 <- which(mark == "latin1")
  if (length(latin1)) {
    fault[latin1] <- grepl("[\\x81\\x8d\\x8f\\x90\\x9d]", text[latin1], perl = TRUE, useBytes = TRUE)
    text[latin1] <- enc2utf8(text[latin1])
  }
  native <- which(mark == "unknown")
  if (length(native)) {
    converted <- iconv(text[native], "", "UTF-8")
    fault[native] <- is.na(converted)
    text[native] <- ifelse(is.na(converted), text[native], converted)
  }
  x[other] <- text
  bad[other] <- fault
  list(text = x, bad = bad, changed = TRUE)
}

# 0-based codes of text by its UTF-8 and the distinct values, in the order of their bytes (that of code points):
# the same in every session. `refuse(values, bad, code)` is called where a value is no text. NULL where one is NA.
code_text <- function(x, refuse) {
  found <- core(cpp_group_text, x)
  if (is.null(found)) return(NULL)
  given <- x[found$first]
  utf8 <- to_utf8(given)
  if (any(utf8$bad)) refuse(given, utf8$bad, found$code)
  # One string in two encodings has two addresses, which is what the core tells strings apart by.
  again <- if (utf8$changed) core(cpp_group_text, utf8$text)
  values <- if (utf8$changed) utf8$text[again$first] else given
  rank <- order(values, method = "radix")
  place <- integer(length(values))
  place[rank] <- seq_along(values) - 1L
  if (utf8$changed) place <- place[again$code + 1L]
  list(code = core(cpp_recode, found$code, place), values = values[rank], changed = utf8$changed)
}

# Levels of a factor as UTF-8: list(levels, place), `place` the new level of each old one. Levels that become one
# are merged, the order stays. A level that no row has may be anything.
utf8_levels <- function(x, refuse) {
  given <- levels(x)
  utf8 <- to_utf8(given)
  if (any(utf8$bad)) {
    code <- as.integer(x) - 1L
    used <- tabulate(code + 1L, length(given)) > 0L
    if (any(utf8$bad & used)) refuse(given, utf8$bad & used, code)
  }
  merged <- unique(utf8$text)
  list(levels = merged, place = match(utf8$text, merged), changed = utf8$changed)
}

# A text column or factor as UTF-8, NA kept; anything else, and what is UTF-8 already, as it stands.
utf8_column <- function(x, name, arg, call = rlang::caller_env(), row_numbers = NULL) {
  refuse <- refuse_encoding(name, arg, call, row_numbers)
  if (is.factor(x)) {
    found <- utf8_levels(x, refuse)
    if (!found$changed) return(x)
    kept <- attributes(x)
    if (length(found$levels) < length(found$place)) kept$contrasts <- NULL # they were for each level by itself
    kept$levels <- found$levels
    x <- found$place[as.integer(x)]
    attributes(x) <- kept
    return(x)
  }
  if (!is.character(x)) return(x)
  known <- if (anyNA(x)) which(!is.na(x))
  found <- code_text(if (is.null(known)) as.vector(x) else x[known], refuse)
  if (!found$changed) return(x)
  text <- found$values[found$code + 1L]
  if (is.null(known)) x[] <- text else x[known] <- text
  x
}

# A factor of text whose levels stand in the same order in every session.
text_factor <- function(x, name, call = rlang::caller_env()) {
  known <- which(!is.na(x))
  found <- code_text(x[known], refuse_encoding(name, "formula", call))
  code <- rep(NA_integer_, length(x))
  code[known] <- found$code + 1L
  structure(code, levels = found$values, class = "factor")
}

# What to do about a column's values that are no text. Gives the function that code_text() and utf8_levels() call.
refuse_encoding <- function(name, arg, call, row_numbers = NULL) {
  force(call)
  function(values, bad, code) {
    rows <- which(code %in% (which(bad) - 1L))
    first <- values[code[rows[1L]] + 1L]
    if (!is.null(row_numbers)) rows <- row_numbers[rows]
    abort_encoding(
      paste0("Column `", name, "` must hold text that is valid in its encoding."),
      paste0(sub("^r", "R", name_rows(rows)), if (length(rows) == 1L) " holds" else " hold", " bytes that are not ",
             claimed_encoding(first), ": ", show_bytes(first), "."),
      arg, call, columns = name, rows = rows
    )
  }
}

abort_encoding <- function(must, found, arg, call, ...) {
  abort_input(
    "encoding", must, found = found,
    todo = c(
      if (session_encoding() == "ASCII") {
        "This session knows ASCII only: start R in a locale of UTF-8 (LC_ALL=C.UTF-8)."
      },
      paste("Read the file again with the encoding that it has:",
            "`read.csv(file, fileEncoding = \"GB18030\")`, or \"latin1\", \"UTF-8\"."),
      "Text that is read already is converted by `iconv(x, \"GB18030\", \"UTF-8\")`."
    ),
    arg = arg, ..., call = call
  )
}

# The encoding that a string claims, in words.
claimed_encoding <- function(x) {
  mark <- Encoding(x)
  if (mark == "bytes") return("marked as text (their mark is \"bytes\")")
  session <- session_encoding()
  if (mark == "unknown" && session != "UTF-8") return(paste0(session, ", the encoding of this session"))
  paste0("valid ", if (mark == "latin1") "latin1" else "UTF-8")
}

# "UTF-8", "GBK", "ASCII": only some systems name it.
session_encoding <- function() {
  session <- l10n_info()
  if (session$`UTF-8`) return("UTF-8")
  if (is.null(session$codeset)) return("text")
  if (session$codeset %in% c("ANSI_X3.4-1968", "US-ASCII", "646")) "ASCII" else session$codeset
}

# "b1 b1 be a9" for the first bytes of a string that cannot be shown.
show_bytes <- function(x, first = 12L) {
  bytes <- as.character(charToRaw(x))
  paste0(paste(utils::head(bytes, first), collapse = " "), if (length(bytes) > first) " ...")
}

# Names as UTF-8: those that a user gives, and those of columns. Bytes that are no text are refused.
utf8_names <- function(names, arg, call = rlang::caller_env(), what = paste0("Names in `", arg, "`")) {
  if (is.null(names)) return(NULL)
  utf8 <- to_utf8(names)
  if (!any(utf8$bad)) return(utf8$text)
  at <- which(utf8$bad)
  abort_encoding(
    paste0(what, " must be text that is valid in its encoding."),
    paste0("Name ", enumerate(at), if (length(at) == 1L) " has" else " have", " bytes that are not ",
           claimed_encoding(names[at[1L]]), ": ", show_bytes(names[at[1L]]), "."),
    arg, call, positions = at
  )
}

# The name that a symbol is; bytes that are no text stay as they are, to be refused where the column is wanted.
symbol_name <- function(symbol) {
  name <- as.character(symbol)
  if (any(charToRaw(name) > as.raw(127L))) to_utf8(name)$text else name
}

# Where a column (one of `wanted`) is not found among names that are no text, nor near one that is, their encoding is
# the fault to tell.
refuse_unreadable_names <- function(columns, wanted = NULL, arg = "data", call = rlang::caller_env()) {
  if (any(lengths(lapply(wanted, near_name, columns)) > 0L)) return(invisible())
  utf8_names(columns, arg, call, paste0("The column names of `", arg, "`"))
  invisible()
}
