# Differences between columns and wild p values in tables of models.

test_that("differences stand in rows of their own, wild p values in brackets", {
  d <- fe_panel()
  d$half <- ifelse(as.integer(sub("u", "", d$unit)) %% 3 == 0, "p", "q")
  s <- fe_compare(y ~ x1 + x2 | unit + year, d, subsets = list(q = half == "q", p = half == "p"), vcov = ~unit)
  wild <- list(wild_bootstrap(s$q, c("x1", "x2")), list(wild_bootstrap(s$p, "x2", weights = "webb", R = 199, seed = 1)))
  table <- as.data.frame(fe_table(s, differences = TRUE, wild = wild, digits = 5))
  p <- compare_groups(s)$p.value
  row <- function(label) unlist(table[table[[1L]] == label, -1L], use.names = FALSE)
  expect_identical(row("p of the difference: x1"), c("", formatC(p[1L], digits = 5, format = "f")))
  expect_identical(row("p of the difference: x2"), c("", formatC(p[2L], digits = 5, format = "f")))
  below <- unlist(table[which(table[[1L]] == "x2") + 2L, -1L], use.names = FALSE)
  expect_identical(below[2L], paste0("[", formatC(wild[[2L]][[1L]]$p.value, digits = 5, format = "f"), "]"))
  expect_snapshot({
    print(fe_table(s, differences = TRUE, wild = wild))
    print(fe_table(s, differences = TRUE, wild = list(wild[[1L]], NULL), language = "zh"))
  })
  asked <- fe_compare(y ~ x1 + x2 | unit + year, d, subsets = list(q = half == "q", p = half == "p"), vcov = ~unit,
                      differences = TRUE)
  expect_output(print(asked), "p of the difference: x1")
  expect_match(paste(unlist(as_table(asked)), collapse = " "), "p of the difference: x1", fixed = TRUE)
  expect_identical(as.data.frame(fe_table(asked, differences = FALSE)), as.data.frame(fe_table(s)))
  # another variance
  hc <- as.data.frame(fe_table(s, differences = TRUE, vcov = "HC1", digits = 6))
  expect_identical(hc[hc[[1L]] == "p of the difference: x1", 3L],
                   formatC(compare_groups(s, "x1", vcov = "HC1")$p.value, digits = 6, format = "f"))
})

test_that("what is no wild bootstrap of the column's model is refused", {
  d <- fe_panel()
  m <- fe_model(y ~ x1 + x2 | unit + year, d, vcov = ~unit)
  w <- wild_bootstrap(m, "x1", R = 99, weights = "webb", seed = 1)
  expect_refused(fe_table(m, wild = 1), "argument")
  expect_refused(fe_table(m, wild = list(w, w)), "argument")
  expect_refused(fe_table(m, wild = list(3)), "argument")
  expect_refused(fe_table(fe_model(y ~ x1 | unit, d), wild = w), "argument")
  expect_refused(fe_table(m, differences = NA), "flag")
  expect_snapshot(error = TRUE, fe_table(m, wild = 1))
  expect_snapshot(error = TRUE, fe_table(m, wild = list(w, w)))
  expect_snapshot(error = TRUE, fe_table(m, wild = list(3)))
  expect_snapshot(error = TRUE, fe_table(fe_model(y ~ x1 | unit, d), wild = w))
})
