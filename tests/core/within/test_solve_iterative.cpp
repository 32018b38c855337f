// The iterative solver by itself: its tolerance, its limits, its fields, its contracts.
#include <cmath>

#include "base/contract.hpp"
#include "check.hpp"
#include "reference.hpp"
#include "within/solve_iterative.hpp"

using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;
using flowresil::ContractViolation;
using flowresil::Convergence;
using flowresil::WithinOptions;
using reference::Panel;

namespace {

// What the solver takes: sums by level of all columns, weights by level, norms.
struct Problem {
  explicit Problem(const Panel& given) : panel(given), sample(panel.sample()) {
    const Index m = panel.columns.cols();
    norms = VectorXd::Zero(m);
    for (std::size_t j = 0; j < panel.codes.size(); ++j) {
      level_weights.push_back(VectorXd::Zero(panel.n_levels[j]));
      sums.push_back(MatrixXd::Zero(m, panel.n_levels[j]));
      solution.push_back(MatrixXd::Zero(m, panel.n_levels[j]));
    }
    for (Index i = 0; i < panel.n_rows(); ++i) {
      const auto weight = static_cast<double>(panel.weight(i));
      norms += weight * panel.columns.row(i).transpose().cwiseAbs2();
      for (std::size_t j = 0; j < panel.codes.size(); ++j) {
        const int level = panel.codes[j][static_cast<std::size_t>(i)];
        level_weights[j][level] += weight;
        sums[j].col(level) += weight * panel.columns.row(i).transpose();
      }
    }
    norms = norms.cwiseSqrt().eval();
  }

  Convergence solve(const WithinOptions& options, std::size_t eliminated = 0) {
    return flowresil::solve_by_conjugate_gradients(sample, eliminated, level_weights, sums, norms, options,
                                                   solution);
  }

  // Largest error of a demeaned column over its norm (both weighted).
  double error() const {
    const reference::Matrix truth = reference::demeaned(panel);
    double worst = 0.0;
    for (Index c = 0; c < panel.columns.cols(); ++c) {
      long double wrong = 0, norm = 0;
      for (Index i = 0; i < panel.n_rows(); ++i) {
        long double value = static_cast<long double>(panel.columns(i, c)) - truth(i, c);
        for (std::size_t j = 0; j < solution.size(); ++j) {
          value -= static_cast<long double>(solution[j](c, panel.codes[j][static_cast<std::size_t>(i)]));
        }
        wrong += panel.weight(i) * value * value;
        norm += panel.weight(i) * truth(i, c) * truth(i, c);
      }
      worst = std::max(worst, static_cast<double>(std::sqrt(wrong / norm)));
    }
    return worst;
  }

  Panel panel;
  flowresil::Sample sample;
  std::vector<VectorXd> level_weights;
  flowresil::LevelSums sums;
  VectorXd norms;
  std::vector<MatrixXd> solution;
};

WithinOptions with_tolerance(double tolerance, int threads = 1) {
  WithinOptions options;
  options.tolerance = tolerance;
  options.threads = threads;
  return options;
}

// Units move on by one period each: so slow a chain that the tolerance decides when it ends.
Panel chain(int links) {
  Panel panel;
  std::vector<int> unit, period;
  for (int u = 0; u < links; ++u) {
    for (int step = 0; step < 2; ++step) {
      unit.push_back(u);
      period.push_back(u + step);
    }
    if (u % 9 != 0) continue;
    unit.push_back(u);
    period.push_back(u);
  }
  panel.add_effect(unit);
  panel.add_effect(period);
  reference::fill_columns(panel, static_cast<Index>(unit.size()), 1);
  return panel;
}

}  // namespace

FLOWRESIL_TEST("conjugate gradients end within their tolerance of the dense solution") {
  for (const double tolerance : {1e-4, 1e-7, 1e-10}) {
    for (const Panel& panel : {chain(120), reference::unbalanced_panel(60, 25, 1),
                               reference::with_third_effect(reference::unbalanced_panel(30, 20, 1), 17)}) {
      Problem problem(panel);
      const Convergence reached = problem.solve(with_tolerance(tolerance));
      expect(reached.converged);
      expect(reached.relative_error <= tolerance);
      expect_near(problem.error(), 0, 20 * tolerance);
    }
  }
}

FLOWRESIL_TEST("a looser tolerance takes fewer steps") {
  Panel panel;  // units of two rows, each in a period and one not far from it
  std::vector<int> unit, period;
  for (int u = 0; u < 400; ++u) {
    for (int step = 0; step < 2; ++step) {
      unit.push_back(u);
      period.push_back((u + step * (1 + u % 3)) % 80);
    }
  }
  panel.add_effect(unit);
  panel.add_effect(period);
  reference::fill_columns(panel, static_cast<Index>(unit.size()), 1);
  Problem loose(panel), tight(panel);
  const int few = loose.solve(with_tolerance(1e-3)).iterations;
  const int many = tight.solve(with_tolerance(1e-12)).iterations;
  expect(few > 0);
  expect(few < many);
}

