# The replication page: cells of a file of the reader's that complete the panel.

paper_controls <- c("edu", "open", "gov", "health", "tec")
derived_variables <- c("ExpRes", paper_controls, "ISU", "TED")
panel_keys <- c("province", "year", "adcode", "region", "location", "ftz_year")

# Series that a file may complete: those of the panel and the indicators of Table 1 that it lacks.
series_to_complete <- function(panel) {
  union(setdiff(names(panel), c(panel_keys, derived_variables)), flow_indicators$indicator)
}

# The file - of any shape that read_panel() knows - as a data frame province, year, variable, value, or an error that
# says in plain words what is wrong.
read_own_cells <- function(path, panel) {
  complain <- function(...) stop(basename(path), ": ", ..., call. = FALSE)
  listing <- function(x) paste(utils::head(unique(x), 5L), collapse = ", ")
  if (!file.exists(path)) stop("There is no file ", path, ".", call. = FALSE)
  read <- read_panel(path, standardise = "name_en", quiet = TRUE)
  roles <- attr(read, "panel")
  if (inherits(read[[roles$time]], "Date")) complain("its periods must be years.")
  variables <- setdiff(names(read), c(roles$unit, roles$time))
  reading <- attr(read, "reading")
  text <- reading[reading$column %in% series_to_complete(panel) & grepl("left out", reading$why, fixed = TRUE), ]
  if (nrow(text)) complain("`", text$column[1L], "` must hold numbers; found: ", text$found[1L], ".")
  # One series named in a column beside its values
  only <- reading$found[reading$column %in% "variable" & startsWith(reading$why, "not a column of numbers")]
  if (identical(variables, "value") && length(only)) names(read)[names(read) == "value"] <- variables <- only[1L]
  cells <- do.call(rbind, lapply(variables, function(variable) {
    data.frame(province = read[[roles$unit]], year = read[[roles$time]], variable = variable, value = read[[variable]])
  }))
  cells <- cells[!is.na(cells$value), ]
  rownames(cells) <- NULL
  strange <- setdiff(cells$province, panel$province)
  if (length(strange)) {
    complain("provinces are those of the panel, for example ", listing(provinces$province), "; not there: ",
             listing(strange), ".")
  }
  strange <- setdiff(cells$year, panel$year)
  if (length(strange)) {
    complain("years are ", min(panel$year), " to ", max(panel$year), "; found: ", listing(strange), ".")
  }
  strange <- intersect(cells$variable, derived_variables)
  if (length(strange)) {
    complain("ratios are computed from their parts, so please give the parts; found: ", listing(strange), ".")
  }
  strange <- setdiff(cells$variable, series_to_complete(panel))
  if (length(strange)) {
    complain("variables are ", paste(series_to_complete(panel), collapse = ", "), "; unknown: ",
             listing(strange), ".")
  }
  negative <- cells[cells$value < 0, ]
  if (nrow(negative)) {
    complain("no series may be negative; it is for ",
             listing(paste(negative$variable, negative$province, negative$year)), ".")
  }
  cells
}

# The panel with those cells in place and its ratios computed again. An exchange rate counts for all provinces.
add_own_cells <- function(panel, cells) {
  for (variable in unique(cells$variable)) {
    own <- cells[cells$variable == variable, ]
    if (is.null(panel[[variable]])) panel[[variable]] <- NA_real_
    if (variable == "usd_cny") {
      at <- match(panel$year, own$year)
    } else {
      at <- match(paste(panel$province, panel$year), paste(own$province, own$year))
    }
    panel[[variable]] <- ifelse(is.na(at), panel[[variable]], own$value[at])
  }
  derive_variables(panel)
}

# What the cells did: by variable their number, provinces, years, and how many stand in the place of a figure.
describe_own_cells <- function(cells, before) {
  rows <- lapply(unique(cells$variable), function(variable) {
    own <- cells[cells$variable == variable, ]
    at <- match(paste(own$province, own$year), paste(before$province, before$year))
    old <- if (is.null(before[[variable]])) rep(NA_real_, nrow(own)) else before[[variable]][at]
    data.frame(
      Series = variable, Cells = nrow(own), Provinces = length(unique(own$province)),
      Years = paste(unique(range(own$year)), collapse = "-"),
      `Replace a shipped figure` = sum(!is.na(old)), check.names = FALSE
    )
  })
  do.call(rbind, rows)
}
