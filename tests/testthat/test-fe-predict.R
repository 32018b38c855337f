# lm() on dummies of a panel without lost rows.
whole <- function() shared_panel(FALSE)
both <- function(right, ..., effects = c("id", "year")) {
  list(
    m = quietly(fe_model(as.formula(paste("y ~", right, "|", paste(effects, collapse = "+"))), whole(),
                         correction = "dummies", ...)),
    l = eval(rlang::call2("lm", as.formula(paste("y ~", right, "+", paste0("factor(", effects, ")", collapse = "+"))),
                          quote(whole()), !!!rlang::enexprs(...)))
  )
}

test_that("errors and intervals of predictions are those of lm on dummies", {
  new <- whole()[c(5, 17, 30, 5), ]
  new$x <- new$x + c(0, 1, 2, 3)
  for (effects in list("id", c("id", "year"), c("id", "year", "group"))) {
    f <- both("x + z", effects = effects)
    ours <- predict(f$m, new, se.fit = TRUE)
    theirs <- suppressWarnings(predict(f$l, new, se.fit = TRUE))
    expect_relative(ours$fit, theirs$fit, 1e-9)
    expect_relative(ours$se.fit, theirs$se.fit, 1e-9)
    expect_identical(ours$df, as.double(theirs$df))
    expect_relative(ours$residual.scale, theirs$residual.scale, 1e-10)
    for (interval in c("confidence", "prediction")) {
      ours <- predict(f$m, new, interval = interval, level = .9)
      theirs <- suppressWarnings(predict(f$l, new, interval = interval, level = .9))
      expect_identical(colnames(ours), colnames(theirs))
      expect_relative(ours, theirs, 1e-9)
    }
  }
  f <- both("x + poly(z, 2) + group", weights = w)
  expect_relative(predict(f$m, new, interval = "confidence"), predict(f$l, new, interval = "confidence"), 1e-9)
  expect_relative(predict(f$m, se.fit = TRUE)$se.fit, predict(f$l, se.fit = TRUE)$se.fit, 1e-9)
  expect_relative(predict(f$m, interval = "prediction"), suppressWarnings(predict(f$l, interval = "prediction")), 1e-9)
  none <- fe_model(y ~ x + z, whole())
  l <- lm(y ~ x + z, whole())
  expect_relative(predict(none, new, interval = "prediction"), predict(l, new, interval = "prediction"), 1e-10)
  expect_relative(predict(none, new, se.fit = TRUE, vcov = vcov(none, vcov = "HC1"))$se.fit,
                  predict(none, new, se.fit = TRUE, vcov = "HC1")$se.fit)
})

test_that("errors of predictions follow the variance asked for", {
  skip_if_not_installed("sandwich")
  f <- both("x + z")
  new <- whole()[c(5, 17, 30), ]
  x <- model.matrix(delete.response(terms(f$l)), new, xlev = f$l$xlevels)
  error <- function(V) sqrt(diag(x %*% V %*% t(x)))
  expect_relative(predict(f$m, new, TRUE, vcov = "HC1")$se.fit, error(sandwich::vcovHC(f$l, "HC1")), 1e-9)
  expect_relative(predict(f$m, new, TRUE, vcov = "HC0")$se.fit, error(sandwich::vcovHC(f$l, "HC0")), 1e-9)
  by_region <- predict(f$m, new, TRUE, vcov = ~region)
  expect_relative(by_region$se.fit, error(sandwich::vcovCL(f$l, ~region, type = "HC1")), 1e-9)
  expect_identical(by_region$df, 3)
  expect_identical(predict(f$m, new, TRUE, df = Inf)$df, Inf)
})

