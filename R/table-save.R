# save_table(): tables as files of other programs. What a table is stands elsewhere; here is one writer an ending.

#' Write tables to a file
#'
#' @param x A result that has a table (see [as_table()]), or a list of such: then several tables in one file, their
#' titles
#'   (or the names of sheets) the list's names.
#' @param path The file; its ending says what is written: docx (Word, packages flextable and officer), xlsx (Excel,
#' package
#'   openxlsx), html, tex (booktabs), md, csv, png (a picture).
#' @param overwrite May an existing file be replaced? Default `FALSE`. The new one is written beside it and moved, so
#' that a
#'   failure leaves the old one.
#' @param ... Passed on to [as_table()].
#' @return The path, invisibly. Tables have three rules. In Word they are tables and not pictures, in Times New Roman
#' and
#'   SimSun, on a page turned sideways where they are wider than it. In Excel an estimate is a number whose stars are
#'   part of
#'   its number format, and an error a number in brackets.
#' @section Errors: `flowresil_error_file` (another ending, a folder that is not there), `flowresil_error_overwrite`,
#'   `flowresil_error_flag`, `flowresil_error_type`.
#' @seealso [fe_table()], [as_table()].
#' @export
#' @examples
#' m <- fe_model(ExpRes ~ open + gov | province + year, province_panel, vcov = ~province)
#' path <- save_table(fe_table(m), tempfile(fileext = ".md"))
#' cat(readLines(path), sep = "\n")
save_table <- function(x, path, overwrite = FALSE, ...) {
  call <- rlang::current_env()
  check_flag(overwrite, "overwrite", call)
  write <- writer_for(path, call)
  several <- is.list(x) && !is.object(x)
  tables <- lapply(if (several) x else list(x), as_table, ...)
  named <- several && !is.null(names(x))
  for (i in seq_along(tables)) {
    if (is.null(tables[[i]]$title) && named && nzchar(names(x)[i])) tables[[i]]$title <- names(x)[i]
  }
  if (file.exists(path) && !overwrite) {
    abort_input("overwrite", "`path` must be a new file, unless `overwrite = TRUE`.",
                found = paste0("`", basename(path), "` is there."), arg = "overwrite", call = call)
  }
  beside <- tempfile("table", dirname(path), paste0(".", path_ending(path)))
  on.exit(unlink(beside))
  write(tables, beside)
  file.rename(beside, path)
  invisible(path)
}

# How each kind of file is written: f(tables, path).
writers <- function() {
  list(docx = write_word, xlsx = write_excel, html = write_html, tex = write_latex, md = write_markdown,
       csv = write_commas, png = write_picture)
}

writer_for <- function(path, call) {
  if (!is.character(path) || length(path) != 1L || is.na(path)) {
    abort_input("file", "`path` must name one file.", found = describe_value(path), arg = "path", call = call)
  }
  ending <- path_ending(path)
  if (!ending %in% names(writers())) {
    abort_input("file", paste0("`path` must end in ", enumerate(names(writers()), first = 10L, last = "or"), "."),
                found = paste0("It is `", basename(path), "`."), arg = "path", call = call)
  }
  if (!dir.exists(dirname(path))) {
    abort_input("file", "The folder of `path` must be there.", found = paste0("`", dirname(path), "` is not."),
                arg = "path",
                call = call)
  }
  writers()[[ending]]
}

write_lines <- function(lines, path) {
  file <- base::file(path, "wb")
  on.exit(close(file))
  writeLines(enc2utf8(lines), file, useBytes = TRUE)
}

write_commas <- function(tables, path) {
  lines <- lapply(tables, function(table) {
    cells <- rbind(table$head, table$body, if (nzchar(table$note)) c(table$note, rep("", ncol(table$body) - 1L)))
    cells[] <- paste0("\"", gsub("\"", "\"\"", cells, fixed = TRUE), "\"")
    c(if (!is.null(table$title)) paste0("\"", gsub("\"", "\"\"", table$title, fixed = TRUE), "\""),
      apply(cells, 1L, paste, collapse = ","), "")
  })
  # The mark tells Excel that it is UTF-8.
  lines <- utils::head(unlist(lines), -1L)
  write_lines(c(paste0("\ufeff", lines[1L]), lines[-1L]), path)
}

