# fe_table(): models side by side in the house style.

#' Table of models side by side
#'
#' The regression table of the applied literature: coefficients with stars, standard errors in parentheses
#' below, the constant, N, R2, "Control Variables Yes", a row for each effect ("province FE Yes"), and a note
#' that names the variance and the stars (* 10 %, ** 5 %, *** 1 %).
#'
#' Coefficients, errors and R2 (the overall one) have a fixed number of decimals, so that no digit is invented:
#' -14482.774 is -14482.774, not -14480. What is smaller than the last decimal is 0.000, without a sign: raise
#' `digits`, or rescale the variable. From 1e15 on, where a double has no decimals left, numbers are written as
#' 1.235e+20. A value that is not known (a variance that could not be computed) is `NA` and has no stars.
#'
#' There is one row for each effect that stands in any of the models, "Yes" where the model has it; interacted
#' ones keep the name that they have in the formula (`city^year FE`), and `a^b` and `b^a` are one effect.
#'
#' In the console the table prints as plain text; where it is wider than the console its columns follow in
#' blocks. In a knitr document it is a three-line table: rules above the head, below it, and below the last
#' row only, the outcomes above the rule. HTML and Word get it in their own language, other formats by
#' pandoc's tables (the outcome stands in the column's name there). In a CSV a spreadsheet may take (0.076) for
#' a negative number: have it read the columns as text. Any function that reads `tidy()` and
#' `glance()` (modelsummary) makes other formats from the models themselves.
#'
#' @param ... Models: [fe_model()], [fe_compare()] or [fe_mediation()] objects, or lists of models; names
#'   become column labels, else columns are numbered. A label that begins with a number of its own, such as
#'   "(1) base" or "1. base", gets no other.
#' @param show Terms to show as rows, in this order (`NULL`: all), with or without backticks; the others are
#'   said as "Control Variables Yes". The constant is always shown.
#' @param vcov,correction Another variance for all models, as in [vcov.fe_model()]; `NULL` for their own.
#' @param labels Named character vector, `c(name = "label")`: labels for terms, outcomes and effects, and for
#'   the rows Constant, N, R2, Control Variables, `province FE` and so on. Names that stand in none of the
#'   models are said in a message; backticks do not matter.
#'   Two terms, or two effects, with one label share a row where no model holds both. Without a label here a column
#'   of the data is called by its attribute `label` (as haven and [read_panel()] leave it; a unit of measure alone
#'   stands behind the name); `labels = FALSE` shows names only.
#' @param conf.level Level of the intervals of `errors = "ci"`, default .95.
#' @param digits Decimals of coefficients, errors, t, p and statistics: a whole number from 0 to 15, default 3. A p
#'   value below the last decimal is written as `<`.
#' @param errors What stands below an estimate: `"se"` (default), `"t"` or `"p"` in parentheses, or the confidence
#'   interval `"ci"` in brackets.
#' @param statistics Rows below the coefficients, in this order: of `"n"`, `"r2"` (both by default), `"adj_r2"`,
#'   `"within_r2"`, `"f"` (the Wald F of all slopes with the table's variance), `"aic"`, `"bic"`, `"rmse"` (the root of
#'   the mean squared residual, without correction).
#' @param rows Named list of rows of your own, below all others: each one value a column, text, numbers or logical
#'   (`TRUE` is "Yes").
#' @param groups Named whole numbers, `c("All" = 2, "East" = 1)`: spans above the columns, in their order, each over so
#'   many; together all columns. `""` leaves a span without a name.
#' @param stars Levels named by their signs, default `c("*" = .1, "**" = .05, "***" = .01)`; `NULL` for none.
#' @param title,notes Title (one string) and sentences that follow the note (strings); `NULL` (default) for none.
#' @param language `"en"` or `"zh"`: the language of the table's words. Default `getOption("flowresil.language", "en")`.
#' @param differences Add a row a coefficient with p values of its difference from the first column, by
#'   [compare_groups()] (the stacked regression, which takes models of one formula)? Default: whether an [fe_compare()]
#'   in `...` asks for it.
#' @param wild Results of [wild_bootstrap()] whose p values stand in brackets below the coefficients: a list with an
#'   element a column (a result, a list of them, or `NULL`); `NULL` (default) for none.
#' @return An object of class `fe_table`: a data frame of text, one column a model. Its first row holds the
#'   outcomes (`Outcome`), its last the note (in the first column), so that [utils::write.csv()] and
#'   `as.data.frame()`, which gives it as a plain data frame, lose nothing. `$body` is the part between,
#'   `$header` the outcomes, `$note` the note. Cells may be changed, and rows added between the first and the
#'   last; what is left of it without these prints as a plain data frame.
#' @section Errors: `flowresil_error_type` where an argument is no model; `flowresil_error_argument` where it
#'   is a misspelt or unknown argument; `flowresil_error_missing_argument` without a model;
#'   `flowresil_error_term` where `show` names a term of no model, or one label
#'   stands for two terms of one model; `flowresil_error_encoding` where a name is no
#'   text in its encoding; `flowresil_error_labels` where labels have no names or one name
#'   twice; `flowresil_error_number` and
#'   `flowresil_error_digits` (`digits`); `flowresil_error_choice` (`errors`, `statistics`); `flowresil_error_language`;
#'   `flowresil_error_argument` also where `rows`, `groups`, `stars`, `title` or `notes` do not fit the table; those of
#'   [vcov.fe_model()].
#'   Message: `flowresil_message_labels`.
#' @order 1
#' @export
#' @examples
#' m1 <- fe_model(ExpRes ~ open | province, province_panel)
#' m2 <- fe_model(ExpRes ~ open + gov + edu | province + year, province_panel)
#' fe_table(m1, m2, show = "open", labels = c(ExpRes = "Export resilience", open = "Openness"))
#'
#' # To a file that a spreadsheet opens
#' file <- tempfile(fileext = ".csv")
#' write.csv(fe_table(m1, m2, digits = 4), file, row.names = FALSE)
fe_table <- function(..., show = NULL, vcov = NULL, correction = NULL, conf.level = 0.95, digits = 3,
                     errors = c("se", "t", "p", "ci"), statistics = c("n", "r2"), rows = NULL, labels = NULL,
                     groups = NULL, stars = c("*" = 0.1, "**" = 0.05, "***" = 0.01), title = NULL, notes = NULL,
                     language = getOption("flowresil.language", "en"),
                     differences = asks_differences(list(...)), wild = NULL) {
  here <- environment()
  models <- collect_models(list(...), here)
  check_level(conf.level, here, "conf.level")
  how <- list(
    digits = check_decimals(digits, here), errors = check_choice(errors, c("se", "t", "p", "ci"), "errors", here),
    stars = check_stars(stars, here), level = conf.level, language = check_language(language, here)
  )
  check_flag(differences, "differences", here)
  wild <- check_wild(wild, models, here)
  statistics <- check_statistics(statistics, here)
  rows <- check_own_rows(rows, length(models), here)
  groups <- check_groups(groups, length(models), here)
  title <- check_lines(title, "title", here, single = TRUE)
  notes <- check_lines(notes, "notes", here)
  given <- check_labels(labels, here)
  labels <- with_data_labels(given, models)
  estimates <- lapply(models, requested_variance, vcov = vcov, correction = correction, call = here)
  tables <- Map(table_of_terms, models, estimates, MoreArgs = list(level = conf.level))
  if (is.character(show)) show <- utf8_names(show, "show", here)
  terms <- terms_to_show(show, models, here)
  yes <- word(c("no", "yes"), language)
  named <- function(key) label_word(key, labels, language)
  shown <- shared_rows(terms, labels, tables, here)
  sheet <- list(
    terms = lapply(shown, function(row) rbind(coefficient_rows(row, tables, how), wild_row(row, wild, how))),
    constant = if (any(vapply(tables, has_constant, logical(1)))) {
      list(coefficient_rows(list(label = named("constant"), terms = "(Intercept)"), tables, how))
    },
    differences = if (differences) difference_rows(shown, models, vcov, correction, how, here),
    fit = lapply(statistics, function(key) {
      cell <- table_statistics()[[key]]
      c(named(key), mapply(cell, models, estimates, MoreArgs = list(digits = how$digits)))
    }),
    controls = if (!is.null(show)) {
      list(c(named("controls"), yes[1L + vapply(tables, has_controls, NA, shown = terms)]))
    },
    effects = effect_rows(models, labels, yes, language, here),
    own = Map(function(name, values) c(name, own_cells(values, how$digits, yes)), names(rows), rows)
  )
  outcomes <- vapply(unname(models), `[[`, character(1), "outcome")
  if (!isFALSE(given)) report_idle_labels(given, models, c(fixed_words("en"), fixed_words(language)))
  body <- do.call(rbind, unlist(unname(sheet), recursive = FALSE))
  body <- as.data.frame(unname(body), stringsAsFactors = FALSE)
  names(body) <- c(word("variable", language), column_labels(models))
  note <- join_notes(table_note(estimates, how), c(test_notes(wild, differences, language), notes), language)
  new_fe_table(body, relabel(outcomes, labels), note, groups, how$stars, title, language)
}

