#include "bootstrap/wild_form.hpp"

#include <Eigen/LU>

#include "base/contract.hpp"
#include "base/parallel.hpp"
#include "bootstrap/without_cluster.hpp"
#include "variance/crossing_levels.hpp"
#include "variance/inverses.hpp"

namespace flowresil {

using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;

namespace {

// What one cluster gives. Parts are columns: at distance nought and per unit of it, or at the distance given.
struct ClusterPart {
  std::vector<Index> at;
  MatrixXd scores;   // of the draw: its directions x parts
  MatrixXd through;  // q x its directions, before the scores of all clusters
  MatrixXd beside;   // q x slopes, on the slopes' directions; none where all is identified
  MatrixXd own;      // q x parts
  MatrixXd fixed;    // q x parts
  bool identified = true;
};

class WildClusters {
 public:
  WildClusters(const ClusterReader& reader, const std::vector<bool>& nested, const WildHypothesis& hypothesis,
               const WildVariant& variant, Index most_levels)
      : reader_(reader),
        hypothesis_(hypothesis),
        variant_(variant),
        crossing_(reader, nested, most_levels),
        n_slopes_(reader.scores().combination.cols()) {
    check_hypothesis(reader, hypothesis);
    const bool alone = reader.sample().effects.empty() && reader.scores().constant;
    n_regressors_ = n_slopes_ + (alone ? 1 : 0);
    const MatrixXd own = hypothesis.combinations.topRows(n_regressors_);
    direction_ = own * MatrixXd(own.transpose() * own).inverse();
    back_ = hypothesis.basis.inverse();
  }

  Index n_parts() const { return q() == 1 ? 2 : 1; }
  Index q() const { return hypothesis_.combinations.cols(); }
  const CrossingLevels& crossing() const { return crossing_; }
  Index n_regressors() const { return n_regressors_; }

  ClusterPart part(Index cluster) const {
    const ClusterProducts own = crossing_.products(reader_, cluster);
    const MatrixXd& products = own.products;
    const VectorXd& sums = own.sums;
    MatrixXd hypotheses = MatrixXd::Zero(products.rows(), q());
    hypotheses.topRows(n_regressors_) = hypothesis_.combinations.topRows(n_regressors_);
    WithoutCluster without;
    if (variant_.jackknife_scores || variant_.jackknife_variance)
      without = without_cluster(products, submatrix(crossing_.definite_middle(), own.at), n_slopes_);

    ClusterPart found;
    found.at = own.at;
    found.identified = without.identified;
    found.scores = draw_scores(products, sums, hypotheses, without);
    found.fixed = MatrixXd::Zero(q(), n_parts());
    MatrixXd weights = hypotheses.transpose();  // of the cluster's scores in its r
    if (variant_.jackknife_variance) {
      weights = weights * without.inverse;
      if (!without.identified) weights = unidentified_weights(products, without, found);
    }
    found.own = weights * found.scores;
    found.through = weights * products;
    return found;
  }

 private:
  // The cluster's sums at the estimate that draws start from: with none of the hypothesis's distance first,
  // then what each unit of the distances adds.
  MatrixXd draw_scores(const MatrixXd& products, const VectorXd& sums, const MatrixXd& hypotheses,
                       const WithoutCluster& without) const {
    MatrixXd shift =
        MatrixXd::Zero(products.rows(), 1 + q());  // the estimate less the one that is drawn from
    if (!variant_.jackknife_scores) {
      if (variant_.restricted) shift.rightCols(q()).topRows(n_regressors_) = direction_;
    } else if (without.identified || static_cast<Index>(hypothesis_.tested.size()) != q()) {
      shift.col(0) = without.inverse * sums;
      if (variant_.restricted) {
        const MatrixXd solved = without.inverse * hypotheses;
        const MatrixXd pull = solved * MatrixXd(hypotheses.transpose() * solved).inverse();
        shift.col(0) -= pull * (hypotheses.transpose() * shift.col(0));
        shift.rightCols(q()) = pull;
      }
    } else {
      shift = unidentified_shift(products, sums, without);
    }
    MatrixXd scores = products * shift;
    scores.col(0) += sums;
    if (q() == 1) return scores;
    return scores.col(0) + scores.rightCols(q()) * hypothesis_.distance;
  }

  // The same where not all slopes are identified: those have the least norm.
  MatrixXd unidentified_shift(const MatrixXd& products, const VectorXd& sums,
                              const WithoutCluster& without) const {
    const Index k = n_slopes_, rest = products.rows() - k;
    const VectorXd lengths = back_.colwise().squaredNorm();
    const MatrixXd cross = back_.transpose() * without.slopes * back_;
    VectorXd gradient = sums.head(k);
    if (rest > 0) gradient += products.topRightCorner(k, rest) * (without.rest * sums.tail(rest));
    const VectorXd sides = cross * hypothesis_.slopes - back_.transpose() * gradient;
    MatrixXd slopes = MatrixXd::Zero(k, 1 + q());  // the estimate less the one without the cluster
    if (!variant_.restricted) {
      slopes.col(0) = hypothesis_.slopes - least_norm(cross, sides, lengths).col(0);
    } else {
      slopes = least_norm_shift(cross, sides, lengths, hypothesis_.slopes, hypothesis_.tested);
    }
    MatrixXd shift = MatrixXd::Zero(products.rows(), 1 + q());
    shift.topRows(k) = back_ * slopes;
    if (rest == 0) return shift;
    shift.bottomRows(rest) = without.rest * (products.bottomLeftCorner(rest, k) * shift.topRows(k));
    shift.col(0).tail(rest) += without.rest * sums.tail(rest);
    return shift;
  }

