// Inverses of matrices that may not have one: what is lost without some rows, and what the rest still
// determines.
#pragma once

#include <vector>

#include <Eigen/Core>

namespace flowresil {

// Of a direction's length, or of a level's weights: less counts as nothing.
constexpr double nothing_left = 1e-9;

// The rows and columns `at` of a square matrix.
Eigen::MatrixXd submatrix(const Eigen::MatrixXd& matrix, const std::vector<Eigen::Index>& at);

// A generalised inverse of a symmetric matrix without negative eigenvalues; `null` is a basis of what it does
// not determine, both scaled by the diagonal.
struct GeneralisedInverse {
  Eigen::MatrixXd inverse;
  Eigen::MatrixXd null;
};
GeneralisedInverse generalised_inverse(const Eigen::MatrixXd& matrix);

// Columns B with B B' a generalised inverse of `inverse`^-1 - `lost`, where more than nothing is left.
// `inverse` must be positive definite.
Eigen::MatrixXd inverse_root_less(const Eigen::MatrixXd& inverse, const Eigen::MatrixXd& lost);

// The solution of cross b = sides (each column) with the least norm in units of each column's length;
// `lengths` are the squared lengths that columns had: one of which less than 1e-9 is left has zero.
Eigen::MatrixXd least_norm(const Eigen::MatrixXd& cross, const Eigen::MatrixXd& sides,
                           const Eigen::VectorXd& lengths);

}  // namespace flowresil
