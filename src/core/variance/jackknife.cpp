#include "variance/jackknife.hpp"

#include <algorithm>

#include <Eigen/Eigenvalues>

#include "base/parallel.hpp"
#include "variance/inverses.hpp"
#include "variance/level_removal.hpp"

namespace flowresil {

using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;

namespace {

// Clusters on their way at once, and of one thread.
constexpr Index piece_clusters = 16;

// The cross-products of directions and residuals (last) without the cluster, all effects taken out,
// less those of all rows.
MatrixXd products_left(const LevelSystem& system, const Removal& lost) {
  MatrixXd products = lost.products;
  if (lost.levels.empty()) return products;
  const MatrixXd root = inverse_root_less(submatrix(system.inverse(), lost.levels), lost.system);
  const MatrixXd sides = root.transpose() * lost.sides;
  products -= sides.transpose() * sides;
  return products;
}

}  // namespace

Jackknife jackknife(const ClusterReader& reader, Index most_levels, int threads,
                    const Interrupted& interrupted) {
  const Sample& sample = reader.sample();
  const Index k = reader.scores().combination.cols();
  const Index n_clusters = reader.n_clusters();
  const LevelSystem system(sample, most_levels);
  Jackknife found;
  found.changes.setZero(k, n_clusters);
  std::vector<MatrixXd> products(static_cast<std::size_t>(n_clusters));
  threads = threads_for(sample, threads);
  const Index at_once = piece_clusters * std::max(threads, 1);
  for (Index begin = 0; begin < n_clusters; begin += at_once) {
    if (interrupted && interrupted()) throw Interruption();
    const Index stop = std::min(begin + at_once, n_clusters);
    for_pieces(count_pieces(stop - begin, piece_clusters), threads, [&](Index p) {
      RemovalSpace space(system.n_levels());
      const Index from = begin + p * piece_clusters;
      for (Index g = from; g < std::min(from + piece_clusters, stop); ++g) {
        const ClusterBlock block = reader.read(g);
        MatrixXd v(block.n(), k + 1);
        v << block.columns.leftCols(k), block.residuals;
        const Removal lost = remove_cluster(system, block, v, space);
        MatrixXd left = products_left(system, lost);
        left.diagonal().head(k).array() += 1.0;
        const Eigen::SelfAdjointEigenSolver<MatrixXd> parts(left.topLeftCorner(k, k));
        if (k > 0 && parts.eigenvalues()[0] < nothing_left) {
          products[static_cast<std::size_t>(g)] = left;
          continue;
        }
        found.changes.col(g) = parts.eigenvectors() * parts.eigenvalues().cwiseInverse().asDiagonal() *
                               (parts.eigenvectors().transpose() * left.col(k).head(k));
      }
    });
  }
  for (Index g = 0; g < n_clusters; ++g) {
    const MatrixXd& left = products[static_cast<std::size_t>(g)];
    if (left.size() == 0) continue;
    found.unidentified.push_back(g);
    found.cross_products.push_back(left.topLeftCorner(k, k));
    found.products.push_back(left.col(k).head(k));
  }
  return found;
}

}  // namespace flowresil
