// A second look at a fit whose regressors are nearly equal.
#pragma once

#include "regression/least_squares.hpp"

namespace flowresil {

// Takes the rows in once more, in the basis found, and corrects coefficients and squares: the triangle of
// columns that differ by 1e-7 of their size has lost as many digits, that of the basis has lost none. Throws
// ContractViolation. O(n_rows n_columns^2), no n x k matrix, the same bits for any number of threads.
void polish_fit(const Sample& sample, const WithinSolution& solution, int threads, LeastSquares& fit);

// The same in parts, for rows that come one batch after the other: what a batch gives, and what all of it
// says. Columns of the state are the kept in the basis and the outcome, behind a column of ones where the
// sample is centred without effects (`about_means`).
FactorState take_polish(const Sample& sample, const WithinSolution& solution, int threads,
                        const LeastSquares& fit);
void finish_polish(const FactorState& state, bool about_means, LeastSquares& fit);

}  // namespace flowresil
