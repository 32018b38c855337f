// Sums by level.
#include "within/level_sums.hpp"
#include "within/shared.hpp"

using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;
using flowresil::ContractViolation;
using flowresil::LevelSums;
using reference::Panel;
using namespace within_tests;

FLOWRESIL_TEST("sums of two sets of rows add up to those of all") {
  Panel panel = large_panel(9, 7, true);
  reference::fill_weights(panel);
  const flowresil::Sample all = panel.sample();
  const Index n = all.n_rows;
  const auto part = [&](Index begin, Index end) {
    flowresil::Sample some = all;
    some.n_rows = end - begin;
    for (const double*& column : some.columns)
      column += begin;
    for (flowresil::Effect& effect : some.effects)
      effect.codes += begin;
    some.weights += begin;
    return some;
  };
  const VectorXd shift = VectorXd::Constant(all.n_columns(), 0.25);
  LevelSums sums = flowresil::sum_columns(part(0, n / 3), shift, 1);
  flowresil::join_sums(sums, flowresil::sum_columns(part(n / 3, n), shift, 1));
  const LevelSums whole = flowresil::sum_columns(all, shift, 1);
  for (std::size_t j = 0; j < whole.size(); ++j) {
    MatrixXd slow = MatrixXd::Zero(all.n_columns(), all.effects[j].n_levels);
    for (Index i = 0; i < n; ++i) {
      for (Index c = 0; c < all.n_columns(); ++c)
        slow(c, all.effects[j].codes[i]) += (panel.columns(i, c) - 0.25) * panel.weights[i];
    }
    expect_near((whole[j] - slow).norm(), 0, 1e-12);
    expect_near((sums[j] - whole[j]).norm(), 0, 1e-12);
  }
  expect_throws<ContractViolation>([&] { flowresil::join_sums(sums, {}); }, "effects");
}
