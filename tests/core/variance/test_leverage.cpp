// Leverage against the written-out hat matrix.
#include "variance/cluster_sums.hpp"
#include "variance/corrections.hpp"
#include "variance/leverage.hpp"

using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;
using flowresil::ContractViolation;
using namespace variance_tests;

FLOWRESIL_TEST("leverage is the diagonal of the written-out hat matrix; whole rows count zero") {
  for (int effects : {0, 1, 2}) {
    for (bool with_weights : {false, true}) {
      const Case made = make_case(effects, with_weights, true);
      const Fit fit = fit_of(made.panel);
      const VectorXd root = weights_of(made.panel).cwiseSqrt();
      const MatrixXd X = root.asDiagonal() * written_out(made.panel, fit.slopes.size());
      const VectorXd h = (X * pseudo_inverse(X)).diagonal();
      for (int threads : {1, 2}) {
        const VectorXd found = flowresil::row_leverage(fit.sample, fit.solution, fit.scores, 2000, threads);
        expect_near((found - h).norm(), 0, 1e-10);
        VectorXd most = found;
        most[3] = 1.0;
        const MatrixXd rows = variance_tests::score_rows(fit.sample, fit.solution, fit.scores, 1);
        MatrixXd sum = MatrixXd::Zero(rows.cols(), rows.cols());
        for (Index i = 0; i < rows.rows(); ++i) {
          if (i != 3) sum += rows.row(i).transpose() * rows.row(i) / std::pow(1 - h[i], 2);
        }
        const MatrixXd squares =
            flowresil::leverage_squares(fit.sample, fit.solution, fit.scores, most, 2, threads);
        expect_near((squares - sum).norm() / sum.norm(), 0, 1e-9);
      }
    }
  }
}

FLOWRESIL_TEST("leverage must be there for every row") {
  const Fit fit = fit_of(make_case(2, false, true).panel);
  expect_throws<ContractViolation>(
      [&] { flowresil::leverage_squares(fit.sample, fit.solution, fit.scores, VectorXd::Zero(2), 1, 1); },
      "leverage");
}
