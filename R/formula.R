# Formulas: y ~ x1 + x2 | unit + time, and the words l(), f(), d() inside them.

# Splits a formula. Gives a list:
#   formula   as given
#   outcome   the left side, a language object
#   regressors  a formula ~ x1 + x2 (lags written out), environment of the user's formula
#   effects   list of character vectors: the columns of each effect (several where they are interacted)
#   has_lags
#   simple    names of columns, where every regressor is a plain name; else NULL
parse_formula <- function(formula, call = rlang::caller_env()) {
  if (!inherits(formula, "formula") || length(formula) != 3L) {
    abort_input(
      "formula", "`formula` must have two sides, such as `y ~ x1 + x2 | unit + time`.",
      found = if (inherits(formula, "formula")) "It has no left side." else
        paste0("It is ", describe_type(formula), "."),
      arg = "formula", call = call
    )
  }
  right <- formula[[3L]]
  # update() puts parentheses round a bar.
  if (rlang::is_call(right, "(", 1) && rlang::is_call(right[[2L]], "|")) right <- right[[2L]]
  effects <- list()
  if (rlang::is_call(right, "|")) {
    if (rlang::is_call(right[[2L]], "|")) {
      abort_input(
        "formula", "`formula` must have one bar at most: regressors | effects.",
        found = "A third part (instruments) is not supported yet.", arg = "formula", call = call
      )
    }
    effects <- parse_effects(right[[3L]], call)
    right <- right[[2L]]
  }
  env <- environment(formula)
  check_words(formula[[2L]], right, call)
  right <- write_out_lags(right, env, call)
  outcome <- write_out_lags(formula[[2L]], env, call, terms = FALSE)
  list(
    formula = formula, outcome = outcome, right = right, env = env, effects = effects,
    has_lags = uses_words(right) || uses_words(outcome), simple = plain_names(right)
  )
}

# unit + time, a^b, to a list of column names.
parse_effects <- function(expr, call) {
  if (rlang::is_call(expr, "(")) return(parse_effects(expr[[2L]], call))
  if (rlang::is_call(expr, "+", 2)) return(c(parse_effects(expr[[2L]], call), parse_effects(expr[[3L]], call)))
  names <- interacted_names(expr)
  if (!is.null(names)) return(list(names))
  abort_input(
    "formula", "Effects must be names of columns joined by `+`, or by `^` where they are interacted.",
    found = paste0("`", rlang::as_label(expr), "` is neither", if (rlang::is_call(expr, "[")) {
      ": slopes by group are not supported yet."
    } else {
      "."
    }),
    arg = "formula", call = call
  )
}

# What a formula may not say yet is refused by name, never misread.
check_words <- function(outcome, right, call) {
  refuse <- function(what, todo = NULL) {
    abort_input("formula", paste0("`formula` must not hold ", what, "."), found = "It is not supported yet.",
                todo = todo, arg = "formula", call = call)
  }
  if (rlang::is_call(outcome, "~")) refuse("a second `~` (instruments)")
  if (rlang::is_call(outcome, c("c", "cbind"))) refuse("two outcomes")
  if (uses_call(right, "offset")) refuse("an offset")
  if (uses_call(right, "i")) refuse("`i()`", "Write `factor(a)` or `factor(a):x`.")
}

# Does one of the functions `names` stand in the expression, called?
uses_call <- function(expr, names) {
  if (!is.call(expr) || !any(names %in% all.names(expr))) return(FALSE)
  if (is.symbol(expr[[1L]]) && as.character(expr[[1L]]) %in% names) return(TRUE)
  any(vapply(as.list(expr)[-1L], uses_call, logical(1), names = names))
}

uses_words <- function(expr) uses_call(expr, c("l", "f", "d"))

# c("x1", "x2") for x1 + x2; NULL where something else than names and plus stands there.
plain_names <- function(expr) {
  if (is.symbol(expr)) return(if (identical(expr, quote(.))) NULL else symbol_name(expr))
  if (rlang::is_call(expr, "(", 1)) return(plain_names(expr[[2L]]))
  if (!rlang::is_call(expr, "+", 2)) return(NULL)
  left <- plain_names(expr[[2L]])
  right <- plain_names(expr[[3L]])
  if (is.null(left) || is.null(right)) return(NULL)
  unique(c(left, right))
}

