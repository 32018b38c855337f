# A choice is one way of doing a thing - a weighting, a measure of resilience, a variance - as an object: whatever
# depends on which one it is stands in the file of its constructor. A kind's table lists the constructors by name, and a
# string means the one of that name with its defaults. Nothing here knows a kind.

# `label` says in print what it is; `...` are its functions and facts, by name, as its kind asks for them; `settings`
# are its options as they were given: printed, and kept with the result.
new_choice <- function(kind, name, label, ..., settings = list()) {
  choice <- list(kind = kind, name = name, label = label, settings = settings, ...)
  class(choice) <- c(paste0("flowresil_", kind), "flowresil_choice")
  choice
}

# Is it an object of new_choice(), of whatever kind?
is_choice <- function(x) inherits(x, "flowresil_choice")

# An object of the table's kind as it is; a name, or the default argument that lists the first names, as what its
# constructor gives without arguments. Anything else is refused with the names that there are.
as_choice <- function(x, table, arg, call = rlang::caller_env()) {
  names <- names(table)
  if (is.character(x)) {
    if (length(x) > 1L && identical(x, names[seq_along(x)])) x <- x[1L]
    if (length(x) == 1L && x %in% names) return(table[[x]]())
  }
  if (is_choice(x)) {
    kind <- table[[1L]]()$kind
    if (identical(x$kind, kind)) return(x)
    abort_input(
      "choice", paste0("`", arg, "` must be a ", kind, ": its name, or what one of the constructors gives."),
      found = paste0("It is a ", x$kind, ", \"", x$name, "\"."),
      todo = paste0("The names are ", enumerate(names, "\"", 20L), "."), arg = arg, call = call
    )
  }
  check_choice(x, names, arg, call)
}

# "principal components, components 2": the label with the settings that were made.
describe_choice <- function(choice) {
  made <- Filter(Negate(is.null), choice$settings)
  words <- vapply(names(made), function(name) paste(name, enumerate(made[[name]])), "")
  paste(c(choice$label, words), collapse = ", ")
}

#' @export
print.flowresil_choice <- function(x, ...) {
  cat("<", x$kind, " \"", x$name, "\": ", describe_choice(x), ">\n", sep = "")
  invisible(x)
}

# The choice that `x` names, with options given beside it as short forms. `short` holds the options of all choices of
# the table by name, `defaults` what they hold where nobody gave them, `written` the names of those that were given.
# Options of another choice are refused (`words$owner(name)` says whose they are, `words$instead(choice)` what was
# chosen), and so are options beside an object, which has its own.
choice_with_options <- function(x, table, arg, short, defaults, words, call, written = names(short)) {
  chosen <- as_choice(x, table, arg, call)
  own <- names(short) %in% names(chosen$settings)
  refuse_foreign_options(short[!own], defaults, words$owner, words$instead(chosen), call)
  own <- short[own & names(short) %in% written]
  if (is_choice(x)) {
    for (name in names(own)) {
      refuse_option(own[[name]], defaults[[name]], name, paste0("`", chosen$kind, "_", chosen$name, "()`"),
                    paste0("`", arg, "` is an object with options of its own"), call)
    }
    return(chosen)
  }
  own <- own[!vapply(own, is.null, NA)]
  if (length(own)) make_choice(table[[chosen$name]], own, call) else chosen
}

# Options that another choice takes.
refuse_foreign_options <- function(foreign, defaults, owner, instead, call) {
  for (name in names(foreign)) refuse_option(foreign[[name]], defaults[[name]], name, owner(name), instead, call)
}

# What a constructor makes of options; what it refuses is said of the function that the user typed.
make_choice <- function(constructor, options, call) {
  in_function(do.call(constructor, options), call)
}

# Which of a table's choices takes an option: its name, or NULL.
owner_of_option <- function(name, table) {
  takes <- vapply(table, function(make) name %in% names(make()$settings), NA)
  if (any(takes)) names(takes)[takes][1L]
}

# A choice that does not give what its kind promises: its author's fault, told with its name.
refuse_broken_choice <- function(choice, promise, found, arg, call) {
  abort_input(
    "choice_promise", paste0("The ", choice$kind, " \"", choice$name, "\" must give ", promise, "."), found = found,
    todo = "Mend the object that was given, or take one of the package's.", arg = arg, call = call
  )
}
