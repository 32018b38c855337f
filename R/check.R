# Checks of single arguments and columns. Each returns the value in the form that the computation takes,
# or stops with a classed error. `call` is always the environment of the function that the user typed.

# `data` must be a data frame of any kind with at least one row.
check_data <- function(data, arg = "data", call = rlang::caller_env()) {
  if (missing(data)) {
    abort_input("missing_argument", paste0("`", arg, "` must be given."), arg = arg, call = call)
  }
  tryCatch(data, error = function(e) {
    abort_input(
      "evaluation", paste0("`", arg, "` must be a data frame known where the call is written."),
      found = conditionMessage(e), todo = if (exists("formula", call, inherits = FALSE)) {
        "Effects stand in the formula, behind a bar and not a comma: `y ~ x | unit + time`."
      },
      arg = arg, parent = e, call = call
    )
  })
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
  if (rlang::quo_is_missing(quo)) {
    abort_input("missing_argument", paste0("`", arg, "` must be given."), arg = arg, call = call)
  }
  given <- eval_columns(quo, data, name_columns_text(arg, single), arg, call)
  check_column_names(given, data, arg, single, call, expr = rlang::quo_get_expr(quo))
}

# The value of the user's expression, with bare names of columns as strings.
eval_columns <- function(quo, data, must, arg, call) {
  columns <- names(data)
  expr <- quote_columns(rlang::quo_get_expr(quo), columns)
  if (is.character(expr)) return(expr)
  tryCatch(
    rlang::eval_tidy(rlang::quo_set_expr(quo, expr)),
    error = function(e) refuse_unevaluated(quo, e, columns, must, arg, call)
  )
}

# A bare column name, also inside c(), as a string.
quote_columns <- function(expr, columns) {
  quoted <- function(word) if (is.symbol(word) && as.character(word) %in% columns) as.character(word) else word
  if (!rlang::is_call(expr, "c")) return(quoted(expr))
  expr[-1L] <- lapply(as.list(expr)[-1L], quoted)
  expr
}

# Stops where the user's expression for columns cannot be evaluated. A name that is neither a column nor an
# object is told in our words; any other error is kept as the parent.
refuse_unevaluated <- function(quo, error, columns, must, arg, call) {
  words <- unknown_words(quo, columns)
  refuse_unreadable_names(columns, words, call = call)
  if (length(words)) {
    abort_input(
      "missing_column", must,
      found = paste0(
        enumerate(words, "`"),
        if (length(words) == 1L) " is not a column, and no object has that name." else
          " are not columns, and no objects have these names."
      ),
      todo = hint_columns(columns, words), arg = arg, columns = words, call = call
    )
  }
  abort_input(
    "missing_column", must,
    found = paste0("`", rlang::as_label(quo), "` is not a column and cannot be evaluated."),
    todo = hint_used(rlang::quo_get_expr(quo), columns), arg = arg, parent = error, call = call
  )
}

# Bare names, also inside c(), that are neither columns nor objects.
unknown_words <- function(quo, columns) {
  expr <- rlang::quo_get_expr(quo)
  words <- if (rlang::is_call(expr, "c")) as.list(expr)[-1L] else list(expr)
  words <- vapply(Filter(is.symbol, words), as.character, "")
  words <- setdiff(words[nzchar(words)], columns)
  words[!vapply(words, exists, NA, envir = rlang::quo_get_env(quo), USE.NAMES = FALSE)]
}

name_columns_text <- function(arg, single) {
  paste0("`", arg, "` must name ", if (single) "a column" else "columns", " of `data`, bare or as ",
         if (single) "a string." else "strings.")
}

