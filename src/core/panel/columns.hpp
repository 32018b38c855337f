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

// Weighted sums of columns and of the weights: an accumulator. Small (two vectors' worth), and sums of other
// rows join it, so that it can be kept between batches.
struct ColumnSums {
  explicit ColumnSums(Eigen::Index n_columns) : sums(Eigen::VectorXd::Zero(n_columns)) {}

  // Rows begin .. end - 1 of the columns less `shift` less `rest`.
  void take(const Sample& sample, const Eigen::VectorXd& shift, const Eigen::VectorXd& rest,
            Eigen::Index begin, Eigen::Index end);
  void join(const ColumnSums& next);

  Eigen::VectorXd sums;
  double weight = 0.0;
};

// Means in fixed blocks; where a mean is not finite, counts of NaN and infinite values. O(n_rows n_columns).
ColumnSummary summarise_columns(const Sample& sample, int threads);

// Weighted means of the columns less `shift` less `rest`. O(n_rows n_columns).
Eigen::VectorXd weighted_means(const Sample& sample, const Eigen::VectorXd& shift,
                               const Eigen::VectorXd& rest, int threads);

// Sum of the weights.
double total_weight(const Sample& sample);

}  // namespace flowresil
