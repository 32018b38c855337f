#include "core/within.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

#include <Eigen/Cholesky>

#include "core/conjugate_gradients.hpp"
#include "core/contract.hpp"
#include "core/groups.hpp"
#include "core/parallel.hpp"
#include "core/row_order.hpp"

namespace flowresil {

using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;

namespace {

// Adds column values (less shift, times weight) into sums by level of one effect. Rows of the same level in
// a run are added in a register first: a store and a load for each row would wait for each other.
void add_by_level(const Sample& sample, const Effect& effect, const double* column, double shift,
                  double* sums) {
  const int* codes = effect.codes;
  int current = codes[0];
  double sum = 0.0;
  for (Index i = 0; i < sample.n_rows; ++i) {
    if (codes[i] != current) {
      sums[current] += sum;
      sum = 0.0;
      current = codes[i];
    }
    sum += (column[i] - shift) * sample.weight(i);
  }
  sums[current] += sum;
}

// The same for two effects in one pass over the column.
void add_by_two_levels(const Sample& sample, const double* column, double shift, double* sums,
                       double* other_sums) {
  const int* codes = sample.effects[0].codes;
  const int* other = sample.effects[1].codes;
  int current = codes[0];
  double sum = 0.0;
  for (Index i = 0; i < sample.n_rows; ++i) {
    const double value = (column[i] - shift) * sample.weight(i);
    if (codes[i] != current) {
      sums[current] += sum;
      sum = 0.0;
      current = codes[i];
    }
    sum += value;
    other_sums[other[i]] += value;
  }
  sums[current] += sum;
}

// Sums by level of every effect for all columns; the pieces are columns, so threads change no bit.
LevelSums sum_columns(const Sample& sample, const VectorXd& shift, int threads) {
  const Index m = sample.n_columns();
  std::vector<MatrixXd> by_column;
  for (const Effect& effect : sample.effects)
    by_column.push_back(MatrixXd::Zero(effect.n_levels, m));
  for_pieces(m, threads, [&](Index c) {
    const double* column = sample.columns[static_cast<std::size_t>(c)];
    if (sample.effects.size() == 2) {
      add_by_two_levels(sample, column, shift[c], by_column[0].col(c).data(), by_column[1].col(c).data());
      return;
    }
    for (std::size_t j = 0; j < sample.effects.size(); ++j) {
      add_by_level(sample, sample.effects[j], column, shift[c], by_column[j].col(c).data());
    }
  });
  LevelSums sums;
  for (MatrixXd& table : by_column) {
    sums.emplace_back(table.transpose());
    table.resize(0, 0);
  }
  return sums;
}

// The same sums over the rows as they stand after the present solution: what is still left to take out; and
// the norms of the columns as they stand.
LevelSums sum_demeaned(const Sample& sample, const WithinSolution& solution, int threads, VectorXd& norms) {
  const Index m = sample.n_columns();
  const Index slab_rows = std::min<Index>(sample.n_rows, 4 * piece_rows);
  MatrixXd slab(slab_rows, m);
  std::vector<MatrixXd> by_column;
  for (const Effect& effect : sample.effects)
    by_column.push_back(MatrixXd::Zero(effect.n_levels, m));
  for (Index begin = 0; begin < sample.n_rows; begin += slab_rows) {
    const Index end = std::min(begin + slab_rows, sample.n_rows);
    for_pieces(count_pieces(end - begin, block_rows), threads, [&](Index b) {
      const Index from = begin + b * block_rows;
      demean_rows(sample, solution, from, std::min(from + block_rows, end), slab.data() + (from - begin),
                  slab_rows);
    });
    for_pieces(m, threads, [&](Index c) {
      const double* values = slab.col(c).data();
      for (std::size_t j = 0; j < sample.effects.size(); ++j) {
        double* sums = by_column[j].col(c).data();
        const int* codes = sample.effects[j].codes + begin;
        for (Index i = 0; i < end - begin; ++i)
          sums[codes[i]] += values[i] * sample.weight(begin + i);
      }
      for (Index i = 0; i < end - begin; ++i)
        norms[c] += values[i] * values[i] * sample.weight(begin + i);
    });
  }
  norms = norms.cwiseSqrt().eval();
  LevelSums sums;
  for (const MatrixXd& table : by_column)
    sums.emplace_back(table.transpose());
  return sums;
}

// Norms of the columns less their shifts: the scale of the iterative method's tolerance, not needed by
// others.
VectorXd column_norms(const Sample& sample, const VectorXd& shift, const std::string& method) {
  VectorXd norms = VectorXd::Zero(sample.n_columns());
  if (method != "iterative") return norms;
  for (Index c = 0; c < sample.n_columns(); ++c) {
    const double* column = sample.columns[static_cast<std::size_t>(c)];
    for (Index i = 0; i < sample.n_rows; ++i) {
      norms[c] += sample.weight(i) * (column[i] - shift[c]) * (column[i] - shift[c]);
    }
  }
  return norms.cwiseSqrt();
}

std::vector<VectorXd> sum_weights(const Sample& sample) {
  std::vector<VectorXd> sums;
  for (const Effect& effect : sample.effects) {
    VectorXd by_level = VectorXd::Zero(effect.n_levels);
    if (sample.weights) {
      for (Index i = 0; i < sample.n_rows; ++i)
        by_level[effect.codes[i]] += sample.weights[i];
    } else {
      const std::vector<Index> count = count_levels(effect, sample.n_rows);
      for (Index l = 0; l < effect.n_levels; ++l)
        by_level[l] = static_cast<double>(count[static_cast<std::size_t>(l)]);
    }
    require(by_level.minCoeff() > 0.0, "every level must have a row");
    sums.push_back(std::move(by_level));
  }
  return sums;
}

// Does every pair of levels stand in exactly one row?
bool is_balanced(const Sample& sample, const Effect& larger, const Effect& smaller) {
  const Index n = sample.n_rows;
  if (n != larger.n_levels * smaller.n_levels) return false;
  // The common case, sorted by the larger and then the smaller effect, needs no memory.
  bool in_order = true;
  for (Index i = 1; i < n && in_order; ++i) {
    in_order = larger.codes[i] > larger.codes[i - 1] ||
               (larger.codes[i] == larger.codes[i - 1] && smaller.codes[i] > smaller.codes[i - 1]);
  }
  if (in_order) return true;  // n strictly increasing pairs out of n possible ones
  std::vector<bool> seen(static_cast<std::size_t>(n), false);
  for (Index i = 0; i < n; ++i) {
    const std::size_t cell = static_cast<std::size_t>(larger.codes[i] * smaller.n_levels + smaller.codes[i]);
    if (seen[cell]) return false;
    seen[cell] = true;
  }
  return true;
}

}  // namespace

// What the direct method keeps: the rows by level of the larger effect, and the factored Schur complement
// of the smaller one, a weighted graph Laplacian, with one level of each connected component held at zero.
struct EffectSolver::Direct {
  RowOrder rows;
  std::vector<Index> free_levels;  // levels of the smaller effect that are solved for
  Eigen::LLT<MatrixXd> cholesky;
  Eigen::LDLT<MatrixXd> pivoted;  // where rounding leaves the Cholesky factor without a positive pivot
  bool use_pivoted = false;
};

EffectSolver::EffectSolver(const Sample& sample, const WithinOptions& options)
    : sample_(sample), options_(options) {
  check_sample(sample);
  options_.threads = threads_for(sample, options.threads);
  level_weights_ = sum_weights(sample);
  choose_method();
  if (method_ == "direct") build_direct();
}

EffectSolver::~EffectSolver() {
  delete direct_;
}

void EffectSolver::choose_method() {
  const std::vector<Effect>& effects = sample_.effects;
  for (std::size_t j = 1; j < effects.size(); ++j) {
    if (effects[j].n_levels > effects[larger_].n_levels) larger_ = j;
  }
  if (effects.empty()) {
    method_ = sample_.centre ? "centred" : "none";
  } else if (effects.size() == 1) {
    method_ = "means";
  } else if (effects.size() > 2) {
    method_ = "iterative";
  } else {
    smaller_ = 1 - larger_;
    const bool balanced = !sample_.weights && is_balanced(sample_, effects[larger_], effects[smaller_]);
    const bool direct = effects[smaller_].n_levels <= options_.direct_limit;
    method_ = balanced ? "balanced" : direct ? "direct" : "iterative";
  }
}

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

// Levels of the smaller effect less one of each connected component: the heaviest, which is held at zero.
std::vector<Index> ground_components(const MatrixXd& symmetric, const VectorXd& weights) {
  const Index n = symmetric.rows();
  std::vector<bool> seen(static_cast<std::size_t>(n), false);
  std::vector<bool> held(static_cast<std::size_t>(n), false);
  for (Index start = 0; start < n; ++start) {
    if (seen[static_cast<std::size_t>(start)]) continue;
    std::vector<Index> open{start};
    seen[static_cast<std::size_t>(start)] = true;
    Index heaviest = start;
    while (!open.empty()) {
      const Index level = open.back();
      open.pop_back();
      if (weights[level] > weights[heaviest]) heaviest = level;
      for (Index next = 0; next < n; ++next) {
        if (!seen[static_cast<std::size_t>(next)] && symmetric(next, level) > 0.0) {
          seen[static_cast<std::size_t>(next)] = true;
          open.push_back(next);
        }
      }
    }
    held[static_cast<std::size_t>(heaviest)] = true;
  }
  std::vector<Index> free_levels;
  for (Index level = 0; level < n; ++level) {
    if (!held[static_cast<std::size_t>(level)]) free_levels.push_back(level);
  }
  return free_levels;
}

}  // namespace

