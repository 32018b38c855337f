# `name` names the column that a result adds, so that several results stand in one table.

d <- small_panel()
d$prov <- as.character(d$prov)
index <- function(...) data_flow_index(d, c("a", "b"), prov, yr, ...)
resilience <- function(...) quietly(export_resilience(d, ex, prov, yr, base = 2008, ...))

test_that("base and filter, entropy and components merge into one table without a row lost", {
  whole <- d
  for (part in list(
    index(), index(method = "pca", name = "index_pca"), resilience(),
    quietly(export_resilience(d, ex, prov, yr, method = "hp", name = "hp")),
    quietly(export_resilience(d, ex, prov, yr, method = "hp", lambda = 100, name = "hp100"))
  )) {
    whole <- merge(whole, as.data.frame(part)) # by all common names
  }
  expect_identical(nrow(whole), 45L) # 5 units, 9 years beside the base
  expect_identical(names(whole)[-(1:6)], c("index", "index_pca", "resilience", "hp", "hp_trend", "hp_cycle", "hp100",
                                           "hp100_trend", "hp100_cycle"))
})

test_that("the name is the column's and nothing else's", {
  plain <- index()
  named <- index(name = "score")
  expect_named(as.data.frame(named), c("prov", "yr", "score"))
  expect_identical(as.data.frame(named)$score, plain$index$index)
  expect_identical(named$name, "score")
  expect_identical(predict(named), predict(plain))
  expect_identical(predict(named, d[1:3, ]), predict(plain, d[1:3, ]))
  expect_identical(contributions(named), contributions(plain))
  expect_identical(tidy(named), tidy(plain))
  expect_identical(glance(named), glance(plain))
  expect_identical(summary(named), summary(plain))
  expect_output(print(named), "as `score`", fixed = TRUE)
  base <- resilience()
  own <- resilience(name = "gap")
  expect_named(as.data.frame(own), c("prov", "yr", "gap"))
  expect_identical(own$resilience$gap, base$resilience$resilience)
  expect_identical(names(tidy(own)), c("prov", "yr", "gap"))
  expect_identical(glance(own), glance(base))
  expect_identical(summary(own)$periods, summary(base)$periods)
  hp <- quietly(export_resilience(d, ex, prov, yr, method = "hp"))
  expect_named(as.data.frame(hp), c("prov", "yr", "resilience", "trend", "cycle"))
  skip_if_not_installed("ggplot2")
  for (drawn in list(ggplot2::autoplot(named, "index"), ggplot2::autoplot(own))) {
    expect_s3_class(ggplot2::ggplot_build(drawn), "ggplot_built")
  }
})

test_that("results of the first release, which have no name, are read", {
  old <- index()
  old$name <- NULL
  expect_identical(predict(old), index()$index$index)
  expect_output(print(old), "as.data.frame() gives it", fixed = TRUE)
  gone <- resilience()
  gone$name <- NULL
  expect_identical(glance(gone), glance(resilience()))
})

test_that("a name that is none, or the unit's or the time's, is refused", {
  for (bad in list(1, NA_character_, c("a", "b"), character(), NULL, "", "  ", mean, quote(score))) {
    expect_refused(index(name = bad), "name")
    expect_refused(resilience(name = bad), "name")
  }
  for (bad in c("prov", "yr")) {
    expect_refused(index(name = bad), "ambiguous_column")
    expect_refused(resilience(name = bad), "ambiguous_column")
  }
  renamed <- rlang::set_names(d, sub("^yr$", "hp_trend", names(d)))
  expect_refused(export_resilience(renamed, ex, prov, hp_trend, method = "hp", name = "hp"), "ambiguous_column")
  indexed <- rlang::set_names(d, sub("^yr$", "index", names(d)))
  expect_refused(data_flow_index(indexed, "a", prov, index), "ambiguous_column")
  expect_named(as.data.frame(data_flow_index(indexed, "a", prov, index, name = "score")), c("prov", "index", "score"))
  expect_snapshot(error = TRUE, {
    index(name = 1)
    index(name = "")
    index(name = "prov")
    data_flow_index(indexed, "a", prov, index)
    export_resilience(renamed, ex, prov, hp_trend, method = "hp", name = "hp")
    hp_filter(rlang::set_names(d, sub("^yr$", "trend", names(d))), 6.25, column = ex, unit = prov, time = trend)
    hp_filter(rlang::set_names(d, sub("^ex$", "trend", names(d))), 6.25, column = trend, unit = prov, time = yr)
  })
})

test_that("a column of the data that has the name already is said, as joins would go by it", {
  twice <- merge(d, as.data.frame(index()))
  twice <- merge(twice, as.data.frame(resilience()))
  expect_message(data_flow_index(twice, "a", prov, yr), class = "flowresil_message_name_taken")
  expect_no_message(data_flow_index(twice, "a", prov, yr, name = "again"))
  expect_message(data_flow_index(twice, "a", prov, yr, name = "ex"), class = "flowresil_message_name_taken")
  taken <- function(...) rlang::catch_cnd(export_resilience(twice, ex, prov, yr, ...), "flowresil_message_name_taken")
  expect_identical(taken(base = 2010)$columns, "resilience")
  expect_null(taken(base = 2010, name = "again"))
  twice$cycle <- 1
  twice <- twice[twice$yr > 2008, ]
  expect_identical(taken(method = "hp")$columns, c("resilience", "cycle"))
  expect_snapshot({
    i <- data_flow_index(twice, "a", prov, yr)
    r <- export_resilience(twice, ex, prov, yr, base = 2010)
    r <- export_resilience(twice, ex, prov, yr, method = "hp")
    h <- hp_filter(twice, 6.25, column = ex, unit = prov, time = yr)
  })
})
