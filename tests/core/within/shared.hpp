// What the tests of this folder share.
#pragma once

#include <cmath>
#include <limits>
#include "base/contract.hpp"
#include "check.hpp"
#include "reference.hpp"
#include "within/demean.hpp"
#include "within/effect_solver.hpp"

namespace within_tests {

using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;
using flowresil::ContractViolation;
using flowresil::WithinOptions;
using flowresil::WithinSolution;
using flowresil::WithinSolver;
using reference::Panel;

inline WithinOptions options_for(Index direct_limit = 2000, int threads = 1) {
  WithinOptions options;
  options.direct_limit = direct_limit;
  options.threads = threads;
  options.tolerance = 1e-13;
  return options;
}

inline VectorXd means_of(const Panel& panel) {
  return panel.columns.colwise().mean();
}

inline MatrixXd demeaned_by(const Panel& panel, const WithinSolution& solution) {
  MatrixXd out(panel.n_rows(), panel.columns.cols());
  flowresil::demean_rows(panel.sample(), solution, 0, panel.n_rows(), out.data(), panel.n_rows());
  return out;
}

// Demeaned by the method chosen, which is checked.
inline MatrixXd demean(const Panel& panel, const std::string& method,
                       const WithinOptions& options = options_for(), int refinements = 0) {
  const flowresil::Sample sample = panel.sample();
  const WithinSolver solver(sample, options);
  WithinSolution solution = solver.solve(means_of(panel));
  for (int i = 0; i < refinements; ++i)
    solver.refine(solution);
  expect(solution.method == solver.method() && flowresil::method_name(solution.method) == method);
  expect(solution.converged);
  return demeaned_by(panel, solution);
}

// Largest error of a demeaned column over its norm (both weighted), against long double.
inline double error_of(const Panel& panel, const MatrixXd& found) {
  const reference::Matrix truth = reference::demeaned(panel);
  double worst = 0.0;
  for (Index c = 0; c < found.cols(); ++c) {
    long double error = 0, norm = 0;
    for (Index i = 0; i < found.rows(); ++i) {
      const long double difference = static_cast<long double>(found(i, c)) - truth(i, c);
      error += panel.weight(i) * difference * difference;
      norm += panel.weight(i) * truth(i, c) * truth(i, c);
    }
    worst = std::max(worst, static_cast<double>(std::sqrt(error / norm)));
  }
  return worst;
}

inline void expect_as_dummies(const Panel& panel, const std::string& method, double tolerance,
                              const WithinOptions& options = options_for(), int refinements = 0) {
  expect_near(error_of(panel, demean(panel, method, options, refinements)), 0, tolerance);
}

inline Panel swapped(Panel panel) {
  std::swap(panel.codes[0], panel.codes[1]);
  std::swap(panel.n_levels[0], panel.n_levels[1]);
  return panel;
}

inline Panel weighted(Panel panel) {
  reference::fill_weights(panel);
  return panel;
}

inline Panel one_effect(Panel panel, std::size_t which) {
  panel.codes = {panel.codes[which]};
  panel.n_levels = {panel.n_levels[which]};
  return panel;
}

// 120 000 rows: more than one slab of every loop. Two effects, `missing` leaves out rows.
inline Panel large_panel(int units, int periods, bool missing) {
  Panel panel;
  std::vector<int> unit, period;
  for (int i = 0; i < units * periods; ++i) {
    if (missing && i % 13 == 5 && i % periods != 0) continue;
    unit.push_back(i / periods);
    period.push_back(i % periods);
  }
  panel.add_effect(unit);
  panel.add_effect(period);
  reference::fill_columns(panel, static_cast<Index>(unit.size()), 2);
  return panel;
}

}  // namespace within_tests
