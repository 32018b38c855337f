# One equation fitted: solution, factor, coefficients, what was dropped and why.

# Fits the frame: effects, factor, least squares. Gives a list of what the equation is - its solution, its factor
# (basis, polish, along, offset), coefficients of the kept regressors, sums of squares, what was dropped and why - and
# of how it was solved. It knows no variance.
fit_equation <- function(frame, options, call) {
  found <- within_fit(frame, options, call)
  fit <- found$fit
  frame <- found$frame
  design <- frame_design(frame)
  refuse_extreme_scale(fit, frame, call)
  refuse_unusable_outcome(fit, frame, call)
  kept <- which(fit$fate == 0L)
  terms <- regressor_names(frame)
  dropped <- describe_dropped(fit, frame, design, options, terms, kept)
  if (length(kept) == 0L && !frame$intercept) refuse_no_regressor(call, dropped)
  report_dropped_regressors(dropped)
  solver <- fit$solution[c("method", "converged", "iterations", "relative_error")]
  if (!solver$converged) report_not_converged(solver)
  list(
    outcome = frame$outcome, kept_terms = terms[kept], nobs = frame$n_used, kept = kept,
    slopes = stats::setNames(fit$coefficients[kept], terms[kept]), residual_squares = fit$residual_squares,
    within_squares = fit$within_squares,
    total_squares = if (design$centre) fit$total_squares else fit$within_squares,
    means = fit$means, basis = fit$basis, polish = fit$polish, along = fit$along, offset = fit$offset,
    polished = fit$polished, dropped = dropped,
    effects = list(
      n_levels = stats::setNames(design$n_levels, names(frame$effects)),
      values = lapply(frame$effects, `[[`, "values"), parts = lapply(frame$effects, `[[`, "parts"),
      columns = stats::setNames(frame$effect_columns, names(frame$effects)),
      doubled = frame$doubled,
      singletons = if (is.null(frame$query)) name_singletons(frame$effects) else frame$singletons
    ),
    solver = solver, intercept = frame$intercept, options = options, design = design,
    solution = fit$solution[c("shift", "rest", "levels", "method")], fitted_coefficients = fit$coefficients,
    engine = fit$engine, table = fit$table, sample = sample_of(frame)
  )
}

# Rows in the data and used, and those lost by reason.
sample_of <- function(frame) {
  list(
    n_input = frame$n_input, n_used = frame$n_used, rows = frame$rows, lost = frame$lost,
    dropped = c(subset = frame$reasons$subset, missing = frame$reasons$incomplete),
    missing = frame$reasons$missing
  )
}

# The fit of the effects and what is regressed, by where the rows are: list(fit, frame), the frame with what only a
# table's reads tell.
within_fit <- function(frame, options, call) {
  if (!is.null(frame$query)) return(fit_table(frame, call))
  list(fit = core(cpp_fit_equation, frame_design(frame), frame$means, options, rank_tolerance, call = call),
       frame = frame)
}

# Smallest and largest value of a column in the rows used.
range_of_column <- function(frame, j) if (is.null(frame$ranges)) range(frame$columns[[j]]) else frame$ranges[, j]

# Squares must neither overflow nor vanish: beyond 1e140 or below 1e-140 a column has to be rescaled.
refuse_extreme_scale <- function(fit, frame, call) {
  extreme <- which(!is.finite(fit$norms) | fit$norms < 1e-140)
  if (length(extreme) == 0L && fit$representable) return(invisible())
  extreme <- extreme[vapply(extreme, function(j) any(range_of_column(frame, j) != 0), logical(1))]
  if (length(extreme) == 0L && fit$representable) return(invisible())
  abort_input(
    c("scale", if (!is.null(frame$query)) "database"),
    "Every variable must have values whose squares a double can hold.",
    found = paste0(enumerate(names(frame$columns)[extreme], "`"), " is of size ",
                   format(max(abs(range_of_column(frame, extreme[1L]))), digits = 3), "."),
    todo = "Rescale it.", arg = "formula", columns = names(frame$columns)[extreme], call = call
  )
}

