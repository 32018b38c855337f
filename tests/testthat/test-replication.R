# The paper's regressions on the shipped figures, and the functions that the replication page computes with.

page <- new.env(parent = environment())
for (file in list.files(system.file("replication", package = "flowresil", mustWork = TRUE), full.names = TRUE)) {
  sys.source(file, page)
}

quietly <- function(code) withr::with_options(list(flowresil.quiet = TRUE), code)
years <- page$sample_years(province_panel)
nine <- page$usable_indicators(province_panel, years)
sample <- quietly(page$build_sample(province_panel, nine, years))
fits <- quietly(page$fit_paper(sample$data))
reference <- read_oracle("reference_run.csv")
expected <- function(column, term, quantity) {
  value <- reference$value[reference$column == column & reference$term == term & reference$quantity == quantity]
  stopifnot(length(value) == 1L)
  value
}

tolerance_reference <- 1e-8

# --- the independent reference --------------------------------------------------------------------------------

test_that("the recipe is that of the reference: nine indicators, 30 provinces, 2009-2022", {
  expect_identical(years, 2009:2022)
  expect_identical(nine$indicator, flow_indicators$indicator[flow_indicators$official])
  expect_identical(nrow(sample$data), 420L)
})

test_that("entropy weights, scaled to the published sum, equal the reference", {
  ours <- weights(sample$by_entropy) * sum(nine$weight)
  theirs <- vapply(nine$indicator, function(name) expected("weights", name, "weight"), numeric(1))
  expect_within(ours, theirs, 1e-12)
})

test_that("every coefficient, classical and clustered error, R2 and N equals the reference", {
  columns <- setdiff(unique(reference$column), c("weights", "effects", "hp"))
  expect_length(columns, 13L)
  for (column in columns) {
    model <- fits$paper$dummy[[column]]
    classical <- tidy(model)
    clustered <- tidy(model, vcov = ~province, correction = "dummies")
    for (term in unique(reference$term[reference$column == column])) {
      at <- match(term, classical$term)
      expect_within(classical$estimate[at], expected(column, term, "estimate"), tolerance_reference)
      expect_within(classical$std.error[at], expected(column, term, "error"), tolerance_reference)
      expect_within(clustered$std.error[at], expected(column, term, "clustered"), tolerance_reference)
    }
    expect_within(glance(model)$r.squared, expected(column, classical$term[2L], "r_squared"), tolerance_reference)
    expect_equal(nobs(model), expected(column, classical$term[2L], "n"))
  }
})

test_that("the effects alone explain what the reference says", {
  fit <- glance(fits$paper$dummy[["2.1"]])
  alone <- 1 - (1 - fit$r.squared) / (1 - fit$within.r.squared)
  expect_within(alone, expected("effects", "", "r_squared_4_decimals"), tolerance_printed(4))
})

test_that("189 of 420 ratios of trend to cycle are negative, and each province has some", {
  hp <- as.data.frame(sample$hp)
  expect_equal(sample$hp$counts[["negative"]], expected("hp", "", "negative"))
  expect_equal(nrow(hp), expected("hp", "", "rows"))
  expect_true(all(tapply(hp$cycle < 0, hp$province, any)))
})

test_that("estimated weights change the coefficients as a refit shows, and PCAdata not at all", {
  data <- sample$data
  data$Data <- data$Data_estimated
  alone <- fe_model(ExpRes ~ Data | province + year, data)
  expect_within(coef(fits$estimate$dummy[["2.1"]])[["Data"]], coef(alone)[["Data"]], tolerance_exact)
  expect_identical(coef(fits$estimate$mean[["3.1"]]), coef(fits$paper$mean[["3.1"]]))
})

