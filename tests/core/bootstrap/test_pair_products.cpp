// Cross-products by cluster against written-out rows.
#include "bootstrap/pair_products.hpp"

#include "variance/corrections.hpp"

using namespace variance_tests;
using flowresil::PairProducts;

namespace {

// All columns as scores, as R hands them over; a constant last where there are no effects.
ScoreColumns whole_columns(Index p, bool constant) {
  ScoreColumns scores;
  scores.combination = MatrixXd::Identity(p, p);
  scores.residual = VectorXd::Zero(p);
  scores.along = VectorXd::Zero(p);
  scores.turn = MatrixXd::Identity(p + (constant ? 1 : 0), p + (constant ? 1 : 0));
  scores.constant = constant;
  return scores;
}

}  // namespace

FLOWRESIL_TEST("cross-products by cluster are those of rows, levels first") {
  for (int effects : {0, 2}) {
    const Case made = make_case(effects, true, true);
    const Fit fit = fit_of(made.panel);
    const Index p = fit.sample.n_columns();
    const ScoreColumns scores = whole_columns(p, effects == 0);
    const Effect cluster = effect(made.clusters, made.n_clusters);
    const flowresil::ClusterReader reader(fit.sample, fit.solution, scores, cluster);
    const flowresil::CrossingLevels crossing(reader, made.nested, 2000);
    const PairProducts found = flowresil::pair_products(reader, crossing, 1, {});
    expect(found.n_columns == p && found.n_levels == (effects == 0 ? 1 : made.panel.n_levels[1]));
    for (Index g = 0; g < made.n_clusters; ++g) {
      const flowresil::ClusterBlock block = reader.read(g);
      const flowresil::ClusterDirections own = crossing.directions(block);
      MatrixXd rows = MatrixXd::Zero(block.n(), found.size());
      for (std::size_t a = 0; a < own.at.size(); ++a)
        rows.col(own.at[a] < p ? found.n_levels + own.at[a] : own.at[a] - p) =
            own.columns.col(static_cast<Index>(a));
      const MatrixXd products = rows.transpose() * block.weights.asDiagonal() * rows;
      expect_near(
          (flowresil::unpacked(found.packed.col(g), found.size()) - products).norm() / products.norm(), 0,
          1e-12);
      expect_near((flowresil::packed(products) - flowresil::packed(products.transpose())).norm(), 0, 1e-9);
    }
    expect(flowresil::pair_products(reader, crossing, 2, {}).packed == found.packed);
    expect_throws<flowresil::Interruption>(
        [&] { flowresil::pair_products(reader, crossing, 1, [] { return true; }); }, "interrupted");
  }
}

FLOWRESIL_TEST("signed products are those of columns built with either sign") {
  PairProducts products;
  products.n_levels = 1;
  products.n_columns = 2;
  const MatrixXd rows = reference::matrix_of({{1, 2, 3}, {1, -1, 0.5}, {1, 0, 4}});
  products.packed = flowresil::packed(rows.transpose() * rows);
  const MatrixXd fixed = reference::matrix_of({{1, 0, 0.5}, {0, 1, 2}, {0, 0, 0}});
  const MatrixXd moving = reference::matrix_of({{0, 0, -0.5}, {0, 0, -2}, {0, 0, 1}});
  const PairProducts found = flowresil::signed_products(products, fixed, moving);
  expect(found.packed.cols() == 2);
  for (int sign : {1, -1}) {
    const MatrixXd built = rows * (fixed + sign * moving);
    expect_near(
        (flowresil::unpacked(found.packed.col(sign == 1 ? 0 : 1), 3) - built.transpose() * built).norm(), 0,
        1e-12);
  }
  expect_throws<ContractViolation>(
      [&] { flowresil::signed_products(products, MatrixXd::Identity(2, 2), moving); }, "columns");
}
