#include "panel/periods.hpp"

#include "base/contract.hpp"

namespace flowresil {

std::vector<int> match_periods(const int* code, const double* time, std::size_t n,
                               const std::vector<int>& order, double k) {
  require(n == 0 || (code && time), "units and times must be given");
  for (int row : order)
    require(row >= 0 && static_cast<std::size_t>(row) < n, "an order must hold rows");
  std::vector<int> found(n, -1);
  std::size_t place = 0;
  for (std::size_t i = 0; i < order.size(); ++i) {
    const int row = order[i];
    const double wanted = time[row] - k;
    if (i > 0) {
      const int last = order[i - 1];
      require(code[last] < code[row] || (code[last] == code[row] && time[last] <= time[row]),
              "rows must be in order of unit and time");
    }
    // What is wanted only moves on from one row to the next, and `place` with it.
    while (place < order.size() && (code[order[place]] < code[row] ||
                                    (code[order[place]] == code[row] && time[order[place]] < wanted)))
      ++place;
    if (place < order.size() && code[order[place]] == code[row] && time[order[place]] <= wanted)
      found[static_cast<std::size_t>(row)] = order[place];
  }
  return found;
}

}  // namespace flowresil
