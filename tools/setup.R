# Called by tools/setup, which has made the library and put it first on R's search path.
# Needs base R only. Arguments: the library.

root <- Sys.getenv("FLOWRESIL_ROOT")
library_dir <- commandArgs(trailingOnly = TRUE)[[1L]]
options(timeout = max(600, getOption("timeout")))

say <- function(...) cat("setup: ", ..., "\n", sep = "")
complain <- function(...) cat("setup: ", ..., "\n", sep = "", file = stderr())
die <- function(...) {
  complain(...)
  quit(save = "no", status = 1L)
}
listing <- function(x) paste(x, collapse = ", ")

# --- what is required -------------------------------------------------------------------------------

# A dependency field as a table: package, op, version (the last two NA without a requirement).
parse_field <- function(text) {
  items <- trimws(strsplit(paste(text, collapse = ","), ",", fixed = TRUE)[[1L]])
  items <- items[nzchar(items) & !is.na(items) & items != "NA"]
  items <- gsub("[[:space:]]", "", items)
  pattern <- "^([[:alnum:].]+)(\\(([<>=!]+)([^)]+)\\))?$"
  part <- function(i) sub(pattern, paste0("\\", i), items)
  out <- data.frame(package = part(1L), op = part(3L), version = part(4L), stringsAsFactors = FALSE)
  out$op[!nzchar(out$op)] <- NA
  out$version[!nzchar(out$version)] <- NA
  out
}

description <- read.dcf(file.path(root, "DESCRIPTION"))
field <- function(name) if (name %in% colnames(description)) description[1L, name] else character()
hard <- parse_field(c(field("Depends"), field("Imports"), field("LinkingTo")))
optional <- parse_field(c(field("Suggests"), field("VignetteBuilder")))

satisfies <- function(version, op, wanted) {
  if (is.na(version)) return(FALSE)
  if (is.na(op)) return(TRUE)
  version <- tryCatch(numeric_version(version), error = function(e) NULL)
  !is.null(version) && isTRUE(do.call(op, list(version, numeric_version(wanted))))
}

# The version that library() would load, NA if none. What lies in our own library but was built under another
# R (4.1 against 4.2) does not count.
installed_version <- function(package) {
  for (lib in .libPaths()) {
    file <- file.path(lib, package, "DESCRIPTION")
    if (!file.exists(file)) next
    found <- read.dcf(file, c("Version", "Built"))[1L, ]
    built <- sub("^R ([0-9]+[.][0-9]+).*", "\\1", found[["Built"]])
    ours <- normalizePath(lib) == normalizePath(library_dir)
    if (ours && !identical(built, sub("[.][0-9]+$", "", as.character(getRversion())))) next
    return(found[["Version"]])
  }
  NA_character_
}

is_met <- function(requirements) {
  met <- function(i) {
    required <- requirements[i, ]
    package <- required$package
    version <- if (package == "R") as.character(getRversion()) else installed_version(package)
    satisfies(version, required$op, required$version)
  }
  vapply(seq_len(nrow(requirements)), met, logical(1L))
}
unmet <- function(requirements) requirements[!is_met(requirements), , drop = FALSE]
spell <- function(requirements) {
  needs <- ifelse(is.na(requirements$op), "", paste0(" (", requirements$op, " ", requirements$version, ")"))
  paste0(requirements$package, needs)
}

# --- where it can come from -------------------------------------------------------------------------

bash <- function(script, arguments = character(), ...) {
  script <- paste(". \"$0\"; command_name=setup;", script)
  common <- file.path(root, "tools", "common.sh")
  system2("bash", c("-c", shQuote(script), shQuote(c(common, arguments))), ...)
}

# r-cran-* packages serve the distribution's own R only.
distribution <- local({
  answer <- NULL
  function() {
    if (is.null(answer)) {
      ours <- file.path(R.home("bin"), "R")
      answer <<- bash("apt_usable && dpkg-query -S \"$1\" >/dev/null 2>&1", ours) == 0L
      if (answer) bash("apt_has_lists || apt_update")
    }
    answer
  }
})

