# fe_table(): models side by side in the house style.

#' Table of models side by side
#'
#' The regression table of the applied literature: coefficients with stars, standard errors in parentheses
#' below, the constant, N, R2, "Control Variables Yes", "FE Yes", and a note that names the variance and the
#' stars (* 10 %, ** 5 %, *** 1 %).
#'
#' Numbers below one in size get three significant digits, others four, as Stata's outreg2 prints them. R2 is
#' the overall one. In the console it prints as plain text; in a knitr document as [knitr::kable()]. Any
#' function that reads `tidy()` and `glance()` (modelsummary) makes other formats from the models themselves.
#'
#' @param ... Models: [fe_model()], [fe_compare()] or [fe_mediation()] objects, or lists of models; names
#'   become column labels, else columns are numbered.
#' @param show Terms to show as rows, in this order (`NULL`: all); the others are said as
#'   "Control Variables Yes".
#' @param vcov,correction Another variance for all models, as in [vcov.fe_model()]; `NULL` for their own.
#' @param labels Named character vector: labels for terms.
#' @return An object of class `fe_table`: list with `body` (a character data frame, one column a model), `header`
#'   (outcomes), `note`. `as.data.frame()` gives `body`.
#' @section Errors: `flowresil_error_type` where an argument is no model; `flowresil_error_term` where `show`
#'   names a term of no model.
#' @export
#' @examples
#' m1 <- fe_model(ExpRes ~ open | province + year, province_panel)
#' m2 <- fe_model(ExpRes ~ open + gov + edu | province + year, province_panel)
#' fe_table(m1, m2, show = "open")
fe_table <- function(..., show = NULL, vcov = NULL, correction = NULL, labels = NULL) {
  here <- environment()
  models <- collect_models(list(...), here)
  estimates <- lapply(models, requested_variance, vcov = vcov, correction = correction, call = here)
  tables <- Map(coefficient_table, models, estimates)
  all_terms <- setdiff(unique(unlist(lapply(tables, rownames))), "(Intercept)")
  dropped <- unlist(lapply(models, function(model) model$dropped$term))
  unknown <- setdiff(show, c(all_terms, dropped))
  if (length(unknown)) {
    abort_input("term", "`show` must name terms of the models.",
                found = paste0(enumerate(unknown, "`"), if (length(unknown) == 1L) " stands" else " stand",
                               " in none."),
                todo = paste0("The terms are ", enumerate(all_terms, "`", 10L), "."), arg = "show", call = here)
  }
  terms <- if (is.null(show)) all_terms else intersect(show, all_terms)
  rows <- c(
    lapply(terms, coefficient_rows, tables = tables, labels = labels),
    if (any(vapply(tables, function(t) "(Intercept)" %in% rownames(t), logical(1)))) {
      list(coefficient_rows("(Intercept)", tables, c("(Intercept)" = "Constant")))
    },
    list(
      c("N", vapply(models, function(m) format(m$nobs, scientific = FALSE), character(1))),
      c("R2", vapply(models, function(m) formatC(r_squared(m)$r.squared, digits = 3, format = "f"), character(1)))
    ),
    if (!is.null(show)) list(c("Control Variables", vapply(tables, says_controls, character(1), shown = terms))),
    list(c("FE", vapply(models, function(m) if (length(m$effects$n_levels)) "Yes" else "No", character(1))))
  )
  body <- as.data.frame(do.call(rbind, rows), stringsAsFactors = FALSE)
  names(body) <- c("Variable", column_labels(models))
  rownames(body) <- NULL
  structure(
    list(
      body = body, header = vapply(unname(models), `[[`, character(1), "outcome"), note = table_note(estimates),
      n_coefficient_rows = 2L * length(terms)
    ),
    class = "fe_table"
  )
}

# Models out of models, lists of models, comparisons and mediations, with the names that they have.
collect_models <- function(given, call) {
  models <- list()
  for (i in seq_along(given)) {
    one <- given[[i]]
    name <- names(given)[i]
    if (inherits(one, "fe_mediation")) one <- one$models
    if (inherits(one, "fe_model")) {
      one <- stats::setNames(list(one), if (is.null(name)) "" else name)
    }
    if (!is.list(one) || !all(vapply(unclass(one), inherits, logical(1), "fe_model")) || length(one) == 0L) {
      abort_input(
        "type", "Every argument of `fe_table()` must be a model of this package, or a list of them.",
        found = paste0("Argument ", i, " is ", describe_type(given[[i]]), "."), arg = "...", call = call
      )
    }
    models <- c(models, unclass(one))
  }
  if (length(models) == 0L) {
    abort_input("missing_argument", "`fe_table()` must be given a model.", arg = "...", call = call)
  }
  models
}

