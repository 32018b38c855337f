# Columns of a table of indicators: those that are read, those that are known, and the rest.

# Read, or carrying a meaning that a misspelt name would lose.
indicator_columns <- c("indicator", "group", "direction", "label", "weight")

# Of the shipped table and nothing to the index.
described_columns <- c("label", "official", "first_year", "last_year", "years", "unit")

# The table of indicators with its columns checked and their names in UTF-8.
check_indicator_table <- function(table, call) {
  columns <- utf8_names(names(table), "indicators", call, "The column names of `indicators`")
  refuse_unknown_columns(columns, call)
  if (!"indicator" %in% columns || source_size(table) == 0L) {
    abort_input(
      "missing_column", "A table of indicators must have a column `indicator` and at least one row.",
      found = paste0("It has the columns ", enumerate(columns, "`"), " and ",
                     count_of(source_size(table), "row"), "."),
      arg = "indicators", call = call
    )
  }
  twice <- intersect(c("indicator", "group", "direction", "label"), columns[duplicated(columns)])
  if (length(twice)) {
    abort_input(
      "ambiguous_column", "Each column of a table of indicators must stand in it once.",
      found = paste0(enumerate(twice, "`"), if (length(twice) == 1L) " stands" else " stand", " more than once."),
      arg = "indicators", columns = twice, call = call
    )
  }
  inform_unused_columns(columns)
}

# Stops at a column that is a known one by another name: it would be passed over, and every direction be +1.
# Where the known one stands in the table too, nothing is misread.
refuse_unknown_columns <- function(columns, call) {
  rest <- setdiff(columns, c(indicator_columns, described_columns))
  meant <- vapply(rest, function(name) near_column(name, columns), "")
  odd <- rest[nzchar(meant)]
  coinr <- !"indicator" %in% columns && "icode" %in% tolower(columns)
  if (length(odd) == 0L && !coinr) return(invisible())
  if (length(odd) == 0L) odd <- columns[tolower(columns) == "icode"]
  todo <- if (coinr) {
    paste("Of a table as COINr has it (iMeta), take the rows of Type \"Indicator\" and rename iCode to",
          "`indicator`, Direction to `direction` and Parent to `group`; weights are given by `weights =`.")
  } else {
    paste0("Did you mean ", enumerate(meant[nzchar(meant)], "`"), "? Rename or drop ",
           if (length(odd) == 1L) "it." else "them.")
  }
  abort_input(
    "unknown_column",
    "A table of indicators must spell its columns as they are known: `indicator`, `group`, `direction`.",
    found = paste0(enumerate(odd, "`"), if (length(odd) == 1L) " is not known." else " are not known."),
    todo = todo, arg = "indicators", columns = odd, call = call
  )
}

# The known column that `name` differs from by case or blanks around it, or, where that carries a meaning, by
# one letter (`years` is no misspelt `year`); "" if none.
near_column <- function(name, columns) {
  name <- enc2utf8(name)
  if (!validUTF8(name)) return("")
  name <- tolower(trimws(name))
  same <- match(name, setdiff(c(indicator_columns, described_columns), columns))
  if (!is.na(same)) return(setdiff(c(indicator_columns, described_columns), columns)[same])
  known <- setdiff(indicator_columns, columns)
  if (length(known) == 0L) return("")
  edits <- count_edits(name, known)
  if (min(edits) <= 1) known[which.min(edits)] else ""
}

inform_unused_columns <- function(columns) {
  # The shipped table carries the published weights beside what it describes.
  shipped <- all(described_columns %in% columns)
  unused <- setdiff(columns, c("indicator", "group", "direction", described_columns, if (shipped) "weight"))
  if (length(unused) == 0L) return(invisible())
  inform_user(
    "unused_columns",
    paste0("The table of indicators has ", if (length(unused) == 1L) "a column that is" else "columns that are",
           " not used: ", enumerate(unused, "`", 20L), "."),
    if ("weight" %in% unused) "Weights are given by `weights =`, a numeric vector named by indicator.",
    columns = unused
  )
}
