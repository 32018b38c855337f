# sandwich --------------------------------------------------------------------------------------------

# sandwich counts the coefficients that it sees, here the slopes.
recount <- function(V, l, m) V[slopes_of, slopes_of] * df.residual(l) / (nobs(l) - length(slopes_of))

test_that("vcovCL takes a cluster by name: rows lost, text, subsets, weights", {
  skip_if_not_installed("sandwich")
  fits <- list(
    list(shared_fit(), dummies()),
    list(shared_fit(weights = w), dummies(weights = w)),
    list(shared_fit(subset = year > 2002), dummies(subset = year > 2002)),
    list(shared_fit(subset = year > 2003 | id == "u03"), dummies(subset = year > 2003 | id == "u03"))
  )
  for (fit in fits) {
    m <- fit[[1]]
    theirs <- sandwich::vcovCL(fit[[2]], ~region, type = "HC1")
    expect_relative(sandwich::vcovCL(m, ~region, type = "HC1"), recount(theirs, fit[[2]]))
    expect_relative(sandwich::vcovCL(m, ~region, type = "HC1"), vcov(m, ~region, "plm"))
    expect_relative(sandwich::vcovCL(m, ~region), vcov(m, ~region, "none") * 4 / 3)
  }
  m <- shared_fit()
  two_ways <- sandwich::vcovCL(dummies(), ~ region + year, type = "HC0")
  expect_relative(sandwich::vcovCL(m, ~ region + year), two_ways[slopes_of, slopes_of])
})

test_that("vcovCL takes a vector with a value for each row of the data, rows lost or not", {
  skip_if_not_installed("sandwich")
  d <- shared_panel()
  m <- shared_fit()
  expect_relative(sandwich::vcovCL(m, d$region), sandwich::vcovCL(m, ~region), tolerance_exact)
  expect_relative(sandwich::vcovCL(m, d$region[case.names(m) |> as.integer()]), sandwich::vcovCL(m, ~region),
                  tolerance_exact)
})

test_that("vcovCL finds the cluster with lags, transformations and no effects", {
  skip_if_not_installed("sandwich")
  d <- shared_panel()
  formulas <- list(
    l(y, 1) ~ l(x, 1:2) + z | id + year, log(y + 9) ~ poly(z, 2) + group | id + year, y ~ l(x, 1) + z, y ~ x * z,
    y ~ . - id - region - year - w
  )
  for (f in formulas) {
    m <- quietly(fe_model(f, d, unit = id, time = year))
    n <- nobs(m)
    expect_relative(sandwich::vcovCL(m, ~region), vcov(m, ~region, "none") * 4 / 3)
  }
})

test_that("vcovCL does not depend on where the model was fitted or what became of the data's name", {
  skip_if_not_installed("sandwich")
  d <- shared_panel()
  inside <- function() {
    local_data <- d
    first <- 2002
    quietly(fe_model(y ~ x + z | id + year, local_data, subset = year > first))
  }
  wrapper <- function(...) quietly(fe_model(y ~ x + z | id + year, ...))
  replaced <- d
  gone <- quietly(fe_model(y ~ x + z | id + year, replaced))
  replaced <- data.frame(region = 1)
  d$late <- put(d$year > 2002, 5, NA)
  models <- list(
    inside(), wrapper(d), gone, do.call(wrapper, list(d)), wrapper(d[d$year > 2002, ]), wrapper(subset(d, year > 2002)),
    wrapper(base::subset(d, year > 2002)), wrapper(d, subset = late), wrapper(d, subset = d$year > 2002),
    wrapper(d, subset = which(d$year > 2002)), quietly(do.call(fe_model, list(y ~ x + z | id + year, d))),
    quietly(fe_model(y ~ x + z | id + year, subset(d, year > 2002))),
    quietly(fe_model(y ~ x + z | id + year, base::subset(d, year > 2002))),
    quietly(fe_compare(y ~ x + z | id + year, d, subsets = list(a = year > 2002, b = year < 2007)))[[1]],
    quietly(fe_mediation(y ~ x | id + year, d, mediators = z, subset = year > 2002))$models[[2]]
  )
  for (m in models) expect_relative(sandwich::vcovCL(m, ~region), vcov(m, ~region, "none") * 4 / 3)
})

