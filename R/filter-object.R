# The filtered series as an object, and its methods.

# The result of hp_filter() from its parts, unchecked.
new_hp_filter <- function(trend, cycle, lambda, n_series, data = NULL, step = NULL) {
  structure(list(trend = trend, cycle = cycle, lambda = lambda, n_series = n_series, data = data, step = step),
            class = "hp_filter")
}

# Stops where a promise of the result is broken; `n` is the number of values filtered.
validate_hp_filter <- function(x, n) {
  promise(length(x$trend) == n && length(x$cycle) == n, "trend and cycle have the size of x")
  promise(all_finite(x$cycle), "the cycle is finite")
  x
}

#' @export
print.hp_filter <- function(x, digits = 4, ...) {
  check_digits(digits)
  n <- length(x$cycle)
  cat("Hodrick-Prescott filter, lambda ", label_values(x$lambda), ", two-sided: ",
      count_of(x$n_series, "series", "series"), ", ", count_of(n, "value"), "\n", sep = "")
  time <- describe_time(names(x$data)[length(x$data) - 1L], x$step)
  if (!is.null(time)) cat(time, "\n", sep = "")
  cycle <- as.vector(x$cycle)
  cat("Standard deviation of the cycle: ", if (n > 1L) format(stats::sd(cycle), digits = digits) else "-",
      ", largest ", format(max(abs(cycle)), digits = digits), "\n", sep = "")
  shown <- lapply(utils::head(seq_len(n), 6L), function(i) i)
  rows <- unlist(shown)
  table <- if (!is.null(x$data)) x$data[rows, , drop = FALSE] else if (is_indexed(x$trend) && is.null(dim(x$trend))) {
    data.frame(time = series_index(x$trend)[rows])
  } else {
    data.frame(position = rows)
  }
  table$trend <- as.vector(x$trend)[rows]
  table$cycle <- cycle[rows]
  print_rows(table, digits)
  if (n > 6L) cat("... ", count_of(n - 6L, "more value"), "\n", sep = "")
  invisible(x)
}

#' @export
as.data.frame.hp_filter <- function(x, row.names = NULL, optional = FALSE, ...) { # nolint
  trend <- as.vector(x$trend)
  cycle <- as.vector(x$cycle)
  if (!is.null(x$data)) return(cbind(x$data, trend = trend, cycle = cycle))
  time <- if (is_indexed(x$trend)) series_index(x$trend) else if (!is.null(stats::tsp(x$trend))) {
    as.vector(stats::time(x$trend))
  } else {
    seq_len(NROW(x$trend))
  }
  if (is.null(dim(x$trend))) {
    return(data.frame(time = time, value = trend + cycle, trend = trend, cycle = cycle))
  }
  rows <- nrow(x$trend)
  names <- colnames(x$trend)
  if (is.null(names)) names <- as.character(seq_len(ncol(x$trend)))
  data.frame(series = rep(names, each = rows), time = rep(time, length(names)), value = trend + cycle,
             trend = trend, cycle = cycle)
}

#' @export
tidy.hp_filter <- function(x, ...) as.data.frame(x)

#' @export
glance.hp_filter <- function(x, ...) {
  data.frame(lambda = x$lambda, n_series = x$n_series, nobs = length(x$cycle),
             sd_cycle = stats::sd(as.vector(x$cycle)))
}

#' @importFrom stats fitted
#' @export
fitted.hp_filter <- function(object, ...) object$trend

#' @importFrom stats residuals
#' @export
residuals.hp_filter <- function(object, ...) object$cycle
