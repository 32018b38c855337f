same_fit <- function(changed, wanted) {
  expect_identical(coef(changed), coef(wanted))
  expect_identical(vcov(changed), vcov(wanted))
}

test_that("a model fitted in a function is updated on its own data, whatever the name means to the caller", {
  d <- shared_panel()
  fit <- function() {
    panel <- d
    quietly(fe_model(y ~ x | id, panel))
  }
  m <- fit()
  wanted <- quietly(fe_model(y ~ x + z | id, d))
  same_fit(quietly(update(m, . ~ . + z)), wanted)
  panel <- function() NULL
  same_fit(quietly(update(m, . ~ . + z)), wanted)
  panel <- d[1:40, ]
  expect_message(changed <- update(m, . ~ . + z), class = "flowresil_message_own_data")
  same_fit(changed, wanted)
  same_fit(quietly(update(m, . ~ . + z, data = panel)), quietly(fe_model(y ~ x + z | id, panel)))
  expect_snapshot(invisible(update(m, . ~ . + z)))
})

test_that("columns that were added to the data since can be used", {
  d <- shared_panel()
  m <- quietly(fe_model(y ~ x | id, d))
  d$x2 <- d$x^2
  expect_no_message(changed <- withr::with_options(list(flowresil.quiet = FALSE), suppressMessages(
    update(m, . ~ . + x2), "flowresil_message_dropped_rows"
  )))
  same_fit(changed, quietly(fe_model(y ~ x + x2 | id, d)))
})

test_that("arguments that were variables of a function keep their values", {
  d <- shared_panel()
  fit <- function() {
    f <- y ~ x | id
    first <- 2003
    by <- ~region
    size <- d$w * 2
    rule <- "plm"
    quietly(fe_model(f, d, vcov = by, correction = rule, weights = size, subset = year > first))
  }
  m <- fit()
  wanted <- quietly(
    fe_model(y ~ x + z | id, d, vcov = ~region, correction = "plm", weights = 2 * w, subset = year > 2003)
  )
  same_fit(quietly(update(m, . ~ . + z)), wanted)
  same_fit(quietly(update(m, . ~ . + z, vcov = "iid")), quietly(update(wanted, vcov = "iid")))
  lagged <- (function() {
    who <- "id"
    quietly(fe_model(y ~ l(x, 1) | region, d, unit = who, time = "year"))
  })()
  same_fit(quietly(update(lagged, . ~ . + z)), quietly(fe_model(y ~ l(x, 1) + z | region, d, unit = id, time = year)))
})

test_that("models of a comparison, of do.call() and of a wrapper's dots are updated like any other", {
  d <- shared_panel()
  wanted <- quietly(fe_model(y ~ x + z | id, d, subset = year > 2003))
  compared <- (function(panel) quietly(fe_compare(y ~ x | id, panel, subsets = list(late = year > 2003))))(d)
  same_fit(quietly(update(compared$late, . ~ . + z)), wanted)
  called <- quietly(do.call(fe_model, list(y ~ x | id, d, subset = d$year > 2003)))
  same_fit(quietly(update(called, . ~ . + z)), wanted)
  expect_identical(deparse(called$call[1:3]), "fe_model(formula = y ~ x | id, data = data)")
  wrapper <- function(...) quietly(fe_model(y ~ x | id, ...))
  same_fit(quietly(update(wrapper(d, subset = year > 2003), . ~ . + z)), wanted)
  same_fit(quietly(update(wrapper(d[d$year > 2003, ]), . ~ . + z)), wanted)
})

test_that("arguments of update must have names", {
  m <- shared_fit()
  expect_refused(update(m, . ~ ., "HC1"), "argument")
  expect_snapshot(error = TRUE, update(m, . ~ ., "HC1"))
})
