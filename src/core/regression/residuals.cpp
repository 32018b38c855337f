#include "regression/residuals.hpp"

#include <algorithm>
#include <vector>

#include "base/parallel.hpp"

namespace flowresil {

using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;

VectorXd within_residuals(const Sample& sample, const WithinSolution& solution, const ScoreColumns& scores,
                          int threads) {
  const ScorePass pass(sample, solution, scores);
  VectorXd residuals(sample.n_rows);
  for_pieces(count_pieces(sample.n_rows, piece_rows), threads_for(sample, threads), [&](Index p) {
    MatrixXd block(block_rows, sample.n_columns());
    MatrixXd columns(block_rows, pass.n_combined());
    VectorXd values(block_rows);
    std::vector<const double*> sources;
    const Index stop = std::min((p + 1) * piece_rows, sample.n_rows);
    for (Index begin = p * piece_rows; begin < stop; begin += block_rows) {
      const Index end = std::min(begin + block_rows, stop);
      values.resize(end - begin);
      pass.residuals_and_columns(begin, end, block, columns.data(), block_rows, values, sources);
      residuals.segment(begin, end - begin) = values;
    }
  });
  return residuals;
}

}  // namespace flowresil
