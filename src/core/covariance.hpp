// Variance of the coefficients: scores by row or cluster, and the small-sample corrections by name.
#pragma once

#include <string>
#include <vector>

#include <Eigen/Core>

#include "core/sample.hpp"
#include "core/within.hpp"

namespace flowresil {

// What the scores are made of. Each is a combination of the demeaned columns times the weighted residual;
// rows, or sums by cluster, are turned before products are taken: in an orthonormal basis these do not square
// the condition of the columns. A turn by cluster costs nothing beside the pass over rows, but only a
// combination by row saves the digits of columns that are nearly equal.
struct ScoreColumns {
  Eigen::MatrixXd combination;  // n_columns x n_scores (without the constant's)
  // The residual: the columns times `residual` (n_columns: 1 at the outcome) less the scores' columns times
  // `along` (n_scores). Fitted values out of orthonormal columns do not cancel as those of nearly equal ones
  // do.
  Eigen::VectorXd residual;
  Eigen::VectorXd along;
  Eigen::VectorXd offset;  // n_scores and the outcome's: taken off their columns first; empty: nothing
  Eigen::MatrixXd turn;    // square, one row and column a score, the constant's last
  bool constant = false;   // one more score, last: the residual times `constant_column`
  const double* constant_column = nullptr;  // n_rows; null: all one
};

// Sum over rows of (w e)^2 z z' for the score columns z (HC), or over clusters of the sums of w e z (cluster
// given). Rows go in slabs, sums in row order: the same bits for any number of threads.
// Throws ContractViolation. O(n_rows k^2 by row, n_rows k + clusters k^2 by cluster, for a combination that
// selects).
Eigen::MatrixXd score_squares(const Sample& sample, const WithinSolution& solution,
                              const ScoreColumns& scores, const Effect* cluster, int threads);

// Residuals of the demeaned outcome, out of `combination`, `residual` and `along`.
// Throws ContractViolation. O(n_rows n_columns^2).
Eigen::VectorXd within_residuals(const Sample& sample, const WithinSolution& solution,
                                 const ScoreColumns& scores, int threads);

enum class Variance { iid, hc0, hc1, cluster };

// Whose small-sample convention.
enum class Correction { fixest, reghdfe, dummies, plm, none };

// By name: "iid", "HC0", "HC1", "cluster"; "fixest", "reghdfe", "dummies", "plm", "none".
// Throw ContractViolation on any other.
Variance variance_named(const std::string& name);
Correction correction_named(const std::string& name);

// What a correction counts. All of the estimation sample.
struct SampleCounts {
  double n_rows = 0;
  double n_slopes = 0;           // k, kept, without constants
  std::vector<double> n_levels;  // by effect
  std::vector<bool> nested;      // by effect: inside the cluster?
  double n_redundant = 0;        // levels that the others determine: connected components for two effects
  bool constant = false;         // no effects, but an intercept
  double n_clusters = 0;
};

// The factor on the sandwich (or, iid, the divisor of the residual squares as 1 / divisor), and the degrees
// of freedom of the t distribution.
struct SmallSample {
  double n_parameters = 0;  // K
  double factor = 1.0;
  double degrees_of_freedom = 0.0;
};

// K = k + sum L_j - (J - 1) for fixest, plm and none; k + sum L_j - redundant for reghdfe and dummies;
// k + 1 without effects. iid 1 / (n - K), HC1 n / (n - K) (plm: n / (n - k)), HC0 1,
// cluster G/(G-1) (n-1)/(n-Kc) with Kc = K less (L_j - 1) for nested effects (fixest, reghdfe), K (dummies),
// k (plm); none: 1, iid 1 / n. t(n - K), clusters t(G - 1).
// Throws ContractViolation where counts are impossible (no residual degrees of freedom, one cluster).
SmallSample small_sample(Variance variance, Correction correction, const SampleCounts& counts);

}  // namespace flowresil
