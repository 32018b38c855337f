# wald_test(): linear hypotheses on coefficients, by the variance asked for.

#' Wald test of linear hypotheses
#'
#' @param model A [fe_model()].
#' @param hypothesis Names of coefficients, which are all `null`; or equations as strings, such as `"x1 + x2 = 1"`,
#'   linear
#'   in the coefficients by name; or a numeric matrix with a row a hypothesis and a column a coefficient, in their
#'   order or
#'   by name.
#' @param vcov As in [vcov.fe_model()]; `NULL` (default) for the variance of the fit.
#' @param null For names and matrices: what the combinations are, one number (default 0) or one a hypothesis.
#' @details The statistic is Wald over q, the number of hypotheses; p by F with q and the variance's degrees of freedom
#' (\eqn{n - K}, \eqn{G - 1}; the fewest where they differ). After CR2 it is the HTZ test of Pustejovsky and Tipton
#' (2018): \eqn{\eta} matches the first two moments of the variance under the working errors, statistic
#' \eqn{(\eta - q + 1)/\eta} times Wald over q, with q and \eqn{\eta - q + 1} degrees of freedom; where these are not
#' positive p is `NA`, with a warning (`flowresil_warning_degrees_of_freedom`).
#' @return An object of class `wald_test`, a list with `statistic`, `df1`, `df2`, `p.value` (numbers), `hypothesis`
#'   (text,
#'   one a row), `method` (`"F"` or `"HTZ"`) and `variance` (text). `tidy()`: a data frame of one row with statistic,
#'   df1,
#'   df2, p.value.
#' @section Errors: `flowresil_error_hypothesis` (cannot be read, not linear, contradictory, redundant, or more
#'   hypotheses
#'   than the variance's rank, as with as many as clusters), `flowresil_error_term`, `flowresil_error_number`,
#'   `flowresil_error_vcov`, `flowresil_error_type`.
#' @references Pustejovsky, J. E. and Tipton, E. (2018). Small-sample methods for cluster-robust variance estimation and
#'   hypothesis testing in fixed effects models. *Journal of Business & Economic Statistics*, 36, 672-683.
#' @export
#' @examples
#' m <- fe_model(ExpRes ~ open + gov + edu | province + year, province_panel)
#' wald_test(m, c("open", "gov"), vcov = vcov_cr(~province))
#' wald_test(m, "open + gov = 1", vcov = ~province)
wald_test <- function(model, hypothesis, vcov = NULL, null = 0) {
  here <- environment()
  check_model(model, "model", here)
  read <- read_hypothesis(hypothesis, null, model, here)
  refuse_dependent(read, here)
  estimate <- requested_variance(model, vcov, NULL, here)
  C <- read$combinations
  V <- C %*% estimate$vcov %*% t(C)
  refuse_low_rank(V, estimate$variance, here)
  q <- nrow(C)
  statistic <- wald_statistic(drop(C %*% model$coefficients) - read$null, V)
  df2 <- joint_degrees(estimate$variance)
  choice <- estimate$variance$choice
  method <- "F"
  if (is.function(choice$joint_degrees)) {
    method <- "HTZ"
    eta <- choice$joint_degrees(new_view(model, here), C)
    df2 <- eta - q + 1
    statistic <- statistic * df2 / eta
    if (df2 <= 0) {
      warn_data("degrees_of_freedom", "There are no degrees of freedom for a test of so many hypotheses.",
                found = paste0("For ", count_of(q, "hypothesis", "hypotheses"), " they are ", format(df2, digits = 3),
                               "."),
                todo = "Test fewer, or use `wild_bootstrap(joint = TRUE)`.")
    }
  }
  p <- if (df2 > 0) stats::pf(statistic, q, df2, lower.tail = FALSE) else NA_real_
  structure(
    list(statistic = statistic, df1 = q, df2 = df2, p.value = p, hypothesis = read$text, method = method,
         variance = describe_convention(estimate$variance)),
    class = "wald_test"
  )
}

