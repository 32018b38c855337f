# The frame of a regression on a table: what is selected for it, nothing read yet.

# As read_frame() gives it, with the statement's parts (`query`, see piece_statement()) in place of columns and codes.
table_frame <- function(frame, source, weights, subset, unit, time, call, beside = list()) {
  spec <- frame$spec
  refuse_unfit_columns(spec, source, call)
  frame$panel <- if (spec$has_lags) table_panel(spec, source, unit, time, call)
  terms <- table_terms(spec, source, call)
  if (length(terms$terms) == 0L && (length(spec$effects) || !terms$intercept)) refuse_no_regressor(call)
  frame$columns <- c(terms$terms, list(spec$outcome))
  names(frame$columns) <- c(terms$labels, spell_term(spec$outcome))
  frame$roles <- formula_roles(length(frame$columns))
  frame$outcome <- names(frame$columns)[frame$roles$outcome]
  frame$effect_columns <- spec$effects
  frame$effects <- stats::setNames(lapply(spec$effects, function(columns) list()), label_effects(spec$effects))
  frame$doubled <- spec$doubled
  frame$intercept <- length(spec$effects) == 0L && terms$intercept
  frame$query <- list(
    source = source, columns = frame$columns, beside = beside, subset = table_condition(subset, call),
    weights = table_weights(weights, source, call), env = spec$env, panel = frame$panel, clusters = character(),
    large = NULL, effects = spec$effects, intercept = frame$intercept
  )
  if (is.null(terms$variables)) {
    frame$query$variables <- frame$columns
  } else {
    frame$query$variables <- c(stats::setNames(list(spec$outcome), frame$outcome), terms$variables)
  }
  frame
}

# Outcome, regressors and weights must be numbers where the engine's types tell.
refuse_unfit_columns <- function(spec, source, call) {
  columns <- source$parts[[1L]]$columns
  bare <- c(spec$simple, if (is.symbol(spec$outcome)) symbol_name(spec$outcome))
  text <- bare[columns$class[match(bare, columns$name)] %in% c("character", "Date", "POSIXct", "list", "blob")]
  if (length(text) == 0L) return(invisible())
  refuse_table_type(text[1L], paste0("It is ", columns$class[match(text[1L], columns$name)], "."), call)
}

refuse_table_type <- function(name, found, call) {
  abort_input(
    "type", paste0("Column `", name, "` must hold numbers in every row."), found = found,
    todo = "Text is a category in memory: `collect()` the columns, or make it an effect, right of the bar.",
    arg = "formula", columns = name, call = call
  )
}

# Terms as expressions, a product for an interaction: list(terms, labels, intercept, variables: what they are made of,
# by which missing values are counted; NULL where they are the terms).
table_terms <- function(spec, source, call) {
  if (!is.null(spec$simple)) {
    return(list(terms = lapply(spec$simple, as.name), labels = flag_labels(spec$simple, source), intercept = TRUE))
  }
  terms <- tryCatch(stats::terms(stats::as.formula(call("~", spec$right), baseenv())), error = function(e) {
    abort_input("formula", "Every term of `formula` must be one that R can read.", found = conditionMessage(e),
                arg = "formula", parent = e, call = call)
  })
  intercept <- attr(terms, "intercept") == 1L
  factors <- attr(terms, "factors")
  if (!is.matrix(factors)) return(list(terms = list(), labels = character(), intercept = intercept))
  variables <- as.list(attr(terms, "variables"))[-1L]
  spelled <- vapply(variables, spell_term, "")
  symbols <- vapply(variables, is.symbol, NA)
  spelled[symbols] <- flag_labels(spelled[symbols], source)
  made <- lapply(seq_len(ncol(factors)), function(j) {
    Reduce(function(a, b) call(":", a, b), variables[factors[, j] > 0])
  })
  labels <- vapply(seq_len(ncol(factors)), function(j) paste(spelled[factors[, j] > 0], collapse = ":"), "")
  list(terms = made, labels = labels, intercept = intercept, variables = stats::setNames(variables, spelled))
}

# A column of TRUE and FALSE is called as its dummy in memory is.
flag_labels <- function(names, source) {
  ifelse(is_flag_column(names, source$parts[[1L]]), paste0(names, "TRUE"), names)
}

