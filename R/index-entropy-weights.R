# Entropy weights of a matrix of indicators: the building block under data_flow_index().

#' Entropy weights
#'
#' @description
#' Weighs each column of a matrix by how much its values differ between rows: a column whose mass is
#' spread evenly says nothing and weighs nothing, a concentrated one weighs much. The building block of
#' [data_flow_index()].
#'
#' @details
#' With \eqn{y_{ij}} the normalised value of row \eqn{i}, column \eqn{j}, plus `offset`, and \eqn{n} rows,
#' \deqn{s_{ij} = y_{ij} / \sum_i y_{ij}, \qquad e_j = -\frac{1}{\ln n} \sum_i s_{ij} \ln s_{ij}, \qquad
#'   d_j = 1 - e_j, \qquad w_j = d_j / \sum_j d_j}
#' with \eqn{0 \ln 0 = 0} exactly. The base of the entropy is the number of rows used, so that
#' \eqn{0 \le e_j \le 1} always holds. (Scripts that divide by the logarithm of the number of *years* of a
#' panel get negative divergences, and weights in reverse order.) The divergence is summed without
#' cancellation as \eqn{d = \mathrm{mean}(\phi(y/\bar y))/\ln n}, \eqn{\phi(r) = r \ln r - r + 1}.
#'
#' A column counts as constant when `max - min` is at most `n * eps * max(abs(x))`, the spread that rounding
#' alone can make. It has entropy 1 and weight 0, and a warning names it.
#'
#' @section Errors:
#' `flowresil_error_missing_argument`, `flowresil_error_type` (not numeric),
#' `flowresil_error_missing_value`, `flowresil_error_infinite`,
#' `flowresil_error_missing_column` (no column), `flowresil_error_empty` (no row), `flowresil_error_choice`,
#' `flowresil_error_argument`, `flowresil_error_option` (the option `flowresil.threads`),
#' `flowresil_error_direction` (not +1 or -1, or -1 under share and none), `flowresil_error_negative`
#' (negative values under share or none), `flowresil_error_normalise` (zscore, whose values are negative),
#' `flowresil_error_too_few_rows` (fewer than two), `flowresil_error_all_constant`,
#' `flowresil_error_ambiguous_column` (two columns of one name), `flowresil_error_number` (`offset`),
#' `flowresil_error_encoding` (a name that is no text in its encoding).
#' Warning: `flowresil_warning_constant_indicator`.
#'
#' @param x Numeric matrix or data frame, rows x indicators, at least two rows; no missing or infinite value. Or a
#'   table in a database (a lazy table of dbplyr, a list of them, or a [panel_source()]) of such columns, which is read
#'   twice.
#' @param direction +1 where more is better, -1 where less is better, as numbers or as the words that
#'   [data_flow_index()] takes (`"+"`, `"-"`, `"positive"`, `"negative"`, ...): one for all, one a column, or
#'   named by column. -1 is refused under `"share"` and `"none"`.
#' @param normalise `"minmax"` (default): `(x - min) / (max - min)`, for direction -1
#'   `(max - x) / (max - min)`; `"share"`: `x / sum(x)`; `"none"`: `x` itself. The last two give the same
#'   weights and need values of 0 or more.
#' @param offset One number, 0 or more (default 0), added to every normalised value before the shares are
#'   taken. Not needed, as 0 ln 0 is 0; there to reproduce work that added .01 or .0001.
#' @param ... Must be empty.
#'
#' @return A data frame of class `entropy_weights`, one row an indicator in the order of the columns:
#'   \describe{
#'     \item{indicator}{character, the column's name (`V1`, `V2`, ... where there is none)}
#'     \item{direction}{double, +1 or -1}
#'     \item{entropy}{double in 0 .. 1}
#'     \item{divergence}{double in 0 .. 1, 1 - entropy}
#'     \item{weight}{double in 0 .. 1, summing to 1}
#'   }
#'   with attributes `n` (rows used), `normalise` and `offset`. Nothing in it is `NA`.
#' @references
#' Shannon, C. E. (1948). A mathematical theory of communication. *Bell System Technical Journal* 27, 379-423.
#'
#' Zeleny, M. (1982). *Multiple Criteria Decision Making*. McGraw-Hill, New York.
#' @seealso [data_flow_index()]
#' @examples
#' # By hand: column a has shares 1/4 and 3/4, so that its entropy is .8113 = (2 - .75 * log2(3));
#' # column b has all its mass in one row: entropy 0.
#' entropy_weights(cbind(a = c(1, 3), b = c(0, 1)), normalise = "share")
#'
#' # Two series of the shipped panel
#' entropy_weights(province_panel[c("patents_granted", "broadband_ports")])
#' @export
entropy_weights <- function(x, direction = 1, normalise = "minmax", offset = 0, ...) {
  check_dots(...)
  call <- rlang::current_env()
  if (missing(x)) abort_input("missing_argument", "`x` must be given.", arg = "x", call = call)
  normalise <- as_choice(normalise, normalisations(), "normalise", call)
  offset <- check_number(offset, "offset", lower = 0, call = call)
  if (is_table(x)) {
    x <- as_source(x, call)
    direction <- check_direction(direction, source_names(x), call)
    found <- entropy_of_table(x, direction, normalise, offset, call)
    return(finish_entropy_weights(source_names(x), direction, found, whole_count(found$n), normalise$name, offset))
  }
  x <- indicator_matrix(x, call)
  direction <- check_direction(direction, colnames(x), call)
  check_normalisation(x, direction, normalise, weighting_entropy(offset), call)
  refuse_few_rows(nrow(x), call)
  found <- fit_entropy(x, direction, normalise$name, offset, pooled_rows(), call)
  finish_entropy_weights(colnames(x), direction, found, nrow(x), normalise$name, offset)
}

