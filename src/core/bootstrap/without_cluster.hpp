// The normal equations without one cluster.
#pragma once

#include <vector>

#include <Eigen/Core>

namespace flowresil {

// A generalised inverse of all cross-products less one cluster's, in its own directions: the first k are
// slopes in orthonormal directions.
struct WithoutCluster {
  Eigen::MatrixXd inverse;  // m square
  bool identified = true;   // does every slope keep more than 1e-9 of its length?
  Eigen::MatrixXd slopes;   // k square: cross-products of the slopes, the rest taken out
  Eigen::MatrixXd rest;     // the inverse of the rest alone
};

// `products` (m square) are the cluster's, `middle` (m square, positive definite) the inverse of all rows'.
WithoutCluster without_cluster(const Eigen::MatrixXd& products, const Eigen::MatrixXd& middle,
                               Eigen::Index k);

// The given slopes less the solution of least norm with the tested ones held away from theirs by distances d:
// k x 1 + tested, at none first, then per unit of each distance.
Eigen::MatrixXd least_norm_shift(const Eigen::MatrixXd& cross, const Eigen::VectorXd& sides,
                                 const Eigen::VectorXd& lengths, const Eigen::VectorXd& slopes,
                                 const std::vector<Eigen::Index>& tested);

}  // namespace flowresil
