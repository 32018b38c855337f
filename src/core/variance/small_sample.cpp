#include "variance/small_sample.hpp"

#include "base/by_name.hpp"
#include "base/contract.hpp"

namespace flowresil {

Variance variance_named(const std::string& name) {
  static constexpr Named<Variance> table[] = {
      {"iid", Variance::iid}, {"HC0", Variance::hc0}, {"HC1", Variance::hc1}, {"cluster", Variance::cluster}};
  return by_name(table, name, "the variance must be one that the core knows");
}

Correction correction_named(const std::string& name) {
  static constexpr Named<Correction> table[] = {{"fixest", Correction::fixest},
                                                {"reghdfe", Correction::reghdfe},
                                                {"dummies", Correction::dummies},
                                                {"plm", Correction::plm},
                                                {"none", Correction::none}};
  return by_name(table, name, "the correction must be one that the core knows");
}

SmallSample small_sample(Variance variance, Correction correction, const SampleCounts& counts) {
  const double n = counts.n_rows;
  const std::size_t n_effects = counts.n_levels.size();
  require(counts.nested.size() == n_effects, "nesting must be told for each effect");
  require(n > 0.0 && counts.n_slopes >= 0.0, "counts must be positive");
  const bool exact_rank = correction == Correction::reghdfe || correction == Correction::dummies;

  double n_parameters = counts.n_slopes;
  for (double levels : counts.n_levels)
    n_parameters += levels;
  if (n_effects == 0) {
    n_parameters += counts.constant ? 1.0 : 0.0;
  } else {
    n_parameters -= exact_rank ? counts.n_redundant : static_cast<double>(n_effects) - 1.0;
  }
  SmallSample result;
  result.n_parameters = n_parameters;
  result.degrees_of_freedom = n - n_parameters;
  require(result.degrees_of_freedom > 0.0, "there must be residual degrees of freedom");

  if (variance == Variance::iid) {
    result.factor = 1.0 / (correction == Correction::none ? n : n - n_parameters);
  } else if (variance == Variance::hc1) {
    if (correction == Correction::plm)
      result.factor = n / (n - counts.n_slopes);
    else if (correction != Correction::none)
      result.factor = n / (n - n_parameters);
  } else if (variance == Variance::cluster) {
    const double g = counts.n_clusters;
    require(g > 1.0, "there must be two clusters or more");
    result.degrees_of_freedom = g - 1.0;
    if (correction == Correction::none) return result;
    double n_counted = n_parameters;
    if (correction == Correction::plm) n_counted = counts.n_slopes;
    if (correction == Correction::fixest || correction == Correction::reghdfe) {
      for (std::size_t j = 0; j < n_effects; ++j) {
        if (counts.nested[j]) n_counted -= counts.n_levels[j] - 1.0;
      }
    }
    result.factor = g / (g - 1.0) * (n - 1.0) / (n - n_counted);
  }
  return result;
}

}  // namespace flowresil
