# wild_bootstrap(): tests and confidence sets of coefficients by the wild cluster bootstrap.

#' Wild cluster bootstrap
#'
#' Tests a coefficient, or several jointly, by drawing a sign or weight for each cluster's residuals, and inverts the
#' test for the set of values that it does not reject. Exact where all signs can be enumerated.
#'
#' @param model A [fe_model()].
#' @param terms Names of coefficients. Each is tested by itself, unless `joint`.
#' @param null What the hypothesis says they are: one number (default 0), or one a term (in their order, or by name).
#' @param cluster A one-sided formula that names clusters, `~unit`, `~a^b`, or several dimensions, `~a + b`, or an
#'   expression that gives one; `NULL` (default) for the model's.
#' @param variant `"WCR11"` (default) or another of WC, R or U, 1 or 3, 1 or 3 (MacKinnon, Nielsen and Webb 2023): the
#'   null imposed on the draws (R) or not (U); their residuals plain (1) or a cluster's at the estimate without it (3);
#'   the variance CR1 or CR3 (see [vcov_cr()]), in the sample and in every draw alike. Those with a 3 take clusters
#'   of one
#'   dimension.
#' @param weights The draws' weights, one a cluster: `"rademacher"` (default, -1 and 1), `"webb"` (six points),
#'   `"mammen"` (two points) or `"normal"`.
#' @param R Number of draws, default 9999. With Rademacher weights and \eqn{2^G \le R} all \eqn{2^G} are taken, each
#'   once.
#' @param joint Test all terms together (Wald over their number)? No set then.
#' @param alternative `"two.sided"` (default): the share of draws with \eqn{|t^*| \ge |t|}; `"less"`: \eqn{t^* \le t};
#'   `"greater"`: \eqn{t^* \ge t}; `"equal_tail"`: twice the smaller of these two, at most 1.
#' @param conf.level Level of the set, default .95; `NULL` for none.
#' @param boot_cluster The clusters that draws go by, a one-sided formula; `NULL` (default) for `cluster`, of several
#'   dimensions the one with fewest levels. Each must lie inside one cluster of some dimension.
#' @param ties `"count"` (default): a draw that equals the sample's statistic up to 1e-10 counts as beyond it, so
#'   that in
#'   WCR1x, where the sample is one of the draws, no enumerated p value is below \eqn{2^{1-G}}; `"drop"`: it does
#'   not, as
#'   in `boottest`.
#' @param seed A whole number; `NULL` (default) takes one from R's stream, so that [set.seed()] repeats the call.
#' @details Effects that lie inside the clusters are taken out first, others are regressors (2000 levels of them at
#' most). The rows are passed once; draws work on sums by cluster, so that their cost does not grow with the rows. A
#' draw is a function of seed, replicate and cluster in sorted order: the same for any order of rows and any number of
#' threads. The statistic is (estimate - null) / error with the model's correction, that of CR3 with \eqn{(G-1)/G}; of
#' several dimensions the variance is that of inclusion and exclusion, not repaired, and draws in which it is negative
#' are dropped and counted.
#'
#' The set holds the nulls whose p value exceeds 1 - `conf.level`. Every place where the p value can change is a root of
#' a polynomial, so that all its pieces are found; it may be unbounded, and its ends are then infinite.
#' @return An object of class `wild_bootstrap`, a list with `p.value`, `statistic`, `estimate`, `null` (numeric, one a
#'   term; `p.value` and `statistic` one in all if `joint`), `R` (draws made), `enumerated` (TRUE or FALSE), `draws`
#'   (the draws' statistics, a vector, or a matrix with a column a term), `dropped` (draws without a statistic), `set`
#'   (a matrix with a row a piece and columns low and high, or a list of these; `NULL` without), `variant`, `weights`,
#'   `alternative`, `conf.level`, `ties`, `joint`, `seed` (`NA` where nothing was drawn), `cluster`, `n_clusters` (one a
#'   dimension), `boot_cluster`, `correction`.
#'   `tidy()`: a data frame with term, estimate, null, statistic, p.value, conf.low, conf.high (the outermost ends).
#' @section Errors: `flowresil_error_term`, `flowresil_error_choice`, `flowresil_error_number` (also for an R too small
#'   for the level: below 39 at 95 %), `flowresil_error_seed`, `flowresil_error_vcov`, `flowresil_error_one_cluster`,
#'   `flowresil_error_missing_value`, `flowresil_error_flag`, `flowresil_error_type`.
#'   Warning: `flowresil_warning_jackknife`.
#' @references Cameron, A. C., Gelbach, J. B. and Miller, D. L. (2008). Bootstrap-based improvements for inference with
#'   clustered errors. *Review of Economics and Statistics*, 90, 414-427.
#'
#' MacKinnon, J. G., Nielsen, M. O. and Webb, M. D. (2023). Fast and reliable jackknife and bootstrap methods for
#' cluster-robust inference. *Journal of Applied Econometrics*, 38, 671-694.
#' @export
#' @examples
#' m <- fe_model(ExpRes ~ open + gov | province + year, province_panel)
#' wild_bootstrap(m, "open", cluster = ~province, seed = 1)
wild_bootstrap <- function(model, terms, null = 0, cluster = NULL, variant = "WCR11",
                           weights = c("rademacher", "webb", "mammen", "normal"), R = 9999, joint = FALSE,
                           alternative = c("two.sided", "equal_tail", "less", "greater"), conf.level = 0.95,
                           boot_cluster = NULL, ties = c("count", "drop"), seed = NULL) {
  here <- environment()
  check_model(model, "model", here)
  terms <- tested_terms(terms, model, here)
  null <- read_nulls(null, terms, here)
  check_flag(joint, "joint", here)
  variant <- check_choice(variant, wild_variants, "variant", here)
  weights <- check_choice(weights, c("rademacher", "webb", "mammen", "normal"), "weights", here)
  alternative <- check_choice(alternative, c("two.sided", "equal_tail", "less", "greater"), "alternative", here)
  ties <- check_choice(ties, c("count", "drop"), "ties", here)
  if (!is.null(conf.level)) check_level(conf.level, here, "conf.level")
  R <- check_number(R, "R", 1, 1e9, TRUE, here)
  how <- read_variant(variant)
  clusters <- wild_clusters(model, cluster, boot_cluster, how, here)
  groups <- clusters$groups
  enumerated <- can_enumerate(weights, groups, R)
  if (!enumerated && !is.null(conf.level)) {
    refuse_few_draws(R, conf.level, here, "`conf.level = NULL` asks for no set.")
  }
  drawing <- wild_drawing(weights, groups, R, if (enumerated) 0 else read_seed(seed, here))
  how <- c(how, list(alternative = alternative, drop = ties == "drop", joint = joint,
                     level = if (joint || is.null(conf.level)) NA_real_ else conf.level))
  estimate <- wild_variance(model, clusters, how$jackknife_variance, here)
  parts <- if (joint) list(terms) else as.list(terms)
  found <- wild_tests(model, parts, null, groups, estimate, how, drawing, here)
  sets <- if (!is.na(how$level)) stats::setNames(lapply(found, `[[`, "set"), terms)
  named <- function(values) if (joint) values else stats::setNames(values, terms)
  draws <- vapply(found, `[[`, numeric(drawing$R), "statistics")
  structure(list(
    p.value = named(vapply(found, `[[`, 1, "p_value")), statistic = named(vapply(found, `[[`, 1, "statistic")),
    estimate = model$coefficients[terms], null = null, R = drawing$R, enumerated = enumerated,
    draws = if (length(parts) == 1L) as.vector(draws) else matrix(draws, ncol = length(parts),
                                                                  dimnames = list(NULL, terms)),
    dropped = drawing$R - min(vapply(found, `[[`, 1, "valid")),
    set = if (length(sets) == 1L) sets[[1L]] else sets, variant = variant, weights = weights,
    alternative = alternative, conf.level = conf.level, ties = ties, joint = joint,
    seed = if (enumerated) NA_real_ else drawing$seed, cluster = clusters$name, n_clusters = clusters$sizes,
    boot_cluster = groups$name, correction = estimate$correction
  ), class = "wild_bootstrap")
}

