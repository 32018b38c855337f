// A panel in pieces of whole units gives the solution of the whole.
#include <vector>

#include "within/cell_system.hpp"
#include "within/shared.hpp"
#include "within/unit_pieces.hpp"

using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;
using flowresil::ContractViolation;
using flowresil::Sample;
using flowresil::UnitPieceSums;
using reference::Panel;
using namespace within_tests;

namespace {

// Rows first .. last - 1 of a sample sorted by its first effect, whose codes are counted from `units` on.
struct Piece {
  Piece(const Sample& whole, Index first, Index last) {
    sample = whole;
    sample.n_rows = last - first;
    for (const double*& column : sample.columns)
      column += first;
    if (sample.weights) sample.weights += first;
    const int base = whole.effects[0].codes[first];
    for (Index i = first; i < last; ++i)
      units.push_back(whole.effects[0].codes[i] - base);
    sample.effects[0] = {units.data(), units.back() + 1};
    sample.effects[1].codes += first;
  }
  Piece(const Piece&) = delete;
  Sample sample;
  std::vector<int> units;
};

}  // namespace

FLOWRESIL_TEST("sums of two pieces solve the effects as the whole does") {
  Panel panel = large_panel(60, 12, true);
  reference::fill_weights(panel);
  Sample whole = panel.sample();
  // In order of units.
  std::vector<Index> order(static_cast<std::size_t>(whole.n_rows));
  for (Index i = 0; i < whole.n_rows; ++i)
    order[static_cast<std::size_t>(i)] = i;
  std::stable_sort(order.begin(), order.end(),
                   [&](Index a, Index b) { return whole.effects[0].codes[a] < whole.effects[0].codes[b]; });
  std::vector<std::vector<double>> columns;
  std::vector<double> weights;
  std::vector<int> units, cells;
  for (const double* column : whole.columns) {
    columns.emplace_back();
    for (Index i : order)
      columns.back().push_back(column[i]);
  }
  for (Index i : order) {
    weights.push_back(whole.weights[i]);
    units.push_back(whole.effects[0].codes[i]);
    cells.push_back(whole.effects[1].codes[i]);
  }
  for (std::size_t c = 0; c < columns.size(); ++c)
    whole.columns[c] = columns[c].data();
  whole.weights = weights.data();
  whole.effects[0].codes = units.data();
  whole.effects[1].codes = cells.data();

  const VectorXd shift = means_of(panel);
  const flowresil::WithinSolution direct = WithinSolver(whole, options_for()).solve(shift);
  Index cut = whole.n_rows / 2;
  while (units[static_cast<std::size_t>(cut)] == units[static_cast<std::size_t>(cut - 1)])
    ++cut;
  const Piece first(whole, 0, cut);
  const Piece second(whole, cut, whole.n_rows);
  const UnitPieceSums a = flowresil::sum_unit_piece(first.sample, shift, 1);
  const UnitPieceSums b = flowresil::sum_unit_piece(second.sample, shift, 1);
  std::vector<int> levels;
  for (int level = 0; level < static_cast<int>(a.weights.size()); ++level)
    levels.push_back(level);
  const flowresil::CellSystem system(a.pairs + b.pairs, a.weights + b.weights, {levels});
  const MatrixXd solved = system.solve(a.left + b.left);
  // Both solutions demean the rows alike.
  for (const Piece* piece : {&first, &second}) {
    const flowresil::WithinSolution own = flowresil::solve_unit_piece(piece->sample, shift, solved, 1);
    const Index from = piece == &first ? 0 : cut;
    for (Index i = 0; i < piece->sample.n_rows; ++i) {
      for (Index c = 0; c < whole.n_columns(); ++c) {
        const double here = own.levels[0](c, piece->units[static_cast<std::size_t>(i)]) +
                            own.levels[1](c, piece->sample.effects[1].codes[i]);
        const double there = direct.levels[0](c, units[static_cast<std::size_t>(from + i)]) +
                             direct.levels[1](c, cells[static_cast<std::size_t>(from + i)]);
        expect_near(here, there, 1e-11);
      }
    }
  }
}

FLOWRESIL_TEST("a piece tells squares about its means, rows by cell and units of one row, by hand") {
  const int unit[] = {0, 0, 1};
  const int cell[] = {0, 2, 0};
  const double column[] = {1.0, 5.0, 4.0};
  Sample piece;
  piece.n_rows = 3;
  piece.columns = {column};
  piece.effects = {{unit, 2}, {cell, 3}};
  const UnitPieceSums found = flowresil::sum_unit_piece(piece, VectorXd::Zero(1), 1);
  expect_near(found.unit_squares[0], 8.0, 1e-14);
  expect_near(found.squares(0, 0), 4.5, 1e-14);
  expect_near(found.means(0, 0), 2.5, 1e-15);
  expect(found.counts[0] > 1.5 && found.counts[1] < 0.5 && found.weights[2] > 0.5);
  expect(found.single_units.size() == 1 && found.single_units[0] == 1);
}

FLOWRESIL_TEST("a piece without units and cells is refused") {
  const int unit[] = {0, 0};
  const double column[] = {1.0, 2.0};
  Sample piece;
  piece.n_rows = 2;
  piece.columns = {column};
  piece.effects = {{unit, 1}};
  expect_throws<ContractViolation>([&] { flowresil::sum_unit_piece(piece, VectorXd::Zero(1), 1); });
}
