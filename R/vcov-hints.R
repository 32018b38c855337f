# What is said of a `vcov =` that names no variance: most often a cluster without its tilde, or another program's
# word.

# The expression that the user wrote for `vcov`.
written_vcov <- function(call) {
  if (is.environment(call) && exists("vcov", call, inherits = FALSE)) eval(quote(substitute(vcov)), call)
}

vcov_words <- c(
  robust = "\"HC1\"", hetero = "\"HC1\"", white = "\"HC1\"", hc1 = "\"HC1\"", stata = "\"HC1\"", hc0 = "\"HC0\"",
  hc = "\"HC0\"", standard = "\"iid\"", classical = "\"iid\"", const = "\"iid\"", ols = "\"iid\"", iid = "\"iid\""
)

# What to write instead. `given` is the value, or the expression where it has none; `expr` what was written.
cluster_hint <- function(given, columns, expr = NULL) {
  hint <- if (is.character(given) && length(given) == 1L && !is.na(given)) hint_of_word(given, columns)
  if (is.null(hint)) hint <- hint_of_names(given, columns)
  if (is.null(hint)) hint <- hint_of_names(expr, columns)
  if (is.null(hint)) "For clusters write `vcov = ~unit`." else hint
}

hint_of_word <- function(given, columns) {
  if (given %in% columns) return(paste0("For clusters write `vcov = ~", spell_code(given), "`."))
  word <- vcov_words[tolower(given)]
  if (!is.na(word)) return(paste0("Write `vcov = ", word, "`; for clusters `vcov = ~unit`."))
  if (toupper(given) %in% c("HC2", "HC3")) return(paste0("Write `vcov = \"", toupper(given), "\"`."))
  if (toupper(given) %in% c("HC4", "HC4M", "HC5")) {
    return("It is not offered: write `vcov = \"HC3\"`, or `vcov = ~unit` for clusters.")
  }
  NULL
}

# A request of fixest's, whose functions bear names like ours: what to write instead.
hint_of_fixest <- function(given) {
  words <- c(conley = "vcov_conley()", NW = "vcov_nw()", DK = "vcov_dk()", hetero = "\"HC1\"")
  kind <- if (inherits(given$vcov, "formula") && length(given$vcov) == 3L) rlang::as_label(given$vcov[[2L]])
  word <- if (isTRUE(kind %in% names(words))) words[[kind]] else "vcov_cr()"
  paste0("Write `", if (endsWith(word, ")")) "flowresil::", word, "`.")
}

# province, d$province, c(province), province + year.
hint_of_names <- function(expr, columns) {
  if (!is.symbol(expr) && !rlang::is_call(expr, c("$", "[[", "c", "+", "^"))) return(NULL)
  names <- intersect(all.vars(expr), columns)
  if (length(names) == 0L) return(NULL)
  c(
    paste0("For clusters write `vcov = ~",
           paste(vapply(names, spell_code, ""), collapse = if (rlang::is_call(expr, "+")) " + " else "^"), "`."),
    if (rlang::is_call(expr, "+")) {
      paste0("Effects stand in the formula, behind a bar: `y ~ x | ", paste(names, collapse = " + "), "`.")
    }
  )
}
