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
#'   wanted, `group`, `direction` and `label` (shown by print and plots in place of the column's name), such as
#'   [flow_indicators]. A direction is +1 where more is better, -1
#'   where less is better, or a word: `"+"`, `"+1"` or `"positive"`, `"-"`, `"-1"` or `"negative"`, or the
#'   Chinese zhengxiang (zheng), fuxiang (fu) or nixiang in characters. Other columns of the table
#'   are not used, which a message says; one that looks like a misspelt `indicator`, `group`, `direction`,
#'   `label` or `weight` is refused. Numeric columns of `data` without missing or infinite cells; each named once.
#' @param unit,time Columns that say who and when, bare or quoted. `time` holds whole numbers, or dates, which
#'   count by the longest step that fits them: see [panel_time].
#' @param method `"entropy"` (default), `"pca"` or `"equal"`. Not used when `weights` are given.
#' @param weights `NULL` (default), or a numeric vector named by indicator, 0 or more, one for each: used as
#'   given, not scaled to sum to 1 unless `rescale = TRUE`. Without names they are taken in the order of
#'   `indicators`, which a message says.
#' @param normalise `"minmax"` (default), `"share"`, `"zscore"` or `"none"`. Entropy refuses `"zscore"`;
#'   `"share"` and `"none"` take direction +1 only, `"share"` (and entropy under `"none"`) no negative value.
#'   Principal components are of standardised values: `"share"` and `"none"` are refused there.
#' @param scope `"pooled"` (default) or `"period"`: over which rows an indicator is normalised.
#' @param aggregate `"linear"`, the weighted sum.
#' @param ... Must be empty.
#' @param offset For `"entropy"`: one number, 0 or more (default 0), added to the normalised values when
#'   entropies are taken.
#' @param components For `"pca"`: `NULL` (default, eigenvalues above 1), a whole number of components, or a
#'   share of variance between 0 and 1 that the components must reach together.
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
#'     \item{method}{`"entropy"`, `"pca"`, `"equal"` or `"given"`}
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
  panel <- read_panel(
    data, resolve_columns(rlang::enquo(unit), data, "unit", single = TRUE),
    resolve_columns(rlang::enquo(time), data, "time", single = TRUE)
  )
  chosen <- !missing(name)
  name <- check_result_name(name, call)
  refuse_key_names(panel, name, call, chosen = chosen)
  refuse_key_indicators(panel, table$indicator, call)
  given <- !is.null(weights)
  if (given && !missing(method)) refuse_two_methods(call)
  recipe <- list(
    method = if (given) "given" else check_choice(method, c("entropy", "pca", "equal"), "method"),
    normalise = check_choice(normalise, normalisations, "normalise"),
    scope = check_choice(scope, c("pooled", "period"), "scope"),
    aggregate = check_choice(aggregate, "linear", "aggregate"),
    offset = check_number(offset, "offset", lower = 0),
    rescale = check_flag(rescale, "rescale"),
    components = check_components(components, call),
    name = name
  )
  refuse_index_options(recipe, recipe$normalise, call)
  if (given) weights <- check_weights(weights, table$indicator, recipe$rescale, call)
  if (recipe$method == "pca") recipe$normalise <- "zscore"
  x <- read_indicator_columns(data, table$indicator, call)
  check_normalisation(x, table$direction, recipe$normalise, recipe$method, call)
  refuse_few_rows(nrow(x), call)
  fit <- fit_index(x, table, panel, recipe, weights, call)
  warn_constant_index(table$indicator, fit, panel, recipe)
  inform_name_taken(name, data, panel)
  validate_flow_index(assemble_index(table, panel, recipe, fit, rlang::current_call()))
}

# --- reading ---------------------------------------------------------------------------------------------

# indicator, group and direction of each indicator, from any of the three forms of the argument.
read_indicators <- function(quo, data, call) {
  if (rlang::quo_is_missing(quo)) {
    abort_input("missing_argument", "`indicators` must be given.", arg = "indicators", call = call)
  }
  given <- eval_columns(quo, data, "`indicators` must name columns of `data`.", "indicators", call)
  if (is.function(given) || is.environment(given)) {
    refuse_no_names(given, names(data), "indicators", FALSE, call, rlang::quo_get_expr(quo))
  }
  table <- indicator_table(given, names(data), call)
  check_column_names(table$indicator, data, "indicators", call = call)
  table
}

