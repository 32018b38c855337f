#include "within/demean.hpp"

namespace flowresil {

using Eigen::Index;

namespace {

// The common case of two effects. Where rows of one level of the first effect follow each other, a run shares
// its value; else a block's levels are gathered column by column, the first column bringing them to cache.
void demean_two_effects(const Sample& sample, const WithinSolution& solution, Index begin, Index end,
                        double* out, Index stride) {
  const Index m = sample.n_columns();
  const int* first = sample.effects[0].codes;
  const int* second = sample.effects[1].codes;
  const double* of_first = solution.levels[0].data();
  const double* of_second = solution.levels[1].data();
  Index n_runs = 1;
  for (Index i = begin + 1; i < end; ++i)
    n_runs += first[i] != first[i - 1] ? 1 : 0;
  if (4 * n_runs > end - begin) {
    for (Index c = 0; c < m; ++c) {
      const double* column = sample.columns[static_cast<std::size_t>(c)];
      const double shift = solution.shift[c];
      double* target = out + c * stride - begin;
      for (Index i = begin; i < end; ++i) {
        target[i] = ((column[i] - shift) - of_first[first[i] * m + c]) - of_second[second[i] * m + c];
      }
    }
    return;
  }
  Index start = begin;
  while (start < end) {
    Index stop = start + 1;
    while (stop < end && first[stop] == first[start])
      ++stop;
    const double* level = of_first + first[start] * m;
    for (Index c = 0; c < m; ++c) {
      const double* column = sample.columns[static_cast<std::size_t>(c)];
      const double shift = solution.shift[c];
      const double value = level[c];
      const double* other = of_second + c;
      double* target = out + c * stride - begin;
      for (Index i = start; i < stop; ++i)
        target[i] = ((column[i] - shift) - value) - other[second[i] * m];
    }
    start = stop;
  }
}

}  // namespace

void demean_rows(const Sample& sample, const WithinSolution& solution, Index begin, Index end, double* out,
                 Index stride) {
  if (sample.effects.size() == 2) {
    demean_two_effects(sample, solution, begin, end, out, stride);
    return;
  }
  const Index m = sample.n_columns();
  for (Index c = 0; c < m; ++c) {
    const double* column = sample.columns[static_cast<std::size_t>(c)];
    const double shift = solution.shift[c];
    double* target = out + c * stride;
    for (Index i = begin; i < end; ++i)
      target[i - begin] = column[i] - shift;
    if (solution.rest.size() > 0) {
      for (Index i = 0; i < end - begin; ++i)
        target[i] -= solution.rest[c];
    }
    for (std::size_t j = 0; j < sample.effects.size(); ++j) {
      const int* codes = sample.effects[j].codes;
      const double* of_level = solution.levels[j].data() + c;
      for (Index i = begin; i < end; ++i)
        target[i - begin] -= of_level[codes[i] * m];
    }
  }
}

}  // namespace flowresil
