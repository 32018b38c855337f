# Labels of a table's rows: what the user calls terms, outcomes, effects and fixed rows.

# `FALSE` for no label at all, those of the data's columns included.
check_labels <- function(labels, call) {
  if (is.null(labels) || isFALSE(labels)) return(labels)
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

# The user's labels, and for the columns without one those that they have in the data.
with_data_labels <- function(labels, models) {
  if (isFALSE(labels)) return(NULL)
  own <- labels_of_models(models)
  effects <- unlist(lapply(models, function(model) model$effects$columns))
  shown <- unique(c(terms_of(models), vapply(models, `[[`, character(1), "outcome"), effects))
  at <- find_terms(names(own), shown)
  own <- stats::setNames(own[!is.na(at)], at[!is.na(at)])
  own <- own[!duplicated(names(own))]
  if (length(labels)) own <- own[is.na(find_terms(names(own), names(labels)))]
  label <- show_labels(names(own), own, c(labels, shown))
  named <- label != names(own)
  c(labels, stats::setNames(label[named], names(own)[named]))
}

# Labels in the place of the names that have one.
relabel <- function(names, labels) {
  if (length(labels) == 0L) return(names)
  label <- unname(labels[find_terms(names, names(labels))])
  ifelse(is.na(label), names, label)
}

# A fixed row: the user's label for its name in either language, else its name.
label_word <- function(key, labels, language) {
  name <- word(key, language)
  for (known in unique(c(name, word(key, "en")))) {
    label <- relabel(known, labels)
    if (label != known) return(label)
  }
  name
}

# The row of an effect has a label of its own, or takes those of its columns.
label_effect <- function(name, labels, language) {
  row <- word("effect", "en", name)
  label <- relabel(row, labels)
  if (label != row) return(label)
  whole <- relabel(name, labels)
  parts <- if (whole == name) relabel(strsplit(name, "^", fixed = TRUE)[[1L]], labels) else whole
  word("effect", language, paste(parts, collapse = "^"))
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