write_markdown <- function(tables, path) {
  rlang::check_installed("knitr", "to write markdown.")
  lines <- lapply(tables, function(table) {
    head <- apply(table$head, 2L, function(x) paste(unique(x[nzchar(x)]), collapse = ": "))
    cells <- as.data.frame(matrix(escape_markdown(table$body), nrow(table$body)), stringsAsFactors = FALSE)
    c(if (!is.null(table$title)) c(paste0("**", escape_markdown(table$title), "**"), ""),
      knitr::kable(cells, "pipe", escape = FALSE, col.names = escape_markdown(head), align = table_sides(table)), "",
      if (nzchar(table$note)) c(escape_markdown(table$note), ""))
  })
  write_lines(unlist(lines), path)
}

write_html <- function(tables, path) {
  lines <- lapply(tables, function(table) {
    c(if (!is.null(table$title)) paste0("<h3>", escape_markup(table$title), "</h3>"),
      html_table(table$head, table$body, table$spans),
      if (nzchar(table$note)) paste0("<p>", escape_markup(table$note), "</p>"))
  })
  write_lines(c("<!DOCTYPE html>", "<html><head><meta charset=\"utf-8\"><title>Tables</title></head><body>",
                unlist(lines),
                "</body></html>"), path)
}

write_latex <- function(tables, path) {
  lines <- lapply(tables, function(table) {
    row <- function(cells) paste0(paste(escape_latex(cells), collapse = " & "), " \\\\")
    c("\\begin{table}[htbp]", "\\centering",
      if (!is.null(table$title)) paste0("\\caption{", escape_latex(table$title), "}"),
      paste0("\\begin{tabular}{", paste(table_sides(table), collapse = ""), "}"), "\\toprule",
      latex_head(table, row),
      "\\midrule", apply(table$body, 1L, row), "\\bottomrule", "\\end{tabular}",
      if (nzchar(table$note)) paste0("\\par\\smallskip\\footnotesize ", escape_latex(table$note)), "\\end{table}", "")
  })
  write_lines(c("% needs \\usepackage{booktabs}", unlist(lines)), path)
}

# The lines of the head; spans with rules below their names.
latex_head <- function(table, row) {
  if (length(table$spans) == 0L) return(apply(table$head, 1L, row))
  runs <- span_runs(table$head, table$spans)
  last <- cumsum(runs$lengths)
  cells <- paste0("\\multicolumn{", runs$lengths, "}{c}{", escape_latex(runs$names), "}")
  ruled <- which(nzchar(runs$names))
  c(paste0(paste(cells, collapse = " & "), " \\\\"),
    paste0("\\cmidrule(lr){", (last - runs$lengths + 1L)[ruled], "-", last[ruled], "}", collapse = " "),
    apply(table$head[-1L, , drop = FALSE], 1L, row))
}

# The first column to the left, the others to the right.
table_sides <- function(table) c("l", rep("r", ncol(table$body) - 1L))

escape_latex <- function(text) {
  text <- gsub("\\", "\\textbackslash\u0001", text, fixed = TRUE)
  text <- gsub("([&%$#_{}])", "\\\\\\1", text)
  text <- gsub("\u0001", "{}", text, fixed = TRUE)
  text <- gsub("~", "\\textasciitilde{}", text, fixed = TRUE)
  text <- gsub("^", "\\textasciicircum{}", text, fixed = TRUE)
  text <- gsub("<", "\\textless{}", text, fixed = TRUE)
  gsub(">", "\\textgreater{}", text, fixed = TRUE)
}

# --- Excel -----------------------------------------------------------------------------------------------

