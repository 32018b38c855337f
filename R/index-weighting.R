# How indicators are weighted: the table, which one an index asks for, and what each promises.

#' Weightings of an index
#'
#' How [data_flow_index()] weights its indicators, for its argument `method`: a name stands for the function of that
#' name with its defaults, `method = "pca"` for `method = weighting_pca()`.
#'
#' @param offset One number, 0 or more (default 0), added to the normalised values when entropies are taken.
#' @param components `NULL` (default: eigenvalues above 1), a whole number of components, or a share of variance
#'   between 0 and 1 that the components must reach together.
#' @return An object that prints what it is and is taken by `method =`.
#' @section Errors: `flowresil_error_number` (`offset`), `flowresil_error_components`.
#' @references OECD and JRC (2008). *Handbook on Constructing Composite Indicators*. OECD Publishing, Paris.
#' @seealso [data_flow_index()], whose help has the formulas; [entropy_weights()].
#' @examples
#' weighting_pca(components = 1)
#' panel <- data.frame(city = c("A", "A", "B", "B"), year = c(1, 2, 1, 2), a = c(0, 2, 6, 8), b = c(1, 2, 3, 5))
#' data_flow_index(panel, c("a", "b"), city, year, method = weighting_pca(components = 1))
#' @name weightings
NULL

# The weightings that have a name. A weighting has
#   weigh(y, at)   weights of the columns of y (n x p, normalised): list(weight = p finite numbers, by_indicator = named
#                  list of columns for the table of weights, components = what principal components tell); `at` holds
#                  x, direction, groups, varies (which indicators do), scaling, threads, call
# and may have
#   takes          "non_negative": normalised values of 0 or more only
#   normalise      the name of the one normalisation that it is made for
#   scale(x, direction, normalise, groups, call)  a scaling pass of its own, which leaves in at$scaling what it finds
#   describe(x)    its words in print, of the finished index; else label and settings
#   shows          which columns of `by_indicator` print shows; else all
#   keeps_constant do constant indicators keep their weight? Else it is 0
#   sums_to_one    is that promised?
weightings <- function() list(entropy = weighting_entropy, pca = weighting_pca, equal = weighting_equal)

# The same weight for every indicator that varies.
#' @rdname weightings
#' @export
weighting_equal <- function() {
  new_choice(
    "weighting", "equal", label = "equal", sums_to_one = TRUE,
    weigh = function(y, at) list(weight = ifelse(at$varies, 1 / sum(at$varies), 0))
  )
}

# The weighting that `method`, or `weights`, and the short forms of options ask for.
read_weighting <- function(method, weights, short, indicators, call) {
  owner <- function(name) {
    owner <- owner_of_option(name, weightings())
    if (is.null(owner)) "given `weights`" else paste0("`method = \"", owner, "\"`")
  }
  defaults <- list(offset = 0, components = NULL, rescale = FALSE)
  if (is.null(weights)) {
    words <- list(owner = owner, instead = function(chosen) paste0("`method` is \"", chosen$name, "\""))
    return(choice_with_options(method, weightings(), "method", short, defaults, words, call))
  }
  foreign <- short[setdiff(names(short), "rescale")]
  refuse_foreign_options(foreign, defaults, owner, "`weights` are given", call)
  weighting_given(weights, short$rescale, indicators, call)
}

# A weighting that brings its own normalisation takes no other.
normalise_for <- function(weighting, normalise, call) {
  if (is.null(weighting$normalise)) return(normalise)
  own <- normalisations()[[weighting$normalise]]()
  if (normalise$name != own$name) {
    free <- names(Filter(function(make) is.null(make()$normalise), weightings()))
    refuse_option(
      normalise$name, "minmax", "normalise",
      paste0("`method = ", paste0(paste0(c("\"", rep("`\"", length(free) - 1L)), free, "\"`"), collapse = ", "),
             " and given `weights`"),
      paste0("`method` is \"", weighting$name, "\", which ", own$does, " the indicators"), call
    )
  }
  own
}

# What every weighting promises, whoever wrote it: list(weight, by_indicator, components).
weigh_indicators <- function(weighting, y, at) {
  found <- weighting$weigh(y, at)
  p <- ncol(y)
  weight <- found$weight
  added <- found$by_indicator
  fault <- if (!is.numeric(weight) || length(weight) != p || !all(is.finite(weight))) {
    paste0("Its `weight` is not ", count_of(p, "finite number"), ".")
  } else if (length(added) && (!is.list(added) || is.null(names(added)) || any(lengths(added) != p))) {
    paste0("Its `by_indicator` is not a named list of columns of length ", p, ".")
  }
  if (!is.null(fault)) refuse_broken_choice(weighting, "a weight for each indicator", fault, "method", at$call)
  weight <- as.vector(weight)
  if (!isTRUE(weighting$keeps_constant)) weight[!at$varies] <- 0
  list(weight = weight, by_indicator = lapply(added, as.vector), components = found$components)
}

# Stops where both a method and weights are given.
refuse_two_methods <- function(call) {
  abort_input("argument", "Either `method` or `weights` must be given, not both.",
              found = "Both are.", todo = "Weights that are given need no method.", arg = "weights",
              call = call)
}
