# The first read of a table in pieces: which effect is large, what is missing, what the effects are solved from.

# Looks at all pieces: which effect is large, what is missing, levels, sums. The first effect is taken for the large
# one, then the last, then the others.
look_at_pieces <- function(query, names, tally, call) {
  J <- length(query$effects)
  tried <- unique(c(seq_len(min(J, 1L)), J, seq_len(J)))
  limit <- getOption("flowresil.small_levels", 5000)
  for (large in if (J == 0L) list(NULL) else tried) {
    query$large <- large
    look <- new_look(query, names, limit, call)
    last <- is.null(large) || identical(large, tried[length(tried)])
    done <- visit_pieces(
      query$source, function(part) piece_statement(query, part, call, narrow = FALSE),
      unit_keys(query), function(rows, part) take_look(look, rows, part), tally, call,
      function(n) last || n < limit_of_unit(query)
    )
    if (done) return(finish_look(look))
  }
  refuse_two_large(query, limit, call)
}

# What the columns of the large effect are called in the statement.
unit_keys <- function(query) grep("^u", names(key_columns(query)), value = TRUE)

# Rows of a unit from which another effect is looked for.
limit_of_unit <- function(query) max(query$source$piece_rows, 10)

refuse_two_large <- function(query, limit, call) {
  labels <- label_effects(query$effects)
  part <- query$source$parts[[1L]]
  levels <- vapply(query$effects, function(columns) {
    columns <- paste(sql_columns(columns, part), collapse = ", ")
    statement <- paste0("SELECT COUNT(*) AS n FROM (SELECT DISTINCT ", columns, " FROM ", part$from, ") AS fr_d")
    as.double(in_database(DBI::dbGetQuery(part$con, statement), call)[[1L]])
  }, 1)
  abort_input(
    "database", "Of the effects of a table all but one must be small.",
    found = paste0("Beside the largest the others have more than ", format_counts(limit), " combinations of levels: ",
                   paste0("`", labels, "` has ", format_counts(levels), collapse = ", "), "."),
    todo = c("`collect()` the columns: in memory any effects are fitted.",
             "`options(flowresil.small_levels = )` raises the limit; time and memory go by its square."),
    arg = "formula", columns = unlist(query$effects), call = call
  )
}

new_look <- function(query, names, limit, call) {
  look <- new.env(parent = emptyenv())
  look$query <- query
  look$names <- names
  look$limit <- limit
  look$call <- call
  m <- length(query$columns)
  look$n_input <- 0
  look$n_used <- 0
  look$n_units <- 0
  look$outside <- 0
  look$missing <- numeric(length(query$variables) + length(query$beside))
  look$low <- rep(Inf, m)
  look$high <- rep(-Inf, m)
  look$dictionaries <- lapply(query$effects, function(columns) new_dictionary())
  look$cells <- new_dictionary()
  look$levels <- list()
  look$unit_inside <- rep(TRUE, length(query$effects))
  look$single_units <- character()
  look$unit_samples <- list()
  look$log_weights <- 0
  look$n_single <- 0
  look$sums <- NULL
  look
}

# Takes a piece in; FALSE where the effect that is taken for the large one cannot be.
take_look <- function(look, rows, part) {
  query <- look$query
  refuse_odd_values(rows, query, look$call)
  look$n_input <- look$n_input + nrow(rows)
  kept <- if (is.null(query$subset)) rep(TRUE, nrow(rows)) else !is.na(rows$s) & rows$s == 1
  look$outside <- look$outside + sum(!kept)
  lost <- lapply(rows[value_names(query)], function(v) is.na(v) & kept)
  look$missing <- look$missing + missing_by_variable(rows, kept, query)
  complete <- kept & !Reduce(`|`, lost)
  if (!any(complete)) return(TRUE)
  piece <- sample_of_piece(rows, which(complete), look)
  if (is.null(piece)) return(FALSE)
  look$n_used <- look$n_used + piece$n_rows
  for (j in seq_along(piece$columns)) {
    ends <- range(piece$columns[[j]])
    if (any(is.infinite(ends))) refuse_infinite_table(look$names[j], look$call)
    look$low[j] <- min(look$low[j], ends[1L])
    look$high[j] <- max(look$high[j], ends[2L])
  }
  if (is.null(look$shift)) {
    look$shift <- vapply(piece$columns, mean, 1)
    look$shift[!is.finite(look$shift)] <- 0
  }
  if (!is.null(piece$weights)) look$log_weights <- look$log_weights + sum(log(piece$weights))
  threads <- n_threads(piece$n_rows)
  if (is.null(query$large)) {
    found <- core(cpp_piece_sums, piece, look$shift, call = look$call)
    look$sums <- if (is.null(look$sums)) found else Map(`+`, look$sums, found)
    return(TRUE)
  }
  look$n_units <- look$n_units + piece$n_levels[1L]
  look$unit_samples[[part]] <- add_to_sample(if (part <= length(look$unit_samples)) look$unit_samples[[part]],
                                             piece$unit_keys)
  for (j in seq_along(look$unit_inside)[-query$large]) {
    look$unit_inside[j] <- look$unit_inside[j] &&
      core(cpp_is_nested, piece$codes[[1L]], piece$n_levels[1L], piece$small[[j]] - 1L, max(piece$small[[j]]))
  }
  found <- core(cpp_unit_piece_sums, piece, look$shift, threads, call = look$call)
  look$n_single <- look$n_single + length(found$single_units)
  if (length(found$single_units) && length(look$single_units) < 100L) {
    look$single_units <- c(look$single_units, key_text(pick(piece$unit_keys[[1L]], found$single_units)))
  }
  look$sums <- join_look_sums(look$sums, found)
  TRUE
}

