# The replication page: the coefficients of the index, and what becomes of the paper's conclusions.

# Estimate and 95 % interval of Data in each column: published, ours classical and clustered, for one weighting.
# Published intervals take the t distribution of the residual degrees of freedom, or t(29) where clustered.
index_coefficients <- function(fits, correction = "dummies") {
  models <- fits$dummy
  printed <- index_rows()
  rows <- lapply(seq_len(nrow(printed)), function(i) {
    key <- printed$key[i]
    if (nzchar(reason_of(models, key))) return(NULL)
    read <- function(...) {
      table <- tidy(models[[key]], conf.int = TRUE, ...)
      table[match(term_of(printed$row[i]), table$term), ]
    }
    classical <- read()
    clustered <- read(vcov = ~province, correction = correction)
    own <- if (is_clustered_column(key)) clustered else classical
    half <- qt(.975, printed$df[i]) * printed$std_error[i]
    data.frame(
      key = key, published = printed$value[i], published_low = printed$value[i] - half,
      published_high = printed$value[i] + half, published_p = printed$p[i], published_stars = printed$stars[i],
      digits = printed$digits[i], ours = own$estimate, classical_error = classical$std.error,
      classical_low = classical$conf.low, classical_high = classical$conf.high, classical_p = classical$p.value,
      own_p = own$p.value, clustered_error = clustered$std.error, clustered_low = clustered$conf.low,
      clustered_high = clustered$conf.high, clustered_p = clustered$p.value
    )
  })
  do.call(rbind, rows)
}

# The rows of paper_tables that hold the index, with key and degrees of freedom.
index_rows <- function() {
  checked <- check_stars()
  checked[checked$row %in% c("Data", "PCAdata", "lag1_Data", "lag2_Data"), ]
}

# A sentence for each column: what agrees with the published coefficient and what does not.
describe_agreement <- function(both, table) {
  rows <- both[startsWith(both$key, paste0(table, ".")), ]
  said <- function(stars) c("no stars", "one star", "two stars", "three stars")[nchar(stars) + 1L]
  vapply(seq_len(nrow(rows)), function(i) {
    r <- rows[i, ]
    stars <- stars_for(r$own_p)
    inside <- r$published >= r$clustered_low && r$published <= r$clustered_high
    sprintf(
      "- **%s**: %s, published %s. %s; the published value lies %s our clustered 95 %% interval; %s.",
      column_titles[[r$key]], fixed_digits(r$ours, r$digits), fixed_digits(r$published, r$digits),
      if (sign(r$ours) == sign(r$published)) "Same sign" else "The opposite sign",
      if (inside) "inside" else "outside",
      if (stars == r$published_stars) paste(said(stars), "in both") else
        paste0(said(stars), " here, ", said(r$published_stars), " there")
    )
  }, character(1))
}

# p values of the index in all columns: published, ours classical and clustered, both weightings.
compare_significance <- function(a, b, fits) {
  other <- index_coefficients(fits, correction = "fixest")
  show <- function(p) paste0(sub("^p (= )?", "", short_p(p)), stars_for(p))
  data.frame(
    Table = sub("[.].*", "", a$key), Column = column_titles[a$key],
    Published = show(a$published_p), `Classical (a)` = show(a$classical_p), `Clustered (a)` = show(a$clustered_p),
    `Clustered, fixest (a)` = show(other$clustered_p), `Classical (b)` = show(b$classical_p),
    `Clustered (b)` = show(b$clustered_p), check.names = FALSE, row.names = NULL
  )
}

# The paper's conclusions and the columns that each rests on.
paper_claims <- list(
  "Data raises resilience (hypothesis 1), without controls" = "2.1",
  "Data raises resilience (hypothesis 1), with controls" = "2.2",
  "It does so with another index (PCA)" = "3.1",
  "It does so with a lag of one and of two years" = c("3.2", "3.3"),
  "It does so without Beijing, Shanghai and Guangdong" = "3.4",
  "It does so for the Hodrick-Prescott measure" = "3.5",
  "Data moves industrial structure (hypothesis 2)" = "4.1",
  "Data moves research intensity (hypothesis 3)" = "4.2",
  "Effect in the central and western provinces" = "4.3",
  "Effect in provinces with a free-trade zone" = "4.4",
  "Effect inland and on the coast alike" = c("4.5", "4.6")
)

# Does each claim hold at the 5 percent level with errors clustered by province?
judge_claims <- function(a, b) {
  judge <- function(cells, keys, p) {
    good <- cells[[p]][match(keys, cells$key)] < .05 & cells$ours[match(keys, cells$key)] > 0
    if (anyNA(good)) "not estimated" else if (all(good)) "yes" else if (any(good)) "in part" else "no"
  }
  judged <- function(cells, p) vapply(paper_claims, judge, character(1), cells = cells, p = p)
  columns <- vapply(paper_claims, function(keys) {
    paste0(sub("[.].*", "", keys[1L]), " ", paste0("(", sub(".*[.]", "", keys), ")", collapse = ", "))
  }, character(1))
  data.frame(
    Claim = names(paper_claims), Columns = columns, `Classical (a)` = judged(a, "classical_p"),
    `Clustered (a)` = judged(a, "clustered_p"), `Classical (b)` = judged(b, "classical_p"),
    `Clustered (b)` = judged(b, "clustered_p"), check.names = FALSE, row.names = NULL
  )
}