indicator_table <- function(given, columns, call) {
  group <- direction <- label <- NULL
  if (is.data.frame(given)) {
    given <- own_data(given)
    check_indicator_table(given, call)
    names <- as.character(given[["indicator"]])
    direction <- given[["direction"]]
    group <- given[["group"]]
    label <- given[["label"]]
  } else if (is.numeric(given) && !is.null(names(given)) || is.character(given) && names_directions(given, columns)) {
    names <- names(given)
    direction <- unname(given)
  } else if (is.character(given)) {
    refuse_bare_directions(given, columns, call)
    names <- unname(given)
  } else {
    abort_input(
      "type", paste("`indicators` must be a character vector, a vector of +1 and -1 named by column,",
                    "or a table with a column `indicator`."),
      found = paste0("It is ", describe_type(given), if (is.numeric(given)) " without names", "."),
      arg = "indicators", call = call
    )
  }
  group <- if (is.null(group)) rep(NA_character_, length(names)) else
    utf8_names(as.character(group), "indicators", call, "The groups of `indicators`")
  if (anyNA(names) || any(!nzchar(names))) {
    abort_input("missing_column", "Every indicator must have a name.",
                found = paste0("There is none at ", enumerate(which(is.na(names) | !nzchar(names))), "."),
                arg = "indicators", call = call)
  }
  if (anyDuplicated(names)) {
    twice <- unique(names[duplicated(names)])
    abort_input("repeated_indicator", "Each indicator must be named once.",
                found = paste0(enumerate(twice, "`"), if (length(twice) == 1L) " is" else " are",
                               " named more than once."),
                arg = "indicators", columns = twice, call = call)
  }
  names <- utf8_names(names, "indicators", call)
  direction <- read_directions(direction, names, call)
  table <- data.frame(indicator = names, group = group, direction = direction)
  if (!is.null(label)) table$label <- utf8_names(as.character(label), "indicators", call, "The labels of `indicators`")
  table
}

read_directions <- function(direction, names, call) {
  if (is.null(direction)) return(rep(1, length(names)))
  if (!holds_directions(direction)) refuse_direction_type(direction, "indicators", call)
  parsed <- parse_directions(direction)
  refuse_direction(direction, parsed, names, "indicators", call)
  unname(parsed)
}

read_indicator_columns <- function(data, names, call, finite = TRUE) {
  columns <- lapply(names, function(name) numeric_column(data, name, "indicators", call))
  x <- matrix(unlist(columns, use.names = FALSE), ncol = length(names), dimnames = list(NULL, names))
  if (finite) refuse_unfinished(x, "indicators", call)
  x
}

refuse_key_indicators <- function(panel, indicators, call) {
  keys <- c(unit = panel$unit_name, time = panel$time_name)
  taken <- keys[keys %in% indicators]
  if (length(taken) == 0L) return(invisible())
  abort_input(
    "ambiguous_column", "An indicator must not be the unit or the time.",
    found = paste0(enumerate(taken, "`"), if (length(taken) == 1L) " is " else " are ",
                   enumerate(paste("the", names(taken))), "."),
    todo = paste0("Leave ", if (length(taken) == 1L) "it" else "them", " out of `indicators`."),
    arg = "indicators", columns = unname(taken), call = call
  )
}

refuse_two_methods <- function(call) {
  abort_input("argument", "Either `method` or `weights` must be given, not both.",
              found = "Both are.", todo = "Weights that are given need no method.", arg = "weights",
              call = call)
}

check_components <- function(components, call) {
  if (is.null(components)) return(NULL)
  ok <- is.numeric(components) && length(components) == 1L && is.finite(components) && components > 0 &&
    (components < 1 || components == round(components))
  if (!ok) {
    abort_input(
      "components",
      "`components` must be NULL, a whole number of components, or a share of variance between 0 and 1.",
      found = describe_value(components), arg = "components", call = call
    )
  }
  as.double(components)
}

