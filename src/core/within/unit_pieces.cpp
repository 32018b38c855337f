#include "within/unit_pieces.hpp"

#include "base/contract.hpp"
#include "panel/graph.hpp"
#include "within/level_pairs.hpp"
#include "within/level_sums.hpp"

namespace flowresil {

using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;

namespace {

void check_piece(const Sample& piece, const VectorXd& shift) {
  check_sample(piece);
  require(piece.effects.size() == 2, "a piece must have units and cells");
  require(shift.size() == piece.n_columns(), "there must be a shift for each column");
}

// Sums over weights; zero where there is no weight.
MatrixXd means_of(const MatrixXd& sums, const VectorXd& weights) {
  MatrixXd means = MatrixXd::Zero(sums.rows(), sums.cols());
  for (Index l = 0; l < weights.size(); ++l) {
    if (weights[l] > 0.0) means.col(l) = sums.col(l) / weights[l];
  }
  return means;
}

}  // namespace

UnitPieceSums sum_unit_piece(const Sample& piece, const VectorXd& shift, int threads) {
  check_piece(piece, shift);
  const Effect& units = piece.effects[0];
  const Effect& cells = piece.effects[1];
  const LevelSums sums = sum_columns(piece, shift, threads);
  const VectorXd totals = sum_weights(piece, units);
  require(totals.minCoeff() > 0.0, "every unit must have a row");
  const MatrixXd unit_means = means_of(sums[0], totals);
  const RowOrder rows(piece, 0);
  UnitPieceSums found;
  found.weights = sum_weights(piece, cells);
  found.means = means_of(sums[1], found.weights);
  found.pairs = sum_level_pairs(rows, totals, cells.n_levels, threads);
  found.left = sums_without_means(rows, unit_means, sums[1], threads);
  for (Index rows_of_cell : count_levels(cells, piece.n_rows))
    found.counts.push_back(static_cast<double>(rows_of_cell));
  found.squares = MatrixXd::Zero(piece.n_columns(), cells.n_levels);
  found.unit_squares = VectorXd::Zero(piece.n_columns());
  for (Index c = 0; c < piece.n_columns(); ++c) {
    const double* column = piece.columns[static_cast<std::size_t>(c)];
    for (Index i = 0; i < piece.n_rows; ++i) {
      const double value = column[i] - shift[c];
      const double of_unit = value - unit_means(c, units.codes[i]);
      const double of_cell = value - found.means(c, cells.codes[i]);
      found.unit_squares[c] += of_unit * of_unit * piece.weight(i);
      found.squares(c, cells.codes[i]) += of_cell * of_cell * piece.weight(i);
    }
  }
  for (int unit : single_row_levels(units, piece.n_rows))
    found.single_units.push_back(unit);
  return found;
}

WithinSolution solve_unit_piece(const Sample& piece, const VectorXd& shift, const MatrixXd& cells,
                                int threads) {
  check_piece(piece, shift);
  require(cells.rows() == piece.n_columns() && cells.cols() == piece.effects[1].n_levels,
          "there must be a coefficient for each column and cell");
  WithinSolution solution;
  solution.method = Method::direct;
  solution.shift = shift;
  solution.levels = {MatrixXd::Zero(piece.n_columns(), piece.effects[0].n_levels), cells};
  const VectorXd totals = sum_weights(piece, piece.effects[0]);
  for (int pass = 0; pass < 2; ++pass) {
    VectorXd norms = VectorXd::Zero(piece.n_columns());
    solution.levels[0] += means_of(sum_demeaned(piece, solution, threads, norms)[0], totals);
  }
  return solution;
}

}  // namespace flowresil
