# compare_groups(): do coefficients differ between groups?

#' Differences of coefficients between groups
#'
#' Tests whether coefficients of the same regression differ between groups of rows, for every pair of groups.
#'
#' @param x What [fe_compare()] gives, or a list of models of [fe_model()] with the same regressors.
#' @param terms Names of coefficients; `NULL` (default) for all slopes that both groups have.
#' @param method `"wald"` (default): the test of the stacked regression, in which everything is interacted with the
#'   group;
#'   `"permutation"`: units change groups.
#' @param vcov The variance of the stacked regression (`"wald"`), as in [vcov.fe_model()], but no matrix or function;
#'   `NULL` (default) for the models' own.
#' @param unit For `"permutation"`: the column of the units that change groups whole, bare, as a string or as an
#'   expression
#'   that gives one.
#' @param R For `"permutation"`: number of draws, default 999. Where there are no more ways to split the units, all are
#'   taken once.
#' @param seed As in [wild_bootstrap()].
#' @details Wald: rows of both groups are stacked, regressors and effects interacted with the group; the difference
#'   of two
#' coefficients and its variance are those of this regression, corrections counting its rows and parameters. Groups may
#' overlap: then the two scores of a row are summed first, and clusters sum over both groups. The classical variance
#' takes
#' a row's two residuals for independent, and is refused for overlapping groups (class `overlap`).
#'
#' Permutation: numbers of units stay what they are; the p value is two-sided, (1 + draws with
#' \eqn{|b^*| \ge |b|(1 - 10^{-10})})/(R + 1), or the share over all splits, the sample's among them. Stata's `bdiff`
#' reports min(p, 1 - p) of one side as the p value, which is half of this or less.
#' @return A data frame of class `compare_groups`: group1, group2, term, difference (group1 less group2), std.error,
#'   statistic, df, p.value (`NA` for the first three of these after a permutation), a row a pair and term. Attributes
#'   `method`, `variance` (text), `R`, `enumerated`, `seed`.
#' @section Errors: `flowresil_error_type`, `flowresil_error_term`, `flowresil_error_choice`, `flowresil_error_vcov`,
#'   `flowresil_error_overlap`, `flowresil_error_number`, `flowresil_error_seed`, `flowresil_error_missing_argument`.
#' @references Cleary, S. (1999). The relationship between firm investment and financial status. *Journal of
#'   Finance*, 54,
#'   673-692.
#' @export
#' @examples
#' s <- fe_compare(ExpRes ~ open + gov | province + year, province_panel,
#'                 subsets = list(east = region == "east", other = region != "east"))
#' compare_groups(s, vcov = ~province)
compare_groups <- function(x, terms = NULL, method = c("wald", "permutation"), vcov = NULL, unit = NULL, R = 999,
                           seed = NULL) {
  here <- environment()
  models <- list_of_models(x, here)
  if (length(models) < 2L) {
    abort_input("type", "`x` must hold two models or more.", found = "It holds one.", arg = "x", call = here)
  }
  method <- check_choice(method, c("wald", "permutation"), "method", here)
  shared <- Reduce(intersect, lapply(models, function(m) names(m$slopes)))
  terms <- slopes_to_compare(terms, shared, here)
  pairs <- utils::combn(length(models), 2L, simplify = FALSE)
  if (method == "permutation") {
    unit <- unit_of_models(rlang::enquo(unit), models, here)
    R <- check_number(R, "R", 1, 1e9, TRUE, here)
    seed <- read_seed(seed, here)
    found <- lapply(pairs, function(pair) permute_groups(models[pair], terms, unit, R, seed, here))
  } else {
    vcov <- evaluated_vcov(vcov, source_names(models[[1L]]$data), here)
    found <- lapply(pairs, function(pair) stacked_difference(models[pair], terms, vcov, here))
  }
  out <- do.call(rbind, Map(function(pair, part) {
    cbind(group1 = names(models)[pair[1L]], group2 = names(models)[pair[2L]], part$table)
  }, pairs, found))
  structure(out, class = c("compare_groups", "data.frame"), method = method, variance = found[[1L]]$variance,
            R = found[[1L]]$R, enumerated = found[[1L]]$enumerated,
            seed = if (method == "permutation") seed)
}

slopes_to_compare <- function(terms, shared, call) {
  if (is.null(terms)) terms <- shared
  if (is.character(terms) && length(terms) && all(terms %in% shared)) return(unique(terms))
  abort_input(
    "term", "`terms` must name slopes that all groups have.",
    found = if (!is.character(terms)) describe_value(terms) else if (length(terms) == 0L) "There is none." else
      paste0(enumerate(setdiff(terms, shared), "`"), " is none."),
    todo = if (length(shared)) paste0("They are ", enumerate(shared, "`", 10L), "."), arg = "terms", call = call
  )
}

