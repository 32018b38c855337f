// Panels with clusters, their fits as R hands them over, and written-out dummies.
#pragma once

#include <cmath>
#include <vector>

#include <Eigen/QR>

#include "regression/least_squares.hpp"
#include "variance/cluster_rows.hpp"
#include "variance/shared.hpp"

namespace variance_tests {

using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;
using reference::Panel;

// Units of unequal length in six periods, two regressors and an outcome; clusters of units.
struct Case {
  Panel panel;
  std::vector<int> clusters;
  int n_clusters = 4;
  std::vector<bool> nested;
};

inline Case make_case(int effects, bool weights, bool by_unit) {
  Case made;
  std::vector<int> unit, time;
  for (int u = 0; u < 12; ++u) {
    for (int t = 0; t < 6; ++t) {
      if ((u * t) % 5 == 3) continue;
      unit.push_back(u);
      time.push_back(t);
      made.clusters.push_back(by_unit ? u % 4 : (3 * u + 2 * t) % 4);
    }
  }
  if (effects > 0) made.panel.add_effect(unit);
  if (effects > 1) made.panel.add_effect(time);
  reference::fill_columns(made.panel, static_cast<Index>(unit.size()), 3);
  if (weights) made.panel = weighted(made.panel);
  if (effects > 0) made.nested.push_back(by_unit);
  if (effects > 1) made.nested.push_back(false);
  return made;
}

// A fit as R hands it over: slopes, and scores in orthonormal directions.
struct Fit {
  flowresil::Sample sample;
  flowresil::WithinSolution solution;
  flowresil::ScoreColumns scores;
  MatrixXd basis;
  MatrixXd combinations;  // of the scores: the slopes
  VectorXd slopes;
};

inline Fit fit_of(const Panel& panel) {
  Fit fit;
  fit.sample = panel.sample();
  fit.sample.roles = flowresil::formula_roles(fit.sample.n_columns());
  const flowresil::WithinFit within =
      flowresil::fit_within(fit.sample, VectorXd::Zero(fit.sample.n_columns()), {});
  const flowresil::LeastSquares least = flowresil::least_squares(within.factor, 1e-11);
  fit.solution = within.solution;
  fit.slopes = least.coefficients;
  const Index k = fit.slopes.size();
  fit.scores.combination = MatrixXd::Zero(k + 1, k);
  fit.scores.combination.topRows(k).setIdentity();
  fit.scores.residual = VectorXd::Unit(k + 1, k);
  fit.scores.along = fit.slopes;
  fit.scores.turn = least.basis;
  fit.basis = least.basis;
  fit.combinations = least.basis.transpose();
  if (!panel.codes.empty()) return fit;
  // the constant's direction, last
  fit.scores.constant = true;
  fit.scores.turn = MatrixXd::Zero(k + 1, k + 1);
  fit.scores.turn.topLeftCorner(k, k) = least.basis;
  const double total = panel.weights.size() > 0 ? panel.weights.sum() : static_cast<double>(panel.n_rows());
  fit.scores.turn(k, k) = 1 / std::sqrt(total);
  fit.combinations = MatrixXd::Zero(k + 1, k);
  fit.combinations.topRows(k) = least.basis.transpose();
  return fit;
}

// Columns with a constant, or the dummies of all effects.
inline MatrixXd written_out(const Panel& panel, Index k) {
  const Index n = panel.n_rows();
  Index width = k;
  for (Index levels : panel.n_levels)
    width += levels;
  if (panel.codes.empty() && panel.centre) ++width;
  MatrixXd X = MatrixXd::Zero(n, width);
  X.leftCols(k) = panel.columns.leftCols(k);
  Index at = k;
  if (panel.codes.empty() && panel.centre) X.col(at).setOnes();
  for (std::size_t j = 0; j < panel.codes.size(); ++j) {
    for (Index i = 0; i < n; ++i)
      X(i, at + panel.codes[j][static_cast<std::size_t>(i)]) = 1;
    at += panel.n_levels[j];
  }
  return X;
}

inline VectorXd weights_of(const Panel& panel) {
  return panel.weights.size() > 0 ? panel.weights : VectorXd(VectorXd::Ones(panel.n_rows()));
}

inline MatrixXd pseudo_inverse(const MatrixXd& matrix) {
  return Eigen::CompleteOrthogonalDecomposition<MatrixXd>(matrix).pseudoInverse();
}

}  // namespace variance_tests