wild_variants <- c("WCR11", "WCR31", "WCR13", "WCR33", "WCU11", "WCU31", "WCU13", "WCU33")

# "WCR31": the null imposed, scores of the jackknife, variance CR1.
read_variant <- function(variant) {
  list(restricted = substr(variant, 3L, 3L) == "R", jackknife_scores = substr(variant, 4L, 4L) == "3",
       jackknife_variance = substr(variant, 5L, 5L) == "3")
}

# Names of coefficients of the model that the hypothesis is on.
tested_terms <- function(terms, model, call) {
  own <- setdiff(names(model$coefficients), if (!model$intercept) "(Intercept)")
  if (missing(terms)) {
    abort_input("missing_argument", "`terms` must be given.", todo = paste0("Write `terms = \"", own[1L], "\"`."),
                arg = "terms", call = call)
  }
  fault <- !is.character(terms) || length(terms) == 0L || anyNA(terms) || anyDuplicated(terms) > 0L
  if (!fault && all(terms %in% own)) return(terms)
  abort_input(
    "term", "`terms` must name coefficients of the model, each once.",
    found = if (fault) describe_value(terms) else paste0(enumerate(setdiff(terms, own), "`"), " is none."),
    todo = paste0("The coefficients are ", enumerate(own, "`", 10L), "."), arg = "terms", call = call
  )
}

