// The wild cluster bootstrap of a fit as sums by cluster: what a draw of weights makes of coefficients and
// their variance, without any row.
#pragma once

#include <vector>

#include <Eigen/Core>
#include <Eigen/SparseCore>

#include "variance/cluster_rows.hpp"

namespace flowresil {

// Which variant (MacKinnon, Nielsen and Webb 2023).
struct WildVariant {
  bool restricted = true;           // is the hypothesis imposed on the draws?
  bool jackknife_scores = false;    // a cluster's residuals at the estimate without it
  bool jackknife_variance = false;  // CR3 in place of CR1, in every draw
};

// A hypothesis on q coefficients: each a combination of the scores' directions, and its distance, the
// estimate less what the hypothesis says.
struct WildHypothesis {
  Eigen::MatrixXd combinations;  // n_scores x q
  Eigen::VectorXd distance;      // q
  // For slopes that are not identified without a cluster: all slopes as combinations of the directions (k x
  // k), their estimates, and which of them the hypothesis is on.
  Eigen::MatrixXd basis;
  Eigen::VectorXd slopes;
  std::vector<Eigen::Index> tested;
};

// One term of a variance: the factor times the products over its groups of r_j = own_j v - through_j (scores
// v) + fixed_j. Of clusters in one dimension there is one term, whose groups are the clusters.
struct WildTerm {
  double factor = 1;
  std::vector<Eigen::SparseMatrix<double>> own[2];  // q of groups x n_clusters
  std::vector<Eigen::MatrixXd> through;             // q of groups x m
  Eigen::MatrixXd fixed[2];                         // groups x q
};

// Of weights v, one a cluster: the coefficients' distance from the draws' own centre is numerator v, and
// their variance the sum of the terms. All is linear in the distance d of the hypothesis where q is one: part
// 0 plus d times part 1; else part 0 is at the distance given.
struct WildForm {
  Eigen::MatrixXd numerator[2];  // q x n_clusters
  Eigen::MatrixXd scores[2];     // m x n_clusters
  std::vector<WildTerm> terms;
  std::vector<Eigen::Index> unidentified;  // clusters without which a slope is not identified

  Eigen::Index q() const { return numerator[0].rows(); }
  bool is_linear() const { return numerator[1].size() > 0; }
};

// Effects inside the clusters are taken out first, others are regressors: `most_levels` levels at most.
// Throws ContractViolation. One pass over the rows; then O(clusters m^3) for the jackknife.
WildForm wild_form(const ClusterReader& reader, const std::vector<bool>& nested,
                   const WildHypothesis& hypothesis, const WildVariant& variant, double factor,
                   Eigen::Index most_levels, int threads);

// Throws ContractViolation where sizes do not fit.
void check_hypothesis(const ClusterReader& reader, const WildHypothesis& hypothesis);

// Groups whose scores one term of the variance sums, and the term's factor, its sign in it.
struct WildGroups {
  Effect groups;
  double factor = 1;
};

// The same where the variance has several terms, or groups other than the clusters that draws go by. Plain
// scores only. Throws ContractViolation. One pass over the rows, O(rows x terms x m).
WildForm wild_form_of_terms(const ClusterReader& reader, const std::vector<bool>& nested,
                            const WildHypothesis& hypothesis, bool restricted,
                            const std::vector<WildGroups>& terms, Eigen::Index most_levels);

}  // namespace flowresil
