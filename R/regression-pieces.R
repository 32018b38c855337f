# A fit of a table in pieces of whole units: one read tells what the effects are solved from, a second gives the factor.

# The equation of a table as the core gives that of a data frame (see fit_equation()), and the frame with what only the
# reads tell: rows, rows lost, levels, ranges of the columns, the design without columns.
fit_table <- function(frame, call) {
  tally <- new_tally()
  query <- frame$query
  in_transactions(query$source, {
    check_table_panel(query, tally, call)
    look <- look_at_pieces(query, names(frame$columns), tally, call)
    refuse_shared_units(look, tally, call)
    frame <- frame_of_look(frame, look)
    if (!isTRUE(frame$silent)) report_dropped_rows(frame)
    if (!isTRUE(frame$silent)) report_doubled_effects(frame$doubled)
    fit <- fit_pieces(look, tally, call)
  }, call = call)
  frame$design <- list(
    n_rows = look$n_used, columns = NULL, roles = frame$roles, outcome = frame$roles$outcome, codes = list(),
    n_levels = look$n_levels, weights = NULL, centre = length(look$n_levels) > 0L || frame$intercept
  )
  engine <- describe_engine(query$source)
  fit$engine <- list(name = engine$name, version = engine$version, route = "pieces", scans = length(tally$statements),
                     rows = look$n_used, statements = tally$statements)
  frame$absorbed_by <- absorbed_by_look(look)
  list(fit = fit, frame = frame)
}

# The small effects' coefficients by cell, then the factor of all rows; both again where digits were lost.
fit_pieces <- function(look, tally, call) {
  table <- list(query = look$query, dictionaries = look$dictionaries, cells = look$cells, shift = look$shift,
                rest = numeric(), coefficients = NULL, levels = look$levels, n_used = look$n_used,
                n_levels = look$n_levels, limit = look$limit, log_weights = look$log_weights)
  ill <- FALSE
  if (is.null(look$query$large)) {
    if (look$query$intercept) table$rest <- look$sums$sums / look$sums$weight else table$shift <- 0 * look$shift
    table$redundant <- list(pairs = 0, exact = 0)
  } else {
    solved <- solve_look(look, look$sums$left, call)
    table$coefficients <- solved$cells
    table$redundant <- redundant_of_look(look, solved$n_redundant)
    ill <- solved$ill_conditioned
  }
  taken <- take_factor(table, tally, call)
  fit <- core(cpp_fit_state, taken$state, table$shift, rank_tolerance, call = call)
  if (!is.null(look$query$large) && isTRUE(fit$representable) && (ill || fit$refine)) {
    table$coefficients <- table$coefficients + solve_look(look, taken$left, call)$cells
    taken <- take_factor(table, tally, call)
    fit <- core(cpp_fit_state, taken$state, table$shift, rank_tolerance, call = call)
  }
  if (isTRUE(fit$representable)) {
    kept <- which(fit$fate == 0L) - 1L
    if (fit$loses_digits && length(kept)) fit <- polish_table(fit, kept, table, tally, call)
  }
  table$weight <- taken$state$weight
  fit$table <- table
  fit$solution <- list(shift = table$shift, rest = table$rest, levels = list(), method = "pieces", converged = TRUE,
                       iterations = 0L, relative_error = 0)
  fit
}

solve_look <- function(look, left, call) {
  levels <- lapply(look$small, function(j) look$levels[[j]] - 1L)
  if (length(levels) == 0L) {
    return(list(cells = matrix(0, nrow(left), ncol(left)), ill_conditioned = FALSE, n_redundant = 0))
  }
  core(cpp_solve_cells, look$sums$pairs, look$sums$weights, left, lapply(levels, as.integer), call = call)
}

