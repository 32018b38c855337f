// Coefficients without one cluster at a time, effects estimated anew.
#pragma once

#include <vector>

#include <Eigen/Core>

#include "base/interrupt.hpp"
#include "variance/cluster_rows.hpp"

namespace flowresil {

// k regressors in the orthonormal directions of the scores, without a constant's.
struct Jackknife {
  Eigen::MatrixXd changes;  // k x n_clusters: the slopes without the cluster less all rows' slopes
  // Clusters without which a direction keeps less than 1e-9 of its length, and for each of them the
  // cross-products of the directions (k square, sum of squared lengths 1 of all rows) and their products with
  // the residuals: their changes are zero.
  std::vector<Eigen::Index> unidentified;
  std::vector<Eigen::MatrixXd> cross_products;
  std::vector<Eigen::VectorXd> products;
};

// The effect with most levels is eliminated; the others, which may have `most_levels` levels together, are
// solved where they meet the cluster. The same bits for any number of threads. Throws ContractViolation and
// Interruption.
Jackknife jackknife(const ClusterReader& reader, Eigen::Index most_levels, int threads,
                    const Interrupted& interrupted);

}  // namespace flowresil
