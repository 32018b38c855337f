// The effects as one system: the effect with most levels eliminated, the inverse of what is left for the
// others.
#pragma once

#include <vector>

#include <Eigen/Core>

#include "panel/sample.hpp"
#include "variance/cluster_rows.hpp"

namespace flowresil {

// Weights by level, for walking through the rows of one level of another effect.
class LevelWeights {
 public:
  explicit LevelWeights(Eigen::Index n)
      : weight_(Eigen::VectorXd::Zero(n)), met_(static_cast<std::size_t>(n), false) {}

  void add(Eigen::Index level, double weight) {
    if (!met_[static_cast<std::size_t>(level)]) {
      met_[static_cast<std::size_t>(level)] = true;
      levels_.push_back(level);
    }
    weight_[level] += weight;
  }
  void clear() {
    for (Eigen::Index level : levels_) {
      weight_[level] = 0;
      met_[static_cast<std::size_t>(level)] = false;
    }
    levels_.clear();
  }
  const std::vector<Eigen::Index>& levels() const { return levels_; }
  double operator[](Eigen::Index level) const { return weight_[level]; }

 private:
  Eigen::VectorXd weight_;
  std::vector<bool> met_;
  std::vector<Eigen::Index> levels_;
};

// Levels of all effects but the largest stand one after the other. Without effects a constant is eliminated,
// or nothing. The sample must outlive it.
class LevelSystem {
 public:
  // Throws ContractViolation where the effects beside the largest have more than `most_levels` levels
  // together. O(n_rows + levels^3).
  LevelSystem(const Sample& sample, Eigen::Index most_levels);

  const Sample& sample() const { return sample_; }
  bool eliminates() const { return !sample_.effects.empty() || sample_.centre; }
  std::size_t eliminated() const { return eliminated_; }  // the effect, where there are effects
  const std::vector<std::size_t>& others() const { return others_; }
  Eigen::Index first(std::size_t other) const { return first_[other]; }
  Eigen::Index n_levels() const { return n_levels_; }  // of the others
  // Rows by level of the eliminated effect, and its levels' weights.
  const RowsByLevel& rows() const { return rows_; }
  double weight(Eigen::Index level) const { return weights_[level]; }
  // The others' weights in a level of the eliminated effect.
  void sum_level(Eigen::Index level, LevelWeights& all) const;
  // A generalised inverse of the others' system, positive definite: what the system does not determine is
  // added.
  const Eigen::MatrixXd& inverse() const { return inverse_; }

 private:
  void invert();

  const Sample& sample_;
  std::size_t eliminated_ = 0;
  std::vector<std::size_t> others_;
  std::vector<Eigen::Index> first_;
  Eigen::Index n_levels_ = 0;
  std::vector<int> zeros_;  // the one level of a constant
  RowsByLevel rows_;
  Eigen::VectorXd weights_;
  Eigen::MatrixXd inverse_;
};

}  // namespace flowresil
