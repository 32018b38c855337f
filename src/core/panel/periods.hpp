// The row of another period of the same unit.
#pragma once

#include <vector>

#include <Eigen/Core>

namespace flowresil {

// For each of the n rows the row of the same unit whose time is k less, -1 where there is none; the first in
// order where several have that time. `order` holds rows (from 0) by unit code, then time; rows that it
// leaves out find nothing and are not found. Times and k are whole numbers, so that their differences are
// exact up to 2^53. One pass over the rows in order: unit and time are compared as they are, whatever their
// span.
std::vector<int> match_periods(const int* code, const double* time, std::size_t n,
                               const std::vector<int>& order, double k);

}  // namespace flowresil
