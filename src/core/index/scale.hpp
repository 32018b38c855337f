// Normalisation of indicators: every column of a matrix brought to a common scale and direction.
#pragma once

#include <string>
#include <vector>

#include <Eigen/Core>

namespace flowresil {

// minmax: (x - min) / (max - min), turned round for direction -1: (max - x) / (max - min).
// share: x / sum(x). zscore: (x - mean) / sd with n - 1, times the direction. none: x.
enum class Normalisation { minmax, share, zscore, none };

// The normalisation called `name`. Throws on any other word than the four above.
Normalisation normalisation_named(const std::string& name);

// What was learnt from p columns in G groups of rows (G = 1: all rows pooled), enough to normalise new
// rows: y = direction * (x - centre) / spread, and y = 0 where spread is 0.
struct Scaling {
  Eigen::VectorXd direction;                                    // p, +1 or -1
  Eigen::MatrixXd centre;                                       // G x p
  Eigen::MatrixXd spread;                                       // G x p; 0: nothing to scale by
  Eigen::Array<bool, Eigen::Dynamic, Eigen::Dynamic> constant;  // G x p
};

// Which row belongs to which group: codes 0 .. n_groups - 1, one a row; no codes at all: one group.
struct RowGroups {
  Eigen::Ref<const Eigen::VectorXi> code;
  Eigen::Index n_groups;
};

using ConstMatrix = Eigen::Ref<const Eigen::MatrixXd>;

// Learns the scaling of each column of x (n x p, finite) in each group. A column is constant in a group
// when max - min <= n * eps * max|x|, n the group's rows: spread that rounding alone can make. Then
// spread is 0 under minmax and zscore, and under share where the sum is 0.
// Throws on empty x, on values that are not finite, on a direction other than +1 or -1, on direction -1
// under share and none, on a negative value under share, on codes out of range, on a group without rows.
// Cost: O(np), two or three passes; one column is one piece of parallel work
// (one thread below 1e5 cells).
Scaling fit_scaling(const ConstMatrix& x, const Eigen::VectorXd& direction, Normalisation method,
                    const RowGroups& groups, int threads);

// Writes the normalised columns of x (n x p) to y (n x p). Rows outside the range that was learnt go below
// 0 or above 1: nothing is clipped. NaN stays NaN. Throws on sizes that do not fit the scaling and on
// codes out of range. Cost: O(np).
void apply_scaling(const ConstMatrix& x, const Scaling& scaling, const RowGroups& groups, int threads,
                   Eigen::Ref<Eigen::MatrixXd> y);

// Normalises rows first .. first + y.size() - 1 of column j into y. The caller has checked the sizes.
void scale_rows(const ConstMatrix& x, const Scaling& scaling, const RowGroups& groups, Eigen::Index j,
                Eigen::Index first, Eigen::Ref<Eigen::VectorXd> y);

// Throws unless x, scaling and groups fit together.
void require_fit(const ConstMatrix& x, const Scaling& scaling, const RowGroups& groups);

}  // namespace flowresil
