# fe_table(): models side by side in the house style.

#' Table of models side by side
#'
#' The regression table of the applied literature: coefficients with stars, standard errors in parentheses
#' below, the constant, N, R2, "Control Variables Yes", a row for each effect ("province FE Yes"), and a note
#' that names the variance and the stars (* 10 %, ** 5 %, *** 1 %).
#'
#' Coefficients, errors and R2 (the overall one) have a fixed number of decimals, so that no digit is invented:
#' -14482.774 is -14482.774, not -14480. What is smaller than the last decimal is 0.000, without a sign: raise
#' `digits`, or rescale the variable. From 1e15 on, where a double has no decimals left, numbers are written as
#' 1.235e+20. A value that is not known (a variance that could not be computed) is `NA` and has no stars.
#'
#' There is one row for each effect that stands in any of the models, "Yes" where the model has it; interacted
#' ones keep the name that they have in the formula (`city^year FE`), and `a^b` and `b^a` are one effect.
#'
#' In the console the table prints as plain text; where it is wider than the console its columns follow in
#' blocks. In a knitr document it is a three-line table: rules above the head, below it, and below the last
#' row only, the outcomes above the rule. HTML and Word get it in their own language, other formats by
#' pandoc's tables (the outcome stands in the column's name there). In a CSV a spreadsheet may take (0.076) for
#' a negative number: have it read the columns as text. Any function that reads `tidy()` and
#' `glance()` (modelsummary) makes other formats from the models themselves.
#'
#' @param ... Models: [fe_model()], [fe_compare()] or [fe_mediation()] objects, or lists of models; names
#'   become column labels, else columns are numbered. A label that begins with a number of its own, such as
#'   "(1) base" or "1. base", gets no other.
#' @param show Terms to show as rows, in this order (`NULL`: all), with or without backticks; the others are
#'   said as "Control Variables Yes". The constant is always shown.
#' @param vcov,correction Another variance for all models, as in [vcov.fe_model()]; `NULL` for their own.
#' @param labels Named character vector, `c(name = "label")`: labels for terms, outcomes and effects, and for
#'   the rows Constant, N, R2, Control Variables, `province FE` and so on. Names that stand in none of the
#'   models are said in a message; backticks do not matter.
#' @param digits Decimals of coefficients, errors and R2: a whole number from 0 to 15, default 3.
#' @return An object of class `fe_table`: a data frame of text, one column a model. Its first row holds the
#'   outcomes (`Outcome`), its last the note (in the first column), so that [utils::write.csv()] and
#'   `as.data.frame()`, which gives it as a plain data frame, lose nothing. `$body` is the part between,
#'   `$header` the outcomes, `$note` the note. Cells may be changed, and rows added between the first and the
#'   last; what is left of it without these prints as a plain data frame.
#' @section Errors: `flowresil_error_type` where an argument is no model; `flowresil_error_argument` where it
#'   is a misspelt or unknown argument; `flowresil_error_missing_argument` without a model;
#'   `flowresil_error_term` where `show` names a term of no model; `flowresil_error_encoding` where a name is no
#'   text in its encoding; `flowresil_error_labels` where labels have no names or one name
#'   twice; `flowresil_error_number` (`digits`); those of [vcov.fe_model()].
#'   Message: `flowresil_message_labels`.
#' @order 1
#' @export
#' @examples
#' m1 <- fe_model(ExpRes ~ open | province, province_panel)
#' m2 <- fe_model(ExpRes ~ open + gov + edu | province + year, province_panel)
#' fe_table(m1, m2, show = "open", labels = c(ExpRes = "Export resilience", open = "Openness"))
#'
#' # To a file that a spreadsheet opens
#' file <- tempfile(fileext = ".csv")
#' write.csv(fe_table(m1, m2, digits = 4), file, row.names = FALSE)
fe_table <- function(..., show = NULL, vcov = NULL, correction = NULL, labels = NULL, digits = 3) {
  here <- environment()
  models <- collect_models(list(...), here)
  digits <- check_number(digits, "digits", 0, 15, whole = TRUE, call = here)
  labels <- check_labels(labels, here)
  estimates <- lapply(models, requested_variance, vcov = vcov, correction = correction, call = here)
  tables <- Map(coefficient_table, models, estimates)
  if (is.character(show)) show <- utf8_names(show, "show", here)
  terms <- terms_to_show(show, models, here)
  sheet <- list(
    terms = lapply(terms, coefficient_rows, tables = tables, digits = digits),
    constant = if (any(vapply(tables, has_constant, logical(1)))) {
      list(coefficient_rows("(Intercept)", tables, digits, "Constant"))
    },
    fit = statistic_rows(models, digits),
    controls = if (!is.null(show)) {
      list(c("Control Variables", vapply(tables, says_controls, character(1), shown = terms)))
    },
    effects = effect_rows(models)
  )
  outcomes <- vapply(unname(models), `[[`, character(1), "outcome")
  report_idle_labels(labels, models, c("Constant", vapply(sheet$fit, `[`, "", 1L), "Control Variables"))
  body <- as.data.frame(do.call(rbind, unlist(unname(sheet), recursive = FALSE)), stringsAsFactors = FALSE)
  names(body) <- c("Variable", column_labels(models))
  rownames(body) <- NULL
  body$Variable <- label_rows(body$Variable, labels)
  new_fe_table(body, relabel(outcomes, labels), table_note(estimates))
}

