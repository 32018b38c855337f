# A variance that was computed elsewhere: a matrix, or a function of the model that gives one.

# Is it a variance that the user brings: a matrix, or a function of the model?
is_given <- function(vcov) is.matrix(vcov) || is.function(vcov) || inherits(vcov, "Matrix")

# The matrix in the order of the coefficients, and t with n - K degrees of freedom: nothing else is known of it.
given_variance <- function(object, vcov, correction, call) {
  if (!is.null(correction)) {
    abort_input(
      "argument", "`correction` must be left out where `vcov` gives the variance itself.",
      found = "A correction is part of the matrix.", arg = "correction", call = call
    )
  }
  V <- align_variance(if (is.function(vcov)) call_variance(vcov, object, call) else vcov, object, call)
  list(vcov = V, variance = list(
    type = "given", cluster = NULL, correction = NA_character_, factor = NA_real_,
    n_parameters = object$nobs - object$df.residual, df = degrees_by_term(object$df.residual, rownames(V)),
    n_clusters = NULL, repaired = FALSE
  ))
}

call_variance <- function(vcov, object, call) {
  tryCatch(vcov(object), error = function(e) {
    abort_input(
      "vcov", "The function given as `vcov` must take the model and give a matrix.",
      found = rlang::cnd_message(e), arg = "vcov", parent = e, call = call
    )
  })
}

# A symmetric matrix of finite numbers without negative variances, one row and one column a coefficient, by name.
align_variance <- function(V, object, call) {
  terms <- names(object$coefficients)
  refuse <- function(found, todo = NULL) {
    abort_input(
      "vcov", "A matrix given as `vcov` must be the variance of the model's coefficients, by name.", found = found,
      todo = todo, arg = "vcov", call = call
    )
  }
  if (inherits(V, "Matrix")) V <- as.matrix(V)
  if (!is.matrix(V) || !is.numeric(V)) refuse(paste0("It is ", describe_type(V), "."))
  rows <- rownames(V)
  columns <- if (is.null(colnames(V))) rows else colnames(V)
  if (is.null(rows)) rows <- columns
  if (nrow(V) != length(terms) || ncol(V) != length(terms)) {
    refuse(paste0("It has ", count_of(nrow(V), "row"), " and ", count_of(ncol(V), "column"), " for ",
                  count_of(length(terms), "coefficient"), "."))
  }
  if (length(terms) == 0L) return(V)
  if (is.null(rows)) {
    refuse("Its rows have no names.", paste0("Name them ", enumerate(terms, "`", 10L), "."))
  }
  if (!setequal(rows, terms) || !setequal(columns, terms)) {
    refuse(paste0("No coefficient is called ", enumerate(setdiff(c(rows, columns), terms), "`"), "."),
           paste0("The coefficients are ", enumerate(terms, "`", 10L), "."))
  }
  V <- matrix(as.double(V), nrow(V), dimnames = list(rows, columns))[terms, terms, drop = FALSE]
  if (!all(is.finite(V))) refuse(paste0("It holds ", format(V[!is.finite(V)][1L]), "."))
  negative <- which(diag(V) < 0)[1L]
  if (!is.na(negative)) {
    refuse(paste0("The variance of `", terms[negative], "` is negative: ", format(V[negative, negative]), "."))
  }
  if (max(abs(V - t(V))) > 1e-8 * max(abs(V))) refuse("It is not symmetric.")
  (V + t(V)) / 2
}

# Degrees of freedom, one a coefficient by name; a model without any has one number.
degrees_by_term <- function(df, terms) {
  if (length(terms) == 0L) return(as.double(df))
  stats::setNames(rep_len(as.double(df), length(terms)), terms)
}

# Other degrees of freedom for t and F, where the caller knows better; Inf means the normal distribution.
with_degrees <- function(estimate, df, call) {
  if (is.null(df)) return(estimate)
  if (!is.numeric(df) || length(df) != 1L || is.na(df) || df <= 0) {
    abort_input("number", "`df` must be one positive number.", found = describe_value(df),
                todo = "`Inf` means the normal distribution.", arg = "df", call = call)
  }
  estimate$variance$df[] <- as.double(df)
  estimate
}

# Degrees of freedom in words, whatever options(scipen) says.
format_degrees <- function(df, language = "en") {
  digits <- if (all(df == round(df))) 15 else 3
  ends <- format(unique(range(df)), digits = digits, scientific = FALSE, trim = TRUE)
  if (length(ends) == 1L) ends else word("to", language, ends[1L], ends[2L])
}
