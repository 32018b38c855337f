# Fixed effects: the columns of each, their codes, and effects that stand twice.

# Levels beside those of the largest effect up to which a system of levels is solved directly.
most_solved_levels <- 2000L

# Each grouping of columns once: id + id, a^b + b^a, a^a. Gives list(effects, doubled), where `doubled` names
# the label left out and holds the label that is used.
unique_effects <- function(effects) {
  if (!anyDuplicated(unlist(effects))) return(list(effects = effects, doubled = character()))
  effects <- lapply(effects, unique)
  key <- vapply(effects, function(columns) paste(sort(columns, method = "radix"), collapse = "^"), character(1))
  label <- label_effects(effects)
  again <- duplicated(key)
  list(effects = effects[!again], doubled = stats::setNames(label[match(key, key)][again], label[again]))
}

# The effects of a formula on the rows used, without those that group these rows exactly as an earlier one does:
# their levels would be counted twice, and they take nothing more out. list(effects, columns, doubled).
code_effects <- function(spec, data, rows, call) {
  effects <- lapply(spec$effects, function(columns) source_groups(data, columns, rows, "formula", call))
  names(effects) <- label_effects(spec$effects)
  twin <- integer(length(effects))
  for (j in seq_along(effects)[-1L]) {
    for (i in seq_len(j - 1L)) {
      if (twin[j] == 0L && group_alike(effects[[j]], effects[[i]])) twin[j] <- i
    }
  }
  again <- twin > 0L
  list(
    effects = effects[!again], columns = spec$effects[!again],
    doubled = c(spec$doubled, stats::setNames(names(effects)[twin], names(effects)[again]))
  )
}

# Nested and with as many levels is the same grouping: each level of either lies in one of the other.
group_alike <- function(a, b) {
  n <- length(a$values)
  n == length(b$values) && core(cpp_is_nested, a$code, n, b$code, n)
}

# Says which effects stand twice (named by what they double).
report_doubled_effects <- function(doubled, model = NULL) {
  if (length(doubled) == 0L) return(invisible())
  inform_user(
    "doubled_effect",
    paste0(if (!is.null(model)) paste0("Model `", model, "`: "),
           if (length(doubled) == 1L) "An effect that stands twice is" else "Effects that stand twice are",
           " used once."),
    details = describe_doubled(doubled), doubled = doubled
  )
}

# A sentence for each effect that stands twice.
describe_doubled <- function(doubled) {
  ifelse(names(doubled) == doubled, paste0("`", doubled, "` is named more than once."),
         paste0("`", names(doubled), "` groups the rows used exactly as `", doubled, "` does."))
}

# By effect, the labels of levels that stand in one row.
name_singletons <- function(effects) {
  lapply(effects, function(effect) {
    single <- core(cpp_singletons, effect$code, length(effect$values))
    if (length(single)) label_values(pick(effect$values, single)) else character()
  })
}
