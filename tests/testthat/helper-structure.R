# The checkout's root where the tests run inside one, else NULL (the package is installed without its sources).
source_root <- function() {
  root <- file.path(testthat::test_path(), "..", "..")
  here <- file.exists(file.path(root, "DESCRIPTION")) && dir.exists(file.path(root, "src", "core")) &&
    dir.exists(file.path(root, "R"))
  if (here) normalizePath(root)
}

# Runs code with another value of one of the package's functions or tables.
with_binding <- function(name, value, code) {
  space <- asNamespace("flowresil")
  old <- get(name, space)
  rebind <- function(value) {
    unlockBinding(name, space)
    assign(name, value, space)
    lockBinding(name, space)
  }
  on.exit(rebind(old))
  rebind(value)
  force(code)
}
