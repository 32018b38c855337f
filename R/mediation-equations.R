# The equations of a mediation analysis on one common sample: what each regresses on what, and their fits.

# The mediators as expressions, by the label of their term: columns, bare or as strings, or the terms of a one-sided
# formula.
read_mediators <- function(quo, data, spec, call) {
  given <- tryCatch(rlang::eval_tidy(quo), error = function(e) NULL)
  if (!inherits(given, "formula")) {
    names <- resolve_columns(quo, data, "mediators", call = call)
    refuse_mediators(lapply(names, as.name), names, spec, source_names(data), call)
    return(stats::setNames(lapply(names, as.name), names))
  }
  if (length(given) != 2L) {
    abort_input("mediator", "`mediators` must be columns, or a formula of one side.", found = "It has two sides.",
                arg = "mediators", call = call)
  }
  right <- parse_formula(stats::as.formula(call("~", spec$outcome, given[[2L]]), spec$env), call)$right
  terms <- summands(right)
  labels <- vapply(terms, spell_term, "")
  refuse_mediators(terms, labels, spec, source_names(data), call)
  stats::setNames(terms, labels)
}

# A mediator must be a variable of its own, and stand nowhere else in the model.
refuse_mediators <- function(terms, labels, spec, columns, call) {
  regressors <- all.vars(spec$right)
  if ("." %in% regressors) regressors <- c(regressors, setdiff(columns, unlist(spec$effects)))
  bare <- labels[vapply(terms, is.symbol, NA)]
  in_right <- union(intersect(bare, regressors), intersect(labels, labels_of_terms(spec$right)))
  in_outcome <- union(intersect(bare, all.vars(spec$outcome)), intersect(labels, spell_term(spec$outcome)))
  in_effects <- intersect(bare, unlist(spec$effects))
  twice <- unique(labels[duplicated(labels)])
  taken <- intersect(labels, c("total", "outcome"))
  found <- c(
    if (length(in_outcome)) paste0(enumerate(in_outcome, "`"), " is the outcome."),
    if (length(in_right)) paste0(enumerate(in_right, "`"), " stands among the regressors."),
    if (length(in_effects)) paste0(enumerate(in_effects, "`"), " is an effect."),
    if (length(twice)) paste0(enumerate(twice, "`"), " is named twice."),
    if (length(taken)) paste0(enumerate(taken, "`"), " is what an equation is called.")
  )
  if (length(found)) {
    abort_input(
      "mediator", "Each of `mediators` must be a variable of its own, neither treatment, outcome nor control.",
      found = found, arg = "mediators", columns = unique(c(in_outcome, in_right, in_effects, twice, taken)),
      call = call
    )
  }
}

labels_of_terms <- function(right) {
  if ("." %in% all.vars(right)) return(character())
  vapply(summands(right), spell_term, "")
}

# What each equation regresses on what: list(name = list(outcome (expression), added (expressions after the first
# regressor))), "total" first; without `products` there is no equation of the outcome on the mediators.
plan_equations <- function(spec, mediators, serial, products, moderation = NULL, interaction = FALSE) {
  plan <- list(total = list(outcome = spec$outcome, added = list()))
  for (j in seq_along(mediators)) {
    earlier <- if (serial) unname(mediators[seq_len(j - 1L)]) else list()
    plan[[names(mediators)[j]]] <- list(outcome = mediators[[j]], added = earlier)
  }
  if (products) plan$outcome <- list(outcome = spec$outcome, added = unname(mediators))
  for (name in names(plan)) {
    plan[[name]]$added <- c(plan[[name]]$added, moderated_terms(spec, name, mediators, moderation, interaction))
  }
  plan
}

# The spec of an equation: another outcome, and terms after the first regressor.
equation_spec <- function(spec, equation, call) {
  right <- spec$right
  if (length(equation$added)) {
    right <- replace_first(right, function(first) Reduce(function(a, b) call("+", a, b), equation$added, first))
  }
  effects <- lapply(spec$effects, function(names) Reduce(function(a, b) call("^", a, b), lapply(names, as.name)))
  whole <- if (length(effects)) call("|", right, Reduce(function(a, b) call("+", a, b), effects)) else right
  parsed <- parse_formula(stats::as.formula(call("~", equation$outcome, whole), spec$env), call)
  parsed$doubled <- spec$doubled
  if (length(equation$added) == 0L) {
    parsed$formula <- spec$formula # as it was written
    parsed$formula[[2L]] <- equation$outcome
  }
  parsed
}

