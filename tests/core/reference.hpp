// Panels for the tests, and what a regression on dummies says of them: dense, slow, in long double, by
// Eigen's pivoted QR. Shares no code with the core beyond the plain structs that hand data over.
#pragma once

#include <algorithm>
#include <cmath>
#include <initializer_list>
#include <vector>

#include <Eigen/Core>
#include <Eigen/QR>

#include "panel/sample.hpp"

namespace reference {

using Eigen::Index;
using Real = long double;
using Matrix = Eigen::Matrix<Real, Eigen::Dynamic, Eigen::Dynamic>;
using Vector = Eigen::Matrix<Real, Eigen::Dynamic, 1>;

// Written-out numbers.
inline Eigen::VectorXd vector_of(std::initializer_list<double> values) {
  Eigen::VectorXd out(static_cast<Index>(values.size()));
  std::copy(values.begin(), values.end(), out.data());
  return out;
}

inline Eigen::MatrixXd matrix_of(std::initializer_list<std::initializer_list<double>> rows) {
  Eigen::MatrixXd out(static_cast<Index>(rows.size()), static_cast<Index>(rows.begin()->size()));
  Index i = 0;
  for (const std::initializer_list<double>& row : rows)
    out.row(i++) = vector_of(row).transpose();
  return out;
}

// Rows with everything that a Sample points to.
struct Panel {
  Eigen::MatrixXd columns;              // regressors, outcome last
  std::vector<std::vector<int>> codes;  // one an effect
  std::vector<Index> n_levels;
  Eigen::VectorXd weights;  // empty: none
  bool centre = true;

