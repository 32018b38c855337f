// A first look at the columns of a sample.
#pragma once

#include <vector>

#include <Eigen/Core>

#include "panel/sample.hpp"

namespace flowresil {

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
