#include "filter/hp_filter.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "base/contract.hpp"
#include "base/parallel.hpp"

namespace flowresil {

using Eigen::Index;

namespace {

// Above this lambda, rounding in the pivots would cost more than half of the digits of a long series
// (relative error about 1e-16 lambda in doubles), so that the solve runs in long doubles.
constexpr double wide_from = 1e4;

constexpr Index lanes = 8;  // series interleaved
constexpr Index batches_a_piece = 64;

// LDL' of level * I + weight * K K', whose diagonals are level + 6 weight, -4 weight and weight.
// That is I + lambda K K', or the same over lambda when lambda > 1, so that no lambda overflows.
template <class Real>
struct Factor {
  Real weight;
  std::vector<Real> below;      // first subdiagonal of L
  std::vector<Real> below_two;  // second subdiagonal of L
  std::vector<Real> inverse;    // 1 / D
};

template <class Real>
Factor<Real> factorise(Index size, double lambda) {
  const Real level = lambda > 1 ? 1 / static_cast<Real>(lambda) : static_cast<Real>(1);
  const Real weight = lambda > 1 ? static_cast<Real>(1) : static_cast<Real>(lambda);
  const auto n = static_cast<std::size_t>(size);
  // Two more, which the way back of the longest series multiplies by 0.
  Factor<Real> factor{weight, std::vector<Real>(n + 2, 0), std::vector<Real>(n + 2, 0),
                      std::vector<Real>(n, 0)};
  Real pivot = 0;
  for (std::size_t i = 0; i < n; ++i) {
    Real next = level + 6 * weight;
    if (i > 1) {
      factor.below_two[i] = weight * factor.inverse[i - 2];
      next -= factor.below_two[i] * weight;
    }
    if (i > 0) {
      const Real off = -4 * weight - (i > 1 ? weight * factor.below[i - 1] : 0);
      factor.below[i] = off * factor.inverse[i - 1];
      next -= factor.below[i] * off;
    }
    pivot = next;
    factor.inverse[i] = 1 / pivot;
  }
  return factor;
}

// Values of one length on their way through the filter, a pack (one value of each of `width` series) a
// period. v holds the solution between two packs of zeros on each side, so that no loop asks for ends.
template <Index width, class Real>
struct Workspace {
  using Pack = Eigen::Array<Real, width, 1>;
  std::vector<Pack> y;
  std::vector<Pack> v;

