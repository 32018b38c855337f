#include "regression/least_squares.hpp"

#include <algorithm>
#include <limits>

#include <Eigen/QR>

#include "base/contract.hpp"

namespace flowresil {

using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;

LeastSquares least_squares(const WithinFactor& factor, double tolerance) {
  const Index m = factor.triangle.cols();
  require(m >= 1 && factor.triangle.rows() == m && factor.norms.size() == m, "the factor must be square");
  require(factor.representable, "squares of the columns must be finite");
  require(tolerance >= 0.0 && tolerance < 1.0, "the tolerance must lie in [0, 1)");
  constexpr double epsilon = std::numeric_limits<double>::epsilon();
  const Index k = m - 1;
  const VectorXd outcome = factor.triangle.col(k);
  LeastSquares fit;
  fit.coefficients = VectorXd::Zero(k);
  fit.fate.assign(static_cast<std::size_t>(k), Fate::kept);
  fit.within_squares = outcome.squaredNorm();
  fit.outcome_absorbed = is_absorbed(factor, k, tolerance);

  MatrixXd basis(m, k);    // orthonormal, of the kept columns
  MatrixXd columns(m, k);  // kept columns scaled to norm one
  VectorXd scale(k);
  Index n_kept = 0;
  std::vector<VectorXd> dropped;
  for (Index j = 0; j < k; ++j) {
    const double norm = factor.triangle.col(j).norm();
    if (is_absorbed(factor, j, tolerance)) {
      fit.fate[static_cast<std::size_t>(j)] = Fate::absorbed;
      continue;
    }
    const VectorXd column = factor.triangle.col(j) / norm;
    VectorXd left = column;
    for (int pass = 0; pass < 2; ++pass) {  // once more: the first pass leaves rounding along the basis
      const VectorXd along = basis.leftCols(n_kept).transpose() * left;
      left -= basis.leftCols(n_kept) * along;
    }
    const double remainder = left.norm();
    if (remainder < 1e-4) fit.loses_digits = true;
    if (remainder <=
        std::max(tolerance, 8.0 * epsilon * factor.norms[factor.order[static_cast<std::size_t>(j)]] / norm)) {
      fit.fate[static_cast<std::size_t>(j)] = Fate::collinear;
      dropped.push_back(column);
      continue;
    }
    basis.col(n_kept) = left / remainder;
    columns.col(n_kept) = column;
    scale[n_kept] = norm;
    fit.kept.push_back(j);
    ++n_kept;
  }
  fit.residual_squares = fit.within_squares;
  if (n_kept == 0) return fit;

  const Eigen::HouseholderQR<MatrixXd> qr(columns.leftCols(n_kept));
  const VectorXd scaled = qr.solve(outcome);
  fit.residual_squares = (outcome - columns.leftCols(n_kept) * scaled).squaredNorm();
  const MatrixXd upper = qr.matrixQR().topRows(n_kept).triangularView<Eigen::Upper>();
  MatrixXd inverse = MatrixXd::Identity(n_kept, n_kept);
  upper.triangularView<Eigen::Upper>().solveInPlace(inverse);
  for (Index a = 0; a < n_kept; ++a) {
    inverse.row(a) /= scale[a];
    fit.coefficients[fit.kept[static_cast<std::size_t>(a)]] = scaled[a] / scale[a];
  }
  fit.basis = inverse;
  fit.polish = MatrixXd::Identity(n_kept, n_kept);
  fit.along = (qr.householderQ().transpose() * outcome).head(n_kept);
  fit.combination.resize(n_kept, static_cast<Index>(dropped.size()));
  for (std::size_t d = 0; d < dropped.size(); ++d)
    fit.combination.col(static_cast<Index>(d)) = qr.solve(dropped[d]);
  return fit;
}

MatrixXd inverse_products(const LeastSquares& fit) {
  const MatrixXd inverse = fit.basis * fit.polish;
  return inverse * inverse.transpose();
}

std::vector<int> fate_codes(const LeastSquares& fit) {
  std::vector<int> codes;
  for (Fate fate : fit.fate)
    codes.push_back(static_cast<int>(fate));
  return codes;
}

}  // namespace flowresil
