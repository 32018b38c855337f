# Called by tools/setup, which has made the library and put it first on R's search path.
# Needs base R only. Arguments: the library, "vignettes" or "".
#
# A package counts as there when it loads, not only when its files are there: one may be older or newer than what
# another was built with.

root <- Sys.getenv("FLOWRESIL_ROOT")
library_dir <- commandArgs(trailingOnly = TRUE)[[1L]]
wants_vignettes <- identical(commandArgs(trailingOnly = TRUE)[2L], "vignettes")
wants_extras <- identical(Sys.getenv("FLOWRESIL_EXTRAS"), "true")
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
optional <- optional[!duplicated(optional$package), ]
# What the tests' frame and the pages need; the rest of Suggests serves single tests, and nobody waits for it to be
# compiled who did not ask.
needed <- parse_field(field("Config/Needs/setup"))$package

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

# --- what loads -------------------------------------------------------------------------------------

# Why packages do not load, by name: tried in a process of its own, which goes on after one that kills it. What was
# found is kept until a package of any library changes.
why_not_loading <- local({
  known <- NULL
  memory <- file.path(library_dir, ".loads.rds")
  state <- function() {
    files <- file.path(list.dirs(.libPaths(), recursive = FALSE), "DESCRIPTION")
    files <- files[basename(dirname(files)) != description[1L, "Package"]]
    c(R.version.string, paste(files, file.mtime(files)))
  }
  try_loading <- function(packages) {
    script <- tempfile(fileext = ".R")
    log <- tempfile()
    writeLines(c(
      "arguments <- commandArgs(trailingOnly = TRUE)",
      "for (package in arguments[-1L]) {",
      "  cat(package, \"\\n\", sep = \"\", file = arguments[[1L]], append = TRUE)",
      "  told <- function(e) gsub(\"\\n\", \" \", conditionMessage(e))",
      "  why <- tryCatch({ loadNamespace(package); \"\" }, error = told)",
      "  cat(\" \", why, \"\\n\", sep = \"\", file = arguments[[1L]], append = TRUE)",
      "}"
    ), script)
    found <- character()
    while (length(packages)) {
      unlink(log)
      system2(file.path(R.home("bin"), "Rscript"), shQuote(c(script, log, packages)), stdout = FALSE, stderr = FALSE)
      lines <- if (file.exists(log)) readLines(log) else character()
      tried <- lines[!startsWith(lines, " ")]
      why <- trimws(lines[startsWith(lines, " ")])
      if (length(tried) == 0L) tried <- packages[1L]
      if (length(why) < length(tried)) why <- c(why, "R stopped while it was loaded")
      found[tried] <- why
      packages <- setdiff(packages, tried)
    }
    found
  }
  function(packages) {
    now <- state()
    if (is.null(known) && file.exists(memory)) known <<- readRDS(memory)
    if (!identical(known$state, now)) known <<- list(state = now, why = character())
    new <- setdiff(packages, names(known$why))
    if (length(new)) {
      known$why[new] <<- try_loading(new)
      saveRDS(known, memory)
    }
    known$why[packages]
  }
})

