// Principal components: by hand, defining identities, signs, contracts.
#include <cmath>
#include <limits>
#include <random>

#include "base/contract.hpp"
#include "check.hpp"
#include "index/principal_components.hpp"
#include "index/scale.hpp"

using Eigen::MatrixXd;
using Eigen::VectorXd;
using Eigen::VectorXi;
using flowresil::ContractViolation;
using flowresil::principal_components;
using flowresil::PrincipalComponents;

namespace {

const VectorXi no_codes(0);

MatrixXd standardised(const MatrixXd& x) {
  const flowresil::RowGroups pooled{no_codes, 1};
  MatrixXd z(x.rows(), x.cols());
  flowresil::apply_scaling(
      x, flowresil::fit_scaling(x, VectorXd::Ones(x.cols()), flowresil::Normalisation::zscore, pooled, 1),
      pooled, 1, z);
  return z;
}

MatrixXd normals(Eigen::Index n, Eigen::Index p) {
  std::mt19937_64 generator(3);
  std::normal_distribution<double> draw;
  MatrixXd x(n, p);
  for (Eigen::Index j = 0; j < p; ++j) {
    for (Eigen::Index i = 0; i < n; ++i)
      x(i, j) = draw(generator) + (j > 0 ? 0.6 * x(i, 0) : 0);
  }
  return x;
}

}  // namespace

FLOWRESIL_TEST("two columns: eigenvalues 1 + r and 1 - r, loadings 1 / sqrt(2)") {
  MatrixXd x(4, 2);
  x << 1, 1, 2, 3, 3, 2, 4, 4;  // r = 4 / 5
  const PrincipalComponents pc = principal_components(standardised(x), 1);
  expect_near(pc.eigenvalues[0], 1.8, 1e-14);
  expect_near(pc.eigenvalues[1], 0.2, 1e-14);
  expect_near(pc.loadings(0, 0), std::sqrt(0.5), 1e-14);
  expect_near(pc.loadings(1, 0), std::sqrt(0.5), 1e-14);
  // The second sums to 0: its largest loading, the first of the two, is positive.
  expect_near(std::abs(pc.loadings(0, 1)), std::sqrt(0.5), 1e-14);
}

FLOWRESIL_TEST("loadings are orthonormal and rebuild the correlation matrix") {
  const MatrixXd z = standardised(normals(9000, 5));
  const PrincipalComponents pc = principal_components(z, 1);
  const MatrixXd correlation = z.transpose() * z / 8999;
  expect_near(pc.loadings.transpose() * pc.loadings, MatrixXd::Identity(5, 5), 1e-13);
  expect_near(pc.loadings * pc.eigenvalues.asDiagonal() * pc.loadings.transpose(), correlation, 1e-12);
  expect_near(pc.eigenvalues.sum(), 5, 1e-12);
  for (Eigen::Index k = 1; k < 5; ++k)
    expect(pc.eigenvalues[k] <= pc.eigenvalues[k - 1]);
}

FLOWRESIL_TEST("the variance of a component is its eigenvalue") {
  const MatrixXd z = standardised(normals(300, 4));
  const PrincipalComponents pc = principal_components(z, 1);
  const MatrixXd scores = z * pc.loadings;
  for (Eigen::Index k = 0; k < 4; ++k)
    expect_near(scores.col(k).squaredNorm() / 299, pc.eigenvalues[k], 1e-12);
}

FLOWRESIL_TEST("each component rises with the mean of the indicators") {
  const PrincipalComponents pc = principal_components(standardised(normals(200, 4)), 1);
  for (Eigen::Index k = 0; k < 4; ++k)
    expect(pc.loadings.col(k).sum() > 0);
  const PrincipalComponents down = principal_components(-standardised(normals(200, 4)), 1);
  expect_near(down.loadings, pc.loadings, 1e-12);
}

FLOWRESIL_TEST("a constant column is named, has loading 0, and changes nothing else") {
  const MatrixXd z = standardised(normals(100, 3));
  MatrixXd wider(100, 4);
  wider << z.col(0), VectorXd::Zero(100), z.col(1), z.col(2);
  const PrincipalComponents pc = principal_components(wider, 1);
  const PrincipalComponents without = principal_components(z, 1);
  expect(pc.constant[1] && !pc.constant[0]);
  expect(pc.loadings.row(1).isZero(0) && pc.loadings.cols() == 3);
  expect_near(pc.eigenvalues, without.eigenvalues, 1e-13);
  expect_near(pc.loadings.row(3), without.loadings.row(2), 1e-12);
}

FLOWRESIL_TEST("one column is its own component; identical columns leave eigenvalue 0, never below") {
  const MatrixXd z = standardised(normals(50, 1));
  expect_near(principal_components(z, 1).eigenvalues[0], 1, 1e-15);
  const PrincipalComponents twins = principal_components(z.replicate(1, 3), 1);
  expect_near(twins.eigenvalues[0], 3, 1e-14);
  expect(twins.eigenvalues.minCoeff() >= 0);
}

FLOWRESIL_TEST("components have the same bits for any number of threads") {
  const MatrixXd z = standardised(normals(20000, 4));
  const PrincipalComponents one = principal_components(z, 1);
  for (const int threads : {2, 5}) {
    const PrincipalComponents many = principal_components(z, threads);
    expect(one.eigenvalues == many.eigenvalues && one.loadings == many.loadings);
  }
}

FLOWRESIL_TEST("components refuse what breaks their contract") {
  MatrixXd z = standardised(normals(10, 2));
  expect_throws<ContractViolation>([&] { principal_components(z.topRows(1), 1); }, "two rows");
  expect_throws<ContractViolation>([&] { principal_components(MatrixXd(5, 0), 1); }, "column");
  expect_throws<ContractViolation>([] { principal_components(MatrixXd::Zero(5, 2), 1); }, "varies");
  z(2, 1) = std::numeric_limits<double>::infinity();
  expect_throws<ContractViolation>([&] { principal_components(z, 1); }, "finite");
}
