# Terms of a formula as SQL: columns in 64 bits, arithmetic as R does it, lags by windows; the rest by dbplyr.

# `words` is what a translation needs: list(part, env, panel (unit_name, time_name, NULL without lags), call, raw: are
# columns taken as they are, as sides of a comparison, and not as numbers of 64 bits?).
sql_of <- function(expr, words, at = 0) {
  if (is.symbol(expr)) return(sql_symbol(expr, words, at))
  if (is.atomic(expr) && length(expr) == 1L) return(sql_constant(expr, words))
  if (!is.call(expr)) refuse_translation(expr, words)
  if (rlang::is_call(expr, c("(", "I"), 1)) return(paste0("(", sql_of(expr[[2L]], words, at), ")"))
  if (rlang::is_call(expr, c("l", "f", "d"))) return(sql_shift(expr, words, at))
  if (rlang::is_call(expr, c("-", "+"), 1)) {
    return(paste0("(", as.character(expr[[1L]]), sql_of(expr[[2L]], words, at), ")"))
  }
  if (length(expr) == 3L && is.symbol(expr[[1L]])) {
    word <- as.character(expr[[1L]])
    made <- sql_operation(word, expr, words, at)
    if (!is.null(made)) return(made)
  }
  if (rlang::is_call(expr, "!", 1)) return(paste0("(NOT ", sql_of(expr[[2L]], words, at), ")"))
  if (rlang::is_call(expr, "log", 1)) return(sql_log(sql_of(expr[[2L]], words, at), words))
  if (rlang::is_call(expr, "sqrt", 1)) {
    x <- sql_of(expr[[2L]], words, at)
    return(paste0("(CASE WHEN ", x, " >= 0 THEN SQRT(", x, ") END)"))
  }
  sql_by_dbplyr(expr, words, at)
}

sql_symbol <- function(expr, words, at) {
  name <- symbol_name(expr)
  if (!name %in% words$part$columns$name) {
    value <- get0(name, words$env, mode = "any")
    if (is.atomic(value) && length(value) == 1L) return(sql_constant(value, words))
    refuse_translation(expr, words)
  }
  shifted(if (words$raw) sql_columns(name, words$part) else sql_double(name, words$part), words, at)
}

sql_constant <- function(x, words) {
  if (is.character(x)) return(as.character(DBI::dbQuoteString(words$part$con, enc2utf8(x))))
  if (is.logical(x)) return(if (is.na(x)) "NULL" else if (x) "(1 = 1)" else "(1 = 0)")
  if (inherits(x, "Date")) return(as.character(DBI::dbQuoteString(words$part$con, format(x))))
  if (words$raw && is.integer(x)) return(as.character(x))
  sql_number(as.double(x))
}

# Arithmetic and comparisons; a quotient by zero is infinite or missing, as in R; powers of small whole numbers are
# products.
sql_operation <- function(word, expr, words, at) {
  side <- function(i) sql_of(expr[[i]], words, at)
  same <- c("+" = "+", "-" = "-", "*" = "*", ">" = ">", "<" = "<", ">=" = ">=", "<=" = "<=", "==" = "=", "!=" = "<>",
            "&" = "AND", "|" = "OR", ":" = "*")
  if (word %in% c(">", "<", ">=", "<=", "==", "!=", "%in%")) words$raw <- TRUE
  if (word %in% c("+", "-", "*", "/", "^", ":")) words$raw <- FALSE
  if (word %in% names(same)) return(paste0("(", side(2L), " ", same[[word]], " ", side(3L), ")"))
  if (word == "/") return(sql_quotient(side(2L), side(3L), words))
  if (word == "^") return(sql_power(side(2L), expr[[3L]], side(3L)))
  if (word == "%in%") {
    values <- tryCatch(eval(expr[[3L]], words$env), error = function(e) refuse_translation(expr, words))
    if (!is.atomic(values) || length(values) == 0L) refuse_translation(expr, words)
    values <- vapply(as.list(values), sql_constant, "", words = words)
    return(paste0("(", side(2L), " IN (", paste(values, collapse = ", "), "))"))
  }
  NULL
}