column_labels <- function(models) {
  numbers <- paste0("(", seq_along(models), ")")
  labels <- names(models)
  if (is.null(labels) || !any(nzchar(labels))) return(numbers)
  ifelse(nzchar(labels), paste(numbers, labels), numbers)
}

# Two rows: estimates with stars, standard errors in parentheses.
coefficient_rows <- function(term, tables, labels) {
  cell <- function(table, what) {
    if (!term %in% rownames(table)) return("")
    value <- table[term, ]
    if (what == "error") return(paste0("(", format_house(value[[2L]]), ")"))
    paste0(format_house(value[[1L]]), stars_of(value[[4L]]))
  }
  label <- if (term %in% names(labels)) labels[[term]] else term
  rbind(
    c(label, vapply(tables, cell, character(1), "estimate")), c("", vapply(tables, cell, character(1), "error"))
  )
}

says_controls <- function(table, shown) {
  if (length(setdiff(rownames(table), c(shown, "(Intercept)")))) "Yes" else "No"
}

# Three significant digits below one, four from one on.
format_house <- function(x) {
  digits <- if (is.finite(x) && abs(x) < 1) 3L else 4L
  text <- trimws(formatC(signif(x, digits), digits = digits, format = "fg", flag = "#"))
  sub("\\.$", "", text) # formatC() leaves a point behind whole numbers
}

# * .1, ** .05, *** .01.
stars_of <- function(p) {
  if (is.na(p)) "" else strrep("*", sum(p < c(0.1, 0.05, 0.01)))
}

# One phrase where all columns share a convention; else each column's.
table_note <- function(estimates) {
  how <- vapply(estimates, function(e) describe_convention(e$variance), character(1))
  df <- vapply(estimates, function(e) e$variance$df, numeric(1))
  errors <- if (length(unique(how)) == 1L) how[[1L]] else paste0("(", seq_along(how), ") ", how, collapse = "; ")
  paste0("Standard errors in parentheses: ", errors, "; t distribution with ",
         if (length(unique(df)) == 1L) df[[1L]] else paste(df, collapse = ", "),
         " degrees of freedom. * p < 0.1, ** p < 0.05, *** p < 0.01.")
}

#' @rdname fe_table
#' @param x A `fe_table`.
#' @export
print.fe_table <- function(x, ...) {
  body <- rbind(names(x$body), c("", x$header), as.matrix(x$body))
  width <- apply(body, 2L, function(column) max(nchar(column, "width")))
  pad <- function(text, width, right) {
    space <- strrep(" ", width - nchar(text, "width"))
    if (right) paste0(space, text) else paste0(text, space)
  }
  lines <- apply(body, 1L, function(row) {
    paste(mapply(pad, row, width, c(FALSE, rep(TRUE, length(row) - 1L))), collapse = "  ")
  })
  rule <- strrep("-", max(nchar(lines, "width")))
  n_head <- 2L
  cat(rule, lines[seq_len(n_head)], rule, lines[-seq_len(n_head)], rule, sep = "\n")
  note <- strsplit(x$note, " (?=\\* p < )", perl = TRUE)[[1L]] # the stars on a line of their own
  cat(strwrap(note, width = max(60L, nchar(rule))), sep = "\n")
  invisible(x)
}

#' @rdname fe_table
#' @export
as.data.frame.fe_table <- function(x, ...) x$body

#' @exportS3Method knitr::knit_print
knit_print.fe_table <- function(x, ...) {
  body <- x$body
  names(body)[1L] <- ""
  body <- rbind(stats::setNames(as.list(c("", x$header)), names(body)), body)
  knitr::asis_output(paste0(
    "\n\n", paste(knitr::kable(body, align = c("l", rep("r", ncol(body) - 1L)), escape = TRUE), collapse = "\n"),
    "\n\n", gsub("*", "\\*", x$note, fixed = TRUE), "\n\n"
  ))
}
