# romano_wolf(): p values of several hypotheses that hold all together, by common draws of the wild bootstrap.

#' Several hypotheses at once (Romano and Wolf)
#'
#' p values adjusted for the number of hypotheses, by the step-down of Romano and Wolf (2005) with draws of the wild
#' cluster bootstrap that are common to all: what the hypotheses have in common is used, so that they lose less than by
#' Holm's rule.
#'
#' @param models A [fe_model()] or a list of them, as [fe_compare()] gives.
#' @param terms Names of coefficients. Each is tested in every model that has it.
#' @param cluster,R As in [wild_bootstrap()]; `cluster` names one cluster.
#' @param ... Further arguments of [wild_bootstrap()]: `variant`, `weights`, `null`, `ties`, `seed`.
#' @details Draw r weighs a cluster alike in every model. Each hypothesis is imposed on its own draws. Hypotheses are
#' ordered by the size of their t; the p value of each is the share of draws in which the largest \eqn{|t^*|} of it and
#' all later ones reaches its |t|, and never less than that of the one before.
#' @return A data frame of class `romano_wolf` with a row a hypothesis: model (name in the list), term, estimate,
#'   statistic,
#'   p.value (of the hypothesis alone), p.adjusted, p.holm (Holm's rule on p.value).
#' @section Errors: `flowresil_error_term` (a term in no model), `flowresil_error_type`, and those of
#'   [wild_bootstrap()].
#' @references Romano, J. P. and Wolf, M. (2005). Stepwise multiple testing as formalized data snooping. *Econometrica*,
#'   73, 1237-1282.
#' @export
#' @examples
#' one <- fe_model(ExpRes ~ open + gov | province + year, province_panel)
#' two <- fe_model(ISU ~ open + gov | province + year, province_panel)
#' romano_wolf(list(resilience = one, structure = two), "open", cluster = ~province, R = 999, seed = 1)
romano_wolf <- function(models, terms, cluster = NULL, R = 9999, ...) {
  here <- environment()
  models <- list_of_models(models, here)
  options <- romano_wolf_options(list(...), here)
  if (missing(terms) || !is.character(terms) || length(terms) == 0L || anyNA(terms)) {
    abort_input("term", "`terms` must name coefficients of the models.",
                found = if (missing(terms)) "It is missing." else describe_value(terms), arg = "terms", call = here)
  }
  lost <- setdiff(terms, unlist(lapply(models, function(m) names(m$slopes))))
  if (length(lost)) {
    abort_input("term", "`terms` must name coefficients of the models.",
                found = paste0(enumerate(lost, "`"), if (length(lost) == 1L) " stands" else " stand", " in none."),
                arg = "terms", call = here)
  }
  groups <- lapply(models, function(m) groups_of_rows(m, one_cluster_of(m, cluster, "romano_wolf", here), here))
  shared <- shared_clusters(groups)
  settings <- list(R = R, seed = read_seed(options$seed, here))
  found <- Map(function(model, own) {
    own_terms <- intersect(terms, names(model$slopes))
    if (length(own_terms)) draws_of_model(model, own_terms, own, options, settings, here)
  }, models, shared)
  found <- Filter(Negate(is.null), found)
  draws <- do.call(cbind, lapply(found, `[[`, "draws"))
  statistic <- unlist(lapply(found, `[[`, "statistic"), use.names = FALSE)
  p <- unlist(lapply(found, `[[`, "p.value"), use.names = FALSE)
  out <- data.frame(
    model = rep(names(found), lengths(lapply(found, `[[`, "statistic"))),
    term = unlist(lapply(found, `[[`, "terms"), use.names = FALSE),
    estimate = unlist(lapply(found, `[[`, "estimate"), use.names = FALSE), statistic = statistic, p.value = p,
    p.adjusted = step_down(abs(draws), abs(statistic), identical(options$ties, "drop")),
    p.holm = stats::p.adjust(p, "holm")
  )
  structure(out, class = c("romano_wolf", "data.frame"))
}

# A named list of models.
list_of_models <- function(models, call) {
  if (inherits(models, "fe_model")) models <- list(models)
  if (!is.list(models) || length(models) == 0L || !all(vapply(models, inherits, NA, "fe_model"))) {
    abort_input("type", "`models` must be a model of `fe_model()` or a list of them.",
                found = paste0("It is ", describe_type(models), "."), arg = "models", call = call)
  }
  names <- names(models)
  if (is.null(names)) names <- rep("", length(models))
  names[!nzchar(names)] <- paste0("(", which(!nzchar(names)), ")")
  stats::setNames(unclass(models)[seq_along(names)], names)
}

romano_wolf_options <- function(given, call) {
  known <- c("variant", "weights", "null", "ties", "seed")
  unknown <- setdiff(names(given), known)
  if (length(given) && (is.null(names(given)) || length(unknown))) {
    abort_input("argument", "Further arguments must be some of `wild_bootstrap()`.",
                found = if (is.null(names(given))) "One has no name." else paste0(enumerate(unknown, "`"), " is none."),
                todo = paste0("They are ", enumerate(known, "`"), "."), arg = "...", call = call)
  }
  given
}

# Groups of several models with one code a cluster, whichever models hold it: clusters in sorted order.
shared_clusters <- function(groups) {
  values <- lapply(groups, function(g) as.character(label_values(g$values)))
  all <- unique(unlist(values))
  if (length(groups) == 1L || all(vapply(values, identical, NA, values[[1L]]))) return(groups)
  Map(function(g, own) {
    g$own <- g
    g$all <- all
    g$code <- match(own, all)[g$code + 1L] - 1L
    g$n <- length(all)
    g
  }, groups, values)
}

# Draws and statistics of one model's terms, each by itself, by the shared clusters.
draws_of_model <- function(model, terms, groups, options, settings, call) {
  arguments <- options[setdiff(names(options), c("seed", "null"))]
  null <- if (is.null(options$null)) 0 else options$null
  found <- do.call(wild_draws, c(list(model, terms, groups, null, settings$R, settings$seed, call), arguments))
  c(found, list(terms = terms, estimate = unname(model$coefficients[terms])))
}

# Step-down p values, in the order given: each the share of draws in which the largest statistic of it and all smaller
# ones reaches its own, never below that of a larger one.
step_down <- function(draws, statistic, drop) {
  draws <- matrix(draws, ncol = length(statistic))
  order <- order(statistic, decreasing = TRUE)
  p <- numeric(length(statistic))
  for (i in seq_along(order)) {
    left <- order[i:length(order)]
    largest <- suppressWarnings(apply(draws[, left, drop = FALSE], 1L, max, na.rm = TRUE))
    p[order[i]] <- mean(is_beyond(largest, statistic[order[i]], drop))
  }
  p[order] <- cummax(p[order])
  p
}

#' @rdname romano_wolf
#' @param x What `romano_wolf()` gives.
#' @param digits Significant digits to print.
#' @export
print.romano_wolf <- function(x, digits = 4, ...) {
  digits <- check_digits(digits, environment())
  cat("Romano-Wolf p values of ", count_of(nrow(x), "hypothesis", "hypotheses"), ", wild cluster bootstrap\n", sep = "")
  print_rows(x, digits, Inf)
  invisible(x)
}
