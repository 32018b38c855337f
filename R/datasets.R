#' Official figures of 30 Chinese provinces, 2008-2023
#'
#' Trade, output, public finance, research, post, telecommunications and internet of the 30
#' provinces of mainland China without Tibet, and the variables that Wang and Lu (2025) derive from
#' them. Nothing is interpolated: a figure that was not found, and every variable that needs it,
#' is `NA`.
#'
#' The derived variables follow the definitions in the paper. Where it leaves a choice, exports are
#' those by place of origin, output is `gdp` (never `gdp_v2026`), trade is turned into yuan at the
#' average rate of the year, `health` is a natural logarithm and `TED` is in percent, the scale on
#' which the paper's coefficient makes sense.
#'
#' Trap: the paper's index needs all of its indicators in every year. Of the nine that are here,
#' only `broadband_ports` and `patents_granted` have every year from 2009 on; see [flow_indicators].
#'
#' @section Caveats:
#' - **Exports and imports** end in 2022. Those of 2020-2022 are recovered from published values per
#'   head times populations. Those of 2021 and 2022 are rounded to 10 million USD and belong to an
#'   early release that differs by up to 7 percent from today's totals.
#' - **Two vintages of output.** `gdp` and `tertiary_value_added` are from before the fifth economic
#'   census, the columns that end in `_v2026` from after it. Never mix the two.
#' - **Tertiary value added.** 139 cells are a published share times `gdp`, 12 (Guizhou and Shaanxi,
#'   2008-2013) are spliced from the later vintage, and six (Jilin, 2008-2013) are of a vintage that
#'   could not be verified. Where both are known, share times `gdp` is off by .04 percent in the
#'   median, and by .6 percent in 2020-2022.
#' - **Post and telecom volume** are valued at constant prices whose base changes: telecom in 2016
#'   and 2021, post in 2021. Neither is comparable across a change. `post_volume` is the joint
#'   volume less telecom volume; that of Shanghai doubles in 2021, when most others fall.
#' - **Internet users** by province exist for 2008-2013 and 2016 only. Any later value, in the
#'   paper too, is imputed.
#' - **Medical institutions** of 2008 leave out village clinics: `health` starts at 2009.
#' - **Technology market turnover** starts in 2010, and so does `tec`.
#' - **Research expenditure** of 2008 and 2009 is published intensity times output.
#' - **Odd cells kept as found:** `cable_length` of Hainan 2018 and Sichuan 2019-2021,
#'   `mobile_capacity` of Liaoning 2015. `mobile_penetration` of 2010 appears to rest on
#'   populations before the sixth census.
#'
#' The 697 cells that are not printed as they stand are listed one by one in
#' `extdata/derived_cells.csv`, unit, years and remarks of each series in `extdata/series.csv`
#' (see the examples).
#'
#' @format A data frame with 480 rows, one for each province and year, ordered by province and year,
#'   and 37 columns: two keys, four columns of [provinces], 22 official series and the exchange
#'   rate, eight derived variables. Years in brackets are those with figures for all 30 provinces.
#'   All but the first six columns are double.
#' \describe{
#'   \item{province}{character, English name}
#'   \item{year}{integer, 2008 to 2023}
#'   \item{adcode, region, location, ftz_year}{as in [provinces]}
#'   \item{exports}{exports by place of origin of the goods, 10 000 USD (2008-2022)}
#'   \item{imports}{imports by place of destination of the goods, 10 000 USD (2008-2022)}
#'   \item{trade_total_operating_unit}{exports plus imports by location of the operating unit,
#'     10 000 USD (2008-2014, 2016-2023)}
#'   \item{gdp}{gross domestic product, 100 million yuan (2008-2023)}
#'   \item{tertiary_value_added}{value added of the tertiary sector, 100 million yuan (2008-2023)}
#'   \item{budget_expenditure}{general public budget expenditure, 100 million yuan (2008-2023)}
#'   \item{education_expenditure}{the part of it spent on education, 100 million yuan (2008-2023)}
#'   \item{medical_institutions}{medical and health institutions, count (2008-2023)}
#'   \item{tech_market_turnover}{technology contracts by location of the seller, 100 million yuan
#'     (2010-2023)}
#'   \item{rd_expenditure}{expenditure on research and development, 100 million yuan (2008-2023)}
#'   \item{post_volume}{postal business volume, 100 million yuan, derived (2013-2022)}
#'   \item{telecom_volume}{telecommunication business volume, 100 million yuan (2011-2023)}
#'   \item{mobile_capacity}{capacity of mobile telephone exchanges, 10 000 subscribers (2011-2023)}
#'   \item{mobile_penetration}{mobile telephones per 100 persons (2010-2023)}
#'   \item{mobile_subscribers}{mobile telephone subscribers, 10 000; not an indicator of the paper
#'     (2008-2023)}
#'   \item{cable_length}{long-distance optical cable, km (2013-2023)}
#'   \item{internet_users}{internet users, 10 000 persons (2008-2013, 2016)}
#'   \item{broadband_ports}{broadband access ports, 10 000 (2008-2023)}
#'   \item{broadband_subscribers}{broadband subscribers, 10 000 households (2011-2023)}
#'   \item{patents_granted}{patents granted, items (2008-2023)}
#'   \item{gdp_v2026}{gross domestic product, later vintage, 100 million yuan (2008-2023)}
#'   \item{tertiary_value_added_v2026}{value added of the tertiary sector, later vintage,
#'     100 million yuan (2016-2023; ten provinces from 2008)}
#'   \item{usd_cny}{yuan per US dollar, average of the year, the same in all provinces (2008-2022)}
#'   \item{ExpRes}{export resilience, `exports / exports of 2008 - 1`; 0 in 2008 (2008-2022)}
#'   \item{edu}{`education_expenditure / budget_expenditure`, a share (2008-2023)}
#'   \item{gov}{`budget_expenditure / gdp`, a ratio (2008-2023)}
#'   \item{open}{`(exports + imports) * usd_cny / 1e4 / gdp`, a ratio that may exceed 1
#'     (2008-2022)}
#'   \item{health}{`log(medical_institutions)` (2008-2023)}
#'   \item{tec}{`tech_market_turnover / gdp`, a ratio (2010-2023)}
#'   \item{ISU}{industrial structure upgrading, `tertiary_value_added / gdp`, a share (2008-2023)}
#'   \item{TED}{technology spillover, `100 * rd_expenditure / gdp`, percent (2008-2023)}
#' }
#'
#' @source Published by China's National Bureau of Statistics; gathered from public re-publications
#'   and checked against each other and against national totals.
#'
#' @references Wang, Y. Q. and Lu, R. X. (2025). The impact of data factor flow environment on
#'   export resilience. *International Journal of Multidisciplinary Research and Growth Evaluation*
#'   6(5), 839-844. \doi{10.54660/.IJMRGE.2025.6.5.839-844}
#'
#' @examples
#' # Anhui exported 1 075 285 in 2008 and 842 335 in 2009: 842335 / 1075285 - 1 = -.217
#' subset(province_panel, province == "Anhui" & year <= 2010, c(year, exports, ExpRes))
#'
#' # Years without a single figure are the reason why an index has to interpolate
#' with(province_panel, tapply(!is.na(internet_users), year, sum))
#'
#' # What is known about each series, and the cells of unverified vintage
#' series <- read.csv(system.file("extdata", "series.csv", package = "flowresil"),
#'   comment.char = "#")
#' series[c("variable", "unit", "basis", "years")]
#' cells <- read.csv(system.file("extdata", "derived_cells.csv", package = "flowresil"),
#'   comment.char = "#")
#' subset(cells, basis == "unverified")
"province_panel"

