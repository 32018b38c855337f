// A panel that comes in pieces of whole units. The units' effect is eliminated inside each piece; what is
// left to solve is the small effects, told by cells: the combinations of their levels that occur, the second
// effect of every piece. Sums of pieces add, so no piece has to be kept.
#pragma once

#include <vector>

#include <Eigen/Core>

#include "panel/sample.hpp"
#include "within/solution.hpp"

namespace flowresil {

// What a piece tells before anything is solved, about `shift`; everything adds but means and squares, which
// are of the piece.
struct UnitPieceSums {
  Eigen::MatrixXd pairs;                   // cells x cells, upper triangle: see sum_level_pairs()
  Eigen::MatrixXd left;                    // columns x cells: sums by cell, the units' means taken out
  Eigen::VectorXd weights;                 // by cell; zero where the piece has no row
  std::vector<double> counts;              // rows by cell
  Eigen::MatrixXd means;                   // columns x cells, less the shift
  Eigen::MatrixXd squares;                 // columns x cells, about these means
  Eigen::VectorXd unit_squares;            // by column, about the units' means
  std::vector<Eigen::Index> single_units;  // units with one row
};

// The effects of the piece are units (all levels have rows) and cells (some may have none). Throws
// ContractViolation. O(n_rows n_columns + sum of squared rows by unit).
UnitPieceSums sum_unit_piece(const Sample& piece, const Eigen::VectorXd& shift, int threads);

// The solution for the rows of a piece, given the cells' coefficients (columns x cells): its units' are the
// means of what these leave, taken twice, so that units of a large level keep their digits.
WithinSolution solve_unit_piece(const Sample& piece, const Eigen::VectorXd& shift,
                                const Eigen::MatrixXd& cells, int threads);

}  // namespace flowresil
