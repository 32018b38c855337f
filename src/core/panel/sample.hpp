// The rows of a regression as the core sees them: columns, analytic weights and the codes of the effects.
// Nothing is copied: whoever calls keeps the memory alive.
#pragma once

#include <vector>

#include <Eigen/Core>

#include "base/blocks.hpp"

namespace flowresil {

// One fixed effect (or cluster): a level 0 .. n_levels - 1 for each row.
struct Effect {
  const int* codes = nullptr;
  Eigen::Index n_levels = 0;
};

// Which column is what, by number. Nothing is read off a column's place.
struct Roles {
  std::vector<Eigen::Index> regressors;
  std::vector<Eigen::Index> endogenous;
  std::vector<Eigen::Index> instruments;
  Eigen::Index outcome = -1;  // none
};

// Regressors in order, then the outcome.
Roles formula_roles(Eigen::Index n_columns);

struct Sample {
  Eigen::Index n_rows = 0;
  std::vector<const double*> columns;  // n_columns pointers to n_rows finite values
  Roles roles;                         // of the columns; not needed where columns are only demeaned
  const double* weights = nullptr;     // n_rows positive values; null: all one
  std::vector<Effect> effects;
  bool centre = true;  // without effects: is there a constant to take out?

  Eigen::Index n_columns() const { return static_cast<Eigen::Index>(columns.size()); }
  double weight(Eigen::Index row) const { return weights ? weights[row] : 1.0; }
};

// Threads for a sample: few rows are not worth starting any.
inline int threads_for(const Sample& sample, int threads) {
  return sample.n_rows < threaded_rows ? 1 : threads;
}

// Throws ContractViolation unless sizes fit, codes lie in their ranges and weights are positive and finite.
void check_sample(const Sample& sample);

}  // namespace flowresil
