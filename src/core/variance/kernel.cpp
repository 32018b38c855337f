#include "variance/kernel.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <vector>

#include "base/contract.hpp"
#include "base/parallel.hpp"

namespace flowresil {

using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;

namespace {

constexpr double pi = 3.14159265358979323846;
constexpr Index piece_places = 256;
constexpr Index pieces_at_once = 64;

// Adds s_i (s_i / 2 + near)' over rows: twice the symmetric part is the sum over all pairs.
template <class Near>
MatrixXd sum_pairs(const Eigen::Ref<const MatrixXd>& scores, Index piece, int threads,
                   const Interrupted& interrupted, const Near& near) {
  const Index n = scores.rows();
  const Index k = scores.cols();
  MatrixXd total = MatrixXd::Zero(k, k);
  std::vector<MatrixXd> sums(static_cast<std::size_t>(pieces_at_once));
  for (Index begin = 0; begin < n; begin += pieces_at_once * piece) {
    if (interrupted && interrupted()) throw Interruption();
    const Index n_pieces = std::min(pieces_at_once, count_pieces(n - begin, piece));
    for_pieces(n_pieces, threads, [&](Index p) {
      VectorXd near_sum(k);
      MatrixXd sum = MatrixXd::Zero(k, k);
      const Index first = begin + p * piece;
      for (Index place = first; place < std::min(first + piece, n); ++place) {
        const Index row = near(place, near_sum);
        near_sum += scores.row(row).transpose() / 2;
        sum.noalias() += scores.row(row).transpose() * near_sum.transpose();
      }
      sums[static_cast<std::size_t>(p)] = sum;
    });
    for (Index p = 0; p < n_pieces; ++p)
      total += sums[static_cast<std::size_t>(p)];
  }
  return total + total.transpose();
}

// Places by band of latitude, then longitude in -180..180.
class Bands {
 public:
  Bands(const double* latitude, const double* longitude, Index n, double cutoff)
      : height_(std::max(cutoff / earth_radius * 180.0 / pi * (1 + 1e-9), 1e-3)),
        order_(static_cast<std::size_t>(n)) {
    std::iota(order_.begin(), order_.end(), Index{0});
    std::vector<Index> band(order_.size());
    std::vector<double> turned(order_.size());
    for (std::size_t i = 0; i < order_.size(); ++i) {
      band[i] = band_of(latitude[i]);
      turned[i] = std::remainder(longitude[i], 360.0);
    }
    std::sort(order_.begin(), order_.end(), [&](Index a, Index b) {
      const std::size_t x = static_cast<std::size_t>(a), y = static_cast<std::size_t>(b);
      if (band[x] != band[y]) return band[x] < band[y];
      if (turned[x] < turned[y] || turned[y] < turned[x]) return turned[x] < turned[y];
      return a < b;
    });
    begin_.assign(static_cast<std::size_t>(band_of(90.0)) + 2, 0);
    for (Index i : order_) {
      ++begin_[static_cast<std::size_t>(band[static_cast<std::size_t>(i)]) + 1];
      longitudes_.push_back(turned[static_cast<std::size_t>(i)]);
      latitudes_.push_back(latitude[i]);
    }
    for (std::size_t b = 1; b < begin_.size(); ++b)
      begin_[b] += begin_[b - 1];
  }

  Index row(Index place) const { return order_[static_cast<std::size_t>(place)]; }
  double latitude(Index place) const { return latitudes_[static_cast<std::size_t>(place)]; }
  double longitude(Index place) const { return longitudes_[static_cast<std::size_t>(place)]; }
  Index band_of(double latitude) const { return static_cast<Index>(std::floor((latitude + 90.0) / height_)); }

  // Calls visit(other) for the places after `place` that may lie within `angle` (degrees).
  template <class Visit>
  void visit_later(Index place, double angle, const Visit& visit) const {
    const Index band = band_of(latitude(place));
    const double width = window(latitude(place), angle);
    const Index n_bands = static_cast<Index>(begin_.size()) - 1;
    for (Index b = band; b < std::min(band + 2, n_bands); ++b) {
      const Index first = b == band ? place + 1 : begin_[static_cast<std::size_t>(b)];
      const Index last = begin_[static_cast<std::size_t>(b) + 1];
      if (width >= 180.0) {
        visit_range(first, last, -181.0, 181.0, visit);
        continue;
      }
      const double low = longitude(place) - width, high = longitude(place) + width;
      visit_range(first, last, low, high, visit);
      if (low < -180.0) visit_range(first, last, low + 360.0, 181.0, visit);
      if (high > 180.0) visit_range(first, last, -181.0, high - 360.0, visit);
    }
  }

