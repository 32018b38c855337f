# How indicators are brought to one scale, and those that have none. The formulas stand in the core, by name.

# A normalisation may say that it `turns` indicators of direction -1, `makes_negative` values, `needs_positive` ones (0
# or more), `centres` (a constant column is 0), and in one word what it `does`.
normalisations <- function() {
  list(minmax = normalise_minmax, share = normalise_share, zscore = normalise_zscore, none = normalise_none)
}

normalise_minmax <- function() {
  new_choice("normalisation", "minmax", label = "from 0 to 1", turns = TRUE, centres = TRUE, does = "ranges")
}

normalise_share <- function() {
  new_choice("normalisation", "share", label = "shares of the sum", needs_positive = TRUE, does = "shares")
}

normalise_zscore <- function() {
  new_choice("normalisation", "zscore", label = "mean 0, standard deviation 1", turns = TRUE, makes_negative = TRUE,
             centres = TRUE, does = "standardises")
}

normalise_none <- function() new_choice("normalisation", "none", label = "as they are", does = "leaves")

# What a normalisation and a weighting cannot take.
check_normalisation <- function(x, direction, normalise, weighting, call) {
  non_negative <- identical(weighting$takes, "non_negative")
  if (non_negative && isTRUE(normalise$makes_negative)) {
    usable <- names(Filter(function(make) !isTRUE(make()$makes_negative), normalisations()))
    abort_input(
      "normalise", paste0(capital(weighting$label), " needs normalised values of 0 or more."),
      found = paste0("`normalise` is \"", normalise$name, "\", which makes negative values."),
      todo = paste0("Use ", enumerate(usable, "\"", last = "or"), "."), arg = "normalise", call = call
    )
  }
  if (isTRUE(normalise$turns)) return(invisible())
  down <- direction < 0
  if (any(down)) {
    abort_input(
      "direction", paste0("`normalise = \"", normalise$name, "\"` takes direction +1 only."),
      found = paste0(enumerate(colnames(x)[down], "`"), if (sum(down) == 1L) " has" else " have",
                     " direction -1."),
      todo = "Use `normalise = \"minmax\"`, which turns such an indicator round.",
      arg = "direction", columns = colnames(x)[down], call = call
    )
  }
  if (!isTRUE(normalise$needs_positive) && !non_negative) return(invisible())
  if (min(x) >= 0) return(invisible())
  low <- colnames(x)[apply(x, 2L, min) < 0]
  rows <- which(x[, low[1L]] < 0)
  abort_input(
    "negative", paste0("`normalise = \"", normalise$name, "\"` needs values of 0 or more."),
    found = paste0("`", low[1L], "` is negative in ", name_rows(rows), if (length(low) > 1L)
      paste0("; so are cells of ", enumerate(low[-1L], "`")), "."),
    todo = "Use `normalise = \"minmax\"`; absolute values would turn losses into gains.",
    arg = "normalise", columns = low, rows = rows, call = call
  )
}

# Centre, spread and what is constant, by group of rows; which indicators vary nowhere.
scale_indicators <- function(x, direction, normalise, groups, call) {
  fit <- core(cpp_fit_scaling, x, direction, normalise$name, groups$code, groups$n_groups, n_threads(), call = call)
  fit$constant <- fit$constant > 0
  fit$uninformative <- colSums(!fit$constant) == 0
  refuse_all_constant(fit$uninformative, call)
  fit
}

# Stops below two rows.
refuse_few_rows <- function(n, call) {
  if (n >= 2L) return(invisible())
  abort_input(
    "too_few_rows", "An index needs at least two rows to compare.",
    found = paste0("There is ", count_of(n, "row"), "."), arg = "data", call = call
  )
}

# Stops where no indicator varies.
refuse_all_constant <- function(constant, call) {
  if (!all(constant)) return(invisible())
  abort_input(
    "all_constant", "At least one indicator must differ between rows.",
    found = if (length(constant) == 1L) "The one indicator is constant." else
      paste0("All ", length(constant), " indicators are constant."),
    arg = "indicators", call = call
  )
}

# Names the indicators that do not vary; nothing where all do.
warn_constant <- function(indicators, uninformative, rows, weight = "its weight is 0") {
  if (!any(uninformative)) return(invisible())
  named <- indicators[uninformative]
  warn_data(
    "constant_indicator",
    paste0("Indicator ", enumerate(named, "`"), if (length(named) == 1L) " is" else " are",
           " constant over the ", count_of(rows, "row"), ": ",
           if (length(named) == 1L) weight else sub("its weight is", "their weights are", weight), "."),
    todo = "A constant says nothing about differences; check the column or leave it out.",
    arg = "indicators", columns = named
  )
}

# Row groups as the core takes them: no codes means all rows together.
pooled_rows <- function() list(code = integer(), n_groups = 1L)

# The normalised matrix: (x - centre) / spread by group, turned round where the direction is -1.
scale_columns <- function(x, direction, centre, spread, code, call) {
  normalised <- core(cpp_apply_scaling, x, direction, centre, spread, code, n_threads(), call = call)
  dimnames(normalised) <- dimnames(x)
  normalised
}

# Warns of indicators that do not vary, overall and, scaled by period, within periods.
warn_constant_index <- function(indicators, fit, panel, recipe) {
  weight <- if (isTRUE(recipe$weighting$keeps_constant)) "its weight is kept as given" else "its weight is 0"
  warn_constant(indicators, fit$uninformative, panel$n_rows, weight)
  if (is.null(fit$periods) || !isTRUE(recipe$normalise$centres)) return(invisible())
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
