# The variance robust to anything inside clusters.

# `cluster` is a one-sided formula: a column of the data, or columns joined by `^`.
vcov_cluster <- function(cluster, call = rlang::caller_env()) cluster_variance(read_cluster(cluster, call))

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

# c("a", "b") of ~a^b.
read_cluster <- function(cluster, call) {
  if (length(cluster) != 2L) {
    abort_input("vcov", "`vcov` must be a one-sided formula, such as `~unit`.", found = "It has two sides.",
                arg = "vcov", call = call)
  }
  names <- interacted_names(cluster[[2L]])
  if (!is.null(names)) return(names)
  abort_input(
    "vcov", "`vcov` must name one cluster: a column, or columns joined by `^`.",
    found = paste0("`", rlang::as_label(cluster[[2L]]), "` ", if (rlang::is_call(cluster[[2L]], "+")) {
      "asks for two-way clusters, which are not supported yet."
    } else {
      "is neither."
    }),
    arg = "vcov", call = call
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
