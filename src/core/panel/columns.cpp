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

void ColumnSums::take(const Sample& sample, const VectorXd& shift, const VectorXd& rest, Index begin,
                      Index end) {
  for (Index i = begin; i < end; ++i)
    weight += sample.weight(i);
  for (Index c = 0; c < sums.size(); ++c) {
    const double* column = sample.columns[static_cast<std::size_t>(c)];
    double sum = 0.0;
    for (Index i = begin; i < end; ++i)
      sum += ((column[i] - shift[c]) - rest[c]) * sample.weight(i);
    sums[c] += sum;
  }
}

void ColumnSums::join(const ColumnSums& next) {
  require(sums.size() == next.sums.size(), "sums must be of the same columns");
  sums += next.sums;
  weight += next.weight;
}

VectorXd weighted_means(const Sample& sample, const VectorXd& shift, const VectorXd& rest, int threads) {
  const Index n_pieces = count_pieces(sample.n_rows, piece_rows);
  std::vector<ColumnSums> pieces(static_cast<std::size_t>(n_pieces), ColumnSums(sample.n_columns()));
  for_pieces(n_pieces, threads_for(sample, threads), [&](Index p) {
    const Index begin = p * piece_rows;
    pieces[static_cast<std::size_t>(p)].take(sample, shift, rest, begin,
                                             std::min(begin + piece_rows, sample.n_rows));
  });
  ColumnSums total(sample.n_columns());
  for (const ColumnSums& piece : pieces)
    total.join(piece);
  return total.sums / total.weight;
}

double total_weight(const Sample& sample) {
  if (!sample.weights) return static_cast<double>(sample.n_rows);
  return Eigen::Map<const VectorXd>(sample.weights, sample.n_rows).sum();
}

}  // namespace flowresil
