# Seconds that library(flowresil) takes more than loading its Imports, medians of fresh processes.
start <- function(code, repeats = 9) {
  arguments <- c("--vanilla", "-e", shQuote(code))
  library_paths <- paste(.libPaths(), collapse = .Platform$path.sep)
  median(vapply(seq_len(repeats), function(i) {
    system.time(system2(file.path(R.home("bin"), "Rscript"), arguments, stdout = FALSE, stderr = FALSE,
                        env = paste0("R_LIBS=", library_paths)))[["elapsed"]]
  }, numeric(1)))
}
imports <- start("for (p in c('Rcpp', 'rlang', 'cli', 'generics')) loadNamespace(p)")
ours <- start("library(flowresil)")
cat("library(flowresil)", ours, imports, "loading its Imports", sep = ",", fill = TRUE)
