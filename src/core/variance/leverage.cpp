#include "variance/leverage.hpp"

#include <algorithm>
#include <cmath>
#include <vector>

#include "base/contract.hpp"
#include "base/parallel.hpp"
#include "variance/level_system.hpp"
#include "variance/meat.hpp"

namespace flowresil {

using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;

namespace {

constexpr Index piece_levels = 256;

// Calls visit(from, rows, block, values) for blocks of rows.
template <class Visit>
void visit_blocks(const ScorePass& pass, Index begin, Index stop, const Visit& visit) {
  MatrixXd block(block_rows, pass.sample().n_columns());
  MatrixXd values(block_rows, pass.n_scores());
  MatrixXd turned(block_rows, pass.n_scores());
  for (Index from = begin; from < stop; from += block_rows)
    visit(from, std::min(block_rows, stop - from), block, values, turned);
}

// Adds what the effects take: of rows in a level of the eliminated effect with the others' shares s in it and
// the others' inverse I, (u - s)'I(u - s) for the row's own levels u, and one over the level's weight.
void add_effects(const LevelSystem& system, int threads, VectorXd& form) {
  const Sample& sample = system.sample();
  const MatrixXd& inverse = system.inverse();
  for_pieces(count_pieces(system.rows().n_levels(), piece_levels), threads, [&](Index p) {
    LevelWeights all(system.n_levels());
    VectorXd of_shares = VectorXd::Zero(system.n_levels());
    for (Index level = p * piece_levels; level < std::min((p + 1) * piece_levels, system.rows().n_levels());
         ++level) {
      const double weight = system.weight(level);
      double square = 0;
      system.sum_level(level, all);
      for (Index a : all.levels()) {
        double sum = 0;
        for (Index b : all.levels())
          sum += inverse(b, a) * (all[b] / weight);
        of_shares[a] = sum;
        square += sum * (all[a] / weight);
      }
      for (Index r = 0; r < system.rows().size(level); ++r) {
        const Index i = system.rows().rows(level)[r];
        double value = 1.0 / weight + square;
        for (std::size_t a = 0; a < system.others().size(); ++a) {
          const Index own = system.first(a) + sample.effects[system.others()[a]].codes[i];
          value -= 2 * of_shares[own];
          for (std::size_t b = 0; b < system.others().size(); ++b)
            value += inverse(own, system.first(b) + sample.effects[system.others()[b]].codes[i]);
        }
        form[i] += value;
      }
    }
  });
}

}  // namespace

VectorXd row_leverage(const Sample& sample, const WithinSolution& solution, const ScoreColumns& scores,
                      Index most_levels, int threads) {
  const ScorePass pass(sample, solution, scores);
  pass.require_turn();
  const LevelSystem system(sample, most_levels);
  threads = threads_for(sample, threads);
  VectorXd form = VectorXd::Zero(sample.n_rows);
  for_pieces(count_pieces(sample.n_rows, piece_rows), threads, [&](Index p) {
    visit_blocks(pass, p * piece_rows, std::min((p + 1) * piece_rows, sample.n_rows),
                 [&](Index from, Index rows, MatrixXd& block, MatrixXd& values, MatrixXd& turned) {
                   pass.write_columns(from, from + rows, block, values.data(), block_rows);
                   pass.turn(values, rows, turned);
                   form.segment(from, rows) =
                       turned.topLeftCorner(rows, pass.n_combined()).rowwise().squaredNorm();
                   if (!sample.weights) return;
                   for (Index i = from; i < from + rows; ++i)
                     form[i] /= sample.weights[i];
                 });
  });
  if (system.eliminates()) add_effects(system, threads, form);
  if (sample.weights) form.array() *= Eigen::Map<const VectorXd>(sample.weights, sample.n_rows).array();
  return form;
}

MatrixXd leverage_squares(const Sample& sample, const WithinSolution& solution, const ScoreColumns& scores,
                          const VectorXd& leverage, double power, int threads) {
  const ScorePass pass(sample, solution, scores);
  pass.require_turn();
  require(leverage.size() == sample.n_rows, "there must be a leverage for each row");
  const Index n_pieces = count_pieces(sample.n_rows, piece_rows);
  std::vector<ScoreSquares> pieces(static_cast<std::size_t>(n_pieces), ScoreSquares(pass.n_scores()));
  for_pieces(n_pieces, threads_for(sample, threads), [&](Index p) {
    visit_blocks(pass, p * piece_rows, std::min((p + 1) * piece_rows, sample.n_rows),
                 [&](Index from, Index rows, MatrixXd& block, MatrixXd& values, MatrixXd& turned) {
                   pass.write_scores(from, from + rows, block, values.data(), block_rows);
                   pass.turn(values, rows, turned);
                   for (Index i = 0; i < rows; ++i) {
                     const double h = leverage[from + i];
                     turned.row(i) *= h > whole_leverage ? 0.0 : std::pow(1.0 - h, -power / 2);
                   }
                   pieces[static_cast<std::size_t>(p)].take(turned, rows);
                 });
  });
  ScoreSquares total(pass.n_scores());
  for (const ScoreSquares& piece : pieces)
    total.join(piece);
  return total.sum;
}

}  // namespace flowresil