write_excel <- function(tables, path) {
  rlang::check_installed("openxlsx", "to write Excel files.")
  book <- openxlsx::createWorkbook()
  for (i in seq_along(tables)) excel_sheet(book, tables[[i]], sheet_name(tables[[i]]$title, i, names(book)))
  openxlsx::saveWorkbook(book, path)
}

# A name that Excel takes and that no other sheet has.
sheet_name <- function(title, i, taken) {
  name <- if (is.null(title)) paste("Table", i) else trimws(gsub("[][*?/\\\\:']", " ", title))
  name <- substr(name, 1L, 31L)
  if (!nzchar(name) || tolower(name) %in% tolower(taken)) name <- paste0(substr(name, 1L, 26L), " (", i, ")")
  name
}

# Estimates are numbers whose stars stand in their format, errors numbers in brackets; everything else is text.
excel_sheet <- function(book, table, name) {
  openxlsx::addWorksheet(book, name)
  top <- if (is.null(table$title)) 0L else 1L
  if (top) openxlsx::writeData(book, name, table$title, 1L, 1L)
  head <- seq_len(nrow(table$head)) + top
  body <- seq_len(nrow(table$body)) + max(head)
  openxlsx::writeData(book, name, table$head, 1L, head[1L], colNames = FALSE)
  if (length(table$spans)) {
    for (columns in split(seq_along(table$spans) + 1L, table$spans)) {
      openxlsx::mergeCells(book, name, columns, head[1L])
      openxlsx::addStyle(book, name, openxlsx::createStyle(halign = "center"), head[1L], columns, stack = TRUE)
    }
  }
  formats <- matrix(excel_format(table$body, table$stars), nrow(table$body))
  formats[, 1L] <- NA
  openxlsx::writeData(book, name, table$body, 1L, body[1L], colNames = FALSE)
  for (j in which(colSums(!is.na(formats)) > 0L)) {
    # runs of numbers are written over their text
    numbers <- which(!is.na(formats[, j]))
    for (rows in split(numbers, cumsum(c(1L, diff(numbers) > 1L)))) {
      openxlsx::writeData(book, name, as.numeric(number_in(table$body[rows, j])), j, body[rows[1L]], colNames = FALSE)
    }
  }
  for (format in unique(formats[!is.na(formats)])) {
    at <- which(formats == format, arr.ind = TRUE)
    openxlsx::addStyle(book, name, openxlsx::createStyle(numFmt = format, halign = "right"), body[at[, 1L]], at[, 2L],
                       stack = TRUE)
  }
  rule <- function(row, side, style) {
    openxlsx::addStyle(book, name, openxlsx::createStyle(border = side, borderStyle = style), row,
                       seq_len(ncol(table$body)),
                       gridExpand = TRUE, stack = TRUE)
  }
  rule(head[1L], "top", "medium")
  rule(max(head), "bottom", "thin")
  rule(max(body), "bottom", "medium")
  if (nzchar(table$note)) openxlsx::writeData(book, name, table$note, 1L, max(body) + 1L)
  openxlsx::setColWidths(book, name, seq_len(ncol(table$body)),
                         pmin(40, apply(nchar(table$body, "width"), 2L, max) + 3))
}

# A number, in brackets or with signs behind it; one that begins with zeros is a code.
number_pattern <- "^(\\()?(-?(?:0|[1-9][0-9]*)(?:[.][0-9]+)?)(\\))?([^0-9.)]*)$"

number_in <- function(cells) sub(number_pattern, "\\2", cells, perl = TRUE)

# The number format of a cell: "0.000\"***\"" for 1.234***, "(0.000)" for (1.234); NA for text.
excel_format <- function(cells, stars = names(default_stars)) {
  signs <- sub(number_pattern, "\\4", cells, perl = TRUE)
  found <- grepl(number_pattern, cells, perl = TRUE) & signs %in% c("", stars) &
    startsWith(cells, "(") == endsWith(cells, ")")
  number <- number_in(cells)
  decimals <- ifelse(grepl(".", number, fixed = TRUE), nchar(sub("^.*[.]", "", number)), 0L)
  plain <- ifelse(decimals > 0L, paste0("0.", strrep("0", decimals)), "0")
  format <- ifelse(startsWith(cells, "("), paste0("\"(\"", plain, "\")\""),
                   ifelse(nzchar(signs), paste0(plain, "\"", signs, "\""), plain))
  ifelse(found, format, NA_character_)
}

