// Effects that means solve.
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

FLOWRESIL_TEST("one effect takes out its means, by hand") {
  Panel panel;
  panel.columns.resize(5, 1);
  panel.columns << 1, 10, 3, 20, 30;
  panel.add_effect({0, 1, 0, 1, 1});
  VectorXd by_hand(5);
  by_hand << -1, -10, 1, 0, 10;
  expect_near(demean(panel, "means"), by_hand, 1e-14);
  panel.weights.resize(5);
  panel.weights << 3, 1, 1, 1, 2;  // means 1.5 and 22.5
  by_hand << -0.5, -12.5, 1.5, -2.5, 7.5;
  expect_near(demean(panel, "means"), by_hand, 1e-14);
}

FLOWRESIL_TEST("many rows are demeaned by closed form where the panel is balanced") {
  const Panel panel = large_panel(400, 300, false);
  const MatrixXd z = demean(panel, "balanced", options_for(2000, 2));
  MatrixXd unit = MatrixXd::Zero(400, 3), period = MatrixXd::Zero(300, 3);
  for (int i = 0; i < 120000; ++i) {
    unit.row(i / 300) += panel.columns.row(i) / 300;
    period.row(i % 300) += panel.columns.row(i) / 400;
  }
  const Eigen::RowVectorXd mean = panel.columns.colwise().mean();
  MatrixXd by_hand = panel.columns;
  for (int i = 0; i < 120000; ++i)
    by_hand.row(i) += mean - unit.row(i / 300) - period.row(i % 300);
  expect_near(z, by_hand, 1e-12);
}
