#include "variance/kernel.hpp"

#include <algorithm>
#include <cmath>
#include <vector>

#include "base/contract.hpp"
#include "base/parallel.hpp"
#include "variance/cluster_rows.hpp"
#include "variance/cluster_sums.hpp"

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

// -180..180
double turned(double longitude) {
  if (longitude > 180.0) longitude -= 360.0;
  return longitude < -180.0 || longitude > 180.0 ? std::remainder(longitude, 360.0) : longitude;
}

// Places in order of bands of latitude, then of longitude in -180..180, then of latitude.
class Bands {
 public:
  // Writes the place of each row to `place`.
  Bands(const double* latitude, const double* longitude, Index n, double cutoff, std::vector<int>& place)
      : height_(std::max(cutoff / earth_radius * 180.0 / pi * (1 + 1e-9), 1e-3)), latitude_(latitude) {
    begin_.assign(static_cast<std::size_t>(band_of(90.0)) + 2, 0);
    for (Index i = 0; i < n; ++i)
      ++begin_[static_cast<std::size_t>(band_of(latitude[i])) + 1];
    for (std::size_t b = 1; b < begin_.size(); ++b)
      begin_[b] += begin_[b - 1];
    std::vector<int>& order = first_;
    order.resize(static_cast<std::size_t>(n));
    std::vector<Index> next(begin_.begin(), begin_.end() - 1);
    for (Index i = 0; i < n; ++i) {
      const std::size_t band = static_cast<std::size_t>(band_of(latitude[i]));
      order[static_cast<std::size_t>(next[band]++)] = static_cast<int>(i);
    }
    for (std::size_t b = 0; b + 1 < begin_.size(); ++b) {
      std::sort(order.begin() + begin_[b], order.begin() + begin_[b + 1], [&](int x, int y) {
        const double east = turned(longitude[x]), other = turned(longitude[y]);
        if (east < other || other < east) return east < other;
        if (latitude[x] < latitude[y] || latitude[y] < latitude[x]) return latitude[x] < latitude[y];
        return x < y;
      });
    }
    join_rows(longitude, place);
  }

  Index n_places() const { return static_cast<Index>(first_.size()); }
  double latitude(Index place) const { return latitude_[first_[static_cast<std::size_t>(place)]]; }
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

  // Rows of one place stand together: each is kept once, by its first row.
  void join_rows(const double* longitude, std::vector<int>& place) {
    place.resize(first_.size());
    longitudes_.reserve(first_.size());
    std::size_t n = 0, band = 0;
    for (std::size_t at = 0; at < first_.size(); ++at) {
      const int row = first_[at];
      while (static_cast<Index>(at) == begin_[band]) {
        begin_[band] = static_cast<Index>(n);  // the band's places, where its rows stood
        ++band;
      }
      const double east = turned(longitude[row]);
      const bool again =
          n > 0 && begin_[band - 1] < static_cast<Index>(n) &&
          !(longitudes_.back() < east || east < longitudes_.back()) &&
          !(latitude_[first_[n - 1]] < latitude_[row] || latitude_[row] < latitude_[first_[n - 1]]);
      if (!again) {
        first_[n++] = row;
        longitudes_.push_back(east);
      }
      place[static_cast<std::size_t>(row)] = static_cast<int>(n) - 1;
    }
    for (; band < begin_.size(); ++band)
      begin_[band] = static_cast<Index>(n);
    first_.resize(n);
  }

  double height_;
  const double* latitude_;
  std::vector<int> first_;
  std::vector<double> longitudes_;
  std::vector<Index> begin_;
};

}  // namespace

MatrixXd lag_products(const Eigen::Ref<const MatrixXd>& scores, const Effect& unit, const Effect& period,
                      const double* times, Index lags, int threads) {
  const Index n = scores.rows();
  require(lags >= 0, "there must be no negative lag");
  Sample grouped;
  grouped.n_rows = n;
  grouped.effects = {unit, period};
  check_sample(grouped);
  for (Index t = 1; t < period.n_levels; ++t)
    require(times[t - 1] < times[t], "times must increase");
  RowsByLevel rows(unit, n);
  rows.sort([&](int a, int b) { return period.codes[a] < period.codes[b]; });
  const int* order = rows.rows(0);
  for (Index place = 1; place < n; ++place) {
    const int here = order[place], last = order[place - 1];
    if (unit.codes[here] == unit.codes[last] && period.codes[here] == period.codes[last]) return {};
  }
  return sum_pairs(scores, piece_rows, threads, {}, [&](Index place, VectorXd& sum) {
    const int row = order[place];
    sum.setZero();
    for (Index other = place + 1; other < n; ++other) {
      const int next = order[other];
      const double apart = times[period.codes[next]] - times[period.codes[row]];
      if (unit.codes[next] != unit.codes[row] || apart > static_cast<double>(lags)) break;
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

MatrixXd near_products(const std::vector<ScorePass>& passes, const double* latitude, const double* longitude,
                       double cutoff, Kernel kernel, int threads, const Interrupted& interrupted) {
  require(!passes.empty(), "there must be an equation");
  const Index n = passes[0].sample().n_rows;
  Index n_scores = 0;
  for (const ScorePass& pass : passes) {
    pass.require_turn();
    require(pass.sample().n_rows == n, "equations must have the same rows");
    n_scores += pass.n_scores();
  }
  require(cutoff > 0, "the cutoff must be positive");
  for (Index i = 0; i < n; ++i)
    require(std::abs(latitude[i]) <= 90.0 && std::isfinite(longitude[i]), "places must lie on the globe");
  std::vector<int> place;
  const Bands bands(latitude, longitude, n, cutoff, place);
  MatrixXd scores(bands.n_places(), n_scores);
  Index first = 0;
  for (const ScorePass& pass : passes) {
    const GroupSums sums = sum_scores(pass, {{{{place.data(), bands.n_places()}}}}, threads)[0];
    for (Index begin = 0; begin < scores.rows(); begin += block_rows) {
      const Index rows = std::min(block_rows, scores.rows() - begin);
      scores.block(begin, first, rows, pass.n_scores()).noalias() =
          sums.sums.middleRows(begin, rows) * pass.turn();
    }
    first += pass.n_scores();
  }
  std::vector<int>().swap(place);
  const double angle = cutoff / earth_radius * 180.0 / pi;
  return sum_pairs(scores, piece_places, threads, interrupted, [&](Index here, VectorXd& sum) {
    sum.setZero();
    bands.visit_later(here, angle, [&](Index other) {
      const double distance = great_circle(bands.latitude(here), bands.longitude(here), bands.latitude(other),
                                           bands.longitude(other));
      if (distance > cutoff) return;
      const double weight = kernel == Kernel::uniform ? 1.0 : 1.0 - distance / cutoff;
      sum += weight * scores.row(other).transpose();
    });
    return here;
  });
}

}  // namespace flowresil
