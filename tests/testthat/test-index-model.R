test_that("two indicators by hand with given weights", {
  d <- data.frame(city = c("A", "A", "B", "B"), year = c(1, 2, 1, 2), a = c(0, 2, 6, 8), b = c(1, 2, 3, 5))
  i <- data_flow_index(d, c(a = 1, b = -1), city, year, weights = c(b = 0.25, a = 0.5))
  expect_within(i$index$index, 0.5 * c(0, .25, .75, 1) + 0.25 * c(1, .75, .5, 0), tolerance_exact)
  expect_identical(i$weights$weight, c(0.5, 0.25)) # as given, not rescaled
  expect_identical(i$method, "given")
  r <- data_flow_index(d, c(a = 1, b = -1), city, year, weights = c(a = 2, b = 1), rescale = TRUE)
  expect_within(weights(r), c(2, 1) / 3, tolerance_exact)
  e <- data_flow_index(d, c("a", "b"), city, year, method = "equal")
  expect_identical(weights(e), c(a = 0.5, b = 0.5))
})

test_that("entropy index equals plain R, for every normalisation it takes", {
  d <- small_panel()
  y <- cbind(reference_minmax(d$a), reference_minmax(d$b, -1))
  w <- reference_entropy_weights(y)
  i <- data_flow_index(d, c(a = 1, b = -1), prov, yr)
  expect_within(i$weights$weight, w, tolerance_exact)
  expect_within(i$index$index, drop(y %*% w), tolerance_exact)
  for (normalise in c("share", "none")) {
    y <- as.matrix(d[c("a", "b")])
    if (normalise == "share") y <- sweep(y, 2, colSums(y), `/`)
    i <- data_flow_index(d, c("a", "b"), prov, yr, normalise = normalise)
    expect_within(i$index$index, drop(y %*% reference_entropy_weights(y)), 1e-11)
  }
})

test_that("the score is weight times normalised value, not weight times share", {
  d <- small_panel()
  i <- data_flow_index(d, c("a", "b"), prov, yr)
  shares <- vapply(d[c("a", "b")], function(x) reference_minmax(x) / sum(reference_minmax(x)), numeric(50))
  expect_gt(max(abs(drop(shares %*% weights(i)) - i$index$index)), 0.1)
})

test_that("a tiny range is divided by itself, not by itself plus 1e-9", {
  d <- data.frame(id = 1:4, t = 1, a = 1e-9 * c(0, 1, 2, 3))
  expect_identical(range(data_flow_index(d, "a", id, t)$index$index), c(0, 1))
})

test_that("scope period scales inside each period; pooled keeps years comparable", {
  d <- small_panel()
  p <- data_flow_index(d, c(a = 1, b = -1), prov, yr, scope = "period", method = "equal")
  y <- cbind(ave(d$a, d$yr, FUN = reference_minmax),
             ave(d$b, d$yr, FUN = function(x) reference_minmax(x, -1)))
  expect_within(p$index$index, rowMeans(y), tolerance_exact)
  expect_true("yr" %in% names(p$scaling))
  expect_identical(nrow(p$scaling), 20L)
  w <- data_flow_index(d, c(a = 1, b = -1), prov, yr, scope = "period")
  expect_within(weights(w), reference_entropy_weights(y), tolerance_exact)
})

test_that("principal components equal prcomp: eigenvalues, scores, first alone, share", {
  d <- small_panel()
  d$d <- d$a + 0.3 * d$c
  pca <- function(...) data_flow_index(d, c(a = 1, b = -1, c = 1, d = 1), prov, yr, method = "pca", ...)
  x <- as.matrix(transform(d[c("a", "b", "c", "d")], b = -b))
  r <- reference_components(x)
  i <- pca()
  expect_within(i$components$eigenvalues, r$eigenvalues, tolerance_oracle)
  expect_within(abs(i$components$loadings), abs(r$loadings), tolerance_oracle)
  kept <- sum(r$eigenvalues > 1)
  expect_identical(i$components$kept, kept)
  share <- r$eigenvalues[seq_len(kept)] / sum(r$eigenvalues[seq_len(kept)])
  expect_within(i$index$index, drop(r$scores[, seq_len(kept), drop = FALSE] %*% share), tolerance_oracle)
  expect_within(pca(components = 1)$index$index, r$scores[, 1], tolerance_oracle)
  expect_identical(pca(components = 0.99)$components$kept, which(cumsum(r$eigenvalues) / 4 >= 0.99)[1])
  expect_true(all(is.na(i$weights$entropy)))
  expect_identical(i$normalise, "zscore")
  # The sign does not depend on the order of columns.
  back <- data_flow_index(d, c(d = 1, c = 1, b = -1, a = 1), prov, yr, method = "pca", components = 1)
  expect_within(back$index$index, pca(components = 1)$index$index, tolerance_oracle)
  expect_gt(cor(i$index$index, rowMeans(scale(x))), 0)
})

