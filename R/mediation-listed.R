# Which effects an analysis has.

# Everything that tidy() lists of one treatment, in its order.
mediation_effects <- function(object, treatment) {
  if (!is.null(object$moderation)) return(moderated_effects(object, treatment))
  if (!is.null(object$interaction)) return(natural_effects(object, treatment))
  mediators <- object$mediators
  serial <- object$structure == "serial"
  total <- sum_of(product(coefficient_of("total", treatment)))
  direct <- sum_of(product(coefficient_of("outcome", treatment)))
  paths <- mediation_paths(mediators, serial)
  tops <- lapply(paths, path_product, treatment = treatment)
  indirect <- Map(function(top, name) new_effect("indirect", sum_of(top), name), tops, path_names(paths))
  singles <- which(lengths(paths) == 1L)
  whole <- if (length(paths) > 1L) list(new_effect("total_indirect", unname(tops), "all"))
  contrasts <- if (length(singles) > 1L) utils::combn(singles, 2L, simplify = FALSE)
  contrasts <- lapply(contrasts, function(pair) {
    other <- tops[[pair[2L]]]
    other$factor <- -other$factor
    new_effect("contrast", sum_of(tops[[pair[1L]]], other), paste(path_names(paths[pair]), collapse = " - "))
  })
  proportions <- lapply(c(unname(indirect), whole), function(effect) {
    new_effect("proportion", effect$top, effect$mediator, over = total)
  })
  c(list(new_effect("total", total), new_effect("direct", direct)), unname(indirect), whole, contrasts, proportions)
}

# The effects of all treatments, each with its treatment.
effects_of <- function(object) {
  unlist(lapply(object$treatment, function(treatment) {
    lapply(mediation_effects(object, treatment), function(effect) {
      effect$treatment <- treatment
      effect
    })
  }), recursive = FALSE)
}
