// The sizes in which rows are walked through. Fixed, so that sums come out the same for any number of
// threads.
#pragma once

#include <Eigen/Core>

namespace flowresil {

// Rows of a block, which stays in the first cache with its columns.
constexpr Eigen::Index block_rows = 256;

// Rows of a piece: one thread's work, and what is joined in order afterwards.
constexpr Eigen::Index piece_rows = 16384;

// Rows whose values stand in memory at once, where they are needed column by column: scores of clusters in
// any order, and columns on their way to sums by level.
constexpr Eigen::Index score_slab_rows = 16 * piece_rows;
constexpr Eigen::Index column_slab_rows = 4 * piece_rows;

// Entropy takes logarithms of so many values at a time, components products of so many rows.
constexpr Eigen::Index entropy_rows = 1024;
constexpr Eigen::Index component_rows = 4096;

// Below so many rows, or numbers of a table, starting threads takes longer than the work, above all where the
// machine is busy.
constexpr Eigen::Index threaded_rows = 16384;
constexpr Eigen::Index threaded_cells = 100000;

}  // namespace flowresil
