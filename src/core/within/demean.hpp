// Rows with the effects taken out, written where they are needed.
#pragma once

#include <Eigen/Core>

#include "panel/sample.hpp"
#include "within/solution.hpp"

namespace flowresil {

// Writes the demeaned rows begin .. end - 1 to `out`, column c at out + c * stride.
void demean_rows(const Sample& sample, const WithinSolution& solution, Eigen::Index begin, Eigen::Index end,
                 double* out, Eigen::Index stride);

}  // namespace flowresil
