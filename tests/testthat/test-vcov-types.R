# Variances as choices: what each is called, and one that nobody but this file knows.

example_fit <- function(...) fe_model(y ~ x1 + x2 | unit + year, fe_panel(), ...)

test_that("variances, corrections and constants say what they are", {
  tables <- list(flowresil:::variance_types(), flowresil:::corrections(), flowresil:::constants())
  expect_snapshot(for (table in tables) for (make in table) print(make()))
  expect_snapshot(print(flowresil:::vcov_cluster(~a^b)))
  expect_snapshot(print(flowresil:::constant_intercept()))
})

# The sandwich of sums by group, its degrees of freedom one a coefficient.
vcov_toy <- function(columns = "unit", shrink = 0.5) {
  force(columns)
  force(shrink)
  flowresil:::new_choice(
    "variance", "toy", label = paste("shrunken sums by", columns), settings = list(shrink = shrink),
    estimate = function(view, correction) {
      groups <- view$groups(columns)
      V <- view$bread %*% crossprod(view$score_sums(groups)) %*% t(view$bread)
      list(vcov = shrink * V, df = seq_along(view$coefficients) + 2, clusters = groups$n)
    }
  )
}

types_with_toy <- local({
  own <- flowresil:::variance_types()
  function() c(own, list(toy = vcov_toy))
})

test_that("a variance is added by a constructor and a row of the table", {
  with_binding("variance_types", types_with_toy, {
    m <- example_fit(vcov = "toy")
    clustered <- example_fit(vcov = ~unit, correction = "none")
    expect_relative(vcov(m), 0.5 * vcov(clustered), tolerance_exact)
    expect_identical(m$variance[c("type", "correction", "n_clusters")],
                     list(type = "toy", correction = "fixest", n_clusters = clustered$variance$n_clusters))
    expect_identical(m$variance$df, c(x1 = 3, x2 = 4))
    t <- generics::tidy(m, conf.int = TRUE)
    expect_identical(t$df, c(3, 4))
    expect_relative(t$p.value, 2 * stats::pt(-abs(t$statistic), c(3, 4)), tolerance_exact)
    expect_relative(t$conf.high, coef(m) + stats::qt(.975, c(3, 4)) * t$std.error, tolerance_exact)
    expect_relative(confint(m)[, 2L], t$conf.high, tolerance_exact)
    expect_output(print(m), "shrunken sums by unit, shrink 0.5, correction fixest, .* clusters, t\\(3 to 4\\)")
    note <- paste(utils::capture.output(print(fe_table(m))), collapse = " ")
    expect_match(note, "shrunken sums by unit, shrink 0.5, correction fixest; t distribution with 3 to 4 degrees",
                 fixed = TRUE)
    expect_snapshot(fe_model(y ~ x1 | unit, fe_panel(), vcov = "tay"), error = TRUE)
    expect_identical(vcov(update(m, . ~ . - x2)), vcov(fe_model(y ~ x1 | unit + year, m$data, vcov = "toy")))
  })
})

test_that("a variance given as an object needs no row, and keeps its options", {
  m <- example_fit(vcov = vcov_toy("year", shrink = 2))
  expect_relative(vcov(m), 2 * vcov(example_fit(vcov = ~year, correction = "none")), tolerance_exact)
  expect_identical(vcov(m, correction = "none"), vcov(m))
  expect_relative(vcov(example_fit(), vcov = vcov_toy("year", 2)), vcov(m), tolerance_exact)
})

test_that("a view gives groups, scores, products and places that agree with each other", {
  m <- example_fit(vcov = ~unit, constant = "mean")
  view <- flowresil:::new_view(m, environment())
  groups <- view$groups("unit")
  sums <- view$score_sums(groups)
  expect_identical(dim(sums), c(groups$n, length(coef(m))))
  expect_relative(rowsum(view$scores(), groups$code), sums, tolerance_oracle)
  expect_relative(crossprod(sums), view$score_products(groups), tolerance_oracle)
  expect_relative(crossprod(view$scores()), view$score_products(), tolerance_oracle)
  products <- view$cluster_products(groups)
  expect_length(products, groups$n)
  expect_equal(Reduce(`+`, products), diag(length(coef(m))), tolerance = 1e-12)
  expect_relative(view$residuals(), unname(residuals(m)), tolerance_exact)
  place <- view$place()
  expect_identical(place[c("unit", "time")], list(unit = "unit", time = "year"))
  expect_length(place$code, nobs(m))
  expect_identical(place[c("period", "values")], view$times()[c("period", "values")])
  expect_identical(view$numbers("region", as.character), as.character(m$data$region[flowresil:::used_rows(m)]))
  both <- list(list(groups), list(view$groups("year"), groups))
  by <- view$score_products_by(both)
  expect_relative(by[[1L]], view$score_products(groups), tolerance_oracle)
  expect_relative(by[[2L]], view$score_products(view$groups(c("year", "unit"))), tolerance_oracle)
  expect_output(print(view), "score_sums")
})

test_that("a variance that breaks its promise is refused with its name", {
  broken <- function(value) {
    force(value)
    flowresil:::new_choice("variance", "broken", "broken", estimate = function(view, correction) value)
  }
  expect_refused(example_fit(vcov = broken(list(vcov = diag(3)))), "choice_promise")
  expect_snapshot(example_fit(vcov = broken(list(vcov = diag(3)))), error = TRUE)
  expect_snapshot(example_fit(vcov = broken(list(vcov = diag(2), df = c(1, -1)))), error = TRUE)
  expect_refused(example_fit(vcov = flowresil:::new_choice("weighting", "w", "w")), "choice")
})
