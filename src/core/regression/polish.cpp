#include "regression/polish.hpp"

#include <algorithm>
#include <vector>

#include "base/contract.hpp"
#include "base/parallel.hpp"
#include "within/demean.hpp"

namespace flowresil {

using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;

FactorState take_polish(const Sample& sample, const WithinSolution& solution, int threads,
                        const LeastSquares& fit) {
  const Index m = sample.n_columns();
  const Index k = static_cast<Index>(fit.kept.size());
  const Roles& roles = sample.roles;
  require(k > 0 && fit.basis.rows() == k, "there must be a fit of these columns to polish");
  // Around means a column of ones goes first: what is left of the means is then out of the others.
  const bool about_means = sample.effects.empty() && sample.centre;
  const Index first = about_means ? 1 : 0;
  const Index width = first + k + 1;
  MatrixXd combination = MatrixXd::Zero(m, k + 1);
  for (Index a = 0; a < k; ++a) {
    const Index regressor = fit.kept[static_cast<std::size_t>(a)];
    combination.row(roles.regressors[static_cast<std::size_t>(regressor)]).head(k) = fit.basis.row(a);
  }
  combination(roles.outcome, k) = 1.0;
  const Index n_pieces = count_pieces(sample.n_rows, piece_rows);
  std::vector<FactorState> pieces(static_cast<std::size_t>(n_pieces), FactorState(width));
  for_pieces(n_pieces, threads_for(sample, threads), [&](Index p) {
    MatrixXd block(block_rows, m);
    MatrixXd turned(block_rows, width);
    const Index stop = std::min((p + 1) * piece_rows, sample.n_rows);
    for (Index from = p * piece_rows; from < stop; from += block_rows) {
      const Index rows = std::min(block_rows, stop - from);
      demean_rows(sample, solution, from, from + rows, block.data(), block_rows);
      if (about_means) turned.col(0).setOnes();
      turned.block(0, first, rows, k + 1).noalias() = block.topRows(rows) * combination;
      pieces[static_cast<std::size_t>(p)].take(turned, rows,
                                               sample.weights ? sample.weights + from : nullptr);
    }
  });
  FactorState total(width);
  for (const FactorState& piece : pieces)
    total.join(piece);
  return total;
}

void finish_polish(const FactorState& state, bool about_means, LeastSquares& fit) {
  const Index k = static_cast<Index>(fit.kept.size());
  require(state.triangle.cols() == k + (about_means ? 2 : 1),
          "the triangle must be of the basis and the outcome");
  MatrixXd triangle = state.triangle;
  if (about_means) {
    fit.offset = triangle.row(0).tail(k + 1).transpose() / triangle(0, 0);
    triangle = MatrixXd(triangle.bottomRightCorner(k + 1, k + 1));
  }
  const MatrixXd upper = triangle.topLeftCorner(k, k).triangularView<Eigen::Upper>();
  fit.polish = upper.triangularView<Eigen::Upper>().solve(MatrixXd::Identity(k, k));
  fit.along = fit.polish * triangle.col(k).head(k);
  const VectorXd kept = fit.basis * fit.along;
  for (Index a = 0; a < k; ++a)
    fit.coefficients[fit.kept[static_cast<std::size_t>(a)]] = kept[a];
  fit.residual_squares = triangle(k, k) * triangle(k, k);
}

void polish_fit(const Sample& sample, const WithinSolution& solution, int threads, LeastSquares& fit) {
  finish_polish(take_polish(sample, solution, threads, fit), sample.effects.empty() && sample.centre, fit);
}

}  // namespace flowresil