# One number a term, by name.
read_nulls <- function(null, terms, call) {
  fault <- !is.numeric(null) || !length(null) %in% c(1L, length(terms)) || any(!is.finite(null))
  if (!fault && !is.null(names(null)) && length(null) > 1L) {
    if (setequal(names(null), terms)) return(null[terms])
    fault <- TRUE
  }
  if (fault) {
    abort_input("number", "`null` must be one finite number, or one a term.", found = describe_value(null),
                todo = paste0("The terms are ", enumerate(terms, "`", 10L), "."), arg = "null", call = call)
  }
  stats::setNames(rep_len(as.double(null), length(terms)), terms)
}

refuse_few_draws <- function(R, conf.level, call, todo = NULL) {
  fewest <- ceiling(2 / (1 - conf.level) - 1e-9) - 1
  if (R >= fewest) return(invisible())
  abort_input(
    "number", paste0("`R` must be ", fewest, " or more for a level of ", format(conf.level), "."),
    found = describe_value(R), todo = todo, arg = "R", call = call
  )
}

# What draws go by and what the variance sums: list(groups (of the draws), terms (of the variance; none where it is that
# of the groups alone), own (the dimensions), sizes, name).
wild_clusters <- function(model, cluster, boot_cluster, how, call) {
  view <- new_view(model, call)
  dimensions <- clusters_of_request(model, cluster, "wild_bootstrap", call)
  terms <- multiway_terms(view, dimensions)
  own <- single_terms(terms)
  for (term in own) refuse_one_cluster(term$groups, call)
  sizes <- vapply(own, function(term) term$groups$n, 1)
  groups <- own[[which.min(sizes)]]$groups
  if (!is.null(boot_cluster)) {
    groups <- view$groups(one_cluster_of(model, boot_cluster, "wild_bootstrap", call))
    refuse_outside(groups, own, call)
  }
  alone <- length(terms) == 1L && identical(groups$code, own[[1L]]$groups$code)
  if (!alone && (how$jackknife_scores || how$jackknife_variance)) {
    abort_input(
      "choice", "A variant with a 3 must have clusters of one dimension, by which draws go.",
      found = if (length(own) > 1L) paste0("There are ", length(own), " dimensions.") else
        paste0("Draws go by `", groups$name, "`."),
      todo = "Take \"WCR11\" or \"WCU11\".", arg = "variant", call = call
    )
  }
  list(groups = groups, terms = if (!alone) terms, own = own, sizes = sizes,
       name = paste(vapply(own, function(term) term$groups$name, ""), collapse = " + "))
}

# Draws by groups that lie across the clusters of every dimension would tear these apart.
refuse_outside <- function(groups, own, call) {
  inside <- vapply(own, function(term) core(cpp_is_nested, groups$code, groups$n, term$groups$code, term$groups$n), NA)
  if (any(inside)) return(invisible())
  abort_input(
    "vcov", "`boot_cluster` must lie inside the clusters of some dimension.",
    found = paste0("`", groups$name, "` crosses ",
                   enumerate(vapply(own, function(term) term$groups$name, ""), "`"), "."),
    arg = "boot_cluster", call = call
  )
}

