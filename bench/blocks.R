# Times the building blocks against what they are measured by, in one process. Prints lines of CSV:
# what, seconds of ours, seconds of the measure, what the measure is.
library(flowresil)
# Median seconds of a call; a short one is made many times, since the clock tells milliseconds only.
seconds <- function(call, repeats = 7) {
  once <- system.time(call())[["elapsed"]]
  calls <- max(1, ceiling(0.1 / max(once, 1e-3)))
  median(vapply(seq_len(repeats), function(i) system.time(for (j in seq_len(calls)) call())[["elapsed"]], numeric(1))) /
    calls
}
report <- function(what, ours, measure, name) cat(what, ours, measure, name, sep = ",", fill = TRUE)

set.seed(1)
x <- matrix(rexp(11e6), ncol = 11, dimnames = list(NULL, paste0("i", 1:11)))
report("entropy_weights 1e6 x 11", seconds(function() entropy_weights(x)), seconds(function() log(x)),
       "one pass of log()")
rm(x)

series <- matrix(exp(rnorm(15e5)), nrow = 15)
report("hp_filter 1e5 series x 15", seconds(function() hp_filter(series, 6.25)), seconds(function() log(series)),
       "one pass of log()")
if (requireNamespace("mFilter", quietly = TRUE)) {
  few <- series[, 1:1000]
  report("hp_filter 1000 series x 15", seconds(function() hp_filter(few, 6.25)),
         seconds(function() for (j in seq_len(ncol(few))) mFilter::hpfilter(few[, j], 6.25, "lambda"), 3), "mFilter")
  one <- cumsum(rnorm(1000))
  report("hp_filter one series of 1000", seconds(function() hp_filter(one, 1600)),
         seconds(function() mFilter::hpfilter(one, 1600, "lambda"), 3), "mFilter")
}
long <- cumsum(rnorm(1e6))
report("hp_filter one series of 1e6", seconds(function() hp_filter(long, 1600)), 0.2, "limit of .2 s")