test_that("eigenvalues of USArrests are those that prcomp prints", {
  d <- data.frame(state = rownames(USArrests), year = 1973, USArrests)
  i <- data_flow_index(d, names(USArrests), state, year, method = "pca")
  printed <- read_oracle("prcomp_usarrests.csv")
  expect_within(i$components$eigenvalues, printed$eigenvalue, tolerance_printed(7))
})

test_that("the published weights of Table 1 are used as printed", {
  table1 <- flow_indicators
  expect_within(sum(table1$weight), 1, tolerance_exact)
  sums <- tapply(table1$weight, table1$group, sum)
  expect_within(sums[c("communication", "internet", "market")], c(.5774, .2127, .2099), tolerance_exact)
  wanted <- table1[table1$official, ]
  panel <- province_panel[province_panel$year %in% 2009:2022, ]
  panel <- suppressMessages(interpolate_panel(panel, wanted$indicator, province, year, ends = "constant"))
  given <- setNames(wanted$weight, wanted$indicator)
  i <- data_flow_index(panel, wanted, province, year, weights = given)
  expect_identical(weights(i), given)
  y <- vapply(panel[wanted$indicator], reference_minmax, numeric(nrow(panel)))
  expect_within(i$index$index, drop(y %*% given), tolerance_exact)
  expect_within(i$groups$weight, c(.1525 + .1032 + .0594 + .0427 + .0811, .2127, .0858), tolerance_exact)
})

test_that("contributions add up to the index, by indicator and by group", {
  d <- small_panel()
  table <- data.frame(indicator = c("a", "b", "c"), group = c("u", "v", "u"), direction = c(1, -1, 1))
  i <- data_flow_index(d, table, prov, yr)
  for (by in c("indicator", "group")) {
    parts <- contributions(i, by)
    expect_identical(parts$prov, d$prov)
    expect_within(rowSums(parts[-(1:2)]), i$index$index, tolerance_exact)
  }
  expect_named(contributions(i), c("prov", "yr", "a", "b", "c"))
  expect_named(contributions(i, "group"), c("prov", "yr", "u", "v"))
  expect_within(i$groups$weight, c(sum(weights(i)[c("a", "c")]), weights(i)["b"]), tolerance_exact)
  plain <- data_flow_index(d, c("a", "b"), prov, yr)
  expect_identical(plain$groups$group, NA_character_)
  expect_within(plain$groups$weight, 1, tolerance_exact)
  expect_named(contributions(plain, "group"), c("prov", "yr", "ungrouped"))
})

test_that("predict uses the stored scaling and does not clip", {
  d <- small_panel()
  for (scope in c("pooled", "period")) {
    i <- data_flow_index(d, c(a = 1, b = -1), prov, yr, scope = scope)
    expect_within(predict(i, d[7:1, ]), i$index$index[7:1], tolerance_exact)
  }
  i <- data_flow_index(d, c(a = 1, b = -1), prov, yr)
  expect_identical(predict(i), i$index$index)
  above <- data.frame(a = 2 * max(d$a) - min(d$a), b = max(d$b))
  expect_within(predict(i, above), 2 * weights(i)[["a"]], tolerance_exact)
  expect_identical(predict(i, data.frame(a = NA_real_, b = 1)), NA_real_)
  expect_error(predict(i, data.frame(a = 1)), class = "flowresil_error_missing_column")
  expect_error(predict(i, data.frame(a = 1, b = "x")), class = "flowresil_error_type")
  expect_error(predict(i, data.frame(a = 1, b = Inf)), class = "flowresil_error_infinite")
  expect_error(predict(i, d[0, ]), class = "flowresil_error_empty")
  by_period <- data_flow_index(d, "a", prov, yr, scope = "period")
  expect_error(predict(by_period, data.frame(yr = 1999, a = 1)), class = "flowresil_error_unknown_period")
  p <- data_flow_index(d, c("a", "b", "c"), prov, yr, method = "pca")
  expect_within(predict(p, d[3:5, ]), p$index$index[3:5], tolerance_exact)
})

