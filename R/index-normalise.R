# How indicators are brought to one scale, and those that have none.

# --- shared with data_flow_index() ----------------------------------------------------------------------

normalisations <- c("minmax", "share", "zscore", "none")

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

# Row groups as the core takes them: no codes means all rows together.
pooled_rows <- function() list(code = integer(), n_groups = 1L)

scale_columns <- function(x, direction, centre, spread, code, call) {
  normalised <- core(cpp_apply_scaling, x, direction, centre, spread, code, n_threads(), call = call)
  dimnames(normalised) <- dimnames(x)
  normalised
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
