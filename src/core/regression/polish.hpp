// A second look at a fit whose regressors are nearly equal.
#pragma once

#include "regression/least_squares.hpp"

namespace flowresil {

// Takes the rows in once more, in the basis found, and corrects coefficients and squares: the triangle of
// columns that differ by 1e-7 of their size has lost as many digits, that of the basis has lost none. Throws
// ContractViolation. O(n_rows n_columns^2), no n x k matrix, the same bits for any number of threads.
void polish_fit(const Sample& sample, const WithinSolution& solution, int threads, LeastSquares& fit);

}  // namespace flowresil