refuse_unusable_outcome <- function(fit, frame, call) {
  at <- frame$roles$outcome
  scale <- fit$norms[at]
  doubtful <- sqrt(fit$centred_squares[at]) <= 1e-11 * scale || scale == 0
  constant <- doubtful && is_constant(range_of_column(frame, at), frame$n_used)
  if (constant || fit$outcome_absorbed && length(frame$effects) == 0L) {
    y <- range_of_column(frame, at)
    ends <- format(y, digits = 17L)
    abort_input(
      "outcome_constant", paste0("The outcome `", frame$outcome, "` must vary."),
      found = if (y[1L] == y[2L]) {
        paste0("It is ", label_values(y[[1L]]), " in all ", format_counts(frame$n_used), " rows used.")
      } else {
        paste0("It goes from ", ends[1L], " to ", ends[2L], " in the ", format_counts(frame$n_used),
               " rows used: that is rounding.")
      },
      arg = "formula", columns = frame$outcome, call = call
    )
  }
  if (fit$outcome_absorbed) {
    abort_input(
      "outcome_absorbed", paste0("The outcome `", frame$outcome, "` must vary within the effects."),
      found = paste0(enumerate(names(frame$effects), "`"), if (length(frame$effects) == 1L) " explains" else " explain",
                     " all of it."), arg = "formula",
      columns = frame$outcome, call = call
    )
  }
}

# Why each regressor was left out: constant, absorbed by which effect, collinear with which regressors.
describe_dropped <- function(fit, frame, design, options, terms, kept) {
  out <- which(fit$fate != 0L)
  if (length(out) == 0L) return(nothing_dropped)
  detail <- character(length(out))
  collinear <- 0L
  for (i in seq_along(out)) {
    j <- out[i]
    if (fit$fate[j] == 1L) {
      detail[i] <- why_absorbed(frame, design, options, j)
    } else {
      collinear <- collinear + 1L
      shares <- abs(fit$combination[, collinear])
      detail[i] <- paste0("collinear with ", enumerate(terms[kept][shares > 1e-7 * max(shares)], "`"))
    }
  }
  data.frame(term = terms[out], reason = c("absorbed", "collinear")[fit$fate[out]], detail = detail)
}

# Constant up to rounding, as in entropy_weights(): a spread of at most n units in the last place of the largest
# value; of a hundred in long columns, since the values' own rounding does not grow with their number.
is_constant <- function(x, n = length(x)) {
  max(x) - min(x) <= min(n, 100) * .Machine$double.eps * max(abs(x))
}

why_absorbed <- function(frame, design, options, j) {
  if (length(frame$effects) == 0L || is_constant(range_of_column(frame, j), frame$n_used)) return("constant")
  single <- if (is.null(frame$absorbed_by)) core(cpp_absorbed_by, design, j, frame$means, options, rank_tolerance) else
    frame$absorbed_by(j)
  by <- names(frame$effects)[single]
  if (length(by) == 0L) by <- names(frame$effects)
  paste0("absorbed by ", enumerate(by, "`"))
}

report_dropped_regressors <- function(dropped) {
  if (nrow(dropped) == 0L) return(invisible())
  warn_data(
    "collinear", paste0(count_of(nrow(dropped), "regressor"), " dropped, not identified."),
    found = paste0("`", dropped$term, "`: ", dropped$detail, "."), terms = dropped$term, reasons = dropped$reason
  )
}

report_not_converged <- function(solver) {
  warn_data(
    "not_converged", "The effects did not converge.",
    found = paste0("After ", label_values(solver$iterations),
                   " iterations the relative error of a demeaned column is about ",
                   format(solver$relative_error, digits = 2), "."),
    todo = "Raise `max_iterations` or `tolerance`.", solver = solver
  )
}
