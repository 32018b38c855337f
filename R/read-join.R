# Pieces of files as one panel: joined on unit and time, parts of one indicator stacked, nothing lost.

# Pieces as one panel: list(data, unit, time, told).
join_pieces <- function(pieces, asked, call) {
  kinds <- vapply(pieces, `[[`, "", "kind")
  one_kind(kinds, "What the files hold", call)
  names <- vapply(pieces, `[[`, "", "indicator")
  refuse_same_file_names(pieces, names, call)
  n <- lengths(lapply(pieces, `[[`, "unit"))
  unit <- unlist(lapply(pieces, `[[`, "unit"))
  when <- unlist(lapply(pieces, `[[`, "when"))
  value <- unlist(lapply(pieces, `[[`, "value"))
  owner <- rep(seq_along(pieces), n)
  units <- unique(unit)
  times <- sort(unique(when))
  cell <- (match(unit, units) - 1) * length(times) + match(when, times)
  keys <- sort(unique(cell))
  data <- list()
  told <- data.frame()
  for (name in unique(names)) {
    own <- which(names[owner] == name)
    column <- rep(NA_real_, length(keys))
    at <- match(cell[own], keys)
    known <- !is.na(value[own])
    column[at[known]] <- value[own][known]
    clash <- known & column[at] != value[own]
    if (any(clash)) refuse_clash(pieces, name, own[clash][1L], owner, cell, value, unit, when, call)
    twice <- own[duplicated(owner[own] * (length(units) * length(times) + 1) + cell[own])]
    if (length(twice)) {
      first <- pieces[[owner[twice[1L]]]]
      told <- rbind(told, reading_rows(first$file, first$sheet, NA_integer_, name, unit[twice], "",
                                       "unit and period twice with equal values: one row"))
    }
    label <- unlist(lapply(pieces[names == name], `[[`, "label"))
    label <- label[!is.na(label)]
    if (length(label)) attr(column, "label") <- label[1L]
    labels <- pieces[[which(names == name)[1L]]]$labels
    if (!is.null(labels)) attr(column, "labels") <- labels
    data[[name]] <- column
  }
  heads <- name_keys(pieces, asked, kinds[1L])
  key_unit <- units[(keys - 1) %/% length(times) + 1]
  key_time <- times[(keys - 1) %% length(times) + 1]
  key_time <- if (kinds[1L] == "year") as.integer(key_time) else structure(key_time, class = "Date")
  taken <- intersect(names(data), c(heads$unit, heads$time))
  if (length(taken)) {
    refuse_ambiguous(paste0("`", taken[1L], "` is an indicator and the name of unit or time."), call,
                     "Choose other names by `unit =`, `time =` or `values =`.")
  }
  whole <- c(stats::setNames(list(key_unit, key_time), c(heads$unit, heads$time)), data)
  whole <- structure(whole, class = "data.frame", row.names = .set_row_names(length(keys)))
  list(data = whole, unit = heads$unit, time = heads$time, told = rbind(told, tell_partial_units(pieces, units)))
}

# Names of unit and time: asked for, else of the first file that has one.
name_keys <- function(pieces, asked, kind) {
  first <- function(part) {
    known <- unlist(lapply(pieces, `[[`, part))
    known[!is.na(known)][1L]
  }
  or <- function(...) {
    given <- c(...)
    given[!is.na(given)][1L]
  }
  list(unit = or(asked$unit, first("unit_name"), "unit"),
       time = or(asked$time, first("time_name"), if (kind == "year") "year" else "date"))
}

# Two indicators that only their files name must not be one: population would land under gross product.
refuse_same_file_names <- function(pieces, names, call) {
  by_file <- vapply(pieces, function(piece) piece$named == "file", NA)
  twice <- unique(names[by_file & names %in% names[duplicated(names)]])
  if (length(twice)) {
    files <- unique(vapply(pieces[names == twice[1L]], `[[`, "", "file"))
    refuse_ambiguous(
      paste0("`", twice[1L], "` is all that names an indicator in ", enumerate(files, "`"), " (",
             sum(names == twice[1L]), " parts)."),
      call, "Name each by `values =`, in the order of the files; a name given twice stacks them."
    )
  }
}

# Two values for one unit and period: in one part, a doubled row; in two, parts that disagree.
refuse_clash <- function(pieces, name, one, owner, cell, value, unit, when, call) {
  same <- which(cell == cell[one] & vapply(pieces, `[[`, "", "indicator")[owner] == name & !is.na(value))
  other <- same[value[same] != value[one]][1L]
  yearly <- pieces[[owner[one]]]$kind == "year"
  period <- if (yearly) label_numbers(when[one]) else format(structure(when[one], class = "Date"))
  said <- paste0("`", name, "` of `", unit[one], "` in ", period, " is ", label_numbers(value[other]), " and ",
                 label_numbers(value[one]))
  row_of <- function(i) {
    piece <- pieces[[owner[i]]]
    piece$row[i - match(owner[i], owner) + 1L]
  }
  if (owner[one] == owner[other]) {
    abort_input("duplicate_rows", "A unit and period must stand in one row.",
                found = paste0(said, " in `", pieces[[owner[one]]]$file, "`, lines ", row_of(other), " and ",
                               row_of(one), "."),
                arg = "path", rows = c(row_of(other), row_of(one)), call = call)
  }
  refuse_ambiguous(paste0(said, ", in `", pieces[[owner[other]]]$file, "` and `", pieces[[owner[one]]]$file, "`."),
                   call,
                   "Parts of one indicator must agree where they overlap; name them apart by `values =`.")
}

# Units that stand in some files only.
tell_partial_units <- function(pieces, units) {
  files <- vapply(pieces, `[[`, "", "file")
  if (length(unique(files)) < 2L) return(NULL)
  by_file <- lapply(split(pieces, files), function(own) unique(unlist(lapply(own, `[[`, "unit"))))
  out <- lapply(names(by_file), function(file) {
    absent <- setdiff(units, by_file[[file]])
    reading_rows(file, NA_character_, if (length(absent)) NA_integer_ else integer(), "", absent, "",
                 "unit that this file has not")
  })
  do.call(rbind, out)
}
