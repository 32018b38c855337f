// Several small effects, solved from pairs of cells.
#include "within/cell_system.hpp"
#include "within/shared.hpp"

using Eigen::MatrixXd;
using Eigen::VectorXd;
using flowresil::CellSystem;
using flowresil::ContractViolation;
using namespace within_tests;

FLOWRESIL_TEST("cells of one effect are solved as its levels, cells of two as sums of levels") {
  // Four cells, each pair joined by 1: the Laplacian is 4 I - 1 1'.
  const MatrixXd pairs = MatrixXd::Ones(4, 4);
  const VectorXd weights = VectorXd::Ones(4);
  const MatrixXd left = reference::matrix_of({{3.0, 1.0, -1.0, -3.0}});
  const CellSystem one(pairs, weights, {{0, 1, 2, 3}});
  const MatrixXd solved = one.solve(left);
  expect_near(solved(0, 0) - solved(0, 3), 6.0 / 4.0, 1e-14);
  // Levels a + b: a = 0, 0, 1, 1 and b = 0, 1, 0, 1. Of left the part that is additive is all of it here.
  const CellSystem two(pairs, weights, {{0, 0, 1, 1}, {0, 1, 0, 1}});
  const MatrixXd added = two.solve(left);
  expect_near(added(0, 0) - added(0, 3), 6.0 / 4.0, 1e-13);
  expect_near(added(0, 0) - added(0, 1), 2.0 / 4.0, 1e-13);
  // Both effects hold the constant, which the units hold too.
  expect(one.n_redundant() == 1 && two.n_redundant() == 2 && !two.is_ill_conditioned());
}

FLOWRESIL_TEST("one effect whose levels are fewer than the cells") {
  const CellSystem system(MatrixXd::Ones(3, 3), VectorXd::Ones(3), {{0, 1, 1}});
  const MatrixXd solved = system.solve(reference::matrix_of({{2.0, -1.0, -1.0}}));
  // Level 0 is joined to level 1 by two pairs.
  expect_near(solved(0, 0) - solved(0, 1), 1.0, 1e-14);
  expect_near(solved(0, 1), solved(0, 2), 0.0);
}

FLOWRESIL_TEST("cells without levels, or out of order, are refused") {
  expect_throws<ContractViolation>([] { CellSystem(MatrixXd::Ones(2, 2), VectorXd::Ones(2), {{0}}); });
  expect_throws<ContractViolation>([] { CellSystem(MatrixXd::Ones(2, 2), VectorXd::Ones(2), {{1, 0}}); });
  expect_throws<ContractViolation>([] { CellSystem(MatrixXd::Ones(2, 2), VectorXd::Ones(2), {{0, -1}}); });
}
