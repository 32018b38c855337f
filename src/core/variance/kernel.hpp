// Products of scores of rows that are near each other, in time or on the globe.
#pragma once

#include <vector>

#include <Eigen/Core>

#include "base/interrupt.hpp"
#include "panel/sample.hpp"
#include "regression/score_pass.hpp"

namespace flowresil {

// Sum over pairs of rows of one unit, no more than `lags` periods apart, of s_i s_j' times 1 - |t_i - t_j| /
// (lags + 1) (Bartlett). `scores` is n x k; `times` (increasing) are those of the periods. Nothing where a
// unit has two rows of one period. The same bits for any number of threads. Throws ContractViolation where
// codes do not fit. O(n (lags + k) k).
Eigen::MatrixXd lag_products(const Eigen::Ref<const Eigen::MatrixXd>& scores, const Effect& unit,
                             const Effect& period, const double* times, Eigen::Index lags, int threads);

enum class Kernel { uniform, bartlett };

// Mean radius of the earth, km.
constexpr double earth_radius = 6371.0;

// Great-circle distance by the haversine, km; degrees.
double great_circle(double latitude, double longitude, double other_latitude, double other_longitude);

// Sum over pairs of rows no more than `cutoff` km apart of s_i s_j', turned scores (of one equation or more
// of the same rows, side by side), times 1 or 1 - distance / cutoff. Latitudes lie in -90..90; longitudes are
// any degrees. Rows of one place are summed first; places are searched in bands of latitude, sorted by
// longitude: no memory beyond two columns and the scores. The same bits for any number of threads. Throws
// ContractViolation and Interruption.
Eigen::MatrixXd near_products(const std::vector<ScorePass>& passes, const double* latitude,
                              const double* longitude, double cutoff, Kernel kernel, int threads,
                              const Interrupted& interrupted);

}  // namespace flowresil
