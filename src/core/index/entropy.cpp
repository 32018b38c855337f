#include "index/entropy.hpp"

#include <algorithm>
#include <cmath>

#include "base/contract.hpp"
#include "base/parallel.hpp"

namespace flowresil {

using Eigen::Index;
using Eigen::VectorXd;

namespace {

// Sum over the rows of column j of summand(block of y).
template <class Summand>
double sum_blocks(Index n, VectorXd& buffer, const Summand& summand) {
  double total = 0;
  for (Index first = 0; first < n; first += entropy_rows) {
    total += summand(first, buffer.head(std::min(entropy_rows, n - first)));
  }
  return total;
}

double column_divergence(const ConstMatrix& x, const Scaling& scaling, const RowGroups& groups, double offset,
                         Index j) {
  const Index n = x.rows();
  VectorXd buffer(std::min(entropy_rows, n));
  const double centre = scaling.centre(0, j);
  // A product where scale_rows() divides: faster, and one more rounding is nothing to a share.
  const double factor = scaling.spread(0, j) > 0 ? scaling.direction[j] / scaling.spread(0, j) : 0.0;
  const bool pooled = groups.code.size() == 0 && std::isfinite(factor);
  const auto load = [&](Index first, Eigen::Ref<VectorXd> y) {
    if (pooled) {
      y = ((x.col(j).segment(first, y.size()).array() - centre) * factor + offset).matrix();
      return;
    }
    scale_rows(x, scaling, groups, j, first, y);
    y.array() += offset;
  };
  const double total = sum_blocks(n, buffer, [&](Index first, Eigen::Ref<VectorXd> y) {
    load(first, y);
    require(y.minCoeff() >= 0, "normalised values are not negative");
    return y.sum();
  });
  require(std::isfinite(total), "normalised values are finite");
  if (!(total > 0)) return 0;
  const double per_mean = static_cast<double>(n) / total;
  const double gaps = sum_blocks(n, buffer, [&](Index first, Eigen::Ref<VectorXd> y) {
    load(first, y);
    double sum = 0;
    for (Index i = 0; i < y.size(); ++i)
      sum += entropy_gap(y[i] * per_mean);
    return sum;
  });
  // All mass in one row gives 1 up to rounding; the bound is kept exactly.
  return std::min(1.0, gaps / static_cast<double>(n) / std::log(static_cast<double>(n)));
}

}  // namespace

double entropy_gap(double r) {
  if (!(r > 0)) return 1;
  const double t = r - 1;
  if (std::abs(t) >= 0.1) return r * std::log(r) - t;
  // ln r = 2 (z + z^3/3 + z^5/5 + ...) with z = t / (2 + t) turns the gap into
  // 2 / (1 - z) * (z^2 + (1 + z) (z^3/3 + z^5/5 + ...)), in which nothing cancels.
  const double z = t / (2 + t);
  const double z2 = z * z;
  const double tail = z * z2 * (1.0 / 3 + z2 * (1.0 / 5 + z2 * (1.0 / 7 + z2 * (1.0 / 9 + z2 * (1.0 / 11)))));
  return 2 / (1 - z) * (z2 + (1 + z) * tail);
}

EntropyWeights entropy_weights(const ConstMatrix& x, const Scaling& scaling, const RowGroups& groups,
                               double offset, int threads) {
  const Index p = x.cols();
  require(x.rows() >= 2, "x has at least two rows");
  require(std::isfinite(offset) && offset >= 0, "offset is finite and not negative");
  require_fit(x, scaling, groups);
  require(scaling.constant.rows() == groups.n_groups && scaling.constant.cols() == p,
          "the scaling says which columns are constant");
  EntropyWeights result{VectorXd(p), VectorXd::Zero(p), VectorXd::Zero(p), {}};
  result.uninformative.resize(p);
  for_pieces(p, threads_for_cells(x.size(), threads), [&](Index j) {
    if (!scaling.constant.col(j).all()) {
      result.divergence[j] = column_divergence(x, scaling, groups, offset, j);
    }
    result.uninformative[j] = !(result.divergence[j] > 0);
  });
  result.entropy = (1 - result.divergence.array()).matrix();
  const double total = result.divergence.sum();
  if (total > 0) result.weight = result.divergence / total;
  return result;
}

}  // namespace flowresil
