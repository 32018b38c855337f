// The rule of ties, and p values.
#include "bootstrap/shares.hpp"

#include <limits>

#include "base/contract.hpp"
#include "check.hpp"
#include "reference.hpp"

using flowresil::Alternative;
using flowresil::count_draws;
using flowresil::DrawCounts;
using flowresil::Ties;

FLOWRESIL_TEST("draws equal to the observed value up to 1e-10 count, or do not where ties are dropped") {
  const Eigen::VectorXd draws =
      reference::vector_of({2 * (1 + 1e-13), -2 * (1 - 1e-13), 2.1, -3, 0.5, 1.9999});
  const DrawCounts counts = count_draws(draws, 2, Ties{false});
  expect_near(counts.p_value(Alternative::two_sided), 4.0 / 6, 0);
  expect_near(counts.p_value(Alternative::greater), 2.0 / 6, 0);
  expect_near(counts.p_value(Alternative::less), 5.0 / 6, 0);
  expect_near(counts.p_value(Alternative::equal_tail), 4.0 / 6, 0);
  const DrawCounts strict = count_draws(draws, 2, Ties{true});
  expect_near(strict.p_value(Alternative::two_sided), 2.0 / 6, 0);
  expect_near(strict.p_value(Alternative::greater), 1.0 / 6, 0);
  expect_near(strict.p_value(Alternative::less), 4.0 / 6, 0);
  const DrawCounts negative = count_draws(draws, -2, Ties{false});
  expect_near(negative.p_value(Alternative::two_sided), 4.0 / 6, 0);
  expect_near(negative.p_value(Alternative::less), 2.0 / 6, 0);
}

FLOWRESIL_TEST("draws without a statistic do not count, and an equal-tailed p is at most one") {
  const double none = std::numeric_limits<double>::quiet_NaN();
  const DrawCounts counts = count_draws(reference::vector_of({none, 1, 1, none, 1}), 1, Ties{false});
  expect_near(counts.valid, 3, 0);
  expect_near(counts.p_value(Alternative::equal_tail), 1, 0);
  expect(std::isnan(count_draws(reference::vector_of({none}), 1, Ties{}).p_value(Alternative::two_sided)));
}

FLOWRESIL_TEST("alternatives have four names") {
  expect(flowresil::alternative_named("two.sided") == Alternative::two_sided);
  expect(flowresil::alternative_named("equal_tail") == Alternative::equal_tail);
  expect(flowresil::alternative_named("less") == Alternative::less);
  expect(flowresil::alternative_named("greater") == Alternative::greater);
  expect_throws<flowresil::ContractViolation>([] { flowresil::alternative_named("both"); }, "alternative");
}
