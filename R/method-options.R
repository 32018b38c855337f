# Options that belong to some methods only. One that is given to another method is refused: it would be ignored.

# `value` stands if it is NULL or the default, as wrappers pass all options on. `owner` says in words what takes
# the option, `instead` what was chosen.
refuse_option <- function(value, default, arg, owner, instead, call) {
  if (is_default(value, default)) return(invisible())
  shown <- if (is.atomic(value) && length(value) == 1L) describe_value(value) else
    paste0("It is ", describe_type(value), ".")
  abort_input(
    "argument", paste0("`", arg, "` belongs to ", owner, "."),
    found = paste0(sub("[.]$", "", shown), " and ", instead, "."),
    todo = paste0("Leave `", arg, "` out, or choose what takes it."), arg = arg, call = call
  )
}

is_default <- function(value, default) {
  is.null(value) || identical(value, default) ||
    (is.numeric(value) && is.numeric(default) && length(value) == 1L && !is.na(value) && value == default)
}

# What an index by `method` does not take.
refuse_index_options <- function(recipe, normalise, call) {
  instead <- if (recipe$method == "given") "`weights` are given" else paste0("`method` is \"", recipe$method, "\"")
  if (recipe$method != "entropy") {
    refuse_option(recipe$offset, 0, "offset", "`method = \"entropy\"`", instead, call)
  }
  if (recipe$method != "pca") {
    refuse_option(recipe$components, NULL, "components", "`method = \"pca\"`", instead, call)
  }
  if (recipe$method != "given") refuse_option(recipe$rescale, FALSE, "rescale", "given `weights`", instead, call)
  if (recipe$method == "pca" && normalise != "zscore") {
    refuse_option(normalise, "minmax", "normalise", "`method = \"entropy\"`, `\"equal\"` and given `weights`",
                  paste0(instead, ", which standardises the indicators"), call)
  }
}

# What resilience by `method` does not take.
refuse_resilience_options <- function(method, base, lambda, transform, scale, call) {
  if (method == "base") {
    instead <- "`method` is \"base\", a plain ratio"
    refuse_option(lambda, 6.25, "lambda", "`method = \"hp\"`", instead, call)
    refuse_option(transform, "none", "transform", "`method = \"hp\"`", instead, call)
    refuse_option(scale, 100, "scale", "the transforms of `method = \"hp\"`", instead, call)
    return(invisible())
  }
  refuse_option(base, 2008, "base", "`method = \"base\"`", "`method` is \"hp\", which has no base year", call)
}
