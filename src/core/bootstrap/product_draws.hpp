// Regressions of resampled clusters, from their cross-products alone.
#pragma once

#include <cstdint>
#include <functional>
#include <vector>

#include <Eigen/Core>

#include "base/interrupt.hpp"
#include "bootstrap/pair_products.hpp"

namespace flowresil {

// One regression among the columns (numbered from 0, levels not counted).
struct DrawnEquation {
  Eigen::Index outcome = 0;
  std::vector<Eigen::Index> controls;  // any of which may drop out of a draw
  std::vector<Eigen::Index> wanted;    // whose coefficients are asked for: a draw without one of them fails
};

struct ProductDraws {
  Eigen::MatrixXd coefficients;  // of the equations' wanted columns in order x draws; NaN where a draw failed
  Eigen::MatrixXd inverses;      // the same of the diagonal of the inverse cross-products
  Eigen::MatrixXd residual_squares;  // equations x draws
  Eigen::MatrixXd covariances;       // their square x draws: sandwiches by cluster, no factor; if asked for
};

// Writes how often each cluster stands in draws first .. first + counts.cols() - 1 (clusters x draws).
using ClusterCounts = std::function<void(Eigen::Index first, Eigen::Ref<Eigen::MatrixXd> counts)>;

// Levels and controls of which nothing is left in a draw (1e-12 of their squares, in it or in all clusters)
// drop out of it. A cluster that stands twice counts as two. The same bits for any number of threads. Throws
// ContractViolation and Interruption. O(draws x (clusters size^2 + size^3)).
ProductDraws product_draws(const PairProducts& products, const std::vector<DrawnEquation>& equations,
                           Eigen::Index n_draws, const ClusterCounts& counts, bool with_covariances,
                           int threads, const Interrupted& interrupted);

// Counts of n_clusters draws with replacement.
ClusterCounts resampled_clusters(Eigen::Index n_clusters, std::uint64_t seed);

}  // namespace flowresil
