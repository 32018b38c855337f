# What the functions of a namespace can raise, read from their code: classes, texts, and who reaches which.
# tools/errors.R writes the Errors sections of the help from the same reading. Base R only.
#
# A *raiser* is a function that turns its arguments into a condition: those of R/base-conditions.R, and every function,
# also one made inside another, that hands an argument of its own on to a raiser.

condition_kinds <- c("error", "warning", "message")

# The raisers that everything else is found from: which argument gives the class, which ones give text.
first_raisers <- list(
  abort_input = list(class = "fault", text = c("must", "found", "todo"), prefix = "flowresil_error_"),
  warn_data = list(class = "fault", text = c("must", "found", "todo"), prefix = "flowresil_warning_"),
  inform_user = list(class = "what", text = c("text", "details"), prefix = "flowresil_message_"),
  abort = list(class = "class", text = "message", prefix = ""),
  warn = list(class = "class", text = "message", prefix = ""),
  inform = list(class = "class", text = "message", prefix = "")
)

# list(functions, raised): `functions` by name; `raised` has one row a class or piece of text that a function gives
# to a raiser: by (the function), what ("class" or "text"), value.
read_conditions <- function(namespace) {
  functions <- Filter(is.function, mget(ls(namespace, all.names = TRUE), namespace))
  functions <- Filter(function(f) !is.primitive(f) && identical(environment(f), namespace), functions)
  functions <- functions[!grepl("^cpp_|^_", names(functions))]
  raisers <- first_raisers
  raisers[c("abort", "warn", "inform")] <- lapply(raisers[c("abort", "warn", "inform")], function(r) {
    r$formals <- c("message", "class")
    r
  })
  for (name in setdiff(names(raisers), c("abort", "warn", "inform"))) {
    raisers[[name]]$formals <- names(formals(functions[[name]]))
  }
  own <- setdiff(names(raisers), c("abort", "warn", "inform"))
  scopes <- Map(function(f, name) new_scope(name, formals(f), body(f)), functions, names(functions))
  # Until no function is found that hands its arguments on.
  repeat {
    reading <- new.env()
    reading$raisers <- raisers
    reading$scopes <- scopes
    reading$rows <- list()
    reading$found <- list()
    reading$values <- list()
    for (name in setdiff(names(functions), own)) {
      read_calls(scopes[[name]]$body, scopes[[name]], name, reading)
    }
    grown <- merge_raisers(raisers, reading$found)
    if (identical(grown, raisers)) break
    raisers <- grown
  }
  rows <- unique(do.call(rbind, reading$rows))
  rownames(rows) <- NULL
  list(functions = functions, raised = rows)
}

merge_raisers <- function(raisers, found) {
  for (one in found) {
    old <- raisers[[one$name]]
    if (is.null(old)) old <- list(class = character(), text = character(), formals = one$formals, prefix = character())
    for (part in c("class", "text", "prefix")) old[[part]] <- sort(unique(c(old[[part]], one[[part]])))
    raisers[[one$name]] <- old
  }
  raisers
}

# Reads every call of a raiser inside `expr`. `scope` is the innermost function that has a name.
read_calls <- function(expr, scope, by, reading) {
  if (!is.call(expr)) return(invisible())
  if (is_closure(expr)) return(read_calls(expr[[3L]], scope, by, reading))
  if (is_assignment(expr) && is_closure(expr[[3L]])) {
    inner <- inner_scope(expr[[3L]], deparse1(expr[[2L]]), scope)
    return(read_calls(inner$body, inner, by, reading))
  }
  raiser <- raiser_of(called(expr), scope, reading)
  if (!is.null(raiser)) read_raise(expr, raiser, scope, by, reading)
  for (part in parts_of(expr)) read_calls(part, scope, by, reading)
}

read_raise <- function(expr, raiser, scope, by, reading) {
  given <- match_arguments(expr, raiser$formals)
  for (part in c("class", "text")) {
    for (argument in raiser[[part]]) {
      # paste0(prefix, fault) in R/base-conditions.R: only whole classes count.
      found <- literals(given[[argument]], scope, reading)
      value <- if (part == "class") found$text else unlist(lapply(found$text, pieces))
      if (part == "class") value <- as.vector(outer(raiser$prefix, value, paste0))
      if (part == "class") value <- grep("^flowresil_(error|warning|message)_[a-z]", value, value = TRUE)
      if (length(value)) {
        reading$rows[[length(reading$rows) + 1L]] <- data.frame(by = by, what = part, value = value)
      }
      for (handed in found$formals) {
        one <- list(name = handed$name, formals = handed$formals, prefix = raiser$prefix)
        one[[part]] <- handed$argument
        reading$found[[length(reading$found) + 1L]] <- one
      }
    }
  }
}

