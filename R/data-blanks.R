# Names that differ by a blank only: two units to a computer, one to a reader.

# Beyond this many distinct values they are codes that no one typed, and looking would cost as much as coding them.
most_names_read <- 1e5

# Says which of the distinct values of a column (UTF-8) differ by a blank only: at an end, a full-width or other
# odd blank for a plain one, several for one, or any between Chinese characters, which tables set apart to fill a
# line ("北 京"). `noun` is what the values stand for. Once a column in each call of the user's.
tell_blanks <- function(values, name, noun, call) {
  if (length(values) < 2L || length(values) > most_names_read) return(invisible())
  if (is.factor(values)) values <- levels(values)[sort(unique(as.integer(values)))]
  if (!is.character(values)) return(invisible())
  blank <- core(cpp_with_blanks, values)
  if (length(blank) == 0L) return(invisible())
  plain <- values
  plain[blank] <- core(cpp_without_odd_blanks, values[blank])
  shared <- plain %in% plain[duplicated(plain)]
  alike <- unname(split(values[shared], match(plain[shared], unique(plain[shared]))))
  if (length(alike) == 0L || told_before(call, paste("blanks", name))) return(invisible())
  pairs <- vapply(alike, function(names) paste(enumerate(show_blanks(names), "`"), "differ by a blank only"), "")
  more <- length(pairs) - 5L
  inform_user(
    "blanks",
    paste0("In column `", name, "`, ", pairs[1L], ": they count as ",
           if (length(alike[[1L]]) == 2L) "two" else length(alike[[1L]]), " ", noun, "."),
    details = c(
      if (length(pairs) > 1L) paste0(utils::head(pairs[-1L], 4L), "."),
      if (more > 0L) paste0("So do ", count_of(more, "more group"), "."),
      paste0("If they are one, make them one: `trimws(x, whitespace = \"[\\\\h\\\\v]\")` takes blanks off the ends.")
    ),
    columns = name, values = alike
  )
}

# Blanks other than the plain one, written as R writes them.
show_blanks <- function(x) {
  for (code in c(9:13, 0x85, 0xa0, 0x1680, 0x2000:0x200d, 0x2028, 0x2029, 0x202f, 0x205f, 0x2060, 0x3000, 0xfeff)) {
    written <- if (code == 9L) "\\t" else if (code == 10L) "\\n" else if (code == 13L) "\\r" else
      sprintf("\\u%04x", code)
    x <- gsub(intToUtf8(code), written, x, fixed = TRUE)
  }
  x
}

# Has this been said in the running call of the user's? `call` is the frame of the function that the user typed,
# so that the memory of it ends with the call.
told_before <- function(call, what) {
  told <- get0(".told", envir = call, inherits = FALSE, ifnotfound = character())
  if (what %in% told) return(TRUE)
  assign(".told", c(told, what), envir = call)
  FALSE
}
