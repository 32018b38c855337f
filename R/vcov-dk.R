# Driscoll and Kraay's variance: scores are correlated within and between units, over some periods.

#' @rdname variances
#' @references Driscoll, J. C. and Kraay, A. C. (1998). Consistent covariance matrix estimation with spatially dependent
#'   panel data. *Review of Economics and Statistics*, 80, 549-560.
#' @export
vcov_dk <- function(lag = NULL, time = NULL) {
  lag <- check_lag(lag, environment())
  new_specification("DK", "Driscoll-Kraay", list(time = rlang::enquo(time)), list(lag = lag),
                    function(names) driscoll_kraay(lag, names$time))
}

driscoll_kraay <- function(lag, time = NULL, asked = lag) {
  force(asked)
  new_choice(
    "variance", "DK", label = "Driscoll-Kraay", settings = list(lag = lag, time = time),
    words = c("variance_dk", lag, time), written = function() call("vcov_dk", lag = asked, time = time),
    estimate = function(view, correction) {
      place <- view$times(time)
      n_times <- length(place$values)
      factor <- kernel_small_sample(view, correction, n_times)
      used <- lag_used(lag, n_times)
      sums <- view$score_sums(list(code = place$period, n = n_times))
      meat <- core(cpp_lag_products, sums, integer(n_times), 1L, seq_len(n_times) - 1L, place$values, used, 1L)
      c(positive_sandwich(view, factor * meat), list(
        factor = factor, df = n_times - 1,
        choice = if (is.null(lag) || is.null(time)) driscoll_kraay(used, place$time, lag)
      ))
    }
  )
}