test_that("rows come back in their order with the user's columns; the order of rows does not matter", {
  d <- small_panel()
  i <- data_flow_index(d, c("a", "b"), prov, yr)
  expect_identical(as.data.frame(i)[c("prov", "yr")], data.frame(prov = d$prov, yr = d$yr))
  o <- order(d$prov, d$yr)
  sorted <- data_flow_index(d[o, ], c("a", "b"), prov, yr)
  expect_within(sorted$index$index, i$index$index[o], tolerance_exact)
  relabelled <- transform(d, prov = c(A = "Z", B = "Y", C = "X", D = "W", E = "V")[prov])
  expect_identical(data_flow_index(relabelled, c("a", "b"), prov, yr)$index$index, i$index$index)
  expect_identical(names(merge(d, as.data.frame(i))), c("yr", "prov", "a", "b", "c", "ex", "index"))
})

test_that("names are bare, quoted, computed or passed on by another function", {
  d <- small_panel()
  i <- data_flow_index(d, c("a", "b"), prov, yr)$index
  expect_identical(data_flow_index(d, c(a, b), "prov", "yr")$index, i)
  who <- "prov"
  wanted <- c("a", "b")
  expect_identical(data_flow_index(d, wanted, who, paste0("y", "r"))$index, i)
  wrap <- function(data, cols, id) data_flow_index(data, cols, id, "yr")$index
  expect_identical(wrap(d, c("a", "b"), "prov"), i)
  factors <- data.frame(indicator = factor(c("a", "b")))
  expect_identical(data_flow_index(d, factors, prov, yr)$index, i)
})

test_that("every kind of data frame and Chinese names come in", {
  d <- small_panel()
  i <- data_flow_index(d, c("a", "b"), prov, yr)$index
  zh <- setNames(d, c("\u5e74\u4efd", "\u7701\u4efd", "\u90ae\u7535", "b", "c", "ex"))
  zh[["\u7701\u4efd"]] <- paste0("\u7701", zh[["\u7701\u4efd"]])
  z <- data_flow_index(zh, c("\u90ae\u7535", "b"), "\u7701\u4efd", "\u5e74\u4efd")
  expect_identical(z$index$index, i$index)
  expect_identical(names(as.data.frame(z))[1:2], c("\u7701\u4efd", "\u5e74\u4efd"))
  skip_if_not_installed("tibble")
  skip_if_not_installed("data.table")
  skip_if_not_installed("dplyr")
  skip_if_not_installed("plm")
  expect_identical(data_flow_index(tibble::as_tibble(d), c("a", "b"), prov, yr)$index, i)
  expect_identical(data_flow_index(data.table::as.data.table(d), c("a", "b"), prov, yr)$index, i)
  grouped <- dplyr::group_by(tibble::as_tibble(d), prov)
  expect_identical(data_flow_index(grouped, c("a", "b"), prov, yr)$index, i)
  p <- plm::pdata.frame(d, index = c("prov", "yr"))
  ip <- data_flow_index(p, c("a", "b"), prov, yr)$index
  expect_s3_class(ip$yr, "factor")
  expect_within(ip$index, i$index[order(d$prov, d$yr)], tolerance_exact)
})

test_that("a constant indicator has weight 0 and a warning, all constant an error", {
  d <- transform(small_panel(), k = 1, zero = 0)
  for (method in c("entropy", "pca", "equal")) {
    expect_warning(i <- data_flow_index(d, c("a", "k", "b"), prov, yr, method = method),
                   class = "flowresil_warning_constant_indicator")
    expect_identical(unname(weights(i)["k"]), 0)
    expect_identical(i$sample$constant, "k")
    without <- data_flow_index(d, c("a", "b"), prov, yr, method = method)
    expect_within(i$index$index, without$index$index, tolerance_exact)
  }
  expect_warning(i <- data_flow_index(d, c("a", "k"), prov, yr, weights = c(a = .5, k = .5)),
                 class = "flowresil_warning_constant_indicator")
  expect_identical(unname(weights(i)), c(.5, .5))
  expect_error(data_flow_index(d, c("k", "zero"), prov, yr), class = "flowresil_error_all_constant")
  expect_snapshot(i <- data_flow_index(d, c("a", "k"), prov, yr))
  part <- transform(d, a = ifelse(yr == 2010, 3, a))
  expect_warning(i <- data_flow_index(part, c("a", "b"), prov, yr, scope = "period"),
                 class = "flowresil_warning_constant_indicator")
  expect_true(all(is.finite(i$index$index)))
})

test_that("one indicator, one unit and one period are taken where they are defined", {
  d <- small_panel()
  expect_within(data_flow_index(d, "a", prov, yr)$index$index, reference_minmax(d$a), tolerance_exact)
  one_unit <- d[d$prov == "A", ]
  expect_within(data_flow_index(one_unit, "a", prov, yr)$index$index, reference_minmax(one_unit$a), 1e-12)
  one_year <- d[d$yr == 2010, ]
  expect_identical(data_flow_index(one_year, "a", prov, yr, method = "pca")$components$kept, 1L)
})

