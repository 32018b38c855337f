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
    limits <- confidence_limits(out, sqrt(width), joint_degrees(estimate$variance), level)
    out <- cbind(fit = out, lwr = limits[, 1L], upr = limits[, 2L])
  }
  if (!se.fit) return(out)
  list(fit = out, se.fit = stats::setNames(sqrt(squares), names(rows$value)), df = joint_degrees(estimate$variance),
       residual.scale = stats::sigma(object))
}

# The rows of the fit: value, effects' codes (0-based) and, where they are wanted, regressors.
fitted_rows <- function(object) {
  x <- fitted_design(object)$columns[kept_columns(object)]
  list(value = fitted.fe_model(object), codes = object$design$codes, x = x)
}

# The same of new rows, with a warning for those that have no value for another reason than a missing regressor.
new_rows <- function(object, newdata, call) {
  check_data(newdata, "newdata", call)
  columns <- new_columns(object, newdata, call)
  x <- columns$x[object$kept]
  value <- rep(0, source_size(newdata))
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

# Variance of x'b and the sum of effects, by the variance asked for.
prediction_variance <- function(object, rows, estimate, call) {
  x <- do.call(cbind, c(list(matrix(numeric(), length(rows$value), 0L)), unname(rows$x)))
  if (length(rows$codes) == 0L) {
    if (object$intercept) x <- cbind(1, x)
    return(rowSums((x %*% estimate$vcov) * x))
  }
  form <- estimate$variance$choice$form
  if (is.null(form)) {
    refuse_unsupported("predict()", "a variance given as a matrix says nothing of the effects",
                       "Give `vcov` as \"iid\", \"HC0\", \"HC1\" or a cluster.", call)
  }
  out <- rep(NA_real_, length(rows$value))
  known <- which(!is.na(rows$value))
  if (length(known) == 0L) return(out)
  codes <- lapply(rows$codes, `[`, known)
  inverse <- effects_inverse(object, refuse_levels("predict()", call))
  x <- sweep_effects(object, x[known, , drop = FALSE], codes)
  out[known] <- if (form == "classical") {
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
    column <- kept_columns(object)[i]
    x[, i] <- x[, i] - shift[column]
    for (j in seq_along(codes)) x[, i] <- x[, i] - solution$levels[[j]][column, codes[[j]] + 1L]
  }
  x
}

# Variance of a new outcome about its mean: sigma squared, over the weight for the rows of the fit.
noise_variance <- function(object, newdata, estimate, call) {
  if (!identical(estimate$variance$choice$form, "classical")) {
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
