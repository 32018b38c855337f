# Sessions in other locales: a child Rscript, since a locale is chosen when R starts.

# The environment variables under which `locale` ("zh_CN.GB18030") exists: none where the system has it, LOCPATH where
# it can be made in a folder of the session's; NULL where neither.
locale_settings <- local({
  known <- list()
  function(locale) {
    if (is.null(known[[locale]])) known[[locale]] <<- list(find_locale(locale))
    known[[locale]][[1]]
  }
})

find_locale <- function(locale) {
  if (locale_starts(locale, character())) return(character())
  if (!nzchar(Sys.which("localedef"))) return(NULL)
  folder <- file.path(tempdir(), "locales")
  dir.create(folder, showWarnings = FALSE)
  parts <- strsplit(locale, ".", fixed = TRUE)[[1]]
  suppressWarnings(system2(
    "localedef", c("-i", parts[1], "-f", parts[2], shQuote(file.path(folder, locale))), stdout = FALSE, stderr = FALSE
  ))
  settings <- paste0("LOCPATH=", folder)
  if (locale_starts(locale, settings)) settings
}

locale_starts <- function(locale, settings) {
  code <- "cat(Sys.getlocale('LC_CTYPE'))"
  out <- suppressWarnings(system2(
    file.path(R.home("bin"), "Rscript"), c("--vanilla", "-e", shQuote(code)), stdout = TRUE, stderr = FALSE,
    env = c(settings, paste0("LC_ALL=", locale))
  ))
  identical(out[length(out)], locale)
}

# The value of an expression evaluated in a session of `locale`, by a file in between; skips where it is not there.
# The expression is ASCII and sees the list `given`.
in_locale <- function(locale, code, given = list()) {
  settings <- locale_settings(locale)
  if (is.null(settings)) testthat::skip(paste("Locale", locale, "is not there and cannot be made"))
  files <- tempfile(c("given", "value", "script"))
  saveRDS(given, files[1])
  writeLines(c(
    sprintf(".libPaths(c(%s))", paste(deparse(.libPaths()), collapse = "")),
    "library(flowresil)",
    sprintf("given <- readRDS(%s)", deparse(files[1])),
    sprintf("value <- local({%s})", paste(deparse(substitute(code)), collapse = "\n")),
    sprintf("saveRDS(value, %s)", deparse(files[2]))
  ), files[3])
  out <- suppressWarnings(system2(
    file.path(R.home("bin"), "Rscript"), c("--vanilla", files[3]), stdout = TRUE, stderr = TRUE,
    env = c(settings, paste0("LC_ALL=", locale))
  ))
  if (!file.exists(files[2])) stop("The session in ", locale, " stopped: ", paste(out, collapse = "\n"))
  readRDS(files[2])
}