# Frames of all equations, by name, on the rows that are complete in all of them. Rows, effects and weights are read
# once, and so is what the total effect is regressed on.
mediation_frames <- function(spec, mediators, plan, data, quosures, call, moderator = NULL) {
  if (is_table(data)) return(table_mediation_frames(spec, mediators, plan, data, quosures, call))
  columns <- mediator_columns(mediators, spec, data, quosures, call)
  beside <- c(columns$values, lapply(moderator, numeric_column, data = data, arg = "moderator", call = call))
  base <- read_frame(spec, data, quosures$weights, quosures$subset, quosures$unit, quosures$time, call, beside = beside)
  if (is.null(base$panel$unit_name)) base$panel <- columns$panel
  columns <- lapply(beside, function(column) if (is.null(base$rows)) column else column[base$rows])
  if (!is.null(moderator)) {
    refuse_infinite(columns$moderator, paste0("The moderator `", moderator[[1L]], "`"), "moderator", call,
                    moderator[[1L]], base$rows)
  }
  for (name in names(mediators)) {
    refuse_infinite(columns[[name]], paste0("The mediator `", name, "`"), "mediators", call, name, base$rows)
  }
  own <- base
  own$lost <- NULL # each model's call names the common rows as its subset: within that none is lost
  frames <- lapply(stats::setNames(names(plan), names(plan)), function(name) {
    equation <- plan[[name]]
    frame <- if (length(equation$added) == 0L) own else
      wider_frame(own, equation_spec(spec, equation, call), data, quosures, call)
    if (name %in% names(mediators)) with_outcome(frame, name, columns[[name]], call, equation$outcome) else frame
  })
  list(common = base, columns = columns, frames = frames)
}

# The same of a table: each equation asks that the variables of the others be there.
table_mediation_frames <- function(spec, mediators, plan, source, quosures, call) {
  variables <- c(stats::setNames(list(spec$outcome), spell_term(spec$outcome)), mediators)
  frames <- lapply(stats::setNames(names(plan), names(plan)), function(name) {
    own <- equation_spec(spec, plan[[name]], call)
    beside <- variables[names(variables) != spell_term(own$outcome)]
    frame <- read_frame(own, source, quosures$weights, quosures$subset, quosures$unit, quosures$time, call,
                        beside = beside)
    frame$silent <- name != "total"
    frame
  })
  list(common = frames$total, columns = list(), frames = frames)
}

# The rows, effects and weights of a frame with other regressors.
wider_frame <- function(frame, spec, data, quosures, call) {
  panel <- if (spec$has_lags) lag_panel(spec, data, quosures$unit, quosures$time, frame$rows, call)
  wider <- add_columns(list(spec = spec, n_input = frame$n_input, rows = frame$rows, reasons = list()), data, panel,
                       list(), call)
  wider$reasons <- frame$reasons
  wider[c("effects", "effect_columns", "doubled", "weights", "intercept")] <-
    frame[c("effects", "effect_columns", "doubled", "weights", "intercept")]
  wider$panel <- if (is.null(panel)) frame$panel else
    panel[c("unit_name", "time_name", "guessed", "step", "calendar_code")]
  wider
}

# The mediators as numbers in all rows of the data: list(values, panel (by which lags went)).
mediator_columns <- function(mediators, spec, data, quosures, call) {
  if (all(vapply(mediators, is.symbol, NA))) {
    check_column_names(names(mediators), data, "mediators", call = call)
    return(list(values = lapply(stats::setNames(names(mediators), names(mediators)), numeric_column, data = data,
                                arg = "mediators", call = call)))
  }
  own <- spec
  own$right <- Reduce(function(a, b) call("+", a, b), mediators)
  own["simple"] <- list(NULL)
  own$has_lags <- uses_words(own$right)
  check_formula_names(own, data, call)
  panel <- if (own$has_lags) lag_panel(own, data, quosures$unit, quosures$time, NULL, call)
  words <- if (is.null(panel)) spec$env else lag_words(function() panel, spec$env)
  frame <- in_formula(call, {
    frame_of(stats::as.formula(call("~", own$right), words), formula_data(own, data, call), NULL)
  }, "mediators", "Every term of `mediators` must evaluate in `data`.")
  values <- lapply(stats::setNames(names(mediators), names(mediators)), function(name) {
    column <- frame[[match(name, vapply(as.list(attr(attr(frame, "terms"), "variables"))[-1L], spell_term, ""))]]
    if (is.null(column) || is.matrix(column)) refuse_wide_mediator(name, call)
    as_numbers(if (is.logical(column)) as.double(column) else column, paste0("The mediator `", name, "`"), "mediators",
               call, column = name)
  })
  list(values = values, panel = panel[c("unit_name", "time_name", "guessed", "step", "calendar_code")])
}

