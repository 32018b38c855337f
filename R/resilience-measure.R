# How resilience is measured.

# --- base ------------------------------------------------------------------------------------------------

# `base` is what find_base() gives: its number among the panel's `when`, and its label.
resilience_base <- function(x, panel, base, by_default, call) {
  in_base <- panel$when == base$when
  if (!any(in_base)) {
    abort_input(
      "base_absent", "`base` must be a period of the data.",
      found = paste0("No row has ", base$label, " in `", panel$time_name, "`; the periods go from ",
                     describe_span(pick(panel$time, panel_ends(panel))), "."),
      todo = c(
        if (by_default) paste0(base$label, " is the default; give the base by `base`."),
        say_step(panel$time_name, panel$step)
      ),
      arg = "base", call = call
    )
  }
  if (all(in_base)) {
    abort_input("empty", "`data` must have rows beside those of the base year.",
                found = paste0("All ", count_of(panel$n_rows, "row"), " have ", base$label, "."),
                arg = "data", call = call)
  }
  start <- rep(NA_real_, panel$n_units)
  start[panel$code[in_base] + 1L] <- x[in_base]
  usable <- !is.na(start) & start > 0
  warn_base(start, usable, panel, in_base, base$label)
  start[!usable] <- NA
  if (by_default) {
    inform_user("default_base", paste0("The base ", base_noun(panel$step), " is ", base$label,
                                       ", the default: `base` was not given."))
  }
  rows <- which(!in_base)
  from <- start[panel$code[rows] + 1L]
  value <- (x[rows] - from) / from
  # Tiny bases make ratios beyond the largest double.
  value[is.nan(value) | is.infinite(value)] <- NA
  inform_user(
    "base_rows",
    paste0("Dropped ", count_of(sum(in_base), "row"), " of the base ", base_noun(panel$step), " ", base$label,
           ", whose resilience is 0 by construction."),
    rows = which(in_base)
  )
  list(
    resilience = value, rows = rows, base = base$value(in_base), lambda = NA_real_, transform = NA_character_,
    scale = NA_real_, unusable = pick(panel$units, !usable),
    counts = c(rows = length(rows), undefined = sum(is.na(value)), base_rows = sum(in_base),
               missing = sum(is.na(x[rows])), no_base = sum(is.na(from)))
  )
}

warn_base <- function(start, usable, panel, in_base, label) {
  if (all(usable)) return(invisible())
  present <- logical(panel$n_units)
  present[panel$code[in_base] + 1L] <- TRUE
  why <- list(
    "no row" = !present, "missing" = present & is.na(start), "zero" = !is.na(start) & start == 0,
    "negative" = !is.na(start) & start < 0
  )
  why <- why[vapply(why, any, logical(1))]
  warn_data(
    "base",
    paste0("Resilience is NA for ", count_of(sum(!usable), "unit"), " without a positive export in ",
           label, "."),
    found = vapply(names(why), function(reason) {
      paste0(toupper(substring(reason, 1L, 1L)), substring(reason, 2L), ": ",
             name_units(panel, which(why[[reason]]) - 1L), ".")
    }, "", USE.NAMES = FALSE),
    arg = "base", units = pick(panel$units, !usable)
  )
}

# --- hp --------------------------------------------------------------------------------------------------

resilience_hp <- function(x, export, panel, lambda, transform, scale, call) {
  refuse_holes(x, export, "export", panel, call)
  low <- which(x <= 0)
  if (length(low)) {
    abort_input(
      "non_positive",
      paste0("Column `", export, "` must be above 0 for `method = \"hp\"`: logs are filtered."),
      found = paste0("It is 0 or less in ", name_rows(low), ", of ",
                     name_units(panel, unique(panel$code[low])), "."),
      arg = "export", columns = export, rows = low, call = call
    )
  }
  y <- log(x)
  parts <- filter_units(y, panel, lambda, call)
  zero <- abs(parts$cycle) <= cycle_rounding(y, panel, lambda)
  ratio <- parts$trend / parts$cycle
  ratio[zero] <- NA
  value <- transform_ratio(ratio, transform, scale)
  counts <- c(
    rows = panel$n_rows, undefined = sum(is.na(value)), negative = sum(ratio < 0, na.rm = TRUE),
    near_zero = sum(abs(parts$cycle) < near_zero), zero_cycle = sum(zero)
  )
  units <- pick(panel$units, unique(sort(panel$code[zero])) + 1L)
  warn_zero_cycle(counts, units)
  inform_undefined(counts, transform)
  list(
    resilience = value, trend = parts$trend, cycle = parts$cycle, rows = seq_len(panel$n_rows),
    base = NA_real_, lambda = lambda, transform = transform,
    scale = if (transform == "none") NA_real_ else scale, unusable = units, counts = counts
  )
}

# By row, how large a cycle rounding alone can make of a straight line through the unit's log exports.
cycle_rounding <- function(y, panel, lambda) {
  o <- panel$order
  last <- cumsum(tabulate(panel$code + 1L, panel$n_units))
  # Sorted by unit, then size: the last of each unit is its largest.
  largest <- abs(y)[order(panel$code, abs(y))][last]
  8 * .Machine$double.eps * (1 + sqrt(lambda)) * largest[panel$code + 1L]
}

transform_ratio <- function(ratio, transform, scale) {
  value <- switch(transform,
    none = ratio,
    log_abs = log(scale * abs(ratio)),
    log_positive = log(scale * replace(ratio, !is.na(ratio) & ratio <= 0, NA)),
    signed_log = sign(ratio) * log1p(scale * abs(ratio)),
    asinh = asinh(scale * ratio)
  )
  value[!is.finite(value)] <- NA
  value
}

warn_zero_cycle <- function(counts, units) {
  if (counts[["zero_cycle"]] == 0L) return(invisible())
  warn_data(
    "zero_cycle",
    paste0("The ratio trend / cycle is NA in ", count_of(counts[["zero_cycle"]], "row"),
           " where the cycle is 0."),
    found = paste0("In ", if (length(units) == 1L) "unit " else "units ", enumerate(units), "."),
    todo = "A unit of one or two periods, a constant, steady growth and `lambda = 0` have no cycle.",
    arg = "export", units = units
  )
}

inform_undefined <- function(counts, transform) {
  lost <- counts[["undefined"]] - counts[["zero_cycle"]]
  if (lost <= 0L) return(invisible())
  inform_user(
    "undefined",
    paste0("`transform = \"", transform, "\"` is undefined (NA) in ", count_of(lost, "row"), " of ",
           format_counts(counts[["rows"]]), ", where the ratio is 0 or below."),
    count = lost
  )
}

transforms <- c("none", "log_abs", "log_positive", "signed_log", "asinh")

# Exports this near to their trend (in logs) make ratios of a thousand and more.
near_zero <- 1e-3

check_scale <- function(scale, call) {
  scale <- check_number(scale, "scale", call = call)
  if (scale <= 0) {
    abort_input("number", "`scale` must be above 0.", found = describe_value(scale), arg = "scale",
                call = call)
  }
  scale
}