# list(combinations (hypotheses x coefficients), null, text).
read_hypothesis <- function(hypothesis, null, model, call) {
  terms <- names(model$coefficients)
  if (missing(hypothesis)) {
    abort_input("missing_argument", "`hypothesis` must be given.", todo = paste0("Write `\"", terms[1L], "\"`."),
                arg = "hypothesis", call = call)
  }
  if (is.matrix(hypothesis) && is.numeric(hypothesis)) return(read_hypothesis_matrix(hypothesis, null, terms, call))
  if (!is.character(hypothesis) || length(hypothesis) == 0L || anyNA(hypothesis)) {
    abort_input("hypothesis", "`hypothesis` must be names of coefficients, equations as strings, or a numeric matrix.",
                found = describe_value(hypothesis), arg = "hypothesis", call = call)
  }
  if (any(grepl("=", hypothesis, fixed = TRUE) & !hypothesis %in% terms)) {
    return(read_equations(hypothesis, null, terms, call))
  }
  unknown <- setdiff(hypothesis, terms)
  if (length(unknown)) {
    abort_input("term", "`hypothesis` must name coefficients of the model.",
                found = paste0(enumerate(unknown, "`"), " is none."),
                todo = c(paste0("The coefficients are ", enumerate(terms, "`", 10L), "."),
                         "An equation has a sign of equality: `\"x1 + x2 = 1\"`."), arg = "hypothesis", call = call)
  }
  C <- diag(length(terms))[match(hypothesis, terms), , drop = FALSE]
  null <- read_hypothesis_null(null, nrow(C), call)
  list(combinations = C, null = null, text = paste(hypothesis, "=", format(null, trim = TRUE)))
}

read_hypothesis_null <- function(null, n, call) {
  if (!is.numeric(null) || !length(null) %in% c(1L, n) || any(!is.finite(null))) {
    abort_input("number", "`null` must be one finite number, or one a hypothesis.", found = describe_value(null),
                arg = "null", call = call)
  }
  rep_len(as.double(null), n)
}

read_hypothesis_matrix <- function(C, null, terms, call) {
  columns <- colnames(C)
  fault <- if (ncol(C) != length(terms) && is.null(columns)) {
    paste0("It has ", count_of(ncol(C), "column"), " for ", count_of(length(terms), "coefficient"), ".")
  } else if (!is.null(columns) && length(setdiff(columns, terms))) {
    paste0("No coefficient is called ", enumerate(setdiff(columns, terms), "`"), ".")
  } else if (nrow(C) == 0L || any(!is.finite(C))) {
    if (nrow(C) == 0L) "It has no row." else "It holds values that are not finite."
  }
  if (!is.null(fault)) {
    abort_input("hypothesis", "A matrix of hypotheses must have a column a coefficient, in their order or by name.",
                found = fault, todo = paste0("The coefficients are ", enumerate(terms, "`", 10L), "."),
                arg = "hypothesis", call = call)
  }
  full <- matrix(0, nrow(C), length(terms))
  full[, if (is.null(columns)) seq_along(terms) else match(columns, terms)] <- C
  null <- read_hypothesis_null(null, nrow(C), call)
  text <- vapply(seq_len(nrow(C)), function(i) {
    at <- which(full[i, ] != 0)
    paste(paste(paste0(format(full[i, at], trim = TRUE), "*", terms[at]), collapse = " + "), "=", format(null[i]))
  }, "")
  list(combinations = full, null = null, text = text)
}

