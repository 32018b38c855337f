# Effects that hang on a third variable, or on the treatment itself.

# list(moderator (name), moderated, at, rows used); NULL without a moderator. `quo` names a column.
read_moderator <- function(quo, moderated, data, spec, mediators, call) {
  known <- c("a", "b", "direct")
  if (!is.character(moderated) || length(moderated) == 0L) check_choice(moderated, known, "moderated", call)
  for (path in moderated) check_choice(path, known, "moderated", call)
  if (rlang::quo_is_null(quo)) return(NULL)
  name <- resolve_columns(quo, data, "moderator", single = TRUE, call = call)
  numeric_column(data, name, "moderator", call)
  first <- spell_term(first_term(spec$right))
  what <- c(if (name == first) "the treatment", if (name %in% all.vars(spec$outcome)) "the outcome",
            if (name %in% names(mediators)) "a mediator", if (name %in% unlist(spec$effects)) "an effect")
  if (length(what)) {
    abort_input("moderator", "`moderator` must be a variable of its own.", found = paste0("`", name, "` is ", what[1L],
                                                                                        "."),
                arg = "moderator", columns = name, call = call)
  }
  list(name = name, moderated = unique(moderated))
}

first_term <- function(right) {
  first <- NULL
  replace_first(right, function(expr) first <<- expr)
  first
}

# What cannot stand together.
refuse_combinations <- function(moderation, interaction, mediators, serial, call) {
  refuse <- function(found) {
    abort_input("structure",
                "A moderator goes with parallel mediators, `interaction` with one mediator and no moderator.",
                found = found, arg = "structure", call = call)
  }
  if (!is.null(moderation) && serial) refuse("Moderated mediators are in series.")
  if (!interaction) return(invisible())
  if (!is.null(moderation)) refuse("There are an interaction and a moderator.")
  if (length(mediators) > 1L) refuse(paste0("There are an interaction and ", length(mediators), " mediators."))
}

check_values <- function(values, call) {
  if (is.numeric(values) && length(values) == 2L && all(is.finite(values)) && values[1L] != values[2L]) {
    return(as.double(values))
  }
  abort_input("values", "`values` must be two distinct finite numbers: the treatment before and after.",
              found = describe_value(values), arg = "values", call = call)
}

# Where conditional effects are told: what is given, else mean less and plus a standard deviation and the mean, of a
# variable of two values these.
moderator_values <- function(at, w, call) {
  if (!is.null(at)) {
    if (is.numeric(at) && length(at) && all(is.finite(at)) && !anyDuplicated(at)) return(as.double(at))
    abort_input("number", "`at` must be distinct finite numbers.", found = describe_value(at), arg = "at", call = call)
  }
  known <- sort(unique(utils::head(w, 1000L)))
  if (length(known) <= 2L && all(w %in% known)) return(known)
  mean(w) + c(-1, 0, 1) * stats::sd(w)
}

# The terms that a moderator or an interaction adds to an equation, beside its mediators.
moderated_terms <- function(spec, name, mediators, moderation, interaction) {
  treatment <- first_term(spec$right)
  added <- list()
  product <- function(a, b) call(":", a, b)
  if (!is.null(moderation)) {
    w <- as.name(moderation$name)
    moderated <- moderation$moderated
    added <- list(w)
    if (name == "outcome") {
      if ("direct" %in% moderated) added <- c(added, product(treatment, w))
      if ("b" %in% moderated) added <- c(added, lapply(unname(mediators), product, w))
    } else if (name != "total" && "a" %in% moderated) {
      added <- c(added, product(treatment, w))
    }
  }
  if (interaction && name == "outcome") added <- c(added, lapply(unname(mediators), product, treatment))
  added
}

# The name of a product among a model's coefficients, whichever of the two comes first; it must be identified.
product_term <- function(model, a, b, call = rlang::caller_env()) {
  names <- names(model$coefficients)
  found <- intersect(c(paste0(a, ":", b), paste0(b, ":", a)), names)
  if (length(found)) return(found[1L])
  term <- intersect(c(paste0(a, ":", b), paste0(b, ":", a)), model$dropped$term)
  abort_input(
    "moderator", "The product with the moderator must be identified.",
    found = paste0("With outcome `", model$outcome, "` `", term, "` is ",
                   model$dropped$detail[match(term, model$dropped$term)], "."),
    arg = "moderator", call = call
  )
}

