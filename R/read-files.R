# Files as sheets of text cells, by their endings. Parsing is other packages' work; nothing here knows what a cell
# means.

# A sheet is list(file, sheet (NA but in workbooks), cells = character matrix, NA for a blank cell, lines = the line of
# the file in which each row stands); one of a .dta file has the columns themselves, `data`, in place of cells.

# How each kind of file is read: f(path, sheet, encoding, call) gives a list of sheets.
readers <- function() {
  list(
    csv = read_delimited, tsv = read_delimited, txt = read_delimited, xls = read_workbook, xlsx = read_workbook,
    dta = read_stata
  )
}

# The ending of a path, in lower case.
path_ending <- function(path) tolower(sub("^.*[.]", "", basename(path)))

# The files that `path` names: itself, or what a folder holds, sorted as in C; list(paths, passed over).
find_files <- function(path, call) {
  if (!is.character(path) || length(path) == 0L || anyNA(path)) {
    abort_input("file", "`path` must name files or a folder.", found = describe_value(path), arg = "path", call = call)
  }
  path <- path.expand(path)
  absent <- path[!file.exists(path)]
  if (length(absent)) {
    abort_input("file", "Every file of `path` must be there.",
                found = paste0("There is no ", enumerate(basename(absent), "`"), "."), arg = "path", call = call)
  }
  passed <- character()
  found <- unlist(lapply(path, function(one) {
    if (!dir.exists(one)) return(one)
    inside <- sort(list.files(one, full.names = TRUE), method = "radix")
    good <- !dir.exists(inside) & path_ending(inside) %in% names(readers()) & !grepl("^(~[$]|[.])", basename(inside))
    passed <<- c(passed, basename(inside)[!good])
    inside[good]
  }))
  if (length(found) == 0L) {
    abort_input("file", "`path` must hold a file with a panel.", found = "The folder holds none that could.",
                todo = paste0("Endings that are read are ", enumerate(names(readers()), first = 10L), "."),
                  arg = "path",
                call = call)
  }
  odd <- found[!path_ending(found) %in% names(readers())]
  if (length(odd)) {
    abort_input("file", paste0("A file must be one of ", enumerate(names(readers()), first = 10L, last = "or"), "."),
                found = paste0("`", basename(odd[1L]), "` is none by its ending."), arg = "path", call = call)
  }
  most <- getOption("flowresil.max_file_mb", 200)
  size <- file.size(found) / 2^20
  if (any(size > most)) {
    abort_input("file", paste0("A file must not be larger than ", most, " MB."),
                found = paste0("`", basename(found[which.max(size)]), "` has ", signif(max(size), 3), " MB."),
                todo = "`options(flowresil.max_file_mb = )` sets the limit.", arg = "path", call = call)
  }
  if (any(size <= 0)) {
    abort_input("file", "A file must hold something.",
                found = paste0("`", basename(found[which.min(size)]), "` is empty."), arg = "path", call = call)
  }
  list(paths = unname(found), passed = passed)
}

# --- text ------------------------------------------------------------------------------------------------

# The encoding of a file's bytes, which are not UTF-8: that of its mark, else UTF-16 by its zeros, else GB18030 or
# latin1.
find_encoding <- function(bytes) {
  if (identical(as.integer(bytes[1:2]), c(0xFFL, 0xFEL))) return("UTF-16LE")
  if (identical(as.integer(bytes[1:2]), c(0xFEL, 0xFFL))) return("UTF-16BE")
  zero <- utils::head(bytes, 4000L) == as.raw(0)
  if (mean(zero) > .2) return(if (mean(zero[c(FALSE, TRUE)]) > mean(zero[c(TRUE, FALSE)])) "UTF-16LE" else "UTF-16BE")
  # Chinese stands in pairs of high bytes, accents of western languages mostly alone.
  runs <- rle(bytes >= as.raw(0x80))
  long <- runs$lengths[runs$values]
  paired <- sum(long[long > 1L]) > sum(long[long == 1L])
  if (paired && !is.na(converted_text(bytes, "GB18030"))) "GB18030" else "latin1"
}

# The text of a file as UTF-8, with what it was: list(text, encoding).
file_text <- function(path, encoding, call) {
  bytes <- readBin(path, "raw", file.size(path))
  from <- if (is.null(encoding)) "UTF-8" else encoding
  plain <- if (from == "UTF-8") valid_utf8(bytes) else converted_text(bytes, from)
  if (is.na(plain) && is.null(encoding)) {
    from <- find_encoding(bytes)
    plain <- converted_text(bytes, from)
  }
  if (is.na(plain)) {
    abort_input("encoding", "A file must be text in its encoding.",
                found = paste0("`", basename(path), "` is not text in ", from, "."),
                todo = "Name its encoding by `encoding =`, such as \"GB18030\".", arg = "encoding", call = call)
  }
  plain <- sub("^\ufeff", "", plain)
  if (grepl("\r", plain, fixed = TRUE)) plain <- gsub("\r\n?", "\n", plain)
  list(text = plain, encoding = from)
}

# The bytes as text, if they are UTF-8; else NA.
valid_utf8 <- function(bytes) {
  if (any(bytes == as.raw(0))) return(NA_character_)
  text <- rawToChar(bytes)
  if (!validUTF8(text)) return(NA_character_)
  Encoding(text) <- "UTF-8"
  text
}

