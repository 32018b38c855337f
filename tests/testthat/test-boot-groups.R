# compare_groups(): the stacked regression written out, permutations by refits.

halves <- function() {
  d <- fe_panel()
  d$half <- ifelse(as.integer(sub("u", "", d$unit)) %% 3 == 0, "p", "q")
  d$lat <- 20 + as.integer(sub("u", "", d$unit)) %% 7
  d$lon <- 100 + as.integer(sub("u", "", d$unit)) %% 5
  d
}

# One data frame with both groups' rows and interacted columns, groups in order.
stack_rows <- function(one, two) {
  s <- rbind(cbind(one, g = 1), cbind(two, g = 2))
  for (x in c("x1", "x2")) for (g in 1:2) s[[paste0(x, g)]] <- ifelse(s$g == g, s[[x]], 0)
  s$unit_g <- paste(s$unit, s$g)
  s$year_g <- paste(s$year, s$g)
  s
}

test_that("differences are those of the stacked regression under every variance", {
  d <- halves()
  s <- fe_compare(y ~ x1 + x2 | unit + year, d, subsets = list(q = half == "q", p = half == "p"), vcov = ~unit)
  rows <- stack_rows(d[d$half == "q", ], d[d$half == "p", ])
  both <- fe_model(y ~ x11 + x21 + x12 + x22 | unit_g + year_g, rows)
  for (vcov in list("iid", "HC0", "HC1", "HC3", ~unit, ~year, ~unit + year, vcov_cr(~unit), vcov_cr(~year, "CR3"),
                    vcov_nw(1, unit, year), vcov_dk(1, year), vcov_conley(lat, lon, 300))) {
    found <- suppressWarnings(compare_groups(s, vcov = vcov))
    V <- suppressWarnings(vcov(both, vcov = vcov))
    expect_relative(found$difference, unname(coef(both)[c("x11", "x21")] - coef(both)[c("x12", "x22")]), 1e-9)
    error <- sqrt(c(V[1, 1] + V[3, 3] - 2 * V[1, 3], V[2, 2] + V[4, 4] - 2 * V[2, 4]))
    expect_relative(found$std.error, error, 1e-8)
    expect_relative(found$p.value, 2 * stats::pt(-abs(found$statistic), found$df), 1e-12)
  }
  expect_identical(found$group1, c("q", "q"))
  test <- wald_test(both, "x11 = x12", vcov = vcov_cr(~unit))
  bell <- compare_groups(s, "x1", vcov = vcov_cr(~unit))
  expect_relative(bell$statistic^2, test$statistic, 1e-9)
  expect_relative(bell$df, test$df2, 1e-9)
  expect_identical(compare_groups(s)$std.error, compare_groups(s, vcov = ~unit)$std.error)
  expect_identical(compare_groups(s)$df, c(11, 11))
})

test_that("groups that overlap sum a row's two scores first", {
  d <- halves()
  s <- fe_compare(y ~ x1 + x2 | unit + year, d, subsets = list(a = year < 2006, b = year > 2003))
  rows <- stack_rows(d[d$year < 2006, ], d[d$year > 2003, ])
  rows$row <- paste(rows$unit, rows$year)
  both <- fe_model(y ~ x11 + x21 + x12 + x22 | unit_g + year_g, rows)
  error <- function(V) sqrt(c(V[1, 1] + V[3, 3] - 2 * V[1, 3], V[2, 2] + V[4, 4] - 2 * V[2, 4]))
  n <- nobs(both)
  by_row <- vcov(both, vcov = ~row, correction = "none")
  expect_relative(compare_groups(s, vcov = "HC0")$std.error, error(by_row), 1e-9)
  expect_relative(compare_groups(s, vcov = "HC1")$std.error, error(by_row) * sqrt(n / df.residual(both)), 1e-9)
  h <- stats::hatvalues(both)
  adjusted <- rowsum(sandwich::estfun(both) / (1 - h), rows$row)
  bread <- sandwich::bread(both) / n
  expect_relative(compare_groups(s, vcov = "HC3")$std.error, error(bread %*% crossprod(adjusted) %*% bread), 1e-8)
  for (vcov in list(~unit, ~year, vcov_cr(~unit), vcov_cr(~unit, "CR3"), vcov_dk(1, year),
                    vcov_conley(lat, lon, 300))) {
    expect_relative(suppressWarnings(compare_groups(s, vcov = vcov)$std.error),
                    error(suppressWarnings(vcov(both, vcov = vcov))), 1e-8)
  }
  sums <- rowsum(sandwich::estfun(both), rows$row)
  first <- rows[match(rownames(sums), rows$row), ]
  near <- outer(first$unit, first$unit, `==`) * pmax(1 - abs(outer(first$year, first$year, `-`)) / 2, 0)
  plain <- bread %*% t(sums) %*% near %*% sums %*% bread
  n_times <- length(unique(d$year))
  factor <- n_times / (n_times - 1) * (n - 1) / df.residual(both)
  expect_relative(compare_groups(s, vcov = vcov_nw(1, unit, year))$std.error, error(plain) * sqrt(factor), 1e-8)
  expect_refused(compare_groups(s, vcov = "iid"), "overlap")
  expect_snapshot(error = TRUE, compare_groups(s, vcov = "iid"))
})

