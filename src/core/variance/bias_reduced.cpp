#include "variance/bias_reduced.hpp"

#include <algorithm>
#include <cmath>

#include <Eigen/Eigenvalues>
#include <Eigen/QR>

#include "base/contract.hpp"
#include "base/parallel.hpp"
#include "variance/crossing_levels.hpp"
#include "variance/inverses.hpp"

namespace flowresil {

using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;

namespace {

// What one cluster gives. `z` are its weights' products with the directions (and, under weights, with the
// weighted ones below them), so that P^st of two clusters is own, where they are the same, plus z_s' form
// z_t.
struct ClusterShare {
  VectorXd score;
  std::vector<Index> at;  // of the rows of z, twice where there are weights
  MatrixXd z;             // by combination
  MatrixXd own;           // q x q
  MatrixXd through;       // q x q: z' form z
};

class Adjustment {
 public:
  Adjustment(const ClusterReader& reader, const std::vector<bool>& nested, Index most_levels)
      : reader_(reader),
        crossing_(reader, nested, most_levels),
        weighted_(reader.sample().weights != nullptr) {
    const Index m = crossing_.n_directions();
    if (!weighted_) {
      form_ = -crossing_.middle();
      return;
    }
    MatrixXd squares = MatrixXd::Zero(m, m);  // the directions' products with squared weights
    for (Index g = 0; g < reader.n_clusters(); ++g) {
      const ClusterBlock block = reader.read(g);
      const ClusterDirections own = crossing_.directions(block);
      const MatrixXd part = own.columns.transpose() * block.weights.cwiseAbs2().asDiagonal() * own.columns;
      for (std::size_t b = 0; b < own.at.size(); ++b) {
        for (std::size_t a = 0; a < own.at.size(); ++a)
          squares(own.at[a], own.at[b]) += part(static_cast<Index>(a), static_cast<Index>(b));
      }
    }
    form_.setZero(2 * m, 2 * m);
    form_.topLeftCorner(m, m) = crossing_.middle() * squares * crossing_.middle();
    form_.topRightCorner(m, m) = -crossing_.middle();
    form_.bottomLeftCorner(m, m) = -crossing_.middle();
  }

  const MatrixXd& form() const { return form_; }

  ClusterShare share(Index cluster, const MatrixXd& combinations) const {
    const ClusterBlock block = reader_.read(cluster);
    ClusterDirections own = crossing_.directions(block);
    if (weighted_) {
      const Index m = own.columns.cols();
      own.columns.conservativeResize(block.n(), 2 * m);
      own.columns.rightCols(m) = block.weights.asDiagonal() * own.columns.leftCols(m);
      for (Index c = 0; c < m; ++c)
        own.at.push_back(own.at[static_cast<std::size_t>(c)] + crossing_.n_directions());
    }
    const MatrixXd form = submatrix(form_, own.at);
    MatrixXd adjusted = block.weights.asDiagonal() * block.columns;
    adjust(own.columns, form, adjusted);
    ClusterShare found;
    found.score = adjusted.transpose() * block.residuals;
    const MatrixXd weights = adjusted * combinations;
    found.z = own.columns.transpose() * weights;
    found.own = weights.transpose() * weights;
    found.through = found.z.transpose() * form * found.z;
    found.at = std::move(own.at);
    return found;
  }

 private:
  // values <- A values, where A is the root of the inverse of identity + columns form columns'.
  static void adjust(const MatrixXd& columns, const MatrixXd& form, MatrixXd& values) {
    const Index n = columns.rows();
    const Index m = columns.cols();
    if (m >= n) {
      MatrixXd square = columns * form * columns.transpose();
      square.diagonal().array() += 1.0;
      values = inverse_root(square, 0.0) * values;
      return;
    }
    const Eigen::HouseholderQR<MatrixXd> factor(columns);
    const MatrixXd triangle = factor.matrixQR().topRows(m).triangularView<Eigen::Upper>();
    MatrixXd square = triangle * form * triangle.transpose();
    square.diagonal().array() += 1.0;
    const MatrixXd basis = factor.householderQ() * MatrixXd::Identity(n, m);
    values += basis * (inverse_root(square, 1.0) * (basis.transpose() * values));
  }

