# Draws of an analysis: which clusters they go by, their cross-products, what comes out.

# The analysis with what its methods draw: `draws` (what people look at, by kind), `drawn` (the coefficients they are
# made of), `failed`, `acceleration`, `wild_p`, `decisions`, `R`, `seed`.
with_draws <- function(object, methods, R, seed, resamples, call) {
  clusters <- draw_clusters(object)
  kinds <- unique(unlist(lapply(methods, `[[`, "draws")))
  stepwise <- "stepwise" %in% names(methods)
  if (stepwise) kinds <- union(kinds, if (is.null(clusters$fault)) "pairs" else "normal")
  wild_tests <- any(vapply(methods, function(m) isTRUE(m$wild_tests), NA))
  if (length(kinds) == 0L && !wild_tests) return(object)
  R <- check_number(R, "R", 1, 1e9, whole = TRUE, call = call)
  if (length(kinds)) refuse_few_draws(R, 0.95, call)
  object$seed <- read_seed(seed, call)
  object$R <- R
  if (wild_tests || any(c("pairs", "wild") %in% kinds)) refuse_no_draw_clusters(clusters, call)
  effects <- effects_of(object)
  wanted <- wanted_coefficients(object, effects)
  products <- if (any(c("pairs", "wild") %in% kinds)) pair_products(object, clusters, "wild" %in% kinds, call)
  object$draws <- object$drawn <- list()
  for (kind in kinds) {
    drawn <- switch(kind,
      normal = normal_draws(mediation_fit(object, call), wanted, R, object$seed),
      pairs = resample_pairs(object, products, wanted, resamples, "studentised" %in% names(methods), call),
      wild = draw_wild(object, products, wanted, call)
    )
    object$drawn[[kind]] <- drawn
    object$draws[[kind]] <- named_draws(object, drawn$coefficients, effects)
  }
  resampled <- intersect(c("pairs", "wild"), kinds)
  object$failed <- vapply(object$drawn[resampled], function(d) sum(is.na(d$coefficients[, 1L])), 1L)
  if (any(kinds %in% c("pairs", "wild")) || wild_tests) warn_few_draw_clusters(clusters)
  report_lost_replicates(object$failed, vapply(object$drawn[resampled], function(d) nrow(d$coefficients), 1L), call)
  if ("pairs" %in% kinds) object$acceleration <- accelerations(object, effects)
  if (wild_tests) object$wild_p <- wild_p_values(object, clusters, R, call)
  if (stepwise) object$decisions <- stepwise_decisions(object)
  object
}

# What draws go by: list(columns, code, n, labels) of the one cluster; without effects and clusters each row; else
# `fault`, why there are none.
draw_clusters <- function(object) {
  model <- object$models$total
  choice <- model$variance$choice
  dimensions <- if (!is.null(choice$dimensions)) choice$dimensions else if (!is.null(choice$cluster))
    list(choice$cluster)
  if (length(dimensions) > 1L) return(list(fault = paste0("The variance has ", length(dimensions), " dimensions.")))
  if (length(dimensions) == 0L) {
    if (length(model$effects$n_levels)) return(list(fault = "There are effects, and the variance has no cluster."))
    n <- model$nobs
    return(list(code = seq_len(n) - 1L, n = n, labels = used_rows(model)))
  }
  groups <- groups_of_rows(model, dimensions[[1L]], rlang::caller_env())
  list(columns = dimensions[[1L]], code = groups$code, n = groups$n, labels = label_values(groups$values))
}

refuse_no_draw_clusters <- function(clusters, call) {
  if (is.null(clusters$fault)) return(invisible())
  abort_input(
    "bootstrap", "Resampling must go by one cluster.", found = clusters$fault,
    todo = "Name it, as in `vcov = ~unit`; \"monte_carlo\", \"distribution\" and \"sobel\" need none.", arg = "method",
    call = call
  )
}

warn_few_draw_clusters <- function(clusters) {
  if (clusters$n >= 6L) return(invisible())
  warn_data("few_clusters", "Resampling needs six clusters or more to say anything.",
            found = paste0("There are ", clusters$n, "."), todo = "Take \"monte_carlo\" with `vcov_cr()`.")
}

