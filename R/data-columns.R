# Columns of the data as numbers.

# Column `name` of `data` as doubles without attributes: integer64 and haven's labelled numbers are
# converted; text, factors, dates, lists and matrices are refused. NA stays NA.
numeric_column <- function(data, name, arg, call = rlang::caller_env()) {
  as_numbers(.subset2(data, name), paste0("Column `", name, "`"), arg, call, column = name)
}

# `todo` is what else to say where the column is refused.
as_numbers <- function(x, what, arg, call = rlang::caller_env(), column = NULL, todo = NULL) {
  if (is.double(x) && is.null(attributes(x))) return(x)
  if (inherits(x, "integer64")) return(integer64_numbers(x))
  refused <- !(is.double(x) || is.integer(x)) || is.factor(x) || is.matrix(x) ||
    inherits(x, c("Date", "POSIXt", "difftime"))
  if (refused) {
    told <- explain_not_numeric(x, column)
    abort_input(
      "type", paste0(what, " must be numeric."), found = told$found, todo = c(told$todo, todo),
      arg = arg, columns = column, call = call
    )
  }
  as.double(unclass(x))
}

explain_not_numeric <- function(x, column) {
  if (is.character(x)) return(explain_text(as.vector(unclass(x)), column))
  found <- paste0("It is ", describe_type(x), ".")
  if (!is.factor(x) || !holds_numbers(levels(x))) return(list(found = found, todo = NULL))
  name <- if (is.null(column)) "x" else spell_code(column)
  told <- explain_text(as.character(x), column)
  plain <- paste0("as.numeric(", name, ")")
  list(found = paste0(found, " Its levels are numbers stored as text."),
       todo = sub(plain, paste0("as.numeric(as.character(", name, "))"), told$todo, fixed = TRUE))
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

# A column as a plain vector: numbers as they are, text as text, integer64 and labelled ones as numbers; others
# refused.
plain_column <- function(x, name, arg, call) {
  if (is.list(x)) as_numbers(x, paste0("Column `", name, "`"), arg, call, column = name)
  if (is.character(x)) return(if (is.object(x)) as.vector(unclass(x)) else x)
  if (inherits(x, c("integer64", "haven_labelled"))) {
    return(as_numbers(x, paste0("Column `", name, "`"), arg, call, column = name))
  }
  if (inherits(x, "pseries")) {
    attr(x, "index") <- NULL
    class(x) <- setdiff(class(x), "pseries")
  }
  x
}

# Integer64 as doubles: exact up to 2^53, the nearest beyond.
integer64_numbers <- function(x) core(cpp_integer64_doubles, unclass(x))

# is.na() that knows integer64 also where bit64 is not loaded.
is_missing <- function(x) if (inherits(x, "integer64")) is.na(integer64_numbers(x)) else is.na(x)
