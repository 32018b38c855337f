#include "variance/level_system.hpp"

#include "base/contract.hpp"
#include "variance/inverses.hpp"

namespace flowresil {

using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;

namespace {

std::size_t largest_effect(const Sample& sample) {
  std::size_t largest = 0;
  for (std::size_t j = 1; j < sample.effects.size(); ++j) {
    if (sample.effects[j].n_levels > sample.effects[largest].n_levels) largest = j;
  }
  return largest;
}

}  // namespace

LevelSystem::LevelSystem(const Sample& sample, Index most_levels)
    : sample_(sample),
      eliminated_(largest_effect(sample)),
      zeros_(sample.effects.empty() ? static_cast<std::size_t>(sample.n_rows) : 0, 0),
      rows_(sample.effects.empty() ? Effect{zeros_.data(), 1} : sample.effects[eliminated_], sample.n_rows),
      weights_(VectorXd::Zero(rows_.n_levels())) {
  for (std::size_t j = 0; j < sample.effects.size(); ++j) {
    if (j == eliminated_) continue;
    others_.push_back(j);
    first_.push_back(n_levels_);
    n_levels_ += sample.effects[j].n_levels;
  }
  require(n_levels_ <= most_levels,
          "the effects beside the largest must not have more levels than are solved");
  for (Index level = 0; level < rows_.n_levels(); ++level) {
    for (Index r = 0; r < rows_.size(level); ++r)
      weights_[level] += sample.weight(rows_.rows(level)[r]);
  }
  if (n_levels_ > 0) invert();
}

// The inverse of the others' system, what it does not determine added.
void LevelSystem::invert() {
  MatrixXd system = MatrixXd::Zero(n_levels_, n_levels_);
  for (Index i = 0; i < sample_.n_rows; ++i) {
    for (std::size_t a = 0; a < others_.size(); ++a) {
      for (std::size_t b = 0; b < others_.size(); ++b)
        system(first_[a] + sample_.effects[others_[a]].codes[i],
               first_[b] + sample_.effects[others_[b]].codes[i]) += sample_.weight(i);
    }
  }
  LevelWeights all(n_levels_);
  for (Index level = 0; level < rows_.n_levels(); ++level) {
    sum_level(level, all);
    for (Index a : all.levels()) {
      for (Index b : all.levels())
        system(a, b) -= all[a] * all[b] / weights_[level];
    }
  }
  const GeneralisedInverse found = generalised_inverse(system);
  inverse_ = found.inverse + found.null * found.null.transpose();
}

// The other effects' weights in a level of the eliminated one.
void LevelSystem::sum_level(Index level, LevelWeights& all) const {
  all.clear();
  for (Index r = 0; r < rows_.size(level); ++r) {
    const Index i = rows_.rows(level)[r];
    for (std::size_t j = 0; j < others_.size(); ++j)
      all.add(first_[j] + sample_.effects[others_[j]].codes[i], sample_.weight(i));
  }
}

}  // namespace flowresil
