# fe_mediation(): Jiang's two steps on one common sample, and products of coefficients where they are asked for.

#' Mediation analysis with fixed effects
#'
#' By default the two steps of Jiang (2022): the total effect of a treatment on the outcome, and its effect on each
#' mediator, all with the same controls, effects, clusters and rows. There is then no regression of the outcome on
#' treatment and mediator, and no product of coefficients. Other methods add that regression and judge the indirect
#' effect, with one covariance of all equations.
#'
#' Equation `"total"`: \eqn{y_{it} = c x_{it} + \gamma' z_{it} + \mu_i + \delta_t + e_{it}}; one for each mediator:
#' \eqn{m_{it} = a x_{it} + \gamma' z_{it} + \mu_i + \delta_t + e_{it}} (in a series also on the earlier mediators);
#' `"outcome"` (not of two steps alone): \eqn{y_{it} = c' x_{it} + b m_{it} + \gamma' z_{it} + \mu_i + \delta_t +
#' e_{it}}. The indirect effect is \eqn{ab}, and \eqn{c - c'} the sum of the indirect effects: this is checked in every
#' fit.
#'
#' @param formula `y ~ x + controls | unit + time`, as in [fe_model()]. The first regressor is the treatment.
#' @param data A data frame, see [fe_model()].
#' @param mediators Numeric columns of `data`, bare (`c(a, b)`) or as strings; or a one-sided formula of terms, as
#'   `~ log(m) + l(n, 1)`, which are then called by their label.
#' @param vcov,correction,weights,subset,unit,time,constant,tolerance,max_iterations As in [fe_model()], the
#'   same for all equations.
#' @param treatment The term whose effects are wanted, as a string; by default the first regressor. A factor's label,
#'   `"factor(k)"` (the default where it comes first), means all its levels, a set of effects each; two steps keep one
#'   term.
#' @param method How to judge indirect effects, one or several; see *Methods*.
#' @param structure `"parallel"` (default) or `"serial"` mediators.
#' @param moderator A numeric column, bare or as a string, that moves the paths named by `moderated`.
#' @param moderated Which: `"a"` (default; treatment to mediators), `"b"` (mediators to outcome), `"direct"`, or
#'   several.
#' @param at Values of the moderator to tell conditional effects at; `NULL` (default) for the mean and one standard
#'   deviation on either side in the rows used, or the two values of a moderator that has two.
#' @param interaction `TRUE` adds the product of treatment and mediator to the outcome's equation.
#' @param values With `interaction`, the treatment before and after: two distinct numbers, default `c(0, 1)`.
#' @param covariance `"stacked"` (default) or `"independent"`: see *Covariance*.
#' @param reference `"t"` (default) or `"normal"` distribution of tests of effects and of Monte Carlo draws.
#' @param R Draws: a whole number, `2 / (1 - level) - 1` or more for intervals of a level.
#' @param seed A whole number of 0 or more; `NULL` (default) takes one from R's stream, which `set.seed()` repeats.
#' @param resamples Weights of clusters in place of random counts: a matrix of numbers of 0 or more, a row a draw, a
#'   column named by cluster; fractions (the Bayesian bootstrap) are allowed.
#' @param ... Not used; anything given here is an error.
#'
#' @section Methods:
#' * `two_step` claims no product.
#' * `sobel`: the delta method with the covariance of a and b, t; `aroian` adds \eqn{s_a^2 s_b^2 + s_{ab}^2},
#'   `goodman` subtracts it (NA, with a warning, where nothing is left). Sums and paths of a series have `sobel` alone.
#' * `distribution`: limits of the product of two correlated normals, by quadrature.
#' * `monte_carlo`: draws from the covariance, each equation's deviations over its own
#'   \eqn{\sqrt{\chi^2_{df} / df}}. Needs no clusters.
#' * `percentile`, `bc`, `bca`, `studentised`: whole clusters drawn with replacement; effects that they do not nest are
#'   estimated anew in every draw. `bca` takes its acceleration from leaving clusters out, `studentised` a Sobel error
#'   in every draw, without correction.
#' * `wild`: outcomes and mediators drawn anew with one sign a cluster, unrestricted; all \eqn{2^G} where these are no
#'   more than `R`. One sign for both equations leaves the product of their errors where it was, so that b hardly moves
#'   and intervals are too short (see `vignette("mechanisms")`): a description, not a test.
#' * `joint`: the larger p of both paths; `joint_wild` the same by the wild bootstrap with the null imposed
#'   ([wild_bootstrap()], WCR11).
#' * `stepwise`: the verdict of Wen and Ye (2014) at 5 %: none, unless both paths are significant or the percentile
#'   interval (Monte Carlo without clusters) leaves out 0; then complete, partial or suppression by the direct effect.
#'
#' Intervals of draws are quantiles of type 6, p is \eqn{2 (\min(\#_{\le 0}, \#_{\ge 0}) + 1) / (R + 1)}. The share of
#' the total effect comes by delta, by Fieller (`note` "complement": the limits bound what is left out, "line": nothing
#' is) and by each kind of draws.
#' @section Covariance:
#' The variance of each equation on the stacked scores of all: influence functions summed by cluster (rows for HC,
#' products of residuals for iid), block (i, j) times the root of the product of both equations' factors; other
#' variances by the same rule. Blocks on the diagonal are the equations' own. `"independent"` sets the others to zero,
#' as Stata's sgmediation does. Degrees of freedom are the least of the coefficients used.
#' @section Moderators:
#' The moderator w enters every equation once, as it is; x:w the mediators' equations (`"a"`), m:w the outcome's
#' (`"b"`), x:w the outcome's (`"direct"`). Then \eqn{(a + a_3 w)(b + b_3 w)} are `conditional_indirect` effects,
#' \eqn{c' + c_3 w} `conditional_direct`, and \eqn{a_3 b} or \eqn{a b_3}, where one path moves, the `index`. With
#' `interaction` (t the coefficient of x:m, d the step between `values`), at each v of them: `natural_indirect` \eqn{d a
#' (b + t v)} and `natural_direct` \eqn{d (c' + t (\bar m + a (v - \bar x)))} (Valeri and VanderWeele 2013), means as
#' constants. Not combined: an interaction with a moderator or several mediators, a moderator with a series.
#' @section Common sample: A row that misses a value in any equation's variables is dropped from all, counted
#'   by variable and said in a message.
#' @section Errors: Those of [fe_model()]; `flowresil_error_mediator` where a mediator is the outcome, the
#'   treatment, a control or given twice, does not vary, is absorbed by the effects, or a line of other variables;
#'   `flowresil_error_treatment` where the treatment is not a term, or not identified; `flowresil_error_choice`,
#'   `flowresil_error_structure` (a series of one; what is not combined),
#'   `flowresil_error_moderator` (no variable of its own, or not identified), `flowresil_error_values`,
#'   `flowresil_error_number`, `flowresil_error_seed`,
#'   `flowresil_error_resamples`, `flowresil_error_bootstrap` (effects and no single cluster; too many levels across the
#'   clusters), `flowresil_error_replicates` (a fifth of the draws lost), `flowresil_error_component` (effects of two
#'   steps). Warnings `flowresil_warning_few_clusters` (draws of fewer than six), `flowresil_warning_replicates`,
#'   `flowresil_warning_interval`, `flowresil_warning_goodman`, `flowresil_warning_identity` (\eqn{c - c'} is not the
#'   sum of the indirect effects: digits are lost). Message `flowresil_message_binary_mediator`.
#' @return An object of class `fe_mediation`, a list with `models` (named list of [fe_model()]: `total`, then
#'   one by mediator, then `outcome`), `treatment`, `outcome`, `mediators`, `sample`, `variance`, `method`, `structure`,
#'   `covariance`, `reference`, `moderation`, `interaction` and `call`; with draws `draws` (by kind, `pairs`, `wild`,
#'   `normal`: matrices, a row a draw, columns `total`, `direct`, `a[m]`, `b[m]`, `indirect[m]`, ...), `failed` (draws
#'   lost), `acceleration`, `R`, `seed`, `wild_p` (mediator, path, p.value), `decisions` (mediator, verdict). `tidy()`
#'   gives a data frame: equation (`"total"`, `"mediator"`, `"outcome"`), outcome, term, estimate, std.error, statistic,
#'   p.value, conf.low, conf.high; one row an equation, or with `terms = "all"` one for each coefficient; with
#'   `component = "effects"` treatment, effect, mediator, at, method, estimate, std.error, statistic, p.value, conf.low,
#'   conf.high, df, note.
#' @source Wang and Lu (2025), Table 4, columns 1 and 2.
#' @references Jiang, T. (2022). Mediating effects and moderating effects in causal inference. *China
#'   Industrial Economics*, 5, 100-120.
#'
#' Meeker, W. Q. and Escobar, L. A. (1994). An algorithm to compute the CDF of the product of two normal random
#' variables. *Communications in Statistics - Simulation and Computation*, 23, 271-280.
#'
#' Valeri, L. and VanderWeele, T. J. (2013). Mediation analysis allowing for exposure-mediator interactions and causal
#' interpretation. *Psychological Methods*, 18, 137-150.
#'
#' Wen, Z. and Ye, B. (2014). Analyses of mediating effects: the development of methods and models. *Advances in
#' Psychological Science*, 22, 731-745.
#' @seealso [fe_model()], [fe_table()].
#' @export
#' @examples
#' m <- fe_mediation(ExpRes ~ open + gov + edu | province + year, province_panel,
#'   mediators = c(ISU, TED), vcov = ~province
#' )
#' m
#' generics::tidy(m)
#'
#' m <- fe_mediation(ExpRes ~ open + gov | province + year, province_panel, mediators = TED, vcov = ~province,
#'   method = c("monte_carlo", "joint_wild"), R = 999, seed = 1
#' )
#' generics::tidy(m, component = "effects")
fe_mediation <- function(formula, data, mediators, vcov = "iid",
                         correction = c("fixest", "reghdfe", "dummies", "plm", "none"), treatment = NULL,
                         weights = NULL, subset = NULL, unit = NULL, time = NULL,
                         constant = c("none", "mean", "dummy"), method = "two_step",
                         structure = c("parallel", "serial"), moderator = NULL, moderated = "a", at = NULL,
                         interaction = FALSE, values = c(0, 1), covariance = c("stacked", "independent"),
                         reference = c("t", "normal"), R = 4999, seed = NULL, resamples = NULL, ...,
                         tolerance = 1e-10, max_iterations = 10000) {
  here <- environment()
  check_dots(..., hints = argument_hints, call = here)
  check_data(data, call = here, tables = TRUE)
  data <- as_source(data, here)
  settings <- fit_settings(vcov, correction, constant, tolerance, max_iterations, here, source_names(data))
  methods <- check_methods(method, here)
  structure <- check_choice(structure, c("parallel", "serial"), "structure", here)
  covariance <- check_choice(covariance, c("stacked", "independent"), "covariance", here)
  reference <- check_choice(reference, c("t", "normal"), "reference", here)
  products <- any(vapply(methods, `[[`, NA, "products"))
  spec <- parse_formula(formula, here)
  mediators <- read_mediators(rlang::enquo(mediators), data, spec, here) # none may be among what a dot means
  spec <- write_out_dot(spec, source_names(data))
  serial <- structure == "serial"
  if (serial && length(mediators) < 2L) {
    abort_input("structure", "A series must have two mediators or more.", found = "There is one.", arg = "structure",
                call = here)
  }
  moderation <- read_moderator(rlang::enquo(moderator), moderated, data, spec, mediators, here)
  check_flag(interaction, "interaction", here)
  if (interaction) values <- check_values(values, here)
  refuse_combinations(moderation, interaction, mediators, serial, here)
  if (is_table(data)) refuse_table_products(products || !is.null(moderation) || interaction, here)
  plan <- plan_equations(spec, mediators, serial, products, moderation, interaction)
  quosures <- list(weights = rlang::enquo(weights), subset = rlang::enquo(subset), unit = rlang::enquo(unit),
                   time = rlang::enquo(time))
  read <- mediation_frames(spec, mediators, plan, data, quosures, here,
                           if (!is.null(moderation)) list(moderator = moderation$name))
  report_lags(read$common$panel)
  report_dropped_rows(read$common)
  report_doubled_effects(read$common$doubled)
  treatments <- choose_treatments(treatment, read$frames$total, products, here)
  user_call <- match.call()
  print <- fingerprint_data(data, here)
  models <- list()
  for (name in names(plan)) {
    frame <- read$frames[[name]]
    fit <- function() {
      fit_frame(frame, data, settings, single_call(user_call, frame$spec$formula, frame$rows), here, print)
    }
    models[[name]] <- if (name %in% names(mediators)) fit_mediator(fit(), name, here) else fit()
  }
  models <- with_sample(models, models$total$sample) # one sample, counted once
  refuse_lost_treatments(models, treatments, here)
  if (products) refuse_line_mediators(models, mediators, here)
  if (inherits(user_call$formula, "formula")) user_call$formula <- models$total$formula
  object <- structure(
    list(
      models = models, treatment = treatments, outcome = read$common$outcome, mediators = names(mediators),
      sample = models$total$sample, variance = models[[length(models)]]$variance, formula = models$total$formula,
      call = user_call, method = names(methods), structure = structure, covariance = covariance,
      reference = reference
    ),
    class = "fe_mediation"
  )
  if (!products) return(object)
  report_binary_mediators(read$columns[names(mediators)])
  object <- with_moderation(object, moderation, interaction, values, at, read$columns, here)
  if (is.null(moderation) && !interaction) check_identity(object)
  with_draws(object, methods, R, seed, resamples, here)
}

