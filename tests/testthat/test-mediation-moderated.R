# Effects that hang on a moderator, or on the treatment's own value.

d <- product_panel()
fit <- function(..., formula = y ~ x + z | unit + year, data = d, mediators = "m", vcov = ~unit, method = "sobel") {
  fe_mediation(formula, data, mediators = mediators, vcov = vcov, method = method, ...)
}
lm_of <- function(f, data = d) stats::coef(stats::lm(stats::as.formula(paste(f, "+ unit + factor(year)")), data))

test_that("a moderator enters every equation once, its products where they are asked for", {
  m <- fit(moderator = v, moderated = c("a", "b", "direct"), at = c(1, 3))
  expect_setequal(names(coef(m$models$total)), c("x", "v", "z"))
  expect_setequal(names(coef(m$models$m)), c("x", "v", "x:v", "z"))
  expect_setequal(names(coef(m$models$outcome)), c("x", "m", "v", "x:v", "m:v", "z"))
  a <- lm_of("m ~ x * v + z")
  b <- lm_of("y ~ x + m + v + x:v + m:v + z")
  expect_relative(coef(m$models$m)[c("x", "x:v")], a[c("x", "x:v")], 1e-9)
  t <- effects_table(m)
  expect_identical(t$effect, c("total", rep("conditional_indirect", 2), rep("conditional_direct", 2)))
  for (w in c(1, 3)) {
    row <- t[t$effect == "conditional_indirect" & t$at == w, ]
    expect_relative(row$estimate, (a[["x"]] + a[["x:v"]] * w) * (b[["m"]] + b[["m:v"]] * w), 1e-9)
    V <- vcov(m)
    g <- c("m:x" = 1, "m:x:v" = w) * (b[["m"]] + b[["m:v"]] * w)
    g <- c(g, c("outcome:m" = 1, "outcome:m:v" = w) * (a[["x"]] + a[["x:v"]] * w))
    expect_relative(row$std.error, sqrt(drop(g %*% V[names(g), names(g)] %*% g)), 1e-9)
    expect_relative(t$estimate[t$effect == "conditional_direct" & t$at == w], b[["x"]] + b[["x:v"]] * w, 1e-9)
  }
})

test_that("the index is the slope of the conditional effect", {
  for (path in c("a", "b")) {
    m <- fit(moderator = "v", moderated = path, at = c(0, 1), method = c("sobel", "aroian", "joint"))
    t <- effects_table(m)
    index <- t$estimate[t$effect == "index" & t$method == "sobel"]
    at <- t$estimate[t$effect == "conditional_indirect"]
    expect_equal(index, at[2] - at[1], tolerance = 1e-10)
    expect_true(all(c("aroian", "joint") %in% t$method[t$effect == "index"]))
    expect_true("direct" %in% t$effect)
  }
  both <- fit(mediators = c("m", "n"), moderator = v, at = 2)
  expect_identical(sum(effects_table(both)$effect == "index"), 2L)
})

test_that("values are told: mean and a deviation, those of a variable of two, those given", {
  used <- d$v
  expect_equal(unique(stats::na.omit(effects_table(fit(moderator = v))$at)), mean(used) + c(-1, 0, 1) * sd(used))
  d$two <- ifelse(d$v > 2, 5, 3)
  expect_identical(unique(stats::na.omit(effects_table(fit(data = d, moderator = two))$at)), c(3, 5))
})

test_that("natural effects are Valeri and VanderWeele's", {
  m <- fit(interaction = TRUE, values = c(-1, 2))
  a <- lm_of("m ~ x + z")[["x"]]
  b <- lm_of("y ~ x + m + x:m + z")
  t <- effects_table(m)
  for (v in c(-1, 2)) {
    expect_relative(t$estimate[t$effect == "natural_indirect" & t$at == v], 3 * a * (b[["m"]] + b[["x:m"]] * v), 1e-9)
    expect_relative(t$estimate[t$effect == "natural_direct" & t$at == v],
                    3 * (b[["x"]] + b[["x:m"]] * (mean(d$m) + a * (v - mean(d$x)))), 1e-9)
  }
  term <- intersect(c("x:m", "m:x"), names(coef(m$models$outcome)))
  g <- stats::setNames(c(3 * (b[["m"]] + 2 * b[["x:m"]]), 3 * a, 6 * a),
                       c("m:x", "outcome:m", paste0("outcome:", term)))
  expect_relative(t$std.error[t$effect == "natural_indirect" & t$at == 2],
                  sqrt(drop(g %*% vcov(m)[names(g), names(g)] %*% g)), 1e-9)
  # Pearl's sum: the step's total in the model with the product
  at <- function(effect, v) t$estimate[t$effect == effect & t$at == v]
  total <- at("natural_indirect", 2) + at("natural_direct", -1)
  other <- at("natural_indirect", -1) + at("natural_direct", 2)
  expect_equal(total, other, tolerance = 1e-10)
})

