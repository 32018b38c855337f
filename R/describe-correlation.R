# Correlations of variables, and how far regressors explain each other.

#' Table of correlations
#'
#' @param x A data frame, or a [fe_model()]: then its outcome and regressors in the rows that it used.
#' @param columns Columns, bare or as strings; by default all numeric ones but unit and time.
#' @param method `"pearson"` (default) or `"spearman"` (Pearson's of the ranks, ties at their mean).
#' @return An object of class `correlation_table` that prints as a lower triangle with stars (* .1, ** .05, *** .01).
#'   `as.data.frame()` gives one row a pair: `term1`, `term2`, `estimate`, `p.value` (two-sided, t with n - 2 degrees of
#'   freedom), `n`. Each pair is computed on the rows where both are seen; where one of them is constant there, or
#'   fewer than
#'   three rows are left, the estimate is `NA`, which a message says.
#' @section Errors: `flowresil_error_missing_column`, `flowresil_error_type`, `flowresil_error_infinite`,
#'   `flowresil_error_choice`. Message: `flowresil_message_undefined`.
#' @seealso [describe_panel()], [collinearity()].
#' @export
#' @examples
#' correlation_table(province_panel, c(open, gov, edu))
correlation_table <- function(x, columns = NULL, method = c("pearson", "spearman")) {
  call <- rlang::current_env()
  method <- check_choice(method, c("pearson", "spearman"), "method", call)
  if (inherits(x, "fe_model")) x <- model_sample(x, call)
  check_data(x, "x", call)
  keys <- described_keys(x, rlang::quo(NULL), rlang::quo(NULL), call)
  columns <- columns_to_describe(rlang::enquo(columns), x, unlist(keys), call)
  values <- lapply(columns, function(name) {
    value <- numeric_column(x, name, "columns", call)
    refuse_infinite(value, paste0("Column `", name, "`"), "columns", call, column = name)
    as.vector(value)
  })
  k <- length(columns)
  estimate <- p <- matrix(NA_real_, k, k, dimnames = list(columns, columns))
  n <- matrix(0L, k, k, dimnames = list(columns, columns))
  for (i in seq_len(k)) {
    for (j in seq_len(i)) {
      found <- correlate(values[[i]], values[[j]], method)
      estimate[i, j] <- estimate[j, i] <- found$estimate
      p[i, j] <- p[j, i] <- found$p
      n[i, j] <- n[j, i] <- found$n
    }
  }
  lost <- columns[is.na(diag(estimate))]
  if (length(lost)) {
    inform_user("undefined",
                paste0("Correlations with ", enumerate(lost, "`"),
                       " are NA: constant, or fewer than three cells seen."),
                columns = lost)
  }
  structure(list(estimate = estimate, p.value = p, n = n, method = method,
                 labels = variable_labels(x, columns)), class = "correlation_table")
}

# A correlation on the rows where both are seen: list(estimate, p, n).
correlate <- function(x, y, method) {
  both <- !is.na(x) & !is.na(y)
  x <- x[both]
  y <- y[both]
  n <- length(x)
  if (method == "spearman") {
    x <- rank(x)
    y <- rank(y)
  }
  if (n < 3L || is_constant(x) || is_constant(y)) return(list(estimate = NA_real_, p = NA_real_, n = n))
  r <- max(-1, min(1, stats::cor(x, y)))
  t <- r * sqrt((n - 2) / max(0, 1 - r^2))
  list(estimate = r, p = 2 * stats::pt(-abs(t), n - 2), n = n)
}

#' @export
print.correlation_table <- function(x, digits = 3, ...) {
  print.default(correlation_text(x, digits), quote = FALSE, right = TRUE)
  cat(correlation_note(x), "\n", sep = "")
  invisible(x)
}

# The lower triangle as text with stars.
correlation_text <- function(x, digits) {
  text <- matrix(paste0(fixed_cells(x$estimate, digits), significance_stars(x$p.value)), nrow(x$estimate))
  text[upper.tri(text)] <- ""
  diag(text) <- fixed_cells(diag(x$estimate), digits)
  dimnames(text) <- dimnames(x$estimate)
  text
}

# How correlations were made, for print and the note of a table.
correlation_note <- function(x, language = "en") {
  paste0(word("pairs", language, word(x$method, language), min(x$n), max(x$n)), word("between", language),
         explain_stars())
}

fixed_cells <- function(x, digits) vapply(x, fixed_decimals, "", digits = digits)

#' @export
as.data.frame.correlation_table <- function(x, ...) {
  at <- which(lower.tri(x$estimate), arr.ind = TRUE)
  names <- rownames(x$estimate)
  data.frame(term1 = names[at[, 2L]], term2 = names[at[, 1L]], estimate = x$estimate[at], p.value = x$p.value[at],
             n = x$n[at])
}

#' Collinearity of the regressors of a model
#'
#' @param model A [fe_model()].
#' @return A data frame of class `collinearity`, one row a kept regressor: `term`; `vif`, the variance inflation factor
#' of
#'   the columns as they are, with a constant; `vif_within`, that of the columns with the effects taken out, which is
#'   what
#'   the model's errors know; `tolerance`, `1 / vif_within`. The model's weights enter. One regressor gives 1.
#' @section Errors: `flowresil_error_type`.
#' @seealso [correlation_table()]; `car::vif()` of a model gives `vif_within` by name.
#' @export
#' @examples
#' collinearity(fe_model(ExpRes ~ open + gov + edu | province + year, province_panel))
collinearity <- function(model) {
  call <- rlang::current_env()
  if (!inherits(model, "fe_model")) {
    abort_input("type", "`model` must be a model of this package.", found = paste0("It is ", describe_type(model), "."),
                arg = "model", call = call)
  }
  design <- fitted_design(model, call)
  x <- do.call(cbind, design$columns[kept_columns(model)])
  weights <- if (is.null(design$weights)) rep(1, model$nobs) else design$weights
  centred <- sweep(x, 2L, colSums(x * weights) / sum(weights)) * sqrt(weights)
  raw <- qr(sweep(centred, 2L, sqrt(colSums(centred^2)), "/"), tol = 1e-12)
  vif <- if (raw$rank < ncol(x)) rep(Inf, ncol(x)) else rowSums(qr.solve(qr.R(raw))^2)[order(raw$pivot)]
  within <- tcrossprod(slope_basis(model))
  norms <- colSums((demeaned_regressors(model, call) * sqrt(weights))^2)
  vif_within <- if (length(model$kept) > 1L) diag(within) * norms else rep(1, length(model$kept))
  structure(
    data.frame(term = names(model$slopes), vif = unname(vif), vif_within = unname(vif_within),
               tolerance = 1 / unname(vif_within)),
    class = c("collinearity", "data.frame")
  )
}

#' @export
as.data.frame.collinearity <- function(x, ...) structure(x, class = "data.frame")