# Some of the units seen, evenly: all up to 200, then every second of them as often as needed.
add_to_sample <- function(sample, keys) {
  sample <- join_fetched(sample, list2DF(keys))
  while (nrow(sample) > 200L) sample <- plain_rows(sample, seq.int(1L, nrow(sample), by = 2L))
  sample
}

value_names <- function(query) {
  c(sprintf("v%d", seq_along(query$columns)), sprintf("b%d", seq_along(query$beside)))
}

# As complete_rows() counts: the model's own variables in all rows, those beside them in the rows that these leave.
missing_by_variable <- function(rows, kept, query) {
  own <- match(query$variables, query$columns)
  names <- ifelse(is.na(own), sprintf("n%d", cumsum(is.na(own))), sprintf("v%d", own))
  lost <- lapply(rows[names], is.na)
  whole <- kept & !Reduce(`|`, lost)
  beside <- rows[sprintf("b%d", seq_along(query$beside))]
  c(vapply(lost, function(l) sum(l & kept), 1), vapply(beside, function(v) sum(is.na(v) & whole), 1))
}

refuse_odd_values <- function(rows, query, call) {
  flags <- grep("^o[0-9]+$", names(rows), value = TRUE)
  for (i in seq_along(flags)) {
    if (any(rows[[flags[i]]] == 1, na.rm = TRUE)) {
      refuse_table_type(numeric_names(query)[i], "It holds text.", call)
    }
  }
  values <- rows[value_names(query)]
  odd <- which(!vapply(values, function(v) is.double(v) || all(is.na(v)), NA))
  if (length(odd)) {
    expr <- c(query$columns, query$beside)[[odd[1L]]]
    refuse_table_type(rlang::as_label(expr), paste0("It is ", describe_type(values[[odd[1L]]]), "."), call)
  }
}

refuse_infinite_table <- function(name, call) {
  abort_input("infinite", paste0("`", name, "` must not hold infinite values."),
              found = "It is infinite in a row used.",
              todo = "Leave such rows out by `subset`.", arg = "formula", columns = name, call = call)
}

# Sums of two sets of pieces; the later ones may know more cells.
join_look_sums <- function(sums, more) {
  more$single_units <- NULL
  if (is.null(sums)) return(more)
  sums <- widen_sums(sums, length(more$weights))
  weight <- sums$weights + more$weights
  share <- ifelse(weight > 0, more$weights / weight, 0)
  apart <- more$means - sums$means
  by_cell <- function(x) rep(x, each = nrow(apart))
  list(
    pairs = sums$pairs + more$pairs, left = sums$left + more$left, weights = weight, counts = sums$counts + more$counts,
    means = sums$means + apart * by_cell(share),
    squares = sums$squares + more$squares + apart^2 * by_cell(sums$weights * share),
    unit_squares = sums$unit_squares + more$unit_squares
  )
}

widen_sums <- function(sums, n_cells) {
  old <- length(sums$weights)
  if (old == n_cells) return(sums)
  more <- n_cells - old
  wide <- function(x) cbind(x, matrix(0, nrow(x), more))
  sums$pairs <- rbind(wide(sums$pairs), matrix(0, more, n_cells))
  for (name in c("left", "means", "squares")) sums[[name]] <- wide(sums[[name]])
  for (name in c("weights", "counts")) sums[[name]] <- c(sums[[name]], numeric(more))
  sums
}

# What all pieces say together: levels, effects that stand twice, levels that others determine.
finish_look <- function(look) {
  query <- look$query
  refuse_empty_table(look)
  look$n_levels <- integer()
  look$doubled <- character()
  look$dropped_effects <- integer()
  if (is.null(query$large)) return(look)
  labels <- label_effects(query$effects)
  n_levels <- vapply(look$dictionaries, function(d) length(d$known), 1L)
  n_levels[query$large] <- as.integer(look$n_units)
  for (j in seq_along(labels)[-1L]) {
    for (i in setdiff(seq_len(j - 1L), look$dropped_effects)) {
      if (!j %in% look$dropped_effects && alike_in_look(look, i, j, n_levels)) {
        look$dropped_effects <- c(look$dropped_effects, j)
        look$doubled[labels[j]] <- labels[i]
      }
    }
  }
  # A small twin of the large effect takes nothing more out, whichever is named first.
  look$small <- setdiff(seq_along(labels), c(query$large, look$dropped_effects))
  if (query$large %in% look$dropped_effects) {
    twin <- match(look$doubled[[labels[query$large]]], labels)
    look$small <- setdiff(look$small, twin)
  }
  look$kept_effects <- setdiff(seq_along(labels), look$dropped_effects)
  look$all_levels <- n_levels
  look$n_levels <- n_levels[look$kept_effects]
  look
}

