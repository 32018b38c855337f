// What the tests of this folder share.
#pragma once

#include <algorithm>
#include <cmath>
#include "base/contract.hpp"
#include "check.hpp"
#include "reference.hpp"
#include "regression/least_squares.hpp"
#include "regression/residuals.hpp"
#include "variance/cluster_sums.hpp"
#include "variance/meat.hpp"
#include "variance/small_sample.hpp"

namespace variance_tests {

using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;
using flowresil::ContractViolation;
using flowresil::Correction;
using flowresil::Effect;
using flowresil::SampleCounts;
using flowresil::ScoreColumns;
using flowresil::small_sample;
using flowresil::SmallSample;
using flowresil::Variance;
using flowresil::WithinSolution;
using reference::Panel;

inline WithinSolution solution_of(const Panel& panel, int threads = 1) {
  flowresil::WithinOptions options;
  options.threads = threads;
  const VectorXd shift = panel.columns.colwise().mean();
  return flowresil::fit_within(panel.sample(), shift, options).solution;
}

// The regressors as they are, in the given order, and the residual at the given coefficients.
inline ScoreColumns score_columns(const VectorXd& coefficients, const std::vector<Index>& kept) {
  const Index k = coefficients.size();
  ScoreColumns scores;
  scores.combination = MatrixXd::Zero(k + 1, static_cast<Index>(kept.size()));
  for (std::size_t s = 0; s < kept.size(); ++s)
    scores.combination(kept[s], static_cast<Index>(s)) = 1.0;
  scores.residual.resize(k + 1);
  scores.residual << -coefficients, 1.0;
  scores.along = VectorXd::Zero(static_cast<Index>(kept.size()));
  scores.turn = MatrixXd::Identity(static_cast<Index>(kept.size()), static_cast<Index>(kept.size()));
  return scores;
}

inline void add_constant(ScoreColumns& scores) {
  scores.constant = true;
  const Index n = scores.combination.cols() + 1;
  scores.turn = MatrixXd::Identity(n, n);
}

inline ScoreColumns all_columns(const VectorXd& coefficients) {
  std::vector<Index> kept;
  for (Index j = 0; j < coefficients.size(); ++j)
    kept.push_back(j);
  return score_columns(coefficients, kept);
}

inline MatrixXd score_rows(const flowresil::Sample& sample, const WithinSolution& solution,
                           const ScoreColumns& scores, int threads) {
  MatrixXd rows(sample.n_rows, scores.turn.cols());
  flowresil::score_rows(sample, solution, scores, threads, rows);
  return rows;
}

// Clusters in no order of rows (every seventh row starts another), or in theirs.
inline std::vector<int> clusters(Index n, int n_clusters, bool sorted) {
  std::vector<int> codes;
  for (Index i = 0; i < n; ++i) {
    codes.push_back(static_cast<int>(sorted ? i * n_clusters / n : (i * 5 + i / 7) % n_clusters));
  }
  return codes;
}

inline Effect effect(const std::vector<int>& codes, Index n_levels) {
  return {codes.data(), n_levels};
}

inline Panel weighted(Panel panel) {
  reference::fill_weights(panel);
  return panel;
}

// 100 rows, 3 slopes, effects of 10 and 5 levels in two components, 10 clusters that hold the first effect.
inline SampleCounts counts_by_hand() {
  SampleCounts counts;
  counts.n_rows = 100;
  counts.n_slopes = 3;
  counts.n_levels = {10, 5};
  counts.nested = {true, false};
  counts.n_redundant = 2;
  counts.n_clusters = 10;
  return counts;
}

}  // namespace variance_tests