  void reserve(Index length) {
    if (static_cast<Index>(y.size()) >= length) return;
    y.resize(static_cast<std::size_t>(length));
    v.resize(static_cast<std::size_t>(length) + 2);
  }
};

// Replaces the second differences in v[2] .. v[size + 1] by the solution of the factored system.
template <class Real, class Pack>
void solve(const Factor<Real>& factor, std::vector<Pack>& v, Index size) {
  const Real* below = factor.below.data();
  const Real* below_two = factor.below_two.data();
  const Real* inverse = factor.inverse.data();
  Pack one = Pack::Zero();
  Pack two = Pack::Zero();
  for (Index i = 0; i < size; ++i) {
    const Pack now = v[i + 2] - below[i] * one - below_two[i] * two;
    v[i + 2] = now;
    two = one;
    one = now;
  }
  one.setZero();
  two.setZero();
  for (Index i = size - 1; i >= 0; --i) {
    const Pack now = v[i + 2] * inverse[i] - below[i + 1] * one - below_two[i + 2] * two;
    v[i + 2] = now;
    two = one;
    one = now;
  }
}

// What the filter reads and writes.
struct Series {
  const double* y;
  double* trend;
  double* cycle;
};

// Filters `width` series of one length (3 or more) that start at `starts`.
template <Index width, class Real>
void filter_pack(const Factor<Real>& factor, const Series& series, const Index* starts, Index length,
                 Workspace<width, Real>& work) {
  using Pack = Eigen::Array<Real, width, 1>;
  const Index size = length - 2;
  work.reserve(length);
  std::vector<Pack>& y = work.y;
  std::vector<Pack>& v = work.v;
  for (Index k = 0; k < width; ++k) {
    const double* from = series.y + starts[k];
    for (Index t = 0; t < length; ++t)
      y[t][k] = static_cast<Real>(from[t]);
  }
  v[0] = v[1] = v[size + 2] = v[size + 3] = Pack::Zero();
  // Differences of neighbours first: exactly 0 for a constant.
  for (Index i = 0; i < size; ++i)
    v[i + 2] = (y[i + 2] - y[i + 1]) - (y[i + 1] - y[i]);
  solve<Real, Pack>(factor, v, size);
  for (Index t = 0; t < length; ++t)
    v[t] = factor.weight * (v[t + 2] - 2 * v[t + 1] + v[t]);
  for (Index k = 0; k < width; ++k) {
    const double* from = series.y + starts[k];
    double* trend = series.trend + starts[k];
    double* cycle = series.cycle + starts[k];
    for (Index t = 0; t < length; ++t) {
      cycle[t] = static_cast<double>(v[t][k]);
      trend[t] = from[t] - cycle[t];
    }
  }
}

// Filters the series number order[from] .. order[to - 1]; neighbours of one length go `width` at a time.
template <Index width, class Real>
void filter_batch(const Factor<Real>& factor, const Series& series, const std::vector<Index>& first,
                  const std::vector<Index>& order, Index from, Index to) {
  Workspace<width, Real> wide;
  Workspace<1, Real> narrow;
  const auto length_of = [&](Index s) { return first[order[s] + 1] - first[order[s]]; };
  for (Index s = from; s < to;) {
    const Index length = length_of(s);
    const Index last = s + width - 1;
    Index starts[width];
    if (length > 2 && last < to && length_of(last) == length) {
      for (Index k = 0; k < width; ++k)
        starts[k] = first[order[s + k]];
      filter_pack<width, Real>(factor, series, starts, length, wide);
      s += width;
      continue;
    }
    starts[0] = first[order[s]];
    if (length > 2) {
      filter_pack<1, Real>(factor, series, starts, length, narrow);
    } else {
      for (Index t = starts[0]; t < starts[0] + length; ++t) {
        series.trend[t] = series.y[t];
        series.cycle[t] = 0;
      }
    }
    ++s;
  }
}

template <Index width, class Real>
void filter_all(const Series& series, const std::vector<Index>& first, double lambda, int threads) {
  const auto n_series = static_cast<Index>(first.size()) - 1;
  const auto length_of = [&](Index s) { return first[s + 1] - first[s]; };
  std::vector<Index> order(static_cast<std::size_t>(n_series));
  std::iota(order.begin(), order.end(), Index{0});
  const auto shorter = [&](Index a, Index b) { return length_of(a) < length_of(b); };
  // Equal lengths side by side fill the packs; longest last.
  if (!std::is_sorted(order.begin(), order.end(), shorter)) {
    std::stable_sort(order.begin(), order.end(), shorter);
  }
  const Index longest = length_of(order.back());
  const Factor<Real> factor = factorise<Real>(std::max<Index>(longest - 2, 0), lambda);
  const Index piece = lanes * batches_a_piece;
  for_pieces(count_pieces(n_series, piece), threads_for_cells(first.back(), threads), [&](Index b) {
    filter_batch<width, Real>(factor, series, first, order, b * piece, std::min(n_series, (b + 1) * piece));
  });
}

}  // namespace

void hp_filter(const Eigen::Ref<const Eigen::VectorXd>& y, const std::vector<Index>& first, double lambda,
               int threads, Eigen::Ref<Eigen::VectorXd> trend, Eigen::Ref<Eigen::VectorXd> cycle) {
  require(std::isfinite(lambda) && lambda >= 0, "lambda is finite and not negative");
  require(y.size() >= 1 && y.allFinite(), "y has finite values");
  require(trend.size() == y.size() && cycle.size() == y.size(), "trend and cycle have the size of y");
  require(first.size() >= 2 && first.front() == 0 && first.back() == y.size(), "the series cover y");
  for (std::size_t s = 1; s < first.size(); ++s)
    require(first[s] > first[s - 1], "no series is empty");
  if (!(lambda > 0)) {
    trend = y;
    cycle.setZero();
    return;
  }
  const Series series{y.data(), trend.data(), cycle.data()};
  if (lambda > wide_from) {
    filter_all<1, long double>(series, first, lambda, threads);
  } else {
    filter_all<lanes, double>(series, first, lambda, threads);
  }
}

std::vector<Index> equal_runs(Index length, Index n_series) {
  require(length >= 1 && n_series >= 1, "there is at least one series of at least one value");
  std::vector<Index> first(static_cast<std::size_t>(n_series) + 1);
  for (Index s = 0; s <= n_series; ++s)
    first[s] = s * length;
  return first;
}

std::vector<Index> runs_of(const Eigen::Ref<const Eigen::VectorXi>& lengths) {
  require(lengths.size() >= 1, "there is at least one series");
  std::vector<Index> first(static_cast<std::size_t>(lengths.size()) + 1, 0);
  for (Index s = 0; s < lengths.size(); ++s) {
    require(lengths[s] >= 1, "no series is empty");
    first[s + 1] = first[s] + lengths[s];
  }
  return first;
}

}  // namespace flowresil
