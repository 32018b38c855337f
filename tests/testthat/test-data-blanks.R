# Names that differ by a blank only.

city <- intToUtf8(c(0x5317, 0x4eac)) # Beijing
blank_panel <- function(names) {
  d <- fe_panel(n_units = length(names))
  d$unit <- names[match(d$unit, sort(unique(d$unit)))]
  d
}

said <- function(code) {
  texts <- character()
  withCallingHandlers(code, flowresil_message_blanks = function(m) {
    texts <<- c(texts, conditionMessage(m))
    rlang::cnd_muffle(m)
  })
  texts
}

test_that("units, effects and clusters that differ by a blank only are told, and stay two", {
  for (blank in c(" ", "\t", "\u00a0", "\u3000", "  ", "\ufeff")) {
    d <- blank_panel(c("north", paste0("north", blank), "south"))
    expect_message(m <- fe_model(y ~ x1 | unit, d), class = "flowresil_message_blanks")
    expect_identical(m$effects$n_levels, c(unit = 3L))
    expect_match(said(fe_model(y ~ x1 | year, d, vcov = ~unit)), "clusters")
    levels <- transform(d, unit = factor(unit))
    expect_match(said(hp_filter(levels, 6.25, column = x1, unit = unit, time = year)), "units")
    before <- transform(d, unit = sub("(north)(.*)", "\\2\\1", unit))
    expect_match(said(data_flow_index(before, "x2", unit, year, method = "equal")), "differ by a blank only")
  }
})

test_that("a full-width blank for a plain one and blanks between Chinese characters are told, other blanks are not", {
  expect_length(said(fe_model(y ~ x1 | unit, blank_panel(c("a b", "a\u3000b", "c")))), 1L)
  expect_length(said(fe_model(y ~ x1 | unit, blank_panel(c("a b", "a  b", "c")))), 1L)
  spread <- paste0(substr(city, 1, 1), c(" ", "\u3000"), substr(city, 2, 2))
  expect_match(said(fe_model(y ~ x1 | unit, blank_panel(c(city, spread)))), "count as 3 levels")
  expect_length(said(fe_model(y ~ x1 | unit, blank_panel(c("1 11", "11 1", "111", "New York")))), 0L)
  expect_length(said(fe_model(y ~ x1 | unit, blank_panel(c("north", "North", "south")))), 0L)
  expect_length(said(fe_model(y ~ x1 | unit, blank_panel(1:3))), 0L)
})

test_that("the message comes once a column and call, and is quiet where messages are", {
  d <- blank_panel(c("north", "north ", "south", "west"))
  expect_length(said(fe_model(y ~ l(x1) + x2 | unit + year, d, vcov = ~unit)), 1L)
  expect_length(said(fe_compare(y ~ x1 | unit, d, outcomes = c("y", "x2"))), 1L)
  m <- suppressMessages(fe_model(y ~ x1 | year, d))
  expect_length(said(vcov(m, vcov = ~unit)), 1L)
  expect_length(said(vcov(m, vcov = ~unit)), 1L)
  expect_length(said(quietly(fe_model(y ~ x1 | unit, d))), 0L)
  many <- data.frame(u = c("a", "a ", sprintf("%06d", seq_len(1e5))), x = sin(seq_len(1e5 + 2)))
  expect_length(said(data_flow_index(transform(many, t = 1), "x", u, t, method = "equal")), 0L)
})

test_that("the text of the message names the pairs and the way out", {
  expect_snapshot({
    . <- fe_model(y ~ x1 | unit, blank_panel(c("north", "north ", "south\u00a0", "south", "\teast", "east", "east ")))
    . <- hp_filter(blank_panel(c(city, paste0(city, " "))), 6.25, column = x1, unit = unit, time = year)
    . <- fe_model(y ~ x1 | unit, blank_panel(c(letters[1:7], paste0(letters[1:7], " "))))
  })
})
