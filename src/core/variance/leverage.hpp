// Leverage of rows, effects counted, and the products of scores that are corrected by it.
#pragma once

#include <Eigen/Core>

#include "regression/score_pass.hpp"

namespace flowresil {

// The diagonal of the hat matrix of regressors and effects, n_rows, weights in it. The effects beside the
// largest may have `most_levels` levels together. Throws ContractViolation. O(n_rows k + levels^3 + sum over
// levels of the largest effect of its squared number of other levels).
Eigen::VectorXd row_leverage(const Sample& sample, const WithinSolution& solution, const ScoreColumns& scores,
                             Eigen::Index most_levels, int threads);

// A row with more has a coefficient to itself.
constexpr double whole_leverage = 1.0 - 1e-9;

// Sum over rows of squared turned scores over (1 - h)^power; rows of whole leverage count zero. Throws
// ContractViolation.
Eigen::MatrixXd leverage_squares(const Sample& sample, const WithinSolution& solution,
                                 const ScoreColumns& scores, const Eigen::VectorXd& leverage, double power,
                                 int threads);

}  // namespace flowresil
