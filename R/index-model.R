# The composite index of a panel: indicators -> normalised -> weighted -> one number a row.

#' Data-flow index of a panel
#'
#' @description
#' Builds a composite index from indicators of a panel: each indicator is normalised and turned so that more
#' is better, weighted by its entropy, by principal components, equally or by weights that are given, and the
#' weighted values are added.
#'
#' @details
#' **Score.** With \eqn{y_{itj}} the normalised value of indicator \eqn{j}, unit \eqn{i}, time \eqn{t},
#' \deqn{index_{it} = \sum_j w_j\, y_{itj}}
#' (linear aggregation of the normalised values themselves, not of their shares; Table 1 of Wang & Lu 2025
#' for the indicators and weights). The weight of a group is the sum of the weights in it.
#'
#' **Normalisation.** `"minmax"`: `(x - min) / (max - min)`, for direction -1 `(max - x) / (max - min)`;
#' `"share"`: `x / sum(x)`; `"zscore"`: `(x - mean) / sd` (with n - 1) times the direction; `"none"`: `x`.
#' With `scope = "pooled"` minimum, maximum, sum, mean and sd are those of all rows, so that years compare;
#' with `"period"` those of each period, so that the index tells ranks within a year and no growth.
#'
#' **Weights.** `"entropy"`: see [entropy_weights()]; the base of the entropy is the number of rows (units x
#' periods), 0 ln 0 = 0, and no small number is added unless `offset` says so (it moves the weights, not the
#' normalised values in the score). `"equal"`: 1 / number of indicators. `weights = c(a = .2, ...)`: used as
#' given. `"pca"`: indicators are standardised, those with direction -1 turned;
#' components with an eigenvalue above 1 (or as `components` says; the first at least) are kept, each turned
#' so that it rises with the mean of the indicators, and the score is their mean weighted by their shares of
#' variance, which makes \eqn{w_j = \sum_k \lambda_k l_{jk} / \sum_k \lambda_k} of the standardised values.
#' Such weights may be negative and do not sum to 1. `components = 1` is the first component alone.
#'
#' A constant indicator gets weight 0 under entropy, pca and equal (the others share its weight), and a
#' warning names it; given weights stay as given, while its normalised value is 0 under minmax and zscore.
#'
#' **Predicting.** `predict(object, newdata)` uses the stored scaling and weights; values outside the stored
#' range go below 0 or above 1 and are not clipped.
#'
#' @section Errors:
#' `flowresil_error_missing_column`, `flowresil_error_ambiguous_column`, `flowresil_error_type`,
#' `flowresil_error_encoding` (units or names that are no text in their encoding),
#' `flowresil_error_time`, `flowresil_error_duplicate_rows`, `flowresil_error_missing_value` (with the count
#' by indicator), `flowresil_error_infinite`, `flowresil_error_repeated_indicator`,
#' `flowresil_error_direction`, `flowresil_error_negative`, `flowresil_error_normalise`,
#' `flowresil_error_weights` (missing, unknown, repeated, negative, `NA` or all zero),
#' `flowresil_error_components`, `flowresil_error_too_few_rows`, `flowresil_error_all_constant`,
#' `flowresil_error_missing_argument`, `flowresil_error_empty`, `flowresil_error_choice`,
#' `flowresil_error_number` (`offset`), `flowresil_error_flag` (`rescale`), `flowresil_error_option` (the option
#' `flowresil.threads`), `flowresil_error_name` (`name` is no string), `flowresil_error_unknown_column` (a
#' misspelt column in the table of indicators), `flowresil_error_argument` (an unknown argument, an option that
#' the method does not take, `method` and `weights` together).
#' Warning: `flowresil_warning_constant_indicator`.
#' Messages: `flowresil_message_unused_columns`, `flowresil_message_weights_order`,
#' `flowresil_message_name_taken`.
#'
#' @param data A data frame of any kind (data.frame, tibble, data.table, grouped tibble, pdata.frame), one row
#'   a unit and time, in any order.
#' @param indicators Which columns, and which way they point: a character vector (all +1); directions named by
#'   column, `c(a = 1, b = -1)` or `c(a = "+", b = "-")`; or a data frame with column `indicator` and, if
#'   wanted, `group`, `direction` and `label` (shown by print and plots in place of the column's name; by
#'   default the columns' attributes `label`), such as
#'   [flow_indicators]. A direction is +1 where more is better, -1
#'   where less is better, or a word: `"+"`, `"+1"` or `"positive"`, `"-"`, `"-1"` or `"negative"`, or the
#'   Chinese zhengxiang (zheng), fuxiang (fu) or nixiang in characters. Other columns of the table
#'   are not used, which a message says; one that looks like a misspelt `indicator`, `group`, `direction`,
#'   `label` or `weight` is refused. Numeric columns of `data` without missing or infinite cells; each named once.
#' @param unit,time Columns that say who and when, bare or quoted. `time` holds whole numbers, or dates, which
#'   count by the longest step that fits them: see [panel_time].
#' @param method `"entropy"` (default), `"pca"`, `"equal"`, or what one of the [weightings] gives. Not used when
#'   `weights` are given.
#' @param weights `NULL` (default), or a numeric vector named by indicator, 0 or more, one for each: used as
#'   given, not scaled to sum to 1 unless `rescale = TRUE`. Without names they are taken in the order of
#'   `indicators`, which a message says.
#' @param normalise `"minmax"` (default), `"share"`, `"zscore"` or `"none"`. Entropy refuses `"zscore"`;
#'   `"share"` and `"none"` take direction +1 only, `"share"` (and entropy under `"none"`) no negative value.
#'   Principal components are of standardised values: `"share"` and `"none"` are refused there.
#' @param scope `"pooled"` (default) or `"period"`: over which rows an indicator is normalised.
#' @param aggregate `"linear"`, the weighted sum.
#' @param ... Must be empty.
#' @param offset,components Short forms of [weighting_entropy()]'s and [weighting_pca()]'s options.
#' @param rescale For given weights: `TRUE` scales them to sum to 1. Default `FALSE`. This and the two above are
#'   refused where the method does not take them, unless they hold the default.
#' @param name Name of the column that holds the index, one string (default `"index"`): give each index its own
#'   where several are merged into one table. Not the name of unit or time. A message says where `data` has a
#'   column of that name, since `merge()` without `by =` would join on it and lose the rows.
#'
#' @return An object of class `flow_index`, a list of
#'   \describe{
#'     \item{index}{data frame, one row for each row of `data` in its order: the user's unit and time columns
#'       with their names and types, and the index (double, never `NA`) in the column called `name`}
#'     \item{weights}{data frame, one row an indicator: `indicator`, `group` (`NA` without groups),
#'       `direction`, `entropy` and `divergence` (`NA` for other methods than entropy), `weight`, and `label`
#'       where the table of indicators has that column}
#'     \item{groups}{data frame `group`, `weight`: sums over the indicators of a group}
#'     \item{scaling}{data frame `indicator`, `direction`, `centre`, `spread`, and the time column first when
#'       `scope = "period"`: the normalised value is `direction * (x - centre) / spread`, and 0 where spread
#'       is 0}
#'     \item{components}{for pca a list of `eigenvalues`, `shares` (of variance), `loadings` (indicators x
#'       components), `kept` (how many enter the score); else `NULL`}
#'     \item{method, weighting}{the weighting's name (`"given"` for `weights`), and its object}
#'     \item{normalise, scope, aggregate, offset, rescale, name}{as used}
#'     \item{sample}{list: `n_rows`, `n_units`, `n_times`, `times` (first and last), `balanced`, `constant`
#'       (names of constant indicators)}
#'     \item{normalised}{matrix, rows of `data` x indicators}
#'     \item{unit, time}{names of the two columns}
#'     \item{step}{what one step of time is (see [panel_time]): a list with `unit`, `"number"` for whole numbers,
#'       else `"year"`, `"quarter"`, `"month"`, `"week"` or `"day"`, and the place of the dates in it}
#'     \item{call}{the call}
#'   }
#'   Methods: `print`, `summary`, `as.data.frame` (gives `index`), `weights`, [contributions()], `predict`,
#'   `tidy`, `glance`, `autoplot`.
#' @references
#' Wang, Y. Q. and Lu, R. X. (2025). The impact of data factor flow environment on export resilience.
#' *International Journal of Multidisciplinary Research and Growth Evaluation* 6(5), 839-844.
#' \doi{10.54660/.IJMRGE.2025.6.5.839-844}
#'
#' OECD and JRC (2008). *Handbook on Constructing Composite Indicators*. OECD Publishing, Paris.
#' @seealso [entropy_weights()], [interpolate_panel()] to fill gaps first, [contributions()]
#' @examples
#' # By hand: a runs from 0 to 1 over four rows, b the other way round; with weights .5 each the index of
#' # the first row is .5 * 0 + .5 * 1
#' d <- data.frame(city = c("A", "A", "B", "B"), year = c(1, 2, 1, 2), a = c(0, 2, 6, 8), b = c(1, 2, 3, 5))
#' i <- data_flow_index(d, c(a = 1, b = -1), unit = city, time = year, method = "equal")
#' as.data.frame(i)
#' contributions(i)
#'
#' # The indicators of the paper that have an official series, gaps filled inside each province
#' wanted <- flow_indicators[flow_indicators$official, ]
#' panel <- province_panel[province_panel$year %in% 2011:2022, ]
#' panel <- interpolate_panel(panel, wanted$indicator, province, year, ends = "constant")
#' index <- data_flow_index(panel, wanted, province, year)
#' index
#' weights(index)
#' @export
data_flow_index <- function(data, indicators, unit, time, method = c("entropy", "pca", "equal"),
                            weights = NULL, normalise = c("minmax", "share", "zscore", "none"),
                            scope = c("pooled", "period"), aggregate = "linear", ...,
                            offset = 0, components = NULL, rescale = FALSE, name = "index") {
  call <- rlang::current_env()
  check_dots(...)
  check_data(data)
  table <- read_indicators(rlang::enquo(indicators), data, call)
  panel <- code_panel(
    data, resolve_columns(rlang::enquo(unit), data, "unit", single = TRUE),
    resolve_columns(rlang::enquo(time), data, "time", single = TRUE)
  )
  chosen <- !missing(name)
  name <- check_result_name(name, call)
  refuse_key_names(panel, name, call, chosen = chosen)
  refuse_key_indicators(panel, table$indicator, call)
  if (!is.null(weights) && !missing(method)) refuse_two_methods(call)
  normalise <- as_choice(normalise, normalisations(), "normalise")
  scope <- check_choice(scope, c("pooled", "period"), "scope")
  aggregate <- as_choice(aggregate, aggregations(), "aggregate")
  short <- list(
    offset = check_number(offset, "offset", lower = 0), components = check_components(components, call),
    rescale = check_flag(rescale, "rescale")
  )
  weighting <- read_weighting(method, weights, short, table$indicator, call)
  recipe <- list(
    weighting = weighting, normalise = normalise_for(weighting, normalise, call), scope = scope, aggregate = aggregate,
    name = name
  )
  x <- read_indicator_columns(data, table$indicator, call)
  check_normalisation(x, table$direction, recipe$normalise, weighting, call)
  refuse_few_rows(nrow(x), call)
  fit <- fit_index(x, table$direction, panel, recipe, call)
  warn_constant_index(table$indicator, fit, panel, recipe)
  inform_name_taken(name, data, panel)
  validate_flow_index(new_flow_index(table, panel, recipe, fit, rlang::current_call()))
}

# --- computing -------------------------------------------------------------------------------------------

# Scaling, weights and scores: the scaling's centre, spread, constant (groups x indicators) and uninformative, with
# groups, periods, normalised, weight, by_indicator, components, index.
fit_index <- function(x, direction, panel, recipe, call) {
  groups <- pooled_rows()
  periods <- NULL
  if (recipe$scope == "period") {
    coded <- code_values(panel$when)
    periods <- coded$values
    groups <- list(code = coded$code, n_groups = length(periods))
  }
  scale <- if (is.null(recipe$weighting$scale)) scale_indicators else recipe$weighting$scale
  fit <- scale(x, direction, recipe$normalise, groups, call)
  fit$groups <- groups
  fit$periods <- periods
  fit$normalised <- scale_columns(x, direction, fit$centre, fit$spread, groups$code, call)
  at <- list(x = x, direction = direction, groups = groups, varies = !fit$uninformative, scaling = fit,
             threads = n_threads(), call = call)
  fit[c("weight", "by_indicator", "components")] <- weigh_indicators(recipe$weighting, fit$normalised, at)
  fit$index <- recipe$aggregate$combine(fit$normalised, fit$weight)
  fit
}
