#include "flowresil_types.h"

namespace Rcpp {

template <>
flowresil::Sample as(SEXP x) {
  const List parts(x);
  const List columns = parts["columns"];
  const List codes = parts["codes"];
  const IntegerVector n_levels = parts["n_levels"];
  flowresil::require(codes.size() == n_levels.size(), "there must be a number of levels for each effect");
  flowresil::Sample sample;
  sample.n_rows = as<int>(parts["n_rows"]);
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
  const SEXP weights = parts["weights"];
  if (!Rf_isNull(weights)) {
    flowresil::require(TYPEOF(weights) == REALSXP && Rf_xlength(weights) == sample.n_rows,
                       "weights must be doubles, one a row");
    sample.weights = REAL(weights);
  }
  sample.centre = as<bool>(parts["centre"]);
  return sample;
}

template <>
flowresil::WithinOptions as(SEXP x) {
  const List parts(x);
  flowresil::WithinOptions options;
  options.threads = as<int>(parts["threads"]);
  options.direct_limit = as<int>(parts["direct_limit"]);
  options.tolerance = as<double>(parts["tolerance"]);
  options.max_iterations = as<int>(parts["max_iterations"]);
  options.interrupted = flowresil::user_interrupts;
  return options;
}

template <>
flowresil::WithinSolution as(SEXP x) {
  const List parts(x);
  flowresil::WithinSolution solution;
  solution.shift = as<Eigen::VectorXd>(parts["shift"]);
  solution.rest = as<Eigen::VectorXd>(parts["rest"]);
  const List levels = parts["levels"];
  for (SEXP table : levels)
    solution.levels.push_back(as<Eigen::MatrixXd>(table));
  solution.method = as<std::string>(parts["method"]);
  return solution;
}

template <>
SEXP wrap(const flowresil::WithinSolution& solution) {
  List levels(solution.levels.size());
  for (std::size_t j = 0; j < solution.levels.size(); ++j)
    levels[static_cast<R_xlen_t>(j)] = wrap(solution.levels[j]);
  return List::create(Named("shift") = solution.shift, Named("rest") = solution.rest,
                      Named("levels") = levels, Named("method") = solution.method,
                      Named("converged") = solution.converged, Named("iterations") = solution.iterations,
                      Named("relative_error") = solution.relative_error);
}

template <>
flowresil::ScoreColumns as(SEXP x) {
  const List parts(x);
  flowresil::ScoreColumns scores;
  scores.combination = as<Eigen::MatrixXd>(parts["combination"]);
  scores.residual = as<Eigen::VectorXd>(parts["residual"]);
  scores.along = as<Eigen::VectorXd>(parts["along"]);
  scores.offset = as<Eigen::VectorXd>(parts["offset"]);
  scores.turn = as<Eigen::MatrixXd>(parts["turn"]);
  scores.constant = as<bool>(parts["constant"]);
  const SEXP column = parts["constant_column"];
  if (!Rf_isNull(column)) scores.constant_column = REAL(column);
  return scores;
}

template <>
flowresil::SampleCounts as(SEXP x) {
  const List parts(x);
  flowresil::SampleCounts counts;
  counts.n_rows = as<double>(parts["n_rows"]);
  counts.n_slopes = as<double>(parts["n_slopes"]);
  counts.n_levels = as<std::vector<double>>(parts["n_levels"]);
  counts.nested = as<std::vector<bool>>(parts["nested"]);
  counts.n_redundant = as<double>(parts["n_redundant"]);
  counts.constant = as<bool>(parts["constant"]);
  counts.n_clusters = as<double>(parts["n_clusters"]);
  return counts;
}

}  // namespace Rcpp

namespace flowresil {

namespace {
void check_interrupt(void*) {
  R_CheckUserInterrupt();
}
}  // namespace

bool user_interrupts() {
  return R_ToplevelExec(check_interrupt, nullptr) == FALSE;
}

}  // namespace flowresil