  // The inverse root less `less` times the identity.
  static MatrixXd inverse_root(const MatrixXd& square, double less) {
    const Eigen::SelfAdjointEigenSolver<MatrixXd> parts((square + square.transpose()) / 2);
    const VectorXd roots = parts.eigenvalues().unaryExpr(
        [=](double value) { return (value < 1e-9 ? 0.0 : 1.0 / std::sqrt(value)) - less; });
    return parts.eigenvectors() * roots.asDiagonal() * parts.eigenvectors().transpose();
  }

  const ClusterReader& reader_;
  CrossingLevels crossing_;
  bool weighted_;
  MatrixXd form_;
};

// Sums over clusters, in their order.
class Moments {
 public:
  Moments(Index n_scores, Index n_clusters, Index n_combinations, Index n_directions, bool pairs)
      : pairs_(pairs), q_(n_combinations) {
    sum.scores.setZero(n_scores, n_clusters);
    sum.meat.setZero(n_scores, n_scores);
    sum.expected.setZero(q_, q_);
    sum.straight.setZero(q_, q_);
    sum.crossed.setZero(q_, q_);
    const Index n_products = pairs ? q_ * q_ : q_;
    products_.resize(static_cast<std::size_t>(n_products), MatrixXd::Zero(n_directions, n_directions));
  }

  void take(const ClusterShare& share) {
    sum.scores.col(n_taken_++) = share.score;
    sum.meat += share.score * share.score.transpose();
    sum.expected += share.own + share.through;
    for (Index s = 0; s < q_; ++s) {
      for (Index t = pairs_ ? 0 : s; t < (pairs_ ? q_ : s + 1); ++t) {
        const double own_s = share.own(s, s), own_t = share.own(t, t), own = share.own(s, t);
        sum.straight(s, t) += own_s * own_t + own_s * share.through(t, t) + own_t * share.through(s, s);
        sum.crossed(s, t) += own * own + 2 * own * share.through(s, t);
        MatrixXd& target = products_[product_of(s, t)];
        for (std::size_t b = 0; b < share.at.size(); ++b) {
          for (std::size_t a = 0; a < share.at.size(); ++a)
            target(share.at[a], share.at[b]) +=
                share.z(static_cast<Index>(a), s) * share.z(static_cast<Index>(b), t);
        }
      }
    }
  }

  // Once, when all clusters are there.
  void add_products(const MatrixXd& form) {
    for (MatrixXd& product : products_)
      product = form * product;
    for (Index s = 0; s < q_; ++s) {
      for (Index t = pairs_ ? 0 : s; t < (pairs_ ? q_ : s + 1); ++t) {
        const MatrixXd& here = products_[product_of(s, t)];
        sum.straight(s, t) += here.cwiseProduct(products_[product_of(t, s)].transpose()).sum();
        sum.crossed(s, t) += here.cwiseProduct(here.transpose()).sum();
      }
    }
  }

  BiasReduced sum;

 private:
  std::size_t product_of(Index s, Index t) const { return static_cast<std::size_t>(pairs_ ? s * q_ + t : s); }

  bool pairs_;
  Index q_;
  Index n_taken_ = 0;
  std::vector<MatrixXd> products_;
};

// Clusters on their way at once.
constexpr Index slab_clusters = 64;

}  // namespace

BiasReduced bias_reduced(const ClusterReader& reader, const std::vector<bool>& nested,
                         const MatrixXd& combinations, bool pairs, Index most_levels, int threads,
                         const Interrupted& interrupted) {
  const Index n_scores = reader.scores().turn.rows();
  require(combinations.rows() == n_scores, "a combination must have a weight for each score");
  const Adjustment adjustment(reader, nested, most_levels);
  Moments moments(n_scores, reader.n_clusters(), combinations.cols(), adjustment.form().rows(), pairs);
  threads = threads_for(reader.sample(), threads);
  std::vector<ClusterShare> shares(static_cast<std::size_t>(std::min(slab_clusters, reader.n_clusters())));
  for (Index begin = 0; begin < reader.n_clusters(); begin += slab_clusters) {
    if (interrupted && interrupted()) throw Interruption();
    const Index n = std::min(slab_clusters, reader.n_clusters() - begin);
    for_pieces(n, threads, [&](Index g) {
      shares[static_cast<std::size_t>(g)] = adjustment.share(begin + g, combinations);
    });
    for (Index g = 0; g < n; ++g)
      moments.take(shares[static_cast<std::size_t>(g)]);
  }
  moments.add_products(adjustment.form());
  return moments.sum;
}

}  // namespace flowresil