is_met <- function(requirements) {
  met <- function(i) {
    required <- requirements[i, ]
    package <- required$package
    version <- if (package == "R") as.character(getRversion()) else installed_version(package)
    satisfies(version, required$op, required$version)
  }
  vapply(seq_len(nrow(requirements)), met, logical(1L))
}
# Requirements that are met on paper by packages that do not load.
broken <- function(requirements) {
  requirements <- requirements[requirements$package != "R" & is_met(requirements), , drop = FALSE]
  why <- why_not_loading(requirements$package)
  why[nzchar(why)]
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

why <- broken(hard)
if (length(why)) {
  for (package in names(why)) complain(package, " is installed and does not load: ", why[[package]])
  die("flowresil cannot do without: ", listing(names(why)))
}

# What could not be had is not asked for again on the same day, so that the second run stays quick; what would have to
# be compiled, only when FLOWRESIL_EXTRAS=true comes.
missing <- unmet(optional)
memory <- file.path(library_dir, ".unavailable")
remembered <- function() {
  fresh <- file.exists(memory) && difftime(Sys.time(), file.mtime(memory), units = "hours") < 24
  if (fresh) readLines(memory) else character()
}
uncompiled <- function(requirements) paste("not compiled:", spell(requirements))
known <- remembered()
ask <- missing[!spell(missing) %in% known & (wants_extras | !uncompiled(missing) %in% known), , drop = FALSE]
if (nrow(ask)) {
  comes_built <- function(i) {
    required <- ask[i, ]
    required$package %in% needed || wants_extras || !identical(.Platform$pkgType, "source") ||
      distribution() && satisfies(candidate(required$package), required$op, required$version)
  }
  built <- vapply(seq_len(nrow(ask)), comes_built, NA)
  if (any(built)) for (problem in install_all(ask[built, , drop = FALSE])) complain(problem)
  missing <- unmet(optional)
  failed <- intersect(spell(missing), c(spell(ask[built, , drop = FALSE]), known))
  unlink(memory)
  if (nrow(missing)) writeLines(ifelse(spell(missing) %in% failed, spell(missing), uncompiled(missing)), memory)
}
failed <- intersect(spell(missing), remembered())
left_out <- setdiff(spell(missing), failed)
if (length(failed)) {
  complain("going on without (what needs them is skipped): ", listing(failed))
  complain("(tried again after a day, or when ", memory, " is gone)")
}
if (length(left_out)) {
  complain("not compiled, as only single tests need them (FLOWRESIL_EXTRAS=true does it): ", listing(left_out))
}
why <- broken(optional)
for (package in names(why)) {
  complain("going on without ", package, ", which is installed and does not load: ", why[[package]])
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

# Installed from a copy of the sources beside the library, so that the checkout stays clean. The copy keeps its objects:
# where nothing under src/ and no header from outside changed, nothing is compiled again.
install_package <- function() {
  say("building and installing ", package)
  unlink(stamp_file)
  copy <- file.path(library_dir, paste0(".", package, "-build"), package)
  linked <- vapply(parse_field(field("LinkingTo"))$package, installed_version, "", USE.NAMES = FALSE)
  objects_stamp <- c(R.version.string, R.home(), linked, grep(" src/", stamp, fixed = TRUE, value = TRUE))
  objects_stamp_file <- file.path(dirname(copy), "objects")
  keep <- file.exists(objects_stamp_file) && identical(readLines(objects_stamp_file), objects_stamp)
  old <- list.files(copy, all.files = TRUE, no.. = TRUE, full.names = TRUE)
  unlink(if (keep) old[basename(old) != "src"] else c(old, objects_stamp_file), recursive = TRUE)
  new <- if (keep) grep("^src/", sources, value = TRUE, invert = TRUE) else sources
  for (folder in unique(dirname(file.path(copy, new)))) dir.create(folder, recursive = TRUE, showWarnings = FALSE)
  invisible(file.copy(file.path(root, new), file.path(copy, new), copy.mode = TRUE, copy.date = TRUE))
  log <- tempfile("install-")
  status <- system2(
    file.path(R.home("bin"), "R"),
    c("CMD", "INSTALL", "--no-multiarch", paste0("--library=", shQuote(library_dir)), shQuote(copy)),
    stdout = log, stderr = log
  )
  if (status != 0L) {
    lines <- readLines(log, warn = FALSE)
    # Eigen's warnings would otherwise push the errors out of sight.
    errors <- utils::head(grep("\\b[Ee]rror\\b", lines), 10L)
    around <- sort(unique(c(errors, errors + 1L, errors + 2L, utils::tail(seq_along(lines), 10L))))
    complain(paste(lines[around[around <= length(lines)]], collapse = "\n"))
    die("R CMD INSTALL failed")
  }
  writeLines(objects_stamp, objects_stamp_file)
  writeLines(stamp, stamp_file)
  say(package, " ", description[1L, "Version"], " is in ", library_dir)
}

here <- c(file.path(library_dir, package, "DESCRIPTION"), stamp_file)
if (all(file.exists(here)) && identical(readLines(stamp_file), stamp)) {
  say(package, " and what it needs are in ", library_dir)
} else {
  install_package()
}

# --- its vignettes ----------------------------------------------------------------------------------

# They are knitted with the installed package, which R CMD build would compile once more for them, and kept beside it:
# again only when a page changes. A new installation of the same pages takes them from there.
pages <- list.files(file.path(root, "vignettes"), "[.]Rmd$", full.names = TRUE)
pages_stamp <- paste(tools::md5sum(pages), basename(pages))
pages_dir <- file.path(library_dir, paste0(".", package, "-vignettes"))
pages_stamp_file <- file.path(pages_dir, "stamp")
pages_are_made <- function() file.exists(pages_stamp_file) && identical(readLines(pages_stamp_file), pages_stamp)

make_pages <- function() {
  can_knit <- is_met(parse_field("knitr, rmarkdown"))
  if (!all(can_knit) || length(broken(parse_field("knitr, rmarkdown")))) {
    complain("the vignettes are not made: they need knitr and rmarkdown")
    return(invisible())
  }
  say("making the vignettes: ", listing(sub("[.]Rmd$", "", basename(pages))))
  unlink(pages_dir, recursive = TRUE)
  dir.create(pages_dir)
  # Each in a folder of its own: what two make at the same time, each would take for its own and delete.
  make_one <- function(page) {
    name <- sub("[.]Rmd$", "", basename(page))
    work <- tempfile("vignette-")
    dir.create(work)
    file.copy(page, work)
    script <- sprintf("setwd(%s); tools::buildVignette(%s)", deparse(work), deparse(basename(page)))
    log <- file.path(work, "log")
    system2(file.path(R.home("bin"), "Rscript"), c("-e", shQuote(script)), stdout = log, stderr = log)
    files <- file.path(work, paste0(name, c(".Rmd", ".html", ".R")))
    made <- file.exists(files[[2L]])
    if (made) {
      file.copy(files[file.exists(files)], pages_dir)
    } else {
      complain(name, " failed:\n", paste(utils::tail(readLines(log, warn = FALSE), 10L), collapse = "\n"))
    }
    made
  }
  cores <- if (.Platform$OS.type == "windows") 1L else 2L
  made <- unlist(parallel::mclapply(pages, make_one, mc.cores = cores, mc.preschedule = FALSE))
  if (all(made)) writeLines(pages_stamp, pages_stamp_file)
}

# What vignette() and browseVignettes() read.
add_pages <- function() {
  index_file <- file.path(library_dir, package, "Meta", "vignette.rds")
  have <- list.files(pages_dir, "[.]html$")
  if (!length(have)) return(invisible())
  made <- max(file.mtime(file.path(pages_dir, have)))
  if (file.exists(index_file) && file.mtime(index_file) > made) return(invisible())
  doc <- file.path(library_dir, package, "doc")
  dir.create(doc, showWarnings = FALSE)
  name <- sub("[.]html$", "", have)
  info <- lapply(file.path(pages_dir, paste0(name, ".Rmd")), tools::vignetteInfo)
  index <- data.frame(
    File = paste0(name, ".Rmd"), Title = vapply(info, `[[`, "", "title"), PDF = have,
    R = ifelse(file.exists(file.path(pages_dir, paste0(name, ".R"))), paste0(name, ".R"), "")
  )
  index$Depends <- lapply(info, `[[`, "depends")
  index$Keywords <- lapply(info, `[[`, "keywords")
  file.copy(list.files(pages_dir, "[.](Rmd|html|R)$", full.names = TRUE), doc, overwrite = TRUE)
  saveRDS(index[c("File", "Title", "PDF", "Depends", "Keywords", "R")], index_file)
}

if (length(pages)) {
  if (wants_vignettes && !pages_are_made()) make_pages()
  add_pages()
}
