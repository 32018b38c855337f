// The jackknife against fits without each cluster.
#include <Eigen/LU>

#include "variance/corrections.hpp"
#include "variance/jackknife.hpp"

using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;
using flowresil::ContractViolation;
using namespace variance_tests;

FLOWRESIL_TEST("the jackknife is the fit without each cluster") {
  for (int effects : {0, 1, 2}) {
    for (bool with_weights : {false, true}) {
      for (bool by_unit : {true, false}) {
        const Case made = make_case(effects, with_weights, by_unit);
        const Fit fit = fit_of(made.panel);
        const Index k = fit.slopes.size();
        const flowresil::Effect cluster = effect(made.clusters, made.n_clusters);
        const flowresil::ClusterReader reader(fit.sample, fit.solution, fit.scores, cluster);
        const flowresil::Jackknife found = flowresil::jackknife(reader, 2000, 1, {});
        expect(found.unidentified.empty());
        const VectorXd w = weights_of(made.panel);
        const MatrixXd X = written_out(made.panel, k);
        for (int g = 0; g < made.n_clusters; ++g) {
          VectorXd left = w.cwiseSqrt();
          for (Index i = 0; i < left.size(); ++i) {
            if (made.clusters[static_cast<std::size_t>(i)] == g) left[i] = 0;
          }
          const VectorXd y = left.asDiagonal() * made.panel.columns.col(k);
          const VectorXd b = (pseudo_inverse(left.asDiagonal() * X) * y).head(k);
          expect_near((fit.slopes + fit.basis * found.changes.col(g) - b).norm() / b.norm(), 0, 1e-9);
        }
      }
    }
  }
}

FLOWRESIL_TEST("a direction of which nothing is left is handed out, not solved for") {
  Case made = make_case(2, false, true);
  for (Index i = 0; i < made.panel.n_rows(); ++i) {
    if (made.clusters[static_cast<std::size_t>(i)] != 2) made.panel.columns(i, 1) = 0;
  }
  const Fit fit = fit_of(made.panel);
  const flowresil::Effect cluster = effect(made.clusters, made.n_clusters);
  const flowresil::ClusterReader reader(fit.sample, fit.solution, fit.scores, cluster);
  const flowresil::Jackknife found = flowresil::jackknife(reader, 2000, 1, {});
  expect(found.unidentified == std::vector<Index>{2});
  expect_near(found.changes.col(2).norm(), 0, 0);
  // in the regressors' own units: the second one's length is nothing
  const MatrixXd back = fit.basis.inverse();
  expect_near((back.transpose() * found.cross_products[0] * back)(1, 1), 0, 1e-9);
}

FLOWRESIL_TEST("the jackknife refuses more levels than are solved, and can be stopped") {
  const Case made = make_case(2, false, true);
  const Fit fit = fit_of(made.panel);
  const flowresil::Effect cluster = effect(made.clusters, made.n_clusters);
  const flowresil::ClusterReader reader(fit.sample, fit.solution, fit.scores, cluster);
  expect_throws<ContractViolation>([&] { flowresil::jackknife(reader, 3, 1, {}); }, "levels");
  expect_throws<flowresil::Interruption>([&] { flowresil::jackknife(reader, 2000, 1, [] { return true; }); },
                                         "interrupted");
}