# The difference in the stacked regression, term by term.
stacked_difference <- function(models, terms, vcov, call, correction = NULL) {
  a <- models[[1L]]
  b <- models[[2L]]
  if (is_given(vcov) || is.null(vcov) && is.null(a$variance$choice)) {
    abort_input("vcov", "`vcov` must say how the variance of the stacked regression is estimated.",
                found = "It is a matrix, or a function.", todo = "Give clusters, a name or a specification.",
                arg = "vcov", call = call)
  }
  choice <- if (is.null(vcov)) a$variance$choice else as_variance(vcov, call, source_names(a$data))
  if (is.null(correction)) correction <- if (is.na(a$variance$correction)) "fixest" else a$variance$correction
  stacked <- stack_models(a, b, call)
  view <- stacked_view(stacked, a, b, choice, call)
  estimate <- estimate_variance(stacked, choice, as_choice(correction, corrections(), "correction", call), call, view)
  rows <- lapply(terms, function(term) {
    at <- c(match(term, names(a$slopes)), length(a$slopes) + match(term, names(b$slopes)))
    C <- matrix(0, 1L, length(stacked$slopes))
    C[at] <- c(1, -1)
    difference <- a$slopes[[term]] - b$slopes[[term]]
    error <- sqrt(max(drop(C %*% estimate$vcov %*% t(C)), 0))
    used <- estimate$variance$choice
    df <- if (is.function(used$joint_degrees)) used$joint_degrees(view, C) else joint_degrees(estimate$variance)
    t <- if (error > 0) difference / error else NA_real_
    data.frame(term = term, difference = difference, std.error = error, statistic = t, df = df,
               p.value = 2 * stats::pt(abs(t), df, lower.tail = FALSE))
  })
  list(table = do.call(rbind, rows), variance = describe_convention(estimate$variance))
}

# The regression of both models' rows, regressors and effects interacted with the model: a fit as a view looks at it.
# Columns go less their group's mean, which its effects or its constant take out again.
stack_models <- function(a, b, call) {
  designs <- lapply(list(a, b), fitted_design, call = call)
  n <- c(a$nobs, b$nobs)
  centred <- function(model, design, j) design$columns[[j]] - if (design$centre) model$means[[j]] else 0
  left <- lapply(kept_columns(a), function(j) c(centred(a, designs[[1L]], j), numeric(n[2L])))
  right <- lapply(kept_columns(b), function(j) c(numeric(n[1L]), centred(b, designs[[2L]], j)))
  outcome <- c(centred(a, designs[[1L]], outcome_place(a)), centred(b, designs[[2L]], outcome_place(b)))
  codes <- lapply(designs, `[[`, "codes")
  levels <- lapply(list(a, b), function(m) unname(m$effects$n_levels))
  if (lengths(codes)[1L] == 0L && a$intercept) {
    codes <- list(list(integer(n[1L])), list(integer(n[2L])))
    levels <- list(1L, 1L)
  }
  if (length(codes[[1L]]) != length(codes[[2L]]) || a$intercept != b$intercept) {
    abort_input("type", "Groups must be models of one formula.", found = "Their effects are not the same.", arg = "x",
                call = call)
  }
  weighted <- !is.null(designs[[1L]]$weights) || !is.null(designs[[2L]]$weights)
  columns <- c(left, right, list(outcome))
  n_levels <- as.integer(levels[[1L]] + levels[[2L]])
  design <- list(
    n_rows = sum(n), columns = columns, roles = formula_roles(length(columns)), outcome = length(columns),
    codes = Map(function(x, y, shift) c(x, y + as.integer(shift)), codes[[1L]], codes[[2L]], levels[[1L]]),
    n_levels = n_levels, weights = if (weighted) c(weights_or_ones(a), weights_or_ones(b)),
    centre = length(n_levels) > 0L
  )
  fit <- core(cpp_fit_equation, design, numeric(length(columns)), a$options, rank_tolerance, call = call)
  promise(all(fit$fate == 0L), "a slope of a group is one of the stacked regression")
  k <- length(columns) - 1L
  slopes <- stats::setNames(fit$coefficients[seq_len(k)],
                            paste0(rep(c("1:", "2:"), c(length(a$slopes), length(b$slopes))),
                                   c(names(a$slopes), names(b$slopes))))
  structure(list(
    design = design, solution = fit$solution[c("shift", "rest", "levels", "method")], means = numeric(k + 1L),
    basis = fit$basis, polish = fit$polish, along = fit$along, offset = fit$offset, polished = fit$polished,
    fitted_coefficients = fit$coefficients, kept = seq_len(k), kept_terms = names(slopes), slopes = slopes,
    coefficients = slopes, residual_squares = fit$residual_squares, nobs = sum(n), intercept = FALSE, constant = "none",
    effects = list(n_levels = stats::setNames(n_levels, paste("effect", seq_along(n_levels)))),
    solver = fit$solution[c("method", "converged")], options = a$options
  ), class = "fe_model")
}

