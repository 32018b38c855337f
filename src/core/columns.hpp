// A first look at the columns of a sample, and the sizes in which rows are walked through.
#pragma once

#include <vector>

#include <Eigen/Core>

#include "core/sample.hpp"

namespace flowresil {

// Rows of a block, which stays in the first cache with its columns, and of a piece, which is one thread's
// work. Fixed, so that sums come out the same for any number of threads.
constexpr Eigen::Index block_rows = 256;
constexpr Eigen::Index piece_rows = 16384;

// What a look at the columns tells, before anything is computed from them.
struct ColumnSummary {
  Eigen::VectorXd means;  // of all values: not finite where one is not
  std::vector<Eigen::Index> n_not_a_number;
  std::vector<Eigen::Index> n_infinite;
};

// Means in fixed blocks; where a mean is not finite, counts of NaN and infinite values. O(n_rows n_columns).
ColumnSummary summarise_columns(const Sample& sample, int threads);

// Weighted means of the columns less `shift` less `rest`. O(n_rows n_columns).
Eigen::VectorXd weighted_means(const Sample& sample, const Eigen::VectorXd& shift,
                               const Eigen::VectorXd& rest, int threads);

// Sum of the weights.
double total_weight(const Sample& sample);

}  // namespace flowresil
