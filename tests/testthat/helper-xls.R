# An Excel 97 workbook of one sheet, byte by byte: text and numbers of a matrix of text. One sector each of the
# container's head, its table of sectors and its directory, then the workbook.
write_xls <- function(cells, path, sheet = "Sheet1") {
  little <- function(x, size) writeBin(as.integer(x), raw(), size = size, endian = "little")
  text <- function(x) as.raw(unlist(iconv(enc2utf8(x), "UTF-8", "UTF-16LE", toRaw = TRUE)))
  record <- function(type, ...) {
    body <- c(...)
    c(little(type, 2), little(length(body), 2), body)
  }
  start <- function(kind) record(0x0809, little(c(0x0600, kind, 0x0DBB, 0x07CC), 2), little(c(0x41, 0x06), 4))
  end <- record(0x000A)
  style <- record(0x00E0, little(rep(0, 10), 2))
  at <- which(!is.na(cells), arr.ind = TRUE)
  at <- at[order(at[, 1L], at[, 2L]), , drop = FALSE]
  written <- lapply(seq_len(nrow(at)), function(i) {
    value <- cells[at[i, 1L], at[i, 2L]]
    place <- little(c(at[i, ] - 1L, 0), 2)
    number <- suppressWarnings(as.numeric(value))
    if (!is.na(number)) return(record(0x0203, place, writeBin(number, raw(), endian = "little")))
    record(0x0204, place, little(nchar(value), 2), as.raw(1), text(value))
  })
  size <- record(0x0200, little(c(0, nrow(cells)), 4), little(c(0, ncol(cells), 0), 2))
  page <- c(start(0x0010), size, unlist(written), end)
  name <- c(as.raw(nchar(sheet)), as.raw(0), charToRaw(sheet))
  bound <- function(offset) record(0x0085, little(offset, 4), little(0, 2), name)
  before <- c(start(0x0005), style)
  offset <- length(before) + length(bound(0)) + length(end)
  book <- c(before, bound(offset), end, page)
  sectors <- ceiling(length(book) / 512)
  fill <- function(x, to, with = 0) c(x, rep(as.raw(with), to - length(x)))
  entry <- function(name, type, child, first, size) {
    letters <- c(text(name), as.raw(c(0, 0)))
    c(fill(letters, 64), little(length(letters), 2), as.raw(c(type, 1)), little(c(-1, -1, child), 4),
      raw(36), little(c(first, size, 0), 4))
  }
  head <- c(as.raw(c(0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1)), raw(16), little(c(0x3E, 3), 2),
            as.raw(c(0xFE, 0xFF)), little(c(9, 6), 2), raw(10), little(c(1, 1, 0, 0, -2, 0, -2, 0, 0), 4))
  chain <- little(c(-3, -2, if (sectors > 1L) 3:(sectors + 1L), -2), 4)
  directory <- c(entry("Root Entry", 5, 1, -2, 0), entry("Workbook", 2, -1, 2, length(book)))
  writeBin(c(fill(head, 512, 0xFF), fill(chain, 512, 0xFF), fill(directory, 512), fill(book, 512 * sectors)), path)
}
