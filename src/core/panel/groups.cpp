#include "panel/groups.hpp"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <limits>
#include <numeric>

#include "base/contract.hpp"
#include "panel/rows_by_level.hpp"

namespace flowresil {

namespace {

using Eigen::Index;

// An open-addressing table from 64-bit keys to codes in order of first appearance.
class KeyTable {
 public:
  KeyTable() { grow(1024); }

  int code_of(std::uint64_t key) {
    if (2 * (keys_.size() + 1) > slots_.size()) grow(2 * slots_.size());
    const std::size_t slot = find(key);
    if (slots_[slot] < 0) {
      require(keys_.size() < static_cast<std::size_t>(std::numeric_limits<int>::max()),
              "levels must fit an int");
      slots_[slot] = static_cast<int>(keys_.size());
      keys_.push_back(key);
    }
    return slots_[slot];
  }

  const std::vector<std::uint64_t>& keys() const { return keys_; }

 private:
  std::size_t find(std::uint64_t key) const {
    const std::size_t mask = slots_.size() - 1;
    std::uint64_t mixed = key;  // the finaliser of splitmix64
    mixed = (mixed ^ (mixed >> 30)) * 0xbf58476d1ce4e5b9ULL;
    mixed = (mixed ^ (mixed >> 27)) * 0x94d049bb133111ebULL;
    std::size_t slot = static_cast<std::size_t>(mixed ^ (mixed >> 31)) & mask;
    while (slots_[slot] >= 0 && keys_[static_cast<std::size_t>(slots_[slot])] != key)
      slot = (slot + 1) & mask;
    return slot;
  }

  void grow(std::size_t size) {
    slots_.assign(size, -1);
    for (std::size_t i = 0; i < keys_.size(); ++i)
      slots_[find(keys_[i])] = static_cast<int>(i);
  }

