# Words of messages: lists, counts, what a value is, the name that was meant.

# "`a`, `b` and 3 more": the first five, then a count. `quote` is put on both sides of each; `last` is the word
# before the last one.
enumerate <- function(x, quote = "", first = 5L, last = "and") {
  n <- length(x)
  shown <- paste0(quote, label_values(pick(x, seq_len(min(n, first)))), quote)
  if (n > first) return(paste0(paste(shown, collapse = ", "), " and ", n - first, " more"))
  if (n < 2L) return(shown)
  paste0(paste(shown[-n], collapse = ", "), " ", last, " ", shown[n])
}

# "row 3", "rows 3, 5 and 2 more".
name_rows <- function(rows) {
  paste(if (length(rows) == 1L) "row" else "rows", enumerate(rows))
}

# "1 row", "3 rows".
count_of <- function(n, noun, plural = paste0(noun, "s")) paste(format_counts(n), if (n == 1) noun else plural)

# "1 000 000": whole numbers with their digits in threes.
format_counts <- function(n) format(n, big.mark = " ", scientific = FALSE, trim = TRUE)

# The text with its first letter as a capital.
capital <- function(text) paste0(toupper(substring(text, 1L, 1L)), substring(text, 2L))

# "a character vector", "an integer vector", "NULL".
describe_type <- function(x) {
  if (is.null(x)) return("NULL")
  if (is.function(x) || is.language(x) || is.environment(x)) return(describe_code(x))
  if (is.data.frame(x)) return(paste0("a data frame with ", ncol(x), " columns"))
  if (is.factor(x)) return("a factor")
  if (is.object(x)) return(paste0("an object of class <", paste(class(x), collapse = "/"), ">"))
  if (is.matrix(x)) return(paste0("a ", typeof(x), " matrix"))
  noun <- switch(typeof(x),
    character = "text", double = "numeric", integer = "integer", logical = "logical", list = "a list",
    typeof(x)
  )
  if (typeof(x) %in% c("list", "character")) return(noun)
  paste0(if (typeof(x) == "integer") "an " else "a ", noun, " vector")
}

# What belongs to the language rather than to data.
describe_code <- function(x) {
  if (is.function(x)) return("a function")
  if (rlang::is_formula(x)) return("a formula")
  if (is.object(x)) return(paste0("an object of class <", paste(class(x), collapse = "/"), ">"))
  if (is.environment(x)) "an environment" else if (is.symbol(x)) "a name" else "an expression"
}

# "It is 3.", "It is NA.", "It has 2 values."
describe_value <- function(x) {
  if (is.atomic(x) && length(x) == 1L) {
    shown <- if (is.character(x) && !is.na(x)) paste0("\"", x, "\"") else label_values(x)
    return(paste0("It is ", shown, "."))
  }
  if (is.atomic(x) && length(x) > 1L) {
    return(paste0("It has ", format_counts(length(x)), " values: ", enumerate(x), "."))
  }
  paste0("It is ", describe_type(x), ".")
}

# The one of `known` that `wanted` is a misspelling or the beginning of; none where nothing is near. One edit, or
# two where the shorter name has five letters or more: two edits make any two-letter name of any other.
near_name <- function(wanted, known) {
  # adist() stops at text that is not valid in its encoding.
  wanted <- enc2utf8(wanted)
  known <- enc2utf8(known)
  known <- known[validUTF8(known)]
  if (length(known) == 0L || !validUTF8(wanted)) return(character())
  edits <- count_edits(wanted, known)
  shorter <- pmin(nchar(wanted), nchar(known))
  near <- edits <= (shorter >= 2L) + (shorter >= 5L)
  if (any(near)) return(known[near][which.min(edits[near])])
  longer <- known[startsWith(tolower(known), tolower(wanted))]
  if (nchar(wanted) >= 3L && length(longer) == 1L) longer else character()
}

# Letters to insert, delete or change, upper and lower case alike; two letters that changed places are one edit.
count_edits <- function(wanted, known) {
  edits <- utils::adist(wanted, known, ignore.case = TRUE)[1L, ]
  letters_of <- function(word) paste(sort(strsplit(tolower(word), "", fixed = TRUE)[[1L]]), collapse = "")
  swapped <- edits == 2L & vapply(known, letters_of, "") == letters_of(wanted)
  edits[swapped] <- 1
  edits
}

# "Did you mean "pca"?" where `x` is nearly one of the choices, else NULL.
hint_choice <- function(x, choices) {
  near <- if (is.character(x) && length(x) == 1L && !is.na(x)) near_name(x, choices)
  if (length(near)) paste0("Did you mean \"", near, "\"?")
}

# A column's name as code: with backticks where it is no word.
spell_code <- function(name) if (make.names(name) == name) name else paste0("`", name, "`")

# Each text in double quotes, for messages.
encode_string <- function(x) paste0("\"", x, "\"")