test_that("results stand beside the rows of their province and year, in whatever order these come", {
  mixed <- province_panel[order((seq_len(nrow(province_panel)) * 37) %% 479), ]
  again <- quietly(page$build_sample(mixed, nine, years))$data
  columns <- c("province", "year", "Data", "PCAdata", "ExpRes", "log_resilience")
  sorted <- function(d) d[order(d$province, d$year), columns]
  expect_equal(sorted(again), sorted(sample$data), tolerance = 1e-12, ignore_attr = "row.names")
  index <- as.data.frame(sample$by_paper)
  at <- match(paste(sample$data$province, sample$data$year), paste(index$province, index$year))
  expect_identical(sample$data$Data, index$index[at])
})

# --- cell by cell ---------------------------------------------------------------------------------------------

test_that("every published number of Tables 2 to 4 has its cell", {
  for (table in 2:4) {
    cells <- page$compare_cells(table, fits$paper)
    printed <- paper_tables[paper_tables$table == table, ]
    one <- cells[cells$constant != "mean", ]
    expect_identical(one$published[one$cell == "coefficient"], printed$value)
    expect_identical(one$published[one$cell == "error"], printed$std_error)
    whole <- printed[!duplicated(printed$column), ]
    expect_equal(one$published[one$cell == "N"], whole$n)
    expect_equal(one$published[one$cell == "R2"], whole$r_squared)
    expect_true(all(is.finite(cells$ours)))
    expect_true(all(cells$reason == ""))
    expect_identical(sum(cells$constant == "mean"), 2L * nrow(whole))
  }
})

test_that("cells hold the coefficient, its error, the clustered error and N", {
  cells <- page$compare_cells(2, fits$paper)
  open <- cells[cells$key == "2.2" & cells$row == "open", ]
  expect_within(open$ours[open$cell == "coefficient"], expected("2.2", "open", "estimate"), tolerance_reference)
  expect_within(open$ours[open$cell == "error"], expected("2.2", "open", "error"), tolerance_reference)
  expect_within(open$clustered[open$cell == "error"], expected("2.2", "open", "clustered"), tolerance_reference)
  expect_identical(cells$ours[cells$cell == "N"], c(420, 420))
})

test_that("column (5) of Table 3 sets clustered errors beside the published clustered ones", {
  cells <- page$compare_cells(3, fits$paper)
  data <- cells[cells$key == "3.5" & cells$row == "Data" & cells$cell == "error", ]
  expect_within(data$ours, expected("3.5", "Data", "clustered"), tolerance_reference)
})

test_that("both constants are those of lm() with dummies and of the means", {
  cells <- page$compare_cells(2, fits$paper)
  constant <- function(which) {
    cells$ours[cells$key == "2.1" & cells$row == "Constant" & cells$constant == which]
  }
  model <- lm(ExpRes ~ Data + factor(province) + factor(year), sample$data)
  expect_within(constant("dummy"), summary(model)$coefficients["(Intercept)", 1:2], tolerance_reference)
  slope <- coef(model)[["Data"]]
  expect_within(constant("mean")[1], mean(sample$data$ExpRes) - slope * mean(sample$data$Data), tolerance_reference)
})

test_that("a table to print is text: stars, errors in parentheses, signed differences", {
  cells <- page$compare_cells(2, fits$paper)
  table <- page$print_cells(2, cells, cells, "Title")
  expect_identical(attr(table, "title"), "Title")
  expect_identical(nrow(table), nrow(cells))
  expect_true(all(vapply(table, is.character, logical(1))))
  expect_identical(unlist(table[1, 3:6], use.names = FALSE), c("4.962**", "3.521**", "-1.441", "p = .437"))
  expect_identical(unlist(table[2, 3:6], use.names = FALSE), c("(2.258)", "(1.560)", "-0.698", "(4.463)"))
})

test_that("where nothing can be computed the reason stands in the cell", {
  cells <- page$compare_cells(4, list(dummy = list(reason = "no rows"), mean = list(reason = "no rows")))
  expect_true(all(is.na(cells$ours)))
  table <- page$print_cells(4, cells, cells, "")
  expect_identical(unlist(table[1, 4:6], use.names = FALSE), c("no rows", "", ""))
  expect_identical(table[["Published"]][1], "0.0959***")
  poor <- sample$data
  poor$TED <- 1
  expect_match(quietly(page$fit_paper(poor))$paper$dummy$reason, "TED", fixed = TRUE)
})

