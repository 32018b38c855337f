#include "variance/crossing_levels.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

#include "base/contract.hpp"
#include "variance/inverses.hpp"

namespace flowresil {

using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;

namespace {

// Sorted, each once.
std::vector<int> distinct(std::vector<int> codes) {
  std::sort(codes.begin(), codes.end());
  codes.erase(std::unique(codes.begin(), codes.end()), codes.end());
  return codes;
}

Index place_of(const std::vector<int>& sorted, int code) {
  return std::lower_bound(sorted.begin(), sorted.end(), code) - sorted.begin();
}

// Places of values among sorted ones that hold them.
std::vector<Index> places_in(const std::vector<Index>& sorted, const std::vector<Index>& values) {
  std::vector<Index> places;
  for (Index value : values)
    places.push_back(std::lower_bound(sorted.begin(), sorted.end(), value) - sorted.begin());
  return places;
}

void add_at(const std::vector<Index>& at, const MatrixXd& products, const VectorXd& sums,
            ClusterProducts& target) {
  for (std::size_t b = 0; b < at.size(); ++b) {
    target.sums[at[b]] += sums[static_cast<Index>(b)];
    for (std::size_t a = 0; a < at.size(); ++a)
      target.products(at[a], at[b]) += products(static_cast<Index>(a), static_cast<Index>(b));
  }
}

}  // namespace

std::size_t CrossingLevels::effect_taken_out(const Sample& sample, const std::vector<bool>& nested) {
  std::size_t largest = nested.size();
  if (std::find(nested.begin(), nested.end(), false) == nested.end()) return largest;
  for (std::size_t j = 0; j < nested.size(); ++j) {
    if (!nested[j]) continue;
    if (largest == nested.size() || sample.effects[j].n_levels > sample.effects[largest].n_levels)
      largest = j;
  }
  return largest;
}

CrossingLevels::CrossingLevels(const ClusterReader& reader, const std::vector<bool>& nested,
                               Index most_levels) {
  const Sample& sample = reader.sample();
  require(nested.size() == sample.effects.size(), "every effect must be nested or not");
  require(!sample.effects.empty() || !sample.centre || reader.scores().constant,
          "a constant must be among the scores where there are no effects");
  n_regressors_ = reader.scores().combination.cols();
  if (sample.effects.empty() && reader.scores().constant) ++n_regressors_;
  const bool some_cross = std::find(nested.begin(), nested.end(), false) != nested.end();
  nested_ = effect_taken_out(sample, nested);
  takes_out_ = nested_ < nested.size();
  for (std::size_t j = 0; j < nested.size(); ++j) {
    if (!some_cross || (takes_out_ && j == nested_)) continue;
    crossing_.push_back(j);
    first_.push_back(n_levels_);
    n_levels_ += sample.effects[j].n_levels;
  }
  require(n_levels_ <= most_levels, "no more levels may cross the clusters than are inverted");
  middle_ = MatrixXd::Identity(n_directions(), n_directions());
  definite_middle_ = middle_;
  if (n_levels_ == 0) return;
  const GeneralisedInverse found = generalised_inverse(gram(reader));
  middle_.bottomRightCorner(n_levels_, n_levels_) = found.inverse;
  definite_middle_.bottomRightCorner(n_levels_, n_levels_) =
      found.inverse + found.null * found.null.transpose();
}

ClusterDirections CrossingLevels::levels(const ClusterBlock& block) const {
  ClusterDirections found;
  std::vector<Index> begin;
  std::vector<std::vector<int>> present;
  for (std::size_t j = 0; j < crossing_.size(); ++j) {
    begin.push_back(static_cast<Index>(found.at.size()));
    present.push_back(distinct(block.codes[crossing_[j]]));
    for (int code : present.back())
      found.at.push_back(first_[j] + code);
  }
  found.columns.setZero(block.n(), static_cast<Index>(found.at.size()));
  for (std::size_t j = 0; j < crossing_.size(); ++j) {
    for (Index i = 0; i < block.n(); ++i)
      found.columns(
          i, begin[j] + place_of(present[j], block.codes[crossing_[j]][static_cast<std::size_t>(i)])) = 1;
  }
  return found;
}

void CrossingLevels::take_out_nested(const ClusterBlock& block, MatrixXd& dummies) const {
  const std::vector<int>& codes = block.codes[nested_];
  const std::vector<int> present = distinct(codes);
  std::vector<Index> of(codes.size());
  MatrixXd means = MatrixXd::Zero(static_cast<Index>(present.size()), dummies.cols());
  VectorXd sums = VectorXd::Zero(means.rows());
  for (Index i = 0; i < block.n(); ++i) {
    const Index level = place_of(present, codes[static_cast<std::size_t>(i)]);
    of[static_cast<std::size_t>(i)] = level;
    means.row(level) += block.weights[i] * dummies.row(i);
    sums[level] += block.weights[i];
  }
  means.array().colwise() /= sums.array();
  for (Index i = 0; i < block.n(); ++i)
    dummies.row(i) -= means.row(of[static_cast<std::size_t>(i)]);
}

// Without an effect to take out the dummies' products are counts of pairs.
MatrixXd CrossingLevels::gram(const ClusterReader& reader) const {
  const Sample& sample = reader.sample();
  MatrixXd sum = MatrixXd::Zero(n_levels_, n_levels_);
  if (!takes_out_) {
    for (Index i = 0; i < sample.n_rows; ++i) {
      for (std::size_t a = 0; a < crossing_.size(); ++a) {
        for (std::size_t b = 0; b < crossing_.size(); ++b)
          sum(first_[a] + sample.effects[crossing_[a]].codes[i],
              first_[b] + sample.effects[crossing_[b]].codes[i]) += sample.weight(i);
      }
    }
    return sum;
  }
  for (Index g = 0; g < reader.n_clusters(); ++g) {
    const ClusterBlock block = reader.read(g, false);
    ClusterDirections own = levels(block);
    take_out_nested(block, own.columns);
    const MatrixXd products = own.columns.transpose() * block.weights.asDiagonal() * own.columns;
    for (std::size_t a = 0; a < own.at.size(); ++a) {
      for (std::size_t b = 0; b < own.at.size(); ++b)
        sum(own.at[a], own.at[b]) += products(static_cast<Index>(a), static_cast<Index>(b));
    }
  }
  return sum;
}

ClusterProducts CrossingLevels::products(const ClusterReader& reader, Index cluster, Index part_rows) const {
  ClusterProducts found;  // the regressors' place at least, also of a cluster without rows
  for (Index c = 0; c < n_regressors_; ++c)
    found.at.push_back(c);
  found.products.setZero(n_regressors_, n_regressors_);
  found.sums.setZero(n_regressors_);
  const auto add = [&](const ClusterDirections& own, const MatrixXd& products, const VectorXd& sums) {
    std::vector<Index> at;
    std::set_union(found.at.begin(), found.at.end(), own.at.begin(), own.at.end(), std::back_inserter(at));
    const Index m = static_cast<Index>(at.size());
    if (at.size() != found.at.size()) {
      const std::vector<Index> before = places_in(at, found.at);
      ClusterProducts wider{at, MatrixXd::Zero(m, m), VectorXd::Zero(m)};
      add_at(before, found.products, found.sums, wider);
      found = std::move(wider);
    }
    add_at(places_in(at, own.at), products, sums, found);
  };
  const Effect* whole = takes_out_ ? &reader.sample().effects[nested_] : nullptr;
  reader.visit_parts(cluster, whole, part_rows, [&](const ClusterBlock& block) {
    const ClusterDirections own = directions(block);
    const MatrixXd weighted = block.weights.asDiagonal() * own.columns;
    add(own, own.columns.transpose() * weighted, weighted.transpose() * block.residuals);
  });
  return found;
}

ClusterDirections CrossingLevels::directions(const ClusterBlock& block) const {
  ClusterDirections own = levels(block);
  if (takes_out_) take_out_nested(block, own.columns);
  ClusterDirections all;
  all.columns.resize(block.n(), n_regressors_ + own.columns.cols());
  all.columns << block.columns.leftCols(n_regressors_), own.columns;
  for (Index c = 0; c < n_regressors_; ++c)
    all.at.push_back(c);
  for (Index level : own.at)
    all.at.push_back(n_regressors_ + level);
  return all;
}

}  // namespace flowresil
