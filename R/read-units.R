# China's provinces under any of their names.

# The 31 provinces: code, English and Chinese name, full Chinese name.
province_names <- function() {
  tibet <- data.frame(adcode = 540000L, province = "Tibet", province_zh = "\u897f\u85cf")
  known <- rbind(get("provinces", envir = asNamespace("flowresil"))[c("adcode", "province", "province_zh")], tibet)
  known <- known[order(known$adcode), ]
  city <- c("\u5317\u4eac", "\u5929\u6d25", "\u4e0a\u6d77", "\u91cd\u5e86")
  region <- c("\u5185\u8499\u53e4" = "\u81ea\u6cbb\u533a", "\u5e7f\u897f" = "\u58ee\u65cf\u81ea\u6cbb\u533a",
              "\u897f\u85cf" = "\u81ea\u6cbb\u533a",
              "\u5b81\u590f" = "\u56de\u65cf\u81ea\u6cbb\u533a",
                "\u65b0\u7586" = "\u7ef4\u543e\u5c14\u81ea\u6cbb\u533a")
  suffix <- ifelse(known$province_zh %in% city, "\u5e02",
                   ifelse(known$province_zh %in% names(region), region[known$province_zh], "\u7701"))
  known$full_zh <- paste0(known$province_zh, suffix)
  rownames(known) <- NULL
  known
}

# What units can be called: the column of province_names() behind each `to`.
unit_names <- function() {
  list(name_en = "province", name_zh = "full_zh", short_zh = "province_zh", code = "adcode")
}

# A unit's name without the suffix of an administrative division, in lower case and without blanks.
bare_unit <- function(x) {
  plain <- tolower(gsub("[[:space:]\u3000._'-]", "", plain_cells(enc2utf8(as.character(x)))))
  region <- "(?:\u7ef4\u543e\u5c14|\u58ee\u65cf|\u56de\u65cf)?\u81ea\u6cbb\u533a$"
  city <- "(?<=\u5317\u4eac|\u5929\u6d25|\u4e0a\u6d77|\u91cd\u5e86)\u5e02$"
  plain <- sub(paste(region, "\u7701$", city, sep = "|"), "", plain, perl = TRUE)
  plain <- sub("(?:hui|zhuang|uygur|uyghur|uighur)?autonomousregion$|province$|municipality$|shengs?$", "", plain)
  sub("(?<=beijing|tianjin|shanghai|chongqing)(?:city|shi)$", "", plain, perl = TRUE)
}

#' One name for each Chinese province
#'
#' @param x Names of provinces, Chinese or English, with or without the words for province, city and autonomous region,
#' or
#'   codes of two, four or six digits as text or numbers.
#' @param to `"name_en"` (default, as in [provinces]; Tibet is `"Tibet"`), `"name_zh"` (with its suffix), `"short_zh"`,
#' or
#'   `"code"`, the six-digit number of [provinces].
#' @param unknown What becomes of a name that is no province: an error (default), kept, or `NA`. Cities and the whole
#'   country are no provinces.
#' @return A character vector as long as `x`, an integer vector for `"code"`; a missing value stays one.
#' @section Errors: `flowresil_error_unit` (unknown names, listed), `flowresil_error_choice`.
#' @source GB/T 2260.
#' @seealso [read_panel()].
#' @export
#' @examples
#' standardise_units(c("Guangxi Zhuang Autonomous Region", "44", "shaanxi"))
#' standardise_units(c("Hebei", "Nowhere"), to = "code", unknown = "NA")
standardise_units <- function(x, to = c("name_en", "name_zh", "short_zh", "code"), unknown = c("error", "keep", "NA")) {
  call <- rlang::current_env()
  to <- check_choice(to, names(unit_names()), "to", call)
  unknown <- check_choice(unknown, c("error", "keep", "NA"), "unknown", call)
  standardise_in(x, to, unknown, call)
}

# The same with what was checked already.
standardise_in <- function(x, to, unknown, call) {
  if (is.list(x) || is.function(x) || is.language(x)) {
    abort_input("unit", "`x` must be names or codes of provinces.", found = paste0("It is ", describe_type(x), "."),
                arg = "x", call = call)
  }
  text <- if (is.numeric(x)) label_values(as.double(x)) else enc2utf8(as.character(x))
  text[is.na(x)] <- NA
  distinct <- unique(text[!is.na(text)])
  found <- match_province(distinct)
  lost <- distinct[is.na(found)]
  if (length(lost) && unknown == "error") {
    abort_input(
      "unit", "Every unit must be a province of China.",
      found = paste0(enumerate(lost, "`"), if (length(lost) == 1L) " is none." else " are none."),
      todo = "`unknown = \"keep\"` keeps other names, `\"NA\"` makes them missing.", arg = "x", units = lost,
        call = call
    )
  }
  known <- province_names()[[unit_names()[[to]]]]
  place <- found[match(text, distinct)]
  out <- known[place]
  if (unknown == "keep" && to != "code") out <- ifelse(is.na(place), text, out)
  if (unknown == "keep" && to == "code" && length(lost)) out <- ifelse(is.na(place), text, as.character(out))
  out
}

# Rows of province_names() that names or codes stand for; NA for none.
match_province <- function(text) {
  known <- province_names()
  plain <- plain_cells(text)
  code <- grepl("^[0-9]{2}(?:[0-9]{2}){0,2}$", plain) & nchar(plain) %in% c(2L, 4L, 6L)
  out <- rep(NA_integer_, length(text))
  # a code of two, four or six digits whose last are zeros
  digits <- substr(paste0(plain, "0000"), 1L, 6L)
  out[code] <- match(digits[code], as.character(known$adcode))
  bare <- bare_unit(text)
  english <- tolower(gsub("[^A-Za-z]", "", known$province))
  other <- c(xizang = "tibet", neimenggu = "innermongolia", neimongol = "innermongolia", innermongol = "innermongolia",
             innermongolian = "innermongolia", hongkong = NA)
  alias <- other[bare]
  bare <- ifelse(is.na(alias), bare, alias)
  by_name <- match(bare, english)
  by_zh <- match(bare, known$province_zh)
  by_name[is.na(by_name)] <- by_zh[is.na(by_name)]
  out[!code] <- by_name[!code]
  # "\u5409\u6797\u5e02" and "Jilin City" are cities.
  city <- grepl("(\u5e02|city)$", tolower(gsub("[[:space:]]", "", plain)))
  out[city & !code & !bare %in% c("\u5317\u4eac", "\u5929\u6d25", "\u4e0a\u6d77", "\u91cd\u5e86", "beijing", "tianjin",
                                  "shanghai", "chongqing")] <- NA
  out
}
