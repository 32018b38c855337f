# Unit and time of lags: given, the index of a pdata.frame, or guessed from the effects.

# The panel by which lags go, with `guessed` (were the roles?) and `calendar_code` (see calendar_code()). `rows` are
# those kept by `subset`, NULL for all.
lag_panel <- function(spec, data, unit, time, rows, call) {
  given <- function(quo, arg) {
    if (rlang::quo_is_null(quo)) NULL else resolve_columns(quo, data, arg, single = TRUE, call = call)
  }
  unit <- given(unit, "unit")
  time <- given(time, "time")
  index <- index_names(data)
  if (is.null(unit) && !identical(time, index[1L])) unit <- index[1L]
  if (is.null(time) && !identical(unit, index[2L])) time <- index[2L]
  panel <- if (is.null(unit) || is.null(time)) {
    guess_panel(lone_effects(spec), data, unit, time, rows, call)
  } else {
    c(read_lag_panel(source_holding(data, c(unit, time)), unit, time, call), guessed = FALSE)
  }
  panel$calendar_code <- calendar_code(panel)
  panel
}

# Columns that are an effect by themselves: an interaction has no role.
lone_effects <- function(spec) {
  unique(unlist(Filter(function(columns) length(columns) == 1L, spec$effects)))
}

# The first time and unit that fit: no unit and time stands twice in `rows`. What is given stands. Where none fits it
# is the first, and refuse_doubtful_lags() judges it on the rows used.
guess_panel <- function(effects, data, unit, time, rows, call) {
  times <- if (is.null(time)) candidate_times(data, effects, unit) else time
  pairs <- role_pairs(effects, unit, times)
  if (length(pairs) == 0L) refuse_unknown_roles(unit, times, call)
  for (pair in pairs) {
    panel <- read_lag_panel(data, pair[1L], pair[2L], call)
    among <- panel
    if (!is.null(rows)) among$order <- panel$order[panel$order %in% rows]
    if (length(repeated_pairs(among)) == 0L) return(c(panel, guessed = TRUE))
  }
  first <- pairs[[1L]]
  c(read_lag_panel(data, first[1L], first[2L], call), guessed = TRUE)
}

# Each unit with each time: a list of c(unit, time).
role_pairs <- function(effects, unit, times) {
  pairs <- lapply(times, function(t) lapply(if (is.null(unit)) setdiff(effects, t) else unit, function(u) c(u, t)))
  unlist(pairs, recursive = FALSE)
}

refuse_unknown_roles <- function(unit, times, call) {
  abort_input(
    "missing_argument", "Lags must know unit and time.",
    found = if (length(times) == 0L) "No effect can be told to be the time." else
      paste0("`", times[1L], "` may be the time, and no other effect can be the unit."),
    todo = "Give `unit =` and `time =`.", arg = if (length(times)) "unit" else "time", call = call
  )
}

# Effects that may be the time, best first: the only calendar, else the only one that can be counted; of several
# alike the second effect, the others in their order, the first effect last.
candidate_times <- function(data, effects, unit) {
  open <- setdiff(effects, unit)
  is_so <- function(test) open[vapply(open, function(name) test(source_column(data, name)), logical(1))]
  found <- is_so(looks_like_calendar)
  if (length(found) == 0L) found <- is_so(can_be_time)
  if (length(found) == 0L) return(if (length(effects) > 1L) intersect(effects[2L], open))
  c(intersect(effects[2L], found), setdiff(found, effects[1:2]), intersect(effects[1L], found))
}

# Dates, or whole numbers within 1500-2200, in any form.
looks_like_calendar <- function(x) {
  if (is_dated(x)) return(TRUE)
  read <- if (is.factor(x) || is.character(x)) read_labels_of(x)
  if (!is.null(read)) return(read$grain != "number" || are_years(read$values))
  if (is.factor(x) || !is_number(x)) return(FALSE)
  if (inherits(x, "integer64")) x <- integer64_numbers(x)
  are_years(x)
}

