#include "core/covariance.hpp"

#include <algorithm>
#include <cmath>

#include "core/contract.hpp"
#include "core/parallel.hpp"

namespace flowresil {

using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;

namespace {

constexpr Index slab_rows = 16 * piece_rows;

// The pass over rows: scores of a block, one column a score.
struct ScorePass {
  ScorePass(const Sample& sample_, const WithinSolution& solution_, const ScoreColumns& scores_)
      : sample(sample_),
        solution(solution_),
        scores(scores_),
        n_combined(scores_.combination.cols()),
        n_scores(n_combined + (scores_.constant ? 1 : 0)) {
    require(scores.residual.size() == sample.n_columns(), "the residual must have a weight for each column");
    require(n_combined == 0 || scores.combination.rows() == sample.n_columns(),
            "scores must combine each column");
    require(scores.along.size() == n_combined, "the residual must have a coefficient for each score");
    require(scores.offset.size() == 0 || scores.offset.size() == n_combined + 1,
            "there must be an offset for each score and for the outcome");
    for (Index c = 0; c < scores.residual.size(); ++c) {
      if (std::abs(scores.residual[c]) > 0.0) of_residual.push_back(c);
    }
    for (Index s = 0; s < n_combined; ++s) {
      used.emplace_back();
      for (Index c = 0; c < scores.combination.rows(); ++c) {
        if (std::abs(scores.combination(c, s)) > 0.0) used.back().push_back(c);
      }
    }
  }

  // Scores up to the last that a turned one is made of: half of them where the turn is a triangle.
  void find_turn() {
    for (Index s = 0; s < n_scores; ++s) {
      Index n_used = n_scores;
      while (n_used > 1 && !(std::abs(scores.turn(n_used - 1, s)) > 0.0))
        --n_used;
      turn_used.push_back(n_used);
    }
  }

  // Residuals of rows begin .. end - 1. The scores' columns stand at `columns` then: in `block` where a score
  // is one of them as it is, else at out + score * stride.
  void residuals_and_columns(Index begin, Index end, MatrixXd& block, double* out, Index stride,
                             VectorXd& residuals, std::vector<const double*>& columns) const {
    const Index rows = end - begin;
    demean_rows(sample, solution, begin, end, block.data(), block_rows);
    combine(block, rows, scores.residual, of_residual, offset_of(n_combined), residuals);
    columns.clear();
    for (Index s = 0; s < n_combined; ++s) {
      const std::vector<Index>& parts = used[static_cast<std::size_t>(s)];
      if (is_selection(s)) {
        columns.push_back(block.col(parts[0]).data());
      } else {
        Eigen::Map<VectorXd> column(out + s * stride, rows);
        combine(block, rows, scores.combination.col(s), parts, offset_of(s), column);
        columns.push_back(column.data());
      }
      residuals -= scores.along[s] * Eigen::Map<const VectorXd>(columns.back(), rows);
    }
  }

  // Weighted scores of rows begin .. end - 1, one column a score, at out + column * stride.
  void write(Index begin, Index end, MatrixXd& block, double* out, Index stride) const {
    const Index rows = end - begin;
    VectorXd residuals(rows);
    std::vector<const double*> columns;
    residuals_and_columns(begin, end, block, out, stride, residuals, columns);
    if (sample.weights) residuals.array() *= Eigen::Map<const VectorXd>(sample.weights + begin, rows).array();
    for (Index s = 0; s < n_combined; ++s) {
      Eigen::Map<VectorXd>(out + s * stride, rows) =
          residuals.cwiseProduct(Eigen::Map<const VectorXd>(columns[static_cast<std::size_t>(s)], rows));
    }
    if (!scores.constant) return;
    Eigen::Map<VectorXd> last(out + n_combined * stride, rows);
    last = residuals;
    if (scores.constant_column) {
      last.array() *= Eigen::Map<const VectorXd>(scores.constant_column + begin, rows).array();
    }
  }

  double offset_of(Index score) const { return scores.offset.size() > 0 ? scores.offset[score] : 0.0; }

