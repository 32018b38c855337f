// Crossing levels: what a cluster has of them, and the projection that they make.
#include "variance/corrections.hpp"
#include "variance/crossing_levels.hpp"

using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;
using flowresil::ContractViolation;
using namespace variance_tests;

FLOWRESIL_TEST("directions and their middle project on all regressors, the nested effect taken out") {
  for (bool by_unit : {true, false}) {
    const Case made = make_case(2, true, by_unit);
    const Fit fit = fit_of(made.panel);
    const flowresil::Effect cluster = effect(made.clusters, made.n_clusters);
    const flowresil::ClusterReader reader(fit.sample, fit.solution, fit.scores, cluster);
    const flowresil::CrossingLevels crossing(reader, made.nested, 2000);
    expect(crossing.n_directions() == 3 + made.panel.n_levels[1] + (by_unit ? 0 : made.panel.n_levels[0]));
    MatrixXd all = MatrixXd::Zero(fit.sample.n_rows, crossing.n_directions());
    for (int g = 0; g < made.n_clusters; ++g) {
      const flowresil::ClusterDirections own = crossing.directions(reader.read(g));
      for (Index r = 0; r < own.columns.rows(); ++r) {
        for (std::size_t c = 0; c < own.at.size(); ++c)
          all(reader.rows().rows(g)[r], own.at[c]) = own.columns(r, static_cast<Index>(c));
      }
    }
    const MatrixXd projection = all * crossing.middle() * all.transpose() * made.panel.weights.asDiagonal();
    expect_near((projection * all - all).norm() / all.norm(), 0, 1e-9);
    if (by_unit) {
      MatrixXd units = MatrixXd::Zero(fit.sample.n_rows, made.panel.n_levels[0]);
      for (Index i = 0; i < units.rows(); ++i)
        units(i, made.panel.codes[0][static_cast<std::size_t>(i)]) = 1;
      expect_near((units.transpose() * made.panel.weights.asDiagonal() * all).norm(), 0, 1e-9);
    }
  }
}

FLOWRESIL_TEST("products of a cluster are those of its rows, however many are read at once") {
  for (bool by_unit : {true, false}) {
    const Case made = make_case(2, true, by_unit);
    const Fit fit = fit_of(made.panel);
    const flowresil::Effect cluster = effect(made.clusters, made.n_clusters);
    for (bool ordered : {true, false}) {
      flowresil::ClusterReader reader(fit.sample, fit.solution, fit.scores, cluster);
      const std::size_t taken_out = flowresil::CrossingLevels::effect_taken_out(fit.sample, made.nested);
      expect(taken_out == (by_unit ? 0U : 2U));
      if (ordered && by_unit) reader.order_rows(taken_out);
      const flowresil::CrossingLevels crossing(reader, made.nested, 2000);
      for (int g = 0; g < made.n_clusters; ++g) {
        const flowresil::ClusterBlock block = reader.read(g);
        const flowresil::ClusterDirections own = crossing.directions(block);
        const MatrixXd weighted = block.weights.asDiagonal() * own.columns;
        for (Index part_rows : {1, 3, 4096}) {
          const flowresil::ClusterProducts found = crossing.products(reader, g, part_rows);
          expect(found.at == own.at);
          expect_near((found.products - own.columns.transpose() * weighted).norm(), 0, 1e-10);
          expect_near((found.sums - weighted.transpose() * block.residuals).norm(), 0, 1e-10);
        }
      }
      // a cluster without rows has the regressors' place
      const flowresil::Effect wider = effect(made.clusters, made.n_clusters + 1);
      const flowresil::ClusterReader more(fit.sample, fit.solution, fit.scores, wider);
      const flowresil::ClusterProducts none = crossing.products(more, made.n_clusters);
      expect(none.at.size() == 3 && none.products.rows() == 3 && none.products.norm() <= 0);
    }
  }
}

FLOWRESIL_TEST("a constant must be among the scores of a fit without effects") {
  const Case made = make_case(0, false, true);
  Fit fit = fit_of(made.panel);
  fit.scores.constant = false;
  fit.scores.turn = MatrixXd(fit.basis);
  const flowresil::Effect cluster = effect(made.clusters, made.n_clusters);
  const flowresil::ClusterReader reader(fit.sample, fit.solution, fit.scores, cluster);
  expect_throws<ContractViolation>([&] { flowresil::CrossingLevels(reader, {}, 10); }, "constant");
}
