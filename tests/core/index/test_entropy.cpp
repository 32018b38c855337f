// Entropy weights: by hand, against the textbook formula, near-constant columns, contracts.
#include <cmath>
#include <limits>
#include <random>

#include "base/contract.hpp"
#include "check.hpp"
#include "index/entropy.hpp"

using Eigen::MatrixXd;
using Eigen::VectorXd;
using Eigen::VectorXi;
using flowresil::ContractViolation;
using flowresil::EntropyWeights;
using flowresil::Normalisation;
using flowresil::RowGroups;

namespace {

const VectorXi no_codes(0);

EntropyWeights weights(const MatrixXd& x, Normalisation method, double offset = 0, int threads = 1) {
  const RowGroups pooled{no_codes, 1};
  const VectorXd direction = VectorXd::Ones(x.cols());
  return flowresil::entropy_weights(x, flowresil::fit_scaling(x, direction, method, pooled, threads), pooled,
                                    offset, threads);
}

// The textbook sum in long doubles: -sum(s ln s) / ln n over shares s.
double textbook_entropy(const VectorXd& y) {
  long double total = 0;
  for (Eigen::Index i = 0; i < y.size(); ++i)
    total += y[i];
  long double sum = 0;
  for (Eigen::Index i = 0; i < y.size(); ++i) {
    const long double share = y[i] / total;
    if (share > 0) sum += share * std::log(share);
  }
  return static_cast<double>(-sum / std::log(static_cast<long double>(y.size())));
}

MatrixXd exponentials(Eigen::Index n, Eigen::Index p) {
  std::mt19937_64 generator(7);
  std::exponential_distribution<double> draw(1.0);
  MatrixXd x(n, p);
  for (Eigen::Index j = 0; j < p; ++j) {
    for (Eigen::Index i = 0; i < n; ++i)
      x(i, j) = draw(generator);
  }
  return x;
}

}  // namespace

FLOWRESIL_TEST("entropy by hand: shares 1/4 and 3/4, all in one row, equal shares") {
  MatrixXd x(2, 3);
  x << 1, 0, 2, 3, 1, 2;
  const EntropyWeights w = weights(x, Normalisation::share);
  const double e = (0.25 * std::log(4.0) + 0.75 * std::log(4.0 / 3)) / std::log(2.0);
  expect_near(w.entropy[0], e, 1e-15);
  expect_near(w.entropy[1], 0, 1e-15);
  expect_near(w.entropy[2], 1, 0);
  expect(!w.uninformative[0] && !w.uninformative[1] && w.uninformative[2]);
  expect_near(w.weight[0], (1 - e) / (2 - e), 1e-15);
  expect_near(w.weight[2], 0, 0);
}

FLOWRESIL_TEST("the base of the entropy is the number of rows") {
  MatrixXd x(4, 2);  // two of four rows share all: entropy ln 2 / ln 4 = 1/2
  x << 1, 1, 1, 2, 0, 3, 0, 4;
  expect_near(weights(x, Normalisation::none).entropy[0], 0.5, 1e-15);
}

FLOWRESIL_TEST("entropy equals the textbook sum in long doubles") {
  const MatrixXd x = exponentials(3000, 3);
  for (const Normalisation method : {Normalisation::share, Normalisation::none}) {
    const EntropyWeights w = weights(x, method);
    for (Eigen::Index j = 0; j < 3; ++j)
      expect_near(w.entropy[j], textbook_entropy(x.col(j)), 1e-14);
  }
  const EntropyWeights w = weights(x, Normalisation::minmax, 0.01);
  for (Eigen::Index j = 0; j < 3; ++j) {
    const double low = x.col(j).minCoeff();
    const VectorXd y = ((x.col(j).array() - low) / (x.col(j).maxCoeff() - low) + 0.01).matrix();
    expect_near(w.entropy[j], textbook_entropy(y), 1e-14);
  }
  expect_near(w.weight.sum(), 1, 1e-15);
}

FLOWRESIL_TEST("a small spread keeps its digits: d nears CV^2 / (2 ln n)") {
  const Eigen::Index n = 1000;
  MatrixXd x(n, 1);
  for (Eigen::Index i = 0; i < n; ++i)
    x(i, 0) = 1 + 1e-7 * (i % 2 == 0 ? 1 : -1);
  const double d = weights(x, Normalisation::share).divergence[0];
  const double expected = 1e-14 / (2 * std::log(double(n)));
  expect_near(d / expected, 1, 1e-8);
}

FLOWRESIL_TEST("the gap is r ln r - r + 1 on both sides of its switch to the series") {
  for (const double r : {1e-300, 0.3, 0.8999, 0.9001, 0.95, 0.999, 1.0001, 1.05, 1.0999, 1.1001, 2.0, 1e6}) {
    const long double exact = static_cast<long double>(r) * std::log(static_cast<long double>(r)) - r + 1;
    expect_near(flowresil::entropy_gap(r) / static_cast<double>(exact), 1,
                r > 0.99 && r < 1.01 ? 1e-10 : 1e-13);
  }
  expect_near(flowresil::entropy_gap(0), 1, 0);
  expect_near(flowresil::entropy_gap(1), 0, 0);
  expect_near(flowresil::entropy_gap(1 + 1e-6) / 5e-13, 1, 1e-6);
}