test_that("vcovCL takes factors, dates, whole numbers of 64 bits and columns of a pdata.frame", {
  skip_if_not_installed("sandwich")
  d <- shared_panel()
  d$f <- factor(d$region, c("d", "none", "a", "b", "c"))
  d$day <- as.Date("2020-01-01") + as.integer(factor(d$region))
  m <- quietly(fe_model(y ~ x + z | id + year, d))
  right <- vcov(m, ~region, "none") * 4 / 3
  expect_relative(sandwich::vcovCL(m, ~day), right)
  expect_relative(sandwich::vcovCL(m, ~f), right)
  part <- quietly(fe_model(y ~ x + z | id + year, d, subset = region != "d"))
  expect_relative(sandwich::vcovCL(part, ~f), vcov(part, ~region, "none") * 3 / 2)
  expect_relative(sandwich::vcovCL(m, d$region), right)
  if (requireNamespace("bit64", quietly = TRUE)) {
    d$long <- bit64::as.integer64("9007199254740992") + bit64::as.integer64(as.integer(factor(d$region)))
    m <- quietly(fe_model(y ~ x + z | id + year, d))
    expect_relative(sandwich::vcovCL(m, ~long), right)
  }
  skip_if_not_installed("plm")
  p <- plm::pdata.frame(d, c("id", "year"))
  m <- quietly(fe_model(y ~ x + z | id + year, p))
  expect_relative(sandwich::vcovCL(m, ~region), right)
})

test_that("vcovHC, vcovPL and vcovPC are those of lm on dummies", {
  skip_if_not_installed("sandwich")
  for (data in list(shared_panel(), shared_panel(FALSE))) {
    m <- shared_fit(weights = w, data = data)
    l <- lm(y ~ x + z + factor(id) + factor(year), data, weights = w)
    for (type in c("HC0", "HC1", "HC2", "HC3")) {
      expect_relative(sandwich::vcovHC(m, type), sandwich::vcovHC(l, type)[slopes_of, slopes_of])
    }
    expect_relative(sandwich::vcovHC(m), sandwich::vcovHC(l)[slopes_of, slopes_of])
    expect_relative(sandwich::vcovPL(m, ~id, order.by = ~year, adjust = FALSE),
                    sandwich::vcovPL(l, ~id, order.by = ~year, adjust = FALSE)[slopes_of, slopes_of])
  }
  expect_relative(sandwich::vcovHC(shared_fit(), "const"), vcov(dummies())[slopes_of, slopes_of])
  m <- shared_fit(data = shared_panel(FALSE))
  l <- lm(y ~ x + z + factor(id) + factor(year), shared_panel(FALSE))
  expect_relative(sandwich::vcovPC(m, ~id, ~year), sandwich::vcovPC(l, ~id, ~year)[slopes_of, slopes_of])
  for (f in list(sandwich::NeweyWest, sandwich::vcovHAC, sandwich::vcovOPG, sandwich::sandwich)) {
    expect_identical(dim(f(m)), c(2L, 2L))
  }
})

test_that("a row that stands alone in its level does not spoil HC3", {
  skip_if_not_installed("sandwich")
  d <- rbind(shared_panel(), transform(shared_panel()[1, ], id = "single"))
  m <- quietly(fe_model(y ~ x + z | id, d))
  expect_relative(sandwich::vcovHC(m), sandwich::vcovHC(lm(y ~ x + z + id, shared_panel()))[slopes_of, slopes_of])
})

