# Checks of single arguments and columns. Each returns the value in the form that the computation takes,
# or stops with a classed error. `call` is always the environment of the function that the user typed.

# `data` must be a data frame of any kind with at least one row.
check_data <- function(data, arg = "data", call = rlang::caller_env()) {
  if (missing(data)) {
    abort_input("missing_argument", paste0("`", arg, "` must be given."), arg = arg, call = call)
  }
  if (!is.data.frame(data)) {
    abort_input(
      "type", paste0("`", arg, "` must be a data frame."),
      found = paste0("It is ", describe_type(data), "."), arg = arg, call = call
    )
  }
  if (nrow_of(data) == 0L) {
    abort_input(
      "empty", paste0("`", arg, "` must have at least one row."),
      found = "It has 0 rows.", arg = arg, call = call
    )
  }
  invisible(data)
}

# Number of rows without a method of the data's class in between.
nrow_of <- function(data) .row_names_info(data, 2L)

# The column names that `quo` (a quosure of the user's argument) stands for. A bare name that is a column
# means that column, as does a bare name inside c(); any other expression is evaluated where it was
# written and must give column names as strings.
resolve_columns <- function(quo, data, arg, single = FALSE, call = rlang::caller_env()) {
  columns <- names(data)
  expr <- rlang::quo_get_expr(quo)
  if (rlang::quo_is_missing(quo)) {
    abort_input("missing_argument", paste0("`", arg, "` must be given."), arg = arg, call = call)
  }
  if (is.symbol(expr) && as.character(expr) %in% columns) {
    given <- as.character(expr)
  } else if (rlang::is_call(expr, "c") && length(expr) > 1L && all_column_words(expr, columns)) {
    given <- unlist(lapply(as.list(expr)[-1L], as.character), use.names = FALSE)
  } else {
    given <- tryCatch(
      rlang::eval_tidy(quo),
      error = function(e) {
        refuse_unreadable_names(data, call = call)
        abort_input(
          "missing_column", paste0("`", arg, "` must name a column of `data`, bare or as a string."),
          found = paste0("`", rlang::as_label(expr), "` is not a column and cannot be evaluated: ",
                         conditionMessage(e)),
          todo = hint_columns(columns), arg = arg, parent = e, call = call
        )
      }
    )
  }
  check_column_names(given, data, arg, single, call, label = rlang::as_label(expr))
}

# Is every argument of the call c(...) a bare column name or a string?
all_column_words <- function(expr, columns) {
  all(vapply(
    as.list(expr)[-1L],
    function(word) is.character(word) || (is.symbol(word) && as.character(word) %in% columns),
    logical(1)
  ))
}

# `given` must be strings, each the name of exactly one column; `single`: exactly one string.
check_column_names <- function(given, data, arg, single = FALSE, call = rlang::caller_env(),
                               label = NULL) {
  columns <- names(data)
  if (!is.character(given) || anyNA(given)) {
    shown <- if (is.null(label)) "" else paste0("`", label, "` gives ")
    abort_input(
      "missing_column",
      paste0("`", arg, "` must name ", if (single) "a column" else "columns", " of `data`, bare or as ",
             if (single) "a string." else "strings."),
      found = paste0(shown, describe_type(given), if (anyNA(given)) " with missing values", "."),
      todo = hint_columns(columns), arg = arg, call = call
    )
  }
  given <- unname(given)
  if (single && length(given) != 1L) {
    abort_input(
      "ambiguous_column", paste0("`", arg, "` must name exactly one column of `data`."),
      found = if (length(given)) {
        paste0("It names ", length(given), ": ", enumerate(given, "`"), ".")
      } else {
        "It names none."
      },
      arg = arg, columns = given, call = call
    )
  }
  if (length(given) == 0L) {
    abort_input(
      "missing_column", paste0("`", arg, "` must name at least one column of `data`."),
      found = "It names none.", arg = arg, call = call
    )
  }
  given <- utf8_names(given, arg, call)
  absent <- setdiff(given, columns)
  if (length(absent)) {
    refuse_unreadable_names(data, call = call)
    abort_input(
      "missing_column", paste0("`", arg, "` must name columns of `data`."),
      found = paste0(enumerate(absent, "`"), if (length(absent) == 1L) " is not a column." else
        " are not columns."),
      todo = hint_columns(columns, absent), arg = arg, columns = absent, call = call
    )
  }
  check_unambiguous(given, data, arg, call)
  given
}

# No column that is asked for may stand twice in the data.
check_unambiguous <- function(wanted, data, arg = "data", call = rlang::caller_env()) {
  columns <- names(data)
  if (!anyDuplicated(columns)) return(invisible())
  twice <- intersect(wanted, columns[duplicated(columns)])
  if (length(twice)) {
    abort_input(
      "ambiguous_column", paste0("A column that `", arg, "` names must stand once in `data`."),
      found = paste0(enumerate(twice, "`"), " stands more than once."),
      todo = "Rename or drop the copies.", arg = arg, columns = twice, call = call
    )
  }
}

