// The pass over rows that makes scores, residuals and the columns they are made of: everything that is asked
// of a fit by row goes through it.
#pragma once

#include <vector>

#include <Eigen/Core>

#include "panel/sample.hpp"
#include "within/solution.hpp"

namespace flowresil {

// What the scores are made of. Each is a combination of the demeaned columns times the weighted residual;
// rows, or sums by cluster, are turned before products are taken: in an orthonormal basis these do not square
// the condition of the columns. A turn by cluster costs nothing beside the pass over rows, but only a
// combination by row saves the digits of columns that are nearly equal.
struct ScoreColumns {
  Eigen::MatrixXd combination;  // n_columns x n_scores (without the constant's)
  // The residual: the columns times `residual` (n_columns: 1 at the outcome) less the scores' columns times
  // `along` (n_scores). Fitted values out of orthonormal columns do not cancel as those of nearly equal ones
  // do.
  Eigen::VectorXd residual;
  Eigen::VectorXd along;
  Eigen::VectorXd offset;  // n_scores and the outcome's: taken off their columns first; empty: nothing
  Eigen::MatrixXd turn;    // square, one row and column a score, the constant's last
  bool constant = false;   // one more score, last: the residual times `constant_column`
  const double* constant_column = nullptr;  // n_rows; null: all one
};

// The pass over rows: scores of a block, one column a score.
class ScorePass {
 public:
  // Throws ContractViolation where sizes do not fit. All three must outlive the pass.
  ScorePass(const Sample& sample, const WithinSolution& solution, const ScoreColumns& scores);

  // Residuals of rows begin .. end - 1. The scores' columns stand at `columns` then: in `block` (block_rows x
  // n_columns) where a score is one of them as it is, else at out + score * stride. Without the constant's.
  void residuals_and_columns(Eigen::Index begin, Eigen::Index end, Eigen::MatrixXd& block, double* out,
                             Eigen::Index stride, Eigen::VectorXd& residuals,
                             std::vector<const double*>& columns) const;

  // Weighted scores of rows begin .. end - 1, one column a score, at out + score * stride.
  void write_scores(Eigen::Index begin, Eigen::Index end, Eigen::MatrixXd& block, double* out,
                    Eigen::Index stride) const;

  // The columns that scores are made of, the constant's last, times the roots of the weights; the same
  // places.
  void write_columns(Eigen::Index begin, Eigen::Index end, Eigen::MatrixXd& block, double* out,
                     Eigen::Index stride) const;

  // Turns `rows` rows of scores or columns (block_rows x n_scores). Throws ContractViolation without a turn.
  void turn(const Eigen::MatrixXd& values, Eigen::Index rows, Eigen::MatrixXd& turned) const;
  void require_turn() const;

  const Sample& sample() const { return sample_; }
  const Eigen::MatrixXd& turn() const { return scores_.turn; }
  Eigen::Index n_scores() const { return n_scores_; }
  Eigen::Index n_combined() const { return n_combined_; }

 private:
  double offset_of(Eigen::Index score) const {
    return scores_.offset.size() > 0 ? scores_.offset[score] : 0.0;
  }
  bool is_selection(Eigen::Index score) const;

  const Sample& sample_;
  const WithinSolution& solution_;
  const ScoreColumns& scores_;
  Eigen::Index n_combined_;
  Eigen::Index n_scores_;
  std::vector<Eigen::Index> turn_used_;          // scores up to the last that a turned one is made of
  std::vector<std::vector<Eigen::Index>> used_;  // columns that each score is made of
  std::vector<Eigen::Index> of_residual_;        // and the residual
};

}  // namespace flowresil
