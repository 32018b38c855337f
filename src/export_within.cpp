#include "flowresil_types.h"
#include "within/demean.hpp"

// Demeaned columns, n_rows x n_columns, outcome last.
// [[Rcpp::export(rng = false)]]
Eigen::MatrixXd cpp_demean(const flowresil::Sample& sample, const flowresil::WithinSolution& solution) {
  Eigen::MatrixXd demeaned(sample.n_rows, sample.n_columns());
  flowresil::demean_rows(sample, solution, 0, sample.n_rows, demeaned.data(), sample.n_rows);
  return demeaned;
}
