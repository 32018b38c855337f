// Fits that lose digits.
#include "regression/shared.hpp"
#include "within/demean.hpp"

using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;
using flowresil::ContractViolation;
using flowresil::Fate;
using flowresil::LeastSquares;
using flowresil::WithinFactor;
using flowresil::WithinFit;
using flowresil::WithinOptions;
using reference::Panel;
using namespace regression_tests;

FLOWRESIL_TEST("a polished fit has the digits that columns which differ by 1e-8 leave") {
  for (const bool with_weights : {false, true}) {
    Panel panel = reference::unbalanced_panel(21, 9, 3);
    for (Index i = 0; i < panel.n_rows(); ++i) {
      panel.columns(i, 1) = panel.columns(i, 0) + 1e-8 * reference::wave(i, 9);
    }
    if (with_weights) reference::fill_weights(panel);
    const reference::Fit truth = reference::fit(panel);
    const WithinFit taken_in = within(panel);
    for (const int threads : {1, 3}) {
      LeastSquares fit = flowresil::least_squares(taken_in.factor, rank_tolerance);
      expect(fit.loses_digits);
      flowresil::polish_fit(panel.sample(), taken_in.solution, threads, fit);
      expect_near(relative(fit.coefficients, truth.coefficients), 0, 1e-6);
      const reference::Matrix difference = flowresil::inverse_products(fit).cast<long double>() - truth.bread;
      expect_near(static_cast<double>(difference.norm() / truth.bread.norm()), 0, 1e-6);
      expect_near(fit.residual_squares / static_cast<double>(truth.residual_squares), 1, 1e-10);
      expect_near(fit.basis * fit.along, fit.coefficients, 0);
    }
  }
  const LeastSquares plain = regress(reference::unbalanced_panel(21, 9, 3));
  expect(!plain.loses_digits);
  expect_near(plain.polish, MatrixXd::Identity(3, 3), 0);
  expect_near(plain.basis * plain.along, plain.coefficients, 1e-13);
  LeastSquares nothing = plain;
  nothing.kept.clear();
  const Panel panel = reference::unbalanced_panel(21, 9, 3);
  const WithinFit taken_in = within(panel);
  expect_throws<ContractViolation>(
      [&] { flowresil::polish_fit(panel.sample(), taken_in.solution, 1, nothing); }, "to polish");
}

FLOWRESIL_TEST("a polished fit around means takes out what rounding leaves of them") {
  Panel panel = reference::unbalanced_panel(21, 9, 3);
  panel.codes.clear();
  panel.n_levels.clear();
  for (Index i = 0; i < panel.n_rows(); ++i) {
    panel.columns(i, 0) = 2000.0 + static_cast<double>(i % 15);
    panel.columns(i, 1) = panel.columns(i, 0) * panel.columns(i, 0);
    panel.columns(i, 2) = panel.columns(i, 1) * panel.columns(i, 0);
  }
  reference::fill_weights(panel);
  const reference::Fit truth = reference::fit(panel);
  const WithinFit taken_in = within(panel);
  LeastSquares fit = flowresil::least_squares(taken_in.factor, rank_tolerance);
  expect(fit.offset.size() == 0 && fit.kept.size() == 3);
  flowresil::polish_fit(panel.sample(), taken_in.solution, 1, fit);
  expect(fit.offset.size() == 4);
  expect_near(relative(fit.coefficients, truth.coefficients), 0, 1e-8);
  expect_near(fit.residual_squares / static_cast<double>(truth.residual_squares), 1, 1e-10);
  // the columns in the basis, less their offsets, have no mean
  flowresil::WithinSolution solution = taken_in.solution;
  MatrixXd demeaned(panel.n_rows(), 4);
  flowresil::demean_rows(panel.sample(), solution, 0, panel.n_rows(), demeaned.data(), panel.n_rows());
  const MatrixXd turned = demeaned.leftCols(3) * fit.basis;
  const double total = panel.weights.sum();
  for (Index a = 0; a < 3; ++a)
    expect_near(panel.weights.dot(turned.col(a)) / total, fit.offset[a], 1e-12);
}