  std::vector<std::uint64_t> keys_;
  std::vector<int> slots_;
};

// Codes of whole values offset + 0 .. offset + range - 1 by a table of flags; gives the offsets that occur.
template <class Value, class Position>
std::vector<Index> code_by_table(const Value* x, Index n, Index range, const Position& position, int* codes) {
  std::vector<int> table(static_cast<std::size_t>(range), 0);
  for (Index i = 0; i < n; ++i)
    table[position(x[i])] = 1;
  std::vector<Index> found;
  for (Index v = 0; v < range; ++v) {
    int& entry = table[static_cast<std::size_t>(v)];
    if (entry == 0) continue;
    entry = static_cast<int>(found.size());
    found.push_back(v);
  }
  for (Index i = 0; i < n; ++i)
    codes[i] = table[position(x[i])];
  return found;
}

// A table is worth its memory up to a few entries a row.
bool range_is_dense(double range, Index n) {
  return range <= 4.0 * static_cast<double>(n) + 1024.0;
}

// Puts codes in order of first appearance into increasing order of `values`.
template <class Value>
void sort_levels(std::vector<Value>& values, int* codes, Index n) {
  std::vector<int> order(values.size());
  std::iota(order.begin(), order.end(), 0);
  std::sort(order.begin(), order.end(), [&](int a, int b) {
    return values[static_cast<std::size_t>(a)] < values[static_cast<std::size_t>(b)];
  });
  std::vector<int> new_code(values.size());
  std::vector<Value> sorted(values.size());
  for (std::size_t r = 0; r < order.size(); ++r) {
    new_code[static_cast<std::size_t>(order[r])] = static_cast<int>(r);
    sorted[r] = values[static_cast<std::size_t>(order[r])];
  }
  values.swap(sorted);
  recode(codes, n, new_code);
}

template <class Integer>
LevelValues<Integer> group_whole(const Integer* x, Index n, Integer missing, int* codes) {
  require(n >= 0 && (n == 0 || (x && codes)), "values and codes must be given");
  LevelValues<Integer> groups;
  if (n == 0) return groups;
  Integer low = x[0];
  Integer high = x[0];
  bool complete = true;
  for (Index i = 0; i < n; ++i) {
    complete = complete && x[i] != missing;
    low = std::min(low, x[i]);
    high = std::max(high, x[i]);
  }
  if (!complete) {
    groups.complete = false;
    return groups;
  }
  // Differences as unsigned numbers: two integers of 64 bits may lie further apart than one of them can say.
  const std::uint64_t base = static_cast<std::uint64_t>(static_cast<std::int64_t>(low));
  const auto position = [base](Integer v) {
    return static_cast<std::size_t>(static_cast<std::uint64_t>(static_cast<std::int64_t>(v)) - base);
  };
  const double range = static_cast<double>(position(high)) + 1.0;
  if (range_is_dense(range, n)) {
    for (Index v : code_by_table(x, n, static_cast<Index>(range), position, codes))
      groups.values.push_back(static_cast<Integer>(static_cast<std::int64_t>(low) + v));
    return groups;
  }
  KeyTable table;
  for (Index i = 0; i < n; ++i)
    codes[i] = table.code_of(static_cast<std::uint64_t>(static_cast<std::int64_t>(x[i])));
  for (std::uint64_t key : table.keys())
    groups.values.push_back(static_cast<Integer>(static_cast<std::int64_t>(key)));
  sort_levels(groups.values, codes, n);
  return groups;
}

}  // namespace

LevelValues<int> group_integers(const int* x, Index n, int missing, int* codes) {
  return group_whole(x, n, missing, codes);
}

LevelValues<std::int64_t> group_long_integers(const std::int64_t* x, Index n, std::int64_t missing,
                                              int* codes) {
  return group_whole(x, n, missing, codes);
}

LevelValues<std::pair<int, int>> group_pairs(const int* a, const int* b, int n_second, Index n, int* codes) {
  require(n >= 0 && n_second >= 0 && (n == 0 || (a && b && codes)), "pairs and codes must be given");
  std::vector<std::int64_t> keys(static_cast<std::size_t>(n));  // below 2^62: exact
  for (Index i = 0; i < n; ++i) {
    require(a[i] >= 0 && b[i] >= 0 && b[i] < n_second, "codes must lie in 0 .. levels - 1");
    keys[static_cast<std::size_t>(i)] = static_cast<std::int64_t>(a[i]) * n_second + b[i];
  }
  const LevelValues<std::int64_t> found = group_long_integers(keys.data(), n, -1, codes);
  LevelValues<std::pair<int, int>> groups;
  for (std::int64_t key : found.values)
    groups.values.emplace_back(static_cast<int>(key / n_second), static_cast<int>(key % n_second));
  return groups;
}

LevelValues<double> group_reals(const double* x, Index n, int* codes) {
  require(n >= 0 && (n == 0 || (x && codes)), "values and codes must be given");
  LevelValues<double> groups;
  if (n == 0) return groups;
  double low = x[0];
  double high = x[0];
  bool whole = true;
  for (Index i = 0; i < n; ++i) {
    if (std::isnan(x[i])) {
      groups.complete = false;
      return groups;
    }
    low = std::min(low, x[i]);
    high = std::max(high, x[i]);
    whole = whole && std::floor(x[i]) >= x[i];
  }
  const double range = high - low + 1.0;
  if (whole && std::isfinite(range) && std::abs(low) < 4e15 && std::abs(high) < 4e15 &&
      range_is_dense(range, n)) {
    const auto position = [low](double v) { return static_cast<std::size_t>(v - low); };
    for (Index v : code_by_table(x, n, static_cast<Index>(range), position, codes)) {
      groups.values.push_back(low + static_cast<double>(v));
    }
    return groups;
  }
  KeyTable table;
  for (Index i = 0; i < n; ++i) {
    const double value = x[i] + 0.0;  // -0 becomes 0
    std::uint64_t key = 0;
    std::memcpy(&key, &value, sizeof key);
    codes[i] = table.code_of(key);
  }
  for (std::uint64_t key : table.keys()) {
    double value = 0.0;
    std::memcpy(&value, &key, sizeof value);
    groups.values.push_back(value);
  }
  sort_levels(groups.values, codes, n);
  return groups;
}

bool pairs_repeat(const Effect& first, const Effect& second, Index n) {
  Sample pairs;
  pairs.n_rows = n;
  pairs.effects = {first, second};
  check_sample(pairs);
  const RowsByLevel rows(first, n);
  std::vector<Index> met(static_cast<std::size_t>(second.n_levels), -1);  // the last level of the first
  for (Index level = 0; level < first.n_levels; ++level) {
    for (Index i = 0; i < rows.size(level); ++i) {
      Index& last = met[static_cast<std::size_t>(second.codes[rows.rows(level)[i]])];
      if (last == level) return true;
      last = level;
    }
  }
  return false;
}

LevelValues<Index> group_keys(const std::uint64_t* x, Index n, std::uint64_t missing, int* codes) {
  require(n >= 0 && (n == 0 || (x && codes)), "keys and codes must be given");
  LevelValues<Index> groups;
  KeyTable table;
  for (Index i = 0; i < n; ++i) {
    if (x[i] == missing) {
      groups.complete = false;
      return groups;
    }
    codes[i] = table.code_of(x[i]);
    if (codes[i] == static_cast<int>(groups.values.size())) groups.values.push_back(i);
  }
  return groups;
}

void recode(int* codes, Index n, const std::vector<int>& new_code) {
  const int n_levels = static_cast<int>(new_code.size());
  for (Index i = 0; i < n; ++i) {
    require(codes[i] >= 0 && codes[i] < n_levels, "codes must lie in 0 .. levels - 1");
    codes[i] = new_code[static_cast<std::size_t>(codes[i])];
  }
}

}  // namespace flowresil
