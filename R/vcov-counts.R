# Small-sample corrections: what they count.

# Levels that the other effects determine: connected components for two effects. Costs a pass over the rows,
# so it is counted only where a correction asks for it.
count_redundant <- function(object, correction) {
  n_levels <- object$effects$n_levels
  J <- length(n_levels)
  if (J < 2L) return(0)
  codes <- object$design$codes
  components <- function(a, b) core(cpp_components, codes[[a]], n_levels[[a]], codes[[b]], n_levels[[b]])$count
  if (J == 2L) return(components(1L, 2L))
  if (correction == "dummies") {
    return(sum(n_levels) - core(cpp_dummy_rank, object$design))
  }
  sum(vapply(2:J, function(j) max(vapply(seq_len(j - 1L), components, numeric(1), b = j)), numeric(1)))
}

# More rows than parameters (K of the correction) there must be; the core takes that as checked.
refuse_no_degrees <- function(object, counts, correction, call) {
  parameters_with <- function(redundant) {
    counts$n_slopes + if (length(counts$n_levels)) sum(counts$n_levels) - redundant else counts$constant
  }
  parameters <- parameters_with(if (counts_rank(correction)) counts$n_redundant else length(counts$n_levels) - 1)
  if (parameters < counts$n_rows) return(invisible())
  others <- if (length(counts$n_levels) > 1L) setdiff(c("reghdfe", "dummies"), correction)
  others <- Filter(function(other) parameters_with(count_redundant(object, other)) < counts$n_rows, others)
  abort_input(
    "no_degrees_of_freedom", "There must be more rows than parameters.",
    found = paste0(count_of(counts$n_rows, "row"), " for ", count_of(parameters, "parameter"), "."),
    todo = if (length(others)) {
      paste0("`correction = \"", others[1L], "\"` counts the parameters that are identified, ",
             parameters_with(count_redundant(object, others[1L])), ", and leaves degrees of freedom.")
    },
    arg = "formula", call = call
  )
}

# Does the correction count the levels that the others determine?
counts_rank <- function(correction) correction %in% c("reghdfe", "dummies")

nested_effects <- function(object, clusters) {
  n_levels <- object$effects$n_levels
  if (is.null(clusters)) return(rep(FALSE, length(n_levels)))
  vapply(seq_along(n_levels), function(j) {
    core(cpp_is_nested, object$design$codes[[j]], n_levels[[j]], clusters$code, length(clusters$values))
  }, logical(1))
}

correction_choices <- c("fixest", "reghdfe", "dummies", "plm", "none")
