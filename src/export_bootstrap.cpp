#include "base/random.hpp"
#include "bootstrap/draws.hpp"
#include "bootstrap/inversion.hpp"
#include "bootstrap/shares.hpp"
#include "bootstrap/wild_form.hpp"
#include "flowresil_types.h"
#include "variance/crossing_levels.hpp"

namespace {

flowresil::WildDrawing drawing_from(const Rcpp::List& drawing) {
  flowresil::WildDrawing made;
  made.weights = flowresil::wild_weights_named(Rcpp::as<std::string>(drawing["weights"]));
  made.replicates = static_cast<Eigen::Index>(Rcpp::as<double>(drawing["R"]));
  made.enumerate = Rcpp::as<bool>(drawing["enumerate"]);
  made.seed = static_cast<std::uint64_t>(Rcpp::as<double>(drawing["seed"]));
  return made;
}

}  // namespace

// The wild bootstrap: list(statistics, p_value, valid, unidentified (from 1), set (pieces of distances; none
// where `level` is NA)). `hypothesis`: list(combinations, distance, basis, slopes, tested (from 1),
// statistic, error, joint); `variant`: list(restricted, jackknife_scores, jackknife_variance, factor);
// `drawing`: list(weights, R, enumerate, seed); `rule`: list(alternative, drop, level).
// [[Rcpp::export(rng = false)]]
Rcpp::List cpp_wild_bootstrap(const flowresil::Sample& sample, const flowresil::WithinSolution& solution,
                              const flowresil::ScoreColumns& scores, const Rcpp::IntegerVector& cluster,
                              int n_clusters, const std::vector<bool>& nested, const Rcpp::List& hypothesis,
                              const Rcpp::List& variant, const Rcpp::List& variance_terms,
                              const Rcpp::List& drawing, const Rcpp::List& rule, int most_levels,
                              int threads) {
  flowresil::require(cluster.size() == sample.n_rows, "there must be a cluster for each row");
  flowresil::WildHypothesis tested;
  tested.combinations = Rcpp::as<Eigen::MatrixXd>(hypothesis["combinations"]);
  tested.distance = Rcpp::as<Eigen::VectorXd>(hypothesis["distance"]);
  tested.basis = Rcpp::as<Eigen::MatrixXd>(hypothesis["basis"]);
  tested.slopes = Rcpp::as<Eigen::VectorXd>(hypothesis["slopes"]);
  for (int place : Rcpp::as<std::vector<int>>(hypothesis["tested"]))
    tested.tested.push_back(place - 1);
  flowresil::WildVariant made;
  made.restricted = Rcpp::as<bool>(variant["restricted"]);
  made.jackknife_scores = Rcpp::as<bool>(variant["jackknife_scores"]);
  made.jackknife_variance = Rcpp::as<bool>(variant["jackknife_variance"]);
  const double factor = Rcpp::as<double>(variant["factor"]);
  const flowresil::WildDrawing draws = drawing_from(drawing);
  const flowresil::Alternative alternative =
      flowresil::alternative_named(Rcpp::as<std::string>(rule["alternative"]));
  const flowresil::Ties ties{Rcpp::as<bool>(rule["drop"])};
  const double level = Rcpp::as<double>(rule["level"]);
  const bool joint = Rcpp::as<bool>(hypothesis["joint"]);
  std::vector<flowresil::WildGroups> terms;
  std::vector<Rcpp::IntegerVector> codes;  // R's memory, kept
  for (R_xlen_t t = 0; t < variance_terms.size(); ++t) {
    const Rcpp::List term = variance_terms[t];
    codes.push_back(term["code"]);
    flowresil::require(codes.back().size() == sample.n_rows, "there must be a group for each row");
    terms.push_back(
        {flowresil::effect_from(codes.back(), Rcpp::as<int>(term["n"])), Rcpp::as<double>(term["factor"])});
  }

  return flowresil::interruptible([&] {
    flowresil::ClusterReader reader(sample, solution, scores, flowresil::effect_from(cluster, n_clusters));
    const std::size_t taken_out = flowresil::CrossingLevels::effect_taken_out(sample, nested);
    if (taken_out < nested.size()) reader.order_rows(taken_out);
    const flowresil::WildForm form =
        terms.empty()
            ? flowresil::wild_form(reader, nested, tested, made, factor, most_levels, threads)
            : flowresil::wild_form_of_terms(reader, nested, tested, made.restricted, terms, most_levels);
    Eigen::VectorXd statistics;
    Eigen::MatrixXd pieces(0, 2);
    if (std::isnan(level)) {
      statistics = flowresil::draw_statistics(form, tested.distance[0], joint, draws, threads,
                                              flowresil::user_interrupts);
    } else {
      const Eigen::MatrixXd lines = flowresil::draw_lines(form, draws, threads, flowresil::user_interrupts);
      statistics.resize(lines.cols());
      for (Eigen::Index i = 0; i < lines.cols(); ++i)
        statistics[i] = flowresil::statistic_at(lines.col(i), tested.distance[0]);
      pieces =
          flowresil::invert_draws(lines, Rcpp::as<double>(hypothesis["error"]), 1 - level, alternative, ties);
    }
    const flowresil::DrawCounts counts =
        flowresil::count_draws(statistics, Rcpp::as<double>(hypothesis["statistic"]), ties);
    Rcpp::IntegerVector unidentified;
    for (Eigen::Index g : form.unidentified)
      unidentified.push_back(static_cast<int>(g) + 1);
    return Rcpp::List::create(Rcpp::Named("statistics") = statistics,
                              Rcpp::Named("p_value") = counts.p_value(alternative),
                              Rcpp::Named("valid") = counts.valid, Rcpp::Named("unidentified") = unidentified,
                              Rcpp::Named("set") = pieces);
  });
}

// n numbers in (0, 1) of one seed and replicate.
// [[Rcpp::export(rng = false)]]
Rcpp::NumericVector cpp_uniform_draws(double seed, double replicate, int n) {
  const flowresil::CounterRandom random(static_cast<std::uint64_t>(seed));
  Rcpp::NumericVector draws(n);
  for (int i = 0; i < n; ++i)
    draws[i] = random.uniform(static_cast<std::uint64_t>(replicate), static_cast<std::uint64_t>(i));
  return draws;
}