# The version that apt would install, as R writes it ("2.6-2+dfsg-1" is 2.6-2); NA if none.
candidate <- local({
  known <- character()
  function(package) {
    if (!package %in% names(known)) {
      lines <- suppressWarnings(system2("apt-cache", c("policy", paste0("r-cran-", tolower(package))),
                                        stdout = TRUE, stderr = FALSE))
      version <- sub("^ *Candidate: *", "", grep("^ *Candidate:", lines, value = TRUE))
      version <- sub("-[^-]*$", "", sub("^[0-9]+:", "", version))
      version <- sub("[+~](dfsg|ds|really|repack|git).*$", "", version)
      known[[package]] <<- if (length(version) == 1L && grepl("^[0-9]", version)) version else NA_character_
    }
    known[[package]]
  }
})

cran <- local({
  packages <- NULL
  function() {
    if (is.null(packages)) {
      repos <- getOption("repos")
      if (is.null(repos) || !length(repos) || anyNA(repos) || any(repos %in% c("@CRAN@", ""))) {
        utils::chooseCRANmirror(ind = 1L, local.only = TRUE)
      }
      say("reading the list of CRAN packages")
      packages <<- suppressWarnings(tryCatch(utils::available.packages(), error = function(e) NULL))
      if (is.null(packages)) packages <<- matrix(character(), 0L, 5L)
      if (!nrow(packages)) say("CRAN cannot be reached")
    }
    packages
  }
})

# What one requirement takes: names for apt, names for CRAN, or the problem.
plan <- function(required, seen = character()) {
  none <- list(apt = character(), cran = character(), problem = character())
  package <- required$package
  if (package %in% seen || is_met(required)) return(none)
  if (package == "R") {
    return(replace(none, "problem", paste0("needs ", spell(required), ", and this is R ", getRversion())))
  }
  if (distribution() && satisfies(candidate(package), required$op, required$version)) {
    # A copy in an earlier library would hide apt's: then only our own library, which is first, helps.
    if (is.na(installed_version(package))) return(replace(none, "apt", package))
  }
  packages <- cran()
  offered <- if (package %in% rownames(packages)) packages[package, "Version"] else NA_character_
  if (!satisfies(offered, required$op, required$version)) {
    problem <- sprintf("%s can be had neither from the distribution nor from CRAN for R %s",
                       spell(required), getRversion())
    return(replace(none, "problem", problem))
  }
  none$cran <- package
  needs <- parse_field(stats::na.omit(packages[package, c("Depends", "Imports", "LinkingTo")]))
  for (i in seq_len(nrow(needs))) {
    below <- plan(needs[i, ], c(seen, package, none$cran))
    none <- Map(function(a, b) unique(c(a, b)), none, below)
  }
  none
}

install_from_cran <- function(packages) {
  if (!length(packages)) return(invisible())
  say("building from CRAN, which can take minutes: ", listing(packages))
  logs <- tempfile("logs-")
  dir.create(logs)
  home <- setwd(logs)
  on.exit(setwd(home))
  suppressWarnings(utils::install.packages(packages, lib = library_dir, dependencies = FALSE, Ncpus = 2L,
                                           quiet = TRUE, keep_outputs = TRUE))
  for (package in packages) {
    log <- file.path(logs, paste0(package, ".out"))
    if (is.na(installed_version(package)) && file.exists(log)) {
      complain(package, " failed:\n", paste(utils::tail(readLines(log, warn = FALSE), 15L), collapse = "\n"))
    }
  }
}

install_all <- function(requirements) {
  plans <- lapply(seq_len(nrow(requirements)), function(i) plan(requirements[i, ]))
  problems <- unlist(lapply(plans, `[[`, "problem"))
  plans <- Filter(function(p) !length(p$problem), plans)
  pick <- function(what) unique(unlist(lapply(plans, `[[`, what)))
  apt <- pick("apt")
  if (length(apt)) bash("apt_install \"$@\"", paste0("r-cran-", tolower(apt)))
  install_from_cran(pick("cran"))
  unique(problems)
}

