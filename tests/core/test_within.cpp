// The within transformation: by hand, against dense regressions on dummies, digits, threads, contracts.
#include <cmath>
#include <limits>

#include "check.hpp"
#include "core/contract.hpp"
#include "core/within.hpp"
#include "reference.hpp"

using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;
using flowresil::ContractViolation;
using flowresil::EffectSolver;
using flowresil::WithinOptions;
using flowresil::WithinSolution;
using reference::Panel;

namespace {

WithinOptions options_for(Index direct_limit = 2000, int threads = 1) {
  WithinOptions options;
  options.direct_limit = direct_limit;
  options.threads = threads;
  options.tolerance = 1e-13;
  return options;
}

VectorXd means_of(const Panel& panel) {
  return panel.columns.colwise().mean();
}

MatrixXd demeaned_by(const Panel& panel, const WithinSolution& solution) {
  MatrixXd out(panel.n_rows(), panel.columns.cols());
  flowresil::demean_rows(panel.sample(), solution, 0, panel.n_rows(), out.data(), panel.n_rows());
  return out;
}

// Demeaned by the method chosen, which is checked.
MatrixXd demean(const Panel& panel, const std::string& method, const WithinOptions& options = options_for(),
                int refinements = 0) {
  const flowresil::Sample sample = panel.sample();
  const EffectSolver solver(sample, options);
  WithinSolution solution = solver.solve(means_of(panel));
  for (int i = 0; i < refinements; ++i)
    solver.refine(solution);
  expect(solution.method == method && solver.method() == method);
  expect(solution.converged);
  return demeaned_by(panel, solution);
}

// Largest error of a demeaned column over its norm (both weighted), against long double.
double error_of(const Panel& panel, const MatrixXd& found) {
  const reference::Matrix truth = reference::demeaned(panel);
  double worst = 0.0;
  for (Index c = 0; c < found.cols(); ++c) {
    long double error = 0, norm = 0;
    for (Index i = 0; i < found.rows(); ++i) {
      const long double difference = static_cast<long double>(found(i, c)) - truth(i, c);
      error += panel.weight(i) * difference * difference;
      norm += panel.weight(i) * truth(i, c) * truth(i, c);
    }
    worst = std::max(worst, static_cast<double>(std::sqrt(error / norm)));
  }
  return worst;
}

void expect_as_dummies(const Panel& panel, const std::string& method, double tolerance,
                       const WithinOptions& options = options_for(), int refinements = 0) {
  expect_near(error_of(panel, demean(panel, method, options, refinements)), 0, tolerance);
}

Panel swapped(Panel panel) {
  std::swap(panel.codes[0], panel.codes[1]);
  std::swap(panel.n_levels[0], panel.n_levels[1]);
  return panel;
}

Panel weighted(Panel panel) {
  reference::fill_weights(panel);
  return panel;
}

Panel one_effect(Panel panel, std::size_t which) {
  panel.codes = {panel.codes[which]};
  panel.n_levels = {panel.n_levels[which]};
  return panel;
}

// 120 000 rows: more than one slab of every loop. Two effects, `missing` leaves out rows.
Panel large_panel(int units, int periods, bool missing) {
  Panel panel;
  std::vector<int> unit, period;
  for (int i = 0; i < units * periods; ++i) {
    if (missing && i % 13 == 5 && i % periods != 0) continue;
    unit.push_back(i / periods);
    period.push_back(i % periods);
  }
  panel.add_effect(unit);
  panel.add_effect(period);
  reference::fill_columns(panel, static_cast<Index>(unit.size()), 2);
  return panel;
}

}  // namespace

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

FLOWRESIL_TEST("two units in two periods keep their interaction, by hand") {
  Panel panel;
  panel.columns.resize(4, 1);
  panel.columns << 1, 2, 4, 9;  // unit means 1.5, 6.5, period means 2.5, 5.5, grand mean 4
  panel.add_effect({0, 0, 1, 1});
  panel.add_effect({0, 1, 0, 1});
  VectorXd by_hand(4);
  by_hand << 1, -1, -1, 1;
  expect_near(demean(panel, "balanced"), by_hand, 1e-14);
}

FLOWRESIL_TEST("an unbalanced panel by hand: the row alone in a unit is fitted exactly") {
  Panel panel;
  panel.columns.resize(5, 1);
  panel.columns << 1, 2, 4, 9, 77;
  panel.add_effect({0, 0, 1, 1, 2});
  panel.add_effect({0, 1, 0, 1, 1});
  VectorXd by_hand(5);
  by_hand << 1, -1, -1, 1, 0;
  expect_near(demean(panel, "direct"), by_hand, 1e-13);
  expect_near(demean(panel, "iterative", options_for(0)), by_hand, 1e-12);
}

