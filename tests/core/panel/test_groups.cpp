// Values to codes.
#include "panel/shared.hpp"

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
using namespace panel_tests;

FLOWRESIL_TEST("integers get codes in increasing order of value") {
  std::vector<int> codes;
  const LevelValues<int> groups = integers({7, -3, 7, 0, -3}, codes);
  expect(groups.complete);
  expect(groups.values == std::vector<int>({-3, 0, 7}));
  expect(codes == std::vector<int>({2, 0, 2, 1, 0}));
}

FLOWRESIL_TEST("integers far apart are coded the same way") {
  const int top = std::numeric_limits<int>::max();
  std::vector<int> codes;
  const LevelValues<int> groups = integers({top, -top, 5, top, -top + 1}, codes);
  expect(groups.values == std::vector<int>({-top, -top + 1, 5, top}));
  expect(codes == std::vector<int>({3, 0, 2, 3, 1}));
}

FLOWRESIL_TEST("a missing integer makes the codes incomplete, wherever it stands") {
  std::vector<int> codes;
  expect(!integers({missing, 1, 2}, codes).complete);
  expect(!integers({1, 2, missing}, codes).complete);
  expect(integers({}, codes).complete);
  expect(integers({}, codes).values.empty());
}

FLOWRESIL_TEST("reals get codes in increasing order, whole or not, near or far") {
  std::vector<int> codes;
  const LevelValues<double> whole = reals({2019, 2008, 2019, 2010}, codes);
  expect(whole.values == std::vector<double>({2008, 2010, 2019}));
  expect(codes == std::vector<int>({2, 0, 2, 1}));
  const LevelValues<double> parts = reals({0.5, -1e300, 0.5, 0.25}, codes);
  expect(parts.values == std::vector<double>({-1e300, 0.25, 0.5}));
  expect(codes == std::vector<int>({2, 0, 2, 1}));
  const LevelValues<double> odd = reals({infinity, -infinity, 3, infinity}, codes);
  expect(odd.values == std::vector<double>({-infinity, 3, infinity}));
  expect(codes == std::vector<int>({2, 0, 1, 2}));
  // Whole numbers beyond 2^53 are not spaced by one, so a table of offsets must not be trusted with them.
  const LevelValues<double> large =
      reals({9007199254740994.0, 9007199254740992.0, 9007199254740994.0}, codes);
  expect(large.values == std::vector<double>({9007199254740992.0, 9007199254740994.0}));
  expect(codes == std::vector<int>({1, 0, 1}));
}

FLOWRESIL_TEST("minus zero is zero and NaN is missing") {
  std::vector<int> codes;
  const LevelValues<double> zeros = reals({0.0, -0.0, 0.5}, codes);
  expect(zeros.values.size() == 2);
  expect(codes == std::vector<int>({0, 0, 1}));
  expect(reals({-0.0, 0.0}, codes).values.size() == 1);
  expect(!reals({1, std::nan(""), 2}, codes).complete);
  expect(!reals({std::nan("")}, codes).complete);
  expect(reals({}, codes).complete);
}

FLOWRESIL_TEST("integers of 64 bits are coded by all their bits, near each other or far apart") {
  constexpr std::int64_t low = std::numeric_limits<std::int64_t>::min();
  constexpr std::int64_t top = std::numeric_limits<std::int64_t>::max();
  const std::int64_t large = 9007199254740992;  // 2^53: its neighbour is no double
  std::vector<int> codes(4);
  const std::vector<std::int64_t> near = {large + 1, large, large + 2, large + 1};
  const LevelValues<std::int64_t> found = group_long_integers(near.data(), 4, low, codes.data());
  expect(found.values == std::vector<std::int64_t>({large, large + 1, large + 2}));
  expect(codes == std::vector<int>({1, 0, 2, 1}));
  const std::vector<std::int64_t> far = {top, low + 1, -1, top};
  const LevelValues<std::int64_t> spread = group_long_integers(far.data(), 4, low, codes.data());
  expect(spread.values == std::vector<std::int64_t>({low + 1, -1, top}));
  expect(codes == std::vector<int>({2, 0, 1, 2}));
  const std::vector<std::int64_t> holed = {1, low, 2};
  expect(!group_long_integers(holed.data(), 3, low, codes.data()).complete);
}

FLOWRESIL_TEST("pairs get codes in order of the first, then the second, however many levels there are") {
  using Pair = std::pair<int, int>;
  const int top = std::numeric_limits<int>::max();
  for (const int levels : {3, top}) {
    std::vector<int> codes(5);
    const std::vector<int> a = {levels - 1, 0, levels - 1, 0, 1};
    const std::vector<int> b = {0, levels - 1, 0, 1, levels - 1};
    const LevelValues<Pair> found = flowresil::group_pairs(a.data(), b.data(), levels, 5, codes.data());
    expect(found.values == std::vector<Pair>({{0, 1}, {0, levels - 1}, {1, levels - 1}, {levels - 1, 0}}));
    expect(codes == std::vector<int>({3, 1, 3, 0, 2}));
  }
  std::vector<int> codes(2);
  const std::vector<int> a = {0, 1};
  const std::vector<int> b = {0, 2};
  expect_throws<ContractViolation>([&] { flowresil::group_pairs(a.data(), b.data(), 2, 2, codes.data()); },
                                   "codes");
}

