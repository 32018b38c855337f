read_extdata <- function(file, ...) {
  path <- system.file("extdata", file, package = "flowresil", mustWork = TRUE)
  read.csv(path, comment.char = "#", encoding = "UTF-8", ...)
}

# "2008-2013, 2016" -> 2008 ... 2013 2016
expand_years <- function(text) {
  unlist(lapply(strsplit(strsplit(text, ", ")[[1]], "-"), function(ends) {
    seq(as.integer(ends[1]), as.integer(ends[length(ends)]))
  }))
}

panel <- province_panel

provinces_by_year <- function(column) {
  tapply(!is.na(panel[[column]]), panel$year, sum)
}

national <- function(column, years) {
  sums <- tapply(panel[[column]], panel$year, sum)
  as.vector(sums[as.character(years)])
}

derived <- c("ExpRes", "edu", "gov", "open", "health", "tec", "ISU", "TED")

# The data sets are what the shipped files say ---------------------------------------------------

test_that("the panel is balanced: 30 provinces in 16 years, each pair once, in order", {
  expect_identical(nrow(province_panel), 480L)
  expect_false(anyDuplicated(province_panel[c("province", "year")]) > 0)
  expect_true(all(table(province_panel$province, province_panel$year) == 1))
  expect_setequal(province_panel$province, provinces$province)
  expect_identical(unique(province_panel$year), 2008:2023)
  expect_identical(
    order(province_panel$province, province_panel$year, method = "radix"), seq_len(480)
  )
})

test_that("every official figure equals the one in the shipped file", {
  file <- read_extdata("province_panel.csv")
  series <- setdiff(names(file), c("province", "year"))
  row <- match(
    paste(province_panel$province, province_panel$year), paste(file$province, file$year)
  )
  for (column in series) {
    expect_identical(province_panel[[column]], as.double(file[[column]][row]), label = column)
  }
})

test_that("codes, groups and exchange rates are those of their files", {
  places <- read_extdata("provinces.csv")
  expect_identical(provinces, places)
  at <- match(province_panel$province, places$province)
  for (column in c("adcode", "region", "location", "ftz_year")) {
    expect_identical(province_panel[[column]], places[[column]][at], label = column)
  }
  rates <- read_extdata("usd_cny.csv")
  expect_identical(
    province_panel$usd_cny, rates$usd_cny[match(province_panel$year, rates$year)]
  )
})

test_that("the indicators and the published tables are those of their files", {
  file <- read_extdata("flow_indicators.csv")
  expect_identical(flow_indicators[names(file)], file)
  file <- read_extdata("paper_tables.csv", colClasses = "character")
  expect_identical(paper_tables[c("outcome", "sample", "row", "stars")],
                   file[c("outcome", "sample", "row", "stars")])
  for (column in c("table", "column", "n", "value", "std_error", "r_squared")) {
    expect_equal(paper_tables[[column]], as.numeric(file[[column]]), tolerance = 0, label = column)
  }
})

test_that("printing a published number with its digits gives the text of the file", {
  file <- read_extdata("paper_tables.csv", colClasses = "character")
  expect_identical(sprintf("%.*f", paper_tables$digits, paper_tables$value), file$value)
  has_se <- !is.na(file$std_error)
  with_se <- paper_tables[has_se, ]
  expect_identical(sprintf("%.*f", with_se$digits_se, with_se$std_error), file$std_error[has_se])
  expect_true(all(is.na(paper_tables$digits_se[!has_se])))
})

test_that("each shipped file states its source in its first line, and only there", {
  files <- c("province_panel", "series", "derived_cells", "provinces", "usd_cny",
             "flow_indicators", "paper_tables")
  for (file in paste0(files, ".csv")) {
    path <- system.file("extdata", file, package = "flowresil", mustWork = TRUE)
    lines <- readLines(path, encoding = "UTF-8")
    expect_match(lines[1], "^# source: .{20}", label = file)
    # A second # would cut a line short when it is read
    expect_false(any(grepl("#", lines[-1], fixed = TRUE)), label = file)
  }
})

# Coverage ---------------------------------------------------------------------------------------

test_that("each series covers the years and cells that series.csv claims", {
  series <- read_extdata("series.csv")
  file <- read_extdata("province_panel.csv", nrows = 1)
  expect_identical(series$variable, setdiff(names(file), c("province", "year")))
  for (i in seq_len(nrow(series))) {
    found <- provinces_by_year(series$variable[i])
    years <- as.integer(names(found)[found > 0])
    expect_identical(years, expand_years(series$years[i]), label = series$variable[i])
    expect_identical(sum(found), series$cells[i], label = series$variable[i])
  }
})

