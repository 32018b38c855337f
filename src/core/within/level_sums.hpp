// Sums by level of the effects: all that a solver of effects is told of the columns. An accumulator: sums of
// two sets of rows add up, and they can be kept.
#pragma once

#include <vector>

#include <Eigen/Core>

#include "panel/sample.hpp"
#include "within/solution.hpp"

namespace flowresil {

// Sums of one thing over rows, by level: one an effect, n_columns x n_levels.
using LevelSums = std::vector<Eigen::MatrixXd>;

// Weighted sums of the columns less `shift` (n_columns). The pieces are columns, so threads change no bit.
// O(n_rows n_columns).
LevelSums sum_columns(const Sample& sample, const Eigen::VectorXd& shift, int threads);

// The same over the rows as they stand after a solution: what is still left to take out; and the norms of the
// columns as they stand (n_columns, added to `norms`, which is zero).
LevelSums sum_demeaned(const Sample& sample, const WithinSolution& solution, int threads,
                       Eigen::VectorXd& norms);

// Adds the sums of other rows with the same levels.
void join_sums(LevelSums& sums, const LevelSums& next);

// Sums of the weights by level of one effect; zero where a level has no row.
Eigen::VectorXd sum_weights(const Sample& sample, const Effect& effect);

// Sums of the weights by level, of every effect. Throws ContractViolation where a level has no row.
std::vector<Eigen::VectorXd> sum_weights(const Sample& sample);

// Weighted norms of the columns less their shifts: the scale of the iterative method's tolerance.
Eigen::VectorXd column_norms(const Sample& sample, const Eigen::VectorXd& shift);

}  // namespace flowresil