test_that("the result is the same for any number of threads", {
  d <- small_panel()
  run <- function(n) {
    withr::with_options(list(flowresil.threads = n), data_flow_index(d, c("a", "b"), prov, yr))
  }
  expect_identical(run(1)$index, run(2)$index)
})

test_that("print, summary, tidy and glance", {
  d <- small_panel()
  table <- data.frame(indicator = c("a", "b", "c"), group = c("u", "v", "u"), direction = c(1, -1, 1))
  i <- data_flow_index(d, table, prov, yr)
  expect_snapshot(print(i))
  expect_snapshot(print(summary(i)))
  expect_lte(length(capture.output(print(i))), 15L)
  expect_snapshot(print(data_flow_index(d, table, prov, yr, method = "pca")))
  expect_named(tidy(i), c("term", "group", "direction", "entropy", "divergence", "estimate"))
  expect_identical(glance(i)$nobs, 50L)
  expect_identical(nrow(glance(i)), 1L)
  file <- withr::local_tempfile()
  saveRDS(i, file)
  expect_identical(predict(readRDS(file), d[1:3, ]), i$index$index[1:3])
})

test_that("plots are built", {
  skip_if_not_installed("ggplot2")
  i <- data_flow_index(small_panel(), c("a", "b"), prov, yr)
  for (type in c("weights", "index", "contributions")) {
    expect_s3_class(ggplot2::autoplot(i, type), "ggplot")
    expect_s3_class(ggplot2::ggplot_build(ggplot2::autoplot(i, type)), "ggplot_built")
  }
  expect_s3_class(ggplot2::autoplot(i, "contributions", by = "group"), "ggplot")
  expect_error(ggplot2::autoplot(i, "pie"), class = "flowresil_error_choice")
})

test_that("bad input is refused by class", {
  d <- small_panel()
  index <- function(data = d, indicators = c("a", "b"), ...) {
    data_flow_index(data, indicators, unit = prov, time = yr, ...)
  }
  expect_error(data_flow_index(indicators = "a", unit = prov, time = yr),
               class = "flowresil_error_missing_argument")
  expect_error(index(as.list(d)), class = "flowresil_error_type")
  expect_error(index(d[0, ]), class = "flowresil_error_empty")
  expect_error(index(d[1, ]), class = "flowresil_error_too_few_rows")
  expect_error(index(indicators = c("a", "nope")), class = "flowresil_error_missing_column")
  expect_error(index(indicators = nope), class = "flowresil_error_missing_column")
  expect_error(index(indicators = c("a", "a")), class = "flowresil_error_repeated_indicator")
  expect_error(index(indicators = c(1, 1)), class = "flowresil_error_type")
  expect_error(index(indicators = c(a = 1, b = 0)), class = "flowresil_error_direction")
  expect_error(index(indicators = c(a = 1, b = NA)), class = "flowresil_error_direction")
  expect_error(index(indicators = data.frame(x = "a")), class = "flowresil_error_missing_column")
  expect_error(index(indicators = data.frame(indicator = "a", direction = "up")),
               class = "flowresil_error_direction")
  expect_error(index(indicators = c("a", "yr")), class = "flowresil_error_ambiguous_column")
  expect_error(index(indicators = character()), class = "flowresil_error_missing_column")
  expect_error(index(indicators = c("a", NA)), class = "flowresil_error_missing_column")
  expect_error(data_flow_index(d, "a", unit = c(prov, yr), time = yr),
               class = "flowresil_error_ambiguous_column")
  expect_error(data_flow_index(d, "a", time = yr), class = "flowresil_error_missing_argument")
  expect_error(data_flow_index(d, unit = prov, time = yr), class = "flowresil_error_missing_argument")
  expect_error(data_flow_index(d, "a", prov, prov), class = "flowresil_error_ambiguous_column")
  expect_error(data_flow_index(d, "a", yr, prov), class = "flowresil_error_time")
  expect_error(index(transform(d, yr = yr + 0.5)), class = "flowresil_error_time")
  expect_error(index(rbind(d, d[3, ])), class = "flowresil_error_duplicate_rows")
  expect_error(index(transform(d, prov = replace(prov, 2, NA))), class = "flowresil_error_missing_value")
  expect_error(index(transform(d, yr = replace(yr, 2, NA))), class = "flowresil_error_missing_value")
  expect_error(index(transform(d, a = replace(a, 2, NA))), class = "flowresil_error_missing_value")
  expect_error(index(transform(d, a = NA_real_)), class = "flowresil_error_missing_value")
  expect_error(index(transform(d, a = replace(a, 2, Inf))), class = "flowresil_error_infinite")
  expect_error(index(transform(d, a = as.character(a))), class = "flowresil_error_type")
  expect_error(index(transform(d, a = I(as.list(a)))), class = "flowresil_error_type")
  expect_error(index(indicators = c("a", "c"), normalise = "share"), class = "flowresil_error_negative")
  expect_error(index(indicators = c("a", "c"), normalise = "none"), class = "flowresil_error_negative")
  expect_error(index(normalise = "zscore"), class = "flowresil_error_normalise")
  expect_error(index(indicators = c(a = -1), normalise = "share", method = "equal"),
               class = "flowresil_error_direction")
  expect_error(index(weights = c(a = 1)), class = "flowresil_error_weights")
  expect_error(index(weights = c(a = 1, b = 1, z = 1)), class = "flowresil_error_weights")
  expect_error(index(weights = c(a = 1, b = -1)), class = "flowresil_error_weights")
  expect_error(index(weights = c(a = 1, b = NA)), class = "flowresil_error_weights")
  expect_error(index(weights = c(a = 0, b = 0)), class = "flowresil_error_weights")
  expect_error(index(weights = c(a = 1, a = 1, b = 1)), class = "flowresil_error_weights")
  expect_error(index(weights = c(1, 1, 1)), class = "flowresil_error_weights")
  expect_error(index(weights = c(a = 1, b = 1), method = "pca"), class = "flowresil_error_argument")
  expect_error(index(method = "critic"), class = "flowresil_error_choice")
  expect_error(index(aggregate = "geometric"), class = "flowresil_error_choice")
  expect_error(index(components = 1.5, method = "pca"), class = "flowresil_error_components")
  expect_error(index(components = 3, method = "pca"), class = "flowresil_error_components")
  expect_error(index(rescale = NA), class = "flowresil_error_flag")
  expect_error(index(normalize = "share"), class = "flowresil_error_argument")
  twice <- setNames(d, c("yr", "prov", "a", "a", "c", "ex"))
  expect_error(index(twice, "a"), class = "flowresil_error_ambiguous_column")
  expect_error(data_flow_index(setNames(d, sub("yr", "index", names(d))), "a", prov, index),
               class = "flowresil_error_ambiguous_column")
  expect_error(contributions(1), class = "flowresil_error_type")
})

