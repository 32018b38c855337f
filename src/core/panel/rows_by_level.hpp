// Where the rows of each level stand.
#pragma once

#include <algorithm>
#include <vector>

#include <Eigen/Core>

#include "panel/sample.hpp"

namespace flowresil {

// Where the rows of each level of a grouping stand, in row order.
class RowsByLevel {
 public:
  // Codes must lie in 0 .. n_levels - 1.
  RowsByLevel(const Effect& grouping, Eigen::Index n_rows)
      : begin_(static_cast<std::size_t>(grouping.n_levels) + 1, 0), rows_(static_cast<std::size_t>(n_rows)) {
    for (Eigen::Index i = 0; i < n_rows; ++i)
      ++begin_[static_cast<std::size_t>(grouping.codes[i]) + 1];
    for (std::size_t level = 1; level < begin_.size(); ++level)
      begin_[level] += begin_[level - 1];
    std::vector<Eigen::Index> next(begin_.begin(), begin_.end() - 1);
    for (Eigen::Index i = 0; i < n_rows; ++i) {
      const std::size_t level = static_cast<std::size_t>(grouping.codes[i]);
      rows_[static_cast<std::size_t>(next[level]++)] = static_cast<int>(i);
    }
  }

  Eigen::Index n_levels() const { return static_cast<Eigen::Index>(begin_.size()) - 1; }
  Eigen::Index size(Eigen::Index level) const { return begin(level + 1) - begin(level); }
  const int* rows(Eigen::Index level) const { return rows_.data() + begin(level); }

  // Puts the rows of each level in another order.
  template <class Before>
  void sort(const Before& before) {
    for (Eigen::Index level = 0; level < n_levels(); ++level)
      std::sort(rows_.begin() + begin(level), rows_.begin() + begin(level + 1), before);
  }

 private:
  Eigen::Index begin(Eigen::Index level) const { return begin_[static_cast<std::size_t>(level)]; }

  std::vector<Eigen::Index> begin_;
  std::vector<int> rows_;
};

}  // namespace flowresil