# The condition as an expression with its environment; NULL for none.
table_condition <- function(quo, call) {
  if (rlang::quo_is_null(quo)) return(NULL)
  expr <- rlang::quo_get_expr(quo)
  if (is.numeric(expr) || rlang::is_call(expr, c(":", "c", "-"))) {
    abort_input("subset", "`subset` must be a condition on the columns of the table.",
                found = "Rows of a table have no numbers.", arg = "subset", call = call)
  }
  list(expr = expr, env = rlang::quo_get_env(quo))
}

table_weights <- function(quo, source, call) {
  if (rlang::quo_is_null(quo)) return(NULL)
  expr <- rlang::quo_get_expr(quo)
  if (is.character(expr)) expr <- as.name(check_column_names(expr, source, "weights", TRUE, call))
  words <- setdiff(all.vars(expr), source_names(source))
  env <- rlang::quo_get_env(quo)
  if (is.symbol(expr) && length(words)) {
    value <- tryCatch(rlang::eval_tidy(quo), error = function(e) NULL)
    if (is.null(value) && exists(words, envir = env)) return(NULL)
    if (is.character(value)) expr <- as.name(check_column_names(value, source, "weights", TRUE, call)) else
      abort_input("missing_column", "`weights` must be made of columns of the table.", found = say_no_columns(words),
                  arg = "weights", columns = words, call = call)
  }
  list(expr = expr, env = env)
}

# Unit and time of lags: given, or guessed from the first rows of the effects that stand alone.
table_panel <- function(spec, source, unit, time, call) {
  given <- function(quo, arg) {
    if (rlang::quo_is_null(quo)) NULL else resolve_columns(quo, source, arg, single = TRUE, call = call)
  }
  unit <- given(unit, "unit")
  time <- given(time, "time")
  guessed <- is.null(unit) || is.null(time)
  if (guessed) {
    effects <- lone_effects(spec)
    times <- time
    if (is.null(time)) {
      if (length(effects)) {
        part <- source$parts[[1L]]
        names <- paste(sql_columns(effects, part), collapse = ", ")
        first <- in_database(DBI::dbGetQuery(part$con, paste("SELECT", names, "FROM", part$from, "LIMIT 1000")), call)
        names(first) <- effects
        times <- candidate_times(first, effects, unit)
      }
    }
    pairs <- role_pairs(effects, unit, times)
    if (length(pairs) == 0L) refuse_unknown_roles(unit, times, call)
    unit <- pairs[[1L]][1L]
    time <- pairs[[1L]][2L]
  }
  list(unit_name = unit, time_name = time, guessed = guessed, step = list(unit = "number"))
}

# Lags need whole numbers of time, and one row a unit and time: one scan of the table.
check_table_panel <- function(query, tally, call) {
  panel <- query$panel
  if (is.null(panel)) return(invisible())
  for (part in query$source$parts) {
    unit <- sql_columns(panel$unit_name, part)
    time <- sql_columns(panel$time_name, part)
    grouped <- paste0("SELECT ", time, " AS fr_t, COUNT(*) AS fr_n, MIN(CASE WHEN ", unit,
                      " IS NULL THEN 0 ELSE 1 END) AS fr_u FROM ", part$from, " GROUP BY ", unit, ", ", time)
    by_time <- paste0("SELECT fr_t, MAX(fr_n) AS n, MIN(fr_u) AS u FROM (", grouped, ") AS fr_g GROUP BY fr_t")
    found <- fetch_few(part, by_time, tally, call)
    refuse_table_panel(found, panel, call)
  }
}

