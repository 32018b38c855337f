// Values to codes.
#pragma once

#include <cstdint>
#include <utility>
#include <vector>

#include <Eigen/Core>

#include "panel/sample.hpp"

namespace flowresil {

// The distinct values behind codes 0 .. values.size() - 1, increasing; `complete` is false (and nothing else
// is meant) where a value is missing.
template <class Value>
struct LevelValues {
  bool complete = true;
  std::vector<Value> values;
};

// Writes the code of each of the n values of `x` to `codes`, in increasing order of value.
// `missing` is the value that stands for a missing one. O(n) for a dense range, else hashed.
LevelValues<int> group_integers(const int* x, Eigen::Index n, int missing, int* codes);

// The same for doubles; NaN is missing, -0 equals 0.
LevelValues<double> group_reals(const double* x, Eigen::Index n, int* codes);

// The same for integers of 64 bits.
LevelValues<std::int64_t> group_long_integers(const std::int64_t* x, Eigen::Index n, std::int64_t missing,
                                              int* codes);

// The same for pairs (a[i], b[i]) of codes, 0 or more, a[i] first in the order; b[i] lies below `n_second`.
LevelValues<std::pair<int, int>> group_pairs(const int* a, const int* b, int n_second, Eigen::Index n,
                                             int* codes);

// Does a pair (first, second) stand in two rows? Throws ContractViolation where codes lie outside their
// levels. O(n), one integer a row.
bool pairs_repeat(const Effect& first, const Effect& second, Eigen::Index n);

// Codes of opaque keys in order of first appearance; `values` gives the row where each appeared first.
// `missing` is the key that stands for a missing value.
LevelValues<Eigen::Index> group_keys(const std::uint64_t* x, Eigen::Index n, std::uint64_t missing,
                                     int* codes);

// codes[i] = new_code[codes[i]].
void recode(int* codes, Eigen::Index n, const std::vector<int>& new_code);

}  // namespace flowresil
