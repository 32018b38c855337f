#include "within/effect_solver.hpp"

#include <utility>

#include "base/contract.hpp"
#include "panel/columns.hpp"
#include "within/solvers.hpp"

namespace flowresil {

using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;

namespace {

// Does every pair of levels stand in exactly one row?
bool is_balanced(const Sample& sample, const Effect& larger, const Effect& smaller) {
  const Index n = sample.n_rows;
  if (n != larger.n_levels * smaller.n_levels) return false;
  // The common case, sorted by the larger and then the smaller effect, needs no memory.
  bool in_order = true;
  for (Index i = 1; i < n && in_order; ++i) {
    in_order = larger.codes[i] > larger.codes[i - 1] ||
               (larger.codes[i] == larger.codes[i - 1] && smaller.codes[i] > smaller.codes[i - 1]);
  }
  if (in_order) return true;  // n strictly increasing pairs out of n possible ones
  std::vector<bool> seen(static_cast<std::size_t>(n), false);
  for (Index i = 0; i < n; ++i) {
    const std::size_t cell = static_cast<std::size_t>(larger.codes[i] * smaller.n_levels + smaller.codes[i]);
    if (seen[cell]) return false;
    seen[cell] = true;
  }
  return true;
}

}  // namespace

std::unique_ptr<EffectSolver> make_effect_solver(const Sample& sample, const WithinOptions& options) {
  check_sample(sample);
  const std::vector<Effect>& effects = sample.effects;
  require(!effects.empty(), "there must be an effect");
  SolverStart start{sample, options, sum_weights(sample)};
  start.options.threads = threads_for(sample, options.threads);
  for (std::size_t j = 1; j < effects.size(); ++j) {
    if (effects[j].n_levels > effects[start.larger].n_levels) start.larger = j;
  }
  if (effects.size() == 1) return solve_by_means(std::move(start));
  if (effects.size() > 2) return solve_by_iteration(std::move(start));
  start.smaller = 1 - start.larger;
  const Effect& larger = effects[start.larger];
  const Effect& smaller = effects[start.smaller];
  if (!sample.weights && is_balanced(sample, larger, smaller)) return solve_balanced(std::move(start));
  if (smaller.n_levels <= options.direct_limit) return solve_directly(std::move(start));
  return solve_by_iteration(std::move(start));
}

WithinSolver::WithinSolver(const Sample& sample, const WithinOptions& options)
    : sample_(sample), options_(options), method_(sample.centre ? Method::centred : Method::none) {
  options_.threads = threads_for(sample, options.threads);
  if (sample.effects.empty()) {
    check_sample(sample);
    return;
  }
  effects_ = make_effect_solver(sample, options);
  method_ = effects_->method();
}

void WithinSolver::add_solution(const LevelSums& sums, const VectorXd& norms,
                                WithinSolution& solution) const {
  require(sums.size() == sample_.effects.size() && solution.levels.size() == sums.size(),
          "there must be a table of sums and of coefficients for each effect");
  if (effects_) effects_->add_solution(sums, norms, solution);
}

WithinSolution WithinSolver::solve(const VectorXd& shift) const {
  const Index m = sample_.n_columns();
  require(m > 0 && shift.size() == m && shift.allFinite(), "there must be a finite shift for each column");
  WithinSolution solution;
  solution.method = method_;
  solution.shift = shift;
  if (method_ == Method::none) {
    solution.shift.setZero();
  } else if (method_ == Method::centred) {
    solution.rest = weighted_means(sample_, shift, VectorXd::Zero(m), options_.threads);
  } else {
    for (const Effect& effect : sample_.effects)
      solution.levels.push_back(MatrixXd::Zero(m, effect.n_levels));
    const VectorXd norms =
        method_ == Method::iterative ? column_norms(sample_, shift) : VectorXd(VectorXd::Zero(m));
    add_solution(sum_columns(sample_, shift, options_.threads), norms, solution);
  }
  check_interrupt();
  return solution;
}

void WithinSolver::refine(WithinSolution& solution) const {
  if (method_ == Method::none) return;
  if (method_ == Method::centred) {
    solution.rest += weighted_means(sample_, solution.shift, solution.rest, options_.threads);
    return;
  }
  VectorXd norms = VectorXd::Zero(sample_.n_columns());
  const LevelSums sums = sum_demeaned(sample_, solution, options_.threads, norms);
  add_solution(sums, norms, solution);
  check_interrupt();
}

void WithinSolver::check_interrupt() const {
  if (options_.interrupted && options_.interrupted()) throw Interruption();
}

}  // namespace flowresil
