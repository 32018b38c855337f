// The small problem.
#include "regression/shared.hpp"

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

FLOWRESIL_TEST("two units in two periods: the slope is the ratio of interactions") {
  Panel panel;
  panel.columns.resize(4, 2);
  panel.columns << 0, 1, 1, 4, 0, 2, 3, 9;  // demeaned x (.5, -.5, -.5, .5), y (1, -1, -1, 1)
  panel.add_effect({0, 0, 1, 1});
  panel.add_effect({0, 1, 0, 1});
  const LeastSquares fit = regress(panel);
  expect_near(fit.coefficients[0], 2, 1e-14);
  expect_near(flowresil::inverse_products(fit)(0, 0), 1, 1e-14);
  expect_near(fit.residual_squares, 0, 1e-13);
  expect_near(fit.within_squares, 4, 1e-13);
}

FLOWRESIL_TEST("a line through three points, with and without a constant, with weights") {
  Panel panel;
  panel.columns.resize(3, 2);
  panel.columns << 0, 1, 1, 2, 2, 4;
  LeastSquares fit = regress(panel);  // x -1, 0, 1; y -4/3, -1/3, 5/3: slope 3/2
  expect_near(fit.coefficients[0], 1.5, 1e-15);
  expect_near(flowresil::inverse_products(fit)(0, 0), 0.5, 1e-15);
  expect_near(fit.residual_squares, 1.0 / 6, 1e-15);
  panel.centre = false;  // sums xy 10, xx 5
  fit = regress(panel);
  expect_near(fit.coefficients[0], 2, 1e-15);
  expect_near(flowresil::inverse_products(fit)(0, 0), 0.2, 1e-15);
  expect_near(fit.residual_squares, 1, 1e-14);
  panel.weights.resize(3);
  panel.weights << 1, 4, 1;  // xy 8 + 8, xx 4 + 4
  fit = regress(panel);
  expect_near(fit.coefficients[0], 2, 1e-15);
  expect_near(flowresil::inverse_products(fit)(0, 0), 0.125, 1e-15);
}

FLOWRESIL_TEST(
    "the factor holds norms, means, squares and cross-products of the demeaned columns, weighted") {
  for (const Panel& panel :
       {reference::unbalanced_panel(11, 7, 2), weighted(reference::unbalanced_panel(11, 7, 2)),
        weighted(reference::disconnected_panel(11, 8, 3))}) {
    const WithinFactor factor = within(panel).factor;
    const reference::Matrix z = reference::demeaned(panel);
    const Index m = panel.columns.cols();
    reference::Matrix products = reference::Matrix::Zero(m, m);
    reference::Vector means = reference::Vector::Zero(m), norms = means, squares = means;
    long double total = 0;
    for (Index i = 0; i < panel.n_rows(); ++i) {
      const reference::Vector row = panel.columns.row(i).transpose().cast<long double>();
      products += panel.weight(i) * z.row(i).transpose() * z.row(i);
      means += panel.weight(i) * row;
      norms += panel.weight(i) * row.cwiseAbs2();
      total += panel.weight(i);
    }
    means /= total;
    for (Index i = 0; i < panel.n_rows(); ++i) {
      squares += panel.weight(i) * (panel.columns.row(i).transpose().cast<long double>() - means).cwiseAbs2();
    }
    expect_near(factor.triangle.transpose() * factor.triangle, products.cast<double>(), 1e-11);
    expect_near(factor.means, means.cast<double>(), 1e-13);
    expect_near(factor.norms, norms.cwiseSqrt().cast<double>(), 1e-12);
    expect_near(factor.centred_squares, squares.cast<double>(), 1e-11);
    for (Index j = 0; j < m; ++j) {
      for (Index i = j + 1; i < m; ++i)
        expect(std::abs(factor.triangle(i, j)) <= 0.0);
    }
  }
}

FLOWRESIL_TEST("every kind of panel is fitted as a regression on dummies") {
  for (const Panel& panel :
       {reference::balanced_panel(9, 7, 3), reference::unbalanced_panel(11, 7, 3),
        reference::disconnected_panel(11, 8, 3), reference::unbalanced_panel(60, 5, 3)}) {
    expect_as_dummies(panel, 1e-12);
    expect_as_dummies(weighted(panel), 1e-12);
    expect_as_dummies(panel, 1e-11, 0);
    expect_as_dummies(reference::with_third_effect(panel, 6), 1e-11);
    Panel one = panel;
    one.codes.pop_back();
    one.n_levels.pop_back();
    expect_as_dummies(one, 1e-12);
    one.codes.clear();
    one.n_levels.clear();
    expect_as_dummies(one, 1e-12);
    one.centre = false;
    expect_as_dummies(weighted(one), 1e-12);
  }
}