test_that("what sandwich and clubSandwich would get wrong is refused", {
  skip_if_not_installed("sandwich")
  m <- shared_fit()
  suppressWarnings({
    expect_refused(sandwich::vcovCL(m, ~region, type = "HC3"), "unsupported")
    expect_refused(sandwich::vcovCL(m, ~region, type = "HC2"), "unsupported")
  })
  expect_refused(sandwich::vcovBS(m, cluster = ~id), "unsupported")
  alone <- quietly(fe_model(y ~ x + only | id, transform(shared_panel(), only = (seq_along(y) == 9) * 1)))
  expect_refused(sandwich::vcovHC(alone), "unsupported")
  constant <- shared_fit(constant = "mean")
  expect_refused(sandwich::vcovHC(constant), "unsupported")
  expect_refused(dfbeta(constant), "unsupported")
  expect_snapshot(error = TRUE, {
    suppressWarnings(sandwich::vcovCL(m, ~region, type = "HC3"))
    sandwich::vcovBS(m, cluster = ~id)
    sandwich::vcovHC(alone)
    sandwich::vcovHC(constant)
    dfbeta(constant)
  })
  skip_if_not_installed("clubSandwich")
  d <- shared_panel()
  expect_refused(clubSandwich::vcovCR(m, cluster = d$region, type = "CR0"), "unsupported")
  expect_refused(clubSandwich::coef_test(m, vcov = "CR2", cluster = d$region), "unsupported")
  expect_refused(clubSandwich::conf_int(m, vcov = "CR1", cluster = d$region), "unsupported")
  expect_snapshot(error = TRUE, clubSandwich::vcovCR(m, cluster = d$region, type = "CR0"))
})

# lmtest ----------------------------------------------------------------------------------------------

test_that("lmtest's tests that fit again are those of lm on dummies", {
  skip_if_not_installed("lmtest")
  tests <- list(
    lmtest::bptest, function(m) lmtest::bptest(m, studentize = FALSE), lmtest::dwtest,
    function(m) lmtest::dwtest(m, exact = TRUE), lmtest::resettest,
    function(m) lmtest::resettest(m, type = "regressor"), lmtest::bgtest,
    function(m) lmtest::bgtest(m, order = 2, type = "F"), lmtest::gqtest, lmtest::raintest
  )
  for (test in tests) {
    ours <- test(shared_fit())
    theirs <- test(dummies())
    expect_relative(ours$statistic, theirs$statistic, 1e-9)
    expect_relative(ours$p.value, theirs$p.value, 1e-8)
  }
  expect_relative(lmtest::bptest(shared_fit(weights = w))$statistic, lmtest::bptest(dummies(weights = w))$statistic)
  d <- shared_panel()
  x_only <- quietly(fe_model(y ~ x | id + year, d))
  z_only <- quietly(fe_model(y ~ z | id + year, d, subset = !is.na(x)))
  lx <- lm(y ~ x + factor(id) + factor(year), d)
  lz <- lm(y ~ z + factor(id) + factor(year), d, subset = !is.na(x))
  for (test in list(lmtest::coxtest, lmtest::jtest)) {
    ours <- as.matrix(test(x_only, z_only))
    expect_relative(ours[!is.na(ours)], as.matrix(test(lx, lz))[!is.na(ours)], 1e-8)
  }
  expect_relative(lmtest::encomptest(x_only, z_only)$F, rev(summary(shared_fit())$coefficients[, 3]^2), 1e-9)
})

test_that("coeftest and coefci use the model's own degrees of freedom, and n - K for another variance", {
  skip_if_not_installed("lmtest")
  m <- shared_fit(vcov = ~region)
  expect_relative(lmtest::coeftest(m), summary(m)$coefficients, tolerance_exact)
  expect_relative(lmtest::coefci(m), confint(m), tolerance_exact)
  expect_relative(lmtest::coefci(m, "z", level = .9), confint(m, "z", level = .9), tolerance_exact)
  own <- lmtest::coeftest(m)
  expect_identical(attr(own, "df"), 3)
  other <- lmtest::coeftest(m, vcov. = vcov(m))
  expect_relative(other[, 4], 2 * pt(abs(other[, 3]), df.residual(m), lower.tail = FALSE), tolerance_exact)
  expect_relative(lmtest::coeftest(m, vcov. = vcov, df = 3), own, tolerance_exact)
  expect_relative(lmtest::coeftest(m, vcov. = "iid"), lmtest::coeftest(dummies())[slopes_of, ], 1e-9)
})

