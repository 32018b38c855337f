# An option that the chosen method does not take is refused; its default passes.

d <- small_panel()
index <- function(...) data_flow_index(d, c("a", "b"), prov, yr, ...)
resilience <- function(...) quietly(export_resilience(d, ex, prov, yr, ...))

test_that("an option that the method does not take is an error that names option, method and taker", {
  given <- c(a = .3, b = .7)
  expect_refused(index(method = "pca", offset = 1e-4), "argument")
  expect_refused(index(method = "equal", offset = 1e-4), "argument")
  expect_refused(index(weights = given, offset = 1e-4), "argument")
  expect_refused(index(components = 1), "argument")
  expect_refused(index(method = "equal", components = .8), "argument")
  expect_refused(index(weights = given, components = 2), "argument")
  for (method in c("entropy", "pca", "equal")) expect_refused(index(method = method, rescale = TRUE), "argument")
  for (normalise in c("share", "none")) {
    expect_refused(index(method = "pca", normalise = normalise), "argument")
  }
  expect_refused(resilience(lambda = 100), "argument")
  expect_refused(resilience(method = "base", scale = 1), "argument")
  expect_refused(resilience(transform = "asinh"), "argument")
  expect_refused(resilience(method = "hp", base = 2010), "argument")
  expect_refused(resilience(method = "hp", base = NA), "argument")
  expect_identical(rlang::catch_cnd(index(components = 1), "flowresil_error")$arg, "components")
  expect_snapshot(error = TRUE, {
    index(method = "pca", offset = 1e-4)
    index(weights = given, offset = 1e-4)
    index(components = 1)
    index(rescale = TRUE)
    index(method = "pca", normalise = "share")
    export_resilience(d, ex, prov, yr, lambda = 100)
    export_resilience(d, ex, prov, yr, scale = 1)
    export_resilience(d, ex, prov, yr, transform = "asinh")
    export_resilience(d, ex, prov, yr, method = "hp", base = 2010)
    export_resilience(d, ex, prov, yr, method = "hp", base = 2009:2010)
  })
})

test_that("the default of an option passes under every method, as wrappers hand all of them on", {
  pca <- index(method = "pca")
  expect_identical(index(method = "pca", offset = 0, rescale = FALSE, normalise = "minmax")$index, pca$index)
  expect_identical(index(method = "pca", normalise = "zscore")$index, pca$index)
  expect_identical(index(components = NULL)$index, index()$index)
  expect_identical(resilience(lambda = 6.25, transform = "none", scale = 100)$resilience, resilience()$resilience)
  expect_identical(resilience(method = "hp", base = 2008L)$resilience, resilience(method = "hp")$resilience)
  expect_identical(resilience(method = "hp", scale = 7)$resilience, resilience(method = "hp")$resilience)
})

test_that("the first component with an eigenvalue of exactly 1 is not kept beside larger ones", {
  # Two equal columns and one orthogonal to them: eigenvalues 2, 1, 0.
  x <- c(-1, 1, -1, 1)
  e <- data.frame(u = 1, t = 1:4, a = x, b = x, c = c(-1, -1, 1, 1))
  i <- data_flow_index(e, c("a", "b", "c"), u, t, method = "pca")
  expect_within(i$components$eigenvalues, c(2, 1, 0), tolerance_exact)
  expect_identical(i$components$kept, 1L)
})

test_that("the default base year is said, and only where it is used and was not given", {
  expect_message(export_resilience(d, ex, prov, yr), class = "flowresil_message_default_base")
  said <- function(...) {
    found <- NULL
    withCallingHandlers(
      export_resilience(d, ex, prov, yr, ...),
      message = function(m) {
        found <<- c(found, class(m)[1])
        invokeRestart("muffleMessage")
      }
    )
    "flowresil_message_default_base" %in% found
  }
  expect_true(said())
  expect_true(said(method = "base"))
  expect_false(said(base = 2008))
  expect_false(said(method = "hp"))
  withr::local_options(flowresil.quiet = TRUE)
  expect_silent(export_resilience(d, ex, prov, yr))
})

test_that("the default base year is found and said where time is dates that count years", {
  dated <- transform(d, yr = as.Date(paste0(yr, "-12-31")))
  expect_message(r <- export_resilience(dated, ex, prov, yr), class = "flowresil_message_default_base")
  expect_identical(r$resilience$resilience, resilience(base = 2008)$resilience$resilience)
  expect_snapshot(r <- export_resilience(dated, ex, prov, yr))
})

test_that("an absent base year that was the default is told to be one", {
  later <- d[d$yr > 2008, ]
  expect_refused(export_resilience(later, ex, prov, yr), "base_absent")
  expect_snapshot(error = TRUE, {
    export_resilience(later, ex, prov, yr)
    export_resilience(later, ex, prov, yr, base = 2008)
  })
})
