// Sums by groups of one code and of several.
#include "variance/group_sums.hpp"
#include "variance/shared.hpp"

using flowresil::Grouping;
using flowresil::GroupSums;
using namespace variance_tests;

FLOWRESIL_TEST("sums by one, two and three codes are those of rows, taken in any blocks and joined") {
  const Index n = 500;
  const std::vector<int> first = clusters(n, 5, false), second = clusters(n, 7, true),
                         third = clusters(n, 3, false);
  const std::vector<Effect> effects = {effect(first, 5), effect(second, 7), effect(third, 3)};
  for (std::size_t n_parts : {1U, 2U, 3U}) {
    Grouping grouping{{effects.begin(), effects.begin() + static_cast<std::ptrdiff_t>(n_parts)}};
    VectorXd sum = VectorXd::Zero(grouping.n_groups());
    expect(sum.size() == (n_parts == 1 ? 5 : n_parts == 2 ? 35 : 105));
    for (Index i = 0; i < n; ++i) {
      const std::size_t row = static_cast<std::size_t>(i);
      Index code = first[row];
      if (n_parts > 1) code = code * 7 + second[row];
      if (n_parts > 2) code = code * 3 + third[row];
      sum[code] += std::sin(static_cast<double>(i));
    }
    GroupSums whole(grouping, 2), start(grouping, 2), rest(grouping, 2);
    const auto from = [](Index begin) {
      return [begin](Index i) { return std::sin(static_cast<double>(begin + i)); };
    };
    whole.take(1, 0, n, from(0));
    for (Index begin = 0; begin < n; begin += 100)
      (begin < 300 ? start : rest).take(1, begin, 100, from(begin));
    rest.take(1, n, 0, from(n));
    start.join(rest);
    expect_near((whole.sums.col(1) - sum).norm(), 0, 1e-13);
    expect_near((start.sums.col(1) - sum).norm(), 0, 1e-12);
    expect(whole.sums.col(0).norm() <= 0);
  }
}

FLOWRESIL_TEST("squares by several groupings in one pass are those of each alone") {
  const Panel panel = weighted(reference::unbalanced_panel(60, 9, 3));
  const Index n = panel.n_rows();
  const WithinSolution solution = solution_of(panel);
  const flowresil::Sample sample = panel.sample();
  const ScoreColumns scores = all_columns(reference::vector_of({0.5, -1.0, 2.0}));
  const flowresil::ScorePass pass(sample, solution, scores);
  const std::vector<int> a = clusters(n, 6, true), b = clusters(n, 11, false);
  std::vector<int> both;
  for (std::size_t i = 0; i < a.size(); ++i)
    both.push_back(a[i] * 11 + b[i]);
  const Effect by_a = effect(a, 6), by_b = effect(b, 11), by_both = effect(both, 66);
  const std::vector<Grouping> groupings = {{{by_a}}, {{by_b}}, {{by_a, by_b}}};
  const std::vector<MatrixXd> found = flowresil::score_squares(pass, groupings, 1);
  const std::vector<Effect> alone = {by_a, by_b, by_both};
  for (std::size_t i = 0; i < alone.size(); ++i) {
    const MatrixXd truth = flowresil::score_squares(sample, solution, scores, &alone[i], 1);
    expect_near((found[i] - truth).norm() / truth.norm(), 0, 1e-13);
    expect(flowresil::score_squares(pass, groupings, 3)[i] == found[i]);
  }
}

FLOWRESIL_TEST("groups must be there and fit an int") {
  const std::vector<int> codes = {0};
  expect_throws<ContractViolation>([&] { Grouping{}.n_groups(); }, "something");
  const Effect many = effect(codes, 100000);
  expect_throws<ContractViolation>([&] { GroupSums({{many, many}}, 1); }, "int");
}