# Levels that the other effects determine: "exact" by rank, "pairs" by connected components of pairs of effects.
redundant_of_look <- function(look, n_redundant) {
  effects <- look$kept_effects
  J <- length(effects)
  if (J < 2L) return(list(pairs = 0, exact = 0))
  if (J == 2L) return(list(pairs = n_redundant, exact = n_redundant))
  components <- function(a, b) {
    if (look$query$large %in% c(a, b)) return(components_of_units(look, setdiff(c(a, b), look$query$large)))
    code <- function(j) look$levels[[j]] - 1L
    core(cpp_components, code(a), look$all_levels[a], code(b), look$all_levels[b])$count
  }
  most <- function(j) max(vapply(effects[seq_len(j - 1L)], components, 1, b = effects[j]))
  of_pairs <- vapply(2:J, most, 1)
  list(pairs = sum(of_pairs), exact = n_redundant)
}

# Components of the levels of a small effect, joined by units.
components_of_units <- function(look, effect) {
  level <- look$levels[[effect]]
  joined <- rowsum(t(rowsum(look$sums$pairs + t(look$sums$pairs), level)), level) > 0
  diag(joined) <- TRUE
  at <- which(joined, arr.ind = TRUE) - 1L
  n <- nrow(joined)
  core(cpp_components, at[, 1L], n, at[, 2L], n)$count
}

# Calls take(piece, solution, threads) for the pieces of a fitted table; the rows used must be those of the first read.
# `clusters` are further columns, whose values a piece gives as used("k1"), ....
visit_table <- function(table, tally, call, take, clusters = character()) {
  query <- table$query
  query$clusters <- clusters
  look <- new.env(parent = emptyenv())
  for (name in c("dictionaries", "cells", "levels", "limit")) look[[name]] <- table[[name]]
  look$query <- query
  look$call <- call
  known <- length(table$cells$known)
  n_used <- 0
  visit_pieces(
    query$source, function(part) piece_statement(query, part, call), unit_keys(query),
    function(rows, part) {
      complete <- !Reduce(`|`, lapply(rows[value_names(query)], is.na))
      if (!any(complete)) return(TRUE)
      piece <- sample_of_piece(rows, which(complete), look)
      n_used <<- n_used + piece$n_rows
      if (length(table$cells$known) > known || n_used > table$n_used) refuse_changed_table(call)
      threads <- n_threads(piece$n_rows)
      solution <- if (is.null(query$large)) {
        list(shift = table$shift, rest = table$rest, levels = list())
      } else {
        core(cpp_unit_piece_solution, piece, table$shift, table$coefficients, threads, call = call)
      }
      take(piece, solution, threads)
      TRUE
    }, tally, call
  )
  if (n_used != table$n_used) refuse_changed_table(call)
}

refuse_changed_table <- function(call) {
  abort_input("database", "The table must hold the same rows in every read.",
              found = "It changed between two of them.", todo = "Fit the model again, or in a transaction of your own.",
              arg = "data", call = call)
}

# The factor of all rows, and what the effects leave of the sums by cell.
take_factor <- function(table, tally, call) {
  state <- NULL
  left <- 0
  visit_table(table, tally, call, function(piece, solution, threads) {
    state <<- join_states(state, core(cpp_take_rows, piece, solution, table$shift, threads, call = call), call)
    if (length(piece$codes)) left <<- left + core(cpp_left_by_cell, piece, solution, threads, call = call)
  })
  list(state = state, left = left)
}

# What rows gave a factor so far (NULL: none), and what others give.
join_states <- function(state, more, call) {
  if (is.null(state)) more else core(cpp_join_states, state, more, call = call)
}

# The second look at nearly equal regressors.
polish_table <- function(fit, kept, table, tally, call) {
  state <- NULL
  visit_table(table, tally, call, function(piece, solution, threads) {
    state <<- join_states(state, core(cpp_take_polish, piece, solution, kept, fit$basis, threads, call = call), call)
  })
  about_means <- is.null(table$query$large) && table$query$intercept
  found <- core(cpp_finish_polish, state, about_means, kept, fit$basis, fit$coefficients, call = call)
  fit[names(found)] <- found
  fit$polished <- TRUE
  fit
}
