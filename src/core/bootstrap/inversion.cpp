#include "bootstrap/inversion.hpp"

#include <cmath>
#include <limits>
#include <vector>

#include <Eigen/Eigenvalues>

#include "base/contract.hpp"
#include "bootstrap/draws.hpp"

namespace flowresil {

using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;

namespace {

// From here on counts change by so much.
struct Event {
  double at;
  DrawCounts before, after;
};

double value_of(const VectorXd& polynomial, double at) {
  double value = 0;
  for (Index i = polynomial.size(); i-- > 0;)
    value = value * at + polynomial[i];
  return value;
}

double slope_of(const VectorXd& polynomial, double at) {
  double value = 0;
  for (Index i = polynomial.size(); i-- > 1;)
    value = value * at + static_cast<double>(i) * polynomial[i];
  return value;
}

// Real roots, increasing, double ones perhaps twice or as one; coefficients by rising power.
std::vector<double> real_roots(VectorXd polynomial) {
  Index degree = polynomial.size() - 1;
  const double size = polynomial.cwiseAbs().maxCoeff();
  while (degree > 0 && std::abs(polynomial[degree]) <= 1e-15 * size)
    --degree;
  std::vector<double> roots;
  if (degree == 0) return roots;
  polynomial.conservativeResize(degree + 1);
  MatrixXd companion = MatrixXd::Zero(degree, degree);
  companion.diagonal(-1).setOnes();
  companion.col(degree - 1) = -polynomial.head(degree) / polynomial[degree];
  const Eigen::EigenSolver<MatrixXd> solver(companion, false);
  for (Index i = 0; i < degree; ++i) {
    double root = solver.eigenvalues()[i].real();
    if (std::abs(solver.eigenvalues()[i].imag()) > 1e-5 * (1 + std::abs(root))) continue;
    for (int step = 0; step < 4; ++step) {
      const double change = value_of(polynomial, root) / slope_of(polynomial, root);
      if (!std::isfinite(change) || std::abs(change) > 0.1 * (1 + std::abs(root))) break;
      root -= change;
    }
    roots.push_back(root);
  }
  std::sort(roots.begin(), roots.end());
  return roots;
}

// A draw that is the sample itself, or its reflection, is that at any distance: rounding must not part them.
void settle_sample(VectorXd& line) {
  const double from = std::max({std::abs(line[0]), std::abs(std::abs(line[1]) - 1), std::abs(line[2] - 1),
                                std::abs(line[3]), std::abs(line[4])});
  if (from > 1e-9) return;
  line << 0, (line[1] > 0 ? 1.0 : -1.0), 1, 0, 0;
}

DrawCounts counts_at(const VectorXd& line, double at, const Ties& ties) {
  DrawCounts counts;
  counts.take(statistic_at(line, at), at, ties);
  return counts;
}

// Adds a draw's events, and what it counts before the first.
void add_events(VectorXd line, const Ties& ties, std::vector<Event>& events, DrawCounts& start) {
  settle_sample(line);
  VectorXd crossing(5), variance(3);
  crossing << line[0] * line[0], 2 * line[0] * line[1], line[1] * line[1] - line[2], -line[3], -line[4];
  variance << line[2], line[3], line[4];
  std::vector<double> places = real_roots(crossing);
  for (double root : real_roots(variance))
    places.push_back(root);
  places.push_back(0.0);
  std::sort(places.begin(), places.end());
  DrawCounts last = counts_at(line, places.front() - 1 - std::abs(places.front()), ties);
  start.add(last, 1);
  for (std::size_t i = 0; i < places.size(); ++i) {
    const double here = places[i];
    const double probe =
        i + 1 < places.size() ? here + (places[i + 1] - here) / 2 : here + 1 + std::abs(here);
    if (!(probe > here)) continue;
    const DrawCounts next = counts_at(line, probe, ties);
    if (!next.same_as(last)) events.push_back({here, last, next});
    last = next;
  }
}

}  // namespace

MatrixXd invert_draws(const MatrixXd& lines, double error, double alpha, Alternative alternative,
                      const Ties& ties) {
  require(lines.rows() == 5 && error > 0, "draws must have five coefficients, and the estimate an error");
  std::vector<Event> events;
  DrawCounts counts;
  VectorXd unit(5);
  unit << 1 / error, 1, 1 / (error * error), 1 / error, 1;  // distances in errors
  for (Index draw = 0; draw < lines.cols(); ++draw)
    add_events(lines.col(draw).cwiseProduct(unit), ties, events, counts);
  std::stable_sort(events.begin(), events.end(), [](const Event& a, const Event& b) { return a.at < b.at; });
  const auto inside = [&] { return counts.p_value(alternative) > alpha + 1e-12; };
  std::vector<double> ends;
  if (inside()) ends.push_back(-std::numeric_limits<double>::infinity());
  for (std::size_t i = 0; i < events.size();) {
    const double at = events[i].at;
    for (; i < events.size() && events[i].at <= at + 1e-12 * (1 + std::abs(at)); ++i) {
      counts.add(events[i].before, -1);
      counts.add(events[i].after, 1);
    }
    if (inside() == (ends.size() % 2 == 1)) continue;
    ends.push_back(at * error);
  }
  if (ends.size() % 2 == 1) ends.push_back(std::numeric_limits<double>::infinity());
  MatrixXd pieces(static_cast<Index>(ends.size() / 2), 2);
  for (Index i = 0; i < pieces.rows(); ++i)
    pieces.row(i) << ends[static_cast<std::size_t>(2 * i)], ends[static_cast<std::size_t>(2 * i + 1)];
  return pieces;
}

}  // namespace flowresil
