#include <Eigen/LU>

#include "base/contract.hpp"
#include "bootstrap/wild_form.hpp"
#include "variance/crossing_levels.hpp"

namespace flowresil {

using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;

namespace {

// Sums by group of one cluster's rows, and the cells that they make of a sparse matrix.
class CellSums {
 public:
  explicit CellSums(Index n_groups)
      : sum_(VectorXd::Zero(n_groups)), met_(static_cast<std::size_t>(n_groups), false) {}

  void add(Index group, double value) {
    if (!met_[static_cast<std::size_t>(group)]) {
      met_[static_cast<std::size_t>(group)] = true;
      groups_.push_back(group);
    }
    sum_[group] += value;
  }
  void move_to(Index cluster, std::vector<Eigen::Triplet<double>>& cells) {
    for (Index group : groups_) {
      cells.emplace_back(group, cluster, sum_[group]);
      sum_[group] = 0;
      met_[static_cast<std::size_t>(group)] = false;
    }
    groups_.clear();
  }

 private:
  VectorXd sum_;
  std::vector<bool> met_;
  std::vector<Index> groups_;
};

}  // namespace

void check_hypothesis(const ClusterReader& reader, const WildHypothesis& hypothesis) {
  const Index q = hypothesis.combinations.cols();
  require(hypothesis.combinations.rows() == reader.scores().turn.rows() && q > 0 &&
              hypothesis.distance.size() == q,
          "a hypothesis must combine the scores and have a distance for each combination");
}

WildForm wild_form_of_terms(const ClusterReader& reader, const std::vector<bool>& nested,
                            const WildHypothesis& hypothesis, bool restricted,
                            const std::vector<WildGroups>& terms, Index most_levels) {
  check_hypothesis(reader, hypothesis);
  const CrossingLevels crossing(reader, nested, most_levels);
  const Index G = reader.n_clusters(), m = crossing.n_directions(), q = hypothesis.combinations.cols();
  const bool alone = reader.sample().effects.empty() && reader.scores().constant;
  const Index n_regressors = reader.scores().combination.cols() + (alone ? 1 : 0);
  const MatrixXd tested = hypothesis.combinations.topRows(n_regressors);
  const MatrixXd direction = tested * MatrixXd(tested.transpose() * tested).inverse();
  const Index n_parts = q == 1 ? 2 : 1;
  WildForm form;
  std::vector<std::vector<Eigen::Triplet<double>>> cells(terms.size() *
                                                         static_cast<std::size_t>(n_parts * q));
  const auto cell = [&](std::size_t t, Index e, Index j) -> std::vector<Eigen::Triplet<double>>& {
    return cells[(t * static_cast<std::size_t>(n_parts) + static_cast<std::size_t>(e)) *
                     static_cast<std::size_t>(q) +
                 static_cast<std::size_t>(j)];
  };
  std::vector<CellSums> sums;
  for (const WildGroups& groups : terms) {
    Sample grouped;
    grouped.n_rows = reader.sample().n_rows;
    grouped.effects = {groups.groups};
    check_sample(grouped);
    WildTerm term;
    term.factor = groups.factor;
    term.through.assign(static_cast<std::size_t>(q), MatrixXd::Zero(groups.groups.n_levels, m));
    form.terms.push_back(std::move(term));
    sums.emplace_back(groups.groups.n_levels);
  }
  for (Index e = 0; e < n_parts; ++e) {
    form.numerator[e].setZero(q, G);
    form.scores[e].setZero(m, G);
    for (std::size_t t = 0; t < terms.size(); ++t)
      form.terms[t].fixed[e].setZero(terms[t].groups.n_levels, q);
  }

  for (Index g = 0; g < G; ++g) {
    const ClusterBlock block = reader.read(g);
    const ClusterDirections own = crossing.directions(block);
    const MatrixXd regressors = own.columns.leftCols(n_regressors);
    const MatrixXd weights = block.weights.asDiagonal() * (regressors * tested);  // of a row's score: n x q
    MatrixXd residuals = MatrixXd::Zero(block.n(), n_parts);
    residuals.col(0) = block.residuals;
    if (restricted) {
      const MatrixXd moved = regressors * direction;
      if (q == 1) {
        residuals.col(1) = moved;
      } else {
        residuals.col(0) += moved * hypothesis.distance;
      }
    }
    const MatrixXd scores = own.columns.transpose() * block.weights.asDiagonal() * residuals;
    for (Index e = 0; e < n_parts; ++e) {
      form.numerator[e].col(g) = tested.transpose() * scores.col(e).head(n_regressors);
      for (std::size_t a = 0; a < own.at.size(); ++a)
        form.scores[e].col(g) += crossing.middle().col(own.at[a]) * scores(static_cast<Index>(a), e);
    }
    const int* rows = reader.rows().rows(g);
    for (std::size_t t = 0; t < terms.size(); ++t) {
      const int* codes = terms[t].groups.codes;
      for (Index j = 0; j < q; ++j) {
        MatrixXd& through = form.terms[t].through[static_cast<std::size_t>(j)];
        for (Index i = 0; i < block.n(); ++i) {
          for (std::size_t a = 0; a < own.at.size(); ++a)
            through(codes[rows[i]], own.at[a]) += weights(i, j) * own.columns(i, static_cast<Index>(a));
        }
        for (Index e = 0; e < n_parts; ++e) {
          for (Index i = 0; i < block.n(); ++i)
            sums[t].add(codes[rows[i]], weights(i, j) * residuals(i, e));
          sums[t].move_to(g, cell(t, e, j));
        }
      }
    }
  }
  for (std::size_t t = 0; t < terms.size(); ++t) {
    for (Index e = 0; e < n_parts; ++e) {
      for (Index j = 0; j < q; ++j) {
        Eigen::SparseMatrix<double> matrix(terms[t].groups.n_levels, G);
        matrix.setFromTriplets(cell(t, e, j).begin(), cell(t, e, j).end());
        form.terms[t].own[e].push_back(std::move(matrix));
      }
    }
  }
  return form;
}

}  // namespace flowresil
