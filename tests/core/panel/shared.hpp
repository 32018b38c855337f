// What the tests of this folder share.
#pragma once

#include <cmath>
#include <limits>
#include <map>
#include <set>
#include "base/contract.hpp"
#include "check.hpp"
#include "panel/graph.hpp"
#include "panel/groups.hpp"
#include "reference.hpp"

namespace panel_tests {

using Eigen::Index;
using flowresil::Components;
using flowresil::connected_components;
using flowresil::ContractViolation;
using flowresil::Effect;
using flowresil::group_integers;
using flowresil::group_keys;
using flowresil::group_long_integers;
using flowresil::group_reals;
using flowresil::LevelValues;
using reference::Panel;

constexpr int missing = std::numeric_limits<int>::min();
inline const double infinity = std::numeric_limits<double>::infinity();

inline LevelValues<int> integers(const std::vector<int>& x, std::vector<int>& codes) {
  codes.assign(x.size(), -7);
  return group_integers(x.data(), static_cast<Index>(x.size()), missing, codes.data());
}

inline LevelValues<double> reals(const std::vector<double>& x, std::vector<int>& codes) {
  codes.assign(x.size(), -7);
  return group_reals(x.data(), static_cast<Index>(x.size()), codes.data());
}

inline Effect effect(const std::vector<int>& codes, Index n_levels) {
  return {codes.data(), n_levels};
}

// Component of each level by spreading labels until nothing changes: the smallest node joined.
inline std::vector<Index> spread_labels(const Panel& panel) {
  const Index n_first = panel.n_levels[0];
  std::vector<Index> label(static_cast<std::size_t>(n_first + panel.n_levels[1]));
  for (std::size_t i = 0; i < label.size(); ++i)
    label[i] = static_cast<Index>(i);
  for (bool changed = true; changed;) {
    changed = false;
    for (std::size_t i = 0; i < panel.codes[0].size(); ++i) {
      Index& a = label[static_cast<std::size_t>(panel.codes[0][i])];
      Index& b = label[static_cast<std::size_t>(n_first + panel.codes[1][i])];
      if (a == b) continue;
      a = b = std::min(a, b);
      changed = true;
    }
  }
  return label;
}

}  // namespace panel_tests