# A mediator must be one column of its own.
refuse_wide_mediator <- function(name, call) {
  abort_input("mediator", "Each of `mediators` must be one numeric column.",
              found = paste0("`", name, "` is an interaction, or more than one column."), arg = "mediators",
              columns = name, call = call)
}

# The terms that are the treatment: `treatment` is one term, or a factor's label, which means all its levels; by default
# the first regressor, of a factor the first level alone where there are no products.
choose_treatments <- function(treatment, frame, products, call) {
  terms <- regressor_names(frame)
  of <- factor_labels(frame)
  if (is.null(treatment)) return(if (products) terms[of == of[1L]] else terms[1L])
  single <- is.character(treatment) && length(treatment) == 1L
  if (single && !is.na(match_terms(treatment, terms))) return(terms[match_terms(treatment, terms)])
  if (single && products && !is.na(match_terms(treatment, unique(of)))) {
    return(terms[of == find_terms(treatment, unique(of))])
  }
  abort_input(
    "treatment", "`treatment` must be one term of the model, as a string.", found = describe_value(treatment),
    todo = paste0("The terms are ", enumerate(terms, "`", 10L), "."), arg = "treatment", call = call
  )
}

# The label of the term that each regressor belongs to.
factor_labels <- function(frame) {
  if (is.null(frame$terms)) return(regressor_names(frame))
  attr(frame$terms, "term.labels")[frame$assign]
}

# The fit of a mediator's equation: what is wrong with its outcome is told of the mediator.
fit_mediator <- function(fit, name, call) {
  refuse <- function(what) {
    function(e) {
      abort_input(
        "mediator", paste0("The mediator `", name, "` must vary within the effects."),
        found = paste0("It ", what, "."), arg = "mediators", columns = name, parent = e, call = call
      )
    }
  }
  tryCatch(
    fit,
    flowresil_error_outcome_constant = refuse("does not vary"),
    flowresil_error_outcome_absorbed = refuse("is absorbed by the effects")
  )
}

# Every treatment must be identified in every equation.
refuse_lost_treatments <- function(models, treatments, call) {
  for (model in models) {
    lost <- setdiff(treatments, names(model$coefficients))
    if (length(lost) == 0L) next
    detail <- model$dropped$detail[match(lost[1L], model$dropped$term)]
    abort_input(
      "treatment", paste0("The treatment `", lost[1L], "` must be identified in every equation."),
      found = paste0("With outcome `", model$outcome, "` it is ", detail, "."), arg = "treatment", call = call
    )
  }
}

# With products a mediator must not be a line of treatment and controls, nor of these and other mediators.
refuse_line_mediators <- function(models, mediators, call) {
  refuse <- function(name, of) {
    abort_input(
      "mediator", paste0("The mediator `", name, "` must be more than a line of other variables."),
      found = paste0("Once the effects are out it is ", of, "."), arg = "mediators", columns = name, call = call
    )
  }
  for (name in names(mediators)) {
    model <- models[[name]]
    if (model$residual_squares <= (1e-10)^2 * model$within_squares) refuse(name, "a line of treatment and controls")
  }
  for (name in setdiff(names(mediators), names(models$outcome$coefficients))) {
    refuse(name, models$outcome$dropped$detail[match(name, models$outcome$dropped$term)])
  }
  late <- intersect(setdiff(models$outcome$dropped$term, models$total$dropped$term), names(models$total$slopes))
  if (length(late)) {
    of <- models$outcome$dropped$detail[match(late[1L], models$outcome$dropped$term)]
    refuse(names(mediators)[length(mediators)], paste0("such that `", late[1L], "` is ", of))
  }
}