test_that("draws of moderated and natural effects are refits", {
  units <- sort(unique(d$unit))
  counts <- t(vapply(1:40, function(r) tabulate((r + seq_len(12)^2 * 5) %% 12 + 1, 12), numeric(12)))
  counts[1, ] <- c(2, 0, 1, 1, 3, 0, 1, 0, 1, 1, 1, 1)
  counts <- counts[rep(1, 40), ]
  colnames(counts) <- units
  m <- fit(moderator = v, moderated = c("a", "b"), at = 1.5, method = "percentile", resamples = counts)
  drawn <- d[rep(seq_len(nrow(d)), counts[1, d$unit]), ]
  a <- lm_of("m ~ x * v + z", drawn)
  b <- lm_of("y ~ x + m + v + m:v + z", drawn)
  expect_relative(m$draws$pairs[1, "conditional_indirect[m]@1.5"],
                  (a[["x"]] + 1.5 * a[["x:v"]]) * (b[["m"]] + 1.5 * b[["m:v"]]), 1e-9)
  expect_named(fit(moderator = v, method = "percentile", R = 99, seed = 1)$draws$pairs[1, ],
               c("total", "direct", "index[m]",
                 paste0("conditional_indirect[m]@", signif(mean(d$v) + c(-1, 0, 1) * sd(d$v), 15)), "a[m]", "b[m]"))
  # wild: the product with the mediator that was drawn
  d$part <- c("p1", "p2", "p3", "p4", "p5", "p6")[1 + (match(d$unit, units) - 1) %/% 2]
  m <- suppressWarnings(fit(data = d, vcov = ~part, moderator = v, moderated = "b", at = 1, method = "wild", R = 99,
                            seed = 1))
  natural <- suppressWarnings(fit(data = d, vcov = ~part, interaction = TRUE, method = "wild", R = 99, seed = 1))
  r <- 12
  sign <- ifelse(bitwAnd(r - 1, 2^(0:5)) > 0, -1, 1)[match(d$part, sort(unique(d$part)))]
  drawn_with <- function(f_m, f_y) {
    own <- stats::lm(stats::as.formula(paste(f_m, "+ unit + factor(year)")), d)
    drawn <- d
    drawn$m <- stats::predict(own, d) + sign * stats::residuals(own)
    own <- stats::lm(stats::as.formula(paste(f_y, "+ unit + factor(year)")), d)
    drawn$y <- stats::predict(own, drawn) + sign * stats::residuals(own)
    list(a = lm_of(f_m, drawn), b = lm_of(f_y, drawn))
  }
  again <- drawn_with("m ~ x + v + z", "y ~ x + m + v + m:v + z")
  expect_relative(m$draws$wild[r, "index[m]"], again$a[["x"]] * again$b[["m:v"]], 1e-8)
  again <- drawn_with("m ~ x + z", "y ~ x + m + x:m + z")
  expect_relative(natural$draws$wild[r, "natural_indirect[m]@1"],
                  again$a[["x"]] * (again$b[["m"]] + again$b[["x:m"]]), 1e-8)
})

test_that("what cannot be moderated is refused", {
  d$flat <- as.integer(factor(d$unit))
  expect_snapshot(error = TRUE, {
    fit(moderator = x)
    fit(moderator = m)
    fit(moderator = y)
    fit(moderator = year)
    fit(moderator = v, moderated = "q")
    fit(moderator = v, at = c(1, 1))
    fit(moderator = v, mediators = c("m", "n"), structure = "serial")
    fit(moderator = v, interaction = TRUE)
    fit(mediators = c("m", "n"), interaction = TRUE)
    fit(interaction = TRUE, values = c(1, 1))
    fit(data = transform(d, v = put(v, 3, Inf)), moderator = v)
  })
  expect_refused(fit(moderator = nowhere), "missing_column")
  expect_refused(fit(moderator = region), "type")
  d$one <- 1 + 1e-20 * d$v
  expect_refused(suppressWarnings(fit(data = d, moderator = one)), "moderator")
  expect_snapshot(error = TRUE, suppressWarnings(fit(data = d, moderator = one)))
})
