# A model keeps of the environment of its formula what the formula names, and nothing else: a formula written in a
# function would otherwise carry all that the function held, into memory and into every saved file.

# An environment that stands for `env` where `exprs` are evaluated. Each frame between `env` and the first
# environment that outlives a session gets a mirror that holds the constants of length one and the functions
# named, and of these functions what their bodies name: each name is found where it was found before.
slim_environment <- function(env, exprs, columns = character()) {
  if (outlives(env)) return(env)
  frames <- list()
  mirrors <- list()
  mirror_of <- function(frame) {
    if (outlives(frame)) return(frame)
    at <- which(vapply(frames, identical, logical(1), frame))
    if (length(at)) return(mirrors[[at]])
    mirror <- new.env(parent = mirror_of(parent.env(frame)))
    frames <<- c(frames, frame)
    mirrors <<- c(mirrors, mirror)
    mirror
  }
  # Copies the first value of the name that is `wanted`, and where it is no function the first function too: a
  # call looks past what is none.
  carry <- function(name, frame, wanted) {
    while (!outlives(frame)) {
      if (exists(name, frame, inherits = FALSE)) {
        mirror <- mirror_of(frame)
        if (exists(name, mirror, inherits = FALSE)) return(invisible())
        value <- tryCatch(get(name, frame, inherits = FALSE), error = function(e) NULL)
        if (is.function(value) || !is.null(value) && !identical(value, quote(expr = )) && wanted(value)) {
          assign(name, value, mirror) # before its own names: a function may name itself
          if (is.function(value)) assign(name, slim_function(value), mirror)
        }
        if (is.function(value)) return(invisible())
      }
      frame <- parent.env(frame)
    }
  }
  slim_function <- function(value) {
    home <- environment(value)
    if (is.null(home) || outlives(home)) return(value)
    words <- unique(c(all.names(body(value)), unlist(lapply(formals(value), all.names))))
    if (any(words %in% environment_words)) return(value)
    value <- utils::removeSource(value) # a source reference holds the text of the whole file
    environment(value) <- mirror_of(home)
    for (name in setdiff(words, names(formals(value)))) carry(name, home, function(value) TRUE)
    value
  }
  slim <- mirror_of(env)
  for (expr in exprs) {
    for (name in all.names(expr, unique = TRUE)) {
      carry(name, env, function(value) is.atomic(value) && length(value) == 1L && !name %in% columns)
    }
  }
  slim
}

outlives <- function(env) {
  identical(env, globalenv()) || identical(env, baseenv()) || identical(env, emptyenv()) || isNamespace(env) ||
    grepl("^(package|imports):", environmentName(env))
}

# A function whose body calls one of these may look where no name shows: it keeps its environment.
environment_words <- c(
  "<<-", "assign", "get", "get0", "mget", "exists", "eval", "evalq", "environment", "parent.frame", "parent.env",
  "sys.function", "do.call", "match.fun"
)

# The environment of a formula changed later: the new formula's, with what the old one kept.
joined_environment <- function(old, new) {
  if (outlives(old) || identical(old, new)) return(new)
  if (is.null(new)) return(old)
  list2env(as.list(old, all.names = TRUE), parent = new)
}

# A frame whose formulas hold what they name and not the function that they were written in.
without_environment <- function(frame, columns) {
  spec <- frame$spec
  slim <- slim_environment(spec$env, list(spec$formula, spec$outcome, spec$right), columns)
  spec$env <- slim
  environment(spec$formula) <- slim
  frame$spec <- spec
  if (!is.null(frame$terms)) environment(frame$terms) <- slim
  frame
}
