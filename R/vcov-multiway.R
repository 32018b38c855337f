# Clusters as a formula asks for them, and the variance robust to anything inside clusters of several dimensions, by
# inclusion and exclusion.

# `cluster` is a one-sided formula: a column of the data, or columns joined by `^`; several joined by `+`.
vcov_cluster <- function(cluster, call = rlang::caller_env()) {
  dimensions <- read_clusters(cluster, call)
  if (length(dimensions) == 1L) cluster_variance(dimensions[[1L]]) else multiway_variance(dimensions)
}

# list(c("a", "b"), "c") of ~a^b + c; a dimension that stands twice counts once.
read_clusters <- function(cluster, call) {
  if (length(cluster) != 2L) {
    abort_input("vcov", "`vcov` must be a one-sided formula, such as `~unit`.", found = "It has two sides.",
                arg = "vcov", call = call)
  }
  parts <- summands(cluster[[2L]])
  names <- lapply(parts, interacted_names)
  odd <- which(vapply(names, is.null, NA))
  if (length(odd)) {
    abort_input(
      "vcov", "`vcov` must name clusters: a column, columns joined by `^`, or several of these joined by `+`.",
      found = paste0("`", rlang::as_label(parts[[odd[1L]]]), "` is none of these."), arg = "vcov", call = call
    )
  }
  names[!duplicated(set_keys(names))]
}

# One key a set of columns, whatever their order.
set_keys <- function(sets) vapply(sets, function(names) paste(sort(names, method = "radix"), collapse = "\r"), "")

# The parts of a + b + c.
summands <- function(expr) {
  if (rlang::is_call(expr, "+", 2)) return(c(summands(expr[[2L]]), summands(expr[[3L]])))
  if (rlang::is_call(expr, "(", 1)) return(summands(expr[[2L]]))
  list(expr)
}

# `dimensions` is a list of clusters, each the names of its columns; a dimension that stands twice counts once.
multiway_variance <- function(dimensions) {
  force(dimensions)
  label <- paste(vapply(dimensions, paste, "", collapse = "^"), collapse = " + ")
  new_choice(
    "variance", "multiway", label = paste("clustered by", label), words = c("variance_cluster", label),
    dimensions = dimensions, written = function() multiway_formula(dimensions),
    estimate = function(view, correction) {
      terms <- multiway_terms(view, dimensions)
      own <- single_terms(terms)
      for (term in own) refuse_one_cluster(term$groups, view$call)
      sizes <- vapply(own, function(term) term$groups$n, 1)
      small <- multiway_small_sample(view, correction, terms, own, min(sizes))
      found <- positive_sandwich(view, sum_terms(view, terms, small$factors))
      c(found, list(
        factor = small$factor, df = min(sizes) - 1,
        clusters = stats::setNames(sizes, vapply(own, function(term) term$groups$name, ""))
      ))
    },
    stack = function(stacked, correction) stack_multiway(stacked, dimensions, correction)
  )
}

# Between equations: each term with the root of the product of their factors of it. Not repaired: the equations' own
# blocks are.
stack_multiway <- function(stacked, dimensions, correction) {
  terms <- multiway_terms(stacked, dimensions)
  own <- single_terms(terms)
  fewest <- min(vapply(own, function(term) term$groups$n, 1))
  factors <- lapply(stacked$views, function(view) {
    sqrt(multiway_small_sample(view, correction, terms, own, fewest)$factors)
  })
  k <- vapply(stacked$views, function(view) nrow(view$bread), 0L)
  products <- stacked$score_products_by(lapply(terms, `[[`, "parts"))
  meat <- Reduce(`+`, lapply(seq_along(terms), function(t) {
    root <- rep(vapply(factors, `[`, 1, t), k)
    terms[[t]]$sign * products[[t]] * tcrossprod(root)
  }))
  stacked$bread %*% meat %*% t(stacked$bread)
}

# Every set of dimensions: list(of (which), sign, parts (groups that it is the intersection of), groups (its own, of one
# dimension)). Sets whose intersections have the same columns cancel or add up: they are one term.
multiway_terms <- function(view, dimensions) {
  sets <- lapply(seq_len(2^length(dimensions) - 1), function(i) {
    which(bitwAnd(i, 2^(seq_along(dimensions) - 1)) > 0)
  })
  sets <- sets[order(lengths(sets))]
  columns <- lapply(sets, function(set) unique(unlist(dimensions[set])))
  keys <- set_keys(columns)
  signs <- ifelse(lengths(sets) %% 2L == 1L, 1, -1)
  alone <- lapply(seq_along(dimensions), function(j) {
    if (any(keys[lengths(sets) == 1L] == set_keys(dimensions[j]))) view$groups(dimensions[[j]])
  })
  lapply(which(!duplicated(keys)), function(i) {
    set <- sets[[i]]
    groups <- if (length(set) == 1L) alone[[set]]
    list(of = set, sign = sum(signs[keys == keys[i]]), groups = groups,
         parts = if (is.null(groups)) intersect_groups(alone[set]) else list(groups))
  })
}