void EffectSolver::build_direct() {
  direct_ = new Direct;
  Direct& direct = *direct_;
  const Effect& larger = sample_.effects[larger_];
  const Effect& smaller = sample_.effects[smaller_];
  direct.rows = RowOrder(sample_, larger_);
  const VectorXd& totals = level_weights_[larger_];
  const Index n_smaller = smaller.n_levels;

  // Fixed pieces of levels, fewer where their tables would take memory.
  const Index n_pieces = std::min<Index>(n_smaller <= 128   ? 16
                                         : n_smaller <= 512 ? 4
                                                            : 1,
                                         count_pieces(larger.n_levels, 64));
  const Index piece_levels = count_pieces(larger.n_levels, n_pieces);
  std::vector<MatrixXd> pairs(static_cast<std::size_t>(n_pieces));
  for_pieces(n_pieces, options_.threads, [&](Index piece) {
    MatrixXd& mine = pairs[static_cast<std::size_t>(piece)];
    mine = MatrixXd::Zero(n_smaller, n_smaller);
    VectorXd dense(n_smaller);
    const Index end = std::min((piece + 1) * piece_levels, larger.n_levels);
    for (Index level = piece * piece_levels; level < end; ++level) {
      add_level_pairs(direct.rows, direct.rows.begin(level), direct.rows.begin(level + 1), totals[level],
                      dense, mine);
    }
  });
  MatrixXd joined = pairs[0];
  for (std::size_t piece = 1; piece < pairs.size(); ++piece)
    joined += pairs[piece];
  joined.diagonal().setZero();  // pairs of a level with itself do not count
  joined += MatrixXd(joined.transpose());

  direct.free_levels = ground_components(joined, level_weights_[smaller_]);
  // Rows of a Laplacian sum to zero: the diagonal from its row has no cancellation.
  const VectorXd diagonal = joined.rowwise().sum();
  const Index n_free = static_cast<Index>(direct.free_levels.size());
  MatrixXd laplacian(n_free, n_free);
  for (Index b = 0; b < n_free; ++b) {
    const Index column = direct.free_levels[static_cast<std::size_t>(b)];
    for (Index a = 0; a < n_free; ++a)
      laplacian(a, b) = -joined(direct.free_levels[static_cast<std::size_t>(a)], column);
    laplacian(b, b) = diagonal[column];
  }
  if (n_free == 0) return;
  direct.cholesky.compute(laplacian);
  direct.use_pivoted = direct.cholesky.info() != Eigen::Success;
  if (direct.use_pivoted) direct.pivoted.compute(laplacian);
  ill_conditioned_ = direct.use_pivoted || direct.cholesky.rcond() < 1e-6;
}

