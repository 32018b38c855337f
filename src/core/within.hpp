// The within transformation. Effects are never subtracted from a stored copy: their coefficients are solved
// from sums by level, and rows are demeaned block by block where they are needed.
#pragma once

#include <string>
#include <vector>

#include <Eigen/Core>

#include "core/columns.hpp"
#include "core/sample.hpp"

namespace flowresil {

struct WithinOptions {
  int threads = 1;
  Eigen::Index direct_limit = 2000;  // two effects are solved directly up to so many levels of the smaller
  double tolerance = 1e-10;          // iterative: error of a demeaned column over its norm
  int max_iterations = 10000;
  Interrupted interrupted;
};

// Coefficients of the effects for every column: row i of column c, demeaned, is
// column[c][i] - shift[c] - rest[c] - sum over effects j of levels[j](c, code_j[i]).
struct WithinSolution {
  Eigen::VectorXd shift;  // n_columns
  // n_columns, without effects only: what the mean is beyond the shift. A sum of both would be rounded at the
  // size of the column's level.
  Eigen::VectorXd rest;
  std::vector<Eigen::MatrixXd> levels;  // one an effect: n_columns x n_levels, a level's values together
  std::string method;                   // "none", "centred", "means", "balanced", "direct" or "iterative"
  bool converged = true;
  int iterations = 0;         // the most that any column took
  double relative_error = 0;  // iterative: the estimate for the worst column
};

// Sums of one thing over rows, by level: one an effect, n_columns x n_levels.
using LevelSums = std::vector<Eigen::MatrixXd>;

// Solves D'WD theta = sums for the effects of a sample, prepared once, used for several right-hand sides.
class EffectSolver {
 public:
  // Throws ContractViolation where the sample breaks its contract. O(n), and for the direct method
  // O(sum of squared distinct smaller levels by larger level + T^3) for T levels of the smaller effect.
  EffectSolver(const Sample& sample, const WithinOptions& options);
  ~EffectSolver();
  EffectSolver(const EffectSolver&) = delete;
  EffectSolver& operator=(const EffectSolver&) = delete;

  // Effects' coefficients of every column of the sample, the columns taken less `shift` (n_columns, any
  // values near their means, which keep the digits of a column with a large level). O(n_rows n_columns).
  WithinSolution solve(const Eigen::VectorXd& shift) const;

  // Solves again for what a solution leaves in the sums by level, and adds that: a column that loses nearly
  // all of its spread to the effects gets its digits back. O(n_rows n_columns).
  void refine(WithinSolution& solution) const;

  // Adds the solution for `sums` to `solution.levels` and keeps convergence there. `norms` are the columns'
  // norms (n_columns; iterative method only, the scale of the tolerance).
  void add_solution(const LevelSums& sums, const Eigen::VectorXd& norms, WithinSolution& solution) const;

  // Is the direct system so ill conditioned that a solution should be refined?
  bool is_ill_conditioned() const { return ill_conditioned_; }
  const std::string& method() const { return method_; }

 private:
  struct Direct;
  void choose_method();
  void build_direct();
  void check_interrupt() const;
  void solve_balanced(const LevelSums& sums, WithinSolution& solution) const;
  void solve_direct(const LevelSums& sums, WithinSolution& solution) const;

  const Sample& sample_;
  WithinOptions options_;
  std::string method_;
  bool ill_conditioned_ = false;
  std::size_t larger_ = 0;   // which effect is eliminated
  std::size_t smaller_ = 0;  // direct and balanced: the other
  std::vector<Eigen::VectorXd> level_weights_;
  Direct* direct_ = nullptr;
};

// Writes the demeaned rows begin .. end - 1 to `out`, column c at out + c * stride.
void demean_rows(const Sample& sample, const WithinSolution& solution, Eigen::Index begin, Eigen::Index end,
                 double* out, Eigen::Index stride);

// The weights g of an estimable sum of effects, d'theta = sum of w g (y - x'b): g_i = (D v)_i with
// D'WD v = d, d one at one level of each effect (`base`) and zero elsewhere. `value` is d'v.
struct Functional {
  Eigen::VectorXd weights;  // n_rows
  double value = 0.0;
  bool converged = true;
};
Functional effect_functional(const Sample& sample, const std::vector<int>& base,
                             const WithinOptions& options);

}  // namespace flowresil
