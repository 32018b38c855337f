# winsorise(): values beyond quantiles set to these.

#' Winsorise
#'
#' Sets what lies beyond two quantiles to these quantiles.
#'
#' @param x A numeric vector, or a data frame.
#' @param probs Two probabilities, the lower first, both between 0 and 1 (default .01 and .99).
#' @param by For a vector: values that group it; for data: a column, bare or as a string. Quantiles are then those of
#' each
#'   group. `NULL` (default) for none.
#' @param columns For data: the columns to change, bare or as strings; by default all numeric ones but unit and time
#' (the
#'   attribute `panel` that [read_panel()] leaves, or the index of a `pdata.frame`).
#' @return `x` with values changed, as doubles. The attribute `changed` has the number of values changed below and
#' above (a
#'   data frame by column for data), which a message says. Missing values stay. Quantiles are of type 7.
#' @section Errors: `flowresil_error_probs`, `flowresil_error_type`, `flowresil_error_missing_column`,
#'   `flowresil_error_infinite`, `flowresil_error_argument`. Message: `flowresil_message_winsorised`.
#' @seealso [describe_panel()].
#' @export
#' @examples
#' range(winsorise(c(1:99, 1e6)))
#' winsorise(data.frame(g = c("a", "a", "b", "b"), v = c(1, 9, 2, 50)), probs = c(.25, .75), by = g)
winsorise <- function(x, probs = c(.01, .99), by = NULL, columns = NULL) {
  call <- rlang::current_env()
  check_probs(probs, call)
  if (is.data.frame(x)) return(winsorise_data(x, probs, rlang::enquo(by), rlang::enquo(columns), call))
  if (!rlang::quo_is_null(rlang::enquo(columns))) {
    abort_input("argument", "`columns` must be left out where `x` is a vector.", found = "It is given.",
                arg = "columns",
                call = call)
  }
  value <- as_numbers(x, "`x`", "x", call)
  refuse_infinite(value, "`x`", "x", call)
  if (!is.null(by) && length(by) != length(value)) {
    abort_input("argument", "`by` must have a value for each of `x`.",
                found = paste0("It has ", format_counts(length(by)), ", `x` has ", format_counts(length(value)), "."),
                  arg = "by",
                call = call)
  }
  found <- winsorise_values(value, probs, by)
  tell_winsorised(data.frame(column = "x", below = found$below, above = found$above), probs)
  structure(found$value, names = names(x), changed = c(below = found$below, above = found$above))
}

check_probs <- function(probs, call) {
  if (is.numeric(probs) && length(probs) == 2L && all(is.finite(probs)) && probs[1L] >= 0 && probs[2L] <= 1 &&
      probs[1L] < probs[2L]) return(invisible())
  abort_input("probs", "`probs` must be two probabilities, the lower first.", found = describe_value(probs),
              arg = "probs",
              call = call)
}

winsorise_data <- function(x, probs, by, columns, call) {
  check_data(x, "x", call)
  keys <- described_keys(x, rlang::quo(NULL), rlang::quo(NULL), call)
  by <- optional_column(by, x, "by", call)
  columns <- columns_to_describe(columns, x, c(unlist(keys), by), call)
  groups <- if (!is.null(by)) source_column(x, by)
  changed <- data.frame(column = columns, below = 0L, above = 0L)
  for (j in seq_along(columns)) {
    value <- numeric_column(x, columns[j], "columns", call)
    refuse_infinite(value, paste0("Column `", columns[j], "`"), "columns", call, column = columns[j])
    found <- winsorise_values(value, probs, groups)
    attributes(found$value) <- attributes(value)
    label <- attr(source_column(x, columns[j]), "label", exact = TRUE)
    if (!is.null(label)) attr(found$value, "label") <- label
    x[[columns[j]]] <- found$value
    changed[j, 2:3] <- c(found$below, found$above)
  }
  tell_winsorised(changed, probs)
  attr(x, "changed") <- changed
  x
}

# list(value, below, above): the values, and how many were changed on each side.
winsorise_values <- function(x, probs, by = NULL) {
  groups <- if (is.null(by)) list(seq_along(x)) else lapply(split_rows(by), `[[`, "rows")
  below <- above <- 0L
  for (rows in groups) {
    ends <- stats::quantile(x[rows], probs, na.rm = TRUE, names = FALSE)
    low <- rows[!is.na(x[rows]) & x[rows] < ends[1L]]
    high <- rows[!is.na(x[rows]) & x[rows] > ends[2L]]
    x[low] <- ends[1L]
    x[high] <- ends[2L]
    below <- below + length(low)
    above <- above + length(high)
  }
  list(value = x, below = below, above = above)
}

tell_winsorised <- function(changed, probs) {
  inform_user(
    "winsorised", paste0("Winsorised at ", label_values(probs[1L]), " and ", label_values(probs[2L]), "."),
    details = paste0("`", changed$column, "`: ", changed$below, " below, ", changed$above, " above."), changed = changed
  )
}