# The bytes as UTF-8; NA where they are not text in that encoding.
converted_text <- function(bytes, from) {
  if (startsWith(from, "UTF-16")) return(iconv(list(bytes), from, "UTF-8"))
  if (any(bytes == as.raw(0))) return(NA_character_)
  tryCatch(iconv(rawToChar(bytes), from, "UTF-8"), error = function(e) NA_character_)
}

# The separator by which most lines have one number of fields, more than one.
find_separator <- function(lines, ending) {
  if (ending == "tsv") return("\t")
  lines <- utils::head(lines[nzchar(trimws(lines))], 400L)
  score <- vapply(c("\t", ";", ",", "|"), function(sep) {
    n <- lengths(regmatches(lines, gregexpr(sep, gsub("\"[^\"]*\"", "", lines), fixed = TRUE)))
    n <- n[n > 0L]
    if (length(n) == 0L) 0 else max(tabulate(n)) / length(lines)
  }, 0)
  names(score)[which.max(score)]
}

read_delimited <- function(path, sheet, encoding, call) {
  found <- file_text(path, encoding, call)
  lines <- strsplit(found$text, "\n", fixed = TRUE)[[1L]]
  if (!any(nzchar(trimws(lines)))) {
    abort_input("file", "A file must hold something.", found = paste0("`", basename(path), "` holds blanks only."),
                arg = "path", call = call)
  }
  sep <- find_separator(lines, path_ending(path))
  connection <- textConnection(lines, encoding = "UTF-8")
  on.exit(close(connection))
  fields <- utils::count.fields(connection, sep, quote = "\"", blank.lines.skip = FALSE, comment.char = "")
  width <- max(fields, 1L, na.rm = TRUE)
  cells <- utils::read.table(
    text = lines, sep = sep, quote = "\"", header = FALSE, fill = TRUE, colClasses = "character", comment.char = "",
    na.strings = character(), blank.lines.skip = FALSE, col.names = paste0("V", seq_len(width)), strip.white = TRUE,
    encoding = "UTF-8", stringsAsFactors = FALSE
  )
  # A record whose quotes hold a line break stands where it begins.
  ends <- which(!is.na(fields))
  begins <- c(1L, utils::head(ends, -1L) + 1L)
  cells <- as.matrix(cells)
  dimnames(cells) <- NULL
  if (any(Encoding(found$text) == "UTF-8")) Encoding(cells) <- "UTF-8"
  lines_of <- if (length(begins) == nrow(cells)) begins else seq_len(nrow(cells))
  alone <- !is.na(fields[ends]) & fields[ends] <= 1L
  list(list(file = basename(path), sheet = NA_character_, cells = cells, lines = lines_of, encoding = found$encoding,
            alone = if (length(alone) == nrow(cells)) alone else logical(nrow(cells))))
}

# --- workbooks -------------------------------------------------------------------------------------------

read_workbook <- function(path, sheet, encoding, call) {
  rlang::check_installed("readxl", "to read Excel files.")
  refuse <- function(e) {
    abort_input("file", "An Excel file must be one that can be opened.",
                found = paste0("`", basename(path), "` cannot: ", conditionMessage(e)),
                todo = "A password has to be taken off first.", arg = "path", parent = e, call = call)
  }
  sheets <- tryCatch(readxl::excel_sheets(path), error = refuse)
  wanted <- sheets
  if (!is.null(sheet)) {
    known <- if (is.numeric(sheet)) sheet %in% seq_along(sheets) else sheet %in% sheets
    if (!all(known)) {
      abort_input("sheet", "`sheet` must name sheets of the file, or number them.",
                  found = paste0("`", basename(path), "` has no ", enumerate(sheet[!known], "`"), "."),
                  todo = paste0("It has ", enumerate(sheets, "`", 10L), "."), arg = "sheet", call = call)
    }
    wanted <- if (is.numeric(sheet)) sheets[sheet] else sheet
  }
  out <- lapply(wanted, function(name) {
    table <- tryCatch(
      suppressMessages(readxl::read_excel(
        path, name, col_names = FALSE, col_types = "list", .name_repair = "minimal",
        range = readxl::cell_limits(c(1L, 1L), c(NA, NA))
      )), error = refuse
    )
    if (nrow(table) == 0L || ncol(table) == 0L) return(NULL)
    cells <- vapply(table, function(column) vapply(column, excel_text, ""), character(nrow(table)))
    cells <- matrix(cells, nrow(table))
    list(file = basename(path), sheet = name, cells = cells, lines = seq_len(nrow(cells)), encoding = "UTF-8",
         alone = logical(nrow(cells)))
  })
  Filter(Negate(is.null), out)
}

# A cell's value as text: whole numbers plain, others with all their digits, a date as the date.
excel_text <- function(x) {
  if (is.null(x) || length(x) == 0L || is.na(x[1L])) return(NA_character_)
  if (inherits(x, "POSIXct")) return(format(x, "%Y-%m-%d", tz = "UTC"))
  if (is.numeric(x)) {
    short <- label_numbers(x)
    return(if (identical(as.numeric(short), as.numeric(x))) short else sprintf("%.17g", x))
  }
  as.character(x)
}

# --- Stata -----------------------------------------------------------------------------------------------

read_stata <- function(path, sheet, encoding, call) {
  rlang::check_installed("haven", "to read Stata files.")
  data <- tryCatch(haven::read_dta(path, encoding = encoding), error = function(e) {
    abort_input("file", "A Stata file must be one that can be opened.",
                found = paste0("`", basename(path), "` cannot: ", conditionMessage(e)), arg = "path", parent = e,
                call = call)
  })
  list(list(file = basename(path), sheet = NA_character_, data = data, encoding = "UTF-8"))
}