void EffectSolver::add_solution(const LevelSums& sums, const VectorXd& norms,
                                WithinSolution& solution) const {
  require(sums.size() == sample_.effects.size() && solution.levels.size() == sums.size(),
          "there must be a table of sums and of coefficients for each effect");
  if (method_ == "means") {
    solution.levels[0] += sums[0] * level_weights_[0].cwiseInverse().asDiagonal();
  } else if (method_ == "balanced") {
    solve_balanced(sums, solution);
  } else if (method_ == "direct") {
    solve_direct(sums, solution);
  } else if (method_ == "iterative") {
    const Convergence reached = solve_by_conjugate_gradients(sample_, larger_, level_weights_, sums, norms,
                                                             options_, solution.levels);
    solution.converged = solution.converged && reached.converged;
    solution.iterations = std::max(solution.iterations, reached.iterations);
    solution.relative_error = reached.relative_error;
  }
}

void EffectSolver::solve_balanced(const LevelSums& sums, WithinSolution& solution) const {
  const double n_larger = static_cast<double>(sample_.effects[larger_].n_levels);
  const double n_smaller = static_cast<double>(sample_.effects[smaller_].n_levels);
  const VectorXd grand_mean = sums[smaller_].rowwise().sum() / (n_larger * n_smaller);
  solution.levels[larger_] += sums[larger_] / n_smaller;
  solution.levels[smaller_] += (sums[smaller_] / n_larger).colwise() - grand_mean;
}