test_that("the texts of errors say what, where and what to do", {
  d <- small_panel()
  expect_snapshot(error = TRUE, data_flow_index(transform(d, a = replace(a, 2:4, NA)), c("a", "b"), prov, yr))
  expect_snapshot(error = TRUE, data_flow_index(d, c("a", "bb"), prov, yr))
  expect_snapshot(error = TRUE, data_flow_index(d, c(a = 1, b = 3), prov, yr))
  expect_snapshot(error = TRUE, data_flow_index(d, c("a", "b"), prov, yr, weights = c(a = 1, z = 2)))
  expect_snapshot(error = TRUE, data_flow_index(d, c("a", "b"), prov, yr, weights = c(a = 1, b = -2)))
  expect_snapshot(error = TRUE, data_flow_index(rbind(d, d[1, ]), "a", prov, yr))
  expect_snapshot(error = TRUE, data_flow_index(transform(d, a = as.character(prov)), "a", prov, yr))
  expect_snapshot(error = TRUE, data_flow_index(d, c("a", "c"), prov, yr, normalise = "share"))
  expect_snapshot(error = TRUE, predict(data_flow_index(d, c("a", "b"), prov, yr), d["a"]))
})

test_that("components with an eigenvalue of one up to rounding are not counted among those above one", {
  expect_identical(count_components(NULL, c(1.5, 1 + 1e-13, 0.5), NULL, NULL), 1L)
  expect_identical(count_components(NULL, c(1.5, 1 + 1e-9, 0.5), NULL, NULL), 2L)
  # eight rows, two indicators that go together and one that is orthogonal to both: eigenvalues 1.5, 1 and .5
  d <- data.frame(u = rep(1:2, 4), t = rep(1:4, each = 2), a = c(-1, -1, 1, 1, -1, -1, 1, 1), c = rep(c(-1, 1), 4))
  d$b <- d$a + sqrt(3) * c(-1, -1, -1, -1, 1, 1, 1, 1)
  found <- data_flow_index(d, c("a", "b", "c"), u, t, method = "pca")$components
  expect_within(found$eigenvalues, c(1.5, 1, 0.5), 1e-14)
  expect_identical(found$kept, 1L)
})