# The sample's variance: CR1 with the model's correction, or CR3: list(vcov, factor, terms, correction). Of several
# terms it is not repaired, as in the draws.
wild_variance <- function(model, clusters, jackknife, call) {
  name <- model$variance$correction
  correction <- as_choice(if (is.na(name)) "fixest" else name, corrections(), "correction", call)
  groups <- clusters$groups
  if (!is.null(clusters$terms)) {
    view <- new_view(model, call)
    factors <- if (length(clusters$own) == 1L) {
      small_sample(view, "cluster", correction, clusters$own[[1L]]$groups)$factor
    } else {
      multiway_small_sample(view, correction, clusters$terms, clusters$own, min(clusters$sizes))$factors
    }
    terms <- Map(function(term, factor) {
      c(joined_codes(term$parts)[c("code", "n")], factor = term$sign * factor)
    }, clusters$terms, factors)
    V <- view$bread %*% sum_terms(view, clusters$terms, factors) %*% t(view$bread)
    dimnames(V) <- rep(list(names(model$coefficients)), 2L)
    return(list(vcov = V, factor = 1, terms = terms, correction = correction$name))
  }
  choice <- if (jackknife) vcov_cr3(groups$columns, "CR3") else cluster_variance(groups$columns)
  found <- suppressWarnings(estimate_variance(model, choice, correction, call),
                            classes = "flowresil_warning_jackknife") # said once, with the draws'
  list(vcov = found$vcov, factor = found$variance$factor, terms = list(), correction = correction$name)
}

# One hypothesis: what the core says of it, and the sample's statistic.
wild_test <- function(model, terms, null, groups, estimate, how, drawing, call) {
  distance <- model$coefficients[terms] - null
  V <- estimate$vcov[terms, terms, drop = FALSE]
  statistic <- if (how$joint) wald_statistic(distance, V) else unname(distance / sqrt(max(V[1L], 0)))
  if (!is.finite(statistic)) {
    abort_input("vcov", "The variance must be positive in the sample.",
                found = paste0("That of ", enumerate(terms, "`"), " is not."), arg = "cluster", call = call)
  }
  nested <- nested_effects(model, groups)
  crossing <- sum(model$effects$n_levels[!nested])
  if (crossing > most_solved_levels) {
    abort_input(
      "vcov", paste0("Levels of effects that cross the clusters are regressors, ", most_solved_levels, " at most."),
      found = paste0("There are ", format_counts(crossing), "."),
      todo = "Cluster by something that holds the larger effect.", arg = "cluster", call = call
    )
  }
  basis <- coefficient_basis(model)
  rownames(basis) <- names(model$coefficients)
  tested <- match(terms, names(model$slopes))
  hypothesis <- list(
    combinations = t(basis[terms, , drop = FALSE]), distance = unname(distance), basis = slope_basis(model),
    slopes = unname(model$slopes), tested = tested[!is.na(tested)], statistic = statistic, error = sqrt(V[1L]),
    joint = how$joint
  )
  found <- core(
    cpp_wild_bootstrap, fitted_design(model, call), model$solution, score_columns(model), groups$code, groups$n,
    nested, hypothesis, c(how, factor = estimate$factor), estimate$terms, drawing, how, most_solved_levels,
    n_threads(model$nobs), call = call
  )
  found$statistic <- statistic
  if (!is.na(how$level)) {
    ends <- unname(model$coefficients[terms]) - found$set
    found$set <- matrix(ends[rev(seq_len(nrow(ends))), 2:1], ncol = 2L, dimnames = list(NULL, c("low", "high")))
  }
  found
}

