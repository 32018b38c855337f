// Two effects solved without iteration: the larger is eliminated, the smaller solved by its own system.
#include <algorithm>
#include <utility>

#include "base/parallel.hpp"
#include "panel/row_order.hpp"
#include "within/small_system.hpp"
#include "within/solvers.hpp"

namespace flowresil {

using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;

namespace {

// Adds what the larger effect's level with rows first .. last - 1 puts between the smaller levels it joins:
// w_s w_t / W for each pair s < t, into the upper triangle.
void add_level_pairs(const RowOrder& rows, Index first, Index last, double total, VectorXd& dense,
                     MatrixXd& pairs) {
  const Index n_smaller = pairs.rows();
  const Index count = last - first;
  const int* codes = rows.codes(0);
  if (count > n_smaller) {  // many rows a pair: gather them first
    dense.setZero();
    for (Index r = first; r < last; ++r)
      dense[codes[r]] += rows.weight(r);
    for (Index t = 1; t < n_smaller; ++t) {
      if (dense[t] <= 0.0) continue;
      pairs.col(t).head(t) += dense.head(t) * (dense[t] / total);
    }
    return;
  }
  const double share_of_one = 1.0 / total;
  for (Index r = first + 1; r < last; ++r) {
    const int code = codes[r];
    const double share = rows.weight(r) * share_of_one;
    for (Index s = first; s < r; ++s) {  // no branch on the order: shuffled rows would mispredict it
      const int other = codes[s];
      pairs(std::min(code, other), std::max(code, other)) += share * rows.weight(s);
    }
  }
}

class Direct : public EffectSolver {
 public:
  explicit Direct(SolverStart start)
      : start_(std::move(start)),
        rows_(start_.sample, start_.larger),
        n_larger_(start_.sample.effects[start_.larger].n_levels),
        n_smaller_(start_.sample.effects[start_.smaller].n_levels),
        system_(sum_pairs(), start_.level_weights[start_.smaller]) {}

  Method method() const override { return Method::direct; }
  bool is_ill_conditioned() const override { return system_.is_ill_conditioned(); }
  void add_solution(const LevelSums& sums, const VectorXd& norms, WithinSolution& solution) const override;

 private:
  MatrixXd sum_pairs() const;
  MatrixXd sums_left(const MatrixXd& means, const MatrixXd& sums) const;
  template <class Each>
  void for_level_pieces(const Each& each) const;

  SolverStart start_;
  RowOrder rows_;  // by level of the larger effect
  Index n_larger_;
  Index n_smaller_;
  SmallSystem system_;
};

// w_s w_t / W over the larger effect's levels, for each pair of smaller levels that they join. Fixed pieces
// of levels, fewer where their tables would take memory.
MatrixXd Direct::sum_pairs() const {
  const VectorXd& totals = start_.level_weights[start_.larger];
  const Index n_pieces = std::min<Index>(n_smaller_ <= 128   ? 16
                                         : n_smaller_ <= 512 ? 4
                                                             : 1,
                                         count_pieces(n_larger_, 64));
  const Index piece_levels = count_pieces(n_larger_, n_pieces);
  std::vector<MatrixXd> pairs(static_cast<std::size_t>(n_pieces));
  for_pieces(n_pieces, start_.options.threads, [&](Index piece) {
    MatrixXd& mine = pairs[static_cast<std::size_t>(piece)];
    mine = MatrixXd::Zero(n_smaller_, n_smaller_);
    VectorXd dense(n_smaller_);
    const Index end = std::min((piece + 1) * piece_levels, n_larger_);
    for (Index level = piece * piece_levels; level < end; ++level)
      add_level_pairs(rows_, rows_.begin(level), rows_.begin(level + 1), totals[level], dense, mine);
  });
  MatrixXd joined = pairs[0];
  for (std::size_t piece = 1; piece < pairs.size(); ++piece)
    joined += pairs[piece];
  return joined;
}

// Calls each(piece, first level, last level + 1) for fixed pieces of the larger effect's levels.
template <class Each>
void Direct::for_level_pieces(const Each& each) const {
  const Index n_pieces = std::min<Index>(16, count_pieces(n_larger_, 64));
  const Index piece_levels = count_pieces(n_larger_, n_pieces);
  for_pieces(n_pieces, start_.options.threads, [&](Index piece) {
    each(piece, piece * piece_levels, std::min((piece + 1) * piece_levels, n_larger_));
  });
}

// What the smaller levels' sums keep once the larger effect's means are taken out; pieces in order.
MatrixXd Direct::sums_left(const MatrixXd& means, const MatrixXd& sums) const {
  const Index m = sums.rows();
  const int* codes = rows_.codes(0);
  std::vector<MatrixXd> taken(static_cast<std::size_t>(std::min<Index>(16, count_pieces(n_larger_, 64))));
  for_level_pieces([&](Index piece, Index first, Index last) {
    MatrixXd& mine = taken[static_cast<std::size_t>(piece)];
    mine = MatrixXd::Zero(m, n_smaller_);
    for (Index level = first; level < last; ++level) {
      const double* mean = &means(0, level);
      for (Index r = rows_.begin(level); r < rows_.begin(level + 1); ++r) {
        double* target = &mine(0, codes[r]);
        const double weight = rows_.weight(r);
        for (Index c = 0; c < m; ++c)
          target[c] += mean[c] * weight;
      }
    }
  });
  MatrixXd left = sums;
  for (const MatrixXd& piece : taken)
    left -= piece;
  return left;
}

void Direct::add_solution(const LevelSums& sums, const VectorXd&, WithinSolution& solution) const {
  const VectorXd& totals = start_.level_weights[start_.larger];
  const int* codes = rows_.codes(0);
  const Index m = sums[0].rows();
  const MatrixXd means = sums[start_.larger] * totals.cwiseInverse().asDiagonal();
  const MatrixXd smaller = system_.solve(sums_left(means, sums[start_.smaller]));
  MatrixXd& larger_solution = solution.levels[start_.larger];
  for_level_pieces([&](Index, Index first, Index last) {
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