# What a variance may ask of the stacked regression: groups, times and places of both models' rows; of rows in both
# groups the two scores are one.
stacked_view <- function(stacked, a, b, choice, call) {
  view <- new_view(stacked, call)
  both <- list(a, b)
  view$groups <- function(columns) {
    groups <- shared_clusters(lapply(both, groups_of_rows, columns = columns, call = call))
    list(name = groups[[1L]]$name, columns = columns, code = c(groups[[1L]]$code, groups[[2L]]$code),
         values = if (is.null(groups[[1L]]$all)) groups[[1L]]$values else groups[[1L]]$all, n = groups[[1L]]$n)
  }
  joined <- function(parts) Map(c, parts[[1L]], parts[[2L]])
  together <- function(coded) {
    values <- sort(unique(unlist(lapply(coded, `[[`, "values"))))
    list(code = unlist(lapply(coded, function(one) match(one$values, values)[one$code + 1L] - 1L)), values = values)
  }
  view$numbers <- function(name, read) {
    unlist(lapply(both, function(model) read(columns_of_rows(model, name, call)[[1L]])))
  }
  view$times <- function(time = NULL) {
    found <- lapply(both, times_of_rows, time = time, call = call)
    periods <- together(lapply(found, function(one) list(code = one$period, values = one$values)))
    list(time = found[[1L]]$time, period = periods$code, values = periods$values)
  }
  rows <- lapply(both, used_rows)
  id <- if (identical(a$data, b$data)) match(unlist(rows), unique(unlist(rows))) else seq_len(stacked$nobs)
  first <- which(!duplicated(id))
  view$levels <- function(wanted) paste("row", unlist(rows)[wanted])
  view$place <- function(unit = NULL, time = NULL) {
    places <- lapply(both, place_of_rows, unit = unit, time = time, call = call)
    names <- c(places[[1L]]$unit, places[[1L]]$time)
    keys <- lapply(joined(lapply(both, columns_of_rows, names = names, call = call)), `[`, first)
    found <- code_panel(keys, names[1L], names[2L], call = call)
    periods <- code_values(found$when)
    list(unit = names[1L], time = names[2L], code = found$code, n = found$n_units, period = periods$code,
         values = periods$values)
  }
  if (length(first) == length(id)) return(view)
  if (identical(choice$form, "classical")) {
    abort_input("overlap", "The classical variance needs groups without a row in common.",
                found = paste0(count_of(length(id) - length(first), "row"), " stand in both."),
                todo = "Take clusters, or \"HC1\".", arg = "vcov", call = call)
  }
  scores <- view$scores
  products <- view$score_products
  view$scores <- function() rowsum(scores(), id, reorder = FALSE)
  view$score_products <- function(groups = NULL) if (is.null(groups)) crossprod(view$scores()) else products(groups)
  view$leverage_squares <- function(what, power) {
    refuse_iterated(stacked, what, call)
    h <- row_leverage(stacked, function(columns) refuse_iterated(stacked, what, call))
    whole <- which(h > 1 - 1e-9)
    own <- scores() * ifelse(h > 1 - 1e-9, 0, (1 - h)^(-power / 2))
    list(meat = crossprod(rowsum(own, id, reorder = FALSE)), whole = utils::head(whole, 10L), n_whole = length(whole))
  }
  view
}

# The one column of units in all models' data.
unit_of_models <- function(quo, models, call) {
  if (rlang::quo_is_null(quo)) {
    abort_input("missing_argument", "`unit` must be given.", todo = "It names the units that change groups whole.",
                arg = "unit", call = call)
  }
  resolve_columns(quo, models[[1L]]$data, "unit", single = TRUE, call = call)
}