# Equations as strings: what stands left less what stands right, whose value at no and at each coefficient one tells its
# weights.
read_equations <- function(equations, null, terms, call) {
  if (!identical(as.double(null), 0)) {
    abort_input("number", "`null` must be left out where `hypothesis` holds equations.", found = describe_value(null),
                arg = "null", call = call)
  }
  rows <- lapply(equations, function(equation) {
    refuse <- function(found) {
      abort_input("hypothesis", "An equation must be linear in the coefficients, such as \"x1 + 2 * x2 = 1\".",
                  found = paste0("\"", equation, "\": ", found),
                  todo = paste0("The coefficients are ", enumerate(terms, "`", 10L), "."), arg = "hypothesis",
                  call = call)
    }
    sides <- strsplit(sub("==", "=", equation, fixed = TRUE), "=", fixed = TRUE)[[1L]]
    if (length(sides) == 1L && equation %in% terms) sides <- c(sides, "0")
    if (length(sides) != 2L) refuse("it has no sign of equality, or more than one.")
    parsed <- tryCatch(lapply(sides, str2lang), error = function(e) refuse("it cannot be read."))
    expr <- call("-", with_places(parsed[[1L]], terms), with_places(parsed[[2L]], terms))
    at <- function(b) {
      found <- tryCatch(eval(expr, list(.b = b), baseenv()), error = function(e) refuse(conditionMessage(e)))
      if (is.numeric(found) && length(found) == 1L) as.double(found) else refuse("it gives no number.")
    }
    zero <- at(numeric(length(terms)))
    weights <- vapply(seq_along(terms), function(j) at(replace(numeric(length(terms)), j, 1)) - zero, 1)
    probe <- seq_along(terms) * pi - 3
    if (!isTRUE(abs(at(probe) - zero - sum(weights * probe)) <= 1e-8 * (1 + sum(abs(weights * probe))))) {
      refuse("it is not linear.")
    }
    if (!any(weights != 0)) refuse("it holds no coefficient.")
    list(weights = weights, null = -zero)
  })
  list(combinations = do.call(rbind, lapply(rows, `[[`, "weights")), null = vapply(rows, `[[`, 1, "null"),
       text = equations)
}

# An expression with coefficients, whose names may be calls such as l(x, 1), as places of a vector.
with_places <- function(expr, terms) {
  at <- match(gsub(" ", "", rlang::expr_deparse(expr, width = 500L)), gsub(" ", "", terms))
  if (!is.na(at)) return(call("[[", quote(.b), at))
  if (is.call(expr)) expr[-1L] <- lapply(as.list(expr)[-1L], with_places, terms = terms)
  expr
}

# Hypotheses that follow from others, or cannot hold beside them.
refuse_dependent <- function(read, call) {
  C <- read$combinations
  rank <- function(x) {
    x <- x / pmax(sqrt(rowSums(x^2)), 1e-300)
    sum(svd(x, 0, 0)$d > 1e-9)
  }
  if (rank(C) == nrow(C)) return(invisible())
  contradictory <- rank(cbind(C, read$null)) > rank(C)
  abort_input(
    "hypothesis", "Hypotheses must be free of each other.",
    found = paste0(enumerate(read$text, "`", 6L), if (contradictory) " cannot hold together." else
      " say the same more than once."),
    todo = if (!contradictory) "Leave out what follows from the others.", arg = "hypothesis", call = call
  )
}

refuse_low_rank <- function(V, variance, call) {
  scale <- sqrt(pmax(diag(V), 0))
  scaled <- V / tcrossprod(pmax(scale, 1e-300))
  rank <- 0L
  if (!anyNA(V) && all(scale > 0)) rank <- sum(eigen(scaled, symmetric = TRUE, only.values = TRUE)$values > 1e-10)
  if (rank == nrow(V)) return(invisible())
  clusters <- variance$n_clusters
  abort_input(
    "hypothesis", paste0("The variance of ", count_of(nrow(V), "hypothesis", "hypotheses"), " must have full rank."),
    found = paste0("Its rank is ", rank, if (length(clusters)) paste0(", of ", count_of(min(clusters), "cluster")),
                   "."),
    todo = "Test fewer hypotheses at once.", arg = "hypothesis", call = call
  )
}

#' @rdname wald_test
#' @param x What `wald_test()` gives.
#' @param ... Not used.
#' @export
tidy.wald_test <- function(x, ...) {
  data.frame(statistic = x$statistic, df1 = x$df1, df2 = x$df2, p.value = x$p.value)
}

#' @rdname wald_test
#' @param digits Significant digits to print.
#' @export
print.wald_test <- function(x, digits = 4, ...) {
  digits <- check_digits(digits, environment())
  cat("Wald test", if (x$method == "HTZ") " (HTZ)", ": ", paste(x$hypothesis, collapse = ", "), "\n", sep = "")
  cat("F ", format(x$statistic, digits = digits), " on ", x$df1, " and ", format_degrees(x$df2),
      " degrees of freedom, p ", format.pval(x$p.value, digits = digits), "\n", sep = "")
  cat("Standard errors: ", x$variance, "\n", sep = "")
  invisible(x)
}
