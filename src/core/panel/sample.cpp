#include "panel/sample.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "base/contract.hpp"

namespace flowresil {

using Eigen::Index;

Roles formula_roles(Index n_columns) {
  require(n_columns > 0, "there must be an outcome");
  Roles roles;
  roles.outcome = n_columns - 1;
  roles.regressors.resize(static_cast<std::size_t>(n_columns - 1));
  std::iota(roles.regressors.begin(), roles.regressors.end(), Index{0});
  return roles;
}

void check_sample(const Sample& sample) {
  require(sample.n_rows > 0, "a sample must have rows");
  for (const double* column : sample.columns)
    require(column != nullptr, "every column must be given");
  for (const Effect& effect : sample.effects) {
    require(effect.codes != nullptr && effect.n_levels > 0, "every effect must have codes and levels");
    int low = effect.codes[0];
    int high = effect.codes[0];
    for (Index i = 0; i < sample.n_rows; ++i) {
      low = std::min(low, effect.codes[i]);
      high = std::max(high, effect.codes[i]);
    }
    require(low >= 0 && high < effect.n_levels, "codes must lie in 0 .. levels - 1");
  }
  if (!sample.weights) return;
  for (Index i = 0; i < sample.n_rows; ++i) {
    require(sample.weights[i] > 0.0 && std::isfinite(sample.weights[i]),
            "weights must be positive and finite");
  }
}

}  // namespace flowresil
