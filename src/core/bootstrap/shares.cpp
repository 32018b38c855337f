#include "bootstrap/shares.hpp"

#include "base/by_name.hpp"

namespace flowresil {

Alternative alternative_named(const std::string& name) {
  static const Named<Alternative> table[] = {{"two.sided", Alternative::two_sided},
                                             {"equal_tail", Alternative::equal_tail},
                                             {"less", Alternative::less},
                                             {"greater", Alternative::greater}};
  return by_name(table, name, "the alternative must be two.sided, equal_tail, less or greater");
}

DrawCounts count_draws(const Eigen::VectorXd& draws, double observed, const Ties& ties) {
  DrawCounts counts;
  for (Eigen::Index i = 0; i < draws.size(); ++i)
    counts.take(draws[i], observed, ties);
  return counts;
}

}  // namespace flowresil
