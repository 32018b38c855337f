// The system of several small effects beside a large one that is eliminated: told, like that of one small
// effect, by the weights that pairs of cells share, where a cell is a combination of their levels.
#pragma once

#include <memory>
#include <vector>

#include <Eigen/Core>
#include <Eigen/QR>

#include "within/small_system.hpp"

namespace flowresil {

// One small effect whose levels are the cells, one by one, is solved by SmallSystem. Else levels add up in a
// cell, and those that the others determine are found by the pivots (1e-10, as dummy_rank() does) and held at
// zero.
class CellSystem {
 public:
  // `pairs` and `weights` as SmallSystem takes them, by cell; `levels` an effect's level of each cell,
  // counted from 0, one an effect. Throws ContractViolation. O(cells^2 + levels^3).
  CellSystem(const Eigen::MatrixXd& pairs, const Eigen::VectorXd& weights,
             const std::vector<std::vector<int>>& levels);

  // Coefficients by cell (n_columns x cells) for what the large effect leaves of the sums by cell.
  Eigen::MatrixXd solve(const Eigen::MatrixXd& left) const;

  // Levels of the small effects that the large one and the others determine.
  Eigen::Index n_redundant() const;
  bool is_ill_conditioned() const;

 private:
  std::unique_ptr<SmallSystem> single_;  // none where levels add up
  Eigen::MatrixXd members_;              // cells x levels, 0 or 1
  Eigen::ColPivHouseholderQR<Eigen::MatrixXd> pivoted_;
};

}  // namespace flowresil
