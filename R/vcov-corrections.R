# Small-sample corrections: whose convention, what it counts, and what follows for factor and degrees of freedom. Their
# formulas stand in the core (small_sample()).

# The table of small-sample corrections, the default first.
corrections <- function() {
  list(
    fixest = function() new_choice("correction", "fixest", "levels less one for each effect after the first"),
    reghdfe = function() {
      new_choice("correction", "reghdfe", "levels less connected components by pairs of effects", rank = "pairs",
                 drops_singletons = TRUE)
    },
    dummies = function() new_choice("correction", "dummies", "the rank of the dummies", rank = "exact"),
    plm = function() new_choice("correction", "plm", "slopes only, in the factor of a sandwich"),
    none = function() new_choice("correction", "none", "no factor")
  )
}

# Levels that the other effects determine, as the correction counts them; NULL where it does not.
count_redundant_by <- function(view, correction) {
  if (!is.null(correction$rank)) view$redundant(correction$rank == "exact")
}

# K of the correction: the slopes and the effects' parameters.
count_parameters <- function(view, correction) {
  counts <- view$counts
  if (length(counts$n_levels) == 0L) return(counts$n_slopes + counts$constant)
  redundant <- count_redundant_by(view, correction)
  if (is.null(redundant)) redundant <- length(counts$n_levels) - 1
  counts$n_slopes + sum(counts$n_levels) - redundant
}

# list(factor, df) of a variance of the given kind ("iid", "HC0", "HC1", "cluster"): see *Small-sample corrections* of
# fe_model().
small_sample <- function(view, kind, correction, groups = NULL, n_clusters = if (is.null(groups)) 0 else groups$n,
                         nested = view$nested(groups)) {
  redundant <- count_redundant_by(view, correction)
  counts <- c(view$counts, list(
    n_redundant = if (is.null(redundant)) 0 else redundant, nested = nested, n_clusters = n_clusters
  ))
  found <- core(cpp_small_sample, kind, correction$name, counts)
  list(factor = found$factor, df = found$degrees_of_freedom)
}

# More rows than parameters there must be; the core takes that as checked.
refuse_no_degrees <- function(view, n_parameters, correction, call) {
  n <- view$counts$n_rows
  if (n_parameters < n) return(invisible())
  ranked <- Filter(function(other) !is.null(other$rank) && other$name != correction$name,
                   lapply(corrections(), function(make) make()))
  counted <- vapply(ranked, count_parameters, numeric(1), view = view)
  counted <- if (length(view$counts$n_levels) > 1L) counted[counted < n]
  abort_input(
    "no_degrees_of_freedom", "There must be more rows than parameters.",
    found = paste0(count_of(n, "row"), " for ", count_of(n_parameters, "parameter"), "."),
    todo = if (length(counted)) {
      paste0("`correction = \"", names(counted)[1L], "\"` counts the parameters that are identified, ",
             counted[[1L]], ", and leaves degrees of freedom.")
    },
    arg = "formula", call = call
  )
}