# One data frame: outcomes first, note last, the body between; the rest are attributes.
new_fe_table <- function(body, header, note, groups = NULL, stars = default_stars, title = NULL, language = "en") {
  whole <- rbind(c(word("outcome", language), header), as.matrix(body), c(note, rep("", ncol(body) - 1L)))
  whole <- as.data.frame(unname(whole), stringsAsFactors = FALSE)
  names(whole) <- names(body)
  structure(whole, class = c("fe_table", "data.frame"), groups = groups, stars = stars, title = title,
            language = language)
}

# Its parts; NULL where rows were taken out or put before or behind, so that it is a table no more.
table_parts <- function(x) {
  whole <- as.data.frame(x)
  n <- nrow(whole)
  outcome <- unlist(words()["outcome", languages()])
  if (n < 2L || ncol(whole) < 2L || !whole[[1L]][1L] %in% outcome || any(nzchar(unlist(whole[n, -1L])))) {
    return(NULL)
  }
  body <- whole[-c(1L, n), , drop = FALSE]
  rownames(body) <- NULL
  groups <- attr(x, "groups")
  stars <- attr(x, "stars")
  list(
    body = body, header = unlist(whole[1L, -1L], use.names = FALSE), note = whole[[1L]][n], title = attr(x, "title"),
    spans = if (sum(groups) == ncol(body) - 1L) rep(seq_along(groups), groups), groups = names(groups),
    stars = if (is.null(stars)) default_stars else stars
  )
}

