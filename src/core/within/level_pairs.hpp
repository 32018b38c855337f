// What the levels of the larger of two effects say of those of the smaller: the weights that pairs share, and
// what the larger effect's means leave of sums. All that eliminating the larger effect needs of the rows.
#pragma once

#include <algorithm>

#include <Eigen/Core>

#include "base/parallel.hpp"
#include "panel/row_order.hpp"

namespace flowresil {

// w_s w_t / W over the larger effect's levels (`totals`: their weights), for each pair s < t of the
// `n_smaller` levels that they join: the upper triangle. Rows go by the larger effect, the smaller is the
// first of the others. Fixed pieces of levels, fewer where their tables would take memory. O(sum of squared
// rows by larger level).
Eigen::MatrixXd sum_level_pairs(const RowOrder& rows, const Eigen::VectorXd& totals, Eigen::Index n_smaller,
                                int threads);

// What the smaller levels' sums (n_columns x n_smaller) keep once the larger effect's means (n_columns x
// n_larger) are taken out; pieces in order. O(n_rows n_columns).
Eigen::MatrixXd sums_without_means(const RowOrder& rows, const Eigen::MatrixXd& means,
                                   const Eigen::MatrixXd& sums, int threads);

// Number of the fixed pieces of an effect's levels.
inline Eigen::Index count_level_pieces(Eigen::Index n_levels) {
  return std::min<Eigen::Index>(16, count_pieces(n_levels, 64));
}

// Calls each(piece, first level, last level + 1) for these pieces.
template <class Each>
void for_level_pieces(Eigen::Index n_levels, int threads, const Each& each) {
  const Eigen::Index n_pieces = count_level_pieces(n_levels);
  const Eigen::Index piece_levels = count_pieces(n_levels, n_pieces);
  for_pieces(n_pieces, threads, [&](Eigen::Index piece) {
    each(piece, piece * piece_levels, std::min((piece + 1) * piece_levels, n_levels));
  });
}

}  // namespace flowresil
