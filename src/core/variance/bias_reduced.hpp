// The variance of Bell and McCaffrey (CR2) and what its degrees of freedom are made of.
#pragma once

#include <vector>

#include <Eigen/Core>

#include "base/interrupt.hpp"
#include "variance/cluster_rows.hpp"

namespace flowresil {

// Of q combinations of the scores' directions, u_gs the rows' weights in cluster g, P^st = [u_gs'u_ht] over
// clusters:
struct BiasReduced {
  Eigen::MatrixXd scores;    // n_scores x n_clusters: the adjusted scores' sums by cluster
  Eigen::MatrixXd meat;      // n_scores square: their products
  Eigen::MatrixXd expected;  // q x q: the trace of P^st, the variance's expectation at unit variance
  Eigen::MatrixXd straight;  // q x q: the sum of P^ss P^tt
  Eigen::MatrixXd crossed;   // q x q: the sum of P^st P^ts
};

// Residuals of cluster g are multiplied by A_g, the inverse of the symmetric root of R_g R_g', R the residual
// maker of regressors and crossing levels, eigenvalues under 1e-9 counted as zero; errors of unit variance
// also under weights. `combinations` are n_scores x q; without `pairs` only the diagonals of the last three
// are filled. `nested` tells of each effect whether it lies inside the clusters. The same bits for any number
// of threads. Throws ContractViolation (see CrossingLevels) and Interruption. No matrix has more than the
// directions of a cluster (twice that under weights) or its rows, the fewer.
BiasReduced bias_reduced(const ClusterReader& reader, const std::vector<bool>& nested,
                         const Eigen::MatrixXd& combinations, bool pairs, Eigen::Index most_levels,
                         int threads, const Interrupted& interrupted);

}  // namespace flowresil
