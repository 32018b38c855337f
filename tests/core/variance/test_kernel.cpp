// Kernels over time and on the globe against all pairs.
#include <cmath>

#include "variance/kernel.hpp"
#include "variance/shared.hpp"

using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;
using flowresil::ContractViolation;
using flowresil::Kernel;
using namespace variance_tests;

namespace {

MatrixXd waves(Index n, Index k) {
  MatrixXd values(n, k);
  for (Index i = 0; i < n; ++i) {
    for (Index c = 0; c < k; ++c)
      values(i, c) = std::sin(1.7 * static_cast<double>(i * (c + 1)) + static_cast<double>(c));
  }
  return values;
}

// A fit without regressors taken out, whose scores are the given rows: y = 1 at each.
struct Rows {
  explicit Rows(const MatrixXd& values) {
    panel.columns.resize(values.rows(), values.cols() + 1);
    panel.columns << values, VectorXd::Ones(values.rows());
    panel.centre = false;
    sample = panel.sample();
    solution = solution_of(panel);
    scores = all_columns(VectorXd::Zero(values.cols()));
  }
  std::vector<flowresil::ScorePass> pass() const { return {{sample, solution, scores}}; }
  Panel panel;
  flowresil::Sample sample;
  WithinSolution solution;
  ScoreColumns scores;
};

}  // namespace

FLOWRESIL_TEST("lag products count periods within a unit, gaps included") {
  const std::vector<double> times = {0, 1, 2, 3, 5, 6, 7, 8, 9};
  std::vector<int> unit, period;
  std::vector<double> when;
  for (int t = 8; t >= 0; --t) {  // neither by unit nor by time
    for (int u = 0; u < 5; ++u) {
      if ((u + t) % 4 == 1) continue;
      unit.push_back(u);
      period.push_back(t);
      when.push_back(times[static_cast<std::size_t>(t)]);
    }
  }
  const Index n = static_cast<Index>(unit.size());
  const MatrixXd scores = waves(n, 2);
  for (Index lags : {0, 1, 3, 20}) {
    MatrixXd sum = MatrixXd::Zero(2, 2);
    for (Index i = 0; i < n; ++i) {
      for (Index j = 0; j < n; ++j) {
        const std::size_t a = static_cast<std::size_t>(i), b = static_cast<std::size_t>(j);
        const double weight = 1 - std::abs(when[a] - when[b]) / static_cast<double>(lags + 1);
        if (unit[a] == unit[b] && weight > 0) sum += weight * scores.row(i).transpose() * scores.row(j);
      }
    }
    const MatrixXd found =
        flowresil::lag_products(scores, {unit.data(), 5}, {period.data(), 9}, times.data(), lags, 1);
    expect_near((found - sum).norm(), 0, 1e-12);
  }
  const auto run = [&](Index n_periods, const std::vector<double>& at, Index lags) {
    return flowresil::lag_products(scores, {unit.data(), 5}, {period.data(), n_periods}, at.data(), lags, 1);
  };
  expect_throws<ContractViolation>([&] { run(8, times, 1); }, "codes");
  expect_throws<ContractViolation>([&] { run(9, std::vector<double>(9, 1.0), 1); }, "increase");
  expect_throws<ContractViolation>([&] { run(9, times, -1); }, "negative");
  unit[1] = unit[0];  // two rows of one unit and period
  expect(run(9, times, 1).size() == 0);
}

FLOWRESIL_TEST("products of near places find every pair, at poles and across the date line") {
  const Index n = 700;
  VectorXd latitude(n), longitude(n);
  for (Index i = 0; i < n; ++i) {
    latitude[i] = std::fmod(static_cast<double>(i) * 37.77, 180.0) - 90.0;
    longitude[i] = std::fmod(static_cast<double>(i) * 71.31, 360.0) - 180.0;
  }
  latitude[0] = 90;
  latitude[1] = 90;
  latitude[2] = -90;
  longitude[3] = 180;
  longitude[4] = -180;
  latitude[3] = latitude[4] = 0;
  for (Index i = 20; i < 120; ++i) {  // rows of one place, some by other degrees
    latitude[i] = latitude[i % 10 + 5];
    longitude[i] = longitude[i % 10 + 5] + (i % 3 == 0 ? 360 : 0);
  }
  const MatrixXd scores = waves(n, 2);
  const Rows rows(scores);
  for (double cutoff : {30.0, 800.0, 5000.0, 19000.0, 30000.0}) {
    for (Kernel kernel : {Kernel::uniform, Kernel::bartlett}) {
      MatrixXd sum = MatrixXd::Zero(2, 2);
      for (Index i = 0; i < n; ++i) {
        for (Index j = 0; j < n; ++j) {
          const double distance =
              flowresil::great_circle(latitude[i], longitude[i], latitude[j], longitude[j]);
          if (distance > cutoff) continue;
          const double weight = kernel == Kernel::uniform ? 1 : 1 - distance / cutoff;
          sum += weight * scores.row(i).transpose() * scores.row(j);
        }
      }
      const MatrixXd found =
          flowresil::near_products(rows.pass(), latitude.data(), longitude.data(), cutoff, kernel, 1, {});
      expect_near((found - sum).norm() / (1 + sum.norm()), 0, 1e-10);
      const VectorXd east = longitude.unaryExpr([](double v) { return v < 0 ? v + 360 : v; });
      expect_near(
          (flowresil::near_products(rows.pass(), latitude.data(), east.data(), cutoff, kernel, 2, {}) - sum)
                  .norm() /
              (1 + sum.norm()),
          0, 1e-10);
    }
  }
  expect(
      flowresil::near_products(rows.pass(), latitude.data(), longitude.data(), 500, Kernel::uniform, 1, {}) ==
      flowresil::near_products(rows.pass(), latitude.data(), longitude.data(), 500, Kernel::uniform, 2, {}));
}

FLOWRESIL_TEST("a great circle is a quarter and a half of the earth's, and small near") {
  const double half = flowresil::earth_radius * 3.14159265358979323846;
  expect_near(flowresil::great_circle(0, 0, 90, 50), half / 2, 1e-9);
  expect_near(flowresil::great_circle(0, 10, 0, -170), half, 1e-3);
  expect_near(flowresil::great_circle(45, 181, 45, -179), 0, 1e-9);
  expect_near(flowresil::great_circle(0, 0, 0, 1), half / 180, 1e-9);
}

FLOWRESIL_TEST("kernels refuse places off the globe and cutoffs of nothing, and can be stopped") {
  const Rows rows(waves(3, 1));
  VectorXd latitude = VectorXd::Zero(3);
  const VectorXd longitude = VectorXd::Zero(3);
  const auto run = [&](double cutoff, const flowresil::Interrupted& interrupted) {
    flowresil::near_products(rows.pass(), latitude.data(), longitude.data(), cutoff, Kernel::uniform, 1,
                             interrupted);
  };
  expect_throws<ContractViolation>([&] { run(0, {}); }, "cutoff");
  expect_throws<flowresil::Interruption>([&] { run(1, [] { return true; }); }, "interrupted");
  latitude[1] = 91;
  expect_throws<ContractViolation>([&] { run(1, {}); }, "globe");
}