#' Codes, names and groups of 30 Chinese provinces
#'
#' The groups are those whose sizes reproduce the numbers of observations in the heterogeneity table
#' of Wang and Lu (2025) with 15 years: 285 = 19 x 15 central and western, 270 = 18 x 15 with a
#' free-trade zone by 2019, 270 = 18 x 15 on the coast or on the Yangtze, 180 = 12 x 15 inland.
#'
#' @format A data frame with 30 rows, ordered by code, and 6 columns:
#' \describe{
#'   \item{adcode}{integer, code of GB/T 2260}
#'   \item{province}{character, English name, the key of [province_panel]}
#'   \item{province_zh}{character, short Chinese name, UTF-8}
#'   \item{region}{character: `"east"` (11), `"central"` (8), `"west"` (11); the grouping that
#'     divides the northeast between east and central}
#'   \item{location}{character: `"coastal"` (11), `"riverside"` (7 on the Yangtze),
#'     `"inland"` (12)}
#'   \item{ftz_year}{integer, year of the first pilot free-trade zone; `NA` for the 8 provinces
#'     without one by 2023}
#' }
#'
#' @source Codes and names: GB/T 2260. Years: announcements of the State Council of China. Groups:
#'   matched to the numbers of observations in the paper, which does not list its provinces.
#'
#' @inherit province_panel references
#'
#' @examples
#' # The four samples of the heterogeneity table
#' with(provinces, c(
#'   central_western = sum(region != "east"),
#'   ftz = sum(ftz_year <= 2019, na.rm = TRUE),
#'   coastal_riverside = sum(location != "inland"),
#'   inland = sum(location == "inland")
#' ))
"provinces"