report_lost_replicates <- function(failed, made, call) {
  for (kind in names(failed)[failed > 0]) {
    found <- paste0("In ", count_of(failed[[kind]], "draw"), " of ", format_counts(made[[kind]]),
                    " the treatment or a mediator is not identified.")
    if (failed[[kind]] > 0.2 * made[[kind]]) {
      abort_input("replicates", "At most a fifth of the draws may be lost.", found = found,
                  todo = "Clusters are few or the treatment varies in few of them: take \"wild\" or \"monte_carlo\".",
                  arg = "method", call = call)
    }
    warn_data("replicates", "Some draws are lost: they are NA, and quantiles are of the others.", found = found,
              n = failed[[kind]])
  }
}

# The coefficients of all effects and paths, "equation:term".
wanted_coefficients <- function(object, effects) {
  paths <- unlist(lapply(object$treatment, function(treatment) {
    c(coefficient_of(object$mediators, treatment), coefficient_of("outcome", object$mediators))
  }))
  unique(c(unlist(lapply(effects, effect_names)), paths))
}

# All columns of the equations once, and their cross-products by cluster: list(products, columns (names), equations
# (name: list(outcome, regressors), by column)).
pair_products <- function(object, clusters, wild, call) {
  models <- object$models
  whole <- union_design(models, call)
  moved <- if (wild) product_terms(object)
  nested <- nested_effects(models$outcome, clusters)
  if (length(moved)) whole <- with_product_parts(whole, models, moved, nested, call)
  design <- whole$design
  solution <- whole$solution
  labels <- names(design$columns)
  equations <- lapply(models, function(model) {
    list(outcome = match(model$outcome, labels), regressors = match(model$kept_terms, labels))
  })
  p <- length(labels)
  scores <- list(
    combination = diag(p), residual = numeric(p), along = numeric(p), offset = numeric(),
    turn = diag(p + object$models$outcome$intercept), constant = object$models$outcome$intercept,
    constant_column = NULL
  )
  crossing <- sum(models$outcome$effects$n_levels[!nested])
  if (crossing > most_solved_levels || (p + crossing)^2 * clusters$n > 2^30) {
    abort_input(
      "bootstrap", "Levels of effects that cross the clusters are regressors of every draw: they must be few.",
      found = paste0("There are ", format_counts(crossing), " of them, and ", format_counts(clusters$n), " clusters."),
      todo = "Cluster by something that holds the larger effect, or take \"monte_carlo\".", arg = "method", call = call
    )
  }
  products <- core(cpp_pair_products, design, solution, scores, clusters$code, clusters$n, nested, most_solved_levels,
                   n_threads(models$outcome$nobs), call = call)
  list(products = products, columns = labels, equations = equations, clusters = clusters, moved = moved)
}

# Terms of the outcome's equation that are a mediator times another column: list(term = c(mediator, other)).
product_terms <- function(object) {
  terms <- names(object$models$outcome$slopes)
  other <- if (!is.null(object$interaction)) object$treatment else object$moderation$name
  pairs <- expand.grid(mediator = object$mediators, other = other, stringsAsFactors = FALSE)
  found <- lapply(seq_len(nrow(pairs)), function(i) {
    term <- intersect(c(paste0(pairs$mediator[i], ":", pairs$other[i]), paste0(pairs$other[i], ":", pairs$mediator[i])),
                      terms)
    if (length(term)) stats::setNames(list(c(pairs$mediator[i], pairs$other[i])), term)
  })
  unlist(found, recursive = FALSE)
}

# A mediator that is drawn anew is its fit plus or minus its residual; its product with another column is made of these
# two times that column, which stand beside the columns. The second takes a sign by cluster: of it no effect may be
# taken out that crosses clusters, whose levels would take the sign too; these stand among the regressors.
with_product_parts <- function(whole, models, moved, nested, call) {
  added <- list()
  for (term in names(moved)) {
    model <- models[[moved[[term]][1L]]]
    other <- whole$design$columns[[moved[[term]][2L]]]
    e <- new_view(model, call)$residuals()
    fitted <- fitted_design(model, call)$columns[[outcome_place(model)]] - e
    added[[paste0(term, " fit")]] <- other * fitted
    added[[paste0(term, " residual")]] <- other * e
  }
  n <- length(added)
  design <- whole$design
  design$columns <- added
  design$roles <- formula_roles(n)
  design$outcome <- n
  means <- vapply(added, mean, 1)
  solved <- core(cpp_fit_equation, design, means, models$outcome$options, rank_tolerance, call = call)$solution
  if (!solved$converged) report_not_converged(solved)
  if (!all(nested) || length(nested) == 0L) {
    signed <- endsWith(names(added), " residual")
    solved$shift[signed] <- 0
    if (length(solved$rest)) solved$rest[signed] <- 0
    solved$levels <- lapply(solved$levels, function(levels) replace(levels, rep(signed, ncol(levels)), 0))
    largest <- which(nested)[which.max(design$n_levels[nested])]
    for (i in if (length(largest)) which(signed)) {
      weights <- weights_or_ones(models$outcome)
      sums <- sum_by(cbind(added[[i]] * weights), design$codes[[largest]], design$n_levels[[largest]])
      solved$levels[[largest]][i, ] <- sums / sum_by(weights, design$codes[[largest]], design$n_levels[[largest]])
    }
  }
  whole$design$columns <- c(whole$design$columns, added)
  whole$design$roles <- formula_roles(length(whole$design$columns))
  whole$design$outcome <- length(whole$design$columns)
  whole$solution$shift <- c(whole$solution$shift, solved$shift)
  if (length(whole$solution$rest)) whole$solution$rest <- c(whole$solution$rest, solved$rest)
  whole$solution$levels <- Map(rbind, whole$solution$levels, solved$levels)
  whole
}

