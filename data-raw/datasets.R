# Builds data/*.rda from inst/extdata/*.csv. Base R only.
# Run in the package root: Rscript data-raw/datasets.R

read_extdata <- function(file, ...) {
  read.csv(file.path("inst", "extdata", file), comment.char = "#", encoding = "UTF-8", ...)
}

# version = 2: the package does not come to depend on R >= 3.5.0 through its data
save_dataset <- function(name) {
  save(list = name, envir = globalenv(), compress = "xz", version = 2,
       file = file.path("data", paste0(name, ".rda")))
}

# provinces -------------------------------------------------------------------------------------
provinces <- read_extdata("provinces.csv")

# province_panel --------------------------------------------------------------------------------
official <- read_extdata("province_panel.csv")
series <- setdiff(names(official), c("province", "year"))
# Whole-numbered series arrive as integers, and sum() of those overflows (exports in 10 000 USD)
official[series] <- lapply(official[series], as.double)
# method = "radix": the same order in every locale
official <- official[order(official$province, official$year, method = "radix"), ]
rownames(official) <- NULL

place <- provinces[match(official$province, provinces$province), ]
rates <- read_extdata("usd_cny.csv")
province_panel <- data.frame(
  official[c("province", "year")],
  place[c("adcode", "region", "location", "ftz_year")],
  official[series],
  usd_cny = rates$usd_cny[match(official$year, rates$year)],
  row.names = NULL
)

is_base <- official$year == 2008
base_exports <- official$exports[is_base][match(official$province, official$province[is_base])]
province_panel <- within(province_panel, {
  TED <- 100 * rd_expenditure / gdp
  ISU <- tertiary_value_added / gdp
  tec <- tech_market_turnover / gdp
  health <- log(medical_institutions)
  # trade is in 10 000 USD, gdp in 100 million yuan
  open <- (exports + imports) * usd_cny / 1e4 / gdp
  gov <- budget_expenditure / gdp
  edu <- education_expenditure / budget_expenditure
  ExpRes <- exports / base_exports - 1 # nolint: object_name_linter. The paper's name.
})

# flow_indicators -------------------------------------------------------------------------------
flow_indicators <- read_extdata("flow_indicators.csv")
flow_indicators$first_year <- as.integer(sub("[-,].*", "", flow_indicators$years))
flow_indicators$last_year <- as.integer(sub(".*[-, ]", "", flow_indicators$years))
flow_indicators <- flow_indicators[c("indicator", "label", "group", "direction", "weight",
                                     "official", "first_year", "last_year", "years", "unit")]

# paper_tables ----------------------------------------------------------------------------------
# Read as text: the printed decimals (4.780 has three) are lost in a number
decimals <- function(text) ifelse(is.na(text), NA, nchar(sub("^[^.]*[.]?", "", text)))
printed <- read_extdata("paper_tables.csv", colClasses = "character")
paper_tables <- data.frame(
  table = as.integer(printed$table),
  column = as.integer(printed$column),
  printed[c("outcome", "sample", "row")],
  value = as.double(printed$value),
  std_error = as.double(printed$std_error),
  stars = printed$stars,
  n = as.integer(printed$n),
  r_squared = as.double(printed$r_squared),
  digits = as.integer(decimals(printed$value)),
  digits_se = as.integer(decimals(printed$std_error))
)

for (name in c("province_panel", "provinces", "flow_indicators", "paper_tables")) {
  save_dataset(name)
}