# Whole numbers, levels of a factor that are, dates.
can_be_time <- function(x) {
  if (is_dated(x)) return(TRUE)
  if (is.factor(x)) x <- read_labels_of(x)$values
  if (inherits(x, "integer64")) return(all(abs(integer64_numbers(x)) <= 2^52, na.rm = TRUE))
  is_number(x) && are_whole(x)
}

are_years <- function(x) {
  # min() and max() make no copy; warnings: nothing is known
  low <- suppressWarnings(min(x, na.rm = TRUE))
  high <- suppressWarnings(max(x, na.rm = TRUE))
  is.finite(low) && is.finite(high) && low >= 1500 && high <= 2200 && are_whole(x)
}

are_whole <- function(x) {
  if (is.integer(x)) return(TRUE)
  whole <- function(v) all(v == round(v), na.rm = TRUE)
  x <- as.double(unclass(x))
  whole(utils::head(x, 1000L)) && whole(x)
}

# What the levels in use, or the distinct values of text, say as times; a few are looked at before all are.
read_labels_of <- function(x) {
  known <- function(labels) labels[!is.na(labels)]
  first <- known(unique(as.character(utils::head(x, 1000L))))
  if (length(first) && is.null(read_time_labels(first))) return(NULL)
  read_time_labels(known(if (is.factor(x)) levels(x)[tabulate(x, nlevels(x)) > 0L] else unique(as.vector(x))))
}

# --- telling ---------------------------------------------------------------------------------------------

# "lags by `id` along `year`", and what one step is where that is not plain.
describe_roles <- function(panel) {
  paste0("lags by `", panel$unit_name, "` along `", panel$time_name, "`", if (isTRUE(panel$guessed)) " (guessed)",
         if (!is.null(describe_step(panel$step))) ", ", describe_step(panel$step))
}

# What an error about lags adds: by what they go.
say_lags <- function(panel) {
  if (is.null(panel)) return(NULL)
  paste0("There are ", describe_roles(panel), "; a lag is missing where that time has no row.")
}

# Guessed roles and codes of dates among the times, said once a call. `panel` is that of a frame, NULL without lags.
report_lags <- function(panel) {
  if (is.null(panel)) return(invisible())
  if (panel$guessed) {
    step <- describe_step(panel$step)
    inform_user(
      "roles", paste0("Unit and time were guessed from the effects: lags by `", panel$unit_name, "` along `",
                      panel$time_name, "`", if (!is.null(step)) ", ", step, "."),
      "Others are given by `unit =` and `time =`.", unit = panel$unit_name, time = panel$time_name
    )
  }
  warn_calendar_code(panel$calendar_code, panel$time_name)
}

# The panels by which lags of several models go, each once.
distinct_roles <- function(models) {
  panels <- lapply(models, function(model) model$blueprint$panel)
  panels <- unname(panels[!vapply(panels, is.null, logical(1))])
  panels[!duplicated(panels)]
}

# Prints the unit and time of each distinct panel by which lags go.
print_roles <- function(models) {
  for (panel in distinct_roles(models)) cat("Roles: ", describe_roles(panel), "\n", sep = "")
}

# l(x, 1:2) to l(x, 1) + l(x, 2); l(x) to l(x, 1); a lag of zero is the variable itself. Several periods make
# several terms, which only the formula's own signs can join (`terms`): log(l(x, 1:2)) would be the log of a sum.
write_out_lags <- function(expr, env, call, terms = TRUE) {
  if (!uses_words(expr)) return(expr)
  if (rlang::is_call(expr, c("l", "f", "d"))) {
    word <- as.character(expr[[1L]])
    steps <- lag_steps(expr, word, env, call)
    if (length(steps) > 1L && !terms) {
      abort_input(
        "formula", paste0("`", word, "()` of several periods must stand as a term of its own."),
        found = paste0("`", rlang::as_label(expr), "` stands inside another function or left of `~`."),
        todo = "Write one period at a time.", arg = "formula", call = call
      )
    }
    inner <- write_out_lags(expr[[2L]], env, call, terms = FALSE)
    written <- lapply(steps, function(k) if (k == 0 && word != "d") inner else call(word, inner, k))
    return(Reduce(function(a, b) call("+", a, b), written))
  }
  terms <- terms && rlang::is_call(expr, c("+", "-", "*", ":", "^", "%in%", "/", "("))
  as.call(c(list(expr[[1L]]), lapply(as.list(expr)[-1L], write_out_lags, env = env, call = call, terms = terms)))
}

