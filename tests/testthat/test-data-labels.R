# Labels that columns carry in the data, as tables and pictures show them.

labelled <- function() {
  d <- province_panel
  attr(d$ExpRes, "label") <- "Export resilience"
  attr(d$open, "label") <- "Openness"
  attr(d$gov, "label") <- "%"
  attr(d$edu, "label") <- "Openness"
  attr(d$province, "label") <- "Province"
  d
}

rows_of <- function(table) table[[1L]]
header_of <- function(table) unlist(table[1L, -1L], use.names = FALSE)

test_that("a column's label stands in the table, a unit of measure behind the name", {
  m <- fe_model(ExpRes ~ open + gov | province + year, labelled())
  table <- fe_table(m)
  expect_true(all(c("Openness", "gov (%)", "Province FE", "year FE") %in% rows_of(table)))
  expect_identical(header_of(table), "Export resilience")
  expect_identical(m$labels, c(ExpRes = "Export resilience", open = "Openness", gov = "%", province = "Province"))
})

test_that("labels = c() goes before, labels = FALSE shows names", {
  m <- fe_model(ExpRes ~ open + gov | province + year, labelled())
  table <- fe_table(m, labels = c(open = "Trade"))
  expect_true(all(c("Trade", "gov (%)") %in% rows_of(table)))
  names_only <- fe_table(m, labels = FALSE)
  expect_true(all(c("open", "gov", "province FE") %in% rows_of(names_only)))
  expect_identical(header_of(names_only), "ExpRes")
  expect_silent(fe_table(m))
})

test_that("labels of the data that are alike stay names, and are no error", {
  m <- fe_model(ExpRes ~ open + edu | province + year, labelled())
  expect_true(all(c("open", "edu") %in% rows_of(fe_table(m))))
  d <- labelled()
  attr(d$open, "label") <- "gov"
  expect_true(all(c("open", "gov (%)") %in% rows_of(fe_table(fe_model(ExpRes ~ open + gov | province, d)))))
})

test_that("what is no text is no label", {
  d <- labelled()
  attr(d$open, "label") <- 1
  attr(d$gov, "label") <- "  "
  m <- fe_model(ExpRes ~ open + gov | year, d)
  expect_identical(names(m$labels), "ExpRes")
  expect_true(all(c("open", "gov") %in% rows_of(fe_table(m))))
})

test_that("effects that share a label share a row where no model holds both", {
  d <- province_panel
  a <- fe_model(ExpRes ~ open | province, d)
  b <- fe_model(ExpRes ~ open | region, d)
  table <- fe_table(a, b, labels = c(province = "Place", region = "Place"))
  expect_identical(unlist(table[rows_of(table) == "Place FE", ], use.names = FALSE), c("Place FE", "Yes", "Yes"))
  both <- fe_model(ExpRes ~ open | region + year, d)
  expect_error(fe_table(both, labels = c(region = "Place", year = "Place")), class = "flowresil_error_term")
})

test_that("descriptions, correlations, indices and their models show labels", {
  m <- fe_model(ExpRes ~ open + gov | province + year, labelled())
  expect_identical(as_table(describe_panel(m))$body[, 1L], c("Export resilience", "Openness", "gov (%)"))
  expect_identical(describe_panel(m)$variable, c("ExpRes", "open", "gov"))
  expect_identical(as_table(correlation_table(labelled(), c(open, gov)))$head[1L, ], c("", "Openness", "gov (%)"))
  d <- province_panel
  attr(d$broadband_ports, "label") <- "Ports"
  d <- d[d$year > 2010, ]
  attr(d$broadband_ports, "label") <- "Ports"
  index <- data_flow_index(d, c(broadband_ports = 1, patents_granted = 1), unit = province, time = year)
  expect_identical(index$weights$label, c("Ports", "patents_granted"))
  expect_identical(as_table(index)$body[, 1L], c("Ports", "patents_granted"))
})

test_that("pictures show labels", {
  skip_if_not_installed("ggplot2")
  m <- fe_model(ExpRes ~ open + gov | province + year, labelled())
  expect_setequal(levels(ggplot2::autoplot(m)$data$label), c("Openness", "gov (%)"))
  lags <- fe_compare(ExpRes ~ open | province + year, labelled(), unit = province, time = year, lags = 0:1)
  expect_match(ggplot2::autoplot(lags)$labels$title, "Coefficient of Openness in models of Export resilience")
  steps <- fe_mediation(ExpRes ~ open | province + year, labelled(), mediators = gov)
  expect_true(any(grepl("gov (%)", levels(ggplot2::autoplot(steps)$data$panel), fixed = TRUE)))
})

test_that("units of measure are told from names", {
  measures <- c("\u4ebf\u5143", "\u4e07\u4eba", "\u5143/\u4eba", "%", "100 million yuan", "US$", "current US$",
                "10 000 persons", "(\u4ebf\u5143)", "\uff08\u4e07\u6237\uff09")
  names <- c("gdp", "GDP (100 million yuan)", "\u5730\u533a\u751f\u4ea7\u603b\u503c", "Index", "Openness",
             "\u4eba\u5747\u6536\u5165", "")
  expect_true(all(is_measure(measures)))
  expect_false(any(is_measure(names)))
})

test_that("as_table() refuses arguments it does not know, and adds notes", {
  d <- province_panel
  expect_error(as_table(d[1:2, 1:3], foo = 1), class = "flowresil_error_argument")
  expect_error(as_table(describe_panel(d, open), foo = 1), class = "flowresil_error_argument")
  expect_error(as_table(fe_table(fe_model(ExpRes ~ open | year, d)), foo = 1), class = "flowresil_error_argument")
  expect_error(as_table(d[1:2, 1:3], digits = -1), class = "flowresil_error_digits")
  expect_error(as_table(d[1:2, 1:3], title = 1), class = "flowresil_error_argument")
  expect_identical(as_table(d[1:2, 1:3], notes = c("One.", "Two."))$note, "One. Two.")
  table <- as_table(fe_table(fe_model(ExpRes ~ open | year, d)), notes = "Mine.")
  expect_match(table$note, "[.] Mine[.]$")
  expect_identical(as_table(table, title = "T")$title, "T")
})

test_that("the label of each variance is its English in the table of words", {
  d <- province_panel
  m <- fe_model(ExpRes ~ open | province + year, d)
  for (vcov in list("iid", "HC0", "HC1", ~province, ~province^year)) {
    choice <- requested_variance(m, vcov, NULL)$variance$choice
    expect_identical(do.call(word, c(choice$words[1L], "en", as.list(choice$words[-1L]))), choice$label)
  }
})
