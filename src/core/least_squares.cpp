#include "core/least_squares.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include <Eigen/QR>

#include "core/contract.hpp"
#include "core/parallel.hpp"
#include "core/reflections.hpp"

namespace flowresil {

using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;

namespace {

// What one piece of rows contributes.
struct Piece {
  MatrixXd triangle;
  VectorXd sums;     // weighted, of the columns less their shifts
  VectorXd squares;  // weighted
  double weight = 0.0;
};

Piece take_in(const Sample& sample, const WithinSolution& solution, const VectorXd& shift, Index begin,
              Index end) {
  const Index m = sample.n_columns();
  Piece piece{MatrixXd::Zero(m, m), VectorXd::Zero(m), VectorXd::Zero(m), 0.0};
  MatrixXd block(block_rows, m);
  VectorXd root_weights(block_rows);
  for (Index from = begin; from < end; from += block_rows) {
    const Index rows = std::min(block_rows, end - from);
    for (Index c = 0; c < m; ++c) {
      const Eigen::Map<const VectorXd> column(sample.columns[static_cast<std::size_t>(c)] + from, rows);
      if (sample.weights) {
        const Eigen::Map<const VectorXd> weights(sample.weights + from, rows);
        piece.sums[c] += ((column.array() - shift[c]) * weights.array()).sum();
        piece.squares[c] += ((column.array() - shift[c]).square() * weights.array()).sum();
      } else {
        piece.sums[c] += (column.array() - shift[c]).sum();
        piece.squares[c] += (column.array() - shift[c]).square().sum();
      }
    }
    demean_rows(sample, solution, from, from + rows, block.data(), block_rows);
    if (sample.weights) {
      const Eigen::Map<const VectorXd> weights(sample.weights + from, rows);
      piece.weight += weights.sum();
      root_weights.head(rows) = weights.cwiseSqrt();
      for (Index c = 0; c < m; ++c)
        block.col(c).head(rows).array() *= root_weights.head(rows).array();
    } else {
      piece.weight += static_cast<double>(rows);
    }
    fold_rows(piece.triangle, block.data(), rows, block_rows);
  }
  return piece;
}

WithinFactor factorise(const Sample& sample, const WithinSolution& solution, const VectorXd& shift,
                       int threads) {
  const Index m = sample.n_columns();
  const Index n_pieces = count_pieces(sample.n_rows, piece_rows);
  std::vector<Piece> pieces(static_cast<std::size_t>(n_pieces));
  for_pieces(n_pieces, threads_for(sample, threads), [&](Index p) {
    const Index begin = p * piece_rows;
    pieces[static_cast<std::size_t>(p)] =
        take_in(sample, solution, shift, begin, std::min(begin + piece_rows, sample.n_rows));
  });
  Piece total{MatrixXd::Zero(m, m), VectorXd::Zero(m), VectorXd::Zero(m), 0.0};
  for (Piece& piece : pieces) {
    fold_rows(total.triangle, piece.triangle.data(), m, m);
    total.sums += piece.sums;
    total.squares += piece.squares;
    total.weight += piece.weight;
  }
  WithinFactor factor;
  factor.triangle = total.triangle;
  const VectorXd offset = total.sums / total.weight;
  factor.means = shift + offset;
  factor.centred_squares = (total.squares - total.weight * offset.cwiseAbs2()).cwiseMax(0.0);
  factor.norms = (factor.centred_squares + total.weight * factor.means.cwiseAbs2()).cwiseSqrt();
  factor.representable = factor.triangle.allFinite() && factor.norms.allFinite();
  return factor;
}

// Does less than 1e-4 of the column's spread stay after the effects and the columns before it? What is left
// of a column at rounding level has no digits to save.
bool loses_digits(const WithinFactor& factor, Index column) {
  const double spread = factor.centred_squares[column];
  const double own = factor.triangle(column, column) * factor.triangle(column, column);
  return factor.triangle.col(column).squaredNorm() < 1e-8 * spread ||
         (own < 1e-8 * spread && own > 1e-26 * spread);
}

}  // namespace

WithinFit fit_within(const Sample& sample, const VectorXd& shift, const WithinOptions& options) {
  require(sample.n_columns() > 0, "there must be an outcome");
  const EffectSolver solver(sample, options);
  WithinFit fit;
  fit.solution = solver.solve(shift);
  fit.factor = factorise(sample, fit.solution, shift, options.threads);
  if (!fit.factor.representable) return fit;
  // Weights far apart in size leave the iteration with errors that its rule does not see.
  bool refine = solver.is_ill_conditioned() || (solver.method() == "iterative" && sample.weights != nullptr);
  for (Index c = 0; c < sample.n_columns(); ++c)
    refine = refine || loses_digits(fit.factor, c);
  if (refine && solver.method() != "none") {
    solver.refine(fit.solution);
    fit.factor = factorise(sample, fit.solution, shift, options.threads);
  }
  return fit;
}

namespace {

// Is what the effects leave of a column nothing beside its spread, or beside the rounding of its values?
bool is_absorbed(const WithinFactor& factor, Index column, double tolerance) {
  constexpr double rounding = 64.0 * std::numeric_limits<double>::epsilon();
  const double left = factor.triangle.col(column).norm();
  return left <= tolerance * std::sqrt(factor.centred_squares[column]) ||
         left <= rounding * factor.norms[column];
}

}  // namespace

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
    if (remainder <= std::max(tolerance, 8.0 * epsilon * factor.norms[j] / norm)) {
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
