# The indicators of an index: which columns, named in which of three forms, and their numbers.

# --- reading ---------------------------------------------------------------------------------------------

# indicator, group and direction of each indicator, from any of the three forms of the argument.
read_indicators <- function(quo, data, call) {
  if (rlang::quo_is_missing(quo)) {
    abort_input("missing_argument", "`indicators` must be given.", arg = "indicators", call = call)
  }
  given <- eval_columns(quo, data, "`indicators` must name columns of `data`.", "indicators", call)
  if (is.function(given) || is.environment(given)) {
    refuse_no_names(given, source_names(data), "indicators", FALSE, call, rlang::quo_get_expr(quo))
  }
  table <- indicator_table(given, source_names(data), call)
  check_column_names(table$indicator, data, "indicators", call = call)
  labels <- if (is.null(table$label)) variable_labels(data, table$indicator)
  if (length(labels)) table$label <- show_labels(table$indicator, labels)
  table
}

indicator_table <- function(given, columns, call) {
  group <- direction <- label <- NULL
  if (is.data.frame(given)) {
    given <- own_data(given)
    check_indicator_table(given, call)
    names <- as.character(given[["indicator"]])
    direction <- given[["direction"]]
    group <- given[["group"]]
    label <- given[["label"]]
  } else if (is.numeric(given) && !is.null(names(given)) || is.character(given) && names_directions(given, columns)) {
    names <- names(given)
    direction <- unname(given)
  } else if (is.character(given)) {
    refuse_bare_directions(given, columns, call)
    names <- unname(given)
  } else {
    abort_input(
      "type", paste("`indicators` must be a character vector, a vector of +1 and -1 named by column,",
                    "or a table with a column `indicator`."),
      found = paste0("It is ", describe_type(given), if (is.numeric(given)) " without names", "."),
      arg = "indicators", call = call
    )
  }
  group <- if (is.null(group)) rep(NA_character_, length(names)) else
    utf8_names(as.character(group), "indicators", call, "The groups of `indicators`")
  if (anyNA(names) || any(!nzchar(names))) {
    abort_input("missing_column", "Every indicator must have a name.",
                found = paste0("There is none at ", enumerate(which(is.na(names) | !nzchar(names))), "."),
                arg = "indicators", call = call)
  }
  if (anyDuplicated(names)) {
    twice <- unique(names[duplicated(names)])
    abort_input("repeated_indicator", "Each indicator must be named once.",
                found = paste0(enumerate(twice, "`"), if (length(twice) == 1L) " is" else " are",
                               " named more than once."),
                arg = "indicators", columns = twice, call = call)
  }
  names <- utf8_names(names, "indicators", call)
  direction <- read_directions(direction, names, call)
  table <- data.frame(indicator = names, group = group, direction = direction)
  if (!is.null(label)) table$label <- utf8_names(as.character(label), "indicators", call, "The labels of `indicators`")
  table
}

# The indicators' columns as a matrix of doubles, one row a row of `data`; `finite`: missing and infinite cells stop.
read_indicator_columns <- function(data, names, call, finite = TRUE) {
  columns <- lapply(names, function(name) numeric_column(data, name, "indicators", call))
  x <- matrix(unlist(columns, use.names = FALSE), ncol = length(names), dimnames = list(NULL, names))
  if (finite) refuse_unfinished(x, "indicators", call)
  x
}

# Stops where the unit or the time stands among the indicators.
refuse_key_indicators <- function(panel, indicators, call) {
  keys <- c(unit = panel$unit_name, time = panel$time_name)
  taken <- keys[keys %in% indicators]
  if (length(taken) == 0L) return(invisible())
  abort_input(
    "ambiguous_column", "An indicator must not be the unit or the time.",
    found = paste0(enumerate(taken, "`"), if (length(taken) == 1L) " is " else " are ",
                   enumerate(paste("the", names(taken))), "."),
    todo = paste0("Leave ", if (length(taken) == 1L) "it" else "them", " out of `indicators`."),
    arg = "indicators", columns = unname(taken), call = call
  )
}

read_directions <- function(direction, names, call) {
  if (is.null(direction)) return(rep(1, length(names)))
  if (!holds_directions(direction)) refuse_direction_type(direction, "indicators", call)
  parsed <- parse_directions(direction)
  refuse_direction(direction, parsed, names, "indicators", call)
  unname(parsed)
}

# A matrix of finite doubles with column names, from a matrix or data frame.
indicator_matrix <- function(x, call) {
  if (is.data.frame(x)) {
    check_data(x, "x", call)
    if (length(names(x)) == 0L) abort_no_columns(call)
    check_unambiguous(names(x), x, "x", call)
    names <- utf8_names(names(x), "x", call)
    columns <- lapply(names, function(name) numeric_column(x, name, "x", call))
    x <- matrix(unlist(columns, use.names = FALSE), ncol = length(names), dimnames = list(NULL, names))
  } else {
    if (is.numeric(x) && !is.object(x) && is.null(dim(x))) x <- matrix(x, ncol = 1L)
    if (!is.matrix(x) || !is.numeric(x)) {
      abort_input("type", "`x` must be a numeric matrix or a data frame of numeric columns.",
                  found = paste0("It is ", describe_type(x), "."), arg = "x", call = call)
    }
    if (nrow(x) == 0L) {
      abort_input("empty", "`x` must have at least one row.", found = "It has 0 rows.", arg = "x",
                  call = call)
    }
    if (ncol(x) == 0L) abort_no_columns(call)
    if (is.integer(x)) storage.mode(x) <- "double"
    if (!is.null(colnames(x))) colnames(x) <- utf8_names(colnames(x), "x", call)
    if (is.null(colnames(x))) dimnames(x) <- list(NULL, paste0("V", seq_len(ncol(x))))
    if (anyDuplicated(colnames(x))) {
      twice <- unique(colnames(x)[duplicated(colnames(x))])
      abort_input("ambiguous_column", "Each column of `x` must have a name of its own.",
                  found = paste0(enumerate(twice, "`"), " stands more than once."), arg = "x",
                  columns = twice, call = call)
    }
  }
  refuse_unfinished(x, "x", call)
  x
}

abort_no_columns <- function(call) {
  abort_input("missing_column", "`x` must have at least one column.", found = "It has 0 columns.", arg = "x",
              call = call)
}

# Stops at missing cells (counted by indicator, with the way out) and at infinite ones.
refuse_unfinished <- function(x, arg, call) {
  if (all_finite(x)) return(invisible())
  missing <- colSums(is.na(x))
  if (any(missing > 0)) {
    holed <- names(missing)[missing > 0]
    counts <- paste0("`", holed, "` (", format_counts(missing[missing > 0]), ")")
    abort_input(
      "missing_value", "The indicators must not have missing cells.",
      found = paste0("Missing cells: ", enumerate(counts), ", ",
                     count_of(sum(missing), "cell"), " of ", format_counts(length(x)), "."),
      todo = paste("Fill them inside each unit with `interpolate_panel()`, or leave out rows or indicators;",
                   "nothing is imputed silently."),
      arg = arg, columns = holed, counts = missing[missing > 0], call = call
    )
  }
  bad <- colnames(x)[colSums(is.infinite(x)) > 0]
  rows <- which(is.infinite(x[, bad[1L]]))
  abort_input(
    "infinite", "The indicators must not hold infinite values.",
    found = paste0("`", bad[1L], "` is infinite in ", name_rows(rows), if (length(bad) > 1L)
      paste0("; so are cells of ", enumerate(bad[-1L], "`")), "."),
    arg = arg, columns = bad, rows = rows, call = call
  )
}
