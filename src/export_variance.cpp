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

// The same by several groupings at once, a list: of each the codes of its parts, and their numbers of levels.
// [[Rcpp::export(rng = false)]]
Rcpp::List cpp_score_squares_by(const flowresil::Sample& sample, const flowresil::WithinSolution& solution,
                                const flowresil::ScoreColumns& scores, const Rcpp::List& codes,
                                const Rcpp::List& n_levels, int threads) {
  flowresil::require(codes.size() == n_levels.size(), "each grouping must have numbers of levels");
  std::vector<flowresil::Grouping> groupings;
  for (R_xlen_t i = 0; i < codes.size(); ++i) {
    const Rcpp::List parts = codes[i];
    const Rcpp::IntegerVector levels = n_levels[i];
    flowresil::require(parts.size() == levels.size(), "each code must have a number of levels");
    flowresil::Grouping grouping;
    for (R_xlen_t j = 0; j < parts.size(); ++j)
      grouping.parts.push_back(clusters_of(sample, Rcpp::IntegerVector(parts[j]), levels[j]));
    groupings.push_back(std::move(grouping));
  }
  const flowresil::ScorePass pass(sample, solution, scores);
  return Rcpp::wrap(flowresil::score_squares(pass, groupings, threads));
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
Rcpp::NumericMatrix cpp_scores(const flowresil::Sample& sample, const flowresil::WithinSolution& solution,
                               const flowresil::ScoreColumns& scores, int threads) {
  const Eigen::Index n_scores = scores.turn.cols();
  Rcpp::NumericMatrix rows(Rcpp::no_init(static_cast<int>(sample.n_rows), static_cast<int>(n_scores)));
  flowresil::score_rows(sample, solution, scores, threads,
                        Eigen::Map<Eigen::MatrixXd>(rows.begin(), sample.n_rows, n_scores));
  return rows;
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

// CR2 (see bias_reduced()): list(scores, meat, expected, straight, crossed).
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
  return Rcpp::List::create(Rcpp::Named("scores") = found.scores, Rcpp::Named("meat") = found.meat,
                            Rcpp::Named("expected") = found.expected,
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

// Products of scores (n x k) within lags, by unit and period (codes from 0; `times` are those of the
// periods); NULL where a unit has two rows of one period.
// [[Rcpp::export(rng = false)]]
SEXP cpp_lag_products(const Eigen::Map<Eigen::MatrixXd>& scores, const Rcpp::IntegerVector& unit, int n_units,
                      const Rcpp::IntegerVector& period, const Rcpp::NumericVector& times, int lags,
                      int threads) {
  const Eigen::Index n = scores.rows();
  flowresil::require(unit.size() == n && period.size() == n, "unit and period must have a code for each row");
  const Eigen::MatrixXd found = flowresil::lag_products(
      scores, flowresil::effect_from(unit, n_units),
      flowresil::effect_from(period, static_cast<int>(times.size())), times.begin(), lags, threads);
  return found.size() == 0 && scores.cols() > 0 ? R_NilValue : Rcpp::wrap(found);
}

// Products of scores of rows within `cutoff` km; kernel "uniform" or "bartlett". Designs, solutions and
// scores are lists, one element an equation of the same rows.
// [[Rcpp::export(rng = false)]]
Eigen::MatrixXd cpp_near_products(const Rcpp::List& designs, const Rcpp::List& solutions,
                                  const Rcpp::List& score_columns, const Rcpp::NumericVector& latitude,
                                  const Rcpp::NumericVector& longitude, double cutoff,
                                  const std::string& kernel, int threads) {
  flowresil::require(kernel == "uniform" || kernel == "bartlett", "the kernel must be uniform or bartlett");
  flowresil::require(solutions.size() == designs.size() && score_columns.size() == designs.size(),
                     "each equation must have a solution and scores");
  std::vector<flowresil::Sample> samples;
  std::vector<flowresil::WithinSolution> solved;
  std::vector<flowresil::ScoreColumns> scores;
  for (R_xlen_t i = 0; i < designs.size(); ++i) {
    samples.push_back(Rcpp::as<flowresil::Sample>(designs[i]));
    solved.push_back(Rcpp::as<flowresil::WithinSolution>(solutions[i]));
    scores.push_back(Rcpp::as<flowresil::ScoreColumns>(score_columns[i]));
    flowresil::require(latitude.size() == samples.back().n_rows && longitude.size() == samples.back().n_rows,
                       "there must be a place for each row");
  }
  return flowresil::interruptible([&] {
    std::vector<flowresil::ScorePass> passes;
    for (std::size_t i = 0; i < samples.size(); ++i)
      passes.emplace_back(samples[i], solved[i], scores[i]);
    return flowresil::near_products(
        passes, latitude.begin(), longitude.begin(), cutoff,
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