test_that("waldtest and lrtest compare models as for lm, by the degrees of freedom of the larger one's variance", {
  skip_if_not_installed("lmtest")
  m <- shared_fit()
  smaller <- quietly(fe_model(y ~ z | id + year, shared_panel(), subset = !is.na(x)))
  l <- dummies()
  theirs <- lmtest::waldtest(l, lm(y ~ z + factor(id) + factor(year), shared_panel(), subset = !is.na(x)))
  for (ours in list(lmtest::waldtest(m, smaller), lmtest::waldtest(m, "x"), lmtest::waldtest(m, 1),
                    lmtest::waldtest(m, . ~ . - x | .))) {
    expect_relative(as.numeric(ours[2, ]), as.numeric(theirs[2, ]), 1e-9)
  }
  clustered <- shared_fit(vcov = ~region)
  wald <- lmtest::waldtest(clustered, "x")
  expect_relative(wald$F[2], tidy(clustered)$statistic[1]^2)
  expect_relative(wald[["Pr(>F)"]][2], tidy(clustered)$p.value[1])
  ours <- lmtest::lrtest(m, smaller)
  theirs <- lmtest::lrtest(l, lm(y ~ z + factor(id) + factor(year), shared_panel(), subset = !is.na(x)))
  expect_relative(as.matrix(ours)[2, ], as.matrix(theirs)[2, ], 1e-8)
  expect_refused(lmtest::waldtest(m), "unsupported")
  expect_refused(lmtest::waldtest(m, "nosuch"), "term")
  expect_refused(lmtest::waldtest(m, 7), "term")
  expect_refused(lmtest::waldtest(m, TRUE), "type")
  expect_snapshot(error = TRUE, {
    lmtest::waldtest(m)
    lmtest::waldtest(m, "nosuch")
    lmtest::waldtest(m, TRUE)
  })
})

# car --------------------------------------------------------------------------------------------------

test_that("linearHypothesis, deltaMethod and Confint use F and t of the model's own variance", {
  skip_if_not_installed("car")
  m <- shared_fit(vcov = ~region)
  own <- car::linearHypothesis(m, "x = 0")
  expect_relative(own$F[2], tidy(m)$statistic[1]^2)
  expect_relative(own[["Pr(>F)"]][2], tidy(m)$p.value[1])
  joint <- car::linearHypothesis(m, c("x = 0", "z = 0"))
  expect_relative(c(joint$F[2], joint[["Pr(>F)"]][2]), unlist(glance(m)[c("statistic", "p.value")]))
  other <- car::linearHypothesis(m, "x = 0", vcov. = vcov(m))
  expect_relative(other[["Pr(>F)"]][2], pf(own$F[2], 1, df.residual(m), lower.tail = FALSE))
  expect_relative(car::linearHypothesis(m, "x = 0", vcov. = vcov, df = 3)[["Pr(>F)"]][2], own[["Pr(>F)"]][2])
  delta <- car::deltaMethod(m, "x")
  expect_relative(unlist(delta[3:4]), confint(m, "x"))
  delta <- car::deltaMethod(m, "x - z", rhs = 0)
  linear <- car::linearHypothesis(m, "x = z")
  expect_relative(delta[["Pr(>|t|)"]], linear[["Pr(>F)"]][2])
  expect_relative(car::Confint(m), cbind(coef(m), confint(m)), tolerance_exact)
  expect_relative(car::Confint(m, vcov. = vcov), cbind(coef(m), confint(m, vcov = vcov(m))), tolerance_exact)
  expect_refused(car::Anova(m), "unsupported")
  refused <- alist(
    car::avPlots(m), car::crPlots(m), car::ceresPlots(m), car::mcPlots(m), car::mmp(m), car::residualPlot(m),
    car::spreadLevelPlot(m), car::durbinWatsonTest(m), car::hccm(m), car::Boot(m), car::S(m), car::powerTransform(m),
    car::boxCox(m)
  )
  for (call in refused) expect_refused(eval(call), "unsupported")
  expect_snapshot(error = TRUE, {
    car::Anova(m)
    car::avPlots(m)
    car::crPlots(m)
    car::ceresPlots(m)
    car::mcPlots(m)
    car::mmp(m)
    car::residualPlot(m)
    car::spreadLevelPlot(m)
    car::durbinWatsonTest(m)
    car::hccm(m)
    car::Boot(m)
    car::S(m)
    car::powerTransform(m)
    car::boxCox(m)
  })
})

