// The pass over rows, and what it refuses.
#include "regression/score_pass.hpp"
#include "regression/shared.hpp"

using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;
using flowresil::ContractViolation;
using flowresil::ScoreColumns;
using flowresil::ScorePass;
using reference::Panel;
using namespace regression_tests;

FLOWRESIL_TEST(
    "a score is a combination of demeaned columns times the residual, the constant's last, by hand") {
  Panel panel;
  panel.columns = reference::matrix_of({{1.0, 2.0}, {2.0, 1.0}, {4.0, 5.0}});
  panel.weights = reference::vector_of({1.0, 4.0, 2.0});
  panel.centre = false;
  const flowresil::Sample sample = panel.sample();
  flowresil::WithinSolution solution;
  solution.shift = VectorXd::Zero(2);
  ScoreColumns scores;
  scores.combination = reference::matrix_of({{2.0}, {0.0}});
  scores.residual = reference::vector_of({-0.5, 1.0});
  scores.along = reference::vector_of({0.25});
  scores.constant = true;
  scores.turn = reference::matrix_of({{1.0, 0.0}, {0.0, 3.0}});
  const ScorePass pass(sample, solution, scores);
  MatrixXd block(flowresil::block_rows, 2);
  MatrixXd out(flowresil::block_rows, 2);
  MatrixXd turned(flowresil::block_rows, 2);
  pass.write_scores(0, 3, block, out.data(), flowresil::block_rows);
  // residual: y - .5 x - .25 (2 x) = y - x: 1, -1, 1; times the weight, times 2 x or 1.
  expect_near((out.topRows(3) - reference::matrix_of({{2.0, 1.0}, {-16.0, -4.0}, {16.0, 2.0}})).norm(), 0,
              1e-15);
  pass.turn(out, 3, turned);
  expect_near((turned.topRows(3) - reference::matrix_of({{2.0, 3.0}, {-16.0, -12.0}, {16.0, 6.0}})).norm(), 0,
              1e-15);
  pass.write_columns(0, 3, block, out.data(), flowresil::block_rows);
  const double root = std::sqrt(2.0);
  expect_near((out.topRows(3) - reference::matrix_of({{2.0, 1.0}, {8.0, 2.0}, {8.0 * root, root}})).norm(), 0,
              1e-14);
}

FLOWRESIL_TEST("a pass refuses sizes that do not fit") {
  Panel panel = large_fit_panel();
  const flowresil::Sample sample = panel.sample();
  const flowresil::WithinSolution solution = within(panel).solution;
  ScoreColumns scores;
  scores.residual = VectorXd::Zero(2);
  expect_throws<ContractViolation>([&] { ScorePass(sample, solution, scores); }, "residual");
  scores.residual = VectorXd::Zero(sample.n_columns());
  scores.combination = MatrixXd::Zero(1, 1);
  expect_throws<ContractViolation>([&] { ScorePass(sample, solution, scores); }, "combine");
  scores.combination = MatrixXd::Zero(sample.n_columns(), 1);
  expect_throws<ContractViolation>([&] { ScorePass(sample, solution, scores); }, "coefficient");
  scores.along = VectorXd::Zero(1);
  scores.offset = VectorXd::Zero(1);
  expect_throws<ContractViolation>([&] { ScorePass(sample, solution, scores); }, "offset");
}