# The columns of all equations, each once, with what the effects take out of them: every equation has its own columns'
# part of the solution.
union_design <- function(models, call) {
  design <- fitted_design(models$outcome, call)
  parts <- lapply(models, function(model) {
    labels <- c(all_regressors(model), model$outcome)
    list(labels = labels, columns = fitted_design(model, call)$columns, solution = model$solution)
  })
  labels <- unlist(lapply(parts, `[[`, "labels"))
  first <- !duplicated(labels)
  across <- function(get) do.call(c, lapply(parts, get))
  solution <- models$outcome$solution
  solution$shift <- unname(across(function(p) p$solution$shift))[first]
  if (length(solution$rest)) solution$rest <- unname(across(function(p) p$solution$rest))[first]
  solution$levels <- lapply(seq_along(solution$levels), function(j) {
    do.call(rbind, lapply(parts, function(p) p$solution$levels[[j]]))[first, , drop = FALSE]
  })
  design$columns <- stats::setNames(across(function(p) unname(p$columns))[first], labels[first])
  design$roles <- formula_roles(sum(first))
  design$outcome <- sum(first)
  list(design = design, solution = solution)
}

# The equations of draws: coefficients wanted of each, the rest controls; and in which order they come out.
drawn_equations <- function(products, wanted) {
  made <- list()
  names <- of <- character()
  for (name in names(products$equations)) {
    equation <- products$equations[[name]]
    terms <- products$columns[equation$regressors]
    own <- coefficient_of(name, terms) %in% wanted
    if (!any(own)) next
    made <- c(made, list(list(outcome = equation$outcome, controls = equation$regressors[!own],
                              wanted = equation$regressors[own])))
    names <- c(names, coefficient_of(name, terms[own]))
    of <- c(of, name)
  }
  list(equations = made, names = names, equations_of = of)
}

# Draws between two looks at the progress: whole blocks of the core.
draws_at_once <- 1024

run_draws <- function(products, wanted, drawing, with_vcov, call) {
  drawn <- drawn_equations(products, wanted)
  threads <- n_threads(Inf)
  starts <- seq(0, drawing$R - 1, by = draws_at_once)
  parts <- lapply(cli::cli_progress_along(starts, name = "Drawing"), function(i) {
    some <- utils::modifyList(drawing, list(first = starts[i], R = min(draws_at_once, drawing$R - starts[i])))
    core(cpp_product_draws, products$products, drawn$equations, some, with_vcov, threads, call = call)
  })
  found <- lapply(stats::setNames(names(parts[[1L]]), names(parts[[1L]])), function(name) {
    do.call(cbind, lapply(parts, `[[`, name))
  })
  coefficients <- t(found$coefficients)
  colnames(coefficients) <- drawn$names
  inverses <- t(found$inverses)
  colnames(inverses) <- drawn$names
  squares <- t(found$residual_squares)
  colnames(squares) <- drawn$equations_of
  list(coefficients = coefficients, inverses = inverses, residual_squares = squares,
       vcov = if (with_vcov) t(found$covariances))
}

resample_pairs <- function(object, products, wanted, resamples, with_vcov, call) {
  clusters <- products$clusters
  drawing <- if (is.null(resamples)) {
    list(kind = "pairs", R = object$R, seed = object$seed)
  } else {
    counts <- check_resamples(resamples, clusters, call)
    list(kind = "given", R = nrow(counts), counts = t(counts))
  }
  drawn <- run_draws(products, wanted, drawing, with_vcov, call)
  if ("bca" %in% object$method || clusters$n <= most_left_out) {
    if (clusters$n > most_left_out) {
      abort_input("bootstrap", paste0("\"bca\" leaves each cluster out in turn: at most ",
                                      format_counts(most_left_out), " of them."),
                  found = paste0("There are ", format_counts(clusters$n), "."),
                  todo = "Take \"percentile\"; with so many clusters they agree.", arg = "method", call = call)
    }
    leave_out <- list(kind = "given", R = clusters$n, counts = 1 - diag(clusters$n))
    drawn$leave_out <- run_draws(products, wanted, leave_out, FALSE, call)$coefficients
  }
  drawn
}

