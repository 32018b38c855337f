# Entropy weights of a table: two scans that give one row each.

# What fit_entropy() gives of a matrix: list(n, entropy, divergence, weight, uninformative).
entropy_of_table <- function(source, direction, normalise, offset, call) {
  names <- source_names(source)
  tally <- new_tally()
  in_transactions(source, {
    look <- look_at_indicators(source, names, tally, call)
    refuse_few_rows(look$n, call)
    ends <- rbind(look$low, look$high)
    colnames(ends) <- names
    check_normalisation(ends, direction, normalise, weighting_entropy(offset), call)
    spread <- look$high - look$low
    constant <- spread <= look$n * .Machine$double.eps * pmax(abs(look$low), abs(look$high))
    recipe <- indicator_recipe(look, direction, normalise$name, offset)
    divergence <- numeric(length(names))
    if (!all(constant)) {
      divergence[!constant] <- table_divergence(source, lapply(recipe, `[`, !constant), names[!constant], look$n,
                                                tally, call)
    }
  }, call)
  uninformative <- !(divergence > 0)
  refuse_all_constant(uninformative, call)
  list(n = look$n, entropy = 1 - divergence, divergence = divergence, weight = divergence / sum(divergence),
       uninformative = uninformative)
}

# Rows, smallest, largest and mean value of each indicator; what is no finite number is refused.
look_at_indicators <- function(source, names, tally, call) {
  found <- lapply(source$parts, function(part) {
    odd <- engines()[[part$engine]]$odd
    refuse_untyped_indicators(names, part, call)
    select <- unlist(lapply(names, function(name) {
      x <- sql_double(name, part)
      c(paste0("COUNT(", x, ")"), paste0("MIN(", x, ")"), paste0("MAX(", x, ")"), paste0("AVG(", x, ")"),
        if (is.null(odd)) "0" else paste0("SUM(CASE WHEN ", odd(sql_columns(name, part)), " THEN 1 ELSE 0 END)"))
    }))
    statement <- paste0("SELECT COUNT(*) AS n, ", paste0(select, " AS c", seq_along(select), collapse = ", "), " FROM ",
                        part$from)
    values <- vapply(fetch_few(part, statement, tally, call), as.double, 1)
    list(n = values[[1L]], table = matrix(values[-1L], 5L))
  })
  n <- vapply(found, `[[`, 1, "n")
  found <- found[n > 0]
  if (length(found) == 0L) {
    abort_input("empty", "`x` must have at least one row.", found = "The table has 0 rows.", arg = "x", call = call)
  }
  row <- function(i) do.call(rbind, lapply(found, function(part) part$table[i, ]))
  n <- n[n > 0]
  refuse_indicator_values(names, colSums(row(5L)) > 0, row(1L) < n | is.nan(row(3L)),
                          is.infinite(row(2L)) | is.infinite(row(3L)), call)
  list(n = sum(n), low = apply(row(2L), 2L, min), high = apply(row(3L), 2L, max), mean = colSums(row(4L) * n) / sum(n))
}

refuse_untyped_indicators <- function(names, part, call) {
  class <- part$columns$class[match(names, part$columns$name)]
  text <- names[!class %in% c("", "numeric", "integer", "integer64", "logical")]
  if (length(text) == 0L) return(invisible())
  refuse_indicator("type", text[1L], "numbers", paste0("It is ", class[match(text[1L], names)], "."), call)
}

refuse_indicator_values <- function(names, odd, missing, infinite, call) {
  first <- function(which) names[which(which)[1L]]
  missing <- colSums(missing) > 0
  infinite <- colSums(infinite) > 0
  if (any(odd)) refuse_indicator("type", first(odd), "numbers", "It holds text.", call)
  if (any(missing)) {
    refuse_indicator("missing_value", first(missing), "a number in every row", "There are missing values.", call)
  }
  if (any(infinite)) refuse_indicator("infinite", first(infinite), "finite numbers", "There are infinite values.", call)
}

refuse_indicator <- function(class, name, what, found, call) {
  abort_input(class, paste0("Column `", name, "` must hold ", what, "."), found = found,
              todo = "Fill, leave out or convert such rows by a verb of dplyr.", arg = "x", columns = name, call = call)
}

# Normalised values as lines of the columns: sign * (x - from) / by + offset, with their mean.
indicator_recipe <- function(look, direction, normalise, offset) {
  one <- rep(1, length(look$low))
  lines <- switch(normalise,
    minmax = list(sign = direction, from = ifelse(direction > 0, look$low, look$high), by = look$high - look$low),
    share = list(sign = one, from = 0 * one, by = look$n * look$mean),
    none = list(sign = one, from = 0 * one, by = one)
  )
  lines$offset <- offset * one
  lines$mean <- lines$sign * (look$mean - lines$from) / lines$by + offset
  lines
}

# d = mean(phi(r)) / ln n of r = y / mean(y), phi(r) = r ln r - r + 1: no difference of nearly equal numbers. What
# rounding leaves of the mean of r from one is taken out.
table_divergence <- function(source, recipe, names, n, tally, call) {
  sums <- 0
  for (part in source$parts) {
    ln <- engines()[[part$engine]]$ln
    r <- vapply(seq_along(names), function(j) {
      line <- lapply(recipe, `[`, j)
      paste0("(((", sql_double(names[j], part), " - ", sql_bracket(line$from), ") * ",
             sql_bracket(line$sign / line$by), " + ", sql_bracket(line$offset), ") / ", sql_bracket(line$mean), ")")
    }, "")
    inner <- paste0("SELECT ", paste0(r, " AS r", seq_along(r), collapse = ", "), " FROM ", part$from)
    at <- paste0("r", seq_along(r))
    phi <- paste0("SUM(CASE WHEN ", at, " > 0 THEN ", at, " * ", ln, "(CASE WHEN ", at, " > 0 THEN ", at,
                  " ELSE 1E0 END) - ", at, " + 1E0 ELSE 1E0 END)")
    select <- c(phi, paste0("SUM(", at, ")"))
    statement <- paste0("SELECT ", paste0(select, " AS s", seq_along(select), collapse = ", "), " FROM (", inner,
                        ") AS fr_r")
    found <- vapply(fetch_few(part, statement, tally, call), as.double, 1)
    found[is.na(found)] <- 0 # a part without rows
    sums <- sums + found
  }
  k <- length(names)
  phi <- sums[seq_len(k)] / n
  mean <- sums[k + seq_len(k)] / n
  divergence <- (phi + (mean - 1) - mean * log1p(mean - 1)) / mean / log(n)
  pmin(pmax(divergence, 0), 1)
}

sql_bracket <- function(x) paste0("(", sql_number(x), ")")