test_that("Table 1 has its 11 rows, the two without figures say so", {
  table <- page$compare_weights(sample$by_entropy, sample$filled, 420)
  expect_identical(nrow(table), 11L)
  expect_identical(table$Ours == "no provincial figures found", !flow_indicators$official)
  expect_identical(table$Published[1], "0.1525")
  expect_identical(table$Interpolated[flow_indicators$indicator == "internet_users"], "240 of 420")
})

test_that("the thirteen coefficients have intervals of their own distribution", {
  thirteen <- page$index_coefficients(fits$paper)
  expect_identical(nrow(thirteen), 13L)
  first <- thirteen[thirteen$key == "2.1", ]
  half <- qt(.975, 376) * expected("2.1", "Data", "error")
  expect_within(first$classical_high - first$ours, half, tolerance_reference)
  half <- qt(.975, 29) * expected("2.1", "Data", "clustered")
  expect_within(first$ours - first$clustered_low, half, tolerance_reference)
  expect_within(first$published_high, 4.962 + qt(.975, 405) * 2.258, tolerance_exact)
  inland <- thirteen[thirteen$key == "4.5", ]
  expect_within(inland$clustered_p, 2 * pt(-inland$ours / inland$clustered_error, 11), tolerance_exact)
})

test_that("claims are judged by their columns at 5 percent", {
  thirteen <- page$index_coefficients(fits$paper)
  claims <- page$judge_claims(thirteen, thirteen)
  expect_identical(claims[["Clustered (a)"]][1:2], c("no", "yes"))
  expect_identical(claims[["Columns"]][4], "3 (2), (3)")
  thirteen$clustered_p <- 1
  expect_true(all(page$judge_claims(thirteen, thirteen)[["Clustered (a)"]] == "no"))
})

test_that("other recipes start with the one of the page, and one that fails says so in its row", {
  recipes <- quietly(page$other_recipes(province_panel, nine, years, sample))
  expect_match(recipes$alone[1], "3.52** (1.56)", fixed = TRUE)
  expect_true(all(is.finite(recipes$n)))
  expect_identical(page$recipe_row("x", stop("no"))$alone, "not estimable")
})

# --- checks of the published page -----------------------------------------------------------------------------

test_that("printed stars fit residual degrees of freedom, but for column (5) of Table 3", {
  stars <- page$check_stars()
  expect_identical(nrow(stars), 31L)
  expect_identical(stars$expected, stars$stars)
  other <- stars$expected_residual != stars$stars
  expect_identical(unique(stars$key[other]), "3.5")
  expect_identical(stars$residual[stars$key == "2.1"][1], 450 - (30 + 15 - 1 + 1))
  expect_true(all(stars$units == round(stars$units)))
  expect_true(all(stars$certain))
})

test_that("dividing by ln(T) ranks the indicators backwards", {
  wrong <- page$weights_by_periods(sample$by_entropy$normalised, 14)
  expect_true(all(wrong$entropy > 1))
  expect_true(all(wrong$weight > 0))
  expect_within(sum(wrong$weight), 1, tolerance_exact)
  expect_within(cor(wrong$weight, weights(sample$by_entropy), method = "spearman"), -1, tolerance_exact)
  # With the right base it is the package's own
  right <- page$weights_by_periods(sample$by_entropy$normalised, 420)
  expect_within(right$weight, weights(sample$by_entropy), tolerance_exact)
})

test_that("numbers are written as printed", {
  expect_identical(page$fixed_digits(c(1.23456, NA, -0.0004), c(2, 2, 3)), c("1.23", "", "0.000"))
  expect_identical(page$stars_for(c(.2, .09, .04, .001, NA)), c("", "*", "**", "***", ""))
  expect_identical(page$short_p(c(.4371, .00001, NA, .9999)), c("p = .437", "p < .001", "", "p = 1.000"))
  apart <- page$difference_of(list(estimate = 5, std.error = 3), list(estimate = 1, std.error = 4))
  expect_equal(apart$difference, 4)
  expect_equal(apart$z, .8)
})

