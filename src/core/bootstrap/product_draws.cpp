#include "bootstrap/product_draws.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "base/contract.hpp"
#include "base/parallel.hpp"
#include "base/random.hpp"

namespace flowresil {

using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;

namespace {

constexpr Index most_draws = 64;                 // at once
constexpr Index block_counts = Index{1} << 20U;  // of clusters, in these
constexpr double gone_share = 1e-12;
constexpr double not_a_number = std::numeric_limits<double>::quiet_NaN();

// Eliminates the first n rows and columns of a symmetric matrix (its lower triangle), leaving the factor in
// their columns and what is left in the others. Those of which nothing is left by `squares` become zero;
// gone[i] says so.
void eliminate(MatrixXd& matrix, Index n, const VectorXd& squares, std::vector<bool>& gone) {
  const Index size = matrix.rows();
  gone.assign(static_cast<std::size_t>(n), false);
  for (Index j = 0; j < n; ++j) {
    const double pivot = matrix(j, j);
    if (!(pivot > gone_share * squares[j])) {
      gone[static_cast<std::size_t>(j)] = true;
      matrix.col(j).tail(size - j).setZero();
      continue;
    }
    matrix.col(j).tail(size - j) /= std::sqrt(pivot);
    for (Index c = j + 1; c < size; ++c)
      matrix.col(c).tail(size - c) -= matrix(c, j) * matrix.col(j).tail(size - c);
  }
}

// Solves factor' x = side for the first n rows, those gone left zero.
VectorXd solve_back(const MatrixXd& factor, Index n, const std::vector<bool>& gone, VectorXd side) {
  for (Index j = n - 1; j >= 0; --j) {
    if (gone[static_cast<std::size_t>(j)]) {
      side[j] = 0;
      continue;
    }
    side[j] = (side[j] - factor.col(j).segment(j + 1, n - j - 1).dot(side.segment(j + 1, n - j - 1))) /
              factor(j, j);
  }
  return side;
}

// Solves factor x = e_at for the first n rows, those gone left zero.
VectorXd solve_unit(const MatrixXd& factor, Index n, const std::vector<bool>& gone, Index at) {
  VectorXd side = VectorXd::Zero(n);
  side[at] = 1;
  for (Index j = at; j < n; ++j) {
    if (gone[static_cast<std::size_t>(j)]) {
      side[j] = 0;
      continue;
    }
    side[j] = (side[j] - factor.row(j).head(j).dot(side.head(j))) / factor(j, j);
  }
  return side;
}

class Draw {
 public:
  // `whole`: the squares of levels and columns over all clusters.
  Draw(const PairProducts& products, const std::vector<DrawnEquation>& equations, const VectorXd& whole)
      : products_(products), equations_(equations), whole_squares_(whole) {
    Index n_wanted = 0;
    for (const DrawnEquation& equation : equations)
      n_wanted += static_cast<Index>(equation.wanted.size());
    coefficients.resize(n_wanted);
    inverses.resize(n_wanted);
    residual_squares.resize(static_cast<Index>(equations.size()));
  }

  VectorXd coefficients, inverses, residual_squares;

  // Writes what stands above and, where there is room for them, covariances. False where a wanted column is
  // gone.
  bool run(const VectorXd& sum, const Eigen::Ref<const VectorXd>& counts, double* covariances) {
    const Index levels = products_.n_levels, size = products_.size();
    whole_ = unpacked(sum, size);
    // what is rounding in all clusters stays rounding where the draw holds nothing else
    const double share = std::min(1.0, counts.mean());
    const VectorXd squares = whole_.diagonal().cwiseMax(share * whole_squares_);
    eliminate(whole_, levels, squares, gone_);
    const MatrixXd left =
        whole_.bottomRightCorner(products_.n_columns, products_.n_columns).selfadjointView<Eigen::Lower>();
    Index at = 0, n_equations = 0;
    MatrixXd influences(covariances ? products_.packed.cols() : 0, coefficients.size());
    for (const DrawnEquation& equation : equations_) {
      std::vector<Index> order = equation.controls;
      order.insert(order.end(), equation.wanted.begin(), equation.wanted.end());
      order.push_back(equation.outcome);
      const Index k = static_cast<Index>(order.size()) - 1;
      const Index n_wanted = static_cast<Index>(equation.wanted.size());
      MatrixXd own(k + 1, k + 1);
      VectorXd lengths(k + 1);
      for (Index b = 0; b <= k; ++b) {
        lengths[b] = squares[levels + order[static_cast<std::size_t>(b)]];
        for (Index a = 0; a <= k; ++a)
          own(a, b) = left(order[static_cast<std::size_t>(a)], order[static_cast<std::size_t>(b)]);
      }
      std::vector<bool> gone;
      eliminate(own, k, lengths, gone);
      for (Index j = k - n_wanted; j < k; ++j) {
        if (gone[static_cast<std::size_t>(j)]) return false;
      }
      const VectorXd b = solve_back(own, k, gone, own.row(k).head(k).transpose());
      coefficients.segment(at, n_wanted) = b.tail(n_wanted);
      residual_squares[n_equations++] = own(k, k);
      for (Index w = 0; w < n_wanted; ++w)
        inverses[at + w] = solve_unit(own, k, gone, k - n_wanted + w).squaredNorm();
      if (covariances) {
        VectorXd residual = VectorXd::Zero(size);
        residual[levels + equation.outcome] = 1;
        for (Index j = 0; j < k; ++j)
          residual[levels + order[static_cast<std::size_t>(j)]] = -b[j];
        take_out_levels(residual);
        MatrixXd rows(size, n_wanted);
        for (Index w = 0; w < n_wanted; ++w)
          rows.col(w) = row_of_inverse(own, k, gone, k - n_wanted + w, order);
        for (Index g = 0; g < products_.packed.cols(); ++g) {
          if (counts[g] > 0 || counts[g] < 0)
            influences.row(g).segment(at, n_wanted) = product(g, residual).transpose() * rows;
          else
            influences.row(g).segment(at, n_wanted).setZero();
        }
      }
      at += n_wanted;
    }
    if (covariances) {
      Eigen::Map<MatrixXd>(covariances, at, at) = influences.transpose() * counts.asDiagonal() * influences;
    }
    return true;
  }

