# Resilience against a base period.

#' @rdname measures
#' @export
measure_base <- function(base = 2008) {
  by_default <- missing(base)
  force(base)
  base_measure(base, by_default)
}

base_measure <- function(base, by_default) {
  force(by_default)
  new_choice(
    "measure", "base", label = "(x - x0) / x0", settings = list(base = base), refuses = "a plain ratio",
    check = function(panel, call) find_base(base, panel, call),
    measure = function(x, panel, at) against_base(x, panel, at$checked, by_default, at$call),
    describe = function(x) {
      c(
        paste0("Method: (x - x0) / x0 with x0 the exports of ", time_labels(x$base)),
        paste0("Base rows dropped: ", x$counts[["base_rows"]], "; NA: ", x$counts[["undefined"]],
               " (missing exports ", x$counts[["missing"]], ", rows of units without a base ",
               x$counts[["no_base"]], ")")
      )
    }
  )
}

# `base` is what find_base() gives: its number among the panel's `when`, and its label.
against_base <- function(x, panel, base, by_default, call) {
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
    value = value, rows = rows, facts = list(base = base$value(in_base)), unusable = pick(panel$units, !usable),
    counts = c(base_rows = sum(in_base), missing = sum(is.na(x[rows])), no_base = sum(is.na(from)))
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
