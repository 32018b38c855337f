#include "variance/meat.hpp"

#include <algorithm>
#include <utility>
#include <vector>

#include "base/parallel.hpp"
#include "variance/cluster_sums.hpp"

namespace flowresil {

using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;

namespace {

MatrixXd squares_by_row(const ScorePass& pass, int threads) {
  const Index n_rows = pass.sample().n_rows;
  const Index n_scores = pass.n_scores();
  const Index n_pieces = count_pieces(n_rows, piece_rows);
  std::vector<ScoreSquares> pieces(static_cast<std::size_t>(n_pieces), ScoreSquares(n_scores));
  for_pieces(n_pieces, threads, [&](Index p) {
    MatrixXd block(block_rows, pass.sample().n_columns());
    MatrixXd values(block_rows, n_scores);
    MatrixXd turned(block_rows, n_scores);
    const Index stop = std::min((p + 1) * piece_rows, n_rows);
    for (Index begin = p * piece_rows; begin < stop; begin += block_rows) {
      const Index end = std::min(begin + block_rows, stop);
      pass.write_scores(begin, end, block, values.data(), block_rows);
      pass.turn(values, end - begin, turned);
      pieces[static_cast<std::size_t>(p)].take(turned, end - begin);
    }
  });
  ScoreSquares total(n_scores);
  for (const ScoreSquares& piece : pieces)
    total.join(piece);
  return total.sum;
}

// Products of the scores' sums by group, turned block by block: no second table of groups. columns(begin, n)
// are n_scores x n sums.
template <class Columns>
MatrixXd squares_of_sums(const ScorePass& pass, Index n_groups, int threads, const Columns& columns) {
  const MatrixXd turn = pass.turn().transpose();
  const Index n_pieces = count_pieces(n_groups, piece_rows);
  std::vector<MatrixXd> products(static_cast<std::size_t>(n_pieces));
  for_pieces(n_pieces, threads, [&](Index p) {
    MatrixXd product = MatrixXd::Zero(pass.n_scores(), pass.n_scores());
    MatrixXd turned(pass.n_scores(), block_rows);
    const Index stop = std::min((p + 1) * piece_rows, n_groups);
    for (Index begin = p * piece_rows; begin < stop; begin += block_rows) {
      const Index n = std::min(block_rows, stop - begin);
      turned.leftCols(n).noalias() = turn.lazyProduct(columns(begin, n));
      product.noalias() += turned.leftCols(n) * turned.leftCols(n).transpose();
    }
    products[static_cast<std::size_t>(p)] = std::move(product);
  });
  MatrixXd total = MatrixXd::Zero(pass.n_scores(), pass.n_scores());
  for (const MatrixXd& product : products)
    total += product;
  return total;
}

}  // namespace

MatrixXd score_squares(const Sample& sample, const WithinSolution& solution, const ScoreColumns& scores,
                       const Effect* cluster, int threads) {
  const ScorePass pass(sample, solution, scores);
  pass.require_turn();
  threads = threads_for(sample, threads);
  if (!cluster) return squares_by_row(pass, threads);
  if (!is_sorted_grouping(sample, *cluster)) return score_squares(pass, {{{*cluster}}}, threads)[0];
  const MatrixXd sums = sum_scores(pass, *cluster, threads);
  return squares_of_sums(pass, sums.cols(), threads,
                         [&](Index begin, Index n) { return sums.middleCols(begin, n); });
}

std::vector<MatrixXd> score_squares(const ScorePass& pass, const std::vector<Grouping>& groupings,
                                    int threads) {
  pass.require_turn();
  threads = threads_for(pass.sample(), threads);
  std::vector<MatrixXd> squares;
  for (const GroupSums& found : sum_scores(pass, groupings, threads)) {
    squares.push_back(squares_of_sums(pass, found.sums.rows(), threads, [&](Index begin, Index n) {
      return found.sums.middleRows(begin, n).transpose();
    }));
  }
  return squares;
}

}  // namespace flowresil
