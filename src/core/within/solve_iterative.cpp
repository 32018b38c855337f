#include "within/solve_iterative.hpp"

#include <algorithm>
#include <atomic>
#include <cmath>
#include <utility>

#include "base/contract.hpp"
#include "base/parallel.hpp"
#include "panel/row_order.hpp"
#include "within/solvers.hpp"

namespace flowresil {

using Eigen::Index;
using Eigen::VectorXd;

namespace {

// The rows by level of the eliminated effect, with the levels of all other effects numbered through.
struct Elimination {
  RowOrder rows;
  std::vector<Index> offset;  // where each other effect's levels start among the unknowns
  Index n_unknown = 0;
  Index n_eliminated = 0;

  Elimination(const Sample& sample, std::size_t eliminated)
      : rows(sample, eliminated), n_eliminated(sample.effects[eliminated].n_levels) {
    for (std::size_t j : rows.others()) {
      offset.push_back(n_unknown);
      n_unknown += sample.effects[j].n_levels;
    }
  }

  // The unknown that effect `other` puts on the row at `place`.
  Index unknown(std::size_t other, Index place) const { return offset[other] + rows.codes(other)[place]; }

  // Calls each(level, first place, last place + 1) for the eliminated levels.
  template <class Each>
  void for_levels(const Each& each) const {
    for (Index level = 0; level < n_eliminated; ++level)
      each(level, rows.begin(level), rows.begin(level + 1));
  }
};

// product = (Schur complement) * x: what x puts on the rows, less its mean by eliminated level, summed again.
void multiply(const Elimination& system, const VectorXd& totals, const VectorXd& x, VectorXd& on_row,
              VectorXd& product) {
  product.setZero();
  const RowOrder& rows = system.rows;
  const std::size_t n_effects = system.offset.size();
  system.for_levels([&](Index level, Index first, Index last) {
    double sum = 0.0;
    for (Index r = first; r < last; ++r) {
      double value = 0.0;
      for (std::size_t j = 0; j < n_effects; ++j)
        value += x[system.unknown(j, r)];
      on_row[r - first] = value;
      sum += value * rows.weight(r);
    }
    const double mean = sum / totals[level];
    for (Index r = first; r < last; ++r) {
      const double left = (on_row[r - first] - mean) * rows.weight(r);
      for (std::size_t j = 0; j < n_effects; ++j)
        product[system.unknown(j, r)] += left;
    }
  });
}

// The diagonal of the Schur complement where no pair of levels repeats inside an eliminated level, a bound
// from above otherwise. Zero where a level hangs on rows that the elimination fits exactly.
VectorXd diagonal_of(const Elimination& system, const VectorXd& totals) {
  VectorXd diagonal = VectorXd::Zero(system.n_unknown);
  VectorXd weight = VectorXd::Zero(system.n_unknown);
  system.for_levels([&](Index level, Index first, Index last) {
    for (Index r = first; r < last; ++r) {
      const double w = system.rows.weight(r);
      for (std::size_t j = 0; j < system.offset.size(); ++j) {
        diagonal[system.unknown(j, r)] += w * (1.0 - w / totals[level]);
        weight[system.unknown(j, r)] += w;
      }
    }
  });
  return (diagonal.array() > 1e-12 * weight.array()).select(diagonal, 0.0);
}

// One column's iteration. `solution` starts at zero.
Convergence iterate(const Elimination& system, const VectorXd& totals, const VectorXd& diagonal,
                    VectorXd residual, double norm_squared, const WithinOptions& options,
                    std::atomic<bool>& stop, VectorXd& solution) {
  Convergence reached;
  Index longest = 1;
  system.for_levels([&](Index, Index first, Index last) { longest = std::max(longest, last - first); });
  VectorXd on_row(longest);
  VectorXd product(system.n_unknown);
  const VectorXd inverse =
      (diagonal.array() > 0.0).select(diagonal.cwiseInverse(), 0.0);  // the others stay as they are
  VectorXd scaled = residual.cwiseProduct(inverse);
  VectorXd direction = scaled;
  double energy = residual.dot(scaled);
  // Below this there is rounding only: energy bounds the squared error over the smallest eigenvalue.
  const double least_energy = 1e-30 * std::max(energy, norm_squared);
  double left = norm_squared;  // squared norm of the column once the effects found so far are out
  std::vector<double> decreases;
  reached.converged = energy <= least_energy;
  while (!reached.converged && reached.iterations < options.max_iterations) {
    if (on_main_thread() && reached.iterations % 16 == 0 && options.interrupted && options.interrupted())
      stop = true;
    if (stop) return reached;
    multiply(system, totals, direction, on_row, product);
    const double curvature = direction.dot(product);
    // Rounding is all that is left where the direction changes (next to) nothing: it lies among the shifts
    // between effects that no row sees, and a step along it would be huge, harmless in exact numbers, and
    // cost digits.
    if (!(curvature > 1e-13 * direction.cwiseAbs2().dot(diagonal))) break;
    const double step = energy / curvature;
    solution += step * direction;
    residual -= step * product;
    ++reached.iterations;
    decreases.push_back(step * energy);
    left -= step * energy;

    const std::size_t window = std::max<std::size_t>(10, decreases.size() / 5);
    const std::size_t from = decreases.size() > window ? decreases.size() - window : 0;
    double error_squared = 0.0;
    for (std::size_t k = from; k < decreases.size(); ++k)
      error_squared += decreases[k];
    const double scale_squared = std::max(left, 1e-6 * norm_squared);
    reached.relative_error = std::sqrt(error_squared / scale_squared);
    const bool long_enough = decreases.size() >= window || error_squared <= 1e-32 * norm_squared;
    if (long_enough && reached.relative_error <= options.tolerance) reached.converged = true;

    scaled = residual.cwiseProduct(inverse);
    const double next_energy = residual.dot(scaled);
    if (!(next_energy > least_energy)) break;
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
  require(sample.effects.size() >= 2 && eliminated < sample.effects.size(),
          "there must be two effects or more");
  require(sums.size() == sample.effects.size() && solution.size() == sums.size(),
          "there must be sums for each effect");
  require(options.tolerance > 0.0 && options.max_iterations > 0, "tolerance and iterations must be positive");
  const Elimination system(sample, eliminated);
  const VectorXd& totals = level_weights[eliminated];
  const VectorXd diagonal = diagonal_of(system, totals);
  const Index m = sums[eliminated].rows();
  require(norms.size() == m, "there must be a norm for each column");

  std::vector<Convergence> reached(static_cast<std::size_t>(m));
  std::atomic<bool> stop{false};
  for_pieces(m, options.threads, [&](Index c) {
    const std::vector<std::size_t>& others = system.rows.others();
    const VectorXd means = sums[eliminated].row(c).transpose().cwiseQuotient(totals);
    VectorXd right(system.n_unknown);
    for (std::size_t j = 0; j < others.size(); ++j) {
      right.segment(system.offset[j], sums[others[j]].cols()) = sums[others[j]].row(c).transpose();
    }
    VectorXd taken = VectorXd::Zero(system.n_unknown);
    system.for_levels([&](Index level, Index first, Index last) {
      for (Index r = first; r < last; ++r) {
        for (std::size_t j = 0; j < others.size(); ++j) {
          taken[system.unknown(j, r)] += means[level] * system.rows.weight(r);
        }
      }
    });
    const double norm_squared = norms[c] * norms[c];
    const double left =
        std::max(norm_squared - means.cwiseAbs2().cwiseProduct(totals).sum(), 1e-6 * norm_squared);
    VectorXd found = VectorXd::Zero(system.n_unknown);
    reached[static_cast<std::size_t>(c)] =
        iterate(system, totals, diagonal, right - taken, left, options, stop, found);

    VectorXd by_level = VectorXd::Zero(totals.size());
    system.for_levels([&](Index level, Index first, Index last) {
      for (Index r = first; r < last; ++r) {
        for (std::size_t j = 0; j < others.size(); ++j) {
          by_level[level] += system.rows.weight(r) * found[system.unknown(j, r)];
        }
      }
    });
    for (std::size_t j = 0; j < others.size(); ++j) {
      solution[others[j]].row(c) += found.segment(system.offset[j], solution[others[j]].cols()).transpose();
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

namespace {

class Iterative : public EffectSolver {
 public:
  explicit Iterative(SolverStart start) : start_(std::move(start)) {}
  Method method() const override { return Method::iterative; }
  void add_solution(const LevelSums& sums, const VectorXd& norms, WithinSolution& solution) const override {
    const Convergence reached = solve_by_conjugate_gradients(
        start_.sample, start_.larger, start_.level_weights, sums, norms, start_.options, solution.levels);
    solution.converged = solution.converged && reached.converged;
    solution.iterations = std::max(solution.iterations, reached.iterations);
    solution.relative_error = reached.relative_error;
  }

 private:
  SolverStart start_;
};

}  // namespace

std::unique_ptr<EffectSolver> solve_by_iteration(SolverStart start) {
  return std::make_unique<Iterative>(std::move(start));
}

}  // namespace flowresil
