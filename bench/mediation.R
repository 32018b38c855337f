# Times draws of a mediation analysis, one thread, against refits. Prints lines of CSV like blocks.R: a draw by ours,
# the same refit by the measure.
library(flowresil)
options(flowresil.threads = 1, flowresil.quiet = TRUE)
seconds <- function(call, repeats = 5) {
  call()
  median(vapply(seq_len(repeats), function(i) system.time(call())[["elapsed"]], numeric(1)))
}
report <- function(what, ours, measure, name) cat(what, ours, measure, name, sep = ",", fill = TRUE)

set.seed(1)
d <- expand.grid(t = 1:15, u = 1:30)
for (name in c("x", paste0("z", 1:5))) d[[name]] <- rnorm(450)
d$m <- d$x + rnorm(450)
d$n <- d$x + rnorm(450)
d$y <- d$x + d$m + d$n + rnorm(450)
d$fu <- factor(d$u)
d$ft <- factor(d$t)
controls <- "+ z1 + z2 + z3 + z4 + z5"
draws <- 5000
ours <- seconds(function() {
  fe_mediation(y ~ x + z1 + z2 + z3 + z4 + z5 | u + t, d, c("m", "n"), vcov = ~u, method = "percentile", R = draws,
               seed = 1)
}) / draws
fit <- function(left, right) lm(as.formula(paste(left, "~", right, controls, "+ fu + ft")), d)
report("a draw 450 rows 2 mediators 5 controls end to end", ours, seconds(function() {
  fit("y", "x")
  fit("m", "x")
  fit("y", "x + m + n")
}, 21), "three lm() with dummies")
if (requireNamespace("mediation", quietly = TRUE)) {
  mediator <- fit("m", "x")
  outcome <- fit("y", "x + m")
  report("a draw 450 rows", ours, seconds(function() {
    mediation::mediate(mediator, outcome, treat = "x", mediator = "m", boot = TRUE, sims = 20)
  }, 3) / 20, "a draw of mediate()")
}
n <- 1e6
big <- data.frame(u = rep(1:1e5, each = 10), t = rep(1:10, 1e5))
big$c <- (big$u - 1) %/% 100
big$x <- rnorm(n)
big$m <- big$x + rnorm(n)
big$y <- big$x + big$m + rnorm(n)
one <- function(...) function() fe_mediation(y ~ x | u + t, big, "m", vcov = ~c, ...)
report("1000 draws 1e6 rows 1000 clusters", seconds(one(method = "percentile", R = 1000, seed = 1), 3),
       seconds(one(method = "sobel"), 3), "the same by sobel")
