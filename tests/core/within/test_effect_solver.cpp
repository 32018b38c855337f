// The within transformation, by whichever way is chosen.
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
      const WithinSolver solver(sample, options_for(one.direct_limit, threads));
      WithinSolution solution = solver.solve(means_of(one.panel));
      expect(flowresil::method_name(solution.method) == std::string(one.method));
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
      const WithinSolver solver(sample, options);
      expect_throws<flowresil::Interruption>([&] { solver.solve(means_of(panel)); }, "interrupted");
    }
  }
  const Panel panel = large_panel(1000, 120, true);
  const flowresil::Sample sample = panel.sample();
  options.direct_limit = 0;
  options.threads = 3;
  expect_throws<flowresil::Interruption>([&] { WithinSolver(sample, options).solve(means_of(panel)); });
  options.interrupted = [] { return false; };
  WithinSolver(sample, options).solve(means_of(panel));
}

FLOWRESIL_TEST("the within transformation refuses what breaks its contract") {
  Panel panel = reference::unbalanced_panel(6, 4, 1);
  const flowresil::Sample sample = panel.sample();
  const WithinSolver solver(sample, options_for());
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
  const WithinSolver empty(bare, options_for());
  expect_throws<ContractViolation>([&] { empty.solve(VectorXd(0)); }, "column");
  flowresil::Sample idle = sample;
  idle.effects[0].n_levels += 1;  // a level without a row has no mean
  expect_throws<ContractViolation>([&] { WithinSolver(idle, options_for()); }, "every level");
  idle.effects[0].n_levels -= 2;
  expect_throws<ContractViolation>([&] { WithinSolver(idle, options_for()); }, "codes");
  panel.weights = VectorXd::Zero(panel.n_rows());
  const flowresil::Sample weightless = panel.sample();
  expect_throws<ContractViolation>([&] { WithinSolver(weightless, options_for()); }, "weights");
}

FLOWRESIL_TEST("every method has the name that results are reported by") {
  using flowresil::Method;
  const std::vector<std::string> names{"none", "centred", "means", "balanced", "direct", "iterative"};
  std::size_t place = 0;
  for (Method method :
       {Method::none, Method::centred, Method::means, Method::balanced, Method::direct, Method::iterative}) {
    expect(flowresil::method_name(method) == names[place++]);
  }
}
