# The terms of a formula in other data than those of the fit.

# The variables of the regressors' terms in `data`, all rows, factors with the levels of the fit (others NA).
evaluate_terms <- function(object, data, call) {
  terms <- object$blueprint$terms
  spec <- object$blueprint$spec
  wanted <- intersect(all.vars(terms), source_names(object$data))
  if (length(wanted)) check_newdata_columns(wanted, data, call = call)
  words <- spec$env
  if (spec$has_lags) {
    panel <- panel_of(object, data, call)
    words <- lag_words(function() panel, spec$env)
  }
  environment(terms) <- words
  spec$outcome <- NULL
  variables <- formula_data(spec, data, call, "newdata")
  variables[] <- lapply(variables, structure, contrasts = NULL) # those of the fit are taken
  frame <- in_formula(call, arg = "newdata", where = "Every term of the model must evaluate in `newdata`.", {
    stats::model.frame(terms, variables, na.action = stats::na.pass)
  })
  refuse_changed_types(terms, frame, call)
  unseen <- list()
  for (name in names(object$blueprint$xlevels)) {
    levels <- object$blueprint$xlevels[[name]]
    text <- as.character(frame[[name]])
    place <- match(text, levels)
    unseen[[name]] <- which(is.na(place) & !is.na(text))
    frame[[name]] <- structure(place, levels = levels,
                               class = if (is.ordered(frame[[name]])) c("ordered", "factor") else "factor")
  }
  list(frame = frame, terms = terms, unseen = unseen)
}

# The panel of `data` by which the model's lags go, one step of time as in the fit.
panel_of <- function(object, data, call) {
  panel <- object$blueprint$panel
  columns <- c(panel$unit_name, panel$time_name)
  source <- source_holding(data, columns)
  check_newdata_columns(columns, source, call = call)
  code_panel(source, panel$unit_name, panel$time_name, call = call, step = panel$step, text = TRUE)
}

# The regressors' columns of new data, in the order of the fit, `x`, and the rows in which a factor has a level that
# the fit did not see, `unseen`, by variable.
new_columns <- function(object, newdata, call) {
  spec <- object$blueprint$spec
  if (is.null(object$blueprint$terms)) {
    check_newdata_columns(spec$simple, newdata, call = call)
    columns <- lapply(spec$simple, function(name) numeric_column(newdata, name, "newdata", call))
    return(list(x = columns, unseen = list()))
  }
  evaluated <- evaluate_terms(object, newdata, call)
  x <- regressor_matrix(evaluated$terms, evaluated$frame, object$blueprint$contrasts)
  keep <- setdiff(seq_len(ncol(x)), if (attr(evaluated$terms, "intercept") == 1L) 1L)
  list(x = lapply(keep, function(j) x[, j]), unseen = evaluated$unseen)
}

# Is the sum of the effects identified? With one effect always, with two where the levels lie in one component. For
# three and more that is asked pair by pair: a necessary condition.
joined_levels <- function(object, codes) {
  if (length(codes) == 0L) return(TRUE)
  joined <- rep(TRUE, length(codes[[1L]]))
  n_levels <- object$effects$n_levels
  for (b in seq_along(codes)[-1L]) {
    for (a in seq_len(b - 1L)) {
      parts <- core(cpp_components, object$design$codes[[a]], n_levels[[a]], object$design$codes[[b]], n_levels[[b]])
      if (parts$count > 1) joined <- joined & parts$first[codes[[a]] + 1L] == parts$second[codes[[b]] + 1L]
    }
  }
  joined | is.na(joined)
}

# Place of each row's level among the fitted ones: NA where it is not there (`missing` where a column is NA). `known`
# gives the fitted levels' values in each of the columns.
match_levels <- function(newdata, columns, known, call) {
  check_newdata_columns(columns, newdata, call = call)
  n_known <- length(known[[1L]])
  missing <- unseen <- rep(FALSE, source_size(newdata))
  joint <- NULL # codes of the fitted levels, then of the rows, one column after the other
  for (c in seq_along(columns)) {
    values <- source_column(newdata, columns[c])
    lost <- names_groups(values) & is_missing(values)
    place <- rep(NA_integer_, length(missing))
    if (!all(lost)) {
      there <- which(!lost)
      column <- group_column(if (any(lost)) pick(values, there) else values, columns[c], "newdata", call, there)
      place[there] <- match_values(column$values, known[[c]])[column$code + 1L]
    }
    missing <- missing | lost
    unseen <- unseen | is.na(place)
    part <- c(match_values(known[[c]], known[[c]]), place) - 1L
    part[is.na(part)] <- n_known
    joint <- if (is.null(joint)) part else core(cpp_group_pairs, joint, part, n_known + 1L)$code
  }
  place <- match(joint[-seq_len(n_known)], joint[seq_len(n_known)])
  place[unseen] <- NA
  list(place = place, missing = missing)
}

# match() of keys: numbers as numbers, whatever their type, moments as moments, anything else by its label.
match_values <- function(x, table) {
  number <- function(v) is.logical(v) || is.numeric(v) && !is.object(v)
  if (number(x) && number(table) || inherits(x, "POSIXct") && inherits(table, "POSIXct")) {
    return(match(as.double(x), as.double(table)))
  }
  match(label_values(x), label_values(table))
}
