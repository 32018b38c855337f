#include "variance/cluster_rows.hpp"

#include <algorithm>

#include "base/blocks.hpp"
#include "base/contract.hpp"

namespace flowresil {

using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;

namespace {

// Codes are checked before rows are put in their order.
const Effect& checked(const Sample& sample, const Effect& cluster) {
  Sample grouped;
  grouped.n_rows = sample.n_rows;
  grouped.effects = {cluster};
  check_sample(grouped);
  return cluster;
}

}  // namespace

ClusterReader::ClusterReader(const Sample& sample, const WithinSolution& solution, const ScoreColumns& scores,
                             const Effect& cluster)
    : sample_(sample), solution_(solution), scores_(scores), rows_(checked(sample, cluster), sample.n_rows) {
  const ScorePass pass(sample, solution, scores);
  pass.require_turn();
}

ClusterBlock ClusterReader::read(const int* rows, Index n, bool with_columns) const {
  ClusterBlock block;
  block.weights = VectorXd::Ones(n);
  block.residuals.setZero(n);
  if (sample_.weights) {
    for (Index i = 0; i < n; ++i)
      block.weights[i] = sample_.weights[rows[i]];
  }
  for (const Effect& effect : sample_.effects) {
    block.codes.emplace_back(static_cast<std::size_t>(n));
    for (Index i = 0; i < n; ++i)
      block.codes.back()[static_cast<std::size_t>(i)] = effect.codes[rows[i]];
  }
  if (!with_columns) return block;

  MatrixXd columns(n, sample_.n_columns());
  VectorXd constant;
  Sample own;
  own.n_rows = n;
  own.centre = sample_.centre;
  for (Index c = 0; c < sample_.n_columns(); ++c) {
    const double* from = sample_.columns[static_cast<std::size_t>(c)];
    for (Index i = 0; i < n; ++i)
      columns(i, c) = from[rows[i]];
    own.columns.push_back(columns.col(c).data());
  }
  for (std::size_t j = 0; j < sample_.effects.size(); ++j)
    own.effects.push_back({block.codes[j].data(), sample_.effects[j].n_levels});
  if (!scores_.constant_column) {
    write_columns(own, scores_, block);
    return block;
  }
  constant.resize(n);
  for (Index i = 0; i < n; ++i)
    constant[i] = scores_.constant_column[rows[i]];
  ScoreColumns scores = scores_;
  scores.constant_column = constant.data();
  write_columns(own, scores, block);
  return block;
}

void ClusterReader::write_columns(const Sample& own, const ScoreColumns& scores, ClusterBlock& block) const {
  const ScorePass pass(own, solution_, scores);
  const Index n = own.n_rows;
  block.columns.resize(n, pass.n_scores());
  MatrixXd demeaned(block_rows, own.n_columns());
  MatrixXd values(block_rows, pass.n_scores());
  MatrixXd turned(block_rows, pass.n_scores());
  std::vector<const double*> columns;
  for (Index begin = 0; begin < n; begin += block_rows) {
    const Index rows = std::min(block_rows, n - begin);
    VectorXd residuals(rows);
    pass.residuals_and_columns(begin, begin + rows, demeaned, values.data(), block_rows, residuals, columns);
    block.residuals.segment(begin, rows) = residuals;
    for (Index s = 0; s < pass.n_combined(); ++s) {
      const Eigen::Map<const VectorXd> column(columns[static_cast<std::size_t>(s)], rows);
      if (column.data() != &values(0, s)) values.col(s).head(rows) = column;
    }
    if (scores.constant && scores.constant_column) {
      values.col(pass.n_combined()).head(rows) =
          Eigen::Map<const VectorXd>(scores.constant_column + begin, rows);
    } else if (scores.constant) {
      values.col(pass.n_combined()).setOnes();
    }
    pass.turn(values, rows, turned);
    block.columns.middleRows(begin, rows) = turned.topRows(rows);
  }
}

}  // namespace flowresil
