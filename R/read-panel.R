# read_panel(): files -> sheets -> tables -> pieces (one indicator of one sheet) -> one panel.

#' Read a panel from files as they were downloaded
#'
#' Yearbook tables, downloads of statistical offices and panels in csv, Excel or Stata files, several at once, joined
#' on unit and time. Nothing is lost, filled or changed in silence: what was taken off, left out or taken for missing
#' stands in the attribute `reading`, and a cell that is no number stops.
#'
#' @param path One or more files, or a folder: csv, tsv, txt, xls, xlsx, dta.
#' @param unit,time A head of the file chooses that column (needed where every column is a number); any other text
#'   names the result's column. By default the names that the first file has, else `unit` and `year` (`date` where
#'   periods are finer).
#' @param values Names of the indicators: one for each in the order of files, sheets and columns; or one for each
#'   file's part, where a name given twice stacks the parts; or named, `c(gdp = "Gross product")`, which renames some.
#' @param standardise One of the `to` of [standardise_units()]: units are standardised before files are joined.
#' @param shape `"long"` (a column of units, one of periods, a column an indicator), `"wide"` (units down, periods
#'   across), `"transposed"` (periods down, units across), or `"auto"` (default): found.
#' @param sheet Names or numbers of the sheets to read, by default all that hold a panel.
#' @param encoding Encoding of text files, by default found: UTF-8, UTF-16, GB18030 or latin1.
#' @param na Further marks of a missing value.
#' @param drop Further units to leave out; `FALSE` keeps all, totals too.
#' @param quiet Say nothing?
#'
#' @section Around the table:
#' Lines before the head (title, unit of measure), up to three lines of heads, merged heads, notes at the foot, blank
#' rows and columns and a head repeated in the body are found. A blank unit takes the one above. Heads that join a word
#' and a year (`gdp2009`) are indicators by year; below a first column headed Indicator, Series or their Chinese word
#' they are units by year. A table without periods is that of the one year in its sheet's name or title. Units that are
#' totals (`Total`, `World` and the Chinese words for total and the whole country) are left out.
#' @section Cells:
#' Thousands separators, percent signs (divided by 100), digits of full width, footnote marks, Eurostat's flags and
#' marks of a missing value (blank, `-`, dashes, `..`, `...`, `:`, `NA`, `N/A`, `#N/A`) are understood; a decimal comma
#' where the whole file speaks for it. A column without any number is text, and left out.
#' @section Names of indicators: `values`; else the head or the column of indicators; a line `Indicator:` before the
#'   head; the sheet's name where several sheets hold a panel; the file's name.
#' @section Errors: `flowresil_error_file` (absent, empty, no table, another ending, too large),
#'   `flowresil_error_sheet`, `flowresil_error_encoding`, `flowresil_error_shape`, `flowresil_error_cell` (names file,
#'   sheet, row, column and cell), `flowresil_error_time`, `flowresil_error_unit`, `flowresil_error_duplicate_rows`,
#'   `flowresil_error_ambiguous_column`, `flowresil_error_missing_column`. Message: `flowresil_message_reading`.
#' @return A data frame, one row a unit and period, in the order in which units appear, then by time: the unit (text),
#'   the time (a whole number, or the date on which the quarter or month begins) and a numeric column an indicator.
#'   Attribute `panel` names unit and time; attribute `reading` is a data frame (file, sheet, row, column, found,
#'   became, why), one row a cell that was changed or a row or column left out, with a [summary()] by reason. Labels
#'   stand in attributes `label`.
#' @seealso [standardise_units()], [interpolate_panel()], [data_flow_index()].
#' @export
#' @examples
#' file <- file.path(tempdir(), "gdp.csv")
#' lines <- c("Title: gross product", "region,2020,2021", "North,\"1,200\",1300", "South,..,900", "Source: yearbook")
#' writeLines(lines, file)
#' panel <- read_panel(file)
#' panel
#' summary(attr(panel, "reading"))
read_panel <- function(path, unit = NULL, time = NULL, values = NULL, standardise = NULL,
                       shape = c("auto", "long", "wide", "transposed"), sheet = NULL, encoding = NULL, na = NULL,
                       drop = NULL, quiet = getOption("flowresil.quiet", FALSE)) {
  call <- rlang::current_env()
  shape <- check_choice(shape, c("auto", "long", "wide", "transposed"), "shape", call)
  asked <- list(unit = check_word(unit, "unit", call), time = check_word(time, "time", call), shape = shape)
  if (!is.null(standardise)) standardise <- check_choice(standardise, names(unit_names()), "standardise", call)
  files <- find_files(path, call)
  told <- data.frame()
  pieces <- list()
  for (file in files$paths) {
    sheets <- readers()[[path_ending(file)]](file, sheet, encoding, call)
    if (length(sheets) == 0L) next
    found <- read_sheets(sheets, asked, na, drop, call)
    pieces <- c(pieces, found$pieces)
    told <- rbind(told, found$told)
  }
  if (length(files$passed)) {
    told <- rbind(told, reading_rows(files$passed, NA_character_, NA_integer_, "", "", "",
                                     "passed over: not a file that is read"))
  }
  if (length(pieces) == 0L) {
    abort_input("file", "A file must hold a table with units and periods.",
                found = paste0("None was found in ", enumerate(basename(files$paths), "`"), "."), arg = "path",
                  call = call)
  }
  pieces <- name_pieces(pieces, values, call)
  if (!is.null(standardise)) pieces <- lapply(pieces, standardise_piece, to = standardise, call = call)
  panel <- join_pieces(pieces, asked, call)
  told <- rbind(told, panel$told)
  if (!isTRUE(quiet)) say_reading(panel, told, files, pieces)
  rownames(told) <- NULL
  structure(panel$data, panel = list(unit = panel$unit, time = panel$time),
            reading = structure(told, class = c("flow_reading", "data.frame")))
}

