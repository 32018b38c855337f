# One equation fitted: solution, factor, coefficients, what was dropped and why.

# Squares must neither overflow nor vanish: beyond 1e140 or below 1e-140 a column has to be rescaled.
refuse_extreme_scale <- function(fit, frame, call) {
  extreme <- which(!is.finite(fit$norms) | fit$norms < 1e-140)
  extreme <- extreme[vapply(frame$values[extreme], function(v) any(v != 0), logical(1))]
  if (length(extreme) == 0L && fit$representable) return(invisible())
  abort_input(
    "scale", "Every variable must have values whose squares a double can hold.",
    found = paste0(enumerate(names(frame$values)[extreme], "`"), " is of size ",
                   format(max(abs(frame$values[[extreme[1L]]])), digits = 3), "."),
    todo = "Rescale it.", arg = "formula", columns = names(frame$values)[extreme], call = call
  )
}

refuse_unusable_outcome <- function(fit, frame, call) {
  k <- length(frame$values) - 1L
  scale <- fit$norms[k + 1L]
  y <- frame$values[[k + 1L]]
  doubtful <- sqrt(fit$centred_squares[k + 1L]) <= 1e-11 * scale || scale == 0
  if (doubtful && is_constant(y) || fit$outcome_absorbed && length(frame$effects) == 0L) {
    ends <- format(range(y), digits = 17L)
    abort_input(
      "outcome_constant", paste0("The outcome `", frame$outcome, "` must vary."),
      found = if (min(y) == max(y)) {
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
describe_dropped <- function(fit, frame, design, terms, kept) {
  out <- which(fit$fate != 0L)
  if (length(out) == 0L) return(nothing_dropped)
  detail <- character(length(out))
  collinear <- 0L
  for (i in seq_along(out)) {
    j <- out[i]
    if (fit$fate[j] == 1L) {
      detail[i] <- why_absorbed(fit, frame, design, j)
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
is_constant <- function(x) {
  max(x) - min(x) <= min(length(x), 100) * .Machine$double.eps * max(abs(x))
}

why_absorbed <- function(fit, frame, design, j) {
  if (length(frame$effects) == 0L || is_constant(frame$values[[j]])) return("constant")
  single <- vapply(seq_along(frame$effects), function(e) {
    alone <- design
    alone$columns <- design$columns[c(j, j)]
    alone$codes <- design$codes[e]
    alone$n_levels <- design$n_levels[e]
    options <- list(threads = 1L, direct_limit = 2000L, tolerance = 1e-10, max_iterations = 100L)
    core(cpp_fit_within, alone, frame$means[c(j, j)], options, 1e-11)$fate == 1L
  }, logical(1))
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

report_not_converged <- function(object) {
  warn_data(
    "not_converged", "The effects did not converge.",
    found = paste0("After ", label_values(object$solver$iterations),
                   " iterations the relative error of a demeaned column is about ",
                   format(object$solver$relative_error, digits = 2), "."),
    todo = "Raise `max_iterations` or `tolerance`.", solver = object$solver
  )
}
