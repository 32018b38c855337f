# romano_wolf(): step-down by hand on the draws of wild_bootstrap().

panel <- function() {
  d <- fe_panel()
  d$y2 <- d$y + cos(3 * d$x2 * d$year)
  d$y3 <- sin(5 * seq_len(nrow(d)))
  d
}

test_that("p values are those of common draws, stepped down and monotone", {
  d <- panel()
  models <- list(first = fe_model(y ~ x1 + x2 | unit + year, d), second = fe_model(y2 ~ x1 + x2 | unit + year, d),
                 third = fe_model(y3 ~ x1 | unit + year, d))
  for (options in list(list(), list(variant = "WCR33", weights = "webb"), list(null = .3, ties = "drop"))) {
    found <- do.call(romano_wolf, c(list(models, c("x1", "x2"), cluster = ~unit, R = 799, seed = 4), options))
    single <- function(model, term) {
      shared <- list(models[[model]], term, cluster = ~unit, R = 799, seed = 4, conf.level = NULL)
      do.call(wild_bootstrap, c(shared, options))
    }
    expect_identical(found$model, c("first", "first", "second", "second", "third"))
    expect_identical(found$term, c("x1", "x2", "x1", "x2", "x1"))
    each <- Map(single, found$model, found$term)
    expect_relative(found$statistic, vapply(each, function(w) unname(w$statistic), 1), 1e-12)
    expect_identical(found$p.value, unname(vapply(each, function(w) unname(w$p.value), 1)))
    draws <- abs(vapply(each, `[[`, numeric(799), "draws"))
    t <- abs(found$statistic)
    order <- order(-t)
    p <- vapply(seq_along(t), function(i) {
      largest <- apply(draws[, order[i:5], drop = FALSE], 1L, max)
      own <- t[order[i]]
      mean(if (identical(options$ties, "drop")) largest > own * (1 + 1e-10) else largest >= own * (1 - 1e-10))
    }, 1)
    expect_identical(found$p.adjusted[order], cummax(p))
    expect_true(all(found$p.adjusted >= found$p.value))
    expect_identical(found$p.holm, stats::p.adjust(found$p.value, "holm"))
  }
})

test_that("models of other rows share the clusters that they have; enumeration is by all of them", {
  d <- panel()
  d$pair <- ceiling(as.integer(sub("u", "", d$unit)) / 2)
  whole <- fe_model(y ~ x1 | unit + year, d)
  part <- fe_model(y2 ~ x1 | unit + year, d[d$pair != 2, ])
  found <- romano_wolf(list(a = whole, b = part), "x1", cluster = ~pair, R = 999)
  alone <- wild_bootstrap(part, "x1", cluster = ~pair, R = 999, conf.level = NULL)
  # 2^6 draws: each of the part's 2^5 twice
  expect_identical(found$p.value[2L], unname(alone$p.value))
  expect_relative(found$statistic[2L], unname(alone$statistic), 1e-12)
  own <- fe_model(y ~ x1 | unit + year, d, vcov = ~pair)
  expect_identical(romano_wolf(own, "x1", R = 99)$model, "(1)")
})

test_that("print, and what is refused", {
  d <- panel()
  m <- fe_model(y ~ x1 + x2 | unit + year, d)
  expect_snapshot(print(romano_wolf(list(m, second = m), "x2", cluster = ~unit, R = 99, seed = 1)))
  expect_s3_class(romano_wolf(m, "x1", ~unit, R = 99, seed = 1), c("romano_wolf", "data.frame"), exact = TRUE)
  expect_refused(romano_wolf(list(1), "x1", ~unit), "type")
  expect_refused(romano_wolf(m, "nope", ~unit), "term")
  expect_refused(romano_wolf(m, cluster = ~unit), "term")
  expect_refused(romano_wolf(m, "x1"), "vcov")
  expect_refused(romano_wolf(m, "x1", ~unit, conf.level = .9), "argument")
  expect_refused(romano_wolf(m, "x1", ~unit, R = 99, variant = "WCX"), "choice")
  expect_snapshot(error = TRUE, romano_wolf(list(1), "x1", ~unit))
  expect_snapshot(error = TRUE, romano_wolf(m, "nope", ~unit))
  expect_snapshot(error = TRUE, romano_wolf(m, cluster = ~unit))
  expect_snapshot(error = TRUE, romano_wolf(m, "x1", ~unit, conf.level = .9))
  expect_snapshot(error = TRUE, romano_wolf(m, "x1", ~unit, 99, .9))
})
