# Entropy weights of a table: those of the matrix.

test_that("weights of a table are those of memory, in two scans, on both engines and in parts", {
  withr::local_seed(3)
  n <- 500
  d <- data.frame(a = rexp(n), b = rexp(n)^3, "c d" = 1e9 * (1 + runif(n)), whole = sample(0:9, n, TRUE),
                  check.names = FALSE)
  direction <- c(a = 1, b = -1, "c d" = 1, whole = -1)
  for (engine in list(sqlite_engine(), postgres_engine())) {
    engine$write("p", d)
    engine$write("p1", d[1:200, ])
    engine$write("p2", d[201:n, ])
    parts <- lapply(c("p1", "p2"), function(name) panel_source(engine$con, name))
    for (offset in c(0, 0.01)) {
      memory <- entropy_weights(d, direction, offset = offset)
      for (source in list(panel_source(engine$con, "p"), parts)) {
        table <- entropy_weights(source, direction, offset = offset)
        expect_equal(table$divergence, memory$divergence, tolerance = 1e-10)
        expect_equal(table$weight, memory$weight, tolerance = 1e-11)
        expect_identical(attributes(table)[c("names", "class", "n", "offset")],
                         attributes(memory)[c("names", "class", "n", "offset")])
      }
    }
    for (normalise in c("share", "none")) {
      expect_equal(as.data.frame(entropy_weights(panel_source(engine$con, "p"), normalise = normalise)),
                   as.data.frame(entropy_weights(d, normalise = normalise)), tolerance = 1e-10)
    }
  }
  shown <- withr::with_options(list(flowresil.show_sql = TRUE),
                               capture.output(invisible(entropy_weights(panel_source(engine$con, "p")))))
  expect_length(grep("^SELECT", shown), 2L)
})

test_that("constants weigh nothing, and what is no number is refused by name", {
  d <- data.frame(a = c(1, 2, 4), b = 7, t = "x")
  for (engine in list(sqlite_engine(), postgres_engine())) {
    engine$write("p", d[c("a", "b")])
    expect_warning(found <- entropy_weights(panel_source(engine$con, "p")),
                   class = "flowresil_warning_constant_indicator")
    expect_equal(found$weight, c(1, 0))
    refused <- function(data, class, about, ...) {
      engine$write("p", data)
      e <- expect_error(entropy_weights(panel_source(engine$con, "p"), ...), class = paste0("flowresil_error_", class))
      expect_match(conditionMessage(e), about)
    }
    refused(d[c("a", "t")], "type", "`t`")
    refused(data.frame(a = c(1, NA, 3)), "missing_value", "`a`")
    refused(data.frame(a = c(1, Inf, 3)), "infinite", "`a`")
    refused(data.frame(a = c(1, -2, 3)), "negative", "a", normalise = "share")
    refused(d["b"], "all_constant", "constant")
    refused(d[1, "a", drop = FALSE], "too_few_rows", "two rows")
    refused(d[0, "a", drop = FALSE], "empty", "0 rows")
    refused(d["a"], "direction", "direction", direction = 2)
  }
})
