// What is left of columns and levels without one cluster.
#include "variance/level_removal.hpp"

#include "variance/corrections.hpp"

using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;
using flowresil::ContractViolation;
using namespace variance_tests;

FLOWRESIL_TEST("products, sides and the system are those of the rows that are left") {
  for (bool by_unit : {true, false}) {
    const Case made = make_case(2, true, by_unit);
    const Fit fit = fit_of(made.panel);
    const flowresil::Effect cluster = effect(made.clusters, made.n_clusters);
    const flowresil::ClusterReader reader(fit.sample, fit.solution, fit.scores, cluster);
    const flowresil::LevelSystem system(fit.sample, 2000);
    flowresil::RemovalSpace space(system.n_levels());
    const Index n = fit.sample.n_rows;
    MatrixXd units = MatrixXd::Zero(n, made.panel.n_levels[0]),
             times = MatrixXd::Zero(n, made.panel.n_levels[1]);
    MatrixXd v(n, 3);
    for (Index g = 0; g < reader.n_clusters(); ++g) {
      const flowresil::ClusterBlock block = reader.read(g);
      for (Index r = 0; r < block.n(); ++r)
        v.row(reader.rows().rows(g)[r]) = block.columns.row(r).head(3);
    }
    for (Index i = 0; i < n; ++i) {
      units(i, made.panel.codes[0][static_cast<std::size_t>(i)]) = 1;
      times(i, made.panel.codes[1][static_cast<std::size_t>(i)]) = 1;
    }
    const auto left_of = [&](const VectorXd& w, const MatrixXd& a, const MatrixXd& b) {
      const VectorXd total = units.transpose() * w;
      const VectorXd over = total.unaryExpr([](double value) { return value > 0 ? 1 / value : 0.0; });
      return MatrixXd(MatrixXd(a.transpose() * w.asDiagonal() * b) -
                      MatrixXd(a.transpose() * w.asDiagonal() * units) * over.asDiagonal() *
                          MatrixXd(units.transpose() * w.asDiagonal() * b));
    };
    for (int g = 0; g < made.n_clusters; ++g) {
      const flowresil::ClusterBlock block = reader.read(g);
      const flowresil::Removal lost =
          flowresil::remove_cluster(system, block, block.columns.leftCols(3), space);
      VectorXd w = made.panel.weights;
      for (Index i = 0; i < n; ++i) {
        if (made.clusters[static_cast<std::size_t>(i)] == g) w[i] = 0;
      }
      const MatrixXd change = left_of(w, v, v) - left_of(made.panel.weights, v, v);
      expect_near((lost.products - change).norm(), 0, 1e-9);
      const MatrixXd sides = left_of(w, times, v);
      const MatrixXd loses = left_of(made.panel.weights, times, times) - left_of(w, times, times);
      for (std::size_t a = 0; a < lost.levels.size(); ++a) {
        const Index at = static_cast<Index>(a);
        expect_near((lost.sides.row(at) - sides.row(lost.levels[a])).norm(), 0, 1e-9);
        for (std::size_t b = 0; b < lost.levels.size(); ++b)
          expect_near(lost.system(at, static_cast<Index>(b)), loses(lost.levels[a], lost.levels[b]), 1e-9);
      }
      for (Index place : space.place)
        expect(place == -1);
    }
  }
}
