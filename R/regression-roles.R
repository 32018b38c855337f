# Which column of a regression is what: outcome, regressors, endogenous regressors, instruments. Roles are numbers of
# columns, made here and asked for here; nobody reads a column by its place.

# Roles of named columns in the order regressors, outcome, as a formula gives them.
formula_roles <- function(n_columns) {
  list(outcome = n_columns, regressors = seq_len(n_columns - 1L), endogenous = integer(), instruments = integer())
}

# Names and values of a frame's columns by role.
regressor_names <- function(frame) names(frame$columns)[frame$roles$regressors]

# The outcome's values in the rows used.
outcome_values <- function(frame) frame$columns[[frame$roles$outcome]]

# Where in the design (and so in demeaned columns, means and effects' coefficients) the kept regressors stand, and the
# outcome.
kept_columns <- function(object) object$design$roles$regressors[object$kept]

# Where in the design the outcome stands.
outcome_place <- function(object) object$design$roles$outcome

# Names of a model's regressors by their place in the design, kept or dropped.
all_regressors <- function(model) {
  names <- character(length(model$fitted_coefficients))
  names[model$kept] <- model$kept_terms
  names[setdiff(seq_along(names), model$kept)] <- model$dropped$term
  names
}

# What is left of a column after the effects, or after the regressors before it, at which it counts as nothing.
rank_tolerance <- 1e-11

# Stops where no regressor is left, with the reason for each that was dropped.
refuse_no_regressor <- function(call, dropped = nothing_dropped) {
  abort_input(
    "no_regressor", "At least one regressor must be left beside the effects.",
    found = if (nrow(dropped)) paste0("`", dropped$term, "`: ", dropped$detail, ".") else "There is none.",
    arg = "formula", columns = dropped$term, call = call
  )
}

# The table of dropped regressors where there is none.
nothing_dropped <- data.frame(term = character(), reason = character(), detail = character())

# What small-sample corrections count, all of the rows used.
sample_counts <- function(object) {
  list(n_rows = object$nobs, n_slopes = as.double(length(object$kept)), n_levels = as.double(object$effects$n_levels),
       constant = object$intercept)
}
