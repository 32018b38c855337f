#include "variance/inverses.hpp"

#include <cmath>

#include <Eigen/Cholesky>
#include <Eigen/Eigenvalues>

namespace flowresil {

using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;

MatrixXd submatrix(const MatrixXd& matrix, const std::vector<Index>& at) {
  const Index n = static_cast<Index>(at.size());
  MatrixXd part(n, n);
  for (Index b = 0; b < n; ++b) {
    for (Index a = 0; a < n; ++a)
      part(a, b) = matrix(at[static_cast<std::size_t>(a)], at[static_cast<std::size_t>(b)]);
  }
  return part;
}

GeneralisedInverse generalised_inverse(const MatrixXd& matrix) {
  const VectorXd scale =
      matrix.diagonal().unaryExpr([](double value) { return value > 0.0 ? 1.0 / std::sqrt(value) : 1.0; });
  const Eigen::SelfAdjointEigenSolver<MatrixXd> parts(scale.asDiagonal() * matrix * scale.asDiagonal());
  const Index n = matrix.rows();
  Index n_null = 0;
  while (n_null < n && parts.eigenvalues()[n_null] <= 1e-10)
    ++n_null;
  const MatrixXd vectors = scale.asDiagonal() * parts.eigenvectors();
  const auto kept = vectors.rightCols(n - n_null);
  GeneralisedInverse found;
  found.inverse = kept * parts.eigenvalues().tail(n - n_null).cwiseInverse().asDiagonal() * kept.transpose();
  found.null = vectors.leftCols(n_null);
  return found;
}

// (inverse^-1 - lost)^- = L (1 - L' lost L)^- L' for inverse = L L'.
MatrixXd inverse_root_less(const MatrixXd& inverse, const MatrixXd& lost) {
  const Eigen::LLT<MatrixXd> factor(inverse);
  const MatrixXd triangle = factor.matrixL();
  MatrixXd left = -(triangle.transpose() * lost * triangle);
  left.diagonal().array() += 1.0;
  const Eigen::SelfAdjointEigenSolver<MatrixXd> parts((left + left.transpose()) / 2);
  const VectorXd roots = parts.eigenvalues().unaryExpr(
      [](double value) { return value < nothing_left ? 0.0 : 1.0 / std::sqrt(value); });
  return triangle * parts.eigenvectors() * roots.asDiagonal();
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

}  // namespace flowresil
