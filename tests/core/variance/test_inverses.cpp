// Inverses of matrices that may not have one.
#include "variance/inverses.hpp"

#include <Eigen/LU>

#include "check.hpp"
#include "reference.hpp"

using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;

FLOWRESIL_TEST("a generalised inverse solves what is determined and names what is not") {
  const MatrixXd matrix = reference::matrix_of({{2, -2, 0}, {-2, 2, 0}, {0, 0, 300}});
  const flowresil::GeneralisedInverse found = flowresil::generalised_inverse(matrix);
  expect_near((matrix * found.inverse * matrix - matrix).norm(), 0, 1e-10);
  expect_near(static_cast<double>(found.null.cols()), 1, 0);
  expect_near((matrix * found.null).norm(), 0, 1e-12);
}
FLOWRESIL_TEST("least norm is in units of length, and nothing stays zero") {
  // two columns that are one: 3 b1 + b2 in units of the second is what is known
  const MatrixXd cross = reference::matrix_of({{9, 3, 0}, {3, 1, 0}, {0, 0, 1e-20}});
  const MatrixXd found =
      flowresil::least_norm(cross, reference::vector_of({6, 2, 5}), reference::vector_of({9, 1, 1}));
  expect_near(found(0, 0), 1.0 / 3, 1e-12);
  expect_near(found(1, 0), 1, 1e-12);
  expect_near(found(2, 0), 0, 0);
  expect_near(
      flowresil::least_norm(MatrixXd::Zero(1, 1), reference::vector_of({1}), reference::vector_of({1}))(0, 0),
      0, 0);
}

FLOWRESIL_TEST("what is left of an inverse's matrix is inverted where something is left") {
  const MatrixXd matrix = reference::matrix_of({{4, 1, 0}, {1, 3, 0}, {0, 0, 2}});
  const MatrixXd lost = reference::matrix_of({{1, 0.5, 0}, {0.5, 1, 0}, {0, 0, 2}});
  const MatrixXd root = flowresil::inverse_root_less(matrix.inverse(), lost);
  MatrixXd expected = MatrixXd::Zero(3, 3);
  expected.topLeftCorner(2, 2) = MatrixXd((matrix - lost).topLeftCorner(2, 2)).inverse();
  expect_near((root * root.transpose() - expected).norm(), 0, 1e-10);
  expect_near((flowresil::submatrix(matrix, {2, 0}) - reference::matrix_of({{2, 0}, {0, 4}})).norm(), 0, 0);
}
