# The index as an object: made, checked, its tables.

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

# The indicators' labels where they have some, else their names.
indicator_labels <- function(weights) {
  label <- weights$label
  if (is.null(label)) return(weights$indicator)
  label <- ifelse(is.na(label) | !nzchar(label), weights$indicator, label)
  twice <- label %in% label[duplicated(label)]
  ifelse(twice, paste0(label, " (", weights$indicator, ")"), label)
}
