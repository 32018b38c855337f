# The replication page: the paper's four tables as tables of a manuscript.

# Table 1 to 4 with our numbers in the paper's layout, named for save_table(): weights published and ours, then the
# regressions of the published weights with the errors that the paper announces (clustered in column 5 of Table 3).
paper_word_tables <- function(weights, models) {
  weights$Ours[weights$Ours == no_figures] <- ""
  clustered <- update(models[["3.5"]], vcov = ~province, correction = "dummies")
  weights <- weights[c("Indicator", "Published", "Ours", "Sum to 1", "Entropy", "Interpolated")]
  names(weights) <- c("Indicator", "Published", "Estimated, scaled", "Estimated", "Entropy", "Interpolated cells")
  columns <- function(table, keys) setNames(models[paste(table, keys, sep = ".")], NULL)
  regression <- function(models, names, title, ...) {
    fe_table(setNames(models, names), title = title, ...)
  }
  list(
    "Table 1" = as_table(
      weights, title = "Table 1. Indicators of the data flow environment and their weights",
      notes = "Scaled: to the published sum of the same indicators. Indicators without provincial figures are left out."
    ),
    "Table 2" = regression(columns(2, 1:2), c("(1)", "(2)"), "Table 2. Baseline regressions"),
    "Table 3" = regression(
      c(columns(3, 1:4), list(clustered)),
      c("(1) PCA", "(2) 1st lag", "(3) 2nd lag", "(4) Exclusion", "(5) HP filter"), "Table 3. Robustness",
      show = c("PCAdata", "l(Data, 1)", "l(Data, 2)", "Data"),
      labels = c("l(Data, 1)" = "lag1_Data", "l(Data, 2)" = "lag2_Data")
    ),
    "Table 4" = regression(
      columns(4, 1:6), c("(1)", "(2)", "(3) central-western", "(4) FTZ", "(5) Non-coastal", "(6) Coastal"),
      "Table 4. Mechanism and heterogeneity", show = "Data"
    )
  )
}