test_that("a year has all 30 provinces or none, but for the later tertiary vintage", {
  for (column in c(read_extdata("series.csv")$variable, "usd_cny", derived)) {
    found <- as.vector(provinces_by_year(column))
    expected <- if (column == "tertiary_value_added_v2026") {
      rep(c(10L, 30L), each = 8)
    } else {
      ifelse(found > 0, 30L, 0L)
    }
    expect_identical(found, expected, label = column)
  }
})

test_that("each official indicator covers the years of flow_indicators; the others have none", {
  for (i in seq_len(nrow(flow_indicators))) {
    this <- flow_indicators[i, ]
    if (!this$official) {
      expect_false(this$indicator %in% names(province_panel))
      expect_true(is.na(this$years) && is.na(this$first_year) && is.na(this$last_year))
      next
    }
    found <- provinces_by_year(this$indicator)
    years <- as.integer(names(found)[found == 30])
    expect_identical(years, expand_years(this$years), label = this$indicator)
    expect_identical(range(years), c(this$first_year, this$last_year), label = this$indicator)
  }
})

test_that("units of the indicators are those of the series", {
  series <- read_extdata("series.csv")
  official <- flow_indicators[flow_indicators$official, ]
  expect_identical(official$unit, series$unit[match(official$indicator, series$variable)])
})

test_that("derived variables are missing just where a part of them is", {
  missing_years <- function(column) names(which(provinces_by_year(column) == 0))
  expect_identical(missing_years("tec"), c("2008", "2009"))
  expect_identical(missing_years("ExpRes"), "2023")
  expect_identical(missing_years("open"), "2023")
  for (column in c("edu", "gov", "health", "ISU", "TED")) {
    expect_identical(missing_years(column), character(), label = column)
  }
})

test_that("derived_cells.csv names existing cells once, and as many as series.csv counts", {
  cells <- read_extdata("derived_cells.csv")
  expect_identical(nrow(cells), 697L)
  expect_false(anyDuplicated(cells[c("province", "year", "variable")]) > 0)
  at <- match(
    paste(cells$province, cells$year), paste(province_panel$province, province_panel$year)
  )
  values <- as.matrix(province_panel[unique(cells$variable)])
  expect_false(anyNA(values[cbind(at, match(cells$variable, colnames(values)))]))
  series <- read_extdata("series.csv")
  counted <- table(factor(cells$variable, series$variable))
  expect_identical(series$basis == "official", as.vector(counted == 0))
  whole <- series$basis == "derived"
  expect_identical(as.vector(counted)[whole], series$cells[whole])
  claimed <- vapply(series$basis[!whole], function(text) {
    sum(as.integer(unlist(regmatches(text, gregexpr("[0-9]+", text)))))
  }, 0L, USE.NAMES = FALSE)
  expect_identical(as.vector(counted)[!whole], claimed)
})

test_that("the six cells of unverified vintage are Jilin's tertiary sector, 2008-2013", {
  cells <- read_extdata("derived_cells.csv")
  doubtful <- cells[cells$basis == "unverified", ]
  expect_identical(unique(doubtful$province), "Jilin")
  expect_identical(unique(doubtful$variable), "tertiary_value_added")
  expect_identical(doubtful$year, 2008:2013)
})

# Identities -------------------------------------------------------------------------------------

test_that("derived variables follow from their parts", {
  for (province in provinces$province) {
    p <- province_panel[province_panel$province == province, ]
    export_2008 <- p$exports[p$year == 2008]
    expect_equal(p$ExpRes, (p$exports - export_2008) / export_2008, tolerance = 1e-12)
    expect_equal(p$edu * p$budget_expenditure, p$education_expenditure, tolerance = 1e-12)
    expect_equal(p$gov * p$gdp, p$budget_expenditure, tolerance = 1e-12)
    # 10 000 USD x yuan per USD = 10 000 yuan; gdp x 10 000 = 10 000 yuan
    expect_equal(p$open * p$gdp * 1e4, p$usd_cny * (p$exports + p$imports), tolerance = 1e-12)
    expect_equal(exp(p$health), p$medical_institutions, tolerance = 1e-12)
    expect_equal(p$tec * p$gdp, p$tech_market_turnover, tolerance = 1e-12)
    expect_equal(p$ISU * p$gdp, p$tertiary_value_added, tolerance = 1e-12)
    expect_equal(p$TED * p$gdp / 100, p$rd_expenditure, tolerance = 1e-12)
  }
})

