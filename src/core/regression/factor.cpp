#include "regression/factor.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "base/contract.hpp"
#include "base/parallel.hpp"
#include "regression/reflections.hpp"
#include "within/demean.hpp"
#include "within/effect_solver.hpp"

namespace flowresil {

using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;

FactorState::FactorState(Index n_columns)
    : triangle(MatrixXd::Zero(n_columns, n_columns)),
      sums(VectorXd::Zero(n_columns)),
      squares(VectorXd::Zero(n_columns)) {}

void FactorState::take(MatrixXd& block, Index rows, const double* weights) {
  if (weights) {
    const VectorXd roots = Eigen::Map<const VectorXd>(weights, rows).cwiseSqrt();
    for (Index c = 0; c < triangle.cols(); ++c)
      block.col(c).head(rows).array() *= roots.array();
  }
  fold_rows(triangle, block.data(), rows, block_rows);
}

void FactorState::take_values(const Sample& sample, const VectorXd& shift, Index begin, Index end) {
  const Index rows = end - begin;
  for (Index c = 0; c < sums.size(); ++c) {
    const Eigen::Map<const VectorXd> column(sample.columns[static_cast<std::size_t>(c)] + begin, rows);
    if (sample.weights) {
      const Eigen::Map<const VectorXd> weights(sample.weights + begin, rows);
      sums[c] += ((column.array() - shift[c]) * weights.array()).sum();
      squares[c] += ((column.array() - shift[c]).square() * weights.array()).sum();
    } else {
      sums[c] += (column.array() - shift[c]).sum();
      squares[c] += (column.array() - shift[c]).square().sum();
    }
  }
  weight += sample.weights ? Eigen::Map<const VectorXd>(sample.weights + begin, rows).sum()
                           : static_cast<double>(rows);
}

void FactorState::join(const FactorState& next) {
  require(next.triangle.cols() == triangle.cols(), "factors must be of the same columns");
  MatrixXd rows = next.triangle;
  fold_rows(triangle, rows.data(), rows.rows(), rows.rows());
  sums += next.sums;
  squares += next.squares;
  weight += next.weight;
}

FactorState take_rows(const Sample& sample, const WithinSolution& solution, const VectorXd& shift,
                      int threads) {
  const Index m = sample.n_columns();
  const Index n_pieces = count_pieces(sample.n_rows, piece_rows);
  std::vector<FactorState> pieces(static_cast<std::size_t>(n_pieces), FactorState(m));
  for_pieces(n_pieces, threads_for(sample, threads), [&](Index p) {
    FactorState& piece = pieces[static_cast<std::size_t>(p)];
    MatrixXd block(block_rows, m);
    const Index stop = std::min((p + 1) * piece_rows, sample.n_rows);
    for (Index begin = p * piece_rows; begin < stop; begin += block_rows) {
      const Index end = std::min(begin + block_rows, stop);
      piece.take_values(sample, shift, begin, end);
      demean_rows(sample, solution, begin, end, block.data(), block_rows);
      piece.take(block, end - begin, sample.weights ? sample.weights + begin : nullptr);
    }
  });
  FactorState total(m);
  for (const FactorState& piece : pieces)
    total.join(piece);
  return total;
}

WithinFactor finish_factor(const FactorState& state, const VectorXd& shift) {
  require(state.weight > 0.0 && shift.size() == state.sums.size(),
          "a factor must have rows, and a shift a column");
  WithinFactor factor;
  factor.triangle = state.triangle;
  const VectorXd offset = state.sums / state.weight;
  factor.means = shift + offset;
  factor.centred_squares = (state.squares - state.weight * offset.cwiseAbs2()).cwiseMax(0.0);
  factor.norms = (factor.centred_squares + state.weight * factor.means.cwiseAbs2()).cwiseSqrt();
  factor.representable = factor.triangle.allFinite() && factor.norms.allFinite();
  for (Index c = 0; c < shift.size(); ++c)
    factor.order.push_back(c);
  return factor;
}

bool loses_digits(const WithinFactor& factor) {
  // What is left of a column at rounding level has no digits to save.
  for (Index c = 0; c < factor.triangle.cols(); ++c) {
    const double spread = factor.centred_squares[c];
    const double own = factor.triangle(c, c) * factor.triangle(c, c);
    if (factor.triangle.col(c).squaredNorm() < 1e-8 * spread || (own < 1e-8 * spread && own > 1e-26 * spread))
      return true;
  }
  return false;
}

namespace {

// Columns in the order of roles; where they stand so already, as they are.
std::vector<Index> order_of_roles(const Sample& sample) {
  std::vector<Index> order = sample.roles.regressors;
  order.push_back(sample.roles.outcome);
  for (Index c : order)
    require(c >= 0 && c < sample.n_columns(), "roles must be columns");
  require(static_cast<Index>(order.size()) == sample.n_columns(), "every column must have a role");
  return order;
}

// The fit of columns that stand in the order of roles.
WithinFit fit_in_order(const Sample& sample, const VectorXd& shift, const WithinOptions& options) {
  const WithinSolver solver(sample, options);
  WithinFit fit;
  fit.solution = solver.solve(shift);
  fit.factor = finish_factor(take_rows(sample, fit.solution, shift, options.threads), shift);
  if (!fit.factor.representable) return fit;
  // Weights far apart in size leave the iteration with errors that its rule does not see.
  const bool refine = solver.is_ill_conditioned() ||
                      (solver.method() == Method::iterative && sample.weights != nullptr) ||
                      loses_digits(fit.factor);
  if (refine && solver.method() != Method::none) {
    solver.refine(fit.solution);
    fit.factor = finish_factor(take_rows(sample, fit.solution, shift, options.threads), shift);
  }
  return fit;
}

// What a table or vector by ordered column is by the sample's.
template <class Rows>
void restore_rows(Rows& rows, const std::vector<Index>& order) {
  if (rows.rows() == 0) return;
  const Rows ordered = rows;
  for (std::size_t place = 0; place < order.size(); ++place)
    rows.row(order[place]) = ordered.row(static_cast<Index>(place));
}

}  // namespace

WithinFit fit_within(const Sample& sample, const VectorXd& shift, const WithinOptions& options) {
  require(sample.n_columns() > 0, "there must be an outcome");
  require(shift.size() == sample.n_columns(), "there must be a shift for each column");
  const std::vector<Index> order = order_of_roles(sample);
  if (std::is_sorted(order.begin(), order.end())) return fit_in_order(sample, shift, options);
  Sample ordered = sample;
  VectorXd ordered_shift(shift.size());
  for (std::size_t place = 0; place < order.size(); ++place) {
    ordered.columns[place] = sample.columns[static_cast<std::size_t>(order[place])];
    ordered_shift[static_cast<Index>(place)] = shift[order[place]];
  }
  WithinFit fit = fit_in_order(ordered, ordered_shift, options);
  for (VectorXd* by_column : {&fit.solution.shift, &fit.solution.rest, &fit.factor.norms,
                              &fit.factor.centred_squares, &fit.factor.means})
    restore_rows(*by_column, order);
  for (MatrixXd& levels : fit.solution.levels)
    restore_rows(levels, order);
  fit.factor.order = order;
  return fit;
}

bool is_absorbed(const WithinFactor& factor, Index column, double tolerance) {
  constexpr double rounding = 64.0 * std::numeric_limits<double>::epsilon();
  const double left = factor.triangle.col(column).norm();
  const Index source = factor.order[static_cast<std::size_t>(column)];
  return left <= tolerance * std::sqrt(factor.centred_squares[source]) ||
         left <= rounding * factor.norms[source];
}

std::vector<bool> absorbed_by(const Sample& sample, Index column, double shift, const WithinOptions& options,
                              double tolerance) {
  require(column >= 0 && column < sample.n_columns(), "the column must be one of the sample");
  Sample alone = sample;
  alone.columns = {sample.columns[static_cast<std::size_t>(column)]};
  alone.roles = formula_roles(1);
  std::vector<bool> absorbed;
  for (const Effect& effect : sample.effects) {
    alone.effects = {effect};
    const WithinFit fit = fit_within(alone, VectorXd::Constant(1, shift), options);
    absorbed.push_back(fit.factor.representable && is_absorbed(fit.factor, 0, tolerance));
  }
  return absorbed;
}

}  // namespace flowresil