# Units of both groups dealt out anew, their numbers kept.
permute_groups <- function(models, terms, unit, R, seed, call) {
  groups <- lapply(models, groups_of_rows, columns = unit, call = call)
  labels <- lapply(groups, function(g) as.character(label_values(g$values)))
  both <- intersect(labels[[1L]], labels[[2L]])
  if (length(both)) {
    abort_input("overlap", "A permutation needs groups without a unit in common.",
                found = paste0(enumerate(both), if (length(both) == 1L) " stands" else " stand", " in both."),
                todo = "`method = \"wald\"` with clusters takes overlapping groups.", arg = "x", call = call)
  }
  pool <- pool_models(models, call)
  n1 <- length(labels[[1L]])
  n <- n1 + length(labels[[2L]])
  code <- c(groups[[1L]]$code, groups[[2L]]$code + n1) + 1L
  enumerated <- choose(n, n1) <= R
  splits <- if (enumerated) utils::combn(n, n1, simplify = FALSE) else
    lapply(seq_len(R), function(r) drawn_split(n, n1, seed, r))
  difference <- function(first) {
    inside <- code %in% first
    pooled_slopes(pool, which(inside), terms, call) - pooled_slopes(pool, which(!inside), terms, call)
  }
  own <- models[[1L]]$slopes[terms] - models[[2L]]$slopes[terms]
  draws <- matrix(vapply(splits, difference, numeric(length(terms))), nrow = length(terms))
  p <- placebo_p_value(draws, own, enumerated)
  list(
    table = data.frame(term = terms, difference = unname(own), std.error = NA_real_, statistic = NA_real_,
                       df = NA_real_, p.value = p),
    R = length(splits), enumerated = enumerated
  )
}

# n1 of n by the counters of one seed and replicate.
drawn_split <- function(n, n1, seed, replicate) drawn_order(n, seed, replicate)[seq_len(n1)]

# All rows of several models of one formula, as the core takes them.
pool_models <- function(models, call) {
  names <- lapply(models, regressors_of)
  if (!all(vapply(names, identical, NA, names[[1L]]))) {
    abort_input("type", "Groups must be models of one formula.", found = "Their regressors are not the same.",
                arg = "x", call = call)
  }
  designs <- lapply(models, fitted_design, call = call)
  at <- c(models[[1L]]$design$roles$regressors, outcome_place(models[[1L]]))
  codes <- lapply(seq_along(designs[[1L]]$codes), function(j) {
    labels <- lapply(models, function(m) as.character(label_values(m$effects$values[[j]])))
    all <- unique(unlist(labels))
    unlist(Map(function(m, own) match(own, all)[m$design$codes[[j]] + 1L] - 1L, models, labels), use.names = FALSE)
  })
  weighted <- any(!vapply(designs, function(d) is.null(d$weights), NA))
  list(
    names = names[[1L]], options = models[[1L]]$options,
    design = list(
      columns = lapply(at, function(j) unlist(lapply(designs, function(d) d$columns[[j]]), use.names = FALSE)),
      codes = codes, weights = if (weighted) unlist(lapply(models, weights_or_ones), use.names = FALSE),
      centre = designs[[1L]]$centre
    )
  )
}

# Names of all regressors of the design, those that were dropped among them.
regressors_of <- function(model) {
  out <- character(length(model$design$roles$regressors))
  out[model$kept] <- model$kept_terms
  out[setdiff(seq_along(out), model$kept)] <- model$dropped$term
  out
}

# The slopes of some rows; NA where one is not identified.
pooled_slopes <- function(pool, rows, terms, call) {
  design <- design_of_rows(pool$design, seq_along(pool$design$columns), rows)
  means <- vapply(design$columns, mean, 1)
  fit <- core(cpp_fit_equation, design, means, pool$options, rank_tolerance, call = call)
  at <- match(terms, pool$names)
  # what is collinear leaves the other slopes without a meaning; what is absorbed does not
  ifelse(fit$fate[at] == 0L & !any(fit$fate == 2L), fit$coefficients[at], NA_real_)
}

#' @rdname compare_groups
#' @param digits Significant digits to print.
#' @param ... Not used.
#' @export
print.compare_groups <- function(x, digits = 4, ...) {
  digits <- check_digits(digits, environment())
  how <- if (attr(x, "method") == "wald") paste0("stacked regression, ", attr(x, "variance")) else
    if (attr(x, "enumerated")) paste0("all ", format_counts(attr(x, "R")), " splits of the units") else
      paste0(format_counts(attr(x, "R")), " permutations of the units, seed ", format(attr(x, "seed"), digits = 15))
  cat("Differences between groups: ", how, "\n", sep = "")
  print_rows(x, digits, Inf)
  invisible(x)
}
