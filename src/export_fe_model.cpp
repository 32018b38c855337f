#include "flowresil_types.h"

// list(means, n_not_a_number, n_infinite), by column.
// [[Rcpp::export(rng = false)]]
Rcpp::List cpp_summarise_columns(const flowresil::Sample& sample, int threads) {
  const flowresil::ColumnSummary summary = flowresil::summarise_columns(sample, threads);
  return Rcpp::List::create(
      Rcpp::Named("means") = summary.means,
      Rcpp::Named("n_not_a_number") =
          std::vector<double>(summary.n_not_a_number.begin(), summary.n_not_a_number.end()),
      Rcpp::Named("n_infinite") = std::vector<double>(summary.n_infinite.begin(), summary.n_infinite.end()));
}

// The whole fit: effects, factor, least squares; only representable = FALSE and norms where squares overflow.
// [[Rcpp::export(rng = false)]]
Rcpp::List cpp_fit_within(const flowresil::Sample& sample, const Eigen::Map<Eigen::VectorXd>& shift,
                          const flowresil::WithinOptions& options, double rank_tolerance) {
  const flowresil::WithinFit within =
      flowresil::interruptible([&] { return flowresil::fit_within(sample, shift, options); });
  if (!within.factor.representable) {
    return Rcpp::List::create(Rcpp::Named("representable") = false,
                              Rcpp::Named("norms") = within.factor.norms);
  }
  flowresil::LeastSquares fit = flowresil::least_squares(within.factor, rank_tolerance);
  const bool polished = fit.loses_digits && !fit.kept.empty();
  if (polished) flowresil::polish_fit(sample, within.solution, options.threads, fit);
  const Eigen::Index outcome = sample.n_columns() - 1;
  return Rcpp::List::create(
      Rcpp::Named("representable") = true, Rcpp::Named("solution") = within.solution,
      Rcpp::Named("coefficients") = fit.coefficients, Rcpp::Named("fate") = flowresil::fate_codes(fit),
      Rcpp::Named("basis") = fit.basis, Rcpp::Named("polish") = fit.polish, Rcpp::Named("along") = fit.along,
      Rcpp::Named("offset") = fit.offset, Rcpp::Named("polished") = polished,
      Rcpp::Named("combination") = fit.combination, Rcpp::Named("residual_squares") = fit.residual_squares,
      Rcpp::Named("within_squares") = fit.within_squares,
      Rcpp::Named("total_squares") = within.factor.centred_squares[outcome],
      Rcpp::Named("outcome_absorbed") = fit.outcome_absorbed, Rcpp::Named("means") = within.factor.means,
      Rcpp::Named("norms") = within.factor.norms,
      Rcpp::Named("centred_squares") = within.factor.centred_squares);
}

// Sum of score products by row, or by cluster where `cluster` has codes.
// [[Rcpp::export(rng = false)]]
Eigen::MatrixXd cpp_score_squares(const flowresil::Sample& sample, const flowresil::WithinSolution& solution,
                                  const flowresil::ScoreColumns& scores, const Rcpp::IntegerVector& cluster,
                                  int n_clusters, int threads) {
  const flowresil::Effect groups = flowresil::effect_from(cluster, n_clusters);
  flowresil::require(cluster.size() == 0 || cluster.size() == sample.n_rows,
                     "there must be a cluster for each row");
  return flowresil::score_squares(sample, solution, scores, cluster.size() == 0 ? nullptr : &groups, threads);
}

// Residuals, one a row.
// [[Rcpp::export(rng = false)]]
Eigen::VectorXd cpp_within_residuals(const flowresil::Sample& sample,
                                     const flowresil::WithinSolution& solution,
                                     const flowresil::ScoreColumns& scores, int threads) {
  return flowresil::within_residuals(sample, solution, scores, threads);
}

// Demeaned columns, n_rows x n_columns, outcome last.
// [[Rcpp::export(rng = false)]]
Eigen::MatrixXd cpp_demean(const flowresil::Sample& sample, const flowresil::WithinSolution& solution) {
  Eigen::MatrixXd demeaned(sample.n_rows, sample.n_columns());
  flowresil::demean_rows(sample, solution, 0, sample.n_rows, demeaned.data(), sample.n_rows);
  return demeaned;
}

// list(weights, value, converged) of the constant of a base level (0 .. levels - 1) of each effect.
// [[Rcpp::export(rng = false)]]
Rcpp::List cpp_effect_functional(const flowresil::Sample& sample, const std::vector<int>& base,
                                 const flowresil::WithinOptions& options) {
  const flowresil::Functional functional =
      flowresil::interruptible([&] { return flowresil::effect_functional(sample, base, options); });
  return Rcpp::List::create(Rcpp::Named("weights") = functional.weights,
                            Rcpp::Named("value") = functional.value,
                            Rcpp::Named("converged") = functional.converged);
}

// list(n_parameters, factor, degrees_of_freedom) by the names that R uses.
// [[Rcpp::export(rng = false)]]
Rcpp::List cpp_small_sample(const std::string& variance, const std::string& correction,
                            const flowresil::SampleCounts& counts) {
  const flowresil::SmallSample small = flowresil::small_sample(
      flowresil::variance_named(variance), flowresil::correction_named(correction), counts);
  return Rcpp::List::create(Rcpp::Named("n_parameters") = small.n_parameters,
                            Rcpp::Named("factor") = small.factor,
                            Rcpp::Named("degrees_of_freedom") = small.degrees_of_freedom);
}

// Total rank of the effects' dummies (three effects or more).
// [[Rcpp::export(rng = false)]]
double cpp_dummy_rank(const flowresil::Sample& sample) {
  return flowresil::dummy_rank(sample);
}
