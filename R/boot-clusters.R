# What the tests share: which clusters of a model a request means, ties of draws.

# Columns of the one cluster of a request: a formula, or NULL for the model's own. `what` is the function's name.
one_cluster_of <- function(object, cluster, what, call) {
  dimensions <- clusters_of_request(object, cluster, what, call)
  if (length(dimensions) == 1L) return(dimensions[[1L]])
  abort_input(
    "vcov", "`cluster` must name one cluster.",
    found = paste0("There are ", length(dimensions), ": ",
                   enumerate(vapply(dimensions, paste, "", collapse = "^"), "`"), "."),
    todo = paste0("Look at one dimension after the other: `", what, "(m, ~", paste(dimensions[[1L]], collapse = "^"),
                  ")`."), arg = "cluster", call = call
  )
}

# A list of dimensions, each the names of its columns.
clusters_of_request <- function(object, cluster, what, call) {
  if (is.null(cluster)) {
    choice <- object$variance$choice
    dimensions <- if (!is.null(choice$dimensions)) choice$dimensions else if (!is.null(choice$cluster))
      list(choice$cluster)
    if (!is.null(dimensions)) return(dimensions)
    abort_input("vcov", "`cluster` must be given where the model's variance has none.",
                found = paste0("It is ", choice$label, "."),
                todo = paste0("Write `", what, "(m, cluster = ~unit)`."), arg = "cluster", call = call)
  }
  if (is_choice(cluster) && !is.null(cluster$cluster)) return(list(cluster$cluster))
  if (!inherits(cluster, "formula")) {
    abort_input("vcov", "`cluster` must be a one-sided formula, such as `~unit`.", found = describe_value(cluster),
                arg = "cluster", call = call)
  }
  read_clusters(cluster, call)
}

# Does a draw reach the sample's statistic in size? Draws that equal it up to 1e-10 do, or (drop) do not: the rule of
# Ties in the core.
is_beyond <- function(draws, own, drop = FALSE) {
  if (drop) abs(draws) > abs(own) * (1 + 1e-10) else abs(draws) >= abs(own) * (1 - 1e-10)
}

# The model itself; a list of models of a comparison is not one.
check_model <- function(model, arg, call) {
  if (inherits(model, "fe_model")) return(invisible(model))
  abort_input("type", paste0("`", arg, "` must be a model of `fe_model()`."),
              found = paste0("It is ", describe_type(model), "."), arg = arg, call = call)
}
