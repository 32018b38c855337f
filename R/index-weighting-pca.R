# Weights by principal components of the standardised indicators.

#' @rdname weightings
#' @export
weighting_pca <- function(components = NULL) {
  components <- check_components(components, rlang::current_env())
  new_choice(
    "weighting", "pca", label = "principal components", settings = list(components = components), normalise = "zscore",
    weigh = function(y, at) weigh_components(y, components, at),
    describe = function(x) {
      found <- x$components
      paste0("principal components (", found$kept, " of ", length(found$shares), ", ",
             format(100 * sum(found$shares[seq_len(found$kept)]), digits = 3), " % of variance)")
    }
  )
}

# w = sum over the kept components of (share of variance) x loadings.
weigh_components <- function(y, wanted, at) {
  found <- core(cpp_principal_components, y, at$threads, call = at$call)
  eigenvalues <- as.vector(found$eigenvalues)
  shares <- eigenvalues / sum(eigenvalues)
  kept <- count_components(wanted, eigenvalues, shares, at$call)
  first <- seq_len(kept)
  names <- paste0("PC", seq_along(eigenvalues))
  list(
    weight = drop(found$loadings[, first, drop = FALSE] %*% (eigenvalues[first] / sum(eigenvalues[first]))),
    components = list(
      eigenvalues = rlang::set_names(eigenvalues, names), shares = rlang::set_names(shares, names),
      loadings = matrix(found$loadings, ncol = length(names), dimnames = list(colnames(y), names)),
      kept = kept
    )
  )
}

# NULL, a whole number of components, or a share of the variance in (0, 1); anything else stops.
check_components <- function(components, call) {
  if (is.null(components)) return(NULL)
  ok <- is.numeric(components) && length(components) == 1L && is.finite(components) && components > 0 &&
    (components < 1 || components == round(components))
  if (!ok) {
    abort_input(
      "components",
      "`components` must be NULL, a whole number of components, or a share of variance between 0 and 1.",
      found = describe_value(components), arg = "components", call = call
    )
  }
  as.double(components)
}

count_components <- function(wanted, eigenvalues, shares, call) {
  # Rounding must not lift an eigenvalue of exactly 1 over the bar.
  if (is.null(wanted)) return(max(1L, sum(eigenvalues > 1 + 1e-12)))
  if (wanted < 1) return(which(cumsum(shares) >= wanted - 1e-12)[1L])
  if (wanted > length(eigenvalues)) {
    abort_input(
      "components", paste0("`components` must not be more than the ",
                           count_of(length(eigenvalues), "indicator that varies", "indicators that vary"),
                           "."),
      found = paste0("It is ", label_values(wanted), "."), arg = "components", call = call
    )
  }
  as.integer(wanted)
}
