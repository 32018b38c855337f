// CR2 against written-out residual makers.
#include <Eigen/Eigenvalues>

#include "variance/bias_reduced.hpp"
#include "variance/corrections.hpp"

using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;
using flowresil::ContractViolation;
using namespace variance_tests;

FLOWRESIL_TEST("CR2 and its degrees of freedom are those of written-out residual makers") {
  for (int effects : {0, 1, 2}) {
    for (bool with_weights : {false, true}) {
      for (bool by_unit : {true, false}) {
        const Case made = make_case(effects, with_weights, by_unit);
        const Fit fit = fit_of(made.panel);
        const Index k = fit.slopes.size(), n = fit.sample.n_rows;
        const VectorXd w = weights_of(made.panel);
        MatrixXd X = written_out(made.panel, k);
        if (effects > 0 && by_unit) {
          // the units lie inside the clusters: their means are taken out
          const MatrixXd units = X.middleCols(k, made.panel.n_levels[0]);
          const MatrixXd sums = units.transpose() * w.asDiagonal() * X;
          const VectorXd total = units.transpose() * w;
          X -= units * total.cwiseInverse().asDiagonal() * sums;
        }
        const MatrixXd M = pseudo_inverse(X.transpose() * w.asDiagonal() * X);
        const MatrixXd R = MatrixXd::Identity(n, n) - X * M * X.transpose() * w.asDiagonal();
        const VectorXd e = [&] {
          const MatrixXd all = written_out(made.panel, k);
          const VectorXd y = made.panel.columns.col(k);
          return VectorXd(y - all * (pseudo_inverse(w.cwiseSqrt().asDiagonal() * all) *
                                     (w.cwiseSqrt().asDiagonal() * y)));
        }();
        MatrixXd meat = MatrixXd::Zero(k, k);
        MatrixXd u(n, made.n_clusters * k);
        for (int g = 0; g < made.n_clusters; ++g) {
          std::vector<Index> rows;
          for (Index i = 0; i < n; ++i) {
            if (made.clusters[static_cast<std::size_t>(i)] == g) rows.push_back(i);
          }
          MatrixXd part(static_cast<Index>(rows.size()), n), x(part.rows(), X.cols());
          VectorXd own(part.rows());
          for (Index i = 0; i < part.rows(); ++i) {
            const Index row = rows[static_cast<std::size_t>(i)];
            part.row(i) = R.row(row);
            x.row(i) = w[row] * X.row(row);
            own[i] = e[row];
          }
          const Eigen::SelfAdjointEigenSolver<MatrixXd> parts(part * part.transpose());
          const VectorXd roots =
              parts.eigenvalues().unaryExpr([](double v) { return v < 1e-9 ? 0.0 : 1 / std::sqrt(v); });
          const MatrixXd A = parts.eigenvectors() * roots.asDiagonal() * parts.eigenvectors().transpose();
          const MatrixXd weight = A * x * M.leftCols(k);
          const VectorXd score = weight.transpose() * own;
          meat += score * score.transpose();
          for (Index c = 0; c < k; ++c)
            u.col(c * made.n_clusters + g) = part.transpose() * weight.col(c);
        }
        const flowresil::Effect cluster = effect(made.clusters, made.n_clusters);
        const flowresil::ClusterReader reader(fit.sample, fit.solution, fit.scores, cluster);
        const flowresil::BiasReduced found =
            flowresil::bias_reduced(reader, made.nested, fit.combinations, true, 2000, 1, {});
        const MatrixXd V = fit.combinations.transpose() * found.meat * fit.combinations;
        expect_near((V - meat).norm() / meat.norm(), 0, 1e-9);
        for (Index s = 0; s < k; ++s) {
          for (Index t = 0; t < k; ++t) {
            const auto of_s = u.middleCols(s * made.n_clusters, made.n_clusters);
            const auto of_t = u.middleCols(t * made.n_clusters, made.n_clusters);
            const MatrixXd ss = of_s.transpose() * of_s, tt = of_t.transpose() * of_t,
                           st = of_s.transpose() * of_t;
            expect_near(found.expected(s, t) / st.trace(), 1, 1e-8);
            expect_near(found.straight(s, t) / ss.cwiseProduct(tt).sum(), 1, 1e-8);
            expect_near(found.crossed(s, t) / st.cwiseProduct(st.transpose()).sum(), 1, 1e-8);
          }
        }
        const flowresil::BiasReduced diagonal =
            flowresil::bias_reduced(reader, made.nested, fit.combinations, false, 2000, 1, {});
        expect_near((diagonal.straight.diagonal() - found.straight.diagonal()).norm(), 0, 1e-15);
      }
    }
  }
}

FLOWRESIL_TEST("CR2 refuses combinations of other scores and too many levels, and can be stopped") {
  const Case made = make_case(2, false, true);
  const Fit fit = fit_of(made.panel);
  const flowresil::Effect cluster = effect(made.clusters, made.n_clusters);
  const flowresil::ClusterReader reader(fit.sample, fit.solution, fit.scores, cluster);
  const MatrixXd own = fit.combinations;
  expect_throws<ContractViolation>([&] { flowresil::bias_reduced(reader, {true}, own, false, 2000, 1, {}); },
                                   "nested");
  expect_throws<ContractViolation>(
      [&] { flowresil::bias_reduced(reader, made.nested, own, false, 3, 1, {}); }, "cross");
  expect_throws<ContractViolation>(
      [&] { flowresil::bias_reduced(reader, made.nested, own.topRows(1), false, 2000, 1, {}); },
      "combination");
  const auto stop = [] { return true; };
  expect_throws<flowresil::Interruption>(
      [&] { flowresil::bias_reduced(reader, made.nested, own, false, 2000, 1, stop); }, "interrupted");
}
