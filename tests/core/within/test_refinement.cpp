// A column whose levels differ by far more than it varies inside them keeps its digits.
#include <cmath>
#include <vector>

#include "check.hpp"
#include "regression/least_squares.hpp"

using flowresil::Effect;
using flowresil::fit_within;
using flowresil::least_squares;
using flowresil::Sample;
using flowresil::WithinOptions;

FLOWRESIL_TEST("a spread of 1e-2 inside levels at 1e7 gives the slope of long doubles to eleven digits") {
  const int n_levels = 7;
  const int per_level = 501;
  std::vector<double> x;
  std::vector<double> y;
  std::vector<int> codes;
  for (int level = 0; level < n_levels; ++level) {
    for (int i = 0; i < per_level; ++i) {
      x.push_back(1e7 * std::sin(1.7 * level + 0.3) + 1e-2 * std::cos(2.1 * i + level));
      y.push_back(std::cos(2.1 * i + level) + 0.5 * std::sin(0.9 * i));
      codes.push_back(level);
    }
  }
  long double products = 0;
  long double squares = 0;
  for (int level = 0; level < n_levels; ++level) {
    long double mean_x = 0;
    long double mean_y = 0;
    for (int i = level * per_level; i < (level + 1) * per_level; ++i) {
      mean_x += x[i] / static_cast<long double>(per_level);
      mean_y += y[i] / static_cast<long double>(per_level);
    }
    for (int i = level * per_level; i < (level + 1) * per_level; ++i) {
      products += (x[i] - mean_x) * (y[i] - mean_y);
      squares += (x[i] - mean_x) * (x[i] - mean_x);
    }
  }
  Sample sample;
  sample.n_rows = static_cast<Eigen::Index>(x.size());
  sample.columns = {x.data(), y.data()};
  sample.roles = flowresil::formula_roles(2);
  sample.effects = {Effect{codes.data(), n_levels}};
  const auto fit = fit_within(sample, Eigen::VectorXd::Zero(2), WithinOptions());
  const double slope = least_squares(fit.factor, 1e-11).coefficients[0];
  const double reference = static_cast<double>(products / squares);
  expect_near(slope / reference, 1.0, 1e-11);
}