test_that("odd cells are in the panel, and setting spikes aside touches nothing else", {
  odd <- page$odd_cells
  expect_true(all(odd$province %in% province_panel$province & odd$variable %in% names(province_panel)))
  without <- page$without_spikes(province_panel)
  expect_identical(sum(is.na(without$cable_length)) - sum(is.na(province_panel$cable_length)), 4L)
  expect_identical(without$post_volume, province_panel$post_volume)
  expect_true(is.na(without$tec[without$province == "Guangxi" & without$year == 2021]))
  table <- page$describe_odd_cells(province_panel)
  expect_identical(table$Value[table$Province == "Hainan"], "915")
})

# --- figures of the reader's own ------------------------------------------------------------------------------

write_cells <- function(..., envir = parent.frame()) {
  path <- withr::local_tempfile(fileext = ".csv", .local_envir = envir)
  utils::write.csv(data.frame(...), path, row.names = FALSE)
  path
}

letters_everywhere <- function() {
  cells <- expand.grid(province = provinces$province, year = 2009:2022, stringsAsFactors = FALSE)
  cells$variable <- "postal_letters"
  cells$value <- seq_len(nrow(cells))
  cells
}

test_that("derived variables are recomputed from their parts to the shipped values", {
  expect_equal(page$derive_variables(province_panel), province_panel, tolerance = 1e-14)
})

test_that("a file of cells is merged, an indicator enters, ratios follow", {
  cells <- rbind(letters_everywhere(), data.frame(province = "Beijing", year = 2018, variable = "gdp", value = 40000))
  path <- write_cells(cells)
  own <- page$read_own_cells(path, province_panel)
  expect_identical(nrow(own), 421L)
  merged <- page$add_own_cells(province_panel, own)
  at <- merged$province == "Beijing" & merged$year == 2018
  expect_equal(merged$gov[at], merged$budget_expenditure[at] / 40000)
  same <- setdiff(names(province_panel), c("gdp", page$derived_variables))
  expect_identical(merged[same], province_panel[same])
  ten <- page$usable_indicators(merged, 2009:2022)
  expect_identical(setdiff(ten$indicator, nine$indicator), "postal_letters")
  story <- page$describe_own_cells(own, province_panel)
  expect_identical(story[["Replace a shipped figure"]], c(0L, 1L))
  expect_identical(story$Cells, c(420L, 1L))
  again <- quietly(page$build_sample(merged, ten, 2009:2022))
  expect_length(weights(again$by_entropy), 10L)
})

test_that("exports of 2023 extend the sample; openness waits for imports and the rate or keeps its last value", {
  cells <- data.frame(province = provinces$province, year = 2023, variable = "exports", value = 1e6)
  merged <- page$add_own_cells(province_panel, cells)
  expect_identical(page$sample_years(merged), 2009:2023)
  longer <- quietly(page$build_sample(merged, nine, 2009:2023))
  expect_identical(nrow(longer$data), 450L)
  open <- longer$data[longer$data$province == "Anhui", c("year", "open")]
  expect_identical(open$open[open$year == 2023], open$open[open$year == 2022])
  rate <- data.frame(province = "Anhui", year = 2023, variable = "usd_cny", value = 7)
  merged <- page$add_own_cells(merged, rate)
  expect_true(all(merged$usd_cny[merged$year == 2023] == 7))
  # 29 provinces do not suffice
  expect_identical(page$sample_years(page$add_own_cells(province_panel, cells[-1, ])), 2009:2022)
})