  Index n_rows() const { return columns.rows(); }
  Real weight(Index row) const { return weights.size() == 0 ? 1.0L : static_cast<Real>(weights[row]); }
  void add_effect(const std::vector<int>& code) {
    int highest = 0;
    for (int level : code)
      highest = level > highest ? level : highest;
    codes.push_back(code);
    n_levels.push_back(highest + 1);
  }
  flowresil::Sample sample() const {
    flowresil::Sample sample;
    sample.n_rows = n_rows();
    for (Index c = 0; c < columns.cols(); ++c)
      sample.columns.push_back(columns.col(c).data());
    for (std::size_t j = 0; j < codes.size(); ++j)
      sample.effects.push_back({codes[j].data(), n_levels[j]});
    if (columns.cols() > 0) sample.roles = flowresil::formula_roles(columns.cols());
    if (weights.size() > 0) sample.weights = weights.data();
    sample.centre = centre;
    return sample;
  }
};

// A value in (-1, 1) that looks irregular and is the same everywhere.
inline double wave(Index i, Index j) {
  const double x =
      1.7 * static_cast<double>(i) + 2.3 * static_cast<double>(j) + 0.013 * static_cast<double>(i % 97);
  return std::sin(x) * std::cos(0.31 * static_cast<double>(i * (j + 1) % 1009));
}

// k regressors and an outcome that depends on them and on the effects.
inline void fill_columns(Panel& panel, Index n, Index k) {
  panel.columns.resize(n, k + 1);
  for (Index i = 0; i < n; ++i) {
    double effects = 0.0;
    for (std::size_t j = 0; j < panel.codes.size(); ++j) {
      effects += std::cos(1.1 * panel.codes[j][static_cast<std::size_t>(i)] + static_cast<double>(j));
    }
    double outcome = 2.0 + effects + 0.4 * wave(i, 50);
    for (Index c = 0; c < k; ++c) {
      panel.columns(i, c) = wave(i, c) + (0.5 + 0.2 * static_cast<double>(c)) * effects;
      outcome += (1.0 - 0.6 * static_cast<double>(c)) * panel.columns(i, c);
    }
    panel.columns(i, k) = outcome;
  }
}

inline void fill_weights(Panel& panel) {
  panel.weights.resize(panel.n_rows());
  for (Index i = 0; i < panel.n_rows(); ++i)
    panel.weights[i] = 0.2 + 3.0 * std::abs(wave(i, 77));
}

// Every unit in every period once, by unit.
inline Panel balanced_panel(int units, int periods, Index k) {
  Panel panel;
  std::vector<int> unit, period;
  for (int u = 0; u < units; ++u) {
    for (int t = 0; t < periods; ++t) {
      unit.push_back(u);
      period.push_back(t);
    }
  }
  panel.add_effect(unit);
  panel.add_effect(period);
  fill_columns(panel, static_cast<Index>(unit.size()), k);
  return panel;
}

// About two thirds of the cells, rows shuffled, some cells twice, the last unit in one row.
inline Panel unbalanced_panel(int units, int periods, Index k) {
  Panel panel;
  std::vector<int> unit, period;
  const int n_cells = (units - 1) * periods;
  int step = 37;
  while (n_cells % step == 0)
    ++step;
  for (int i = 0; i < n_cells; ++i) {
    const int cell = static_cast<int>((static_cast<long>(i) * step) % n_cells);
    const int u = cell / periods;
    const int t = cell % periods;
    if ((3 * u + 5 * t + u * t) % 3 == 2 && t != u % periods) continue;
    const int copies = (u + t) % 11 == 0 ? 2 : 1;
    for (int copy = 0; copy < copies; ++copy) {
      unit.push_back(u);
      period.push_back(t);
    }
  }
  unit.push_back(units - 1);
  period.push_back(periods / 2);
  panel.add_effect(unit);
  panel.add_effect(period);
  fill_columns(panel, static_cast<Index>(unit.size()), k);
  return panel;
}

// Three worlds: even units in even periods, odd in odd ones, and one pair of its own with two rows.
inline Panel disconnected_panel(int units, int periods, Index k) {
  Panel panel;
  std::vector<int> unit, period;
  for (int u = 0; u < units; ++u) {
    for (int t = 0; t < periods; ++t) {
      if ((u + t) % 2 != 0 || (u * t) % 7 == 3) continue;
      unit.push_back(u);
      period.push_back(t);
    }
  }
  for (int copy = 0; copy < 2; ++copy) {
    unit.push_back(units);
    period.push_back(periods);
  }
  panel.add_effect(unit);
  panel.add_effect(period);
  fill_columns(panel, static_cast<Index>(unit.size()), k);
  return panel;
}

// The same panel with a third effect of `levels` levels.
inline Panel with_third_effect(Panel panel, int levels) {
  std::vector<int> third;
  for (Index i = 0; i < panel.n_rows(); ++i) {
    third.push_back(i < levels ? static_cast<int>(i) : static_cast<int>((i * i + 3 * i) % levels));
  }
  const Index k = panel.columns.cols() - 1;
  panel.add_effect(third);
  fill_columns(panel, panel.n_rows(), k);
  return panel;
}

// Dummies of all levels of all effects (or a column of ones), times the root of the weight.
inline Matrix weighted_dummies(const Panel& panel) {
  const Index n = panel.n_rows();
  Index total = 0;
  for (Index levels : panel.n_levels)
    total += levels;
  if (panel.codes.empty()) total = panel.centre ? 1 : 0;
  Matrix dummies = Matrix::Zero(n, total);
  for (Index i = 0; i < n; ++i) {
    const Real root = std::sqrt(panel.weight(i));
    Index offset = 0;
    for (std::size_t j = 0; j < panel.codes.size(); ++j) {
      dummies(i, offset + panel.codes[j][static_cast<std::size_t>(i)]) = root;
      offset += panel.n_levels[j];
    }
    if (panel.codes.empty() && panel.centre) dummies(i, 0) = root;
  }
  return dummies;
}

inline Index rank_of(const Matrix& x) {
  if (x.cols() == 0) return 0;
  Eigen::ColPivHouseholderQR<Matrix> qr(x);
  qr.setThreshold(1e-14L);
  return qr.rank();
}

// The columns less their weighted projection on the dummies.
inline Matrix demeaned(const Panel& panel) {
  const Index n = panel.n_rows();
  const bool has_constant = panel.centre || !panel.codes.empty();
  Matrix z(n, panel.columns.cols());
  Vector root(n);
  for (Index i = 0; i < n; ++i) {
    root[i] = std::sqrt(panel.weight(i));
    z.row(i) = panel.columns.row(i).cast<Real>();
    if (has_constant) z.row(i) -= panel.columns.row(0).cast<Real>();  // in the span, and digits are kept
    z.row(i) *= root[i];
  }
  const Matrix dummies = weighted_dummies(panel);
  if (dummies.cols() > 0) {
    Eigen::ColPivHouseholderQR<Matrix> qr(dummies);
    qr.setThreshold(1e-14L);
    const Matrix basis = qr.householderQ() * Matrix::Identity(n, qr.rank());
    for (int pass = 0; pass < 2; ++pass)
      z -= basis * (basis.transpose() * z).eval();
  }
  for (Index i = 0; i < n; ++i)
    z.row(i) /= root[i];
  return z;
}

struct Fit {
  Matrix demeaned;
  Vector coefficients;
  Vector residuals;
  Matrix bread;  // inverse cross-products of the demeaned regressors
  Real residual_squares = 0;
  Real within_squares = 0;
};

// Least squares of the outcome on all regressors and the dummies. The regressors must be independent.
inline Fit fit(const Panel& panel) {
  Fit result;
  result.demeaned = demeaned(panel);
  const Index n = panel.n_rows();
  const Index k = panel.columns.cols() - 1;
  Matrix x = result.demeaned.leftCols(k);
  Vector y = result.demeaned.col(k);
  for (Index i = 0; i < n; ++i) {
    x.row(i) *= std::sqrt(panel.weight(i));
    y[i] *= std::sqrt(panel.weight(i));
  }
  const Eigen::ColPivHouseholderQR<Matrix> qr(x);
  result.coefficients = qr.solve(y);
  result.residuals = result.demeaned.col(k) - result.demeaned.leftCols(k) * result.coefficients;
  const Matrix upper = qr.matrixQR().topRows(k).triangularView<Eigen::Upper>();
  const Matrix inverse =
      qr.colsPermutation() * upper.triangularView<Eigen::Upper>().solve(Matrix::Identity(k, k)).eval();
  result.bread = inverse * inverse.transpose();
  result.residual_squares = (y - x * result.coefficients).squaredNorm();
  result.within_squares = y.squaredNorm();
  return result;
}

// Sums of products of the scores w e z, by row or, with codes, of their sums by cluster.
inline Matrix score_squares(const Panel& panel, const Matrix& z, const Vector& residuals,
                            const std::vector<int>& cluster) {
  const Index n = panel.n_rows();
  int n_clusters = 0;
  for (int g : cluster)
    n_clusters = g + 1 > n_clusters ? g + 1 : n_clusters;
  const Index groups = cluster.empty() ? n : n_clusters;
  Matrix sums = Matrix::Zero(groups, z.cols());
  for (Index i = 0; i < n; ++i) {
    const Index group = cluster.empty() ? i : cluster[static_cast<std::size_t>(i)];
    sums.row(group) += panel.weight(i) * residuals[i] * z.row(i);
  }
  return sums.transpose() * sums;
}

}  // namespace reference
