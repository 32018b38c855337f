# The one rule of seeds.

# NULL takes one number from R's stream, so that set.seed() repeats the call; a seed that is given leaves the stream
# alone. A whole number of 0 or more.
read_seed <- function(seed, call = rlang::caller_env()) {
  if (is.null(seed)) return(as.double(sample.int(.Machine$integer.max, 1L)))
  whole <- is.numeric(seed) && length(seed) == 1L && is.finite(seed) && seed == round(seed) && abs(seed) < 2^53
  if (whole && seed >= 0) return(as.double(seed))
  abort_input("seed", "`seed` must be one whole number of 0 or more.", found = describe_value(seed),
              todo = "`NULL` takes one from R's own stream, which `set.seed()` repeats.", arg = "seed", call = call)
}
