// What the within transformation takes out: effects' coefficients, solved from sums by level. Effects are
// never subtracted from a stored copy: rows are demeaned block by block where they are needed.
#pragma once

#include <vector>

#include <Eigen/Core>

#include "base/contract.hpp"
#include "base/interrupt.hpp"

namespace flowresil {

struct WithinOptions {
  int threads = 1;
  Eigen::Index direct_limit = 2000;  // two effects are solved directly up to so many levels of the smaller
  double tolerance = 1e-10;          // iterative: error of a demeaned column over its norm
  int max_iterations = 10000;
  Interrupted interrupted;
};

// How effects are solved: there is none (without and with a constant), by means, by means of a balanced
// panel, by elimination, by iteration.
enum class Method { none, centred, means, balanced, direct, iterative };

// "none", "centred", "means", "balanced", "direct", "iterative", as results are reported.
inline const char* method_name(Method method) {
  switch (method) {
    case Method::none:
      return "none";
    case Method::centred:
      return "centred";
    case Method::means:
      return "means";
    case Method::balanced:
      return "balanced";
    case Method::direct:
      return "direct";
    case Method::iterative:
      return "iterative";
  }
  throw ContractViolation("a method must have a name");
}

// Coefficients of the effects for every column: row i of column c, demeaned, is
// column[c][i] - shift[c] - rest[c] - sum over effects j of levels[j](c, code_j[i]).
struct WithinSolution {
  Eigen::VectorXd shift;  // n_columns
  // n_columns, without effects only: what the mean is beyond the shift. A sum of both would be rounded at the
  // size of the column's level.
  Eigen::VectorXd rest;
  std::vector<Eigen::MatrixXd> levels;  // one an effect: n_columns x n_levels, a level's values together
  Method method = Method::none;
  bool converged = true;
  int iterations = 0;         // the most that any column took
  double relative_error = 0;  // iterative: the estimate for the worst column
};

}  // namespace flowresil
