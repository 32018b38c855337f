# Lags, leads and differences by unit and time, and the rows that they look at.

# Rows that lags look at -------------------------------------------------------------------------

# The panel by which lags go. Rows without unit or time stand in no place that a lag could look at: they are
# `unknown`, hold a stand-in, and are refused only where they are used.
read_lag_panel <- function(data, unit_name, time_name, call) {
  keys <- list(source_column(data, unit_name), source_column(data, time_name))
  names(keys) <- c(unit_name, time_name)
  lacking <- if (all(vapply(keys, names_groups, logical(1)))) lapply(keys, function(key) which(is_missing(key)))
  unknown <- sort(unique(unlist(lacking)))
  if (length(unknown) == 0L || length(unknown) == length(keys[[1L]])) {
    return(code_panel(data, unit_name, time_name, unique = FALSE, call = call, text = TRUE))
  }
  known <- seq_along(keys[[1L]])[-unknown][1L]
  keys <- lapply(keys, function(key) {
    key[unknown] <- key[known]
    key
  })
  panel <- code_panel(keys, unit_name, time_name, unique = FALSE, call = call, text = TRUE)
  panel$unknown <- unknown
  panel$lacking <- lacking
  panel$order <- panel$order[!panel$order %in% unknown]
  panel
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

# x of `k` units of time before, by unit; NA where that time is not there, and where the place of the row itself is
# not known. Row order does not matter.
shift_periods <- function(panel, x, k) {
  x[core(cpp_match_periods, panel$code, panel$when, panel$order, as.double(k))]
}
