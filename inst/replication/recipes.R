# The replication page: the same under other choices.

# Official cells that look wrong beside their neighbours. They are kept. A spike returns to the old level and is
# interpolated in one of the other recipes; a break is a new level from that year on.
odd_cells <- data.frame(
  province = c("Hainan", rep("Sichuan", 3), "Liaoning", "Guangxi", "Qinghai", "Jilin", "Shanghai"),
  year = c(2018, 2019:2021, 2015, 2021, 2019, 2021, 2021),
  variable = c(rep("cable_length", 4), "mobile_capacity", rep("tech_market_turnover", 3), "post_volume"),
  kind = c(rep("spike", 6), rep("break", 3))
)

# Each odd spell beside the year before and the year after it.
describe_odd_cells <- function(panel) {
  spells <- unique(odd_cells[c("variable", "province", "kind")])
  rows <- lapply(seq_len(nrow(spells)), function(i) {
    at <- odd_cells$province == spells$province[i] & odd_cells$variable == spells$variable[i]
    years <- range(odd_cells$year[at])
    here <- panel[panel$province == spells$province[i], ]
    value <- function(years) {
      paste(round(here[[spells$variable[i]]][match(years, here$year)]), collapse = ", ")
    }
    data.frame(
      Series = spells$variable[i], Province = spells$province[i], Years = paste(unique(years), collapse = "-"),
      `Year before` = value(years[1L] - 1), Value = value(years[1L]:years[2L]), `Year after` = value(years[2L] + 1),
      Kind = spells$kind[i], check.names = FALSE
    )
  })
  do.call(rbind, rows)
}

without_spikes <- function(panel) {
  for (i in which(odd_cells$kind == "spike")) {
    at <- panel$province == odd_cells$province[i] & panel$year == odd_cells$year[i]
    panel[[odd_cells$variable[i]]][at] <- NA
  }
  derive_variables(panel)
}

# Data in both columns of Table 2 under another recipe; `sample` is only made here, so that a recipe that the
# figures do not allow says so in its row.
recipe_row <- function(label, sample, index = "Data", correction = "dummies") {
  tryCatch(recipe_estimates(label, sample, index, correction), error = function(e) {
    data.frame(recipe = label, alone = "not estimable", alone_clustered = "", full = "", full_clustered = "", n = NA,
               alone_p = NA, full_p = NA)
  })
}

recipe_estimates <- function(label, sample, index, correction) {
  sample$Data <- sample[[index]]
  alone <- fe_model(ExpRes ~ Data | province + year, sample)
  full <- fe_model(ExpRes ~ Data + edu + open + gov + health + tec | province + year, sample)
  read <- function(model) {
    own <- tidy(model)[1L, ]
    clustered <- tidy(model, vcov = ~province, correction = correction)[1L, ]
    list(own = sprintf("%.2f%s (%.2f)", own$estimate, stars_for(own$p.value), own$std.error),
         clustered = sprintf("(%.2f) %s", clustered$std.error, short_p(clustered$p.value)), p = clustered$p.value)
  }
  one <- read(alone)
  two <- read(full)
  data.frame(recipe = label, alone = one$own, alone_clustered = one$clustered, full = two$own,
             full_clustered = two$clustered, n = nobs(full), alone_p = one$p, full_p = two$p)
}

other_recipes <- function(panel, indicators, years, main) {
  without <- function(...) indicators[!indicators$indicator %in% c(...), ]
  equal <- data_flow_index(main$data, indicators, province, year, method = "equal")
  equal <- with_column(main$data, equal, "index", "Data")
  later <- derive_variables(panel, "gdp_v2026")
  rows <- list(
    recipe_row("as on this page, published weights", main$data),
    recipe_row("weights estimated here", main$data, "Data_estimated"),
    recipe_row("equal weights", equal),
    recipe_row("first component alone, standardised", with_column(
      main$data, data_flow_index(main$data, indicators, province, year, method = "pca", components = 1), "index", "Data"
    )),
    recipe_row("ends extrapolated linearly", build_sample(panel, indicators, years, ends = "linear")$data),
    recipe_row("spikes interpolated", build_sample(without_spikes(panel), indicators, years)$data),
    recipe_row("without post and telecom volume",
               build_sample(panel, without("post_volume", "telecom_volume"), years)$data),
    recipe_row("without internet users", build_sample(panel, without("internet_users"), years)$data),
    recipe_row("min-max within each year", build_sample(panel, indicators, years, scope = "period")$data),
    recipe_row("later vintage of output", build_sample(later, indicators, years)$data),
    recipe_row("2013 and later", build_sample(panel, indicators, years[years >= 2013])$data),
    recipe_row("to 2019, trade as printed", build_sample(panel, indicators, years[years <= 2019])$data)
  )
  do.call(rbind, rows)
}
