// Sums by group of rows.
#pragma once

#include <limits>
#include <vector>

#include <Eigen/Core>

#include "base/contract.hpp"
#include "panel/sample.hpp"

namespace flowresil {

// Rows grouped by one code, or by several at once: groups are then all combinations of levels, those of the
// last part next to each other; some may have no row.
struct Grouping {
  std::vector<Effect> parts;

  // Throws ContractViolation where groups do not fit an int.
  Eigen::Index n_groups() const {
    require(!parts.empty(), "rows must be grouped by something");
    Eigen::Index n = 1;
    for (const Effect& part : parts) {
      n *= part.n_levels;
      require(n <= std::numeric_limits<int>::max(), "groups must fit an int");
    }
    return n;
  }
};

// An accumulator of sums by group, n_groups x n_values: values come column by column, in row order, so that
// the sums have the same bits whatever the blocks.
class GroupSums {
 public:
  GroupSums(Grouping grouping, Eigen::Index n_values)
      : sums(Eigen::MatrixXd::Zero(grouping.n_groups(), n_values)), grouping_(std::move(grouping)) {}

  // Rows begin .. begin + n - 1; values(i) is the one of row begin + i.
  template <class Values>
  void take(Eigen::Index column, Eigen::Index begin, Eigen::Index n, const Values& values) {
    const int* first = grouping_.parts[0].codes + begin;
    if (grouping_.parts.size() == 1) {
      add(column, n, values, [=](Eigen::Index i) { return first[i]; });
      return;
    }
    if (grouping_.parts.size() == 2) {
      const int* second = grouping_.parts[1].codes + begin;
      const int n_second = static_cast<int>(grouping_.parts[1].n_levels);
      add(column, n, values, [=](Eigen::Index i) { return first[i] * n_second + second[i]; });
      return;
    }
    add(column, n, values, [&](Eigen::Index i) {
      int code = 0;
      for (const Effect& part : grouping_.parts)
        code = code * static_cast<int>(part.n_levels) + part.codes[begin + i];
      return code;
    });
  }

  // Sums of rows that come after these.
  void join(const GroupSums& next) { sums += next.sums; }

  Eigen::MatrixXd sums;

 private:
  // Rows of one group that stand together are added up before the sum is written back.
  template <class Values, class Code>
  void add(Eigen::Index column, Eigen::Index n, const Values& values, const Code& code) {
    if (n == 0) return;
    double* target = sums.col(column).data();
    int open = code(0);
    double sum = target[open];
    for (Eigen::Index i = 0; i < n; ++i) {
      const int here = code(i);
      if (here != open) {
        target[open] = sum;
        open = here;
        sum = target[open];
      }
      sum += values(i);
    }
    target[open] = sum;
  }

  Grouping grouping_;
};

}  // namespace flowresil
