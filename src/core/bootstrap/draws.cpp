#include "bootstrap/draws.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

#include <Eigen/Cholesky>

#include "base/by_name.hpp"
#include "base/contract.hpp"
#include "base/parallel.hpp"
#include "base/random.hpp"

namespace flowresil {

using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;

namespace {

constexpr Index most_replicates = 256;
constexpr Index block_values = Index{1} << 18U;  // of a block of replicates, by group
constexpr double not_a_number = std::numeric_limits<double>::quiet_NaN();

// What draws make of one part of a term.
class TermPart {
 public:
  TermPart(const WildTerm& term, int part, const MatrixXd& scores) : term_(term), part_(part) {
    // as many clusters as directions, or fewer: the product once
    if (scores.rows() < scores.cols()) return;
    for (const MatrixXd& through : term.through)
      whole_.push_back(through * scores);
  }

  // Of coefficient j, groups x draws; `summed` are the scores times v.
  MatrixXd values(Index j, const MatrixXd& v, const MatrixXd& summed) const {
    const std::size_t at = static_cast<std::size_t>(j);
    MatrixXd found = term_.own[part_][at] * v;
    if (whole_.empty()) {
      found.noalias() -= term_.through[at] * summed;
    } else {
      found.noalias() -= whole_[at] * v;
    }
    found.colwise() += term_.fixed[part_].col(j);
    return found;
  }

 private:
  const WildTerm& term_;
  int part_;
  std::vector<MatrixXd> whole_;
};

// One part of a form.
class Part {
 public:
  Part(const WildForm& form, int part) : form_(form), part_(part) {
    for (const WildTerm& term : form.terms)
      terms_.emplace_back(term, part, form.scores[part]);
  }

  MatrixXd numerators(const MatrixXd& v) const { return form_.numerator[part_] * v; }
  MatrixXd summed(const MatrixXd& v) const {
    return form_.scores[part_].rows() < v.rows() ? MatrixXd(form_.scores[part_] * v) : MatrixXd();
  }
  const TermPart& term(std::size_t t) const { return terms_[t]; }

