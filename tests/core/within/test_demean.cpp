// Rows with the effects taken out.
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

FLOWRESIL_TEST("rows are demeaned from any row on, with any stride") {
  const Panel panel = reference::unbalanced_panel(9, 6, 2);
  const flowresil::Sample sample = panel.sample();
  const WithinSolver solver(sample, options_for());
  const WithinSolution solution = solver.solve(means_of(panel));
  const MatrixXd whole = demeaned_by(panel, solution);
  MatrixXd part = MatrixXd::Constant(9, 3, -1);
  flowresil::demean_rows(sample, solution, 5, 11, part.data(), 9);
  expect_near(part.topRows(6), whole.middleRows(5, 6), 0);
  expect_near(part.bottomRows(3), MatrixXd::Constant(3, 3, -1), 0);
}
