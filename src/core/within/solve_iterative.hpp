// The iterative way out where effects are too many for a direct solution: alternating projections with the
// largest effect eliminated exactly, accelerated by conjugate gradients.
#pragma once

#include <vector>

#include <Eigen/Core>

#include "panel/sample.hpp"
#include "within/level_sums.hpp"

namespace flowresil {

struct Convergence {
  bool converged = true;
  int iterations = 0;
  double relative_error = 0.0;
};

// Adds to solution[j] (n_columns x n_levels) the effects that solve the normal equations for `sums`.
// The energy norm of the error is the 2-norm of the error of the demeaned column, so the rule of Hestenes
// and Stiefel (the decrease over the last window of steps) bounds the solution itself: a column ends when
// that is below tolerance times the larger of what is left of the column and 1e-3 of its norm.
// Throws ContractViolation on sizes, Interruption. O(n_rows) a step and column.
Convergence solve_by_conjugate_gradients(const Sample& sample, std::size_t eliminated,
                                         const std::vector<Eigen::VectorXd>& level_weights,
                                         const LevelSums& sums, const Eigen::VectorXd& norms,
                                         const WithinOptions& options,
                                         std::vector<Eigen::MatrixXd>& solution);

}  // namespace flowresil
