// The system of the smaller of two effects once the larger one is eliminated. It knows no rows: it is made of
// the weights that pairs of its levels share, and solved for sums by level.
#pragma once

#include <vector>

#include <Eigen/Cholesky>
#include <Eigen/Core>

namespace flowresil {

// A weighted graph's Laplacian, with one level of each connected component, the heaviest, held at zero.
class SmallSystem {
 public:
  SmallSystem() = default;

  // `pairs` (n x n, its upper triangle is read) holds for each pair s < t the sum over the larger effect's
  // levels of w_s w_t / W; `weights` (n) are those of the levels. Throws ContractViolation. O(n^3).
  SmallSystem(const Eigen::MatrixXd& pairs, const Eigen::VectorXd& weights);

  // Coefficients (n_columns x n) for what the larger effect leaves of the sums by level (n_columns x n).
  Eigen::MatrixXd solve(const Eigen::MatrixXd& left) const;

  Eigen::Index n_levels() const { return n_levels_; }
  Eigen::Index n_components() const { return n_levels_ - static_cast<Eigen::Index>(free_levels_.size()); }
  bool is_ill_conditioned() const { return ill_conditioned_; }

 private:
  Eigen::Index n_levels_ = 0;
  std::vector<Eigen::Index> free_levels_;  // that are solved for
  Eigen::LLT<Eigen::MatrixXd> cholesky_;
  Eigen::LDLT<Eigen::MatrixXd>
      pivoted_;  // where rounding leaves the Cholesky factor without a positive pivot
  bool use_pivoted_ = false;
  bool ill_conditioned_ = false;
};

}  // namespace flowresil
