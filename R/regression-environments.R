# A model keeps of the environment of its formula what the formula names, and nothing else: a formula written in a
# function would otherwise carry all that the function held, into memory and into every saved file.

# An environment that stands for `env` where `exprs` are evaluated. Each frame between `env` and the first
# environment that outlives a session gets a mirror that holds the constants of length one and the functions
# named, and of these functions what their bodies name: each name is found where it was found before.
slim_environment <- function(env, exprs, columns = character()) {
  if (outlives(env)) return(env)
  mirrors <- new.env(parent = emptyenv())
  mirrors$frames <- mirrors$copies <- list()
  constant <- function(name, value) is.atomic(value) && length(value) == 1L && !name %in% columns
  for (name in unique(unlist(lapply(exprs, all.names)))) carry_name(mirrors, name, env, constant)
  mirror_of(mirrors, env)
}

# The mirror of a frame, made when first asked for; an environment that outlives a session is its own.
mirror_of <- function(mirrors, frame) {
  if (outlives(frame)) return(frame)
  at <- which(vapply(mirrors$frames, identical, logical(1), frame))
  if (length(at)) return(mirrors$copies[[at]])
  copy <- new.env(parent = mirror_of(mirrors, parent.env(frame)))
  mirrors$frames <- c(mirrors$frames, frame)
  mirrors$copies <- c(mirrors$copies, copy)
  copy
}

# Copies the first value of a name that is `wanted`, and where it is no function the first function too: a call
# looks past what is none.
carry_name <- function(mirrors, name, frame, wanted) {
  while (!outlives(frame)) {
    if (exists(name, frame, inherits = FALSE)) {
      copy <- mirror_of(mirrors, frame)
      if (exists(name, copy, inherits = FALSE)) return(invisible())
      value <- value_in(name, frame)
      if (is.function(value)) {
        assign(name, value, copy) # before its own names: a function may name itself
        assign(name, slim_function(mirrors, value), copy)
        return(invisible())
      }
      if (!is.null(value) && wanted(name, value)) assign(name, value, copy)
    }
    frame <- parent.env(frame)
  }
}

# NULL for an argument that was not given, or whose evaluation fails.
value_in <- function(name, frame) {
  value <- tryCatch(get(name, frame, inherits = FALSE), error = function(e) NULL)
  if (rlang::is_missing(value)) NULL else value
}

# A function made in one of the frames takes along what its own body names, of any length.
slim_function <- function(mirrors, value) {
  home <- environment(value)
  if (is.null(home) || outlives(home)) return(value)
  words <- unique(c(all.names(body(value)), unlist(lapply(formals(value), all.names))))
  if (any(words %in% environment_words)) return(value)
  value <- utils::removeSource(value) # a source reference holds the text of the whole file
  environment(value) <- mirror_of(mirrors, home)
  for (name in setdiff(words, names(formals(value)))) carry_name(mirrors, name, home, function(name, value) TRUE)
  value
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
