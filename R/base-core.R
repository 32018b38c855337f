# The one way from R into the compiled core.

# The one call into compiled code: core(cpp_function, ...) turns an exception of the core into a classed
# internal error, and running out of memory into one of its own; any other error passes as it is. Long calls look
# for a user's interrupt themselves.
core <- function(routine, ..., call = rlang::caller_env()) {
  arguments <- list(...) # evaluated here: an error in an argument is no fault of the core
  withCallingHandlers(
    routine(...),
    error = function(e) {
      if (is_out_of_memory(e)) abort_memory(e, arguments, call)
      if (inherits(e, "C++Error")) abort_internal(e, call)
    }
  )
}

# R itself gives this error no class, and its words are those of the session's language.
is_out_of_memory <- function(e) {
  if (inherits(e, "std::bad_alloc")) return(TRUE)
  words <- gettext(paste("cannot allocate vector of size %0.1f", c("Kb", "Mb", "Gb")), domain = "R")
  any(startsWith(conditionMessage(e), sub("%.*", "", words)))
}

# Number of threads: options(flowresil.threads), else the cores allowed to this process. OMP_THREAD_LIMIT
# is a ceiling for both, and a package check gets two at most. Results have the same bits for any number. Of few rows
# the core starts no threads, so that nobody need be asked.
n_threads <- function(n_rows = Inf) {
  if (n_rows < threaded_rows) return(1L)
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

# Rows from which the core starts threads, as in its base/blocks.hpp.
threaded_rows <- 16384

# Is every cell a finite number? Doubles only; R's own is.finite() would make a copy to look at.
all_finite <- function(x) core(cpp_all_finite, x)
