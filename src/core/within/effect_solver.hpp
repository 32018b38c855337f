// One way of solving effects: the interface, the only place that chooses among the ways, and the within
// transformation that uses it.
#pragma once

#include <memory>
#include <vector>

#include <Eigen/Core>

#include "panel/sample.hpp"
#include "within/level_sums.hpp"
#include "within/solution.hpp"

namespace flowresil {

// Solves D'WD theta = sums for the effects of a sample, prepared once, used for several right-hand sides. Of
// the sample it uses codes and weights: rows may as well be cells, pairs of levels with their summed weights.
class EffectSolver {
 public:
  virtual ~EffectSolver() = default;
  virtual Method method() const = 0;

  // Adds the solution for `sums` to `solution.levels` and keeps convergence there. `norms` are the columns'
  // norms (n_columns; iterative method only, the scale of the tolerance).
  virtual void add_solution(const LevelSums& sums, const Eigen::VectorXd& norms,
                            WithinSolution& solution) const = 0;

  // Is the system so ill conditioned that a solution should be refined?
  virtual bool is_ill_conditioned() const { return false; }
};

// The way for a sample with effects. It must outlive the solver. Throws ContractViolation where the sample
// breaks its contract. O(n), and for the direct method O(sum of squared distinct smaller levels by larger
// level + T^3) for T levels of the smaller effect.
std::unique_ptr<EffectSolver> make_effect_solver(const Sample& sample, const WithinOptions& options);

// The within transformation of a sample, with or without effects.
class WithinSolver {
 public:
  // Throws ContractViolation. Costs what make_effect_solver() does.
  WithinSolver(const Sample& sample, const WithinOptions& options);

  // Effects' coefficients of every column of the sample, the columns taken less `shift` (n_columns, any
  // values near their means, which keep the digits of a column with a large level). O(n_rows n_columns).
  WithinSolution solve(const Eigen::VectorXd& shift) const;

  // Solves again for what a solution leaves in the sums by level, and adds that: a column that loses nearly
  // all of its spread to the effects gets its digits back. O(n_rows n_columns).
  void refine(WithinSolution& solution) const;

  void add_solution(const LevelSums& sums, const Eigen::VectorXd& norms, WithinSolution& solution) const;
  bool is_ill_conditioned() const { return effects_ && effects_->is_ill_conditioned(); }
  Method method() const { return method_; }

 private:
  void check_interrupt() const;

  const Sample& sample_;
  WithinOptions options_;
  Method method_;
  std::unique_ptr<EffectSolver> effects_;  // none where there are no effects
};

}  // namespace flowresil
