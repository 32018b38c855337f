# Which way indicators point, and the columns of a table of them.

d <- small_panel()
index <- function(indicators, ...) data_flow_index(d, indicators, prov, yr, ...)
signs <- c(a = 1, b = -1)

test_that("directions may be words, in a vector, a table and entropy_weights()", {
  expected <- index(signs)
  ways <- list(
    c("+", "-"), c("+1", "-1"), c("1", "-1"), c("positive", "negative"), c("Positive ", " NEGATIVE"),
    c("\u6b63\u5411", "\u8d1f\u5411"), c("\u6b63", "\u8d1f"), c("\u6b63", "\u9006\u5411"), c("\uff0b", "\uff0d"),
    c("+", "\u2212")
  )
  for (way in ways) {
    expect_identical(index(rlang::set_names(way, c("a", "b")))$index, expected$index)
    for (column in list(way, factor(way))) {
      table <- data.frame(indicator = c("a", "b"))
      table$direction <- column
      expect_identical(index(table)$weights, expected$weights)
    }
    x <- d[c("a", "b")]
    expect_identical(entropy_weights(x, direction = way), entropy_weights(x, direction = c(1, -1)))
    expect_identical(entropy_weights(x, direction = factor(way)), entropy_weights(x, direction = c(1, -1)))
    expect_identical(entropy_weights(x, direction = rlang::set_names(rev(way), c("b", "a"))),
                     entropy_weights(x, direction = c(1, -1)))
  }
  expect_identical(entropy_weights(x, direction = "-"), entropy_weights(x, direction = -1))
  expect_identical(index(c(b = "-", a = "+"))$index$index, index(c(b = -1, a = 1))$index$index)
  expect_identical(index(c(a = "+", b = -1))$index, expected$index)
})

test_that("a named vector of columns stays one", {
  expect_identical(index(c(first = "a", second = "b"))$weights, index(c("a", "b"))$weights)
  expect_identical(index(c(b = "a", a = "b"))$weights$indicator, c("a", "b"))
})

test_that("other directions are refused and told what is accepted", {
  table <- function(direction) data.frame(indicator = c("a", "b"), direction = direction)
  for (bad in list(c("up", "down"), c("+", "~"), c("+", NA), c(1, 0), c(1, NA), c(1, 1.5), c(TRUE, FALSE))) {
    expect_refused(index(table(bad)), "direction")
    expect_refused(entropy_weights(d[c("a", "b")], direction = bad), "direction")
  }
  expect_refused(index(c(a = "up", b = "down")), "direction")
  expect_refused(index(c(a = "+", b = "down")), "direction")
  expect_refused(index(c("+", "-")), "direction")
  expect_refused(index(table(I(list(1, -1)))), "direction")
  expect_refused(index(c(first = "+", b = "-")), "missing_column")
  expect_snapshot(error = TRUE, {
    index(c(a = "up", b = "down"))
    index(c("+", "-"))
    index(table(c("+", NA)))
    index(table(c(1, NA)))
    index(table(c(TRUE, FALSE)))
    entropy_weights(d[c("a", "b")], direction = c("+", "down"))
    entropy_weights(d[c("a", "b")], direction = c(TRUE, FALSE))
    entropy_weights(d[c("a", "b")], direction = c(1, 1, 1))
    entropy_weights(d[c("a", "b")], direction = c(a = 1, z = 1))
  })
})

test_that("a misspelt column of the table is an error, not a direction of +1", {
  odd <- function(...) {
    table <- data.frame(c("a", "b"), c(1, -1))
    names(table) <- c(...)
    table
  }
  for (name in c("Direction", "DIRECTION", "directions", "direktion", "dircetion", "direction ", " Direction")) {
    expect_refused(index(odd("indicator", name)), "unknown_column")
  }
  for (name in c("Indicator", "indicators", "indicater")) {
    expect_refused(index(odd(name, "direction")), "unknown_column")
  }
  for (name in c("Group", "groups", "goup", "group2", "Label", "Weight", "Unit")) {
    expect_refused(index(odd("indicator", name)), "unknown_column")
  }
  # COINr's iMeta
  coinr <- data.frame(iCode = c("a", "b"), Direction = c(1, -1), Weight = 1, Level = 1, Parent = "g",
                      Type = "Indicator")
  expect_refused(index(coinr), "unknown_column")
  expect_refused(index(coinr[c("iCode", "Level")]), "unknown_column")
  expect_identical(rlang::catch_cnd(index(odd("indicator", "Direction")), "flowresil_error")$columns, "Direction")
  expect_refused(index(data.frame(code = "a")), "missing_column")
  twice <- odd("indicator", "direction")
  twice <- cbind(twice, twice["direction"])
  expect_refused(index(twice), "ambiguous_column")
  expect_snapshot(error = TRUE, {
    index(odd("indicator", "Direction"))
    index(odd("Indicators", "direction "))
    index(coinr)
    index(coinr[c("iCode", "Level")])
    index(data.frame(code = "a"))
    index(twice)
  })
})

test_that("a name that is near by chance, or beside the right one, is no misspelling", {
  table <- data.frame(indicator = c("a", "b"), group = "g", group2 = "h", direction = c(1, -1), year = 2020,
                      units = "t")
  expect_identical(quietly(index(table))$weights, quietly(index(table[c("indicator", "group", "direction")]))$weights)
})

test_that("a column that says the published weights is no weight", {
  table <- data.frame(indicator = c("a", "b"), weight = c(.9, .1))
  expect_identical(quietly(index(table))$weights, index(c("a", "b"))$weights)
})

test_that("columns that are not used are named in one message", {
  table <- data.frame(indicator = c("a", "b"), group = "g", pillar = "p", weight = .5, remark = "n")
  expect_message(index(table), class = "flowresil_message_unused_columns")
  expect_identical(rlang::catch_cnd(index(table), "flowresil_message_unused_columns")$columns, names(table)[3:5])
  expect_snapshot({
    i <- index(table)
    i <- index(table[1:3])
  })
})

test_that("the shipped table and its descriptions are silent", {
  panel <- province_panel[province_panel$year %in% 2013:2015, ]
  wanted <- flow_indicators[flow_indicators$indicator %in% c("patents_granted", "broadband_ports"), ]
  expect_silent(data_flow_index(panel, wanted, province, year))
  table <- data.frame(indicator = c("a", "b"), label = c("A", "B"), unit = "t", years = "all", official = TRUE)
  expect_silent(index(table))
})

test_that("weights without names are taken in the order of the indicators, and said", {
  expected <- index(signs, weights = c(b = .7, a = .3))
  expect_message(i <- index(signs, weights = c(.3, .7)), class = "flowresil_message_weights_order")
  expect_identical(i$index, expected$index)
  expect_identical(weights(i), c(a = .3, b = .7))
  expect_snapshot(i <- index(signs, weights = c(.3, .7)))
  expect_refused(index(signs, weights = c(.3, .3, .4)), "weights")
  expect_refused(index(signs, weights = "a"), "weights")
  expect_refused(index(signs, weights = c(.3, -.7)), "weights")
  expect_snapshot(error = TRUE, {
    index(signs, weights = c(.3, .3, .4))
    index("a", weights = c(.3, .7))
    index(signs, weights = c("a", "b"))
    index(signs, weights = c(a = 1, b = 1, a = 2))
    index(signs, weights = c(0, 0))
  })
})

test_that("an indicator that is the unit or the time is told which", {
  expect_snapshot(error = TRUE, {
    index(c("a", "yr"))
    data_flow_index(d, names(d), prov, yr)
  })
})
