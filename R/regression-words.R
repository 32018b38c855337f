# What a formula may not say: refused by name, with what to write instead.

# Functions that shift by row, or that lag in another program's formulas.
shift_words <- c(lag = "l", Lag = "l", L = "l", shift = "l", lead = "f", Lead = "f", F = "f", diff = "d", Diff = "d",
                 D = "d")

# Stops at words that a formula may not hold: other packages' lags, offsets, a response of two columns.
check_words <- function(outcome, right, call) {
  refuse <- function(what, todo = NULL, found = "It is not supported yet.") {
    abort_input("formula", paste0("`formula` must not hold ", what, "."), found = found, todo = todo,
                arg = "formula", call = call)
  }
  if (rlang::is_call(outcome, "~")) refuse("a second `~` (instruments)")
  if (has_bar(outcome) || has_bar(right)) {
    refuse("a bar there", found = "One bar parts all regressors, right of `~`, from the effects.", todo = c(
      "Effects stand last: `y ~ x1 + x2 | unit + time`.",
      "Random effects, `(1 | unit)` elsewhere, are not supported; \"or\" stands inside I()."
    ))
  }
  if (rlang::is_call(outcome, c("c", "cbind", "list"))) {
    refuse("two outcomes", "Name them in `fe_compare(outcomes = c(a, b))`.")
  }
  for (side in list(outcome, right)) refuse_shift_words(side, refuse)
  if (uses_call(right, "offset")) {
    refuse("an offset", "Take it from the outcome: `I(y - x) ~ ...`.")
  }
  if (uses_call(right, "i")) {
    refuse("`i()`", c(
      "Write `factor(a)` or `factor(a):x`.",
      "The base period is set by relevel(): `relevel(factor(period), \"-1\")`, or such a column of `data`."
    ))
  }
  stepwise <- called_one_of(right, c("sw", "sw0", "csw", "csw0", "mvsw"))
  if (!is.null(stepwise)) {
    refuse(paste0("`", function_name(stepwise), "()`"),
           c("Fit each model and put them in one `fe_table()`.",
             "`fe_compare(treatments = c(a, b))` varies the first regressor."))
  }
  listed <- called_one_of(right, c("[", "[["))
  if (!is.null(listed) && rlang::is_call(listed) && (identical(listed[[2L]], quote(.)) ||
                                                     identical(listed[[2L]], quote(..)))) {
    refuse(paste0("`", spell_term(listed), "`"),
           "Paste the names: `reformulate(c(\"x1\", \"x2\"), \"y\")`, or write them out.")
  }
}

# Does a bar join terms? Inside a call it is "or".
has_bar <- function(expr) {
  if (!any(c("|", "||") %in% all.names(expr))) return(FALSE)
  if (rlang::is_call(expr, c("|", "||"))) return(TRUE)
  rlang::is_call(expr, c("+", "-", "*", ":", "(", "^", "%in%", "/")) &&
    any(vapply(call_arguments(expr), has_bar, logical(1)))
}

refuse_shift_words <- function(side, refuse) {
  shifted <- called_one_of(side, names(shift_words))
  if (is.null(shifted)) return(invisible())
  word <- shift_words[[function_name(shifted)]]
  about <- if (length(call_arguments(shifted))) deparse(call_arguments(shifted)[[1L]], width.cutoff = 60L)[1L] else "x"
  refuse(
    paste0("`", function_name(shifted), "()`"),
    paste0("Write `", word, "(", about, ", 1)`: `l()` lags, `f()` leads and `d()` takes differences, by unit and ",
           "time."),
    "It shifts rows, whatever unit and time they belong to, or is no function of R."
  )
}

# The first call of one of the functions `names` in an expression, also as package::name(); NULL for none.
called_one_of <- function(expr, names) {
  if (!is.call(expr) || !any(names %in% all.names(expr))) return(NULL)
  if (function_name(expr) %in% names) return(expr)
  head <- if (is.call(expr[[1L]])) called_one_of(expr[[1L]], names)
  if (!is.null(head)) return(head)
  for (part in call_arguments(expr)) {
    found <- called_one_of(part, names)
    if (!is.null(found)) return(found)
  }
  NULL
}

uses_call <- function(expr, names) !is.null(called_one_of(expr, names))

# Does the code use l(), f() or d() as words of the formula?
uses_words <- function(expr) {
  is.call(expr) && any(c("l", "f", "d") %in% all.names(expr)) && has_word(expr)
}

# l(), f() and d() are words of the formula only by their bare names.
has_word <- function(expr) {
  is.call(expr) && (rlang::is_call(expr, c("l", "f", "d")) || any(vapply(call_arguments(expr), has_word, logical(1))))
}