# --- the packages -----------------------------------------------------------------------------------

missing <- unmet(hard)
if (nrow(missing)) {
  problems <- install_all(missing)
  missing <- unmet(hard)
  if (nrow(missing)) {
    for (problem in problems) complain(problem)
    die("flowresil cannot do without: ", listing(spell(missing)))
  }
}

# What could not be had is not asked for again on the same day, so that the second run stays quick.
missing <- unmet(optional)
memory <- file.path(library_dir, ".unavailable")
unavailable <- function() {
  fresh <- file.exists(memory) && difftime(Sys.time(), file.mtime(memory), units = "hours") < 24
  if (fresh) readLines(memory) else character()
}
ask <- missing[!spell(missing) %in% unavailable(), , drop = FALSE]
if (nrow(ask)) {
  for (problem in install_all(ask)) complain(problem)
  missing <- unmet(optional)
  unlink(memory)
  if (nrow(missing)) writeLines(spell(missing), memory)
}
if (nrow(missing)) {
  complain("going on without (what needs them is skipped): ", listing(spell(missing)))
  complain("(tried again after a day, or when ", memory, " is gone)")
}

# --- flowresil itself -------------------------------------------------------------------------------

package <- description[1L, "Package"]
parts <- c("DESCRIPTION", "NAMESPACE", "LICENSE", "NEWS.md", ".Rbuildignore", "configure", "cleanup",
           "R", "src", "data", "inst", "man")
parts <- parts[file.exists(file.path(root, parts))]
sources <- local({
  inside <- list.files(file.path(root, parts), recursive = TRUE, all.files = TRUE, full.names = TRUE)
  alone <- file.path(root, parts)[!dir.exists(file.path(root, parts))]
  files <- substring(c(alone, inside), nchar(root) + 2L)
  made <- "[.](o|so|dll|gcda|gcno|swp)$|~$|^src/symbols[.]rds$"
  sort(grep(made, files, value = TRUE, invert = TRUE), method = "radix")
})
stamp <- c(R.version.string, paste(tools::md5sum(file.path(root, sources)), sources))
stamp_file <- file.path(library_dir, paste0(".", package, "-sources"))
here <- c(file.path(library_dir, package, "DESCRIPTION"), stamp_file)
if (all(file.exists(here)) && identical(readLines(stamp_file), stamp)) {
  say(package, " and what it needs are in ", library_dir)
  quit(save = "no")
}

# Built from a copy of the sources: R CMD build would first copy the whole checkout, its library included.
say("building and installing ", package)
unlink(stamp_file)
work <- tempfile("build-")
copy <- file.path(work, package)
folders <- unique(dirname(file.path(copy, sources)))
for (folder in folders) dir.create(folder, recursive = TRUE, showWarnings = FALSE)
invisible(file.copy(file.path(root, sources), file.path(copy, sources), copy.mode = TRUE, copy.date = TRUE))
setwd(work)
run <- function(...) {
  log <- file.path(work, "log")
  status <- system2(file.path(R.home("bin"), "R"), c("CMD", ...), stdout = log, stderr = log)
  if (status != 0L) {
    lines <- readLines(log, warn = FALSE)
    # Eigen's warnings would otherwise push the errors out of sight.
    errors <- utils::head(grep("\\b[Ee]rror\\b", lines), 10L)
    around <- sort(unique(c(errors, errors + 1L, errors + 2L, utils::tail(seq_along(lines), 10L))))
    complain(paste(lines[around[around <= length(lines)]], collapse = "\n"))
    die("R CMD ", paste(..1), " failed")
  }
}
run("build", "--no-build-vignettes", "--no-manual", shQuote(package))
tarball <- list.files(work, "[.]tar[.]gz$")
run("INSTALL", "--no-multiarch", paste0("--library=", shQuote(library_dir)), shQuote(tarball))
writeLines(stamp, stamp_file)
say(package, " ", description[1L, "Version"], " is in ", library_dir)
