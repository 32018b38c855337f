#include "flowresil_types.h"
#include "variance/bias_reduced.hpp"
#include "variance/cluster_sums.hpp"
#include "variance/inverses.hpp"
#include "variance/jackknife.hpp"
#include "variance/kernel.hpp"
#include "variance/leverage.hpp"
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

// CR2 (see bias_reduced()): list(meat, expected, straight, crossed).
// [[Rcpp::export(rng = false)]]
Rcpp::List cpp_bias_reduced(const flowresil::Sample& sample, const flowresil::WithinSolution& solution,
                            const flowresil::ScoreColumns& scores, const Rcpp::IntegerVector& cluster,
                            int n_clusters, const std::vector<bool>& nested,
                            const Eigen::Map<Eigen::MatrixXd>& combinations, bool pairs, int most_levels,
                            int threads) {
  const flowresil::BiasReduced found = flowresil::interruptible([&] {
    const flowresil::ClusterReader reader(sample, solution, scores, clusters_of(sample, cluster, n_clusters));
    return flowresil::bias_reduced(reader, nested, combinations, pairs, most_levels, threads,
                                   flowresil::user_interrupts);
  });
  return Rcpp::List::create(Rcpp::Named("meat") = found.meat, Rcpp::Named("expected") = found.expected,
                            Rcpp::Named("straight") = found.straight, Rcpp::Named("crossed") = found.crossed);
}

// list(changes, unidentified (from 1), cross_products, products): see Jackknife.
// [[Rcpp::export(rng = false)]]
Rcpp::List cpp_jackknife(const flowresil::Sample& sample, const flowresil::WithinSolution& solution,
                         const flowresil::ScoreColumns& scores, const Rcpp::IntegerVector& cluster,
                         int n_clusters, int most_levels, int threads) {
  const flowresil::Jackknife found = flowresil::interruptible([&] {
    const flowresil::ClusterReader reader(sample, solution, scores, clusters_of(sample, cluster, n_clusters));
    return flowresil::jackknife(reader, most_levels, threads, flowresil::user_interrupts);
  });
  Rcpp::IntegerVector unidentified;
  for (Eigen::Index cluster_without : found.unidentified)
    unidentified.push_back(static_cast<int>(cluster_without) + 1);
  return Rcpp::List::create(Rcpp::Named("changes") = found.changes,
                            Rcpp::Named("unidentified") = unidentified,
                            Rcpp::Named("cross_products") = Rcpp::wrap(found.cross_products),
                            Rcpp::Named("products") = Rcpp::wrap(found.products));
}

// Products of scores (n x k) within lags: `order` (from 1) the rows by unit (codes from 0) and time.
// [[Rcpp::export(rng = false)]]
Eigen::MatrixXd cpp_lag_products(const Eigen::Map<Eigen::MatrixXd>& scores, const Rcpp::IntegerVector& order,
                                 const Rcpp::IntegerVector& unit, const Rcpp::NumericVector& when, int lags,
                                 int threads) {
  const Eigen::Index n = scores.rows();
  flowresil::require(order.size() == n && unit.size() == n && when.size() == n,
                     "order, unit and time must have a value for each row");
  std::vector<int> places(order.begin(), order.end());
  for (int& place : places)
    --place;
  return flowresil::lag_products(scores, places.data(), unit.begin(), when.begin(), lags, threads);
}

// Products of scores (n x k) of places within `cutoff` km; kernel "uniform" or "bartlett".
// [[Rcpp::export(rng = false)]]
Eigen::MatrixXd cpp_near_products(const Eigen::Map<Eigen::MatrixXd>& scores,
                                  const Rcpp::NumericVector& latitude, const Rcpp::NumericVector& longitude,
                                  double cutoff, const std::string& kernel, int threads) {
  flowresil::require(latitude.size() == scores.rows() && longitude.size() == scores.rows(),
                     "there must be a place for each row");
  flowresil::require(kernel == "uniform" || kernel == "bartlett", "the kernel must be uniform or bartlett");
  return flowresil::interruptible([&] {
    return flowresil::near_products(
        scores, latitude.begin(), longitude.begin(), cutoff,
        kernel == "uniform" ? flowresil::Kernel::uniform : flowresil::Kernel::bartlett, threads,
        flowresil::user_interrupts);
  });
}

// list(meat, whole): products of scores over (1 - leverage)^power, and the rows (from 1) of whole leverage,
// at most `most_rows`, with their number `n_whole`.
// [[Rcpp::export(rng = false)]]
Rcpp::List cpp_leverage_squares(const flowresil::Sample& sample, const flowresil::WithinSolution& solution,
                                const flowresil::ScoreColumns& scores, double power, int most_levels,
                                int most_rows, int threads) {
  const Eigen::VectorXd leverage = flowresil::row_leverage(sample, solution, scores, most_levels, threads);
  std::vector<int> whole;
  double n_whole = 0;
  for (Eigen::Index i = 0; i < leverage.size(); ++i) {
    if (leverage[i] <= flowresil::whole_leverage) continue;
    n_whole += 1;
    if (n_whole <= most_rows) whole.push_back(static_cast<int>(i) + 1);
  }
  return Rcpp::List::create(
      Rcpp::Named("meat") = flowresil::leverage_squares(sample, solution, scores, leverage, power, threads),
      Rcpp::Named("whole") = whole, Rcpp::Named("n_whole") = n_whole);
}

// The solution of least norm (see least_norm()).
// [[Rcpp::export(rng = false)]]
Eigen::VectorXd cpp_least_norm(const Eigen::Map<Eigen::MatrixXd>& cross,
                               const Eigen::Map<Eigen::VectorXd>& sides,
                               const Eigen::Map<Eigen::VectorXd>& lengths) {
  return flowresil::least_norm(cross, sides, lengths);
}
