# Checks of single arguments. Each returns the value in the form that the computation takes, or stops with a classed
# error. `call` is always the environment of the function that the user typed.

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

# A confidence level strictly between 0 and 1, as a double.
check_level <- function(level, call, arg = "level") {
  level <- check_number(level, arg, 0, 1, call = call)
  if (level <= 0 || level >= 1) {
    abort_input("number", paste0("`", arg, "` must lie between 0 and 1."), found = describe_value(level), arg = arg,
                call = call)
  }
}

# `value` stands if it is NULL or the default, as wrappers pass all options on. `owner` says in words what takes
# the option, `instead` what was chosen.
refuse_option <- function(value, default, arg, owner, instead, call) {
  if (is_default(value, default)) return(invisible())
  shown <- if (is.atomic(value) && length(value) == 1L) describe_value(value) else
    paste0("It is ", describe_type(value), ".")
  abort_input(
    "argument", paste0("`", arg, "` belongs to ", owner, "."),
    found = paste0(sub("[.]$", "", shown), " and ", instead, "."),
    todo = paste0("Leave `", arg, "` out, or choose what takes it."), arg = arg, call = call
  )
}

is_default <- function(value, default) {
  is.null(value) || identical(value, default) ||
    (is.numeric(value) && is.numeric(default) && length(value) == 1L && !is.na(value) && value == default)
}
