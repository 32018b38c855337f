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

# The dot is every column that neither the outcome nor an effect names; it stands for a sum.
write_out_dot <- function(spec, columns) {
  if (!"." %in% all.vars(spec$right) || "." %in% columns) return(spec)
  columns <- setdiff(columns[nzchar(columns)], c(unlist(spec$effects), names(spec$doubled), all.vars(spec$outcome)))
  sum <- if (length(columns)) Reduce(function(a, b) call("+", a, b), lapply(columns, as.name)) else 1
  write <- function(expr) {
    if (identical(expr, quote(.))) return(if (length(columns) > 1L) call("(", sum) else sum)
    if (!rlang::is_call(expr, c("+", "-", "*", ":", "(", "^", "%in%", "/"))) return(expr)
    as.call(c(expr[[1L]], lapply(as.list(expr)[-1L], write)))
  }
  spec$right <- write(spec$right)
  spec$simple <- plain_names(spec$right)
  spec
}

# The outcome explains itself perfectly: it comes from a pasted list of controls.
refuse_outcome_twice <- function(spec, call) {
  bare <- function(expr) {
    while (rlang::is_call(expr, c("(", "I"), 1)) expr <- expr[[2L]]
    expr
  }
  own <- bare(spec$outcome)
  variables <- if (!is.null(spec$simple)) lapply(spec$simple, as.name) else right_terms(spec$right)$variables
  same <- vapply(variables, function(v) identical(bare(v), own), logical(1))
  if (!any(same)) return(invisible())
  label <- spell_term(spec$outcome)
  abort_input(
    "outcome_twice", paste0("The outcome `", label, "` must not stand among the regressors."),
    found = "It would explain itself.",
    todo = paste0("Leave it out right of `~`; its past is `l(", deparse(own, backtick = TRUE)[1L], ", 1)`."),
    arg = "formula", columns = label, call = call
  )
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
