d <- fe_panel("balanced")
d$y2 <- d$y + d$w
d$x3 <- d$x1 + d$w^2

expect_same_fit <- function(object, expected) {
  expect_s3_class(object, "fe_model", exact = TRUE)
  expect_identical(coef(object), coef(expected))
  expect_identical(vcov(object), vcov(expected))
  expect_identical(residuals(object), residuals(expected))
  expect_identical(object$sample[order(names(object$sample))], expected$sample[order(names(expected$sample))])
  expect_identical(object$variance, expected$variance)
}

# The models -------------------------------------------------------------------------------------

test_that("without variation there is one model, the base", {
  m <- fe_compare(y ~ x1 + x2 | unit + year, d, vcov = ~unit, correction = "plm", constant = "mean")
  expect_s3_class(m, "fe_compare", exact = TRUE)
  expect_named(m, "base")
  expect_same_fit(m$base, fe_model(y ~ x1 + x2 | unit + year, d, vcov = ~unit, correction = "plm", constant = "mean"))
})

test_that("sub-samples equal fe_model() with that subset; TRUE means all rows", {
  m <- fe_compare(y ~ x1 + x2 | unit + year, d,
                  subsets = list(all = TRUE, early = year < 2005, east = region == "east", rows = 1:40))
  expect_named(m, c("all", "early", "east", "rows"))
  expect_same_fit(m$all, fe_model(y ~ x1 + x2 | unit + year, d))
  expect_same_fit(m$early, fe_model(y ~ x1 + x2 | unit + year, d, subset = year < 2005))
  expect_same_fit(m$east, fe_model(y ~ x1 + x2 | unit + year, d, subset = region == "east"))
  expect_same_fit(m$rows, fe_model(y ~ x1 + x2 | unit + year, d, subset = 1:40))
})

test_that("a condition that every row meets leaves nothing out", {
  m <- fe_compare(y ~ x1 | unit, d, subsets = list(these = year > 1900))
  expect_same_fit(m$these, fe_model(y ~ x1 | unit, d, subset = year > 1900))
})

test_that("conditions see the calling environment, columns first, also as a ready list", {
  limit <- 2005
  region <- "nowhere"
  expected <- fe_model(y ~ x1 | unit, d, subset = year < 2005 & region == "east")
  m <- fe_compare(y ~ x1 | unit, d, subsets = list(a = year < limit & region == "east"))
  expect_same_fit(m$a, expected)
  ready <- list(a = d$year < 2005 & d$region == "east")
  expect_same_fit(fe_compare(y ~ x1 | unit, d, subsets = ready)$a, expected)
})

test_that("outcomes and treatments take the place of those of the base model", {
  m <- fe_compare(y ~ x1 + x2 | unit + year, d, outcomes = c(y, y2))
  expect_named(m, c("y", "y2"))
  expect_same_fit(m$y2, fe_model(y2 ~ x1 + x2 | unit + year, d))
  m <- fe_compare(y ~ x1 + x2 | unit + year, d, treatments = c("x1", "x3"))
  expect_named(m, c("x1", "x3"))
  expect_same_fit(m$x3, fe_model(y ~ x3 + x2 | unit + year, d))
  expect_identical(m$x3$treatment, "x3")
  m <- fe_compare(y ~ x1, d, outcomes = y2, treatments = x3)
  expect_named(m, "y2, x3")
  expect_same_fit(m[["y2, x3"]], fe_model(y2 ~ x3, d))
})

test_that("one thing varies at a time where that is wanted, the base model first", {
  m <- quietly(fe_compare(
    y ~ x1 + x2 | unit + year, d, vary = "each", subsets = list(early = year < 2006, late = year >= 2004),
    outcomes = c(second = y2), treatments = c(x3, w), lags = 1:2
  ))
  expect_named(m, c("base", "second", "x3", "w", "lag 1", "lag 2", "early", "late"))
  expect_same_fit(m$base, fe_model(y ~ x1 + x2 | unit + year, d))
  expect_same_fit(m$second, fe_model(y2 ~ x1 + x2 | unit + year, d))
  expect_same_fit(m$w, fe_model(y ~ w + x2 | unit + year, d))
  expect_same_fit(m[["lag 2"]], quietly(fe_model(y ~ l(x1, 2) + x2 | unit + year, d)))
  expect_same_fit(m$late, fe_model(y ~ x1 + x2 | unit + year, d, subset = year >= 2004))
  treatments <- unname(vapply(unclass(m), `[[`, "", "treatment"))
  expect_identical(treatments, c("x1", "x1", "x3", "w", "l(x1, 1)", "l(x1, 2)", "x1", "x1"))
})

