# What a table of models says of tests between its columns, and of wild bootstraps.

# Does one of the arguments ask for differences between its models?
asks_differences <- function(given) any(vapply(given, function(x) isTRUE(attr(x, "differences")), NA))

# Wild p values, one list element a model: a vector by term, or NULL. `wild` is a wild_bootstrap, or a list of them (or
# of lists, or NULL) with an element a model.
check_wild <- function(wild, models, call) {
  if (is.null(wild)) return(vector("list", length(models)))
  refuse <- function(found) {
    abort_input("argument", "`wild` must be a list of what `wild_bootstrap()` gives, one a model.", found = found,
                todo = "A model without one has `NULL`.", arg = "wild", call = call)
  }
  if (inherits(wild, "wild_bootstrap")) wild <- list(wild)
  if (!is.list(wild)) refuse(paste0("It is ", describe_type(wild), "."))
  if (length(wild) != length(models)) {
    refuse(paste0("It has ", count_of(length(wild), "element"), " for ", count_of(length(models), "model"), "."))
  }
  Map(function(one, model, i) {
    if (is.null(one)) return(NULL)
    parts <- if (inherits(one, "wild_bootstrap")) list(one) else one
    if (!is.list(parts) || !all(vapply(parts, inherits, NA, "wild_bootstrap"))) {
      refuse(paste0("Element ", i, " is ", describe_type(one), "."))
    }
    unlist(lapply(unname(parts), function(part) {
      terms <- names(part$estimate)
      own <- model$coefficients[terms]
      if (anyNA(own) || any(abs(own - part$estimate) > 1e-8 * (abs(own) + abs(part$estimate)))) {
        refuse(paste0("Element ", i, " is of another model: ", enumerate(terms, "`"), "."))
      }
      stats::setNames(rep_len(unname(part$p.value), length(terms)), terms)
    }))
  }, wild, models, seq_along(models))
}

# The line of wild p values below a coefficient; NULL where no model has one.
wild_row <- function(row, wild, how) {
  cells <- vapply(wild, function(p) {
    term <- intersect(row$terms, names(p))
    if (length(term)) paste0("[", probability_text(p[[term[1L]]], how$digits), "]") else ""
  }, "")
  if (any(nzchar(cells))) c("", cells)
}

# A row a coefficient with p values of its differences from the first model, in the others' columns.
difference_rows <- function(rows, models, vcov, correction, how, call) {
  if (length(models) < 2L) return(NULL)
  lapply(rows, function(row) {
    held <- lapply(models, function(model) intersect(row$terms, names(model$slopes)))
    cells <- rep("", length(models))
    for (j in seq_along(models)[-1L]) {
      term <- intersect(held[[1L]], held[[j]])
      if (length(term) == 0L) next
      found <- stacked_difference(models[c(1L, j)], term[1L], vcov, call, correction)
      cells[j] <- probability_text(found$table$p.value, how$digits)
    }
    if (any(nzchar(cells))) c(word("difference", how$language, row$label), cells)
  })
}

# The sentences that explain both.
test_notes <- function(wild, differences, language) {
  used <- !vapply(wild, is.null, NA)
  c(if (any(used)) paste0(word("wild", language), word("end", language)),
    if (differences) paste0(word("differences", language), word("end", language)))
}
