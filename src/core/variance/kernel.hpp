// Products of scores of rows that are near each other, in time or on the globe.
#pragma once

#include <Eigen/Core>

#include "base/interrupt.hpp"

namespace flowresil {

// Sum over pairs of rows of one unit, no more than `lags` periods apart, of s_i s_j' times 1 - |t_i - t_j| /
// (lags + 1) (Bartlett). `scores` is n x k, `order` the rows by unit, then time, each once; `unit` and `when`
// are by row. The same bits for any number of threads. Throws ContractViolation where rows are not in that
// order. O(n (lags + k) k).
Eigen::MatrixXd lag_products(const Eigen::Ref<const Eigen::MatrixXd>& scores, const int* order,
                             const int* unit, const double* when, Eigen::Index lags, int threads);

enum class Kernel { uniform, bartlett };

// Mean radius of the earth, km.
constexpr double earth_radius = 6371.0;

// Great-circle distance by the haversine, km; degrees.
double great_circle(double latitude, double longitude, double other_latitude, double other_longitude);

// Sum over pairs of places no more than `cutoff` km apart of s_i s_j', times 1 or 1 - distance / cutoff.
// Latitudes lie in -90..90; longitudes are any degrees. Places are searched in bands of latitude, sorted by
// longitude: no memory beyond O(n). The same bits for any number of threads. Throws ContractViolation and
// Interruption.
Eigen::MatrixXd near_products(const Eigen::Ref<const Eigen::MatrixXd>& scores, const double* latitude,
                              const double* longitude, double cutoff, Kernel kernel, int threads,
                              const Interrupted& interrupted);

}  // namespace flowresil