test_that("Anhui in 2009 done by hand", {
  at <- function(province, column, year) {
    province_panel[[column]][province_panel$province == province & province_panel$year == year]
  }
  expect_identical(at("Anhui", "exports", 2008), 1075285)
  expect_identical(at("Anhui", "exports", 2009), 842335)
  # 842335 / 1075285 = .78336...
  expect_equal(at("Anhui", "ExpRes", 2009), -0.21664, tolerance = 1e-5)
  expect_equal(at("Anhui", "edu", 2009), 323.79 / 2141.92, tolerance = 1e-12)
  # (842335 + 723185.8) x 6.831 / 10 000 / 10864.7
  expect_equal(at("Anhui", "open", 2009), 0.098430, tolerance = 1e-5)
})

test_that("resilience is zero in the base year and never below -1", {
  expect_true(all(province_panel$ExpRes[province_panel$year == 2008] == 0))
  expect_gt(min(province_panel$ExpRes, na.rm = TRUE), -1)
})

test_that("shares lie between 0 and 1, ratios are positive, TED is in percent", {
  for (column in c("edu", "gov", "ISU", "tec")) {
    expect_gt(min(province_panel[[column]], na.rm = TRUE), 0, label = column)
    expect_lt(max(province_panel[[column]], na.rm = TRUE), 1, label = column)
  }
  expect_gt(min(province_panel$open, na.rm = TRUE), 0)
  expect_lt(max(province_panel$open, na.rm = TRUE), 2)
  expect_gt(min(province_panel$TED), 0.2)
  expect_lt(max(province_panel$TED), 7)
})

test_that("every official figure is positive and finite", {
  values <- as.matrix(province_panel[read_extdata("series.csv")$variable])
  expect_true(all(is.finite(values) | is.na(values)))
  expect_gt(min(values, na.rm = TRUE), 0)
})

test_that("a part is below its whole, in each vintage", {
  p <- province_panel
  expect_true(all(p$tertiary_value_added < p$gdp))
  expect_true(all(p$tertiary_value_added_v2026 < p$gdp_v2026, na.rm = TRUE))
  expect_true(all(p$education_expenditure < p$budget_expenditure))
  expect_true(all(p$budget_expenditure < p$gdp))
  expect_true(all(p$rd_expenditure < p$gdp))
})

test_that("the two vintages of gdp differ by less than a tenth", {
  ratio <- province_panel$gdp_v2026 / province_panel$gdp
  expect_gt(min(ratio), 0.98)
  expect_lt(max(ratio), 1.10)
})

# National plausibility --------------------------------------------------------------------------

test_that("trade by origin and destination and by operating unit have one national sum", {
  gap <- function(years) {
    by_place <- national("exports", years) + national("imports", years)
    max(abs(by_place / national("trade_total_operating_unit", years) - 1))
  }
  expect_lt(gap(c(2008:2014, 2016:2020)), 5e-4)
  # The early release of 2021-2022
  expect_lt(gap(2021:2022), 1e-2)
})

test_that("exports of the 30 provinces fall short of China's customs totals by Tibet only", {
  # Billion USD, China's customs statistics. Tibet exports .1 to .2 percent of them.
  customs <- c(1430.7, 1201.6, 1577.8, 2273.5, 2499.5)
  ours <- national("exports", c(2008, 2009, 2010, 2015, 2019)) / 1e5
  expect_true(all(ours < customs))
  expect_true(all(ours > 0.995 * customs))
})

test_that("the sums of 30 provinces have the size of China", {
  between <- function(x, low, high) {
    expect_gt(min(x), low)
    expect_lt(max(x), high)
  }
  years <- 2008:2023
  between(national("tertiary_value_added", years) / national("gdp", years), 0.40, 0.56)
  between(100 * national("rd_expenditure", years) / national("gdp", years), 1.4, 2.7)
  between(national("education_expenditure", years) / national("budget_expenditure", years),
          0.14, 0.19)
  between(national("medical_institutions", 2009:2023), 0.9e6, 1.1e6)
  # Village clinics are most of the institutions; 2008 leaves them out
  between(national("medical_institutions", 2008), 0.2e6, 0.3e6)
  between(unique(na.omit(province_panel$usd_cny)), 6.1, 7.0)
})

test_that("subscribers over penetration imply the population of China", {
  p <- province_panel[province_panel$year >= 2010, ]
  million <- tapply(p$mobile_subscribers / p$mobile_penetration, p$year, sum)
  expect_gt(min(million), 1310)
  expect_lt(max(million), 1412)
})

