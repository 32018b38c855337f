// The ways of solving effects, one maker a way: for make_effect_solver() alone.
#pragma once

#include <memory>
#include <vector>

#include <Eigen/Core>

#include "within/effect_solver.hpp"

namespace flowresil {

// What every way starts from: the sample, its options, the weights of its levels, and which effect has most
// levels.
struct SolverStart {
  const Sample& sample;
  WithinOptions options;
  std::vector<Eigen::VectorXd> level_weights;
  std::size_t larger = 0;
  std::size_t smaller = 0;  // of two effects, the other
};

std::unique_ptr<EffectSolver> solve_by_means(SolverStart start);      // one effect
std::unique_ptr<EffectSolver> solve_balanced(SolverStart start);      // two, every pair of levels in one row
std::unique_ptr<EffectSolver> solve_directly(SolverStart start);      // two, the larger eliminated
std::unique_ptr<EffectSolver> solve_by_iteration(SolverStart start);  // any number

}  // namespace flowresil
