// Rows of one cluster after the other: what corrections of a cluster's residuals need, which sums by cluster
// do not hold.
#pragma once

#include <algorithm>
#include <vector>

#include <Eigen/Core>

#include "panel/rows_by_level.hpp"
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

// Reads clusters of a sample. All that it is given must outlive it.
class ClusterReader {
 public:
  // Throws ContractViolation where sizes do not fit, and where there is no turn.
  ClusterReader(const Sample& sample, const WithinSolution& solution, const ScoreColumns& scores,
                const Effect& cluster);

  // Columns and residuals are left out where they are not asked for. O(rows of the cluster x columns).
  ClusterBlock read(Eigen::Index cluster, bool with_columns = true) const {
    return read(rows_.rows(cluster), rows_.size(cluster), with_columns);
  }

  // Puts each cluster's rows in order of an effect. Calls visit(block) for parts of a cluster, of `part_rows`
  // or a few more, that hold whole levels of it (any rows where there is none), so that sums over them are
  // those of the cluster, and no cluster stands in memory whole unless it is one level.
  void order_rows(std::size_t effect) {
    const int* codes = sample_.effects[effect].codes;
    rows_.sort([=](int a, int b) { return codes[a] < codes[b] || (codes[a] == codes[b] && a < b); });
    ordered_by_ = codes;
  }
  // Calls visit(block) for parts of a cluster, of `part_rows` or a few more, that hold whole levels of an
  // effect (null: any rows), so that sums over them are those of the cluster. Where rows are not in its order
  // there is one part.
  template <class Visit>
  void visit_parts(Eigen::Index cluster, const Effect* whole, Eigen::Index part_rows,
                   const Visit& visit) const {
    const int* rows = rows_.rows(cluster);
    const Eigen::Index n = rows_.size(cluster);
    const int* codes = whole ? whole->codes : nullptr;
    const Eigen::Index size = codes && codes != ordered_by_ ? n : part_rows;
    for (Eigen::Index begin = 0, end = 0; begin < n; begin = end) {
      end = std::min(begin + size, n);
      while (codes && end < n && codes[rows[end]] == codes[rows[end - 1]])
        ++end;
      visit(read(rows + begin, end - begin, true));
    }
  }

  const Sample& sample() const { return sample_; }
  const ScoreColumns& scores() const { return scores_; }
  const RowsByLevel& rows() const { return rows_; }
  Eigen::Index n_clusters() const { return rows_.n_levels(); }

 private:
  ClusterBlock read(const int* rows, Eigen::Index n, bool with_columns) const;
  void write_columns(const Sample& own, const ScoreColumns& scores, ClusterBlock& block) const;

  const Sample& sample_;
  const WithinSolution& solution_;
  const ScoreColumns& scores_;
  RowsByLevel rows_;
  const int* ordered_by_ = nullptr;  // codes of an effect
};

}  // namespace flowresil
