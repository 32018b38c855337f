# The replication page: the models of Tables 2 to 4.

# The thirteen columns of Tables 2 to 4, named "table.column", and for the comparison the eastern provinces and
# those without a free-trade zone, which the paper does not print.
paper_models <- function(sample, constant = "dummy") {
  alone <- ExpRes ~ Data | province + year
  full <- ExpRes ~ Data + edu + open + gov + health + tec | province + year
  groups <- fe_compare(full, sample, constant = constant, subsets = list(
    without_three = !province %in% c("Beijing", "Shanghai", "Guangdong"),
    central_western = region != "east", east = region == "east",
    zone = !is.na(ftz_year) & ftz_year <= 2019, no_zone = is.na(ftz_year) | ftz_year > 2019,
    inland = location == "inland", coastal = location != "inland"
  ))
  lags <- fe_compare(full, sample, lags = 1:2, constant = constant)
  pca <- fe_compare(full, sample, treatments = c(pca = "PCAdata"), constant = constant)
  hp <- fe_compare(full, sample, outcomes = c(hp = "log_resilience"), constant = constant)
  steps <- fe_mediation(full, sample, mediators = c(ISU, TED), constant = constant)
  list(
    "2.1" = fe_model(alone, sample, constant = constant), "2.2" = fe_model(full, sample, constant = constant),
    "3.1" = pca[["pca"]], "3.2" = lags[["lag 1"]], "3.3" = lags[["lag 2"]], "3.4" = groups[["without_three"]],
    "3.5" = hp[["hp"]],
    "4.1" = steps$models$ISU, "4.2" = steps$models$TED, "4.3" = groups[["central_western"]],
    "4.4" = groups[["zone"]], "4.5" = groups[["inland"]], "4.6" = groups[["coastal"]],
    east = groups[["east"]], no_zone = groups[["no_zone"]]
  )
}

# The models with the published and with the estimated weights, each with both constants. What cannot be
# estimated is a list with the reason.
fit_paper <- function(sample) {
  estimated <- sample
  estimated$Data <- sample$Data_estimated
  attempt <- function(data, constant) {
    tryCatch(paper_models(data, constant), error = function(e) {
      list(reason = gsub("[\n ]+", " ", conditionMessage(e)))
    })
  }
  lapply(list(paper = sample, estimate = estimated), function(data) {
    list(dummy = attempt(data, "dummy"), mean = attempt(data, "mean"))
  })
}

# The paper's names of terms in the words of the formula.
term_of <- function(row) {
  words <- c(lag1_Data = "l(Data, 1)", lag2_Data = "l(Data, 2)", Constant = "(Intercept)")
  ifelse(row %in% names(words), words[row], row)
}

# Column (5) of Table 3 is the one for which the paper announces clustered errors.
is_clustered_column <- function(key) key == "3.5"

# The stars of the package's own tables.
stars_for <- flowresil:::significance_stars