#' Indicators of the data flow environment and their published weights
#'
#' Table 1 of Wang and Lu (2025): 11 indicators in three groups with the entropy weights that the
#' paper prints. Nine of them are columns of [province_panel]; the two that are not, postal letters
#' and commodity markets, carry 26 percent of the weight.
#'
#' @format A data frame with 11 rows in the order of the table and 10 columns:
#' \describe{
#'   \item{indicator}{character; for the nine that are official, the column of [province_panel]}
#'   \item{label}{character, as printed}
#'   \item{group}{character: `"communication"` (.5774), `"internet"` (.2127), `"market"` (.2099)}
#'   \item{direction}{integer, `1` for all: more is better}
#'   \item{weight}{double, published weight; the 11 sum to 1}
#'   \item{official}{logical, are there figures in [province_panel]?}
#'   \item{first_year, last_year}{integer, first and last year with figures; `NA` if not official}
#'   \item{years}{character, all years with figures, such as `"2008-2013, 2016"`; `NA` if not
#'     official. In each of them there is a figure for all 30 provinces.}
#'   \item{unit}{character; for the two that are not official, the unit in which the National
#'     Bureau of Statistics prints them}
#' }
#'
#' @source Table 1 of the paper; years and units from `extdata/series.csv`.
#' @inherit province_panel references
#'
#' @examples
#' tapply(flow_indicators$weight, flow_indicators$group, sum)
#' subset(flow_indicators, official, c(indicator, weight, years))
"flow_indicators"

#' The numbers printed in Tables 1 to 4 of Wang and Lu (2025)
#'
#' One row for each published coefficient or weight, to set replications beside. Tables 2 to 4
#' control for province and year effects; all columns but the first of Table 2 also for `edu`,
#' `open`, `gov`, `health` and `tec`, of which only Table 2 prints the coefficients.
#'
#' Every star fits classical standard errors with the residual degrees of freedom,
#' `n - (N + T - 1 + k)`, except in column 5 of Table 3, where the paper announces cluster-robust
#' errors and the stars fit a t distribution with 29 degrees of freedom, 30 provinces less one.
#' The paper's text calls `PCAdata` significant at 5 percent; .493 (.160) has the three stars
#' that the table prints. "Table 5" in the text is Table 3 (robustness) or Table 4 (mechanism and
#' heterogeneity).
#'
#' @format A data frame with 42 rows (11, 9, 10 and 12 by table) and 12 columns:
#' \describe{
#'   \item{table}{integer, 1 to 4}
#'   \item{column}{integer, column of the table; 1 in Table 1}
#'   \item{outcome}{character: `"ExpRes"`, `"ISU"`, `"TED"` or `"log resilience"` (logarithm of 100
#'     times trend / cycle of the Hodrick-Prescott filter, smoothing 6.25); `NA` in Table 1}
#'   \item{sample}{character: `"all"`, `"without Beijing, Shanghai and Guangdong"`,
#'     `"central-western"`, `"FTZ"`, `"Non-coastal"`, `"Coastal"`; `NA` in Table 1}
#'   \item{row}{character, the term: an indicator in Table 1, else `Data`, `PCAdata`, `lag1_Data`,
#'     `lag2_Data`, a control or `Constant`}
#'   \item{value}{double, weight or coefficient as printed}
#'   \item{std_error}{double, standard error as printed; `NA` in Table 1}
#'   \item{stars}{character: `""`, `"*"` (10 percent), `"**"` (5), `"***"` (1)}
#'   \item{n}{integer, observations of the column; `NA` in Table 1}
#'   \item{r_squared}{double, R squared of the column; `NA` in Table 1}
#'   \item{digits, digits_se}{integer, decimals printed of `value` and of `std_error`: a replication
#'     agrees if it is within half a unit of the last one}
#' }
#'
#' @source Tables 1 to 4 of the paper.
#' @inherit province_panel references
#'
#' @examples
#' # Every published coefficient of the index itself
#' subset(paper_tables, row == "Data", c(table, column, outcome, sample, value, std_error, stars))
#'
#' # Does 6.2838 agree with the printed 6.284?
#' printed <- subset(paper_tables, table == 2 & column == 2 & row == "Data")
#' abs(6.2838 - printed$value) <= .5 * 10^-printed$digits
"paper_tables"