test_that("what is the base model again is not fitted twice", {
  m <- quietly(fe_compare(
    y ~ x1 + x2 | unit + year, d, vary = "each", subsets = list(all = TRUE, early = year < 2006),
    outcomes = c(y, y2), treatments = c("x1", "x3"), lags = 0:1
  ))
  expect_named(m, c("base", "y2", "x3", "lag 1", "early"))
  expect_named(fe_compare(y ~ x1 | unit, d, vary = "each"), "base")
  expect_named(fe_compare(y ~ x1 | unit, d, vary = "each", outcomes = y, subset = year < 2006), "base")
  # each of them alone
  expect_named(fe_compare(y ~ x1 | unit, d, vary = "each", subsets = list(early = year < 2006)), c("base", "early"))
  restricted <- fe_compare(y ~ x1 | unit, d, vary = "each", outcomes = y2, subset = year < 2006, vcov = ~unit)
  expect_same_fit(restricted$y2, fe_model(y2 ~ x1 | unit, d, subset = year < 2006, vcov = ~unit))
})

test_that("one change at a time needs labels of their own", {
  each <- function(...) quietly(fe_compare(y ~ x1 | unit, d, vary = "each", ...))
  expect_refused(each(outcomes = c(new = y2), treatments = c(new = x3)), "ambiguous_column")
  expect_refused(each(subsets = list(base = year < 2005)), "ambiguous_column")
  expect_refused(fe_compare(y ~ x1 | unit, d, vary = "one"), "choice")
  expect_snapshot(error = TRUE, {
    each(outcomes = c(new = y2), treatments = c(new = x3))
    each(subsets = list(base = year < 2005))
    fe_compare(y ~ x1 | unit, d, vary = "one")
  })
})

test_that("a message says what the treatments take the place of", {
  replaced <- function(...) rlang::catch_cnd(fe_compare(...), "flowresil_message_treatments")
  expect_identical(replaced(y ~ x1 + x2 | unit, d, treatments = c(x1, x3, w))$treatments, c("x3", "w"))
  expect_null(replaced(y ~ x1 + x2 | unit, d, treatments = x1))
  expect_null(replaced(y ~ x1 + x2 | unit + year, d, lags = 1:2))
  expect_snapshot({
    m <- fe_compare(y ~ x1 + x2 | unit, d, treatments = c(x3, w))
    m <- fe_compare(y ~ log(w) + x2 | unit, d, treatments = "x3")
  })
})

test_that("a formula that update() put in parentheses keeps its effects", {
  f <- y ~ (x1 + x2 | unit + year)
  m <- quietly(fe_compare(f, d, treatments = x3))
  expect_same_fit(m$x3, fe_model(y ~ x3 + x2 | unit + year, d))
})

test_that("names of columns become labels; without a name the column is the label", {
  expect_named(fe_compare(y ~ x1 | unit, d, outcomes = c(first = y, y2)), c("first", "y2"))
  expect_named(fe_compare(y ~ x1 | unit, d, treatments = c(one = "x1", two = "x3")), c("one", "two"))
  columns <- c(one = "x1", two = "x3")
  m <- fe_compare(y ~ x1 | unit, d, treatments = columns)
  expect_named(m, c("one", "two"))
  expect_same_fit(m$two, fe_model(y ~ x3 | unit, d))
})

test_that("a bare name that is a column means that column, whatever stands in the environment", {
  x1 <- c(p = "x2", q = "x3")
  y <- c(p = 1, q = 2)
  expect_named(fe_compare(y ~ x1 | unit, d, treatments = x1), "x1")
  expect_named(fe_compare(y ~ x1 | unit, d, treatments = c(x1, x3)), c("x1", "x3"))
  expect_named(fe_compare(y ~ x1 | unit, d, outcomes = c(label = y, y2)), c("label", "y2"))
})

