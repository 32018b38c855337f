// Sums by cluster of the wild bootstrap against draws of written-out rows.
#include "bootstrap/wild_form.hpp"

#include <Eigen/LU>

#include "bootstrap/draws.hpp"
#include "variance/corrections.hpp"

using namespace variance_tests;
using flowresil::ContractViolation;
using flowresil::WildForm;

namespace {

flowresil::WildHypothesis hypothesis_of(const Fit& fit, Index term, double distance) {
  flowresil::WildHypothesis tested;
  tested.combinations = fit.combinations.col(term);
  tested.distance = VectorXd::Constant(1, distance);
  tested.basis = fit.basis;
  tested.slopes = fit.slopes;
  tested.tested = {term};
  return tested;
}

}  // namespace

FLOWRESIL_TEST("draws by sums are refits of drawn outcomes: plain and jackknife scores, CR1 and CR3") {
  for (int effects : {0, 1, 2}) {
    for (bool by_unit : {true, false}) {
      const Case made = make_case(effects, true, by_unit);
      const Fit fit = fit_of(made.panel);
      const Index k = fit.slopes.size(), n = fit.sample.n_rows;
      const VectorXd w = weights_of(made.panel);
      MatrixXd X = written_out(made.panel, k);
      VectorXd y = made.panel.columns.col(k);
      if (effects > 0 && by_unit) {
        const MatrixXd units = X.middleCols(k, made.panel.n_levels[0]);
        const VectorXd total = units.transpose() * w;
        X -= units * total.cwiseInverse().asDiagonal() * MatrixXd(units.transpose() * w.asDiagonal() * X);
        y -= units * total.cwiseInverse().asDiagonal() * VectorXd(units.transpose() * w.asDiagonal() * y);
      }
      const auto solve = [&](const VectorXd& outcome, int without, bool restricted, double null) {
        VectorXd root = w.cwiseSqrt();
        for (Index i = 0; i < n; ++i) {
          if (made.clusters[static_cast<std::size_t>(i)] == without) root[i] = 0;
        }
        MatrixXd columns = X;
        VectorXd target = outcome;
        if (restricted) {
          target -= null * X.col(0);
          columns.col(0).setZero();
        }
        VectorXd b = pseudo_inverse(root.asDiagonal() * columns) * (root.asDiagonal() * target);
        if (restricted) b[0] = null;
        return b;
      };
      const double null = fit.slopes[0] - 0.3;
      const flowresil::Effect cluster = effect(made.clusters, made.n_clusters);
      const flowresil::ClusterReader reader(fit.sample, fit.solution, fit.scores, cluster);
      const MatrixXd M = pseudo_inverse(X.transpose() * w.asDiagonal() * X);
      for (bool restricted : {true, false}) {
        for (bool scores : {true, false}) {
          for (bool variance : {true, false}) {
            const flowresil::WildHypothesis tested = hypothesis_of(fit, 0, 0.3);
            const WildForm form =
                flowresil::wild_form(reader, made.nested, tested, {restricted, scores, variance}, 1, 2000, 1);
            expect(form.unidentified.empty());
            const VectorXd found = flowresil::draw_statistics(
                form, 0.3, false, {flowresil::WildWeights::rademacher, 16, true, 0}, 1, {});
            const VectorXd start = solve(y, -1, restricted, null);
            VectorXd residual = y - X * start;
            for (int g = 0; scores && g < made.n_clusters; ++g) {
              const VectorXd left = solve(y, g, restricted, null);
              for (Index i = 0; i < n; ++i) {
                if (made.clusters[static_cast<std::size_t>(i)] == g) residual[i] = y[i] - X.row(i).dot(left);
              }
            }
            for (int draw : {3, 6, 13}) {
              VectorXd drawn = X * start;
              for (Index i = 0; i < n; ++i)
                drawn[i] +=
                    (((draw >> made.clusters[static_cast<std::size_t>(i)]) & 1) != 0 ? -1 : 1) * residual[i];
              const VectorXd b = solve(drawn, -1, false, 0);
              const VectorXd e = drawn - X * b;
              double V = 0;
              for (int g = 0; g < made.n_clusters; ++g) {
                if (variance) {
                  V += std::pow(solve(drawn, g, false, 0)[0] - b[0], 2);
                  continue;
                }
                double sum = 0;
                for (Index i = 0; i < n; ++i) {
                  if (made.clusters[static_cast<std::size_t>(i)] == g)
                    sum += w[i] * e[i] * X.row(i).dot(M.col(0));
                }
                V += sum * sum;
              }
              expect_near(found[draw], (b[0] - start[0]) / std::sqrt(V), 1e-7);
            }
          }
        }
      }
    }
  }
}

FLOWRESIL_TEST("a slope of which nothing is left without a cluster is named; sizes are checked") {
  Case made = make_case(2, false, true);
  for (Index i = 0; i < made.panel.n_rows(); ++i) {
    if (made.clusters[static_cast<std::size_t>(i)] != 2) made.panel.columns(i, 1) = 0;
  }
  const Fit fit = fit_of(made.panel);
  const flowresil::Effect cluster = effect(made.clusters, made.n_clusters);
  const flowresil::ClusterReader reader(fit.sample, fit.solution, fit.scores, cluster);
  flowresil::WildHypothesis tested = hypothesis_of(fit, 0, 0.1);
  const WildForm form = flowresil::wild_form(reader, made.nested, tested, {true, true, true}, 1, 2000, 1);
  expect(form.unidentified == std::vector<Index>{2});
  tested.distance = VectorXd::Zero(2);
  expect_throws<ContractViolation>(
      [&] {
        flowresil::wild_form(reader, made.nested, tested, {true, false, false}, 1, 2000, 1);
      },
      "distance");
}
