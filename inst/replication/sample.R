# The replication page: the paper's variables, index and resilience.

# The paper's variables from their parts. `gdp` names the vintage of output.
derive_variables <- function(panel, gdp = "gdp") {
  output <- panel[[gdp]]
  tertiary <- panel[[sub("gdp", "tertiary_value_added", gdp, fixed = TRUE)]]
  base <- panel[panel$year == 2008, ]
  base_exports <- base$exports[match(panel$province, base$province)]
  panel$ExpRes <- panel$exports / base_exports - 1
  panel$edu <- panel$education_expenditure / panel$budget_expenditure
  panel$gov <- panel$budget_expenditure / output
  panel$open <- (panel$exports + panel$imports) * panel$usd_cny / 1e4 / output # 10 000 USD to 100 million yuan
  panel$health <- log(panel$medical_institutions)
  panel$tec <- panel$tech_market_turnover / output
  panel$ISU <- tertiary / output
  panel$TED <- 100 * panel$rd_expenditure / output
  panel
}

# 2009 to the last year in which every province has exports.
sample_years <- function(panel) {
  known <- tapply(!is.na(panel$exports), panel$year, all)
  2009:max(as.integer(names(known)[known]))
}

# Indicators of Table 1 with figures in at least five years of the sample in every province.
usable_indicators <- function(panel, years, at_least = 5L) {
  here <- panel[panel$year %in% years, ]
  years_known <- vapply(flow_indicators$indicator, function(name) {
    if (is.null(here[[name]])) return(0L)
    as.integer(min(tapply(!is.na(here[[name]]), as.character(here$province), sum)))
  }, integer(1))
  flow_indicators[years_known >= at_least, ]
}

# A column of a result (an index, a resilience) beside the sample, by province and year.
with_column <- function(sample, result, column, name) {
  result <- as.data.frame(result)[c("province", "year", column)]
  names(result)[3L] <- name
  merge(sample[setdiff(names(sample), name)], result, by = c("province", "year"))
}

# The nine indicators (or more) and the ratio with gaps interpolated, the index three ways, resilience both ways.
build_sample <- function(panel, indicators, years, ends = "constant", scope = "pooled") {
  sample <- panel[panel$year %in% years, ]
  gaps <- c(indicators$indicator, "tec", if (anyNA(sample$open)) "open")
  sample <- interpolate_panel(sample, gaps, province, year, ends = ends)
  filled <- attr(sample, "filled")

  published <- setNames(indicators$weight, indicators$indicator)
  by_paper <- data_flow_index(sample, indicators, province, year, weights = published, scope = scope)
  by_entropy <- data_flow_index(sample, indicators, province, year, method = "entropy", scope = scope)
  # Weights estimated here are scaled to the published sum, so that both indices have the same range
  estimated <- weights(by_entropy) * sum(published)
  by_estimate <- data_flow_index(sample, indicators, province, year, weights = estimated, scope = scope)
  by_pca <- data_flow_index(sample, indicators, province, year, method = "pca")
  base <- export_resilience(panel[panel$year %in% c(2008, years), ], exports, province, year, base = 2008)
  hp <- export_resilience(sample, exports, province, year, method = "hp", lambda = 6.25, transform = "log_abs")

  sample <- with_column(sample, by_paper, "index", "Data")
  sample <- with_column(sample, by_estimate, "index", "Data_estimated")
  sample <- with_column(sample, by_pca, "index", "PCAdata")
  sample <- with_column(sample, base, "resilience", "ExpRes")
  sample <- with_column(sample, hp, "resilience", "log_resilience")

  list(data = sample, filled = filled, by_paper = by_paper, by_entropy = by_entropy, by_estimate = by_estimate,
       by_pca = by_pca, base = base, hp = hp)
}