FLOWRESIL_TEST("entropy stays in 0 .. 1 to the bit, also at 31 equal rows and with all mass in one") {
  for (Eigen::Index n = 2; n < 60; ++n) {
    MatrixXd x = MatrixXd::Ones(n, 2);
    x.col(1).setZero();
    x(0, 1) = 3;
    const EntropyWeights w = weights(x, Normalisation::share);
    expect(w.divergence[0] >= 0 && w.divergence[0] <= 0);
    expect(w.entropy[1] >= 0 && w.divergence[1] <= 1);
    expect_near(w.divergence[1], 1, 1e-14);
  }
}

FLOWRESIL_TEST("rescaling a column, and shifting it under minmax, changes nothing") {
  const MatrixXd x = exponentials(500, 2);
  MatrixXd other = x;
  other.col(0) *= 1e9;
  expect_near(weights(other, Normalisation::share).weight, weights(x, Normalisation::share).weight, 1e-13);
  other.col(0).array() += 1e9;
  expect_near(weights(other, Normalisation::minmax).weight, weights(x, Normalisation::minmax).weight, 1e-12);
}

FLOWRESIL_TEST("repeating every row r times shrinks d by ln n / ln(r n)") {
  const MatrixXd x = exponentials(50, 2);
  const MatrixXd twice = x.replicate(2, 1);
  const VectorXd d = weights(x, Normalisation::share).divergence * std::log(50.0) / std::log(100.0);
  expect_near(weights(twice, Normalisation::share).divergence, d, 1e-14);
}

FLOWRESIL_TEST("an offset is added to the normalised value, before the shares") {
  MatrixXd x(2, 1);
  x << 0, 1;
  VectorXd y(2);
  y << 0.5, 1.5;
  expect_near(weights(x, Normalisation::minmax, 0.5).entropy[0], textbook_entropy(y), 1e-15);
}

FLOWRESIL_TEST("a spread whose reciprocal overflows is still a spread") {
  MatrixXd x(3, 1);
  x << 0, 1e-310, 1e-310;
  expect_near(weights(x, Normalisation::minmax).entropy[0], std::log(2.0) / std::log(3.0), 1e-15);
}

FLOWRESIL_TEST("all columns constant: every weight is 0 and every column is named") {
  const EntropyWeights w = weights(MatrixXd::Ones(5, 2), Normalisation::minmax);
  expect(w.uninformative.all() && w.weight.isZero(0));
  expect_near(w.entropy, VectorXd::Ones(2), 0);
}

FLOWRESIL_TEST("scaled by group, a column constant in every group carries nothing") {
  MatrixXd x(4, 2);
  x << 1, 1, 1, 2, 7, 3, 7, 9;
  VectorXi code(4);
  code << 0, 0, 1, 1;
  const RowGroups groups{code, 2};
  const auto scaling = flowresil::fit_scaling(x, VectorXd::Ones(2), Normalisation::minmax, groups, 1);
  const EntropyWeights w = flowresil::entropy_weights(x, scaling, groups, 0, 1);
  expect(w.uninformative[0] && !w.uninformative[1]);
  expect_near(w.entropy[1], 0.5, 1e-15);  // 0 1 0 1: two equal shares in four rows
}

FLOWRESIL_TEST("entropy has the same bits for any number of threads") {
  const MatrixXd x = exponentials(20000, 5);
  const EntropyWeights one = weights(x, Normalisation::minmax, 0, 1);
  for (const int threads : {2, 3, 8}) {
    const EntropyWeights many = weights(x, Normalisation::minmax, 0, threads);
    expect(one.weight == many.weight && one.divergence == many.divergence);
  }
}

FLOWRESIL_TEST("entropy refuses what breaks its contract") {
  const MatrixXd x = exponentials(4, 2);
  expect_throws<ContractViolation>([&] { weights(x.topRows(1), Normalisation::minmax); }, "two rows");
  expect_throws<ContractViolation>([&] { weights(x, Normalisation::minmax, -0.1); }, "offset");
  expect_throws<ContractViolation>(
      [&] { weights(x, Normalisation::minmax, std::numeric_limits<double>::quiet_NaN()); }, "offset");
  expect_throws<ContractViolation>([&] { weights(x, Normalisation::zscore); }, "negative");
  expect_throws<ContractViolation>([&] { weights(-x, Normalisation::none); }, "negative");
  const RowGroups pooled{no_codes, 1};
  const auto scaling = flowresil::fit_scaling(x, VectorXd::Ones(2), Normalisation::minmax, pooled, 1);
  expect_throws<ContractViolation>([&] { flowresil::entropy_weights(x.leftCols(1), scaling, pooled, 0, 1); },
                                   "column");
}
