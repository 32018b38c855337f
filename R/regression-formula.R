# Formulas: y ~ x1 + x2 | unit + time, and the words l(), f(), d() inside them.

#' Formulas of regressions
#'
#' What `y ~ x1 + x2 | unit + time` may hold in [fe_model()], [fe_compare()] and [fe_mediation()], what is refused with
#' what to write instead, and how terms are called.
#'
#' @section Shifts and other programs' words:
#' `l()`, `f()` and `d()` go by unit and time; `lag()`, `lead()`, `diff()`, `shift()`, `L()`, `F()` and `D()`, which
#' shift rows, are refused, as are Stata's `L.x`, `i()`, offsets, `csw()`, two outcomes and a third part. The
#' outcome must not stand among the regressors (`l(y, 1)` may). Effects are columns: the trend of each unit,
#' `unit[t]` elsewhere, is the regressor `unit:t`.
#'
#' @section Text:
#' Text is a category: one dummy a value but the first, or a slope each in `x:code`. Where a number is meant
#' (arithmetic, `log()`, the outcome) it is refused. Text made of digits is a category inside a call that takes
#' text (`factor(code)`, `interaction()`, `code == "02"`, `nchar()`) and in `x:code`; alone it is refused, since it
#' may be numbers read as text. Text counts as digits when more than half of its distinct values, missing marks
#' such as `".."` and `"-"` aside, are numbers once separators, blanks, percent and currency signs and the sign of
#' the year are taken off; the error shows the conversion.
#'
#' @section Names of terms:
#' A term is called by the plain name of its column, without backticks, alone and in interactions (`GDP per
#' head:region`); a call keeps R's text, as in ``log(`GDP per head`)``. Where a term is given as a string both
#' spellings are taken.
#' @seealso [fe_model()].
#' @examples
#' fe_model(ExpRes ~ open + l(open, 1) + factor(region):gov | province + year, province_panel)
#' @name fe_formula
NULL

# Splits a formula. Gives a list:
#   formula   as given
#   outcome   the left side, a language object
#   regressors  a formula ~ x1 + x2 (lags written out), environment of the user's formula
#   effects   list of character vectors: the columns of each effect (several where they are interacted), each once
#   doubled   named character: effects named again, by the one that is used
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
  if (is.null(env)) env <- globalenv()
  effects <- unique_effects(effects)
  outcome <- formula[[2L]]
  simple <- plain_names(right)
  plain <- !is.null(simple) && is.symbol(outcome) # no word to look for: a sum of columns
  if (!plain) {
    check_words(outcome, right, call)
    right <- write_out_lags(right, env, call)
    outcome <- write_out_lags(outcome, env, call, terms = FALSE)
    simple <- plain_names(right)
  }
  list(
    formula = formula, outcome = outcome, right = right, env = env, effects = effects$effects,
    doubled = effects$doubled, has_lags = !plain && (uses_words(right) || uses_words(outcome)), simple = simple
  )
}

# unit + time, a^b, to a list of column names.
parse_effects <- function(expr, call) {
  if (is.symbol(expr)) return(list(symbol_name(expr)))
  if (rlang::is_call(expr, "(")) return(parse_effects(expr[[2L]], call))
  if (rlang::is_call(expr, "+", 2)) return(c(parse_effects(expr[[2L]], call), parse_effects(expr[[3L]], call)))
  names <- interacted_names(expr)
  if (!is.null(names)) return(list(names))
  refuse_effects(expr, call)
}

