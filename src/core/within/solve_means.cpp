// Effects that means solve: one effect, and two of a balanced panel.
#include <utility>

#include "within/solvers.hpp"

namespace flowresil {

using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;

namespace {

class Means : public EffectSolver {
 public:
  explicit Means(SolverStart start) : start_(std::move(start)) {}
  Method method() const override { return Method::means; }
  void add_solution(const LevelSums& sums, const VectorXd&, WithinSolution& solution) const override {
    solution.levels[0] += sums[0] * start_.level_weights[0].cwiseInverse().asDiagonal();
  }

 private:
  SolverStart start_;
};

class Balanced : public EffectSolver {
 public:
  explicit Balanced(SolverStart start) : start_(std::move(start)) {}
  Method method() const override { return Method::balanced; }
  void add_solution(const LevelSums& sums, const VectorXd&, WithinSolution& solution) const override {
    const std::size_t larger = start_.larger;
    const std::size_t smaller = start_.smaller;
    const double n_larger = static_cast<double>(start_.sample.effects[larger].n_levels);
    const double n_smaller = static_cast<double>(start_.sample.effects[smaller].n_levels);
    const VectorXd grand_mean = sums[smaller].rowwise().sum() / (n_larger * n_smaller);
    solution.levels[larger] += sums[larger] / n_smaller;
    solution.levels[smaller] += (sums[smaller] / n_larger).colwise() - grand_mean;
  }

 private:
  SolverStart start_;
};

}  // namespace

std::unique_ptr<EffectSolver> solve_by_means(SolverStart start) {
  return std::make_unique<Means>(std::move(start));
}

std::unique_ptr<EffectSolver> solve_balanced(SolverStart start) {
  return std::make_unique<Balanced>(std::move(start));
}

}  // namespace flowresil
