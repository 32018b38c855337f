# What specifications of a variance share: columns named before there is data, lags, factors of kernels.

# A variance whose columns are told by quosures: `columns` a list of these by argument, `make` the choice for their
# names (a list by argument, NULL where an argument was left out). Until data are there it can be printed, no more;
# what is kept with a model holds names and nothing of the call.
new_specification <- function(name, label, columns, settings, make) {
  given <- Filter(Negate(rlang::quo_is_null), columns)
  written <- lapply(given, function(quo) paste(rlang::expr_deparse(rlang::quo_get_expr(quo)), collapse = " "))
  new_choice(
    "variance", name, label = label, settings = c(Filter(Negate(is.null), settings), written),
    resolve = function(names, call) {
      data <- stats::setNames(vector("list", length(names)), names)
      make(Map(function(quo, arg) {
        if (!rlang::quo_is_null(quo)) resolve_columns(quo, data, arg, single = TRUE, call = call)
      }, columns, names(columns)))
    }
  )
}

# Whole, 0 or more; NULL for floor(T^(1/4)).
check_lag <- function(lag, call) {
  if (!is.null(lag)) check_number(lag, "lag", 0, 1e9, TRUE, call)
}

lag_used <- function(lag, n_times) if (is.null(lag)) floor(n_times^(1 / 4)) else lag

# T/(T-1) (n-1)/(n-K) of kernels over time, all effects counted.
kernel_small_sample <- function(view, correction, n_times) {
  if (n_times < 2L) {
    abort_input("one_cluster", "There must be two periods or more.", found = "There is one in the rows used.",
                arg = "vcov", call = view$call)
  }
  if (correction$name == "none") return(1)
  n <- view$counts$n_rows
  n_times / (n_times - 1) * (n - 1) / (n - count_parameters(view, correction))
}
