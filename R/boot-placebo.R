# placebo_test(): would the series of another unit have done as well?

#' Placebo test: series swapped between units
#'
#' The series of one regressor are dealt out anew, whole, between the units; the model is fitted again each time. How
#' often
#' is the coefficient as large as with the units' own series?
#'
#' @param model A [fe_model()].
#' @param term Name of the coefficient.
#' @param unit The column of the units, bare, as a string or as an expression that gives one. Each needs the same
#'   periods.
#' @param R Number of draws, default 999. Where the units have no more orders, all are taken once.
#' @param seed As in [wild_bootstrap()].
#' @details Times are those of the model's lags or guessed from its effects (see [panel_time]). The p value is
#'   two-sided:
#' (1 + draws with \eqn{|b^*| \ge |b|(1 - 10^{-10})})/(R + 1), or the share over all orders, the sample's among them.
#' Draws
#' in which the coefficient is not identified do not count.
#' @return An object of class `placebo_test`, a list with `estimate`, `p.value`, `draws` (numeric, `NA` where not
#'   identified), `R` (draws made), `enumerated`, `seed` (`NA` where nothing was drawn), `term`, `unit`. `tidy()`: a
#'   data
#'   frame of one row with term, estimate, p.value. `ggplot2::autoplot()` shows the density of the draws and the
#'   estimate.
#' @section Errors: `flowresil_error_term`, `flowresil_error_gap` (a unit without a period of another),
#'   `flowresil_error_duplicate_rows`, `flowresil_error_missing_argument`, `flowresil_error_number`,
#'   `flowresil_error_seed`, `flowresil_error_type`.
#' @export
#' @examples
#' m <- fe_model(ExpRes ~ open + gov | province + year, province_panel)
#' placebo_test(m, "open", unit = province, R = 99, seed = 1)
placebo_test <- function(model, term, unit, R = 999, seed = NULL) {
  here <- environment()
  check_model(model, "model", here)
  if (missing(term) || !is.character(term) || length(term) != 1L || !isTRUE(term %in% names(model$slopes))) {
    abort_input("term", "`term` must name one slope of the model.",
                found = if (missing(term)) "It is missing." else describe_value(term),
                todo = paste0("They are ", enumerate(names(model$slopes), "`", 10L), "."), arg = "term", call = here)
  }
  if (missing(unit)) {
    abort_input("missing_argument", "`unit` must be given.", todo = "It names the units whose series are swapped.",
                arg = "unit", call = here)
  }
  unit <- resolve_columns(rlang::enquo(unit), model$data, "unit", single = TRUE, call = here)
  R <- check_number(R, "R", 1, 1e9, TRUE, here)
  table <- series_by_unit(model, unit, here)
  n <- ncol(table)
  enumerated <- n <= 12L && factorial(n) <= R
  seed <- if (enumerated) NA_real_ else read_seed(seed, here)
  orders <- if (enumerated) all_orders(n) else NULL
  n_draws <- if (enumerated) nrow(orders) else R
  design <- fitted_design(model, here)
  at <- kept_columns(model)[match(term, names(model$slopes))]
  design <- design_of_columns(design, c(kept_columns(model), outcome_place(model)))
  place <- match(term, names(model$slopes))
  values <- model$design$columns[[at]]
  draws <- vapply(seq_len(n_draws), function(r) {
    order <- if (enumerated) orders[r, ] else drawn_order(n, seed, r)
    design$columns[[place]] <- values[table[cbind(attr(table, "when"), order[attr(table, "code")])]]
    fit <- core(cpp_fit_equation, design, vapply(design$columns, mean, 1), model$options, rank_tolerance, call = here)
    if (any(fit$fate != 0L)) NA_real_ else fit$coefficients[place]
  }, 1)
  own <- model$slopes[[term]]
  structure(list(estimate = own, p.value = placebo_p_value(matrix(draws, 1L), own, enumerated), draws = draws,
                 R = n_draws, enumerated = enumerated, seed = seed, term = term, unit = unit), class = "placebo_test")
}

# Shares of draws at least as large, one a row: the sample is one of them, by itself or beside those drawn.
placebo_p_value <- function(draws, own, enumerated) {
  beyond <- rowSums(is_beyond(draws, own), na.rm = TRUE)
  valid <- rowSums(!is.na(draws))
  unname(if (enumerated) beyond / valid else (1 + beyond) / (1 + valid))
}

# 1 .. n in an order that hangs on seed and replicate alone.
drawn_order <- function(n, seed, replicate) order(core(cpp_uniform_draws, seed, replicate, n))

# All orders of 1 .. n, one a row, the first increasing.
all_orders <- function(n) {
  if (n == 1L) return(matrix(1L))
  shorter <- all_orders(n - 1L)
  do.call(rbind, lapply(seq_len(n), function(first) cbind(first, matrix(seq_len(n)[-first][shorter], nrow(shorter)))))
}

# Rows by period and unit, which must all be there; with each row's period and unit.
series_by_unit <- function(model, unit, call) {
  place <- place_of_rows(model, unit, NULL, call)
  codes <- groups_of_rows(model, unit, call)
  table <- matrix(NA_integer_, length(place$values), codes$n)
  if (stands_twice(place)) place$refuse()
  table[cbind(place$period, codes$code) + 1L] <- seq_along(place$period)
  lacking <- which(colSums(is.na(table)) > 0)
  if (length(lacking)) {
    abort_input(
      "gap", "Every unit must have every period of the others.",
      found = paste0(enumerate(as.character(label_values(pick(codes$values, lacking)))),
                     if (length(lacking) == 1L) " lacks some." else " lack some."),
      todo = "Leave these units or periods out by `subset`.", arg = "unit", call = call,
      units = as.character(label_values(pick(codes$values, lacking)))
    )
  }
  structure(table, when = place$period + 1L, code = codes$code + 1L)
}

# Some columns of a design, the outcome last.
design_of_columns <- function(design, columns) {
  design$columns <- design$columns[columns]
  design$roles <- formula_roles(length(columns))
  design$outcome <- length(columns)
  design
}

#' @rdname placebo_test
#' @param x,object What `placebo_test()` gives.
#' @param ... Not used.
#' @export
tidy.placebo_test <- function(x, ...) data.frame(term = x$term, estimate = x$estimate, p.value = x$p.value)

#' @rdname placebo_test
#' @param digits Significant digits to print.
#' @export
print.placebo_test <- function(x, digits = 4, ...) {
  digits <- check_digits(digits, environment())
  lost <- sum(is.na(x$draws))
  cat("Placebo test of ", x$term, ": series swapped between units by ", x$unit, ", ",
      if (x$enumerated) paste0("all ", format_counts(x$R), " orders") else
        paste0(format_counts(x$R), " draws, seed ", format(x$seed, digits = 15)),
      if (lost > 0) paste0(", ", count_of(lost, "draw"), " not identified"), "\n", sep = "")
  cat("Estimate ", format(x$estimate, digits = digits), ", p ", format(x$p.value, digits = digits), "\n", sep = "")
  invisible(x)
}
