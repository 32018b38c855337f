# What is said about a name that is no column, no argument and no choice.

d <- data.frame(
  province = rep(c("A", "B"), each = 3), year = rep(2001:2003, 2), exports = c(5, 7, NA, 2, 3, 4),
  gdp = c(1, 4, 2, 8, 5, 7)
)
fill <- function(...) quietly(interpolate_panel(...))
text_of <- function(code) conditionMessage(rlang::catch_cnd(code, "error"))

test_that("a bare name that is a function or another object of R is described, not tested as text", {
  own <- new.env()
  things <- list(1, NULL, list("year"), own, ~year, quote(year), quote(a + b), mtcars, factor("year"), 1i, mean, NA)
  for (thing in things) expect_refused(fill(d, exports, province, thing), "missing_column")
  expect_refused(export_resilience(d, exports, province, time), "missing_column")
  expect_refused(export_resilience(d, df, province, year), "missing_column")
  expect_refused(data_flow_index(d, "gdp", c, year), "missing_column")
  expect_refused(data_flow_index(d, time, province, year), "missing_column")
  expect_refused(hp_filter(d, 6.25, column = gdp, unit = t, time = year), "missing_column")
  expect_no_match(text_of(export_resilience(d, exports, province, time)), "anyNA", fixed = TRUE)
  expect_snapshot(error = TRUE, {
    export_resilience(d, exports, province, time)
    interpolate_panel(d, df, province, year)
    interpolate_panel(d, exports, ~province, year)
    interpolate_panel(d, exports, list("province"), year)
    interpolate_panel(d, exports, own, year)
    interpolate_panel(d, exports, quote(province), year)
    interpolate_panel(d, exports, quote(a + b), year)
    data_flow_index(d, time, province, year)
  })
})

test_that("a misspelt bare name gets the hint that a misspelt string gets, without R's words", {
  text <- text_of(export_resilience(d, exprots, province, year))
  expect_match(text, "Did you mean `exports`?", fixed = TRUE)
  expect_no_match(text, "object 'exprots' not found", fixed = TRUE)
  expect_match(text_of(fill(d, c(gdp, exprots), province, year)), "Did you mean `exports`?", fixed = TRUE)
  expect_match(text_of(data_flow_index(d, c(gdp, exprots), province, year)), "Did you mean `exports`?", fixed = TRUE)
  expect_match(text_of(data_flow_index(d, exprots, province, year)), "Did you mean `exports`?", fixed = TRUE)
  expect_snapshot(error = TRUE, {
    export_resilience(d, exprots, province, year)
    interpolate_panel(d, c(gdp, exprots, yaer), province, year)
    interpolate_panel(d, paste0(nowhere), province, year)
    data_flow_index(d, paste0(nowhere), province, year)
  })
})

test_that("an expression that computes with a column is told to name one", {
  expect_refused(export_resilience(d, log(exports), province, year), "missing_column")
  expect_refused(export_resilience(d, d$exports, province, year), "missing_column")
  expect_snapshot(error = TRUE, {
    export_resilience(d, log(exports), province, year)
    export_resilience(d, d$exports, province, year)
  })
})

test_that("inside c() a bare column is that column also beside a name that stands elsewhere", {
  other <- "gdp"
  expect_identical(fill(d, c(exports, other), province, year), fill(d, c("exports", "gdp"), province, year))
  gdp <- "year"
  expect_identical(fill(d, c(exports, gdp), province, year), fill(d, c("exports", "gdp"), province, year))
})

test_that("near means one edit, or two in names of five letters and more", {
  hint <- function(wanted, known) {
    data <- as.data.frame(stats::setNames(rep(list(1), length(known)), known), check.names = FALSE)
    text <- text_of(interpolate_panel(data, identity(wanted), "u", "t"))
    if (grepl("Did you mean", text, fixed = TRUE)) sub("`.*", "", sub(".*Did you mean `", "", text)) else NA
  }
  expect_identical(hint("exprots", c("gdp", "exports")), "exports")
  expect_identical(hint("yaer", c("gdp", "year")), "year") # two letters that changed places
  expect_identical(hint("EXPORT", c("gdp", "exports")), "exports")
  expect_identical(hint("prov", c("gdp", "province")), "province") # a beginning
  expect_identical(hint("Yr", c("gdp", "yr")), "yr")
  expect_identical(hint("x1", c("z9", "x2")), "x2")
  expect_identical(hint("province2", c("gdp", "provinces")), "provinces")
  expect_identical(hint("xx", c("u", "x")), NA)
  expect_identical(hint("ab", c("yz", "gdp")), NA)
  expect_identical(hint("rate", c("rule", "area")), NA)
})

test_that("a misspelt argument is told the near one, in every function", {
  m <- fe_model(gdp ~ year, d)
  expect_snapshot(error = TRUE, {
    data_flow_index(d, "gdp", province, year, methd = "pca")
    data_flow_index(d, "gdp", province, year, methd = "pca", ofset = 1)
    data_flow_index(d, "gdp", province, year, comp = 2)
    export_resilience(d, exports, province, year, trasform = "asinh")
    interpolate_panel(d, exports, province, year, edns = "linear")
    hp_filter(d, 6.25, columm = gdp, unit = province, time = year)
    entropy_weights(d["gdp"], ofset = 1)
    contributions(data_flow_index(d, "gdp", province, year), b = "group", bye = "group")
    fe_model(gdp ~ year, d, correctoin = "none")
    confint(m, levle = .9)
  })
})

test_that("a choice is told the near one, and lists end in or", {
  expect_snapshot(error = TRUE, {
    data_flow_index(d, "gdp", province, year, method = "Entropy")
    interpolate_panel(d, exports, province, year, ends = "nearest")
    data_flow_index(d, "gdp", province, year, aggregate = "geometric")
  })
})

test_that("a column of a name that is not valid text does not stop the hint", {
  odd <- d
  names(odd)[4] <- "\xb1\xb1"
  expect_refused(fill(odd, exprots, province, year), "missing_column")
})
