// What the tests of this folder share.
#pragma once

#include <cmath>
#include "base/contract.hpp"
#include "check.hpp"
#include "reference.hpp"
#include "regression/least_squares.hpp"
#include "regression/polish.hpp"

namespace regression_tests {

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

constexpr double rank_tolerance = 1e-11;

inline WithinFit within(const Panel& panel, Index direct_limit = 2000, int threads = 1) {
  WithinOptions options;
  options.direct_limit = direct_limit;
  options.threads = threads;
  options.tolerance = 1e-12;
  const VectorXd shift = panel.columns.colwise().mean();
  return flowresil::fit_within(panel.sample(), shift, options);
}

inline LeastSquares regress(const Panel& panel, Index direct_limit = 2000) {
  return flowresil::least_squares(within(panel, direct_limit).factor, rank_tolerance);
}

inline double relative(const VectorXd& found, const reference::Vector& truth) {
  return static_cast<double>((found.cast<long double>() - truth).norm() / truth.norm());
}

inline void expect_as_dummies(const Panel& panel, double tolerance, Index direct_limit = 2000) {
  const reference::Fit truth = reference::fit(panel);
  const LeastSquares fit = regress(panel, direct_limit);
  expect(fit.kept.size() == static_cast<std::size_t>(panel.columns.cols() - 1));
  expect_near(relative(fit.coefficients, truth.coefficients), 0, tolerance);
  const reference::Matrix difference = flowresil::inverse_products(fit).cast<long double>() - truth.bread;
  expect_near(static_cast<double>(difference.norm() / truth.bread.norm()), 0, tolerance);
  expect_near(fit.residual_squares / static_cast<double>(truth.residual_squares), 1, tolerance);
  expect_near(fit.within_squares / static_cast<double>(truth.within_squares), 1, tolerance);
}

inline Panel weighted(Panel panel) {
  reference::fill_weights(panel);
  return panel;
}

// Some blocks of rows of an unbalanced panel with two effects.
inline Panel large_fit_panel() {
  Panel panel;
  std::vector<int> unit, period;
  for (int u = 0; u < 40; ++u) {
    for (int t = 0; t < 20; ++t) {
      if ((u * 7 + t) % 11 == 0) continue;
      unit.push_back(u);
      period.push_back(t);
    }
  }
  panel.add_effect(unit);
  panel.add_effect(period);
  reference::fill_columns(panel, static_cast<Index>(unit.size()), 3);
  return panel;
}

// A factor from demeaned columns as they stand: nothing taken out, so norms before and after are the same.
inline WithinFactor factor_of(const MatrixXd& triangle) {
  WithinFactor factor;
  factor.triangle = triangle;
  factor.norms = triangle.colwise().norm();
  factor.centred_squares = triangle.colwise().squaredNorm();
  factor.means = VectorXd::Zero(triangle.cols());
  for (Index c = 0; c < triangle.cols(); ++c)
    factor.order.push_back(c);
  return factor;
}

}  // namespace regression_tests
