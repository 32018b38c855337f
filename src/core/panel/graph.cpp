#include "panel/graph.hpp"

#include <algorithm>
#include <limits>
#include <numeric>

#include <Eigen/QR>

#include "base/contract.hpp"

namespace flowresil {

using Eigen::Index;

namespace {

int root_of(std::vector<int>& parent, int node) {
  while (parent[static_cast<std::size_t>(node)] != node) {
    int& up = parent[static_cast<std::size_t>(node)];
    up = parent[static_cast<std::size_t>(up)];
    node = up;
  }
  return node;
}

}  // namespace

bool is_nested(const Effect& inner, const Effect& outer, Index n_rows) {
  if (inner.codes == outer.codes) return true;
  std::vector<int> home(static_cast<std::size_t>(inner.n_levels), -1);
  for (Index i = 0; i < n_rows; ++i) {
    require(inner.codes[i] >= 0 && inner.codes[i] < inner.n_levels, "codes must lie in 0 .. levels - 1");
    int& place = home[static_cast<std::size_t>(inner.codes[i])];
    if (place < 0) place = outer.codes[i];
    if (place != outer.codes[i]) return false;
  }
  return true;
}

Components connected_components(const Effect& first, const Effect& second, Index n_rows) {
  const Index n_first = first.n_levels;
  const Index n_nodes = n_first + second.n_levels;
  require(n_nodes < std::numeric_limits<int>::max(), "levels must fit an int");
  std::vector<int> parent(static_cast<std::size_t>(n_nodes));
  std::iota(parent.begin(), parent.end(), 0);
  for (Index i = 0; i < n_rows; ++i) {
    require(first.codes[i] >= 0 && first.codes[i] < n_first && second.codes[i] >= 0 &&
                second.codes[i] < second.n_levels,
            "codes must lie in 0 .. levels - 1");
    const int a = root_of(parent, first.codes[i]);
    const int b = root_of(parent, static_cast<int>(n_first) + second.codes[i]);
    if (a != b) parent[static_cast<std::size_t>(std::max(a, b))] = std::min(a, b);
  }
  Components components;
  std::vector<int> label(static_cast<std::size_t>(n_nodes), -1);
  for (Index node = 0; node < n_nodes; ++node) {
    int& of_root = label[static_cast<std::size_t>(root_of(parent, static_cast<int>(node)))];
    if (of_root < 0) of_root = static_cast<int>(components.count++);
    (node < n_first ? components.first : components.second).push_back(of_root);
  }
  return components;
}

std::vector<Index> count_levels(const Effect& effect, Index n_rows) {
  std::vector<Index> count(static_cast<std::size_t>(effect.n_levels), 0);
  for (Index i = 0; i < n_rows; ++i) {
    require(effect.codes[i] >= 0 && effect.codes[i] < effect.n_levels, "codes must lie in 0 .. levels - 1");
    ++count[static_cast<std::size_t>(effect.codes[i])];
  }
  return count;
}

std::vector<int> single_row_levels(const Effect& effect, Index n_rows) {
  std::vector<int> single;
  const std::vector<Index> count = count_levels(effect, n_rows);
  for (std::size_t level = 0; level < count.size(); ++level) {
    if (count[level] == 1) single.push_back(static_cast<int>(level));
  }
  return single;
}

double dummy_rank(const Sample& sample) {
  check_sample(sample);
  require(!sample.effects.empty(), "there must be an effect");
  std::size_t larger = 0;
  for (std::size_t j = 1; j < sample.effects.size(); ++j) {
    if (sample.effects[j].n_levels > sample.effects[larger].n_levels) larger = j;
  }
  const Effect& by = sample.effects[larger];
  const std::vector<Index> total = count_levels(by, sample.n_rows);
  std::vector<Index> offset;
  std::vector<const int*> codes;
  Index n_others = 0;
  for (std::size_t j = 0; j < sample.effects.size(); ++j) {
    if (j == larger) continue;
    offset.push_back(n_others);
    codes.push_back(sample.effects[j].codes);
    n_others += sample.effects[j].n_levels;
  }
  if (n_others == 0) return static_cast<double>(by.n_levels);
  // The others' cross-products, less what the larger effect explains: count by (level, other) cell.
  Eigen::MatrixXd products = Eigen::MatrixXd::Zero(n_others, n_others);
  Eigen::MatrixXd cells = Eigen::MatrixXd::Zero(n_others, by.n_levels);
  for (Index i = 0; i < sample.n_rows; ++i) {
    for (std::size_t a = 0; a < codes.size(); ++a) {
      const Index row = offset[a] + codes[a][i];
      cells(row, by.codes[i]) += 1.0;
      for (std::size_t b = 0; b < codes.size(); ++b)
        products(row, offset[b] + codes[b][i]) += 1.0;
    }
  }
  for (Index level = 0; level < by.n_levels; ++level) {
    products -= cells.col(level) * cells.col(level).transpose() /
                static_cast<double>(total[static_cast<std::size_t>(level)]);
  }
  Eigen::ColPivHouseholderQR<Eigen::MatrixXd> factor(products);
  factor.setThreshold(1e-10);
  return static_cast<double>(by.n_levels) + static_cast<double>(factor.rank());
}

}  // namespace flowresil
