# Methods of flow_index.

#' @export
as.data.frame.flow_index <- function(x, row.names = NULL, optional = FALSE, ...) x$index # nolint

#' @export
weights.flow_index <- function(object, ...) rlang::set_names(object$weights$weight, object$weights$indicator)

#' Contributions to an index
#'
#' What each indicator, or each group of indicators, adds to the index of a row: weight x normalised value.
#'
#' @param x An object of class [`flow_index`][data_flow_index()].
#' @param by `"indicator"` (default) or `"group"`.
#' @param ... Must be empty.
#' @return A data frame in the row order of the index: the user's unit and time columns and one double column
#'   for each indicator or group; as these bear the indicators' own names, merge it with the data by unit and
#'   time only (`by = `). The columns of a row add up to its index (to 1e-12). Indicators without a
#'   group are summed in a column `ungrouped`. Never `NA`.
#' @section Errors: `flowresil_error_choice` (`by`), `flowresil_error_argument`.
#' @seealso [data_flow_index()]
#' @examples
#' # Two indicators of weight .5: each contributes half of its normalised value
#' d <- data.frame(city = c("A", "B", "C"), year = 2020, a = c(0, 5, 10), b = c(4, 3, 2))
#' contributions(data_flow_index(d, c("a", "b"), city, year, method = "equal"))
#' @export
contributions <- function(x, by = c("indicator", "group"), ...) UseMethod("contributions")

#' @export
contributions.default <- function(x, ...) {
  abort_input("type", "`x` must be an index made by `data_flow_index()`.",
              found = paste0("It is ", describe_type(x), "."), arg = "x", call = rlang::current_env())
}

#' @export
contributions.flow_index <- function(x, by = c("indicator", "group"), ...) {
  check_dots(...)
  by <- check_choice(by, c("indicator", "group"), "by")
  parts <- x$normalised * rep(x$weights$weight, each = nrow(x$normalised))
  if (by == "group") parts <- sum_parts(parts, x)
  keys <- x$index[c(x$unit, x$time)]
  cbind(keys, structure(
    lapply(seq_len(ncol(parts)), function(j) parts[, j]),
    names = make.unique(c(names(keys), colnames(parts)))[-(1:2)],
    class = "data.frame", row.names = .set_row_names(nrow(parts))
  ))
}

sum_parts <- function(parts, x) {
  group <- match(x$weights$group, x$groups$group)
  sums <- vapply(seq_len(nrow(x$groups)), function(g) rowSums(parts[, group == g, drop = FALSE]),
                 numeric(nrow(parts)))
  names <- x$groups$group
  names[is.na(names)] <- "ungrouped"
  matrix(sums, ncol = length(names), dimnames = list(NULL, names))
}

#' Index of new rows
#'
#' @param object An object of class [`flow_index`][data_flow_index()].
#' @param newdata A data frame with the indicators (and the time column when the index was scaled by period),
#'   or `NULL` (default) for the rows that the index was made from.
#' @param ... Must be empty.
#' @return A numeric vector, one value a row of `newdata`, by the stored scaling and weights; values beyond
#'   the stored range are not clipped. `NA` where an indicator of the row is missing.
#' @section Errors:
#' `flowresil_error_missing_column`, `flowresil_error_encoding`, `flowresil_error_type`, `flowresil_error_infinite`,
#' `flowresil_error_unknown_period` (scaled by period, and the period was not there), `flowresil_error_time` (the
#' times are of another kind than those of the fit), `flowresil_error_empty`.
#' @examples
#' d <- data.frame(city = c("A", "B"), year = 2020, a = c(0, 10))
#' i <- data_flow_index(d, "a", city, year, method = "equal")
#' predict(i, data.frame(a = c(5, 20))) # half way, and twice the range
#' @export
predict.flow_index <- function(object, newdata = NULL, ...) {
  check_dots(...)
  if (is.null(newdata)) return(index_values(object))
  call <- rlang::current_env()
  check_data(newdata, "newdata", call)
  indicators <- object$weights$indicator
  check_newdata_columns(indicators, newdata, "that the index was made from", call)
  x <- read_indicator_columns(newdata, indicators, call, finite = FALSE)
  for (name in indicators) {
    refuse_infinite(x[, name], paste0("Indicator `", name, "`"), "newdata", call, column = name)
  }
  code <- integer()
  if (object$scope == "period") code <- period_codes(object, newdata, call)
  centre <- matrix(object$scaling$centre, ncol = length(indicators))
  spread <- matrix(object$scaling$spread, ncol = length(indicators))
  normalised <- scale_columns(x, object$weights$direction, centre, spread, code, call)
  # A spread of 0 hides a missing cell behind the value 0.
  normalised[is.na(x)] <- NA
  drop(normalised %*% object$weights$weight)
}

period_codes <- function(object, newdata, call) {
  check_newdata_columns(object$time, newdata, "that the index was made from", call)
  times <- utf8_column(source_column(newdata, object$time), object$time, "newdata", call)
  when <- read_time(times, object$time, "newdata", call, object$step, between = NA)$when
  code <- match(when, object$periods)
  if (anyNA(code)) {
    unknown <- pick(times, is.na(code))
    unknown <- unique(time_labels(pick(unknown, order(unclass(unknown)))))
    abort_input(
      "unknown_period", "An index that was scaled by period must have seen the periods of `newdata`.",
      found = paste0("It has not seen ", enumerate(unknown), "."),
      todo = "Use `scope = \"pooled\"` for an index that goes on to new periods.",
      arg = "newdata", rows = which(is.na(code)), call = call
    )
  }
  code - 1L
}

