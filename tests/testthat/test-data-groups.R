# Keys compared as they are: 64 bits, pairs, spans of time.

# 2^53 + 1, 2^53 + 2, ...: neighbours that a double cannot tell apart.
long_key <- function(i) bit64::as.integer64("9007199254740992") + bit64::as.integer64(i)

# Written out: 2^53 ends in ..740992.
long_names <- paste0("9007199254", 740992 + 1:12)

key_panel <- function() {
  d <- fe_panel()
  d$id <- match(d$unit, sort(unique(d$unit)))
  d
}

test_that("integer64 keys beyond 2^53 are units, effects, clusters and levels of their own, without a warning", {
  skip_if_not_installed("bit64")
  d <- key_panel()
  d$k <- long_key(d$id)
  by_id <- fe_model(y ~ x1 | id + year, d, vcov = ~id)
  m <- expect_no_condition_of(fe_model(y ~ x1 | k + year, d, vcov = ~k))
  expect_identical(m$effects$n_levels, c(k = 12L, year = 8L))
  expect_relative(coef(m), reference_fe(d, "y", "x1", c("id", "year"))$coefficients)
  expect_relative(vcov(m), vcov(by_id))
  expect_identical(names(fixed_effects(m)$k), long_names)
  expect_true(bit64::is.integer64(m$effects$values$k))
  expect_identical(bit64::identical.integer64(m$effects$values$k, long_key(1:12)), TRUE)
  expect_relative(expect_no_condition_of(predict(m, d)), fitted(m))
  strange <- transform(d[1:2, ], k = long_key(c(100, d$id[2])))
  expect_identical(is.na(suppressWarnings(predict(m, strange))), c("1" = TRUE, "2" = FALSE))
  joint <- fe_model(y ~ x1 | k^region + year, d)
  expect_relative(coef(joint), coef(by_id))
  expect_identical(as.character(joint$effects$parts[[1]][[1]]), as.character(long_key(1:12)))
  expect_identical(names(fixed_effects(joint)[[1]])[1], paste0("9007199254740993_", d$region[d$id == 1][1]))
  expect_relative(expect_no_condition_of(predict(joint, d)), fitted(joint))
  levels <- fe_model(y ~ x1 + factor(k) | year, d)
  expect_identical(names(coef(levels))[-1], paste0("factor(k)", long_names[-1]))
  expect_relative(coef(levels)[1], coef(by_id))
  expect_relative(expect_no_condition_of(predict(levels, d)), fitted(levels))
  lagged <- quietly(fe_model(y ~ l(x1, 1) | k + year, d))
  expect_relative(coef(lagged), coef(quietly(fe_model(y ~ l(x1, 1) | id + year, d))))
})

test_that("integer64 units stay integer64 in results and are named by all their digits", {
  skip_if_not_installed("bit64")
  d <- key_panel()
  d$k <- long_key(d$id)
  d$x1 <- d$x1 + 3
  index <- expect_no_condition_of(data_flow_index(d, "x1", k, year))
  expect_identical(index$sample$n_units, 12L)
  expect_true(bit64::identical.integer64(index$index$k, d$k))
  expect_true("9007199254740997" %in% summary(index)$units$unit)
  hp <- hp_filter(d, 6.25, column = x1, unit = k, time = year)
  expect_identical(hp$trend, hp_filter(d, 6.25, column = x1, unit = unit, time = year)$trend)
  holed <- transform(d, x1 = put(x1, 3, NA))
  filled <- quietly(interpolate_panel(holed, x1, k, year))
  expect_true(bit64::identical.integer64(attr(filled, "filled")$unit, d$k[3]))
  expect_identical(filled$x1, quietly(interpolate_panel(holed, x1, unit, year))$x1)
  base <- suppressWarnings(quietly(export_resilience(put_cell(d, "x1", d$id == 5, 0), x1, k, year, base = 2001)))
  expect_identical(as.character(base$unusable), "9007199254740997")
  twice <- rbind(d, d[1, ])
  error <- expect_refused(hp_filter(twice, 6.25, column = x1, unit = k, time = year), "duplicate_rows")
  expect_identical(error$pairs, paste(as.character(d$k[1]), d$year[1]))
})

