# The only file that raises. A condition's first line says what must hold, `x` what was found, `i` what to do; its
# class is flowresil_<kind>_<fault> under flowresil_<kind>, and it carries the argument's name.

# Stops with class flowresil_error_<fault>. `must`, `found`, `todo` are strings (several bullets may be
# given as vectors); `call` is the environment of the function that the user typed; further fields in `...`.
abort_input <- function(fault, must, found = NULL, todo = NULL, arg = NULL, ..., parent = NULL,
                        call = rlang::caller_env()) {
  rlang::abort(
    compose_message(must, found, todo),
    class = c(paste0("flowresil_error_", fault), "flowresil_error"),
    arg = arg, ..., parent = parent, call = call,
    use_cli_format = FALSE
  )
}

# Raises a warning of R's own that was held back, as it was.
repeat_warning <- function(held) warning(held)

# Warns with class flowresil_warning_<fault>: the result stands, but the user should look at the data.
warn_data <- function(fault, must, found = NULL, todo = NULL, arg = NULL, ...) {
  rlang::warn(
    compose_message(must, found, todo),
    class = c(paste0("flowresil_warning_", fault), "flowresil_warning"),
    arg = arg, ..., use_cli_format = FALSE
  )
}

# Says with class flowresil_message_<what> what was done; options(flowresil.quiet = TRUE) silences it.
inform_user <- function(what, text, details = NULL, ...) {
  if (isTRUE(getOption("flowresil.quiet"))) return(invisible())
  rlang::inform(
    compose_message(text, NULL, details),
    class = c(paste0("flowresil_message_", what), "flowresil_message"),
    ..., use_cli_format = FALSE
  )
}

# An exception of the compiled core: R should have refused the input first, so this is a fault of ours.
abort_internal <- function(parent, call = rlang::caller_env()) {
  rlang::abort(
    c(
      "The compiled core refused what R gave it.",
      x = conditionMessage(parent),
      i = "This is a fault of flowresil, please report it with the call that led here."
    ),
    class = c("flowresil_error_internal", "flowresil_error"),
    parent = parent, call = call, use_cli_format = FALSE
  )
}

# No memory for the computation: R's own words name the size; an exception of the core does not.
abort_memory <- function(parent, arguments, call = rlang::caller_env()) {
  bytes <- sum(vapply(arguments, utils::object.size, numeric(1)))
  size <- format(structure(bytes, class = "object_size"), units = "auto")
  said <- if (inherits(parent, "std::bad_alloc")) "The core cannot allocate what it needs" else
    sub("^(.)", "\\U\\1", conditionMessage(parent), perl = TRUE)
  abort_input(
    "memory", "There must be memory enough for the computation.",
    found = paste0(said, "; what it works on takes ", size, "."),
    todo = "Use fewer rows, regressors or levels of the effects, or a machine with more memory.",
    parent = parent, call = call
  )
}

compose_message <- function(must, found, todo) {
  bullets <- function(text, sign) if (length(text)) rlang::set_names(text, rep(sign, length(text)))
  c(must, bullets(found, "x"), bullets(todo, "i"))
}

# What an inner function refuses is said of the function that the user typed.
in_function <- function(code, call) {
  tryCatch(code, flowresil_error = function(e) {
    e$call <- rlang::error_call(call)
    rlang::cnd_signal(e)
  })
}
