# What vignettes/replication.Rmd computes with: the sample, the models, the tables set beside the paper, the
# checks of the published page. Sourced by the page after library(flowresil). Base R and the package only.

# --- figures of the reader's own --------------------------------------------------------------------------

paper_controls <- c("edu", "open", "gov", "health", "tec")
derived_variables <- c("ExpRes", paper_controls, "ISU", "TED")
panel_keys <- c("province", "year", "adcode", "region", "location", "ftz_year")

# Series that a file may complete: those of the panel and the indicators of Table 1 that it lacks.
series_to_complete <- function(panel) {
  union(setdiff(names(panel), c(panel_keys, derived_variables)), flow_indicators$indicator)
}

# The file as a data frame province, year, variable, value, or an error that says in plain words what is wrong.
read_own_cells <- function(path, panel) {
  complain <- function(...) stop(basename(path), ": ", ..., call. = FALSE)
  listing <- function(x) paste(utils::head(unique(x), 5L), collapse = ", ")
  if (!file.exists(path)) stop("There is no file ", path, ".", call. = FALSE)
  cells <- utils::read.csv(path, comment.char = "#", fileEncoding = "UTF-8-BOM", strip.white = TRUE)
  wanted <- c("province", "year", "variable", "value")
  absent <- setdiff(wanted, names(cells))
  if (length(absent)) {
    complain("the columns must be ", listing(wanted), "; not there: ", listing(absent), ".")
  }
  cells <- cells[wanted]
  if (nrow(cells) == 0L) complain("it holds no rows.")
  for (name in c("year", "value")) {
    if (!is.numeric(cells[[name]])) complain("the column `", name, "` must hold numbers.")
  }
  if (any(!is.finite(cells$value))) {
    complain("every value must be a number; rows ", listing(which(!is.finite(cells$value))), " are not.")
  }
  strange <- setdiff(cells$province, panel$province)
  if (length(strange)) {
    complain("provinces are named as in `provinces`, for example ", listing(provinces$province), "; unknown: ",
             listing(strange), ".")
  }
  strange <- setdiff(cells$year, panel$year)
  if (length(strange)) {
    complain("years are ", min(panel$year), " to ", max(panel$year), "; found: ", listing(strange), ".")
  }
  strange <- intersect(cells$variable, derived_variables)
  if (length(strange)) {
    complain("ratios are computed from their parts, so please give the parts; found: ", listing(strange), ".")
  }
  strange <- setdiff(cells$variable, series_to_complete(panel))
  if (length(strange)) {
    complain("variables are ", paste(series_to_complete(panel), collapse = ", "), "; unknown: ",
             listing(strange), ".")
  }
  if (any(cells$value < 0)) complain("no series may be negative; rows ", listing(which(cells$value < 0)), " are.")
  key <- paste(cells$province, cells$year, cells$variable)
  if (anyDuplicated(key)) complain("each cell may stand once; twice: ", listing(key[duplicated(key)]), ".")
  cells
}

# The panel with those cells in place and its ratios computed again. An exchange rate counts for all provinces.
add_own_cells <- function(panel, cells) {
  for (variable in unique(cells$variable)) {
    own <- cells[cells$variable == variable, ]
    if (is.null(panel[[variable]])) panel[[variable]] <- NA_real_
    if (variable == "usd_cny") {
      at <- match(panel$year, own$year)
    } else {
      at <- match(paste(panel$province, panel$year), paste(own$province, own$year))
    }
    panel[[variable]] <- ifelse(is.na(at), panel[[variable]], own$value[at])
  }
  derive_variables(panel)
}

# What the cells did: by variable their number, provinces, years, and how many stand in the place of a figure.
describe_own_cells <- function(cells, before) {
  rows <- lapply(unique(cells$variable), function(variable) {
    own <- cells[cells$variable == variable, ]
    at <- match(paste(own$province, own$year), paste(before$province, before$year))
    old <- if (is.null(before[[variable]])) rep(NA_real_, nrow(own)) else before[[variable]][at]
    data.frame(
      Series = variable, Cells = nrow(own), Provinces = length(unique(own$province)),
      Years = paste(unique(range(own$year)), collapse = "-"),
      `Replace a shipped figure` = sum(!is.na(old)), check.names = FALSE
    )
  })
  do.call(rbind, rows)
}

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

# --- the sample -------------------------------------------------------------------------------------------

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

# --- the models -------------------------------------------------------------------------------------------

