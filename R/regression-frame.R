# The frame of a regression: the columns, codes and weights of the rows used, with what was dropped.

# The columns, codes and weights of one regression, with what was dropped. `rows` restricts to given rows
# (a common sample), `beside` names further columns that must be complete in the rows used; lags still look at
# all of the data. Gives a list that every step adds to: spec, rows (NULL: all), n_input, reasons; columns, roles,
# outcome, means, lost, n_used and what model.frame() left for other data; effects; weights; the panel of lags.
read_frame <- function(spec, data, weights = rlang::quo(NULL), subset = rlang::quo(NULL), unit = rlang::quo(NULL),
                       time = rlang::quo(NULL), call = rlang::caller_env(), rows = NULL, beside = list()) {
  spec <- write_out_dot(spec, source_names(data))
  check_formula_names(spec, data, call)
  refuse_outcome_twice(spec, call)
  frame <- list(spec = spec, n_input = source_size(data), rows = rows, reasons = list())
  if (is_table(data)) return(table_frame(frame, data, weights, subset, unit, time, call, beside))
  frame <- add_subset(frame, subset_rows(subset, data, call))
  weights <- read_weights(weights, data, call)
  panel <- if (spec$has_lags) lag_panel(spec, data, unit, time, frame$rows, call)
  frame <- add_columns(frame, data, panel, beside, call)
  frame <- add_effects(frame, data, call)
  frame$weights <- weights_used(weights, frame$rows, call)
  frame$panel <- panel[c("unit_name", "time_name", "guessed", "step", "calendar_code")]
  frame
}

# The rows that `subset` keeps, of those that the caller restricts to.
add_subset <- function(frame, kept) {
  if (is.null(kept)) return(frame)
  if (frame$n_input > length(kept)) frame$reasons$subset <- frame$n_input - length(kept)
  frame$rows <- if (is.null(frame$rows)) kept else intersect(frame$rows, kept)
  frame
}

# Outcome and regressors in the rows that are complete; rows lost, and where lags had to look, are judged here.
add_columns <- function(frame, data, panel, beside, call) {
  spec <- frame$spec
  rows <- frame$rows
  words <- if (is.null(panel)) spec$env else lag_words(function() panel, spec$env)
  if (!is.null(rows)) beside <- lapply(beside, function(v) v[rows])
  columns <- read_columns(spec, data, words, rows, beside, say_lags(panel), call)
  standing <- if (!is.null(panel)) if (is.null(rows)) which(!columns$lost) else rows[!columns$lost]
  if (!is.null(panel)) refuse_unknown_places(panel, standing, call)
  if (!is.null(columns$complete)) {
    frame$reasons$missing <- columns$missing
    frame$reasons$incomplete <- sum(!columns$complete)
    if (is.null(rows)) rows <- seq_len(frame$n_input)
    frame$lost <- rows[!columns$complete]
    rows <- rows[columns$complete]
  }
  if (length(rows) == frame$n_input && identical(rows, seq_len(frame$n_input))) rows <- NULL
  if (!is.null(panel)) refuse_doubtful_lags(panel, spec, rows, standing, call)
  frame["rows"] <- list(rows)
  frame$columns <- columns$values
  frame$roles <- formula_roles(length(columns$values))
  frame$outcome <- names(columns$values)[frame$roles$outcome]
  frame$means <- finite_means(columns$values, columns$summary, call, rows)
  frame$n_used <- length(columns$values[[1L]])
  frame$intercept <- columns$intercept
  left <- c("terms", "xlevels", "contrasts", "assign", "categories", "calendars")
  frame[left] <- columns[left]
  frame
}

# Codes of the effects; beside them there is no intercept.
add_effects <- function(frame, data, call) {
  coded <- code_effects(frame$spec, data, frame$rows, call)
  if (length(frame$roles$regressors) == 0L && (length(coded$effects) || !frame$intercept)) refuse_no_regressor(call)
  frame$effects <- coded$effects
  frame$effect_columns <- coded$columns
  frame$doubled <- coded$doubled
  frame$intercept <- length(coded$effects) == 0L && frame$intercept
  frame
}

# Plain numeric columns are taken as they stand; anything else goes through model.frame().
read_columns <- function(spec, data, words, rows, beside, lags, call) {
  if (!is.null(spec$simple) && is.symbol(spec$outcome)) {
    names <- c(spec$simple, symbol_name(spec$outcome))
    columns <- source_columns(data, names)
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
  n <- length(values[[1L]])
  core(cpp_summarise_columns, bare_design(values, n), n_threads(n), call = call)
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

# The same regression of another outcome, a column that has a number for each row of the frame, called `name` and
# written `expr`.
with_outcome <- function(frame, name, column, call, expr = as.name(name)) {
  frame$columns[[frame$roles$outcome]] <- column
  names(frame$columns)[frame$roles$outcome] <- name
  frame$means <- finite_means(frame$columns, NULL, call, frame$rows)
  frame$outcome <- name
  frame$spec$outcome <- expr
  frame$spec$formula[[2L]] <- expr
  frame
}

# A frame as the core takes it.
frame_design <- function(frame) {
  if (!is.null(frame$design)) return(frame$design)
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
