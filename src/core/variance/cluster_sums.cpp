#include "variance/cluster_sums.hpp"

#include <algorithm>

#include "base/contract.hpp"
#include "base/parallel.hpp"

namespace flowresil {

using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;

namespace {

// Sums of scores by cluster (n_scores x n_clusters) where clusters stand in order of rows: pieces of rows add
// to clusters of their own; what they hold of the clusters at their ends is added afterwards, in order.
MatrixXd sum_sorted_clusters(const ScorePass& pass, const Effect& cluster, int threads) {
  const Sample& sample = pass.sample();
  const Index n_scores = pass.n_scores();
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
      pass.write_scores(begin, begin + rows, block, values.data(), block_rows);
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

void check_groupings(const Sample& sample, const std::vector<Grouping>& groupings) {
  Sample grouped;
  grouped.n_rows = sample.n_rows;
  for (const Grouping& grouping : groupings)
    grouped.effects.insert(grouped.effects.end(), grouping.parts.begin(), grouping.parts.end());
  check_sample(grouped);
}

// Calls write(begin, end, block, values) for each block of rows begin .. stop - 1 on the way, values turned
// to `out` (row begin at out, column s at out + s * stride).
template <class Write>
void turn_blocks(const ScorePass& pass, Index begin, Index stop, double* out, Index stride,
                 const Write& write) {
  MatrixXd block(block_rows, pass.sample().n_columns());
  MatrixXd values(block_rows, pass.n_scores());
  MatrixXd turned(block_rows, pass.n_scores());
  for (Index from = begin; from < stop; from += block_rows) {
    const Index end = std::min(from + block_rows, stop);
    write(from, end, block, values);
    pass.turn(values, end - from, turned);
    for (Index s = 0; s < pass.n_scores(); ++s)
      Eigen::Map<VectorXd>(out + s * stride + (from - begin), end - from) = turned.col(s).head(end - from);
  }
}

}  // namespace

// Scores of a slab at a time: each sum goes over it in row order.
std::vector<GroupSums> sum_scores(const ScorePass& pass, const std::vector<Grouping>& groupings,
                                  int threads) {
  const Sample& sample = pass.sample();
  check_groupings(sample, groupings);
  std::vector<GroupSums> sums;
  for (const Grouping& grouping : groupings)
    sums.emplace_back(grouping, pass.n_scores());
  const Index n_groupings = static_cast<Index>(groupings.size());
  MatrixXd slab(std::min(score_slab_rows, sample.n_rows), pass.n_scores());
  for (Index begin = 0; begin < sample.n_rows; begin += score_slab_rows) {
    const Index end = std::min(begin + score_slab_rows, sample.n_rows);
    for_pieces(count_pieces(end - begin, piece_rows), threads, [&](Index p) {
      MatrixXd block(block_rows, sample.n_columns());
      const Index stop = std::min(begin + (p + 1) * piece_rows, end);
      for (Index from = begin + p * piece_rows; from < stop; from += block_rows) {
        pass.write_scores(from, std::min(from + block_rows, stop), block, slab.data() + (from - begin),
                          slab.rows());
      }
    });
    for_pieces(n_groupings * pass.n_scores(), threads, [&](Index piece) {
      const Index c = piece / n_groupings;
      const double* values = slab.col(c).data();
      sums[static_cast<std::size_t>(piece % n_groupings)].take(c, begin, end - begin,
                                                               [=](Index i) { return values[i]; });
    });
  }
  return sums;
}

bool is_sorted_grouping(const Sample& sample, const Effect& cluster) {
  check_groupings(sample, {{{cluster}}});
  return std::is_sorted(cluster.codes, cluster.codes + sample.n_rows);
}

MatrixXd sum_scores(const ScorePass& pass, const Effect& cluster, int threads) {
  if (is_sorted_grouping(pass.sample(), cluster)) return sum_sorted_clusters(pass, cluster, threads);
  return sum_scores(pass, std::vector<Grouping>{{{cluster}}}, threads)[0].sums.transpose();
}

MatrixXd cluster_sums(const Sample& sample, const WithinSolution& solution, const ScoreColumns& scores,
                      const Effect& cluster, int threads) {
  const ScorePass pass(sample, solution, scores);
  pass.require_turn();
  return scores.turn.transpose() * sum_scores(pass, cluster, threads_for(sample, threads));
}

MatrixXd cluster_products(const Sample& sample, const WithinSolution& solution, const ScoreColumns& scores,
                          const Effect& cluster, int threads) {
  const ScorePass pass(sample, solution, scores);
  pass.require_turn();
  check_groupings(sample, {{{cluster}}});
  threads = threads_for(sample, threads);
  const Index k = pass.n_scores();
  MatrixXd slab(std::min(score_slab_rows, sample.n_rows), k);
  GroupSums products({{cluster}}, k * k);
  for (Index begin = 0; begin < sample.n_rows; begin += score_slab_rows) {
    const Index end = std::min(begin + score_slab_rows, sample.n_rows);
    for_pieces(count_pieces(end - begin, piece_rows), threads, [&](Index p) {
      const Index from = begin + p * piece_rows;
      turn_blocks(pass, from, std::min(from + piece_rows, end), slab.data() + (from - begin), slab.rows(),
                  [&](Index first, Index last, MatrixXd& block, MatrixXd& values) {
                    pass.write_columns(first, last, block, values.data(), block_rows);
                  });
    });
    for_pieces(k * k, threads, [&](Index pair) {
      const double* first = slab.col(pair / k).data();
      const double* second = slab.col(pair % k).data();
      products.take(pair, begin, end - begin, [=](Index i) { return first[i] * second[i]; });
    });
  }
  return products.sums.transpose();
}

void score_rows(const Sample& sample, const WithinSolution& solution, const ScoreColumns& scores, int threads,
                Eigen::Ref<MatrixXd> rows) {
  const ScorePass pass(sample, solution, scores);
  pass.require_turn();
  require(rows.rows() == sample.n_rows && rows.cols() == pass.n_scores(),
          "there must be room for each row's scores");
  for_pieces(count_pieces(sample.n_rows, piece_rows), threads_for(sample, threads), [&](Index p) {
    const Index from = p * piece_rows;
    turn_blocks(pass, from, std::min(from + piece_rows, sample.n_rows), rows.data() + from,
                rows.outerStride(), [&](Index first, Index last, MatrixXd& block, MatrixXd& values) {
                  pass.write_scores(first, last, block, values.data(), block_rows);
                });
  });
}

}  // namespace flowresil
