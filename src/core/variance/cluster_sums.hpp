// Sums by cluster: of scores, and of the products of the columns that scores are made of. What variances,
// bootstraps and diagnostics by cluster start from; the meat of a sandwich is one product away.
#pragma once

#include <vector>

#include <Eigen/Core>

#include "regression/score_pass.hpp"
#include "variance/group_sums.hpp"

namespace flowresil {

// Scores summed by cluster before they are turned, n_scores x n_clusters: for sandwiches, which turn them
// block by block. In row order: the same bits for any number of threads.
Eigen::MatrixXd sum_scores(const ScorePass& pass, const Effect& cluster, int threads);

// Do clusters stand in order of rows? Throws ContractViolation where codes do not fit.
bool is_sorted_grouping(const Sample& sample, const Effect& cluster);

// The same for several groupings in one pass over the rows, each n_groups x n_scores.
std::vector<GroupSums> sum_scores(const ScorePass& pass, const std::vector<Grouping>& groupings, int threads);

// Turned scores summed by cluster, n_scores x n_clusters. Throws ContractViolation. O(n_rows k + clusters
// k^2).
Eigen::MatrixXd cluster_sums(const Sample& sample, const WithinSolution& solution, const ScoreColumns& scores,
                             const Effect& cluster, int threads);

// By cluster the weighted cross-products of the turned columns that scores are made of, n_scores^2 x
// n_clusters, each column a matrix: over all clusters they sum to the identity. Throws ContractViolation.
// O(n_rows k^2).
Eigen::MatrixXd cluster_products(const Sample& sample, const WithinSolution& solution,
                                 const ScoreColumns& scores, const Effect& cluster, int threads);

// Writes turned scores to `rows`, n_rows x n_scores. Throws ContractViolation. O(n_rows k^2).
void score_rows(const Sample& sample, const WithinSolution& solution, const ScoreColumns& scores, int threads,
                Eigen::Ref<Eigen::MatrixXd> rows);

}  // namespace flowresil