  // Weights of the cluster's scores in the slopes without it, where those have the least norm; what hangs on
  // the slopes themselves stands in `beside` and `fixed`.
  MatrixXd unidentified_weights(const MatrixXd& products, const WithoutCluster& without,
                                ClusterPart& found) const {
    const Index k = n_slopes_, rest = products.rows() - k;
    require(static_cast<Index>(hypothesis_.tested.size()) == q(), "the hypothesis must be on slopes");
    const VectorXd lengths = back_.colwise().squaredNorm();
    const MatrixXd cross = back_.transpose() * without.slopes * back_;
    const MatrixXd inverse = least_norm(cross, MatrixXd::Identity(k, k), lengths);
    MatrixXd gap(q(), k), own(q(), k);
    for (Index j = 0; j < q(); ++j) {
      const Index tested = hypothesis_.tested[static_cast<std::size_t>(j)];
      own.row(j) = inverse.row(tested) * back_.transpose();
      gap.row(j) = inverse.row(tested) * cross;
      gap(j, tested) -= 1;
    }
    found.beside = gap * hypothesis_.basis;
    found.fixed.col(0) = -gap * hypothesis_.slopes;
    if (variant_.restricted) {
      const MatrixXd moved = found.beside * direction_.topRows(k);
      if (q() == 1) {
        found.fixed.col(1) = moved;
      } else {
        found.fixed.col(0) += moved * hypothesis_.distance;
      }
    }
    MatrixXd weights(q(), products.rows());
    weights.leftCols(k) = own;
    if (rest > 0) weights.rightCols(rest) = own * products.topRightCorner(k, rest) * without.rest;
    return weights;
  }

  const ClusterReader& reader_;
  const WildHypothesis& hypothesis_;
  WildVariant variant_;
  CrossingLevels crossing_;
  Index n_slopes_;
  Index n_regressors_ = 0;
  MatrixXd direction_;  // the regressors' part of the restricted estimate, per unit of distance
  MatrixXd back_;       // directions as combinations of slopes
};

}  // namespace

WildForm wild_form(const ClusterReader& reader, const std::vector<bool>& nested,
                   const WildHypothesis& hypothesis, const WildVariant& variant, double factor,
                   Index most_levels, int threads) {
  const WildClusters clusters(reader, nested, hypothesis, variant, most_levels);
  const Index G = reader.n_clusters(), m = clusters.crossing().n_directions(), q = clusters.q();
  WildForm form;
  WildTerm term;
  term.factor = factor;
  term.through.assign(static_cast<std::size_t>(q), MatrixXd::Zero(G, m));
  MatrixXd own[2];
  for (Index e = 0; e < clusters.n_parts(); ++e) {
    form.numerator[e].setZero(q, G);
    form.scores[e].setZero(m, G);
    own[e].setZero(G, q);
    term.fixed[e].setZero(G, q);
  }
  const MatrixXd tested = hypothesis.combinations.topRows(clusters.n_regressors());
  std::vector<char> identified(static_cast<std::size_t>(G), 1);
  for_pieces(G, threads_for(reader.sample(), threads), [&](Index g) {
    const ClusterPart part = clusters.part(g);
    identified[static_cast<std::size_t>(g)] = part.identified ? 1 : 0;
    for (Index e = 0; e < clusters.n_parts(); ++e) {
      form.numerator[e].col(g) = tested.transpose() * part.scores.col(e).head(tested.rows());
      own[e].row(g) = part.own.col(e).transpose();
      term.fixed[e].row(g) = part.fixed.col(e).transpose();
      for (std::size_t a = 0; a < part.at.size(); ++a)
        form.scores[e].col(g) +=
            clusters.crossing().middle().col(part.at[a]) * part.scores(static_cast<Index>(a), e);
    }
    for (Index j = 0; j < q; ++j) {
      MatrixXd& through = term.through[static_cast<std::size_t>(j)];
      for (std::size_t a = 0; a < part.at.size(); ++a)
        through(g, part.at[a]) = part.through(j, static_cast<Index>(a));
      if (part.beside.size() > 0) through.row(g).head(part.beside.cols()) += part.beside.row(j);
    }
  });
  for (Index e = 0; e < clusters.n_parts(); ++e) {
    for (Index j = 0; j < q; ++j) {
      Eigen::SparseMatrix<double> diagonal(G, G);
      for (Index g = 0; g < G; ++g)
        diagonal.insert(g, g) = own[e](g, j);
      term.own[e].push_back(std::move(diagonal));
    }
  }
  form.terms.push_back(std::move(term));
  for (Index g = 0; g < G; ++g) {
    if (identified[static_cast<std::size_t>(g)] == 0) form.unidentified.push_back(g);
  }
  return form;
}

}  // namespace flowresil