test_that("lags equal l(x, k) and look at all rows; 0 is the treatment, a negative one a lead", {
  m <- quietly(fe_compare(y ~ x1 + x2 | unit + year, d, lags = c(0, 1, 2, -1)))
  expect_named(m, c("lag 0", "lag 1", "lag 2", "lag -1"))
  expect_same_fit(m[["lag 0"]], fe_model(y ~ x1 + x2 | unit + year, d))
  expect_same_fit(m[["lag 2"]], quietly(fe_model(y ~ l(x1, 2) + x2 | unit + year, d)))
  expect_within(coef(m[["lag -1"]]), coef(quietly(fe_model(y ~ f(x1, 1) + x2 | unit + year, d))), tolerance_exact)
  late <- fe_compare(y ~ x1 + x2 | unit + year, d, subsets = list(late = year > 2004), lags = 1)
  expect_named(late, "late, lag 1")
  expect_same_fit(late[[1]], fe_model(y ~ l(x1, 1) + x2 | unit + year, d, subset = year > 2004))
  expect_identical(nobs(late[[1]]), 48L)
  expect_identical(late[[1]]$treatment, "l(x1, 1)")
  expect_named(quietly(fe_compare(y ~ x1 | unit + year, d, lags = 1)), "lag 1")
})

test_that("lags need unit and time, which may be given", {
  expect_same_fit(
    quietly(fe_compare(y ~ x1 | region, d, lags = 1, unit = unit, time = "year"))[[1]],
    quietly(fe_model(y ~ l(x1, 1) | region, d, unit = unit, time = year))
  )
  error <- rlang::catch_cnd(fe_compare(y ~ x1 | region, d, lags = 0:1), "flowresil_error")
  expect_s3_class(error, "flowresil_error_model")
  expect_identical(error$model, "lag 1")
  expect_s3_class(error$parent, "flowresil_error_missing_argument")
})

test_that("the first regressor may be an expression, and the intercept may be left out", {
  expect_same_fit(
    quietly(fe_compare(y ~ log(w) + x2 | unit + year, d, lags = 1))[[1]],
    quietly(fe_model(y ~ l(log(w), 1) + x2 | unit + year, d))
  )
  expect_same_fit(fe_compare(y ~ x1 - 1, d, treatments = x3)[[1]], fe_model(y ~ x3 - 1, d))
  expect_same_fit(fe_compare(y ~ 0 + x1, d, treatments = x3)[[1]], fe_model(y ~ 0 + x3, d))
})

test_that("everything is crossed: lags fastest, then treatments, outcomes, sub-samples", {
  m <- quietly(fe_compare(
    y ~ x1 + x2 | unit + year, d, subsets = list(early = year < 2006, late = year >= 2004), outcomes = c(y, y2),
    treatments = c(x1, x3), lags = 0:1
  ))
  expect_length(m, 16)
  expect_identical(names(m)[c(1:3, 5, 9)],
                   c("early, y, x1, lag 0", "early, y, x1, lag 1", "early, y, x3, lag 0", "early, y2, x1, lag 0",
                     "late, y, x1, lag 0"))
  expect_same_fit(
    m[["late, y2, x3, lag 1"]], fe_model(y2 ~ l(x3, 1) + x2 | unit + year, d, subset = year >= 2004)
  )
})

test_that("subset, weights, vcov and correction go to every model", {
  m <- fe_compare(y ~ x1 | unit, d, subsets = list(all = TRUE, early = year < 2005), subset = region != "west",
                  weights = w, vcov = ~unit, correction = "dummies")
  expect_same_fit(
    m$all, fe_model(y ~ x1 | unit, d, subset = region != "west", weights = w, vcov = ~unit, correction = "dummies")
  )
  expect_same_fit(
    m$early, fe_model(y ~ x1 | unit, d, subset = region != "west" & year < 2005, weights = w, vcov = ~unit,
                      correction = "dummies")
  )
})

test_that("it works inside a function", {
  inside <- function(data, limit, columns, w0) {
    fe_compare(y ~ x1 + x2 | unit, data, subsets = list(below = year < limit, above = year >= limit),
               treatments = columns, weights = w0, subset = year != limit + 1)
  }
  m <- inside(d, 2005, c("x1", "x3"), d$w)
  expect_named(m, c("below, x1", "below, x3", "above, x1", "above, x3"))
  expect_same_fit(m[["above, x3"]],
                  fe_model(y ~ x3 + x2 | unit, d, subset = year >= 2005 & year != 2006, weights = w))
})

test_that("rows with missing values are dropped by model, and the message names it", {
  bad <- d
  bad$y2[c(4, 9)] <- NA
  said <- rlang::catch_cnd(fe_compare(y ~ x1 | unit, bad, outcomes = c(y, y2)), "flowresil_message_dropped_rows")
  expect_equal(said$missing, c(y2 = 2))
  expect_snapshot(m <- fe_compare(y ~ x1 | unit, bad, outcomes = c(y, y2)))
  expect_identical(vapply(unclass(m), nobs, 1L), c(y = 96L, y2 = 94L), ignore_attr = TRUE)
})

