# A model in print.

#' @rdname fe_model-methods
#' @export
print.fe_model <- function(x, digits = 4, ...) {
  check_digits(digits)
  print_fe_header(x)
  table <- coefficient_table(x, requested_variance(x))
  warn_perfect_fit(x)
  print_coefficients(table, digits, 6L)
  cat("Standard errors: ", describe_variance(x$variance), "\n", sep = "")
  fit <- r_squared(x)
  cat("R2 ", format_number(fit$r.squared), ", within R2 ", format_number(fit$within.r.squared), "\n", sep = "")
  invisible(x)
}

lost_rows_words <- c(subset = "outside the subset", missing = "with missing values")

print_fe_header <- function(x) {
  cat("Fixed-effects model: ", paste(deparse(x$formula, width.cutoff = 200L), collapse = " "), "\n", sep = "")
  lost <- x$sample$dropped
  cat(
    count_of(x$nobs, "row"), " used of ", format_counts(x$sample$n_input),
    if (length(lost)) {
      paste0(" (", paste0(format_counts(lost), " ", lost_rows_words[names(lost)], collapse = ", "), ")")
    },
    "; effects: ", describe_effects(x), "\n", sep = ""
  )
  if (!is.null(x$engine)) cat("Table: ", describe_scans(x$engine), "\n", sep = "")
  if (x$blueprint$spec$has_lags) cat("Roles: ", describe_roles(x$blueprint$panel), "\n", sep = "")
  if (length(x$effects$doubled)) cat(paste0(describe_doubled(x$effects$doubled), "\n"), sep = "")
  if (nrow(x$dropped)) {
    cat("Dropped: ", paste0(x$dropped$term, " (", x$dropped$detail, ")", collapse = "; "), "\n", sep = "")
  }
}

# "SQLite 3.40.0, 3 scans in pieces".
describe_scans <- function(engine) {
  paste0(engine$name, if (!is.na(engine$version)) paste0(" ", engine$version), ", ", count_of(engine$scans, "scan"),
         " in ", engine$route)
}

describe_effects <- function(x) {
  n <- x$effects$n_levels
  if (length(n) == 0L) return(if (x$intercept) "none" else "none, no intercept")
  how <- switch(x$solver$method,
    iterative = paste0("iterative, ", format_counts(x$solver$iterations), " steps, ",
                       if (x$solver$converged) "converged" else "NOT converged"),
    "exact"
  )
  paste0(count_by_name(n), ", ", how)
}

# "a (3), b (12)".
count_by_name <- function(n) paste0(names(n), " (", format_counts(n), ")", collapse = ", ")

# Prints a table of coefficients, the first `most` of its rows, with stars and their legend.
print_coefficients <- function(table, digits, most) {
  if (nrow(table) == 0L) {
    cat("No coefficients\n")
    return(invisible())
  }
  shown <- utils::head(table, most)
  stats::printCoefmat(shown, digits = digits, signif.stars = FALSE, P.values = TRUE, has.Pvalue = TRUE)
  if (nrow(table) > most) cat("... and ", nrow(table) - most, " more: see summary()\n", sep = "")
}

#' @rdname fe_model-methods
#' @export
summary.fe_model <- function(object, vcov = NULL, correction = NULL, df = NULL, ...) {
  here <- environment()
  check_dots(..., call = here)
  estimate <- requested_variance(object, vcov, correction, here, df)
  warn_perfect_fit(object)
  structure(
    list(
      model = object, coefficients = coefficient_table(object, estimate), vcov = estimate$vcov,
      variance = estimate$variance, fit = r_squared(object), sigma = stats::sigma(object),
      wald = joint_test(object, estimate)
    ),
    class = "summary.fe_model"
  )
}

# Residuals that are rounding alone make errors that mean nothing: a few units in the last place of the outcome, as
# summary.lm() has it. The fit's own sums tell, without another look at the data.
warn_perfect_fit <- function(object) {
  size <- object$total_squares + object$nobs * object$means[[outcome_place(object)]]^2
  if (object$residual_squares > (8 * .Machine$double.eps)^2 * size) return(invisible())
  warn_data("perfect_fit", paste0("The fit of `", object$outcome, "` is essentially perfect."),
            found = "Its residuals are rounding: standard errors and tests mean nothing.")
}

#' @rdname fe_model-methods
#' @export
print.summary.fe_model <- function(x, digits = 4, ...) {
  check_digits(digits)
  print_fe_header(x$model)
  cat("\n")
  print_coefficients(x$coefficients, digits, Inf)
  cat("\nStandard errors: ", describe_variance(x$variance), "\n", sep = "")
  cat("Residual standard error ", format(x$sigma, digits = digits), " on ",
      format_degrees(x$model$df.residual), " degrees of freedom\n", sep = "")
  cat("R2 ", format_number(x$fit$r.squared), " (adjusted ", format_number(x$fit$adj.r.squared), "), within R2 ",
      format_number(x$fit$within.r.squared), " (adjusted ", format_number(x$fit$adj.within.r.squared), ")\n", sep = "")
  cat("F of all slopes ", format(x$wald$statistic, digits = digits), " on ", format_degrees(x$wald$df), " and ",
      format_degrees(joint_degrees(x$variance)), " degrees of freedom, p ",
      format.pval(x$wald$p.value, digits = 3), "\n", sep = "")
  missing <- x$model$sample$missing
  if (length(missing)) cat("Missing: ", count_by_name(missing), "\n", sep = "")
  singles <- lengths(x$model$effects$singletons)
  if (any(singles > 0L)) {
    cat("Levels with one row: ", count_by_name(singles[singles > 0L]), "\n", sep = "")
  }
  invisible(x)
}