FLOWRESIL_TEST("without effects the means go out, or nothing where there is no constant") {
  Panel panel;
  panel.columns.resize(3, 2);
  panel.columns << 1, 5, 2, 5, 6, 8;
  MatrixXd by_hand(3, 2);
  by_hand << -2, -1, -1, -1, 3, 2;
  expect_near(demean(panel, "centred"), by_hand, 1e-14);
  expect_near(demean(panel, "centred", options_for(), 1), by_hand, 1e-14);
  panel.centre = false;
  expect_near(demean(panel, "none"), panel.columns, 0);
  expect_near(demean(panel, "none", options_for(), 1), panel.columns, 0);
  panel.centre = true;
  panel.weights.resize(3);
  panel.weights << 2, 1, 1;  // means 2.5 and 5.75
  by_hand << -1.5, -0.75, -0.5, -0.75, 3.5, 2.25;
  expect_near(demean(panel, "centred"), by_hand, 1e-14);
}

FLOWRESIL_TEST("every kind of panel is demeaned as a regression on dummies does it") {
  expect_as_dummies(reference::balanced_panel(9, 7, 2), "balanced", 1e-13);
  expect_as_dummies(reference::balanced_panel(7, 9, 2), "balanced", 1e-13);
  expect_as_dummies(weighted(reference::balanced_panel(9, 7, 2)), "direct", 1e-13);
  for (const Panel& panel :
       {reference::unbalanced_panel(11, 7, 2), reference::unbalanced_panel(7, 12, 2),
        reference::disconnected_panel(11, 8, 2), reference::disconnected_panel(6, 13, 2)}) {
    expect_as_dummies(panel, "direct", 1e-12);
    expect_as_dummies(swapped(panel), "direct", 1e-12);
    expect_as_dummies(weighted(panel), "direct", 1e-12);
    expect_as_dummies(swapped(weighted(panel)), "direct", 1e-12);
    expect_as_dummies(one_effect(panel, 0), "means", 1e-13);
    expect_as_dummies(weighted(one_effect(panel, 1)), "means", 1e-13);
  }
}

FLOWRESIL_TEST("more than one piece of levels is put together whole") {
  expect_as_dummies(reference::unbalanced_panel(150, 4, 2), "direct", 1e-12);
  expect_as_dummies(weighted(reference::unbalanced_panel(150, 4, 2)), "direct", 1e-12);
}

FLOWRESIL_TEST("many rows a cell") {
  Panel panel;
  std::vector<int> unit, period;
  for (int i = 0; i < 200; ++i) {
    unit.push_back((i * i + i / 7) % 5);
    period.push_back((i + i / 11) % 3);
  }
  panel.add_effect(unit);
  panel.add_effect(period);
  reference::fill_columns(panel, 200, 2);
  expect_as_dummies(panel, "direct", 1e-13);
  expect_as_dummies(weighted(panel), "direct", 1e-13);
  expect_as_dummies(panel, "iterative", 1e-11, options_for(0));
}

FLOWRESIL_TEST("an effect of one level changes nothing beside the other") {
  Panel panel = one_effect(reference::unbalanced_panel(9, 5, 2), 0);
  panel.add_effect(std::vector<int>(static_cast<std::size_t>(panel.n_rows()), 0));
  expect_as_dummies(panel, "direct", 1e-13);
  expect_near(demean(panel, "direct"), demean(one_effect(panel, 0), "means"), 1e-14);
  expect_as_dummies(panel, "iterative", 1e-12, options_for(0));
}

FLOWRESIL_TEST("each row its own level leaves zeros") {
  Panel panel = reference::balanced_panel(4, 3, 1);
  std::vector<int> row;
  for (int i = 0; i < 12; ++i)
    row.push_back(i);
  panel.codes[0] = row;
  panel.n_levels[0] = 12;
  expect_near(demean(panel, "direct"), MatrixXd::Zero(12, 2), 1e-14);
  expect_near(demean(panel, "iterative", options_for(0)), MatrixXd::Zero(12, 2), 1e-13);
}

FLOWRESIL_TEST("the iterative solution is that of the dummies, to its tolerance") {
  for (const Panel& panel : {reference::unbalanced_panel(11, 7, 2), reference::disconnected_panel(11, 8, 2),
                             reference::unbalanced_panel(40, 12, 2)}) {
    expect_as_dummies(panel, "iterative", 1e-11, options_for(0));
    expect_as_dummies(swapped(weighted(panel)), "iterative", 1e-11, options_for(0));
  }
}

