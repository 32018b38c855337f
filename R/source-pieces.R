# A table in pieces of whole units: sorted by the engine, fetched some rows at a time.

# Calls visit(rows, part) for pieces of at least one whole unit and about `piece_rows` rows: data frames of what
# `statement` (a function of the part) selects, sorted by it. `keys` are the names of the columns that tell units apart
# (none: rows come as they are); a unit that the end of a piece cuts is carried over. Where a unit is longer than a
# piece, long_unit(rows) is asked; TRUE reads on.
visit_pieces <- function(source, statement, keys, visit, tally, call, long_unit = function(rows) TRUE) {
  size <- source$piece_rows
  for (number in seq_along(source$parts)) {
    part <- source$parts[[number]]
    text <- statement(part)
    count_statement(tally, text)
    rows <- open_rows(part, text, call)
    carried <- NULL
    tryCatch({
      repeat {
        fetched <- in_database(rows$fetch(size), call)
        if (nrow(fetched) == 0L) break
        fetched <- plain_fetched(fetched)
        piece <- join_fetched(carried, fetched)
        carried <- NULL
        if (length(keys)) {
          cut <- start_of_last_unit(piece[keys])
          carried <- plain_rows(piece, cut:nrow(piece))
          if (cut == 1L) {
            if (!long_unit(nrow(piece))) return(invisible(FALSE))
            next
          }
          piece <- plain_rows(piece, seq_len(cut - 1L))
        }
        if (!isTRUE(visit(piece, number))) return(invisible(FALSE))
      }
    }, finally = rows$close())
    if (length(carried) && nrow(carried) && !isTRUE(visit(carried, number))) return(invisible(FALSE))
  }
  invisible(TRUE)
}

# Rows of a statement: list(fetch(n), close()).
open_rows <- function(part, statement, call) {
  if (engines()[[part$engine]]$cursor) {
    name <- unique_name("fr_cursor")
    in_database(DBI::dbExecute(part$con, paste("DECLARE", name, "NO SCROLL CURSOR FOR", statement)), call)
    return(list(
      fetch = function(n) DBI::dbGetQuery(part$con, sprintf("FETCH %.0f FROM %s", n, name)),
      close = function() try(DBI::dbExecute(part$con, paste("CLOSE", name)), silent = TRUE)
    ))
  }
  result <- in_database(DBI::dbSendQuery(part$con, statement), call)
  list(fetch = function(n) suppressWarnings(DBI::dbFetch(result, n)),
       close = function() try(DBI::dbClearResult(result), silent = TRUE))
}

# A name that no other cursor of this session has: tempfile() draws without touching the user's seed.
unique_name <- function(stem) gsub("[^a-z0-9_]", "_", tolower(basename(tempfile(paste0(stem, "_")))))

# Columns without what a driver adds: whole numbers as doubles where these hold them.
plain_fetched <- function(rows) {
  list2DF(lapply(rows, function(v) {
    if (inherits(v, "integer64")) {
      as_double <- integer64_numbers(v)
      if (all(abs(as_double) < 2^53, na.rm = TRUE)) as_double else v
    } else if (is.integer(v) && !is.object(v)) {
      as.double(v)
    } else if (is.character(v)) {
      to_utf8(v)$text
    } else {
      v
    }
  }), nrow(rows))
}

# Rows that follow others. A column may turn to 64-bit whole numbers, or have been all NULL before.
join_fetched <- function(before, rows) {
  if (is.null(before) || nrow(before) == 0L) return(rows)
  list2DF(Map(function(a, b) {
    if (all(is.na(a)) && !identical(class(a), class(b))) a <- b[rep(NA_integer_, length(a))]
    if (all(is.na(b)) && !identical(class(a), class(b))) b <- a[rep(NA_integer_, length(b))]
    wide <- c(inherits(a, "integer64"), inherits(b, "integer64"))
    if (any(wide) && !wide[1L]) a <- bit64::as.integer64(a)
    if (any(wide) && !wide[2L]) b <- bit64::as.integer64(b)
    if (wide[1L] || wide[2L]) {
      structure(c(unclass(a), unclass(b)), class = "integer64")
    } else {
      joined <- c(a, b)
      if (inherits(a, "Date")) class(joined) <- "Date"
      joined
    }
  }, before, rows))
}

# Where does a row's unit differ from that of the row before?
unit_starts <- function(keys) {
  n <- length(keys[[1L]])
  starts <- c(TRUE, rep(FALSE, n - 1L))
  for (key in keys) {
    key <- if (inherits(key, "integer64")) bit64::as.character.integer64(key) else unclass(key)
    a <- key[-1L]
    b <- key[-n]
    differ <- a != b
    unknown <- is.na(differ)
    if (any(unknown)) differ[unknown] <- is.na(a[unknown]) != is.na(b[unknown])
    starts[-1L] <- starts[-1L] | differ
  }
  starts
}

start_of_last_unit <- function(keys) max(which(unit_starts(keys)))

# Values of keys as text that tells them apart, the same in every piece.
key_text <- function(x) {
  if (inherits(x, "integer64")) return(bit64::as.character.integer64(x))
  if (is.object(x) || !is.double(x)) return(as.character(x))
  ifelse(x == round(x) & abs(x) < 2^53, sprintf("%.0f", x + 0), sprintf("%.17g", x))
}

# Codes from 1 of values in the order in which they were first seen, kept in an environment between pieces.
new_dictionary <- function() {
  dictionary <- new.env(parent = emptyenv())
  dictionary$known <- character()
  dictionary
}

# `columns` is a list of vectors, whose combinations are coded.
encode <- function(dictionary, columns) {
  code <- NULL
  texts <- NULL
  for (column in columns) {
    values <- unique(column)
    own <- match(column, values)
    text <- key_text(values)
    if (is.null(code)) {
      code <- own
      texts <- text
    } else {
      both <- code + length(texts) * (own - 1)
      pairs <- unique(both)
      texts <- paste(texts[(pairs - 1) %% length(texts) + 1], text[(pairs - 1) %/% length(texts) + 1], sep = "_")
      code <- match(both, pairs)
    }
  }
  place <- match(texts, dictionary$known)
  fresh <- is.na(place)
  if (any(fresh)) {
    place[fresh] <- length(dictionary$known) + seq_len(sum(fresh))
    dictionary$known <- c(dictionary$known, texts[fresh])
  }
  place[code]
}