# L.x, F2.x, D.x: Stata's signs before a name, where no column has it.
refuse_stata_names <- function(absent, columns, call) {
  pattern <- "^([LFDlfd])([0-9]*)[.](.+)$"
  stata <- absent[grepl(pattern, absent) & sub(pattern, "\\3", absent) %in% columns]
  if (length(stata) == 0L) return(invisible())
  steps <- sub(pattern, "\\2", stata)
  written <- paste0(tolower(sub(pattern, "\\1", stata)), "(", sub(pattern, "\\3", stata), ", ",
                    ifelse(nzchar(steps), steps, "1"), ")")
  abort_input(
    "formula", "Lags, leads and differences must be written `l(x, 1)`, `f(x, 1)` and `d(x, 1)`.",
    found = paste0(enumerate(stata, "`"), if (length(stata) == 1L) " is" else " are", " written as in Stata."),
    todo = paste0("Write ", enumerate(written, "`"), "."), arg = "formula", columns = stata, call = call
  )
}

# Effects that are no names: what was meant.
refuse_effects <- function(expr, call) {
  label <- spell_term(expr)
  inside <- if (is.call(expr)) call_arguments(expr)
  todo <- NULL
  if (is.numeric(expr)) {
    todo <- "Without effects leave the bar out: `y ~ x`."
  } else if (rlang::is_call(expr, c("[", "[["))) {
    parts <- vapply(inside, spell_term, character(1))
    todo <- paste0("Own trends, or slopes by group, stand among the regressors: `",
                   paste0(parts[1L], ":", parts[-1L], collapse = " + "), "`, beside the effect `", parts[1L], "`.")
  } else if (rlang::is_call(expr, c("factor", "as.factor", "as.character"), 1) && is.symbol(inside[[1L]])) {
    todo <- paste0("An effect is always a category: write `", spell_term(inside[[1L]]), "`.")
  } else if (rlang::is_call(expr, c(":", "*", "interaction"))) {
    names <- Filter(is.symbol, inside)
    if (length(names) == length(inside)) {
      todo <- paste0("Interacted effects are written `", paste(vapply(names, spell_term, ""), collapse = "^"), "`.")
    }
  } else if (rlang::is_call(expr, c("sw", "sw0", "csw", "csw0"))) {
    todo <- "Fit each model and put them in one `fe_table()`."
  }
  if (is.character(expr)) todo <- paste0("Write `", spell_code(expr), "`, without quotes.")
  if (rlang::is_call(expr, "c") && all(vapply(inside, is.symbol, logical(1)))) {
    todo <- paste0("Write `", paste(vapply(inside, spell_term, ""), collapse = " + "), "`.")
  }
  if (is.null(todo) && is.call(expr) && !rlang::is_call(expr, c("-", "/", "%in%", "^"))) {
    todo <- "Make it a column of `data` first and name that."
  }
  abort_input(
    "formula", "Effects must be names of columns joined by `+`, or by `^` where they are interacted.",
    found = paste0("`", label, "` is neither."), todo = todo, arg = "formula", call = call
  )
}

# Many dummies and no effect: was the bar forgotten?
report_forgotten_bar <- function(frame) {
  wide <- frame$categories[frame$categories >= 10L]
  if (length(frame$effects) || length(wide) == 0L) return(invisible())
  effects <- unique(c(names(wide), frame$calendars))
  inform_user(
    "no_effects",
    paste0("There are no fixed effects: ", paste0("`", names(wide), "` stands among the regressors as ", wide - 1L,
                                                  " dummies", collapse = ", "), "."),
    details = paste0("Did you mean `", spell_term(frame$spec$formula[[2L]]), " ~ ... | ",
                     paste(vapply(effects, spell_code, character(1)), collapse = " + "),
                     "`? Effects stand behind a bar."),
    columns = effects
  )
}

# Arguments of other programs, and what is meant here. `%s` is what was given.
argument_hints <- local({
  cluster <- "Clusters are named by `vcov = ~%s`."
  errors <- "Standard errors are chosen by `vcov =`: \"iid\", \"HC0\", \"HC1\" or `~unit` for clusters."
  effects <- "Effects stand in the formula, behind a bar: `y ~ x | unit + time`."
  panel <- "Unit and time of lags are `unit =` and `time =`; effects stand in the formula: `y ~ x | unit + time`."
  missing <- "Rows with missing values are dropped, counted and said; there is nothing to choose."
  c(
    cluster = cluster, clusters = cluster, cl = cluster, clustervar = cluster, se = errors, se.type = errors,
    se_type = errors, robust = errors, type = errors, vce = errors, absorb = effects, fixef = effects, fe = effects,
    fixed_effects = effects, effect = effects, effects = effects, model = effects, method = effects, index = panel,
    panel = panel, panel.id = panel, id = panel, na.action = missing, na.rm = missing,
    offset = "Take an offset from the outcome: `I(y - x) ~ ...`.",
    ssc = "Small-sample corrections are chosen by `correction =`.",
    dof = "Small-sample corrections are chosen by `correction =`.",
    split = "Sub-samples are given to `fe_compare(subsets = list(a = condition))`.",
    fsplit = "Sub-samples are given to `fe_compare(subsets = list(a = condition))`.",
    nthreads = "Threads are set by `options(flowresil.threads = 2)`."
  )
})