test_that("models without effects, with weights, of other data and with a constant of means do", {
  d <- halves()
  subsets <- list(q = quote(half == "q"))
  q <- fe_model(y ~ x1 + x2, d, subset = half == "q", weights = w)
  p <- fe_model(y ~ x1 + x2, d, subset = half == "p", weights = w)
  rows <- stack_rows(d[d$half == "q", ], d[d$half == "p", ])
  both <- lm(y ~ factor(g) + x11 + x21 + x12 + x22, rows, weights = w)
  found <- compare_groups(list(q, p), vcov = "iid")
  V <- vcov(both)
  expect_relative(found$std.error[1L], sqrt(V[3, 3] + V[5, 5] - 2 * V[3, 5]), 1e-9)
  expect_identical(found$group1, c("(1)", "(1)"))
  apart <- list(fe_model(y ~ x1 + x2 | unit + year, d[d$half == "q", ]),
                fe_model(y ~ x1 + x2 | unit + year, d[d$half == "p", ], constant = "mean"))
  s <- fe_compare(y ~ x1 + x2 | unit + year, d, subsets = list(q = half == "q", p = half == "p"))
  expect_relative(compare_groups(apart, vcov = ~year)$std.error, compare_groups(s, vcov = ~year)$std.error, 1e-9)
  three <- fe_compare(y ~ x1 | unit + year, d, subsets = list(a = region == "east", b = region == "middle",
                                                              c = region == "west"))
  found <- compare_groups(three, vcov = ~year)
  expect_identical(found$group1, c("a", "a", "b"))
  expect_identical(found$group2, c("b", "c", "c"))
  expect_relative(found$difference[1L] + found$difference[3L], found$difference[2L], 1e-9)
})

test_that("a permutation deals whole units out anew; few units are enumerated", {
  d <- halves()
  d <- d[d$unit %in% sprintf("u%02d", 1:7), ]
  s <- fe_compare(y ~ x1 + x2 | unit + year, d, subsets = list(q = half == "q", p = half == "p"))
  found <- compare_groups(s, method = "permutation", unit = unit, R = 99)
  expect_true(attr(found, "enumerated"))
  expect_identical(attr(found, "R"), 21L)
  units <- sort(unique(d$unit))
  draws <- apply(utils::combn(7, 5), 2L, function(first) {
    inside <- d$unit %in% c(setdiff(units, c("u03", "u06")), "u03", "u06")[first]
    coef(fe_model(y ~ x1 + x2 | unit + year, d[inside, ])) - coef(fe_model(y ~ x1 + x2 | unit + year, d[!inside, ]))
  })
  own <- coef(s$q) - coef(s$p)
  expect_identical(found$p.value, unname(rowMeans(abs(draws) >= abs(own) * (1 - 1e-10))))
  expect_true(all(is.na(found$std.error)) && all(is.na(found$df)))
  whole <- fe_compare(y ~ x1 | unit + year, halves(), subsets = list(q = half == "q", p = half == "p"))
  drawn <- compare_groups(whole, method = "permutation", unit = "unit", R = 99, seed = 3)
  expect_identical(drawn, compare_groups(whole, method = "permutation", unit = unit, R = 99, seed = 3))
  expect_true(drawn$p.value >= .01 && abs(drawn$p.value * 100 - round(drawn$p.value * 100)) < 1e-9)
  expect_snapshot({
    print(found)
    print(drawn)
    print(compare_groups(whole, vcov = ~unit))
  })
})

test_that("bad requests are refused", {
  d <- halves()
  s <- fe_compare(y ~ x1 + x2 | unit + year, d, subsets = list(q = half == "q", p = half == "p"))
  over <- fe_compare(y ~ x1 | unit + year, d, subsets = list(q = year < 2006, p = year > 2003))
  expect_refused(compare_groups(1), "type")
  expect_refused(compare_groups(s$q), "type")
  expect_refused(compare_groups(s, "nope"), "term")
  expect_refused(compare_groups(s, method = "coin"), "choice")
  expect_refused(compare_groups(s, vcov = diag(2)), "vcov")
  expect_refused(compare_groups(s, method = "permutation"), "missing_argument")
  expect_refused(compare_groups(s, method = "permutation", unit = nowhere), "missing_column")
  expect_refused(compare_groups(over, method = "permutation", unit = unit), "overlap")
  expect_refused(compare_groups(s, method = "permutation", unit = unit, seed = "x"), "seed")
  expect_snapshot(error = TRUE, compare_groups(s$q))
  expect_snapshot(error = TRUE, compare_groups(s, "nope"))
  expect_snapshot(error = TRUE, compare_groups(s, vcov = diag(2)))
  expect_snapshot(error = TRUE, compare_groups(s, method = "permutation"))
  expect_snapshot(error = TRUE, compare_groups(over, method = "permutation", unit = unit))
  one <- fe_model(y ~ x1 | unit, d)
  expect_snapshot(error = TRUE, compare_groups(list(one, fe_model(y ~ x1 | unit + year, d)), vcov = ~unit))
  lone <- fe_model(y ~ x2 | unit, d[d$half == "p", ])
  expect_snapshot(error = TRUE, compare_groups(list(one, lone), vcov = ~unit))
  expect_snapshot(error = TRUE, compare_groups(list(fe_model(y ~ x1 + x2 | unit, d[d$half == "q", ]),
                                                    fe_model(y ~ x1 | unit, d[d$half == "p", ])), "x1",
                                               method = "permutation", unit = unit))
})
