#include "variance/level_removal.hpp"

#include <algorithm>
#include <numeric>

namespace flowresil {

using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;

namespace {

void meet_levels(const LevelSystem& system, const std::vector<int>& codes, const std::vector<Index>& order,
                 RemovalSpace& space, Removal& found) {
  int last = -1;
  for (Index i : order) {
    const int level = codes[static_cast<std::size_t>(i)];
    if (level == last) continue;
    last = level;
    system.sum_level(level, space.all);
    for (Index other : space.all.levels()) {
      if (space.place[static_cast<std::size_t>(other)] >= 0) continue;
      space.place[static_cast<std::size_t>(other)] = static_cast<Index>(found.levels.size());
      found.levels.push_back(other);
    }
  }
}

void remove_row(const LevelSystem& system, const ClusterBlock& block, Index i,
                const Eigen::RowVectorXd& weighted, RemovalSpace& space, Removal& found) {
  for (std::size_t a = 0; a < system.others().size(); ++a) {
    const Index level = system.first(a) + block.codes[system.others()[a]][static_cast<std::size_t>(i)];
    space.here.add(level, block.weights[i]);
    const Index at = space.place[static_cast<std::size_t>(level)];
    found.sides.row(at) -= weighted;
    for (std::size_t b = 0; b < system.others().size(); ++b) {
      const Index other = system.first(b) + block.codes[system.others()[b]][static_cast<std::size_t>(i)];
      found.system(at, space.place[static_cast<std::size_t>(other)]) += block.weights[i];
    }
  }
}

// A level of the eliminated effect with `weight`, of which `left` is left; `sums` are those of v in the
// cluster.
void remove_level(const RemovalSpace& space, double weight, double left, const VectorXd& sums,
                  Removal& found) {
  for (Index a : space.all.levels()) {
    const Index at = space.place[static_cast<std::size_t>(a)];
    const double left_a = space.all[a] - space.here[a];
    if (left > 0) found.sides.row(at) += (left_a / left) * sums.transpose();
    for (Index b : space.all.levels()) {
      double change = -space.all[a] * space.all[b] / weight;
      if (left > 0) change += left_a * (space.all[b] - space.here[b]) / left;
      found.system(at, space.place[static_cast<std::size_t>(b)]) += change;
    }
  }
  if (left > 0) found.products -= sums * sums.transpose() / left;
}

}  // namespace

Removal remove_cluster(const LevelSystem& system, const ClusterBlock& block, const MatrixXd& v,
                       RemovalSpace& space) {
  const Index n = block.n();
  Removal found;
  const MatrixXd weighted = block.weights.asDiagonal() * v;
  found.products = -(v.transpose() * weighted);
  if (!system.eliminates()) return found;
  const bool is_alone = system.sample().effects.empty();
  const std::vector<int> one_level(is_alone ? static_cast<std::size_t>(n) : 0, 0);
  const std::vector<int>& codes = is_alone ? one_level : block.codes[system.eliminated()];
  std::vector<Index> order(static_cast<std::size_t>(n));
  std::iota(order.begin(), order.end(), Index{0});
  std::stable_sort(order.begin(), order.end(), [&](Index a, Index b) {
    return codes[static_cast<std::size_t>(a)] < codes[static_cast<std::size_t>(b)];
  });
  if (system.n_levels() > 0) meet_levels(system, codes, order, space, found);
  found.system.setZero(static_cast<Index>(found.levels.size()), static_cast<Index>(found.levels.size()));
  found.sides.setZero(found.system.rows(), v.cols());
  for (std::size_t start = 0, stop; start < order.size(); start = stop) {
    const Index level = codes[static_cast<std::size_t>(order[start])];
    VectorXd sums = VectorXd::Zero(v.cols());
    double weight_here = 0;
    space.here.clear();
    for (stop = start; stop < order.size(); ++stop) {
      const Index i = order[stop];
      if (codes[static_cast<std::size_t>(i)] != level) break;
      sums += weighted.row(i).transpose();
      weight_here += block.weights[i];
      remove_row(system, block, i, weighted.row(i), space, found);
    }
    const bool gone = static_cast<Index>(stop - start) == system.rows().size(level);
    if (system.n_levels() > 0) system.sum_level(level, space.all);
    remove_level(space, system.weight(level), gone ? 0.0 : system.weight(level) - weight_here, sums, found);
  }
  for (Index level : found.levels)
    space.place[static_cast<std::size_t>(level)] = -1;
  return found;
}

}  // namespace flowresil