# A count as an integer, where one holds it.
whole_count <- function(n) if (n <= .Machine$integer.max) as.integer(n) else n

finish_entropy_weights <- function(indicator, direction, found, n, normalise, offset) {
  warn_constant(indicator, found$uninformative, rows = n)
  validate_entropy_weights(new_entropy_weights(
    indicator = indicator, direction = unname(direction), entropy = found$entropy, divergence = found$divergence,
    weight = found$weight, n = n, normalise = normalise, offset = offset
  ))
}

new_entropy_weights <- function(indicator, direction, entropy, divergence, weight, n, normalise, offset) {
  structure(
    list(indicator = indicator, direction = direction, entropy = entropy, divergence = divergence,
         weight = weight),
    class = c("entropy_weights", "data.frame"), row.names = .set_row_names(length(indicator)),
    n = n, normalise = normalise, offset = offset
  )
}

validate_entropy_weights <- function(x) {
  promise(!anyNA(x$weight) && all(x$weight >= 0) && abs(sum(x$weight) - 1) < 1e-12, "weights sum to 1")
  promise(all(x$entropy >= 0 & x$entropy <= 1), "entropies lie in 0 .. 1")
  x
}

#' @export
print.entropy_weights <- function(x, digits = 4, ...) {
  check_digits(digits)
  if (is.null(attr(x, "normalise"))) return(NextMethod())
  cat("Entropy weights of ", count_of(nrow(x), "indicator"), " from ", count_of(attr(x, "n"), "row"), "\n",
      sep = "")
  cat("Normalised: ", attr(x, "normalise"), "; offset ", label_values(attr(x, "offset")),
      "; entropy to the base of the rows, 0 ln 0 = 0\n", sep = "")
  print_rows(as.data.frame(x), digits, limit = 11L)
  invisible(x)
}

#' @export
as.data.frame.entropy_weights <- function(x, row.names = NULL, optional = FALSE, ...) { # nolint
  structure(
    unclass(x)[names(x)],
    class = "data.frame", row.names = .set_row_names(length(x[["indicator"]]))
  )
}

#' @importFrom stats weights
#' @export
weights.entropy_weights <- function(object, ...) rlang::set_names(object$weight, object$indicator)

#' @export
tidy.entropy_weights <- function(x, ...) {
  data.frame(term = x$indicator, direction = x$direction, entropy = x$entropy, divergence = x$divergence,
             estimate = x$weight)
}

#' @export
glance.entropy_weights <- function(x, ...) {
  data.frame(nobs = attr(x, "n"), n_indicators = nrow(x), normalise = attr(x, "normalise"),
             offset = attr(x, "offset"))
}