 private:
  // How far in longitude a place within the angle can lie; 180 where a pole is that near.
  static double window(double latitude, double angle) {
    if (std::abs(latitude) + angle >= 90.0 - 1e-9) return 180.0;
    const double ratio = std::sin(angle * pi / 180.0) / std::cos(latitude * pi / 180.0);
    return ratio >= 1.0 ? 180.0 : std::asin(ratio) * 180.0 / pi + 1e-9;
  }

  template <class Visit>
  void visit_range(Index first, Index last, double low, double high, const Visit& visit) const {
    const auto begin = longitudes_.begin();
    for (Index other = std::lower_bound(begin + first, begin + std::max(first, last), low) - begin;
         other < last && longitude(other) <= high; ++other)
      visit(other);
  }

  double height_;
  std::vector<Index> order_;
  std::vector<double> latitudes_, longitudes_;
  std::vector<Index> begin_;
};

}  // namespace

MatrixXd lag_products(const Eigen::Ref<const MatrixXd>& scores, const int* order, const int* unit,
                      const double* when, Index lags, int threads) {
  const Index n = scores.rows();
  require(lags >= 0, "there must be no negative lag");
  for (Index place = 0; place < n; ++place) {
    require(order[place] >= 0 && order[place] < n, "the order must hold rows");
    if (place == 0) continue;
    const int here = order[place], last = order[place - 1];
    require(unit[last] < unit[here] || (unit[last] == unit[here] && when[last] < when[here]),
            "rows must be in order of unit and time, each once");
  }
  return sum_pairs(scores, piece_rows, threads, {}, [&](Index place, VectorXd& sum) {
    const int row = order[place];
    sum.setZero();
    for (Index other = place + 1; other < n; ++other) {
      const int next = order[other];
      const double apart = when[next] - when[row];
      if (unit[next] != unit[row] || apart > static_cast<double>(lags)) break;
      sum += (1.0 - apart / static_cast<double>(lags + 1)) * scores.row(next).transpose();
    }
    return static_cast<Index>(row);
  });
}

double great_circle(double latitude, double longitude, double other_latitude, double other_longitude) {
  const double radian = pi / 180.0;
  const double up = std::sin((other_latitude - latitude) * radian / 2);
  const double along = std::sin((other_longitude - longitude) * radian / 2);
  const double chord =
      up * up + std::cos(latitude * radian) * std::cos(other_latitude * radian) * along * along;
  return 2 * earth_radius * std::asin(std::sqrt(std::min(chord, 1.0)));
}

MatrixXd near_products(const Eigen::Ref<const MatrixXd>& scores, const double* latitude,
                       const double* longitude, double cutoff, Kernel kernel, int threads,
                       const Interrupted& interrupted) {
  const Index n = scores.rows();
  require(cutoff > 0, "the cutoff must be positive");
  for (Index i = 0; i < n; ++i)
    require(std::abs(latitude[i]) <= 90.0 && std::isfinite(longitude[i]), "places must lie on the globe");
  const Bands bands(latitude, longitude, n, cutoff);
  const double angle = cutoff / earth_radius * 180.0 / pi;
  return sum_pairs(scores, piece_places, threads, interrupted, [&](Index place, VectorXd& sum) {
    sum.setZero();
    bands.visit_later(place, angle, [&](Index other) {
      const double distance = great_circle(bands.latitude(place), bands.longitude(place),
                                           bands.latitude(other), bands.longitude(other));
      if (distance > cutoff) return;
      const double weight = kernel == Kernel::uniform ? 1.0 : 1.0 - distance / cutoff;
      sum += weight * scores.row(bands.row(other)).transpose();
    });
    return bands.row(place);
  });
}

}  // namespace flowresil
