# What columns are called: the attribute `label` of a column, as haven and read_panel() leave it.

# The labels of those of `columns` that have one, by name.
variable_labels <- function(source, columns) {
  labels <- lapply(columns, function(name) attr(source_column(source, name), "label", exact = TRUE))
  known <- vapply(labels, function(x) is.character(x) && length(x) == 1L && !is.na(x) && validUTF8(enc2utf8(x)), NA)
  labels <- stats::setNames(trimws(enc2utf8(as.character(unlist(labels[known])))), columns[known])
  labels[nzchar(labels)]
}

# The labels that the columns of several models have.
labels_of_models <- function(models) unlist(lapply(unname(unclass(models)), `[[`, "labels"))

# What is shown in the place of each name: its label, beside the name where it is a unit of measure alone. Those that
# could be taken for one another, or for one of `taken`, stay names.
show_labels <- function(names, labels, taken = character()) {
  given <- names
  names <- unique(names)
  label <- unname(labels[match(names, names(labels))])
  alone <- !is.na(label) & is_measure(label)
  label[alone] <- paste0(names[alone], " (", label[alone], ")")
  doubtful <- label %in% c(label[duplicated(label)], names, taken)
  ifelse(is.na(label) | doubtful, names, label)[match(given, names)]
}

# Units of measure as yearbooks and databases write them: a multiple, a unit, perhaps per another.
measure_pattern <- local({
  zh <- c("\u5143", "\u7f8e\u5143", "\u6b27\u5143", "\u4eba\u6c11\u5e01", "\u5428", "\u514b", "\u5343\u514b",
          "\u4eba", "\u4eba\u6b21", "\u6237", "\u4e2a", "\u4ef6", "\u53f0", "\u90e8", "\u8f86", "\u6240", "\u5bb6",
          "\u5e8a", "\u5f20", "\u518c", "\u6b21", "\u9879", "\u7c73", "\u516c\u91cc", "\u5343\u7c73",
          "\u5e73\u65b9\u7c73", "\u7acb\u65b9\u7c73", "\u5e73\u65b9\u516c\u91cc", "\u516c\u9877", "\u4ea9",
          "\u5343\u74e6", "\u5343\u74e6\u65f6", "\u5428\u6807\u51c6\u7164", "\u5e74", "\u5c81", "\u500d", "\u95e8",
          "\u7aef\u53e3", "\u7acb\u65b9\u7c73", "\u5343\u5347", "\u5347")
  en <- c("(current|constant)? ?([0-9]{4} )?(us|u\\.s\\.)? ?(\\$|usd|us dollars?|dollars?|yuan|rmb|cny|eur|euros?)",
          "persons?", "people", "inhabitants", "households", "tons?", "tonnes?", "kg", "km", "sq\\.? ?km", "km2",
          "hectares?", "kwh", "units?", "years?", "per ?cent", "percentage points?")
  multiple <- "(([0-9][0-9, ]*|\u5341|\u767e|\u5343|\u4e07|\u4ebf|thousands?|millions?|billions?|mn|bn) ?)*(of )?"
  unit <- paste0("(%|\uff05|\u2030|", paste(c(zh, en), collapse = "|"), ")")
  paste0("^[(\uff08]?", multiple, unit, "( ?(/|\u6bcf|per) ?", multiple, unit, ")?[)\uff09]?$")
})

is_measure <- function(text) grepl(measure_pattern, text, ignore.case = TRUE, perl = TRUE)
