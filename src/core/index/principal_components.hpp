// Principal components of standardised indicators.
#pragma once

#include <Eigen/Core>

namespace flowresil {

struct PrincipalComponents {
  Eigen::VectorXd eigenvalues;                     // q, falling, >= 0; their sum is q
  Eigen::MatrixXd loadings;                        // p x q, columns of length one; 0 in constant rows
  Eigen::Array<bool, Eigen::Dynamic, 1> constant;  // p
};

// Eigenvalues and eigenvectors of the correlation matrix of z: n x p, columns centred (standardised by
// normalisation zscore), n >= 2. A column of zeros is constant and left out: q is the number of others.
// A component's sign is arbitrary; it is turned so that the component rises with the mean of the
// columns (sum of loadings > 0); where that sum is 0 up to rounding, so that its largest loading is positive.
// Throws on fewer than two rows, no column, values that are not finite, and when no column varies.
// Source: Jolliffe (2002), Principal Component Analysis, chapter 2.
// Cost: O(n p^2 + p^3); fixed blocks of rows are the pieces of parallel work, added in order
// (one thread below 1e5 cells).
PrincipalComponents principal_components(const Eigen::Ref<const Eigen::MatrixXd>& z, int threads);

}  // namespace flowresil