# One data frame: outcomes first, note last, the body between.
new_fe_table <- function(body, header, note) {
  whole <- rbind(c("Outcome", header), as.matrix(body), c(note, rep("", ncol(body) - 1L)))
  whole <- as.data.frame(unname(whole), stringsAsFactors = FALSE)
  names(whole) <- names(body)
  structure(whole, class = c("fe_table", "data.frame"))
}

# Its parts; NULL where rows were taken out or put before or behind, so that it is a table no more.
table_parts <- function(x) {
  whole <- as.data.frame(x)
  n <- nrow(whole)
  if (n < 2L || ncol(whole) < 2L || !identical(whole[[1L]][1L], "Outcome") || any(nzchar(unlist(whole[n, -1L])))) {
    return(NULL)
  }
  body <- whole[-c(1L, n), , drop = FALSE]
  rownames(body) <- NULL
  list(body = body, header = unlist(whole[1L, -1L], use.names = FALSE), note = whole[[1L]][n])
}

# Models out of models, lists of models, comparisons and mediations, with the names that they have.
collect_models <- function(given, call) {
  models <- list()
  for (i in seq_along(given)) {
    one <- given[[i]]
    name <- names(given)[i]
    if (inherits(one, "fe_mediation")) one <- one$models
    if (inherits(one, "fe_model")) {
      one <- stats::setNames(list(one), if (is.null(name)) "" else name)
    }
    if (!is.list(one) || !all(vapply(unclass(one), inherits, logical(1), "fe_model")) || length(one) == 0L) {
      refuse_no_model(given[[i]], i, name, call)
    }
    models <- c(models, unclass(one))
  }
  if (length(models) == 0L) {
    abort_input("missing_argument", "`fe_table()` must be given a model.", arg = "...", call = call)
  }
  names(models) <- utf8_names(names(models), "...", call, "Names of models")
  models
}

# What stands in `...` and is no model: an argument that does not exist where it has a name and is no object that
# could be taken for a model.
refuse_no_model <- function(x, position, name, call) {
  named <- length(name) == 1L && nzchar(name)
  arguments <- setdiff(names(formals(fe_table)), "...")
  near <- if (named) near_name(name, arguments)
  if (named && (length(near) || !is.list(x))) {
    abort_input(
      "argument", "Every argument must be a model of this package, or one that the function knows.",
      found = paste0("`", name, "` is no argument of `fe_table()`."),
      todo = if (length(near)) paste0("Did you mean `", near, "`?") else
        paste0("Beside models it takes ", enumerate(arguments, "`", 10L), "."),
      arg = name, call = call
    )
  }
  what <- if (named) paste0("`", name, "`") else paste("Argument", position)
  if (is.list(x) && !is.object(x)) {
    odd <- which(!vapply(x, inherits, logical(1), "fe_model"))
    part <- if (length(odd)) paste0("element ", odd[1L], " is ", describe_type(x[[odd[1L]]])) else "it is empty"
    found <- paste0(what, " is a list, and ", part, ".")
  } else {
    found <- paste0(what, " is ", describe_type(x), ".")
  }
  abort_input(
    "type", "Every argument of `fe_table()` must be a model of this package, or a list of them.", found = found,
    arg = "...", call = call
  )
}

