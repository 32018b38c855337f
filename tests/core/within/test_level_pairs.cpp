// What the larger effect's levels say of the smaller ones.
#include "within/level_pairs.hpp"
#include "within/shared.hpp"

using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;
using flowresil::RowOrder;
using reference::Panel;
using namespace within_tests;

FLOWRESIL_TEST("pairs are w_s w_t / W, by hand") {
  const int unit[] = {0, 0, 1, 1, 1};
  const int cell[] = {0, 1, 0, 1, 2};
  const double weights[] = {1.0, 3.0, 1.0, 1.0, 2.0};
  flowresil::Sample sample;
  sample.n_rows = 5;
  sample.effects = {{unit, 2}, {cell, 3}};
  sample.weights = weights;
  const RowOrder rows(sample, 0);
  const MatrixXd pairs = flowresil::sum_level_pairs(rows, reference::vector_of({4.0, 4.0}), 3, 1);
  expect_near(pairs(0, 1), 3.0 / 4.0 + 1.0 / 4.0, 1e-15);
  expect_near(pairs(0, 2), 2.0 / 4.0, 1e-15);
  expect_near(pairs(1, 2), 2.0 / 4.0, 1e-15);
}

FLOWRESIL_TEST("sums without means are those of rows less their unit's mean") {
  const int unit[] = {0, 0, 1, 1};
  const int cell[] = {0, 1, 0, 1};
  flowresil::Sample sample;
  sample.n_rows = 4;
  sample.effects = {{unit, 2}, {cell, 2}};
  const RowOrder rows(sample, 0);
  // Values 1, 3, 10, 20: means 2 and 15.
  const MatrixXd left = flowresil::sums_without_means(rows, reference::matrix_of({{2.0, 15.0}}),
                                                      reference::matrix_of({{11.0, 23.0}}), 1);
  expect_near(left(0, 0), -6.0, 1e-15);
  expect_near(left(0, 1), 6.0, 1e-15);
}
