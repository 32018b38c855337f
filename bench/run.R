# Runs every benchmark and writes bench/RESULTS.md: Rscript bench/run.R [ROWS ...]
# Needs fixest (and mFilter for one part), which are no dependencies of the package. The programs take turns,
# so that their ratio is of one run, whatever else the machine does.
rows <- commandArgs(TRUE)
if (length(rows) == 0L) rows <- c("450", "1e6", "1e7")
folder <- dirname(sub("^--file=", "", grep("^--file=", commandArgs(FALSE), value = TRUE)))
script <- function(file, ...) {
  out <- system2(file.path(R.home("bin"), "Rscript"), c(shQuote(file.path(folder, file)), ...), stdout = TRUE)
  strsplit(grep(",", out, value = TRUE), ",", fixed = TRUE)
}

model_rows <- list()
for (n in rows) {
  layouts <- if (n == "450") c("balanced", "unbalanced") else c("balanced", "unbalanced", "shuffled")
  for (layout in layouts) {
    rounds <- if (as.numeric(n) > 5e6) 2L else 3L
    times <- lapply(seq_len(rounds), function(round) {
      lapply(c("flowresil", "fixest"), function(program) {
        values <- script("fe_model.R", n, layout, program, if (as.numeric(n) > 5e6) "3" else "7")[[1L]]
        as.numeric(values[c(1, 4, 5, 6)])
      })
    })
    pick <- function(program, field) vapply(times, function(t) t[[program]][field], numeric(1))
    model_rows[[length(model_rows) + 1L]] <- sprintf(
      "| %s | %s | %.4g | %.4g | %.1f | %.0f | %.0f | %.2f | %.0f |",
      format(pick(1, 1)[1], big.mark = " ", scientific = FALSE), layout,
      1000 * median(pick(1, 2)), 1000 * median(pick(2, 2)),
      median(pick(2, 2) / pick(1, 2)), median(pick(1, 3)), median(pick(2, 3)), median(pick(1, 3) / pick(2, 3)),
      max(pick(1, 4))
    )
    cat(model_rows[[length(model_rows)]], "\n")
  }
}
blocks <- c(script("blocks.R"), script("variance.R"), script("mediation.R"), script("files.R"), script("load.R"))
block_rows <- vapply(blocks, function(b) {
  sprintf("| %s | %.4g | %.4g (%s) | %.3g |", b[1], 1000 * as.numeric(b[2]), 1000 * as.numeric(b[3]), b[4],
          as.numeric(b[2]) / as.numeric(b[3]))
}, character(1))
version <- function(package) {
  found <- requireNamespace(package, quietly = TRUE)
  paste(package, if (found) as.character(utils::packageVersion(package)) else "absent")
}
cpu <- tryCatch(
  sub(".*: ", "", grep("model name", readLines("/proc/cpuinfo"), value = TRUE)[1]), error = function(e) "unknown"
)
writeLines(c(
  "# Benchmarks", "",
  "Made by `Rscript bench/run.R`; medians, programs in turn, each in fresh processes. Ratios are what to read:",
  "absolute times belong to the machine of that day.", "",
  paste0("Date ", Sys.Date(), "; ", R.version.string, "; ", version("flowresil"), ", ", version("fixest"), ", ",
         version("mFilter"), "; ", parallel::detectCores(), " cores, ", cpu, "."), "",
  "## fe_model(), five regressors, two effects, clustered by unit, end to end", "",
  "Memory is the peak of the process above what it held before the first call; the last column is the peak of the",
  "flowresil process with its data.", "",
  "| rows | layout | flowresil ms | fixest ms | times faster | flowresil MB | fixest MB | memory ratio | peak MB |",
  "|---|---|---|---|---|---|---|---|---|", unlist(model_rows), "",
  "## Blocks", "", "| what | ms | measure, ms | ours / measure |", "|---|---|---|---|", block_rows
), file.path(folder, "RESULTS.md"))