void EffectSolver::solve_direct(const LevelSums& sums, WithinSolution& solution) const {
  const Direct& direct = *direct_;
  const int* codes = direct.rows.codes(0);
  const Index m = sums[0].rows();
  const Index n_larger = sample_.effects[larger_].n_levels;
  const Index n_smaller = sample_.effects[smaller_].n_levels;
  const MatrixXd means = sums[larger_] * level_weights_[larger_].cwiseInverse().asDiagonal();

  // What the smaller levels' sums keep once the larger effect's means are taken out; fixed pieces in order.
  const Index n_pieces = std::min<Index>(16, count_pieces(n_larger, 64));
  const Index piece_levels = count_pieces(n_larger, n_pieces);
  std::vector<MatrixXd> taken(static_cast<std::size_t>(n_pieces));
  for_pieces(n_pieces, options_.threads, [&](Index piece) {
    MatrixXd& mine = taken[static_cast<std::size_t>(piece)];
    mine = MatrixXd::Zero(m, n_smaller);
    const Index end = std::min((piece + 1) * piece_levels, n_larger);
    for (Index level = piece * piece_levels; level < end; ++level) {
      const double* mean = &means(0, level);
      for (Index r = direct.rows.begin(level); r < direct.rows.begin(level + 1); ++r) {
        double* target = &mine(0, codes[r]);
        const double weight = direct.rows.weight(r);
        for (Index c = 0; c < m; ++c)
          target[c] += mean[c] * weight;
      }
    }
  });
  MatrixXd left = sums[smaller_];
  for (const MatrixXd& piece : taken)
    left -= piece;

  MatrixXd smaller = MatrixXd::Zero(m, n_smaller);
  const Index n_free = static_cast<Index>(direct.free_levels.size());
  if (n_free > 0) {
    MatrixXd right(n_free, m);
    for (Index a = 0; a < n_free; ++a)
      right.row(a) = left.col(direct.free_levels[static_cast<std::size_t>(a)]);
    MatrixXd solved;
    if (direct.use_pivoted) {
      solved = direct.pivoted.solve(right);
    } else {
      solved = direct.cholesky.solve(right);
    }
    for (Index a = 0; a < n_free; ++a)
      smaller.col(direct.free_levels[static_cast<std::size_t>(a)]) = solved.row(a);
  }

  MatrixXd& larger_solution = solution.levels[larger_];
  for_pieces(n_pieces, options_.threads, [&](Index piece) {
    VectorXd sum(m);
    const Index end = std::min((piece + 1) * piece_levels, n_larger);
    for (Index level = piece * piece_levels; level < end; ++level) {
      sum.setZero();
      for (Index r = direct.rows.begin(level); r < direct.rows.begin(level + 1); ++r) {
        const double* source = &smaller(0, codes[r]);
        const double weight = direct.rows.weight(r);
        for (Index c = 0; c < m; ++c)
          sum[c] += source[c] * weight;
      }
      larger_solution.col(level) += means.col(level) - sum / level_weights_[larger_][level];
    }
  });
  solution.levels[smaller_] += smaller;
}

