// Cross-products by cluster, from which the regressions of resampled clusters follow without their rows.
#pragma once

#include <vector>

#include <Eigen/Core>

#include "base/interrupt.hpp"
#include "variance/crossing_levels.hpp"

namespace flowresil {

// Symmetric matrices by their lower triangle, column by column: one a column of `packed`, of n_levels levels
// of effects that clusters do not contain (or the constant), which come first, and then the columns.
struct PairProducts {
  Eigen::Index n_levels = 0;
  Eigen::Index n_columns = 0;
  Eigen::MatrixXd packed;  // size (size + 1) / 2 x clusters

  Eigen::Index size() const { return n_levels + n_columns; }
};

// `reader` reads all columns as they are, as scores (a constant last where there are no effects).
// Throws ContractViolation and Interruption. O(rows x size^2).
PairProducts pair_products(const ClusterReader& reader, const CrossingLevels& crossing, int threads,
                           const Interrupted& interrupted);

// The full matrix of one column, and back.
Eigen::MatrixXd unpacked(const Eigen::Ref<const Eigen::VectorXd>& packed, Eigen::Index size);
Eigen::VectorXd packed(const Eigen::MatrixXd& whole);

// Two of each: clusters of outcomes that were drawn anew with sign 1, then those of sign -1. `build` (size
// square) makes the columns of each cluster out of its own: build[0] + sign build[1].
PairProducts signed_products(const PairProducts& products, const Eigen::MatrixXd& fixed,
                             const Eigen::MatrixXd& moving);

}  // namespace flowresil