# The steps of a lag: whole numbers, written in the formula or known where it was written.
lag_steps <- function(expr, word, env, call) {
  if (length(expr) == 2L) return(1)
  steps <- if (length(expr) == 3L) tryCatch(eval(expr[[3L]], env), error = function(e) NULL)
  if (!is.numeric(steps) || length(steps) == 0L || anyNA(steps) || any(steps != round(steps))) {
    abort_input(
      "formula", paste0("`", word, "()` must have a variable and whole numbers of periods, such as `",
                        word, "(x, 1:2)`."),
      found = paste0("It is `", rlang::as_label(expr), "`."), arg = "formula", call = call
    )
  }
  as.numeric(steps)
}

# The words for one panel. `get_panel()` gives it when first needed.
lag_words <- function(get_panel, env) {
  words <- new.env(parent = env)
  words$l <- function(x, k = 1) shift_periods(get_panel(), x, k)
  words$f <- function(x, k = 1) shift_periods(get_panel(), x, -k)
  words$d <- function(x, k = 1) x - shift_periods(get_panel(), x, k)
  words
}

# How many periods back each l(), f() and d() of an expression looks, counted from the row itself.
lag_offsets <- function(expr, from = 0) {
  if (!is.call(expr)) return(NULL)
  if (!rlang::is_call(expr, c("l", "f", "d"))) {
    return(unique(unlist(lapply(call_arguments(expr), lag_offsets, from = from))))
  }
  at <- from + (if (rlang::is_call(expr, "f")) -1 else 1) * eval(expr[[3L]], baseenv())
  starts <- if (rlang::is_call(expr, "d")) c(from, at) else at
  unique(c(at, unlist(lapply(starts, function(start) lag_offsets(expr[[2L]], start)))))
}

# Each place of the panel that a used row looks at must be one row, and so must that of each row that nothing but
# a lag may lose (`standing`). NULL: all rows.
refuse_doubtful_lags <- function(panel, spec, rows, standing, call) {
  o <- panel$order
  same <- seq_along(o)[-1L] %in% (repeated_pairs(panel) + 1L)
  if (!any(same)) return(invisible())
  run <- cumsum(c(TRUE, !same))
  place <- rep(NA_integer_, panel$n_rows) # the place of each row that shares it with another
  place[o] <- ifelse(run %in% run[-1L][same], run, NA)
  all <- seq_len(panel$n_rows)
  used <- if (is.null(rows)) all else rows
  offsets <- unique(c(lag_offsets(spec$right), lag_offsets(spec$outcome)))
  looked <- lapply(offsets, function(k) shift_periods(panel, place, k)[used])
  own <- place[if (is.null(standing)) all else standing]
  doubtful <- unique(c(unlist(looked), own[duplicated(own)]))
  doubtful <- doubtful[!is.na(doubtful)]
  if (length(doubtful) == 0L) return(invisible())
  panel$order <- o[place[o] %in% doubtful]
  guessed <- panel$guessed
  panel$guessed <- FALSE # the sentence says it
  refuse_duplicates(panel, call, if (guessed) {
    paste0("Unit and time of lags were guessed from the effects: ", describe_roles(panel), ". Others are given by ",
           "`unit =` and `time =`.")
  })
}
