# Rows by a condition, and weights by row, evaluated in the data.

# Row numbers that `subset` keeps; NULL where it is not given.
subset_rows <- function(quo, data, call) {
  if (rlang::quo_is_null(quo)) return(NULL)
  kept <- eval_in_data(quo, data, "subset", call)
  if (is.null(kept)) return(NULL)
  rows_of_condition(kept, source_size(data), "subset", call)
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
  n <- source_size(data)
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
