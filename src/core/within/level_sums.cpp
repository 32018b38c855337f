#include "within/level_sums.hpp"

#include <algorithm>

#include "base/contract.hpp"
#include "base/parallel.hpp"
#include "panel/graph.hpp"
#include "within/demean.hpp"

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

// A table by column, as the passes fill it, and back to levels whose values stand together.
std::vector<MatrixXd> empty_tables(const Sample& sample) {
  std::vector<MatrixXd> by_column;
  for (const Effect& effect : sample.effects)
    by_column.push_back(MatrixXd::Zero(effect.n_levels, sample.n_columns()));
  return by_column;
}

LevelSums by_level(std::vector<MatrixXd>& by_column) {
  LevelSums sums;
  for (MatrixXd& table : by_column) {
    sums.emplace_back(table.transpose());
    table.resize(0, 0);
  }
  return sums;
}

}  // namespace

LevelSums sum_columns(const Sample& sample, const VectorXd& shift, int threads) {
  std::vector<MatrixXd> by_column = empty_tables(sample);
  for_pieces(sample.n_columns(), threads, [&](Index c) {
    const double* column = sample.columns[static_cast<std::size_t>(c)];
    if (sample.effects.size() == 2) {
      add_by_two_levels(sample, column, shift[c], by_column[0].col(c).data(), by_column[1].col(c).data());
      return;
    }
    for (std::size_t j = 0; j < sample.effects.size(); ++j) {
      add_by_level(sample, sample.effects[j], column, shift[c], by_column[j].col(c).data());
    }
  });
  return by_level(by_column);
}

LevelSums sum_demeaned(const Sample& sample, const WithinSolution& solution, int threads, VectorXd& norms) {
  const Index m = sample.n_columns();
  const Index slab_rows = std::min(sample.n_rows, column_slab_rows);
  MatrixXd slab(slab_rows, m);
  std::vector<MatrixXd> by_column = empty_tables(sample);
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
  return by_level(by_column);
}

void join_sums(LevelSums& sums, const LevelSums& next) {
  require(sums.size() == next.size(), "sums must be of the same effects");
  for (std::size_t j = 0; j < sums.size(); ++j) {
    require(sums[j].rows() == next[j].rows() && sums[j].cols() == next[j].cols(),
            "sums must be of the same columns and levels");
    sums[j] += next[j];
  }
}

VectorXd sum_weights(const Sample& sample, const Effect& effect) {
  VectorXd by_level = VectorXd::Zero(effect.n_levels);
  if (sample.weights) {
    for (Index i = 0; i < sample.n_rows; ++i)
      by_level[effect.codes[i]] += sample.weights[i];
    return by_level;
  }
  const std::vector<Index> count = count_levels(effect, sample.n_rows);
  for (Index l = 0; l < effect.n_levels; ++l)
    by_level[l] = static_cast<double>(count[static_cast<std::size_t>(l)]);
  return by_level;
}

std::vector<VectorXd> sum_weights(const Sample& sample) {
  std::vector<VectorXd> sums;
  for (const Effect& effect : sample.effects) {
    sums.push_back(sum_weights(sample, effect));
    require(sums.back().minCoeff() > 0.0, "every level must have a row");
  }
  return sums;
}

VectorXd column_norms(const Sample& sample, const VectorXd& shift) {
  VectorXd norms = VectorXd::Zero(sample.n_columns());
  for (Index c = 0; c < sample.n_columns(); ++c) {
    const double* column = sample.columns[static_cast<std::size_t>(c)];
    for (Index i = 0; i < sample.n_rows; ++i) {
      norms[c] += sample.weight(i) * (column[i] - shift[c]) * (column[i] - shift[c]);
    }
  }
  return norms.cwiseSqrt();
}

}  // namespace flowresil
