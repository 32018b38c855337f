# The checkout's root where the tests run inside one, else NULL (the package is installed without its sources).
source_root <- function() {
  root <- file.path(testthat::test_path(), "..", "..")
  here <- file.exists(file.path(root, "DESCRIPTION")) && dir.exists(file.path(root, "src", "core")) &&
    dir.exists(file.path(root, "R"))
  if (here) normalizePath(root)
}
