// A variance of several terms against written-out draws.
#include <Eigen/LU>

#include "bootstrap/draws.hpp"
#include "bootstrap/wild_form.hpp"
#include "variance/corrections.hpp"

using namespace variance_tests;
using flowresil::ContractViolation;
using flowresil::WildForm;

namespace {

flowresil::WildHypothesis first_slope(const Fit& fit) {
  flowresil::WildHypothesis tested;
  tested.combinations = fit.combinations.col(0);
  tested.distance = VectorXd::Constant(1, 0.3);
  tested.basis = fit.basis;
  tested.slopes = fit.slopes;
  tested.tested = {0};
  return tested;
}

}  // namespace

FLOWRESIL_TEST("one term of the clusters themselves is the form of one dimension") {
  for (bool by_unit : {true, false}) {
    const Case made = make_case(2, true, by_unit);
    const Fit fit = fit_of(made.panel);
    const flowresil::Effect cluster = effect(made.clusters, made.n_clusters);
    const flowresil::ClusterReader reader(fit.sample, fit.solution, fit.scores, cluster);
    const flowresil::WildHypothesis tested = first_slope(fit);
    const flowresil::WildDrawing drawing{flowresil::WildWeights::rademacher, 16, true, 0};
    for (bool restricted : {true, false}) {
      const WildForm one =
          flowresil::wild_form(reader, made.nested, tested, {restricted, false, false}, 1.3, 2000, 1);
      const WildForm terms =
          flowresil::wild_form_of_terms(reader, made.nested, tested, restricted, {{cluster, 1.3}}, 2000);
      const MatrixXd a = flowresil::draw_lines(one, drawing, 1, {}),
                     b = flowresil::draw_lines(terms, drawing, 1, {});
      expect_near((a - b).norm() / a.norm(), 0, 1e-10);
    }
  }
}

FLOWRESIL_TEST("terms of other groups sum the draws' scores by these, with their signs") {
  const Case made = make_case(2, true, true);
  const Fit fit = fit_of(made.panel);
  const Index k = fit.slopes.size(), n = fit.sample.n_rows;
  const VectorXd w = weights_of(made.panel);
  const flowresil::Effect cluster = effect(made.clusters, made.n_clusters);
  const flowresil::ClusterReader reader(fit.sample, fit.solution, fit.scores, cluster);
  const flowresil::Effect time{made.panel.codes[1].data(), made.panel.n_levels[1]};
  const flowresil::WildHypothesis tested = first_slope(fit);
  const WildForm form = flowresil::wild_form_of_terms(reader, made.nested, tested, true,
                                                      {{cluster, 1.0}, {time, 0.7}, {cluster, -0.4}}, 2000);
  const VectorXd found =
      flowresil::draw_statistics(form, 0.3, false, {flowresil::WildWeights::rademacher, 16, true, 0}, 1, {});
  const MatrixXd X = written_out(made.panel, k);
  const VectorXd y = made.panel.columns.col(k);
  const MatrixXd root = w.cwiseSqrt().asDiagonal();
  const double null = fit.slopes[0] - 0.3;
  MatrixXd others = X;
  others.col(0).setZero();
  const VectorXd start = pseudo_inverse(root * others) * (root * (y - null * X.col(0)));
  const VectorXd fitted = X * start + null * X.col(0);
  const MatrixXd M = pseudo_inverse(X.transpose() * w.asDiagonal() * X);
  for (int draw : {2, 7, 12}) {
    VectorXd drawn = fitted;
    for (Index i = 0; i < n; ++i) {
      const double sign = ((draw >> made.clusters[static_cast<std::size_t>(i)]) & 1) != 0 ? -1 : 1;
      drawn[i] += sign * (y[i] - fitted[i]);
    }
    const VectorXd b = pseudo_inverse(root * X) * (root * drawn);
    const VectorXd e = drawn - X * b;
    VectorXd by_cluster = VectorXd::Zero(made.n_clusters), by_time = VectorXd::Zero(time.n_levels);
    for (Index i = 0; i < n; ++i) {
      const double score = w[i] * e[i] * X.row(i).dot(M.col(0));
      by_cluster[made.clusters[static_cast<std::size_t>(i)]] += score;
      by_time[time.codes[i]] += score;
    }
    const double V = 0.6 * by_cluster.squaredNorm() + 0.7 * by_time.squaredNorm();
    expect_near(found[draw], (b[0] - null) / std::sqrt(V), 1e-8);
  }
  expect_throws<ContractViolation>(
      [&] {
        flowresil::wild_form_of_terms(reader, made.nested, tested, true, {{{made.clusters.data(), 2}, 1.0}},
                                      2000);
      },
      "codes");
}
