#include "core/conjugate_gradients.hpp"

#include <algorithm>
#include <atomic>
#include <cmath>

#include "core/contract.hpp"
#include "core/parallel.hpp"

namespace flowresil {

using Eigen::Index;
using Eigen::VectorXd;

namespace {

// The rows by level of the eliminated effect, with the codes of all other effects numbered through.
struct Elimination {
  std::vector<Index> begin;             // first place of each eliminated level, and the number of rows
  std::vector<std::vector<int>> codes;  // one an effect that stays, in places
  std::vector<double> weights;          // in places; empty: all one
  std::vector<Index> offset;            // where each effect's levels start among the unknowns
  std::vector<std::size_t> effects;     // which effects stay
  Index n_unknown = 0;

  double weight(Index place) const { return weights.empty() ? 1.0 : weights[static_cast<std::size_t>(place)]; }
};

Elimination eliminate(const Sample& sample, std::size_t eliminated) {
  Elimination rows;
  const Effect& by = sample.effects[eliminated];
  rows.begin.assign(static_cast<std::size_t>(by.n_levels) + 1, 0);
  for (Index i = 0; i < sample.n_rows; ++i) ++rows.begin[static_cast<std::size_t>(by.codes[i]) + 1];
  for (std::size_t l = 1; l < rows.begin.size(); ++l) rows.begin[l] += rows.begin[l - 1];
  std::vector<Index> place(static_cast<std::size_t>(sample.n_rows));
  std::vector<Index> next(rows.begin.begin(), rows.begin.end() - 1);
  for (Index i = 0; i < sample.n_rows; ++i) {
    place[static_cast<std::size_t>(i)] = next[static_cast<std::size_t>(by.codes[i])]++;
  }
  if (sample.weights) {
    rows.weights.resize(static_cast<std::size_t>(sample.n_rows));
    for (Index i = 0; i < sample.n_rows; ++i) {
      rows.weights[static_cast<std::size_t>(place[static_cast<std::size_t>(i)])] = sample.weights[i];
    }
  }
  for (std::size_t j = 0; j < sample.effects.size(); ++j) {
    if (j == eliminated) continue;
    std::vector<int> codes(static_cast<std::size_t>(sample.n_rows));
    for (Index i = 0; i < sample.n_rows; ++i) {
      codes[static_cast<std::size_t>(place[static_cast<std::size_t>(i)])] = sample.effects[j].codes[i];
    }
    rows.codes.push_back(std::move(codes));
    rows.effects.push_back(j);
    rows.offset.push_back(rows.n_unknown);
    rows.n_unknown += sample.effects[j].n_levels;
  }
  return rows;
}

// product = (Schur complement) * x: what x puts on the rows, less its mean by eliminated level, summed again.
void multiply(const Elimination& rows, const VectorXd& totals, const VectorXd& x, VectorXd& on_row, VectorXd& product) {
  product.setZero();
  const std::size_t n_effects = rows.codes.size();
  for (Index level = 0; level < totals.size(); ++level) {
    const Index first = rows.begin[static_cast<std::size_t>(level)];
    const Index last = rows.begin[static_cast<std::size_t>(level) + 1];
    double sum = 0.0;
    for (Index r = first; r < last; ++r) {
      double value = 0.0;
      for (std::size_t j = 0; j < n_effects; ++j) value += x[rows.offset[j] + rows.codes[j][static_cast<std::size_t>(r)]];
      on_row[r - first] = value;
      sum += value * rows.weight(r);
    }
    const double mean = sum / totals[level];
    for (Index r = first; r < last; ++r) {
      const double left = (on_row[r - first] - mean) * rows.weight(r);
      for (std::size_t j = 0; j < n_effects; ++j) {
        product[rows.offset[j] + rows.codes[j][static_cast<std::size_t>(r)]] += left;
      }
    }
  }
}

// The diagonal of the Schur complement where no pair of levels repeats inside an eliminated level, a bound
// from above otherwise; kept off zero, where a level hangs on rows that the elimination fits exactly.
VectorXd diagonal_of(const Elimination& rows, const VectorXd& totals) {
  VectorXd diagonal = VectorXd::Zero(rows.n_unknown);
  VectorXd weight = VectorXd::Zero(rows.n_unknown);
  for (Index level = 0; level < totals.size(); ++level) {
    for (Index r = rows.begin[static_cast<std::size_t>(level)]; r < rows.begin[static_cast<std::size_t>(level) + 1]; ++r) {
      const double w = rows.weight(r);
      for (std::size_t j = 0; j < rows.codes.size(); ++j) {
        const Index unknown = rows.offset[j] + rows.codes[j][static_cast<std::size_t>(r)];
        diagonal[unknown] += w * (1.0 - w / totals[level]);
        weight[unknown] += w;
      }
    }
  }
  return diagonal.cwiseMax(1e-8 * weight);
}

// One column's iteration. `solution` starts at zero.
Convergence iterate(const Elimination& rows, const VectorXd& totals, const VectorXd& diagonal, VectorXd residual,
                    double norm_squared, const WithinOptions& options, std::atomic<bool>& stop, VectorXd& solution) {
  Convergence reached;
  Index longest = 1;
  for (std::size_t l = 1; l < rows.begin.size(); ++l) longest = std::max(longest, rows.begin[l] - rows.begin[l - 1]);
  VectorXd on_row(longest);
  VectorXd product(rows.n_unknown);
  VectorXd scaled = residual.cwiseQuotient(diagonal);
  VectorXd direction = scaled;
  double energy = residual.dot(scaled);
  double left = norm_squared;  // squared norm of the column once the effects found so far are out
  std::vector<double> decreases;
  reached.converged = energy <= 0.0;
  while (!reached.converged && reached.iterations < options.max_iterations) {
    if (on_main_thread() && reached.iterations % 16 == 0 && options.interrupted && options.interrupted()) stop = true;
    if (stop) return reached;
    multiply(rows, totals, direction, on_row, product);
    const double curvature = direction.dot(product);
    if (!(curvature > 0.0)) break;  // the direction changes nothing any more: rounding is all that is left
    const double step = energy / curvature;
    solution += step * direction;
    residual -= step * product;
    ++reached.iterations;
    decreases.push_back(step * energy);
    left -= step * energy;

    const std::size_t window = std::max<std::size_t>(10, decreases.size() / 5);
    const std::size_t from = decreases.size() > window ? decreases.size() - window : 0;
    double error_squared = 0.0;
    for (std::size_t k = from; k < decreases.size(); ++k) error_squared += decreases[k];
    const double scale_squared = std::max(left, 1e-6 * norm_squared);
    reached.relative_error = std::sqrt(error_squared / scale_squared);
    const bool long_enough = decreases.size() >= window || error_squared <= 1e-32 * norm_squared;
    if (long_enough && reached.relative_error <= options.tolerance) reached.converged = true;

    scaled = residual.cwiseQuotient(diagonal);
    const double next_energy = residual.dot(scaled);
    if (!(next_energy > 0.0)) break;
    direction = scaled + (next_energy / energy) * direction;
    energy = next_energy;
  }
  const bool exhausted = !reached.converged && reached.iterations < options.max_iterations;
  if (exhausted) {  // the residual is zero or rounding
    reached.converged = true;
    reached.relative_error = 0.0;
  }
  return reached;
}

}  // namespace

Convergence solve_by_conjugate_gradients(const Sample& sample, std::size_t eliminated,
                                         const std::vector<VectorXd>& level_weights, const LevelSums& sums,
                                         const VectorXd& norms, const WithinOptions& options,
                                         std::vector<Eigen::MatrixXd>& solution) {
  require(sample.effects.size() >= 2 && eliminated < sample.effects.size(), "there must be two effects or more");
  require(sums.size() == sample.effects.size() && solution.size() == sums.size(), "there must be sums for each effect");
  require(options.tolerance > 0.0 && options.max_iterations > 0, "tolerance and iterations must be positive");
  const Elimination rows = eliminate(sample, eliminated);
  const VectorXd& totals = level_weights[eliminated];
  const VectorXd diagonal = diagonal_of(rows, totals);
  const Index m = sums[eliminated].rows();
  require(norms.size() == m, "there must be a norm for each column");

  std::vector<Convergence> reached(static_cast<std::size_t>(m));
  std::atomic<bool> stop{false};
  for_pieces(m, options.threads, [&](Index c) {
    const VectorXd means = sums[eliminated].row(c).transpose().cwiseQuotient(totals);
    VectorXd right(rows.n_unknown);
    for (std::size_t j = 0; j < rows.effects.size(); ++j) {
      const std::size_t effect = rows.effects[j];
      right.segment(rows.offset[j], sums[effect].cols()) = sums[effect].row(c).transpose();
    }
    VectorXd taken = VectorXd::Zero(rows.n_unknown);
    VectorXd by_level = VectorXd::Zero(totals.size());
    for (Index level = 0; level < totals.size(); ++level) {
      for (Index r = rows.begin[static_cast<std::size_t>(level)]; r < rows.begin[static_cast<std::size_t>(level) + 1]; ++r) {
        for (std::size_t j = 0; j < rows.codes.size(); ++j) {
          taken[rows.offset[j] + rows.codes[j][static_cast<std::size_t>(r)]] += means[level] * rows.weight(r);
        }
      }
    }
    VectorXd found = VectorXd::Zero(rows.n_unknown);
    const double norm_squared =
        std::max(0.0, norms[c] * norms[c] - means.cwiseAbs2().cwiseProduct(totals).sum());
    reached[static_cast<std::size_t>(c)] =
        iterate(rows, totals, diagonal, right - taken, std::max(norm_squared, 1e-6 * norms[c] * norms[c]), options, stop, found);
    for (Index level = 0; level < totals.size(); ++level) {
      for (Index r = rows.begin[static_cast<std::size_t>(level)]; r < rows.begin[static_cast<std::size_t>(level) + 1]; ++r) {
        for (std::size_t j = 0; j < rows.codes.size(); ++j) {
          by_level[level] += rows.weight(r) * found[rows.offset[j] + rows.codes[j][static_cast<std::size_t>(r)]];
        }
      }
    }
    for (std::size_t j = 0; j < rows.effects.size(); ++j) {
      solution[rows.effects[j]].row(c) += found.segment(rows.offset[j], solution[rows.effects[j]].cols()).transpose();
    }
    solution[eliminated].row(c) += (means - by_level.cwiseQuotient(totals)).transpose();
  });
  if (stop) throw Interruption();

  Convergence worst;
  for (const Convergence& column : reached) {
    worst.converged = worst.converged && column.converged;
    worst.iterations = std::max(worst.iterations, column.iterations);
    worst.relative_error = std::max(worst.relative_error, column.relative_error);
  }
  return worst;
}

}  // namespace flowresil