FLOWRESIL_TEST("a regressor at 1e7 with a spread of .1 is estimated to all its digits") {
  for (const bool with_weights : {false, true}) {
    Panel panel = reference::unbalanced_panel(21, 9, 2);
    for (Index i = 0; i < panel.n_rows(); ++i)
      panel.columns(i, 0) = 1e7 + 0.1 * reference::wave(i, 3);
    if (with_weights) reference::fill_weights(panel);
    expect_as_dummies(panel, 1e-11);
    expect_as_dummies(panel, 1e-11, 0);
    panel.codes.clear();
    panel.n_levels.clear();
    expect_as_dummies(panel, 1e-11);
  }
}

FLOWRESIL_TEST("a column whose spread is 1e-8 of its level survives, one of rounding does not") {
  Panel panel = reference::balanced_panel(12, 9, 2);
  for (Index i = 0; i < panel.n_rows(); ++i)
    panel.columns(i, 0) = 1.0 + 1e-8 * reference::wave(i, 3);
  const LeastSquares fit = regress(panel);
  expect(fit.fate[0] == Fate::kept && fit.fate[1] == Fate::kept);
  expect_as_dummies(panel, 1e-7);  // eight digits are left in the column
  for (Index i = 0; i < panel.n_rows(); ++i)
    panel.columns(i, 0) = 1.0 + 1e-12 * reference::wave(i, 3);
  expect(regress(panel).fate[0] == Fate::kept);
  for (Index i = 0; i < panel.n_rows(); ++i)
    panel.columns(i, 0) = 1.0 + 1e-15 * reference::wave(i, 3);
  expect(regress(panel).fate[0] == Fate::absorbed);
}

FLOWRESIL_TEST(
    "a column that the effects explain is absorbed, whatever its size, and leaves the rest as it was") {
  for (const Panel& base : {reference::balanced_panel(12, 9, 2), reference::unbalanced_panel(21, 9, 2),
                            weighted(reference::disconnected_panel(12, 9, 2))}) {
    const LeastSquares alone = regress(base);
    for (const double size : {1e-9, 1.0, 1e9}) {
      Panel panel = base;
      panel.columns.resize(base.n_rows(), 4);
      for (Index i = 0; i < panel.n_rows(); ++i) {
        const double unit = std::sin(3.0 * panel.codes[0][static_cast<std::size_t>(i)]);
        const double period = std::cos(2.0 * panel.codes[1][static_cast<std::size_t>(i)]);
        panel.columns.row(i) << size * (unit + period), base.columns.row(i);
      }
      const LeastSquares fit = regress(panel);
      expect(fit.fate == std::vector<Fate>({Fate::absorbed, Fate::kept, Fate::kept}));
      expect(fit.kept == std::vector<Index>({1, 2}));
      expect(std::abs(fit.coefficients[0]) <= 0.0);
      expect_near(fit.coefficients.tail(2), alone.coefficients, 1e-12);
      expect_near(flowresil::inverse_products(fit), flowresil::inverse_products(alone), 1e-12);
      expect(flowresil::fate_codes(fit) == std::vector<int>({1, 0, 0}));
    }
  }
}

FLOWRESIL_TEST("constant and zero columns are absorbed") {
  Panel panel = reference::unbalanced_panel(12, 9, 3);
  panel.columns.col(0).setConstant(3.7);
  panel.columns.col(1).setZero();
  expect(flowresil::fate_codes(regress(panel)) == std::vector<int>({1, 1, 0}));
  panel.codes.clear();
  panel.n_levels.clear();
  expect(flowresil::fate_codes(regress(panel)) == std::vector<int>({1, 1, 0}));
  panel.centre = false;  // without a constant, a column of ones is a regressor like any other
  expect(flowresil::fate_codes(regress(panel)) == std::vector<int>({0, 1, 0}));
}

