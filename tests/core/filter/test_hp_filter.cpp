// Hodrick-Prescott filter: by hand, dense reference, identities, limits, contracts.
#include "check.hpp"

#include <cmath>
#include <limits>
#include <random>

#include <Eigen/Dense>

#include "base/contract.hpp"
#include "filter/hp_filter.hpp"

using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;
using Eigen::VectorXi;
using flowresil::ContractViolation;

namespace {

using MatrixXl = Eigen::Matrix<long double, Eigen::Dynamic, Eigen::Dynamic>;
using VectorXl = Eigen::Matrix<long double, Eigen::Dynamic, 1>;

VectorXd cycle_of(const VectorXd& y, double lambda) {
  VectorXd trend(y.size()), cycle(y.size());
  flowresil::hp_filter(y, {0, y.size()}, lambda, 1, trend, cycle);
  expect_near(VectorXd(trend + cycle), y, 1e-15 * y.cwiseAbs().maxCoeff());
  return cycle;
}

// The definition, dense and in long doubles: y - (I + lambda K'K)^-1 y.
VectorXd dense_cycle(const VectorXd& y, double lambda) {
  const Index n = y.size();
  MatrixXl k = MatrixXl::Zero(n - 2, n);
  for (Index i = 0; i < n - 2; ++i) {
    k(i, i) = 1;
    k(i, i + 1) = -2;
    k(i, i + 2) = 1;
  }
  const MatrixXl a = MatrixXl::Identity(n, n) + static_cast<long double>(lambda) * (k.transpose() * k).eval();
  const VectorXl series = y.cast<long double>();
  return (series - a.ldlt().solve(series)).cast<double>();
}

VectorXd random_walk(Index n, unsigned seed = 1) {
  std::mt19937_64 generator(seed);
  std::normal_distribution<double> draw;
  VectorXd y(n);
  double level = 10;
  for (Index i = 0; i < n; ++i)
    y[i] = level += draw(generator);
  return y;
}

}  // namespace

FLOWRESIL_TEST("three values by hand: cycle = lambda (y1 - 2 y2 + y3) / (1 + 6 lambda) times 1, -2, 1") {
  VectorXd y(3);
  y << 1, 5, 3;  // second difference -6
  const VectorXd c = cycle_of(y, 2);
  VectorXd by_hand(3);
  by_hand << -12.0 / 13, 24.0 / 13, -12.0 / 13;
  expect_near(c, by_hand, 1e-15);
}

FLOWRESIL_TEST("four values by hand") {
  // K K' = (6 -4; -4 6); lambda 1: (7 -4; -4 7)^-1 = (7 4; 4 7) / 33; K y = (1, 0) for y = (1, 0, 0, 0).
  VectorXd y(4);
  y << 1, 0, 0, 0;
  VectorXd by_hand(4);
  by_hand << 7, -14 + 4, 7 - 8, 4;
  expect_near(cycle_of(y, 1), by_hand / 33, 1e-15);
}

FLOWRESIL_TEST("one or two values have cycle 0 exactly") {
  expect(cycle_of(VectorXd::Constant(1, 3.7), 6.25).isZero(0));
  VectorXd y(2);
  y << 1, 9;
  expect(cycle_of(y, 6.25).isZero(0));
}

FLOWRESIL_TEST("the filter equals the dense definition for lengths and lambdas") {
  for (const Index n : {3, 4, 5, 6, 7, 15, 40, 120}) {
    for (const double lambda : {1e-3, 0.5, 1.0, 6.25, 100.0, 1600.0, 129600.0, 1e8}) {
      const VectorXd y = random_walk(n);
      // The dense trend form itself loses lambda times the rounding of a long double.
      expect_near(cycle_of(y, lambda), dense_cycle(y, lambda), 1e-11 + 1e-17 * lambda);
    }
  }
}

FLOWRESIL_TEST("lambda 0 gives the series back, and a tiny lambda nearly") {
  const VectorXd y = random_walk(20);
  expect(cycle_of(y, 0).isZero(0));
  expect(cycle_of(y, 1e-300).cwiseAbs().maxCoeff() < 1e-290);
}

FLOWRESIL_TEST("lambda to infinity leaves the residuals of a straight line") {
  const VectorXd y = random_walk(30);
  MatrixXd line(30, 2);
  line.col(0).setOnes();
  line.col(1) = VectorXd::LinSpaced(30, 0, 29);
  const VectorXd residual = y - line * line.colPivHouseholderQr().solve(y);
  expect_near(cycle_of(y, 1e14), residual, 1e-8);
  expect_near(cycle_of(y, 1e300), residual, 1e-8);
}

FLOWRESIL_TEST("a constant and a whole-numbered line have cycle 0 exactly") {
  expect(cycle_of(VectorXd::Constant(200, 0.1), 1600).isZero(0));
  expect(cycle_of(VectorXd::LinSpaced(50, 0, 49) * 3, 6.25).isZero(0));
  expect(cycle_of(VectorXd::Constant(200, 0.1), 1e9).isZero(0));
}