# The object with its moderation or interaction: names of coefficients by treatment, values to tell effects at.
with_moderation <- function(object, moderation, interaction, values, at, columns, call) {
  if (!is.null(moderation)) {
    w <- columns$moderator
    moderation$at <- moderator_values(at, w, call)
    moderation$mean <- mean(w)
    moderation$range <- range(w)
    moderation$terms <- lapply(stats::setNames(object$treatment, object$treatment), function(treatment) {
      one <- function(equation, a, b) coefficient_of(equation, product_term(object$models[[equation]], a, b, call))
      name <- moderation$name
      list(
        a = if ("a" %in% moderation$moderated) vapply(object$mediators, function(m) one(m, treatment, name), ""),
        b = if ("b" %in% moderation$moderated) vapply(object$mediators, function(m) one("outcome", m, name), ""),
        direct = if ("direct" %in% moderation$moderated) one("outcome", treatment, name)
      )
    })
    object$moderation <- moderation
  }
  if (interaction) {
    weights <- weights_or_ones(object$models$outcome)
    mean_of <- function(model, term) {
      at <- match(term, c(all_regressors(model), model$outcome))
      stats::weighted.mean(fitted_design(model)$columns[[at]], weights)
    }
    object$interaction <- list(
      values = values,
      means = lapply(stats::setNames(object$treatment, object$treatment), function(treatment) {
        c(x = mean_of(object$models$outcome, treatment), m = mean_of(object$models$outcome, object$mediators))
      }),
      terms = lapply(stats::setNames(object$treatment, object$treatment), function(treatment) {
        coefficient_of("outcome", product_term(object$models$outcome, treatment, object$mediators, call))
      })
    )
  }
  object
}

moderated_effects <- function(object, treatment) {
  how <- object$moderation
  terms <- how$terms[[treatment]]
  direct <- coefficient_of("outcome", treatment)
  effects <- list(new_effect("total", sum_of(product(coefficient_of("total", treatment)))))
  if (is.null(terms$direct)) effects <- c(effects, list(new_effect("direct", sum_of(product(direct)))))
  for (m in object$mediators) {
    a <- coefficient_of(m, treatment)
    b <- coefficient_of("outcome", m)
    if (is.null(terms$a) && is.null(terms$b)) {
      effects <- c(effects, list(new_effect("indirect", sum_of(product(a, b)), m)))
      next
    }
    if (is.null(terms$b)) effects <- c(effects, list(new_effect("index", sum_of(product(terms$a[[m]], b)), m)))
    if (is.null(terms$a)) effects <- c(effects, list(new_effect("index", sum_of(product(a, terms$b[[m]])), m)))
    effects <- c(effects, lapply(how$at, function(w) {
      new_effect("conditional_indirect", conditional_sum(a, b, terms$a[m][[1L]], terms$b[m][[1L]], w), m, w)
    }))
  }
  if (is.null(terms$direct)) return(effects)
  c(effects, lapply(how$at, function(w) {
    new_effect("conditional_direct", sum_of(product(direct), product(terms$direct, factor = w)), at = w)
  }))
}

# (a + a3 w) (b + b3 w), with either of a3 and b3 NULL.
conditional_sum <- function(a, b, a3, b3, w) {
  Filter(Negate(is.null), list(
    product(a, b), if (!is.null(a3)) product(a3, b, factor = w), if (!is.null(b3)) product(a, b3, factor = w),
    if (!is.null(a3) && !is.null(b3)) product(a3, b3, factor = w^2)
  ))
}

# Valeri and VanderWeele's natural effects of a step from one value of the treatment to the other, the mediator held as
# it would be at `at`.
natural_effects <- function(object, treatment) {
  how <- object$interaction
  t <- how$terms[[treatment]]
  means <- how$means[[treatment]]
  a <- coefficient_of(object$mediators, treatment)
  b <- coefficient_of("outcome", object$mediators)
  direct <- coefficient_of("outcome", treatment)
  step <- how$values[2L] - how$values[1L]
  indirect <- lapply(how$values, function(v) {
    new_effect("natural_indirect", sum_of(product(a, b, factor = step), product(a, t, factor = step * v)),
               object$mediators, v)
  })
  natural <- lapply(how$values, function(v) {
    new_effect("natural_direct", sum_of(
      product(direct, factor = step), product(t, factor = step * means[["m"]]),
      product(t, a, factor = step * (v - means[["x"]]))
    ), at = v)
  })
  c(list(new_effect("total", sum_of(product(coefficient_of("total", treatment))))), indirect, natural)
}