# Refused ----------------------------------------------------------------------------------------

test_that("sub-samples must be conditions with names of their own", {
  expect_refused(fe_compare(y ~ x1 | unit, d, subsets = list(year < 2005)), "subset")
  expect_refused(fe_compare(y ~ x1 | unit, d, subsets = list(a = TRUE, year < 2005)), "subset")
  expect_refused(fe_compare(y ~ x1 | unit, d, subsets = list(a = TRUE, a = year < 2005)), "subset")
  expect_refused(fe_compare(y ~ x1 | unit, d, subsets = list()), "subset")
  expect_refused(fe_compare(y ~ x1 | unit, d, subsets = year < 2005), "subset")
  expect_refused(fe_compare(y ~ x1 | unit, d, subsets = list(a = c(TRUE, FALSE))), "subset")
  expect_refused(fe_compare(y ~ x1 | unit, d, subsets = list(a = "east")), "subset")
  expect_refused(fe_compare(y ~ x1 | unit, d, subsets = list(a = nowhere > 1)), "evaluation")
  expect_refused(fe_compare(y ~ x1 | unit, d, subsets = nowhere), "evaluation")
  expect_refused(fe_compare(y ~ x1 | unit, d, subsets = list(a = year > 3000)), "empty")
  expect_refused(fe_compare(y ~ x1 | unit, d, subsets = list(a = year > 2004), subset = year < 2004), "empty")
  expect_snapshot(error = TRUE, {
    fe_compare(y ~ x1 | unit, d, subsets = list(year < 2005))
    fe_compare(y ~ x1 | unit, d, subsets = list())
    fe_compare(y ~ x1 | unit, d, subsets = year < 2005)
    fe_compare(y ~ x1 | unit, d, subsets = list(a = nowhere > 1))
    fe_compare(y ~ x1 | unit, d, subsets = list(a = c(TRUE, FALSE)))
    fe_compare(y ~ x1 | unit, d, subsets = list(a = year > 3000))
    fe_compare(y ~ x1 | unit, d, subsets = list(a = year > 2004), subset = year < 2004)
  })
})

test_that("lags must be distinct whole numbers", {
  for (bad in list(0.5, "1", c(1, 1), NA, NA_real_, integer(), NULL, Inf)) {
    expect_refused(fe_compare(y ~ x1 | unit + year, d, lags = bad), "number")
  }
  expect_snapshot(error = TRUE, {
    fe_compare(y ~ x1 | unit + year, d, lags = 0.5)
    fe_compare(y ~ x1 | unit + year, d, lags = c(1, 1))
  })
})

test_that("labels that stand twice are refused: a table could not tell their models apart", {
  expect_refused(fe_compare(y ~ x1 | unit, d, outcomes = c(y, y)), "ambiguous_column")
  expect_refused(fe_compare(y ~ x1 | unit, d, treatments = c(a = x1, a = x3)), "ambiguous_column")
  expect_refused(fe_compare(y ~ x1 | unit, d, treatments = c(x3 = x1, x3)), "ambiguous_column")
  expect_snapshot(error = TRUE, fe_compare(y ~ x1 | unit, d, treatments = c(a = x1, a = x3)))
})

test_that("columns must be there, and arguments known", {
  expect_refused(fe_compare(y ~ x1 | unit, d, outcomes = y9), "missing_column")
  expect_refused(fe_compare(y ~ x1 | unit, d, treatments = "x9"), "missing_column")
  expect_refused(fe_compare(y ~ x1 | unit, d, treated = "x1"), "argument")
  expect_refused(fe_compare(y ~ x1 | unit, as.list(d)), "type")
  expect_refused(fe_compare(y ~ x1 | unit, d, vcov = "robust"), "vcov")
  expect_refused(fe_compare(~x1, d), "formula")
})

test_that("what goes wrong in one model is told with its name, the original as parent", {
  d$place <- factor(d$region)
  code <- quote(fe_compare(y ~ x1 | unit, d, subsets = list(all = TRUE, one = unit == "u01"), vcov = ~unit))
  error <- rlang::catch_cnd(eval(code), "flowresil_error")
  expect_s3_class(error, "flowresil_error_model")
  expect_identical(error$model, "one")
  expect_s3_class(error$parent, "flowresil_error_one_cluster")
  expect_snapshot(error = TRUE, {
    fe_compare(y ~ x1 | unit, d, subsets = list(all = TRUE, one = unit == "u01"), vcov = ~unit)
    fe_compare(y ~ x1 | unit, d, outcomes = c(y, place))
  })
})