# Of a table there are the two steps.
refuse_table_products <- function(wanted, call) {
  if (!wanted) return(invisible())
  refuse_table("Every method but `\"two_step\"`", call,
               "Effects of mediation need the rows of all equations together.")
}

# What was counted of the rows stands in each model.
with_sample <- function(models, sample) {
  lapply(models, function(model) {
    model$sample <- sample
    model
  })
}

# Least squares of a mediator of two values is a linear probability model.
report_binary_mediators <- function(columns) {
  binary <- names(Filter(function(v) all(v == v[1L] | v == v[match(FALSE, v == v[1L])]), columns))
  if (length(binary) == 0L) return(invisible())
  inform_user(
    "binary_mediator", paste0(enumerate(binary, "`"), if (length(binary) > 1L) " have" else " has",
                              " two values: the equation is a linear probability model."),
    "Products of coefficients are then effects on average only as far as the line fits.", mediators = binary
  )
}

# Least squares on one sample splits the total effect exactly: c - c' is the sum of the indirect effects. Where it does
# not, the coefficients have lost digits.
check_identity <- function(object) {
  b <- stacked_coefficients(object$models)
  for (treatment in object$treatment) {
    effects <- mediation_effects(object, treatment)
    value <- function(name) sum(vapply(Filter(function(e) e$effect == name, effects), effect_value, 1, at = b))
    parts <- c(value("total"), value("direct"), value("indirect"))
    gap <- abs(parts[1L] - parts[2L] - parts[3L])
    if (gap <= 1e-11 * max(abs(parts))) next
    if (object$models$total$solver$method == "iterative" && gap <= 1e-6 * max(abs(parts))) next
    warn_data(
      "identity", "Total less direct effect must be the sum of the indirect effects; here it is not.",
      found = paste0("They differ by ", format(gap / max(abs(parts)), digits = 2), " of the largest."),
      todo = "Columns are nearly collinear: rescale or leave out what repeats another.", treatment = treatment
    )
  }
}
