# Directions of indicators: which way is better.

# Words for +1 and -1, with zheng (straight) and fu or ni (reverse) as Chinese papers write them.
direction_words <- list(
  up = c("1", "+1", "+", "\uff0b", "positive", "\u6b63\u5411", "\u6b63"),
  down = c("-1", "-", "\u2212", "\uff0d", "negative", "\u8d1f\u5411", "\u8d1f", "\u9006\u5411")
)

# +1 and -1 as doubles from numbers or words, with the names kept; NA for what is neither.
parse_directions <- function(direction) {
  if (is.numeric(direction)) {
    parsed <- as.double(direction)
    parsed[!parsed %in% c(-1, 1)] <- NA
  } else {
    words <- direction_text(direction)
    parsed <- ifelse(words %in% direction_words$up, 1, ifelse(words %in% direction_words$down, -1, NA_real_))
  }
  names(parsed) <- names(direction)
  parsed
}

direction_text <- function(direction) {
  words <- enc2utf8(as.character(direction))
  words[!validUTF8(words)] <- NA
  tolower(trimws(words, whitespace = "[\\h\\v]"))
}

# Is it a vector that can hold directions: numbers, text, a factor?
holds_directions <- function(direction) {
  is.null(dim(direction)) && (is.numeric(direction) || is.character(direction)) || is.factor(direction)
}

# Is a named character vector c(a = "+", b = "-") rather than a vector of columns?
names_directions <- function(given, columns) {
  named <- !is.null(names(given)) && all(nzchar(names(given)))
  named && !all(given %in% columns) && (any(!is.na(parse_directions(given))) || all(names(given) %in% columns))
}

# Stops where a direction could not be read (`parsed` is NA), naming the indicators.
refuse_direction <- function(direction, parsed, indicators, arg, call) {
  odd <- is.na(parsed)
  if (!any(odd)) return(invisible())
  shown <- ifelse(is.na(direction), NA, label_values(direction))[odd]
  if (!is.numeric(direction)) shown <- ifelse(is.na(shown), "NA", encode_string(shown))
  shown[is.na(shown)] <- "NA"
  abort_input(
    "direction", "A direction must be +1 (more is better) or -1 (less is better).",
    found = paste0(enumerate(paste0("`", indicators[odd], "` has ", shown)), "."),
    todo = accepted_directions(), arg = arg, columns = indicators[odd], call = call
  )
}

# Stops where directions are neither numbers nor words.
refuse_direction_type <- function(direction, arg, call) {
  abort_input(
    "direction", "Directions must be +1 (more is better) and -1 (less is better).",
    found = paste0("They are ", describe_type(direction), "."), todo = accepted_directions(), arg = arg, call = call
  )
}

accepted_directions <- function() {
  # Full-width signs look like the others.
  unsaid <- c("1", "-1", "\uff0b", "\u2212", "\uff0d")
  words <- function(x) enumerate(encode_string(setdiff(x, unsaid)), first = 10L, last = "or")
  paste0("Accepted are 1, ", words(direction_words$up), " for more, and -1, ", words(direction_words$down),
         " for less.")
}

# Words alone, `c("+", "-")`, name no columns.
refuse_bare_directions <- function(given, columns, call) {
  if (length(given) == 0L || any(given %in% columns) || anyNA(parse_directions(given))) return(invisible())
  abort_input(
    "direction", "Directions must be named by column, as in `c(a = \"+\", b = \"-\")`.",
    found = paste0("They have no names: ", enumerate(encode_string(given)), "."), arg = "indicators", call = call
  )
}

# One direction an indicator, each +1 or -1.
check_direction <- function(direction, indicators, call) {
  p <- length(indicators)
  if (!holds_directions(direction) || !length(direction) %in% c(1L, p)) {
    abort_input(
      "direction", "`direction` must be +1 or -1, one for all or one for each indicator.",
      found = paste(describe_value(direction), "There", if (p == 1L) "is" else "are",
                    count_of(p, "indicator.", "indicators.")),
      todo = accepted_directions(), arg = "direction", call = call
    )
  }
  if (!is.null(names(direction))) {
    names(direction) <- utf8_names(names(direction), "direction", call)
    unknown <- setdiff(names(direction), indicators)
    absent <- setdiff(indicators, names(direction))
    if (length(unknown) || length(absent) || anyDuplicated(names(direction))) {
      abort_input(
        "direction", "The names of `direction` must be the indicators, each once.",
        found = c(
          if (length(unknown)) paste0("Not an indicator: ", enumerate(unknown, "`"), "."),
          if (length(absent)) paste0("Without a direction: ", enumerate(absent, "`"), ".")
        ),
        arg = "direction", columns = c(unknown, absent), call = call
      )
    }
    direction <- direction[indicators]
  }
  parsed <- rep_len(unname(parse_directions(direction)), p)
  refuse_direction(rep(direction, length.out = p), parsed, indicators, "direction", call)
  parsed
}
