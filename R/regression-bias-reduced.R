# What CR2 and its tests are made of.

# The products of residuals corrected by cluster, and what degrees of freedom are made of: see BiasReduced in the core.
bias_reduced <- function(object, groups, combinations, pairs, call) {
  refuse_iterated(object, "CR2", call)
  nested <- nested_effects(object, groups)
  crossing <- sum(object$effects$n_levels[!nested])
  if (crossing > most_solved_levels) {
    abort_input(
      "vcov", paste0("CR2 takes levels of effects that cross the clusters as regressors, ", most_solved_levels,
                     " at most."),
      found = paste0("There are ", format_counts(crossing), "."),
      todo = "`vcov_cr(type = \"CR3\")` and clusters do not need it.", arg = "vcov", call = call
    )
  }
  core(cpp_bias_reduced, fitted_design(object, call), object$solution, score_columns(object), groups$code, groups$n,
       nested, combinations, pairs, most_solved_levels, n_threads(object$nobs), call = call)
}

# HC2, HC3 and CR2 take the residual maker, which iteration does not give.
refuse_iterated <- function(object, what, call) {
  if (object$solver$method != "iterative") return(invisible())
  abort_input(
    "vcov", paste0(what, " needs effects that are solved directly."),
    found = paste0(if (length(object$effects$n_levels) > 2L) "There are three effects or more" else
      "Both effects have more than 2000 levels", ": they are solved by iteration."),
    todo = "Clusters (`vcov = ~unit`), their jackknife (`vcov_cr(type = \"CR3\")`) and `\"HC1\"` do without.",
    arg = "vcov", call = call
  )
}
