# Residuals, fitted values, scores, effects: what a model has by row and by level.

#' @rdname fe_model-methods
#' @export
weights.fe_model <- function(object, ...) fitted_design(object)$weights

#' @rdname fe_model-methods
#' @export
residuals.fe_model <- function(object, type = c("working", "response", "deviance", "pearson"), full = FALSE, ...) {
  here <- environment()
  check_dots(..., call = here)
  check_flag(full, "full", here)
  type <- check_choice(type, c("working", "response", "deviance", "pearson"), "type", here)
  values <- core(cpp_within_residuals, fitted_design(object, here), object$solution, score_columns(object), n_threads())
  weights <- fitted_design(object)$weights
  if (type %in% c("deviance", "pearson") && !is.null(weights)) values <- values * sqrt(weights)
  by_row(values, object, full)
}

#' @rdname fe_model-methods
#' @export
fitted.fe_model <- function(object, full = FALSE, ...) {
  here <- environment()
  check_dots(..., call = here)
  check_flag(full, "full", here)
  by_row(outcome_column(object) - unname(residuals.fe_model(object)), object, full)
}

#' @rdname fe_model-methods
#' @export
model.matrix.fe_model <- function(object, type = c("rhs", "within"), ...) {
  here <- environment()
  if (missing(type)) type <- matrix_for(sys.function(sys.parent()), object, here)
  type <- check_choice(type, c("rhs", "within"), "type")
  if (type == "within") {
    x <- demeaned_regressors(object)
    if (!is.null(object$design$weights)) x <- x * sqrt(fitted_design(object)$weights)
  } else {
    columns <- fitted_design(object)$columns[kept_columns(object)]
    x <- do.call(cbind, c(list(matrix(numeric(), object$nobs, 0L)), columns))
  }
  dimnames(x) <- list(used_rows(object), object$kept_terms)
  if (type == "rhs" && object$intercept) x <- cbind("(Intercept)" = 1, x)
  x
}

# sandwich pairs model.matrix() with scores and bread, which are those of the demeaned regressors; its clustered
# leverage needs the dummies too.
matrix_for <- function(caller, object, call) {
  own <- length(object$effects$n_levels) == 0L || !identical(environmentName(environment(caller)), "sandwich")
  if (own) return("rhs")
  if (identical(caller, getExportedValue("sandwich", "meatCL"))) {
    refuse_unsupported("vcovCL()", "clustered HC2 and HC3 need the leverage of whole clusters, effects included",
                       "Take `type = \"HC1\"`.", call)
  }
  "within"
}

#' @rdname fe_model-methods
#' @exportS3Method sandwich::estfun
estfun.fe_model <- function(x, ...) {
  demeaned <- core(cpp_demean, fitted_design(x), x$solution)
  roles <- x$design$roles
  residual <- demeaned[, roles$outcome] - drop(demeaned[, roles$regressors, drop = FALSE] %*% x$fitted_coefficients)
  weighted <- residual * (if (is.null(x$design$weights)) 1 else fitted_design(x)$weights)
  columns <- demeaned[, kept_columns(x), drop = FALSE]
  constant <- x$constant_part
  if (!is.null(constant)) {
    one <- if (is.null(constant$column)) rep(1, x$nobs) else constant$column
    columns <- cbind(one, columns + tcrossprod(one, constant$loadings))
  }
  scores <- columns * weighted
  dimnames(scores) <- list(used_rows(x), names(x$coefficients))
  scores
}

#' @rdname fe_model-methods
#' @exportS3Method sandwich::bread
bread.fe_model <- function(x, ...) {
  B <- tcrossprod(coefficient_basis(x)) * x$nobs
  dimnames(B) <- list(names(x$coefficients), names(x$coefficients))
  B
}

#' Values of the fixed effects
#'
#' The effects' coefficients, solved with the regression. They are identified up to constants: here each
#' effect after the first has its first level (in each connected component, for two effects) at zero, as
#' dummies would, and the first effect carries the rest.
#'
#' @param object A [fe_model()].
#' @param ... Not used.
#' @return A named list, one numeric vector an effect, named by level. Empty without effects.
#' @export
#' @examples
#' m <- fe_model(ExpRes ~ open | province + year, province_panel)
#' head(fixed_effects(m)$province)
fixed_effects <- function(object, ...) UseMethod("fixed_effects")

#' @rdname fixed_effects
#' @export
fixed_effects.default <- function(object, ...) {
  abort_input("type", "`object` must be a model of `fe_model()`.", found = paste0("It is ", describe_type(object), "."),
              arg = "object")
}

#' @rdname fixed_effects
#' @export
fixed_effects.fe_model <- function(object, ...) {
  if (!is.null(object$table)) refuse_table("`fixed_effects()`", environment())
  effects <- raw_effects(object)
  if (length(effects) == 0L) return(effects)
  codes <- object$design$codes
  n_levels <- object$effects$n_levels
  for (j in seq_along(effects)[-1L]) {
    parts <- if (length(effects) == 2L) {
      core(cpp_components, codes[[1L]], n_levels[[1L]], codes[[2L]], n_levels[[2L]])
    } else {
      list(first = integer(n_levels[[1L]]), second = integer(n_levels[[j]]))
    }
    base <- effects[[j]][match(seq_len(max(parts$second) + 1L) - 1L, parts$second)]
    effects[[j]] <- effects[[j]] - base[parts$second + 1L]
    effects[[1L]] <- effects[[1L]] + base[parts$first + 1L]
  }
  for (j in seq_along(effects)) names(effects[[j]]) <- label_values(object$effects$values[[j]])
  effects
}

# What is taken off every row of each column: its shift and, without effects, the rest of its mean.
shifts_of <- function(object) {
  rest <- object$solution$rest
  object$solution$shift + if (length(rest)) rest else 0
}

# Effects of y - x'b as the solver left them; the columns' shifts go to the first effect.
raw_effects <- function(object) {
  direction <- c(-object$fitted_coefficients, 1)
  effects <- lapply(object$solution$levels, function(levels) drop(direction %*% levels))
  if (length(effects)) effects[[1L]] <- effects[[1L]] + sum(direction * shifts_of(object))
  stats::setNames(effects, names(object$effects$n_levels))
}
