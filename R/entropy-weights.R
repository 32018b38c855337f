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
#' @param x Numeric matrix or data frame, rows x indicators, at least two rows; no missing or infinite value.
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
  normalise <- check_choice(normalise, normalisations, "normalise", call)
  offset <- check_number(offset, "offset", lower = 0, call = call)
  x <- indicator_matrix(x, call)
  direction <- check_direction(direction, colnames(x), call)
  check_normalisation(x, direction, normalise, "entropy", call)
  refuse_few_rows(nrow(x), call)
  found <- fit_entropy(x, direction, normalise, offset, pooled_rows(), call)
  warn_constant(colnames(x), found$uninformative, rows = nrow(x))
  validate_entropy_weights(new_entropy_weights(
    indicator = colnames(x), direction = direction, entropy = found$entropy,
    divergence = found$divergence, weight = found$weight,
    n = nrow(x), normalise = normalise, offset = offset
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

# --- shared with data_flow_index() ----------------------------------------------------------------------

normalisations <- c("minmax", "share", "zscore", "none")

# Row groups as the core takes them: no codes means all rows together.
pooled_rows <- function() list(code = integer(), n_groups = 1L)

# A matrix of finite doubles with column names, from a matrix or data frame.
indicator_matrix <- function(x, call) {
  if (is.data.frame(x)) {
    check_data(x, "x", call)
    if (length(names(x)) == 0L) abort_no_columns(call)
    check_unambiguous(names(x), x, "x", call)
    names <- utf8_names(names(x), "x", call)
    columns <- lapply(names, function(name) numeric_column(x, name, "x", call))
    x <- matrix(unlist(columns, use.names = FALSE), ncol = length(names), dimnames = list(NULL, names))
  } else {
    if (is.numeric(x) && !is.object(x) && is.null(dim(x))) x <- matrix(x, ncol = 1L)
    if (!is.matrix(x) || !is.numeric(x)) {
      abort_input("type", "`x` must be a numeric matrix or a data frame of numeric columns.",
                  found = paste0("It is ", describe_type(x), "."), arg = "x", call = call)
    }
    if (nrow(x) == 0L) {
      abort_input("empty", "`x` must have at least one row.", found = "It has 0 rows.", arg = "x",
                  call = call)
    }
    if (ncol(x) == 0L) abort_no_columns(call)
    if (is.integer(x)) storage.mode(x) <- "double"
    if (!is.null(colnames(x))) colnames(x) <- utf8_names(colnames(x), "x", call)
    if (is.null(colnames(x))) dimnames(x) <- list(NULL, paste0("V", seq_len(ncol(x))))
    if (anyDuplicated(colnames(x))) {
      twice <- unique(colnames(x)[duplicated(colnames(x))])
      abort_input("ambiguous_column", "Each column of `x` must have a name of its own.",
                  found = paste0(enumerate(twice, "`"), " stands more than once."), arg = "x",
                  columns = twice, call = call)
    }
  }
  refuse_unfinished(x, "x", call)
  x
}

abort_no_columns <- function(call) {
  abort_input("missing_column", "`x` must have at least one column.", found = "It has 0 columns.", arg = "x",
              call = call)
}

# Is every cell a finite number? Doubles only; R's own is.finite() would make a copy to look at.
all_finite <- function(x) core(cpp_all_finite, x)

# Stops at missing cells (counted by indicator, with the way out) and at infinite ones.
refuse_unfinished <- function(x, arg, call) {
  if (all_finite(x)) return(invisible())
  missing <- colSums(is.na(x))
  if (any(missing > 0)) {
    holed <- names(missing)[missing > 0]
    counts <- paste0("`", holed, "` (", format_counts(missing[missing > 0]), ")")
    abort_input(
      "missing_value", "The indicators must not have missing cells.",
      found = paste0("Missing cells: ", enumerate(counts), ", ",
                     count_of(sum(missing), "cell"), " of ", format_counts(length(x)), "."),
      todo = paste("Fill them inside each unit with `interpolate_panel()`, or leave out rows or indicators;",
                   "nothing is imputed silently."),
      arg = arg, columns = holed, counts = missing[missing > 0], call = call
    )
  }
  bad <- colnames(x)[colSums(is.infinite(x)) > 0]
  rows <- which(is.infinite(x[, bad[1L]]))
  abort_input(
    "infinite", "The indicators must not hold infinite values.",
    found = paste0("`", bad[1L], "` is infinite in ", name_rows(rows), if (length(bad) > 1L)
      paste0("; so are cells of ", enumerate(bad[-1L], "`")), "."),
    arg = arg, columns = bad, rows = rows, call = call
  )
}

format_counts <- function(n) format(n, big.mark = " ", scientific = FALSE, trim = TRUE)

# One direction an indicator, each +1 or -1.
check_direction <- function(direction, indicators, call) {
  p <- length(indicators)
  if (!holds_directions(direction) || !length(direction) %in% c(1L, p)) {
    abort_input(
      "direction", "`direction` must be +1 or -1, one for all or one for each indicator.",
      found = paste(describe_value(direction), "There", if (p == 1L) "is" else "are",
                    count_of(p, "indicator.", "indicators.")),
      todo = accepted_directions(), arg = "direction", call = call
    )
  }
  if (!is.null(names(direction))) {
    names(direction) <- utf8_names(names(direction), "direction", call)
    unknown <- setdiff(names(direction), indicators)
    absent <- setdiff(indicators, names(direction))
    if (length(unknown) || length(absent) || anyDuplicated(names(direction))) {
      abort_input(
        "direction", "The names of `direction` must be the indicators, each once.",
        found = c(
          if (length(unknown)) paste0("Not an indicator: ", enumerate(unknown, "`"), "."),
          if (length(absent)) paste0("Without a direction: ", enumerate(absent, "`"), ".")
        ),
        arg = "direction", columns = c(unknown, absent), call = call
      )
    }
    direction <- direction[indicators]
  }
  parsed <- rep_len(unname(parse_directions(direction)), p)
  refuse_direction(rep(direction, length.out = p), parsed, indicators, "direction", call)
  parsed
}

# What a normalisation and a method cannot take.
check_normalisation <- function(x, direction, normalise, method, call) {
  if (method == "entropy" && normalise == "zscore") {
    abort_input(
      "normalise", "Entropy needs normalised values of 0 or more.",
      found = "`normalise` is \"zscore\", which makes negative values.",
      todo = "Use \"minmax\", \"share\" or \"none\".", arg = "normalise", call = call
    )
  }
  if (!normalise %in% c("share", "none")) return(invisible())
  down <- direction < 0
  if (any(down)) {
    abort_input(
      "direction", paste0("`normalise = \"", normalise, "\"` takes direction +1 only."),
      found = paste0(enumerate(colnames(x)[down], "`"), if (sum(down) == 1L) " has" else " have",
                     " direction -1."),
      todo = "Use `normalise = \"minmax\"`, which turns such an indicator round.",
      arg = "direction", columns = colnames(x)[down], call = call
    )
  }
  if (normalise == "none" && method != "entropy") return(invisible())
  if (min(x) >= 0) return(invisible())
  low <- colnames(x)[apply(x, 2L, min) < 0]
  rows <- which(x[, low[1L]] < 0)
  abort_input(
    "negative", paste0("`normalise = \"", normalise, "\"` needs values of 0 or more."),
    found = paste0("`", low[1L], "` is negative in ", name_rows(rows), if (length(low) > 1L)
      paste0("; so are cells of ", enumerate(low[-1L], "`")), "."),
    todo = "Use `normalise = \"minmax\"`; absolute values would turn losses into gains.",
    arg = "normalise", columns = low, rows = rows, call = call
  )
}

refuse_few_rows <- function(n, call) {
  if (n >= 2L) return(invisible())
  abort_input(
    "too_few_rows", "An index needs at least two rows to compare.",
    found = paste0("There is ", count_of(n, "row"), "."), arg = "data", call = call
  )
}

# Scaling and entropy of a finite matrix in one call of the core.
fit_entropy <- function(x, direction, normalise, offset, groups, call) {
  found <- core(cpp_entropy_weights, x, direction, normalise, offset, groups$code, groups$n_groups,
                n_threads(), call = call)
  found$constant <- found$constant > 0
  found$uninformative <- as.vector(found$uninformative > 0)
  refuse_all_constant(found$uninformative, call)
  found
}

refuse_all_constant <- function(constant, call) {
  if (!all(constant)) return(invisible())
  abort_input(
    "all_constant", "At least one indicator must differ between rows.",
    found = if (length(constant) == 1L) "The one indicator is constant." else
      paste0("All ", length(constant), " indicators are constant."),
    arg = "indicators", call = call
  )
}

# Names the constant indicators; nothing where there is none.
warn_constant <- function(indicators, constant, rows, weight = "its weight is 0") {
  if (!any(constant)) return(invisible())
  named <- indicators[constant]
  warn_data(
    "constant_indicator",
    paste0("Indicator ", enumerate(named, "`"), if (length(named) == 1L) " is" else " are",
           " constant over the ", count_of(rows, "row"), ": ",
           if (length(named) == 1L) weight else sub("its weight is", "their weights are", weight), "."),
    todo = "A constant says nothing about differences; check the column or leave it out.",
    arg = "indicators", columns = named
  )
}

# What a constructor promises: a fault of ours if broken.
promise <- function(holds, what) {
  if (!isTRUE(holds)) abort_internal(simpleError(paste("a result does not keep its promise:", what)))
}

# Whole numbers, such as keys, with all their digits; other numbers rounded.
format_cells <- function(column, digits) {
  if (inherits(column, "integer64")) return(label_values(column))
  if (!is.double(column)) return(column)
  whole <- !is.object(column) && !any(is.infinite(column) | column != round(column), na.rm = TRUE)
  if (whole) label_values(column) else format(column, digits = digits)
}

# Prints a data frame with numbers rounded, at most `limit` rows.
print_rows <- function(x, digits = 4L, limit = 6L) {
  rows <- seq_len(min(nrow(x), limit))
  shown <- lapply(x, function(column) format_cells(pick(column, rows), digits))
  shown <- structure(shown, class = "data.frame", row.names = .set_row_names(length(rows)))
  print.data.frame(shown, row.names = FALSE, right = TRUE)
  if (nrow(x) > limit) cat("... ", count_of(nrow(x) - limit, "more row"), "\n", sep = "")
}