 private:
  const WildForm& form_;
  int part_;
  std::vector<TermPart> terms_;
};

// The form at one distance: a single part.
WildForm form_at(const WildForm& form, double distance) {
  WildForm found = form;
  if (!form.is_linear()) return found;
  found.numerator[0] += distance * form.numerator[1];
  found.scores[0] += distance * form.scores[1];
  found.numerator[1].resize(0, 0);
  for (WildTerm& term : found.terms) {
    for (std::size_t j = 0; j < term.own[0].size(); ++j)
      term.own[0][j] += distance * term.own[1][j];
    term.fixed[0] += distance * term.fixed[1];
  }
  return found;
}

// Replicates of a block: fewer where there are many groups.
Index block_of(const WildForm& form) {
  Index n_groups = 1;
  for (const WildTerm& term : form.terms)
    n_groups = std::max(n_groups, term.fixed[0].rows());
  return std::max(Index{1}, std::min(most_replicates, block_values / n_groups));
}

// Calls visit(first, v) for blocks of replicates.
template <class Visit>
void visit_draws(const WildForm& form, const WildDrawing& drawing, int threads,
                 const Interrupted& interrupted, const Visit& visit) {
  const Index block_replicates = block_of(form);
  const Index at_once = 16 * block_replicates;
  for (Index begin = 0; begin < drawing.replicates; begin += at_once) {
    if (interrupted && interrupted()) throw Interruption();
    const Index stop = std::min(begin + at_once, drawing.replicates);
    for_pieces(count_pieces(stop - begin, block_replicates), threads, [&](Index p) {
      const Index first = begin + p * block_replicates;
      MatrixXd v(form.numerator[0].cols(), std::min(block_replicates, stop - first));
      write_weights(drawing, first, v);
      visit(first, v);
    });
  }
}

double ratio(double numerator, double variance) {
  if (variance > 0) return numerator / std::sqrt(variance);
  if (variance < 0 || !(std::abs(numerator) > 0)) return not_a_number;
  return std::copysign(std::numeric_limits<double>::infinity(), numerator);
}

// Wald over the number of coefficients; NaN where the variance is not positive definite.
double wald(const VectorXd& numerator, const MatrixXd& variance) {
  const VectorXd scale = variance.diagonal().cwiseMax(0.0).cwiseSqrt();
  if (!(scale.minCoeff() > 0)) return not_a_number;
  const VectorXd over = scale.cwiseInverse();
  const Eigen::LLT<MatrixXd> root(over.asDiagonal() * variance * over.asDiagonal());
  if (root.info() != Eigen::Success) return not_a_number;
  const VectorXd n = numerator.cwiseQuotient(scale);
  return n.dot(root.solve(n)) / static_cast<double>(n.size());
}

}  // namespace

WildWeights wild_weights_named(const std::string& name) {
  static const Named<WildWeights> table[] = {{"rademacher", WildWeights::rademacher},
                                             {"webb", WildWeights::webb},
                                             {"mammen", WildWeights::mammen},
                                             {"normal", WildWeights::normal}};
  return by_name(table, name, "weights must be rademacher, webb, mammen or normal");
}

void write_weights(const WildDrawing& drawing, Index first, Eigen::Ref<MatrixXd> v) {
  const CounterRandom random(drawing.seed);
  const double root = std::sqrt(5.0);
  const double webb[6] = {-std::sqrt(1.5), -1.0, -std::sqrt(0.5), std::sqrt(0.5), 1.0, std::sqrt(1.5)};
  for (Index c = 0; c < v.cols(); ++c) {
    const std::uint64_t replicate = static_cast<std::uint64_t>(first + c);
    for (Index g = 0; g < v.rows(); ++g) {
      const std::uint64_t item = static_cast<std::uint64_t>(g);
      if (drawing.enumerate) {
        v(g, c) = ((replicate >> item) & 1U) == 0 ? 1.0 : -1.0;
      } else if (drawing.weights == WildWeights::rademacher) {
        // 32 clusters share a draw
        std::uint64_t bits = random.below(std::uint64_t{1} << 32U, replicate, item / 32);
        for (const Index stop = std::min(g + 32, v.rows()); g < stop; ++g, bits >>= 1U)
          v(g, c) = (bits & 1U) == 0 ? 1.0 : -1.0;
        --g;
      } else if (drawing.weights == WildWeights::webb) {
        v(g, c) = webb[random.below(6, replicate, item)];
      } else if (drawing.weights == WildWeights::mammen) {
        const bool low = random.uniform(replicate, item) < (root + 1) / (2 * root);
        v(g, c) = low ? (1 - root) / 2 : (1 + root) / 2;
      } else {
        v(g, c) = random.normal(replicate, item);
      }
    }
  }
}

MatrixXd draw_lines(const WildForm& form, const WildDrawing& drawing, int threads,
                    const Interrupted& interrupted) {
  require(form.is_linear(), "lines are of one coefficient");
  const Part base(form, 0), slope(form, 1);
  MatrixXd lines = MatrixXd::Zero(5, drawing.replicates);
  visit_draws(form, drawing, threads, interrupted, [&](Index first, const MatrixXd& v) {
    auto block = lines.middleCols(first, v.cols());
    block.row(0) = base.numerators(v);
    block.row(1) = slope.numerators(v);
    const MatrixXd summed = base.summed(v), summed_slope = slope.summed(v);
    for (std::size_t t = 0; t < form.terms.size(); ++t) {
      const double factor = form.terms[t].factor;
      const MatrixXd r0 = base.term(t).values(0, v, summed), r1 = slope.term(t).values(0, v, summed_slope);
      block.row(2) += factor * r0.colwise().squaredNorm();
      block.row(3) += 2 * factor * r0.cwiseProduct(r1).colwise().sum();
      block.row(4) += factor * r1.colwise().squaredNorm();
    }
  });
  return lines;
}

VectorXd draw_statistics(const WildForm& given, double distance, bool joint, const WildDrawing& drawing,
                         int threads, const Interrupted& interrupted) {
  const Index q = given.q();
  require(joint || q == 1, "t is of one coefficient");
  const WildForm form = form_at(given, distance);
  const Part part(form, 0);
  VectorXd statistics(drawing.replicates);
  visit_draws(form, drawing, threads, interrupted, [&](Index first, const MatrixXd& v) {
    const MatrixXd numerators = part.numerators(v), summed = part.summed(v);
    MatrixXd variances = MatrixXd::Zero(q * q, v.cols());
    for (std::size_t t = 0; t < form.terms.size(); ++t) {
      std::vector<MatrixXd> values;
      for (Index j = 0; j < q; ++j)
        values.push_back(part.term(t).values(j, v, summed));
      for (Index a = 0; a < q; ++a) {
        for (Index b = 0; b < q; ++b) {
          variances.row(a * q + b) +=
              form.terms[t].factor * values[static_cast<std::size_t>(a)]
                                         .cwiseProduct(values[static_cast<std::size_t>(b)])
                                         .colwise()
                                         .sum();
        }
      }
    }
    for (Index c = 0; c < v.cols(); ++c) {
      statistics[first + c] =
          joint ? wald(numerators.col(c), Eigen::Map<const MatrixXd>(variances.col(c).data(), q, q))
                : ratio(numerators(0, c), variances(0, c));
    }
  });
  return statistics;
}

double statistic_at(const Eigen::Ref<const VectorXd>& line, double distance) {
  return ratio(line[0] + distance * line[1], line[2] + distance * (line[3] + distance * line[4]));
}

}  // namespace flowresil
