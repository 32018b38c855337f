# Which terms of which models a table or a picture shows.

# The terms of all models, in order of appearance, the constant left out.
terms_of <- function(models) {
  setdiff(unique(unlist(lapply(models, function(model) names(model$coefficients)))), "(Intercept)")
}

terms_to_show <- function(show, models, call) {
  estimated <- terms_of(models)
  if (is.null(show)) return(estimated)
  choose_terms(setdiff(show, "(Intercept)"), models, "show", call)
}

# The terms of the models that the user names; those that were dropped are known, and left out.
choose_terms <- function(given, models, arg, call) {
  estimated <- terms_of(models)
  dropped <- unlist(lapply(models, function(model) model$dropped$term))
  chosen <- find_terms(given, c(estimated, dropped, "(Intercept)"))
  unknown <- given[is.na(chosen)]
  if (length(unknown)) {
    abort_input("term", paste0("`", arg, "` must name terms of the models."),
                found = paste0(enumerate(unknown, "`"), if (length(unknown) == 1L) " stands" else " stand",
                               " in none."),
                todo = paste0("The terms are ", enumerate(estimated, "`", 10L), "."), arg = arg, call = call)
  }
  intersect(chosen, c(estimated, "(Intercept)"))
}