# The terms of one dimension each.
single_terms <- function(terms) terms[lengths(lapply(terms, `[[`, "of")) == 1L]

# The products of the scores, each term with its sign and factor.
sum_terms <- function(view, terms, factors) {
  products <- view$score_products_by(lapply(terms, `[[`, "parts"))
  Reduce(`+`, Map(function(term, factor, product) term$sign * factor * product, terms, factors, products))
}

# Groups of the rows that several groupings have in common, as a list of groups to be taken together: all of them where
# combinations of their codes are not many more than rows, else codes of their own.
intersect_groups <- function(groups) {
  Reduce(function(parts, b) {
    n <- prod(vapply(parts, function(part) as.double(part$n), 1), b$n)
    if (n <= max(length(b$code), 1000)) return(c(parts, list(b)))
    a <- joined_codes(parts)
    found <- core(cpp_group_pairs, a$code, b$code, b$n)
    list(list(code = found$code, n = max(found$code) + 1L))
  }, groups[-1L], groups[1L])
}

# One code of several taken together; some may have no row.
joined_codes <- function(parts) {
  Reduce(function(a, b) list(code = a$code * b$n + b$code, n = a$n * b$n), parts)
}

# The factor of each term, and the one to tell of. "fixest" and "reghdfe" take the dimension with fewest clusters for
# all and count no effect that is nested in any of them; "dummies" each term's own clusters; "plm" and "none" none.
multiway_small_sample <- function(view, correction, terms, own, fewest) {
  factors <- if (correction$name == "dummies") {
    vapply(terms, function(term) {
      groups <- joined_codes(term$parts)
      n <- if (length(term$of) == 1L) groups$n else length(unique(groups$code))
      small_sample(view, "cluster", correction, groups, n_clusters = n)$factor
    }, 1)
  } else if (correction$name %in% c("plm", "none")) {
    rep(1, length(terms))
  } else {
    nested <- Reduce(`|`, lapply(own, function(term) view$nested(term$groups)))
    rep(small_sample(view, "cluster", correction, n_clusters = fewest, nested = nested)$factor, length(terms))
  }
  list(factors = factors, factor = if (length(unique(factors)) == 1L) factors[1L] else NA_real_)
}

# F M F' with M, which must have no negative eigenvalue, repaired where it has: negative ones become zero. That happens
# in the orthonormal directions of the fit, so that the units of the regressors do not matter. A coefficient of which
# nothing is left has variance zero.
positive_sandwich <- function(view, meat) {
  bread <- view$bread
  meat <- (meat + t(meat)) / 2
  parts <- if (length(meat) && all(is.finite(meat))) eigen(meat, symmetric = TRUE)
  largest <- max(abs(parts$values), 0)
  if (!any(parts$values < -1e-12 * largest)) return(list(vcov = bread %*% meat %*% t(bread), repaired = FALSE))
  root <- bread %*% parts$vectors %*% diag(sqrt(pmax(parts$values, 0)), length(parts$values))
  V <- tcrossprod(root)
  gone <- diag(V) <= 1e-12 * largest * rowSums(bread^2)
  V[gone, ] <- 0
  V[, gone] <- 0
  terms <- names(view$coefficients)[gone]
  warn_data(
    "not_positive", "A variance matrix must have no negative eigenvalue; this one was repaired: they are set to zero.",
    found = if (any(gone)) {
      paste0("Nothing is left of the variance of ", enumerate(terms, "`"), ": its standard error is 0, its test NA.")
    },
    todo = "Several dimensions of few clusters do this, and kernels; cluster by one to see how much hangs on it.",
    terms = terms
  )
  list(vcov = V, repaired = TRUE)
}

# ~a + b^c, in an environment that holds nothing of the user's.
multiway_formula <- function(dimensions) {
  parts <- lapply(dimensions, function(names) cluster_formula(names)[[2L]])
  stats::as.formula(call("~", Reduce(function(a, b) call("+", a, b), parts)), baseenv())
}