# --- Word ------------------------------------------------------------------------------------------------

write_word <- function(tables, path) {
  rlang::check_installed(c("flextable", "officer"), "to write Word files.")
  document <- officer::read_docx()
  plain <- officer::fp_text(font.size = 9, font.family = "Times New Roman", eastasia.family = "SimSun")
  bold <- stats::update(plain, bold = TRUE, font.size = 10.5)
  for (i in seq_along(tables)) {
    table <- tables[[i]]
    made <- word_flextable(table)
    wide <- sum(dim(made)$widths) > 6.2
    if (wide && i > 1L) document <- officer::body_end_section_portrait(document)
    if (!is.null(table$title)) {
      centred <- officer::fp_par(text.align = "center")
      document <- officer::body_add_fpar(document, officer::fpar(officer::ftext(table$title, bold), fp_p = centred))
    }
    document <- flextable::body_add_flextable(document, made, align = "center")
    if (nzchar(table$note)) document <- officer::body_add_fpar(document,
                                                               officer::fpar(officer::ftext(table$note, plain)))
    if (wide && i == length(tables)) {
      # no section ends here: a page would follow it
      sideways <- officer::prop_section(officer::page_size(orient = "landscape"), type = "nextPage")
      document <- officer::body_set_default_section(document, sideways)
    } else if (wide) {
      document <- officer::body_end_section_landscape(document)
    } else if (i < length(tables)) {
      document <- officer::body_add_par(document, "")
    }
  }
  print(document, target = path)
}

# Three rules, the first column to the left, in Times and SimSun or another `family`.
word_flextable <- function(table, family = "Times New Roman") {
  columns <- paste0("V", seq_len(ncol(table$body)))
  body <- stats::setNames(as.data.frame(table$body, stringsAsFactors = FALSE), columns)
  made <- flextable::flextable(body)
  made <- flextable::delete_part(made, "header")
  for (i in rev(seq_len(nrow(table$head)))) {
    runs <- if (i == 1L && length(table$spans)) span_runs(table$head, table$spans) else
      list(names = table$head[i, ], lengths = rep(1L, length(columns)))
    made <- flextable::add_header_row(made, values = runs$names, colwidths = runs$lengths, top = TRUE)
  }
  made <- flextable::border_remove(made)
  thick <- officer::fp_border(width = 1.5)
  made <- flextable::hline_top(made, border = thick, part = "header")
  made <- flextable::hline_bottom(made, border = officer::fp_border(width = .75), part = "header")
  made <- flextable::hline_bottom(made, border = thick, part = "body")
  # font() of some versions loses the face of Chinese; a whole style keeps it.
  text <- officer::fp_text(font.size = 10, font.family = family, eastasia.family = "SimSun")
  made <- flextable::style(made, pr_t = text, part = "all")
  made <- flextable::align(made, align = "right", part = "all")
  made <- flextable::align(made, j = 1L, align = "left", part = "all")
  if (length(table$spans)) {
    made <- flextable::align(made, i = 1L, align = "center", part = "header")
    made <- flextable::hline(made, i = 1L, j = which(nzchar(table$head[1L, ])), part = "header",
                             border = officer::fp_border(width = .5))
  }
  made <- flextable::padding(made, padding.top = 1, padding.bottom = 1, part = "all")
  made <- flextable::autofit(made, add_w = .05, add_h = 0)
  # autofit() measures Chinese in a face that has no Chinese
  letters <- column_letters(table)
  chinese <- which(letters$chinese)
  if (length(chinese) == 0L) return(made)
  flextable::width(made, chinese, pmax(dim(made)$widths[chinese], .07 * letters$width[chinese] + .2))
}

