# Effects as functions of the coefficients of all equations, which are named "equation:term". An effect is a sum of
# products of coefficients, or one such sum over another; its value and its gradient follow from that.

# A sum of products: each the number `factor` times the coefficients named.
sum_of <- function(...) list(...)
product <- function(..., factor = 1) list(factor = factor, names = c(...))

# The value at coefficients (a named vector), or at many (a matrix with named columns, one row a draw).
value_of_sum <- function(sum, at) {
  one <- function(name) if (is.matrix(at)) at[, name] else at[[name]]
  Reduce(`+`, lapply(sum, function(term) term$factor * Reduce(`*`, lapply(term$names, one), 1)))
}

# Its gradient by all coefficients.
gradient_of_sum <- function(sum, at) {
  gradient <- 0 * at
  for (term in sum) {
    for (i in seq_along(term$names)) {
      gradient[[term$names[i]]] <- gradient[[term$names[i]]] + term$factor * prod(at[term$names[-i]])
    }
  }
  gradient
}

# list(effect, mediator, at, top, over): `over` NULL where the effect is no ratio.
new_effect <- function(effect, top, mediator = NA_character_, at = NA_real_, over = NULL) {
  list(effect = effect, mediator = mediator, at = at, top = top, over = over)
}

effect_value <- function(effect, at) {
  value <- value_of_sum(effect$top, at)
  if (is.null(effect$over)) value else value / value_of_sum(effect$over, at)
}

effect_gradient <- function(effect, at) {
  gradient <- gradient_of_sum(effect$top, at)
  if (is.null(effect$over)) return(gradient)
  over <- value_of_sum(effect$over, at)
  (gradient - effect_value(effect, at) * gradient_of_sum(effect$over, at)) / over
}

# The coefficients that an effect is made of.
effect_names <- function(effect) unique(unlist(lapply(c(effect$top, effect$over), `[[`, "names")))

# The effect's two coefficients where it is one product of two, as distribution and joint tests need it; else NULL.
effect_pair <- function(effect) {
  plain <- is.null(effect$over) && length(effect$top) == 1L && length(effect$top[[1L]]$names) == 2L &&
    effect$top[[1L]]$factor == 1
  if (plain) effect$top[[1L]]$names
}

# Is it one coefficient?
is_coefficient <- function(effect) {
  is.null(effect$over) && length(effect$top) == 1L && length(effect$top[[1L]]$names) == 1L
}

# The name of a coefficient of an equation, and the same for each of several.
coefficient_of <- function(equation, term) paste0(equation, ":", term)

# Paths as vectors of mediators: each alone, and in series every increasing sequence of them.
mediation_paths <- function(mediators, serial) {
  if (!serial) return(as.list(mediators))
  n <- length(mediators)
  sets <- lapply(seq_len(2^n - 1), function(i) which(bitwAnd(i, 2^(seq_len(n) - 1)) > 0))
  lapply(sets[order(lengths(sets))], function(set) mediators[set])
}

path_names <- function(paths) vapply(paths, paste, "", collapse = " -> ")

# The product of a path's coefficients: treatment to the first mediator, each to the next, the last to the outcome.
path_product <- function(path, treatment) {
  froms <- c(treatment, path)
  equations <- c(path, "outcome")
  product(coefficient_of(equations, froms))
}

# What the column of an effect is called among draws.
draw_name <- function(effect) {
  if (effect$effect %in% c("total", "direct", "total_indirect")) return(effect$effect)
  paste0(effect$effect, "[", effect$mediator, "]", if (!is.na(effect$at)) paste0("@", label_values(effect$at)))
}
