# Columns of the data by name: bare, quoted or computed, and what is said of a name that is none.

# `data` must be a data frame of any kind with at least one row; where `tables` are taken it may be one.
check_data <- function(data, arg = "data", call = rlang::caller_env(), tables = FALSE) {
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
  if (tables && is_table(data)) return(invisible(data))
  if (!is.data.frame(data)) {
    abort_input(
      "type", paste0("`", arg, "` must be a data frame."),
      found = paste0("It is ", describe_type(data), "."), arg = arg, call = call
    )
  }
  if (source_size(data) == 0L) {
    abort_input(
      "empty", paste0("`", arg, "` must have at least one row."),
      found = "It has 0 rows.", arg = arg, call = call
    )
  }
  invisible(data)
}

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
  columns <- source_names(data)
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
  columns <- source_names(data)
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
      found = say_no_columns(absent),
      todo = hint_columns(columns, absent), arg = arg, columns = absent, call = call
    )
  }
  check_unambiguous(given, data, arg, call)
  given
}

# Every one of the columns `wanted` must be in `newdata`, once. `needed` says what for: the columns of the model, or
# those that the index was made from.
check_newdata_columns <- function(wanted, newdata, needed = "of the model", call = rlang::caller_env()) {
  columns <- source_names(newdata)
  absent <- setdiff(wanted, columns)
  if (length(absent)) {
    refuse_unreadable_names(columns, absent, "newdata", call)
    abort_input(
      "missing_column", paste0("`newdata` must hold every column ", needed, "."),
      found = say_no_columns(absent), todo = hint_columns(columns, absent),
      arg = "newdata", columns = absent, call = call
    )
  }
  check_unambiguous(wanted, newdata, "newdata", call)
}

# "`a` is not a column.", "`a` and `b` are not columns."
say_no_columns <- function(absent) {
  paste0(enumerate(absent, "`"), if (length(absent) == 1L) " is not a column." else " are not columns.")
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
  columns <- source_names(data)
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
