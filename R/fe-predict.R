# Fitted values of new rows, their errors, and the data with them.

#' @rdname fe_model-methods
#' @export
predict.fe_model <- function(object, newdata = NULL, se.fit = FALSE, interval = c("none", "confidence", "prediction"),
                             level = 0.95, vcov = NULL, correction = NULL, df = NULL, ...) {
  here <- environment()
  check_dots(..., call = here)
  check_flag(se.fit, "se.fit", here)
  interval <- check_choice(interval, c("none", "confidence", "prediction"), "interval", here)
  check_level(level, here)
  rows <- if (is.null(newdata)) fitted_rows(object) else new_rows(object, newdata, here)
  if (!se.fit && interval == "none") return(rows$value)
  estimate <- requested_variance(object, vcov, correction, here, df)
  squares <- prediction_variance(object, rows, estimate, here)
  out <- rows$value
  if (interval != "none") {
    width <- squares + if (interval == "prediction") noise_variance(object, newdata, estimate, here) else 0
    limits <- confidence_limits(out, sqrt(width), estimate$variance$df, level)
    out <- cbind(fit = out, lwr = limits[, 1L], upr = limits[, 2L])
  }
  if (!se.fit) return(out)
  list(fit = out, se.fit = stats::setNames(sqrt(squares), names(rows$value)), df = estimate$variance$df,
       residual.scale = stats::sigma(object))
}

# The rows of the fit: value, effects' codes (0-based) and, where they are wanted, regressors.
fitted_rows <- function(object) {
  list(value = fitted.fe_model(object), codes = object$design$codes, x = fitted_design(object)$columns[object$kept])
}

# The same of new rows, with a warning for those that have no value for another reason than a missing regressor.
new_rows <- function(object, newdata, call) {
  check_data(newdata, "newdata", call)
  columns <- new_columns(object, newdata, call)
  x <- columns$x[object$kept]
  value <- rep(0, nrow_of(newdata))
  for (j in seq_along(x)) value <- value + x[[j]] * object$slopes[[j]]
  strange <- columns$unseen
  effects <- raw_effects(object)
  if (length(effects) == 0L) {
    value <- value + sum(c(-object$fitted_coefficients, 1) * shifts_of(object))
  }
  codes <- list()
  missing <- list()
  for (j in seq_along(effects)) {
    parts <- object$effects$parts[[j]]
    known <- if (is.null(parts)) list(object$effects$values[[j]]) else parts
    level <- match_levels(newdata, object$effects$columns[[j]], known, call)
    name <- names(effects)[j]
    strange[[name]] <- which(is.na(level$place) & !level$missing)
    missing[[name]] <- which(level$missing)
    value <- value + effects[[j]][level$place]
    codes[[j]] <- level$place - 1L
  }
  apart <- which(!is.na(value) & !joined_levels(object, codes))
  value[apart] <- NA
  warn_unpredicted(strange, missing, apart)
  list(value = stats::setNames(value, seq_along(value)), codes = codes, x = x)
}

