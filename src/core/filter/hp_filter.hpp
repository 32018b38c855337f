// The Hodrick-Prescott filter: a series split into a smooth trend and a cycle.
#pragma once

#include <vector>

#include <Eigen/Core>

namespace flowresil {

// Filters many series that lie one after the other in y: series s is y[first[s]] .. y[first[s + 1] - 1].
// The trend minimises sum((y - trend)^2) + lambda * sum((second differences of trend)^2). It is solved
// for the cycle, c = lambda K'(I + lambda K K')^-1 K y with K the second differences, which keeps the
// digits of a small cycle on a high level and gives exactly 0 for a constant; trend = y - c. Series of one
// or two values, and lambda 0, have cycle 0.
// y, trend, cycle: the same size; first: rising from 0 to that size, no series empty; lambda: finite, >= 0.
// Throws on any of these broken and on values that are not finite.
// Source: Hodrick and Prescott (1997); a pentadiagonal LDL' as in Golub and Van Loan, section 4.3.
// Cost: O(total length). K K' has the same diagonals whatever the length, so the factor of the longest
// series begins with the factor of every shorter one and is computed once. Series of one length go eight
// at a time, interleaved; a batch of eights is one piece of parallel work
// (one thread below 1e5 cells).
void hp_filter(const Eigen::Ref<const Eigen::VectorXd>& y, const std::vector<Eigen::Index>& first,
               double lambda, int threads, Eigen::Ref<Eigen::VectorXd> trend,
               Eigen::Ref<Eigen::VectorXd> cycle);

// The starts of `n_series` series of one length, as hp_filter() takes them.
std::vector<Eigen::Index> equal_runs(Eigen::Index length, Eigen::Index n_series);

// The starts of series of the given lengths (each >= 1).
std::vector<Eigen::Index> runs_of(const Eigen::Ref<const Eigen::VectorXi>& lengths);

}  // namespace flowresil
