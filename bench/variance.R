# Times variances and the wild bootstrap, one thread, against the named peers where they are installed. Prints lines of
# CSV like blocks.R.
library(flowresil)
options(flowresil.threads = 1)
seconds <- function(call, repeats = 7) {
  call()
  once <- system.time(call())[["elapsed"]]
  calls <- max(1, ceiling(0.1 / max(once, 1e-3)))
  median(vapply(seq_len(repeats), function(i) system.time(for (j in seq_len(calls)) call())[["elapsed"]], numeric(1))) /
    calls
}
report <- function(what, ours, measure, name) cat(what, ours, measure, name, sep = ",", fill = TRUE)

set.seed(1)
d <- expand.grid(t = 1:15, u = 1:30)
d$x <- rnorm(450) + d$u / 10
d$z <- rnorm(450)
d$y <- d$x + rnorm(450)
m <- fe_model(y ~ x + z | u + t, d)
cr2 <- seconds(function() generics::tidy(m, vcov = vcov_cr(~u)))
if (requireNamespace("clubSandwich", quietly = TRUE)) {
  l <- lm(y ~ x + z + factor(u) + factor(t), d)
  report("CR2 with df 30 x 15", cr2, seconds(function() {
    clubSandwich::coef_test(l, vcov = "CR2", cluster = d$u, coefs = c("x", "z"))
  }), "clubSandwich coef_test")
}
if (requireNamespace("fixest", quietly = TRUE)) {
  fixest::setFixest_nthreads(1)
  f <- fixest::feols(y ~ x + z | u + t, d)
  report("HC3 30 x 15", seconds(function() vcov(m, vcov = "HC3")), seconds(function() vcov(f, vcov = "HC3")), "fixest")
  n <- 1e6
  big <- data.frame(a = rep(1:50, each = n / 50), b = sample(2000, n, TRUE), u = rep(1:1e5, each = 10),
                    t = rep(1:10, 1e5))
  big$x <- rnorm(n)
  big$y <- big$x + rnorm(n)
  M <- fe_model(y ~ x | u + t, big)
  theirs <- fixest::feols(y ~ x | u + t, big)
  report("vcov ~ a + b 1e6 rows", seconds(function() vcov(M, vcov = ~ a + b), 3),
         seconds(function() vcov(theirs, vcov = ~ a + b), 3), "fixest")
}
n <- 1e5
wide <- data.frame(u = rep(1:1e4, each = 10), t = rep(1:10, 1e4))
wide$c <- (wide$u - 1) %/% 10
wide$x <- rnorm(n) + wide$u %% 7
wide$y <- wide$x + rnorm(n)
w <- fe_model(y ~ x | u + t, wide)
report("CR2 1e5 rows 1000 clusters", seconds(function() vcov(w, vcov = vcov_cr(~c)), 3), 2, "2 s")
for (variant in c("WCR11", "WCR31")) {
  report(paste(variant, "9999 draws, p alone, 30 x 15"), seconds(function() {
    wild_bootstrap(m, "x", cluster = ~u, variant = variant, conf.level = NULL, seed = 1)
  }), c(WCR11 = 0.4, WCR31 = 2.7)[[variant]], "fwildclusterboot's known time")
}
