# Values to codes: units, times, effects and clusters.

#' Data of a regression: keys, and data written in place
#'
#' How [fe_model()] and what builds on it compare units, times, effects and clusters, and what a model keeps of its
#' data.
#'
#' @section Data written in place:
#' A model keeps what it needs. The columns of a data.table that the fit reads are copied, since its users write in
#' place (`:=`, `set()`, `setorder()`, `.SD` of groups); a data frame's are not, but some rows of each are compared
#' before they are used again. Other columns (a cluster named later, [augment()][fe_model-methods]) are compared with
#' what they were. Where data changed, the error `data_changed` asks for a new fit; columns added or dropped do not
#' matter.
#'
#' @section Text and numbers as keys:
#' Text of any encoding is compared as UTF-8, and its levels stand in the order of their code points, the same in
#' every session (so does the base level of a text regressor; `factor()` in a formula goes by the session's order).
#' Text that is not valid in its encoding is refused: read such a file with its own, `fileEncoding = "GB18030"`.
#' Keys of class integer64 are compared by all 64 bits. Whole numbers become names without exponent ("500000").
#' @seealso [fe_model()].
#' @name fe_data
NULL

# Any atomic column as 0-based codes of its values in sorted order. NA is refused; unused factor levels
# are left out. Gives code (integer, by row), values (one per level, of the column's type; label_values() names
# them), changed (was text converted to UTF-8?). `row_numbers` are those of the data where `x` holds some of its rows
# only.
group_column <- function(x, name, arg, call = rlang::caller_env(), row_numbers = NULL) {
  what <- paste0("Column `", name, "`")
  if (!names_groups(x)) {
    abort_input("type", paste0(what, " must be a plain vector that names groups."),
                found = paste0("It is ", describe_type(x), "."), arg = arg, columns = name, call = call)
  }
  groups <- code_values(plain_key(x), refuse_encoding(name, arg, call, row_numbers))
  if (is.null(groups)) {
    rows <- which(is_missing(x))
    if (!is.null(row_numbers)) rows <- row_numbers[rows]
    abort_input(
      "missing_value", paste0(what, " must not hold missing values: it names the ",
                              if (arg %in% c("unit", "time")) arg else "groups", "."),
      found = paste0("NA in ", name_rows(rows), "."), arg = arg, columns = name, rows = rows, call = call
    )
  }
  if (arg != "newdata") {
    tell_blanks(groups$values, name, switch(arg, unit = "units", vcov = "clusters", "levels"), call)
  }
  groups
}

# Can the values name groups: atomic, one a row, neither complex nor raw?
names_groups <- function(x) is.atomic(x) && !is.null(x) && !is.matrix(x) && !is.complex(x) && !is.raw(x)

# A key without a class that says nothing of how it reads, such as haven's labels.
plain_key <- function(x) if (is.object(x) && !keeps_class(x)) as.vector(unclass(x)) else x

# Codes of a vector without checks of type; NULL where a value is missing. `refuse` as for code_text(): not needed
# where there is no text, or text that has been read before.
code_values <- function(x, refuse) {
  if (is.factor(x)) {
    found <- core(cpp_group_integer, unclass_factor(x))
    if (is.null(found)) return(NULL)
    known <- utf8_levels(x, refuse)
    place <- known$place[found$values]
    if (anyDuplicated(place)) {
      left <- sort(unique(place))
      found$code <- core(cpp_recode, found$code, match(place, left) - 1L)
      place <- left
    }
    values <- factor(known$levels[place], levels = known$levels, exclude = NULL)
    return(list(code = found$code, values = values, changed = known$changed))
  }
  if (is.character(x)) return(code_text(x, refuse))
  integer64 <- inherits(x, "integer64")
  by <- if (integer64) cpp_group_integer64 else if (is.double(x)) cpp_group_real else cpp_group_integer
  found <- core(by, if (is.logical(x)) as.integer(x) else if (integer64) unclass(x) else x)
  if (is.null(found)) return(NULL)
  values <- if (is.logical(x)) as.logical(found$values) else found$values
  attributes(values) <- attributes(x)[names(attributes(x)) != "names"]
  list(code = found$code, values = values, changed = FALSE)
}

unclass_factor <- function(x) {
  attributes(x) <- NULL
  x
}

# Codes and values of two groupings taken together ("a_b"), of the pairs that occur.
interact_codes <- function(a, b) {
  pairs <- core(cpp_group_pairs, a$code, b$code, length(b$values))
  list(
    code = pairs$code,
    values = paste(label_values(a$values)[pairs$first], label_values(b$values)[pairs$second], sep = "_"),
    # a level's value in each column: the pasted names of two levels may be the same
    parts = c(
      lapply(if (is.null(a$parts)) list(a$values) else a$parts, pick, pairs$first), list(pick(b$values, pairs$second))
    )
  )
}

# "unit", "region^year": each effect by its columns.
label_effects <- function(effects) vapply(effects, paste, character(1), collapse = "^")

# c("a", "b") for a^b, "a" for a, NULL for anything else.
interacted_names <- function(expr) {
  if (is.symbol(expr)) return(symbol_name(expr))
  if (!rlang::is_call(expr, "^", 2)) return(NULL)
  left <- interacted_names(expr[[2L]])
  right <- interacted_names(expr[[3L]])
  if (is.null(left) || is.null(right)) NULL else c(left, right)
}