test_that("a file of any shape, with Chinese names, gives the same cells", {
  long <- write_cells(province = c("Anhui", "Beijing"), year = 2010L, variable = "exports", value = c(1, 2))
  cells <- page$read_own_cells(long, province_panel)
  expect_identical(cells, data.frame(
    province = c("Anhui", "Beijing"), year = 2010L, variable = "exports", value = c(1, 2)
  ))
  folder <- withr::local_tempdir()
  wide <- file.path(folder, "exports.csv")
  lines <- c("\u5730\u533a,2010\u5e74", "\u5b89\u5fbd\u7701,1", "\u5317\u4eac,2", "\u5168\u56fd,3")
  writeLines(lines, wide, useBytes = TRUE)
  expect_identical(page$read_own_cells(wide, province_panel), cells)
})

test_that("a faulty file is refused in plain words", {
  read <- function(...) page$read_own_cells(write_cells(...), province_panel)
  good <- data.frame(province = "Anhui", year = 2010, variable = c("exports", "imports"), value = 1)
  change <- function(column, value) {
    good[[column]] <- value
    good
  }
  expect_error(page$read_own_cells("absent.csv", province_panel), "There is no file absent.csv", fixed = TRUE)
  expect_error(read(good[-4]), class = "flowresil_error_file")
  expect_error(read(good[0, ]), class = "flowresil_error_file")
  expect_error(read(change("value", c("1", "many"))), "`imports` must hold numbers; found: many", fixed = TRUE)
  expect_error(read(change("province", "Atlantis")), "Atlantis", class = "flowresil_error_unit")
  expect_error(read(change("province", "Tibet")), "not there: Tibet", fixed = TRUE)
  expect_error(read(change("year", 1999)), "2008 to 2023; found: 1999", fixed = TRUE)
  expect_error(read(change("variable", c("edu", "exports"))), "give the parts; found: edu", fixed = TRUE)
  expect_error(read(change("variable", c("altitude", "exports"))), "unknown: altitude", fixed = TRUE)
  expect_error(read(change("value", c(1, -1))), "it is for imports Anhui 2010", fixed = TRUE)
  expect_error(read(rbind(good, change("value", 2))), class = "flowresil_error_duplicate_rows")
})

test_that("the four tables become one Word file that holds what the models hold", {
  skip_if_not_installed("flextable")
  skip_if_not_installed("officer")
  weights <- page$compare_weights(sample$by_entropy, sample$filled, 420)
  tables <- page$paper_word_tables(weights, fits$paper$dummy)
  expect_named(tables, paste("Table", 1:4))
  path <- withr::local_tempfile(fileext = ".docx")
  save_table(tables, path)
  found <- officer::docx_summary(officer::read_docx(path))
  cells <- found[found$content_type == "table cell", ]
  expect_length(unique(cells$doc_index), 4L)
  said <- function(key, digits = 3) {
    at <- tidy(fits$paper$dummy[[key]], vcov = if (key == "3.5") ~province, correction = "dummies")
    at <- at[at$term == "Data", ]
    c(paste0(sprintf("%.3f", at$estimate), page$stars_for(at$p.value)), sprintf("(%.3f)", at$std.error))
  }
  for (key in c("2.1", "2.2", "3.4", "3.5", "4.1", "4.6")) expect_true(all(said(key) %in% cells$text))
  expect_true(all(flow_indicators$label %in% cells$text))
  expect_true(any(grepl("(5) clustered by province, correction dummies", found$text, fixed = TRUE)))
})

test_that("the 30 provinces are worth 4.4 clusters without controls, and Guangdong holds 44 %", {
  alone <- cluster_diagnostics(fits$estimate$dummy[["2.1"]], ~province)
  expect_within(tidy(alone)$effective_clusters, 4.4, tolerance_printed(1))
  expect_within(tidy(alone)$partial_leverage_max, 0.44, tolerance_printed(2))
  expect_identical(names(which.max(alone$partial_leverage[, 1L])), "Guangdong")
  data <- tidy(fits$estimate$dummy[["2.1"]], vcov = vcov_cr(~province))
  expect_within(data$df[2L], 3.8, tolerance_printed(1))
})
