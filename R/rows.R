# Which rows a regression uses: `subset`, weights, and the rows that lags look at. Everything is judged on the
# rows used; what stands in other rows does not matter.

# Row numbers that `subset` keeps; NULL where it is not given.
subset_rows <- function(quo, data, call) {
  if (rlang::quo_is_null(quo)) return(NULL)
  kept <- eval_in_data(quo, data, "subset", call)
  if (is.null(kept)) return(NULL)
  rows_of_condition(kept, nrow_of(data), "subset", call)
}

# TRUE or FALSE a row, or row numbers, to row numbers in increasing order. NA counts as FALSE.
rows_of_condition <- function(kept, n, arg, call) {
  if (!is.logical(kept) || length(kept) != n) refuse_subset(kept, n, arg, call)
  rows <- if (is.logical(kept)) which(kept) else sort(seq_len(n)[kept])
  if (length(rows) == 0L) {
    abort_input("empty", paste0("`", arg, "` must keep at least one row."), found = "It keeps none.", arg = arg,
                call = call)
  }
  rows
}

# Anything but distinct row numbers within the data is refused, each by its own reason.
refuse_subset <- function(kept, n, arg, call) {
  refuse <- function(found, todo = NULL, rows = NULL) {
    abort_input(
      "subset", paste0("`", arg, "` must be TRUE or FALSE for each of the ", format_counts(n),
                       " rows, or distinct row numbers."),
      found = found, todo = todo, arg = arg, rows = rows, call = call
    )
  }
  if (is.logical(kept)) refuse(paste0("It has ", count_of(length(kept), "value"), "."))
  if (!is.numeric(kept) || is.object(kept)) refuse(paste0("It is ", describe_type(kept), "."))
  if (anyNA(kept)) refuse(paste0("It is NA in ", count_of(sum(is.na(kept)), "place"), "."))
  odd <- kept[kept != round(kept)]
  if (length(odd)) refuse(paste0("It holds ", label_values(odd[1L]), ", which is no whole number."))
  if (any(kept < 0) && any(kept >= 0)) refuse("It mixes row numbers to keep and, with a minus, to leave out.")
  beyond <- unique(kept[kept == 0 | abs(kept) > n])
  if (length(beyond)) {
    refuse(paste0("There ", if (length(beyond) == 1L) "is no row " else "are no rows ",
                  enumerate(beyond), "."))
  }
  twice <- unique(kept[duplicated(kept)])
  if (length(twice)) {
    refuse(
      paste0(if (length(twice) == 1L) "Row " else "Rows ", enumerate(twice),
             if (length(twice) == 1L) " stands" else " stand", " twice or more."),
      "A row is used once. Rows drawn with replacement are a data frame of their own: `data[rows, ]`.", twice
    )
  }
}

# An expression of the user's, in the data and then where it was written; an error in it is kept as parent.
eval_in_data <- function(quo, data, arg, call) {
  mask <- unclass(data)
  attributes(mask) <- list(names = names(data))
  tryCatch(
    rlang::eval_tidy(quo, mask[!duplicated(names(mask))]),
    error = function(e) {
      abort_input(
        "evaluation", paste0("`", arg, "` must evaluate in `data`."), found = conditionMessage(e), arg = arg,
        parent = e, call = call
      )
    }
  )
}

# Analytic weights as doubles, one a row of the data; NULL where there are none. Their values are judged by
# weights_used(), once the rows are known.
read_weights <- function(quo, data, call) {
  if (rlang::quo_is_null(quo)) return(NULL)
  weights <- eval_in_data(quo, data, "weights", call)
  if (is.null(weights)) return(NULL)
  if (is.character(weights) && length(weights) == 1L) {
    weights <- .subset2(data, check_column_names(weights, data, "weights", TRUE, call))
  }
  weights <- as_numbers(weights, "`weights`", "weights", call)
  n <- nrow_of(data)
  if (length(weights) != n) {
    abort_input(
      "weights", paste0("`weights` must have one value for each of the ", format_counts(n), " rows."),
      found = paste0("It has ", format_counts(length(weights)), "."), arg = "weights", call = call
    )
  }
  weights
}

# The weights of the rows used, positive and finite.
weights_used <- function(weights, rows, call) {
  if (is.null(weights)) return(NULL)
  if (!is.null(rows)) weights <- weights[rows]
  bad <- which(!is.finite(weights) | weights <= 0)
  if (length(bad)) {
    abort_input(
      "weights", "`weights` must be positive and finite.",
      found = paste0("It is ", label_values(weights[bad[1L]]), " in ",
                     name_rows(if (is.null(rows)) bad else rows[bad]), "."),
      todo = "Leave rows out by `subset`, not by a weight of zero.", arg = "weights",
      rows = if (is.null(rows)) bad else rows[bad], call = call
    )
  }
  weights
}