# Given weights in the order of the indicators.
check_weights <- function(weights, indicators, rescale, call) {
  ordered <- FALSE
  refuse <- function(must, found, columns = NULL) {
    abort_input("weights", must, found = found, arg = "weights", columns = columns, call = call)
  }
  if (!is.numeric(weights)) {
    refuse("`weights` must be a numeric vector named by indicator.", paste0("It is ", describe_type(weights), "."))
  }
  if (is.null(names(weights))) {
    if (length(weights) != length(indicators)) {
      refuse("`weights` without names must hold one weight for each indicator, in the order of `indicators`.",
             paste0("It has ", count_of(length(weights), "value"), "; there ",
                    if (length(indicators) == 1L) "is " else "are ", count_of(length(indicators), "indicator"), "."))
    }
    ordered <- TRUE
    names(weights) <- indicators
  }
  named <- names(weights) <- utf8_names(names(weights), "weights", call)
  twice <- unique(named[duplicated(named)])
  if (length(twice)) {
    refuse("`weights` must name each indicator once.",
           paste0(enumerate(twice, "`"), " stands more than once."), twice)
  }
  unknown <- setdiff(named, indicators)
  absent <- setdiff(indicators, named)
  if (length(unknown) || length(absent)) {
    refuse("`weights` must hold one weight for each indicator and no other.", c(
      if (length(unknown)) paste0("Not an indicator: ", enumerate(unknown, "`"), "."),
      if (length(absent)) paste0("Without a weight: ", enumerate(absent, "`"), ".")
    ), c(unknown, absent))
  }
  weights <- as.double(weights[indicators])
  odd <- !is.finite(weights) | weights < 0
  if (any(odd)) {
    refuse("`weights` must be finite numbers of 0 or more.",
           paste0(enumerate(paste0("`", indicators[odd], "` has ", label_values(weights[odd]))), "."), indicators[odd])
  }
  if (!any(weights > 0)) refuse("At least one of `weights` must be above 0.", "All are 0.")
  if (ordered) {
    inform_user("weights_order", paste0("Weights without names are taken in the order of `indicators`: ",
                                        enumerate(paste0("`", indicators, "` ", weights), first = 12L), "."))
  }
  if (rescale) weights <- weights / sum(weights)
  weights
}

# --- computing -------------------------------------------------------------------------------------------

# Scaling, weights and scores: a list of centre, spread, constant (groups x indicators), periods, entropy,
# divergence, weight, uninformative, components, normalised, index.
fit_index <- function(x, table, panel, recipe, weights, call) {
  groups <- pooled_rows()
  periods <- NULL
  if (recipe$scope == "period") {
    coded <- code_values(panel$when)
    periods <- coded$values
    groups <- list(code = coded$code, n_groups = length(periods))
  }
  p <- ncol(x)
  missing <- rep(NA_real_, p)
  if (recipe$method == "entropy") {
    fit <- fit_entropy(x, table$direction, recipe$normalise, recipe$offset, groups, call)
  } else {
    fit <- core(cpp_fit_scaling, x, table$direction, recipe$normalise, groups$code, groups$n_groups,
                n_threads(), call = call)
    fit$constant <- fit$constant > 0
    fit$uninformative <- colSums(!fit$constant) == 0
    refuse_all_constant(fit$uninformative, call)
    fit$entropy <- fit$divergence <- missing
  }
  fit$groups <- groups
  fit$periods <- periods
  fit$normalised <- scale_columns(x, table$direction, fit$centre, fit$spread, groups$code, call)
  if (recipe$method == "pca") {
    fit <- fit_components(fit, recipe$components, call)
  } else if (recipe$method == "equal") {
    fit$weight <- ifelse(fit$uninformative, 0, 1 / sum(!fit$uninformative))
  } else if (recipe$method == "given") {
    fit$weight <- weights
  }
  fit$index <- drop(fit$normalised %*% fit$weight)
  fit
}

scale_columns <- function(x, direction, centre, spread, code, call) {
  normalised <- core(cpp_apply_scaling, x, direction, centre, spread, code, n_threads(), call = call)
  dimnames(normalised) <- dimnames(x)
  normalised
}

# Weights by components: w = sum over the kept ones of (share of variance) x loadings.
fit_components <- function(fit, wanted, call) {
  found <- core(cpp_principal_components, fit$normalised, n_threads(), call = call)
  eigenvalues <- as.vector(found$eigenvalues)
  shares <- eigenvalues / sum(eigenvalues)
  kept <- count_components(wanted, eigenvalues, shares, call)
  first <- seq_len(kept)
  names <- paste0("PC", seq_along(eigenvalues))
  fit$weight <- drop(found$loadings[, first, drop = FALSE] %*% (eigenvalues[first] / sum(eigenvalues[first])))
  fit$components <- list(
    eigenvalues = rlang::set_names(eigenvalues, names), shares = rlang::set_names(shares, names),
    loadings = matrix(found$loadings, ncol = length(names), dimnames = list(colnames(fit$normalised), names)),
    kept = kept
  )
  fit
}

count_components <- function(wanted, eigenvalues, shares, call) {
  # Rounding must not lift an eigenvalue of exactly 1 over the bar.
  if (is.null(wanted)) return(max(1L, sum(eigenvalues > 1 + 1e-12)))
  if (wanted < 1) return(which(cumsum(shares) >= wanted - 1e-12)[1L])
  if (wanted > length(eigenvalues)) {
    abort_input(
      "components", paste0("`components` must not be more than the ",
                           count_of(length(eigenvalues), "indicator that varies", "indicators that vary"),
                           "."),
      found = paste0("It is ", label_values(wanted), "."), arg = "components", call = call
    )
  }
  as.integer(wanted)
}

