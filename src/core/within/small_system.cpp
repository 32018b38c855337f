#include "within/small_system.hpp"

#include "base/contract.hpp"

namespace flowresil {

using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;

namespace {

// Levels of the smaller effect less one of each connected component: the heaviest, which is held at zero.
std::vector<Index> ground_components(const MatrixXd& symmetric, const VectorXd& weights) {
  const Index n = symmetric.rows();
  std::vector<bool> seen(static_cast<std::size_t>(n), false);
  std::vector<bool> held(static_cast<std::size_t>(n), false);
  for (Index start = 0; start < n; ++start) {
    if (seen[static_cast<std::size_t>(start)]) continue;
    std::vector<Index> open{start};
    seen[static_cast<std::size_t>(start)] = true;
    Index heaviest = start;
    while (!open.empty()) {
      const Index level = open.back();
      open.pop_back();
      if (weights[level] > weights[heaviest]) heaviest = level;
      for (Index next = 0; next < n; ++next) {
        if (!seen[static_cast<std::size_t>(next)] && symmetric(next, level) > 0.0) {
          seen[static_cast<std::size_t>(next)] = true;
          open.push_back(next);
        }
      }
    }
    held[static_cast<std::size_t>(heaviest)] = true;
  }
  std::vector<Index> free_levels;
  for (Index level = 0; level < n; ++level) {
    if (!held[static_cast<std::size_t>(level)]) free_levels.push_back(level);
  }
  return free_levels;
}

}  // namespace

SmallSystem::SmallSystem(const MatrixXd& pairs, const VectorXd& weights) : n_levels_(pairs.rows()) {
  require(pairs.rows() == pairs.cols() && weights.size() == n_levels_,
          "there must be a weight for each level");
  MatrixXd joined =
      pairs.triangularView<Eigen::StrictlyUpper>();  // pairs of a level with itself do not count
  joined += MatrixXd(joined.transpose());
  require(joined.allFinite() && joined.minCoeff() >= 0.0, "pairs must have weights of 0 or more");

  free_levels_ = ground_components(joined, weights);
  // Rows of a Laplacian sum to zero: the diagonal from its row has no cancellation.
  const VectorXd diagonal = joined.rowwise().sum();
  const Index n_free = static_cast<Index>(free_levels_.size());
  MatrixXd laplacian(n_free, n_free);
  for (Index b = 0; b < n_free; ++b) {
    const Index column = free_levels_[static_cast<std::size_t>(b)];
    for (Index a = 0; a < n_free; ++a)
      laplacian(a, b) = -joined(free_levels_[static_cast<std::size_t>(a)], column);
    laplacian(b, b) = diagonal[column];
  }
  if (n_free == 0) return;
  cholesky_.compute(laplacian);
  use_pivoted_ = cholesky_.info() != Eigen::Success;
  if (use_pivoted_) pivoted_.compute(laplacian);
  ill_conditioned_ = use_pivoted_ || cholesky_.rcond() < 1e-6;
}

MatrixXd SmallSystem::solve(const MatrixXd& left) const {
  require(left.cols() == n_levels_, "there must be a sum for each level");
  const Index m = left.rows();
  MatrixXd solution = MatrixXd::Zero(m, n_levels_);
  const Index n_free = static_cast<Index>(free_levels_.size());
  if (n_free == 0) return solution;
  MatrixXd right(n_free, m);
  for (Index a = 0; a < n_free; ++a)
    right.row(a) = left.col(free_levels_[static_cast<std::size_t>(a)]);
  MatrixXd solved;
  if (use_pivoted_) {
    solved = pivoted_.solve(right);
  } else {
    solved = cholesky_.solve(right);
  }
  for (Index a = 0; a < n_free; ++a)
    solution.col(free_levels_[static_cast<std::size_t>(a)]) = solved.row(a);
  return solution;
}

}  // namespace flowresil
