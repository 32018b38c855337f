#include "bootstrap/pair_products.hpp"

#include <algorithm>

#include "base/contract.hpp"
#include "base/parallel.hpp"

namespace flowresil {

using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;

namespace {

constexpr Index slab_clusters = 64;

}  // namespace

MatrixXd unpacked(const Eigen::Ref<const VectorXd>& packed, Index size) {
  MatrixXd whole(size, size);
  Index at = 0;
  for (Index c = 0; c < size; ++c) {
    for (Index r = c; r < size; ++r) {
      whole(r, c) = packed[at];
      whole(c, r) = packed[at++];
    }
  }
  return whole;
}

VectorXd packed(const MatrixXd& whole) {
  const Index size = whole.rows();
  VectorXd found(size * (size + 1) / 2);
  Index at = 0;
  for (Index c = 0; c < size; ++c) {
    for (Index r = c; r < size; ++r)
      found[at++] = whole(r, c);
  }
  return found;
}

PairProducts pair_products(const ClusterReader& reader, const CrossingLevels& crossing, int threads,
                           const Interrupted& interrupted) {
  PairProducts found;
  found.n_columns = reader.scores().combination.cols();
  found.n_levels = crossing.n_directions() - found.n_columns;
  const Index size = found.size();
  found.packed.setZero(size * (size + 1) / 2, reader.n_clusters());
  threads = threads_for(reader.sample(), threads);
  for (Index begin = 0; begin < reader.n_clusters(); begin += slab_clusters) {
    if (interrupted && interrupted()) throw Interruption();
    for_pieces(std::min(slab_clusters, reader.n_clusters() - begin), threads, [&](Index piece) {
      const ClusterProducts own = crossing.products(reader, begin + piece);
      MatrixXd whole = MatrixXd::Zero(size, size);
      const auto place = [&](Index at) {
        return at < found.n_columns ? found.n_levels + at : at - found.n_columns;
      };
      for (std::size_t b = 0; b < own.at.size(); ++b) {
        for (std::size_t a = 0; a < own.at.size(); ++a)
          whole(place(own.at[a]), place(own.at[b])) =
              own.products(static_cast<Index>(a), static_cast<Index>(b));
      }
      found.packed.col(begin + piece) = packed(whole);
    });
  }
  return found;
}

PairProducts signed_products(const PairProducts& products, const MatrixXd& fixed, const MatrixXd& moving) {
  const Index size = products.size(), G = products.packed.cols();
  require(fixed.rows() == size && fixed.cols() == size && moving.rows() == size && moving.cols() == size,
          "columns must be built out of columns");
  PairProducts found = products;
  found.packed.resize(products.packed.rows(), 2 * G);
  const MatrixXd plus = fixed + moving, minus = fixed - moving;
  for (Index g = 0; g < G; ++g) {
    const MatrixXd own = unpacked(products.packed.col(g), size);
    found.packed.col(g) = packed(plus.transpose() * own * plus);
    found.packed.col(G + g) = packed(minus.transpose() * own * minus);
  }
  return found;
}

}  // namespace flowresil