namespace {

// The common case of two effects. Where rows of one level of the first effect follow each other, a run shares
// its value; else a block's levels are gathered column by column, the first column bringing them to cache.
void demean_two_effects(const Sample& sample, const WithinSolution& solution, Index begin, Index end,
                        double* out, Index stride) {
  const Index m = sample.n_columns();
  const int* first = sample.effects[0].codes;
  const int* second = sample.effects[1].codes;
  const double* of_first = solution.levels[0].data();
  const double* of_second = solution.levels[1].data();
  Index n_runs = 1;
  for (Index i = begin + 1; i < end; ++i)
    n_runs += first[i] != first[i - 1] ? 1 : 0;
  if (4 * n_runs > end - begin) {
    for (Index c = 0; c < m; ++c) {
      const double* column = sample.columns[static_cast<std::size_t>(c)];
      const double shift = solution.shift[c];
      double* target = out + c * stride - begin;
      for (Index i = begin; i < end; ++i) {
        target[i] = ((column[i] - shift) - of_first[first[i] * m + c]) - of_second[second[i] * m + c];
      }
    }
    return;
  }
  Index start = begin;
  while (start < end) {
    Index stop = start + 1;
    while (stop < end && first[stop] == first[start])
      ++stop;
    const double* level = of_first + first[start] * m;
    for (Index c = 0; c < m; ++c) {
      const double* column = sample.columns[static_cast<std::size_t>(c)];
      const double shift = solution.shift[c];
      const double value = level[c];
      const double* other = of_second + c;
      double* target = out + c * stride - begin;
      for (Index i = start; i < stop; ++i)
        target[i] = ((column[i] - shift) - value) - other[second[i] * m];
    }
    start = stop;
  }
}

}  // namespace

void demean_rows(const Sample& sample, const WithinSolution& solution, Index begin, Index end, double* out,
                 Index stride) {
  if (sample.effects.size() == 2) {
    demean_two_effects(sample, solution, begin, end, out, stride);
    return;
  }
  const Index m = sample.n_columns();
  for (Index c = 0; c < m; ++c) {
    const double* column = sample.columns[static_cast<std::size_t>(c)];
    const double shift = solution.shift[c];
    double* target = out + c * stride;
    for (Index i = begin; i < end; ++i)
      target[i - begin] = column[i] - shift;
    if (solution.rest.size() > 0) {
      for (Index i = 0; i < end - begin; ++i)
        target[i] -= solution.rest[c];
    }
    for (std::size_t j = 0; j < sample.effects.size(); ++j) {
      const int* codes = sample.effects[j].codes;
      const double* of_level = solution.levels[j].data() + c;
      for (Index i = begin; i < end; ++i)
        target[i - begin] -= of_level[codes[i] * m];
    }
  }
}

