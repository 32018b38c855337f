# The variance robust to anything inside clusters.

# What is kept with a model holds the clusters' names and nothing of the call.
cluster_variance <- function(names) {
  force(names)
  new_choice(
    "variance", "cluster", label = paste0("clustered by ", paste(names, collapse = "^")), form = "scores",
    words = c("variance_cluster", paste(names, collapse = "^")), cluster = names,
    written = function() cluster_formula(names),
    estimate = function(view, correction) {
      groups <- view$groups(names)
      refuse_one_cluster(groups, view$call)
      sandwich_of(view, small_sample(view, "cluster", correction, groups), groups)
    }
  )
}

# ~a^b of c("a", "b"), in an environment that holds nothing of the user's.
cluster_formula <- function(names) {
  stats::as.formula(call("~", Reduce(function(a, b) call("^", a, b), lapply(names, as.name))), baseenv())
}

refuse_one_cluster <- function(groups, call) {
  if (groups$n >= 2L) return(invisible())
  abort_input(
    "one_cluster", "There must be two clusters or more.",
    found = paste0("`", groups$name, "` has one level in the rows used."), arg = "vcov", columns = groups$columns,
    call = call
  )
}
