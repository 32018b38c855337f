# A table of models in the languages of documents: HTML, Word, pandoc's markdown for the rest. Three rules: above
# the head, below it, below the last row.

# The parts of a table for pandoc's output format `to`, NULL where none is known. What pandoc must not read
# (parentheses, stars, carets) stands in raw blocks, or is escaped.
document_table <- function(x, to = NULL) {
  head <- table_head(x)
  body <- as.matrix(x$body)
  table <- if (knitr::is_html_output(to, excludes = c("markdown", "gfm", "commonmark"))) {
    raw_block("html", html_table(head, body, x$spans))
  } else if (identical(to, "docx")) {
    raw_block("openxml", word_table(head, body, x$spans))
  } else {
    pipe_table(head, body)
  }
  title <- if (length(x$title)) paste0("**", escape_markdown(x$title), "**\n\n")
  paste0("\n\n", title, paste(table, collapse = "\n"), "\n\n", escape_markdown(x$note), "\n\n")
}

raw_block <- function(language, lines) c(paste0("```{=", language, "}"), lines, "```")

# Styles stand in the cells, because a page's own rules for tables yield to nothing else.
html_table <- function(head, body, spans = NULL) {
  row <- function(cells, tag, border, side = c("left", rep("right", length(cells) - 1L)), over = "") {
    style <- paste0("padding: 1px 9px; white-space: nowrap; font-weight: normal; background: none; text-align: ",
                    side, "; border: none;", border)
    paste0("<tr>", paste0("<", tag, over, " style=\"", style, "\">", escape_markup(cells), "</", tag, ">",
                          collapse = ""), "</tr>")
  }
  above <- if (length(spans)) {
    runs <- span_runs(head, spans)
    row(runs$names, "th", ifelse(nzchar(runs$names), " border-bottom: 1px solid;", ""), "center",
        paste0(" colspan=\"", runs$lengths, "\""))
  }
  if (length(spans)) head <- head[-1L, , drop = FALSE]
  last <- nrow(head)
  c(
    "<div style=\"overflow-x: auto;\">",
    paste0("<table class=\"fe_table\" style=\"border-collapse: collapse; width: auto; margin: 1em 0; border: none; ",
           "border-top: 2px solid; border-bottom: 2px solid;\">"),
    "<thead>", above,
    vapply(seq_len(last), function(i) row(head[i, ], "th", if (i == last) " border-bottom: 1px solid;"  else ""), ""),
    "</thead>", "<tbody>", apply(body, 1L, row, tag = "td", border = ""), "</tbody>", "</table>", "</div>"
  )
}

word_table <- function(head, body, spans = NULL) {
  rule <- function(side, size) {
    paste0("<w:", side, " w:val=\"single\" w:sz=\"", size, "\" w:space=\"0\" w:color=\"auto\"/>")
  }
  none <- paste0("<w:", c("left", "right", "insideH", "insideV"), " w:val=\"nil\"/>")
  row <- function(cells, head = FALSE, border = "", side = c("left", rep("right", length(cells) - 1L)), over = "") {
    borders <- ifelse(nzchar(border), paste0("<w:tcBorders>", border, "</w:tcBorders>"), "")
    borders <- paste0("<w:tcPr>", over, borders, "</w:tcPr>")
    text <- ifelse(nzchar(cells), paste0("<w:r><w:t xml:space=\"preserve\">", escape_markup(cells), "</w:t></w:r>"), "")
    paste0("<w:tr>", if (head) "<w:trPr><w:tblHeader/></w:trPr>", paste0(
      "<w:tc>", borders, "<w:p><w:pPr><w:pStyle w:val=\"Compact\"/><w:jc w:val=\"", side, "\"/></w:pPr>", text,
      "</w:p></w:tc>", collapse = ""
    ), "</w:tr>")
  }
  widths <- word_widths(rbind(head, body))
  above <- if (length(spans)) {
    runs <- span_runs(head, spans)
    row(runs$names, TRUE, ifelse(nzchar(runs$names), rule("bottom", 6L), ""), "center",
        paste0("<w:gridSpan w:val=\"", runs$lengths, "\"/>"))
  }
  if (length(spans)) head <- head[-1L, , drop = FALSE]
  last <- nrow(head)
  c(
    "<w:tbl>",
    paste0("<w:tblPr><w:tblW w:w=\"0\" w:type=\"auto\"/><w:tblBorders>", rule("top", 12L), none[1L],
           rule("bottom", 12L), none[2L], none[3L], none[4L], "</w:tblBorders><w:tblLook w:firstRow=\"1\"/></w:tblPr>"),
    paste0("<w:tblGrid>", paste0("<w:gridCol w:w=\"", widths, "\"/>", collapse = ""),
           "</w:tblGrid>"), above,
    vapply(seq_len(last), function(i) row(head[i, ], TRUE, if (i == last) rule("bottom", 6L) else ""), ""),
    apply(body, 1L, row), "</w:tbl>"
  )
}

# The cells of the row of spans, the first column one of its own: list(names, lengths).
span_runs <- function(head, spans) {
  runs <- rle(c(0L, spans))
  first <- cumsum(runs$lengths) - runs$lengths + 1L
  list(names = head[1L, first], lengths = runs$lengths)
}

# Widths for the text of each column, no wider together than a page, in twentieths of a point.
word_widths <- function(cells) {
  wanted <- 340 + 145 * apply(nchar(cells, "width"), 2L, max)
  round(wanted * min(1, 9000 / sum(wanted)))
}

# pandoc's tables have one row of head: the outcome joins the column's name.
pipe_table <- function(head, body) {
  names <- apply(head, 2L, function(lines) paste(lines[nzchar(lines)], collapse = ": "))
  cells <- as.data.frame(matrix(escape_markdown(body), nrow(body)), stringsAsFactors = FALSE)
  knitr::kable(cells, format = "pipe", escape = FALSE, col.names = escape_markdown(names),
               align = c("l", rep("r", ncol(body) - 1L)))
}

# Text whose signs HTML and XML do not read.
escape_markup <- function(text) {
  for (sign in list(c("&", "&amp;"), c("<", "&lt;"), c(">", "&gt;"))) {
    text <- gsub(sign[1L], sign[2L], text, fixed = TRUE)
  }
  text
}

# Brackets become entities: behind a backslash they would open a formula in R Markdown. So does the bar, which
# ends a cell. A `<` or `>` beside a blank means nothing in markdown and stays, as do single hyphens.
escape_markdown <- function(text) {
  text <- gsub("([\\\\`*_^~$#@\"'&{}!]|<(?! )|(?<! )>|--+|[.](?=[.]))", "\\\\\\1", text, perl = TRUE)
  text <- gsub("(?<=-)-", "\\\\-", text, perl = TRUE)
  for (sign in list(c("[", "&#91;"), c("]", "&#93;"), c("|", "&#124;"))) {
    text <- gsub(sign[1L], sign[2L], text, fixed = TRUE)
  }
  text
}
