// Two effects by elimination.
#include "within/shared.hpp"

using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;
using flowresil::ContractViolation;
using flowresil::WithinOptions;
using flowresil::WithinSolution;
using flowresil::WithinSolver;
using reference::Panel;
using namespace within_tests;

FLOWRESIL_TEST("two halves that a row of weight 1e-8 joins are solved to the last digits by refining") {
  Panel panel;
  std::vector<int> unit, period;
  for (int u = 0; u < 16; ++u) {
    for (int t = 0; t < 12; ++t) {
      if ((u < 8) != (t < 6) || (u + t) % 5 == 4) continue;
      unit.push_back(u);
      period.push_back(t);
    }
  }
  unit.push_back(3);
  period.push_back(9);
  panel.add_effect(unit);
  panel.add_effect(period);
  reference::fill_columns(panel, static_cast<Index>(unit.size()), 1);
  panel.weights = VectorXd::Ones(panel.n_rows());
  const flowresil::Sample plain = panel.sample();
  expect(!WithinSolver(plain, options_for()).is_ill_conditioned());
  panel.weights[panel.n_rows() - 1] = 1e-8;
  const flowresil::Sample sample = panel.sample();
  expect(WithinSolver(sample, options_for()).is_ill_conditioned());
  expect_as_dummies(panel, "direct", 1e-6);
  expect_as_dummies(panel, "direct", 1e-12, options_for(), 1);
}

FLOWRESIL_TEST("components without a link between them are no ill condition: each has a level held at zero") {
  for (const Panel& panel :
       {reference::disconnected_panel(11, 8, 1), reference::disconnected_panel(6, 13, 1)}) {
    const flowresil::Sample sample = panel.sample();
    const WithinSolver solver(sample, options_for());
    expect(solver.method() == flowresil::Method::direct);
    expect(!solver.is_ill_conditioned());
  }
}

FLOWRESIL_TEST("given sums are solved and added to what is there") {
  const Panel panel = weighted(reference::unbalanced_panel(9, 6, 1));
  const flowresil::Sample sample = panel.sample();
  const WithinSolver solver(sample, options_for());
  const VectorXd shift = means_of(panel);
  const WithinSolution solution = solver.solve(shift);
  WithinSolution again;
  flowresil::LevelSums sums;
  for (std::size_t j = 0; j < 2; ++j) {
    sums.push_back(MatrixXd::Zero(2, panel.n_levels[j]));
    for (Index i = 0; i < panel.n_rows(); ++i) {
      sums[j].col(panel.codes[j][static_cast<std::size_t>(i)]) +=
          panel.weights[i] * (panel.columns.row(i).transpose() - shift);
    }
    again.levels.push_back(MatrixXd::Ones(2, panel.n_levels[j]));
  }
  solver.add_solution(sums, VectorXd::Ones(2), again);
  for (std::size_t j = 0; j < 2; ++j) {
    expect_near(again.levels[j].array() - 1.0, solution.levels[j].array(), 1e-12);
  }
}