#' @rdname wild_bootstrap
#' @param x What `wild_bootstrap()` gives.
#' @param ... Not used.
#' @export
tidy.wild_bootstrap <- function(x, ...) {
  ends <- if (is.null(x$set)) {
    list()
  } else if (is.list(x$set)) {
    x$set
  } else {
    list(x$set)
  }
  end <- function(column, pick) {
    if (length(ends) == 0L) return(NA_real_)
    vapply(ends, function(set) if (nrow(set)) pick(set[, column]) else NA_real_, 1)
  }
  data.frame(
    term = names(x$estimate), estimate = unname(x$estimate), null = unname(x$null), statistic = unname(x$statistic),
    p.value = unname(x$p.value), conf.low = unname(end("low", min)), conf.high = unname(end("high", max)),
    row.names = NULL
  )
}

#' @rdname wild_bootstrap
#' @param digits Significant digits to print.
#' @export
print.wild_bootstrap <- function(x, digits = 4, ...) {
  digits <- check_digits(digits, environment())
  cat("Wild cluster bootstrap, ", x$variant, ", clustered by ", x$cluster, " (",
      paste(x$n_clusters, collapse = " and "), ")",
      if (x$boot_cluster != x$cluster) paste0(", drawn by ", x$boot_cluster), "\n", sep = "")
  cat(if (x$enumerated) paste0("All ", format_counts(x$R), " sign vectors") else
    paste0(format_counts(x$R), " draws of ", x$weights, " weights, seed ", format(x$seed, digits = 15)),
    "; ", if (x$joint) "joint test" else x$alternative, ", ties ", if (x$ties == "drop") "dropped" else "counted",
    if (substr(x$variant, 5L, 5L) == "3") "; factor (G-1)/G" else paste0("; correction ", x$correction),
    if (x$dropped > 0) paste0("; ", count_of(x$dropped, "draw"), " without a statistic dropped"), "\n", sep = "")
  print_rows(generics::tidy(x), digits, Inf)
  several <- Filter(function(set) nrow(set) > 1L, if (is.list(x$set)) x$set else list(x$set)[!is.null(x$set)])
  if (length(several)) cat("The set has more than one piece: see `$set`.\n")
  invisible(x)
}

# Are there no more sign vectors than draws?
can_enumerate <- function(weights, groups, R) weights == "rademacher" && groups$n < 53 && 2^groups$n <= R

# What is drawn, as the core takes it; enumerated where it can be, whatever the seed.
wild_drawing <- function(weights, groups, R, seed) {
  enumerated <- can_enumerate(weights, groups, R)
  list(weights = weights, R = if (enumerated) 2^groups$n else R, enumerate = enumerated, seed = seed)
}

# wild_test() of each part of the terms; slopes that some draws cannot identify are told once.
wild_tests <- function(model, parts, null, groups, estimate, how, drawing, call) {
  found <- lapply(parts, function(part) wild_test(model, part, null[part], groups, estimate, how, drawing, call))
  lost <- unique(unlist(lapply(found, `[[`, "unidentified")))
  if (length(lost)) warn_jackknife(groups, sort(lost))
  found
}

# Draws of a model's terms, each tested by itself, by groups that may be shared with other models: list(draws (R x
# terms), statistic, p.value). What draws are common to models hangs on the seed and the groups' codes.
wild_draws <- function(model, terms, groups, null, R, seed, call, variant = "WCR11", weights = "rademacher",
                       ties = "count") {
  how <- read_variant(check_choice(variant, wild_variants, "variant", call))
  weights <- check_choice(weights, c("rademacher", "webb", "mammen", "normal"), "weights", call)
  ties <- check_choice(ties, c("count", "drop"), "ties", call)
  null <- read_nulls(null, terms, call)
  R <- check_number(R, "R", 1, 1e9, TRUE, call)
  own <- if (is.null(groups$own)) groups else groups$own
  refuse_one_cluster(own, call)
  drawing <- wild_drawing(weights, groups, R, seed)
  how <- c(how, list(alternative = "two.sided", drop = ties == "drop", joint = FALSE, level = NA_real_))
  estimate <- wild_variance(model, list(groups = own), how$jackknife_variance, call)
  found <- wild_tests(model, as.list(terms), null, groups, estimate, how, drawing, call)
  list(draws = vapply(found, `[[`, numeric(drawing$R), "statistics"),
       statistic = vapply(found, `[[`, 1, "statistic"), p.value = vapply(found, `[[`, 1, "p_value"))
}
