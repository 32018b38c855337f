// What levels say of each other.
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

FLOWRESIL_TEST("nested means that no level is in two of the other's") {
  const std::vector<int> city = {0, 1, 2, 0, 2};
  const std::vector<int> province = {0, 0, 1, 0, 1};
  expect(flowresil::is_nested(effect(city, 3), effect(province, 2), 5));
  expect(!flowresil::is_nested(effect(province, 2), effect(city, 3), 5));
  const std::vector<int> moved = {0, 0, 1, 0, 0};  // the last row's city 2 is also in province 0
  expect(!flowresil::is_nested(effect(city, 3), effect(moved, 2), 5));
  expect(flowresil::is_nested(effect(city, 3), effect(city, 3), 5));
  const std::vector<int> copy = city;
  expect(flowresil::is_nested(effect(city, 3), effect(copy, 3), 5));
}

FLOWRESIL_TEST("components by hand, numbered by the first effect's levels") {
  const std::vector<int> unit = {0, 0, 1, 2, 3};
  const std::vector<int> time = {1, 3, 0, 3, 2};
  const Components found = connected_components(effect(unit, 4), effect(time, 4), 5);
  expect(found.count == 3);
  expect(found.first == std::vector<int>({0, 1, 0, 2}));
  expect(found.second == std::vector<int>({1, 0, 2, 0}));
}

FLOWRESIL_TEST("one long chain is one component") {
  std::vector<int> unit, time;
  for (int i = 0; i < 500; ++i) {
    unit.push_back(i);
    time.push_back(i);
    if (i == 499) break;
    unit.push_back(i);
    time.push_back(i + 1);
  }
  expect(connected_components(effect(unit, 500), effect(time, 500), static_cast<Index>(unit.size())).count ==
         1);
}

FLOWRESIL_TEST("components agree with labels spread along the rows") {
  for (const Panel& panel : {reference::disconnected_panel(9, 8, 1), reference::unbalanced_panel(9, 6, 1)}) {
    const flowresil::Sample sample = panel.sample();
    const Components found = connected_components(sample.effects[0], sample.effects[1], sample.n_rows);
    const std::vector<Index> label = spread_labels(panel);
    expect(found.count == static_cast<Index>(std::set<Index>(label.begin(), label.end()).size()));
    bool same = true;
    for (std::size_t a = 0; a < found.first.size(); ++a) {
      for (std::size_t b = 0; b < found.second.size(); ++b) {
        same = same && (found.first[a] == found.second[b]) == (label[a] == label[found.first.size() + b]);
      }
    }
    expect(same);
  }
}

FLOWRESIL_TEST("rows by level and levels with one row, numbered from zero") {
  const std::vector<int> codes = {2, 0, 2, 1, 3};
  expect(flowresil::count_levels(effect(codes, 4), 5) == std::vector<Index>({1, 1, 2, 1}));
  expect(flowresil::single_row_levels(effect(codes, 4), 5) == std::vector<int>({0, 1, 3}));
}

FLOWRESIL_TEST("the rank of dummies: levels, less components for two effects, else as QR finds it") {
  Panel panel = reference::disconnected_panel(9, 8, 1);
  expect_near(flowresil::dummy_rank(panel.sample()), static_cast<double>(10 + 9 - 3), 0);
  panel = reference::unbalanced_panel(9, 6, 1);
  expect_near(flowresil::dummy_rank(panel.sample()), 14, 0);
  for (const Panel& three : {reference::with_third_effect(reference::balanced_panel(7, 6, 1), 5),
                             reference::with_third_effect(reference::disconnected_panel(9, 8, 1), 11)}) {
    const auto rank = static_cast<double>(reference::rank_of(reference::weighted_dummies(three)));
    expect_near(flowresil::dummy_rank(three.sample()), rank, 0);
  }
  Panel nested =
      reference::balanced_panel(6, 5, 1);  // the third effect joins pairs of units: it adds nothing
  std::vector<int> region;
  for (int unit : nested.codes[0])
    region.push_back(unit / 2);
  nested.add_effect(region);
  expect_near(flowresil::dummy_rank(nested.sample()), 6 + 5 - 1, 0);
}

FLOWRESIL_TEST("the rank of one effect's dummies is its number of levels") {
  Panel panel = reference::balanced_panel(6, 5, 1);
  panel.codes.pop_back();
  panel.n_levels.pop_back();
  expect_near(flowresil::dummy_rank(panel.sample()), 6, 0);
}
