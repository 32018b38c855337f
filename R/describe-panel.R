# describe_panel(): what the variables of a panel look like, between and within units.

#' Describe the variables of a panel
#'
#' Numbers of cells, moments and quantiles of each variable, with its spread between and within units.
#'
#' @param x A data frame, or a [fe_model()]: then its outcome and regressors in the rows that it used.
#' @param columns Columns to describe, bare or as strings; by default all numeric ones but unit and time.
#' @param unit,time Columns that say who and when. By default those of the attribute `panel` that [read_panel()]
#' leaves, of
#'   a `pdata.frame`, or of the model. Where none are known the columns that need them are `NA`.
#' @param by A column by whose values the description is split; it leads the result.
#'
#' @details The conventions are those of Stata's `xtsum`: `sd_between` is the standard deviation of the units' means,
#' `sd_within` that of \eqn{x_{it} - \bar x_i + \bar x}, both with n - 1. Quantiles are of type 7. `n_units` and
#' `n_times`
#' count units and periods in which the variable is seen.
#' @return A data frame of class `describe_panel`, one row a variable (by value of `by`): `variable`, `n`, `n_missing`,
#'   `mean`, `sd`, `sd_between`, `sd_within`, `min`, `p25`, `median`, `p75`, `max`, `n_units`, `n_times`. [autoplot()]
#'   shows
#'   which cells of which unit and period are missing.
#' @section Errors: `flowresil_error_missing_column`, `flowresil_error_type`, `flowresil_error_infinite`.
#' @seealso [correlation_table()], [winsorise()].
#' @export
#' @examples
#' describe_panel(province_panel, c(open, gov), province, year)
#' describe_panel(fe_model(ExpRes ~ open | province + year, province_panel))
describe_panel <- function(x, columns = NULL, unit = NULL, time = NULL, by = NULL) {
  call <- rlang::current_env()
  if (inherits(x, "fe_model")) x <- model_sample(x, call)
  check_data(x, "x", call)
  keys <- described_keys(x, rlang::enquo(unit), rlang::enquo(time), call)
  by <- optional_column(rlang::enquo(by), x, "by", call)
  columns <- columns_to_describe(rlang::enquo(columns), x, c(unlist(keys), by), call)
  groups <- if (is.null(by)) list(NULL) else split_rows(source_column(x, by))
  values <- lapply(columns, function(name) {
    value <- numeric_column(x, name, "columns", call)
    refuse_infinite(value, paste0("Column `", name, "`"), "columns", call, column = name)
    value
  })
  who <- if (!is.null(keys$unit)) group_codes(source_column(x, keys$unit))
  when <- if (!is.null(keys$time)) group_codes(source_column(x, keys$time))
  rows <- lapply(groups, function(group) {
    table <- do.call(rbind, lapply(values, describe_values, who = who, when = when, rows = group$rows))
    table <- cbind(data.frame(variable = columns), table)
    if (is.null(by)) table else cbind(stats::setNames(data.frame(rep(group$value, nrow(table))), by), table)
  })
  out <- do.call(rbind, rows)
  rownames(out) <- NULL
  structure(out, class = c("describe_panel", "data.frame"), panel = keys, labels = variable_labels(x, columns),
            missing = missing_cells(values, columns, x, keys))
}

# The rows that a model used, with its outcome, its kept regressors and the columns of unit and time where it knows
# them.
model_sample <- function(model, call) {
  design <- fitted_design(model, call)
  at <- c(design$roles$outcome, kept_columns(model))
  columns <- stats::setNames(design$columns[at], c(model$outcome, names(model$slopes)))
  columns <- Map(function(column, label) {
    if (!is.na(label)) attr(column, "label") <- label
    column
  }, columns, model$labels[names(columns)])
  place <- tryCatch(new_view(model, call)$place(), flowresil_error = function(e) NULL)
  if (stands_twice(place)) place <- NULL
  keys <- list(unit = place$unit, time = place$time)
  beside <- columns_of_rows(model, setdiff(unlist(keys), names(columns)), call)
  structure(c(columns, beside), class = "data.frame", row.names = .set_row_names(model$nobs), panel = keys)
}