FLOWRESIL_TEST("the later of collinear columns goes, and is told as a combination of the earlier") {
  Panel panel = reference::unbalanced_panel(21, 9, 4);
  for (Index i = 0; i < panel.n_rows(); ++i) {
    const double effects = 5.0 * panel.codes[0][static_cast<std::size_t>(i)];
    panel.columns(i, 2) = 1000 * (2 * panel.columns(i, 0) - 3 * panel.columns(i, 1)) + effects;
  }
  const LeastSquares fit = regress(panel);
  expect(flowresil::fate_codes(fit) == std::vector<int>({0, 0, 2, 0}));
  const VectorXd norm = within(panel).factor.triangle.colwise().norm();
  expect(fit.combination.rows() == 3 && fit.combination.cols() == 1);
  expect_near(fit.combination(0, 0), 2000 * norm[0] / norm[2], 1e-10);
  expect_near(fit.combination(1, 0), -3000 * norm[1] / norm[2], 1e-10);
  expect_near(fit.combination(2, 0), 0, 1e-10);
  expect(std::abs(fit.coefficients[2]) <= 0.0);
  Panel without = panel;
  without.columns.col(2) = panel.columns.col(3);
  without.columns.col(3) = panel.columns.col(4);
  without.columns.conservativeResize(Eigen::NoChange, 4);
  const LeastSquares rest = regress(without);
  expect_near(fit.coefficients[0], rest.coefficients[0], 1e-11);
  expect_near(fit.coefficients[3], rest.coefficients[2], 1e-11);
  expect_near(fit.residual_squares, rest.residual_squares, 1e-11);
  expect_near(flowresil::inverse_products(fit), flowresil::inverse_products(rest), 1e-11);
}

FLOWRESIL_TEST("a copy of a column is collinear with it alone") {
  MatrixXd triangle(3, 3);
  triangle << 2, -2, 1, 0, 0, 0, 0, 0, 5;
  const LeastSquares fit = flowresil::least_squares(factor_of(triangle), rank_tolerance);
  expect(flowresil::fate_codes(fit) == std::vector<int>({0, 2}));
  expect_near(fit.coefficients[0], 0.5, 1e-15);
  expect_near(fit.combination(0, 0), -1, 1e-15);
  expect_near(fit.residual_squares, 25, 1e-13);
}

FLOWRESIL_TEST("rows of the triangle may have either sign") {
  MatrixXd triangle(3, 3);
  triangle << 2, 1, 4, 0, 3, 6, 0, 0, 0.5;
  const LeastSquares fit = flowresil::least_squares(factor_of(triangle), rank_tolerance);
  expect_near(fit.coefficients[1], 2, 1e-14);
  expect_near(fit.coefficients[0], 1, 1e-14);
  expect_near(fit.residual_squares, 0.25, 1e-14);
  triangle.row(0) *= -1;
  triangle.row(2) *= -1;
  const LeastSquares turned = flowresil::least_squares(factor_of(triangle), rank_tolerance);
  expect_near(turned.coefficients, fit.coefficients, 1e-14);
  expect_near(flowresil::inverse_products(turned), flowresil::inverse_products(fit), 1e-14);
}

FLOWRESIL_TEST("columns that differ by 1e-6 are kept and solved to ten digits") {
  // Cross-products would leave four digits: the condition of the columns is 1e6, that of products 1e12.
  for (const bool with_weights : {false, true}) {
    Panel panel = reference::unbalanced_panel(21, 9, 3);
    for (Index i = 0; i < panel.n_rows(); ++i) {
      panel.columns(i, 1) = panel.columns(i, 0) + 1e-6 * reference::wave(i, 9);
    }
    if (with_weights) reference::fill_weights(panel);
    const reference::Fit truth = reference::fit(panel);
    const LeastSquares fit = regress(panel);
    expect(fit.kept.size() == 3);
    expect_near(relative(fit.coefficients, truth.coefficients), 0, 1e-8);
    const reference::Matrix difference = flowresil::inverse_products(fit).cast<long double>() - truth.bread;
    expect_near(static_cast<double>(difference.norm() / truth.bread.norm()), 0, 1e-8);
    expect_near(fit.residual_squares / static_cast<double>(truth.residual_squares), 1, 1e-12);
  }
}

FLOWRESIL_TEST("a regressor that is nearly all effects is estimated from what is left of it") {
  Panel panel = reference::unbalanced_panel(60, 9, 2);
  for (Index i = 0; i < panel.n_rows(); ++i) {
    panel.columns(i, 0) = 1e4 * std::sin(3.0 * panel.codes[0][static_cast<std::size_t>(i)]) +
                          1e4 * std::cos(2.0 * panel.codes[1][static_cast<std::size_t>(i)]) +
                          1e-2 * reference::wave(i, 3);
  }
  // 1e-2 beside 1e4: ten digits are left, less what the sums lose.
  expect_as_dummies(panel, 1e-8);
  expect_as_dummies(panel, 1e-8, 0);
}