# The raiser that a name means here: one made inside an enclosing function before one of the namespace.
raiser_of <- function(name, scope, reading) {
  if (is.null(name)) return(NULL)
  while (!is.null(scope)) {
    inside <- reading$raisers[[paste0(scope$name, "$", name)]]
    if (!is.null(inside)) return(inside)
    scope <- scope$outer
  }
  reading$raisers[[name]]
}

match_arguments <- function(expr, formals) {
  given <- as.list(expr)[-1L]
  names <- if (is.null(names(given))) rep("", length(given)) else names(given)
  by_place <- c(setdiff(formals, c(names, "...")), rep("", length(given)))
  names[!nzchar(names)] <- utils::head(by_place, sum(!nzchar(names)))
  stats::setNames(given, names)
}

# Functions whose value is made of the text in their arguments.
text_makers <- c(
  "paste", "paste0", "sprintf", "gettextf", "ngettext", "c", "list", "(", "ifelse", "append", "unlist", "unname",
  "setNames", "set_names", "structure", "as.character", "format", "formatC", "trimws", "toupper", "tolower", "sub",
  "gsub", "dQuote", "sQuote", "shQuote", "strwrap", "head", "tail", "rev", "unique", "sort", "Filter", "Reduce", "Map",
  "mapply", "lapply", "vapply", "sapply", "do.call", "tryCatch", "suppressWarnings", "quietly", "return", "invisible"
)

# list(text, formals): the strings that an expression may give, also by way of variables and of functions of the
# namespace; and the arguments of enclosing functions that it hands on. `seen` are the names being followed.
literals <- function(expr, scope, reading, seen = character()) {
  among <- function(expressions) {
    join_literals(lapply(parts_of(expressions), literals, scope, reading, seen))
  }
  if (is.character(expr)) return(list(text = expr, formals = list()))
  if (is.symbol(expr)) return(literals_of_name(as.character(expr), scope, reading, seen))
  if (!is.call(expr)) return(no_literals)
  name <- called(expr)
  arguments <- as.list(expr)[-1L]
  if (is_closure(expr)) return(among(expr[3L]))
  if (is.null(name)) return(no_literals)
  if (name %in% c("if", "switch")) return(among(arguments[-1L]))
  if (name %in% c("$", "[[", "[", "@")) return(among(arguments[1L]))
  if (name == "{") return(among(c(utils::tail(arguments, 1L), returns(expr))))
  if (name %in% text_makers) return(among(arguments))
  told <- literals_of_value(name, scope, reading, seen)
  if (is.null(told)) return(no_literals)
  join_literals(list(told, among(arguments)))
}

no_literals <- list(text = character(), formals = list())

join_literals <- function(parts) {
  list(
    text = unique(as.character(unlist(lapply(parts, `[[`, "text")))),
    formals = unique(do.call(c, c(list(list()), lapply(parts, `[[`, "formals"))))
  )
}

# What a function of the namespace, or one made inside an enclosing function, gives back; NULL for any other.
literals_of_value <- function(name, scope, reading, seen) {
  place <- scope
  while (!is.null(place)) {
    key <- paste0(place$name, "$", name, "()")
    made <- place$closures[[name]]
    if (length(made)) {
      if (key %in% seen) return(no_literals)
      inner <- lapply(made, inner_scope, name, place)
      found <- join_literals(lapply(inner, function(s) literals(s$body, s, reading, c(seen, key))))
      return(list(text = found$text, formals = list()))
    }
    place <- place$outer
  }
  helper <- reading$scopes[[name]]
  if (is.null(helper)) return(NULL)
  if (name %in% seen) return(no_literals)
  if (is.null(reading$values[[name]])) {
    found <- literals(helper$body, helper, reading, c(seen, name))
    reading$values[[name]] <- list(text = found$text, formals = list())
  }
  reading$values[[name]]
}

