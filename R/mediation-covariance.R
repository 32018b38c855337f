# The covariance of the coefficients of all equations: the variance of each, on the stacked scores of all.

# Coefficients of all equations, "equation:term".
stacked_coefficients <- function(models) {
  unlist(lapply(names(models), function(name) {
    b <- models[[name]]$coefficients
    stats::setNames(b, coefficient_of(name, names(b)))
  }))
}

# Where the coefficients of each equation stand among all.
equation_places <- function(models) {
  n <- vapply(models, function(model) length(model$coefficients), 0L)
  Map(function(last, n) seq.int(to = last, length.out = n), cumsum(n), n)
}

# list(vcov, df (one a coefficient)). Diagonal blocks are the equations' own; `joint` FALSE leaves the others zero.
# Between two equations the variance's products of stacked scores take the root of the product of their factors.
stacked_covariance <- function(models, choice, correction, joint, call) {
  own <- lapply(models, function(model) {
    same <- identical(model$variance$correction, correction$name) && identical(model$variance$choice, choice)
    if (same) list(vcov = model$vcov, variance = model$variance) else
      estimate_variance(model, choice, correction, call)
  })
  names <- names(stacked_coefficients(models))
  V <- matrix(0, length(names), length(names), dimnames = list(names, names))
  places <- equation_places(models)
  if (joint) V[] <- between_equations(models, own, choice, correction, places, call)
  for (i in seq_along(models)) V[places[[i]], places[[i]]] <- own[[i]]$vcov
  list(vcov = (V + t(V)) / 2, df = stats::setNames(unlist(lapply(own, function(one) one$variance$df)), names),
       variance = own[[length(own)]]$variance)
}

between_equations <- function(models, own, choice, correction, places, call) {
  stacked <- stacked_equations(models, call)
  if (!is.null(choice$stack)) return(choice$stack(stacked, correction))
  plain <- corrections()$none()
  # each equation's own has said its warnings
  found <- suppressWarnings(choice$estimate(stacked, plain), classes = "flowresil_warning")
  roots <- vapply(own, function(one) sqrt(one$variance$factor / found$factor), 1)
  scale <- rep(roots, lengths(places))
  found$vcov * tcrossprod(scale)
}

# What a variance may ask of several equations at once, fitted to the same rows: a view (see regression-view.R) whose
# scores stand side by side.
stacked_equations <- function(models, call) {
  views <- lapply(unname(models), new_view, call = call)
  first <- views[[1L]]
  view <- new.env(parent = emptyenv())
  view$views <- views
  view$models <- models
  view$call <- call
  view$bread <- block_diagonal(lapply(views, `[[`, "bread"))
  view$coefficients <- stacked_coefficients(models)
  view$residual_squares <- NA_real_
  view$counts <- views[[length(views)]]$counts
  for (name in c("groups", "nested", "place", "times", "numbers", "levels", "redundant")) {
    assign(name, first[[name]], envir = view)
  }
  beside <- function(parts) do.call(cbind, parts)
  view$scores <- function() beside(lapply(views, function(v) v$scores()))
  view$score_sums <- function(groups) beside(lapply(views, function(v) v$score_sums(groups)))
  view$score_products <- function(groups = NULL) {
    crossprod(if (is.null(groups)) view$scores() else view$score_sums(groups))
  }
  view$score_products_by <- function(parts) lapply(parts, function(part) view$score_products(joined_codes(part)))
  view$near_products <- function(latitude, longitude, cutoff, kernel) {
    equations <- lapply(models, function(model) {
      list(fitted_design(model, call), model$solution, score_columns(model))
    })
    core(cpp_near_products, lapply(equations, `[[`, 1L), lapply(equations, `[[`, 2L), lapply(equations, `[[`, 3L),
         latitude, longitude, cutoff, kernel, n_threads(models[[1L]]$nobs), call = call)
  }
  view$leverage_squares <- function(what, power) {
    scores <- Map(function(model, v) {
      refuse_iterated(model, what, call)
      h <- row_leverage(model, function(columns) refuse_iterated(model, what, call))
      v$scores() * ifelse(h > 1 - 1e-9, 0, (1 - h)^(-power / 2))
    }, models, views)
    list(meat = crossprod(beside(scores)), whole = integer(), n_whole = 0)
  }
  view$jackknife <- function(groups, with_constant = TRUE) {
    beside(lapply(views, function(v) v$jackknife(groups, with_constant)))
  }
  view$bias_reduced <- function(groups, combinations, pairs = FALSE) {
    found <- lapply(views, function(v) v$bias_reduced(groups, t(v$bread), pairs))
    list(meat = crossprod(beside(lapply(found, function(one) t(one$scores)))),
         expected = block_diagonal(lapply(found, `[[`, "expected")),
         straight = block_diagonal(lapply(found, `[[`, "straight")),
         crossed = block_diagonal(lapply(found, `[[`, "crossed")))
  }
  structure(view, class = "fe_view")
}

block_diagonal <- function(blocks) {
  rows <- cumsum(c(0L, vapply(blocks, nrow, 0L)))
  columns <- cumsum(c(0L, vapply(blocks, ncol, 0L)))
  whole <- matrix(0, rows[length(rows)], columns[length(columns)])
  for (i in seq_along(blocks)) {
    whole[rows[i] + seq_len(nrow(blocks[[i]])), columns[i] + seq_len(ncol(blocks[[i]]))] <- blocks[[i]]
  }
  whole
}
