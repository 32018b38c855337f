# Groups, places and columns of the rows used, as a variance asks for them.

# Groups of the rows used. Columns that are one of the effects have their codes already.
groups_of_rows <- function(object, columns, call) {
  label <- paste(columns, collapse = "^")
  same <- match(label, names(object$effects$columns))
  if (!is.na(same)) {
    groups <- list(code = object$design$codes[[same]], values = object$effects$values[[same]])
  } else {
    check_column_names(columns, object$data, "vcov", call = call)
    refuse_changed_data(object, columns, call)
    groups <- source_groups(object$data, columns, object$sample$rows, "vcov", call)
  }
  list(name = label, columns = columns, code = groups$code, values = groups$values, n = length(groups$values))
}

# Columns of the data in the rows used, as they are there.
columns_of_rows <- function(object, names, call) {
  check_column_names(names, object$data, "vcov", call = call)
  data <- fitted_data(object, names, call)
  source_columns(data, names, object$sample$rows)
}

# The time of the rows used, as place_of_rows() finds it; units may stand twice.
times_of_rows <- function(object, time, call) {
  if (is.null(time)) time <- object$blueprint$panel$time_name
  if (is.null(time)) time <- guess_place(object, call)$time_name
  column <- columns_of_rows(object, time, call)[[1L]]
  list(time = time, when = read_time(utf8_column(column, time, "time", call), time, "time", call)$when)
}

guess_place <- function(object, call) {
  none <- rlang::quo(NULL)
  tryCatch(
    lag_panel(object$blueprint$spec, object$data, none, none, object$sample$rows, call),
    flowresil_error_missing_argument = function(e) {
      abort_input("missing_argument", "The variance must know unit and time.",
                  found = "They cannot be told from the effects.",
                  todo = "Give them: `vcov_nw(unit = , time = )`, `vcov_dk(time = )`.", arg = "vcov", call = call)
    }
  )
}

# Unit and time of the rows used, which must not stand twice: those given, else those of the fit's lags, else as they
# are guessed from its effects.
place_of_rows <- function(object, unit, time, call) {
  panel <- object$blueprint$panel
  if (is.null(unit)) unit <- panel$unit_name
  if (is.null(time)) time <- panel$time_name
  if (is.null(unit) || is.null(time)) {
    guessed <- guess_place(object, call)
    if (is.null(unit)) unit <- guessed$unit_name
    if (is.null(time)) time <- guessed$time_name
  }
  keys <- columns_of_rows(object, c(unit, time), call)
  found <- code_panel(keys, unit, time, call = call)
  list(unit = unit, time = time, code = found$code, when = found$when, step = found$step)
}

# Does every level of an effect lie inside one group? One answer an effect; no groups are no place to lie in.
nested_effects <- function(object, groups) {
  n_levels <- object$effects$n_levels
  if (is.null(groups)) return(rep(FALSE, length(n_levels)))
  codes <- object$design$codes
  nested <- logical(length(codes))
  for (j in seq_along(codes)) nested[j] <- core(cpp_is_nested, codes[[j]], n_levels[[j]], groups$code, groups$n)
  nested
}