warn_constant_index <- function(indicators, fit, panel, recipe) {
  weight <- if (recipe$method == "given") "its weight is kept as given" else "its weight is 0"
  warn_constant(indicators, fit$uninformative, panel$n_rows, weight)
  if (is.null(fit$periods) || !recipe$normalise %in% c("minmax", "zscore")) return(invisible())
  holes <- fit$constant & !rep(fit$uninformative, each = length(fit$periods))
  if (!any(holes)) return(invisible())
  named <- indicators[colSums(holes) > 0]
  labels <- time_labels(pick(panel$time, match(fit$periods, panel$when)))
  warn_data(
    "constant_indicator",
    paste0("An indicator that is constant in a period has the normalised value 0 there: ",
           enumerate(paste0("`", named, "` in ",
                            vapply(named, function(name) {
                              enumerate(labels[holes[, match(name, indicators)]])
                            }, ""))), "."),
    arg = "indicators", columns = named
  )
}

# --- constructing ----------------------------------------------------------------------------------------

assemble_index <- function(table, panel, recipe, fit, call) {
  index <- panel_keys(panel)
  index[[recipe$name]] <- fit$index
  weights <- data.frame(
    indicator = table$indicator, group = table$group, direction = table$direction,
    entropy = as.vector(fit$entropy), divergence = as.vector(fit$divergence), weight = as.vector(fit$weight)
  )
  weights$label <- table$label # NULL where the table has none
  new_flow_index(
    index = index, weights = weights, groups = sum_groups(weights),
    scaling = scaling_table(table, panel, fit), components = fit$components, recipe = recipe,
    sample = list(
      n_rows = panel$n_rows, n_units = panel$n_units, n_times = length(unique(panel$when)),
      times = pick(panel$time, panel_ends(panel)),
      balanced = panel$n_rows == as.double(panel$n_units) * length(unique(panel$when)),
      constant = table$indicator[fit$uninformative]
    ),
    normalised = fit$normalised, periods = fit$periods, step = panel$step, unit = panel$unit_name,
    time = panel$time_name, call = call
  )
}

# The index itself, whatever its column is called.
index_values <- function(x) x$index[[result_name(x, "index")]]

# Rows of the first and the last period.
panel_ends <- function(panel) c(which.min(panel$when), which.max(panel$when))

sum_groups <- function(weights) {
  group <- unique(weights$group)
  at <- match(weights$group, group)
  data.frame(group = group, weight = as.vector(rowsum(weights$weight, at, reorder = TRUE)))
}

scaling_table <- function(table, panel, fit) {
  p <- nrow(table)
  n_groups <- nrow(fit$centre)
  scaling <- data.frame(
    indicator = rep(table$indicator, each = n_groups), direction = rep(table$direction, each = n_groups),
    centre = as.vector(fit$centre), spread = as.vector(fit$spread)
  )
  if (is.null(fit$periods)) return(scaling)
  keys <- list(pick(panel$time, rep(match(fit$periods, panel$when), p)))
  names(keys) <- panel$time_name
  cbind(structure(keys, class = "data.frame", row.names = .set_row_names(nrow(scaling))), scaling)
}

new_flow_index <- function(index, weights, groups, scaling, components, recipe, sample, normalised, periods, step,
                           unit, time, call) {
  structure(
    list(
      index = index, weights = weights, groups = groups, scaling = scaling, components = components,
      method = recipe$method, normalise = recipe$normalise, scope = recipe$scope,
      aggregate = recipe$aggregate, offset = recipe$offset, rescale = recipe$rescale, name = recipe$name,
      sample = sample, normalised = normalised, periods = periods, step = step, unit = unit, time = time, call = call
    ),
    class = "flow_index"
  )
}

validate_flow_index <- function(x) {
  promise(all_finite(index_values(x)), "the index is finite")
  promise(nrow(x$index) == nrow(x$normalised) && ncol(x$normalised) == nrow(x$weights),
          "normalised values have a row for each row and a column for each indicator")
  promise(abs(sum(x$groups$weight) - sum(x$weights$weight)) < 1e-12, "groups add up to the weights")
  if (x$method %in% c("entropy", "equal")) {
    promise(abs(sum(x$weights$weight) - 1) < 1e-12, "weights sum to 1")
  }
  x
}
