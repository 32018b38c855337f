// Demeaned rows to a triangle.
#include "regression/shared.hpp"
#include "within/demean.hpp"
#include "within/effect_solver.hpp"

using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;
using flowresil::ContractViolation;
using flowresil::Fate;
using flowresil::LeastSquares;
using flowresil::WithinFactor;
using flowresil::WithinFit;
using flowresil::WithinOptions;
using reference::Panel;
using namespace regression_tests;

FLOWRESIL_TEST("more rows than one piece: all of them count") {
  Panel panel;  // five pieces of rows; the truth by sums in long double, the panel being balanced
  std::vector<int> unit, period;
  for (int i = 0; i < 70000; ++i) {
    unit.push_back(i / 100);
    period.push_back(i % 100);
  }
  panel.add_effect(unit);
  panel.add_effect(period);
  reference::fill_columns(panel, 70000, 1);
  long double unit_mean[700][2] = {}, period_mean[100][2] = {}, mean[2] = {};
  for (Index i = 0; i < 70000; ++i) {
    for (Index c = 0; c < 2; ++c) {
      unit_mean[i / 100][c] += panel.columns(i, c) / 100.0L;
      period_mean[i % 100][c] += panel.columns(i, c) / 700.0L;
      mean[c] += panel.columns(i, c) / 70000.0L;
    }
  }
  long double xx = 0, xy = 0, yy = 0;
  for (Index i = 0; i < 70000; ++i) {
    long double z[2];
    for (Index c = 0; c < 2; ++c) {
      z[c] = panel.columns(i, c) - unit_mean[i / 100][c] - period_mean[i % 100][c] + mean[c];
    }
    xx += z[0] * z[0];
    xy += z[0] * z[1];
    yy += z[1] * z[1];
  }
  const LeastSquares fit = flowresil::least_squares(within(panel, 2000, 2).factor, rank_tolerance);
  expect_near(fit.coefficients[0], static_cast<double>(xy / xx), 1e-13);
  expect_near(flowresil::inverse_products(fit)(0, 0) * static_cast<double>(xx), 1, 1e-13);
  expect_near(fit.within_squares / static_cast<double>(yy), 1, 1e-13);
  expect_near(fit.residual_squares / static_cast<double>(yy - xy * xy / xx), 1, 1e-12);
}

FLOWRESIL_TEST("a panel that hangs together by a row of weight 1e-10 is refined") {
  Panel panel;
  std::vector<int> unit, period;
  for (int u = 0; u < 16; ++u) {
    for (int t = 0; t < 12; ++t) {
      if ((u < 8) != (t < 6) || (u + t) % 5 == 4) continue;
      unit.push_back(u);
      period.push_back(t);
    }
  }
  for (int extra = 0; extra < 2; ++extra) {
    unit.push_back(3 + extra);
    period.push_back(9);
  }
  panel.add_effect(unit);
  panel.add_effect(period);
  reference::fill_columns(panel, static_cast<Index>(unit.size()), 2);
  panel.weights = VectorXd::Ones(panel.n_rows());
  panel.weights.tail(2).setConstant(1e-10);
  expect_as_dummies(panel, 1e-12);
}

FLOWRESIL_TEST("effects are refined once where a column is nearly all effects, and only there") {
  // Coefficients feel an error of the effects in its square only, so this looks at the effects themselves.
  for (const Index limit : {Index{2000}, Index{0}}) {
    for (const bool nearly_effects : {true, false}) {
      Panel panel = reference::unbalanced_panel(60, 9, 1);
      if (nearly_effects) {
        for (Index i = 0; i < panel.n_rows(); ++i) {
          panel.columns(i, 0) = 1e5 * std::sin(3.0 * panel.codes[0][static_cast<std::size_t>(i)]) +
                                1e5 * std::cos(2.0 * panel.codes[1][static_cast<std::size_t>(i)]) +
                                1e-1 * reference::wave(i, 3);
        }
      }
      WithinOptions options;
      options.direct_limit = limit;
      options.tolerance = 1e-8;
      const VectorXd shift = panel.columns.colwise().mean();
      const flowresil::Sample sample = panel.sample();
      const flowresil::WithinSolver solver(sample, options);
      flowresil::WithinSolution by_hand = solver.solve(shift);
      if (nearly_effects) solver.refine(by_hand);
      const WithinFit fit = flowresil::fit_within(sample, shift, options);
      for (std::size_t j = 0; j < 2; ++j)
        expect(fit.solution.levels[j] == by_hand.levels[j]);
    }
  }
}