WithinSolution EffectSolver::solve(const VectorXd& shift) const {
  const Index m = sample_.n_columns();
  require(m > 0 && shift.size() == m && shift.allFinite(), "there must be a finite shift for each column");
  WithinSolution solution;
  solution.method = method_;
  solution.shift = shift;
  if (method_ == "none") {
    solution.shift.setZero();
  } else if (method_ == "centred") {
    solution.rest = weighted_means(sample_, shift, VectorXd::Zero(m), options_.threads);
  } else {
    for (const Effect& effect : sample_.effects)
      solution.levels.push_back(MatrixXd::Zero(m, effect.n_levels));
    add_solution(sum_columns(sample_, shift, options_.threads), column_norms(sample_, shift, method_),
                 solution);
  }
  check_interrupt();
  return solution;
}

void EffectSolver::refine(WithinSolution& solution) const {
  if (method_ == "none") return;
  if (method_ == "centred") {
    solution.rest += weighted_means(sample_, solution.shift, solution.rest, options_.threads);
    return;
  }
  VectorXd norms = VectorXd::Zero(sample_.n_columns());
  const LevelSums sums = sum_demeaned(sample_, solution, options_.threads, norms);
  add_solution(sums, norms, solution);
  check_interrupt();
}

void EffectSolver::check_interrupt() const {
  if (options_.interrupted && options_.interrupted()) throw Interruption();
}

namespace {

// g_i = (D v)_i.
VectorXd sum_of_effects(const Sample& sample, const WithinSolution& solution) {
  VectorXd sum = VectorXd::Zero(sample.n_rows);
  for (std::size_t j = 0; j < sample.effects.size(); ++j) {
    for (Index i = 0; i < sample.n_rows; ++i)
      sum[i] += solution.levels[j](0, sample.effects[j].codes[i]);
  }
  return sum;
}

// What is left of the wanted sums, and its size: by level, each in the scale of its weight.
double subtract_sums(const Sample& sample, const VectorXd& g, const std::vector<VectorXd>& level_weights,
                     LevelSums& left) {
  double size = 0.0;
  for (std::size_t j = 0; j < sample.effects.size(); ++j) {
    for (Index i = 0; i < sample.n_rows; ++i)
      left[j](0, sample.effects[j].codes[i]) -= sample.weight(i) * g[i];
    size += left[j].row(0).cwiseAbs2().transpose().cwiseQuotient(level_weights[j]).sum();
  }
  return std::sqrt(size);
}

}  // namespace

Functional effect_functional(const Sample& sample, const std::vector<int>& base,
                             const WithinOptions& options) {
  require(base.size() == sample.effects.size(), "there must be a base level for each effect");
  Functional functional;
  if (sample.effects.empty()) {
    functional.value = 1.0 / total_weight(sample);
    functional.weights = VectorXd::Constant(sample.n_rows, functional.value);
    return functional;
  }
  Sample bare = sample;
  bare.columns.clear();
  const EffectSolver solver(bare, options);
  WithinSolution solution;
  LevelSums sums;
  for (std::size_t j = 0; j < sample.effects.size(); ++j) {
    require(base[j] >= 0 && base[j] < sample.effects[j].n_levels, "base levels must lie in 0 .. levels - 1");
    sums.push_back(MatrixXd::Zero(1, sample.effects[j].n_levels));
    sums.back()(0, base[j]) = 1.0;
    solution.levels.push_back(MatrixXd::Zero(1, sample.effects[j].n_levels));
  }
  // Solved again for what is left as long as that helps: the iteration's rule looks at the sum of all rows'
  // errors, to which rows of small weight, that the constant may hang on, hardly add.
  const std::vector<VectorXd> level_weights = sum_weights(sample);
  LevelSums left = sums;
  double size = subtract_sums(sample, VectorXd::Zero(sample.n_rows), level_weights, left);
  for (int round = 0; round < 8; ++round) {
    solver.add_solution(left, VectorXd::Constant(1, size), solution);
    functional.weights = sum_of_effects(sample, solution);
    left = sums;
    const double still = subtract_sums(sample, functional.weights, level_weights, left);
    if (!(still < 0.25 * size)) break;
    size = still;
  }
  functional.converged = solution.converged;
  for (std::size_t j = 0; j < sample.effects.size(); ++j)
    functional.value += solution.levels[j](0, base[j]);
  return functional;
}

}  // namespace flowresil
