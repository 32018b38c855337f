// Regressions of resampled clusters against weighted regressions of their rows.
#include "bootstrap/product_draws.hpp"

#include "variance/corrections.hpp"

using namespace variance_tests;
using flowresil::DrawnEquation;
using flowresil::PairProducts;
using flowresil::ProductDraws;

namespace {

struct Pairs {
  Case made;
  MatrixXd dummies;  // by row
  PairProducts products;
};

// Columns 0, 1 and 2 of a panel of two effects, the second of which crosses the clusters.
Pairs pairs_of() {
  Pairs pairs;
  pairs.made = make_case(2, true, true);
  const Fit fit = fit_of(pairs.made.panel);
  const Index p = fit.sample.n_columns();
  ScoreColumns scores;
  scores.combination = MatrixXd::Identity(p, p);
  scores.residual = VectorXd::Zero(p);
  scores.along = VectorXd::Zero(p);
  scores.turn = MatrixXd::Identity(p, p);
  const Effect cluster = effect(pairs.made.clusters, pairs.made.n_clusters);
  const flowresil::ClusterReader reader(fit.sample, fit.solution, scores, cluster);
  const flowresil::CrossingLevels crossing(reader, pairs.made.nested, 2000);
  pairs.products = flowresil::pair_products(reader, crossing, 1, {});
  pairs.dummies = written_out(pairs.made.panel, 0);
  return pairs;
}

flowresil::ClusterCounts given(const MatrixXd& counts) {
  return
      [counts](Index first, Eigen::Ref<MatrixXd> block) { block = counts.middleCols(first, block.cols()); };
}

}  // namespace

FLOWRESIL_TEST("draws are weighted regressions on all dummies, and their errors sandwiches by cluster") {
  const Pairs pairs = pairs_of();
  const Index n = pairs.made.panel.n_rows();
  const MatrixXd counts =
      reference::matrix_of({{1, 2, 0, 0.3}, {1, 0, 3, 1.7}, {1, 1, 1, 1.0}, {1, 1, 0, 1.0}});
  const std::vector<DrawnEquation> equations = {{1, {}, {0}}, {2, {}, {0, 1}}, {2, {1}, {0}}};
  const ProductDraws found =
      flowresil::product_draws(pairs.products, equations, 4, given(counts), true, 1, {});
  for (Index draw = 0; draw < 4; ++draw) {
    VectorXd weights(n);
    for (Index i = 0; i < n; ++i)
      weights[i] =
          pairs.made.panel.weights[i] * counts(pairs.made.clusters[static_cast<std::size_t>(i)], draw);
    Index at = 0, n_equations = 0;
    MatrixXd influences(pairs.made.n_clusters, 4);
    for (const DrawnEquation& equation : equations) {
      std::vector<Index> all = equation.wanted;
      all.insert(all.end(), equation.controls.begin(), equation.controls.end());
      const Index k = static_cast<Index>(all.size());
      MatrixXd X(n, k + pairs.dummies.cols());
      for (Index j = 0; j < k; ++j)
        X.col(j) = pairs.made.panel.columns.col(all[static_cast<std::size_t>(j)]);
      X.rightCols(pairs.dummies.cols()) = pairs.dummies;
      const VectorXd y = pairs.made.panel.columns.col(equation.outcome);
      const MatrixXd inverse = pseudo_inverse(X.transpose() * weights.asDiagonal() * X);
      const VectorXd b = inverse * (X.transpose() * (weights.asDiagonal() * y));
      const VectorXd e = y - X * b;
      expect_near(found.residual_squares(n_equations++, draw), e.dot(weights.cwiseProduct(e)), 1e-8);
      for (std::size_t w = 0; w < equation.wanted.size(); ++w) {
        expect_near(found.coefficients(at, draw), b[static_cast<Index>(w)], 1e-8);
        expect_near(found.inverses(at, draw), inverse(static_cast<Index>(w), static_cast<Index>(w)), 1e-8);
        for (int g = 0; g < pairs.made.n_clusters; ++g) {
          double sum = 0;
          for (Index i = 0; i < n; ++i) {
            if (pairs.made.clusters[static_cast<std::size_t>(i)] != g) continue;
            sum += inverse.row(static_cast<Index>(w)).dot(X.row(i)) * pairs.made.panel.weights[i] * e[i];
          }
          influences(g, at) = sum;
        }
        ++at;
      }
    }
    const MatrixXd meat = influences.transpose() * counts.col(draw).asDiagonal() * influences;
    const Eigen::Map<const MatrixXd> own(found.covariances.col(draw).data(), 4, 4);
    expect_near((own - meat).norm() / meat.norm(), 0, 1e-7);
  }
  for (int threads : {2, 3}) {
    const ProductDraws again =
        flowresil::product_draws(pairs.products, equations, 4, given(counts), true, threads, {});
    expect(again.coefficients == found.coefficients && again.covariances == found.covariances);
  }
}

FLOWRESIL_TEST("a draw without a wanted column fails, one without a control does not") {
  PairProducts products;
  products.n_columns = 3;
  products.packed.resize(6, 2);
  // columns x, z, y: z is nought in the first cluster, x in the second
  products.packed.col(0) = flowresil::packed(reference::matrix_of({{4, 0, 8}, {0, 0, 0}, {8, 0, 17}}));
  products.packed.col(1) = flowresil::packed(reference::matrix_of({{0, 0, 0}, {0, 2, 3}, {0, 3, 5}}));
  const MatrixXd counts = reference::matrix_of({{1, 0, 1}, {0, 2, 1}});
  const ProductDraws found =
      flowresil::product_draws(products, {{2, {1}, {0}}}, 3, given(counts), false, 1, {});
  expect_near(found.coefficients(0, 0), 2, 1e-12);
  expect(std::isnan(found.coefficients(0, 1)));
  expect_near(found.coefficients(0, 2), 2, 1e-12);
  expect(found.covariances.size() == 0);
  // what rounding leaves of x in a cluster is nothing beside the others' x
  products.packed(0, 1) = 1e-33;
  expect(std::isnan(flowresil::product_draws(products, {{2, {1}, {0}}}, 3, given(counts), false, 1, {})
                        .coefficients(0, 1)));
  expect_throws<ContractViolation>(
      [&] {
        flowresil::product_draws(products, {{3, {}, {0}}}, 3, given(counts), false, 1, {});
      },
      "columns");
  expect_throws<flowresil::Interruption>(
      [&] {
        flowresil::product_draws(products, {{2, {}, {0}}}, 3, given(counts), false, 1, [] { return true; });
      },
      "interrupted");
}

FLOWRESIL_TEST(
    "resampled clusters are as many as there are, each as likely, and hang on seed and draw alone") {
  const Index G = 7, R = 4000;
  MatrixXd counts(G, R), later(G, 10);
  flowresil::resampled_clusters(G, 5)(0, counts);
  flowresil::resampled_clusters(G, 5)(100, later);
  expect(later == counts.middleCols(100, 10));
  expect_near((counts.colwise().sum().array() - static_cast<double>(G)).abs().maxCoeff(), 0, 1e-12);
  for (Index g = 0; g < G; ++g) {
    expect_near(counts.row(g).mean(), 1, 0.07);
    const double spread = (counts.row(g).array() - 1.0).square().mean();
    expect_near(spread, 1.0 - 1.0 / static_cast<double>(G), 0.09);
  }
}
