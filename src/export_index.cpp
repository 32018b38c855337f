// Exports of scaling, entropy weights and principal components: map, call, name the result.
#include <RcppEigen.h>

#include "index/entropy.hpp"
#include "index/principal_components.hpp"
#include "index/scale.hpp"

using Eigen::Map;
using Eigen::MatrixXd;
using Eigen::VectorXd;
using Eigen::VectorXi;

// [[Rcpp::export(rng = false)]]
bool cpp_all_finite(Map<VectorXd> x) {
  return x.allFinite();
}

// [[Rcpp::export(rng = false)]]
Rcpp::List cpp_fit_scaling(Map<MatrixXd> x, Map<VectorXd> direction, std::string normalise,
                           Map<VectorXi> code, int n_groups, int threads) {
  const flowresil::RowGroups groups{code, n_groups};
  const flowresil::Scaling scaling =
      flowresil::fit_scaling(x, direction, flowresil::normalisation_named(normalise), groups, threads);
  return Rcpp::List::create(
      Rcpp::Named("centre") = scaling.centre, Rcpp::Named("spread") = scaling.spread,
      Rcpp::Named("constant") = Rcpp::wrap(scaling.constant.cast<int>().matrix().eval()));
}

// [[Rcpp::export(rng = false)]]
Rcpp::NumericMatrix cpp_apply_scaling(Map<MatrixXd> x, Map<VectorXd> direction, Map<MatrixXd> centre,
                                      Map<MatrixXd> spread, Map<VectorXi> code, int threads) {
  const flowresil::RowGroups groups{code, centre.rows()};
  const flowresil::Scaling scaling{direction, centre, spread, {}};
  Rcpp::NumericMatrix y = Rcpp::no_init(x.rows(), x.cols());
  flowresil::apply_scaling(x, scaling, groups, threads, Rcpp::as<Map<MatrixXd>>(y));
  return y;
}

// [[Rcpp::export(rng = false)]]
Rcpp::List cpp_entropy_weights(Map<MatrixXd> x, Map<VectorXd> direction, std::string normalise, double offset,
                               Map<VectorXi> code, int n_groups, int threads) {
  const flowresil::RowGroups groups{code, n_groups};
  const flowresil::Scaling scaling =
      flowresil::fit_scaling(x, direction, flowresil::normalisation_named(normalise), groups, threads);
  const flowresil::EntropyWeights result = flowresil::entropy_weights(x, scaling, groups, offset, threads);
  return Rcpp::List::create(
      Rcpp::Named("centre") = scaling.centre, Rcpp::Named("spread") = scaling.spread,
      Rcpp::Named("constant") = Rcpp::wrap(scaling.constant.cast<int>().matrix().eval()),
      Rcpp::Named("entropy") = result.entropy, Rcpp::Named("divergence") = result.divergence,
      Rcpp::Named("weight") = result.weight,
      Rcpp::Named("uninformative") = Rcpp::wrap(result.uninformative.cast<int>().matrix().eval()));
}

// [[Rcpp::export(rng = false)]]
Rcpp::List cpp_principal_components(Map<MatrixXd> z, int threads) {
  const flowresil::PrincipalComponents result = flowresil::principal_components(z, threads);
  return Rcpp::List::create(
      Rcpp::Named("eigenvalues") = result.eigenvalues, Rcpp::Named("loadings") = result.loadings,
      Rcpp::Named("constant") = Rcpp::wrap(result.constant.cast<int>().matrix().eval()));
}