test_that("telecom and post volume fall where their price base changes, and only there", {
  falls <- function(column, years) years[-1][diff(national(column, years)) < 0]
  expect_identical(falls("telecom_volume", 2011:2023), c(2016L, 2021L))
  expect_identical(falls("post_volume", 2013:2022), 2021L)
})

# Groups -----------------------------------------------------------------------------------------

test_that("the groups of provinces have the sizes of the paper's samples", {
  expect_identical(nrow(provinces), 30L)
  sizes <- c(
    "central-western" = sum(provinces$region != "east"),
    "FTZ" = sum(provinces$ftz_year <= 2019, na.rm = TRUE),
    "Non-coastal" = sum(provinces$location == "inland"),
    "Coastal" = sum(provinces$location %in% c("coastal", "riverside"))
  )
  expect_identical(unname(sizes), c(19L, 18L, 12L, 18L))
  # 15 years each
  printed <- unique(paper_tables[paper_tables$sample %in% names(sizes), c("sample", "n")])
  expect_equal(printed$n, 15 * sizes[printed$sample], ignore_attr = TRUE)
})

test_that("regions and locations divide the provinces 11-8-11 and 11-7-12", {
  expect_identical(c(table(provinces$region)), c(central = 8L, east = 11L, west = 11L))
  expect_identical(c(table(provinces$location)), c(coastal = 11L, inland = 12L, riverside = 7L))
  expect_false(anyDuplicated(provinces$adcode) > 0)
  expect_identical(Encoding(provinces$province_zh), rep("UTF-8", 30))
})

# Published numbers ------------------------------------------------------------------------------

test_that("Table 1's weights sum to 1 and its groups to the printed digits", {
  expect_equal(sum(flow_indicators$weight), 1, tolerance = 1e-12)
  expect_equal(
    c(tapply(flow_indicators$weight, flow_indicators$group, sum)),
    c(communication = 0.5774, internet = 0.2127, market = 0.2099), tolerance = 1e-12
  )
  expect_identical(nrow(flow_indicators), 11L)
  expect_identical(sum(flow_indicators$official), 9L)
  expect_true(all(flow_indicators$direction == 1))
  expect_equal(sum(flow_indicators$weight[!flow_indicators$official]), 0.2626, tolerance = 1e-12)
})

test_that("Table 1 is the same in both data sets", {
  table1 <- paper_tables[paper_tables$table == 1, ]
  expect_identical(table1$row, flow_indicators$indicator)
  expect_identical(table1$value, flow_indicators$weight)
  expect_true(all(table1$digits == 4))
})

test_that("each table has its rows, each column one number of observations and one R2", {
  expect_identical(as.vector(table(paper_tables$table)), c(11L, 9L, 10L, 12L))
  expect_false(anyDuplicated(paper_tables[c("table", "column", "row")]) > 0)
  regressions <- paper_tables[paper_tables$table > 1, ]
  columns <- unique(regressions[c("table", "column", "outcome", "sample", "n", "r_squared")])
  expect_identical(as.vector(table(columns$table)), c(2L, 5L, 6L))
  expect_true(all(columns$n %% 5 == 0 & columns$r_squared > 0 & columns$r_squared < 1))
  # Each column prints one constant and one form of the index
  keys <- paste(regressions$table, regressions$column)
  expect_true(all(tapply(regressions$row == "Constant", keys, sum) == 1))
  expect_true(all(tapply(grepl("[dD]ata", regressions$row), keys, sum) == 1))
})

test_that("published stars fit residual degrees of freedom, and t(29) in Table 3 column 5", {
  printed <- paper_tables[paper_tables$table > 1, ]
  is_lag1 <- printed$table == 3 & printed$column == 2
  is_lag2 <- printed$table == 3 & printed$column == 3
  periods <- 15 - is_lag1 - 2 * is_lag2
  units <- printed$n / periods
  slopes <- ifelse(printed$table == 2 & printed$column == 1, 1, 6)
  df <- printed$n - (units + periods - 1 + slopes)
  stars <- function(df) {
    p <- 2 * pt(-abs(printed$value / printed$std_error), df)
    ifelse(p < 0.01, "***", ifelse(p < 0.05, "**", ifelse(p < 0.1, "*", "")))
  }
  clustered <- printed$table == 3 & printed$column == 5
  expect_identical(stars(ifelse(clustered, 29, df)), printed$stars)
  # With residual degrees of freedom that column would have a star more: it is clustered
  expect_identical(which(stars(df) != printed$stars), which(clustered & printed$row == "Data"))
})