# l(x, 1:2) to l(x, 1) + l(x, 2); l(x) to l(x, 1); a lag of zero is the variable itself. Several periods make
# several terms, which only the formula's own signs can join (`terms`): log(l(x, 1:2)) would be the log of a sum.
write_out_lags <- function(expr, env, call, terms = TRUE) {
  if (!uses_words(expr)) return(expr)
  if (rlang::is_call(expr, c("l", "f", "d"))) {
    word <- as.character(expr[[1L]])
    steps <- lag_steps(expr, word, env, call)
    if (length(steps) > 1L && !terms) {
      abort_input(
        "formula", paste0("`", word, "()` of several periods must stand as a term of its own."),
        found = paste0("`", rlang::as_label(expr), "` stands inside another function or left of `~`."),
        todo = "Write one period at a time.", arg = "formula", call = call
      )
    }
    inner <- write_out_lags(expr[[2L]], env, call, terms = FALSE)
    written <- lapply(steps, function(k) if (k == 0 && word != "d") inner else call(word, inner, k))
    return(Reduce(function(a, b) call("+", a, b), written))
  }
  terms <- terms && rlang::is_call(expr, c("+", "-", "*", ":", "^", "%in%", "/", "("))
  as.call(c(list(expr[[1L]]), lapply(as.list(expr)[-1L], write_out_lags, env = env, call = call, terms = terms)))
}

# The steps of a lag: whole numbers, written in the formula or known where it was written.
lag_steps <- function(expr, word, env, call) {
  if (length(expr) == 2L) return(1)
  steps <- if (length(expr) == 3L) tryCatch(eval(expr[[3L]], env), error = function(e) NULL)
  if (!is.numeric(steps) || length(steps) == 0L || anyNA(steps) || any(steps != round(steps))) {
    abort_input(
      "formula", paste0("`", word, "()` must have a variable and whole numbers of periods, such as `",
                        word, "(x, 1:2)`."),
      found = paste0("It is `", rlang::as_label(expr), "`."), arg = "formula", call = call
    )
  }
  as.numeric(steps)
}

# The words for one panel. `get_panel()` gives it when first needed.
lag_words <- function(get_panel, env) {
  words <- new.env(parent = env)
  words$l <- function(x, k = 1) shift_periods(get_panel(), x, k)
  words$f <- function(x, k = 1) shift_periods(get_panel(), x, -k)
  words$d <- function(x, k = 1) x - shift_periods(get_panel(), x, k)
  words
}

# x of `k` units of time before, by unit; NA where that time is not there. Row order does not matter.
shift_periods <- function(panel, x, k) {
  x[core(cpp_match_periods, panel$code, panel$when, panel$order, as.double(k))]
}

# Every name of a formula must be a column; inside a call it may be a constant of length one instead.
check_formula_names <- function(spec, data, call) {
  columns <- names(data)
  bare <- c(spec$simple, if (is.symbol(spec$outcome)) as.character(spec$outcome), unlist(spec$effects))
  absent <- setdiff(bare, columns)
  if (is.null(spec$simple) || !is.symbol(spec$outcome)) {
    names <- setdiff(unique(c(all.vars(spec$outcome), all.vars(spec$right))), c(".", columns))
    top <- top_level_names(spec$right)
    constant <- vapply(names, function(name) {
      value <- get0(name, spec$env, mode = "any")
      !name %in% top && is.atomic(value) && length(value) == 1L
    }, logical(1))
    absent <- unique(c(absent, names[!constant]))
  }
  if (length(absent)) {
    refuse_unreadable_names(data, call = call)
    abort_input(
      "missing_column", "Every name in `formula` must be a column of `data`.",
      found = paste0(enumerate(absent, "`"), if (length(absent) == 1L) " is not a column." else
        " are not columns."),
      todo = hint_columns(columns, absent), arg = "formula", columns = absent, call = call
    )
  }
  used <- unique(c(bare, intersect(c(all.vars(spec$outcome), all.vars(spec$right)), columns)))
  utf8_names(used, "formula", call)
  check_unambiguous(used, data, "formula", call)
}

# Names that stand as terms of their own, joined by + - * : alone.
top_level_names <- function(expr) {
  if (is.symbol(expr)) return(as.character(expr))
  if (rlang::is_call(expr, c("+", "-", "*", ":", "(", "^", "%in%", "/"))) {
    return(unlist(lapply(as.list(expr)[-1L], top_level_names)))
  }
  character()
}

