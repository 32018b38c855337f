#include "flowresil_types.h"

#include <string>

namespace {

// The fields of an R list, by name and type.
class Fields {
 public:
  explicit Fields(SEXP x) : parts_(x) {}
  template <class Value>
  Value get(const char* name) const {
    return Rcpp::as<Value>(parts_[name]);
  }
  bool has(const char* name) const { return parts_.containsElementNamed(name) && !Rf_isNull(parts_[name]); }
  SEXP at(const char* name) const { return parts_[name]; }

  // A vector of doubles of the given length, which stays R's.
  const double* doubles(const char* name, Eigen::Index n) const {
    const SEXP x = parts_[name];
    flowresil::require(TYPEOF(x) == REALSXP && Rf_xlength(x) == n,
                       "columns and weights must be doubles, one a row");
    return REAL(x);
  }

 private:
  Rcpp::List parts_;
};

// Numbers of columns, counted from 1 by R.
std::vector<Eigen::Index> columns_from(const Rcpp::IntegerVector& numbers) {
  std::vector<Eigen::Index> columns;
  for (int number : numbers)
    columns.push_back(number - 1);
  return columns;
}

flowresil::Roles roles_from(SEXP x) {
  const Fields fields(x);
  flowresil::Roles roles;
  roles.outcome = fields.get<int>("outcome") - 1;
  roles.regressors = columns_from(fields.get<Rcpp::IntegerVector>("regressors"));
  roles.endogenous = columns_from(fields.get<Rcpp::IntegerVector>("endogenous"));
  roles.instruments = columns_from(fields.get<Rcpp::IntegerVector>("instruments"));
  return roles;
}

}  // namespace

namespace Rcpp {

template <>
flowresil::Sample as(SEXP x) {
  const Fields fields(x);
  const List columns = fields.at("columns");
  const List codes = fields.at("codes");
  const IntegerVector n_levels = fields.at("n_levels");
  flowresil::require(codes.size() == n_levels.size(), "there must be a number of levels for each effect");
  flowresil::Sample sample;
  sample.n_rows = fields.get<int>("n_rows");
  for (SEXP column : columns) {
    flowresil::require(TYPEOF(column) == REALSXP && Rf_xlength(column) == sample.n_rows,
                       "columns must be doubles, one a row");
    sample.columns.push_back(REAL(column));
  }
  for (R_xlen_t j = 0; j < codes.size(); ++j) {
    const SEXP effect = codes[j];
    flowresil::require(TYPEOF(effect) == INTSXP && Rf_xlength(effect) == sample.n_rows,
                       "codes must be integers, one a row");
    sample.effects.push_back({INTEGER(effect), n_levels[j]});
  }
  if (fields.has("roles")) sample.roles = roles_from(fields.at("roles"));
  if (fields.has("weights")) sample.weights = fields.doubles("weights", sample.n_rows);
  sample.centre = fields.get<bool>("centre");
  return sample;
}

template <>
flowresil::WithinOptions as(SEXP x) {
  const Fields fields(x);
  flowresil::WithinOptions options;
  options.threads = fields.get<int>("threads");
  options.direct_limit = fields.get<int>("direct_limit");
  options.tolerance = fields.get<double>("tolerance");
  options.max_iterations = fields.get<int>("max_iterations");
  options.interrupted = flowresil::user_interrupts;
  return options;
}

template <>
flowresil::WithinSolution as(SEXP x) {
  const Fields fields(x);
  flowresil::WithinSolution solution;
  solution.shift = fields.get<Eigen::VectorXd>("shift");
  solution.rest = fields.get<Eigen::VectorXd>("rest");
  const List levels = fields.at("levels");
  for (SEXP table : levels)
    solution.levels.push_back(as<Eigen::MatrixXd>(table));
  return solution;
}

template <>
SEXP wrap(const flowresil::WithinSolution& solution) {
  List levels(solution.levels.size());
  for (std::size_t j = 0; j < solution.levels.size(); ++j)
    levels[static_cast<R_xlen_t>(j)] = wrap(solution.levels[j]);
  return List::create(Named("shift") = solution.shift, Named("rest") = solution.rest,
                      Named("levels") = levels,
                      Named("method") = std::string(flowresil::method_name(solution.method)),
                      Named("converged") = solution.converged, Named("iterations") = solution.iterations,
                      Named("relative_error") = solution.relative_error);
}

template <>
flowresil::ScoreColumns as(SEXP x) {
  const Fields fields(x);
  flowresil::ScoreColumns scores;
  scores.combination = fields.get<Eigen::MatrixXd>("combination");
  scores.residual = fields.get<Eigen::VectorXd>("residual");
  scores.along = fields.get<Eigen::VectorXd>("along");
  scores.offset = fields.get<Eigen::VectorXd>("offset");
  scores.turn = fields.get<Eigen::MatrixXd>("turn");
  scores.constant = fields.get<bool>("constant");
  if (fields.has("constant_column")) scores.constant_column = REAL(fields.at("constant_column"));
  return scores;
}

template <>
flowresil::SampleCounts as(SEXP x) {
  const Fields fields(x);
  flowresil::SampleCounts counts;
  counts.n_rows = fields.get<double>("n_rows");
  counts.n_slopes = fields.get<double>("n_slopes");
  counts.n_levels = fields.get<std::vector<double>>("n_levels");
  counts.nested = fields.get<std::vector<bool>>("nested");
  counts.n_redundant = fields.get<double>("n_redundant");
  counts.constant = fields.get<bool>("constant");
  counts.n_clusters = fields.get<double>("n_clusters");
  return counts;
}

template <>
flowresil::FactorState as(SEXP x) {
  const Fields fields(x);
  flowresil::FactorState state(0);
  state.triangle = fields.get<Eigen::MatrixXd>("triangle");
  state.sums = fields.get<Eigen::VectorXd>("sums");
  state.squares = fields.get<Eigen::VectorXd>("squares");
  state.weight = fields.get<double>("weight");
  return state;
}

template <>
SEXP wrap(const flowresil::FactorState& state) {
  return List::create(Named("triangle") = state.triangle, Named("sums") = state.sums,
                      Named("squares") = state.squares, Named("weight") = state.weight);
}

}  // namespace Rcpp

namespace flowresil {

Rcpp::List fit_fields(const WithinFactor& factor, const LeastSquares& fit, bool polished,
                      Eigen::Index outcome) {
  return Rcpp::List::create(
      Rcpp::Named("representable") = true, Rcpp::Named("coefficients") = fit.coefficients,
      Rcpp::Named("fate") = fate_codes(fit), Rcpp::Named("basis") = fit.basis,
      Rcpp::Named("polish") = fit.polish, Rcpp::Named("along") = fit.along,
      Rcpp::Named("offset") = fit.offset, Rcpp::Named("polished") = polished,
      Rcpp::Named("combination") = fit.combination, Rcpp::Named("residual_squares") = fit.residual_squares,
      Rcpp::Named("within_squares") = fit.within_squares,
      Rcpp::Named("total_squares") = factor.centred_squares[outcome],
      Rcpp::Named("outcome_absorbed") = fit.outcome_absorbed, Rcpp::Named("means") = factor.means,
      Rcpp::Named("norms") = factor.norms, Rcpp::Named("centred_squares") = factor.centred_squares,
      Rcpp::Named("loses_digits") = fit.loses_digits);
}

namespace {
void check_interrupt(void*) {
  R_CheckUserInterrupt();
}
}  // namespace

bool user_interrupts() {
  return R_ToplevelExec(check_interrupt, nullptr) == FALSE;
}

}  // namespace flowresil
