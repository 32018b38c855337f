// Draws of resampled clusters.
#include "bootstrap/draws.hpp"
#include "bootstrap/product_draws.hpp"
#include "flowresil_types.h"

namespace {

flowresil::PairProducts products_from(const Rcpp::List& products) {
  flowresil::PairProducts made;
  made.n_levels = Rcpp::as<int>(products["n_levels"]);
  made.n_columns = Rcpp::as<int>(products["n_columns"]);
  made.packed = Rcpp::as<Eigen::MatrixXd>(products["packed"]);
  return made;
}

Rcpp::List wrap_products(const flowresil::PairProducts& products) {
  return Rcpp::List::create(Rcpp::Named("n_levels") = static_cast<int>(products.n_levels),
                            Rcpp::Named("n_columns") = static_cast<int>(products.n_columns),
                            Rcpp::Named("packed") = products.packed);
}

std::vector<Eigen::Index> places(const Rcpp::IntegerVector& from_one) {
  std::vector<Eigen::Index> found;
  for (int place : from_one)
    found.push_back(place - 1);
  return found;
}

}  // namespace

// Cross-products by cluster of all columns, as list(n_levels, n_columns, packed): see PairProducts.
// [[Rcpp::export(rng = false)]]
Rcpp::List cpp_pair_products(const flowresil::Sample& sample, const flowresil::WithinSolution& solution,
                             const flowresil::ScoreColumns& scores, const Rcpp::IntegerVector& cluster,
                             int n_clusters, const std::vector<bool>& nested, int most_levels, int threads) {
  flowresil::require(cluster.size() == sample.n_rows, "there must be a cluster for each row");
  return flowresil::interruptible([&] {
    flowresil::ClusterReader reader(sample, solution, scores, flowresil::effect_from(cluster, n_clusters));
    const std::size_t taken_out = flowresil::CrossingLevels::effect_taken_out(sample, nested);
    if (taken_out < nested.size()) reader.order_rows(taken_out);
    const flowresil::CrossingLevels crossing(reader, nested, most_levels);
    return wrap_products(flowresil::pair_products(reader, crossing, threads, flowresil::user_interrupts));
  });
}

// The same of outcomes drawn with either sign (see signed_products()).
// [[Rcpp::export(rng = false)]]
Rcpp::List cpp_signed_products(const Rcpp::List& products, const Eigen::Map<Eigen::MatrixXd>& fixed,
                               const Eigen::Map<Eigen::MatrixXd>& moving) {
  return wrap_products(flowresil::signed_products(products_from(products), fixed, moving));
}

// list(coefficients, inverses, residual_squares, covariances) by draw. `equations` are lists of outcome,
// controls and wanted (from 1). `drawing`: list(kind = "pairs", "wild" (products signed) or "given", R, seed,
// enumerate, counts (clusters x all draws), first (draws that came before)).
// [[Rcpp::export(rng = false)]]
Rcpp::List cpp_product_draws(const Rcpp::List& products, const Rcpp::List& equations,
                             const Rcpp::List& drawing, bool with_covariances, int threads) {
  const flowresil::PairProducts made = products_from(products);
  std::vector<flowresil::DrawnEquation> drawn;
  for (R_xlen_t i = 0; i < equations.size(); ++i) {
    const Rcpp::List equation = equations[i];
    drawn.push_back(
        {Rcpp::as<int>(equation["outcome"]) - 1, places(equation["controls"]), places(equation["wanted"])});
  }
  const std::string kind = Rcpp::as<std::string>(drawing["kind"]);
  const Eigen::Index n_draws = static_cast<Eigen::Index>(Rcpp::as<double>(drawing["R"]));
  const Eigen::Index n_clusters = made.packed.cols();
  flowresil::ClusterCounts counts;
  Eigen::MatrixXd given;
  if (kind == "given") {
    given = Rcpp::as<Eigen::MatrixXd>(drawing["counts"]);
    flowresil::require(
        given.rows() == n_clusters && given.cols() >= n_draws + Rcpp::as<double>(drawing["first"]),
        "there must be a count for each cluster and draw");
    counts = [&given](Eigen::Index first, Eigen::Ref<Eigen::MatrixXd> block) {
      block = given.middleCols(first, block.cols());
    };
  } else if (kind == "wild") {
    flowresil::WildDrawing signs;
    signs.replicates = n_draws;
    signs.enumerate = Rcpp::as<bool>(drawing["enumerate"]);
    signs.seed = static_cast<std::uint64_t>(Rcpp::as<double>(drawing["seed"]));
    counts = [signs, n_clusters](Eigen::Index first, Eigen::Ref<Eigen::MatrixXd> block) {
      Eigen::MatrixXd v(n_clusters / 2, block.cols());
      flowresil::write_weights(signs, first, v);
      block.topRows(v.rows()) = (v.array() + 1.0) / 2.0;
      block.bottomRows(v.rows()) = (1.0 - v.array()) / 2.0;
    };
  } else {
    flowresil::require(kind == "pairs", "draws must be of pairs, wild or given");
    counts = flowresil::resampled_clusters(n_clusters,
                                           static_cast<std::uint64_t>(Rcpp::as<double>(drawing["seed"])));
  }
  const Eigen::Index offset = static_cast<Eigen::Index>(Rcpp::as<double>(drawing["first"]));
  const flowresil::ClusterCounts later = [&counts, offset](Eigen::Index first,
                                                           Eigen::Ref<Eigen::MatrixXd> block) {
    counts(offset + first, block);
  };
  return flowresil::interruptible([&] {
    const flowresil::ProductDraws found = flowresil::product_draws(
        made, drawn, n_draws, later, with_covariances, threads, flowresil::user_interrupts);
    return Rcpp::List::create(Rcpp::Named("coefficients") = found.coefficients,
                              Rcpp::Named("inverses") = found.inverses,
                              Rcpp::Named("residual_squares") = found.residual_squares,
                              Rcpp::Named("covariances") = found.covariances);
  });
}
