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

# Codes of a column in the rows used: list(code (from 0), values). Columns that are one of the effects have theirs;
# NULL where a value is missing.
codes_of_rows <- function(object, name, call) {
  same <- match(name, names(object$effects$columns))
  if (!is.na(same)) return(list(code = object$design$codes[[same]], values = object$effects$values[[same]]))
  column <- plain_key(columns_of_rows(object, name, call)[[1L]])
  if (names_groups(column)) code_values(column, refuse_encoding(name, "vcov", call))
}

# What `read` makes of a column of the rows used, told by its distinct values: list(code (from 0), values). What is
# refused is refused by row, for which the whole column is read.
read_of_rows <- function(object, name, read, call) {
  coded <- codes_of_rows(object, name, call)
  values <- if (!is.null(coded)) tryCatch(read(coded$values), flowresil_error = function(e) NULL)
  if (is.null(values)) return(code_values(read(columns_of_rows(object, name, call)[[1L]])))
  again <- code_values(values) # two values may be read as one
  code <- if (identical(again$code, seq_along(values) - 1L)) coded$code else again$code[coded$code + 1L]
  list(code = code, values = again$values)
}

# Periods of the rows used, as place_of_rows() finds them; units may stand twice.
times_of_rows <- function(object, time, call) {
  if (is.null(time)) time <- object$blueprint$panel$time_name
  if (is.null(time)) time <- guess_place(object, NULL, NULL, call)$time_name
  read <- function(x) read_time(utf8_column(x, time, "time", call), time, "time", call)$when
  periods <- read_of_rows(object, time, read, call)
  list(time = time, period = periods$code, values = periods$values)
}

# Unit and time of a fit without lags as guess_panel() finds them for lags, told by the effects' levels. What is given
# stands.
guess_place <- function(object, unit, time, call) {
  index <- index_names(object$data)
  if (is.null(unit) && !identical(time, index[1L])) unit <- index[1L]
  if (is.null(time) && !identical(unit, index[2L])) time <- index[2L]
  if (!is.null(unit) && !is.null(time)) return(list(unit_name = unit, time_name = time))
  effects <- lone_effects(object$blueprint$spec)
  times <- if (is.null(time)) candidate_times(object$effects$values[effects], effects, unit) else time
  pairs <- role_pairs(effects, unit, times)
  if (length(pairs) == 0L) {
    abort_input("missing_argument", "The variance must know unit and time.",
                found = "They cannot be told from the effects.",
                todo = "Give them: `vcov_nw(unit = , time = )`, `vcov_dk(time = )`.", arg = "vcov", call = call)
  }
  once <- function(pair) {
    keys <- lapply(pair, groups_of_rows, object = object, call = call)
    !core(cpp_pairs_repeat, keys[[1L]]$code, keys[[1L]]$n, keys[[2L]]$code, keys[[2L]]$n, call = call)
  }
  found <- Find(once, pairs)
  if (is.null(found)) found <- pairs[[1L]]
  list(unit_name = found[1L], time_name = found[2L])
}

# Unit and time of the rows used: those given, else those of the fit's lags, else as they are guessed from its effects.
place_of_rows <- function(object, unit, time, call) {
  panel <- object$blueprint$panel
  if (is.null(unit)) unit <- panel$unit_name
  if (is.null(time)) time <- panel$time_name
  if (is.null(unit) || is.null(time)) {
    guessed <- guess_place(object, unit, time, call)
    unit <- guessed$unit_name
    time <- guessed$time_name
  }
  place_of_panel(unit, time, codes_of_rows(object, unit, call), times_of_rows(object, time, call),
                 function() columns_of_rows(object, c(unit, time), call), call)
}

# `keys()` gives the columns of unit and time, for what is refused.
place_of_panel <- function(unit, time, groups, times, keys, call) {
  refuse <- function() code_panel(keys(), unit, time, call = call)
  if (identical(unit, time) || is.null(groups)) refuse()
  list(unit = unit, time = time, code = groups$code, n = length(groups$values), period = times$period,
       values = times$values, refuse = refuse)
}

# Has a unit two rows of one period? No place has none.
stands_twice <- function(place) {
  !is.null(place) && core(cpp_pairs_repeat, place$code, place$n, place$period, length(place$values))
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