literals_of_name <- function(name, scope, reading, seen) {
  place <- scope
  while (!is.null(place)) {
    key <- paste0(place$name, "$", name)
    if (key %in% seen) return(no_literals)
    given <- place$values[[name]]
    is_formal <- name %in% names(place$formals)
    if (length(given) || is_formal) {
      found <- join_literals(lapply(given, literals, place, reading, c(seen, key)))
      if (is_formal) {
        if (is.character(place$formals[[name]])) found$text <- c(found$text, place$formals[[name]])
        handed <- list(name = place$name, argument = name, formals = names(place$formals))
        found$formals <- c(found$formals, list(handed))
      }
      return(found)
    }
    place <- place$outer
  }
  no_literals
}

# Arguments of the return() calls of a body, those of functions inside it left out.
returns <- function(expr) {
  if (!is.call(expr) || is_closure(expr)) return(list())
  if (identical(called(expr), "return")) return(as.list(expr)[-1L])
  do.call(c, c(list(list()), lapply(parts_of(expr), returns)))
}

inner_scope <- function(fun, name, outer) {
  new_scope(paste0(outer$name, "$", name), fun[[2L]], fun[[3L]], outer)
}

# A function as a place where names mean something: `values` and `closures` are what is assigned to each name in its
# body, what functions with a name inside it do left out.
new_scope <- function(name, formals, body, outer = NULL) {
  found <- assignments(body)
  names <- vapply(found, `[[`, "", "name")
  made <- vapply(found, function(one) is_closure(one$value), NA)
  by_name <- function(which) split(lapply(found[which], `[[`, "value"), names[which])
  list(name = name, formals = as.list(formals), body = body, outer = outer, values = by_name(!made),
       closures = by_name(made))
}

assignments <- function(expr) {
  if (!is.call(expr)) return(list())
  if (is_assignment(expr)) {
    target <- expr[[2L]]
    while (is.call(target)) target <- target[[2L]]
    here <- list(list(name = as.character(target), value = expr[[3L]]))
    return(if (is_closure(expr[[3L]])) here else c(here, assignments(expr[[3L]])))
  }
  do.call(c, c(list(list()), lapply(parts_of(expr), assignments)))
}

is_closure <- function(expr) is.call(expr) && identical(expr[[1L]], quote(`function`))
is_assignment <- function(expr) {
  is.call(expr) && length(expr) == 3L && (identical(expr[[1L]], quote(`<-`)) || identical(expr[[1L]], quote(`=`)))
}

# The parts of a call, without the empty ones of x[1, ].
parts_of <- function(expr) {
  parts <- as.list(expr)
  parts[!vapply(parts, identical, logical(1L), formals(function(empty) NULL)$empty)]
}

# The name of the function that a call calls, pkg:: left out; NULL where it has none.
called <- function(expr) {
  head <- expr[[1L]]
  if (is.call(head) && is_qualified(head)) head <- head[[3L]]
  if (is.symbol(head)) as.character(head)
}

is_qualified <- function(expr) identical(expr[[1L]], quote(`::`)) || identical(expr[[1L]], quote(`:::`))

# The parts of a string that are text (two words or more), those between directives of sprintf().
pieces <- function(text) {
  parts <- squash(strsplit(text, "%[-+ #0-9.$*]*[a-zA-Z]", perl = TRUE)[[1L]])
  parts[grepl("[[:alpha:]][^[:space:]]*[[:space:]]+[^[:space:]]*[[:alpha:]]", parts)]
}

squash <- function(text) trimws(gsub("[[:space:]]+", " ", text))

# --- who reaches what -----------------------------------------------------------------------------------

# Names of the namespace's functions that a function uses. A generic that is the namespace's own, or that it imports,
# stands for all of its methods here; base's (print, `[`) mostly act on plain vectors and are not followed.
callees <- function(fun, functions, methods) {
  names <- c(codetools::findGlobals(fun, merge = TRUE), qualified_names(body(fun)))
  used <- intersect(names, names(functions))
  dispatched <- methods$method[methods$generic %in% c(names, dispatching(body(fun)))]
  intersect(c(used, dispatched), names(functions))
}

# f of pkg::f, which codetools does not follow.
qualified_names <- function(expr) {
  if (!is.call(expr)) return(character())
  if (is_qualified(expr)) return(as.character(expr[[3L]]))
  unlist(lapply(parts_of(expr), qualified_names))
}