# The terms of all models, in order of appearance, the constant left out.
terms_of <- function(models) {
  setdiff(unique(unlist(lapply(models, function(model) names(model$coefficients)))), "(Intercept)")
}

terms_to_show <- function(show, models, call) {
  estimated <- terms_of(models)
  if (is.null(show)) return(estimated)
  choose_terms(setdiff(show, "(Intercept)"), models, "show", call)
}

# The terms of the models that the user names; those that were dropped are known, and left out.
choose_terms <- function(given, models, arg, call) {
  estimated <- terms_of(models)
  dropped <- unlist(lapply(models, function(model) model$dropped$term))
  chosen <- find_terms(given, c(estimated, dropped, "(Intercept)"))
  unknown <- given[is.na(chosen)]
  if (length(unknown)) {
    abort_input("term", paste0("`", arg, "` must name terms of the models."),
                found = paste0(enumerate(unknown, "`"), if (length(unknown) == 1L) " stands" else " stand",
                               " in none."),
                todo = paste0("The terms are ", enumerate(estimated, "`", 10L), "."), arg = arg, call = call)
  }
  intersect(chosen, c(estimated, "(Intercept)"))
}

has_constant <- function(table) "(Intercept)" %in% rownames(table)

# (1), (2), ... before the names, but for names that begin with a number of their own.
column_labels <- function(models) {
  numbers <- paste0("(", seq_along(models), ")")
  labels <- names(models)
  if (is.null(labels)) return(numbers)
  ifelse(!nzchar(labels), numbers, ifelse(grepl(own_number, labels, perl = TRUE), labels, paste(numbers, labels)))
}

# "(1)", "1)", "[1]", "(2a)", "(iv)", "1.", "1" alone, "Model 1", and the Chinese ways: full-width signs, numerals in
# parentheses, circled numbers.
own_number <- paste0(
  "^\\s*([(\uff08\\[]?([0-9]+[a-z]?|[ivx]+|[IVX]+|[\u4e00\u4e8c\u4e09\u56db\u4e94\u516d\u4e03\u516b\u4e5d\u5341]+)",
  "[)\uff09\\]]|[0-9]+([.\u3001]|$)|[\u2460-\u2473]|([Mm]odel|\u6a21\u578b)\\s*[(\uff08]?[0-9])"
)

# Two rows: estimates with stars, standard errors in parentheses.
coefficient_rows <- function(term, tables, digits, label = term) {
  cell <- function(table, what) {
    if (!term %in% rownames(table)) return("")
    value <- table[term, ]
    if (what == "error") return(paste0("(", fixed_decimals(value[[2L]], digits), ")"))
    paste0(fixed_decimals(value[[1L]], digits), significance_stars(value[[4L]]))
  }
  rbind(
    c(label, vapply(tables, cell, character(1), "estimate")), c("", vapply(tables, cell, character(1), "error"))
  )
}

# What stands below the coefficients: a row's label, and what it says of one model, as text.
table_statistics <- function() {
  list(
    N = function(model, digits) format(model$nobs, scientific = FALSE),
    R2 = function(model, digits) fixed_decimals(r_squared(model)$r.squared, digits)
  )
}

statistic_rows <- function(models, digits) {
  table <- table_statistics()
  lapply(names(table), function(label) c(label, vapply(models, table[[label]], character(1), digits = digits)))
}

says_controls <- function(table, shown) {
  if (length(setdiff(rownames(table), c(shown, "(Intercept)")))) "Yes" else "No"
}

