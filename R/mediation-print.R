# A mediation analysis in print.

#' @rdname fe_mediation-methods
#' @export
print.fe_mediation <- function(x, digits = 4, ...) {
  check_digits(digits)
  products <- !identical(x$method, "two_step")
  formula <- paste(deparse(x$formula, width.cutoff = 200L), collapse = " ")
  cat(if (products) "Mediation: " else "Two-step mediation (Jiang 2022): ", formula, "\n", sep = "")
  cat("Treatment ", enumerate(x$treatment), "; ", count_of(nobs.fe_mediation(x), "row"),
      " common to all equations of ", format_counts(x$sample$n_input), "\n", sep = "")
  print_mediation_table(x, digits)
  if (products) print_effects(x, digits)
  print_roles(x$models["total"])
  cat("Standard errors: ", describe_variance(x$variance), "\n", sep = "")
  if (products) print_conventions(x) else say_two_steps()
  invisible(x)
}

say_two_steps <- function() {
  cat(strwrap(paste(
    "Two steps show whether the treatment moves the mediator. They do not show that the mediator moves the",
    "outcome, nor how much of the total effect runs through it."
  ), width = getOption("width")), sep = "\n")
}

print_mediation_table <- function(x, digits) {
  table <- tidy.fe_mediation(x)
  values <- as.matrix(table[c("estimate", "std.error", "statistic", "p.value")])
  dimnames(values) <- list(
    paste0(table$equation, ": ", table$term, " -> ", table$outcome),
    c("Estimate", "Std. Error", "t value", "Pr(>|t|)")
  )
  print_coefficients(values, digits, 6L)
}

print_effects <- function(x, digits) {
  fit <- mediation_fit(x)
  table <- tidy_effects(x, fit, 0.95)
  table <- table[!table$effect %in% c("total", "direct") | table$method == "model", , drop = FALSE]
  several <- length(x$treatment) > 1L
  # a share says something only where the indirect effect and the total have one sign
  percent <- table$effect == "proportion" & !is.na(table$estimate)
  shown <- !percent | table$estimate > 0
  label <- paste0(if (several) paste0(table$treatment, ", "), gsub("_", " ", table$effect),
                  ifelse(is.na(table$mediator), "", paste0(" ", table$mediator)),
                  ifelse(is.na(table$at), "", paste0(" at ", label_values(table$at))))
  number <- function(v, times = 1) ifelse(is.na(v), "", format_each(v * times, digits))
  interval <- ifelse(is.na(table$conf.low), "", paste0("[", number(table$conf.low), ", ", number(table$conf.high), "]"))
  share <- ifelse(percent, paste0(number(table$estimate, 100), " %"), number(table$estimate))
  printed <- data.frame(
    effect = label, method = paste0(table$method, ifelse(is.na(table$note), "", paste0(" (", table$note, ")"))),
    estimate = share, std.error = number(table$std.error), p = number(table$p.value), interval = interval
  )[shown, , drop = FALSE]
  cat("\nEffects, 95 % intervals\n")
  print(printed, row.names = FALSE, right = FALSE)
  if (any(!shown)) cat("The indirect effect and the total differ in sign: there is no share.\n")
  if (!is.null(x$decisions)) {
    cat(paste0("Stepwise (Wen and Ye 2014): ", x$decisions$mediator, ": ", x$decisions$verdict, "\n"), sep = "")
  }
  cat("\n")
}

# Each number by itself, to so many significant digits.
format_each <- function(v, digits) vapply(v, function(one) format(one, digits = digits), "")

print_conventions <- function(x) {
  drawn <- setdiff(names(x$drawn), character())
  cat("Covariance between equations: ", x$covariance, "; ", if (x$reference == "t") "t" else "normal",
      " distribution", "; mediators ", if (x$structure == "serial") "in series" else "in parallel", "\n", sep = "")
  if (length(drawn)) {
    kinds <- c(normal = "Monte Carlo", pairs = "resampled clusters", wild = "wild, by cluster")[drawn]
    made <- vapply(x$drawn, function(d) nrow(d$coefficients), 1L)
    cat("Draws: ", paste0(format_counts(made), " ", kinds, collapse = ", "), "; seed ", format(x$seed, digits = 15),
        if (any(x$failed > 0)) paste0("; ", enumerate(paste(x$failed, "lost", names(x$failed)))), "\n", sep = "")
  }
}

#' @rdname fe_mediation-methods
#' @export
summary.fe_mediation <- function(object, ...) {
  structure(list(mediation = object, models = lapply(object$models, summary, ...)), class = "summary.fe_mediation")
}

#' @rdname fe_mediation-methods
#' @export
print.summary.fe_mediation <- function(x, digits = 4, ...) {
  check_digits(digits)
  for (name in names(x$models)) {
    cat(switch(name, total = "Step 1, total effect", outcome = "Outcome on treatment and mediators",
               paste0("Step 2, mediator ", name)), "\n", sep = "")
    print(x$models[[name]], digits = digits)
    cat("\n")
  }
  object <- x$mediation
  if (identical(object$method, "two_step")) return(invisible(x))
  print_effects(object, digits)
  print_conventions(object)
  cat(strwrap(say_effects(object), width = getOption("width")), sep = "\n")
  invisible(x)
}

# Two sentences: what was found, and what it takes to believe it.
say_effects <- function(object) {
  table <- tidy_effects(object, mediation_fit(object), 0.95)
  whole <- table[table$effect == if (any(table$effect == "total_indirect")) "total_indirect" else "indirect", ]
  whole <- whole[!is.na(whole$p.value), , drop = FALSE]
  first <- whole[1L, ]
  found <- paste0(
    "Of the total effect of ", first$treatment, " on ", object$outcome, ", ", format(first$estimate, digits = 3),
    " runs through ", if (first$mediator == "all") enumerate(object$mediators) else first$mediator, " (p ",
    format(first$p.value, digits = 2), " by ", first$method, ")."
  )
  c(found, paste0(
    "That reads as a mechanism only under an assumption the data cannot test: nothing that is not controlled for ",
    "confounds mediator and outcome, given treatment, controls and effects."
  ))
}