 private:
  // Gives a combination of columns the coefficients of the levels that make it orthogonal to them.
  void take_out_levels(VectorXd& combination) const {
    const Index levels = products_.n_levels;
    if (levels == 0) return;
    const VectorXd side = whole_.bottomLeftCorner(products_.n_columns, levels).transpose() *
                          combination.tail(products_.n_columns);
    combination.head(levels) = -solve_back(whole_, levels, gone_, side);
  }

  // Row `at` of the inverse of an equation's cross-products, as a combination of all columns and levels.
  VectorXd row_of_inverse(const MatrixXd& factor, Index k, const std::vector<bool>& gone, Index at,
                          const std::vector<Index>& order) const {
    const VectorXd row = solve_back(factor, k, gone, solve_unit(factor, k, gone, at));
    VectorXd combination = VectorXd::Zero(products_.size());
    for (Index j = 0; j < k; ++j)
      combination[products_.n_levels + order[static_cast<std::size_t>(j)]] = row[j];
    take_out_levels(combination);
    return combination;
  }

  // The cluster's cross-products times a combination.
  VectorXd product(Index cluster, const VectorXd& combination) const {
    const Index size = products_.size();
    const double* from = products_.packed.col(cluster).data();
    VectorXd found = VectorXd::Zero(size);
    for (Index c = 0; c < size; ++c) {
      const Eigen::Map<const VectorXd> column(from, size - c);
      found.tail(size - c) += combination[c] * column;
      found[c] += column.tail(size - c - 1).dot(combination.tail(size - c - 1));
      from += size - c;
    }
    return found;
  }

  const PairProducts& products_;
  const std::vector<DrawnEquation>& equations_;
  const VectorXd& whole_squares_;
  MatrixXd whole_;
  std::vector<bool> gone_;
};

}  // namespace

ProductDraws product_draws(const PairProducts& products, const std::vector<DrawnEquation>& equations,
                           Index n_draws, const ClusterCounts& counts, bool with_covariances, int threads,
                           const Interrupted& interrupted) {
  Index n_wanted = 0;
  for (const DrawnEquation& equation : equations) {
    n_wanted += static_cast<Index>(equation.wanted.size());
    std::vector<Index> all = equation.controls;
    all.insert(all.end(), equation.wanted.begin(), equation.wanted.end());
    all.push_back(equation.outcome);
    for (Index column : all)
      require(column >= 0 && column < products.n_columns, "an equation must be of columns that there are");
  }
  ProductDraws found;
  found.coefficients.setConstant(n_wanted, n_draws, not_a_number);
  found.inverses = found.coefficients;
  found.residual_squares.setConstant(static_cast<Index>(equations.size()), n_draws, not_a_number);
  if (with_covariances) found.covariances.setConstant(n_wanted * n_wanted, n_draws, not_a_number);
  const VectorXd whole = unpacked(products.packed.rowwise().sum(), products.size()).diagonal();
  const Index block_draws =
      std::max(Index{1}, std::min(most_draws, block_counts / std::max(Index{1}, products.packed.cols())));
  const Index at_once = block_draws * std::max(threads, 1);
  for (Index begin = 0; begin < n_draws; begin += at_once) {
    if (interrupted && interrupted()) throw Interruption();
    const Index stop = std::min(begin + at_once, n_draws);
    for_pieces(count_pieces(stop - begin, block_draws), threads, [&](Index p) {
      const Index first = begin + p * block_draws;
      MatrixXd times(products.packed.cols(), std::min(block_draws, stop - first));
      counts(first, times);
      const MatrixXd sums = products.packed * times;
      Draw draw(products, equations, whole);
      for (Index i = 0; i < times.cols(); ++i) {
        double* covariances = with_covariances ? found.covariances.col(first + i).data() : nullptr;
        if (!draw.run(sums.col(i), times.col(i), covariances)) continue;
        found.coefficients.col(first + i) = draw.coefficients;
        found.inverses.col(first + i) = draw.inverses;
        found.residual_squares.col(first + i) = draw.residual_squares;
      }
    });
  }
  return found;
}

ClusterCounts resampled_clusters(Index n_clusters, std::uint64_t seed) {
  return [n_clusters, seed](Index first, Eigen::Ref<MatrixXd> counts) {
    const CounterRandom random(seed);
    counts.setZero();
    for (Index c = 0; c < counts.cols(); ++c) {
      for (Index i = 0; i < n_clusters; ++i) {
        const std::uint64_t drawn =
            random.below(static_cast<std::uint64_t>(n_clusters), static_cast<std::uint64_t>(first + c),
                         static_cast<std::uint64_t>(i));
        counts(static_cast<Index>(drawn), c) += 1;
      }
    }
  };
}

}  // namespace flowresil
