#include "panel/columns.hpp"

#include <algorithm>
#include <cmath>

#include "base/contract.hpp"
#include "base/parallel.hpp"

namespace flowresil {

using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;

ColumnSummary summarise_columns(const Sample& sample, int threads) {
  require(sample.n_rows > 0, "a sample must have rows");
  const Index m = sample.n_columns();
  const Index n_pieces = count_pieces(sample.n_rows, piece_rows);
  MatrixXd sums(m, n_pieces);
  for_pieces(n_pieces, threads_for(sample, threads), [&](Index piece) {
    const Index begin = piece * piece_rows;
    const Index rows = std::min(piece_rows, sample.n_rows - begin);
    for (Index c = 0; c < m; ++c) {
      sums(c, piece) =
          Eigen::Map<const VectorXd>(sample.columns[static_cast<std::size_t>(c)] + begin, rows).sum();
    }
  });
  ColumnSummary summary;
  summary.means = VectorXd::Zero(m);
  for (Index piece = 0; piece < n_pieces; ++piece)
    summary.means += sums.col(piece);
  summary.means /= static_cast<double>(sample.n_rows);
  for (Index c = 0; c < m; ++c) {
    Index n_nan = 0;
    Index n_infinite = 0;
    if (!std::isfinite(summary.means[c])) {
      const double* column = sample.columns[static_cast<std::size_t>(c)];
      for (Index i = 0; i < sample.n_rows; ++i) {
        n_nan += std::isnan(column[i]) ? 1 : 0;
        n_infinite += std::isinf(column[i]) ? 1 : 0;
      }
    }
    summary.n_not_a_number.push_back(n_nan);
    summary.n_infinite.push_back(n_infinite);
  }
  return summary;
}

VectorXd weighted_means(const Sample& sample, const VectorXd& shift, const VectorXd& rest, int threads) {
  const Index m = sample.n_columns();
  const Index n_pieces = count_pieces(sample.n_rows, piece_rows);
  MatrixXd sums(m, n_pieces);
  VectorXd weights(n_pieces);
  for_pieces(n_pieces, threads_for(sample, threads), [&](Index piece) {
    const Index begin = piece * piece_rows;
    const Index end = std::min(begin + piece_rows, sample.n_rows);
    weights[piece] = 0.0;
    for (Index i = begin; i < end; ++i)
      weights[piece] += sample.weight(i);
    for (Index c = 0; c < m; ++c) {
      const double* column = sample.columns[static_cast<std::size_t>(c)];
      double sum = 0.0;
      for (Index i = begin; i < end; ++i)
        sum += ((column[i] - shift[c]) - rest[c]) * sample.weight(i);
      sums(c, piece) = sum;
    }
  });
  VectorXd total = VectorXd::Zero(m);
  double weight = 0.0;
  for (Index piece = 0; piece < n_pieces; ++piece) {
    total += sums.col(piece);
    weight += weights[piece];
  }
  return total / weight;
}

double total_weight(const Sample& sample) {
  if (!sample.weights) return static_cast<double>(sample.n_rows);
  return Eigen::Map<const VectorXd>(sample.weights, sample.n_rows).sum();
}

}  // namespace flowresil
