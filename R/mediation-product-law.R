# The distribution of the product of two correlated normal variables (Meeker and Escobar 1994), by quadrature.

# list(cdf(q), quantile(p), sd) of A B, A of mean a and deviation sa, B of b and sb, correlation r. One of them is
# conditioned on the other; the integral is cut where the integrand turns.
product_law <- function(a, b, sa, sb, r) {
  if (sa == 0 && sb == 0) return(law_of_normal(a * b, 0))
  if (sa == 0) return(law_of_normal(a * b, abs(a) * sb))
  if (sb == 0) return(law_of_normal(a * b, abs(b) * sa))
  r <- max(-1, min(1, r))
  cdf <- function(q) product_cdf(q, a / sa, b / sb, r, sa * sb)
  sd <- sqrt(a^2 * sb^2 + b^2 * sa^2 + 2 * a * b * r * sa * sb + sa^2 * sb^2 * (1 + r^2))
  mean <- a * b + r * sa * sb
  list(cdf = cdf, sd = sd, quantile = function(p) product_quantile(p, cdf, mean, sd))
}

law_of_normal <- function(mean, sd) {
  list(cdf = function(q) if (sd > 0) stats::pnorm(q, mean, sd) else as.double(q >= mean), sd = sd,
       quantile = function(p) stats::qnorm(p, mean, sd))
}

# P(A B <= q): with A = sa (u + z), z standard normal, B sb^-1 has mean v + r z and deviation sqrt(1 - r^2).
product_cdf <- function(q, u, v, r, scale) {
  q <- q / scale
  rest <- sqrt((1 - r) * (1 + r))
  turns <- -u
  roots <- quadratic_roots(r, v + r * u, u * v - q) # where the condition's mean is the bound's
  if (rest < 1e-8) return(cdf_on_line(q, u, v, r, roots))
  inside <- function(z) {
    first <- u + z
    bound <- (q / first - v - r * z) / rest
    bound[first == 0] <- sign(q) * Inf
    share <- ifelse(first >= 0, stats::pnorm(bound), stats::pnorm(-bound))
    share[is.nan(bound)] <- 0.5
    stats::dnorm(z) * share
  }
  width <- 9.5
  marks <- c(turns, roots)
  marks <- unlist(lapply(marks, function(at) at + c(-20, -4, -1, 0, 1, 4, 20) * max(rest, 1e-4) * 0.25))
  marks <- sort(unique(c(-width, width, seq(-8, 8, 2), marks[abs(marks) < width])))
  sum(vapply(seq_along(marks)[-1L], function(i) {
    stats::integrate(inside, marks[i - 1L], marks[i], rel.tol = 1e-11, abs.tol = 1e-14, subdivisions = 200L,
                     stop.on.error = FALSE)$value
  }, 1))
}

# B is a line of A: the product lies below q between the roots of a quadratic, or outside.
cdf_on_line <- function(q, u, v, r, roots) {
  value <- function(z) (u + z) * (v + r * z) - q
  ends <- c(-Inf, roots, Inf)
  middle <- if (length(roots) == 0L) 0 else c(roots[1L] - 1, (roots[-1L] + roots[-length(roots)]) / 2,
                                              roots[length(roots)] + 1)
  below <- vapply(middle, value, 1) <= 0
  sum(diff(stats::pnorm(ends))[below])
}

# Real roots of a z^2 + b z + c, increasing.
quadratic_roots <- function(a, b, c) {
  if (abs(a) < 1e-14) return(if (abs(b) > 0) -c / b else numeric())
  under <- b^2 - 4 * a * c
  if (under < 0) return(numeric())
  far <- -(b + (if (b < 0) -1 else 1) * sqrt(under)) / 2
  sort(unique(c(far / a, if (far != 0) c / far else 0)))
}

product_quantile <- function(p, cdf, mean, sd) {
  low <- mean - 4 * sd
  high <- mean + 4 * sd
  while (cdf(low) > p) low <- mean - 2 * (mean - low)
  while (cdf(high) < p) high <- mean + 2 * (high - mean)
  stats::uniroot(function(q) cdf(q) - p, c(low, high), tol = 1e-13 * sd, maxiter = 500L)$root
}
