// Two effects solved without iteration: the larger is eliminated, the smaller solved by its own system.
#include <utility>

#include "within/level_pairs.hpp"
#include "within/small_system.hpp"
#include "within/solvers.hpp"

namespace flowresil {

using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;

namespace {

class Direct : public EffectSolver {
 public:
  explicit Direct(SolverStart start)
      : start_(std::move(start)),
        rows_(start_.sample, start_.larger),
        system_(sum_level_pairs(rows_, start_.level_weights[start_.larger],
                                start_.sample.effects[start_.smaller].n_levels, start_.options.threads),
                start_.level_weights[start_.smaller]) {}

  Method method() const override { return Method::direct; }
  bool is_ill_conditioned() const override { return system_.is_ill_conditioned(); }
  void add_solution(const LevelSums& sums, const VectorXd& norms, WithinSolution& solution) const override;

 private:
  SolverStart start_;
  RowOrder rows_;  // by level of the larger effect
  SmallSystem system_;
};

void Direct::add_solution(const LevelSums& sums, const VectorXd&, WithinSolution& solution) const {
  const VectorXd& totals = start_.level_weights[start_.larger];
  const int threads = start_.options.threads;
  const int* codes = rows_.codes(0);
  const Index m = sums[0].rows();
  const MatrixXd means = sums[start_.larger] * totals.cwiseInverse().asDiagonal();
  const MatrixXd smaller = system_.solve(sums_without_means(rows_, means, sums[start_.smaller], threads));
  MatrixXd& larger_solution = solution.levels[start_.larger];
  for_level_pieces(totals.size(), threads, [&](Index, Index first, Index last) {
    VectorXd sum(m);
    for (Index level = first; level < last; ++level) {
      sum.setZero();
      for (Index r = rows_.begin(level); r < rows_.begin(level + 1); ++r) {
        const double* source = &smaller(0, codes[r]);
        const double weight = rows_.weight(r);
        for (Index c = 0; c < m; ++c)
          sum[c] += source[c] * weight;
      }
      larger_solution.col(level) += means.col(level) - sum / totals[level];
    }
  });
  solution.levels[start_.smaller] += smaller;
}

}  // namespace

std::unique_ptr<EffectSolver> solve_directly(SolverStart start) {
  return std::make_unique<Direct>(std::move(start));
}

}  // namespace flowresil