FLOWRESIL_TEST("keys get codes in order of first appearance, with the row of each") {
  const std::vector<std::uint64_t> keys = {90, 7, 90, 12, 7};
  std::vector<int> codes(5);
  const LevelValues<Index> groups = group_keys(keys.data(), 5, 1, codes.data());
  expect(groups.complete);
  expect(groups.values == std::vector<Index>({0, 1, 3}));
  expect(codes == std::vector<int>({0, 1, 0, 2, 1}));
  expect(!group_keys(keys.data(), 5, 12, codes.data()).complete);
}

FLOWRESIL_TEST("thousands of scattered values agree with an ordered map") {
  std::vector<double> x;
  std::vector<int> whole;
  std::map<double, int> order;
  std::map<int, int> whole_order;
  for (int i = 0; i < 9000; ++i) {
    x.push_back(std::sin(0.37 * (i % 4001)) * 1e6);
    whole.push_back((i % 3989) * 500009 % 2000000011);
    order[x.back()] = 0;
    whole_order[whole.back()] = 0;
  }
  int next = 0;
  for (auto& entry : order)
    entry.second = next++;
  next = 0;
  for (auto& entry : whole_order)
    entry.second = next++;
  std::vector<int> codes;
  const LevelValues<double> groups = reals(x, codes);
  bool same = groups.values.size() == order.size();
  for (std::size_t i = 0; i < x.size(); ++i)
    same = same && codes[i] == order[x[i]];
  expect(same);
  const LevelValues<int> whole_groups = integers(whole, codes);
  same = whole_groups.values.size() == whole_order.size();
  for (std::size_t i = 0; i < whole.size(); ++i)
    same = same && codes[i] == whole_order[whole[i]];
  expect(same);
}

FLOWRESIL_TEST("recoding puts the new code of each old one") {
  std::vector<int> codes = {0, 2, 1, 2};
  flowresil::recode(codes.data(), 4, {5, 0, 9});
  expect(codes == std::vector<int>({5, 9, 0, 9}));
}

FLOWRESIL_TEST("groups refuse what breaks their contract") {
  std::vector<int> codes = {0, 1, 3};
  const std::vector<int> fine = {0, 1, 1};
  const std::vector<int> negative = {0, -1, 1};
  expect_throws<ContractViolation>([&] { group_integers(nullptr, 3, missing, codes.data()); }, "values");
  expect_throws<ContractViolation>([&] { group_integers(fine.data(), -1, missing, codes.data()); }, "values");
  expect_throws<ContractViolation>([&] { group_reals(nullptr, 3, codes.data()); }, "values");
  expect_throws<ContractViolation>([&] { group_keys(nullptr, 3, 0, codes.data()); }, "keys");
  expect_throws<ContractViolation>([&] { flowresil::recode(codes.data(), 3, {0, 1, 2}); }, "codes");
  expect_throws<ContractViolation>([&] { flowresil::is_nested(effect(codes, 3), effect(fine, 2), 3); },
                                   "codes");
  expect_throws<ContractViolation>([&] { flowresil::count_levels(effect(negative, 2), 3); }, "codes");
  expect_throws<ContractViolation>([&] { flowresil::single_row_levels(effect(codes, 3), 3); }, "codes");
  expect_throws<ContractViolation>([&] { connected_components(effect(codes, 3), effect(fine, 2), 3); },
                                   "codes");
  expect_throws<ContractViolation>([&] { connected_components(effect(fine, 2), effect(negative, 2), 3); },
                                   "codes");
  Panel bare;
  bare.columns = Eigen::MatrixXd::Ones(3, 1);
  expect_throws<ContractViolation>([&] { flowresil::dummy_rank(bare.sample()); }, "effect");
}

FLOWRESIL_TEST("pairs that stand in two rows are found, wherever they stand") {
  const std::vector<int> first = {2, 0, 1, 0, 2}, second = {0, 1, 1, 0, 1};
  std::vector<int> again = second;
  again[4] = 0;
  const auto repeat = [&](const std::vector<int>& b, Eigen::Index n_second) {
    return flowresil::pairs_repeat({first.data(), 3}, {b.data(), n_second}, 5);
  };
  expect(!repeat(second, 2));
  expect(repeat(again, 2));
  expect_throws<flowresil::ContractViolation>([&] { repeat(second, 1); }, "codes");
}
