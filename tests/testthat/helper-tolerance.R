# How near is near, by name.
tolerance_exact <- 1e-12   # the same formula in another order
tolerance_oracle <- 1e-10  # another program at full precision
tolerance_stata <- 1e-6    # stored with six decimals

# Half a unit of the last printed digit.
tolerance_printed <- function(digits) 0.5 * 10^(-digits) * (1 + 1e-6)

expect_within <- function(object, expected, tolerance) {
  difference <- max(abs(as.vector(object) - as.vector(expected)))
  testthat::expect(
    length(object) == length(expected) && is.finite(difference) && difference <= tolerance,
    sprintf("Largest difference %g, allowed %g (lengths %d and %d).", difference, tolerance,
            length(object), length(expected))
  )
  invisible(object)
}

read_oracle <- function(file) {
  utils::read.csv(testthat::test_path("oracles", file), comment.char = "#")
}