FLOWRESIL_TEST("cycles and cycles times t sum to 0") {
  const VectorXd c = cycle_of(random_walk(400), 1600);
  expect_near(c.sum(), 0, 1e-9);
  expect_near(c.dot(VectorXd::LinSpaced(400, -1, 1)), 0, 1e-9);
}

FLOWRESIL_TEST("scaling and adding a line pass through") {
  const VectorXd y = random_walk(60);
  const VectorXd moved = -3 * y + VectorXd::LinSpaced(60, 5, 5000);
  expect_near(cycle_of(moved, 100), -3 * cycle_of(y, 100), 1e-10);
  expect_near(VectorXd(cycle_of(y.reverse(), 100).reverse()), cycle_of(y, 100), 1e-12);
}

FLOWRESIL_TEST("long series and a large lambda satisfy c = lambda K'K (y - c)") {
  const Index n = 20000;
  const VectorXd y = random_walk(n);
  const VectorXd c = cycle_of(y, 1e8);
  // Near the middle the filter is the same as that of a shorter stretch ten wavelengths wide.
  const Index from = 8000, size = 4000;
  const VectorXd inner = cycle_of(y.segment(from, size), 1e8);
  expect_near(c.segment(from + size / 2, 10), inner.segment(size / 2, 10), 1e-4);
  expect_near(c.sum() / c.cwiseAbs().maxCoeff(), 0, 1e-6);
}

FLOWRESIL_TEST("series of many lengths at once equal each alone, to the bit, for any threads") {
  const Index n_series = 1500;
  VectorXi lengths(n_series);
  for (Index s = 0; s < n_series; ++s)
    lengths[s] = 1 + static_cast<int>((s * 7) % 23);
  const std::vector<Index> first = flowresil::runs_of(lengths);
  const VectorXd y = random_walk(first.back());
  VectorXd trend(y.size()), cycle(y.size());
  flowresil::hp_filter(y, first, 6.25, 1, trend, cycle);
  for (Index s = 0; s < n_series; ++s) {
    const VectorXd alone = cycle_of(y.segment(first[s], lengths[s]), 6.25);
    expect(alone == cycle.segment(first[s], lengths[s]));
  }
  for (const int threads : {2, 7}) {
    VectorXd trend_too(y.size()), cycle_too(y.size());
    flowresil::hp_filter(y, first, 6.25, threads, trend_too, cycle_too);
    expect(cycle == cycle_too && trend == trend_too);
  }
}

FLOWRESIL_TEST("equal series go eight at a time and the rest alone, with the same numbers") {
  const Index length = 15, n_series = 19;
  const VectorXd y = random_walk(length * n_series);
  VectorXd trend(y.size()), cycle(y.size());
  flowresil::hp_filter(y, flowresil::equal_runs(length, n_series), 6.25, 1, trend, cycle);
  for (Index s = 0; s < n_series; ++s) {
    expect_near(cycle.segment(s * length, length), dense_cycle(y.segment(s * length, length), 6.25), 1e-12);
  }
}

FLOWRESIL_TEST("the filter refuses what breaks its contract") {
  VectorXd y = random_walk(5), trend(5), cycle(5), small(4);
  const auto filter = [&](const std::vector<Index>& first, double lambda) {
    flowresil::hp_filter(y, first, lambda, 1, trend, cycle);
  };
  expect_throws<ContractViolation>([&] { filter({0, 5}, -1); }, "lambda");
  expect_throws<ContractViolation>(
      [&] {
        filter({0, 5}, std::numeric_limits<double>::infinity());
      },
      "lambda");
  expect_throws<ContractViolation>(
      [&] {
        filter({0, 5}, std::numeric_limits<double>::quiet_NaN());
      },
      "lambda");
  expect_throws<ContractViolation>([&] { filter({0, 4}, 1); }, "cover");
  expect_throws<ContractViolation>([&] { filter({1, 5}, 1); }, "cover");
  expect_throws<ContractViolation>([&] { filter({0}, 1); }, "cover");
  expect_throws<ContractViolation>([&] { filter({0, 3, 3, 5}, 1); }, "empty");
  expect_throws<ContractViolation>([&] { flowresil::hp_filter(y, {0, 5}, 1, 1, small, cycle); }, "size");
  y[2] = std::numeric_limits<double>::quiet_NaN();
  expect_throws<ContractViolation>([&] { filter({0, 5}, 1); }, "finite");
  VectorXi lengths(2);
  lengths << 3, 0;
  expect_throws<ContractViolation>([&] { flowresil::runs_of(lengths); }, "empty");
  expect_throws<ContractViolation>([] { flowresil::equal_runs(0, 2); }, "at least one");
}