sql_quotient <- function(a, b, words) {
  infinity <- engines()[[words$part$engine]]$infinity
  paste0("(CASE WHEN ", b, " <> 0 THEN ", a, " / ", b, " WHEN ", b, " = 0 AND ", a, " > 0 THEN ", infinity, " WHEN ", b,
         " = 0 AND ", a, " < 0 THEN -", infinity, " END)")
}

sql_power <- function(base, exponent, exponent_sql) {
  k <- if (is.numeric(exponent)) exponent else NA
  if (!is.na(k) && k == round(k) && k >= 1 && k <= 4) return(paste0("(", paste(rep(base, k), collapse = " * "), ")"))
  paste0("POWER(", base, ", ", exponent_sql, ")")
}

# The logarithm of zero is infinite, of less missing: as R has it, whatever the engine says.
sql_log <- function(x, words) {
  engine <- engines()[[words$part$engine]]
  paste0("(CASE WHEN ", x, " > 0 THEN ", engine$ln, "(", x, ") WHEN ", x, " = 0 THEN -", engine$infinity, " END)")
}

# l(), f() and d(), written out before.
sql_shift <- function(expr, words, at) {
  word <- as.character(expr[[1L]])
  k <- eval(expr[[3L]], baseenv())
  moved <- at + (if (word == "f") -k else k)
  inner <- sql_of(expr[[2L]], words, moved)
  if (!is.symbol(expr[[2L]])) {
    inner <- paste0("(CASE WHEN ", shifted("1", words, moved), " IS NOT NULL THEN ", inner, " END)")
  }
  if (word == "d") paste0("(", sql_of(expr[[2L]], words, at), " - ", inner, ")") else inner
}

# A value of `at` periods before, by the panel of the formula's lags.
shifted <- function(sql, words, at) {
  if (at == 0) return(sql)
  side <- sprintf("%.0f %s", abs(at), if (at > 0) "PRECEDING" else "FOLLOWING")
  paste0("FIRST_VALUE(", sql, ") OVER (PARTITION BY ", sql_columns(words$panel$unit_name, words$part), " ORDER BY ",
         sql_double(words$panel$time_name, words$part), " RANGE BETWEEN ", side, " AND ", side, ")")
}

# A function that dbplyr knows, of arguments that are SQL already.
sql_by_dbplyr <- function(expr, words, at) {
  rlang::check_installed("dbplyr", "to translate functions of columns.", call = words$call)
  name <- function_name(expr)
  if (!nzchar(name) || name %in% no_functions_of_a_row) refuse_translation(expr, words)
  expr[[1L]] <- as.name(name) # without its package
  arguments <- lapply(as.list(expr)[-1L], function(argument) {
    if (rlang::is_missing(argument)) refuse_translation(expr, words)
    dbplyr::sql(sql_of(argument, words, at))
  })
  # What dbplyr does not know, the engine may.
  written <- rlang::new_quosure(as.call(c(expr[[1L]], arguments)), words$env)
  made <- tryCatch(
    without_old_interface(dbplyr::translate_sql_(list(written), words$part$con, window = FALSE)),
    error = function(e) refuse_translation(expr, words, conditionMessage(e))
  )
  as.character(made)
}

# What looks at other rows, or picks some: an engine would collapse the table, or take the brackets for its own.
no_functions_of_a_row <- c(
  "[", "[[", "$", "@", "{", "mean", "sum", "min", "max", "sd", "var", "median", "quantile", "n", "n_distinct", "first",
  "last", "nth", "cumsum", "cummax", "cummin", "cummean", "cumprod", "rank", "dense_rank", "row_number", "ntile",
  "any", "all", "ave", "scale", "length", "count", "avg", "total", "group_concat", "str_flatten", "cor", "rev", "order"
)

refuse_translation <- function(expr, words, why = NULL) {
  abort_input(
    "database", "Every term must be one that the database can compute.",
    found = c(paste0("`", rlang::as_label(expr), "` is none."), why),
    todo = "Compute it in the table by a verb of dplyr, or `collect()` the columns.", arg = "formula", call = words$call
  )
}
