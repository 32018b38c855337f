#include "flowresil_types.h"
#include "regression/effect_constant.hpp"
#include "regression/least_squares.hpp"
#include "regression/polish.hpp"
#include "regression/residuals.hpp"

// The whole fit: effects, factor, collinear columns, least squares; fate and kept by regressor; only
// representable = FALSE and norms where squares overflow.
// [[Rcpp::export(rng = false)]]
Rcpp::List cpp_fit_equation(const flowresil::Sample& sample, const Eigen::Map<Eigen::VectorXd>& shift,
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
  Rcpp::List fields = flowresil::fit_fields(within.factor, fit, polished, sample.roles.outcome);
  fields["solution"] = Rcpp::wrap(within.solution);
  return fields;
}

// For each effect: does it alone absorb a column (counted from 1)?
// [[Rcpp::export(rng = false)]]
Rcpp::LogicalVector cpp_absorbed_by(const flowresil::Sample& sample, int column,
                                    const Eigen::Map<Eigen::VectorXd>& shift,
                                    const flowresil::WithinOptions& options, double tolerance) {
  flowresil::require(column >= 1 && column <= shift.size(), "the column must be one of the sample");
  const std::vector<bool> absorbed = flowresil::interruptible(
      [&] { return flowresil::absorbed_by(sample, column - 1, shift[column - 1], options, tolerance); });
  return Rcpp::LogicalVector(absorbed.begin(), absorbed.end());
}

// Residuals, one a row.
// [[Rcpp::export(rng = false)]]
Eigen::VectorXd cpp_within_residuals(const flowresil::Sample& sample,
                                     const flowresil::WithinSolution& solution,
                                     const flowresil::ScoreColumns& scores, int threads) {
  return flowresil::within_residuals(sample, solution, scores, threads);
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
