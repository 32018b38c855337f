// The effects as one system.
#include "variance/level_system.hpp"

#include "variance/corrections.hpp"

using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;
using flowresil::ContractViolation;
using namespace variance_tests;

FLOWRESIL_TEST("the system without the largest effect is inverted where it is determined") {
  const Case made = make_case(2, true, true);
  const flowresil::Sample sample = made.panel.sample();
  const flowresil::LevelSystem system(sample, 2000);
  expect(system.eliminates() && system.eliminated() == 0 && system.n_levels() == made.panel.n_levels[1]);
  MatrixXd units = MatrixXd::Zero(sample.n_rows, made.panel.n_levels[0]);
  MatrixXd times = MatrixXd::Zero(sample.n_rows, made.panel.n_levels[1]);
  for (Index i = 0; i < sample.n_rows; ++i) {
    units(i, made.panel.codes[0][static_cast<std::size_t>(i)]) = 1;
    times(i, made.panel.codes[1][static_cast<std::size_t>(i)]) = 1;
  }
  const VectorXd w = made.panel.weights;
  const VectorXd total = units.transpose() * w;
  const MatrixXd cross = units.transpose() * w.asDiagonal() * times;
  const MatrixXd left = MatrixXd(times.transpose() * w.asDiagonal() * times) -
                        cross.transpose() * total.cwiseInverse().asDiagonal() * cross;
  expect_near((left * system.inverse() * left - left).norm() / left.norm(), 0, 1e-10);
  flowresil::LevelWeights all(system.n_levels());
  for (Index level = 0; level < system.rows().n_levels(); ++level) {
    expect_near(system.weight(level), total[level], 1e-12);
    system.sum_level(level, all);
    for (Index time = 0; time < system.n_levels(); ++time)
      expect_near(all[time], cross(level, time), 1e-12);
  }
  expect_throws<ContractViolation>([&] { flowresil::LevelSystem(sample, 5); }, "levels");
}

FLOWRESIL_TEST("without effects a constant is eliminated, or nothing") {
  Case made = make_case(0, true, true);
  const flowresil::Sample sample = made.panel.sample();
  const flowresil::LevelSystem constant(sample, 0);
  expect(constant.eliminates() && constant.n_levels() == 0);
  expect_near(constant.weight(0), made.panel.weights.sum(), 1e-12);
  made.panel.centre = false;
  const flowresil::Sample plain = made.panel.sample();
  expect(!flowresil::LevelSystem(plain, 0).eliminates());
}
