# Newey and West's variance: scores of a unit are correlated over some periods.

#' @rdname variances
#' @param lag The most periods apart at which scores are correlated: a whole number, 0 or more; `NULL` (default) for
#'   \eqn{\lfloor T^{1/4} \rfloor}, T the distinct times among the rows used. Periods are counted in time, not in rows:
#'   what a gap leaves out counts.
#' @param unit,time Columns, bare, as strings or as an expression that gives a string; `NULL` (default) for those of the
#'   model's lags, of a `pdata.frame`, or as they are guessed from its effects (see [panel_time]).
#' @section Time:
#' * `vcov_nw()` (Newey and West 1987): products of a unit's scores up to `lag` periods apart, with Bartlett weights
#'   \eqn{1 - l/(L + 1)}. Each unit and time must stand once.
#' * `vcov_dk()` (Driscoll and Kraay 1998): the same of the scores summed by time, whatever the unit.
#'
#' Both times \eqn{T/(T-1) \cdot (n-1)/(n-K)} with all effects counted in K, under every correction but `"none"`; t
#' with \eqn{T - 1}.
#' @references Newey, W. K. and West, K. D. (1987). A simple, positive semi-definite, heteroskedasticity and
#'   autocorrelation consistent covariance matrix. *Econometrica*, 55, 703-708.
#' @export
vcov_nw <- function(lag = NULL, unit = NULL, time = NULL) {
  lag <- check_lag(lag, environment())
  new_specification("NW", "Newey-West", list(unit = rlang::enquo(unit), time = rlang::enquo(time)),
                    list(lag = lag), function(names) newey_west(lag, names$unit, names$time))
}

# `lag`, `unit` and `time` NULL: told when the fit is there, and kept with what was estimated. `asked` is the lag that
# update() asks for again.
newey_west <- function(lag, unit = NULL, time = NULL, asked = lag) {
  force(asked)
  new_choice(
    "variance", "NW", label = "Newey-West", settings = list(lag = lag, unit = unit, time = time),
    words = c("variance_nw", lag, unit, time),
    written = function() call("vcov_nw", lag = asked, unit = unit, time = time),
    estimate = function(view, correction) {
      place <- view$place(unit, time)
      n_times <- length(place$values)
      factor <- kernel_small_sample(view, correction, n_times)
      used <- lag_used(lag, n_times)
      meat <- core(cpp_lag_products, view$scores(), place$code, place$n, place$period, place$values, used,
                   n_threads(length(place$code)))
      if (is.null(meat)) place$refuse()
      c(positive_sandwich(view, factor * meat), list(
        factor = factor, df = n_times - 1,
        choice = if (is.null(lag) || is.null(unit) || is.null(time)) newey_west(used, place$unit, place$time, lag)
      ))
    }
  )
}
