// Residuals by row.
#include "variance/shared.hpp"

using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;
using flowresil::ContractViolation;
using flowresil::Correction;
using flowresil::Effect;
using flowresil::SampleCounts;
using flowresil::ScoreColumns;
using flowresil::small_sample;
using flowresil::SmallSample;
using flowresil::Variance;
using flowresil::WithinSolution;
using reference::Panel;
using namespace variance_tests;

FLOWRESIL_TEST("residuals are those of the regression on dummies, for any coefficients") {
  for (const Panel& panel : {reference::balanced_panel(9, 7, 2), reference::unbalanced_panel(60, 9, 2),
                             weighted(reference::disconnected_panel(11, 8, 2)),
                             reference::with_third_effect(reference::unbalanced_panel(11, 7, 2), 6)}) {
    const WithinSolution solution = solution_of(panel);
    const reference::Fit truth = reference::fit(panel);
    const VectorXd coefficients = truth.coefficients.cast<double>();
    const VectorXd residuals =
        flowresil::within_residuals(panel.sample(), solution, all_columns(coefficients), 1);
    expect_near(residuals, truth.residuals.cast<double>(), 1e-12);
    const VectorXd other = coefficients.array() + 0.5;
    const VectorXd by_hand =
        (truth.residuals - 0.5L * truth.demeaned.leftCols(2).rowwise().sum()).cast<double>();
    expect_near(flowresil::within_residuals(panel.sample(), solution, all_columns(other), 1), by_hand, 1e-12);
    // The same residuals out of other columns: x1 + x2 and x2, with coefficients a and b - a.
    ScoreColumns turned = all_columns(VectorXd::Zero(2));
    turned.combination(1, 0) = 1.0;
    turned.along << coefficients[0], coefficients[1] - coefficients[0];
    expect_near(flowresil::within_residuals(panel.sample(), solution, turned, 1),
                truth.residuals.cast<double>(), 1e-12);
  }
}
