// Normalisation: by hand, exact ends, groups, contracts.
#include <cmath>
#include <limits>

#include "base/contract.hpp"
#include "check.hpp"
#include "index/scale.hpp"

using Eigen::MatrixXd;
using Eigen::VectorXd;
using Eigen::VectorXi;
using flowresil::ContractViolation;
using flowresil::fit_scaling;
using flowresil::Normalisation;
using flowresil::RowGroups;
using flowresil::Scaling;

namespace {

const VectorXi no_codes(0);

RowGroups pooled() {
  return {no_codes, 1};
}

VectorXd plus(Eigen::Index p) {
  return VectorXd::Ones(p);
}

MatrixXd normalised(const MatrixXd& x, const VectorXd& direction, Normalisation method,
                    const RowGroups& groups, int threads = 1) {
  const Scaling scaling = fit_scaling(x, direction, method, groups, threads);
  MatrixXd y(x.rows(), x.cols());
  flowresil::apply_scaling(x, scaling, groups, threads, y);
  return y;
}

MatrixXd waves(Eigen::Index n, Eigen::Index p) {
  MatrixXd x(n, p);
  for (Eigen::Index j = 0; j < p; ++j) {
    for (Eigen::Index i = 0; i < n; ++i)
      x(i, j) = 2 + std::sin(0.7 * double(i) + double(j)) + 0.01 * double(i % 7);
  }
  return x;
}

}  // namespace

FLOWRESIL_TEST("minmax by hand, both directions, with ends exactly 0 and 1") {
  MatrixXd x(3, 2);
  x << 1, 1, 2, 2, 5, 5;
  VectorXd direction(2);
  direction << 1, -1;
  const MatrixXd y = normalised(x, direction, Normalisation::minmax, pooled());
  MatrixXd by_hand(3, 2);
  by_hand << 0, 1, 0.25, 0.75, 1, 0;
  expect_near(y, by_hand, 0);
}

FLOWRESIL_TEST("share by hand: values over their sum") {
  MatrixXd x(3, 1);
  x << 1, 2, 5;
  const MatrixXd y = normalised(x, plus(1), Normalisation::share, pooled());
  expect_near(y(0, 0), 0.125, 0);
  expect_near(y.sum(), 1, 1e-15);
}

FLOWRESIL_TEST("zscore divides by the root over n - 1 and follows the direction") {
  MatrixXd x(3, 1);
  x << 1, 2, 6;  // mean 3, squares 4 + 1 + 9 = 14, over 2 = 7
  const MatrixXd up = normalised(x, plus(1), Normalisation::zscore, pooled());
  expect_near(up(2, 0), 3 / std::sqrt(7.0), 1e-15);
  const MatrixXd down = normalised(x, -plus(1), Normalisation::zscore, pooled());
  expect_near(down, -up, 0);
}

FLOWRESIL_TEST("none leaves the values alone") {
  const MatrixXd x = waves(9, 2);
  expect_near(normalised(x, plus(2), Normalisation::none, pooled()), x, 0);
}

FLOWRESIL_TEST("a group is scaled by its own rows, wherever they stand") {
  MatrixXd x(5, 1);
  x << 1, 10, 3, 30, 20;
  VectorXi code(5);
  code << 0, 1, 0, 1, 1;
  const MatrixXd y = normalised(x, plus(1), Normalisation::minmax, {code, 2});
  VectorXd by_hand(5);
  by_hand << 0, 0, 1, 1, 0.5;
  expect_near(y.col(0), by_hand, 0);
}

FLOWRESIL_TEST("new rows beyond the range are not clipped") {
  MatrixXd x(2, 1), fresh(2, 1), y(2, 1);
  x << 0, 10;
  fresh << -5, 20;
  flowresil::apply_scaling(fresh, fit_scaling(x, plus(1), Normalisation::minmax, pooled(), 1), pooled(), 1,
                           y);
  expect_near(y(0, 0), -0.5, 0);
  expect_near(y(1, 0), 2, 0);
}

FLOWRESIL_TEST("constant means within n * eps of the level, and then everything is 0") {
  MatrixXd x(100, 4);
  x.col(0).setConstant(5);
  x.col(1).setConstant(5);
  x(3, 1) = 5 * (1 + 4 * std::numeric_limits<double>::epsilon());
  x.col(2).setConstant(5);
  x(3, 2) = 5 * (1 + 1e-8);
  x.col(3).setZero();
  const Scaling scaling = fit_scaling(x, plus(4), Normalisation::minmax, pooled(), 1);
  expect(scaling.constant(0, 0) && scaling.constant(0, 1) && !scaling.constant(0, 2) &&
         scaling.constant(0, 3));
  const MatrixXd y = normalised(x, plus(4), Normalisation::minmax, pooled());
  expect(y.col(0).isZero(0) && y.col(1).isZero(0) && y.col(3).isZero(0));
  expect_near(y(3, 2), 1, 0);
}

