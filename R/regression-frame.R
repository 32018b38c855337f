# The frame of a regression: the columns, codes and weights of the rows used, with what was dropped.

# The columns, codes and weights of one regression, with what was dropped. `rows` restricts to given rows
# (a common sample), `beside` names further columns that must be complete in the rows used; lags still look at
# all of the data. Gives a list of class "fe_frame" (internal).
read_frame <- function(spec, data, weights = rlang::quo(NULL), subset = rlang::quo(NULL), unit = rlang::quo(NULL),
                       time = rlang::quo(NULL), call = rlang::caller_env(), rows = NULL, beside = list()) {
  spec <- write_out_dot(spec, names(data))
  check_formula_names(spec, data, call)
  refuse_outcome_twice(spec, call)
  n <- nrow_of(data)
  reasons <- list()
  lost <- NULL
  kept <- subset_rows(subset, data, call)
  if (!is.null(kept)) {
    if (n - length(kept)) reasons$subset <- n - length(kept)
    rows <- if (is.null(rows)) kept else intersect(rows, kept)
  }
  weights <- read_weights(weights, data, call)
  words <- spec$env
  panel <- NULL
  if (spec$has_lags) {
    panel <- lag_panel(spec, data, unit, time, rows, call)
    words <- lag_words(function() panel, spec$env)
  }
  if (!is.null(rows)) beside <- lapply(beside, function(v) v[rows])
  columns <- read_columns(spec, data, words, rows, beside, say_lags(panel), call)
  if (spec$has_lags) {
    standing <- if (is.null(rows)) which(!columns$lost) else rows[!columns$lost]
    refuse_unknown_places(panel, standing, call)
  }
  if (!is.null(columns$complete)) {
    reasons$missing <- columns$missing
    reasons$incomplete <- sum(!columns$complete)
    if (is.null(rows)) rows <- seq_len(n)
    lost <- rows[!columns$complete]
    rows <- rows[columns$complete]
  }
  if (!is.null(rows) && length(rows) == n && identical(rows, seq_len(n))) rows <- NULL
  if (spec$has_lags) refuse_doubtful_lags(panel, spec, rows, standing, call)
  values <- columns$values
  means <- finite_means(values, columns$summary, call, rows)
  coded <- code_effects(spec, data, rows, call)
  roles <- formula_roles(length(values))
  if (length(roles$regressors) == 0L && (length(coded$effects) || !columns$intercept)) refuse_no_regressor(call)
  list(
    spec = spec, outcome = names(values)[roles$outcome], terms = columns$terms, xlevels = columns$xlevels,
    contrasts = columns$contrasts, assign = columns$assign, columns = values, roles = roles, means = means, effects = coded$effects,
    effect_columns = coded$columns, doubled = coded$doubled, weights = weights_used(weights, rows, call),
    rows = rows, lost = lost, n_input = n, n_used = length(values[[1L]]), reasons = reasons,
    intercept = length(coded$effects) == 0L && columns$intercept,
    panel = panel[c("unit_name", "time_name", "guessed", "step", "calendar_code")], categories = columns$categories,
    calendars = columns$calendars
  )
}

refuse_no_regressor <- function(call, dropped = nothing_dropped) {
  abort_input(
    "no_regressor", "At least one regressor must be left beside the effects.",
    found = if (nrow(dropped)) paste0("`", dropped$term, "`: ", dropped$detail, ".") else "There is none.",
    arg = "formula", columns = dropped$term, call = call
  )
}

# Plain numeric columns are taken as they stand; anything else goes through model.frame().
read_columns <- function(spec, data, words, rows, beside, lags, call) {
  if (!is.null(spec$simple) && is.symbol(spec$outcome)) {
    names <- c(spec$simple, symbol_name(spec$outcome))
    columns <- stats::setNames(lapply(names, function(name) .subset2(data, name)), names)
    if (all(vapply(columns, is_plain_number, logical(1)))) return(plain_columns(columns, rows, beside, call))
  }
  model_columns(spec, data, words, rows, beside, lags, call)
}

is_plain_number <- function(x) (is.double(x) || is.integer(x)) && is.null(attributes(x))

# What model_columns() gives, of plain numbers. Where no row is lost the summary is that of the rows used.
plain_columns <- function(columns, rows, beside, call) {
  columns <- lapply(columns, as.double)
  if (!is.null(rows)) columns <- lapply(columns, function(v) v[rows])
  all <- c(columns, beside)
  summary <- summarise_values(all, call)
  lacking <- summary$n_not_a_number > 0
  if (!any(lacking)) return(list(values = columns, summary = summary, intercept = TRUE))
  found <- complete_rows(lapply(columns[lacking[seq_along(columns)]], is.na), beside, call)
  list(values = lapply(columns, function(v) v[found$complete]), complete = found$complete, missing = found$missing,
       intercept = TRUE)
}

# Means and counts of what is not finite, by column.
summarise_values <- function(values, call) {
  core(cpp_summarise_columns, bare_design(values, length(values[[1L]])), n_threads(), call = call)
}

# Means of the rows used; infinite values are refused by name. `summary` where it is there already.
finite_means <- function(values, summary, call, rows = NULL) {
  if (is.null(summary)) summary <- summarise_values(values, call)
  own <- seq_along(values)
  infinite <- which(summary$n_infinite[own] > 0)
  if (length(infinite)) {
    name <- names(values)[infinite[1L]]
    refuse_infinite(values[[infinite[1L]]], paste0("`", name, "`"), "formula", call, name, rows)
  }
  overflow <- which(!is.finite(summary$means[own]))
  if (length(overflow)) {
    name <- names(values)[overflow[1L]]
    abort_input("infinite", paste0("`", name, "` must have a finite mean."), found = "Its sum overflows.",
                todo = "Rescale it.", arg = "formula", columns = name, call = call)
  }
  summary$means[own]
}

# The same regression of another outcome: a column that has a number for each row of the frame.
with_outcome <- function(frame, name, column, call) {
  frame$columns[[frame$roles$outcome]] <- column
  names(frame$columns)[frame$roles$outcome] <- name
  frame$means <- finite_means(frame$columns, NULL, call, frame$rows)
  frame$outcome <- name
  frame$spec$outcome <- as.name(name)
  frame$spec$formula[[2L]] <- as.name(name)
  frame
}

# A frame as the core takes it.
frame_design <- function(frame) {
  effects <- unname(frame$effects)
  list(
    n_rows = frame$n_used, columns = unname(frame$columns), roles = frame$roles, outcome = frame$roles$outcome,
    codes = lapply(effects, `[[`, "code"), n_levels = vapply(effects, function(e) length(e$values), 0L),
    weights = frame$weights, centre = length(effects) > 0L || frame$intercept
  )
}

# Columns alone as the core takes them.
bare_design <- function(values, n) {
  list(n_rows = n, columns = unname(values), codes = list(), n_levels = integer(), weights = NULL, centre = TRUE)
}

# Says which rows were lost, once, in the words of the user's columns.
report_dropped_rows <- function(frame, model = NULL) {
  n <- frame$reasons$incomplete
  if (is.null(n)) return(invisible())
  missing <- frame$reasons$missing
  inform_user(
    "dropped_rows",
    paste0(if (!is.null(model)) paste0("Model `", model, "`: "), count_of(n, "row"), " of ",
           format_counts(frame$n_input), " dropped for missing values."),
    details = paste0(
      "Missing: ", paste0("`", names(missing), "` (", format_counts(missing), ")",
                          collapse = ", "), "."
    ),
    n = n, missing = missing
  )
}

nothing_dropped <- data.frame(term = character(), reason = character(), detail = character())