FLOWRESIL_TEST("any effect may be the eliminated one") {
  Panel panel = reference::with_third_effect(reference::unbalanced_panel(11, 7, 1), 6);
  reference::fill_weights(panel);
  for (std::size_t eliminated = 0; eliminated < 3; ++eliminated) {
    Problem problem(panel);
    expect(problem.solve(with_tolerance(1e-13), eliminated).converged);
    expect_near(problem.error(), 0, 1e-11);
  }
}

FLOWRESIL_TEST("what is found is added to what is there") {
  Problem problem(reference::unbalanced_panel(9, 6, 1)), again(reference::unbalanced_panel(9, 6, 1));
  problem.solve(with_tolerance(1e-12));
  for (MatrixXd& levels : again.solution)
    levels.setConstant(3.0);
  again.solve(with_tolerance(1e-12));
  for (std::size_t j = 0; j < 2; ++j) {
    expect_near(again.solution[j].array() - 3.0, problem.solution[j].array(), 1e-12);
  }
}

FLOWRESIL_TEST("too few steps are reported, with an error that is not small") {
  Problem problem(chain(120));
  WithinOptions options = with_tolerance(1e-10);
  options.max_iterations = 3;
  const Convergence reached = problem.solve(options);
  expect(!reached.converged);
  expect(reached.iterations == 3);
  expect(reached.relative_error > 1e-6);
  expect(problem.error() > 1e-6);
}

FLOWRESIL_TEST("a column of zeros, and one that the effects explain, need no tolerance") {
  Panel panel = reference::unbalanced_panel(9, 6, 1);
  panel.columns.col(0).setZero();
  for (Index i = 0; i < panel.n_rows(); ++i) {
    panel.columns(i, 1) =
        0.5 * panel.codes[0][static_cast<std::size_t>(i)] - 2.0 * panel.codes[1][static_cast<std::size_t>(i)];
  }
  Problem problem(panel);
  expect(problem.solve(with_tolerance(1e-10)).converged);
  for (Index i = 0; i < panel.n_rows(); ++i) {
    for (Index c = 0; c < 2; ++c) {
      double value = panel.columns(i, c);
      for (std::size_t j = 0; j < 2; ++j)
        value -= problem.solution[j](c, panel.codes[j][static_cast<std::size_t>(i)]);
      expect_near(value, 0, 1e-12);
    }
  }
}

FLOWRESIL_TEST("steps beyond the last digit do no harm") {
  // A tolerance out of reach: the iteration must end at rounding and not wander along what no row sees.
  Panel saturated = reference::with_third_effect(reference::disconnected_panel(11, 8, 1), 23);
  reference::fill_weights(saturated);
  for (const Panel& panel : {reference::unbalanced_panel(11, 7, 2), reference::unbalanced_panel(40, 12, 2),
                             reference::disconnected_panel(11, 8, 2), saturated}) {
    Problem problem(panel);
    const Convergence reached = problem.solve(with_tolerance(1e-18));
    expect(reached.converged);
    expect(reached.iterations < 60);
    expect_near(problem.error(), 0, 1e-13);
    for (const MatrixXd& levels : problem.solution)
      expect(levels.cwiseAbs().maxCoeff() < 1e3);
  }
}

FLOWRESIL_TEST("conjugate gradients give the same bits for any number of threads") {
  Problem alone(reference::unbalanced_panel(60, 25, 4));
  alone.solve(with_tolerance(1e-10));
  for (const int threads : {2, 3, 7}) {
    Problem together(reference::unbalanced_panel(60, 25, 4));
    together.solve(with_tolerance(1e-10, threads));
    for (std::size_t j = 0; j < 2; ++j)
      expect(together.solution[j] == alone.solution[j]);
  }
}

FLOWRESIL_TEST("a user who interrupts during the iteration is heard") {
  Problem problem(chain(120));
  WithinOptions options = with_tolerance(1e-12);
  int asked = 0;
  options.interrupted = [&asked] { return ++asked == 2; };
  expect_throws<flowresil::Interruption>([&] { problem.solve(options); });
  expect(asked >= 2);
}

FLOWRESIL_TEST("conjugate gradients refuse what breaks their contract") {
  Problem problem(reference::unbalanced_panel(9, 6, 1));
  expect_throws<ContractViolation>([&] { problem.solve(with_tolerance(0.0)); }, "tolerance");
  WithinOptions options = with_tolerance(1e-10);
  options.max_iterations = 0;
  expect_throws<ContractViolation>([&] { problem.solve(options); }, "iterations");
  options = with_tolerance(1e-10);
  expect_throws<ContractViolation>([&] { problem.solve(options, 2); }, "two effects");
  Problem norms = problem;
  norms.norms = VectorXd::Ones(3);
  expect_throws<ContractViolation>([&] { norms.solve(options); }, "norm");
  Problem sums = problem;
  sums.sums.pop_back();
  expect_throws<ContractViolation>([&] { sums.solve(options); }, "sums");
  Problem tables = problem;
  tables.solution.pop_back();
  expect_throws<ContractViolation>([&] { tables.solve(options); }, "sums");
  Panel one = reference::balanced_panel(4, 3, 1);
  one.codes.pop_back();
  one.n_levels.pop_back();
  Problem single(one);
  expect_throws<ContractViolation>([&] { single.solve(options); }, "two effects");
}
