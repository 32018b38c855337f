# The arguments that shape a table of models.

check_decimals <- function(digits, call) {
  if (is.numeric(digits) && length(digits) == 1L && digits %in% 0:15) return(as.double(digits))
  abort_input(c("digits", "number"), "`digits` must be one whole number from 0 to 15.", found = describe_value(digits),
              arg = "digits", call = call)
}

check_statistics <- function(statistics, call) {
  known <- names(table_statistics())
  if (is.null(statistics)) return(character())
  odd <- if (is.character(statistics)) setdiff(statistics, known)
  if (is.character(statistics) && length(odd) == 0L) return(unique(statistics))
  abort_input("choice", paste0("`statistics` must be of ", enumerate(known, "\"", 20L), "."),
              found = if (length(odd)) paste0("There is ", enumerate(odd, "\""), ".") else describe_value(statistics),
              todo = if (length(odd)) hint_choice(odd[1L], known), arg = "statistics", call = call)
}

# Levels of significance by their signs, the weakest first; none for NULL.
check_stars <- function(stars, call) {
  if (length(stars) == 0L) return(stats::setNames(numeric(), character()))
  fault <- if (!is.numeric(stars) || !rlang::is_named(stars)) {
    paste0("It is ", describe_type(stars), if (is.numeric(stars)) " without names", ".")
  } else if (anyNA(stars) || any(stars <= 0 | stars >= 1)) {
    "A level does not lie between 0 and 1."
  } else if (anyDuplicated(stars) || anyDuplicated(names(stars))) {
    "A level or a sign stands twice."
  } else if (any(grepl("[0-9\"().,[:cntrl:]-]|\\[|\\]", names(stars)))) {
    "A sign holds a digit, a quote, a bracket, a point, a comma or a hyphen: it could not be told from the number."
  }
  if (!is.null(fault)) {
    abort_input("argument", "`stars` must be levels between 0 and 1, named by their signs.", found = fault,
                todo = "Write `stars = c(\"*\" = .1, \"**\" = .05, \"***\" = .01)`, or `NULL` for none.",
                arg = "stars", call = call)
  }
  names(stars) <- utf8_names(names(stars), "stars", call)
  sort(stars, decreasing = TRUE)
}

# Rows of the user's: a list of values, one a column, by name.
check_own_rows <- function(rows, n, call) {
  if (length(rows) == 0L) return(list())
  fault <- if (!is.list(rows) || !rlang::is_named(rows)) {
    paste0("It is ", describe_type(rows), if (is.list(rows)) " without names for all", ".")
  } else {
    fits <- vapply(rows, function(row) (is.atomic(row) || is.factor(row)) && length(row) == n, NA)
    if (!all(fits)) {
      at <- which(!fits)[1L]
      paste0("`", names(rows)[at], "` has ", count_of(length(rows[[at]]), "value"), ", the table ",
             count_of(n, "column"), ".")
    }
  }
  if (!is.null(fault)) {
    abort_input("argument", "`rows` must be a named list of rows, each with one value a column.", found = fault,
                todo = "Write `rows = list(Sample = c(\"all\", \"east\"))`.", arg = "rows", call = call)
  }
  names(rows) <- utf8_names(names(rows), "rows", call)
  rows
}

# Columns under each span, by its name.
check_groups <- function(groups, n, call) {
  if (length(groups) == 0L) return(NULL)
  fault <- if (!is.numeric(groups) || is.null(names(groups)) || anyNA(names(groups))) {
    paste0("It is ", describe_type(groups), if (is.numeric(groups)) " without names", ".")
  } else if (anyNA(groups) || any(groups < 1 | groups != round(groups))) {
    "A number of columns is no whole number of 1 or more."
  } else if (sum(groups) != n) {
    paste0("They are ", count_of(sum(groups), "column"), " together, the table has ", n, ".")
  }
  if (!is.null(fault)) {
    abort_input("argument", "`groups` must be numbers of columns by name, together all columns.", found = fault,
                todo = "Write `groups = c(\"All\" = 2, \"East\" = 1)`.", arg = "groups", call = call)
  }
  names(groups) <- utf8_names(names(groups), "groups", call)
  groups
}

# Strings, or none.
check_lines <- function(x, arg, call, single = FALSE) {
  if (is.null(x)) return(NULL)
  if (!is.character(x) || anyNA(x) || (single && length(x) != 1L)) {
    abort_input("argument", paste0("`", arg, "` must be ", if (single) "one string." else "text."),
                found = describe_value(x), arg = arg, call = call)
  }
  utf8_names(x, arg, call, paste0("`", arg, "`"))
}
