#include "within/level_pairs.hpp"

#include <vector>

namespace flowresil {

using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;

namespace {

// Adds what the larger effect's level with rows first .. last - 1 puts between the smaller levels it joins:
// w_s w_t / W for each pair s < t, into the upper triangle.
void add_level_pairs(const RowOrder& rows, Index first, Index last, double total, VectorXd& dense,
                     MatrixXd& pairs) {
  const Index n_smaller = pairs.rows();
  const Index count = last - first;
  const int* codes = rows.codes(0);
  if (count > n_smaller) {  // many rows a pair: gather them first
    dense.setZero();
    for (Index r = first; r < last; ++r)
      dense[codes[r]] += rows.weight(r);
    for (Index t = 1; t < n_smaller; ++t) {
      if (dense[t] <= 0.0) continue;
      pairs.col(t).head(t) += dense.head(t) * (dense[t] / total);
    }
    return;
  }
  const double share_of_one = 1.0 / total;
  for (Index r = first + 1; r < last; ++r) {
    const int code = codes[r];
    const double share = rows.weight(r) * share_of_one;
    for (Index s = first; s < r; ++s) {  // no branch on the order: shuffled rows would mispredict it
      const int other = codes[s];
      pairs(std::min(code, other), std::max(code, other)) += share * rows.weight(s);
    }
  }
}

}  // namespace

MatrixXd sum_level_pairs(const RowOrder& rows, const VectorXd& totals, Index n_smaller, int threads) {
  const Index n_larger = totals.size();
  const Index n_pieces = std::min<Index>(n_smaller <= 128   ? 16
                                         : n_smaller <= 512 ? 4
                                                            : 1,
                                         count_pieces(n_larger, 64));
  const Index piece_levels = count_pieces(n_larger, n_pieces);
  std::vector<MatrixXd> pairs(static_cast<std::size_t>(n_pieces));
  for_pieces(n_pieces, threads, [&](Index piece) {
    MatrixXd& mine = pairs[static_cast<std::size_t>(piece)];
    mine = MatrixXd::Zero(n_smaller, n_smaller);
    VectorXd dense(n_smaller);
    const Index end = std::min((piece + 1) * piece_levels, n_larger);
    for (Index level = piece * piece_levels; level < end; ++level)
      add_level_pairs(rows, rows.begin(level), rows.begin(level + 1), totals[level], dense, mine);
  });
  MatrixXd joined = pairs[0];
  for (std::size_t piece = 1; piece < pairs.size(); ++piece)
    joined += pairs[piece];
  return joined;
}

MatrixXd sums_without_means(const RowOrder& rows, const MatrixXd& means, const MatrixXd& sums, int threads) {
  const Index m = sums.rows();
  const int* codes = rows.codes(0);
  std::vector<MatrixXd> taken(static_cast<std::size_t>(count_level_pieces(means.cols())));
  for_level_pieces(means.cols(), threads, [&](Index piece, Index first, Index last) {
    MatrixXd& mine = taken[static_cast<std::size_t>(piece)];
    mine = MatrixXd::Zero(m, sums.cols());
    for (Index level = first; level < last; ++level) {
      const double* mean = &means(0, level);
      for (Index r = rows.begin(level); r < rows.begin(level + 1); ++r) {
        double* target = &mine(0, codes[r]);
        const double weight = rows.weight(r);
        for (Index c = 0; c < m; ++c)
          target[c] += mean[c] * weight;
      }
    }
  });
  MatrixXd left = sums;
  for (const MatrixXd& piece : taken)
    left -= piece;
  return left;
}

}  // namespace flowresil