check_word <- function(x, arg, call) {
  if (is.null(x)) return(NULL)
  if (!is.character(x) || length(x) != 1L || is.na(x)) {
    abort_input("missing_column",
                paste0("`", arg, "` must be one string: a head of the file, or a name for the column."),
                found = describe_value(x), arg = arg, call = call)
  }
  clean_text(enc2utf8(x))
}

# The pieces of a file's sheets, their cells read as numbers, and what is told of them.
read_sheets <- function(sheets, asked, na, drop, call) {
  told <- reading_rows(sheets[[1L]]$file, NA_character_, NA_integer_, "", sheets[[1L]]$encoding, "", "encoding")
  if (!is.null(sheets[[1L]]$data)) {
    found <- stata_pieces(sheets[[1L]], asked, call)
    return(list(pieces = lapply(found$pieces, without_totals, drop = drop), told = rbind(told, found$dropped)))
  }
  tables <- Filter(Negate(is.null), lapply(sheets, find_table, na = na, call = call))
  pieces <- list()
  for (table in tables) {
    table$n_sheets <- length(tables)
    table <- split_packed_keys(table)
    found <- read_shape(table, asked, call)
    told <- rbind(told, table$dropped, found$dropped)
    for (piece in found$pieces) {
      numbers <- piece_numbers(piece, table, call)
      told <- rbind(told, numbers$told)
      if (is.null(numbers$piece)) next
      kept <- without_totals(numbers$piece, drop)
      told <- rbind(told, kept$told)
      pieces <- c(pieces, list(kept))
    }
  }
  list(pieces = pieces, told = told[!duplicated(told), ])
}

# Eurostat's keys, "unit,geo\\time": the columns that they hold, the last the unit.
split_packed_keys <- function(table) {
  head <- table$heads[1L]
  if (is.na(head) || !grepl("^[^\\\\]+\\\\.+$", head)) return(table)
  names <- strsplit(sub("\\\\.*$", "", head), ",", fixed = TRUE)[[1L]]
  parts <- strsplit(table$body[, 1L], ",", fixed = TRUE)
  if (!all(lengths(parts) == length(names))) return(table)
  parts <- do.call(rbind, parts)
  # the unit first, so that it is found as the first column of text
  order <- c(length(names), seq_len(length(names) - 1L))
  n <- length(names)
  widen <- function(m, value) cbind(matrix(value, nrow(m), n), m[, -1L, drop = FALSE])
  table$heads <- c(names[order], table$heads[-1L])
  table$body <- cbind(parts[, order, drop = FALSE], table$body[, -1L, drop = FALSE])
  table$number <- widen(table$number, FALSE)
  table$text <- widen(table$text, TRUE)
  table$period <- widen(table$period, FALSE)
  table$place <- widen(table$place, NA_integer_)
  table$over <- c(rep(NA_character_, n), table$over[-1L])
  table$labels <- c(rep(NA_character_, n), table$labels[-1L])
  table
}

