// The triangular factor of demeaned rows: an accumulator over blocks of rows, and the fit of the effects
// around it.
#pragma once

#include <vector>

#include <Eigen/Core>

#include "panel/sample.hpp"
#include "within/solution.hpp"

namespace flowresil {

// What rows contribute to a factor. Small (an m x m triangle, two vectors, a number), so that it can be kept
// and go on with other rows: take() folds demeaned rows in, join() what other rows gave.
struct FactorState {
  explicit FactorState(Eigen::Index n_columns);

  // The first `rows` demeaned rows of a block (block_rows x n_columns, overwritten) and their weights (null:
  // all one).
  void take(Eigen::MatrixXd& block, Eigen::Index rows, const double* weights);
  // The same rows as they are: sums about `shift`, for means, spreads and norms.
  void take_values(const Sample& sample, const Eigen::VectorXd& shift, Eigen::Index begin, Eigen::Index end);
  void join(const FactorState& next);

  Eigen::MatrixXd triangle;  // upper
  Eigen::VectorXd sums;      // weighted, of the columns less their shifts
  Eigen::VectorXd squares;   // weighted
  double weight = 0.0;
};

// The triangular factor of the demeaned, weighted columns, regressors in order, then the outcome: the only
// place where roles become an order (the other fields go by the sample's columns).
struct WithinFactor {
  Eigen::MatrixXd triangle;         // n_columns x n_columns, upper; its rows may have either sign
  Eigen::VectorXd norms;            // of the weighted columns as they are, before demeaning
  Eigen::VectorXd centred_squares;  // sums of squares about the weighted means
  Eigen::VectorXd means;            // weighted means
  std::vector<Eigen::Index> order;  // the sample's column behind each column of the triangle
  bool representable =
      true;  // false where squares of a column overflow: nothing else is meant then but norms
};

// What the rows of a sample give a factor, whose columns stand in the order of roles: demeaned by `solution`,
// their values about `shift`. Fixed pieces, joined in order. O(n_rows n_columns^2).
FactorState take_rows(const Sample& sample, const WithinSolution& solution, const Eigen::VectorXd& shift,
                      int threads);

// The factor of all that was taken in, columns in that order.
WithinFactor finish_factor(const FactorState& state, const Eigen::VectorXd& shift);

// Does a column lose digits: does less than 1e-4 of its spread stay after the effects and the columns before
// it?
bool loses_digits(const WithinFactor& factor);

struct WithinFit {
  WithinSolution solution;
  WithinFactor factor;
};

// Solves for the effects and takes in the demeaned rows; a column that keeps less than 1e-4 of its spread
// (after the effects, or after the columns before it), or an ill-conditioned system of effects, is refined
// once. Rows go through Householder reflections block by block, pieces are joined in order: no n x k matrix,
// no cross-products, the same bits for any number of threads. Throws ContractViolation, Interruption.
// O(n_rows n_columns^2).
WithinFit fit_within(const Sample& sample, const Eigen::VectorXd& shift, const WithinOptions& options);

// Is what the effects leave of a column of the triangle at most `tolerance` of its spread about its mean, or
// 64 eps of the size of its values?
bool is_absorbed(const WithinFactor& factor, Eigen::Index column, double tolerance);

// Does each effect, alone, absorb the sample's column? O(n_rows) an effect.
std::vector<bool> absorbed_by(const Sample& sample, Eigen::Index column, double shift,
                              const WithinOptions& options, double tolerance);

}  // namespace flowresil
