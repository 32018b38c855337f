# Times one program on one panel in a fresh process: Rscript bench/fe_model.R ROWS LAYOUT PROGRAM REPEATS
# LAYOUT is balanced, unbalanced or shuffled; PROGRAM is flowresil or fixest. Prints one line of CSV:
# rows, layout, program, median seconds, peak MB above what the process held before the first call, peak MB.
arguments <- commandArgs(TRUE)
wanted_rows <- as.numeric(arguments[[1]])
layout <- arguments[[2]]
program <- arguments[[3]]
repeats <- as.integer(arguments[[4]])

# Panel of 15 periods (balanced), or of 30 of which half are seen (unbalanced), sorted by unit unless shuffled.
make_panel <- function(wanted_rows, layout) {
  set.seed(1)
  n_units <- wanted_rows %/% 15
  n_periods <- if (layout == "unbalanced") 30L else 15L
  unit <- rep(seq_len(n_units), each = n_periods)
  time <- rep(seq_len(n_periods), n_units)
  if (layout == "unbalanced") {
    seen <- runif(length(unit)) < 0.5
    unit <- unit[seen]
    time <- time[seen]
  }
  panel <- data.frame(unit = unit, time = time)
  for (x in paste0("x", 1:5)) panel[[x]] <- rnorm(nrow(panel))
  panel$y <- panel$x1 + 0.2 * panel$x2 + rnorm(nrow(panel))
  if (layout == "shuffled") {
    panel <- panel[sample(nrow(panel)), ]
    rownames(panel) <- NULL
  }
  panel
}

# Megabytes by /proc (Linux); NA elsewhere.
memory <- function(field) {
  status <- tryCatch(readLines("/proc/self/status"), error = function(e) character())
  line <- grep(paste0("^", field, ":"), status, value = TRUE)
  if (length(line)) as.numeric(gsub("[^0-9]", "", line)) / 1024 else NA_real_
}

model <- y ~ x1 + x2 + x3 + x4 + x5 | unit + time
panel <- make_panel(wanted_rows, layout)
if (program == "flowresil") {
  library(flowresil)
  fit <- function() fe_model(model, panel, vcov = ~unit)
} else {
  suppressPackageStartupMessages(library(fixest))
  setFixest_notes(FALSE)
  fit <- function() feols(model, panel, vcov = ~unit)
}
invisible(gc())
before <- memory("VmRSS")
try(writeLines("5", "/proc/self/clear_refs"), silent = TRUE) # resets the peak where the kernel allows it
seconds <- numeric(repeats)
calls <- max(1, 4500 %/% nrow(panel)) # short calls are timed several at a time
for (i in seq_len(repeats)) seconds[i] <- system.time(for (j in seq_len(calls)) fit())[["elapsed"]] / calls
cat(nrow(panel), layout, program, median(seconds), memory("VmHWM") - before, memory("VmHWM"), sep = ",")
cat("\n")