  // Is the score's column a demeaned column as it is?
  bool is_selection(Index score) const {
    const std::vector<Index>& parts = used[static_cast<std::size_t>(score)];
    return parts.size() == 1 && std::abs(scores.combination(parts[0], score) - 1.0) <= 0.0 &&
           scores.offset.size() == 0;
  }

  // The given parts of the block times their weights, less an offset.
  template <class Weights, class Out>
  static void combine(const MatrixXd& block, Index rows, const Weights& weights,
                      const std::vector<Index>& parts, double offset, Out& out) {
    if (parts.empty()) out.setZero();
    for (std::size_t p = 0; p < parts.size(); ++p) {
      if (p == 0) {
        out = weights[parts[p]] * block.col(parts[p]).head(rows);
      } else {
        out += weights[parts[p]] * block.col(parts[p]).head(rows);
      }
    }
    if (std::abs(offset) > 0.0) out.array() -= offset;
  }

  const Sample& sample;
  const WithinSolution& solution;
  const ScoreColumns& scores;
  Index n_combined;
  Index n_scores;
  std::vector<Index> turn_used;
  std::vector<std::vector<Index>> used;  // columns that each score is made of
  std::vector<Index> of_residual;        // and the residual
};

MatrixXd squares_by_row(const ScorePass& pass, int threads) {
  const Index n_rows = pass.sample.n_rows;
  const Index n_scores = pass.n_scores;
  const Index n_pieces = count_pieces(n_rows, piece_rows);
  std::vector<MatrixXd> sums(static_cast<std::size_t>(n_pieces));
  for_pieces(n_pieces, threads, [&](Index p) {
    MatrixXd block(block_rows, pass.sample.n_columns());
    MatrixXd values(block_rows, n_scores);
    MatrixXd turned(block_rows, n_scores);
    MatrixXd sum = MatrixXd::Zero(n_scores, n_scores);
    const Index stop = std::min((p + 1) * piece_rows, n_rows);
    for (Index begin = p * piece_rows; begin < stop; begin += block_rows) {
      const Index end = std::min(begin + block_rows, stop);
      pass.write(begin, end, block, values.data(), block_rows);
      for (Index s = 0; s < n_scores; ++s) {
        const Index used = pass.turn_used[static_cast<std::size_t>(s)];
        turned.col(s).head(end - begin).noalias() =
            values.topLeftCorner(end - begin, used) * pass.scores.turn.col(s).head(used);
      }
      sum.noalias() += turned.topRows(end - begin).transpose() * turned.topRows(end - begin);
    }
    sums[static_cast<std::size_t>(p)] = std::move(sum);
  });
  MatrixXd total = MatrixXd::Zero(n_scores, n_scores);
  for (const MatrixXd& sum : sums)
    total += sum;
  return total;
}

// Sums of scores by cluster (n_scores x n_clusters) where clusters stand in order of rows: pieces of rows add
// to clusters of their own; what they hold of the clusters at their ends is added afterwards, in order.
MatrixXd sum_sorted_clusters(const ScorePass& pass, const Effect& cluster, int threads) {
  const Sample& sample = pass.sample;
  const Index n_scores = pass.n_scores;
  const Index n_pieces = count_pieces(sample.n_rows, piece_rows);
  MatrixXd sums = MatrixXd::Zero(n_scores, cluster.n_levels);
  MatrixXd at_begin = MatrixXd::Zero(n_scores, n_pieces);
  MatrixXd at_end = MatrixXd::Zero(n_scores, n_pieces);
  const auto last_row = [&](Index p) { return std::min((p + 1) * piece_rows, sample.n_rows) - 1; };
  for_pieces(n_pieces, threads, [&](Index p) {
    MatrixXd block(block_rows, sample.n_columns());
    MatrixXd values(block_rows, n_scores);
    const int first = cluster.codes[p * piece_rows];
    const int last = cluster.codes[last_row(p)];
    for (Index begin = p * piece_rows; begin <= last_row(p); begin += block_rows) {
      const Index rows = std::min(block_rows, last_row(p) + 1 - begin);
      pass.write(begin, begin + rows, block, values.data(), block_rows);
      Index start = 0;
      while (start < rows) {
        const int code = cluster.codes[begin + start];
        Index stop = start + 1;
        while (stop < rows && cluster.codes[begin + stop] == code)
          ++stop;
        double* target = code == first ? &at_begin(0, p) : code == last ? &at_end(0, p) : &sums(0, code);
        for (Index c = 0; c < n_scores; ++c) {
          const double* value = &values(0, c);
          double sum = 0.0;
          for (Index i = start; i < stop; ++i)
            sum += value[i];
          target[c] += sum;
        }
        start = stop;
      }
    }
  });
  for (Index p = 0; p < n_pieces; ++p) {
    sums.col(cluster.codes[p * piece_rows]) += at_begin.col(p);
    sums.col(cluster.codes[last_row(p)]) += at_end.col(p);
  }
  return sums;
}

// The same for clusters in any order: scores go to a slab first, and each is added up in row order.
MatrixXd sum_scattered_clusters(const ScorePass& pass, const Effect& cluster, int threads) {
  const Sample& sample = pass.sample;
  MatrixXd sums = MatrixXd::Zero(cluster.n_levels, pass.n_scores);
  MatrixXd slab(std::min(slab_rows, sample.n_rows), pass.n_scores);
  for (Index begin = 0; begin < sample.n_rows; begin += slab_rows) {
    const Index end = std::min(begin + slab_rows, sample.n_rows);
    for_pieces(count_pieces(end - begin, piece_rows), threads, [&](Index p) {
      MatrixXd block(block_rows, sample.n_columns());
      const Index stop = std::min(begin + (p + 1) * piece_rows, end);
      for (Index from = begin + p * piece_rows; from < stop; from += block_rows) {
        pass.write(from, std::min(from + block_rows, stop), block, slab.data() + (from - begin), slab.rows());
      }
    });
    for_pieces(pass.n_scores, threads, [&](Index c) {
      const int* codes = cluster.codes + begin;
      const double* values = slab.col(c).data();
      double* target = sums.col(c).data();
      for (Index i = 0; i < end - begin; ++i)
        target[codes[i]] += values[i];
    });
  }
  return sums.transpose();
}

// Sums are turned block by block: no second table of clusters.
MatrixXd squares_by_cluster(const ScorePass& pass, const Effect& cluster, int threads) {
  const bool sorted = std::is_sorted(cluster.codes, cluster.codes + pass.sample.n_rows);
  const MatrixXd sums =
      sorted ? sum_sorted_clusters(pass, cluster, threads) : sum_scattered_clusters(pass, cluster, threads);
  const MatrixXd turn = pass.scores.turn.transpose();
  const Index n_pieces = count_pieces(cluster.n_levels, piece_rows);
  std::vector<MatrixXd> products(static_cast<std::size_t>(n_pieces));
  for_pieces(n_pieces, threads, [&](Index p) {
    MatrixXd product = MatrixXd::Zero(pass.n_scores, pass.n_scores);
    MatrixXd turned(pass.n_scores, block_rows);
    const Index stop = std::min((p + 1) * piece_rows, cluster.n_levels);
    for (Index begin = p * piece_rows; begin < stop; begin += block_rows) {
      const Index n = std::min(block_rows, stop - begin);
      turned.leftCols(n).noalias() = turn.lazyProduct(sums.middleCols(begin, n));
      product.noalias() += turned.leftCols(n) * turned.leftCols(n).transpose();
    }
    products[static_cast<std::size_t>(p)] = std::move(product);
  });
  MatrixXd total = MatrixXd::Zero(pass.n_scores, pass.n_scores);
  for (const MatrixXd& product : products)
    total += product;
  return total;
}

}  // namespace

VectorXd within_residuals(const Sample& sample, const WithinSolution& solution, const ScoreColumns& scores,
                          int threads) {
  const ScorePass pass(sample, solution, scores);
  VectorXd residuals(sample.n_rows);
  for_pieces(count_pieces(sample.n_rows, piece_rows), threads_for(sample, threads), [&](Index p) {
    MatrixXd block(block_rows, sample.n_columns());
    MatrixXd columns(block_rows, pass.n_combined);
    VectorXd values(block_rows);
    std::vector<const double*> sources;
    const Index stop = std::min((p + 1) * piece_rows, sample.n_rows);
    for (Index begin = p * piece_rows; begin < stop; begin += block_rows) {
      const Index end = std::min(begin + block_rows, stop);
      values.resize(end - begin);
      pass.residuals_and_columns(begin, end, block, columns.data(), block_rows, values, sources);
      residuals.segment(begin, end - begin) = values;
    }
  });
  return residuals;
}

MatrixXd score_squares(const Sample& sample, const WithinSolution& solution, const ScoreColumns& scores,
                       const Effect* cluster, int threads) {
  ScorePass pass(sample, solution, scores);
  require(pass.n_scores > 0, "there must be a score");
  require(scores.turn.rows() == pass.n_scores && scores.turn.cols() == pass.n_scores,
          "the turn must have a row and a column for each score");
  pass.find_turn();
  threads = threads_for(sample, threads);
  if (!cluster) return squares_by_row(pass, threads);
  Sample grouped;
  grouped.n_rows = sample.n_rows;
  grouped.effects = {*cluster};
  check_sample(grouped);
  return squares_by_cluster(pass, *cluster, threads);
}

Variance variance_named(const std::string& name) {
  if (name == "iid") return Variance::iid;
  if (name == "HC0") return Variance::hc0;
  if (name == "HC1") return Variance::hc1;
  require(name == "cluster", "the variance must be one that the core knows");
  return Variance::cluster;
}

Correction correction_named(const std::string& name) {
  if (name == "fixest") return Correction::fixest;
  if (name == "reghdfe") return Correction::reghdfe;
  if (name == "dummies") return Correction::dummies;
  if (name == "plm") return Correction::plm;
  require(name == "none", "the correction must be one that the core knows");
  return Correction::none;
}

SmallSample small_sample(Variance variance, Correction correction, const SampleCounts& counts) {
  const double n = counts.n_rows;
  const std::size_t n_effects = counts.n_levels.size();
  require(counts.nested.size() == n_effects, "nesting must be told for each effect");
  require(n > 0.0 && counts.n_slopes >= 0.0, "counts must be positive");
  const bool exact_rank = correction == Correction::reghdfe || correction == Correction::dummies;

  double n_parameters = counts.n_slopes;
  for (double levels : counts.n_levels)
    n_parameters += levels;
  if (n_effects == 0) {
    n_parameters += counts.constant ? 1.0 : 0.0;
  } else {
    n_parameters -= exact_rank ? counts.n_redundant : static_cast<double>(n_effects) - 1.0;
  }
  SmallSample result;
  result.n_parameters = n_parameters;
  result.degrees_of_freedom = n - n_parameters;
  require(result.degrees_of_freedom > 0.0, "there must be residual degrees of freedom");

  if (variance == Variance::iid) {
    result.factor = 1.0 / (correction == Correction::none ? n : n - n_parameters);
  } else if (variance == Variance::hc1) {
    if (correction == Correction::plm)
      result.factor = n / (n - counts.n_slopes);
    else if (correction != Correction::none)
      result.factor = n / (n - n_parameters);
  } else if (variance == Variance::cluster) {
    const double g = counts.n_clusters;
    require(g > 1.0, "there must be two clusters or more");
    result.degrees_of_freedom = g - 1.0;
    if (correction == Correction::none) return result;
    double n_counted = n_parameters;
    if (correction == Correction::plm) n_counted = counts.n_slopes;
    if (correction == Correction::fixest || correction == Correction::reghdfe) {
      for (std::size_t j = 0; j < n_effects; ++j) {
        if (counts.nested[j]) n_counted -= counts.n_levels[j] - 1.0;
      }
    }
    result.factor = g / (g - 1.0) * (n - 1.0) / (n - n_counted);
  }
  return result;
}

}  // namespace flowresil
