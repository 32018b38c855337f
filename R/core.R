# The one call into compiled code: core(cpp_function, ...) turns an exception of the core into a classed
# internal error. Long calls look for a user's interrupt themselves.
core <- function(routine, ..., call = rlang::caller_env()) {
  list(...) # evaluated here: an error in an argument is no fault of the core
  tryCatch(
    routine(...),
    error = function(e) abort_internal(e, call)
  )
}

# Number of threads: options(flowresil.threads), else the cores allowed to this process. OMP_THREAD_LIMIT
# is a ceiling for both, and a package check gets two at most. Results have the same bits for any number.
n_threads <- function() {
  ceiling <- cpp_thread_ceiling()
  if (nzchar(Sys.getenv("_R_CHECK_LIMIT_CORES_")) || nzchar(Sys.getenv("_R_CHECK_PACKAGE_NAME_"))) {
    ceiling <- min(ceiling, 2L)
  }
  wanted <- getOption("flowresil.threads")
  if (is.null(wanted)) return(min(cpp_processors(), ceiling))
  if (!is.numeric(wanted) || length(wanted) != 1L || is.na(wanted) || wanted < 1) {
    abort_input(
      "option", "`options(flowresil.threads)` must be one number, 1 or more.",
      found = paste0("It is ", rlang::as_label(wanted), "."), arg = "flowresil.threads"
    )
  }
  as.integer(min(wanted, ceiling))
}