# Says which rows get NA and why; a missing regressor needs no word.
warn_unpredicted <- function(strange, missing, apart) {
  strange <- strange[lengths(strange) > 0L]
  missing <- missing[lengths(missing) > 0L]
  rows <- sort(unique(c(unlist(strange), unlist(missing), apart)))
  if (length(rows) == 0L) return(invisible())
  told <- function(which) paste0("`", names(which), "`", collapse = " or ")
  where <- function(which) name_rows(sort(unique(unlist(which))))
  warn_data(
    "unseen_level", paste0(count_of(length(rows), "row"), " predicted as NA."),
    found = c(
      if (length(strange)) paste0("A level of ", told(strange), " was not in the fit in ", where(strange), "."),
      if (length(missing)) paste0(told(missing), " is missing in ", where(missing), "."),
      if (length(apart)) paste0("No chain of rows of the fit joins the levels of the effects in ", name_rows(apart),
                                ": their sum is not identified.")
    ),
    rows = rows
  )
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
  check_model_columns(columns, newdata, call)
  n_known <- length(known[[1L]])
  missing <- unseen <- rep(FALSE, nrow_of(newdata))
  joint <- NULL # codes of the fitted levels, then of the rows, one column after the other
  for (c in seq_along(columns)) {
    values <- .subset2(newdata, columns[c])
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

# Every column that the model needs must be in `newdata`, once.
check_model_columns <- function(names, newdata, call) {
  absent <- setdiff(names, names(newdata))
  if (length(absent)) {
    refuse_unreadable_names(names(newdata), absent, "newdata", call)
    abort_input(
      "missing_column", "`newdata` must hold every column of the model.",
      found = paste0(enumerate(absent, "`"), if (length(absent) == 1L) " is not a column." else " are not columns."),
      todo = hint_columns(names(newdata), absent), arg = "newdata", columns = absent, call = call
    )
  }
  check_unambiguous(names, newdata, "newdata", call)
}

# The regressors' columns of new data, in the order of the fit, `x`, and the rows in which a factor has a level that
# the fit did not see, `unseen`, by variable.
new_columns <- function(object, newdata, call) {
  spec <- object$blueprint$spec
  if (is.null(object$blueprint$terms)) {
    check_model_columns(spec$simple, newdata, call)
    columns <- lapply(spec$simple, function(name) numeric_column(newdata, name, "newdata", call))
    return(list(x = columns, unseen = list()))
  }
  evaluated <- evaluate_terms(object, newdata, call)
  x <- regressor_matrix(evaluated$terms, evaluated$frame, object$blueprint$contrasts)
  keep <- setdiff(seq_len(ncol(x)), if (attr(evaluated$terms, "intercept") == 1L) 1L)
  list(x = lapply(keep, function(j) x[, j]), unseen = evaluated$unseen)
}

# The variables of the regressors' terms in `data`, all rows, factors with the levels of the fit (others NA).
evaluate_terms <- function(object, data, call) {
  terms <- object$blueprint$terms
  spec <- object$blueprint$spec
  wanted <- intersect(all.vars(terms), names(object$data))
  if (length(wanted)) check_model_columns(wanted, data, call)
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
  index <- attr(data, "index", exact = TRUE) # plm can keep it out of the columns
  source <- if (is.data.frame(index) && !all(columns %in% names(data))) index else data
  check_model_columns(columns, source, call)
  read_panel(source, panel$unit_name, panel$time_name, call = call, step = panel$step, text = TRUE)
}

# Variance of x'b and the sum of effects, by the variance asked for.
prediction_variance <- function(object, rows, estimate, call) {
  x <- do.call(cbind, c(list(matrix(numeric(), length(rows$value), 0L)), unname(rows$x)))
  if (length(rows$codes) == 0L) {
    if (object$intercept) x <- cbind(1, x)
    return(rowSums((x %*% estimate$vcov) * x))
  }
  if (estimate$variance$type == "given") {
    refuse_unsupported("predict()", "a variance given as a matrix says nothing of the effects",
                       "Give `vcov` as \"iid\", \"HC0\", \"HC1\" or a cluster.", call)
  }
  out <- rep(NA_real_, length(rows$value))
  known <- which(!is.na(rows$value))
  if (length(known) == 0L) return(out)
  codes <- lapply(rows$codes, `[`, known)
  inverse <- effects_inverse(object, "predict()", call)
  x <- sweep_effects(object, x[known, , drop = FALSE], codes)
  out[known] <- if (estimate$variance$type == "iid") {
    estimate$variance$factor * object$residual_squares *
      (effects_form(inverse, codes) + rowSums((x %*% slope_basis(object))^2))
  } else {
    robust_form(object, inverse, codes, x, estimate$variance, call)
  }
  out
}

# What the effects leave of regressors in rows with the given levels.
sweep_effects <- function(object, x, codes) {
  solution <- object$solution
  shift <- shifts_of(object)
  for (i in seq_len(ncol(x))) {
    column <- object$kept[i]
    x[, i] <- x[, i] - shift[column]
    for (j in seq_along(codes)) x[, i] <- x[, i] - solution$levels[[j]][column, codes[[j]] + 1L]
  }
  x
}

# Variance of a new outcome about its mean: sigma squared, over the weight for the rows of the fit.
noise_variance <- function(object, newdata, estimate, call) {
  if (estimate$variance$type != "iid") {
    refuse_unsupported("predict()", "a prediction interval rests on errors of one variance",
                       "Give `vcov = \"iid\"`, or take `interval = \"confidence\"`.", call)
  }
  weights <- fitted_design(object)$weights
  if (is.null(weights)) return(stats::sigma(object)^2)
  if (!is.null(newdata)) {
    refuse_unsupported("predict()", "the weight of a new row, and with it the variance of its error, is not known",
                       "Take `interval = \"confidence\"`.", call)
  }
  stats::sigma(object)^2 / weights
}

#' @rdname fe_model-methods
#' @param data For `augment()`: a data frame with a row for each row of the data of the fit, or for each row
#'   used, to which fitted values and residuals are added. Default: the rows used of the data of the fit.
#' @param se_fit For `augment()`: add `.se.fit`, as `se.fit` of `predict()`?
#' @export
augment.fe_model <- function(x, data = NULL, newdata = NULL, se_fit = FALSE,
                             interval = c("none", "confidence", "prediction"), conf.level = 0.95, vcov = NULL,
                             correction = NULL, df = NULL, ...) {
  here <- environment()
  check_flag(se_fit, "se_fit", here)
  interval <- check_choice(interval, c("none", "confidence", "prediction"), "interval", here)
  check_level(conf.level, here, "conf.level")
  new <- !is.null(newdata)
  if (new) {
    check_data(newdata, "newdata", here)
    rows <- seq_len(nrow_of(newdata))
    out <- plain_rows(newdata)
  } else if (is.null(data)) {
    rows <- seq_len(x$nobs)
    out <- plain_rows(fitted_data(x, call = here), used_rows(x))
  } else {
    rows <- augmented_rows(x, data, here)
    out <- plain_rows(data)
  }
  columns <- augmented_values(x, if (new) newdata, se_fit, interval, conf.level, list(vcov, correction, df), here)
  for (name in names(columns)) out[[name]] <- columns[[name]][rows]
  out
}

augmented_values <- function(x, newdata, se_fit, interval, level, variance, call) {
  made <- predict.fe_model(x, newdata, se.fit = se_fit, interval = interval,
                           level = level, vcov = variance[[1L]], correction = variance[[2L]], df = variance[[3L]])
  fit <- if (is.list(made)) made$fit else made
  out <- list(.fitted = unname(if (is.matrix(fit)) fit[, "fit"] else fit))
  if (is.matrix(fit)) out <- c(out, list(.lower = unname(fit[, "lwr"]), .upper = unname(fit[, "upr"])))
  if (se_fit) out$.se.fit <- unname(made$se.fit)
  if (is.null(newdata)) {
    out$.resid <- unname(residuals.fe_model(x))
  } else {
    outcome <- new_outcome(x, newdata, call)
    if (!is.null(outcome)) out$.resid <- outcome - out$.fitted
  }
  out
}

# The outcome in new data; NULL where a column that it needs is not there.
new_outcome <- function(object, newdata, call) {
  spec <- object$blueprint$spec
  needed <- intersect(all.vars(spec$outcome), names(object$data))
  if (!all(needed %in% names(newdata))) return(NULL)
  words <- spec$env
  if (uses_words(spec$outcome)) {
    columns <- object$blueprint$panel
    if (!all(c(columns$unit_name, columns$time_name) %in% names(newdata))) return(NULL)
    panel <- panel_of(object, newdata, call)
    words <- lag_words(function() panel, spec$env)
  }
  columns <- lapply(stats::setNames(needed, needed), function(name) numeric_column(newdata, name, "newdata", call))
  as.double(eval(spec$outcome, columns, words))
}

# For each row of `data` the place among the rows used, NA for a row that was not used.
augmented_rows <- function(x, data, call) {
  check_data(data, "data", call)
  n <- nrow_of(data)
  if (n == x$sample$n_input) return(match(seq_len(n), used_rows(x)))
  if (n == x$nobs) return(seq_len(n))
  abort_input(
    "rows", paste0("`data` must have the rows of the fit's data (", format_counts(x$sample$n_input),
                   ") or those used (", format_counts(x$nobs), ")."),
    found = paste0("It has ", format_counts(n), "."), todo = "For other rows give `newdata`.", arg = "data", call = call
  )
}

# A plain data frame of the given rows, without a method of the data's class in between.
plain_rows <- function(data, rows = NULL) {
  columns <- unclass(data)
  attributes(columns) <- list(names = names(data))
  if (!is.null(rows)) {
    columns <- lapply(columns, function(v) {
      if (inherits(v, "integer64")) pick(v, rows) else if (is.null(dim(v))) v[rows] else v[rows, , drop = FALSE]
    })
  }
  n <- if (is.null(rows)) nrow_of(data) else length(rows)
  structure(columns, class = "data.frame", row.names = .set_row_names(n))
}
