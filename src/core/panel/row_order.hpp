// The rows of a sample by level of one effect, with the codes of the others: what elimination walks along.
#pragma once

#include <vector>

#include <Eigen/Core>

#include "panel/sample.hpp"

namespace flowresil {

// Rows sorted by effect `by` of a sample, in a stable order. Where they already are, nothing is copied.
// The sample must outlive it.
class RowOrder {
 public:
  RowOrder() = default;
  RowOrder(const Sample& sample, std::size_t by)
      : begin_(static_cast<std::size_t>(sample.effects[by].n_levels) + 1, 0), weights_(sample.weights) {
    const int* sorting = sample.effects[by].codes;
    bool sorted = true;
    for (Eigen::Index i = 0; i < sample.n_rows; ++i) {
      ++begin_[static_cast<std::size_t>(sorting[i]) + 1];
      sorted = sorted && (i == 0 || sorting[i - 1] <= sorting[i]);
    }
    for (std::size_t level = 1; level < begin_.size(); ++level)
      begin_[level] += begin_[level - 1];
    for (std::size_t j = 0; j < sample.effects.size(); ++j) {
      if (j == by) continue;
      others_.push_back(j);
      codes_.push_back(sample.effects[j].codes);
    }
    if (sorted) return;

    own_codes_.resize(codes_.size(), std::vector<int>(static_cast<std::size_t>(sample.n_rows)));
    if (weights_) own_weights_.resize(static_cast<std::size_t>(sample.n_rows));
    std::vector<Eigen::Index> next(begin_.begin(), begin_.end() - 1);
    for (Eigen::Index i = 0; i < sample.n_rows; ++i) {
      const std::size_t place = static_cast<std::size_t>(next[static_cast<std::size_t>(sorting[i])]++);
      for (std::size_t j = 0; j < codes_.size(); ++j)
        own_codes_[j][place] = codes_[j][i];
      if (weights_) own_weights_[place] = weights_[i];
    }
    for (std::size_t j = 0; j < codes_.size(); ++j)
      codes_[j] = own_codes_[j].data();
    if (weights_) weights_ = own_weights_.data();
  }

  RowOrder(RowOrder&&) = default;  // vectors keep their memory when moved, so the pointers stay good
  RowOrder& operator=(RowOrder&&) = default;
  RowOrder(const RowOrder&) = delete;
  RowOrder& operator=(const RowOrder&) = delete;

  // First place of a level; begin(n_levels) is the number of rows.
  Eigen::Index begin(Eigen::Index level) const { return begin_[static_cast<std::size_t>(level)]; }
  // The effects of the sample other than `by`, in order, and their codes by place.
  const std::vector<std::size_t>& others() const { return others_; }
  const int* codes(std::size_t other) const { return codes_[other]; }
  double weight(Eigen::Index place) const { return weights_ ? weights_[place] : 1.0; }

 private:
  std::vector<Eigen::Index> begin_;
  std::vector<std::size_t> others_;
  std::vector<const int*> codes_;
  const double* weights_ = nullptr;
  std::vector<std::vector<int>> own_codes_;
  std::vector<double> own_weights_;
};

}  // namespace flowresil
