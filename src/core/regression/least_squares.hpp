// Least squares on demeaned columns, from their factor: the small problem.
#pragma once

#include <vector>

#include <Eigen/Core>

#include "regression/factor.hpp"

namespace flowresil {

// Why a regressor is not in the solution.
enum class Fate { kept, absorbed, collinear };

struct LeastSquares {
  Eigen::VectorXd coefficients;  // n_columns - 1; zero where dropped
  std::vector<Fate> fate;        // n_columns - 1
  bool outcome_absorbed = false;
  std::vector<Eigen::Index> kept;
  Eigen::MatrixXd basis;   // S, kept x kept, upper: the kept columns times S are orthonormal up to rounding
  Eigen::MatrixXd polish;  // P, upper: S P makes them so to the last digits (the identity where S does)
  Eigen::VectorXd along;   // coefficients of the outcome on the kept columns times S
  // What rounding leaves of the means of the kept columns times S, and of the outcome (last): polished fits
  // without effects; else empty.
  Eigen::VectorXd offset;
  bool loses_digits = false;      // a kept column is nearly a combination of others: worth polishing
  Eigen::MatrixXd combination;    // kept x dropped-as-collinear: each as a combination of the kept, scaled
  double residual_squares = 0.0;  // weighted
  double within_squares = 0.0;    // weighted squares of the demeaned outcome
};

// Columns are absorbed when their norm after demeaning is at most `tolerance` of that about their means, or
// 64 eps of that of their values; of the others, taken in order and scaled to norm one, a column is collinear
// when at most `tolerance` (or the rounding of the values before demeaning) is left after the columns kept so
// far. Throws ContractViolation. O(k^3).
LeastSquares least_squares(const WithinFactor& factor, double tolerance);

// (S P)(S P)' is the inverse of the kept columns' cross-products.
Eigen::MatrixXd inverse_products(const LeastSquares& fit);

// What became of each regressor, as a number: 0 kept, 1 absorbed, 2 collinear.
std::vector<int> fate_codes(const LeastSquares& fit);

}  // namespace flowresil
