// Sets by inversion: against a scan over distances.
#include "bootstrap/inversion.hpp"

#include <cmath>
#include <limits>

#include "bootstrap/draws.hpp"
#include "check.hpp"
#include "reference.hpp"

using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;
using flowresil::Alternative;
using flowresil::Ties;

namespace {

// Draws as sums over clusters make them: numerators and variances of squares.
MatrixXd lines_of(Index draws, double error) {
  MatrixXd lines(5, draws);
  for (Index i = 0; i < draws; ++i) {
    const double x = static_cast<double>(i);
    const double r0 = 0.6 + 0.4 * std::sin(2.1 * x), r1 = 0.5 * std::cos(1.3 * x),
                 s = 0.3 + 0.2 * std::sin(0.7 * x);
    lines.col(i) << 0.8 * std::sin(1.7 * x) * error, 0.9 * std::cos(0.9 * x),
        (r0 * r0 + s * s) * error * error, 2 * r0 * r1 * error, r1 * r1;
  }
  return lines;
}

double p_at(const MatrixXd& lines, double distance, double error, Alternative alternative, const Ties& ties) {
  VectorXd draws(lines.cols());
  for (Index i = 0; i < lines.cols(); ++i)
    draws[i] = flowresil::statistic_at(lines.col(i), distance);
  return flowresil::count_draws(draws, distance / error, ties).p_value(alternative);
}

}  // namespace

FLOWRESIL_TEST("pieces are where p exceeds the level, for every alternative") {
  const double error = 0.25;
  const MatrixXd lines = lines_of(57, error);
  for (Alternative alternative :
       {Alternative::two_sided, Alternative::equal_tail, Alternative::less, Alternative::greater}) {
    for (double alpha : {0.05, 0.2, 0.45}) {
      const MatrixXd pieces = flowresil::invert_draws(lines, error, alpha, alternative, Ties{false});
      for (int step = -4000; step <= 4000; ++step) {
        const double distance = step * 0.00037 * 8 + 1e-5;
        bool inside = false;
        for (Index i = 0; i < pieces.rows(); ++i)
          inside = inside || (pieces(i, 0) < distance && distance < pieces(i, 1));
        expect(inside == (p_at(lines, distance, error, alternative, Ties{false}) > alpha));
      }
      for (Index i = 0; i < pieces.rows(); ++i) {
        for (int side : {0, 1}) {
          const double end = pieces(i, side);
          if (!std::isfinite(end)) continue;
          const double out = p_at(lines, end + (side == 0 ? -1 : 1) * 1e-9, error, alternative, Ties{false});
          const double in = p_at(lines, end + (side == 0 ? 1 : -1) * 1e-9, error, alternative, Ties{false});
          expect(out <= alpha && in > alpha);
        }
      }
    }
  }
}

FLOWRESIL_TEST("a sample among few draws keeps the set open, rounding or not; dropped ties close it") {
  MatrixXd lines(5, 8);
  for (Index i = 0; i < 8; ++i)
    lines.col(i) << 0.1 * std::sin(static_cast<double>(i)), 0.2, 1, 0.1, 0.5;
  lines.col(0) << 1e-14, 1 + 1e-13, 1, 1e-14, 1e-15;
  lines.col(7) << -1e-14, -1 - 1e-13, 1, -1e-14, 1e-15;
  const MatrixXd open = flowresil::invert_draws(lines, 1, 0.2, Alternative::two_sided, Ties{false});
  expect(open.rows() == 1 && std::isinf(open(0, 0)) && std::isinf(open(0, 1)));
  const MatrixXd closed = flowresil::invert_draws(lines, 1, 0.2, Alternative::two_sided, Ties{true});
  expect(closed.rows() == 1 && std::isfinite(closed(0, 0)) && std::isfinite(closed(0, 1)));
  const MatrixXd above = flowresil::invert_draws(lines, 1, 0.3, Alternative::two_sided, Ties{false});
  expect(std::isfinite(above(0, 0)));
}

FLOWRESIL_TEST("an inversion needs five coefficients and an error") {
  expect_throws<flowresil::ContractViolation>(
      [] { flowresil::invert_draws(MatrixXd::Ones(4, 2), 1, 0.05, Alternative::less, Ties{}); }, "five");
  expect_throws<flowresil::ContractViolation>(
      [] { flowresil::invert_draws(MatrixXd::Ones(5, 2), 0, 0.05, Alternative::less, Ties{}); }, "error");
}
