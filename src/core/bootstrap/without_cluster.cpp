#include "bootstrap/without_cluster.hpp"

#include <algorithm>

#include <Eigen/Eigenvalues>

#include "variance/inverses.hpp"

namespace flowresil {

using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;

WithoutCluster without_cluster(const MatrixXd& products, const MatrixXd& middle, Index k) {
  const Index m = products.rows();
  const Index rest = m - k;
  WithoutCluster found;
  found.inverse.setZero(m, m);
  found.slopes = MatrixXd::Identity(k, k) - products.topLeftCorner(k, k);
  MatrixXd solved = MatrixXd::Zero(rest, k);  // rest^- times its products with the slopes
  if (rest > 0) {
    const MatrixXd root =
        inverse_root_less(middle.bottomRightCorner(rest, rest), products.bottomRightCorner(rest, rest));
    found.rest = root * root.transpose();
    solved = found.rest * products.bottomLeftCorner(rest, k);
    found.slopes -= products.topRightCorner(k, rest) * solved;
  }
  MatrixXd inverse = MatrixXd::Zero(k, k);
  if (k > 0) {
    const Eigen::SelfAdjointEigenSolver<MatrixXd> parts((found.slopes + found.slopes.transpose()) / 2);
    found.identified = parts.eigenvalues()[0] >= nothing_left;
    const VectorXd values =
        parts.eigenvalues().unaryExpr([](double value) { return value < nothing_left ? 0.0 : 1.0 / value; });
    inverse = parts.eigenvectors() * values.asDiagonal() * parts.eigenvectors().transpose();
  }
  found.inverse.topLeftCorner(k, k) = inverse;
  if (rest == 0) return found;
  const MatrixXd beside = solved * inverse;
  found.inverse.bottomLeftCorner(rest, k) = beside;
  found.inverse.topRightCorner(k, rest) = beside.transpose();
  found.inverse.bottomRightCorner(rest, rest) = found.rest + beside * solved.transpose();
  return found;
}

MatrixXd least_norm_shift(const MatrixXd& cross, const VectorXd& sides, const VectorXd& lengths,
                          const VectorXd& slopes, const std::vector<Index>& tested) {
  const Index k = cross.rows(), q = static_cast<Index>(tested.size());
  std::vector<Index> free;
  for (Index j = 0; j < k; ++j) {
    if (std::find(tested.begin(), tested.end(), j) == tested.end()) free.push_back(j);
  }
  const Index n_free = static_cast<Index>(free.size());
  MatrixXd own(n_free, n_free), side(n_free, 1 + q);
  VectorXd length(n_free);
  for (Index a = 0; a < n_free; ++a) {
    const Index row = free[static_cast<std::size_t>(a)];
    length[a] = lengths[row];
    side(a, 0) = sides[row];
    for (Index b = 0; b < n_free; ++b)
      own(a, b) = cross(row, free[static_cast<std::size_t>(b)]);
    for (Index j = 0; j < q; ++j) {
      const Index at = tested[static_cast<std::size_t>(j)];
      side(a, 0) -= cross(row, at) * slopes[at];
      side(a, 1 + j) = cross(row, at);
    }
  }
  const MatrixXd solved = least_norm(own, side, length);
  MatrixXd shift = MatrixXd::Zero(k, 1 + q);
  for (Index a = 0; a < n_free; ++a) {
    const Index row = free[static_cast<std::size_t>(a)];
    shift.row(row) = -solved.row(a);
    shift(row, 0) += slopes[row];
  }
  for (Index j = 0; j < q; ++j)
    shift(tested[static_cast<std::size_t>(j)], 1 + j) = 1;
  return shift;
}

}  // namespace flowresil