# Rows that lags look at -------------------------------------------------------------------------

# The panel by which lags go. Rows without unit or time stand in no place that a lag could look at: they are
# `unknown`, hold a stand-in, and are refused only where they are used.
read_lag_panel <- function(data, unit_name, time_name, call) {
  keys <- list(.subset2(data, unit_name), .subset2(data, time_name))
  names(keys) <- c(unit_name, time_name)
  lacking <- if (all(vapply(keys, names_groups, logical(1)))) lapply(keys, function(key) which(is_missing(key)))
  unknown <- sort(unique(unlist(lacking)))
  if (length(unknown) == 0L || length(unknown) == length(keys[[1L]])) {
    return(read_panel(data, unit_name, time_name, unique = FALSE, call = call, text = TRUE))
  }
  known <- seq_along(keys[[1L]])[-unknown][1L]
  keys <- lapply(keys, function(key) {
    key[unknown] <- key[known]
    key
  })
  panel <- read_panel(keys, unit_name, time_name, unique = FALSE, call = call, text = TRUE)
  panel$unknown <- unknown
  panel$lacking <- lacking
  panel$order <- panel$order[!panel$order %in% unknown]
  panel
}

# How many periods back each l(), f() and d() of an expression looks, counted from the row itself.
lag_offsets <- function(expr, from = 0) {
  if (!is.call(expr)) return(NULL)
  if (!rlang::is_call(expr, c("l", "f", "d"))) {
    return(unique(unlist(lapply(call_arguments(expr), lag_offsets, from = from))))
  }
  at <- from + (if (rlang::is_call(expr, "f")) -1 else 1) * eval(expr[[3L]], baseenv())
  starts <- if (rlang::is_call(expr, "d")) c(from, at) else at
  unique(c(at, unlist(lapply(starts, function(start) lag_offsets(expr[[2L]], start)))))
}

# Arguments of a call; an empty one, as in x[, 1], is left out.
call_arguments <- function(expr) {
  given <- as.list(expr)[-1L]
  given[!vapply(given, rlang::is_missing, logical(1))]
}

# Each place of the panel that a used row looks at must be one row, and so must that of each row that nothing but
# a lag may lose (`standing`). NULL: all rows.
refuse_doubtful_lags <- function(panel, spec, rows, standing, call) {
  o <- panel$order
  same <- seq_along(o)[-1L] %in% (repeated_pairs(panel) + 1L)
  if (!any(same)) return(invisible())
  run <- cumsum(c(TRUE, !same))
  place <- rep(NA_integer_, panel$n_rows) # the place of each row that shares it with another
  place[o] <- ifelse(run %in% run[-1L][same], run, NA)
  all <- seq_len(panel$n_rows)
  used <- if (is.null(rows)) all else rows
  offsets <- unique(c(lag_offsets(spec$right), lag_offsets(spec$outcome)))
  looked <- lapply(offsets, function(k) shift_periods(panel, place, k)[used])
  own <- place[if (is.null(standing)) all else standing]
  doubtful <- unique(c(unlist(looked), own[duplicated(own)]))
  doubtful <- doubtful[!is.na(doubtful)]
  if (length(doubtful) == 0L) return(invisible())
  panel$order <- o[place[o] %in% doubtful]
  guessed <- panel$guessed
  panel$guessed <- FALSE # the sentence says it
  refuse_duplicates(panel, call, if (guessed) {
    paste0("Unit and time of lags were guessed from the effects: ", describe_roles(panel), ". Others are given by ",
           "`unit =` and `time =`.")
  })
}

# A row that nothing but its unknown place would lose is used: its unit or time must be there.
refuse_unknown_places <- function(panel, needed, call) {
  if (is.null(panel$unknown)) return(invisible())
  for (i in 1:2) {
    missing <- intersect(panel$lacking[[i]], needed)
    if (length(missing) == 0L) next
    name <- c(panel$unit_name, panel$time_name)[i]
    abort_input(
      "missing_value", paste0("Column `", name, "` must not hold missing values: lags go by it."),
      found = paste0("NA in ", name_rows(missing), "."), arg = c("unit", "time")[i], columns = name, rows = missing,
      call = call
    )
  }
}
