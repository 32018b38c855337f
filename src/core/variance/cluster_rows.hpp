// Rows of one cluster after the other: what corrections of a cluster's residuals need, which sums by cluster
// do not hold.
#pragma once

#include <vector>

#include <Eigen/Core>

#include "regression/score_pass.hpp"

namespace flowresil {

// The rows of one cluster.
struct ClusterBlock {
  Eigen::MatrixXd columns;    // n x n_scores: turned columns that scores are made of, before weights
  Eigen::VectorXd residuals;  // n
  Eigen::VectorXd weights;    // n, one where there are none
  std::vector<std::vector<int>> codes;  // by effect

  Eigen::Index n() const { return residuals.size(); }
};

// Where the rows of each level of a grouping stand, in row order.
class RowsByLevel {
 public:
  RowsByLevel(const Effect& grouping, Eigen::Index n_rows);

  Eigen::Index n_levels() const { return static_cast<Eigen::Index>(begin_.size()) - 1; }
  Eigen::Index size(Eigen::Index level) const { return begin(level + 1) - begin(level); }
  const int* rows(Eigen::Index level) const { return rows_.data() + begin(level); }

 private:
  Eigen::Index begin(Eigen::Index level) const { return begin_[static_cast<std::size_t>(level)]; }

  std::vector<Eigen::Index> begin_;
  std::vector<int> rows_;
};

// Reads clusters of a sample. All that it is given must outlive it.
class ClusterReader {
 public:
  // Throws ContractViolation where sizes do not fit, and where there is no turn.
  ClusterReader(const Sample& sample, const WithinSolution& solution, const ScoreColumns& scores,
                const Effect& cluster);

  // Columns and residuals are left out where they are not asked for. O(rows of the cluster x columns).
  ClusterBlock read(Eigen::Index cluster, bool with_columns = true) const;

  const Sample& sample() const { return sample_; }
  const ScoreColumns& scores() const { return scores_; }
  const RowsByLevel& rows() const { return rows_; }
  Eigen::Index n_clusters() const { return rows_.n_levels(); }

 private:
  void write_columns(const Sample& own, const ScoreColumns& scores, ClusterBlock& block) const;

  const Sample& sample_;
  const WithinSolution& solution_;
  const ScoreColumns& scores_;
  RowsByLevel rows_;
};

}  // namespace flowresil