test_that("errors are refused where the effects' variance is not known", {
  f <- both("x + z")
  new <- whole()[1:3, ]
  expect_refused(predict(f$m, new, TRUE, vcov = vcov(f$m)), "unsupported")
  expect_refused(predict(f$m, new, interval = "prediction", vcov = ~region), "unsupported")
  weighted <- shared_fit(weights = w)
  expect_refused(predict(weighted, new, interval = "prediction"), "unsupported")
  expect_refused(predict(f$m, new, interval = "both"), "choice")
  expect_refused(predict(f$m, new, se.fit = 1), "flag")
  expect_snapshot(error = TRUE, {
    predict(f$m, new, TRUE, vcov = vcov(f$m))
    predict(f$m, new, interval = "prediction", vcov = ~region)
    predict(weighted, new, interval = "prediction")
  })
})

test_that("a missing effect, and a level of an effect or a factor that is not in the fit, give NA and are counted", {
  d <- whole()
  m <- fe_model(y ~ x + group + factor(region):z | id + year, d)
  new <- d[1:6, ]
  new$group <- as.character(new$group)
  new$id[1] <- NA
  new$year[2] <- 1999
  new$group[3] <- "other"
  new$region[4] <- "none"
  new$x[5] <- NA
  expect_warning(p <- predict(m, new), class = "flowresil_warning_unseen_level")
  expect_identical(is.na(unname(p)), rep(c(TRUE, FALSE), c(5, 1)))
  expect_within(p[6], fitted(m)[6], 1e-12)
  expect_snapshot(invisible(predict(m, new)))
  expect_no_warning(only <- predict(m, d[1:2, ]))
  new$id <- NA
  expect_true(all(is.na(suppressWarnings(predict(m, new)))))
  expect_true(all(is.na(suppressWarnings(predict(m, new, TRUE))$se.fit)))
})

test_that("a sum of effects that no chain of rows joins is not predicted", {
  d <- transform(whole(), year = year + ifelse(region %in% c("a", "b"), 0, 100))
  m <- fe_model(y ~ x | id + year, d)
  new <- d[c(1, which(d$region == "a")[1]), ]
  expect_no_warning(predict(m, new))
  new$year[2] <- new$year[2] + 100
  expect_warning(p <- predict(m, new), class = "flowresil_warning_unseen_level")
  expect_identical(is.na(unname(p)), c(new$region[1] == "a" & FALSE, TRUE))
  expect_snapshot(invisible(predict(m, new)))
})

test_that("augment takes data, new data and errors", {
  d <- shared_panel()
  m <- shared_fit()
  whole_data <- augment(m, d)
  expect_identical(nrow(whole_data), nrow(d))
  expect_identical(whole_data$.resid, unname(residuals(m, full = TRUE)))
  expect_identical(whole_data$.fitted, unname(fitted(m, full = TRUE)))
  expect_identical(augment(m, data = d[case.names(m), ]), augment(m))
  new <- d[c(10, 20, 30), ]
  a <- augment(m, newdata = new, se_fit = TRUE, interval = "confidence", conf.level = .9)
  expect_identical(a$.fitted, unname(predict(m, new)))
  expect_relative(a$.resid, new$y - predict(m, new), 1e-12)
  expect_identical(a$.se.fit, unname(predict(m, new, TRUE)$se.fit))
  expect_identical(a$.lower, unname(predict(m, new, interval = "confidence", level = .9)[, "lwr"]))
  expect_identical(names(augment(m, newdata = new[c("id", "year", "x", "z")])), c("id", "year", "x", "z", ".fitted"))
  logged <- quietly(fe_model(log(y + 9) ~ x | id, d))
  expect_relative(augment(logged, newdata = new)$.resid, log(new$y + 9) - predict(logged, new), 1e-10)
  lagged <- quietly(fe_model(d(y) ~ x | id + year, d))
  expect_within(na.omit(augment(lagged, newdata = d)$.resid), residuals(lagged), 1e-10)
  expect_refused(augment(m, d[1:5, ]), "rows")
  expect_refused(augment(m, 1), "type")
  expect_refused(augment(m, newdata = new, conf.level = 90), "number")
  expect_snapshot(error = TRUE, augment(m, d[1:5, ]))
})