# --- telling ---------------------------------------------------------------------------------------------

# The lines that name every convention of an index.
describe_index <- function(x) {
  weighting <- x$weighting
  how <- if (is.null(weighting$describe)) describe_choice(weighting) else weighting$describe(x)
  sample <- x$sample
  c(
    paste0("Data-flow index: ", count_of(sample$n_rows, "row"), ", ", count_of(sample$n_units, "unit"), ", ",
           count_of(sample$n_times, "period"), " (", describe_span(sample$times), ", ",
           if (sample$balanced) "balanced" else "not balanced", ")"),
    paste0("Weights: ", how),
    paste0("Normalised: ", x$normalise, ", ",
           if (x$scope == "pooled") "over all rows" else "within each period",
           "; aggregated: ", x$aggregate, " (", aggregations()[[x$aggregate]]()$formula, ")"),
    describe_time(x$time, x$step),
    if (length(sample$constant)) paste0("Constant: ", enumerate(sample$constant, "`"))
  )
}

# "2008 to 2022", or the one time.
describe_span <- function(times) {
  ends <- unique(time_labels(times))
  paste(ends, collapse = " to ")
}

# Columns of the table of weights that the weighting wants seen.
shown_columns <- function(x) {
  if (!is.null(x$weighting$shows)) return(x$weighting$shows)
  added_columns(x$weights)
}

#' @export
print.flow_index <- function(x, digits = 4, ...) {
  check_digits(digits)
  cat(describe_index(x), sep = "\n")
  order <- order(-abs(x$weights$weight))
  keep <- c("indicator", "group", "direction", shown_columns(x), "weight")
  if (all(is.na(x$weights$group))) keep <- setdiff(keep, "group")
  shown <- x$weights[order, keep]
  if (!is.null(x$weights$label)) {
    room <- max(20L, getOption("width") - 46L) # what the other columns leave
    shown$indicator <- cut_text(indicator_labels(x$weights)[order], room)
  }
  print_rows(shown, digits, limit = 6L)
  index <- index_values(x)
  # Rounding keeps the mean of standardised values from being 0.
  shown <- zapsmall(c(min(index), max(index), mean(index)), digits + 3L)
  shown <- vapply(shown, format, "", digits = digits)
  cat("Index from ", shown[1L], " to ", shown[2L], ", mean ", shown[3L], "; as.data.frame() gives it",
      if (result_name(x, "index") != "index") paste0(" as `", x$name, "`"), "\n", sep = "")
  invisible(x)
}

# Text no wider than `width`: its beginning and end where it is longer, since labels often differ at their end.
cut_text <- function(text, width) {
  long <- nchar(text, "width") > width
  text[long] <- vapply(strsplit(text[long], ""), function(letters) {
    wide <- nchar(letters, "width")
    room <- (width - 3) / 2
    paste0(paste(letters[cumsum(wide) <= room], collapse = ""), "...",
           paste(letters[rev(cumsum(rev(wide)) <= room)], collapse = ""))
  }, character(1))
  text
}

#' @export
summary.flow_index <- function(object, ...) {
  by_period <- split_by_time(index_values(object), object$index[[object$time]])
  periods <- data.frame(
    period = names(by_period), n = lengths(by_period, use.names = FALSE),
    mean = vapply(by_period, mean, 0), sd = vapply(by_period, stats::sd, 0),
    min = vapply(by_period, min, 0), max = vapply(by_period, max, 0), row.names = NULL
  )
  unit <- code_values(plain_key(object$index[[object$unit]]))
  means <- vapply(split(index_values(object), unit$code), mean, 0, USE.NAMES = FALSE)
  units <- data.frame(unit = label_values(unit$values), mean = means)
  structure(
    list(conventions = describe_index(object), weights = object$weights, groups = object$groups,
         components = object$components, periods = periods, units = units[order(-units$mean), ],
         unit = object$unit, time = object$time),
    class = "summary.flow_index"
  )
}

#' @export
print.summary.flow_index <- function(x, digits = 4, ...) {
  check_digits(digits)
  cat(x$conventions, sep = "\n")
  cat("\nWeights\n")
  print_rows(x$weights, digits, limit = 30L)
  if (nrow(x$groups) > 1L) {
    cat("\nGroups\n")
    print_rows(x$groups, digits, limit = 30L)
  }
  if (!is.null(x$components)) {
    cat("\nEigenvalues\n")
    print(round(x$components$eigenvalues, digits))
  }
  cat("\nIndex by ", x$time, "\n", sep = "")
  print_rows(x$periods, digits, limit = 30L)
  cat("\nHighest mean: ", enumerate(utils::head(x$units$unit, 3L)), "; lowest: ",
      enumerate(utils::tail(x$units$unit, min(3L, nrow(x$units)))), "\n", sep = "")
  invisible(x)
}

#' @export
tidy.flow_index <- function(x, ...) {
  table <- x$weights
  out <- data.frame(term = table$indicator, group = table$group, direction = table$direction,
                    entropy = table$entropy, divergence = table$divergence, estimate = table$weight)
  out$label <- table$label # NULL where the table of indicators has none
  extra <- added_columns(table)
  out[extra] <- table[extra]
  out
}

#' @export
glance.flow_index <- function(x, ...) {
  data.frame(
    method = x$method, normalise = x$normalise, scope = x$scope, n_indicators = nrow(x$weights),
    nobs = x$sample$n_rows, n_units = x$sample$n_units, n_times = x$sample$n_times,
    mean = mean(index_values(x)), sd = stats::sd(index_values(x))
  )
}
