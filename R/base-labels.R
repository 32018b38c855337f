# Values of the user's as labels: for names of results, for print and for messages.

# One label a value. Whole numbers have all their digits and no exponent, others up to 15 significant digits,
# whatever options(scipen, digits, OutDec) say; dates and times as R prints them; text as UTF-8. NA is "NA".
label_values <- function(x) {
  if (is.factor(x)) {
    text <- enc2utf8(levels(x))[as.integer(x)]
  } else if (is.character(x)) {
    text <- enc2utf8(as.vector(x))
  } else if (inherits(x, "integer64")) {
    text <- core(cpp_integer64_digits, unclass(x))
  } else if (is_dated(x)) {
    text <- rep(NA_character_, length(x))
    known <- which(!is.na(unclass(x)))
    some <- pick(x, known)
    text[known] <- if (inherits(x, "POSIXct")) format(some) else time_labels(some)
  } else if (is.double(x)) {
    text <- label_numbers(as.vector(unclass(x)))
  } else {
    text <- as.character(unclass(x))
  }
  text[is.na(text)] <- "NA"
  unname(text)
}

# R's own factor() and deparse() name numbers by options() of the session: in a formula they follow the rule above,
# in the fit and in what is predicted later.
with_plain_numbers <- function(code) {
  old <- options(scipen = 100, OutDec = ".")
  on.exit(options(old))
  code
}

# Numbers as labels: whole ones with all their digits, others up to 15 significant ones.
label_numbers <- function(x) {
  text <- sprintf("%.15g", x)
  whole <- which(is.finite(x) & x == round(x) & abs(x) < 1e19)
  text[whole] <- sprintf("%.0f", x[whole] + 0) # -0 becomes 0
  text
}

# Classes that a key keeps, because they say how its values read.
keeps_class <- function(x) is.factor(x) || is_dated(x) || inherits(x, "integer64")

# x[i] with the class and attributes of x, also where the package of its class is not loaded.
pick <- function(x, i) {
  if (is.null(attributes(x))) return(x[i])
  kept <- attributes(x)
  kept[c("names", "index")] <- NULL # pdata.frame's columns carry an index by row
  if (inherits(x, "pseries")) kept$class <- setdiff(kept$class, "pseries")
  x <- .subset(x, i)
  attributes(x) <- kept
  x
}

# Times as the user knows them: dates as dates, "2010 Q2", "Mar 2010", whole numbers without exponent. Not by
# zoo's methods, which may not be loaded and write months in the session's language.
time_labels <- function(x) {
  if (inherits(x, "POSIXct")) return(format(x, "%Y-%m-%d", tz = time_zone(x)))
  if (is_dated(x)) {
    days <- as_days(x)
    parts <- date_parts(days)
    return(switch(grain_of(x),
      quarter = paste0(parts$year, " Q", parts$month %/% 3L + 1L),
      month = paste(month.abb[parts$month + 1L], parts$year),
      day = format(structure(days, class = "Date"))
    ))
  }
  label_values(x)
}

# How long a period a value of a dated class names.
grain_of <- function(x) {
  if (inherits(x, c("yearqtr", "yearquarter"))) return("quarter")
  if (inherits(x, c("yearmon", "yearmonth"))) "month" else "day"
}
