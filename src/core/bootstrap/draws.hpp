// Weights of a wild bootstrap's draws, and the statistics that they make.
#pragma once

#include <cstdint>
#include <string>

#include <Eigen/Core>

#include "base/interrupt.hpp"
#include "bootstrap/wild_form.hpp"

namespace flowresil {

enum class WildWeights { rademacher, webb, mammen, normal };

// "rademacher", "webb", "mammen", "normal". Throws ContractViolation on any other.
WildWeights wild_weights_named(const std::string& name);

struct WildDrawing {
  WildWeights weights = WildWeights::rademacher;
  Eigen::Index replicates = 0;
  bool enumerate = false;  // all 2^n sign vectors, replicate r taking the bits of r: 0 is all plus one
  std::uint64_t seed = 0;
};

// Writes the weights of replicates first .. first + v.cols() - 1, one column each: a function of seed,
// replicate and cluster alone.
void write_weights(const WildDrawing& drawing, Eigen::Index first, Eigen::Ref<Eigen::MatrixXd> v);

// Of each replicate (columns): the numerator's and the variance's polynomials in the distance d of the
// hypothesis, numerator n0 + d n1 and variance V0 + d V1 + d^2 V2, in this order (5 rows). For hypotheses on
// one coefficient.
Eigen::MatrixXd draw_lines(const WildForm& form, const WildDrawing& drawing, int threads,
                           const Interrupted& interrupted);

// The statistic of each replicate, at `distance` where the form is linear in it: t, signed, of one
// coefficient; joint: Wald over the number of coefficients. NaN where the variance is not positive but the
// numerator is zero as well, or cannot be inverted.
Eigen::VectorXd draw_statistics(const WildForm& form, double distance, bool joint, const WildDrawing& drawing,
                                int threads, const Interrupted& interrupted);

// t of a draw's polynomials at distance d; NaN where it has none.
double statistic_at(const Eigen::Ref<const Eigen::VectorXd>& line, double distance);

}  // namespace flowresil
