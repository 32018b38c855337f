# How resilience is measured: the table, which measure a call asks for, and what each promises.

#' Measures of resilience
#'
#' How [export_resilience()] measures resilience, for its argument `method`: a name stands for the function of that name
#' with its defaults, `method = "hp"` for `method = measure_hp()`.
#'
#' @details
#' **base** (Wang & Lu 2025, section 3.2.2):
#' \deqn{resilience_{it} = (x_{it} - x_{i0}) / x_{i0}}
#' with \eqn{x_{i0}} the exports of the unit in the base year. The base year need not be part of the sample
#' that is analysed later; its rows are dropped from the result (they are 0 by construction), which a message
#' says. Where a unit's base is missing, zero or negative, or has no row, its resilience is `NA` and a warning
#' names the unit. A missing export gives `NA` in that row.
#'
#' **hp** (their robustness test): \eqn{\ln x} of each unit is split by [hp_filter()] into trend and cycle,
#' and
#' \deqn{ratio_{it} = trend_{it} / cycle_{it}}
#' The cycles of a unit sum to 0, so that the ratio is *negative in about half of all rows* and large wherever
#' exports are near their trend. The logarithm of the ratio therefore does not exist in every row; what to do
#' is `transform`:
#'
#' | `transform` | resilience | undefined |
#' |---|---|---|
#' | `"none"` | ratio | |
#' | `"log_abs"` | `log(scale * abs(ratio))` | ratio 0 |
#' | `"log_positive"` | `log(scale * ratio)` | ratio 0 or negative |
#' | `"signed_log"` | `sign(ratio) * log(1 + scale * abs(ratio))` | |
#' | `"asinh"` | `asinh(scale * ratio)` | |
#'
#' `"log_abs"` with `scale = 100` is the only reading under which the paper keeps its 450 rows; it treats a
#' boom and a slump alike. `scale` enters only the transforms. A cycle of 0 (up to rounding:
#' `8 * eps * max(abs(log(x))) * (1 + sqrt(lambda))` of the unit) has no ratio: `NA`, with a warning that
#' names the units. A cycle below .001, exports within a tenth of a percent of their trend, counts as near
#' zero: its ratio is kept, and the count is printed.
#'
#' @param base The base period, as [export_resilience()] takes it.
#' @param lambda The smoothing parameter, one number, 0 or more (default 6.25, for annual figures).
#' @param transform `"none"` (default), `"log_abs"`, `"log_positive"`, `"signed_log"` or `"asinh"`.
#' @param scale One number above 0 (default 100), for the transforms.
#' @return An object that prints what it is and is taken by `method =`.
#' @section Errors: `flowresil_error_number` (`lambda`, `scale`), `flowresil_error_choice` (`transform`).
#' @source Wang and Lu (2025), section 2.2 (base year) and 3.3 (trend over cycle).
#' @seealso [export_resilience()], [hp_filter()].
#' @examples
#' measure_hp(lambda = 100)
#' d <- data.frame(city = "A", year = 2008:2010, sales = c(100, 120, 80))
#' export_resilience(d, sales, city, year, method = measure_base(2008))
#' @name measures
NULL

# The measures that have a name. A measure has
#   measure(x, panel, at)  x the exports by row; `at` holds export (the column's name), checked and
#                  call. Gives list(value = numbers, NA where there is none; and, where it has them, columns =
#                  named list of further columns, rows = which rows of the data they are for (all), counts = named whole
#                  numbers, unusable = units without a value, facts = what is known after computing, such as the base)
# and may have
#   columns        names of the further columns, known before computing
#   check(panel, call)  what is checked before the exports are looked at; its value is at$checked
#   refuses        words that say why it takes no other measure's options
#   wide           are its values of both signs and many sizes, so that pictures need a scale for that?
#   describe(x)    its lines in print between the head and the time's; else label and settings
measures <- function() list(base = measure_base, hp = measure_hp)

# The measure that `method` and the short forms of its options ask for; `written` names those that the caller gave.
read_measure <- function(method, short, written, call) {
  words <- list(
    owner = function(name) {
      paste0(if (name == "scale") "the transforms of ", "`method = \"", owner_of_option(name, measures()), "\"`")
    },
    instead = function(chosen) {
      paste0("`method` is \"", chosen$name, "\"", if (!is.null(chosen$refuses)) paste0(", ", chosen$refuses))
    }
  )
  defaults <- list(base = 2008, lambda = 6.25, transform = "none", scale = 100)
  choice_with_options(method, measures(), "method", short, defaults, words, call, written)
}

# What every measure promises, whoever wrote it: list(value, columns, rows, counts, unusable, facts).
measure_exports <- function(measure, x, panel, at) {
  found <- measure$measure(x, panel, at)
  rows <- if (is.null(found$rows)) seq_len(panel$n_rows) else found$rows
  columns <- found$columns
  fault <- if (!is.numeric(found$value) || length(found$value) != length(rows)) {
    paste0("Its `value` is not ", count_of(length(rows), "number"), ".")
  } else if (any(is.nan(found$value) | is.infinite(found$value))) {
    "Its `value` holds NaN or infinite numbers."
  } else if (!setequal(names(columns), measure$columns) || any(lengths(columns) != length(rows))) {
    "Its `columns` are not those that it announces, one value a row."
  }
  if (!is.null(fault)) refuse_broken_choice(measure, "a value for each of its rows", fault, "method", at$call)
  counts <- c(rows = length(rows), undefined = sum(is.na(found$value)), found$counts)
  list(value = as.double(found$value), columns = columns[measure$columns], rows = rows, counts = counts,
       unusable = if (is.null(found$unusable)) panel$units[0L] else found$unusable, facts = found$facts)
}
