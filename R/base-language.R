# Every word that is printed in a table, in each language: inst/language/words.csv, one row a word.

kept_words <- new.env(parent = emptyenv())

# The table of words: `key`, then a column a language, the names of the rows the keys.
words <- function() {
  if (is.null(kept_words$table)) {
    file <- system.file("language", "words.csv", package = "flowresil", mustWork = TRUE)
    table <- utils::read.csv(file, colClasses = "character", encoding = "UTF-8", na.strings = character())
    rownames(table) <- table$key
    kept_words$table <- table
  }
  kept_words$table
}

languages <- function() setdiff(names(words()), "key")

# The words of `key` in a language, `...` in the places of %s.
word <- function(key, language, ...) {
  table <- words()
  promise(all(key %in% table$key), paste("a word is in the table:", paste(key, collapse = ", ")))
  text <- unlist(table[match(key, table$key), language], use.names = FALSE)
  if (...length()) sprintf(text, ...) else text
}

# Words for those of `names` that have some, the others as they are.
words_of <- function(names, language, prefix = "") {
  at <- match(paste0(prefix, names), words()$key)
  ifelse(is.na(at), names, words()[[language]][at])
}

check_language <- function(language, call = rlang::caller_env()) {
  known <- languages()
  if (is.character(language) && length(language) == 1L && language %in% known) return(language)
  abort_input("language", paste0("`language` must be one of ", enumerate(known, "\"", last = "or"), "."),
              found = describe_value(language),
              todo = "`options(flowresil.language = \"en\")` sets what is taken where nothing is given.",
              arg = "language", call = call)
}
