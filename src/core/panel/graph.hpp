// What the levels of effects say of each other: nesting, connection, rank.
#pragma once

#include <vector>

#include <Eigen/Core>

#include "panel/sample.hpp"

namespace flowresil {

// Does every level of `inner` lie inside one level of `outer`? O(n), ends at the first row that says no.
bool is_nested(const Effect& inner, const Effect& outer, Eigen::Index n_rows);

// The connected components of two effects' levels, joined by the rows.
struct Components {
  Eigen::Index count = 0;
  std::vector<int> first;   // component of each level of the first effect, numbered by its levels in order
  std::vector<int> second;  // and of the second
};
Components connected_components(const Effect& first, const Effect& second, Eigen::Index n_rows);

// Number of rows by level.
std::vector<Eigen::Index> count_levels(const Effect& effect, Eigen::Index n_rows);

// Levels that stand in one row only.
std::vector<int> single_row_levels(const Effect& effect, Eigen::Index n_rows);

// Rank of the dummies of all effects, by elimination of the largest effect and a pivoted factor of what it
// leaves of the others. O(n + L^3) for L levels of the others.
double dummy_rank(const Sample& sample);

}  // namespace flowresil
