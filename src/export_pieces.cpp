#include "flowresil_types.h"
#include "panel/columns.hpp"
#include "regression/polish.hpp"
#include "within/cell_system.hpp"
#include "within/level_sums.hpp"
#include "within/unit_pieces.hpp"

// A piece of whole units is a sample whose effects are units and cells, or none.

// Weighted sums of the columns about `shift`, and of the weights: list(sums, weight).
// [[Rcpp::export(rng = false)]]
Rcpp::List cpp_piece_sums(const flowresil::Sample& piece, const Eigen::Map<Eigen::VectorXd>& shift) {
  flowresil::check_sample(piece);
  flowresil::ColumnSums sums(piece.n_columns());
  sums.take(piece, shift, Eigen::VectorXd::Zero(piece.n_columns()), 0, piece.n_rows);
  return Rcpp::List::create(Rcpp::Named("sums") = sums.sums, Rcpp::Named("weight") = sums.weight);
}

// What the effects are solved from: see UnitPieceSums; single_units counted from 1.
// [[Rcpp::export(rng = false)]]
Rcpp::List cpp_unit_piece_sums(const flowresil::Sample& piece, const Eigen::Map<Eigen::VectorXd>& shift,
                               int threads) {
  const flowresil::UnitPieceSums found = flowresil::sum_unit_piece(piece, shift, threads);
  Rcpp::IntegerVector single;
  for (Eigen::Index unit : found.single_units)
    single.push_back(static_cast<int>(unit) + 1);
  return Rcpp::List::create(Rcpp::Named("pairs") = found.pairs, Rcpp::Named("left") = found.left,
                            Rcpp::Named("weights") = found.weights, Rcpp::Named("counts") = found.counts,
                            Rcpp::Named("means") = found.means, Rcpp::Named("squares") = found.squares,
                            Rcpp::Named("unit_squares") = found.unit_squares,
                            Rcpp::Named("single_units") = single);
}

// Coefficients by cell (columns x cells) from sums of all pieces: list(cells, ill_conditioned, n_redundant).
// `levels` holds the levels of the cells (from 0), one vector a small effect.
// [[Rcpp::export(rng = false)]]
Rcpp::List cpp_solve_cells(const Eigen::Map<Eigen::MatrixXd>& pairs,
                           const Eigen::Map<Eigen::VectorXd>& weights,
                           const Eigen::Map<Eigen::MatrixXd>& left, const Rcpp::List& levels) {
  std::vector<std::vector<int>> of_effects;
  for (SEXP of_effect : levels)
    of_effects.push_back(Rcpp::as<std::vector<int>>(of_effect));
  const flowresil::CellSystem system(pairs, weights, of_effects);
  return Rcpp::List::create(Rcpp::Named("cells") = system.solve(left),
                            Rcpp::Named("ill_conditioned") = system.is_ill_conditioned(),
                            Rcpp::Named("n_redundant") = static_cast<double>(system.n_redundant()));
}

// The solution for the rows of a piece with units and cells.
// [[Rcpp::export(rng = false)]]
flowresil::WithinSolution cpp_unit_piece_solution(const flowresil::Sample& piece,
                                                  const Eigen::Map<Eigen::VectorXd>& shift,
                                                  const Eigen::Map<Eigen::MatrixXd>& cells, int threads) {
  return flowresil::solve_unit_piece(piece, shift, cells, threads);
}

// What a solution leaves in the sums by cell, columns x cells.
// [[Rcpp::export(rng = false)]]
Eigen::MatrixXd cpp_left_by_cell(const flowresil::Sample& piece, const flowresil::WithinSolution& solution,
                                 int threads) {
  flowresil::require(piece.effects.size() == 2, "a piece must have units and cells");
  Eigen::VectorXd norms = Eigen::VectorXd::Zero(piece.n_columns());
  return flowresil::sum_demeaned(piece, solution, threads, norms)[1];
}

// What the rows of a piece give a factor; columns stand in the order regressors, outcome.
// [[Rcpp::export(rng = false)]]
flowresil::FactorState cpp_take_rows(const flowresil::Sample& piece,
                                     const flowresil::WithinSolution& solution,
                                     const Eigen::Map<Eigen::VectorXd>& shift, int threads) {
  return flowresil::take_rows(piece, solution, shift, threads);
}

// What two sets of rows give.
// [[Rcpp::export(rng = false)]]
flowresil::FactorState cpp_join_states(flowresil::FactorState state, const flowresil::FactorState& more) {
  state.join(more);
  return state;
}

// The fit of all rows that were taken in, as cpp_fit_equation() gives it (no solution), with refine: should
// the effects be solved again?
// [[Rcpp::export(rng = false)]]
Rcpp::List cpp_fit_state(const flowresil::FactorState& state, const Eigen::Map<Eigen::VectorXd>& shift,
                         double rank_tolerance) {
  const flowresil::WithinFactor factor = flowresil::finish_factor(state, shift);
  if (!factor.representable) {
    return Rcpp::List::create(Rcpp::Named("representable") = false, Rcpp::Named("norms") = factor.norms);
  }
  const flowresil::LeastSquares fit = flowresil::least_squares(factor, rank_tolerance);
  Rcpp::List fields = flowresil::fit_fields(factor, fit, false, shift.size() - 1);
  fields["refine"] = flowresil::loses_digits(factor);
  return fields;
}

// The second look at nearly equal regressors: what a piece gives. `kept` counted from 0.
// [[Rcpp::export(rng = false)]]
flowresil::FactorState cpp_take_polish(const flowresil::Sample& piece,
                                       const flowresil::WithinSolution& solution,
                                       const std::vector<int>& kept, const Eigen::Map<Eigen::MatrixXd>& basis,
                                       int threads) {
  flowresil::LeastSquares fit;
  fit.kept.assign(kept.begin(), kept.end());
  fit.basis = basis;
  return flowresil::take_polish(piece, solution, threads, fit);
}

// And what all pieces say: list(coefficients, polish, along, offset, residual_squares).
// [[Rcpp::export(rng = false)]]
Rcpp::List cpp_finish_polish(const flowresil::FactorState& state, bool about_means,
                             const std::vector<int>& kept, const Eigen::Map<Eigen::MatrixXd>& basis,
                             const Eigen::Map<Eigen::VectorXd>& coefficients) {
  flowresil::LeastSquares fit;
  fit.kept.assign(kept.begin(), kept.end());
  fit.basis = basis;
  fit.coefficients = coefficients;
  flowresil::finish_polish(state, about_means, fit);
  return Rcpp::List::create(Rcpp::Named("coefficients") = fit.coefficients,
                            Rcpp::Named("polish") = fit.polish, Rcpp::Named("along") = fit.along,
                            Rcpp::Named("offset") = fit.offset,
                            Rcpp::Named("residual_squares") = fit.residual_squares);
}
