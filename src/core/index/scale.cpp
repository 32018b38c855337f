#include "index/scale.hpp"

#include <cmath>
#include <limits>

#include "base/by_name.hpp"
#include "base/contract.hpp"
#include "base/parallel.hpp"

namespace flowresil {

using Eigen::Index;
using Eigen::VectorXd;

namespace {

struct ColumnScale {
  double centre;
  double spread;
  bool constant;
};

// Root of the sum of squares of deviations over n - 1; the mean is taken out first.
double standard_deviation(const Eigen::Ref<const VectorXd>& x, double mean) {
  return std::sqrt((x.array() - mean).square().sum() / static_cast<double>(x.size() - 1));
}

ColumnScale fit_column(const Eigen::Ref<const VectorXd>& x, double direction, Normalisation method) {
  require(x.allFinite(), "x is finite");
  const double n = static_cast<double>(x.size());
  const double lowest = x.minCoeff();
  const double highest = x.maxCoeff();
  const double size = std::max(std::abs(lowest), std::abs(highest));
  // Halves, so that a range beyond the largest double does not become infinite.
  const bool constant =
      0.5 * highest - 0.5 * lowest <= 0.5 * n * std::numeric_limits<double>::epsilon() * size;
  switch (method) {
    case Normalisation::minmax:
      return {direction > 0 ? lowest : highest, constant ? 0.0 : highest - lowest, constant};
    case Normalisation::share:
      require(lowest >= 0, "values are not negative under share");
      return {0.0, x.sum(), constant};
    case Normalisation::zscore: {
      const double mean = x.sum() / n;
      return {mean, constant ? 0.0 : standard_deviation(x, mean), constant};
    }
    case Normalisation::none:
      break;
  }
  return {0.0, 1.0, constant};
}

void require_codes(const RowGroups& groups, Index n) {
  require(groups.n_groups >= 1, "there is at least one group");
  if (groups.code.size() == 0) {
    require(groups.n_groups == 1, "several groups have codes");
    return;
  }
  require(groups.code.size() == n, "there is one group code a row");
  require(groups.code.minCoeff() >= 0 && groups.code.maxCoeff() < groups.n_groups,
          "group codes lie in 0 .. n_groups - 1");
}

// The rows of each group, in order: group g has rows[start[g]] .. rows[start[g + 1] - 1].
struct GroupRows {
  std::vector<Index> start;
  std::vector<Index> rows;
};

GroupRows list_rows(const RowGroups& groups) {
  const auto n_groups = static_cast<std::size_t>(groups.n_groups);
  GroupRows list{std::vector<Index>(n_groups + 1, 0), std::vector<Index>(groups.code.size())};
  for (Index i = 0; i < groups.code.size(); ++i)
    ++list.start[groups.code[i] + 1];
  for (std::size_t g = 0; g < n_groups; ++g) {
    require(list.start[g + 1] > 0, "every group has rows");
    list.start[g + 1] += list.start[g];
  }
  std::vector<Index> next(list.start.begin(), list.start.end() - 1);
  for (Index i = 0; i < groups.code.size(); ++i)
    list.rows[next[groups.code[i]]++] = i;
  return list;
}

void check_directions(const VectorXd& direction, Index p, Normalisation method) {
  require(direction.size() == p, "there is one direction a column");
  const bool plus_only = method == Normalisation::share || method == Normalisation::none;
  for (Index j = 0; j < p; ++j) {
    const bool plus = direction[j] > 0.5 && direction[j] < 1.5;
    const bool minus = direction[j] < -0.5 && direction[j] > -1.5;
    require(plus || minus, "a direction is +1 or -1");
    require(plus || !plus_only, "share and none take direction +1 only");
  }
}

}  // namespace

Normalisation normalisation_named(const std::string& name) {
  static constexpr Named<Normalisation> table[] = {{"minmax", Normalisation::minmax},
                                                   {"share", Normalisation::share},
                                                   {"zscore", Normalisation::zscore},
                                                   {"none", Normalisation::none}};
  return by_name(table, name, "a normalisation is minmax, share, zscore or none");
}

Scaling fit_scaling(const ConstMatrix& x, const VectorXd& direction, Normalisation method,
                    const RowGroups& groups, int threads) {
  const Index n = x.rows();
  const Index p = x.cols();
  const Index n_groups = groups.n_groups;
  require(n >= 1 && p >= 1, "x has rows and columns");
  check_directions(direction, p, method);
  require_codes(groups, n);
  Scaling scaling{
      direction.array().sign().matrix(), Eigen::MatrixXd(n_groups, p), Eigen::MatrixXd(n_groups, p), {}};
  scaling.constant.resize(n_groups, p);
  const bool pooled = groups.code.size() == 0;
  const GroupRows list = pooled ? GroupRows{} : list_rows(groups);
  const auto store = [&](Index g, Index j, const ColumnScale& column) {
    scaling.centre(g, j) = column.centre;
    scaling.spread(g, j) = column.spread;
    scaling.constant(g, j) = column.constant;
  };
  for_pieces(p, threads_for_cells(x.size(), threads), [&](Index j) {
    if (pooled) {
      store(0, j, fit_column(x.col(j), direction[j], method));
      return;
    }
    VectorXd gathered(n);
    for (Index g = 0; g < n_groups; ++g) {
      const Index first = list.start[g];
      const Index size = list.start[g + 1] - first;
      for (Index i = 0; i < size; ++i)
        gathered[i] = x(list.rows[first + i], j);
      store(g, j, fit_column(gathered.head(size), direction[j], method));
    }
  });
  return scaling;
}

void require_fit(const ConstMatrix& x, const Scaling& scaling, const RowGroups& groups) {
  const Index p = x.cols();
  require(scaling.direction.size() == p && scaling.centre.cols() == p && scaling.spread.cols() == p,
          "the scaling has one entry a column");
  require(scaling.centre.rows() == groups.n_groups && scaling.spread.rows() == groups.n_groups,
          "the scaling has one row a group");
  require_codes(groups, x.rows());
}

void scale_rows(const ConstMatrix& x, const Scaling& scaling, const RowGroups& groups, Index j, Index first,
                Eigen::Ref<VectorXd> y) {
  const Index size = y.size();
  const double sign = scaling.direction[j];
  if (groups.code.size() == 0) {
    const double spread = scaling.spread(0, j);
    if (spread > 0) {
      // The sign goes to the difference, so that the two ends of minmax are 0 and 1 exactly.
      y = (sign * (x.col(j).segment(first, size).array() - scaling.centre(0, j)) / spread).matrix();
    } else {
      y.setZero();
    }
    return;
  }
  for (Index i = 0; i < size; ++i) {
    const int g = groups.code[first + i];
    const double spread = scaling.spread(g, j);
    y[i] = spread > 0 ? sign * (x(first + i, j) - scaling.centre(g, j)) / spread : 0.0;
  }
}

void apply_scaling(const ConstMatrix& x, const Scaling& scaling, const RowGroups& groups, int threads,
                   Eigen::Ref<Eigen::MatrixXd> y) {
  require(y.rows() == x.rows() && y.cols() == x.cols(), "y has the size of x");
  require_fit(x, scaling, groups);
  for_pieces(x.cols(), threads_for_cells(x.size(), threads),
             [&](Index j) { scale_rows(x, scaling, groups, j, 0, y.col(j)); });
}

}  // namespace flowresil
