#include "within/cell_system.hpp"

#include <algorithm>
#include <cmath>

#include "base/contract.hpp"

namespace flowresil {

using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;

namespace {

Index count_levels_of(const std::vector<int>& levels) {
  require(!levels.empty() && *std::min_element(levels.begin(), levels.end()) >= 0, "levels count from 0");
  return *std::max_element(levels.begin(), levels.end()) + 1;
}

}  // namespace

CellSystem::CellSystem(const MatrixXd& pairs, const VectorXd& weights,
                       const std::vector<std::vector<int>>& levels) {
  const Index n_cells = weights.size();
  for (const std::vector<int>& of_effect : levels)
    require(static_cast<Index>(of_effect.size()) == n_cells, "every cell must have a level of each effect");
  if (levels.size() == 1 && count_levels_of(levels[0]) == n_cells) {  // cell l is level l
    for (Index cell = 0; cell < n_cells; ++cell)
      require(levels[0][static_cast<std::size_t>(cell)] == cell,
              "cells of one effect must be its levels in order");
    single_ = std::make_unique<SmallSystem>(pairs, weights);
    return;
  }
  require(pairs.rows() == n_cells && pairs.cols() == n_cells, "there must be a weight for each cell");
  Index n_levels = 0;
  std::vector<Index> place;
  for (const std::vector<int>& of_effect : levels) {
    place.push_back(n_levels);
    n_levels += count_levels_of(of_effect);
  }
  members_ = MatrixXd::Zero(n_cells, n_levels);
  for (std::size_t j = 0; j < levels.size(); ++j) {
    for (Index cell = 0; cell < n_cells; ++cell)
      members_(cell, place[j] + levels[j][static_cast<std::size_t>(cell)]) = 1.0;
  }
  MatrixXd laplacian = -MatrixXd(pairs.triangularView<Eigen::StrictlyUpper>());
  laplacian += MatrixXd(laplacian.transpose());
  laplacian.diagonal() = -laplacian.rowwise().sum();
  pivoted_.setThreshold(1e-10);
  pivoted_.compute(members_.transpose() * (laplacian * members_));
}

MatrixXd CellSystem::solve(const MatrixXd& left) const {
  if (single_) return single_->solve(left);
  require(left.cols() == members_.rows(), "there must be a sum for each cell");
  const MatrixXd solved = pivoted_.solve(members_.transpose() * left.transpose());
  return (members_ * solved).transpose();
}

bool CellSystem::is_ill_conditioned() const {
  if (single_) return single_->is_ill_conditioned();
  const Index rank = pivoted_.rank();
  if (rank == 0) return false;
  const MatrixXd& upper = pivoted_.matrixQR();
  return std::abs(upper(rank - 1, rank - 1)) < 1e-6 * std::abs(upper(0, 0));
}

Index CellSystem::n_redundant() const {
  return single_ ? single_->n_components() : members_.cols() - pivoted_.rank();
}

}  // namespace flowresil
