// Sums by cluster, and their products.
#include "variance/shared.hpp"
#include "within/demean.hpp"

using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;
using flowresil::ContractViolation;
using flowresil::ScoreColumns;
using reference::Panel;
using namespace variance_tests;

namespace {

// Columns of scores, turned, and residuals, written out for every row.
struct Dense {
  MatrixXd columns;
  VectorXd residuals;
};

Dense dense_of(const flowresil::Sample& sample, const flowresil::WithinSolution& solution,
               const ScoreColumns& scores) {
  MatrixXd rows(sample.n_rows, sample.n_columns());
  flowresil::demean_rows(sample, solution, 0, sample.n_rows, rows.data(), sample.n_rows);
  const Index k = scores.combination.cols();
  MatrixXd columns = MatrixXd::Ones(sample.n_rows, k + (scores.constant ? 1 : 0));
  columns.leftCols(k) = rows * scores.combination;
  return {columns * scores.turn, rows * scores.residual - columns.leftCols(k) * scores.along};
}

Panel scattered(Index n, Index k) {
  Panel panel;
  std::vector<int> first, second;
  for (Index i = 0; i < n; ++i) {
    first.push_back(static_cast<int>(i % 13));
    second.push_back(static_cast<int>((i * i + i / 13) % 7));
  }
  panel.add_effect(first);
  panel.add_effect(second);
  reference::fill_columns(panel, n, k);
  return panel;
}

}  // namespace

FLOWRESIL_TEST(
    "sums, products and scores are those of written-out rows, clusters sorted or not, weighted or not") {
  for (bool sorted : {true, false}) {
    for (bool with_weights : {true, false}) {
      for (bool with_constant : {true, false}) {
        Panel panel = scattered(900, 3);
        if (with_weights) panel = weighted(panel);
        const flowresil::Sample sample = panel.sample();
        const flowresil::WithinSolution solution = solution_of(panel);
        ScoreColumns scores = all_columns(reference::vector_of({0.5, -1.0, 2.0}));
        scores.turn = reference::matrix_of({{1.0, 0.3, -0.2}, {0.0, 2.0, 0.1}, {0.0, 0.0, 0.7}});
        if (with_constant) {
          scores.constant = true;
          MatrixXd turn = MatrixXd::Zero(4, 4);
          turn.topLeftCorner(3, 3) = scores.turn;
          turn(3, 3) = 0.25;
          scores.turn = turn;
        }
        const Index k = scores.turn.cols();
        const std::vector<int> codes = clusters(sample.n_rows, 11, sorted);
        const flowresil::Effect cluster = effect(codes, 11);
        const Dense dense = dense_of(sample, solution, scores);
        MatrixXd sums = MatrixXd::Zero(k, 11);
        MatrixXd products = MatrixXd::Zero(k * k, 11);
        MatrixXd rows(sample.n_rows, k);
        for (Index i = 0; i < sample.n_rows; ++i) {
          const double weight = with_weights ? panel.weights[i] : 1.0;
          const VectorXd x = dense.columns.row(i).transpose();
          rows.row(i) = weight * dense.residuals[i] * x.transpose();
          sums.col(codes[static_cast<std::size_t>(i)]) += rows.row(i).transpose();
          const MatrixXd square = weight * x * x.transpose();
          products.col(codes[static_cast<std::size_t>(i)]) +=
              Eigen::Map<const VectorXd>(square.data(), k * k);
        }
        for (int threads : {1, 2}) {
          expect_near((flowresil::cluster_sums(sample, solution, scores, cluster, threads) - sums).norm(), 0,
                      1e-10);
          expect_near(
              (flowresil::cluster_products(sample, solution, scores, cluster, threads) - products).norm(), 0,
              1e-10);
          expect_near((variance_tests::score_rows(sample, solution, scores, threads) - rows).norm(), 0,
                      1e-10);
        }
        const MatrixXd meat = flowresil::score_squares(sample, solution, scores, &cluster, 1);
        expect_near((meat - sums * sums.transpose()).norm() / meat.norm(), 0, 1e-12);
      }
    }
  }
}

FLOWRESIL_TEST("sums and products of more rows than a slab have the same bits for any number of threads") {
  Panel panel = scattered(flowresil::score_slab_rows + 5000, 2);
  const flowresil::Sample sample = panel.sample();
  const flowresil::WithinSolution solution = solution_of(panel);
  const ScoreColumns scores = all_columns(reference::vector_of({0.5, -1.0}));
  const std::vector<int> codes = clusters(sample.n_rows, 50, false);
  const flowresil::Effect cluster = effect(codes, 50);
  expect(flowresil::cluster_sums(sample, solution, scores, cluster, 1) ==
         flowresil::cluster_sums(sample, solution, scores, cluster, 2));
  const MatrixXd products = flowresil::cluster_products(sample, solution, scores, cluster, 1);
  expect(products == flowresil::cluster_products(sample, solution, scores, cluster, 2));
  const Dense dense = dense_of(sample, solution, scores);
  MatrixXd by_hand = MatrixXd::Zero(4, 50);
  for (Index i = 0; i < sample.n_rows; ++i) {
    const MatrixXd square = dense.columns.row(i).transpose() * dense.columns.row(i);
    by_hand.col(codes[static_cast<std::size_t>(i)]) += Eigen::Map<const VectorXd>(square.data(), 4);
  }
  expect_near((products - by_hand).norm() / by_hand.norm(), 0, 1e-12);
}

FLOWRESIL_TEST("sums by cluster refuse codes out of range and scores without a turn") {
  Panel panel = scattered(60, 1);
  const flowresil::Sample sample = panel.sample();
  const flowresil::WithinSolution solution = solution_of(panel);
  ScoreColumns scores = all_columns(reference::vector_of({1.0}));
  const std::vector<int> codes = clusters(sample.n_rows, 5, true);
  expect_throws<ContractViolation>(
      [&] { flowresil::cluster_products(sample, solution, scores, effect(codes, 4), 1); }, "codes");
  expect_throws<ContractViolation>(
      [&] { flowresil::cluster_sums(sample, solution, scores, effect(codes, 4), 1); }, "codes");
  scores.turn.resize(0, 0);
  expect_throws<ContractViolation>([&] { variance_tests::score_rows(sample, solution, scores, 1); }, "turn");
}