# Names of unit and time: given, else what the data say of themselves; NULL where nobody knows.
described_keys <- function(x, unit, time, call) {
  known <- attr(x, "panel")
  index <- names(attr(x, "index"))
  keys <- list(unit = optional_column(unit, x, "unit", call), time = optional_column(time, x, "time", call))
  if (is.null(keys$unit)) keys$unit <- c(intersect(known$unit, source_names(x)),
                                         intersect(index[1L], source_names(x)))[1L]
  if (is.null(keys$time)) keys$time <- c(intersect(known$time, source_names(x)),
                                         intersect(index[2L], source_names(x)))[1L]
  Filter(function(name) !is.null(name) && !is.na(name), keys)
}

# A column that may be named, or NULL.
optional_column <- function(quo, x, arg, call) {
  if (rlang::quo_is_null(quo)) NULL else resolve_columns(quo, x, arg, single = TRUE, call = call)
}

# The columns asked for, or all numeric ones beside the keys.
columns_to_describe <- function(quo, x, beside, call) {
  if (!rlang::quo_is_null(quo)) return(resolve_columns(quo, x, "columns", call = call))
  names <- setdiff(source_names(x), beside)
  found <- names[vapply(names, function(name) is.numeric(source_column(x, name)), NA)]
  if (length(found)) return(found)
  abort_input("missing_column", "`x` must have a numeric column beside unit and time.", found = "It has none.",
              arg = "x",
              call = call)
}

# Rows by the values of a column, in the order of the values: list(value, rows) each; NA is a value of its own.
split_rows <- function(x) {
  values <- unique(x)
  values <- values[order(values)]
  lapply(seq_along(values), function(i) list(value = pick(values, i), rows = which(match(x, values) == i)))
}

group_codes <- function(x) match(x, unique(x))

# One row of a description.
describe_values <- function(x, who, when, rows = NULL) {
  if (!is.null(rows)) {
    x <- x[rows]
    who <- who[rows]
    when <- when[rows]
  }
  seen <- !is.na(x)
  known <- x[seen]
  spread <- between_and_within(known, who[seen])
  quantiles <- if (length(known)) stats::quantile(known, c(0, .25, .5, .75, 1), names = FALSE) else rep(NA_real_, 5L)
  data.frame(
    n = sum(seen), n_missing = sum(!seen), mean = if (length(known)) mean(known) else NA_real_, sd = stats::sd(known),
    sd_between = spread[[1L]], sd_within = spread[[2L]], min = quantiles[1L], p25 = quantiles[2L],
      median = quantiles[3L],
    p75 = quantiles[4L], max = quantiles[5L], n_units = if (is.null(who)) NA_integer_ else length(unique(who[seen])),
    n_times = if (is.null(when)) NA_integer_ else length(unique(when[seen]))
  )
}

# The standard deviations of the units' means, and around them.
between_and_within <- function(x, who) {
  if (is.null(who) || length(x) == 0L) return(c(NA_real_, NA_real_))
  means <- rowsum(x, who)[, 1L] / rowsum(rep(1, length(x)), who)[, 1L]
  c(stats::sd(means), stats::sd(x - means[match(who, as.integer(names(means)))] + mean(x)))
}

# How many of the described cells are missing, by unit and period; NULL where these are not known.
missing_cells <- function(values, columns, x, keys) {
  if (length(keys) < 2L) return(NULL)
  data.frame(unit = label_values(source_column(x, keys$unit)), time = source_column(x, keys$time),
             missing = Reduce(`+`, lapply(values, is.na)) / length(columns))
}

#' @export
print.describe_panel <- function(x, digits = 4, ...) {
  n <- c("n", "n_missing", "n_units", "n_times")
  shown <- as.data.frame(x)
  numbers <- setdiff(names(shown)[vapply(shown, is.double, NA)], n)
  shown[numbers] <- lapply(shown[numbers], function(column) format(column, digits = digits))
  print.data.frame(shown, row.names = FALSE)
  keys <- attr(x, "panel")
  said <- if (length(keys) == 2L) paste0("Unit `", keys$unit, "`, time `", keys$time,
                                         "`; ") else "No unit and time are known; "
  cat(said, "between: the units' means, within: around them, both n - 1\n", sep = "")
  invisible(x)
}

#' @export
as.data.frame.describe_panel <- function(x, ...) {
  attr(x, "panel") <- attr(x, "missing") <- attr(x, "labels") <- NULL
  structure(x, class = "data.frame")
}