# `given` must be strings, each the name of exactly one column; `single`: exactly one string. `expr` is what
# the user wrote.
check_column_names <- function(given, data, arg, single = FALSE, call = rlang::caller_env(), expr = NULL) {
  columns <- names(data)
  if (!is.character(given)) refuse_no_names(given, columns, arg, single, call, expr)
  if (anyNA(given)) {
    abort_input(
      "missing_column", name_columns_text(arg, single),
      found = paste0(if (is.null(expr)) "It is " else paste0("`", rlang::as_label(expr), "` gives "),
                     "text with missing values."),
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
    refuse_unreadable_names(columns, absent, call = call)
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

# Stops at something that cannot name columns: a number, and what R finds under a name that is no column
# (`time`, `df`, `c` are functions).
refuse_no_names <- function(given, columns, arg, single, call, expr = NULL) {
  word <- if (is.symbol(expr)) symbol_name(expr)
  refuse_unreadable_names(columns, word, call = call)
  found <- if (!is.null(word)) {
    paste0("`", word, "` is not a column; the object of that name is ", describe_type(given), ".")
  } else if (is.null(expr)) {
    paste0("It is ", describe_type(given), ".")
  } else {
    paste0("`", rlang::as_label(expr), "` gives ", describe_type(given), ".")
  }
  todo <- if (is.null(word)) hint_used(expr, columns) else hint_columns(columns, word)
  if (rlang::is_formula(given)) {
    named <- intersect(all.vars(given), columns)
    if (length(named)) todo <- paste0("A column is named without `~`: `", named[1L], "`.")
  }
  abort_input("missing_column", name_columns_text(arg, single), found = found, todo = todo, arg = arg,
              columns = word, call = call)
}

# Is every argument of the call c(...) a bare column name or a string?
all_column_words <- function(expr, columns) {
  all(vapply(
    as.list(expr)[-1L],
    function(word) is.character(word) || (is.symbol(word) && as.character(word) %in% columns),
    logical(1)
  ))
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
  for (word in wanted) {
    near <- near_name(word, columns)
    if (length(near)) return(paste0("Did you mean `", near, "`?"))
  }
  paste0("The columns are ", enumerate(columns, "`", 10L), ".")
}

# A hint where an expression computes with a column instead of naming one.
hint_used <- function(expr, columns) {
  used <- if (is.call(expr)) intersect(all.vars(expr), columns)
  if (length(used) == 0L) return(hint_columns(columns))
  paste0("Name a column, here perhaps `", used[1L], "`; a changed one is added to `data` first.")
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

# Significant digits to print.
check_digits <- function(digits, call = rlang::caller_env()) {
  check_number(digits, "digits", 1, 22, whole = TRUE, call = call)
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
      "choice",
      paste0("`", arg, "` must be ", if (length(choices) > 1L) "one of ",
             enumerate(choices, "\"", 20L, last = "or"), "."),
      found = describe_value(x), todo = hint_choice(x, choices), arg = arg, call = call
    )
  }
  x
}

hint_choice <- function(x, choices) {
  near <- if (is.character(x) && length(x) == 1L && !is.na(x)) near_name(x, choices)
  if (length(near)) paste0("Did you mean \"", near, "\"?")
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

# Nothing may be left in `...`: a misspelt argument must not be ignored. `call` is the environment of the
# function that the user typed, whose arguments are looked through for a near name; `hints` says by name what is
# meant by arguments of other functions and programs, with %s for what was given.
check_dots <- function(..., hints = NULL, call = rlang::caller_env()) {
  if (...length() == 0L) return(invisible())
  given <- as.list(substitute(list(...)))[-1L] # not evaluated
  named <- given[nzchar(names(given))]
  abort_input(
    "argument", "Every argument must be one that the function knows.",
    found = if (length(named)) paste0("Unknown: ", enumerate(names(named), "`"), ".") else
      "There are unnamed arguments too many.",
    todo = hint_arguments(named, arguments_of(call), hints), arg = "...", call = call
  )
}

hint_arguments <- function(given, known, hints = NULL) {
  told <- lapply(names(given), function(name) {
    if (name %in% names(hints)) return(sub("%s", words_of_argument(given[[name]]), hints[[name]], fixed = TRUE))
    near <- near_name(name, known)
    if (length(near)) paste0("Did you mean `", near, "`", if (length(given) > 1L) paste0(" for `", name, "`"), "?")
  })
  unique(unlist(told))
}

# province of ~province, "province" and province.
words_of_argument <- function(expr) {
  if (rlang::is_call(expr, "~")) expr <- expr[[length(expr)]]
  if (is.character(expr)) paste(expr, collapse = "^") else rlang::as_label(expr)
}

# Names of the arguments of the function whose environment `call` is.
arguments_of <- function(call) {
  at <- which(vapply(sys.frames(), identical, NA, call))
  if (length(at) == 0L) return(character())
  setdiff(names(formals(sys.function(max(at)))), "...")
}
