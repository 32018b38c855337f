// The middle of a sandwich.
#pragma once

#include <vector>

#include <Eigen/Core>

#include "regression/score_pass.hpp"
#include "variance/group_sums.hpp"

namespace flowresil {

// Sums of products of turned scores: an accumulator, whose state is one n_scores x n_scores matrix.
struct ScoreSquares {
  explicit ScoreSquares(Eigen::Index n_scores) : sum(Eigen::MatrixXd::Zero(n_scores, n_scores)) {}

  // The first `rows` rows of turned scores.
  void take(const Eigen::MatrixXd& turned, Eigen::Index rows) {
    sum.noalias() += turned.topRows(rows).transpose() * turned.topRows(rows);
  }
  void join(const ScoreSquares& next) { sum += next.sum; }

  Eigen::MatrixXd sum;
};

// Sum over rows of (w e)^2 z z' for the score columns z (HC), or over clusters of the sums of w e z (cluster
// given). Rows go in slabs, sums in row order: the same bits for any number of threads.
// Throws ContractViolation. O(n_rows k^2 by row, n_rows k + clusters k^2 by cluster, for a combination that
// selects).
Eigen::MatrixXd score_squares(const Sample& sample, const WithinSolution& solution,
                              const ScoreColumns& scores, const Effect* cluster, int threads);

// The same by each of several groupings, in one pass over the rows.
std::vector<Eigen::MatrixXd> score_squares(const ScorePass& pass, const std::vector<Grouping>& groupings,
                                           int threads);

}  // namespace flowresil
