// Levels of effects that clusters do not contain: regressors of their own where a cluster's residuals are
// corrected.
#pragma once

#include <vector>

#include <Eigen/Core>

#include "variance/cluster_rows.hpp"

namespace flowresil {

// What a cluster has of the columns that residuals are orthogonal to, the effects inside clusters taken out.
struct ClusterDirections {
  Eigen::MatrixXd columns;       // n x m: regressors in orthonormal directions, then levels that occur
  std::vector<Eigen::Index> at;  // m: their places among all
};

struct ClusterProducts {
  std::vector<Eigen::Index> at;  // m: places of the directions
  Eigen::MatrixXd products;      // m square
  Eigen::VectorXd sums;          // m
};

class CrossingLevels {
 public:
  // `nested[j]`: does effect j lie inside the clusters? Where some cross, the nested effect with most levels
  // is taken out and any other counts as crossing. Throws ContractViolation where more than `most_levels`
  // cross.
  CrossingLevels(const ClusterReader& reader, const std::vector<bool>& nested, Eigen::Index most_levels);

  Eigen::Index n_directions() const { return n_regressors_ + n_levels_; }
  // Columns of a cluster, or of rows of it that hold whole levels of the effect taken out, read with its
  // columns. O(n m).
  ClusterDirections directions(const ClusterBlock& block) const;
  // Sums over a cluster of the directions' products, and of theirs with the residuals, with weights. Its rows
  // stand in memory in parts, where the reader has them in order of the effect taken out.
  ClusterProducts products(const ClusterReader& reader, Eigen::Index cluster,
                           Eigen::Index part_rows = 4096) const;
  // The effect taken out; none: the number of effects.
  static std::size_t effect_taken_out(const Sample& sample, const std::vector<bool>& nested);
  // n_directions square: all columns Q with Q middle Q'W the projection on them.
  const Eigen::MatrixXd& middle() const { return middle_; }
  // The same, positive definite: what the levels do not determine is added.
  const Eigen::MatrixXd& definite_middle() const { return definite_middle_; }

 private:
  ClusterDirections levels(const ClusterBlock& block) const;
  void take_out_nested(const ClusterBlock& block, Eigen::MatrixXd& dummies) const;
  Eigen::MatrixXd gram(const ClusterReader& reader) const;

  Eigen::Index n_regressors_ = 0;
  Eigen::Index n_levels_ = 0;
  std::vector<std::size_t> crossing_;  // effects
  std::vector<Eigen::Index> first_;    // where their levels begin
  std::size_t nested_ = 0;             // the effect taken out
  bool takes_out_ = false;
  Eigen::MatrixXd middle_, definite_middle_;
};

}  // namespace flowresil