# Every name of a formula must be a column; inside a call it may be a constant of length one instead.
check_formula_names <- function(spec, data, call) {
  columns <- source_names(data)
  bare <- c(spec$simple, if (is.symbol(spec$outcome)) as.character(spec$outcome), unlist(spec$effects))
  absent <- unique(bare[!bare %in% columns])
  plain <- !is.null(spec$simple) && is.symbol(spec$outcome)
  if (!plain) {
    names <- setdiff(unique(c(all.vars(spec$outcome), all.vars(spec$right))), c(".", columns))
    top <- top_level_names(spec$right)
    constant <- vapply(names, function(name) {
      value <- get0(name, spec$env, mode = "any")
      !name %in% top && is.atomic(value) && length(value) == 1L
    }, logical(1))
    absent <- unique(c(absent, names[!constant]))
  }
  if (length(absent)) {
    refuse_unreadable_names(columns, absent, call = call)
    refuse_stata_names(absent, columns, call)
    abort_input(
      "missing_column", "Every name in `formula` must be a column of `data`.",
      found = say_no_columns(absent),
      todo = hint_columns(columns, absent), arg = "formula", columns = absent, call = call
    )
  }
  used <- unique(c(bare, if (!plain) intersect(c(all.vars(spec$outcome), all.vars(spec$right)), columns)))
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

# Columns of a formula with more than plain names, on the rows that are complete: list(values (regressors, then
# the outcome: named list of doubles), complete, missing, terms, xlevels, contrasts, intercept, ...). `rows` are
# those kept by `subset`, `beside` further columns that must be complete; lags look at all rows of the data, and
# `lags` says by what they go.
model_columns <- function(spec, data, words, rows, beside, lags, call) {
  variables <- formula_data(spec, data, call)
  formula <- stats::as.formula(call("~", spec$outcome, spec$right), words)
  label <- spell_term(spec$outcome)
  evaluated <- in_formula(call, {
    frame <- frame_of(formula, variables, rows)
    list(frame = frame, terms = attr(frame, "terms"))
  })
  frame <- evaluated$frame
  y <- if (is.logical(frame[[1L]])) as.double(frame[[1L]]) else frame[[1L]]
  frame[[1L]] <- as_numbers(y, paste0("The outcome `", label, "`"), "formula", call, column = label)
  names(frame)[-1L] <- vapply(as.list(attr(evaluated$terms, "variables"))[-(1:2)], spell_term, character(1))
  if (!is.null(rows)) frame <- frame[rows, , drop = FALSE]
  lost <- lapply(frame, rows_missing)
  names(lost)[1L] <- label
  found <- complete_rows(lost, beside, call, lags)
  complete <- found$complete
  if (!all(complete)) frame <- frame[complete, , drop = FALSE]
  frame[-1L] <- Map(drop_unused_levels, frame[-1L], names(frame)[-1L], list(call))
  matrix_terms <- spell_terms(stats::delete.response(evaluated$terms))
  if (length(spec$effects)) attr(matrix_terms, "intercept") <- 1L
  intercept <- attr(matrix_terms, "intercept") == 1L
  x <- in_formula(call, regressor_matrix(matrix_terms, frame))
  keep <- setdiff(seq_len(ncol(x)), if (intercept) 1L)
  values <- c(lapply(keep, function(j) as.double(x[, j])), list(frame[[1L]]))
  names(values) <- c(enc2utf8(as.character(colnames(x)[keep])), label)
  lag_free <- !vapply(as.list(attr(evaluated$terms, "variables"))[-1L], uses_words, logical(1))
  list(
    values = values, complete = if (!all(complete)) complete, missing = found$missing,
    lost = if (spec$has_lags) Reduce(`|`, c(lost[lag_free], lapply(beside, is.na)), rep(FALSE, length(complete))),
    terms = matrix_terms, xlevels = stats::.getXlevels(matrix_terms, frame), contrasts = attr(x, "contrasts"),
    assign = attr(x, "assign")[keep], intercept = intercept, categories = lone_categories(spec, frame),
    calendars = lone_calendars(spec, frame)
  )
}

# Evaluates code that runs what the user wrote; its errors keep their words.
in_formula <- function(call, code, arg = "formula", where = "Every term of `formula` must evaluate in `data`.") {
  tryCatch(with_plain_numbers(code), error = function(e) {
    if (inherits(e, "flowresil_error")) rlang::cnd_signal(e)
    abort_input("formula", where, found = conditionMessage(e), arg = arg, parent = e, call = call)
  })
}

rows_missing <- function(v) if (is.matrix(v)) rowSums(is.na(v)) > 0 else is.na(v)

# Rows complete in the model's own variables (`lost`: TRUE where one is missing, by variable) and then in those
# that stand beside it: list(complete, missing), counts by variable.
complete_rows <- function(lost, beside, call, lags = NULL) {
  complete <- if (length(lost)) !Reduce(`|`, lost) else rep(TRUE, length(beside[[1L]]))
  missing <- vapply(lost, sum, numeric(1))
  missing <- missing[missing > 0]
  refuse_no_complete_row(complete, missing, "variables of the model", call, lags)
  if (length(beside) == 0L) return(list(complete = complete, missing = missing))
  besides <- lapply(beside, is.na)
  lacking <- vapply(besides, function(l) sum(l & complete), numeric(1))
  lacking <- lacking[lacking > 0]
  complete <- complete & !Reduce(`|`, besides)
  refuse_no_complete_row(complete, lacking, "equations", call)
  list(complete = complete, missing = c(missing, lacking))
}

refuse_no_complete_row <- function(complete, missing, of_what, call, lags = NULL) {
  if (any(complete)) return(invisible())
  abort_input(
    "empty", paste0("At least one row must be complete in all ", of_what, "."),
    found = paste0("Every row misses ", if (length(missing) > 1L) "one of ", enumerate(names(missing), "`"), "."),
    todo = lags, arg = "data", call = call
  )
}

# A factor (or text) without the levels that no complete row has: they would be columns of zeros, or the base.
drop_unused_levels <- function(v, name, call) {
  if (is.character(v)) v <- text_factor(v, name, call)
  if (!is.factor(v)) return(v)
  used <- levels(v) %in% v
  if (all(used)) v else factor(v, levels = levels(v)[used])
}

# Numbers of levels of the factors that are terms of their own: by column, where one column is meant.
lone_categories <- function(spec, frame) {
  counts <- lapply(lone_variables(spec, frame), function(v) if (is.factor(v)) nlevels(v))
  unlist(counts)
}

# Terms of their own that look like years, as numbers or as a factor.
lone_calendars <- function(spec, frame) {
  is_calendar <- function(v) {
    if (is.factor(v)) v <- suppressWarnings(as.numeric(levels(v)))
    is.numeric(v) && !is.matrix(v) && !anyNA(v) && all(v >= 1500 & v <= 2200) && all(v == round(v))
  }
  names(Filter(is_calendar, lone_variables(spec, frame)))
}

# The variables that are terms of their own, by the column that they are made of.
lone_variables <- function(spec, frame) {
  parts <- right_terms(spec$right)
  if (is.null(parts$factors)) return(list())
  alone <- rowSums(parts$factors[, colSums(parts$factors > 0) == 1L, drop = FALSE]) > 0
  variables <- parts$variables[alone]
  names(variables) <- vapply(variables, function(v) {
    if (length(all.vars(v)) == 1L) all.vars(v) else spell_term(v)
  }, character(1))
  lapply(variables, function(v) frame[[spell_term(v)]])
}

# Evaluates a model frame. R's word on NaN is said only where a row to be used holds one.
frame_of <- function(formula, variables, rows) {
  held <- NULL
  frame <- withCallingHandlers(
    stats::model.frame(stats::terms(formula), data = variables, na.action = stats::na.pass),
    warning = function(w) {
      if (is.null(rows) || !identical(conditionMessage(w), gettext("NaNs produced", domain = "R"))) return()
      held <<- w
      invokeRestart("muffleWarning")
    }
  )
  if (!is.null(held)) {
    undefined <- function(v) is.numeric(v) && anyNA(v) && any(is.nan(as.matrix(v)[rows, ]))
    if (any(vapply(frame, undefined, logical(1)))) repeat_warning(held)
  }
  frame
}

# The dot is every column that neither the outcome nor an effect names; it stands for a sum.
write_out_dot <- function(spec, columns) {
  if (!"." %in% all.vars(spec$right) || "." %in% columns) return(spec)
  columns <- setdiff(columns[nzchar(columns)], c(unlist(spec$effects), names(spec$doubled), all.vars(spec$outcome)))
  sum <- if (length(columns)) Reduce(function(a, b) call("+", a, b), lapply(columns, as.name)) else 1
  write <- function(expr) {
    if (identical(expr, quote(.))) return(if (length(columns) > 1L) call("(", sum) else sum)
    if (!rlang::is_call(expr, c("+", "-", "*", ":", "(", "^", "%in%", "/"))) return(expr)
    as.call(c(expr[[1L]], lapply(as.list(expr)[-1L], write)))
  }
  spec$right <- write(spec$right)
  spec$simple <- plain_names(spec$right)
  spec
}

# The outcome explains itself perfectly: it comes from a pasted list of controls.
refuse_outcome_twice <- function(spec, call) {
  if (!is.null(spec$simple) && is.symbol(spec$outcome) && !symbol_name(spec$outcome) %in% spec$simple) {
    return(invisible())
  }
  bare <- function(expr) {
    while (rlang::is_call(expr, c("(", "I"), 1)) expr <- expr[[2L]]
    expr
  }
  own <- bare(spec$outcome)
  variables <- if (!is.null(spec$simple)) lapply(spec$simple, as.name) else right_terms(spec$right)$variables
  same <- vapply(variables, function(v) identical(bare(v), own), logical(1))
  if (!any(same)) return(invisible())
  label <- spell_term(spec$outcome)
  abort_input(
    "outcome_twice", paste0("The outcome `", label, "` must not stand among the regressors."),
    found = "It would explain itself.",
    todo = paste0("Leave it out right of `~`; its past is `l(", deparse(own, backtick = TRUE)[1L], ", 1)`."),
    arg = "formula", columns = label, call = call
  )
}
