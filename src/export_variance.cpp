#include "flowresil_types.h"
#include "variance/cluster_sums.hpp"
#include "variance/meat.hpp"
#include "variance/small_sample.hpp"

namespace {

// Clusters with a code for each row.
flowresil::Effect clusters_of(const flowresil::Sample& sample, const Rcpp::IntegerVector& cluster,
                              int n_clusters) {
  flowresil::require(cluster.size() == sample.n_rows, "there must be a cluster for each row");
  return flowresil::effect_from(cluster, n_clusters);
}

}  // namespace

// Sum of score products by row, or by cluster where `cluster` has codes.
// [[Rcpp::export(rng = false)]]
Eigen::MatrixXd cpp_score_squares(const flowresil::Sample& sample, const flowresil::WithinSolution& solution,
                                  const flowresil::ScoreColumns& scores, const Rcpp::IntegerVector& cluster,
                                  int n_clusters, int threads) {
  if (cluster.size() == 0) return flowresil::score_squares(sample, solution, scores, nullptr, threads);
  const flowresil::Effect groups = clusters_of(sample, cluster, n_clusters);
  return flowresil::score_squares(sample, solution, scores, &groups, threads);
}

// Scores summed by cluster, n_scores x n_clusters.
// [[Rcpp::export(rng = false)]]
Eigen::MatrixXd cpp_cluster_sums(const flowresil::Sample& sample, const flowresil::WithinSolution& solution,
                                 const flowresil::ScoreColumns& scores, const Rcpp::IntegerVector& cluster,
                                 int n_clusters, int threads) {
  return flowresil::cluster_sums(sample, solution, scores, clusters_of(sample, cluster, n_clusters), threads);
}

// Cross-products by cluster, n_scores^2 x n_clusters.
// [[Rcpp::export(rng = false)]]
Eigen::MatrixXd cpp_cluster_products(const flowresil::Sample& sample,
                                     const flowresil::WithinSolution& solution,
                                     const flowresil::ScoreColumns& scores,
                                     const Rcpp::IntegerVector& cluster, int n_clusters, int threads) {
  return flowresil::cluster_products(sample, solution, scores, clusters_of(sample, cluster, n_clusters),
                                     threads);
}

// Scores by row, n_rows x n_scores.
// [[Rcpp::export(rng = false)]]
Eigen::MatrixXd cpp_scores(const flowresil::Sample& sample, const flowresil::WithinSolution& solution,
                           const flowresil::ScoreColumns& scores, int threads) {
  return flowresil::score_rows(sample, solution, scores, threads);
}

// list(n_parameters, factor, degrees_of_freedom) by the names that R uses.
// [[Rcpp::export(rng = false)]]
Rcpp::List cpp_small_sample(const std::string& variance, const std::string& correction,
                            const flowresil::SampleCounts& counts) {
  const flowresil::SmallSample small = flowresil::small_sample(
      flowresil::variance_named(variance), flowresil::correction_named(correction), counts);
  return Rcpp::List::create(Rcpp::Named("n_parameters") = small.n_parameters,
                            Rcpp::Named("factor") = small.factor,
                            Rcpp::Named("degrees_of_freedom") = small.degrees_of_freedom);
}
