// How the lists that R keeps become the core's structs, and back. Included by every export file and, by its
// name, by RcppExports.cpp. Pointers stay into R's memory: nothing is copied on the way in.
#pragma once

#include <RcppEigen.h>

#include "base/contract.hpp"
#include "panel/sample.hpp"
#include "regression/least_squares.hpp"
#include "regression/score_pass.hpp"
#include "variance/small_sample.hpp"
#include "within/solution.hpp"

namespace Rcpp {

// list(n_rows, columns = list of double vectors, roles = list(outcome, regressors), columns counted from 1
// (or none),
//      codes = list of 0-based integer vectors, n_levels = integer,
//      weights = double or NULL, centre = logical)
template <>
flowresil::Sample as(SEXP x);

// list(threads, direct_limit, tolerance, max_iterations)
template <>
flowresil::WithinOptions as(SEXP x);

// list(shift, rest, levels = list of n_columns x n_levels matrices, method, converged, iterations,
// relative_error); only the first three are read
template <>
flowresil::WithinSolution as(SEXP x);
template <>
SEXP wrap(const flowresil::WithinSolution& solution);

// list(combination = matrix n_columns x n_scores, residual = n_columns doubles,
//      along = n_scores doubles, offset = n_scores + 1 doubles or none, turn = square matrix, constant =
//      logical, constant_column = double or NULL)
template <>
flowresil::ScoreColumns as(SEXP x);

// list(triangle, sums, squares, weight): what rows gave a factor so far
template <>
flowresil::FactorState as(SEXP x);
template <>
SEXP wrap(const flowresil::FactorState& state);

// list(n_rows, n_slopes, n_levels, nested, n_redundant, constant, n_clusters)
template <>
flowresil::SampleCounts as(SEXP x);

}  // namespace Rcpp

namespace flowresil {

// One effect from a 0-based integer vector.
inline Effect effect_from(const Rcpp::IntegerVector& codes, int n_levels) {
  return Effect{codes.begin(), static_cast<Eigen::Index>(n_levels)};
}

// What R keeps of a fit: list(representable, coefficients, fate, basis, polish, along, offset, polished,
// combination, residual_squares, within_squares, total_squares, outcome_absorbed, means, norms,
// centred_squares, loses_digits).
Rcpp::List fit_fields(const WithinFactor& factor, const LeastSquares& fit, bool polished,
                      Eigen::Index outcome);

// Has the user asked to stop? Never jumps.
bool user_interrupts();

// Runs a routine that may be interrupted, and hands an interrupt on in the way that R knows.
template <class Routine>
auto interruptible(const Routine& routine) -> decltype(routine()) {
  try {
    return routine();
  } catch (const Interruption&) {
    throw Rcpp::internal::InterruptedException();
  }
}

}  // namespace flowresil

// RcppExports.cpp repeats the signatures as the export files write them.
using Eigen::Map;
using Eigen::MatrixXd;
using Eigen::VectorXd;
using Eigen::VectorXi;