test_that("integer64 keys match numbers and text in `newdata`, and a missing one is refused", {
  skip_if_not_installed("bit64")
  d <- key_panel()
  d$k <- bit64::as.integer64(d$id * 100000L)
  m <- fe_model(y ~ x1 | k, d)
  expect_relative(expect_no_condition_of(predict(m, transform(d, k = id * 1e5))), fitted(m))
  expect_relative(expect_no_condition_of(predict(m, transform(d, k = sprintf("%d", id * 100000L)))), fitted(m))
  plain <- fe_model(y ~ x1 | k, transform(d, k = id * 1e5))
  expect_relative(expect_no_condition_of(predict(plain, d)), fitted(plain))
  d$k[7] <- bit64::NA_integer64_
  error <- expect_refused(fe_model(y ~ x1 | k, d), "missing_value")
  expect_identical(error$rows, 7L)
})

test_that("integer64 keys, regressors and times work where bit64 is not loaded", {
  d <- key_panel()
  # The bits of 2^53 + id, written without bit64: the sign, exponent and fraction of a double as one integer.
  bits <- function(hex) {
    readBin(as.raw(strtoi(substring(hex, seq(1, 15, 2), seq(2, 16, 2)), 16)), "double", endian = "big")
  }
  keys <- vapply(sprintf("00200000000000%02x", 1:12), bits, 0, USE.NAMES = FALSE)
  d$k <- structure(keys[d$id], class = "integer64")
  years <- vapply(sprintf("00000000000007%02x", 208 + 1:8), bits, 0, USE.NAMES = FALSE) # 2001 is 0x7d1
  d$when <- structure(years[d$year - 2000], class = "integer64")
  d$x1 <- d$x1 + 3
  found <- in_locale("C", {
    d <- given$d # d[5:6, ] would need bit64
    m <- fe_model(y ~ x1 | k, d, subset = year > 2001)
    n <- fe_model(y ~ l(x1, 1) + when | k + region, d, unit = k, time = when)
    hp <- hp_filter(d, 6.25, column = x1, unit = k, time = when)
    list(coef(m), names(fixed_effects(m)$k), predict(m, given$d), hp$trend, coef(n), isNamespaceLoaded("bit64"))
  }, list(d = d))
  expect_false(found[[6]])
  late <- d[d$year > 2001, ]
  expect_relative(found[[1]], reference_fe(late, "y", "x1", "id")$coefficients)
  expect_identical(found[[2]], long_names)
  expect_identical(found[[4]], hp_filter(d, 6.25, column = x1, unit = unit, time = year)$trend)
  d$lag <- reference_lag(d$x1, d$id, d$year, 1)
  expect_relative(found[[5]], reference_fe(d[!is.na(d$lag), ], "y", c("lag", "year"), c("id", "region"))$coefficients)
})

test_that("lags over long spans of time find their own unit's period", {
  d <- expand.grid(t = c(0, 1, 2, 3, 2^50), id = 1:12)
  i <- seq_len(nrow(d))
  d$x <- sin(1.7 * i)
  d$y <- cos(i^2) + d$x
  d$lag <- reference_lag(d$x, d$id, d$t, 1)
  m <- quietly(fe_model(y ~ l(x, 1) | id, d, unit = id, time = t))
  expect_identical(m$nobs, 36L)
  expect_relative(coef(m), reference_fe(d[!is.na(d$lag), ], "y", "lag", "id")$coefficients)
  d$t <- d$t * c(1, 1, 1, 1, 4) - 2^52 * (d$t == 0)
  for (k in c(1, -1, 2^52 - 1, 2^52 + 1)) {
    d$lag <- reference_lag(d$x, d$id, d$t, k)
    m <- quietly(fe_model(eval(substitute(y ~ l(x, k), list(k = k))), d, unit = id, time = t))
    expect_identical(m$nobs, sum(!is.na(d$lag)))
    expect_relative(coef(m), coef(lm(y ~ lag, d)))
  }
})

test_that("interacted levels and their match in `newdata` are those of the pairs", {
  d <- key_panel()
  d$a <- c(7, 1e15, -3)[1 + d$id %% 3]
  d$b <- c("x", "y_z", "y")[1 + d$year %% 3]
  d$c <- d$id %% 2 == 0
  d$cell <- paste(d$a, d$b, d$c)
  m <- fe_model(y ~ x1 | a^b^c, d)
  expect_identical(m$effects$n_levels[[1]], length(unique(d$cell)))
  expect_relative(coef(m), reference_fe(d, "y", "x1", "cell")$coefficients)
  expect_identical(names(fixed_effects(m)[[1]])[1:2], c("-3_x_FALSE", "-3_x_TRUE"))
  expect_relative(expect_no_condition_of(predict(m, d)), fitted(m))
  strange <- d[1:3, ]
  strange$b[2] <- "never"
  expect_identical(unname(is.na(suppressWarnings(predict(m, strange)))), c(FALSE, TRUE, FALSE))
})
