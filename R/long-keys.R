# Keys of 64 bits (bit64's integer64). Nothing here needs bit64: the core reads the bits.

# Integer64 as doubles: exact up to 2^53, the nearest beyond.
integer64_numbers <- function(x) core(cpp_integer64_doubles, unclass(x))

# is.na() that knows integer64 also where bit64 is not loaded.
is_missing <- function(x) if (inherits(x, "integer64")) is.na(integer64_numbers(x)) else is.na(x)

# A factor of all digits, in order of the numbers; NA stays.
integer64_factor <- function(x) {
  known <- which(!is_missing(x))
  found <- code_values(pick(x, known))
  code <- rep(NA_integer_, length(x))
  code[known] <- found$code + 1L
  structure(code, levels = label_values(found$values), class = "factor")
}

# Does a column stand only where categories are made of it? There its digits count; elsewhere it is a number.
names_categories <- function(name, expressions) {
  inside <- function(expr, made) {
    if (is.symbol(expr)) return(if (identical(as.character(expr), name)) made else logical())
    if (!is.call(expr)) return(logical())
    made <- made || rlang::is_call(expr, c("factor", "as.factor", "ordered", "as.ordered", "interaction"))
    unlist(lapply(as.list(expr)[-1L], inside, made = made))
  }
  found <- unlist(lapply(expressions, inside, made = FALSE))
  length(found) > 0L && all(found)
}
