// Exports of the Hodrick-Prescott filter: map, call, name the result.
#include <RcppEigen.h>

#include "filter/hp_filter.hpp"

using Eigen::Map;
using Eigen::VectorXd;

namespace {

// trend and cycle with the attributes of y: dimensions, names, time.
Rcpp::List filtered(const Rcpp::NumericVector& y, const std::vector<Eigen::Index>& first, double lambda,
                    int threads) {
  Rcpp::NumericVector trend = Rcpp::no_init(y.size());
  Rcpp::NumericVector cycle = Rcpp::no_init(y.size());
  flowresil::hp_filter(Rcpp::as<Map<VectorXd>>(y), first, lambda, threads, Rcpp::as<Map<VectorXd>>(trend),
                       Rcpp::as<Map<VectorXd>>(cycle));
  SHALLOW_DUPLICATE_ATTRIB(trend, y);
  SHALLOW_DUPLICATE_ATTRIB(cycle, y);
  return Rcpp::List::create(Rcpp::Named("trend") = trend, Rcpp::Named("cycle") = cycle);
}

}  // namespace

// Series of one length, one after the other: a vector, or the columns of a matrix.
// [[Rcpp::export(rng = false)]]
Rcpp::List cpp_hp_filter_columns(Rcpp::NumericVector y, double length, double n_series, double lambda,
                                 int threads) {
  return filtered(
      y, flowresil::equal_runs(static_cast<Eigen::Index>(length), static_cast<Eigen::Index>(n_series)),
      lambda, threads);
}

// Series of the given lengths, one after the other.
// [[Rcpp::export(rng = false)]]
Rcpp::List cpp_hp_filter_runs(Rcpp::NumericVector y, Map<Eigen::VectorXi> lengths, double lambda,
                              int threads) {
  return filtered(y, flowresil::runs_of(lengths), lambda, threads);
}