# Columns of a formula with more than plain names: list(y, x (named list of doubles), terms, xlevels,
# contrasts, intercept). `rows` are those kept by `subset`; lags look at all rows of the data.
model_columns <- function(spec, data, words, rows, call) {
  variables <- formula_data(spec, data, call)
  formula <- stats::as.formula(call("~", spec$outcome, spec$right), words)
  dots <- setdiff(names(data), unlist(spec$effects))
  evaluated <- with_plain_numbers(tryCatch(
    {
      terms <- stats::terms(formula, data = variables[intersect(dots, names(variables))])
      frame <- stats::model.frame(terms, data = variables, na.action = stats::na.pass)
      terms <- attr(frame, "terms")
      if (!is.null(rows)) frame <- frame[rows, , drop = FALSE]
      missing <- vapply(frame, function(v) sum(if (is.matrix(v)) rowSums(is.na(v)) > 0 else is.na(v)), numeric(1))
      frame[] <- Map(drop_unused_levels, frame, names(frame), list(stats::complete.cases(frame)), list(call))
      attr(frame, "terms") <- terms
      matrix_terms <- stats::delete.response(terms)
      if (length(spec$effects)) attr(matrix_terms, "intercept") <- 1L
      environment(matrix_terms) <- spec$env # the words hold the whole data, which a saved model need not carry twice
      list(
        y = stats::model.response(frame), matrix = stats::model.matrix(matrix_terms, frame),
        terms = matrix_terms, xlevels = stats::.getXlevels(matrix_terms, frame), missing = missing[missing > 0]
      )
    },
    error = function(e) {
      abort_input(
        "formula", "Every term of `formula` must evaluate in `data`.",
        found = conditionMessage(e), arg = "formula", parent = e, call = call
      )
    }
  ))
  x <- evaluated$matrix
  intercept <- attr(evaluated$terms, "intercept") == 1L
  keep <- setdiff(seq_len(ncol(x)), if (intercept) 1L)
  columns <- lapply(keep, function(j) as.double(x[, j]))
  names(columns) <- enc2utf8(as.character(colnames(x)[keep]))
  y <- evaluated$y
  if (is.logical(y)) y <- as.double(y)
  label <- enc2utf8(rlang::as_label(spec$outcome))
  list(
    y = as_numbers(y, paste0("The outcome `", label, "`"), "formula", call, column = label), x = columns,
    terms = evaluated$terms, xlevels = evaluated$xlevels, contrasts = attr(x, "contrasts"), intercept = intercept,
    missing = evaluated$missing
  )
}

# A factor (or text) without the levels that no complete row has: they would be columns of zeros, or the base.
drop_unused_levels <- function(v, name, complete, call) {
  if (is.character(v)) v <- text_factor(v, name, call)
  if (!is.factor(v) || !any(complete)) return(v)
  used <- levels(v) %in% v[complete]
  if (all(used)) v else factor(v, levels = levels(v)[used])
}

# The columns that a formula names, as plain vectors: integer64 and labelled numbers converted; text stands
# for categories unless it is numbers stored as text.
formula_data <- function(spec, data, call) {
  names <- intersect(to_utf8(unique(c(all.vars(spec$outcome), all.vars(spec$right))))$text, names(data))
  if ("." %in% all.vars(spec$right)) {
    refuse_unreadable_names(data, call = call)
    names <- enc2utf8(setdiff(names(data), unlist(spec$effects)))
  }
  columns <- lapply(names, function(name) {
    column <- utf8_column(.subset2(data, name), name, "formula", call)
    if (inherits(column, "integer64") && names_categories(name, list(spec$outcome, spec$right))) {
      return(integer64_factor(column))
    }
    plain_column(column, name, call)
  })
  names(columns) <- names
  structure(columns, class = "data.frame", row.names = .set_row_names(nrow_of(data)))
}

plain_column <- function(x, name, call) {
  what <- paste0("Column `", name, "`")
  if (is.list(x)) as_numbers(x, what, "formula", call, column = name)
  if (is.character(x)) {
    known <- x[!is.na(x)]
    numbers <- suppressWarnings(as.numeric(known))
    if (length(known) && !anyNA(numbers)) as_numbers(x, what, "formula", call, column = name)
    return(x)
  }
  if (inherits(x, c("integer64", "haven_labelled"))) {
    if (is.character(unclass(x))) return(as.vector(unclass(x)))
    return(as_numbers(x, what, "formula", call, column = name))
  }
  if (inherits(x, "pseries")) {
    attr(x, "index") <- NULL
    class(x) <- setdiff(class(x), "pseries")
  }
  x
}
