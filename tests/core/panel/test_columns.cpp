// A first look at columns.
#include "panel/columns.hpp"
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

FLOWRESIL_TEST("a look at the columns gives means and counts what is not finite") {
  Panel panel;
  panel.columns.resize(4, 4);
  const double nan = std::nan("");
  const double infinity = std::numeric_limits<double>::infinity();
  panel.columns << 1, nan, infinity, 1, 2, 2, 5, 1, 3, nan, -infinity, nan, 6, 1, 5, infinity;
  const flowresil::ColumnSummary summary = flowresil::summarise_columns(panel.sample(), 1);
  expect_near(summary.means[0], 3, 0);
  expect(summary.n_not_a_number == std::vector<Index>({0, 2, 0, 1}));
  expect(summary.n_infinite == std::vector<Index>({0, 0, 2, 1}));
  for (Index c = 1; c < 4; ++c)
    expect(!std::isfinite(summary.means[c]));
}

FLOWRESIL_TEST("means of many rows are those of all pieces, weighted or not, for any shift") {
  Panel panel = large_panel(400, 300, false);
  reference::fill_weights(panel);
  const Index n = panel.n_rows();
  reference::Vector plain = reference::Vector::Zero(3), heavy = reference::Vector::Zero(3);
  long double total = 0;
  for (Index i = 0; i < n; ++i) {
    plain += panel.columns.row(i).transpose().cast<long double>();
    heavy += panel.weight(i) * panel.columns.row(i).transpose().cast<long double>();
    total += panel.weight(i);
  }
  const VectorXd plain_mean = (plain / static_cast<long double>(n)).cast<double>();
  const VectorXd mean = (heavy / total).cast<double>();
  expect_near(flowresil::summarise_columns(panel.sample(), 2).means, plain_mean, 1e-13);
  const VectorXd zero = VectorXd::Zero(3);
  const VectorXd five = VectorXd::Constant(3, 5.0);
  const VectorXd two = VectorXd::Constant(3, 2.0);
  expect_near(flowresil::weighted_means(panel.sample(), zero, zero, 2), mean, 1e-13);
  expect_near(flowresil::weighted_means(panel.sample(), five, two, 2), mean - five - two, 1e-13);
}

FLOWRESIL_TEST("a look at the columns of no rows is refused") {
  const flowresil::Sample none;
  expect_throws<ContractViolation>([&] { flowresil::summarise_columns(none, 1); }, "rows");
}
