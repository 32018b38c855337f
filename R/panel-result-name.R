# The name of the column that a result adds to unit and time.

# One string that is not blank.
check_result_name <- function(name, call) {
  one <- is.character(name) && length(name) == 1L && !is.na(name)
  if (one) name <- utf8_names(unname(name), "name", call)
  if (!one || !grepl("[^[:space:]]", name)) {
    found <- if (one) "It is blank." else describe_value(name)
    abort_input("name", "`name` must be one string, the name of the result's column.", found = found, arg = "name",
                call = call)
  }
  name
}

# The name that a result was given; results saved by 0.1.0 have none.
result_name <- function(x, default) if (is.null(x[["name"]])) default else x[["name"]]

# The result's own columns must not be called as unit or time are, nor as a further column that it keeps.
# `name_arg` says whether the user may choose the name, `chosen` whether it was.
refuse_key_names <- function(panel, own, call, kept = NULL, name_arg = TRUE, chosen = FALSE) {
  keys <- c(unit = panel$unit_name, time = panel$time_name, column = kept)
  taken <- keys[keys %in% own]
  if (length(taken) == 0L) return(invisible())
  if (chosen && own[1L] %in% taken) {
    abort_input(
      "ambiguous_column", "`name` must not be the name of the unit or the time.",
      found = paste0("`", own[1L], "` is the ", names(taken)[match(own[1L], taken)], "."), arg = "name",
      columns = own[1L], call = call
    )
  }
  abort_input(
    "ambiguous_column",
    paste0(enumerate(paste0("`", names(keys), "`")), " must not be called ", enumerate(own, "`", last = "or"),
           ", which the result adds."),
    found = paste0(enumerate(unique(taken), "`"), if (length(unique(taken)) == 1L) " is " else " are ",
                   enumerate(paste("the", names(taken))), "."),
    todo = paste0("Rename it", if (name_arg) ", or give the result's column another `name`", "."),
    arg = names(taken)[1L], columns = unname(taken), call = call
  )
}

# merge() and joins go by all common names: a column of the data with the result's name loses every row.
inform_name_taken <- function(own, data, panel, data_arg = "data", name_arg = TRUE) {
  taken <- intersect(own, source_names(data))
  if (length(taken) == 0L) return(invisible())
  keys <- c(panel$unit_name, panel$time_name)
  inform_user(
    "name_taken",
    paste0("`", data_arg, "` already has ", if (length(taken) == 1L) "a column " else "columns ", enumerate(taken, "`"),
           ", and the result adds ", if (length(taken) == 1L) "one of that name." else "ones of these names."),
    paste0("Merge by ", enumerate(keys, "`"), " only, `by = ",
           if (length(keys) == 1L) encode_string(keys) else paste0("c(", toString(encode_string(keys)), ")"), "`",
           if (name_arg) ", or choose another `name`", "."),
    columns = taken
  )
}
