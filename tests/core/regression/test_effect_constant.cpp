// The constant of base levels.
#include "regression/effect_constant.hpp"
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

FLOWRESIL_TEST("the constant of base levels, as a regression on dummies without those levels finds it") {
  for (const Panel& panel :
       {reference::unbalanced_panel(9, 6, 0), weighted(reference::unbalanced_panel(9, 6, 0)),
        reference::balanced_panel(5, 4, 0), one_effect(reference::balanced_panel(5, 4, 0), 0)}) {
    for (const int base : {0, 2}) {
      const Index n = panel.n_rows();
      Index total = 1;
      for (Index levels : panel.n_levels)
        total += levels - 1;
      reference::Matrix dummies = reference::Matrix::Zero(n, total);  // a constant, then levels but the base
      reference::Vector outcome(n);
      for (Index i = 0; i < n; ++i) {
        const long double root = std::sqrt(panel.weight(i));
        Index offset = 1;
        dummies(i, 0) = root;
        for (std::size_t j = 0; j < panel.codes.size(); ++j) {
          const int level = panel.codes[j][static_cast<std::size_t>(i)];
          if (level != base) dummies(i, offset + level - (level > base ? 1 : 0)) = root;
          offset += panel.n_levels[j] - 1;
        }
        outcome[i] = root * static_cast<long double>(panel.columns(i, 0));
      }
      const reference::Vector theta = Eigen::ColPivHouseholderQR<reference::Matrix>(dummies).solve(outcome);
      const reference::Matrix products = dummies.transpose() * dummies;
      const reference::Matrix inverse = Eigen::ColPivHouseholderQR<reference::Matrix>(products).solve(
          reference::Matrix::Identity(total, total));
      const flowresil::Functional functional = flowresil::effect_functional(
          panel.sample(), std::vector<int>(panel.codes.size(), base), options_for());
      expect(functional.converged);
      double constant = 0.0;
      for (Index i = 0; i < n; ++i) {
        constant += static_cast<double>(panel.weight(i)) * functional.weights[i] * panel.columns(i, 0);
      }
      expect_near(constant, static_cast<double>(theta[0]), 1e-12);
      expect_near(functional.value, static_cast<double>(inverse(0, 0)), 1e-12);
    }
  }
}

FLOWRESIL_TEST("without effects the constant is the mean") {
  Panel panel;
  panel.columns = MatrixXd::Ones(4, 1);
  const flowresil::Functional functional = flowresil::effect_functional(panel.sample(), {}, options_for());
  expect_near(functional.weights, VectorXd::Constant(4, 0.25), 0);
  expect_near(functional.value, 0.25, 0);
  panel.weights = VectorXd::Constant(4, 2.0);
  expect_near(flowresil::effect_functional(panel.sample(), {}, options_for()).value, 0.125, 0);
}

FLOWRESIL_TEST("the constant refuses base levels that are none") {
  Panel panel = large_panel(4, 3, false);
  const flowresil::Sample sample = panel.sample();
  expect_throws<ContractViolation>([&] { flowresil::effect_functional(sample, {0}, options_for()); }, "base");
  expect_throws<ContractViolation>(
      [&] {
        flowresil::effect_functional(sample, {0, 99}, options_for());
      },
      "base");
  expect_throws<ContractViolation>(
      [&] {
        flowresil::effect_functional(sample, {-1, 0}, options_for());
      },
      "base");
}
