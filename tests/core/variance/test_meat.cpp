// The middle of a sandwich.
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

FLOWRESIL_TEST("scores by hand: four rows, two clusters") {
  Panel panel;
  panel.columns.resize(4, 2);
  panel.columns << -1, 3, 1, 2, -2, 1, 2, 0;
  panel.centre = false;
  ScoreColumns scores = all_columns(VectorXd::Constant(1, 2.0));  // residuals 5, 0, 5, -4
  const WithinSolution solution = solution_of(panel);
  // scores -5, 0, -10, -8
  expect_near(flowresil::score_squares(panel.sample(), solution, scores, nullptr, 1)(0, 0), 25 + 100 + 64,
              1e-12);
  const std::vector<int> code = {1, 0, 1, 0};  // sums -15 and -8
  const Effect cluster = effect(code, 2);
  expect_near(flowresil::score_squares(panel.sample(), solution, scores, &cluster, 1)(0, 0), 225 + 64, 1e-12);
  panel.weights.resize(4);
  panel.weights << 2, 1, 1, 0.5;  // scores -10, 0, -10, -4
  expect_near(flowresil::score_squares(panel.sample(), solution, scores, nullptr, 1)(0, 0), 216, 1e-12);
  expect_near(flowresil::score_squares(panel.sample(), solution, scores, &cluster, 1)(0, 0), 400 + 16, 1e-12);
  add_constant(scores);  // residuals times weights 10, 0, 5, -2
  MatrixXd by_hand(2, 2);
  by_hand << 216, -100 - 50 + 8, -100 - 50 + 8, 129;
  expect_near(flowresil::score_squares(panel.sample(), solution, scores, nullptr, 1), by_hand, 1e-12);
  const double column[] = {1, 1, -1, 2};  // 10, 0, -5, -4
  scores.constant_column = column;
  by_hand << 416, -100 + 16, -100 + 16, 25 + 16;
  expect_near(flowresil::score_squares(panel.sample(), solution, scores, &cluster, 1), by_hand, 1e-12);
}

FLOWRESIL_TEST("scores by row and by cluster are those of the dense regression") {
  for (const Panel& panel :
       {reference::balanced_panel(9, 7, 3), reference::unbalanced_panel(60, 9, 3),
        weighted(reference::unbalanced_panel(60, 9, 3)), weighted(reference::disconnected_panel(11, 8, 3)),
        weighted(reference::with_third_effect(reference::unbalanced_panel(11, 7, 3), 6))}) {
    const WithinSolution solution = solution_of(panel);
    const reference::Fit truth = reference::fit(panel);
    const Index n = panel.n_rows();
    ScoreColumns scores = all_columns(truth.coefficients.cast<double>());
    reference::Matrix z = truth.demeaned.leftCols(3);
    const MatrixXd by_row = reference::score_squares(panel, z, truth.residuals, {}).cast<double>();
    expect_near(flowresil::score_squares(panel.sample(), solution, scores, nullptr, 1), by_row, 1e-11);
    for (const bool sorted : {false, true}) {
      const std::vector<int> code = clusters(n, 8, sorted);
      const Effect cluster = effect(code, 8);
      const MatrixXd by_cluster = reference::score_squares(panel, z, truth.residuals, code).cast<double>();
      expect_near(flowresil::score_squares(panel.sample(), solution, scores, &cluster, 1), by_cluster, 1e-11);
    }
    // Each row its own cluster is no cluster.
    const std::vector<int> own = clusters(n, static_cast<int>(n), true);
    const Effect single = effect(own, n);
    expect_near(flowresil::score_squares(panel.sample(), solution, scores, &single, 1), by_row, 1e-11);
    // Some columns, in another order, and a constant with a column of its own.
    scores = score_columns(truth.coefficients.cast<double>(), {2, 0});
    add_constant(scores);
    VectorXd column(n);
    for (Index i = 0; i < n; ++i)
      column[i] = reference::wave(i, 33);
    scores.constant_column = column.data();
    reference::Matrix chosen(n, 3);
    chosen << z.col(2), z.col(0), column.cast<long double>();
    const std::vector<int> code = clusters(n, 8, false);
    const Effect cluster = effect(code, 8);
    expect_near(flowresil::score_squares(panel.sample(), solution, scores, &cluster, 1),
                reference::score_squares(panel, chosen, truth.residuals, code).cast<double>(), 1e-11);
    expect_near(flowresil::score_squares(panel.sample(), solution, scores, nullptr, 1),
                reference::score_squares(panel, chosen, truth.residuals, {}).cast<double>(), 1e-11);
    // Turned: the products of turned scores are turned products.
    ScoreColumns turned = scores;
    turned.turn << 0.5, 2.0, -1.0, 0.0, 1.5, 0.25, 0.0, 0.0, -3.0;
    for (const Effect* given : {static_cast<const Effect*>(nullptr), &cluster}) {
      const MatrixXd plain = flowresil::score_squares(panel.sample(), solution, scores, given, 1);
      expect_near(flowresil::score_squares(panel.sample(), solution, turned, given, 1),
                  turned.turn.transpose() * plain * turned.turn, 1e-10);
    }
    // Combinations of columns.
    scores.combination.col(0) << 0.5, -2.0, 1.0, 0.0;
    chosen.col(0) = 0.5L * z.col(0) - 2.0L * z.col(1) + z.col(2);
    expect_near(flowresil::score_squares(panel.sample(), solution, scores, &cluster, 1),
                reference::score_squares(panel, chosen, truth.residuals, code).cast<double>(), 1e-11);
    expect_near(flowresil::score_squares(panel.sample(), solution, scores, nullptr, 1),
                reference::score_squares(panel, chosen, truth.residuals, {}).cast<double>(), 1e-11);
  }
}

