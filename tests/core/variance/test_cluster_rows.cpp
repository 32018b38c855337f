// Rows of one cluster after the other.
#include "variance/cluster_rows.hpp"

#include "variance/cluster_sums.hpp"
#include "variance/corrections.hpp"

using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;
using flowresil::ContractViolation;
using namespace variance_tests;

FLOWRESIL_TEST("a cluster's rows hold its columns, residuals, weights and levels, also beyond a block") {
  Case made = make_case(2, true, true);
  made.n_clusters = 2;
  for (int& code : made.clusters)
    code = code == 3 ? 1 : 0;
  for (bool with_constant : {false, true}) {
    Fit fit = fit_of(made.panel);
    const VectorXd column = VectorXd::LinSpaced(fit.sample.n_rows, 1, 2);
    if (with_constant) {
      const Index k = fit.slopes.size();
      fit.scores.constant = true;
      fit.scores.constant_column = column.data();
      fit.scores.turn = MatrixXd::Identity(k + 1, k + 1);
      fit.scores.turn.topLeftCorner(k, k) = fit.basis;
    }
    const flowresil::Effect cluster = effect(made.clusters, made.n_clusters);
    const flowresil::ClusterReader reader(fit.sample, fit.solution, fit.scores, cluster);
    const MatrixXd rows = variance_tests::score_rows(fit.sample, fit.solution, fit.scores, 1);
    Index seen = 0;
    for (Index g = 0; g < reader.n_clusters(); ++g) {
      const flowresil::ClusterBlock block = reader.read(g);
      seen += block.n();
      for (Index r = 0; r < block.n(); ++r) {
        const Index i = reader.rows().rows(g)[r];
        expect(made.clusters[static_cast<std::size_t>(i)] == g);
        expect_near(block.weights[r], made.panel.weights[i], 0);
        expect(block.codes[1][static_cast<std::size_t>(r)] ==
               made.panel.codes[1][static_cast<std::size_t>(i)]);
        const VectorXd score = block.weights[r] * block.residuals[r] * block.columns.row(r).transpose();
        expect_near((score - rows.row(i).transpose()).norm(), 0, 1e-12);
      }
      expect(reader.read(g, false).columns.size() == 0);
    }
    expect(seen == fit.sample.n_rows);
  }
}

FLOWRESIL_TEST("clusters out of range are refused") {
  const Case made = make_case(2, false, true);
  const Fit fit = fit_of(made.panel);
  expect_throws<ContractViolation>(
      [&] { flowresil::ClusterReader(fit.sample, fit.solution, fit.scores, effect(made.clusters, 2)); },
      "codes");
}
