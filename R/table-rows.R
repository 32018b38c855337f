# The rows of a table of models, from numbers to text.

has_constant <- function(table) "(Intercept)" %in% rownames(table)

# Estimates, errors, t and p of a model, and the limits of the intervals.
table_of_terms <- function(model, estimate, level) {
  table <- coefficient_table(model, estimate)
  limits <- confidence_limits(table[, 1L], errors_to_test(estimate), estimate$variance$df, level)
  cbind(table, low = limits[, 1L], high = limits[, 2L])
}

# Terms that share a label share a row: list(label, terms) each. No model may hold two of them.
shared_rows <- function(terms, labels, tables, call) {
  label <- relabel(terms, labels)
  rows <- lapply(unique(label), function(name) list(label = name, terms = terms[label == name]))
  for (row in rows[lengths(lapply(rows, `[[`, "terms")) > 1L]) {
    for (table in tables) {
      held <- intersect(row$terms, rownames(table))
      if (length(held) > 1L) refuse_shared_label(row$label, held, call)
    }
  }
  rows
}

refuse_shared_label <- function(label, names, call) {
  abort_input("term", "One label must stand for one term or effect in each model.",
              found = paste0("\"", label, "\" is the label of ", enumerate(names, "`"), " of one model."),
              todo = "Give each a label of its own.", arg = "labels", call = call)
}

# Two rows: estimates with stars, errors in brackets.
coefficient_rows <- function(row, tables, how) {
  held <- lapply(tables, function(table) {
    term <- intersect(row$terms, rownames(table))
    if (length(term)) table[term, ]
  })
  cells <- function(make) vapply(held, function(value) if (is.null(value)) "" else make(value), "")
  rbind(
    c(row$label, cells(function(value) {
      paste0(fixed_decimals(value[[1L]], how$digits), significance_stars(value[[4L]], how$stars))
    })),
    c("", cells(function(value) error_cell(value, how)))
  )
}

error_cell <- function(value, how) {
  number <- function(x) fixed_decimals(x, how$digits)
  switch(how$errors,
    se = paste0("(", number(value[[2L]]), ")"),
    t = paste0("(", number(value[[3L]]), ")"),
    p = paste0("(", probability_text(value[[4L]], how$digits), ")"),
    ci = paste0("[", number(value[["low"]]), ", ", number(value[["high"]]), "]")
  )
}

# "<0.001" where p lies below the last decimal.
probability_text <- function(p, digits) {
  least <- 10^-digits
  if (!is.na(p) && p < least) paste0("<", fixed_decimals(least, digits)) else fixed_decimals(p, digits)
}

# What may stand below the coefficients: by key what it says of one model, as text.
table_statistics <- function() {
  fit <- function(name) function(model, estimate, digits) fixed_decimals(r_squared(model)[[name]], digits)
  list(
    n = function(model, estimate, digits) format(model$nobs, scientific = FALSE),
    r2 = fit("r.squared"), adj_r2 = fit("adj.r.squared"), within_r2 = fit("within.r.squared"),
    f = function(model, estimate, digits) fixed_decimals(joint_test(model, estimate)$statistic, digits),
    aic = function(model, estimate, digits) fixed_decimals(stats::AIC(model), digits),
    bic = function(model, estimate, digits) fixed_decimals(stats::BIC(model), digits),
    rmse = function(model, estimate, digits) fixed_decimals(sqrt(model$residual_squares / model$nobs), digits)
  )
}

# The names of the rows that are no term, effect or row of the user's.
fixed_words <- function(language) word(c("constant", "controls", names(table_statistics())), language)

has_controls <- function(table, shown) length(setdiff(rownames(table), c(shown, "(Intercept)"))) > 0L

# A row for each effect of any model, a^b and b^a one, and for those that share a label; `yes` are the words for no and
# yes.
effect_rows <- function(models, labels, yes, language, call) {
  key <- function(columns) paste(sort(enc2utf8(columns), method = "radix"), collapse = "^")
  keys <- lapply(models, function(model) vapply(model$effects$columns, key, character(1)))
  names <- unlist(lapply(models, function(model) names(model$effects$columns)))
  first <- !duplicated(unlist(keys))
  effects <- unlist(keys)[first]
  label <- vapply(names[first], label_effect, "", labels = labels, language = language, USE.NAMES = FALSE)
  lapply(unique(label), function(name) {
    own <- effects[label == name]
    held <- vapply(keys, function(has) sum(own %in% has), 1L)
    if (any(held > 1L)) refuse_shared_label(name, own, call)
    c(name, yes[1L + (held > 0L)])
  })
}

# Values of the user's own row as text.
own_cells <- function(values, digits, yes) {
  if (is.logical(values)) return(ifelse(is.na(values), "", yes[1L + values]))
  if (is.double(values) && !is.object(values)) return(ifelse(is.na(values), "", column_text(values, digits)))
  text <- label_values(values)
  ifelse(is.na(text), "", text)
}

# Whole numbers as they are, others with fixed decimals.
column_text <- function(x, digits) {
  known <- x[is.finite(x)]
  if (all(known == round(known))) label_values(x) else fixed_cells(x, digits)
}

# One phrase where all columns share a convention; else each column's.
table_note <- function(estimates, how) {
  language <- how$language
  kinds <- vapply(estimates, function(e) describe_convention(e$variance, language), character(1))
  df <- vapply(estimates, function(e) format_degrees(e$variance$df, language), "")
  kinds <- if (length(unique(kinds)) == 1L) kinds[[1L]] else
    paste0("(", seq_along(kinds), ") ", kinds, collapse = word("between", language))
  df <- if (length(unique(df)) == 1L) df[[1L]] else paste(df, collapse = word("comma", language))
  errors <- if (how$errors == "ci") word("errors_ci", language, format(100 * how$level)) else
    word(paste0("errors_", how$errors), language)
  paste0(errors, word("colon", language), kinds, word("between", language),
         word("degrees", language, df), word("end", language),
         if (length(how$stars)) paste0(" ", explain_stars(how$stars), word("end", language)))
}

# A table's own note and the user's sentences behind it.
join_notes <- function(note, notes, language = "en") {
  parts <- c(note, notes)
  paste(parts[nzchar(parts)], collapse = if (identical(language, "zh")) "" else " ")
}
