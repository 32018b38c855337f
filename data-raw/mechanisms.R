# Simulation behind vignettes/mechanisms.Rmd: Rscript data-raw/mechanisms.R RUNS FILE.csv
# (twice as many where slopes vary)
# Panels of N units and 8 periods with two effects, treatment and errors half unit constants and half AR(.7). Rejection
# at 5 % and coverage of ab by 95 % intervals, clusters by unit; "slopes": a and b vary by unit, independently, with
# standard deviation .3 about .5, and the target is .25; "correlated": the same with correlation .8, target .322.
library(flowresil)
options(flowresil.threads = 1, flowresil.quiet = TRUE)
arguments <- commandArgs(TRUE)
runs <- as.integer(arguments[1])
methods <- c("sobel", "distribution", "monte_carlo", "percentile", "bc", "bca", "studentised", "wild", "joint",
             "joint_wild")
designs <- list(
  null = c(a = 0, b = 0, spread = 0, r = 0), a_only = c(a = .5, b = 0, spread = 0, r = 0),
  b_only = c(a = 0, b = .5, spread = 0, r = 0), both = c(a = .5, b = .5, spread = 0, r = 0),
  slopes = c(a = .5, b = .5, spread = .3, r = 0), correlated = c(a = .5, b = .5, spread = .3, r = .8)
)
n_times <- 8
noise <- function(N) {
  e <- matrix(rnorm(N * n_times), n_times)
  for (t in 2:n_times) e[t, ] <- .7 * e[t - 1, ] + sqrt(1 - .49) * e[t, ]
  as.vector(sqrt(.5) * rep(rnorm(N), each = n_times) + sqrt(.5) * e)
}
one <- function(N, design) {
  d <- data.frame(unit = rep(seq_len(N), each = n_times), time = rep(seq_len(n_times), N))
  u <- rnorm(N)
  v <- design[["r"]] * u + sqrt(1 - design[["r"]]^2) * rnorm(N)
  a <- rep(design[["a"]] + design[["spread"]] * u, each = n_times)
  b <- rep(design[["b"]] + design[["spread"]] * v, each = n_times)
  d$x <- noise(N)
  d$m <- a * d$x + noise(N)
  d$y <- .2 * d$x + b * d$m + noise(N)
  truth <- design[["a"]] * design[["b"]] + design[["r"]] * design[["spread"]]^2
  judge <- function(fit) {
    t <- generics::tidy(fit, component = "effects")
    t <- t[t$effect == "indirect", ]
    data.frame(method = t$method, rejected = t$p.value <= .05, covered = t$conf.low <= truth & truth <= t$conf.high)
  }
  R <- 399
  clustered <- suppressWarnings(
    judge(fe_mediation(y ~ x | unit + time, d, "m", vcov = ~unit, method = methods, R = R))
  )
  iid <- judge(fe_mediation(y ~ x | unit + time, d, "m", method = "sobel"))
  iid$method <- "sobel, iid"
  rbind(clustered, iid)
}
set.seed(20261127)
rows <- list()
for (N in c(12, 30, 100)) {
  for (name in names(designs)) {
    here <- runs * if (designs[[name]][["spread"]] > 0) 2 else 1
    found <- do.call(rbind, lapply(seq_len(here), function(i) one(N, designs[[name]])))
    table <- aggregate(cbind(rejected, covered) ~ method, found, mean, na.action = na.pass)
    rows[[length(rows) + 1]] <- cbind(units = N, design = name, table, runs = here)
    write.csv(do.call(rbind, rows), arguments[2], row.names = FALSE, quote = TRUE)
  }
}
