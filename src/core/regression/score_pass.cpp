#include "regression/score_pass.hpp"

#include <cmath>

#include "base/blocks.hpp"
#include "base/contract.hpp"
#include "within/demean.hpp"

namespace flowresil {

using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;

namespace {

// The given parts of the block times their weights, less an offset.
template <class Weights, class Out>
void combine(const MatrixXd& block, Index rows, const Weights& weights, const std::vector<Index>& parts,
             double offset, Out& out) {
  if (parts.empty()) out.setZero();
  for (std::size_t p = 0; p < parts.size(); ++p) {
    if (p == 0) {
      out = weights[parts[p]] * block.col(parts[p]).head(rows);
    } else {
      out += weights[parts[p]] * block.col(parts[p]).head(rows);
    }
  }
  if (std::abs(offset) > 0.0) out.array() -= offset;
}

}  // namespace

ScorePass::ScorePass(const Sample& sample, const WithinSolution& solution, const ScoreColumns& scores)
    : sample_(sample),
      solution_(solution),
      scores_(scores),
      n_combined_(scores.combination.cols()),
      n_scores_(n_combined_ + (scores.constant ? 1 : 0)) {
  require(scores.residual.size() == sample.n_columns(), "the residual must have a weight for each column");
  require(n_combined_ == 0 || scores.combination.rows() == sample.n_columns(),
          "scores must combine each column");
  require(scores.along.size() == n_combined_, "the residual must have a coefficient for each score");
  require(scores.offset.size() == 0 || scores.offset.size() == n_combined_ + 1,
          "there must be an offset for each score and for the outcome");
  for (Index c = 0; c < scores.residual.size(); ++c) {
    if (std::abs(scores.residual[c]) > 0.0) of_residual_.push_back(c);
  }
  for (Index s = 0; s < n_combined_; ++s) {
    used_.emplace_back();
    for (Index c = 0; c < scores.combination.rows(); ++c) {
      if (std::abs(scores.combination(c, s)) > 0.0) used_.back().push_back(c);
    }
  }
  // Half of the scores where the turn is a triangle.
  if (scores.turn.rows() != n_scores_ || scores.turn.cols() != n_scores_) return;
  for (Index s = 0; s < n_scores_; ++s) {
    Index n_used = n_scores_;
    while (n_used > 1 && !(std::abs(scores.turn(n_used - 1, s)) > 0.0))
      --n_used;
    turn_used_.push_back(n_used);
  }
}

void ScorePass::require_turn() const {
  require(n_scores_ > 0, "there must be a score");
  require(static_cast<Index>(turn_used_.size()) == n_scores_,
          "the turn must have a row and a column for each score");
}

void ScorePass::residuals_and_columns(Index begin, Index end, MatrixXd& block, double* out, Index stride,
                                      VectorXd& residuals, std::vector<const double*>& columns) const {
  const Index rows = end - begin;
  demean_rows(sample_, solution_, begin, end, block.data(), block_rows);
  combine(block, rows, scores_.residual, of_residual_, offset_of(n_combined_), residuals);
  columns.clear();
  for (Index s = 0; s < n_combined_; ++s) {
    const std::vector<Index>& parts = used_[static_cast<std::size_t>(s)];
    if (is_selection(s)) {
      columns.push_back(block.col(parts[0]).data());
    } else {
      Eigen::Map<VectorXd> column(out + s * stride, rows);
      combine(block, rows, scores_.combination.col(s), parts, offset_of(s), column);
      columns.push_back(column.data());
    }
    residuals -= scores_.along[s] * Eigen::Map<const VectorXd>(columns.back(), rows);
  }
}

void ScorePass::write_scores(Index begin, Index end, MatrixXd& block, double* out, Index stride) const {
  const Index rows = end - begin;
  VectorXd residuals(rows);
  std::vector<const double*> columns;
  residuals_and_columns(begin, end, block, out, stride, residuals, columns);
  if (sample_.weights) residuals.array() *= Eigen::Map<const VectorXd>(sample_.weights + begin, rows).array();
  for (Index s = 0; s < n_combined_; ++s) {
    Eigen::Map<VectorXd>(out + s * stride, rows) =
        residuals.cwiseProduct(Eigen::Map<const VectorXd>(columns[static_cast<std::size_t>(s)], rows));
  }
  if (!scores_.constant) return;
  Eigen::Map<VectorXd> last(out + n_combined_ * stride, rows);
  last = residuals;
  if (scores_.constant_column) {
    last.array() *= Eigen::Map<const VectorXd>(scores_.constant_column + begin, rows).array();
  }
}

void ScorePass::write_columns(Index begin, Index end, MatrixXd& block, double* out, Index stride) const {
  const Index rows = end - begin;
  VectorXd residuals(rows);
  std::vector<const double*> columns;
  residuals_and_columns(begin, end, block, out, stride, residuals, columns);
  for (Index s = 0; s < n_scores_; ++s) {
    Eigen::Map<VectorXd> target(out + s * stride, rows);
    if (s < n_combined_) {
      target = VectorXd(Eigen::Map<const VectorXd>(columns[static_cast<std::size_t>(s)], rows));
    } else if (scores_.constant_column) {
      target = Eigen::Map<const VectorXd>(scores_.constant_column + begin, rows);
    } else {
      target.setOnes();
    }
    if (sample_.weights)
      target.array() *= Eigen::Map<const VectorXd>(sample_.weights + begin, rows).array().sqrt();
  }
}

void ScorePass::turn(const MatrixXd& values, Index rows, MatrixXd& turned) const {
  for (Index s = 0; s < n_scores_; ++s) {
    const Index used = turn_used_[static_cast<std::size_t>(s)];
    turned.col(s).head(rows).noalias() = values.topLeftCorner(rows, used) * scores_.turn.col(s).head(used);
  }
}

// Is the score's column a demeaned column as it is?
bool ScorePass::is_selection(Index score) const {
  const std::vector<Index>& parts = used_[static_cast<std::size_t>(score)];
  return parts.size() == 1 && std::abs(scores_.combination(parts[0], score) - 1.0) <= 0.0 &&
         scores_.offset.size() == 0;
}

}  // namespace flowresil
