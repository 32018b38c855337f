# Resilience as trend over cycle of the Hodrick-Prescott filter.

#' @rdname measures
#' @export
measure_hp <- function(lambda = 6.25, transform = "none", scale = 100) {
  call <- rlang::current_env()
  transform <- as_choice(transform, transforms(), "transform", call)
  hp_measure(check_lambda(lambda, call), transform, check_scale(scale, call))
}

hp_measure <- function(lambda, transform, scale) {
  force(scale)
  transformed <- transform$name != "none"
  new_choice(
    "measure", "hp", label = "trend / cycle", refuses = "which has no base year", wide = !transformed,
    columns = c("trend", "cycle"),
    settings = list(lambda = lambda, transform = transform$name, scale = if (transformed) scale),
    measure = function(x, panel, at) trend_over_cycle(x, at$export, panel, lambda, transform, scale, at$call),
    describe = function(x) {
      c(
        paste0("Method: ", transform$label, " of log exports, Hodrick-Prescott filter by unit, lambda ",
               label_values(lambda), if (transformed) paste0(", scale ", label_values(scale))),
        paste0("Ratios: ", x$counts[["negative"]], " negative, ", x$counts[["near_zero"]], " with a cycle below ",
               label_values(near_zero), ", ", x$counts[["zero_cycle"]], " with cycle 0; NA: ", x$counts[["undefined"]])
      )
    }
  )
}

# What becomes of the ratio: of(ratio, scale); not finite where it is undefined.
transforms <- function() {
  make <- function(name, label, of) function() new_choice("transform", name, label, of = of)
  list(
    none = make("none", "trend / cycle", function(ratio, scale) ratio),
    log_abs = make("log_abs", "log(scale * |trend / cycle|)", function(ratio, scale) log(scale * abs(ratio))),
    log_positive = make("log_positive", "log(scale * trend / cycle), where positive", function(ratio, scale) {
      log(scale * replace(ratio, !is.na(ratio) & ratio <= 0, NA))
    }),
    signed_log = make("signed_log", "sign * log(1 + scale * |trend / cycle|)", function(ratio, scale) {
      sign(ratio) * log1p(scale * abs(ratio))
    }),
    asinh = make("asinh", "asinh(scale * trend / cycle)", function(ratio, scale) asinh(scale * ratio))
  )
}

# Exports this near to their trend (in logs) make ratios of a thousand and more.
near_zero <- 1e-3

trend_over_cycle <- function(x, export, panel, lambda, transform, scale, call) {
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
  value <- transform$of(ratio, scale)
  value[!is.finite(value)] <- NA
  counts <- c(
    negative = sum(ratio < 0, na.rm = TRUE), near_zero = sum(abs(parts$cycle) < near_zero), zero_cycle = sum(zero)
  )
  units <- pick(panel$units, unique(sort(panel$code[zero])) + 1L)
  warn_zero_cycle(counts, units)
  inform_undefined(sum(is.na(value)) - sum(zero), panel$n_rows, transform$name)
  list(value = value, columns = parts[c("trend", "cycle")], unusable = units, counts = counts)
}

# By row, how large a cycle rounding alone can make of a straight line through the unit's log exports.
cycle_rounding <- function(y, panel, lambda) {
  o <- panel$order
  last <- cumsum(tabulate(panel$code + 1L, panel$n_units))
  # Sorted by unit, then size: the last of each unit is its largest.
  largest <- abs(y)[order(panel$code, abs(y))][last]
  8 * .Machine$double.eps * (1 + sqrt(lambda)) * largest[panel$code + 1L]
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

inform_undefined <- function(lost, n, transform) {
  if (lost <= 0L) return(invisible())
  inform_user(
    "undefined",
    paste0("`transform = \"", transform, "\"` is undefined (NA) in ", count_of(lost, "row"), " of ",
           format_counts(n), ", where the ratio is 0 or below."),
    count = lost
  )
}

check_scale <- function(scale, call) {
  scale <- check_number(scale, "scale", call = call)
  if (scale <= 0) {
    abort_input("number", "`scale` must be above 0.", found = describe_value(scale), arg = "scale",
                call = call)
  }
  scale
}
