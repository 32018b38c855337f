#include "index/principal_components.hpp"

#include <algorithm>
#include <limits>
#include <vector>

#include <Eigen/Eigenvalues>

#include "base/contract.hpp"
#include "base/parallel.hpp"

namespace flowresil {

using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;

namespace {

MatrixXd cross_products(const Eigen::Ref<const MatrixXd>& z, int threads) {
  const Index n_blocks = count_pieces(z.rows(), component_rows);
  std::vector<MatrixXd> partial(static_cast<std::size_t>(n_blocks));
  for_pieces(n_blocks, threads_for_cells(z.size(), threads), [&](Index b) {
    const Index first = b * component_rows;
    const Index size = std::min(component_rows, z.rows() - first);
    partial[b] = z.middleRows(first, size).transpose() * z.middleRows(first, size);
  });
  MatrixXd total = MatrixXd::Zero(z.cols(), z.cols());
  for (const MatrixXd& block : partial)
    total += block;
  return total;
}

// Turns v round so that it points the way of the mean of the indicators.
void orient(Eigen::Ref<VectorXd> v) {
  const double towards_mean = v.sum();
  const double rounding = 1e3 * std::numeric_limits<double>::epsilon() * static_cast<double>(v.size());
  if (std::abs(towards_mean) > rounding) {
    if (towards_mean < 0) v = -v;
    return;
  }
  Index largest = 0;
  v.cwiseAbs().maxCoeff(&largest);
  if (v[largest] < 0) v = -v;
}

}  // namespace

PrincipalComponents principal_components(const Eigen::Ref<const MatrixXd>& z, int threads) {
  const Index p = z.cols();
  require(z.rows() >= 2 && p >= 1, "z has at least two rows and a column");
  require(z.allFinite(), "z is finite");
  const MatrixXd products = cross_products(z, threads);
  PrincipalComponents result;
  result.constant = !(products.diagonal().array() > 0);
  std::vector<Index> varying;
  for (Index j = 0; j < p; ++j) {
    if (!result.constant[j]) varying.push_back(j);
  }
  const Index q = static_cast<Index>(varying.size());
  require(q >= 1, "at least one column varies");
  MatrixXd correlation(q, q);
  for (Index a = 0; a < q; ++a) {
    for (Index b = 0; b < q; ++b) {
      correlation(a, b) = products(varying[a], varying[b]) /
                          std::sqrt(products(varying[a], varying[a]) * products(varying[b], varying[b]));
    }
  }
  const Eigen::SelfAdjointEigenSolver<MatrixXd> solver(correlation);
  require(solver.info() == Eigen::Success, "the eigenvalues of a correlation matrix converge");
  result.eigenvalues = solver.eigenvalues().reverse().cwiseMax(0.0);
  result.loadings = MatrixXd::Zero(p, q);
  for (Index k = 0; k < q; ++k) {
    VectorXd v = solver.eigenvectors().col(q - 1 - k);
    orient(v);
    for (Index a = 0; a < q; ++a)
      result.loadings(varying[a], k) = v[a];
  }
  return result;
}

}  // namespace flowresil
