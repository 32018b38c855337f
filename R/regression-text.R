# Text in a formula: a category wherever a category is meant, an error wherever a number is. Numbers stored as
# text are a category inside a call that takes text - factor(), interaction(), nchar(), == - and inside an
# interaction; as a term of its own such a column is either a slip or a code, which factor() says.

# Functions whose argument is a number; text in them is no category.
number_words <- c(
  "+", "-", "*", "/", "^", "%%", "%/%", "abs", "sign", "sqrt", "floor", "ceiling", "trunc", "round", "signif",
  "exp", "log", "expm1", "log1p", "log2", "log10", "cos", "sin", "tan", "cospi", "sinpi", "tanpi", "acos", "asin",
  "atan", "cosh", "sinh", "tanh", "acosh", "asinh", "atanh", "lgamma", "gamma", "cumsum", "cumprod", "cummax",
  "cummin", "d", "poly", "bs", "ns", "scale", "cut", "findInterval", "quantile", "mean", "median", "sum", "prod",
  "sd", "var", "pmin", "pmax", "range", "is.finite"
)

# Those whose arguments are all alike.
even_words <- c("+", "-", "*", "/", "^", "%%", "%/%", "pmin", "pmax", "sum", "<", ">", "<=", ">=")

# Functions that give back what they take: a number where the text is numbers.
neutral_words <- c("I", "l", "f", "identity")

# The columns that a formula names, as plain vectors: integer64 and labelled numbers converted, text judged by
# where it stands.
formula_data <- function(spec, data, call, arg = "formula") {
  names <- intersect(to_utf8(unique(c(all.vars(spec$outcome), all.vars(spec$right))))$text, source_names(data))
  columns <- lapply(names, function(name) {
    column <- utf8_column(source_column(data, name), name, arg, call)
    if (inherits(column, "integer64") && names_categories(name, list(spec$outcome, spec$right))) {
      return(integer64_factor(column))
    }
    plain_column(column, name, arg, call)
  })
  names(columns) <- names
  judge_text(spec, columns, arg, call)
  structure(columns, class = "data.frame", row.names = .set_row_names(source_size(data)))
}

# Stops at the first text column (or factor) that stands where a number is meant.
judge_text <- function(spec, columns, arg, call) {
  worded <- names(columns)[vapply(columns, function(x) is.character(x) || is.factor(x), logical(1))]
  if (length(worded) == 0L) return(invisible())
  if (is.symbol(spec$outcome)) {
    name <- as.character(spec$outcome)
    if (name %in% worded) as_numbers(columns[[name]], paste0("The outcome `", name, "`"), arg, call, column = name)
  }
  parts <- right_terms(spec$right)
  lone <- lone_columns(parts)
  for (name in worded) {
    meant <- unlist(lapply(c(list(spec$outcome), parts$variables), callers_of, name = name))
    if (stands_as_text(columns[[name]], meant, name %in% lone)) next
    as_numbers(
      columns[[name]], paste0("Column `", name, "`"), arg, call, column = name,
      todo = if (!any(meant %in% c("number", "neutral"))) {
        paste0("If it is a code, write `factor(", spell_code(name), ")`.")
      }
    )
  }
}

# `meant` says by what kinds of calls the column is taken, `lone` whether it is a term of its own.
stands_as_text <- function(x, meant, lone) {
  if ("number" %in% meant) return(FALSE)
  !is.character(x) || !(lone || "neutral" %in% meant) || !holds_numbers(x)
}

# By what kind of call a column is taken, wherever it stands in an expression: "number", "neutral", "text".
callers_of <- function(expr, name) {
  if (!is.call(expr)) return(NULL)
  arguments <- call_arguments(expr)
  kind <- kind_of_call(expr, arguments)
  own <- vapply(arguments, function(a) identical(strip_parentheses(a), as.name(name)), logical(1))
  # log(x, base): only the first argument is what is meant
  if (kind != "text" && !function_name(expr) %in% even_words) own[-1L] <- FALSE
  c(if (any(own)) kind, unlist(lapply(arguments, callers_of, name = name)))
}

kind_of_call <- function(expr, arguments) {
  word <- function_name(expr)
  if (word == "(") return("text")
  if (word %in% number_words) return("number")
  if (word %in% neutral_words) return("neutral")
  compared <- word %in% c("<", ">", "<=", ">=") && any(vapply(arguments, is_number_constant, logical(1)))
  if (compared) "number" else "text"
}

# A factor of all digits, in order of the numbers; NA stays.
integer64_factor <- function(x) {
  known <- which(!is_missing(x))
  found <- code_values(pick(x, known))
  code <- rep(NA_integer_, length(x))
  code[known] <- found$code + 1L
  structure(code, levels = label_values(found$values), class = "factor")
}

# Does a column stand only where categories are made of it? There its digits count; elsewhere it is a number.
names_categories <- function(name, expressions) {
  inside <- function(expr, made) {
    if (is.symbol(expr)) return(if (identical(as.character(expr), name)) made else logical())
    if (!is.call(expr)) return(logical())
    made <- made || rlang::is_call(expr, c("factor", "as.factor", "ordered", "as.ordered", "interaction"))
    unlist(lapply(as.list(expr)[-1L], inside, made = made))
  }
  found <- unlist(lapply(expressions, inside, made = FALSE))
  length(found) > 0L && all(found)
}
