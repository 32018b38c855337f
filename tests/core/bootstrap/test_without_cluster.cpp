// The normal equations without one cluster, and solutions of least norm.
#include "bootstrap/without_cluster.hpp"

#include <Eigen/LU>
#include <Eigen/QR>

#include "check.hpp"
#include "reference.hpp"

using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;

namespace {

MatrixXd waves(Index n, Index k) {
  MatrixXd values(n, k);
  for (Index i = 0; i < n; ++i) {
    for (Index c = 0; c < k; ++c)
      values(i, c) = std::sin(1.3 * static_cast<double>((i + 1) * (c + 2)) + static_cast<double>(c * c));
  }
  return values;
}

}  // namespace

FLOWRESIL_TEST("the inverse without a cluster is that of what is left") {
  // two slopes in orthonormal directions, three columns beside them that are orthogonal to both
  const MatrixXd q = Eigen::HouseholderQR<MatrixXd>(waves(40, 5)).householderQ() * MatrixXd::Identity(40, 5);
  MatrixXd all = q;
  all.rightCols(3) = q.rightCols(3) * reference::matrix_of({{2, 1, 0}, {0, 3, 1}, {1, 0, 4}});
  const MatrixXd total = all.transpose() * all;
  const MatrixXd own = all.topRows(12).transpose() * all.topRows(12);
  const flowresil::WithoutCluster found = flowresil::without_cluster(own, total.inverse(), 2);
  expect(found.identified);
  const MatrixXd left = total - own;
  expect_near((found.inverse - left.inverse()).norm(), 0, 1e-9);
  expect_near((found.rest - MatrixXd(left.bottomRightCorner(3, 3)).inverse()).norm(), 0, 1e-9);
  expect_near((found.slopes.inverse() - left.inverse().topLeftCorner(2, 2)).norm(), 0, 1e-9);
}

FLOWRESIL_TEST(
    "a slope that only the cluster tells of is not identified; a level that is gone does no harm") {
  MatrixXd all = MatrixXd::Zero(12, 2);
  all.col(0).head(4).setConstant(0.5);
  all.col(1).segment(4, 4) << 0.5, -0.5, 0.5, -0.5;
  const MatrixXd own = all.topRows(4).transpose() * all.topRows(4);
  const flowresil::WithoutCluster found = flowresil::without_cluster(own, MatrixXd::Identity(2, 2), 2);
  expect(!found.identified);
  expect_near(found.inverse(1, 1), 1, 1e-12);
  expect_near(found.inverse(0, 0), 0, 0);
  const flowresil::WithoutCluster level = flowresil::without_cluster(own, MatrixXd::Identity(2, 2), 0);
  expect(level.identified);
  expect_near(level.inverse(0, 0), 0, 0);
  expect_near(level.inverse(1, 1), 1, 1e-12);
}

FLOWRESIL_TEST("slopes that are held move the others by the equations that are left") {
  const MatrixXd cross = reference::matrix_of({{4, 1, 0.5}, {1, 3, 0.2}, {0.5, 0.2, 2}});
  const VectorXd sides = reference::vector_of({1, 2, 3}), slopes = reference::vector_of({0.3, 0.4, 0.5});
  const MatrixXd shift = flowresil::least_norm_shift(cross, sides, cross.diagonal(), slopes, {1});
  for (double distance : {0.0, 0.7}) {
    const VectorXd b = slopes - shift.col(0) - distance * shift.col(1);
    expect_near(b[1], slopes[1] - distance, 1e-12);
    const VectorXd gradient = cross * b - sides;
    expect_near(gradient[0], 0, 1e-12);
    expect_near(gradient[2], 0, 1e-12);
  }
}