test_that("vif is that of the demeaned regressors", {
  skip_if_not_installed("car")
  d <- shared_panel()
  m <- shared_fit(vcov = ~region, weights = w)
  within <- as.data.frame(model.matrix(m, "within"))
  by_hand <- 1 / (1 - summary(lm(x ~ 0 + z, within))$r.squared)
  expect_relative(car::vif(m), c(x = by_hand, z = by_hand))
  expect_identical(names(car::vif(m)), slopes_of)
  none <- quietly(fe_model(y ~ x + z + group + w, d))
  expect_relative(car::vif(none), car::vif(lm(y ~ x + z + group + w, d)))
  expect_identical(dimnames(car::vif(none)), dimnames(car::vif(lm(y ~ x + z + group + w, d))))
  one <- quietly(fe_model(y ~ x | id, d))
  expect_refused(car::vif(one), "no_regressor")
  expect_snapshot(error = TRUE, car::vif(one))
})

# Tables -----------------------------------------------------------------------------------------------

test_that("modelsummary makes a table of a model, of a list of models and of a comparison", {
  skip_if_not_installed("modelsummary")
  skip_if_not_installed("sandwich")
  d <- shared_panel()
  m <- shared_fit(vcov = ~region)
  cells <- function(models, ...) {
    table <- modelsummary::modelsummary(models, output = "data.frame", fmt = 6, statistic = c("std.error", "p.value"),
                                        ...)
    table[table$part == "estimates", ]
  }
  shown <- function(x) sprintf("%.6f", x)
  table <- cells(m)
  expect_identical(table[[4]], c(rbind(shown(coef(m)), paste0("(", shown(tidy(m)$std.error), ")"),
                                       paste0("(", shown(tidy(m)$p.value), ")"))))
  gof <- modelsummary::modelsummary(m, output = "data.frame")
  expect_true(all(c("Num.Obs.", "R2", "R2 Within", "AIC", "BIC") %in% gof$term))
  clustered <- cells(shared_fit(), vcov = ~region)
  error <- sqrt(diag(sandwich::vcovCL(shared_fit(), ~region)))
  expect_identical(clustered[[4]][c(2, 5)], paste0("(", unname(shown(error)), ")"))
  robust <- cells(shared_fit(), vcov = "robust")
  expect_identical(robust[[4]][c(2, 5)], paste0("(", unname(shown(sqrt(diag(sandwich::vcovHC(dummies()))))[2:3]), ")"))
  given <- cells(shared_fit(), vcov = vcov(m))
  expect_identical(given[[4]][c(2, 5)], table[[4]][c(2, 5)])
  expect_identical(ncol(cells(list(a = m, b = shared_fit()))), 5L)
  models <- quietly(fe_compare(y ~ x | id, d, subsets = list(all = TRUE, late = year > 2003)))
  expect_identical(names(cells(unclass(models)))[4:5], c("all", "late"))
})

test_that("insight and parameters read coefficients, errors and degrees of freedom", {
  skip_if_not_installed("insight")
  m <- shared_fit(vcov = ~region)
  expect_identical(insight::get_df(m, "wald"), 3)
  expect_identical(insight::get_df(m, "residual"), df.residual(m))
  expect_equal(insight::get_df(m, "model"), insight::get_df(dummies(), "model"))
  expect_identical(insight::get_statistic(m)$Statistic, tidy(m)$statistic)
  expect_identical(nrow(insight::get_data(m)), nobs(m))
  expect_identical(names(insight::get_data(m)), c("y", "x", "z", "id", "year"))
  expect_within(insight::get_modelmatrix(m), model.matrix(dummies()), 0)
  expect_identical(insight::find_response(m), "y")
  skip_if_not_installed("parameters", "0.30.0") # earlier ones know a fixed list of classes
  p <- parameters::model_parameters(m)
  t <- tidy(m, conf.int = TRUE)
  expect_identical(p$Parameter, t$term)
  expect_relative(cbind(p$Coefficient, p$SE, p$CI_low, p$CI_high, p$t, p$p),
                  as.matrix(t[c("estimate", "std.error", "conf.low", "conf.high", "statistic", "p.value")]))
  expect_identical(unique(p$df_error), 3)
})

