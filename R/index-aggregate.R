# How weighted indicators become one number a row.

# An aggregation has combine(y, weight): n numbers of normalised values (n x p) and weights (p); `formula` says it in
# print.
aggregations <- function() list(linear = aggregate_linear)

aggregate_linear <- function() {
  new_choice(
    "aggregation", "linear", label = "linear", formula = "sum of weight x normalised value",
    combine = function(y, weight) drop(y %*% weight)
  )
}
