// What the effects' levels lose where the rows of one cluster are gone.
#pragma once

#include <vector>

#include <Eigen/Core>

#include "variance/level_system.hpp"

namespace flowresil {

// Of columns v: what is left without a cluster's rows once the eliminated effect is taken out. The other
// effects' system is known for all rows; here stands what it loses, for the levels that the cluster's rows
// touch.
struct Removal {
  Eigen::MatrixXd products;          // v square: v'Wv of what is left, less that of all rows
  std::vector<Eigen::Index> levels;  // of the other effects that are met
  Eigen::MatrixXd system;            // levels square: what their system loses
  Eigen::MatrixXd sides;             // levels x v: their products with v in what is left
};

// Memory of one thread.
struct RemovalSpace {
  explicit RemovalSpace(Eigen::Index n) : all(n), here(n), place(static_cast<std::size_t>(n), -1) {}
  LevelWeights all, here;
  std::vector<Eigen::Index> place;  // of levels in the removal, -1 before and after
};

// `v` (rows of the block x columns) must be orthogonal to all effects over all rows.
Removal remove_cluster(const LevelSystem& system, const ClusterBlock& block, const Eigen::MatrixXd& v,
                       RemovalSpace& space);

}  // namespace flowresil