FLOWRESIL_TEST("an all-zero column has share 0, not NaN") {
  const MatrixXd y = normalised(MatrixXd::Zero(4, 1), plus(1), Normalisation::share, pooled());
  expect(y.isZero(0));
}

FLOWRESIL_TEST("one row is constant and scaled to 0") {
  const MatrixXd y = normalised(MatrixXd::Constant(1, 2, 3), plus(2), Normalisation::zscore, pooled());
  expect(y.isZero(0));
}

FLOWRESIL_TEST("a range beyond the largest double is not constant") {
  MatrixXd x(2, 1);
  x << -1.5e308, 1.5e308;
  expect(!fit_scaling(x, plus(1), Normalisation::minmax, pooled(), 1).constant(0, 0));
}

FLOWRESIL_TEST("scaling has the same bits for any number of threads") {
  const MatrixXd x = waves(5000, 7);
  for (const Normalisation method : {Normalisation::minmax, Normalisation::share, Normalisation::zscore}) {
    const MatrixXd one = normalised(x, plus(7), method, pooled(), 1);
    expect(one == normalised(x, plus(7), method, pooled(), 2));
    expect(one == normalised(x, plus(7), method, pooled(), 5));
  }
}

FLOWRESIL_TEST("names of normalisations are the four and no other") {
  expect(flowresil::normalisation_named("share") == Normalisation::share);
  expect(flowresil::normalisation_named("zscore") == Normalisation::zscore);
  expect_throws<ContractViolation>([] { flowresil::normalisation_named("range"); }, "minmax");
}

FLOWRESIL_TEST("scaling refuses what breaks its contract") {
  const MatrixXd x = waves(4, 2);
  const auto fit = [&](const MatrixXd& values, const VectorXd& direction, Normalisation method,
                       const RowGroups& groups) { fit_scaling(values, direction, method, groups, 1); };
  MatrixXd broken = x;
  broken(1, 1) = std::numeric_limits<double>::quiet_NaN();
  expect_throws<ContractViolation>([&] { fit(broken, plus(2), Normalisation::minmax, pooled()); }, "finite");
  broken(1, 1) = std::numeric_limits<double>::infinity();
  expect_throws<ContractViolation>([&] { fit(broken, plus(2), Normalisation::none, pooled()); }, "finite");
  broken(1, 1) = -1;
  expect_throws<ContractViolation>([&] { fit(broken, plus(2), Normalisation::share, pooled()); }, "negative");
  expect_throws<ContractViolation>([&] { fit(x, plus(1), Normalisation::minmax, pooled()); }, "direction");
  expect_throws<ContractViolation>([&] { fit(x, 0 * plus(2), Normalisation::minmax, pooled()); }, "+1 or -1");
  expect_throws<ContractViolation>([&] { fit(x, -plus(2), Normalisation::share, pooled()); }, "+1 only");
  expect_throws<ContractViolation>([&] { fit(x, -plus(2), Normalisation::none, pooled()); }, "+1 only");
  expect_throws<ContractViolation>([&] { fit(MatrixXd(0, 2), plus(2), Normalisation::minmax, pooled()); });
  VectorXi code(4);
  code << 0, 1, 2, 0;
  expect_throws<ContractViolation>([&] { fit(x, plus(2), Normalisation::minmax, {code, 2}); }, "codes");
  expect_throws<ContractViolation>([&] { fit(x, plus(2), Normalisation::minmax, {code, 4}); }, "rows");
  expect_throws<ContractViolation>(
      [&] {
        fit(x, plus(2), Normalisation::minmax, {code.head(3), 3});
      },
      "code");
  expect_throws<ContractViolation>([&] { fit(x, plus(2), Normalisation::minmax, {no_codes, 2}); }, "codes");
  const Scaling scaling = fit_scaling(x, plus(2), Normalisation::minmax, pooled(), 1);
  MatrixXd y(4, 1);
  expect_throws<ContractViolation>([&] { flowresil::apply_scaling(x, scaling, pooled(), 1, y); }, "size");
  expect_throws<ContractViolation>([&] { flowresil::apply_scaling(x.leftCols(1), scaling, pooled(), 1, y); },
                                   "column");
}
