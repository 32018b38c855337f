# Weights by entropy: an indicator weighs more the less evenly it is spread over the rows.

#' @rdname weightings
#' @export
weighting_entropy <- function(offset = 0) {
  offset <- check_number(offset, "offset", lower = 0)
  new_choice(
    "weighting", "entropy", label = "entropy", settings = list(offset = offset), takes = "non_negative",
    sums_to_one = TRUE, shows = "divergence",
    scale = function(x, direction, normalise, groups, call) {
      fit_entropy(x, direction, normalise$name, offset, groups, call)
    },
    weigh = function(y, at) at$scaling$entropies,
    describe = function(x) {
      paste0("entropy (base: ", format_counts(x$sample$n_rows), " rows, 0 ln 0 = 0, offset ", label_values(offset), ")")
    }
  )
}

# Scaling and entropy of a finite matrix in one call of the core: a scaling with what it found on the way, `entropies`.
fit_entropy <- function(x, direction, normalise, offset, groups, call) {
  found <- core(cpp_entropy_weights, x, direction, normalise, offset, groups$code, groups$n_groups,
                n_threads(), call = call)
  found$constant <- found$constant > 0
  found$uninformative <- as.vector(found$uninformative > 0)
  refuse_all_constant(found$uninformative, call)
  found$entropies <- list(
    weight = found$weight, by_indicator = list(entropy = found$entropy, divergence = found$divergence)
  )
  found
}
