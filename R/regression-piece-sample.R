# A piece of a table as the core takes it: rows used, codes of units and cells, what is refused of them.

# The rows used of a piece as the core takes them, with `small` (codes of the small effects from 1, NULL at the large
# one), the keys of its units, and the places of the rows; NULL where there are too many cells.
sample_of_piece <- function(rows, places, look) {
  query <- look$query
  all <- length(places) == nrow(rows)
  used <- function(name) if (all) rows[[name]] else pick(rows[[name]], places)
  piece <- list(
    n_rows = length(places), roles = formula_roles(length(query$columns)),
    columns = lapply(sprintf("v%d", seq_along(query$columns)), function(name) as.double(used(name))), codes = list(),
    n_levels = integer(), weights = NULL, centre = length(query$effects) > 0L || query$intercept, used = used
  )
  if (!is.null(query$weights)) piece$weights <- table_weights_used(as.double(used("w")), look$call)
  if (is.null(query$large)) return(piece)
  keys <- effect_keys(query, used, look$call)
  starts <- unit_starts(keys[[query$large]])
  piece$small <- vector("list", length(keys))
  others <- setdiff(seq_along(keys), query$large)
  for (j in others) {
    piece$small[[j]] <- encode(look$dictionaries[[j]], keys[[j]])
    if (length(look$dictionaries[[j]]$known) > look$limit) return(NULL)
  }
  cell <- encode(look$cells, if (length(others)) piece$small[others] else list(rep(1, length(places))))
  n_cells <- length(look$cells$known)
  if (n_cells > look$limit) return(NULL)
  for (j in others) { # levels of each cell, in order of the cells
    known <- look$levels[j][[1L]]
    fresh <- which(!duplicated(cell) & cell > length(known))
    fresh <- fresh[order(cell[fresh])]
    look$levels[[j]] <- c(known, piece$small[[j]][fresh])
  }
  piece$unit_keys <- lapply(keys[[query$large]], pick, which(starts))
  piece$codes <- list(cumsum(starts) - 1L, cell - 1L)
  piece$n_levels <- c(sum(starts), n_cells)
  piece
}

# Values of the effects' columns in the rows used, by effect; NULL is refused.
effect_keys <- function(query, used, call) {
  names <- key_columns(query)
  lapply(seq_along(query$effects), function(j) {
    stem <- if (identical(j, query$large)) "^u[0-9]+$" else paste0("^e", j, "_[0-9]+$")
    lapply(grep(stem, names(names), value = TRUE), function(name) {
      key <- used(name)
      if (anyNA(key)) refuse_missing_key(names[[name]], "the groups", "formula", call)
      key
    })
  })
}

refuse_missing_key <- function(name, what, arg, call) {
  abort_input("missing_value", paste0("Column `", name, "` must not hold missing values: it names ", what, "."),
              found = "It is NULL in a row used.", arg = arg, columns = name, call = call)
}

table_weights_used <- function(weights, call) {
  bad <- weights[!is.finite(weights) | weights <= 0]
  if (length(bad) == 0L) return(weights)
  abort_input("weights", "`weights` must be positive and finite.",
              found = paste0("It is ", label_values(bad[1L]), " in a row used."),
              todo = "Leave rows out by `subset`, not by a weight of zero.", arg = "weights", call = call)
}