# A piece with its values; what was changed; NULL for the piece where no cell is a number but text stands there.
piece_numbers <- function(piece, table, call) {
  at <- cbind(piece$rows, piece$columns)
  cells <- table$body[at]
  place <- table$place[at]
  found <- lapply(table$parsed, function(x) x[place])
  line <- table$lines[piece$rows]
  head <- table$heads[piece$columns]
  head[is.na(head)] <- ""
  if (any(found$bad)) {
    if (all(is.na(found$value))) {
      return(list(piece = NULL, told = reading_rows(table$file, table$sheet, NA_integer_, piece$indicator,
                                                    cells[found$bad][1L], "",
                                                    "text: left out")))
    }
    bad <- which(found$bad)
    abort_input(
      "cell", "Every cell of an indicator must be a number or a mark of a missing value.",
      found = paste0(place_of_table(table), " line ", line[bad[1L]], ", column `", head[bad[1L]], "` holds \"",
                     cells[bad[1L]], "\"",
                     if (length(bad) > 1L) paste0(", and ", count_of(length(bad) - 1L, "cell"), " more are none"), "."),
      todo = "Correct the file, or name a mark of a missing value by `na =`.", arg = "path", file = table$file,
      sheet = table$sheet, rows = line[bad], column = head[bad[1L]], cell = cells[bad[1L]], call = call
    )
  }
  percent <- grepl("percent", found$why, fixed = TRUE)
  number <- !is.na(found$value)
  if (any(percent) && !all(percent[number])) {
    plain <- which(number & !percent)[1L]
    abort_input(
      "cell", "An indicator must have percent signs in all of its cells or in none.",
      found = paste0(place_of_table(table), " line ", line[plain], ", column `", head[plain], "` holds \"",
                     cells[plain],
                     "\"; others have the sign."),
      arg = "path", file = table$file, sheet = table$sheet, rows = line[plain], column = head[plain],
        cell = cells[plain], call = call
    )
  }
  changed <- which(nzchar(found$why))
  piece$value <- found$value
  piece$file <- table$file
  piece$sheet <- table$sheet
  piece$row <- line
  piece$from <- head
  list(piece = piece, told = reading_rows(table$file, table$sheet, line[changed], head[changed], cells[changed],
                                          ifelse(is.na(found$value[changed]), "NA",
                                                 label_numbers(found$value[changed])),
                                          found$why[changed]))
}

# --- totals ----------------------------------------------------------------------------------------------

# Units that are sums over the others.
total_units <- c(
  "\u5168\u56fd", "\u5168\u56fd\u603b\u8ba1", "\u5168\u56fd\u5408\u8ba1", "\u5168\u56fd\u5e73\u5747", "\u5408\u8ba1",
    "\u603b\u8ba1", "\u603b\u6570", "\u5168\u90e8", "total", "grandtotal", "world",
  "nationaltotal", "national", "wholecountry", "all", "allregions", "allprovinces"
)

# Codes of aggregates in files of the World Bank (Country Code) and of Eurostat (geo).
aggregate_codes <- c(
  "WLD", "AFE", "AFW", "ARB", "CEB", "CSS", "EAP", "EAR", "EAS", "ECA", "ECS", "EMU", "EUU", "FCS", "HIC", "HPC",
    "IBD", "IBT",
  "IDA", "IDB", "IDX", "INX", "LAC", "LCN", "LDC", "LIC", "LMC", "LMY", "LTE", "MEA", "MIC", "MNA", "NAC", "OED",
    "OSS", "PRE",
  "PSS", "PST", "SAS", "SSA", "SSF", "SST", "TEA", "TEC", "TLA", "TMN", "TSA", "TSS", "UMC",
  "EU", "EU15", "EU25", "EU27", "EU27_2007", "EU27_2020", "EU28", "EA", "EA11", "EA12", "EA17", "EA18", "EA19", "EA20",
    "EFTA",
  "EEA", "EEA18", "EEA28", "EEA30_2007", "EEA31", "EU_V", "EA_V"
)

