// The wild cluster bootstrap of a fit as sums by cluster: what a draw of weights makes of coefficients and
// their variance, without any row.
#pragma once

#include <vector>

#include <Eigen/Core>

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

// Of weights v, one a cluster: the coefficients' distance from the draws' own centre is numerator v, and
// their variance the factor times the products over clusters of r_j = own_j * v - through_j (scores v) +
// fixed_j. All three are linear in the distance d of the hypothesis where q is one: part 0 plus d times part
// 1; else part 0 is at the distance given.
struct WildForm {
  Eigen::MatrixXd numerator[2];            // q x n_clusters
  Eigen::MatrixXd scores[2];               // m x n_clusters
  std::vector<Eigen::MatrixXd> through;    // q of n_clusters x m
  Eigen::MatrixXd own[2];                  // n_clusters x q
  Eigen::MatrixXd fixed[2];                // n_clusters x q
  std::vector<Eigen::Index> unidentified;  // clusters without which a slope is not identified
};

// Effects inside the clusters are taken out first, others are regressors: `most_levels` levels at most.
// Throws ContractViolation. One pass over the rows; then O(clusters m^3) for the jackknife.
WildForm wild_form(const ClusterReader& reader, const std::vector<bool>& nested,
                   const WildHypothesis& hypothesis, const WildVariant& variant, Eigen::Index most_levels,
                   int threads);

}  // namespace flowresil
