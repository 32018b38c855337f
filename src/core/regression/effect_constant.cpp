#include "regression/effect_constant.hpp"

#include <cmath>

#include "base/contract.hpp"
#include "panel/columns.hpp"
#include "within/effect_solver.hpp"

namespace flowresil {

using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;

namespace {

// g_i = (D v)_i.
VectorXd sum_of_effects(const Sample& sample, const WithinSolution& solution) {
  VectorXd sum = VectorXd::Zero(sample.n_rows);
  for (std::size_t j = 0; j < sample.effects.size(); ++j) {
    for (Index i = 0; i < sample.n_rows; ++i)
      sum[i] += solution.levels[j](0, sample.effects[j].codes[i]);
  }
  return sum;
}

// What is left of the wanted sums, and its size: by level, each in the scale of its weight.
double subtract_sums(const Sample& sample, const VectorXd& g, const std::vector<VectorXd>& level_weights,
                     LevelSums& left) {
  double size = 0.0;
  for (std::size_t j = 0; j < sample.effects.size(); ++j) {
    for (Index i = 0; i < sample.n_rows; ++i)
      left[j](0, sample.effects[j].codes[i]) -= sample.weight(i) * g[i];
    size += left[j].row(0).cwiseAbs2().transpose().cwiseQuotient(level_weights[j]).sum();
  }
  return std::sqrt(size);
}

}  // namespace

Functional effect_functional(const Sample& sample, const std::vector<int>& base,
                             const WithinOptions& options) {
  require(base.size() == sample.effects.size(), "there must be a base level for each effect");
  Functional functional;
  if (sample.effects.empty()) {
    functional.value = 1.0 / total_weight(sample);
    functional.weights = VectorXd::Constant(sample.n_rows, functional.value);
    return functional;
  }
  Sample bare = sample;
  bare.columns.clear();
  const WithinSolver solver(bare, options);
  WithinSolution solution;
  LevelSums sums;
  for (std::size_t j = 0; j < sample.effects.size(); ++j) {
    require(base[j] >= 0 && base[j] < sample.effects[j].n_levels, "base levels must lie in 0 .. levels - 1");
    sums.push_back(MatrixXd::Zero(1, sample.effects[j].n_levels));
    sums.back()(0, base[j]) = 1.0;
    solution.levels.push_back(MatrixXd::Zero(1, sample.effects[j].n_levels));
  }
  // Solved again for what is left as long as that helps: the iteration's rule looks at the sum of all rows'
  // errors, to which rows of small weight, that the constant may hang on, hardly add.
  const std::vector<VectorXd> level_weights = sum_weights(sample);
  LevelSums left = sums;
  double size = subtract_sums(sample, VectorXd::Zero(sample.n_rows), level_weights, left);
  for (int round = 0; round < 8; ++round) {
    solver.add_solution(left, VectorXd::Constant(1, size), solution);
    functional.weights = sum_of_effects(sample, solution);
    left = sums;
    const double still = subtract_sums(sample, functional.weights, level_weights, left);
    if (!(still < 0.25 * size)) break;
    size = still;
  }
  functional.converged = solution.converged;
  for (std::size_t j = 0; j < sample.effects.size(); ++j)
    functional.value += solution.levels[j](0, base[j]);
  return functional;
}

}  // namespace flowresil