FLOWRESIL_TEST("a copy is found collinear behind a pair of columns that differ by 1e-7") {
  // Columns before the pair keep it off the axes of the triangle, so that the basis is rounded.
  Panel panel = reference::unbalanced_panel(21, 9, 7);
  for (Index i = 0; i < panel.n_rows(); ++i) {
    panel.columns(i, 4) = panel.columns(i, 3) + 1e-7 * reference::wave(i, 9);
    panel.columns(i, 5) = 3.0 * panel.columns(i, 3);
  }
  expect(flowresil::fate_codes(regress(panel)) == std::vector<int>({0, 0, 0, 0, 0, 2, 0}));
}

FLOWRESIL_TEST("an outcome that the effects explain is reported") {
  Panel panel = reference::unbalanced_panel(12, 9, 1);
  expect(!regress(panel).outcome_absorbed);
  for (Index i = 0; i < panel.n_rows(); ++i) {
    panel.columns(i, 1) = 7.0 + std::sin(2.0 * panel.codes[1][static_cast<std::size_t>(i)]);
  }
  expect(regress(panel).outcome_absorbed);
}

FLOWRESIL_TEST("without regressors there are squares and nothing else") {
  Panel panel;
  panel.columns.resize(3, 1);
  panel.columns << 1, 2, 6;
  const LeastSquares fit = regress(panel);
  expect(fit.kept.empty() && fit.coefficients.size() == 0);
  expect_near(fit.residual_squares, 14, 1e-13);
  expect_near(fit.within_squares, 14, 1e-13);
}

FLOWRESIL_TEST("adding a constant or an effect to a column changes no coefficient") {
  const Panel panel = reference::unbalanced_panel(21, 9, 2);
  Panel moved = panel;
  moved.columns.col(2).array() += 100;
  for (Index i = 0; i < panel.n_rows(); ++i)
    moved.columns(i, 0) += 3.0 * panel.codes[0][static_cast<std::size_t>(i)];
  expect_near(regress(moved).coefficients, regress(panel).coefficients, 1e-12);
  expect_near(regress(moved).residual_squares, regress(panel).residual_squares, 1e-11);
}

FLOWRESIL_TEST("the fit has the same bits for any number of threads") {
  for (const bool with_weights : {false, true}) {
    for (const Index limit : {Index{2000}, Index{0}}) {
      Panel panel;
      std::vector<int> unit, period;
      for (int i = 0; i < 120000; ++i) {
        if (i % 13 == 5) continue;
        unit.push_back(i / 100);
        period.push_back((i * 7) % 100);
      }
      panel.add_effect(unit);
      panel.add_effect(period);
      reference::fill_columns(panel, static_cast<Index>(unit.size()), 2);
      if (with_weights) reference::fill_weights(panel);
      expect(panel.n_rows() > 100000);
      const WithinFit alone = within(panel, limit, 1);
      for (const int threads : {2, 3, 7}) {
        const WithinFit together = within(panel, limit, threads);
        expect(together.factor.triangle == alone.factor.triangle);
        expect(together.factor.norms == alone.factor.norms && together.factor.means == alone.factor.means);
        expect(together.factor.centred_squares == alone.factor.centred_squares);
        for (std::size_t j = 0; j < 2; ++j)
          expect(together.solution.levels[j] == alone.solution.levels[j]);
      }
    }
  }
}

FLOWRESIL_TEST("least squares refuse what breaks their contract") {
  const Panel panel = reference::unbalanced_panel(9, 6, 1);
  WithinOptions options;
  flowresil::Sample bare = panel.sample();
  bare.columns.clear();
  expect_throws<ContractViolation>([&] { flowresil::fit_within(bare, VectorXd(0), options); }, "outcome");
  const MatrixXd triangle = MatrixXd::Identity(2, 2);
  expect_throws<ContractViolation>([&] { flowresil::least_squares(factor_of(triangle), -1.0); }, "tolerance");
  expect_throws<ContractViolation>([&] { flowresil::least_squares(factor_of(triangle), 1.0); }, "tolerance");
  WithinFactor odd = factor_of(triangle);
  odd.norms = VectorXd::Ones(3);
  expect_throws<ContractViolation>([&] { flowresil::least_squares(odd, rank_tolerance); }, "square");
  odd = factor_of(triangle);
  odd.triangle = MatrixXd::Ones(3, 2);
  expect_throws<ContractViolation>([&] { flowresil::least_squares(odd, rank_tolerance); }, "square");
  odd = factor_of(triangle);
  odd.representable = false;
  expect_throws<ContractViolation>([&] { flowresil::least_squares(odd, rank_tolerance); }, "finite");
}
