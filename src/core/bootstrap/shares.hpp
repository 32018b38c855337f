// Shares of draws beyond what was observed: the one rule of ties.
#pragma once

#include <algorithm>
#include <cmath>
#include <string>

#include <Eigen/Core>

namespace flowresil {

enum class Alternative { two_sided, equal_tail, less, greater };

// "two.sided", "equal_tail", "less", "greater". Throws ContractViolation on any other.
Alternative alternative_named(const std::string& name);

// Draws that are equal to the observed value up to 1e-10 of it count, or (drop) do not.
constexpr double tie_tolerance = 1e-10;

struct Ties {
  bool drop = false;

  bool beyond(double draw, double observed) const {
    const double size = std::abs(observed);
    return drop ? std::abs(draw) > size * (1 + tie_tolerance) : std::abs(draw) >= size * (1 - tie_tolerance);
  }
  bool below(double draw, double observed) const {
    const double slack = tie_tolerance * std::abs(observed);
    return drop ? draw < observed - slack : draw <= observed + slack;
  }
  bool above(double draw, double observed) const { return below(-draw, -observed); }
};

// Counts of valid draws; NaN is none.
struct DrawCounts {
  double valid = 0, beyond = 0, below = 0, above = 0;

  void take(double draw, double observed, const Ties& ties) {
    if (std::isnan(draw)) return;
    valid += 1;
    beyond += ties.beyond(draw, observed) ? 1 : 0;
    below += ties.below(draw, observed) ? 1 : 0;
    above += ties.above(draw, observed) ? 1 : 0;
  }
  void add(const DrawCounts& other, double times) {
    valid += times * other.valid;
    beyond += times * other.beyond;
    below += times * other.below;
    above += times * other.above;
  }
  bool same_as(const DrawCounts& other) const {
    const auto same = [](double a, double b) { return std::abs(a - b) < 0.5; };
    return same(valid, other.valid) && same(beyond, other.beyond) && same(below, other.below) &&
           same(above, other.above);
  }
  // NaN without a valid draw.
  double p_value(Alternative alternative) const {
    switch (alternative) {
      case Alternative::two_sided:
        return beyond / valid;
      case Alternative::less:
        return below / valid;
      case Alternative::greater:
        return above / valid;
      case Alternative::equal_tail:
        break;
    }
    return std::min(1.0, 2 * std::min(below, above) / valid);
  }
};

DrawCounts count_draws(const Eigen::VectorXd& draws, double observed, const Ties& ties);

}  // namespace flowresil
