// Small-sample corrections by name.
#pragma once

#include <string>
#include <vector>

namespace flowresil {

enum class Variance { iid, hc0, hc1, cluster };

// Whose small-sample convention.
enum class Correction { fixest, reghdfe, dummies, plm, none };

// By name: "iid", "HC0", "HC1", "cluster"; "fixest", "reghdfe", "dummies", "plm", "none".
// Throw ContractViolation on any other.
Variance variance_named(const std::string& name);
Correction correction_named(const std::string& name);

// What a correction counts. All of the estimation sample.
struct SampleCounts {
  double n_rows = 0;
  double n_slopes = 0;           // k, kept, without constants
  std::vector<double> n_levels;  // by effect
  std::vector<bool> nested;      // by effect: inside the cluster?
  double n_redundant = 0;        // levels that the others determine: connected components for two effects
  bool constant = false;         // no effects, but an intercept
  double n_clusters = 0;
};

// The factor on the sandwich (or, iid, the divisor of the residual squares as 1 / divisor), and the degrees
// of freedom of the t distribution.
struct SmallSample {
  double n_parameters = 0;  // K
  double factor = 1.0;
  double degrees_of_freedom = 0.0;
};

// K = k + sum L_j - (J - 1) for fixest, plm and none; k + sum L_j - redundant for reghdfe and dummies;
// k + 1 without effects. iid 1 / (n - K), HC1 n / (n - K) (plm: n / (n - k)), HC0 1,
// cluster G/(G-1) (n-1)/(n-Kc) with Kc = K less (L_j - 1) for nested effects (fixest, reghdfe), K (dummies),
// k (plm); none: 1, iid 1 / n. t(n - K), clusters t(G - 1).
// Throws ContractViolation where counts are impossible (no residual degrees of freedom, one cluster).
SmallSample small_sample(Variance variance, Correction correction, const SampleCounts& counts);

}  // namespace flowresil