# Methods ----------------------------------------------------------------------------------------

test_that("tidy() stacks the models' tables", {
  m <- fe_compare(y ~ x1 + x2 | unit + year, d, outcomes = c(y, other = y2))
  t <- tidy(m)
  expect_named(t, c("model", "outcome", "term", "estimate", "std.error", "statistic", "p.value", "df"))
  expect_identical(t$model, rep(c("y", "other"), each = 2))
  expect_identical(t$outcome, rep(c("y", "y2"), each = 2))
  expect_equal(t[3:4, -(1:2)], tidy(m$other), ignore_attr = "row.names")
  t <- tidy(m, conf.int = TRUE, conf.level = 0.9, vcov = ~unit, correction = "none")
  expect_equal(
    t[3:4, -(1:2)], tidy(m$other, conf.int = TRUE, conf.level = 0.9, vcov = ~unit, correction = "none"),
    ignore_attr = "row.names"
  )
})

test_that("glance() has a row a model", {
  m <- fe_compare(y ~ x1 + x2 | unit + year, d, subsets = list(all = TRUE, early = year < 2005))
  g <- glance(m)
  expect_identical(g$model, c("all", "early"))
  expect_identical(g$outcome, c("y", "y"))
  expect_identical(g$nobs, c(96L, 48L))
  expect_equal(g[2, -(1:2)], glance(m$early), ignore_attr = "row.names")
  clustered <- glance(m, vcov = ~unit)
  expect_equal(clustered[1, -(1:2)], glance(m$all, vcov = ~unit), ignore_attr = "row.names")
})

test_that("print is the table with the treatments as rows", {
  m <- quietly(fe_compare(y ~ x1 + x2 | unit + year, d, subsets = list(all = TRUE, early = year < 2005), lags = 0:1))
  expect_snapshot(print(m))
  expect_snapshot(print(m["all, lag 1"], vcov = ~unit))
  wide <- capture.output(print(m, width = 200))
  table <- capture.output(print(fe_table(m, show = c("x1", "l(x1, 1)")), width = 200))
  expect_identical(wide, c(table, "Roles: lags by `unit` along `year` (guessed)"))
  expect_true(any(grepl("^x2 ", capture.output(print(m, show = "x2")))))
  capture.output(returned <- withVisible(print(m)))
  expect_false(returned$visible)
  expect_identical(returned$value, m)
})

test_that("`[` keeps the class, `[[` and `$` give a model", {
  m <- fe_compare(y ~ x1 | unit, d, outcomes = c(y, y2))
  expect_s3_class(m["y2"], "fe_compare", exact = TRUE)
  expect_named(m["y2"], "y2")
  expect_named(m[2:1], c("y2", "y"))
  expect_named(m[-1], "y2")
  expect_s3_class(m[["y2"]], "fe_model")
  expect_identical(m$y2, m[[2]])
  expect_snapshot(m[0])
})

test_that("a treatment that one model drops leaves the others", {
  d$x4 <- ifelse(d$region == "east", 1, d$x1)
  expect_warning(
    m <- fe_compare(y ~ x4 + x2 | unit + year, d, subsets = list(all = TRUE, east = region == "east")),
    class = "flowresil_warning_collinear"
  )
  t <- tidy(m)
  expect_identical(t$term[t$model == "east"], "x2")
  expect_snapshot(print(m))
})

test_that("one model of a comparison or mediation is updated by itself", {
  compared <- fe_compare(ExpRes ~ open + gov | province + year, province_panel,
    subsets = list(east = region == "east"), vcov = ~province
  )
  again <- update(compared$east, . ~ . - gov | .)
  expect_named(coef(again), "open")
  alone <- fe_model(ExpRes ~ open | province + year, province_panel, subset = region == "east", vcov = ~province)
  expect_equal(coef(again), coef(alone), tolerance = 1e-12)
  expect_equal(vcov(again), vcov(alone), tolerance = 1e-12)

  mediated <- fe_mediation(ExpRes ~ open + gov | province + year, province_panel, mediators = ISU)
  again <- update(mediated$models$ISU, . ~ . + edu | .)
  alone <- fe_model(ISU ~ open + gov + edu | province + year, province_panel, subset = !is.na(ExpRes))
  expect_equal(coef(again), coef(alone), tolerance = 1e-12)
})