FLOWRESIL_TEST("more rows than a slab: scores of all rows count, and have the same bits for any threads") {
  Panel panel;  // no effects, so that the truth is a sum
  const Index n = 300000;
  panel.columns.resize(n, 3);
  panel.weights.resize(n);
  for (Index i = 0; i < n; ++i) {
    panel.columns.row(i) << std::sin(0.7 * static_cast<double>(i)), std::cos(1.3 * static_cast<double>(i)),
        std::sin(0.1 * static_cast<double>(i) + 1.0);
    panel.weights[i] = 1.5 + std::sin(2.9 * static_cast<double>(i));
  }
  panel.centre = false;
  VectorXd coefficients(2);
  coefficients << 0.3, -0.2;
  const WithinSolution solution = solution_of(panel);
  const ScoreColumns scores = all_columns(coefficients);
  reference::Vector residuals(n);
  for (Index i = 0; i < n; ++i) {
    residuals[i] = static_cast<long double>(panel.columns(i, 2)) - panel.columns(i, 0) * 0.3L +
                   panel.columns(i, 1) * 0.2L;
  }
  const reference::Matrix z = panel.columns.leftCols(2).cast<long double>();
  std::vector<std::vector<int>> codes = {
      {}, clusters(n, 9001, false), clusters(n, 9001, true), clusters(n, 7, true)};
  for (const std::vector<int>& code : codes) {
    const Effect cluster = effect(code, code.empty() ? 0 : *std::max_element(code.begin(), code.end()) + 1);
    const Effect* given = code.empty() ? nullptr : &cluster;
    const MatrixXd truth = reference::score_squares(panel, z, residuals, code).cast<double>();
    const MatrixXd alone = flowresil::score_squares(panel.sample(), solution, scores, given, 1);
    expect_near(alone / truth.norm(), truth / truth.norm(), 1e-12);
    for (const int threads : {2, 3, 7}) {
      expect(flowresil::score_squares(panel.sample(), solution, scores, given, threads) == alone);
    }
  }
  const VectorXd alone = flowresil::within_residuals(panel.sample(), solution, scores, 1);
  expect_near(alone, residuals.cast<double>(), 1e-15);
  for (const int threads : {2, 3, 7}) {
    expect(flowresil::within_residuals(panel.sample(), solution, scores, threads) == alone);
  }
}

FLOWRESIL_TEST("covariance refuses what breaks its contract") {
  const Panel panel = reference::unbalanced_panel(9, 6, 2);
  const flowresil::Sample sample = panel.sample();
  const WithinSolution solution = solution_of(panel);
  ScoreColumns scores = all_columns(VectorXd::Zero(3));
  const auto squares = [&](const Effect* cluster) {
    flowresil::score_squares(sample, solution, scores, cluster, 1);
  };
  expect_throws<ContractViolation>([&] { squares(nullptr); }, "weight");
  expect_throws<ContractViolation>([&] { flowresil::within_residuals(sample, solution, scores, 1); },
                                   "weight");
  scores = all_columns(VectorXd::Zero(2));
  scores.along = VectorXd::Zero(1);
  expect_throws<ContractViolation>([&] { squares(nullptr); }, "coefficient");
  scores = all_columns(VectorXd::Zero(2));
  scores.combination.conservativeResize(2, 2);
  expect_throws<ContractViolation>([&] { squares(nullptr); }, "combine");
  scores = score_columns(VectorXd::Zero(2), {});
  expect_throws<ContractViolation>([&] { squares(nullptr); }, "score");
  scores = all_columns(VectorXd::Zero(2));
  scores.turn = MatrixXd::Identity(3, 3);
  expect_throws<ContractViolation>([&] { squares(nullptr); }, "turn");
  scores = score_columns(VectorXd::Zero(2), {0});
  const std::vector<int> code = clusters(panel.n_rows(), 4, false);
  const Effect outside = effect(code, 3);
  expect_throws<ContractViolation>([&] { squares(&outside); }, "codes");

  SampleCounts counts = counts_by_hand();
  counts.nested = {true};
  expect_throws<ContractViolation>([&] { small_sample(Variance::iid, Correction::fixest, counts); },
                                   "nesting");
  counts = counts_by_hand();
  counts.n_rows = 17;
  expect_throws<ContractViolation>([&] { small_sample(Variance::hc0, Correction::fixest, counts); },
                                   "degrees");
  counts.n_rows = 0;
  expect_throws<ContractViolation>([&] { small_sample(Variance::iid, Correction::fixest, counts); },
                                   "positive");
  counts = counts_by_hand();
  counts.n_slopes = -1;
  expect_throws<ContractViolation>([&] { small_sample(Variance::iid, Correction::fixest, counts); },
                                   "positive");
  counts = counts_by_hand();
  counts.n_clusters = 1;
  expect_throws<ContractViolation>([&] { small_sample(Variance::cluster, Correction::none, counts); },
                                   "clusters");
}
