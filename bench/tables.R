# Tables in databases against the same fit in memory: time and R's own peak, SQLite in a file, pieces.
# Rscript bench/tables.R [rows]
library(flowresil)
options(flowresil.quiet = TRUE)
rows <- as.numeric(c(commandArgs(TRUE), 1e6)[1L])
set.seed(1)
n_units <- rows / 10
d <- data.frame(unit = rep(seq_len(n_units), each = 10L), time = rep(1:10, n_units))
for (x in paste0("x", 1:5)) d[[x]] <- rnorm(rows)
d$y <- d$x1 + rnorm(n_units)[d$unit] + rnorm(rows)
d <- d[sample(rows), ]
file <- tempfile(fileext = ".sqlite")
con <- DBI::dbConnect(RSQLite::SQLite(), file)
DBI::dbWriteTable(con, "p", d)
f <- y ~ x1 + x2 + x3 + x4 + x5 | unit + time
memory <- system.time(m <- fe_model(f, d, vcov = ~unit))[["elapsed"]]
rm(d)
invisible(gc(reset = TRUE))
table <- system.time(t <- fe_model(f, panel_source(con, "p"), vcov = ~unit))[["elapsed"]]
peak <- sum(gc()[, 6L])
fetching <- system.time({
  result <- DBI::dbSendQuery(con, "SELECT * FROM p ORDER BY unit")
  while (nrow(DBI::dbFetch(result, 1e6))) NULL
  DBI::dbClearResult(result)
})[["elapsed"]]
cat(sprintf(paste0("%.0f rows: in memory %.2f s, table %.1f s of %d scans (%.2f of fetching them sorted, ",
                   "%.1f s each), peak %.0f MB, b differs by %.1e\n"),
            rows, memory, table, t$engine$scans, table / (t$engine$scans * fetching), fetching, peak,
            max(abs(coef(m) - coef(t)))))
DBI::dbDisconnect(con)
