# Tests of single paths and the decisions made of them.

# p of each path by the wild bootstrap with the null imposed (WCR11): a in the mediator's equation, b in the outcome's.
wild_p_values <- function(object, clusters, R, call) {
  if (is.null(clusters$columns)) {
    abort_input("bootstrap", "\"joint_wild\" must have clusters.", found = "The variance has none.",
                todo = "Name them, as in `vcov = ~unit`.", arg = "method", call = call)
  }
  cluster <- cluster_formula(clusters$columns)
  equations <- names(object$models)
  rows <- lapply(Filter(is_pair, effects_of(object)), function(effect) {
    names <- effect_pair(effect)
    data.frame(treatment = effect$treatment, mediator = effect$mediator, path = c("a", "b"), name = names)
  })
  rows <- unique(do.call(rbind, rows))
  rows$p.value <- vapply(rows$name, function(name) {
    equation <- equations[startsWith(name, paste0(equations, ":"))]
    equation <- equation[which.max(nchar(equation))]
    term <- substring(name, nchar(equation) + 2L)
    unname(wild_bootstrap(object$models[[equation]], term, cluster = cluster, R = R, conf.level = NULL,
                          seed = object$seed)$p.value)
  }, 1)
  rows
}

# Wen and Ye (2014): is there a mediator's effect, and of which kind?
stepwise_decisions <- function(object) {
  fit <- mediation_fit(object)
  kind <- intersect(c("pairs", "normal"), names(object$drawn))[1L]
  rows <- lapply(object$treatment, function(treatment) {
    direct <- coefficient_of("outcome", treatment)
    indirect <- Filter(function(e) e$effect == "indirect" && is_pair(e), mediation_effects(object, treatment))
    verdict <- vapply(indirect, function(effect) {
      limits <- row_of_draws(effect, fit, 0.95, kind, draw_limits()$percentile)
      through <- all(vapply(effect_pair(effect), coefficient_p, 1, fit = fit) < 0.05)
      if (!through && limits$conf.low <= 0 && limits$conf.high >= 0) return("none")
      if (coefficient_p(direct, fit) >= 0.05) return("complete")
      if (sign(fit$coefficients[[direct]]) == sign(limits$estimate)) "partial" else "suppression"
    }, "")
    data.frame(treatment = treatment, mediator = vapply(indirect, `[[`, "", "mediator"), verdict = verdict)
  })
  do.call(rbind, rows)
}