# Of each column the most letters of a cell, a Chinese one counted twice, and whether it has any; without the spans.
column_letters <- function(table) {
  cells <- rbind(if (length(table$spans)) table$head[-1L, , drop = FALSE] else table$head, table$body)
  wide <- matrix(nchar(cells, "width"), nrow(cells))
  list(width = apply(wide, 2L, max), chinese = colSums(wide > nchar(cells, "chars")) > 0L)
}

has_chinese <- function(table) {
  text <- c(table$head, table$body)
  any(nchar(text, "width") > nchar(text, "chars"))
}

# The first family on this machine that holds Chinese letters, else Times.
picture_family <- function(table) {
  known <- c("SimSun", "Songti SC", "Noto Serif CJK SC", "Source Han Serif SC", "Noto Sans CJK SC",
             "Source Han Sans SC", "Microsoft YaHei", "PingFang SC",
             "WenQuanYi Zen Hei", "WenQuanYi Micro Hei", "AR PL UMing CN")
  if (!has_chinese(table) || !rlang::is_installed("systemfonts")) return("Times New Roman")
  c(intersect(known, systemfonts::system_fonts()$family), "Times New Roman")[1L]
}

# --- pictures --------------------------------------------------------------------------------------------

# Title, table and note, one table below the other.
write_picture <- function(tables, path) {
  rlang::check_installed(c("flextable", "officer"), "to write pictures.")
  parts <- lapply(tables, picture_parts)
  width <- max(vapply(parts, `[[`, 0, "width")) + 0.4
  heights <- vapply(parts, `[[`, 0, "height")
  grDevices::png(path, width, sum(heights), units = "in", res = 200)
  on.exit(grDevices::dev.off())
  grid::grid.newpage()
  top <- sum(heights) - cumsum(heights) + heights
  for (i in seq_along(parts)) draw_table(parts[[i]], top[i], width)
}

line_height <- 0.2 # inches
half_width <- 0.085 # inches that a letter of Latin takes at most on average, half of a Chinese one

# What is drawn of a table, and its size in inches.
picture_parts <- function(table) {
  letters <- column_letters(table)$width
  made <- flextable::width(word_flextable(table, picture_family(table)), seq_along(letters), half_width * letters + 0.2)
  size <- flextable::flextable_dim(made)
  width <- max(size$widths, 4)
  title <- fold_text(table$title, width)
  note <- fold_text(table$note, width)
  list(made = made, title = title, note = note, width = width, table = size$heights,
       height = size$heights + line_height * (length(title) + length(note)) + 0.4)
}

# Lines of at most that many inches; a line of Chinese breaks between any two letters.
fold_text <- function(text, width) {
  if (!any(nzchar(text))) return(character())
  limit <- floor(width / half_width)
  unlist(lapply(strwrap(text, limit), function(line) {
    letters <- strsplit(line, "")[[1L]]
    vapply(split(letters, cumsum(nchar(letters, "width")) %/% limit), paste, "", collapse = "")
  }))
}

# A table with its title and note below `top`, in the middle of a page that is `width` inches wide.
draw_table <- function(parts, top, width) {
  left <- (width - parts$width) / 2
  lines <- function(text, top, face) {
    grid::grid.text(text, grid::unit(left, "in"), grid::unit(top - line_height * (seq_along(text) - 0.5), "in"),
                    just = "left", gp = grid::gpar(fontsize = 10, fontfamily = "Times New Roman", fontface = face))
  }
  top <- top - 0.15
  if (length(parts$title)) lines(parts$title, top, "bold")
  top <- top - line_height * length(parts$title)
  grid::pushViewport(grid::viewport(y = grid::unit(top - parts$table / 2, "in"), height = grid::unit(parts$table, "in"),
                                    width = grid::unit(parts$width, "in")))
  grid::grid.draw(flextable::gen_grob(parts$made, fit = "fixed", scaling = "fixed", autowidths = FALSE))
  grid::popViewport()
  if (length(parts$note)) lines(parts$note, top - parts$table - 0.05, "plain")
}
