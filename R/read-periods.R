# Periods as files write them, in heads and in cells.

# The four kinds of periods: patterns whose groups are year, then month or quarter, then day. `@` is a year.
period_patterns <- list(
  year = c("^[Xx]?(@)(?:[.]0+)?(?: ?\u5e74\u5ea6?)?$", "^(?:[0-9]{4} ?)?\\[YR(@)\\]$", "^YR?(@)$"),
  quarter = c("^(@)[- ]?Q([1-4])$", "^(@) ?\u5e74 ?\u7b2c?([1-4\u4e00\u4e8c\u4e09\u56db])\u5b63\u5ea6?$"),
  month = c("^(@)[- ]?M(0?[1-9]|1[0-2])$", "^(@)[-/](0?[1-9]|1[0-2])$", "^(@) ?\u5e74 ?(0?[1-9]|1[0-2])\u6708\u4efd?$"),
  day = c("^(@)[-/.](0?[1-9]|1[0-2])[-/.](0?[1-9]|[12][0-9]|3[01])(?:[ T][0:.]+Z?)?$",
          "^(@) ?\u5e74 ?(0?[1-9]|1[0-2])\u6708([0-3]?[0-9])\u65e5$")
)
period_patterns <- lapply(period_patterns, gsub, pattern = "@", replacement = "(?:1[5-9]|2[01])[0-9]{2}", fixed = TRUE)

# What each text names: list(kind = "year", "quarter", "month", "day" or NA; value = the year, else the days since 1970
# of the period's first day).
read_periods <- function(x) {
  texts <- unique(x)
  plain <- texts
  kind <- rep(NA_character_, length(texts))
  value <- rep(NA_real_, length(texts))
  # Plain numbers are years or nothing; of the rest few can be periods.
  number <- is_written_number(texts)
  whole <- which(number)
  amount <- as.numeric(texts[whole])
  whole <- whole[amount >= 1500 & amount < 2200 & amount == floor(amount)]
  whole <- whole[grepl("^[0-9]{4}(?:[.]0+)?$", texts[whole])]
  kind[whole] <- "year"
  value[whole] <- as.numeric(texts[whole])
  likely <- which(!number & !is.na(texts) & grepl("(?:1[5-9]|2[01])[0-9]{2}|[^ -~]", texts, perl = TRUE,
                                                  useBytes = TRUE))
  plain[likely] <- plain_cells(texts[likely])
  for (name in names(period_patterns)) {
    for (pattern in period_patterns[[name]]) {
      at <- likely[is.na(kind[likely]) & grepl(pattern, plain[likely], perl = TRUE)]
      if (length(at) == 0L) next
      part <- function(k) sub(pattern, paste0("\\", k), plain[at], perl = TRUE)
      kind[at] <- name
      value[at] <- period_value(name, as.numeric(part(1)), part(2), part(3))
      kind[at][is.na(value[at])] <- NA # 31 April
    }
  }
  place <- match(x, texts)
  list(kind = kind[place], value = value[place])
}

# The number behind a period of a kind: its year, or the day on which it begins.
period_value <- function(kind, year, second, third) {
  if (kind == "year") return(year)
  numerals <- c("\u4e00" = "1", "\u4e8c" = "2", "\u4e09" = "3", "\u56db" = "4")
  known <- second %in% names(numerals)
  second[known] <- numerals[second[known]]
  second <- as.integer(second)
  month <- if (kind == "quarter") 3L * second - 2L else second
  day <- if (kind == "day") as.integer(third) else 1L
  as.numeric(as.Date(sprintf("%04d-%02d-%02d", as.integer(year), month, day), optional = TRUE))
}

# "gdp2009" as a word and a year: list(word, value), NA where it is none.
split_heads <- function(x) {
  pattern <- "^(.*[^0-9 _.-])[ _.-]*((?:1[5-9]|2[01])[0-9]{2}) ?\u5e74?$"
  found <- !is.na(x) & grepl(pattern, x, perl = TRUE) & is.na(read_periods(x)$kind)
  word <- ifelse(found, sub(pattern, "\\1", x, perl = TRUE), NA_character_)
  value <- rep(NA_real_, length(x))
  value[found] <- as.numeric(sub(pattern, "\\2", x[found], perl = TRUE))
  list(word = word, value = value)
}

# Stops at heads that look like months and are not: 2010-11 and 2011-12 are fiscal years, 2016.1 beside 2016.11 is
# January or October.
refuse_odd_periods <- function(heads, where, call) {
  plain <- plain_cells(heads)
  pairs <- grep("^[0-9]{4}[-/][0-9]{2}$", plain, value = TRUE)
  year <- as.integer(substr(pairs, 1L, 4L))
  if (length(pairs) > 1L && all(as.integer(substr(pairs, 6L, 7L)) == (year + 1L) %% 100L) &&
      length(unique(year)) == length(year)) {
    abort_input(
      "time", "A period must be a year, a quarter, a month or a day.",
      found = paste0(where, " has ", enumerate(pairs), ": fiscal years, or months?"),
      todo = "Write a fiscal year as the year in which it ends or begins.", arg = "path", call = call
    )
  }
  points <- grep("^(?:1[5-9]|2[01])[0-9]{2}[.][0-9]{1,2}$", plain, value = TRUE)
  points <- points[!grepl("[.]0+$", points)]
  if (length(points) > 1L) {
    abort_input(
      "time", "A period must be a year, a quarter, a month or a day.",
      found = paste0(where, " has ", enumerate(points), ": is .1 October or January?"),
      todo = "Write months as 2016-01.", arg = "path", call = call
    )
  }
}