FLOWRESIL_TEST("columns that are not finite, or whose squares are not, are reported and not solved") {
  for (const double bad : {std::nan(""), HUGE_VAL, 1e200}) {
    Panel panel = reference::unbalanced_panel(9, 6, 1);
    panel.columns(3, 0) = bad;
    WithinOptions options;
    const WithinFit fit = flowresil::fit_within(panel.sample(), VectorXd::Zero(2), options);
    expect(!fit.factor.representable);
    expect_throws<ContractViolation>([&] { flowresil::least_squares(fit.factor, rank_tolerance); }, "finite");
  }
}

FLOWRESIL_TEST(
    "a factor goes on with other rows: what is taken in two parts and joined is what is taken in one") {
  Panel panel = weighted(large_fit_panel());
  const flowresil::Sample sample = panel.sample();
  const Index m = sample.n_columns();
  const WithinFit fit = within(panel);
  const VectorXd shift = fit.factor.means;
  const auto taken = [&](Index begin, Index end) {
    flowresil::FactorState state(m);
    MatrixXd block(flowresil::block_rows, m);
    for (Index from = begin; from < end; from += flowresil::block_rows) {
      const Index stop = std::min(from + flowresil::block_rows, end);
      state.take_values(sample, shift, from, stop);
      flowresil::demean_rows(sample, fit.solution, from, stop, block.data(), flowresil::block_rows);
      state.take(block, stop - from, sample.weights + from);
    }
    return state;
  };
  const flowresil::FactorState whole = taken(0, sample.n_rows);
  flowresil::FactorState parts = taken(0, 300);
  parts.join(taken(300, sample.n_rows));
  const MatrixXd products = whole.triangle.transpose() * whole.triangle;
  expect_near((parts.triangle.transpose() * parts.triangle - products).norm() / products.norm(), 0, 1e-13);
  expect_near((parts.squares - whole.squares).norm() / whole.squares.norm(), 0, 1e-13);
  expect_near(parts.weight / whole.weight, 1, 1e-14);
  MatrixXd dense(sample.n_rows, m);
  flowresil::demean_rows(sample, fit.solution, 0, sample.n_rows, dense.data(), sample.n_rows);
  expect_near((dense.transpose() * panel.weights.asDiagonal() * dense - products).norm() / products.norm(), 0,
              1e-12);
  flowresil::FactorState narrow(m - 1);
  expect_throws<ContractViolation>([&] { narrow.join(whole); }, "same columns");
}

FLOWRESIL_TEST("roles say which column is what: an outcome that stands first gives the same fit") {
  Panel panel = large_fit_panel();
  const LeastSquares usual = regress(panel);
  Panel moved = panel;
  const Index m = panel.columns.cols();
  moved.columns.col(0) = panel.columns.col(m - 1);
  moved.columns.rightCols(m - 1) = panel.columns.leftCols(m - 1);
  flowresil::Sample sample = moved.sample();
  sample.roles.outcome = 0;
  for (Index j = 0; j < m - 1; ++j)
    sample.roles.regressors[static_cast<std::size_t>(j)] = j + 1;
  const VectorXd shift = moved.columns.colwise().mean();
  const WithinFit fit = flowresil::fit_within(sample, shift, {});
  const LeastSquares found = flowresil::least_squares(fit.factor, 1e-11);
  expect_near((found.coefficients - usual.coefficients).norm(), 0, 1e-13);
  expect_near(fit.factor.means[0], panel.columns.col(m - 1).mean(), 1e-12);
  // Columns of the solution stand as those of the sample do.
  MatrixXd rows(sample.n_rows, m);
  flowresil::demean_rows(sample, fit.solution, 0, sample.n_rows, rows.data(), sample.n_rows);
  MatrixXd before(sample.n_rows, m);
  flowresil::demean_rows(panel.sample(), within(panel).solution, 0, sample.n_rows, before.data(),
                         sample.n_rows);
  expect_near((rows.col(0) - before.col(m - 1)).norm(), 0, 1e-12);
  sample.roles.outcome = 1;
  sample.roles.regressors.pop_back();
  expect_throws<ContractViolation>([&] { flowresil::fit_within(sample, shift, {}); }, "role");
}

FLOWRESIL_TEST("a column is absorbed by the effects that alone explain it") {
  Panel panel = large_fit_panel();
  for (Index i = 0; i < panel.n_rows(); ++i)
    panel.columns(i, 0) = 3.0 * panel.codes[0][static_cast<std::size_t>(i)] + 1.0;
  const flowresil::Sample sample = panel.sample();
  const std::vector<bool> first = flowresil::absorbed_by(sample, 0, panel.columns.col(0).mean(), {}, 1e-11);
  expect(first == std::vector<bool>{true, false});
  const std::vector<bool> other = flowresil::absorbed_by(sample, 1, panel.columns.col(1).mean(), {}, 1e-11);
  expect(other == std::vector<bool>{false, false});
  expect_throws<ContractViolation>([&] { flowresil::absorbed_by(sample, 99, 0.0, {}, 1e-11); }, "column");
}