refuse_empty_table <- function(look) {
  must_not <- function(must, found) abort_input("empty", must, found = found, arg = "data", call = look$call)
  if (look$n_used > 0) return(invisible())
  if (look$n_input == 0) must_not("`data` must have at least one row.", "The table has 0 rows.")
  if (look$outside == look$n_input) must_not("`subset` must keep at least one row.", "It keeps none.")
  refuse_no_complete_row(FALSE, missing_of_look(look), "variables of the model", look$call, say_lags(look$query$panel))
}

# Counts of missing values by variable, of those that have some.
missing_of_look <- function(look) {
  missing <- stats::setNames(look$missing, c(names(look$query$variables), names(look$query$beside)))
  missing[missing > 0]
}

# Do two effects group the rows in the same way?
alike_in_look <- function(look, i, j, n_levels) {
  if (n_levels[i] != n_levels[j]) return(FALSE)
  large <- look$query$large
  if (large %in% c(i, j)) return(look$unit_inside[setdiff(c(i, j), large)])
  pairs <- unique(cbind(look$levels[[i]], look$levels[[j]]))
  nrow(pairs) == n_levels[i]
}

# Parts must not share a unit: some of each part's are looked up in every later one.
refuse_shared_units <- function(look, tally, call) {
  query <- look$query
  parts <- query$source$parts
  if (length(parts) < 2L || is.null(query$large)) return(invisible())
  columns <- query$effects[[query$large]]
  for (a in seq_along(look$unit_samples)) {
    for (b in seq_along(parts)[seq_along(parts) > a]) {
      equal <- lapply(seq_along(columns), function(i) {
        values <- look$unit_samples[[a]][[i]]
        texts <- key_text(values)
        if (!is.numeric(values)) texts <- as.character(DBI::dbQuoteString(parts[[b]]$con, texts))
        paste(sql_columns(columns[i], parts[[b]]), "=", texts)
      })
      where <- paste0("(", do.call(paste, c(equal, sep = " AND ")), ")", collapse = " OR ")
      found <- fetch_few(parts[[b]], paste("SELECT 1 AS one FROM", parts[[b]]$from, "WHERE", where, "LIMIT 1"), tally,
                         call)
      if (nrow(found) == 0L) next
      abort_input("database", "Parts of a panel must not share a unit: their sums are added.",
                  found = paste0("A level of `", paste(columns, collapse = "^"), "` in part ", a, " is in part ", b,
                                 " too."),
                  todo = "Join them in one table (`dplyr::union_all()`).", arg = "data", columns = columns, call = call)
    }
  }
}

# The frame with what the first read told.
frame_of_look <- function(frame, look) {
  frame$n_input <- look$n_input
  frame$n_used <- look$n_used
  if (look$outside > 0) frame$reasons$subset <- look$outside
  incomplete <- look$n_input - look$outside - look$n_used
  if (incomplete > 0) {
    frame$reasons$missing <- missing_of_look(look)
    frame$reasons$incomplete <- incomplete
  }
  frame$ranges <- rbind(look$low, look$high)
  kept <- if (is.null(look$query$large)) integer() else look$kept_effects
  frame$effects <- frame$effects[kept]
  frame$effect_columns <- frame$effect_columns[kept]
  frame$doubled <- c(frame$doubled, look$doubled)
  frame$singletons <- stats::setNames(lapply(kept, singles_of_look, look = look), names(frame$effects))
  frame
}

# Levels of an effect that stand in one row; of the large one the first hundred by name.
singles_of_look <- function(effect, look) {
  if (effect == look$query$large) {
    shown <- look$single_units
    more <- look$n_single - length(shown)
    return(c(shown, if (more > 0) paste("and", format_counts(more), "more")))
  }
  levels <- factor(look$levels[[effect]], seq_along(look$dictionaries[[effect]]$known))
  counts <- as.vector(tapply(look$sums$counts, levels, sum))
  look$dictionaries[[effect]]$known[which(counts == 1)]
}

# For a column (a number): does each effect alone absorb it?
absorbed_by_look <- function(look) {
  sums <- look$sums
  force(look)
  function(j) {
    weights <- sums$weights
    mean <- sum(weights * sums$means[j, ]) / sum(weights)
    spread <- sum(sums$squares[j, ]) + sum(weights * (sums$means[j, ] - mean)^2)
    left <- vapply(look$kept_effects, function(effect) {
      if (effect == look$query$large) return(sums$unit_squares[j])
      level <- look$levels[[effect]]
      total <- rowsum(weights, level)[, 1L]
      means <- rowsum(weights * sums$means[j, ], level)[, 1L] / total
      sum(sums$squares[j, ]) + sum(weights * (sums$means[j, ] - means[as.character(level)])^2)
    }, 1)
    size <- sqrt(spread + sum(weights) * (mean + look$shift[j])^2)
    sqrt(left) <= rank_tolerance * sqrt(spread) | sqrt(left) <= 64 * .Machine$double.eps * size
  }
}