# A row for each effect of any model. a^b and b^a group rows alike.
effect_rows <- function(models) {
  key <- function(columns) paste(sort(enc2utf8(columns), method = "radix"), collapse = "^")
  keys <- lapply(models, function(model) vapply(model$effects$columns, key, character(1)))
  names <- unlist(lapply(models, function(model) names(model$effects$columns)))
  first <- !duplicated(unlist(keys))
  Map(function(key, name) {
    c(paste(name, "FE"), vapply(keys, function(has) if (key %in% has) "Yes" else "No", character(1)))
  }, unlist(keys)[first], names[first], USE.NAMES = FALSE)
}

# --- labels ----------------------------------------------------------------------------------------------

check_labels <- function(labels, call) {
  if (is.null(labels)) return(NULL)
  if (!is.character(labels) || anyNA(labels) || !rlang::is_named(labels)) {
    found <- if (!is.character(labels)) paste0("It is ", describe_type(labels), ".") else
      if (anyNA(labels)) "A label is NA." else "A name is missing."
    abort_input("labels", "`labels` must be a character vector, each label with the name of what it labels.",
                found = found, todo = "Write `labels = c(x = \"Openness\")`.", arg = "labels", call = call)
  }
  names(labels) <- utf8_names(names(labels), "labels", call)
  labels[] <- utf8_names(labels, "labels", call, "What `labels` holds")
  twice <- unique(names(labels)[duplicated(names(labels))])
  if (length(twice)) {
    abort_input("labels", "`labels` must name each thing once.",
                found = paste0(enumerate(twice, "`"), if (length(twice) == 1L) " stands" else " stand",
                               " more than once."), arg = "labels", call = call)
  }
  labels
}

# Labels in the place of the names that have one.
relabel <- function(names, labels) {
  if (is.null(labels)) return(names)
  label <- unname(labels[find_terms(names, names(labels))])
  ifelse(is.na(label), names, label)
}

# The row of an effect has a label of its own, or takes those of its columns.
label_rows <- function(rows, labels) {
  out <- relabel(rows, labels)
  effects <- out == rows & endsWith(rows, " FE")
  out[effects] <- vapply(sub(" FE$", "", rows[effects]), function(name) {
    whole <- relabel(name, labels)
    parts <- if (whole == name) relabel(strsplit(name, "^", fixed = TRUE)[[1L]], labels) else whole
    paste(paste(parts, collapse = "^"), "FE")
  }, character(1))
  out
}

# Says which labels name nothing; one for a term that the table does not show is no mistake.
report_idle_labels <- function(labels, models, fixed) {
  effects <- unlist(lapply(models, function(model) names(model$effects$columns)))
  known <- c(
    terms_of(models), "(Intercept)", unlist(lapply(models, function(model) model$dropped$term)),
    vapply(models, `[[`, character(1), "outcome"), effects, paste(effects, "FE"),
    unlist(lapply(models, function(model) model$effects$columns)), fixed
  )
  idle <- names(labels)[is.na(find_terms(names(labels), known))]
  if (length(idle) == 0L) return(invisible())
  near <- near_name(idle[1L], unique(known))
  inform_user(
    "labels", paste0("`labels` names what stands in none of the models: ", enumerate(idle, "`"), "."),
    details = if (length(near)) paste0("Did you mean `", near, "`?"), labels = idle
  )
}

# --- telling ---------------------------------------------------------------------------------------------

# One phrase where all columns share a convention; else each column's.
table_note <- function(estimates) {
  how <- vapply(estimates, function(e) describe_convention(e$variance), character(1))
  df <- vapply(estimates, function(e) format_degrees(e$variance$df), "")
  errors <- if (length(unique(how)) == 1L) how[[1L]] else paste0("(", seq_along(how), ") ", how, collapse = "; ")
  paste0("Standard errors in parentheses: ", errors, "; t distribution with ",
         if (length(unique(df)) == 1L) df[[1L]] else paste(df, collapse = ", "),
         " degrees of freedom. * p < 0.1, ** p < 0.05, *** p < 0.01.")
}
