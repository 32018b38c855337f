// Entropy weights: an indicator weighs as much as its values are spread out.
#pragma once

#include <Eigen/Core>

#include "index/scale.hpp"

namespace flowresil {

struct EntropyWeights {
  Eigen::VectorXd entropy;     // p, e = 1 - d, in [0, 1]
  Eigen::VectorXd divergence;  // p, d, in [0, 1]
  Eigen::VectorXd weight;      // p, d / sum(d); all 0 when no column carries information
  Eigen::Array<bool, Eigen::Dynamic, 1> uninformative;  // p, columns with d = 0
};

// r ln r - r + 1 for r >= 0, with 0 ln 0 = 0. Relative error about 1e-14 also near r = 1, where the
// three terms cancel.
double entropy_gap(double r);

// Entropy of each column over its n rows. With y the column normalised by `scaling` plus `offset`, the
// shares are s = y / sum(y), the entropy is e = -sum(s ln s) / ln n with 0 ln 0 = 0, and the divergence
// d = 1 - e is summed without cancellation as mean(entropy_gap(y / mean(y))) / ln n.
// x: n x p, n >= 2; offset: finite, >= 0. A column constant in every group, or whose y are all 0, has d = 0.
// Throws on fewer than two rows, on sizes that do not fit, on NaN and on a negative y.
// Source: Shannon (1948) for e; Zeleny (1982) for weights by divergence.
// Cost: two passes, one logarithm a cell, no copy of x; one column is one piece of parallel work
// (one thread below 1e5 cells).
EntropyWeights entropy_weights(const ConstMatrix& x, const Scaling& scaling, const RowGroups& groups,
                               double offset, int threads);

}  // namespace flowresil