# A hint that lists near names first.
hint_columns <- function(columns, wanted = NULL) {
  if (length(columns) == 0L) return("`data` has no columns.")
  if (length(wanted)) {
    distance <- utils::adist(wanted[1L], columns, ignore.case = TRUE)[1L, ]
    if (min(distance) <= 2L) return(paste0("Did you mean `", columns[which.min(distance)], "`?"))
  }
  paste0("The columns are ", enumerate(columns, "`", 10L), ".")
}

# "a character vector", "an integer vector", "NULL".
describe_type <- function(x) {
  if (is.null(x)) return("NULL")
  if (is.function(x)) return("a function")
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

# Column `name` of `data` as doubles without attributes: integer64 and haven's labelled numbers are
# converted; text, factors, dates, lists and matrices are refused. NA stays NA.
numeric_column <- function(data, name, arg, call = rlang::caller_env()) {
  as_numbers(.subset2(data, name), paste0("Column `", name, "`"), arg, call, column = name)
}

as_numbers <- function(x, what, arg, call = rlang::caller_env(), column = NULL) {
  if (is.double(x) && is.null(attributes(x))) return(x)
  if (inherits(x, "integer64")) {
    return(integer64_numbers(x))
  }
  refused <- !(is.double(x) || is.integer(x)) || is.factor(x) || is.matrix(x) ||
    inherits(x, c("Date", "POSIXt", "difftime"))
  if (refused) {
    example <- if (is.character(x)) utils::head(x[!is.na(x)], 1L)
    abort_input(
      "type", paste0(what, " must be numeric."),
      found = paste0("It is ", describe_type(x), if (length(example)) paste0(", such as \"", example, "\""), "."),
      todo = if (is.character(x)) "Numbers stored as text can be converted with `as.numeric()`.",
      arg = arg, columns = column, call = call
    )
  }
  as.double(unclass(x))
}

# Stops at infinite values of a numeric vector; `what` names it. `row_numbers` are those of the data where `x`
# holds some of its rows only.
refuse_infinite <- function(x, what, arg, call = rlang::caller_env(), column = NULL, row_numbers = NULL) {
  bad <- which(is.infinite(x))
  if (!is.null(row_numbers)) bad <- row_numbers[bad]
  if (length(bad)) {
    abort_input(
      "infinite", paste0(what, " must not hold infinite values."),
      found = paste0("It is infinite in ", name_rows(bad), "."),
      arg = arg, columns = column, rows = bad, call = call
    )
  }
}

# One finite number in [lower, upper].
check_number <- function(x, arg, lower = -Inf, upper = Inf, whole = FALSE, call = rlang::caller_env()) {
  ok <- is.numeric(x) && length(x) == 1L && is.finite(x) && x >= lower && x <= upper &&
    (!whole || x == round(x))
  if (!ok) {
    ends <- label_values(c(lower, upper))
    range <- if (is.finite(lower) && is.finite(upper)) paste0(" from ", ends[1L], " to ", ends[2L]) else
      if (is.finite(lower)) paste0(", ", ends[1L], " or more") else ""
    abort_input(
      "number", paste0("`", arg, "` must be one finite ", if (whole) "whole ", "number", range, "."),
      found = describe_value(x), arg = arg, call = call
    )
  }
  as.double(x)
}

# TRUE or FALSE.
check_flag <- function(x, arg, call = rlang::caller_env()) {
  if (!is.logical(x) || length(x) != 1L || is.na(x)) {
    abort_input("flag", paste0("`", arg, "` must be TRUE or FALSE."), found = describe_value(x),
                arg = arg, call = call)
  }
  x
}

# One of `choices`; the default argument (all of them) means the first.
check_choice <- function(x, choices, arg, call = rlang::caller_env()) {
  if (identical(x, choices)) return(choices[1L])
  if (!is.character(x) || length(x) != 1L || is.na(x) || !x %in% choices) {
    abort_input(
      "choice", paste0("`", arg, "` must be one of ", enumerate(choices, "\"", 20L), "."),
      found = describe_value(x), arg = arg, call = call
    )
  }
  x
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

# Nothing may be left in `...`: a misspelt argument must not be ignored.
check_dots <- function(..., call = rlang::caller_env()) {
  if (...length() == 0L) return(invisible())
  given <- names(as.list(substitute(list(...)))[-1L]) # not evaluated
  named <- if (is.null(given)) character() else given[nzchar(given)]
  abort_input(
    "argument", "Every argument must be one that the function knows.",
    found = if (length(named)) paste0("Unknown: ", enumerate(named, "`"), ".") else
      "There are unnamed arguments too many.",
    arg = "...", call = call
  )
}