# The lines above the body: the spans where there are some (each name in all its columns), names, outcomes.
table_head <- function(parts) {
  rbind(if (length(parts$spans)) c("", parts$groups[parts$spans]), c("", names(parts$body)[-1L]),
        c("", parts$header), deparse.level = 0)
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
      refuse_no_model(given[[i]], i, name, call)
    }
    models <- c(models, unclass(one))
  }
  if (length(models) == 0L) {
    abort_input("missing_argument", "`fe_table()` must be given a model.", arg = "...", call = call)
  }
  names(models) <- utf8_names(names(models), "...", call, "Names of models")
  models
}

# What stands in `...` and is no model: an argument that does not exist where it has a name and is no object that
# could be taken for a model.
refuse_no_model <- function(x, position, name, call) {
  named <- length(name) == 1L && nzchar(name)
  arguments <- setdiff(names(formals(fe_table)), "...")
  near <- if (named) near_name(name, arguments)
  if (named && (length(near) || !is.list(x))) {
    abort_input(
      "argument", "Every argument must be a model of this package, or one that the function knows.",
      found = paste0("`", name, "` is no argument of `fe_table()`."),
      todo = if (length(near)) paste0("Did you mean `", near, "`?") else
        paste0("Beside models it takes ", enumerate(arguments, "`", 10L), "."),
      arg = name, call = call
    )
  }
  what <- if (named) paste0("`", name, "`") else paste("Argument", position)
  if (is.list(x) && !is.object(x)) {
    odd <- which(!vapply(x, inherits, logical(1), "fe_model"))
    part <- if (length(odd)) paste0("element ", odd[1L], " is ", describe_type(x[[odd[1L]]])) else "it is empty"
    found <- paste0(what, " is a list, and ", part, ".")
  } else {
    found <- paste0(what, " is ", describe_type(x), ".")
  }
  abort_input(
    "type", "Every argument of `fe_table()` must be a model of this package, or a list of them.", found = found,
    arg = "...", call = call
  )
}

# (1), (2), ... before the names, but for names that begin with a number of their own.
column_labels <- function(models) {
  numbers <- paste0("(", seq_along(models), ")")
  labels <- names(models)
  if (is.null(labels)) return(numbers)
  ifelse(!nzchar(labels), numbers, ifelse(grepl(own_number, labels, perl = TRUE), labels, paste(numbers, labels)))
}

# "(1)", "1)", "[1]", "(2a)", "(iv)", "1.", "1" alone, "Model 1", and the Chinese ways: full-width signs, numerals in
# parentheses, circled numbers.
own_number <- paste0(
  "^\\s*([(\uff08\\[]?([0-9]+[a-z]?|[ivx]+|[IVX]+|[\u4e00\u4e8c\u4e09\u56db\u4e94\u516d\u4e03\u516b\u4e5d\u5341]+)",
  "[)\uff09\\]]|[0-9]+([.\u3001]|$)|[\u2460-\u2473]|([Mm]odel|\u6a21\u578b)\\s*[(\uff08]?[0-9])"
)
