# The data with what a model makes of each row.

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
    rows <- seq_len(source_size(newdata))
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
  needed <- intersect(all.vars(spec$outcome), source_names(object$data))
  if (!all(needed %in% source_names(newdata))) return(NULL)
  words <- spec$env
  if (uses_words(spec$outcome)) {
    columns <- object$blueprint$panel
    if (!all(c(columns$unit_name, columns$time_name) %in% source_names(newdata))) return(NULL)
    panel <- panel_of(object, newdata, call)
    words <- lag_words(function() panel, spec$env)
  }
  columns <- lapply(stats::setNames(needed, needed), function(name) numeric_column(newdata, name, "newdata", call))
  as.double(eval(spec$outcome, columns, words))
}

# For each row of `data` the place among the rows used, NA for a row that was not used.
augmented_rows <- function(x, data, call) {
  check_data(data, "data", call)
  n <- source_size(data)
  if (n == x$sample$n_input) return(match(seq_len(n), used_rows(x)))
  if (n == x$nobs) return(seq_len(n))
  abort_input(
    "rows", paste0("`data` must have the rows of the fit's data (", format_counts(x$sample$n_input),
                   ") or those used (", format_counts(x$nobs), ")."),
    found = paste0("It has ", format_counts(n), "."), todo = "For other rows give `newdata`.", arg = "data", call = call
  )
}
