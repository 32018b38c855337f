# The replication page: checks of what the paper prints.

# Every printed coefficient with its t value, degrees of freedom, p value and the stars that they call for.
check_stars <- function() {
  printed <- paper_tables[paper_tables$table > 1L, ]
  key <- paste(printed$table, printed$column, sep = ".")
  periods <- ifelse(key == "3.2", 14, ifelse(key == "3.3", 13, 15))
  units <- printed$n / periods
  slopes <- ifelse(key == "2.1", 1, 6)
  residual <- printed$n - (units + periods - 1 + slopes)
  t <- printed$value / printed$std_error
  df <- ifelse(is_clustered_column(key), units - 1, residual)
  p_of <- function(df, at = t) 2 * pt(-abs(at), df)
  # The t values that the printed digits leave possible
  half <- .5 * 10^-printed$digits
  half_error <- .5 * 10^-printed$digits_se
  least <- (abs(printed$value) - half) / (printed$std_error + half_error)
  most <- (abs(printed$value) + half) / (printed$std_error - half_error)
  data.frame(
    key = key, printed[c("row", "value", "std_error", "digits", "stars")], t = t, units = units, periods = periods,
    residual = residual, df = df, p = p_of(df), expected = stars_for(p_of(df)),
    certain = stars_for(p_of(df, least)) == stars_for(p_of(df, most)),
    expected_residual = stars_for(p_of(residual)), expected_clusters = stars_for(p_of(units - 1)),
    row.names = NULL
  )
}

# The coefficient of the index in one sample less that in another which shares no province with it.
difference_of <- function(first, second) {
  difference <- first$estimate - second$estimate
  z <- difference / sqrt(first$std.error^2 + second$std.error^2)
  list(difference = difference, z = z, p = 2 * pnorm(-abs(z)))
}

# The widely copied mistake: entropies of a panel of N x T rows divided by ln(T). They exceed 1, every divergence
# is negative, and the quotient of two negative numbers makes weights that look right and rank backwards.
weights_by_periods <- function(normalised, n_periods) {
  entropy <- apply(normalised, 2L, function(y) {
    share <- y / sum(y)
    -sum(ifelse(share > 0, share * log(share), 0)) / log(n_periods)
  })
  list(entropy = entropy, divergence = 1 - entropy, weight = (1 - entropy) / sum(1 - entropy))
}
