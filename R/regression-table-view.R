# The view of a model of a table: what is asked for reads the table again, each grouping once.

table_view <- function(object, call) {
  view <- new.env(parent = emptyenv())
  view$call <- call
  view$tally <- new_tally()
  view$bread <- coefficient_basis(object)
  view$residual_squares <- object$residual_squares
  view$coefficients <- object$coefficients
  view$counts <- sample_counts(object)
  view$redundant <- function(exact) object$table$redundant[[if (exact) "exact" else "pairs"]]
  view$groups <- function(columns) table_groups(object, columns, view$tally, call)
  view$nested <- function(groups) {
    if (is.null(groups)) rep(FALSE, length(object$effects$n_levels)) else groups$nested
  }
  view$score_products <- function(groups = NULL) {
    if (is.null(groups)) products_by_row(object, view$tally, call) else groups$products
  }
  refused <- c("place", "times", "numbers", "residuals", "leverage_squares", "bias_reduced", "jackknife", "levels",
               "scores", "score_products_by", "near_products", "score_sums", "cluster_products")
  for (name in refused) assign(name, function(...) refuse_table_variance(call), view)
  structure(view, class = "fe_view")
}

refuse_table_variance <- function(call) {
  abort_input(c("vcov", "database"), paste0("The variance of a table's model must be \"iid\", \"HC0\", \"HC1\", ",
                                            "clustered in one dimension, or given."),
              found = "This one needs rows together.", todo = "`collect()` the columns (package dplyr).", arg = "vcov",
              call = call)
}

# Sums of products of the scores by row.
products_by_row <- function(object, tally, call) {
  scores <- score_columns(object)
  found <- 0
  read_scores(object, tally, call, function(piece, solution, threads) {
    found <<- found + core(cpp_score_squares, piece, solution, scores, integer(), 0L, threads, call = call)
  })
  found
}

# Groups of the rows used with what one read says of them: list(name, columns, n, nested, products).
table_groups <- function(object, columns, tally, call) {
  check_column_names(columns, object$data, "vcov", call = call)
  query <- object$table$query
  by_unit <- !is.null(query$large) && identical(columns, query$effects[[query$large]])
  groups <- new.env(parent = emptyenv())
  groups$n <- 0
  groups$sums <- NULL
  groups$products <- 0
  dictionary <- new_dictionary()
  seen <- list()
  at <- match(names(object$effects$columns), label_effects(query$effects))
  nested <- rep(TRUE, length(at))
  scores <- score_columns(object)
  read_scores(object, tally, call, function(piece, solution, threads) {
    if (by_unit) {
      code <- groups$n + piece$codes[[1L]] + 1
      groups$n <- groups$n + piece$n_levels[1L]
      groups$products <- groups$products +
        core(cpp_score_squares, piece, solution, scores, piece$codes[[1L]], piece$n_levels[1L], threads, call = call)
    } else {
      code <- encode(dictionary, cluster_keys(piece, columns, call))
      groups$n <- length(dictionary$known)
      here <- unique(code)
      sums <- core(cpp_cluster_sums, piece, solution, scores, match(code, here) - 1L, length(here), threads,
                   call = call)
      if (is.null(groups$sums)) groups$sums <- matrix(0, nrow(sums), 0L)
      if (groups$n > ncol(groups$sums)) {
        wide <- max(groups$n, 2L * ncol(groups$sums))
        groups$sums <- cbind(groups$sums, matrix(0, nrow(sums), wide - ncol(groups$sums)))
      }
      groups$sums[, here] <- groups$sums[, here] + sums
    }
    for (e in seq_along(at)) {
      if (!nested[e]) next
      if (at[e] == query$large) {
        if (!by_unit) nested[e] <<- one_code_each(piece$codes[[1L]] + 1L, code, NULL)$nested
      } else {
        found <- one_code_each(piece$small[[at[e]]], code, if (e <= length(seen)) seen[[e]])
        nested[e] <<- found$nested
        seen[[e]] <<- found$seen
      }
    }
  }, clusters = columns)
  if (!by_unit) groups$products <- tcrossprod(groups$sums)
  list(name = paste(columns, collapse = "^"), columns = columns, n = as.integer(groups$n), nested = nested,
       products = groups$products)
}

# Has each level one code, also among those `seen` before (by level; 0: none yet)?
one_code_each <- function(level, code, seen) {
  if (max(level) > length(seen)) seen <- c(seen, numeric(max(level) - length(seen)))
  first <- which(!duplicated(level))
  fresh <- first[seen[level[first]] == 0]
  seen[level[fresh]] <- code[fresh]
  list(nested = all(seen[level] == code), seen = seen)
}

cluster_keys <- function(piece, columns, call) {
  lapply(seq_along(columns), function(i) {
    key <- piece$used(paste0("k", i))
    if (anyNA(key)) refuse_missing_key(columns[i], "the groups", "vcov", call)
    key
  })
}

# One read of a fitted table.
read_scores <- function(object, tally, call, take, clusters = character()) {
  in_transactions(object$table$query$source, visit_table(object$table, tally, call, take, clusters), call)
}
