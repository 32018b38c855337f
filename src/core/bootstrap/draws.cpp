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

constexpr Index block_replicates = 256;
constexpr double not_a_number = std::numeric_limits<double>::quiet_NaN();

// What draws make of one part of a form.
class Part {
 public:
  Part(const MatrixXd& numerator, const MatrixXd& scores, const std::vector<MatrixXd>& through,
       const MatrixXd& own, const MatrixXd& fixed)
      : numerator_(numerator), scores_(scores), through_(&through), own_(own), fixed_(fixed) {
    // as many clusters as directions, or fewer: the product once
    if (scores.rows() < scores.cols()) return;
    for (const MatrixXd& one : through)
      whole_.push_back(one * scores);
  }

  MatrixXd numerators(const MatrixXd& v) const { return numerator_ * v; }
  // One matrix a coefficient, clusters x draws.
  std::vector<MatrixXd> parts(const MatrixXd& v) const {
    std::vector<MatrixXd> found;
    const MatrixXd summed = whole_.empty() ? MatrixXd(scores_ * v) : MatrixXd();
    for (Index j = 0; j < own_.cols(); ++j) {
      const std::size_t at = static_cast<std::size_t>(j);
      MatrixXd part = own_.col(j).asDiagonal() * v;
      if (whole_.empty()) {
        part.noalias() -= (*through_)[at] * summed;
      } else {
        part.noalias() -= whole_[at] * v;
      }
      part.colwise() += fixed_.col(j);
      found.push_back(std::move(part));
    }
    return found;
  }

 private:
  MatrixXd numerator_, scores_;
  const std::vector<MatrixXd>* through_;
  MatrixXd own_, fixed_;
  std::vector<MatrixXd> whole_;
};

Part part_of(const WildForm& form, int part) {
  return Part(form.numerator[part], form.scores[part], form.through, form.own[part], form.fixed[part]);
}

// Part 0 and `distance` times part 1, where there is one.
Part part_at(const WildForm& form, double distance) {
  if (form.numerator[1].size() == 0) return part_of(form, 0);
  return Part(form.numerator[0] + distance * form.numerator[1], form.scores[0] + distance * form.scores[1],
              form.through, form.own[0] + distance * form.own[1], form.fixed[0] + distance * form.fixed[1]);
}

// Calls visit(first, v) for blocks of replicates.
template <class Visit>
void visit_draws(const WildForm& form, const WildDrawing& drawing, int threads,
                 const Interrupted& interrupted, const Visit& visit) {
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

MatrixXd draw_lines(const WildForm& form, double factor, const WildDrawing& drawing, int threads,
                    const Interrupted& interrupted) {
  require(form.own[0].cols() == 1, "lines are of one coefficient");
  const Part base = part_of(form, 0), slope = part_of(form, 1);
  MatrixXd lines(5, drawing.replicates);
  visit_draws(form, drawing, threads, interrupted, [&](Index first, const MatrixXd& v) {
    const MatrixXd r0 = base.parts(v)[0], r1 = slope.parts(v)[0];
    auto block = lines.middleCols(first, v.cols());
    block.row(0) = base.numerators(v);
    block.row(1) = slope.numerators(v);
    block.row(2) = factor * r0.colwise().squaredNorm();
    block.row(3) = 2 * factor * r0.cwiseProduct(r1).colwise().sum();
    block.row(4) = factor * r1.colwise().squaredNorm();
  });
  return lines;
}

VectorXd draw_statistics(const WildForm& form, double factor, const VectorXd& distance, bool joint,
                         const WildDrawing& drawing, int threads, const Interrupted& interrupted) {
  const Index q = form.own[0].cols();
  require(joint || q == 1, "t is of one coefficient");
  const Part part = part_at(form, distance[0]);
  VectorXd statistics(drawing.replicates);
  visit_draws(form, drawing, threads, interrupted, [&](Index first, const MatrixXd& v) {
    const MatrixXd numerators = part.numerators(v);
    const std::vector<MatrixXd> parts = part.parts(v);
    for (Index c = 0; c < v.cols(); ++c) {
      if (!joint) {
        statistics[first + c] = ratio(numerators(0, c), factor * parts[0].col(c).squaredNorm());
        continue;
      }
      MatrixXd r(v.rows(), q);
      for (Index j = 0; j < q; ++j)
        r.col(j) = parts[static_cast<std::size_t>(j)].col(c);
      const VectorXd scale = r.colwise().norm().transpose();
      double& target = statistics[first + c];
      target = not_a_number;
      if (!(scale.minCoeff() > 0)) continue;
      const MatrixXd unit = r * scale.cwiseInverse().asDiagonal();
      const Eigen::LLT<MatrixXd> root(unit.transpose() * unit);
      if (root.info() != Eigen::Success) continue;
      const VectorXd n = numerators.col(c).cwiseQuotient(scale);
      target = n.dot(root.solve(n)) / (factor * static_cast<double>(q));
    }
  });
  return statistics;
}

double statistic_at(const Eigen::Ref<const VectorXd>& line, double distance) {
  return ratio(line[0] + distance * line[1], line[2] + distance * (line[3] + distance * line[4]));
}

}  // namespace flowresil
