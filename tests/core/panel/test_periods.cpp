// Rows of other periods: by hand, against a search row by row, over spans that no product of codes could
// hold.
#include <cmath>

#include "base/contract.hpp"
#include "check.hpp"
#include "panel/periods.hpp"

using flowresil::ContractViolation;
using flowresil::match_periods;

namespace {

// The row of `code` whose time is k less, looked for one row at a time.
std::vector<int> search(const std::vector<int>& code, const std::vector<double>& time, double k) {
  std::vector<int> found(code.size(), -1);
  for (std::size_t i = 0; i < code.size(); ++i) {
    for (std::size_t j = 0; j < code.size(); ++j) {
      if (code[i] == code[j] && std::abs(time[i] - k - time[j]) < 0.5) found[i] = static_cast<int>(j);
    }
  }
  return found;
}

}  // namespace

FLOWRESIL_TEST("a lag and a lead find the unit's other period, and nothing across a hole or a unit's end") {
  const std::vector<int> code = {1, 0, 1, 0, 1};
  const std::vector<double> time = {7, 1, 5, 2, 4};
  const std::vector<int> order = {1, 3, 4, 2, 0};
  expect(match_periods(code.data(), time.data(), code.size(), order, 1) ==
         std::vector<int>({-1, -1, 4, 1, -1}));
  expect(match_periods(code.data(), time.data(), code.size(), order, -1) ==
         std::vector<int>({-1, 3, -1, -1, 2}));
  expect(match_periods(code.data(), time.data(), code.size(), order, 0) == std::vector<int>({0, 1, 2, 3, 4}));
  expect(match_periods(code.data(), time.data(), 0, {}, 1).empty());
}

FLOWRESIL_TEST("times as far apart as 2^52 find the right rows among many units") {
  std::vector<int> code;
  std::vector<double> time;
  std::vector<int> order;
  for (int unit = 0; unit < 40; ++unit) {
    for (const double t :
         {-4503599627370496.0, 0.0, 1.0, 2.0, 1125899906842624.0, 4503599627370495.0, 4503599627370496.0}) {
      order.push_back(static_cast<int>(code.size()));
      code.push_back(unit);
      time.push_back(t);
    }
  }
  for (const double k : {1.0, -1.0, 2.0, 4503599627370496.0, -4503599627370496.0, 1125899906842623.0})
    expect(match_periods(code.data(), time.data(), code.size(), order, k) == search(code, time, k));
}

FLOWRESIL_TEST("rows left out of the order find nothing; of rows with one time the first in order is found") {
  const std::vector<int> code = {0, 0, 0, 0};
  const std::vector<double> time = {1, 2, 2, 3};
  expect(match_periods(code.data(), time.data(), 4, {0, 2, 1, 3}, 1) == std::vector<int>({-1, 0, 0, 2}));
  expect(match_periods(code.data(), time.data(), 4, {0, 1, 3}, 1) == std::vector<int>({-1, 0, -1, 1}));
}

FLOWRESIL_TEST("periods refuse rows out of order and outside") {
  const std::vector<int> code = {0, 0, 1};
  const std::vector<double> time = {1, 2, 1};
  expect_throws<ContractViolation>(
      [&] {
        match_periods(code.data(), time.data(), code.size(), {1, 0, 2}, 1);
      },
      "order");
  expect_throws<ContractViolation>(
      [&] {
        match_periods(code.data(), time.data(), code.size(), {0, 1, 3}, 1);
      },
      "order");
  expect_throws<ContractViolation>([&] { match_periods(nullptr, time.data(), 3, {0, 1, 2}, 1); }, "given");
}
