// The rows of a sample by level of one effect, with another effect's codes: what elimination walks along.
#pragma once

#include <vector>

#include <Eigen/Core>

#include "core/sample.hpp"

namespace flowresil {

// Rows sorted by `by`, in a stable order. Where they already are, nothing is copied.
class RowOrder {
 public:
  RowOrder() = default;
  RowOrder(const Effect& by, const Effect& other, const double* weights, Eigen::Index n_rows)
      : begin_(static_cast<std::size_t>(by.n_levels) + 1, 0), codes_(other.codes), weights_(weights) {
    bool sorted = true;
    for (Eigen::Index i = 0; i < n_rows; ++i) {
      ++begin_[static_cast<std::size_t>(by.codes[i]) + 1];
      sorted = sorted && (i == 0 || by.codes[i - 1] <= by.codes[i]);
    }
    for (std::size_t level = 1; level < begin_.size(); ++level) begin_[level] += begin_[level - 1];
    if (sorted) return;
    std::vector<Eigen::Index> next(begin_.begin(), begin_.end() - 1);
    own_codes_.resize(static_cast<std::size_t>(n_rows));
    if (weights) own_weights_.resize(static_cast<std::size_t>(n_rows));
    for (Eigen::Index i = 0; i < n_rows; ++i) {
      const std::size_t place = static_cast<std::size_t>(next[static_cast<std::size_t>(by.codes[i])]++);
      own_codes_[place] = other.codes[i];
      if (weights) own_weights_[place] = weights[i];
    }
    codes_ = nullptr;
    weights_ = nullptr;
    weighted_ = weights != nullptr;
  }

  // First place of a level; begin(n_levels) is the number of rows.
  Eigen::Index begin(Eigen::Index level) const { return begin_[static_cast<std::size_t>(level)]; }
  int code(Eigen::Index place) const { return codes_ ? codes_[place] : own_codes_[static_cast<std::size_t>(place)]; }
  double weight(Eigen::Index place) const {
    if (weights_) return weights_[place];
    return weighted_ ? own_weights_[static_cast<std::size_t>(place)] : 1.0;
  }

 private:
  std::vector<Eigen::Index> begin_;
  const int* codes_ = nullptr;
  const double* weights_ = nullptr;
  bool weighted_ = false;
  std::vector<int> own_codes_;
  std::vector<double> own_weights_;
};

}  // namespace flowresil