# Clusters up to which each is left out in turn.
most_left_out <- 4000

# R x G weights with a column a cluster, in the order of the clusters.
check_resamples <- function(resamples, clusters, call) {
  refuse <- function(found, todo = NULL) {
    abort_input("resamples", "`resamples` must be a matrix of weights of 0 or more, a row a draw, a column a cluster.",
                found = found, todo = todo, arg = "resamples", call = call)
  }
  if (is.data.frame(resamples)) resamples <- as.matrix(resamples)
  if (!is.matrix(resamples) || !is.numeric(resamples)) refuse(describe_value(resamples))
  labels <- as.character(clusters$labels)
  names <- colnames(resamples)
  if (is.null(names)) refuse("Its columns have no names.", "Name them by cluster.")
  unknown <- setdiff(names, labels)
  if (length(unknown)) refuse(paste0(enumerate(unknown, "`"), if (length(unknown) > 1L) " are" else " is",
                                     " no cluster of the rows used."))
  lacking <- setdiff(labels, names)
  if (length(lacking)) refuse(paste0("It has no column for ", enumerate(lacking, "`"), "."))
  if (anyDuplicated(names)) refuse(paste0("`", names[anyDuplicated(names)], "` stands twice."))
  if (any(!is.finite(resamples)) || any(resamples < 0)) refuse("It holds negative or missing weights.")
  empty <- which(rowSums(resamples) == 0)
  if (length(empty)) refuse(paste0("Nothing is drawn in ", name_rows(empty), "."))
  unname(resamples[, match(labels, names), drop = FALSE])
}

# Outcomes drawn anew with one sign a cluster: m* = fit + v e, y* = fit + sum of b (m* - m) + v e, each mediator of a
# series on those drawn before it.
draw_wild <- function(object, products, wanted, call) {
  built <- wild_columns(object, products, call)
  signed <- products
  signed$products <- core(cpp_signed_products, products$products, built$fixed, built$moving, call = call)
  G <- products$clusters$n
  all <- G <= 30 && 2^G <= object$R
  drawing <- list(kind = "wild", R = if (all) 2^G else object$R, seed = object$seed, enumerate = all)
  run_draws(signed, wanted, drawing, FALSE, call)
}

# Each drawn column as a combination of the sample's: fixed + v moving, levels first.
wild_columns <- function(object, products, call) {
  L <- products$products$n_levels
  size <- L + length(products$columns)
  fixed <- diag(size)
  moving <- matrix(0, size, size)
  fits <- whole_fits(products, call)
  draw_outcome <- function(name) {
    at <- L + products$equations[[name]]$outcome
    fit <- fits[[name]] # coefficients on all columns and levels
    # fit at the mediators as drawn, plus v times the residual of the sample
    fixed[, at] <<- fixed %*% fit
    moving[, at] <<- moving %*% fit + replace(-fit, at, 1)
  }
  for (name in object$mediators) draw_outcome(name)
  for (term in names(products$moved)) {
    at <- L + match(term, products$columns)
    fixed[, at] <- replace(numeric(size), L + match(paste0(term, " fit"), products$columns), 1)
    moving[, at] <- replace(numeric(size), L + match(paste0(term, " residual"), products$columns), 1)
  }
  draw_outcome("outcome")
  list(fixed = fixed, moving = moving)
}

# Least squares of each equation on columns and levels, from the cross-products of all clusters.
whole_fits <- function(products, call) {
  L <- products$products$n_levels
  size <- L + length(products$columns)
  sum <- matrix(0, size, size)
  sum[lower.tri(sum, diag = TRUE)] <- rowSums(products$products$packed)
  sum <- sum + t(sum) - diag(diag(sum), size)
  lapply(products$equations, function(equation) {
    on <- c(seq_len(L), L + equation$regressors)
    fit <- numeric(size)
    fit[on] <- core(cpp_least_norm, sum[on, on, drop = FALSE], sum[on, L + equation$outcome],
                    diag(sum)[on], call = call)
    fit
  })
}
