# mediation_power(): how often methods find an indirect effect in panels of a size.

#' Power of mediation tests in a panel
#'
#' Panels of a given size are drawn and judged by the methods of [fe_mediation()], with two effects and clusters by
#' unit.
#'
#' @param n_units,n_times Numbers of units and periods.
#' @param a,b,direct Coefficients: treatment on mediator, mediator on outcome, treatment on outcome. Treatment and both
#'   errors have variance one.
#' @param icc Share of each variance that is a unit's constant, in \[0, 1), default .5.
#' @param ar Autocorrelation of the rest, inside (-1, 1), default 0.
#' @param method Methods of [fe_mediation()], by default `c("monte_carlo", "joint_wild")`.
#' @param replications Panels to draw, default 1000.
#' @param seed A whole number of 0 or more; `NULL` (default) takes one from R's stream.
#' @param R Draws of each method that draws, default 999.
#' @return A data frame: method, rejection (share of panels in which p is .05 or less, or the verdict is a mediation),
#'   coverage (share of 95 % intervals that hold a b; NA for tests without one), mc.error (standard error of rejection).
#' @section Errors: `flowresil_error_number`, `flowresil_error_choice`, `flowresil_error_seed`.
#' @seealso [fe_mediation()].
#' @export
#' @examples
#' mediation_power(12, 6, a = .5, b = .5, direct = 0, method = "sobel", replications = 20, seed = 1)
mediation_power <- function(n_units, n_times, a, b, direct, icc = 0.5, ar = 0, method = c("monte_carlo", "joint_wild"),
                            replications = 1000, seed = NULL, R = 999) {
  here <- environment()
  n_units <- check_number(n_units, "n_units", 2, 1e6, TRUE, here)
  n_times <- check_number(n_times, "n_times", 3, 1e5, TRUE, here)
  for (name in c("a", "b", "direct")) check_number(get(name), name, call = here)
  icc <- check_number(icc, "icc", 0, 1 - 1e-12, call = here)
  ar <- check_number(ar, "ar", -1 + 1e-12, 1 - 1e-12, call = here)
  replications <- check_number(replications, "replications", 1, 1e7, TRUE, here)
  method <- names(check_methods(setdiff(method, "two_step"), here))
  seed <- read_seed(seed, here)
  n <- n_units * n_times
  panel <- list(unit = rep(seq_len(n_units), each = n_times), time = rep(seq_len(n_times), n_units))
  found <- lapply(cli::cli_progress_along(seq_len(replications), name = "Drawing panels"), function(r) {
    errors <- lapply(1:3, function(i) panel_noise(seed, 3 * (r - 1) + i, n_units, n_times, icc, ar))
    d <- c(panel, list(x = errors[[1L]]))
    d$m <- a * d$x + errors[[2L]]
    d$y <- direct * d$x + b * d$m + errors[[3L]]
    judged_panel(structure(d, class = "data.frame", row.names = .set_row_names(n)), method, a * b, R, seed + r)
  })
  table <- lapply(seq_along(method), function(i) {
    rejected <- vapply(found, function(one) one$rejected[i], NA)
    covered <- vapply(found, function(one) one$covered[i], NA)
    rate <- mean(rejected)
    data.frame(method = method[i], rejection = rate, coverage = if (anyNA(covered)) NA_real_ else mean(covered),
               mc.error = sqrt(rate * (1 - rate) / replications))
  })
  do.call(rbind, table)
}

# Unit constants and an autoregression that starts in its own distribution: variance one, a row a unit and period.
panel_noise <- function(seed, replicate, n_units, n_times, icc, ar) {
  z <- matrix(stats::qnorm(core(cpp_uniform_draws, seed, replicate, n_units * (n_times + 1))), n_times + 1L)
  own <- z[-1L, , drop = FALSE]
  for (t in seq_len(n_times)[-1L]) own[t, ] <- ar * own[t - 1L, ] + sqrt(1 - ar^2) * own[t, ]
  as.vector(sqrt(icc) * rep(z[1L, ], each = n_times) + sqrt(1 - icc) * own)
}

judged_panel <- function(d, method, truth, R, seed) {
  fit <- quiet_conditions(fe_mediation(y ~ x | unit + time, d, "m", vcov = ~unit, method = method, R = R, seed = seed))
  table <- quiet_conditions(generics::tidy(fit, component = "effects"))
  table <- table[table$effect == "indirect", ]
  row <- match(method, table$method)
  p <- table$p.value[row]
  covered <- table$conf.low[row] <= truth & truth <= table$conf.high[row]
  rejected <- !is.na(p) & p <= 0.05
  rejected[method == "stepwise"] <- !is.null(fit$decisions) && fit$decisions$verdict != "none"
  list(rejected = rejected, covered = covered)
}