# A piece without the units that are totals, or that `drop` names; all of them where nothing else would be left.
without_totals <- function(piece, drop) {
  piece$told <- NULL
  units <- unique(piece$unit)
  sums <- units[tolower(gsub("[[:space:]\u3000]", "", units)) %in% total_units]
  if (isFALSE(drop)) sums <- character()
  if (is.character(drop)) sums <- c(sums, clean_text(enc2utf8(as.character(drop))))
  total <- piece$unit %in% sums
  if (!is.null(piece$code) && !isFALSE(drop)) total <- total | piece$code %in% aggregate_codes
  none <- is.na(piece$unit) | is.na(piece$when)
  if (all(total | none)) total[] <- FALSE
  out <- total | none
  if (!any(out)) return(piece)
  piece$told <- reading_rows(piece$file, piece$sheet, piece$row[out], "",
                             ifelse(is.na(piece$unit[out]), "", piece$unit[out]), "",
                             ifelse(none[out], "row without a unit or a period: left out", "total: left out"))
  piece$told <- piece$told[!duplicated(piece$told[c("row", "found")]), ]
  by_cell <- intersect(c("unit", "when", "value", "row", "from", "code"), names(piece))
  piece[by_cell] <- lapply(piece[by_cell], function(x) x[!out])
  piece
}

# --- names -----------------------------------------------------------------------------------------------

# Pieces with the names that `values` gives.
name_pieces <- function(pieces, values, call) {
  names <- vapply(pieces, `[[`, "", "indicator")
  if (is.null(values)) return(pieces)
  if (!is.character(values) || anyNA(values)) {
    abort_input("ambiguous_column", "`values` must be names of indicators.", found = describe_value(values),
                arg = "values",
                call = call)
  }
  distinct <- unique(names)
  if (rlang::is_named(values)) {
    unknown <- setdiff(clean_text(values), distinct)
    if (length(unknown)) {
      abort_input("missing_column", "`values` must name indicators of the files.",
                  found = paste0("None is called ", enumerate(unknown, "`"), "."),
                    todo = hint_columns(distinct, unknown),
                  arg = "values", columns = unknown, call = call)
    }
    place <- match(names, clean_text(values))
    new <- ifelse(is.na(place), names, names(values)[place])
    named <- !is.na(place)
  } else if (length(values) == length(distinct) || length(values) == length(pieces)) {
    new <- if (length(values) == length(distinct)) values[match(names, distinct)] else values
    named <- rep(length(values) == length(pieces), length(pieces))
    if (length(values) == length(distinct) && length(distinct) < length(pieces)) named[] <- FALSE
  } else {
    abort_input(
      "ambiguous_column", "`values` must have a name for each indicator.",
      found = paste0("It has ", count_of(length(values), "name"), ", and the files hold ",
                     count_of(length(distinct), "indicator"),
                     ": ", enumerate(distinct, "`", 10L), "."),
      arg = "values", call = call
    )
  }
  Map(function(piece, name, named) {
    piece$indicator <- name
    if (named) piece$named <- "values"
    piece
  }, pieces, new, named)
}

standardise_piece <- function(piece, to, call) {
  piece$unit <- as.character(standardise_in(piece$unit, to, "error", call))
  piece
}

# --- telling ---------------------------------------------------------------------------------------------

# Units that are one but for a suffix of an administrative division.
near_units <- function(units) {
  plain <- bare_unit(units)
  twice <- units[plain %in% plain[duplicated(plain)]]
  if (length(twice) > 1L) twice
}

say_reading <- function(panel, told, files, pieces) {
  data <- panel$data
  why <- table(told$why[told$why != "encoding"])
  encodings <- unique(told$found[told$why == "encoding"])
  near <- near_units(unique(data[[1L]]))
  inform_user(
    "reading",
    paste0("Read ", count_of(length(files$paths), "file"), " (", enumerate(encodings), "): ",
           count_of(nrow(data), "row"), ", ",
           count_of(length(unique(data[[1L]])), "unit"), ", ", enumerate(names(data)[-(1:2)], "`"), "."),
    details = c(
      if (length(why)) paste0(names(why), ": ", why, "."),
      if (length(near)) paste0("Units that differ by a suffix only: ", enumerate(near, "`"),
                               "; `standardise =` makes them one."),
      if (length(why)) "The attribute `reading` has each."
    )
  )
}

#' @export
summary.flow_reading <- function(object, ...) {
  why <- unique(object$why)
  first <- match(why, object$why)
  data.frame(why = why, n = as.integer(table(factor(object$why, why))), example = as.character(object$found[first]))
}
