# Conley's variance: scores of rows that are near each other on the globe are correlated.

#' @rdname variances
#' @param lat,lon Columns of latitude (-90 to 90) and longitude in degrees (-180 to 180, or 0 to 360), as `unit`.
#' @param cutoff Distance in km up to which scores are correlated: one positive number.
#' @param kernel `"uniform"` (default): all weights one up to the cutoff; `"bartlett"`: \eqn{1 - d/}`cutoff`.
#' @section Space: `vcov_conley()` (Conley 1999) sums the products of all pairs of rows no more than `cutoff` km apart,
#'   whatever their time, as fixest does. Distances are great circles by the haversine, the earth's radius 6371 km.
#'   Times \eqn{n/(n-K)} under every correction but `"none"`; t with \eqn{n - K}. A variance that is not positive is
#'   repaired, see *Clusters of several dimensions* of [vcov.fe_model()].
#' @references Conley, T. G. (1999). GMM estimation with cross sectional dependence. *Journal of Econometrics*, 92,
#'   1-45.
#' @export
vcov_conley <- function(lat, lon, cutoff, kernel = c("uniform", "bartlett")) {
  here <- environment()
  for (arg in c("lat", "lon", "cutoff")) {
    if (eval(call("missing", as.name(arg)), here)) {
      abort_input("missing_argument", paste0("`", arg, "` must be given."), arg = arg, call = here)
    }
  }
  check_number(cutoff, "cutoff", call = here)
  if (cutoff <= 0) {
    abort_input("number", "`cutoff` must be a positive number of kilometres.", found = describe_value(cutoff),
                arg = "cutoff", call = here)
  }
  kernel <- check_choice(kernel, c("uniform", "bartlett"), "kernel", here)
  new_specification("conley", "Conley", list(lat = rlang::enquo(lat), lon = rlang::enquo(lon)),
                    list(cutoff = paste(format(cutoff), "km"), kernel = kernel),
                    function(names) conley(names$lat, names$lon, cutoff, kernel))
}

conley <- function(lat, lon, cutoff, kernel) {
  force(kernel)
  new_choice(
    "variance", "conley", label = "Conley",
    settings = list(cutoff = paste(format(cutoff), "km"), kernel = kernel, lat = lat, lon = lon),
    words = c("variance_conley", format(cutoff), kernel, lat, lon),
    written = function() call("vcov_conley", lat, lon, cutoff = cutoff, kernel = kernel),
    estimate = function(view, correction) {
      latitude <- view$numbers(lat, function(x) read_degrees(x, lat, 90, view$call))
      longitude <- view$numbers(lon, function(x) read_degrees(x, lon, 360, view$call))
      meat <- view$near_products(latitude, longitude, cutoff, kernel)
      n <- view$counts$n_rows
      n_parameters <- count_parameters(view, correction)
      factor <- if (correction$name == "none") 1 else n / (n - n_parameters)
      c(positive_sandwich(view, factor * meat), list(factor = factor, df = n - n_parameters))
    }
  )
}

# Degrees of the rows used as numbers, within -most .. most.
read_degrees <- function(x, name, most, call) {
  x <- as_numbers(x, paste0("Column `", name, "`"), "vcov", call, column = name)
  if (anyNA(x)) {
    abort_input("missing_value", paste0("Column `", name, "` must not hold missing values: it names a place."),
                found = paste0("NA in ", count_of(sum(is.na(x)), "row"), " used."), arg = "vcov", columns = name,
                call = call)
  }
  if (length(x) && (min(x) < -most || max(x) > most)) {
    abort_input(
      "number", paste0("Column `", name, "` must hold degrees from ", -most, " to ", most, "."),
      found = paste0("It holds ", format(x[abs(x) > most][1L], digits = 10), "."),
      todo = if (most == 90) "Are latitude and longitude in the right order?", arg = "vcov", columns = name,
      call = call
    )
  }
  x
}
