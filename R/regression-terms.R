# How a term is spelled: a column by its plain name, alone and in an interaction, with no backticks whatever the
# name; a call as R writes it. So `a b` is "a b", `a b`:x is "a b:x", and log(`a b`) keeps its backticks.

# The label of an expression that is a term, or the outcome.
spell_term <- function(expr) {
  if (is.symbol(expr)) return(symbol_name(expr))
  to_utf8(paste(with_plain_numbers(deparse(expr, width.cutoff = 500L)), collapse = " "))$text
}

# terms() writes columns that are no words in backticks, and model.matrix() names its columns by them.
spell_terms <- function(terms) {
  factors <- attr(terms, "factors")
  if (!is.matrix(factors)) return(terms)
  rownames(factors) <- vapply(as.list(attr(terms, "variables"))[-1L], spell_term, character(1))
  attr(terms, "factors") <- factors
  terms
}

# Places among `terms` of the terms that a user names: as they are spelled, or with backticks or blanks of the
# user's own; NA where there is none, or more than one.
match_terms <- function(given, terms) {
  place <- match(given, terms)
  for (loosen in list(function(x) gsub("`", "", x, fixed = TRUE), function(x) gsub("[` ]", "", x))) {
    open <- which(is.na(place))
    if (length(open) == 0L) break
    loose <- loosen(terms)
    found <- match(loosen(given[open]), loose)
    twice <- duplicated(loose) & !duplicated(terms) # two terms that read alike
    found[loose[found] %in% loose[twice]] <- NA
    place[open] <- found
  }
  place
}

# The same as terms: which of the `known` each of `given` means.
find_terms <- function(given, known) known[match_terms(given, known)]

# Variables and factor matrix of the right side, with the dot written out before.
right_terms <- function(right) {
  terms <- tryCatch(
    stats::terms(stats::as.formula(call("~", right), baseenv())), error = function(e) NULL
  )
  if (is.null(terms)) return(NULL)
  factors <- attr(terms, "factors")
  variables <- as.list(attr(terms, "variables"))[-1L]
  if (!is.matrix(factors)) return(list(variables = list(), factors = NULL))
  used <- rowSums(factors) > 0
  list(variables = variables[used], factors = factors[used, , drop = FALSE])
}

# The names of columns that are terms of their own, not only parts of interactions or arguments of calls.
lone_columns <- function(parts) {
  if (is.null(parts$factors)) return(character())
  alone <- rowSums(parts$factors[, colSums(parts$factors > 0) == 1L, drop = FALSE]) > 0
  symbols <- vapply(parts$variables, is.symbol, logical(1))
  vapply(parts$variables[alone & symbols], as.character, character(1))
}

# Factors left with one level ---------------------------------------------------------------------

# The regressors' columns: model.matrix(), where a factor with one level is a column of ones instead of R's
# error. Alone it is dropped as constant; in an interaction it leaves the other variable.
regressor_matrix <- function(terms, frame, contrasts = NULL) {
  single <- vapply(frame, function(v) is.factor(v) && nlevels(v) == 1L, logical(1))
  frame[single] <- lapply(frame[single], function(v) {
    attr(v, "contrasts") <- matrix(1, 1L, 1L, dimnames = list(levels(v), ""))
    v
  })
  contrasts <- contrasts[setdiff(names(contrasts), names(frame)[single])]
  x <- stats::model.matrix(terms, frame, contrasts.arg = if (length(contrasts)) contrasts)
  kept <- attr(x, "contrasts")
  attr(x, "contrasts") <- kept[setdiff(names(kept), names(frame)[single])]
  x
}

# New data must hold numbers where the fit had numbers, and categories where it had categories: the columns of
# one kind would else stand for those of the other.
refuse_changed_types <- function(terms, frame, call) {
  before <- attr(terms, "dataClasses")
  wordy <- c("character", "factor", "ordered")
  for (name in intersect(names(frame), names(before))) {
    was <- before[[name]] %in% wordy
    now <- stats::.MFclass(frame[[name]]) %in% wordy
    if (was == now) next
    what <- paste0("`", name, "`")
    v <- frame[[name]]
    if (now) as_numbers(if (is.factor(v)) v else as.vector(v), what, "newdata", call, column = name)
    abort_input(
      "type", paste0(what, " must be a category, as it was in the fit."),
      found = paste0("It is ", describe_type(frame[[name]]), "."), todo = "Make it text or a factor.",
      arg = "newdata", columns = name, call = call
    )
  }
}

# Arguments of a call; an empty one, as in x[, 1], is left out.
call_arguments <- function(expr) {
  given <- as.list(expr)[-1L]
  given[!vapply(given, rlang::is_missing, logical(1))]
}

# c("x1", "x2") for x1 + x2; NULL where something else than names and plus stands there.
plain_names <- function(expr) {
  names <- character()
  # From the right: a sum of many terms leans to the left.
  repeat {
    if (is.symbol(expr)) {
      if (identical(expr, quote(.))) return(NULL)
      return(unique(c(symbol_name(expr), names)))
    }
    if (!is.call(expr)) return(NULL)
    if (identical(expr[[1L]], quote(`(`))) {
      expr <- expr[[2L]]
      next
    }
    if (!identical(expr[[1L]], quote(`+`)) || length(expr) != 3L) return(NULL)
    last <- expr[[3L]]
    part <- if (is.symbol(last) && !identical(last, quote(.))) symbol_name(last) else plain_names(last)
    if (is.null(part)) return(NULL)
    names <- c(part, names)
    expr <- expr[[2L]]
  }
}

# "log" for log(x) and base::log(x); "" for a call of something else.
function_name <- function(expr) {
  head <- expr[[1L]]
  if (rlang::is_call(head, c("::", ":::"), 2)) head <- head[[3L]]
  if (is.symbol(head) || is.character(head)) as.character(head) else ""
}

# The code inside any parentheses round it.
strip_parentheses <- function(expr) {
  while (rlang::is_call(expr, "(", 1)) expr <- expr[[2L]]
  expr
}

# Is the code a number written out, perhaps with a minus?
is_number_constant <- function(expr) {
  expr <- strip_parentheses(expr)
  is.numeric(expr) || rlang::is_call(expr, "-", 1) && is.numeric(expr[[2L]])
}
