# How indicators are weighted.

# Scaling and entropy of a finite matrix in one call of the core.
fit_entropy <- function(x, direction, normalise, offset, groups, call) {
  found <- core(cpp_entropy_weights, x, direction, normalise, offset, groups$code, groups$n_groups,
                n_threads(), call = call)
  found$constant <- found$constant > 0
  found$uninformative <- as.vector(found$uninformative > 0)
  refuse_all_constant(found$uninformative, call)
  found
}

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

# Given weights in the order of the indicators.
check_weights <- function(weights, indicators, rescale, call) {
  ordered <- FALSE
  refuse <- function(must, found, columns = NULL) {
    abort_input("weights", must, found = found, arg = "weights", columns = columns, call = call)
  }
  if (!is.numeric(weights)) {
    refuse("`weights` must be a numeric vector named by indicator.", paste0("It is ", describe_type(weights), "."))
  }
  if (is.null(names(weights))) {
    if (length(weights) != length(indicators)) {
      refuse("`weights` without names must hold one weight for each indicator, in the order of `indicators`.",
             paste0("It has ", count_of(length(weights), "value"), "; there ",
                    if (length(indicators) == 1L) "is " else "are ", count_of(length(indicators), "indicator"), "."))
    }
    ordered <- TRUE
    names(weights) <- indicators
  }
  named <- names(weights) <- utf8_names(names(weights), "weights", call)
  twice <- unique(named[duplicated(named)])
  if (length(twice)) {
    refuse("`weights` must name each indicator once.",
           paste0(enumerate(twice, "`"), " stands more than once."), twice)
  }
  unknown <- setdiff(named, indicators)
  absent <- setdiff(indicators, named)
  if (length(unknown) || length(absent)) {
    refuse("`weights` must hold one weight for each indicator and no other.", c(
      if (length(unknown)) paste0("Not an indicator: ", enumerate(unknown, "`"), "."),
      if (length(absent)) paste0("Without a weight: ", enumerate(absent, "`"), ".")
    ), c(unknown, absent))
  }
  weights <- as.double(weights[indicators])
  odd <- !is.finite(weights) | weights < 0
  if (any(odd)) {
    refuse("`weights` must be finite numbers of 0 or more.",
           paste0(enumerate(paste0("`", indicators[odd], "` has ", label_values(weights[odd]))), "."), indicators[odd])
  }
  if (!any(weights > 0)) refuse("At least one of `weights` must be above 0.", "All are 0.")
  if (ordered) {
    inform_user("weights_order", paste0("Weights without names are taken in the order of `indicators`: ",
                                        enumerate(paste0("`", indicators, "` ", weights), first = 12L), "."))
  }
  if (rescale) weights <- weights / sum(weights)
  weights
}

# Weights by components: w = sum over the kept ones of (share of variance) x loadings.
fit_components <- function(fit, wanted, call) {
  found <- core(cpp_principal_components, fit$normalised, n_threads(), call = call)
  eigenvalues <- as.vector(found$eigenvalues)
  shares <- eigenvalues / sum(eigenvalues)
  kept <- count_components(wanted, eigenvalues, shares, call)
  first <- seq_len(kept)
  names <- paste0("PC", seq_along(eigenvalues))
  fit$weight <- drop(found$loadings[, first, drop = FALSE] %*% (eigenvalues[first] / sum(eigenvalues[first])))
  fit$components <- list(
    eigenvalues = rlang::set_names(eigenvalues, names), shares = rlang::set_names(shares, names),
    loadings = matrix(found$loadings, ncol = length(names), dimnames = list(colnames(fit$normalised), names)),
    kept = kept
  )
  fit
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

refuse_two_methods <- function(call) {
  abort_input("argument", "Either `method` or `weights` must be given, not both.",
              found = "Both are.", todo = "Weights that are given need no method.", arg = "weights",
              call = call)
}

# What an index by `method` does not take.
refuse_index_options <- function(recipe, normalise, call) {
  instead <- if (recipe$method == "given") "`weights` are given" else paste0("`method` is \"", recipe$method, "\"")
  if (recipe$method != "entropy") {
    refuse_option(recipe$offset, 0, "offset", "`method = \"entropy\"`", instead, call)
  }
  if (recipe$method != "pca") {
    refuse_option(recipe$components, NULL, "components", "`method = \"pca\"`", instead, call)
  }
  if (recipe$method != "given") refuse_option(recipe$rescale, FALSE, "rescale", "given `weights`", instead, call)
  if (recipe$method == "pca" && normalise != "zscore") {
    refuse_option(normalise, "minmax", "normalise", "`method = \"entropy\"`, `\"equal\"` and given `weights`",
                  paste0(instead, ", which standardises the indicators"), call)
  }
}
