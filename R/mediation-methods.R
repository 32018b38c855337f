# How an indirect effect is judged: the table of methods.

# The table of methods, the default first. `products` says whether the method needs the equation of the outcome on the
# mediators, `draws` what it draws: "pairs", "wild", "normal" or nothing. Where `applies(effect)`, `row(effect, fit,
# level)` gives a line of tidy(); two_step and stepwise have none.
mediation_methods <- function() {
  list(
    two_step = function() new_method("two_step", "two steps (Jiang 2022)", products = FALSE),
    stepwise = function() new_method("stepwise", "stepwise decision (Wen and Ye 2014)"),
    joint = method_joint, joint_wild = method_joint_wild,
    sobel = method_sobel, aroian = method_aroian, goodman = method_goodman, distribution = method_distribution,
    monte_carlo = function() method_of_draws("monte_carlo", "Monte Carlo draws from the coefficients", "normal"),
    percentile = function() method_of_draws("percentile", "bootstrap of clusters, percentile", "pairs"),
    bc = function() method_of_draws("bc", "bootstrap of clusters, bias-corrected", "pairs"),
    bca = function() method_of_draws("bca", "bootstrap of clusters, bias-corrected and accelerated", "pairs"),
    studentised = function() method_of_draws("studentised", "bootstrap of clusters, studentised", "pairs"),
    wild = function() method_of_draws("wild", "wild cluster bootstrap, percentile", "wild")
  )
}

# Names of methods, each once, in the order given.
check_methods <- function(method, call) {
  known <- names(mediation_methods())
  if (!is.character(method) || length(method) == 0L || anyNA(method)) check_choice(method, known, "method", call)
  method <- unique(method)
  for (name in method) check_choice(name, known, "method", call)
  lapply(stats::setNames(method, method), function(name) mediation_methods()[[name]]())
}