test_that("performance reads R2 and collinearity, and its checks are lm's on dummies", {
  skip_if_not_installed("performance")
  skip_if_not_installed("car")
  m <- shared_fit()
  r2 <- performance::r2(m)
  expect_relative(unlist(r2)[1:2], unlist(performance::r2(dummies()))[1:2])
  expect_relative(r2$R2_within, glance(m)$within.r.squared, tolerance_exact)
  vif <- performance::check_collinearity(m)
  expect_relative(vif$VIF, car::vif(m), tolerance_exact)
  expect_output(print(vif), "Low Correlation")
  expect_relative(performance::performance_aic(m), AIC(dummies()))
  check <- function(f, model) suppressWarnings(as.numeric(f(model)))
  theirs <- check(performance::check_heteroscedasticity, dummies())
  expect_relative(check(performance::check_heteroscedasticity, m), theirs, 1e-8)
  by_draws <- function(model) withr::with_seed(1, check(performance::check_autocorrelation, model))
  expect_relative(by_draws(m), by_draws(dummies()), 1e-8)
})

test_that("emmeans: contrasts and trends are those of lm on dummies, means are at the mean of the effects", {
  skip_if_not_installed("emmeans")
  d <- shared_panel()
  m <- quietly(fe_model(y ~ group * x + z | id + year, d))
  l <- lm(y ~ group * x + z + id + factor(year), d)
  used <- d[case.names(m), ]
  contrasts <- function(model, ...) as.data.frame(pairs(emmeans::emmeans(model, ~group, ...), adjust = "none"))
  quiet <- function(code) suppressMessages(code)
  ours <- quiet(contrasts(m))
  theirs <- quiet(contrasts(l, data = used))
  columns <- c("estimate", "SE", "df", "p.value")
  expect_relative(as.matrix(ours[columns]), as.matrix(theirs[columns]), 1e-8)
  trends <- function(model, ...) as.data.frame(emmeans::emtrends(model, ~group, var = "x", ...))
  expect_relative(as.matrix(quiet(trends(m))[2:6]), as.matrix(quiet(trends(l, data = used))[2:6]), 1e-8)
  one <- quietly(fe_model(y ~ x | id, d, vcov = ~year)) # clusters that hold whole units would give an error of 0
  at_mean <- as.data.frame(quiet(emmeans::emmeans(one, ~x)))
  constant <- quietly(fe_model(y ~ x | id, d, vcov = ~year, constant = "mean"))
  x <- c(1, mean(d$x[!is.na(d$x) & !is.na(d$y)]))
  expect_relative(at_mean$emmean, sum(coef(constant) * x), 1e-9)
  expect_relative(at_mean$SE, sqrt(drop(x %*% vcov(constant) %*% x)), 1e-9)
  expect_identical(at_mean$df, length(unique(used$year)) - 1)
  none <- quietly(fe_model(y ~ group + x, d))
  means <- function(model, ...) as.matrix(as.data.frame(quiet(emmeans::emmeans(model, ~group, ...)))[2:6])
  expect_relative(means(none), means(lm(y ~ group + x, d), data = used), 1e-8)
})

test_that("emmeans says what it cannot estimate", {
  skip_if_not_installed("emmeans")
  d <- shared_panel()
  absorbed <- suppressWarnings(quietly(fe_model(y ~ x + region | id, d)), "flowresil_warning_collinear")
  regions <- as.data.frame(suppressMessages(pairs(emmeans::emmeans(absorbed, ~region))))
  expect_true(all(is.na(regions$estimate)))
  lagged <- quietly(fe_model(y ~ l(x, 1) | id + year, d))
  m <- shared_fit()
  expect_refused(emmeans::emmeans(lagged, ~x), "unsupported")
  expect_refused(suppressMessages(emmeans::emmeans(m, ~x, vcov. = vcov(m))), "unsupported")
  expect_snapshot(error = TRUE, {
    emmeans::emmeans(lagged, ~x)
    emmeans::emmeans(m, ~x, vcov. = vcov(m))
  })
})