FLOWRESIL_TEST("three effects, connected or not, weighted or not") {
  for (const Panel& panel : {reference::balanced_panel(9, 7, 2), reference::disconnected_panel(11, 8, 2),
                             reference::unbalanced_panel(11, 7, 2)}) {
    expect_as_dummies(reference::with_third_effect(panel, 5), "iterative", 1e-11);
    expect_as_dummies(weighted(reference::with_third_effect(panel, 23)), "iterative", 1e-11);
  }
}

FLOWRESIL_TEST("what is demeaned has no sums left in any level") {
  const Panel panel = weighted(reference::disconnected_panel(13, 9, 2));
  const MatrixXd z = demean(panel, "direct");
  for (std::size_t j = 0; j < 2; ++j) {
    MatrixXd sums = MatrixXd::Zero(panel.n_levels[j], 3);
    for (Index i = 0; i < panel.n_rows(); ++i) {
      sums.row(panel.codes[j][static_cast<std::size_t>(i)]) += panel.weights[i] * z.row(i);
    }
    expect_near(sums, MatrixXd::Zero(panel.n_levels[j], 3), 1e-12);
  }
}

FLOWRESIL_TEST("rows are demeaned from any row on, with any stride") {
  const Panel panel = reference::unbalanced_panel(9, 6, 2);
  const flowresil::Sample sample = panel.sample();
  const EffectSolver solver(sample, options_for());
  const WithinSolution solution = solver.solve(means_of(panel));
  const MatrixXd whole = demeaned_by(panel, solution);
  MatrixXd part = MatrixXd::Constant(9, 3, -1);
  flowresil::demean_rows(sample, solution, 5, 11, part.data(), 9);
  expect_near(part.topRows(6), whole.middleRows(5, 6), 0);
  expect_near(part.bottomRows(3), MatrixXd::Constant(3, 3, -1), 0);
}

FLOWRESIL_TEST("a column at 1e7 with a spread of .1 keeps its digits") {
  for (const bool with_weights : {false, true}) {
    Panel panel = reference::unbalanced_panel(21, 9, 2);
    for (Index i = 0; i < panel.n_rows(); ++i)
      panel.columns(i, 0) = 1e7 + 0.1 * reference::wave(i, 3);
    if (with_weights) reference::fill_weights(panel);
    // The values themselves are rounded at 1e-9: the truth is of the rounded values.
    expect_as_dummies(panel, "direct", 1e-12);
    expect_as_dummies(panel, "iterative", 1e-11, options_for(0));
    expect_as_dummies(one_effect(panel, 0), "means", 1e-12);
  }
}

FLOWRESIL_TEST("refining brings back the digits of a column that is nearly all effects") {
  Panel panel = reference::unbalanced_panel(60, 9, 1);
  for (Index i = 0; i < panel.n_rows(); ++i) {
    const double effects = 1e5 * std::sin(3.0 * panel.codes[0][static_cast<std::size_t>(i)]) +
                           1e5 * std::cos(2.0 * panel.codes[1][static_cast<std::size_t>(i)]);
    panel.columns(i, 0) = effects + 1e-3 * reference::wave(i, 3);
  }
  const double refined = error_of(panel, demean(panel, "direct", options_for(), 1));
  expect_near(refined, 0, 1e-7);
  expect(refined <= error_of(panel, demean(panel, "direct")));
  expect_as_dummies(panel, "iterative", 1e-7, options_for(0), 1);
}

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
  expect(!EffectSolver(plain, options_for()).is_ill_conditioned());
  panel.weights[panel.n_rows() - 1] = 1e-8;
  const flowresil::Sample sample = panel.sample();
  expect(EffectSolver(sample, options_for()).is_ill_conditioned());
  expect_as_dummies(panel, "direct", 1e-6);
  expect_as_dummies(panel, "direct", 1e-12, options_for(), 1);
}

FLOWRESIL_TEST("components without a link between them are no ill condition: each has a level held at zero") {
  for (const Panel& panel :
       {reference::disconnected_panel(11, 8, 1), reference::disconnected_panel(6, 13, 1)}) {
    const flowresil::Sample sample = panel.sample();
    const EffectSolver solver(sample, options_for());
    expect(solver.method() == "direct");
    expect(!solver.is_ill_conditioned());
  }
}

