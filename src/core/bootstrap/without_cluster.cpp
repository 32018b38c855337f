#include "bootstrap/without_cluster.hpp"

#include <algorithm>
#include <cmath>

#include <Eigen/Cholesky>
#include <Eigen/Eigenvalues>

namespace flowresil {

using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;

namespace {

constexpr double nothing_left = 1e-9;

// Columns B with B B' the inverse of `middle`^-1 - `products`, where something is left.
MatrixXd inverse_root(const MatrixXd& products, const MatrixXd& middle) {
  const Eigen::LLT<MatrixXd> factor(middle);
  const MatrixXd triangle = factor.matrixL();
  MatrixXd left = -(triangle.transpose() * products * triangle);
  left.diagonal().array() += 1.0;
  const Eigen::SelfAdjointEigenSolver<MatrixXd> parts((left + left.transpose()) / 2);
  const VectorXd roots = parts.eigenvalues().unaryExpr(
      [](double value) { return value < nothing_left ? 0.0 : 1.0 / std::sqrt(value); });
  return triangle * parts.eigenvectors() * roots.asDiagonal();
}

}  // namespace

WithoutCluster without_cluster(const MatrixXd& products, const MatrixXd& middle, Index k) {
  const Index m = products.rows();
  const Index rest = m - k;
  WithoutCluster found;
  found.inverse.setZero(m, m);
  found.slopes = MatrixXd::Identity(k, k) - products.topLeftCorner(k, k);
  MatrixXd solved = MatrixXd::Zero(rest, k);  // rest^- times its products with the slopes
  if (rest > 0) {
    const MatrixXd root =
        inverse_root(products.bottomRightCorner(rest, rest), middle.bottomRightCorner(rest, rest));
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

MatrixXd least_norm(const MatrixXd& cross, const MatrixXd& sides, const VectorXd& lengths) {
  const Index k = cross.rows();
  MatrixXd solution = MatrixXd::Zero(k, sides.cols());
  const VectorXd scale = VectorXd::NullaryExpr(k, [&](Index j) {
    return cross(j, j) > nothing_left * lengths[j] ? 1.0 / std::sqrt(cross(j, j)) : 0.0;
  });
  if (k == 0 || scale.maxCoeff() <= 0.0) return solution;
  const Eigen::SelfAdjointEigenSolver<MatrixXd> parts(scale.asDiagonal() * cross * scale.asDiagonal());
  const double most = parts.eigenvalues()[k - 1];
  const VectorXd values = parts.eigenvalues().unaryExpr(
      [=](double value) { return value > nothing_left * most ? 1.0 / value : 0.0; });
  solution = scale.asDiagonal() * parts.eigenvectors() * values.asDiagonal() *
             parts.eigenvectors().transpose() * scale.asDiagonal() * sides;
  return solution;
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
