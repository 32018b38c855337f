// Which values of a coefficient a wild bootstrap does not reject.
#pragma once

#include <Eigen/Core>

#include "bootstrap/shares.hpp"

namespace flowresil {

// Pieces (one a row, lower and upper end, in order, infinite where they never end) of the distances d at
// which the p value of d / error exceeds `alpha`, for draws with the polynomials of draw_lines(). Every place
// where a draw and the observed statistic cross is a root of a polynomial of degree four: none is missed.
// Beyond the last one leading coefficients decide. O(draws log draws).
Eigen::MatrixXd invert_draws(const Eigen::MatrixXd& lines, double error, double alpha,
                             Alternative alternative, const Ties& ties);

}  // namespace flowresil
