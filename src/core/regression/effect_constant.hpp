// The constant of a base level of each effect as a combination of the rows.
#pragma once

#include <vector>

#include <Eigen/Core>

#include "panel/sample.hpp"
#include "within/solution.hpp"

namespace flowresil {

// The weights g of an estimable sum of effects, d'theta = sum of w g (y - x'b): g_i = (D v)_i with
// D'WD v = d, d one at one level of each effect (`base`) and zero elsewhere. `value` is d'v.
struct Functional {
  Eigen::VectorXd weights;  // n_rows
  double value = 0.0;
  bool converged = true;
};
Functional effect_functional(const Sample& sample, const std::vector<int>& base,
                             const WithinOptions& options);

}  // namespace flowresil
