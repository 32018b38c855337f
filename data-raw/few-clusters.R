# Size of nominal 5 % tests with few, unequal clusters, by simulation: writes inst/extdata/few-clusters.csv. Run it with
# flowresil installed, from the top of the checkout: Rscript data-raw/few-clusters.R (some minutes).

library(flowresil)

# A panel of G clusters of unequal size (sizes grow geometrically, the largest ten times the smallest), six periods,
# unit and time effects; a regressor and errors that share a part within the cluster, both larger in larger clusters.
# The true slope is zero.
draw <- function(G) {
  sizes <- round(exp(seq(log(1), log(10), length.out = G)))
  d <- expand.grid(time = 1:6, unit = seq_len(sum(sizes)))
  d$cluster <- rep(seq_len(G), sizes)[d$unit]
  scale <- sqrt(sizes[d$cluster])
  shared <- function() matrix(stats::rnorm(6 * G), 6)[cbind(d$time, d$cluster)]
  d$x <- shared() * scale / 2 + stats::rnorm(nrow(d))
  d$y <- shared() * scale / 2 + stats::rnorm(nrow(d))
  d
}

reject <- function(G, R) {
  d <- draw(G)
  m <- fe_model(y ~ x | unit + time, d)
  p <- function(...) generics::tidy(m, ...)$p.value
  wild <- function(variant) {
    unname(wild_bootstrap(m, "x", cluster = ~cluster, variant = variant, R = R, conf.level = NULL)$p.value)
  }
  c(iid = p(vcov = "iid"), CR1 = p(vcov = ~cluster), CR2 = p(vcov = vcov_cr(~cluster)),
    CR3 = p(vcov = vcov_cr(~cluster, "CR3")), WCR11 = wild("WCR11"), WCR31 = wild("WCR31")) <= 0.05
}

set.seed(20261127)
replications <- 4000
rows <- lapply(c(6, 12, 30), function(G) {
  share <- rowMeans(replicate(replications, reject(G, 999)))
  data.frame(clusters = G, test = names(share), size = share, replications = replications)
})
file <- "inst/extdata/few-clusters.csv"
writeLines("# source: simulation by data-raw/few-clusters.R of flowresil, R 4.2.2, 2026-11-27, seed 20261127", file)
suppressWarnings(utils::write.table(do.call(rbind, rows), file, sep = ",", row.names = FALSE, append = TRUE))
