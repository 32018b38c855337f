// Residuals of a fit, by row.
#pragma once

#include <Eigen/Core>

#include "regression/score_pass.hpp"

namespace flowresil {

// Residuals of the demeaned outcome, out of `combination`, `residual` and `along`.
// Throws ContractViolation. O(n_rows n_columns^2).
Eigen::VectorXd within_residuals(const Sample& sample, const WithinSolution& solution,
                                 const ScoreColumns& scores, int threads);

}  // namespace flowresil
