# The replication page: published numbers and ours, cell by cell.

# One row for each published number of a table and, for constants, for each of the two definitions: column, row,
# cell ("coefficient", "error", "N", "R2"), published, digits, stars, and ours: value, p, clustered (the error
# clustered by province, or its p value), reason (where nothing can be computed).
compare_cells <- function(table, fits, correction = "dummies") {
  printed <- paper_tables[paper_tables$table == table, ]
  columns <- lapply(unique(printed$column), function(column) {
    compare_column(printed[printed$column == column, ], fits, paste(table, column, sep = "."), correction)
  })
  do.call(rbind, columns)
}

compare_column <- function(printed, fits, key, correction) {
  rows <- do.call(rbind, lapply(seq_len(nrow(printed)), function(i) {
    one <- printed[i, ]
    constants <- if (one$row == "Constant") c("dummy", "mean") else "dummy"
    do.call(rbind, lapply(constants, function(constant) {
      estimate <- read_estimate(fits[[constant]], key, term_of(one$row), correction)
      data.frame(
        key = key, column = one$column, row = one$row, constant = if (one$row == "Constant") constant else "",
        cell = c("coefficient", "error"), published = c(one$value, one$std_error),
        digits = c(one$digits, one$digits_se), stars = c(one$stars, ""),
        ours = c(estimate$value, estimate$error), p = c(estimate$p, NA),
        clustered = c(estimate$clustered_p, estimate$clustered), reason = estimate$reason
      )
    }))
  }))
  whole <- read_whole(fits$dummy, key)
  rbind(rows, data.frame(
    key = key, column = printed$column[1L], row = c("N", "R2"), constant = "", cell = c("N", "R2"),
    published = c(printed$n[1L], printed$r_squared[1L]), digits = c(0L, 3L), stars = "",
    ours = c(whole$n, whole$r_squared), p = NA, clustered = NA, reason = whole$reason
  ))
}

reason_of <- function(models, key) {
  if (!is.null(models$reason)) return(models$reason)
  if (is.null(models[[key]])) "not estimated" else ""
}

read_estimate <- function(models, key, term, correction) {
  reason <- reason_of(models, key)
  if (!nzchar(reason)) {
    model <- models[[key]]
    own <- if (is_clustered_column(key)) tidy(model, vcov = ~province, correction = correction) else tidy(model)
    clustered <- tidy(model, vcov = ~province, correction = correction)
    at <- match(term, own$term)
    if (is.na(at)) reason <- paste(term, "cannot be told apart from the other variables")
  }
  if (nzchar(reason)) return(list(value = NA, error = NA, p = NA, clustered = NA, clustered_p = NA, reason = reason))
  list(value = own$estimate[at], error = own$std.error[at], p = own$p.value[at],
       clustered = clustered$std.error[at], clustered_p = clustered$p.value[at], reason = "")
}

read_whole <- function(models, key) {
  reason <- reason_of(models, key)
  if (nzchar(reason)) return(list(n = NA, r_squared = NA, reason = reason))
  whole <- glance(models[[key]])
  list(n = whole$nobs, r_squared = whole$r.squared, reason = "")
}

# As the package's tables write numbers, "" for NA.
fixed_digits <- function(x, digits) {
  text <- mapply(flowresil:::fixed_decimals, as.double(x), digits)
  ifelse(is.na(x), "", as.character(text))
}

short_p <- function(p) {
  ifelse(is.na(p), "", ifelse(p < .001, "p < .001", paste("p =", sub("^0", "", fixed_digits(p, 3)))))
}

column_titles <- c(
  "2.1" = "(1) Data alone", "2.2" = "(2) with controls", "3.1" = "(1) PCAdata", "3.2" = "(2) 1st lag",
  "3.3" = "(3) 2nd lag", "3.4" = "(4) without three", "3.5" = "(5) log resilience", "4.1" = "(1) ISU",
  "4.2" = "(2) TED", "4.3" = "(3) central-western", "4.4" = "(4) FTZ", "4.5" = "(5) non-coastal",
  "4.6" = "(6) coastal"
)

# The table to print: (a) published weights, (b) weights estimated here.
print_cells <- function(table, a, b, title) {
  label <- ifelse(a$cell == "error", "  std. error",
    ifelse(a$row == "Constant", ifelse(a$constant == "mean", "Constant (mean)", "Constant (base)"), a$row))
  side <- function(cells) {
    text <- fixed_digits(cells$ours, cells$digits)
    text <- ifelse(cells$cell == "error", paste0("(", text, ")"), paste0(text, stars_for(cells$p)))
    difference <- fixed_digits(cells$ours - cells$published, cells$digits)
    difference <- ifelse(startsWith(difference, "-") | !nzchar(difference), difference, paste0("+", difference))
    clustered <- ifelse(cells$cell == "error", paste0("(", fixed_digits(cells$clustered, cells$digits), ")"),
                        short_p(cells$clustered))
    absent <- nzchar(cells$reason)
    # The reason stands once, in the first cell of its coefficient
    reason <- ifelse(cells$cell == "error", "", cells$reason)
    data.frame(ifelse(absent, reason, text), ifelse(absent, "", difference), ifelse(absent, "", clustered))
  }
  published <- fixed_digits(a$published, a$digits)
  published <- ifelse(a$cell == "error", paste0("(", published, ")"), paste0(published, a$stars))
  out <- data.frame(
    ifelse(duplicated(a$key), "", column_titles[a$key]), label, published, side(a), side(b)
  )
  names(out) <- c("Column", "Cell", "Published", "Ours (a)", "Diff. (a)", "Cluster (a)", "Ours (b)",
                  "Diff. (b)", "Cluster (b)")
  attr(out, "title") <- title
  out
}

no_figures <- "no provincial figures found"

# Table 1: published weights beside ours, scaled to the published sum of the indicators at hand, and as they are.
compare_weights <- function(index, filled, n_rows) {
  out <- flow_indicators[c("indicator", "label", "group", "weight")]
  at <- match(out$indicator, index$weights$indicator)
  raw <- index$weights$weight[at]
  scaled <- raw * sum(out$weight[!is.na(at)])
  cells <- as.vector(table(factor(filled$column, levels = out$indicator)))
  absent <- no_figures
  table <- data.frame(
    Indicator = out$label, Published = fixed_digits(out$weight, 4),
    Ours = ifelse(is.na(at), absent, fixed_digits(scaled, 4)),
    Difference = ifelse(is.na(at), "", sprintf("%+.4f", scaled - out$weight)),
    `Sum to 1` = fixed_digits(raw, 4), Entropy = fixed_digits(index$weights$entropy[at], 4),
    Interpolated = ifelse(is.na(at), "", sprintf("%d of %d", cells, n_rows)), check.names = FALSE
  )
  attr(table, "title") <- "Indicator weights; ours are scaled to the published sum of the same indicators"
  table
}
