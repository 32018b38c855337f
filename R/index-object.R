# The index as an object: made, checked, its tables.

# --- constructing ----------------------------------------------------------------------------------------

# The result of data_flow_index() from its parts, unchecked.
new_flow_index <- function(table, panel, recipe, fit, call) {
  index <- panel_keys(panel)
  index[[recipe$name]] <- fit$index
  weights <- weights_table(table, fit)
  settings <- recipe$weighting$settings
  structure(
    list(
      index = index, weights = weights, groups = sum_groups(weights), scaling = scaling_table(table, panel, fit),
      components = fit$components, method = recipe$weighting$name, normalise = recipe$normalise$name,
      scope = recipe$scope, aggregate = recipe$aggregate$name,
      offset = if (is.null(settings$offset)) 0 else settings$offset, rescale = isTRUE(settings$rescale),
      name = recipe$name,
      sample = list(
        n_rows = panel$n_rows, n_units = panel$n_units, n_times = length(unique(panel$when)),
        times = pick(panel$time, panel_ends(panel)),
        balanced = panel$n_rows == as.double(panel$n_units) * length(unique(panel$when)),
        constant = table$indicator[fit$uninformative]
      ),
      normalised = fit$normalised, periods = fit$periods, step = panel$step, unit = panel$unit_name,
      time = panel$time_name, weighting = recipe$weighting, call = call
    ),
    class = "flow_index"
  )
}

# One row an indicator; entropy and divergence are there for every weighting, NA where it takes none, then the weight,
# the label where the table of indicators has one, and what else the weighting tells.
weights_table <- function(table, fit) {
  weights <- data.frame(
    indicator = table$indicator, group = table$group, direction = table$direction, entropy = NA_real_,
    divergence = NA_real_, weight = fit$weight
  )
  weights$label <- table$label # NULL where the table has none
  weights[names(fit$by_indicator)] <- fit$by_indicator
  weights
}

# What the weighting added to the table of weights.
added_columns <- function(weights) {
  setdiff(names(weights), c("indicator", "group", "direction", "entropy", "divergence", "weight", "label"))
}

# The index itself, whatever its column is called.
index_values <- function(x) x$index[[result_name(x, "index")]]

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

# Stops where a promise of the result is broken.
validate_flow_index <- function(x) {
  promise(all_finite(index_values(x)), "the index is finite")
  promise(nrow(x$index) == nrow(x$normalised) && ncol(x$normalised) == nrow(x$weights),
          "normalised values have a row for each row and a column for each indicator")
  promise(abs(sum(x$groups$weight) - sum(x$weights$weight)) < 1e-12, "groups add up to the weights")
  if (isTRUE(x$weighting$sums_to_one)) {
    promise(abs(sum(x$weights$weight) - 1) < 1e-12, "weights sum to 1")
  }
  x
}

# The indicators' labels where they have some, else their names.
indicator_labels <- function(weights) {
  label <- weights$label
  if (is.null(label)) return(weights$indicator)
  label <- ifelse(is.na(label) | !nzchar(label), weights$indicator, label)
  twice <- label %in% label[duplicated(label)]
  ifelse(twice, paste0(label, " (", weights$indicator, ")"), label)
}
