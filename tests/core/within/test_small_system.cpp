// The smaller effect's system, from weights alone.
#include <map>
#include <utility>

#include "within/shared.hpp"
#include "within/small_system.hpp"

using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;
using flowresil::ContractViolation;
using flowresil::LevelSums;
using flowresil::SmallSystem;
using reference::Panel;
using namespace within_tests;

FLOWRESIL_TEST("two levels joined by one pair, by hand: the lighter is solved, the heavier held at zero") {
  MatrixXd pairs = MatrixXd::Zero(2, 2);
  pairs(0, 1) = 0.5;
  const SmallSystem system(pairs, reference::vector_of({1.0, 3.0}));
  expect(system.n_components() == 1 && !system.is_ill_conditioned());
  const MatrixXd solved = system.solve(reference::matrix_of({{2.0, -2.0}}));
  expect_near(solved(0, 0), 4.0, 1e-15);
  expect_near(solved(0, 1), 0.0, 0.0);
}

FLOWRESIL_TEST("levels that nothing joins are components of their own, with nothing to solve") {
  const SmallSystem system(MatrixXd::Zero(3, 3), VectorXd::Ones(3));
  expect(system.n_components() == 3);
  expect_near(system.solve(MatrixXd::Ones(2, 3)).norm(), 0.0, 0.0);
}

FLOWRESIL_TEST("cells and sums by level solve the effects as the rows do") {
  Panel panel = large_panel(60, 12, true);
  reference::fill_weights(panel);
  const flowresil::Sample rows = panel.sample();
  const VectorXd shift = means_of(panel);
  flowresil::WithinSolution from_rows = WithinSolver(rows, options_for()).solve(shift);
  // What a table of sums by pair of levels would hold: each pair once, with its summed weight.
  std::map<std::pair<int, int>, double> weight;
  for (Index i = 0; i < rows.n_rows; ++i)
    weight[{rows.effects[1].codes[i], rows.effects[0].codes[i]}] += panel.weights[i];
  std::vector<int> first, second;
  std::vector<double> weights;
  for (const auto& cell : weight) {
    second.push_back(cell.first.first);
    first.push_back(cell.first.second);
    weights.push_back(cell.second);
  }
  flowresil::Sample cells;
  cells.n_rows = static_cast<Index>(weights.size());
  cells.effects = {{first.data(), rows.effects[0].n_levels}, {second.data(), rows.effects[1].n_levels}};
  cells.weights = weights.data();
  const LevelSums sums = flowresil::sum_columns(rows, shift, 1);
  flowresil::WithinSolution from_cells;
  from_cells.shift = shift;
  for (const flowresil::Effect& effect : cells.effects)
    from_cells.levels.push_back(MatrixXd::Zero(rows.n_columns(), effect.n_levels));
  const auto solver = flowresil::make_effect_solver(cells, options_for());
  expect(solver->method() == flowresil::Method::direct);
  solver->add_solution(sums, VectorXd::Zero(rows.n_columns()), from_cells);
  expect_near((demeaned_by(panel, from_cells) - demeaned_by(panel, from_rows)).cwiseAbs().maxCoeff(), 0,
              1e-12);
}

FLOWRESIL_TEST("the system refuses what breaks its contract") {
  expect_throws<ContractViolation>([] { SmallSystem(MatrixXd::Zero(2, 2), VectorXd::Ones(3)); }, "weight");
  MatrixXd negative = MatrixXd::Zero(2, 2);
  negative(0, 1) = -1.0;
  expect_throws<ContractViolation>([&] { SmallSystem(negative, VectorXd::Ones(2)); }, "pairs");
  const SmallSystem system(MatrixXd::Ones(2, 2), VectorXd::Ones(2));
  expect_throws<ContractViolation>([&] { system.solve(MatrixXd::Ones(1, 3)); }, "level");
}
