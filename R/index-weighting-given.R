# Weights that the user gives.

# `weights` in the order of the indicators, `rescale`d to sum to 1 or as they are. A constant keeps its weight.
weighting_given <- function(weights, rescale, indicators, call) {
  weights <- check_weights(weights, indicators, rescale, call)
  given_weights(weights, rescale)
}

given_weights <- function(weights, rescale) {
  force(weights)
  new_choice(
    "weighting", "given", label = "given", settings = list(rescale = rescale), keeps_constant = TRUE,
    weigh = function(y, at) list(weight = weights),
    describe = function(x) {
      paste0("given", if (rescale) ", rescaled to sum to 1" else ", as they are",
             " (sum ", format(sum(x$weights$weight), digits = 4), ")")
    }
  )
}

# Given weights in the order of the indicators.
check_weights <- function(weights, indicators, rescale, call) {
  ordered <- FALSE
  refuse <- function(must, found, columns = NULL) {
    abort_input("weights", must, found = found, arg = "weights", columns = columns, call = call)
  }
  if (!is.numeric(weights)) {
    refuse("`weights` must be a numeric vector named by indicator.", paste0("It is ", describe_type(weights), "."))
  }
  if (is.null(names(weights))) {
    if (length(weights) != length(indicators)) {
      refuse("`weights` without names must hold one weight for each indicator, in the order of `indicators`.",
             paste0("It has ", count_of(length(weights), "value"), "; there ",
                    if (length(indicators) == 1L) "is " else "are ", count_of(length(indicators), "indicator"), "."))
    }
    ordered <- TRUE
    names(weights) <- indicators
  }
  named <- names(weights) <- utf8_names(names(weights), "weights", call)
  twice <- unique(named[duplicated(named)])
  if (length(twice)) {
    refuse("`weights` must name each indicator once.",
           paste0(enumerate(twice, "`"), " stands more than once."), twice)
  }
  unknown <- setdiff(named, indicators)
  absent <- setdiff(indicators, named)
  if (length(unknown) || length(absent)) {
    refuse("`weights` must hold one weight for each indicator and no other.", c(
      if (length(unknown)) paste0("Not an indicator: ", enumerate(unknown, "`"), "."),
      if (length(absent)) paste0("Without a weight: ", enumerate(absent, "`"), ".")
    ), c(unknown, absent))
  }
  weights <- as.double(weights[indicators])
  odd <- !is.finite(weights) | weights < 0
  if (any(odd)) {
    refuse("`weights` must be finite numbers of 0 or more.",
           paste0(enumerate(paste0("`", indicators[odd], "` has ", label_values(weights[odd]))), "."), indicators[odd])
  }
  if (!any(weights > 0)) refuse("At least one of `weights` must be above 0.", "All are 0.")
  if (ordered) {
    inform_user("weights_order", paste0("Weights without names are taken in the order of `indicators`: ",
                                        enumerate(paste0("`", indicators, "` ", weights), first = 12L), "."))
  }
  if (rescale) weights <- weights / sum(weights)
  weights
}