# The thirteen columns of Tables 2 to 4, named "table.column", and for the comparison the eastern provinces and
# those without a free-trade zone, which the paper does not print.
paper_models <- function(sample, constant = "dummy") {
  alone <- ExpRes ~ Data | province + year
  full <- ExpRes ~ Data + edu + open + gov + health + tec | province + year
  groups <- fe_compare(full, sample, constant = constant, subsets = list(
    without_three = !province %in% c("Beijing", "Shanghai", "Guangdong"),
    central_western = region != "east", east = region == "east",
    zone = !is.na(ftz_year) & ftz_year <= 2019, no_zone = is.na(ftz_year) | ftz_year > 2019,
    inland = location == "inland", coastal = location != "inland"
  ))
  lags <- fe_compare(full, sample, lags = 1:2, constant = constant)
  pca <- fe_compare(full, sample, treatments = c(pca = "PCAdata"), constant = constant)
  hp <- fe_compare(full, sample, outcomes = c(hp = "log_resilience"), constant = constant)
  steps <- fe_mediation(full, sample, mediators = c(ISU, TED), constant = constant)
  list(
    "2.1" = fe_model(alone, sample, constant = constant), "2.2" = fe_model(full, sample, constant = constant),
    "3.1" = pca[["pca"]], "3.2" = lags[["lag 1"]], "3.3" = lags[["lag 2"]], "3.4" = groups[["without_three"]],
    "3.5" = hp[["hp"]],
    "4.1" = steps$models$ISU, "4.2" = steps$models$TED, "4.3" = groups[["central_western"]],
    "4.4" = groups[["zone"]], "4.5" = groups[["inland"]], "4.6" = groups[["coastal"]],
    east = groups[["east"]], no_zone = groups[["no_zone"]]
  )
}

# The models with the published and with the estimated weights, each with both constants. What cannot be
# estimated is a list with the reason.
fit_paper <- function(sample) {
  estimated <- sample
  estimated$Data <- sample$Data_estimated
  attempt <- function(data, constant) {
    tryCatch(paper_models(data, constant), error = function(e) {
      list(reason = gsub("[\n ]+", " ", conditionMessage(e)))
    })
  }
  lapply(list(paper = sample, estimate = estimated), function(data) {
    list(dummy = attempt(data, "dummy"), mean = attempt(data, "mean"))
  })
}

# The paper's names of terms in the words of the formula.
term_of <- function(row) {
  words <- c(lag1_Data = "l(Data, 1)", lag2_Data = "l(Data, 2)", Constant = "(Intercept)")
  ifelse(row %in% names(words), words[row], row)
}

# Column (5) of Table 3 is the one for which the paper announces clustered errors.
is_clustered_column <- function(key) key == "3.5"

stars_for <- function(p) ifelse(is.na(p), "", strrep("*", (p < .1) + (p < .05) + (p < .01)))

# --- cell by cell -----------------------------------------------------------------------------------------

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

# Fixed decimals, "" for NA, and no minus before a zero.
fixed_digits <- function(x, digits) {
  text <- mapply(function(x, d) formatC(as.double(x), digits = d, format = "f"), x, digits)
  ifelse(is.na(x), "", sub("^-(0[.]?0*)$", "\\1", text))
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

# --- the thirteen coefficients of the index ---------------------------------------------------------------

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

# --- other recipes ----------------------------------------------------------------------------------------

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

# --- conclusions ------------------------------------------------------------------------------------------

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

# --- checks of the published page -------------------------------------------------------------------------

# Every printed coefficient with its t value, degrees of freedom, p value and the stars that they call for.
check_stars <- function() {
  printed <- paper_tables[paper_tables$table > 1L, ]
  key <- paste(printed$table, printed$column, sep = ".")
  periods <- ifelse(key == "3.2", 14, ifelse(key == "3.3", 13, 15))
  units <- printed$n / periods
  slopes <- ifelse(key == "2.1", 1, 6)
  residual <- printed$n - (units + periods - 1 + slopes)
  t <- printed$value / printed$std_error
  df <- ifelse(is_clustered_column(key), units - 1, residual)
  p_of <- function(df, at = t) 2 * pt(-abs(at), df)
  # The t values that the printed digits leave possible
  half <- .5 * 10^-printed$digits
  half_error <- .5 * 10^-printed$digits_se
  least <- (abs(printed$value) - half) / (printed$std_error + half_error)
  most <- (abs(printed$value) + half) / (printed$std_error - half_error)
  data.frame(
    key = key, printed[c("row", "value", "std_error", "digits", "stars")], t = t, units = units, periods = periods,
    residual = residual, df = df, p = p_of(df), expected = stars_for(p_of(df)),
    certain = stars_for(p_of(df, least)) == stars_for(p_of(df, most)),
    expected_residual = stars_for(p_of(residual)), expected_clusters = stars_for(p_of(units - 1)),
    row.names = NULL
  )
}

# The coefficient of the index in one sample less that in another which shares no province with it.
difference_of <- function(first, second) {
  difference <- first$estimate - second$estimate
  z <- difference / sqrt(first$std.error^2 + second$std.error^2)
  list(difference = difference, z = z, p = 2 * pnorm(-abs(z)))
}

# The widely copied mistake: entropies of a panel of N x T rows divided by ln(T). They exceed 1, every divergence
# is negative, and the quotient of two negative numbers makes weights that look right and rank backwards.
weights_by_periods <- function(normalised, n_periods) {
  entropy <- apply(normalised, 2L, function(y) {
    share <- y / sum(y)
    -sum(ifelse(share > 0, share * log(share), 0)) / log(n_periods)
  })
  list(entropy = entropy, divergence = 1 - entropy, weight = (1 - entropy) / sum(1 - entropy))
}