dispatching <- function(expr) {
  if (is.call(expr) && identical(called(expr), "UseMethod")) return(expr[[2L]])
  if (!is.call(expr)) return(character())
  unlist(lapply(parts_of(expr), dispatching))
}

# The registered S3 methods: generic (without its package), class, method (the function's name).
s3_methods <- function(namespace) {
  table <- getNamespaceInfo(namespace, "S3methods")
  generic <- sub("^.*::", "", table[, 1L])
  unique(data.frame(generic = generic, class = table[, 2L], method = paste(generic, table[, 2L], sep = ".")))
}

# Classes that each function of the namespace can raise, itself or by way of others: an upper bound, as every branch
# counts and a generic stands for all of its methods here. Named list of sorted classes.
reachable_classes <- function(conditions, namespace) {
  functions <- conditions$functions
  methods <- s3_methods(namespace)
  known <- c(names(functions), unlist(lapply(getNamespaceImports(namespace), names)))
  methods <- methods[methods$generic %in% known, ]
  edges <- lapply(functions, callees, functions = functions, methods = methods)
  raised <- conditions$raised[conditions$raised$what == "class", ]
  reach <- split(raised$value, factor(raised$by, names(functions)))
  repeat {
    grown <- Map(function(own, calls) sort(unique(c(own, unlist(reach[calls])))), reach, edges)
    names(grown) <- names(reach)
    if (identical(lengths(grown), lengths(reach))) return(grown)
    reach <- grown
  }
}

# --- the help -------------------------------------------------------------------------------------------

# Every page: list(aliases, errors: the text of its section "Errors", all: its whole text). `pages` are parsed Rd, named
# by page.
read_help <- function(pages) {
  lapply(pages, function(page) {
    tags <- vapply(page, function(part) attr(part, "Rd_tag"), "")
    aliases <- vapply(page[tags == "\\alias"], function(part) trimws(as.character(part[[1L]])), "")
    sections <- Filter(is_errors_section, page[tags == "\\section"])
    list(aliases = unique(aliases), errors = squash(paste(unlist(sections), collapse = "")),
         all = paste(unlist(page), collapse = ""))
  })
}

is_errors_section <- function(part) {
  identical(attr(part, "Rd_tag"), "\\section") && identical(trimws(paste(unlist(part[[1L]]), collapse = "")), "Errors")
}

# The functions that a page is about: its aliases, and the methods that it speaks of, `generic()`, where it is a page of
# their class (fe_model, fe_model-methods, fe_model-interop).
functions_of_page <- function(page, methods) {
  beside <- function(class) any(page$aliases == class | startsWith(page$aliases, paste0(class, "-")))
  own <- methods[vapply(methods$class, beside, NA), ]
  told <- regmatches(page$all, gregexpr("[[:alnum:]._]+(?=[(])", page$all, perl = TRUE))[[1L]]
  c(page$aliases, own$method[own$generic %in% told])
}

# Classes that the functions of a page can raise.
classes_of_page <- function(page, reach, methods) {
  sort(unique(unlist(reach[intersect(functions_of_page(page, methods), names(reach))])))
}

# Which of `classes` a text names: in full, or, where it speaks of flowresil_error_* as a whole, by the rest.
named_in <- function(classes, text) {
  words <- strsplit(text, "[^[:alnum:]_*]+")[[1L]]
  short <- if ("flowresil_error_*" %in% words) sub("^flowresil_error_", "", classes) else classes
  classes %in% words | short %in% words
}

# Classes that the code can reach and that no run can, by page: list("page.Rd" = c(reason = "class")).
never_raised <- list()

# Functions that can raise and need no page, with the reason.
without_page <- c(
  summary.flow_index = "the time was checked when the index was made",
  summary.export_resilience = "the time was checked when the measure was made"
)

# So do methods that only refuse; those of print(), whose object was checked when it was made; and those that other
# packages call (knitr, emmeans, insight), not users.
needs_no_page <- function(methods, reach) {
  refuses <- vapply(reach[methods$method], setequal, NA, "flowresil_error_unsupported")
  called <- methods$generic %in% c("print", "knit_print", "recover_data", "emm_basis") | grepl("^get_", methods$generic)
  c(names(without_page), methods$method[refuses | called])
}