refuse_table_panel <- function(found, panel, call) {
  times <- found[[1L]]
  where <- c(panel$unit_name, panel$time_name)
  lacking <- if (anyNA(times)) 2L else if (any(found[[3L]] == 0)) 1L
  if (!is.null(lacking)) {
    name <- where[lacking]
    abort_input("missing_value", paste0("Column `", name, "` must not hold missing values: lags go by it."),
                found = "There are NULL.", arg = c("unit", "time")[lacking], columns = name, call = call)
  }
  if (inherits(times, "integer64")) times <- integer64_numbers(times)
  if (!is.numeric(times) || is.object(times) || any(times != round(times))) {
    refuse_table(paste0("Lags along `", panel$time_name, "`"), call,
                 paste0("In a table lags need times that are whole numbers; it is ", describe_type(times), "."))
  }
  twice <- which(found[[2L]] > 1)
  if (length(twice) == 0L) return(invisible())
  abort_input(
    "duplicate_rows", paste0("Each `", where[1L], "` and `", where[2L], "` must stand in one row, for lags."),
    found = paste0("Some stand twice or more, as at `", where[2L], "` ", label_values(times[twice[1L]]), "."),
    todo = if (panel$guessed) "Unit and time were guessed from the effects; others are given by `unit =` and `time =`.",
    arg = "data", columns = where, call = call
  )
}

# What translations need, of one part.
part_words <- function(query, part, call, env = query$env, raw = FALSE) {
  list(part = part, env = env, panel = query$panel, call = call, raw = raw)
}

# The statement for one part: v1, v2, ... regressors and outcome, b1, ... further columns that must be there, w the
# weights, s whether the condition holds, o1, ... is a number no number, u1, ... the columns of the large effect, by
# which rows are sorted, e<j>_<i> those of the others, k1, ... those of clusters. Windows look at all rows: what is left
# out is left out outside. The first read (not `narrow`) asks for all rows, and n1, ... too: variables that stand in
# products only.
piece_statement <- function(query, part, call, narrow = TRUE) {
  words <- part_words(query, part, call)
  engine <- engines()[[part$engine]]
  select <- c(
    stats::setNames(vapply(query$columns, sql_of, "", words = words), sprintf("v%d", seq_along(query$columns))),
    stats::setNames(vapply(query$beside, sql_of, "", words = words), sprintf("b%d", seq_along(query$beside)))
  )
  if (!is.null(query$weights)) {
    select[["w"]] <- sql_of(query$weights$expr, part_words(query, part, call, query$weights$env))
  }
  if (!is.null(query$subset)) {
    condition <- sql_of(query$subset$expr, part_words(query, part, call, query$subset$env, raw = TRUE))
    select[["s"]] <- paste0("CASE WHEN ", condition, " THEN 1 ELSE 0 END")
  }
  if (!narrow) {
    apart <- query$variables[!query$variables %in% query$columns]
    select <- c(select, stats::setNames(vapply(apart, sql_of, "", words = words), sprintf("n%d", seq_along(apart))))
  }
  odd <- numeric_names(query)
  if (!is.null(engine$odd) && !narrow && length(odd)) {
    flags <- paste0("CASE WHEN ", engine$odd(sql_columns(odd, part)), " THEN 1 ELSE 0 END")
    select <- c(select, stats::setNames(flags, sprintf("o%d", seq_along(flags))))
  }
  keys <- key_columns(query)
  select <- c(select, stats::setNames(sql_columns(keys, part), names(keys)))
  order <- names(keys)[startsWith(names(keys), "u")]
  texts <- part$columns$class[match(keys[order], part$columns$name)] == "character"
  by <- ifelse(texts | part$engine == "sqlite", engine$text(order), order)
  paste0(
    "SELECT * FROM (SELECT ", paste(select, "AS", names(select), collapse = ", "), " FROM ", part$from, ") AS fr_q",
    if (narrow && !is.null(query$subset)) " WHERE s = 1",
    if (length(order)) paste0(" ORDER BY ", paste(by, collapse = ", "))
  )
}

# Columns that stand for numbers in terms and weights.
numeric_names <- function(query) {
  used <- unlist(lapply(c(query$columns, query$beside, list(query$weights$expr)), all.vars))
  intersect(used, source_names(query$source))
}

# The columns of effects and clusters, by what they are called in the statement.
key_columns <- function(query) {
  keys <- character()
  for (j in seq_along(query$effects)) {
    columns <- query$effects[[j]]
    names(columns) <- paste0(if (identical(j, query$large)) "u" else paste0("e", j, "_"), seq_along(columns))
    keys <- c(keys, columns)
  }
  clusters <- query$clusters
  keys <- c(keys, stats::setNames(clusters, sprintf("k%d", seq_along(clusters))))
  stats::setNames(keys, as.character(names(keys))) # of none too
}