FLOWRESIL_TEST("given sums are solved and added to what is there") {
  const Panel panel = weighted(reference::unbalanced_panel(9, 6, 1));
  const flowresil::Sample sample = panel.sample();
  const EffectSolver solver(sample, options_for());
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

FLOWRESIL_TEST("solutions have the same bits for any number of threads") {
  struct Case {
    Panel panel;
    Index direct_limit;
    const char* method;
  };
  std::vector<Case> cases;
  cases.push_back({large_panel(1000, 120, true), 2000, "direct"});
  cases.push_back({large_panel(400, 300, true), 2000, "direct"});
  cases.push_back({weighted(large_panel(1000, 120, true)), 2000, "direct"});
  cases.push_back({large_panel(1000, 120, false), 2000, "balanced"});
  cases.push_back({large_panel(1000, 120, true), 0, "iterative"});
  cases.push_back({one_effect(large_panel(1000, 120, true), 0), 2000, "means"});
  for (const Case& one : cases) {
    const flowresil::Sample sample = one.panel.sample();
    expect(sample.n_rows > 100000);
    const auto solve = [&](int threads) {
      const EffectSolver solver(sample, options_for(one.direct_limit, threads));
      WithinSolution solution = solver.solve(means_of(one.panel));
      expect(solution.method == one.method);
      solver.refine(solution);
      return solution;
    };
    const WithinSolution alone = solve(1);
    for (const int threads : {2, 3, 7}) {
      const WithinSolution together = solve(threads);
      for (std::size_t j = 0; j < alone.levels.size(); ++j)
        expect(together.levels[j] == alone.levels[j]);
      expect(together.shift == alone.shift && together.iterations == alone.iterations);
    }
  }
}

FLOWRESIL_TEST("a user who interrupts is heard by every method") {
  WithinOptions options = options_for();
  options.interrupted = [] { return true; };
  for (const Index limit : {Index{0}, Index{2000}}) {
    options.direct_limit = limit;
    for (const Panel& panel : {reference::balanced_panel(5, 4, 1), reference::unbalanced_panel(9, 6, 1),
                               one_effect(reference::balanced_panel(5, 4, 1), 0)}) {
      const flowresil::Sample sample = panel.sample();
      const EffectSolver solver(sample, options);
      expect_throws<flowresil::Interruption>([&] { solver.solve(means_of(panel)); }, "interrupted");
    }
  }
  const Panel panel = large_panel(1000, 120, true);
  const flowresil::Sample sample = panel.sample();
  options.direct_limit = 0;
  options.threads = 3;
  expect_throws<flowresil::Interruption>([&] { EffectSolver(sample, options).solve(means_of(panel)); });
  options.interrupted = [] { return false; };
  EffectSolver(sample, options).solve(means_of(panel));
}

FLOWRESIL_TEST("the within transformation refuses what breaks its contract") {
  Panel panel = reference::unbalanced_panel(6, 4, 1);
  const flowresil::Sample sample = panel.sample();
  const EffectSolver solver(sample, options_for());
  expect_throws<ContractViolation>([&] { solver.solve(VectorXd::Zero(1)); }, "shift");
  expect_throws<ContractViolation>([&] { solver.solve(VectorXd::Constant(2, std::nan(""))); },
                                   "finite shift");
  WithinSolution solution = solver.solve(VectorXd::Zero(2));
  flowresil::LevelSums sums(solution.levels);
  sums.pop_back();
  expect_throws<ContractViolation>([&] { solver.add_solution(sums, VectorXd::Ones(2), solution); }, "table");
  sums = solution.levels;
  solution.levels.pop_back();
  expect_throws<ContractViolation>([&] { solver.add_solution(sums, VectorXd::Ones(2), solution); }, "table");
  flowresil::Sample bare = sample;
  bare.columns.clear();
  const EffectSolver empty(bare, options_for());
  expect_throws<ContractViolation>([&] { empty.solve(VectorXd(0)); }, "column");
  flowresil::Sample idle = sample;
  idle.effects[0].n_levels += 1;  // a level without a row has no mean
  expect_throws<ContractViolation>([&] { EffectSolver(idle, options_for()); }, "every level");
  idle.effects[0].n_levels -= 2;
  expect_throws<ContractViolation>([&] { EffectSolver(idle, options_for()); }, "codes");
  panel.weights = VectorXd::Zero(panel.n_rows());
  const flowresil::Sample weightless = panel.sample();
  expect_throws<ContractViolation>([&] { EffectSolver(weightless, options_for()); }, "weights");
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
  flowresil::Sample none;
  expect_throws<ContractViolation>([&] { flowresil::summarise_columns(none, 1); }, "rows");
}
